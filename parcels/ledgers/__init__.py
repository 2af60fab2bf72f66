"""The pages of the two campaigns: ledgers by town, projects, targets handed down, counts, and the land supply's shares."""
