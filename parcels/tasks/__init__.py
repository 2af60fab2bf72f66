"""The tasks of the campaigns: who answers for what until when, what towns report each week, and what is due."""
