"""Where each case stands: its state and its clocks, worked out once for the steps that it has.

Refuses to keep what could change: steps are append-only, so the newest step and the rules say whether it still holds.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Hashable
from datetime import date
from threading import Lock
from typing import NamedTuple

from django.db import connection

from parcels.disposal.clocks import Clock, clocks
from parcels.disposal.queries import RuleBook, steps_of
from parcels.disposal.state import State, fold

MOST = 20_000

NEWEST = """
SELECT case_id, max(id), max(recorded_at), max("on") FROM disposal_step WHERE case_id = ANY(%(cases)s) GROUP BY case_id
"""


class Standing(NamedTuple):
    """A case on a day: what its steps amount to, and the clocks that run from them."""

    state: State
    clocks: tuple[Clock, ...]


_kept: OrderedDict[Hashable, Standing] = OrderedDict()
_lock = Lock()
NOTHING = Standing(State(), ())


def standings(case_ids: Collection[int], rules: RuleBook, on: date) -> dict[int, Standing]:
    """Case → how it stood on the day; only cases with new steps (or later ones than the day) are worked out again."""
    keys = _keys(case_ids, rules, on)
    with _lock:
        found = {case: _kept[key] for case, key in keys.items() if key in _kept}
    missing = [case for case in keys if case not in found]
    if missing:
        steps = steps_of(missing)
        for case in missing:
            state = fold(step for step in steps[case] if step.on <= on)
            found[case] = Standing(state, tuple(clocks(state, rules)))
        with _lock:
            for case in missing:
                _kept[keys[case]] = found[case]
            while len(_kept) > MOST:
                _kept.popitem(last=False)
    return found


def _keys(case_ids: Collection[int], rules: RuleBook, on: date) -> dict[int, Hashable]:
    with connection.cursor() as cursor:
        cursor.execute(NEWEST, {"cases": list(case_ids)})
        rows = cursor.fetchall()
    database = str(connection.settings_dict["NAME"])
    return {
        case: (database, case, newest, recorded, rules.fingerprint, None if last <= on else on)
        for case, newest, recorded, last in rows
    }
