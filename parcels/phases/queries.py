"""Reading phases: those that a filter asks for, and one phase with every fact, its author and what it was before.

Refuses to judge; every query is limited to the actor's county and towns.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, NamedTuple, overload

from django.db.models import Model, Q, QuerySet, Value
from django.db.models.functions import NullIf

from landgis.access.queries import Actor
from landgis.audit.kept import kept
from landgis.audit.models import AuditEvent
from landgis.counties.models import County
from parcels.idle_land.explain import titles_of
from parcels.idle_land.facts import Facts, settle
from parcels.idle_land.queries import TITLES, PhaseOnRecord, phases_on_record, rule_parameters
from parcels.idle_land.rules import Finding, screen
from parcels.phases.wording import fields_in_words
from parcels.supply.contract_rules import CONTRACT, PHASE
from parcels.supply.fact_actions import MODELS
from parcels.supply.fact_models import FactPaper
from parcels.supply.fact_papers import papers_of
from parcels.supply.models import ContractPhase, SupplyContract
from parcels.supply.queries import phases_in_territory
from parcels.supply.rules import KINDS, FactKind

SEARCHED = (
    "contract__parcel_code", "contract__parcel__code", "contract__contract_no", "contract__supervision_no",
    "contract__holder_name", "contract__location",
)  # fmt: skip


class PhaseRow(NamedTuple):
    """A phase with the dates that papers and evidence leave it, and what is found of it on the day."""

    record: PhaseOnRecord
    settled: Facts
    finding: Finding
    title: str
    missing: tuple[str, ...]


class Author(NamedTuple):
    """Who wrote something, when and why."""

    by: str
    at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Version:
    """What a fact was, who ended that, and (of one that was withdrawn) the files that it rested on."""

    fields: list[tuple[str, str]]
    withdrawn: bool
    ended: Author
    papers: Sequence[FactPaper] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact as it stands: its number, its fields in words, its author, what it was before, and its files."""

    id: int
    kind: FactKind
    row: Any
    fields: list[tuple[str, str]]
    author: Author
    before: list[Version] = field(default_factory=list)
    papers: Sequence[FactPaper] = ()

    @property
    def key(self) -> str:
        return f"{self.kind.code}-{self.id}"

    @property
    def values(self) -> dict[str, Any]:
        return {item.name: getattr(self.row, item.name) for item in self.kind.fields}


@dataclass(frozen=True, slots=True)
class Section:
    """All facts of a kind, and those that were withdrawn."""

    kind: FactKind
    facts: list[Fact]
    withdrawn: list[Version]


def phases_asked_for(
    county: County, actor: Actor, *, town: str, text: str, year: int | None = None
) -> list[int]:
    """The numbers of the phases in the actor's territory that the filter names, in the order of the lists.

    `year` is the year in which the contract was signed.

    Looked up again after a change only: a page shows fifty of a hundred thousand.
    """
    towns = None if actor.town_codes is None else frozenset(actor.town_codes)
    rows = _asked_for(county, actor, town=town, text=text, year=year)
    key = (county.code, towns, town, text, year)
    return kept("phases", key, lambda: list(rows.values_list("id", flat=True)))


def _asked_for(
    county: County, actor: Actor, *, town: str, text: str, year: int | None
) -> QuerySet[ContractPhase]:
    rows = phases_in_territory(county, actor)
    if town:
        rows = rows.filter(Q(("ground_town", town)))
    if year:
        rows = rows.filter(contract__signed_on__year=year)
    if text:
        named = Q()
        for path in SEARCHED:
            named |= Q(**{f"{path}__icontains": text})
        rows = rows.filter(named)
    return rows.order_by(
        NullIf("ground_town", Value("")).asc(nulls_last=True),
        "contract__parcel_code",
        "contract__contract_no",
        "phase_no",
        "id",
    )


def phase_rows(county: County, actor: Actor, on: date, phase_ids: Sequence[int]) -> list[PhaseRow]:
    """These phases in their order, judged on the day."""
    parameters = rule_parameters(county, on)
    records = {record.phase_id: record for record in phases_on_record(actor, on, among=phase_ids)}
    found = []
    for record in (records[number] for number in phase_ids if number in records):
        finding = screen(record.facts, on, parameters)
        settled = settle(record.facts, on, parameters).facts
        found.append(PhaseRow(record, settled, finding, TITLES[finding.code], titles_of(finding.missing)))
    return found


