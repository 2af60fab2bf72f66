"""Notices of what is due, for each person whom it concerns, and the digest of a day."""
