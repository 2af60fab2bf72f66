"""What one change did to the dated rows of a table, taken back by another: ended rows begin again, new rows end.

Refuses to rewrite the time between: what was in force then stays on record. A row that began on the day on which it is
taken back was in force on no day; a row that ended on that day goes on as if it never had.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from landgis.lib.columns import read_rows
from landgis.lib.copying import column_types

OWN = ("id", "change_id", "valid_from", "valid_to")

# Open rows on what is to end, and open rows that the change opened, or that say the same as one that it opened: a later
# change may have ended that one, and its own taking back has put a new one in its place.
OPENED = """
SELECT t.id FROM {table} t
 WHERE t.{column} = ANY(%(subjects)s) AND (t.valid_to IS NULL OR t.valid_to > %(on)s)
   AND (t.{column} = ANY(%(ending)s)
        OR EXISTS (
            SELECT FROM {table} c
             WHERE c.{column} = t.{column} AND (c.id = t.id OR ({same}))
               AND (c.change_id = %(change)s AND (c.valid_to IS NULL OR c.valid_to > %(on)s)
                    OR EXISTS (SELECT FROM {history} h
                                WHERE h.pgh_obj_id = c.id AND h.change_id = %(change)s
                                  AND (h.valid_to IS NULL OR h.valid_to > %(on)s)))
               AND NOT EXISTS (SELECT FROM {history} h
                                WHERE h.pgh_obj_id = c.id AND h.ended_by = %(change)s AND h.change_id <> %(change)s
                                  AND (h.valid_to IS NULL OR h.valid_to > %(on)s))))
"""
# Rows that the change ended, as it found them: the oldest state that it replaced.
ENDED = """
SELECT t.id, t.valid_to, h.valid_to, h.pgh_id
  FROM {table} t
  JOIN LATERAL (
       SELECT h.pgh_id, h.valid_to FROM {history} h
        WHERE h.pgh_obj_id = t.id AND h.ended_by = %(change)s AND h.change_id <> %(change)s
        ORDER BY h.pgh_id LIMIT 1) AS h ON h.valid_to IS NULL OR h.valid_to > %(on)s
 WHERE t.{column} = ANY(%(subjects)s) AND t.change_id = %(change)s
"""
END = "UPDATE {table} SET valid_to = greatest(valid_from, %(on)s) WHERE id = ANY(%(ids)s)"
GO_ON = """
UPDATE {table} t SET valid_to = g.valid_to
  FROM unnest(%(ids)s::bigint[], %(ends)s::date[]) AS g (id, valid_to) WHERE t.id = g.id
"""
AGAIN = """
INSERT INTO {table} ({columns}, valid_from, valid_to)
SELECT {states}, greatest(h.valid_from, %(on)s), h.valid_to FROM {history} h WHERE h.pgh_id = ANY(%(states)s)
"""
LATER = """
SELECT h.ended_by FROM {history} h
 WHERE h.{column} = ANY(%(subjects)s) AND h.change_id = ANY(%(ours)s) AND h.ended_by <> ALL(%(passed)s)
 UNION
SELECT h.change_id FROM {history} h
 WHERE h.{column} = ANY(%(ending)s) AND h.change_id > %(change)s AND h.change_id <> ALL(%(passed)s)
 UNION
SELECT t.change_id FROM {table} t
 WHERE t.{column} = ANY(%(ending)s) AND t.change_id <> ALL(%(passed)s) AND (t.valid_to IS NULL OR t.valid_to > %(on)s)
"""


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A change that is taken back; what was done and undone again since it (`undone`, by `restoring`) counts for nothing."""

    change_id: int
    undone: tuple[int, ...] = ()
    restoring: tuple[int, ...] = ()

    @property
    def ours(self) -> list[int]:
        """The change, and those that only brought back what it had left."""
        return [self.change_id, *self.restoring]

    @property
    def passed(self) -> list[int]:
        """Changes that stand in nobody's way."""
        return [self.change_id, *self.undone, *self.restoring]


@dataclass(frozen=True, slots=True)
class DatedRows:
    """A table with `valid_from`, `valid_to` and a kept history; `column` names what its rows are about."""

    table: str
    column: str

    def take_back(self, taken: TakenBack, subjects: Sequence[int], ending: Sequence[int], on: date) -> None:
        """Undo from `on` what the change did to the subjects' rows, inside a declared change (up to six statements).

        `ending`: those of the subjects that end with it.
        """
        values = {"change": taken.change_id, "subjects": list(subjects), "ending": list(ending), "on": on}
        opened = [row for (row,) in read_rows(self._text(OPENED), values)]
        going_on, again = {}, []
        for row, valid_to, found_to, state in read_rows(self._text(ENDED), values):
            if valid_to is None or valid_to >= on:
                going_on[row] = found_to
            else:
                again.append(state)
        with connection.cursor() as cursor:
            if opened:
                cursor.execute(self._text(END), {"ids": opened, "on": on})
            if going_on:
                given = {"ids": list(going_on), "ends": list(going_on.values())}
                cursor.execute(self._text(GO_ON), given)
            if again:
                cursor.execute(self._text(AGAIN), {"states": again, "on": on})

    def later_changes(
        self, taken: TakenBack, subjects: Sequence[int], ending: Sequence[int], on: date
    ) -> set[int]:
        """Changes that have since replaced what the change wrote, or tied something to what is to end."""
        values = {
            "change": taken.change_id,
            "ours": taken.ours,
            "passed": taken.passed,
            "subjects": list(subjects),
            "ending": list(ending),
            "on": on,
        }
        return {number for (number,) in read_rows(self._text(LATER), values)}

    def _text(self, statement: str) -> str:
        names = [name for name in column_types(self.table) if name not in OWN] if "{s" in statement else []
        return statement.format(
            table=self.table,
            history=f"{self.table}_history",
            column=self.column,
            columns=", ".join(f'"{name}"' for name in names),
            states=", ".join(f'h."{name}"' for name in names),
            same=" AND ".join(f'c."{name}" IS NOT DISTINCT FROM t."{name}"' for name in names),
        )
