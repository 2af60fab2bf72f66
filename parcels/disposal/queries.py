"""Reading cases: their steps, the register's word on a day, the rules of a day, receipts and what other rules would say.

Refuses to decide: steps are handed to the procedure as they stand; every query is limited to the actor's county and towns.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal, NamedTuple

from django.db.models import Q, QuerySet

from landgis.access.queries import Actor, in_territory
from landgis.counties.models import County, Parameter
from landgis.counties.queries import Parameters as CountyParameters
from landgis.counties.queries import with_versions_told
from landgis.lib.workdays import KEY as CALENDAR
from parcels.disposal.models import CaseStep, FeeReceipt, IdleCase
from parcels.disposal.procedure import Differences, what_if
from parcels.disposal.state import Ground, Step, fold
from parcels.disposal.stating import read_facts
from parcels.disposal.terms import Rules, RulesOfDay
from parcels.idle_land.facts import Parameters, settle
from parcels.idle_land.queries import PhaseOnRecord, phases_on_record
from parcels.idle_land.routes import CENT
from parcels.idle_land.rules import situation
from parcels.supply.fact_models import CauseInterval, Encumbrance, MonitoringRegistration
from parcels.supply.models import ContractPhase

YUAN_A_WAN = 10_000


class RuleBook:
    """The rules of any day, from the county's dated parameters read once.

    A year's holidays are no rule but a fact that becomes known late: they count for terms that began before, too.
    """

    def __init__(
        self, county: County, otherwise: Mapping[str, Any] | None = None, since: date = date.min
    ) -> None:
        self.county_code = county.code
        self._otherwise, self._since = dict(otherwise or {}), since
        self._dated = list(
            Parameter.objects.filter(county=county).values_list("key", "value", "valid_from", "valid_to")
        )
        self._first: dict[str, date] = {}
        for key, _, valid_from, _ in self._dated:
            self._first[key] = min(self._first.get(key, valid_from), valid_from)
        self._changes = sorted(
            {valid_from for _, _, valid_from, _ in self._dated}
            | {valid_to for _, _, _, valid_to in self._dated if valid_to}
            | {since}
        )
        self._made: dict[tuple[int, bool], Rules] = {}
        told = repr(sorted(map(repr, self._dated))) + repr(sorted(self._otherwise.items()))
        self.fingerprint = hashlib.sha256(told.encode()).hexdigest()

    def values(self, on: date) -> CountyParameters:
        held, amended = {}, {}
        for key, value, valid_from, valid_to in self._dated:
            if key.startswith(CALENDAR) or (valid_from <= on and (valid_to is None or valid_to >= on)):
                held[key] = value
                if valid_from > self._first[key]:
                    amended[key] = valid_from
        if on >= self._since:
            held |= self._otherwise
        return CountyParameters(with_versions_told(held, amended), on, self.county_code)

    def __call__(self, on: date) -> Rules:
        # Between two days on which something begins or ends the rules are the same.
        span = (sum(day <= on for day in self._changes), on in self._changes)
        if span not in self._made:
            self._made[span] = Rules.from_mapping(self.values(on))
        return self._made[span]


def rules_of_days(
    county: County, otherwise: Mapping[str, Any] | None = None, since: date = date.min
) -> RuleBook:
    """The rules of the county day by day; `otherwise` puts some parameters in the place of the county's from `since` on."""
    return RuleBook(county, otherwise, since)


def cases(actor: Actor) -> QuerySet[IdleCase]:
    """The cases in the actor's territory, with what a list of them shows."""
    rows = in_territory(IdleCase.objects.all(), actor)
    # A list draws no map: the shapes stay where they are until one is asked for.
    rows = rows.select_related("phase__contract", "parcel").defer("parcel__geom_4490", "parcel__geom_3857")
    return rows.order_by("-year", "-number")


def steps_of(case_ids: Iterable[int]) -> dict[int, list[Step]]:
    """Case → its steps as the procedure reads them, all cases in one statement."""
    found: dict[int, list[Step]] = defaultdict(list)
    rows = CaseStep.objects.filter(case_id__in=list(case_ids)).order_by("case_id", "seq")
    for case_id, seq, stage, on, facts, document_no, reverses, ground in rows.values_list(
        "case_id", "seq", "stage", "on", "facts", "document_no", "reverses__seq", "ground"
    ):
        found[case_id].append(
            Step(seq, stage, on, read_facts(stage, facts), document_no, reverses, Ground.from_json(ground))
        )
    return found


