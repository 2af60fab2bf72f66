"""Disposal lists (处置清单): the open cases of a day, frozen under a number and a hash."""
