"""The firms, the land each uses, and their yearly returns."""
