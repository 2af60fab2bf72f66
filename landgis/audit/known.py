"""What rows said on a day that is over: a change that was made later doesn't reach back to it.

Refuses to take a slip for a state: what was put right on the day it was written counts as it was put right, and a row that
was entered later has on earlier days what it was first given.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection, models
from django.utils import timezone

_DAY = "({moment} AT TIME ZONE '" + settings.TIME_ZONE + "')::date"
# The versions `h` of a row that stood at the end of some day, the first of them that ended after the day asked for.
_OUTLIVED = f"""{_DAY.format(moment="h.pgh_created_at")} > %(on)s
   AND {_DAY.format(moment="e.at")} < {_DAY.format(moment="h.pgh_created_at")}"""


def then_sql(table: str, *, fixed: Sequence[str], changing: Sequence[str]) -> str:
    """A relation in place of `table` for a day that is over: its `changing` columns as they were then. Needs %(on)s."""
    columns = [f"t.{name}" for name in fixed]
    columns += [f"CASE WHEN h.id IS NULL THEN t.{name} ELSE h.{name} END AS {name}" for name in changing]
    return f"""(SELECT {", ".join(columns)} FROM {table} t LEFT JOIN LATERAL (
    SELECT h.* FROM {table}_history h JOIN audit_event e ON e.id = h.change_id
     WHERE h.pgh_obj_id = t.id AND {_OUTLIVED} ORDER BY h.pgh_id LIMIT 1) h ON true)"""


def known_then(model: type[models.Model], on: date, fields: Sequence[str]) -> dict[int, dict[str, Any]]:
    """Row → these fields as they were at the end of a day, of the rows that were changed since; one statement."""
    if on >= timezone.localdate():
        return {}
    table, quote = model._meta.db_table, connection.ops.quote_name
    named = {one.name: one.column for one in model._meta.concrete_fields if one.column}
    columns = ", ".join(f"h.{quote(named[name])}" for name in fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT DISTINCT ON (h.pgh_obj_id) h.pgh_obj_id, {columns}
                  FROM {quote(table + "_history")} h JOIN audit_event e ON e.id = h.change_id
                 WHERE {_OUTLIVED} ORDER BY h.pgh_obj_id, h.pgh_id""",
            {"on": on},
        )
        return {pk: dict(zip(fields, told, strict=True)) for pk, *told in cursor.fetchall()}
