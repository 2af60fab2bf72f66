"""An upheld objection carried out: the fact is put right where it lives, and the run's frozen inputs are corrected with it.

Refuses a claim that the register or the inputs contradict, one that changes nothing, and to let somebody judge their own entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from landgis.access.queries import Actor
from landgis.counties.models import County
from landgis.lib.errors import Conflict, FieldErrors, InputError
from landgis.lib.units import mu_to_m2
from parcels.cadastre.models import Parcel
from parcels.enterprises.models import Enterprise, FirmYear, Occupancy
from parcels.enterprises.year_actions import StatedYear, correct_year, enter_year
from parcels.evaluation.rules import RETURNED
from parcels.grading.claims import AREA, ENDED, EXEMPTION, GROUP, LAND_USE, LET_OUT, TENANCY, VETO
from parcels.grading.corrections import in_group, with_exemption, with_land, without_veto
from parcels.grading.fact_actions import correct_fact, enter_fact, reverse_fact
from parcels.grading.facts import StatedFact, facts_in_force
from parcels.grading.freezing import freeze
from parcels.grading.frozen import Frozen
from parcels.grading.models import FirmFact, GradingRun, Objection
from parcels.land_use.actions import Stated, choose_tenancy, correct_use, end_use, enter_use
from parcels.land_use.rules import reference_day
from parcels.returns.actions import correct_figures
from parcels.schemes.queries import Chosen

NO_EFFECT = "按此更正，该企业的评价数据没有变化。"


@dataclass(frozen=True, slots=True)
class Correcting:
    """What is corrected: the objection with the claim as it was decided, on which run, by whom and why."""

    county: County
    actor: Actor
    run: GradingRun
    scheme: Chosen
    objection: Objection
    claim: Mapping[str, Any]
    because: str

    @property
    def uscc(self) -> str:
        return self.objection.uscc


def require_possible(
    county: County, run_year: int, inputs: Frozen, uscc: str, kind: str, claim: Mapping[str, Any]
) -> None:
    """Raise FieldErrors where the claim is of something that the inputs or the register don't have, or have already."""
    at = inputs.at(uscc)
    if at is None:
        _refuse("uscc", f"冻结数据中没有企业 {uscc}。")
        return
    code = claim.get("code", "")
    if kind == VETO and code not in inputs.maps["vetoes"][at]:
        _refuse("code", "冻结数据中该企业没有这项降档；合并评价的，请以登记该事项的企业提出。")
    if kind == EXEMPTION and code in inputs.maps["exemptions"][at]:
        _refuse("code", "冻结数据中该企业已有这项免评。")
    if kind == GROUP and not _differs(inputs, at, claim):
        _refuse("above_scale", "与冻结数据相同，没有需要更正的内容。")
    if kind == LAND_USE:
        _land_known(county, run_year, uscc, claim)


def entered_by(county: County, run: GradingRun, objection: Objection, claim: Mapping[str, Any]) -> set[str]:
    """Who objected, and who entered what is objected to: none of them decides."""
    people = {objection.filed_by}
    if objection.kind == VETO:
        codes = {objection.claim["code"], claim.get("code")}
        held = facts_in_force(county, [run.year]).filter(
            enterprise__uscc=objection.uscc, kind="veto", code__in=codes
        )
        people |= set(held.values_list("entered_by", flat=True))
    return people


def put_figures_right(told: Correcting, figures: Mapping[str, float | None]) -> None:
    """The figures in the firm's return, and the scheme's own ones among its facts; inside a declared change."""
    known = {name: None if value is None else Decimal(repr(value)) for name, value in figures.items()}
    returned = {name: value for name, value in known.items() if name in RETURNED}
    who: dict[str, Any] = {"county": told.county, "actor": told.actor, "reason": told.because}
    if returned:
        correct_figures(**who, uscc=told.uscc, year=told.run.year, figures=returned)
    held = facts_in_force(told.county, [told.run.year]).filter(enterprise__uscc=told.uscc, kind="figure")
    facts = {fact.code: fact for fact in held}
    for name, value in known.items():
        if name in RETURNED:
            continue
        fact = facts.get(name)
        stated = StatedFact(told.uscc, "figure", name, _basis(told.objection), value, _paper(told.objection))
        if fact is not None and value is None:
            reverse_fact(**who, fact_id=fact.pk)
        elif fact is not None:
            correct_fact(**who, fact_id=fact.pk, stated=stated)
        elif value is not None:
            enter_fact(**who, year=told.run.year, stated=stated)


