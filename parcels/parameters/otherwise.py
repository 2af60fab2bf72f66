"""What would come out otherwise under other parameters: screenings of all phases, and the steps and clocks of all cases.

Refuses to store anything: both sides are worked out from the same facts, read once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from landgis.access.queries import Actor
from landgis.counties.catalogue import described
from landgis.counties.models import County
from parcels.disposal.clocks import Clock
from parcels.disposal.models import IdleCase
from parcels.disposal.procedure import Differences, Judged
from parcels.disposal.queries import cases_otherwise, rules_of_days
from parcels.disposal.wording import title_of
from parcels.idle_land.explain import explain
from parcels.idle_land.facts import Parameters
from parcels.idle_land.queries import TITLES, PhaseOnRecord, phases_on_record
from parcels.idle_land.rules import Finding, screen

FINDING, STEP, CLOCK = "筛查结论", "案件步骤", "案件期限"
MAY, MAY_NOT = "可以办理", "不能办理"


@dataclass(frozen=True, slots=True)
class Changed:
    """One thing that comes out otherwise: of which land or case, before and after, by which article and why."""

    what: str
    case_no: str
    case_id: int | None
    town_code: str
    parcel_code: str
    contract_no: str
    phase_no: int
    holder: str
    subject: str
    before: str
    after: str
    article: str
    reason: str


@dataclass(frozen=True, slots=True)
class Compared:
    """Everything that comes out otherwise, counted, and the parameters that were put in place of the county's."""

    on: date
    since: date
    rows: list[Changed]
    phases: int
    changes: list[tuple[str, str, str]]

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many by kind, and for findings by what became of what, the most frequent first."""
        found = Counter(row.what for row in self.rows)
        turned = Counter(f"{row.before} → {row.after}" for row in self.rows if row.what == FINDING)
        return [(what, found[what]) for what in (FINDING, STEP, CLOCK) if found[what]] + turned.most_common()

    @property
    def cases(self) -> int:
        return len({row.case_id for row in self.rows if row.case_id})


def compare(
    county: County, actor: Actor, on: date, otherwise: Mapping[str, Any], since: date = date.min
) -> Compared:
    """The actor's findings and cases as of `on`, with `otherwise` in place of the county's parameters from `since` on."""
    book, other = rules_of_days(county), rules_of_days(county, otherwise, since)
    ours, theirs = Parameters.from_mapping(book.values(on)), Parameters.from_mapping(other.values(on))
    phases = phases_on_record(actor, on)
    rows = list(_findings(phases, on, ours, theirs)) if ours != theirs else []
    for case, differences in cases_otherwise(actor, book, other, on):
        rows += _of_case(case, differences)
    held = book.values(on)
    changes = [_told(key, held.get(key), value) for key, value in otherwise.items()]
    return Compared(on, since, rows, len(phases), changes)


def _findings(
    phases: Sequence[PhaseOnRecord], on: date, ours: Parameters, theirs: Parameters
) -> Iterator[Changed]:
    for phase in phases:
        before, after = screen(phase.facts, on, ours), screen(phase.facts, on, theirs)
        if (before.code, before.also) != (after.code, after.also):
            yield Changed(
                what=FINDING,
                case_no="",
                case_id=None,
                town_code=phase.town_code,
                parcel_code=phase.parcel_code,
                contract_no=phase.facts.contract_no or phase.supervision_no,
                phase_no=phase.facts.phase_no,
                holder=phase.holder_name,
                subject="闲置筛查",
                before=_title(before),
                after=_title(after),
                article=after.article or before.article,
                reason=_why(phase, on, ours, theirs),
            )


def _title(finding: Finding) -> str:
    return "、".join(TITLES[code] for code in (finding.code, *finding.also))


def _why(phase: PhaseOnRecord, on: date, ours: Parameters, theirs: Parameters) -> str:
    """The lines of the arithmetic that differ: as it is, and as it would be."""
    before, after = explain(phase.facts, on, ours), explain(phase.facts, on, theirs)
    was = [line for line in before if line not in after]
    now = [line for line in after if line not in before]
    return " → ".join("".join(lines) for lines in (was, now) if lines)


def _of_case(case: IdleCase, differences: Differences) -> Iterator[Changed]:
    for judged in differences.newly_refused:
        yield _step(case, judged, MAY, MAY_NOT)
    for judged in differences.newly_allowed:
        yield _step(case, judged, MAY_NOT, MAY)
    for clock, other in differences.clocks:
        due = other.due_on if other else None
        told = f"期限 {clock.term} → {other.term}" if other else "不再起算"
        yield _row(case, CLOCK, clock.title, _day(clock), str(due or "—"), clock.article, told)


def _step(case: IdleCase, judged: Judged, before: str, after: str) -> Changed:
    subject = f"第 {judged.step.seq} 步 {title_of(judged.step.stage)}（{judged.step.on}）"
    article = "；".join(dict.fromkeys(why.article for why in judged.refusals))
    reason = "；".join(why.reason for why in judged.refusals)
    return _row(case, STEP, subject, before, after, article, reason)


def _row(
    case: IdleCase, what: str, subject: str, before: str, after: str, article: str, reason: str
) -> Changed:
    contract = case.phase.contract
    return Changed(
        what, case.case_no, case.pk, case.town_code, contract.parcel_code,
        contract.contract_no or contract.supervision_no, case.phase.phase_no, contract.holder_name, subject,
        before, after, article, reason,
    )  # fmt: skip


def _day(clock: Clock) -> str:
    return str(clock.due_on or "—")


def _told(key: str, held: Any, value: Any) -> tuple[str, str, str]:
    item = described(key)
    return item.title, "—" if held is None else item.write(held), item.write(value)
