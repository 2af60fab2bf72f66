"""What is due and what is overdue on a day: the clocks of all cases, and reminders before agreed starts and completions.

Refuses to call a right that has passed an overdue duty: a window that closed is nobody's failure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from landgis.access.queries import Actor
from landgis.counties.models import County
from landgis.lib.deadlines import calendar_days_on, days_between
from parcels.disposal.models import IdleCase
from parcels.disposal.queries import cases, rules_of_days
from parcels.disposal.standing import NOTHING, standings
from parcels.idle_land.facts import Parameters, settle
from parcels.idle_land.queries import PhaseOnRecord, phases_agreed_between, phases_on_record

SOON_DAYS = 30


@dataclass(frozen=True, slots=True)
class Due:
    """One clock of one case: `days_left` is negative when it is over; `due_on` is None while it stands still."""

    case: str
    case_id: int
    step: str
    title: str
    article: str
    side: str
    started_on: date
    due_on: date | None
    days_left: int | None
    officer: str
    town_code: str
    parcel_code: str
    holder_name: str
    calendar_known: bool
    from_seq: int


@dataclass(frozen=True, slots=True)
class Reminder:
    """An agreed date that comes soon, of a phase where what was agreed hasn't happened yet."""

    contract_no: str
    supervision_no: str
    phase_no: int
    parcel_code: str
    holder_name: str
    kind: str
    title: str
    due_on: date
    days_left: int
    town_code: str
    phase_id: int


@dataclass(frozen=True, slots=True)
class Deadlines:
    """What is due within the days asked for, what is over, what stands still, and the reminders."""

    on: date
    due: tuple[Due, ...]
    overdue: tuple[Due, ...]
    paused: tuple[Due, ...]
    reminders: tuple[Reminder, ...]


def deadlines(
    county: County, actor: Actor, on: date, *, within_days: int = SOON_DAYS, officer: str = "", town: str = ""
) -> Deadlines:
    """What the actor's territory has to do, as the steps stood on the day; the soonest and the longest overdue first."""
    rows = cases(actor).filter(opened_on__lte=on)
    rows = rows.filter(officer=officer) if officer else rows
    rows = rows.filter(town_code=town) if town else rows
    found = list(_of_cases(list(rows), county, on))
    due = [item for item in found if item.days_left is not None and 0 <= item.days_left <= within_days]
    late = [item for item in found if _is_over(item)]
    return Deadlines(
        on,
        due=tuple(sorted(due, key=lambda item: (item.due_on or on, item.case, item.step))),
        overdue=tuple(sorted(late, key=lambda item: (item.due_on or on, item.case, item.step))),
        paused=tuple(item for item in found if item.due_on is None),
        reminders=() if officer else tuple(_reminders(county, actor, on, town)),
    )


def overdue_cases(county: County, actor: Actor, on: date) -> list[str]:
    """The numbers of the cases of which a step is overdue on the day, without the reminders."""
    rows = cases(actor).filter(opened_on__lte=on)
    late = {item.case for item in _of_cases(list(rows), county, on) if _is_over(item)}
    return sorted(late)


def by_officer_and_town(found: Deadlines) -> list[dict[str, object]]:
    """How many are due and overdue, for each officer and town."""
    counts: dict[tuple[str, str], list[int]] = {}
    for place, items in enumerate((found.due, found.overdue)):
        for item in items:
            counts.setdefault((item.officer, item.town_code), [0, 0])[place] += 1
    return [
        {"officer": officer, "town_code": town, "due": due, "overdue": overdue}
        for (officer, town), (due, overdue) in sorted(counts.items())
    ]


def _is_over(item: Due) -> bool:
    return item.days_left is not None and item.days_left < 0 and item.side != "window"


def _of_cases(rows: list[IdleCase], county: County, on: date) -> Iterable[Due]:
    standing = standings([case.pk for case in rows], rules_of_days(county), on)
    for case in rows:
        contract = case.phase.contract
        for clock in standing.get(case.pk, NOTHING).clocks:
            if clock.running and clock.started_on <= on:
                yield Due(
                    case=case.case_no,
                    case_id=case.pk,
                    step=clock.name,
                    title=clock.title,
                    article=clock.article,
                    side=clock.side,
                    started_on=clock.started_on,
                    due_on=clock.due_on,
                    days_left=clock.days_left(on),
                    officer=case.officer,
                    town_code=case.town_code,
                    parcel_code=contract.parcel_code,
                    holder_name=contract.holder_name,
                    calendar_known=clock.covered,
                    from_seq=clock.from_seq,
                )


def _reminders(county: County, actor: Actor, on: date, town: str) -> Iterable[Reminder]:
    book = rules_of_days(county)
    values, term = book.values(on), book(on).term("reminder")
    parameters = Parameters.from_mapping(values)
    latest = calendar_days_on(on, term.amount, False).unrolled
    for record in phases_on_record(actor, on, phases_agreed_between(county, on, latest)):
        if town and record.town_code != town:
            continue
        facts = settle(record.facts, on, parameters).facts
        completed = facts.actual_completion is not None and facts.actual_completion <= on
        started = completed or (facts.actual_start is not None and facts.actual_start <= on)
        if facts.agreed_start and not started and on <= facts.agreed_start <= latest:
            yield _reminder(record, "agreed_start", "约定动工日期", facts.agreed_start, on)
        if facts.agreed_completion and not completed and on <= facts.agreed_completion <= latest:
            yield _reminder(record, "agreed_completion", "约定竣工日期", facts.agreed_completion, on)


def _reminder(record: PhaseOnRecord, kind: str, title: str, due_on: date, on: date) -> Reminder:
    return Reminder(
        contract_no=record.facts.contract_no,
        supervision_no=record.supervision_no,
        phase_no=record.facts.phase_no,
        parcel_code=record.parcel_code,
        holder_name=record.holder_name,
        kind=kind,
        title=title,
        due_on=due_on,
        days_left=days_between(on, due_on),
        town_code=record.town_code,
        phase_id=record.phase_id,
    )
