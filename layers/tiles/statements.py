"""Running one prepared statement on Django's own connection, past the ORM's cursor.

Refuses to be a general door to the database: it reads one row of one of the tiles' statements.
"""

from collections.abc import Mapping
from typing import Any

from django.db import connection
from psycopg import Cursor


def one_row(statement: str, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """Bound on the server and prepared at once: planning costs as much as the tile itself."""
    connection.ensure_connection()
    with Cursor(connection.connection) as cursor:
        return cursor.execute(statement.encode(), values, prepare=True, binary=True).fetchone()
