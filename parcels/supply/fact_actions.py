"""Entering, correcting and withdrawing the facts that papers and evidence bring, one at a time.

Refuses a fact outside the person's towns, a verdict by somebody who may only report, and a withdrawal without a reason; what
was there before stays in the history.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from typing import Any

from django.contrib.gis.geos import MultiPolygon
from django.db import IntegrityError, transaction

from landgis.access.queries import Actor
from landgis.access.rules import IMPORT_DATA, MANAGE_IDLE_CASES, REPORT_FACTS
from landgis.audit.change import Change, change
from landgis.counties.models import County
from landgis.lib.errors import Conflict, FieldErrors, Forbidden, InputError, NotFound
from landgis.lib.history import Recorded
from parcels.supply.fact_models import (
    CauseInterval,
    ConversionBatch,
    Encumbrance,
    Foundation,
    Milestone,
    MonitoringRegistration,
    Permit,
    Stoppage,
    SupplementAgreement,
)
from parcels.supply.fact_papers import Papers, keep_papers
from parcels.supply.models import ConstructionProgress, ContractPhase
from parcels.supply.queries import phase_in_territory
from parcels.supply.rules import KINDS, FactKind, issues_of

MODELS: dict[str, type[Recorded]] = {
    "supplement": SupplementAgreement,
    "permit": Permit,
    "foundation": Foundation,
    "stoppage": Stoppage,
    "cause": CauseInterval,
    "encumbrance": Encumbrance,
    "registration": MonitoringRegistration,
    "milestone": Milestone,
    "progress": ConstructionProgress,
}
CLASHES = {
    "stoppage_one_at_a_time": "该期已有与此重叠的停工记录，请先在原记录上填写复工日期。",
    "supplement_once": "该合同已登记过同一编号的补充协议，请更正原记录。",
    "permit_once": "该期已登记过同一许可证，请更正原记录。",
    "foundation_once_a_day": "该期当日已有同类基础的记录，请更正原记录。",
    "monitoring_once": "该期已登记过同一编号，请更正原记录。",
    "milestone_once": "该期已有此节点，请更正原记录。",
    "progress_once_a_day": "该期当日已有进度记录，请更正原记录。",
}


def enter_fact(
    kind_code: str,
    *,
    county: County,
    actor: Actor,
    phase_id: int,
    values: Mapping[str, Any],
    on: date,
    reason: str,
    whole_contract: bool = False,
    papers: Papers = (),
) -> int:
    """Store one more fact of a phase; with `whole_contract` a supplement holds for every phase. Returns its number.

    `papers`: the files that it rests on, as names and bytes.
    """
    kind = _kind(kind_code)
    phase = reported_phase(county, actor, phase_id)
    stated = checked(kind, values, actor, on)
    target: dict[str, Any] = {"contract": phase.contract} if kind.of_contract else {"phase": phase}
    if kind_code == "supplement":
        target["phase"] = None if whole_contract else phase
    with writing(county, actor, f"enter_{kind_code}", reason, phase, kind) as running, clashes_told():
        made = MODELS[kind_code]._default_manager.create(**target, **stated)
        kept = keep_papers(county, actor, phase.contract, kind_code, made.pk, papers)
        running.summary.update(fact=made.pk, values=told_values(stated), papers=kept)
    return int(made.pk)


def correct_fact(
    kind_code: str,
    *,
    county: County,
    actor: Actor,
    fact_id: int,
    values: Mapping[str, Any],
    on: date,
    reason: str,
    papers: Papers = (),
) -> None:
    """State some fields of a fact otherwise; the others stay as they are. Papers come beside those that it has."""
    kind = _kind(kind_code)
    fact = _fact(kind_code, fact_id)
    phase = reported_phase(county, actor, _phase_id(fact))
    kept = {field.name: getattr(fact, field.name) for field in kind.fields}
    if not actor.may(MANAGE_IDLE_CASES) and any(kept[name] for name in kind.verdict):
        raise Forbidden("县级已核定这条事实，镇街不能更正。", remedy="请联系县级专管员办理。")
    checked(kind, kept | dict(values), actor, on, touched=values)
    with writing(county, actor, f"correct_{kind_code}", reason, phase, kind) as running, clashes_told():
        for name, value in values.items():
            setattr(fact, name, value)
        fact.save(update_fields=list(values))
        kept_papers = keep_papers(county, actor, phase.contract, kind_code, fact_id, papers)
        running.summary.update(fact=fact_id, values=told_values(values), papers=kept_papers)


def withdraw_fact(
    kind_code: str, *, county: County, actor: Actor, fact_id: int, on: date, reason: str
) -> None:
    """Take a fact out that should never have been entered; the history keeps it with the reason."""
    kind = _kind(kind_code)
    fact = _fact(kind_code, fact_id)
    phase = reported_phase(county, actor, _phase_id(fact))
    if not actor.may(MANAGE_IDLE_CASES):
        raise Forbidden("镇街可以填报和更正事实，不能撤销已登记的事实。", remedy="请联系县级专管员办理。")
    with writing(county, actor, f"withdraw_{kind_code}", reason, phase, kind) as running:
        running.summary.update(fact=fact_id, on=str(on))
        fact.delete()


def store_batch(
    *,
    county: County,
    actor: Actor,
    batch_no: str,
    approved_on: date,
    geom_4490: MultiPolygon,
    source: str,
    reason: str,
) -> ConversionBatch:
    """Enter a conversion batch (农用地转用批次), or its ground anew under the number that it has."""
    actor.require_whole_county(IMPORT_DATA)
    if geom_4490.empty or not geom_4490.valid:
        message = f"批次“{batch_no}”的图形无效：{geom_4490.valid_reason}。"
        raise InputError("geometry_invalid", message, "请修正图形后重新导入。", field="geom")
    with change(
        county_code=county.code, by=actor.username, action="store_batch", reason=reason, batch=batch_no
    ):
        made, _ = ConversionBatch.objects.update_or_create(
            county=county,
            batch_no=batch_no,
            defaults={"approved_on": approved_on, "geom_4490": geom_4490, "source": source},
        )
    return made


@contextmanager
def clashes_told() -> Iterator[None]:
    """What the database refuses, in the words of the officer."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        for name, message in CLASHES.items():
            if name in str(error):
                raise Conflict(message, remedy="如原记录有误，请更正并写明原因。") from error
        raise


