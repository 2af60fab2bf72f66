"""Milestones of the territory as of a day: the list with its filters, and those of one phase in their order.

Refuses what lies outside the actor's county and towns; two statements, whatever the number of milestones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Coalesce, NullIf

from landgis.access.queries import Actor
from landgis.counties.models import County
from landgis.counties.queries import parameters
from landgis.lib.errors import NotFound
from parcels.milestones.rules import OPEN, Recorded, Standing, standing
from parcels.supply.fact_models import Milestone
from parcels.supply.indicators import PARAMETER, Indicator, indicators_of
from parcels.supply.models import ContractPhase
from parcels.supply.queries import phase_in_territory
from parcels.supply.rules import MILESTONES

_ORDER = {kind: place for place, kind in enumerate(MILESTONES)}


class Filters(NamedTuple):
    """What the list is narrowed to; `status` "open" takes all that wait for something."""

    town: str = ""
    kind: str = ""
    status: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A milestone with its phase and where it stands on the day."""

    milestone: Milestone
    town: str
    standing: Standing

    @property
    def title(self) -> str:
        return MILESTONES[self.milestone.kind]

    @property
    def phase(self) -> ContractPhase:
        return self.milestone.phase


class Rules(NamedTuple):
    """The county's parameters of the day."""

    indicators: tuple[Indicator, ...]
    soon_days: int
    remedy_months: int


def rules_on(county: County, on: date) -> Rules:
    held = parameters(county, on)
    return Rules(
        indicators_of(held[PARAMETER]),
        int(held["milestones.soon_days"]),
        int(held["milestones.remedy_months"]),
    )


def listed(county: County, actor: Actor, on: date, filters: Filters) -> tuple[list[Listed], dict[str, int]]:
    """The milestones as filtered, the most urgent first; and how many stand how before the status was filtered."""
    rows = Milestone.objects.filter(phase__contract__county=county).annotate(
        ground_town=Coalesce(
            NullIf(F("phase__contract__parcel__town_code"), Value("")),
            F("phase__contract__town_code"),
            output_field=CharField(),
        )
    )
    if actor.county_code != county.code:
        rows = rows.none()
    if actor.town_codes is not None:
        rows = rows.filter(ground_town__in=actor.town_codes)
    if filters.town:
        rows = rows.filter(ground_town=filters.town)
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.text:
        rows = rows.filter(_named(filters.text))
    rules, towns = rules_on(county, on), dict(county.towns.values_list("code", "name"))
    found = [
        Listed(
            row,
            towns.get(row.ground_town, ""),
            standing(recorded(row), on, rules.indicators, soon_days=rules.soon_days),
        )
        for row in rows.select_related("phase__contract").order_by("phase__contract__parcel_code", "phase_id")
    ]
    counted: Mapping[str, int] = Counter(item.standing.status for item in found)
    kept = [item for item in found if _stands(item, filters.status)]
    return sorted(kept, key=_urgency), dict(counted)


def of_phase(phase: ContractPhase) -> dict[str, Milestone]:
    return {milestone.kind: milestone for milestone in Milestone.objects.filter(phase=phase)}


def phase_of(county: County, actor: Actor, phase_id: int) -> ContractPhase:
    phase = phase_in_territory(county, actor, phase_id)
    if phase is None:
        raise NotFound("没有这一合同分期，或者不在本账号的范围内。", remedy="请核对合同编号和分期。")
    return phase


def recorded(row: Milestone | None, kind: str = "") -> Recorded:
    """A milestone as the rules read it; one that isn't on record has nothing but its kind."""
    if row is None:
        return Recorded(kind)
    return Recorded(
        row.kind, row.planned_on, row.actual_on, row.promised, row.actual, row.result, row.remedy_until
    )


def contract_days(phase: ContractPhase, kind: str) -> tuple[date | None, date | None]:
    """What the contract's own book says of a milestone: agreed and actual day."""
    known: Mapping[str, tuple[date | None, date | None]] = {
        "delivery": (phase.agreed_delivery, phase.actual_delivery),
        "start": (phase.agreed_start, phase.actual_start),
        "completion_review": (phase.review_due or phase.agreed_completion, phase.review_passed_on),
    }
    return known.get(kind, (None, None))


def _stands(item: Listed, status: str) -> bool:
    return not status or item.standing.status == status or (status == "open" and item.standing.status in OPEN)


def _urgency(item: Listed) -> tuple[Any, ...]:
    """What is latest first; what is over last; then by contract and in the order of the milestones."""
    waiting = item.standing.status in OPEN
    late = -(item.standing.days or 0) if waiting else 0
    return (not waiting, late, item.phase.contract.parcel_code, item.phase.pk, _ORDER[item.milestone.kind])


def _named(text: str) -> Q:
    contract = "phase__contract__"
    names: Iterable[str] = ("parcel_code", "contract_no", "supervision_no", "holder_name", "location")
    found = Q()
    for name in names:
        found |= Q(**{f"{contract}{name}__icontains": text})
    return found
