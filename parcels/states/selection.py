"""Which phases, clusters or batches belong to a list as of a day, and what explains each of them.

Refuses to leave out silently what can't be known: those rows are counted apart and name the facts that are missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple, overload

from landgis.access.queries import Actor
from landgis.audit.kept import kept
from landgis.counties.models import County, Town
from landgis.lib.units import mu_to_m2
from parcels.states.queries import PhaseStates, counts, is_on, list_a, states_on, unsupplied
from parcels.states.rules import FACT_TITLES, STATE_TITLES, Verdict

LISTS = {
    "a": "清单（一）连片低效工业用地",
    "b": "清单（二）供而未用、建设期投资不足",
    "c": "清单（三）用而未尽且未完成复核验收",
    "unsupplied": "批而未供",
    **STATE_TITLES,
}


class Asked(NamedTuple):
    """What was asked for; `unknown`: those that can't be judged instead of those that are on the list."""

    list: str
    on: date
    town: str = ""
    unknown: bool = False
    text: str = ""


class Explained(NamedTuple):
    """A state that holds or can't be known: since when, on what basis, and the Chinese names of missing facts."""

    state: str
    title: str
    holds: bool
    since: date | None
    basis: str
    missing: tuple[str, ...]

    @property
    def told(self) -> str:
        if not self.holds:
            return f"{self.title}：无法判断，缺少{'、'.join(self.missing)}"
        since = f"（自 {self.since}）" if self.since else ""
        return f"{self.title}{since}：{self.basis}"


@dataclass(frozen=True, slots=True)
class StateRow:
    """One row of a list: a phase, a cluster of parcels (several codes) or a batch of approved ground."""

    codes: tuple[str, ...]
    contract_no: str = ""
    phase_no: int = 1
    holder: str = ""
    town: str = ""
    location: str = ""
    area_m2: Decimal | None = None
    phase_id: int | None = None
    explained: tuple[Explained, ...] = ()

    @property
    def code(self) -> str:
        return "、".join(self.codes)

    @property
    def explanation(self) -> tuple[str, ...]:
        return tuple(item.told for item in self.explained)


@dataclass(frozen=True, slots=True)
class Selected:
    """A list's rows, how many phases of it can't be judged, and how many phases are in each state."""

    rows: Sequence[StateRow]
    unknown: int = 0
    counted: dict[str, int] = field(default_factory=dict)


class PhaseRows(Sequence[StateRow]):
    """The rows of phases, each put together when it is asked for: a page shows fifty of many thousands."""

    def __init__(self, items: list[PhaseStates]) -> None:
        self._items = items

    def __len__(self) -> int:
        return len(self._items)

    @overload
    def __getitem__(self, place: int) -> StateRow: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[StateRow]: ...
    def __getitem__(self, place: int | slice) -> StateRow | Sequence[StateRow]:
        if isinstance(place, slice):
            return [_row(item) for item in self._items[place]]
        return _row(self._items[place])


def select(county: County, actor: Actor, asked: Asked) -> Selected:
    """The rows of a list in the actor's territory as of the day."""
    if asked.list == "a":
        return Selected(_clusters(county, actor, asked))
    if asked.list == "unsupplied":
        return Selected(_batches(county, actor, asked))
    towns = None if actor.town_codes is None else frozenset(actor.town_codes)
    return kept("states_list", (county.code, towns, asked), lambda: _phases(county, actor, asked))


def _phases(county: County, actor: Actor, asked: Asked) -> Selected:
    everything = states_on(county, actor, asked.on)
    within = (
        [item for item in everything if _asked_for(item, asked)] if asked.town or asked.text else everything
    )
    places = {pattern: is_on(asked.list, pattern) for pattern in {item.pattern for item in within}}
    wanted = None if asked.unknown else True
    rows = PhaseRows([item for item in within if places[item.pattern] is wanted])
    return Selected(rows, sum(places[item.pattern] is None for item in within), counts(within))


def _asked_for(item: PhaseStates, asked: Asked) -> bool:
    if asked.town and item.town_code != asked.town:
        return False
    texts = (item.parcel_code, item.contract_no, item.supervision_no, item.holder_name, item.location)
    return not asked.text or any(asked.text.lower() in text.lower() for text in texts)


def _row(item: PhaseStates) -> StateRow:
    return StateRow(
        codes=(item.parcel_code,) if item.parcel_code else (),
        contract_no=item.contract_no or item.supervision_no,
        phase_no=item.phase_no,
        holder=item.holder_name,
        town=item.town_name,
        location=item.location,
        area_m2=item.area_m2,
        phase_id=item.phase_id,
        explained=tuple(_explained(item.verdicts)),
    )


def _explained(verdicts: Iterable[Verdict]) -> Iterable[Explained]:
    for verdict in verdicts:
        if verdict.holds is not False:
            missing = tuple(FACT_TITLES.get(fact, fact) for fact in verdict.missing)
            title = STATE_TITLES[verdict.state]
            yield Explained(verdict.state, title, bool(verdict.holds), verdict.since, verdict.basis, missing)


def _clusters(county: County, actor: Actor, asked: Asked) -> list[StateRow]:
    towns = dict(Town.objects.filter(county=county).values_list("code", "name"))
    rows = []
    for cluster in list_a(county, actor, asked.on):
        told = asked.text.lower()
        if asked.town and asked.town not in cluster.town_codes:
            continue
        if told and not any(told in code.lower() for code in cluster.codes):
            continue
        basis = (
            f"{len(cluster.codes)} 宗，净面积 {cluster.net_mu:,.2f} 亩，外包面积 {cluster.hull_mu:,.2f} 亩"
        )
        rows.append(
            StateRow(
                codes=cluster.codes,
                town="、".join(towns.get(code, code) for code in cluster.town_codes),
                area_m2=mu_to_m2(Decimal(str(cluster.net_mu))),
                explained=(Explained("a", "连片低效", True, None, basis, ()),),
            )
        )
    return rows


def _batches(county: County, actor: Actor, asked: Asked) -> list[StateRow]:
    rows = []
    for batch in unsupplied(county, actor, asked.on):
        if asked.text and asked.text.lower() not in batch.batch_no.lower():
            continue
        basis = f"批准面积 {batch.batch_area_m2:,.2f} 平方米，尚未供应 {batch.open_area_m2:,.2f} 平方米"
        rows.append(
            StateRow(
                codes=(),
                contract_no=batch.batch_no,
                area_m2=Decimal(str(batch.open_area_m2)),
                explained=(Explained("unsupplied", "批而未供", True, batch.approved_on, basis, ()),),
            )
        )
    return rows
