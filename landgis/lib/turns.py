"""Turns: two transactions that work at the same thing go one after the other, and the second sees what the first did.

Refuses nothing and locks no row: what is append-only can't be locked by who may only add to it, and what isn't there yet has
no row.
"""

from __future__ import annotations

from django.db import connection


def wait_for_turn(what: str, of: object) -> None:
    """Wait until nobody else works at `what` of `of` (a county, a row's number …); the turn ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), hashtext(%s))", [what, str(of)])
