"""Objections to a published evaluation: filed by the firm's town with evidence, decided with a reason.

Refuses an objection from another town, one without evidence, its decision by who made it, and a correction that isn't computed
in the same moment.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from datetime import date
from typing import Any

from landgis.access.queries import Actor, in_territory
from landgis.access.rules import REPORT_FACTS
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.counties.queries import parameters
from landgis.lib.errors import Conflict, FieldErrors, InputError, NotFound
from parcels.cadastre.papers import read_paper
from parcels.evaluation.rules import LAND
from parcels.grading.actions import StepRefused, add_step, allowed, keep, one_at_a_time, rerun, step_of
from parcels.grading.claims import FIGURE, KINDS, LAND_USE, read_claim
from parcels.grading.correcting import Correcting, entered_by, put_figures_right, put_right, require_possible
from parcels.grading.frozen import BUILDING, Frozen
from parcels.grading.models import GradingRun, GradingScore, Objection, ObjectionDecision
from parcels.grading.queries import newest_input, newest_result, run_of
from parcels.grading.results import figure_titles
from parcels.grading.rules import DECISION, FOUR_EYES, OBJECTION
from parcels.schemes.definition import Definition
from parcels.schemes.queries import Chosen
from parcels.schemes.reading import read_definition

LONGEST_NAME = 200


def file_objection(
    *,
    county: County,
    actor: Actor,
    run_id: int,
    uscc: str,
    on: date,
    statement: str,
    evidence: str,
    kind: str = FIGURE,
    claim: Mapping[str, Any] | None = None,
    file: bytes | None = None,
    file_name: str = "",
) -> Objection:
    """The firm's town files what the firm objects to and what it claims, within the notice; a PDF or photo may be added."""
    actor.require(REPORT_FACTS)
    faults = [
        {"field": field, "code": "text_missing", "message": message}
        for field, text, message in (
            ("statement", statement, "没有写明异议内容。"),
            ("evidence", evidence, "没有写明依据（文书、凭证的名称和文号）。"),
        )
        if not text.strip()
    ]
    if faults:
        raise FieldErrors(faults)
    evidence, statement = evidence.strip(), statement.strip()
    paper = read_paper(file, file_name or "附件") if file is not None else None
    with change(
        county_code=county.code,
        by=actor.username,
        action="evaluation_objection",
        reason=statement,
        run=run_id,
        uscc=uscc,
        kind=kind,
    ) as running:
        one_at_a_time(county)
        run = run_of(county, run_id)
        result = newest_result(run)
        row = in_territory(GradingScore.objects.filter(result=result, uscc=uscc), actor).first()
        if row is None:
            raise NotFound(
                f"本辖区参评企业中没有 {uscc}。",
                remedy="请核对统一社会信用代码；外镇街企业由其所属镇街提出。",
            )
        allowed(run, OBJECTION, on)
        claimed = _claimed(run, kind, claim or {})
        if kind != FIGURE:
            inputs = Frozen.from_text(newest_input(run).text)
            require_possible(county, run.year, inputs, uscc, kind, claimed)
        made = Objection.objects.create(
            run=run,
            result=result,
            uscc=uscc,
            name=row.name,
            town_code=row.town_code,
            kind=kind,
            claim=claimed,
            statement=statement,
            evidence=evidence,
            file_name=file_name[:LONGEST_NAME] if paper else "",
            file_type=paper.media_type if paper else "",
            file=file,
            file_sha256=hashlib.sha256(file).hexdigest() if file is not None else "",
            filed_on=on,
            filed_by=actor.username,
        )
        add_step(run, OBJECTION, on, actor, statement, objection=made)
        running.summary.update(objection=made.pk, claim=claimed)
    return made


