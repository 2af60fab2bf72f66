"""Objections to a published evaluation: filed by the firm's town with evidence, decided with a reason.

Refuses an objection from another town, one without evidence, and a correction that isn't computed in the same moment.
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
from landgis.lib.errors import Conflict, FieldErrors, InputError, NotFound
from parcels.cadastre.papers import read_paper
from parcels.grading.actions import add_step, allowed, keep, one_at_a_time, rerun, step_of
from parcels.grading.frozen import Frozen
from parcels.grading.models import GradingScore, Objection, ObjectionDecision
from parcels.grading.queries import newest_input, newest_result, run_of
from parcels.grading.results import figure_titles
from parcels.grading.rules import DECISION, OBJECTION
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
    file: bytes | None = None,
    file_name: str = "",
) -> Objection:
    """The firm's town files what the firm objects to, within the notice; a PDF or photo may be added."""
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
    paper = read_paper(file, file_name or "附件") if file is not None else None
    with change(
        county_code=county.code,
        by=actor.username,
        action="evaluation_objection",
        reason=statement.strip(),
        run=run_id,
        uscc=uscc,
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
        made = Objection.objects.create(
            run=run,
            result=result,
            uscc=uscc,
            name=row.name,
            town_code=row.town_code,
            statement=statement.strip(),
            evidence=evidence.strip(),
            file_name=file_name[:LONGEST_NAME] if paper else "",
            file_type=paper.media_type if paper else "",
            file=file,
            file_sha256=hashlib.sha256(file).hexdigest() if file is not None else "",
            filed_on=on,
            filed_by=actor.username,
        )
        add_step(run, OBJECTION, on, actor, statement.strip(), objection=made)
        running.summary["objection"] = made.pk
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
) -> ObjectionDecision:
    """Uphold or reject; a corrected figure (None = unknown) makes the next version of the inputs and its result."""
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
        figures = _figures(definition, inputs, found.uscc, corrections or {})
        decision = ObjectionDecision.objects.create(
            objection=found,
            upheld=upheld,
            reason=reason,
            corrections=figures,
            decided_on=on,
            decided_by=actor.username,
        )
        result = None
        if figures:
            because = f"异议 {found.pk}：{reason}"
            version = run.scheme_version
            scheme = Chosen(version.definition, definition, version.sha256, version)
            result = keep(
                run, rerun(scheme, inputs.corrected(found.uscc, figures, because=because)), because, running
            )
        add_step(run, DECISION, on, actor, reason, result=result, objection=found)
        running.summary.update(objection=found.pk, upheld=upheld, corrections=figures)
    return decision


def _figures(
    definition: Definition, inputs: Frozen, uscc: str, corrections: Mapping[str, Any]
) -> dict[str, float | None]:
    """The corrected figures, each known to the inputs and a finite number, or None for unknown."""
    titles = figure_titles(definition)
    figures: dict[str, float | None] = {}
    faults = []
    for name, value in corrections.items():
        if name not in inputs.figures:
            known = "、".join(titles[code][0] for code in inputs.figures if code in titles)
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
