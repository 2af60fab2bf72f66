"""What a plan is made for: a case, a contract phase, a parcel or a firm, and how it is named.

Refuses a subject outside the actor's county and towns, as if there were none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet

from landgis.access.queries import Actor, in_territory
from landgis.lib.errors import InputError, NotFound
from parcels.cadastre.models import Holding, Parcel
from parcels.disposal.models import IdleCase
from parcels.enterprises.models import Enterprise
from parcels.plans.models import Plan
from parcels.plans.rules import SUBJECTS, Subject
from parcels.supply.models import ContractPhase, SupplyContract

RELATED = ("case__phase__contract", "phase__contract", "parcel", "enterprise")
UNREAD = ("parcel__geom_4490", "parcel__geom_3857")
MOST_FOUND = 20


@dataclass(frozen=True, slots=True)
class Named:
    """A subject in words; what doesn't apply to its kind is empty."""

    kind: Subject
    pk: int
    title: str
    town_code: str
    holder: str = ""
    uscc: str = ""
    parcel_code: str = ""
    contract_no: str = ""
    location: str = ""
    land_use: str = ""
    area_m2: Decimal | None = None
    agreed_start: date | None = None
    agreed_completion: date | None = None

    @property
    def kind_title(self) -> str:
        return SUBJECTS[self.kind]


def subject(actor: Actor, kind: str, pk: int) -> Named:
    """The subject of that kind and number; raises NotFound where there is none for this person."""
    rows: dict[str, QuerySet[IdleCase] | QuerySet[ContractPhase] | QuerySet[Parcel] | QuerySet[Enterprise]]
    rows = {
        "case": in_territory(IdleCase.objects.select_related("phase__contract"), actor),
        "phase": in_territory(
            ContractPhase.objects.select_related("contract"), actor, field="contract__town_code"
        ),
        "parcel": in_territory(Parcel.objects.filter(valid_to=None), actor),
        "enterprise": in_territory(Enterprise.objects.all(), actor),
    }
    if kind not in rows:
        raise InputError("plan_subject", f"没有“{kind}”这种方案对象。", f"可选：{'、'.join(SUBJECTS)}。")
    found = rows[kind].filter(pk=pk).first()
    if found is None:
        raise NotFound("没有这一方案对象，或不在您的管辖范围内。", remedy="请在一企一策页面查找后选择。")
    holders = holders_of([found.pk]) if isinstance(found, Parcel) else {}
    return _named(found, holders)


def named(plans: Iterable[Plan]) -> dict[int, Named]:
    """Plan → its subject in words; the plans come with RELATED, holders of parcels are read in one statement."""
    plans = list(plans)
    holders = holders_of([plan.parcel_id for plan in plans if plan.parcel_id])
    return {plan.pk: _named(getattr(plan, plan.subject), holders) for plan in plans}


def same_ground(of: Named) -> Q:
    """Plans of the same subject; a case and its phase are the same."""
    if of.kind in ("case", "phase"):
        phase = IdleCase.objects.filter(pk=of.pk).values("phase") if of.kind == "case" else [of.pk]
        return same_phase(phase)
    return Q(**{f"{of.kind}_id": of.pk})


def same_phase(phase: object) -> Q:
    """Plans of these phases, or of cases of theirs."""
    return Q(case__phase__in=phase) | Q(phase__in=phase)


def find_subjects(actor: Actor, text: str) -> list[Named]:
    """What carries this number or name: case, contract, parcel code, USCC or name of a firm."""
    text = text.strip()
    if not text:
        return []
    cases = in_territory(IdleCase.objects.select_related("phase__contract"), actor)
    phases = in_territory(
        ContractPhase.objects.select_related("contract"), actor, field="contract__town_code"
    )
    parcels = list(in_territory(Parcel.objects.filter(valid_to=None, code=text), actor))
    holder = Q(contract__holder_name__icontains=text)
    found: list[IdleCase | ContractPhase | Parcel | Enterprise] = [
        *cases.filter(Q(case_no=text) | Q(phase__contract__parcel_code=text))[:MOST_FOUND],
        *phases.filter(
            Q(contract__contract_no=text) | Q(contract__supervision_no=text) | Q(contract__parcel_code=text) | holder
        ).order_by("contract_id", "phase_no")[:MOST_FOUND],
        *parcels,
        *in_territory(Enterprise.objects.filter(Q(uscc=text) | Q(name__icontains=text)), actor).order_by(
            "name"
        )[:MOST_FOUND],
    ]  # fmt: skip
    holders = holders_of([parcel.pk for parcel in parcels])
    return [_named(item, holders) for item in found]


def holders_of(parcel_ids: Iterable[int]) -> dict[int, str]:
    """Parcel → who holds it now, in one statement."""
    found: dict[int, list[str]] = {}
    wanted = list(parcel_ids)
    if not wanted:
        return {}
    rows = Holding.objects.filter(parcel_id__in=wanted, valid_to=None).order_by("parcel_id", "id")
    for parcel_id, name in rows.values_list("parcel_id", "holder__name"):
        found.setdefault(parcel_id, []).append(name)
    return {parcel_id: "、".join(names) for parcel_id, names in found.items()}


def _named(of: object, holders: dict[int, str]) -> Named:
    match of:
        case IdleCase():
            return _of_phase("case", of.pk, of.case_no, of.town_code, of.phase)
        case ContractPhase():
            number = of.contract.contract_no or of.contract.supervision_no
            return _of_phase("phase", of.pk, f"{number} 第 {of.phase_no} 期", of.contract.town_code, of)
        case Parcel():
            return Named(
                "parcel",
                of.pk,
                of.code,
                of.town_code,
                holder=holders.get(of.pk, ""),
                parcel_code=of.code,
                location=of.location,
                area_m2=of.registered_area_m2,
            )
        case Enterprise():
            return Named(
                "enterprise",
                of.pk,
                of.name,
                of.town_code,
                holder=of.name,
                uscc=of.uscc,
                location=of.address,
            )
    raise TypeError(of)


def _of_phase(kind: Subject, pk: int, title: str, town_code: str, phase: ContractPhase) -> Named:
    contract: SupplyContract = phase.contract
    return Named(
        kind,
        pk,
        title,
        town_code,
        holder=contract.holder_name,
        parcel_code=contract.parcel_code,
        contract_no=contract.contract_no or contract.supervision_no,
        location=contract.location,
        land_use=contract.land_use,
        area_m2=contract.area_m2,
        agreed_start=phase.agreed_start,
        agreed_completion=phase.agreed_completion,
    )