def _kind(code: str) -> FactKind:
    if code not in KINDS:
        raise NotFound(f"没有“{code}”这类事实。", remedy=f"可选：{'、'.join(KINDS)}。")
    return KINDS[code]


def reported_phase(county: County, actor: Actor, phase_id: int) -> ContractPhase:
    actor.require(REPORT_FACTS)
    phase = phase_in_territory(county, actor, phase_id)
    if phase is None:
        raise NotFound("没有这一合同分期，或者不在本账号的范围内。", remedy="请核对合同编号和分期。")
    return phase


def _fact(kind_code: str, fact_id: int) -> Recorded:
    fact = MODELS[kind_code]._default_manager.filter(pk=fact_id).first()
    if fact is None:
        raise NotFound("这条事实已不存在。", remedy="请刷新页面后重试。")
    return fact


def _phase_id(fact: Any) -> int:
    """The phase of a fact; of one that belongs to a contract, any phase: they share their towns."""
    if isinstance(fact, SupplementAgreement | Encumbrance):
        return ContractPhase.objects.filter(contract_id=fact.contract_id).values_list("id", flat=True)[0]
    return int(fact.phase_id)


def checked(
    kind: FactKind,
    values: Mapping[str, Any],
    actor: Actor,
    on: date,
    touched: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    if found := list(issues_of(kind, values, on)):
        raise FieldErrors(found)
    stated = {name for name, value in (touched if touched is not None else values).items() if value}
    if not actor.may(MANAGE_IDLE_CASES) and (decided := stated & set(kind.verdict)):
        titles = "、".join(field.title for field in kind.fields if field.name in decided)
        raise Forbidden(f"镇街只填报事实，{titles}由县级核定。", remedy="请删去这些项后重新提交。")
    return {name: value for name, value in values.items() if value is not None}


def writing(
    county: County, actor: Actor, action: str, reason: str, phase: ContractPhase, kind: FactKind
) -> AbstractContextManager[Change]:
    return change(
        county_code=county.code,
        by=actor.username,
        action=action,
        reason=reason,
        phase=phase.pk,
        contract=str(phase.contract),
        kind=kind.title,
    )


def told_values(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value if isinstance(value, dict) else str(value) for name, value in values.items()}