class JudgedPhases(Sequence[PhaseRow]):
    """The same for many, judged a few thousand at a time while somebody goes through them."""

    AT_ONCE = 5_000

    def __init__(self, county: County, actor: Actor, on: date, phase_ids: Sequence[int]) -> None:
        self._of, self._ids = (county, actor, on), phase_ids

    def __len__(self) -> int:
        return len(self._ids)

    def __iter__(self) -> Iterator[PhaseRow]:
        for start in range(0, len(self._ids), self.AT_ONCE):
            yield from self[start : start + self.AT_ONCE]

    @overload
    def __getitem__(self, place: int) -> PhaseRow: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[PhaseRow]: ...
    def __getitem__(self, place: int | slice) -> PhaseRow | Sequence[PhaseRow]:
        if isinstance(place, slice):
            return phase_rows(*self._of, self._ids[place])
        return phase_rows(*self._of, [self._ids[place]])[0]


def sections_of(phase: ContractPhase) -> list[Section]:
    """Every fact of a phase with its authors and its past: as many statements for many facts as for few."""
    contract = phase.contract
    known: list[tuple[FactKind, list[Any], list[Any]]] = [
        (PHASE, [phase], _past(ContractPhase, id=phase.pk)),
        (CONTRACT, [contract], _past(SupplyContract, id=contract.pk)),
    ]
    for kind in KINDS.values():
        model = MODELS[kind.code]
        of: dict[str, Any] = {"phase_id": phase.pk}
        if kind.of_contract:
            of = {"contract_id": phase.contract_id}
        rows: list[Any] = list(model._default_manager.filter(**of))
        known.append((kind, _for_phase(kind, rows, phase), _for_phase(kind, _past(model, **of), phase)))
    authors, papers = _authors(known), papers_of(contract)
    return [_section(kind, rows, past, authors, papers) for kind, rows, past in known]


def _for_phase(kind: FactKind, rows: list[Any], phase: ContractPhase) -> list[Any]:
    """A supplement of another phase says nothing about this one."""
    return [x for x in rows if x.phase_id in (None, phase.pk)] if kind.code == "supplement" else rows


def _past(model: type[Model], **of: Any) -> list[Any]:
    history: Any = model._meta.get_field("history").related_model
    return list(history.objects.filter(**of).order_by("-pgh_id"))


def _authors(known: Iterable[tuple[FactKind, list[Any], list[Any]]]) -> dict[int, Author]:
    changes = {row.change_id for _, rows, _ in known for row in rows}
    changes |= {row.ended_by for _, _, past in known for row in past}
    events = AuditEvent.objects.filter(id__in=changes).values_list("id", "actor", "at", "reason")
    return {number: Author(by, at, reason) for number, by, at, reason in events}


def _section(
    kind: FactKind,
    rows: list[Any],
    past: list[Any],
    authors: dict[int, Author],
    papers: Mapping[tuple[str, int], list[FactPaper]],
) -> Section:
    nobody = Author("", None, "")
    before: dict[int, list[Version]] = defaultdict(list)
    alive = {row.pk for row in rows}
    withdrawn = []
    for old in past:
        version = Version(
            fields_in_words(kind, vars(old)), old.pgh_label == "delete", authors.get(old.ended_by, nobody)
        )
        if old.id in alive:
            before[old.id].append(version)
        elif version.withdrawn:
            withdrawn.append(replace(version, papers=papers.get((kind.code, old.id), ())))
    days = [item.name for item in kind.fields if item.type == "date"]
    facts = [
        Fact(
            row.pk, kind, row, fields_in_words(kind, vars(row)), authors.get(row.change_id, nobody),
            before[row.pk], papers.get((kind.code, row.pk), ()),
        )
        for row in sorted(rows, key=lambda row: (_first_day(row, days), row.pk))
    ]  # fmt: skip
    return Section(kind, facts, withdrawn)


def _first_day(row: Any, days: Sequence[str]) -> date:
    stated = (getattr(row, name) for name in days)
    return next((day for day in stated if day is not None), date.max)