def decide_objection(
    *,
    county: County,
    actor: Actor,
    objection_id: int,
    upheld: bool,
    on: date,
    reason: str,
    corrections: Mapping[str, Any] | None = None,
    claim: Mapping[str, Any] | None = None,
) -> ObjectionDecision:
    """Uphold or reject; what is put right makes the next version of the inputs and its result.

    `corrections`: of an objection to figures, those that change (None = unknown). `claim`: of any other, what is put right
    where that isn't just what was claimed.
    """
    found = Objection.objects.filter(pk=objection_id, run__county=county).first()
    if found is None:
        raise NotFound("没有这件异议。", remedy="请在异议列表中选择。")
    with step_of(county, actor, found.run_id, DECISION, on, reason) as (run, running):
        if ObjectionDecision.objects.filter(objection=found).exists():
            raise Conflict("该异议已经处理。", remedy="如有新的证据，请由镇街另行提出异议。")
        if on < found.filed_on:
            raise InputError(
                "day_before", f"处理日期 {on} 早于提出日期 {found.filed_on}。", "请改正日期。", field="on"
            )
        if corrections and not upheld:
            raise InputError(
                "corrections_of_rejected",
                "驳回的异议不能更正数据。",
                "请改为采纳，或去掉更正。",
                field="corrections",
            )
        definition = read_definition(run.scheme_version.definition)
        inputs = Frozen.from_text(newest_input(run).text)
        if corrections and found.kind != FIGURE:
            raise InputError(
                "corrections_of_other_kind",
                f"“{KINDS[found.kind]}”的异议不更正报送数据。",
                "数据有误的，请由镇街另行提出异议。",
                field="corrections",
            )
        claimed = _claimed(run, found.kind, found.claim if claim is None else claim) if upheld else {}
        _second_person(county, actor, run, found, claimed, on)
        figures = _figures(definition, inputs, found.uscc, corrections or {})
        because = f"异议 {found.pk}：{reason}"
        version = run.scheme_version
        scheme = Chosen(version.definition, definition, version.sha256, version)
        told = Correcting(county, actor, run, scheme, found, claimed, because)
        corrected = inputs
        if figures:
            put_figures_right(told, figures)
            corrected = inputs.corrected(found.uscc, figures, because=because)
        elif upheld and found.kind != FIGURE:
            corrected = put_right(told, inputs)
        changes = [dict(one) for one in corrected.corrections[len(inputs.corrections) :]]
        decision = ObjectionDecision.objects.create(
            objection=found,
            upheld=upheld,
            reason=reason,
            corrections=figures,
            changes=changes,
            decided_on=on,
            decided_by=actor.username,
        )
        result = keep(run, rerun(scheme, corrected), because, running) if changes else None
        add_step(run, DECISION, on, actor, reason, result=result, objection=found)
        running.summary.update(objection=found.pk, upheld=upheld, corrections=figures, changes=changes)
    return decision


def _claimed(run: GradingRun, kind: str, told: Mapping[str, Any]) -> dict[str, Any]:
    claim, faults = read_claim(kind, told, read_definition(run.scheme_version.definition))
    if faults:
        raise FieldErrors(
            [{"field": field, "code": "claim_invalid", "message": message} for field, message in faults]
        )
    return claim


def _second_person(
    county: County, actor: Actor, run: GradingRun, found: Objection, claim: Mapping[str, Any], on: date
) -> None:
    """Who objected, or entered what is objected to, doesn't decide; a county that lacks people may allow it."""
    if actor.username in entered_by(county, run, found, claim) and parameters(county, on)[FOUR_EYES]:
        raise StepRefused(
            f"异议须由另一人处理：账号 {actor.username} 提出了该异议，或登记了所异议的事项。",
            code="objection_same_hand",
            remedy="请由其他亩均评价专管员处理；人员不足的县可在规则参数中停用“审核环节换人办理”。",
        )


def _figures(
    definition: Definition, inputs: Frozen, uscc: str, corrections: Mapping[str, Any]
) -> dict[str, float | None]:
    """The corrected figures, each known to the inputs and a finite number, or None for unknown."""
    titles = figure_titles(definition)
    figures: dict[str, float | None] = {}
    faults = []
    for name, value in corrections.items():
        if name in (LAND, BUILDING):
            told = f"用地不作为数据更正，请由镇街按“{KINDS[LAND_USE]}”提出异议。"
            faults.append({"field": name, "code": "figure_of_land", "message": told})
            continue
        if name not in inputs.figures:
            known = "、".join(titles[code][0] for code in inputs.figures if code in titles and code != LAND)
            faults.append(
                {
                    "field": name,
                    "code": "figure_unknown",
                    "message": f"没有数据项“{name}”，可更正的有：{known}。",
                }
            )
            continue
        try:
            figures[name] = None if value is None or value == "" else float(value)
        except (TypeError, ValueError):
            figures[name] = math.nan
        if figures[name] is not None and not math.isfinite(figures[name] or 0.0):
            faults.append(
                {
                    "field": name,
                    "code": "figure_invalid",
                    "message": f"{titles.get(name, (name, ''))[0]} 不是数字。",
                }
            )
    if inputs.at(uscc) is None:
        faults.append({"field": "uscc", "code": "firm_unknown", "message": f"冻结数据中没有企业 {uscc}。"})
    if faults:
        raise FieldErrors(faults)
    return figures
