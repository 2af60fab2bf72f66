"""A county as data: its profile, towns, dated parameters and targets."""