def put_right(told: Correcting, inputs: Frozen) -> Frozen:
    """The fact corrected in the register, and the next version of the inputs; inside a declared change."""
    require_possible(told.county, told.run.year, inputs, told.uscc, told.objection.kind, told.claim)
    made = {VETO: _no_veto, EXEMPTION: _exempt, GROUP: _regroup, LAND_USE: _land}[told.objection.kind](
        told, inputs
    )
    if len(made.corrections) == len(inputs.corrections):
        raise Conflict(NO_EFFECT, remedy="请核对异议内容；确实不影响评价的，请不予采纳并说明理由。")
    return made


def _no_veto(told: Correcting, inputs: Frozen) -> Frozen:
    code = told.claim["code"]
    found = _veto(told.county, told.run, told.uscc, code)
    if found is not None:
        reverse_fact(county=told.county, actor=told.actor, fact_id=found.pk, reason=told.because)
    return without_veto(inputs, told.uscc, code, because=told.because)


def _exempt(told: Correcting, inputs: Frozen) -> Frozen:
    code = told.claim["code"]
    held = facts_in_force(told.county, [told.run.year]).filter(
        enterprise__uscc=told.uscc, kind="exemption", code=code
    )
    fact = held.first() or enter_fact(
        county=told.county, actor=told.actor, year=told.run.year, reason=told.because,
        stated=StatedFact(told.uscc, "exemption", code, _basis(told.objection), paper=_paper(told.objection)),
    )  # fmt: skip
    return with_exemption(inputs, told.uscc, code, fact.basis, because=told.because)


def _regroup(told: Correcting, inputs: Frozen) -> Frozen:
    county, actor, year = told.county, told.actor, told.run.year
    stated = StatedYear(
        told.claim.get("above_scale"), told.claim.get("industry_code", ""), told.claim.get("industry_group", ""),
        basis=_basis(told.objection), paper=_paper(told.objection),
    )  # fmt: skip
    held = FirmYear.objects.filter(county=county, enterprise__uscc=told.uscc, year=year).first()
    if held is None:
        enter_year(county=county, actor=actor, uscc=told.uscc, year=year, stated=stated, reason=told.because)
    else:
        stated = replace(
            stated,
            above_scale=held.above_scale if stated.above_scale is None else stated.above_scale,
            industry_code=stated.industry_code or held.industry_code,
            industry_group=stated.industry_group or held.industry_group,
            town_code=held.town_code,
        )
        correct_year(
            county=county,
            actor=actor,
            number=held.pk,
            seen=held.change_id,
            stated=stated,
            reason=told.because,
        )
    return in_group(inputs, told.uscc, told.claim, because=told.because)


def _land(told: Correcting, inputs: Frozen) -> Frozen:
    """The register's land before and after: who gained or lost by it has the same in the inputs."""
    before = freeze(told.county, told.scheme, told.run.year)
    _change_land(told)
    after = freeze(told.county, told.scheme, told.run.year)
    return with_land(inputs, before, after, because=told.because)


