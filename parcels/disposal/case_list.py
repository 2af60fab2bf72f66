"""The cases of an officer's territory as a list: their stage, what is due next, narrowed by what was asked for.

Refuses to store what it derives: stage and next deadline are folded from the steps each time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from landgis.access.queries import Actor
from landgis.audit.kept import kept
from landgis.counties.models import County
from parcels.disposal.clocks import Clock
from parcels.disposal.models import IdleCase
from parcels.disposal.queries import cases, rules_of_days
from parcels.disposal.standing import NOTHING, standings
from parcels.disposal.state import State
from parcels.disposal.wording import left_in_words, phase_title

SOON = 7


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as the list shows it on a day. `due`: the running duty that ends first; a mere right is none."""

    case: IdleCase
    town_name: str
    state: State
    stage: str
    stage_title: str
    due: Clock | None
    days_left: int | None

    @property
    def overdue(self) -> bool:
        return self.days_left is not None and self.days_left < 0

    @property
    def left(self) -> str:
        return left_in_words(self.days_left) if self.due else ""


@dataclass(frozen=True, slots=True)
class CaseList:
    """The rows, and how many cases of the territory stand where."""

    rows: list[CaseRow]
    counts: dict[str, int]
    stages: dict[str, str]

    def narrowed(self, asked: Mapping[str, Any] | None) -> CaseList:
        """`asked`: stage, officer, town, due (overdue, soon, open, closed) and q; empty ones ask nothing, None finds none."""
        rows = [] if asked is None else [row for row in self.rows if _asked(row, asked)]
        return CaseList(rows, self.counts, self.stages)


def case_list(county: County, actor: Actor, on: date) -> CaseList:
    """All cases of the territory as they stand on a day; worked out again after a change only."""
    towns = None if actor.town_codes is None else frozenset(actor.town_codes)
    return kept("case_list", (county.code, towns, on), lambda: _case_list(county, actor, on))


def _case_list(county: County, actor: Actor, on: date) -> CaseList:
    found = list(cases(actor))
    names = dict(county.towns.values_list("code", "name"))
    standing = standings([case.pk for case in found], rules_of_days(county), on)
    rows = []
    for case in found:
        state, running = standing.get(case.pk, NOTHING)
        last = next((step for step in reversed(state.steps) if step.stage != "service"), None)
        due = _next(running)
        rows.append(
            CaseRow(
                case=case,
                town_name=names.get(case.town_code, ""),
                state=state,
                stage=last.stage if last else "",
                stage_title=phase_title(state),
                due=due,
                days_left=due.days_left(on) if due else None,
            )
        )
    counts = {what: sum(_is(row, what) for row in rows) for what in ("open", "overdue", "soon", "closed")}
    stages = {row.stage: row.stage_title for row in rows if row.stage}
    return CaseList(rows, counts, stages)


def officers(rows: Iterable[CaseRow]) -> list[str]:
    """Who has these cases."""
    return sorted({row.case.officer for row in rows})


def _next(running: Iterable[Clock]) -> Clock | None:
    duties = [clock for clock in running if clock.running and clock.due_on and clock.side != "window"]
    return min(duties, key=lambda clock: (clock.due_on or date.max, clock.name), default=None)


def _is(row: CaseRow, what: str) -> bool:
    closed = row.case.closed_on is not None
    match what:
        case "open":
            return not closed
        case "closed":
            return closed
        case "overdue":
            return row.overdue
        case _:
            return row.days_left is not None and 0 <= row.days_left <= SOON


def _asked(row: CaseRow, asked: Mapping[str, Any]) -> bool:
    contract = row.case.phase.contract
    texts = (
        row.case.case_no, contract.parcel_code, contract.contract_no, contract.supervision_no,
        contract.holder_name, contract.location,
    )  # fmt: skip
    text = str(asked.get("q") or "").strip().casefold()
    return (
        (not asked.get("stage") or row.stage == asked["stage"])
        and (not asked.get("officer") or row.case.officer == asked["officer"])
        and (not asked.get("town") or row.case.town_code == asked["town"])
        and (not asked.get("due") or _is(row, asked["due"]))
        and (not text or any(text in value.casefold() for value in texts))
    )
