"""Argon2 at its least cost: what a password is stored as is the same, but hundreds of accounts cost no minutes.

Refuses to be used outside tests: the program's own settings name the real one.
"""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2(Argon2PasswordHasher):
    """One pass over the least memory that the algorithm knows."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