def _change_land(told: Correcting) -> None:
    claim, year = told.claim, told.run.year
    who: dict[str, Any] = {"county": told.county, "actor": told.actor, "reason": told.because}
    parcel, change = _parcel(told.county, claim), claim["change"]
    if change == TENANCY:
        tenant = claim.get("other_uscc") or told.uscc
        firm = Enterprise.objects.get(county=told.county, uscc=tenant)
        choose_tenancy(**who, parcel_id=parcel.pk, tenant_id=firm.pk, year=year, apart=claim["apart"])
    elif change in (AREA, ENDED):
        use = _use(told.county, year, told.uscc, parcel)
        if change == ENDED:
            end_use(**who, use_id=use.pk, seen=use.change_id, on=date.fromisoformat(claim["to"]))
            return
        lessor = use.lessor.uscc if use.lessor else ""
        stated = Stated(told.uscc, use.role, lessor, use.valid_from, use.valid_to, area_m2=_m2(claim))
        correct_use(**who, use_id=use.pk, seen=use.change_id, stated=stated)
    else:
        tenant, lessor = told.uscc, claim["other_uscc"]
        if change == LET_OUT:
            tenant, lessor = lessor, tenant
        until = date.fromisoformat(claim["to"]) if claim.get("to") else None
        begun = date.fromisoformat(claim["from"])
        stated = Stated(tenant, "leased_in", lessor, begun, until, area_m2=_m2(claim))
        enter_use(**who, parcel_id=parcel.pk, stated=stated)


def _differs(inputs: Frozen, at: int, claim: Mapping[str, Any]) -> bool:
    scale = claim.get("above_scale")
    texts = any(
        claim.get(name) and claim[name] != inputs.texts[name][at]
        for name in ("industry_code", "industry_group")
    )
    return texts or (scale is not None and int(inputs.above_scale[at]) != int(scale))


def _land_known(county: County, year: int, uscc: str, claim: Mapping[str, Any]) -> None:
    parcel = _parcel(county, claim)
    other = claim.get("other_uscc")
    if other and not Enterprise.objects.filter(county=county, uscc=other).exists():
        _refuse("other_uscc", f"登记库中没有企业 {other}，请先导入该企业或改正代码。")
    if other == uscc and claim["change"] != TENANCY:
        _refuse("other_uscc", "对方企业不能是企业自己。")
    if claim["change"] in (AREA, ENDED):
        _use(county, year, uscc, parcel)


def _parcel(county: County, claim: Mapping[str, Any]) -> Parcel:
    found = Parcel.objects.filter(county=county, code=claim["parcel_code"]).order_by("-pk").first()
    if found is None:
        raise InputError(
            "parcel_unknown",
            f"登记库中没有宗地 {claim['parcel_code']}。",
            "请核对宗地代码。",
            field="parcel_code",
        )
    return found


def _use(county: County, year: int, uscc: str, parcel: Parcel) -> Occupancy:
    """The one use of the parcel that counted for the firm at the end of the year."""
    on = reference_day(year)
    rows = Occupancy.objects.filter(
        county=county, parcel=parcel, enterprise__uscc=uscc, valid_from__lte=on
    ).select_related("lessor")
    found = [row for row in rows if row.valid_to is None or row.valid_to > on]
    if len(found) != 1:
        told = "没有用地记录" if not found else f"有 {len(found)} 条用地记录，不能判断更正哪一条"
        raise InputError(
            "use_unclear", f"该企业 {year} 年末在宗地 {parcel.code} 上{told}。",
            "请核对宗地代码，或由评价专管员在企业用地中处理。", field="parcel_code",
        )  # fmt: skip
    return found[0]


def _veto(county: County, run: GradingRun, uscc: str, code: str) -> FirmFact | None:
    held = facts_in_force(county, [run.year])
    return held.filter(enterprise__uscc=uscc, kind="veto", code=code).first()


def _m2(claim: Mapping[str, Any]) -> Decimal:
    return mu_to_m2(Decimal(claim["area_mu"])).quantize(Decimal("0.0001"))


def _basis(objection: Objection) -> str:
    return objection.evidence[:1000]


def _paper(objection: Objection) -> tuple[str, bytes] | None:
    return (objection.file_name, bytes(objection.file)) if objection.file is not None else None


def _refuse(field: str, message: str) -> None:
    raise FieldErrors([{"field": field, "code": "claim_impossible", "message": message}])
