"""The county's overview of a day, town by town, in the columns of the bureau's weekly report.

Refuses a figure of another day: everything is counted from what was on record by then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar

from landgis.access.queries import Actor
from landgis.audit.kept import kept
from landgis.counties.models import County
from landgis.lib.columns import read_rows
from parcels.campaigns.queries import Status, credited_by_town, status_on
from parcels.campaigns.rules import LEDGERS, NOTHING, Progress, ranked
from parcels.campaigns.then import running_sql
from parcels.disposal_lists.period import cases_of_period
from parcels.idle_land.queries import phases_judged
from parcels.ledgers.queries import CountLine, count_lines
from parcels.tasks.queries import overdue_by_town

ENERGY = "remediation.energy_freed_tce"

# A step counts on the day unless it was taken back by then; what was closed and opened anew isn't closed.
_STAGES = """
SELECT p.ledger, p.place, count(*) FILTER (WHERE s.agreed), count(*) FILTER (WHERE s.closed > s.reopened),
       coalesce(sum(p.area_m2) FILTER (WHERE s.closed > s.reopened), 0)
{source}
 GROUP BY p.ledger, p.place"""
_REACHED = """
  JOIN LATERAL (SELECT bool_or(x.stage = 'agreement') AS agreed,
                       coalesce(max(x.seq) FILTER (WHERE x.stage = 'closed'), 0) AS closed,
                       coalesce(max(x.seq) FILTER (WHERE x.stage = 'reopened'), 0) AS reopened
                  FROM campaigns_projectstep x
                  LEFT JOIN campaigns_projectstep r ON r.reverses_id = x.id AND r."on" <= %(on)s
                 WHERE x.project_id = p.id AND x."on" <= %(on)s AND x.reverses_id IS NULL AND r.id IS NULL) s ON true"""


@dataclass(slots=True)
class Idle:
    """Idle land of a town: open cases and their ㎡, those opened and closed this year, and starts that are overdue."""

    open: int = 0
    area_m2: Decimal = Decimal(0)
    opened: int = 0
    closed: int = 0
    overdue_start: int = 0

    @property
    def figures(self) -> list[tuple[str, int]]:
        """The counts by the figures of the reports that say the same, whose rows they lead to."""
        return [
            ("idle", self.open), ("idle_new", self.opened), ("idle_disposed", self.closed),
            ("overdue_starts", self.overdue_start),
        ]  # fmt: skip

    def __add__(self, other: Idle) -> Idle:
        return Idle(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))


Amount = TypeVar("Amount", int, Idle)


@dataclass(frozen=True, slots=True)
class Stages:
    """A ledger's projects of a town: with an agreement, closed, and the closed ones' ground."""

    agreed: int = 0
    closed: int = 0
    closed_m2: float = 0.0


@dataclass(slots=True)
class TownLine:
    """A town's row (or the county's, code None)."""

    code: str | None
    name: str
    progress: dict[str, Progress]
    projects: dict[str, int]
    stages: dict[str, Stages]
    week_mu: dict[str, Decimal]
    energy: Decimal
    idle: Idle
    overdue_tasks: int
    ranks: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Overview:
    """Both ledgers on a day: the county (or the actor's towns together), each town, and the other counts."""

    status: Status
    county: TownLine
    towns: tuple[TownLine, ...]
    counts: list[CountLine]


def overview(county: County, actor: Actor, on: date) -> Overview:
    """The overview of a day; the number of statements doesn't depend on the towns or projects."""
    status = status_on(county, actor, on)
    stages = _stages(actor, on)
    monday = on - timedelta(days=on.weekday())
    week = {ledger: credited_by_town(county, actor, ledger, monday, on) for ledger in LEDGERS}
    counts = count_lines(county, actor, on)
    energy = next((line.towns for line in counts if line.key == ENERGY), {})
    idle, tasks = (
        _placed(_idle(county, actor, on), status.towns),
        _placed(overdue_by_town(county, actor, on), status.towns),
    )
    known = dict.fromkeys([*status.towns, *(code for one in status.ledgers.values() for code in one.towns)])
    if actor.town_codes is None and ({*idle, *energy, *tasks} - {*known}):
        known[""] = None
    lines = tuple(
        TownLine(
            code,
            status.towns.get(code) or "未落镇街",
            {ledger: one.towns.get(code, NOTHING) for ledger, one in status.ledgers.items()},
            {ledger: one.town_projects.get(code, 0) for ledger, one in status.ledgers.items()},
            {ledger: stages.get((ledger, code), Stages()) for ledger in LEDGERS},
            {ledger: week[ledger].get(code, Decimal(0)) for ledger in LEDGERS},
            energy.get(code, Decimal(0)),
            idle.get(code, Idle()),
            tasks.get(code, 0),
        )
        for code in known
    )
    _rank(lines)
    return Overview(status, _together(county, status, lines), lines, counts)


def rate(one: Progress) -> Decimal | None:
    """The done part of the target."""
    return one.done / one.target if one.target else None


def _rank(lines: tuple[TownLine, ...]) -> None:
    """By the done part of the own target; equal parts share a rank, a town without target has none."""
    for ledger in LEDGERS:
        rates = [
            (line.code or "", done) for line in lines if (done := rate(line.progress[ledger])) is not None
        ]
        for code, place in ranked(rates).items():
            next(line for line in lines if (line.code or "") == code).ranks[ledger] = place


def _together(county: County, status: Status, lines: tuple[TownLine, ...]) -> TownLine:
    idle = sum((line.idle for line in lines), Idle())
    stages = {
        ledger: Stages(
            *(sum(getattr(line.stages[ledger], name) for line in lines) for name in Stages.__slots__)
        )
        for ledger in LEDGERS
    }
    return TownLine(
        None,
        county.name,
        {ledger: one.county for ledger, one in status.ledgers.items()},
        {ledger: one.projects for ledger, one in status.ledgers.items()},
        stages,
        {ledger: sum((line.week_mu[ledger] for line in lines), Decimal(0)) for ledger in LEDGERS},
        sum((line.energy for line in lines), Decimal(0)),
        idle,
        sum(line.overdue_tasks for line in lines),
    )


def _stages(actor: Actor, on: date) -> Mapping[tuple[str, str], Stages]:
    source, values = running_sql(actor, on, joined=_REACHED)
    rows = read_rows(_STAGES.format(source=source), values)
    return {(ledger, town): Stages(*told) for ledger, town, *told in rows}


def _placed(found: Mapping[str, Amount], towns: Collection[str]) -> dict[str, Amount]:
    """What stands under a code that is no town of the county is counted under "" (未落镇街)."""
    sums: dict[str, Amount] = {}
    for code, amount in found.items():
        place = code if code in towns else ""
        sums[place] = sums[place] + amount if place in sums else amount
    return sums


def _idle(county: County, actor: Actor, on: date) -> dict[str, Idle]:
    """From the same rows as the reports and the wall: the cases of the year, and what the rules find on the day."""
    towns = None if actor.town_codes is None else frozenset(actor.town_codes)
    return kept("overview_idle", (county.code, on, towns), lambda: _idle_on(county, actor, on))


def _idle_on(county: County, actor: Actor, on: date) -> dict[str, Idle]:
    found: dict[str, Idle] = defaultdict(Idle)
    for case in cases_of_period(county, actor, date(on.year, 1, 1), on):
        one = Idle(int(case.is_open), case.area_m2 or Decimal(0), int(case.is_new), int(case.is_disposed))
        found[case.town_code] += one
    for record, finding in phases_judged(county, actor, on):
        if finding.code == "overdue":
            found[record.town_code] += Idle(overdue_start=1)
    return dict(found)
