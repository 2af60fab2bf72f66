"""The idle fee after its decision: what is told to the tax authority, what it reports back, and what is still owed."""
