"""What was worked out for each of many rows and stays true: after a change only the rows that it touched are done again.

Refuses to guess what a change touched: whoever keeps the parts says it from the data, or has everything done again.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Mapping
from threading import Lock
from typing import Any, TypeVar

from django.db import connection

from landgis.audit.kept import MOST_OF_A_KIND

# Past so many changes it is quicker to begin anew than to look for what they touched.
MOST_CHANGES = 200

_K = TypeVar("_K", bound=Hashable)
_V = TypeVar("_V")
_kept: dict[str, OrderedDict[Hashable, tuple[tuple[Hashable, int, str], Any]]] = {}
_lock = Lock()

NEWEST = """
SELECT coalesce(current_setting('landgis.change_id', true), ''), newest.sequence, newest.hash
  FROM (VALUES (1)) one LEFT JOIN (SELECT sequence, hash FROM audit_event ORDER BY sequence DESC LIMIT 1) newest ON true
"""
SINCE = """
SELECT array_agg(id) FILTER (WHERE sequence > %(before)s AND action NOT LIKE 'export%%'),
       count(*) FILTER (WHERE sequence = %(before)s AND hash = %(hash)s)
  FROM audit_event WHERE sequence >= %(before)s AND sequence <= %(until)s
"""


def kept_parts(
    kind: str,
    key: Hashable,
    *,
    work: Callable[[Collection[_K] | None], Mapping[_K, _V]],
    touched: Callable[[list[int]], Collection[_K] | None],
) -> Mapping[_K, _V]:
    """Row → what `work` said of it; callers must not alter it.

    `work(None)` does all rows, `work(rows)` those only and leaves out the ones that are no more. `touched` names the rows that
    the changes with these numbers may have touched; None: any of them.
    """
    mark = _mark()
    if mark is None:  # a change is running: what it has written has no event yet
        return work(None)
    with _lock:
        before = _kept.get(kind, OrderedDict()).get(key)
    if before is None or before[0][0] != mark[0]:
        return _keep(kind, key, mark, work(None))
    (_, sequence, digest), parts = before
    if (sequence, digest) == mark[1:]:
        return _keep(kind, key, mark, parts)
    changes = changes_since(sequence, digest, mark[1])
    if changes is None or (rows := touched(changes) if changes else ()) is None:
        return _keep(kind, key, mark, work(None))
    if not rows:
        return _keep(kind, key, mark, parts)
    done = work(rows)
    gone = set(rows)
    return _keep(kind, key, mark, {row: part for row, part in parts.items() if row not in gone} | dict(done))


def _mark() -> tuple[Hashable, int, str] | None:
    with connection.cursor() as cursor:
        cursor.execute(NEWEST)
        running, sequence, digest = cursor.fetchone()
    return None if running else (str(connection.settings_dict["NAME"]), sequence or 0, digest or "")


def changes_since(sequence: int, digest: str, until: int) -> list[int] | None:
    """The numbers of the changes after the event; None where that event is no more (another database) or too many came."""
    with connection.cursor() as cursor:
        cursor.execute(SINCE, {"before": sequence, "hash": digest, "until": until})
        changes, same = cursor.fetchone()
    known = bool(same) or (sequence == 0 and not digest)
    return (changes or []) if known and len(changes or ()) <= MOST_CHANGES else None


def _keep(
    kind: str, key: Hashable, mark: tuple[Hashable, int, str], parts: Mapping[_K, _V]
) -> Mapping[_K, _V]:
    with _lock:
        rows = _kept.setdefault(kind, OrderedDict())
        rows[key] = (mark, parts)
        rows.move_to_end(key)
        while len(rows) > MOST_OF_A_KIND:
            rows.popitem(last=False)
    return parts
