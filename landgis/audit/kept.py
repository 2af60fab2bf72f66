"""What was worked out from the data and stays true until the next change: every change has an audit event, so the newest tells.

Refuses to keep anything while a change is running: what it has written so far has no event yet.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

from django.db import connection

# Of each kind, the last few: a list for whole counties is large, and each process keeps its own.
MOST_OF_A_KIND = 4

_T = TypeVar("_T")
_kept: dict[str, OrderedDict[Hashable, tuple[Hashable, Any]]] = {}
_lock = Lock()


def kept(kind: str, key: Hashable, work: Callable[[], _T]) -> _T:
    """The result of `work` for `key`, kept until the next change of any data; callers must not alter it."""
    mark = watermark()
    if mark is None:
        return work()
    with _lock:
        found = _kept.get(kind, OrderedDict()).get(key)
    if found is not None and found[0] == mark:
        result: _T = found[1]
        return result
    result = work()
    with _lock:
        rows = _kept.setdefault(kind, OrderedDict())
        rows[key] = (mark, result)
        rows.move_to_end(key)
        while len(rows) > MOST_OF_A_KIND:
            rows.popitem(last=False)
    return result


def watermark() -> Hashable | None:
    """The newest event that isn't a mere export, by its number in the chain and its hash; None while a change is running."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(current_setting('landgis.change_id', true), ''),"
            " (SELECT sequence || ' ' || hash FROM audit_event WHERE action NOT LIKE 'export%' ORDER BY sequence DESC LIMIT 1)"
        )
        running, newest = cursor.fetchone()
    return None if running else (str(connection.settings_dict["NAME"]), newest)