def record_of(actor: Actor, phase_id: int, on: date) -> PhaseOnRecord | None:
    """The phase with its facts as of the day; None outside the actor's territory."""
    return next(iter(phases_on_record(actor, on, [phase_id])), None)


def ground_on(actor: Actor, phase_id: int, on: date, values: Mapping[str, Any]) -> Ground:
    """What the register says of a phase on a day, for a step of its case."""
    record = record_of(actor, phase_id, on)
    if record is None:
        return Ground()
    parameters = Parameters.from_mapping(values)
    case = situation(settle(record.facts, on, parameters), on, parameters)
    short = (("developed", case.developed_short), ("invested", case.invested_short))
    in_force = Q(valid_from__lte=on) & (Q(valid_to=None) | Q(valid_to__gte=on))
    kinds = set(
        Encumbrance.objects.filter(in_force, contract__phases=phase_id).values_list("kind", flat=True)
    )
    causes = CauseInterval.objects.filter(phase_id=phase_id, valid_from__lte=on, verified_on__lte=on)
    return Ground(
        agreed_start=case.agreed_start,
        started=case.started or case.completed,
        stopped_since=case.stopped_since,
        short=tuple(name for name, is_short in short if is_short),
        mortgaged="mortgage" in kinds,
        seized="seizure" in kinds,
        registered=MonitoringRegistration.objects.filter(phase_id=phase_id, registered_on__lte=on).exists(),
        price_yuan=_price(record, phase_id),
        verified_causes=tuple(sorted(set(causes.values_list("cause", flat=True)))),
    )


class Reconciled(NamedTuple):
    """A fee decision beside what the tax authority reported."""

    decision_no: str
    due_yuan: Decimal
    paid_yuan: Decimal
    status: Literal["unpaid", "short", "paid", "over"]

    @property
    def difference_yuan(self) -> Decimal:
        return self.paid_yuan - self.due_yuan


def receipts_of(case: IdleCase) -> QuerySet[FeeReceipt]:
    """The receipts that stand: neither reversals nor reversed."""
    return FeeReceipt.objects.filter(case=case, reverses=None, reversed_by=None).order_by("paid_on", "id")


def reconcile(case: IdleCase) -> Reconciled | None:
    """The fee that was decided against the receipts of that decision; None without a fee decision in force."""
    decision = fold(steps_of([case.pk])[case.pk]).last("fee_decision")
    if decision is None:
        return None
    due = Decimal(decision.fact("amount_yuan"))
    paid = sum(
        (r.amount_yuan for r in receipts_of(case) if r.decision_no == decision.document_no), Decimal(0)
    )
    status: Literal["unpaid", "short", "paid", "over"] = (
        "unpaid" if not paid else "short" if paid < due else "paid" if paid == due else "over"
    )
    return Reconciled(decision.document_no, due, paid, status)


def cases_otherwise(
    actor: Actor, rules: RulesOfDay, other: RulesOfDay, on: date = date.max
) -> list[tuple[IdleCase, Differences]]:
    """The cases that other rules would have let come out differently, by what had happened until `on`."""
    rows = list(cases(actor).filter(opened_on__lte=on))
    steps = steps_of([case.pk for case in rows])
    found = (
        (case, what_if([step for step in steps[case.pk] if step.on <= on], rules, other)) for case in rows
    )
    return [(case, differences) for case, differences in found if differences.any]


def _price(record: PhaseOnRecord, phase_id: int) -> Decimal | None:
    """The price in 元; of a phased contract the phase's part by land area, unknown where the areas aren't stated."""
    if record.price_wan is None:
        return None
    price = record.price_wan * YUAN_A_WAN
    if ContractPhase.objects.filter(contract__phases=phase_id).count() > 1:
        land, whole = record.facts.land_to_develop_m2, record.area_m2
        if not land or not whole:
            return None
        price = price * land / whole
    return price.quantize(CENT, ROUND_HALF_UP)
