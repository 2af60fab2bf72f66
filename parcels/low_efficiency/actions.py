"""Writing files: filing candidates, freezing the year's list, taking steps and taking them back.

Refuses a step out of its order, by whoever may not take it, a day ahead, and an empty or twice corrected list.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
from django.db.models import Max

from landgis.access.queries import Actor
from landgis.access.rules import MANAGE_EVALUATION
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.counties.queries import parameters
from landgis.lib.days import not_ahead
from landgis.lib.deadlines import working_days_on
from landgis.lib.errors import Conflict, FieldErrors, Forbidden, InputError, NotFound
from landgis.lib.turns import wait_for_turn
from landgis.lib.workdays import WorkCalendar
from parcels.cadastre.attachments import keep_attachment
from parcels.cadastre.papers import read_paper
from parcels.grading.rules import FOUR_EYES
from parcels.low_efficiency.candidates import Candidates, find_candidates
from parcels.low_efficiency.models import LowEfficiencyFile, LowEfficiencyList, LowEfficiencyStep
from parcels.low_efficiency.procedure import (
    BY_TOWN,
    ENDED,
    FILED,
    LISTED,
    NOT_BY_HAND,
    PLANNED,
    PUBLICISED,
    RECLASSIFIED,
    REVERSAL,
    TITLES,
    WITH_EVIDENCE,
    Step,
    refusal,
)
from parcels.low_efficiency.queries import (
    as_rules,
    file_of,
    file_rows,
    heading,
    may_manage,
    may_report,
    steps_of,
)
from parcels.low_efficiency.rules import LABELS, SCALES, ListedFirm, fingerprint
from parcels.plans.actions import Upload
from parcels.plans.models import Plan
from parcels.plans.queries import plan_rows

FILE_NUMBER, LIST_NUMBER, PUBLICITY = (
    "low_efficiency.file_number", "low_efficiency.list_number", "low_efficiency.publicity_workdays",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person wrote about a step."""

    kind: str
    on: date
    text: str
    person: str
    evidence: str = ""
    until: date | None = None
    labels: tuple[str, ...] = ()
    category: str = ""
    plan_id: int | None = None
    paper: Upload | None = None


def file_firms(
    *,
    county: County,
    actor: Actor,
    data_year: int,
    usccs: Collection[str],
    on: date,
    today: date,
    category: str,
    text: str,
    label: str = "",
) -> list[LowEfficiencyFile]:
    """File the firms by what the rules say of them; `label`: what an officer adds by hand, with `text` as its reason."""
    actor.require_whole_county(MANAGE_EVALUATION)
    not_ahead(on, today)
    if label and label not in LABELS:
        raise InputError(
            "label_unknown",
            f"没有“{label}”这一类别。",
            f"可选：{'、'.join(LABELS.values())}。",
            field="label",
        )
    if not usccs or not text.strip():
        missing = "text" if usccs else "usccs"
        raise FieldErrors([{"field": missing, "message": "请选择企业并填写建档说明。"}])
    found = find_candidates(county, data_year, on)
    told = _labelled(found, usccs, label, text.strip())
    with change(
        county_code=county.code, by=actor.username, action="file_low_efficiency", reason=text, on=str(on),
        data_year=data_year, firms=len(told),
    ) as running:  # fmt: skip
        _one_at_a_time(county)
        firms = [found.firms[at] for at in told]
        if (
            known := LowEfficiencyFile.objects.filter(enterprise__in=firms)
            .select_related("enterprise")
            .first()
        ):
            raise Conflict(
                f"{known.enterprise.name}已建档（{known.file_no}）。",
                remedy="请在原档案中调整分类或者重新办理。",
            )
        pattern = str(parameters(county, on)[FILE_NUMBER])
        last = (
            LowEfficiencyFile.objects.filter(county=county, year=on.year).aggregate(n=Max("number"))["n"] or 0
        )
        made = LowEfficiencyFile.objects.bulk_create(
            LowEfficiencyFile(
                county=county, enterprise=firm, year=on.year, number=number, town_code=firm.town_code,
                file_no=pattern.format(year=on.year, number=number),
            )
            for number, firm in enumerate(firms, last + 1)
        )  # fmt: skip
        LowEfficiencyStep.objects.bulk_create(
            LowEfficiencyStep(
                file=item, seq=1, kind=FILED, on=on, labels=list(labels), reasons=list(reasons), category=category,
                data_year=data_year, text=text.strip(), person=actor.display_name or actor.username, by=actor.username,
            )
            for item, (labels, reasons) in zip(made, told.values(), strict=True)
        )  # fmt: skip
        running.summary["files"] = [item.file_no for item in made]
    return made


def freeze_list(
    *,
    county: County,
    actor: Actor,
    data_year: int,
    on: date,
    today: date,
    reason: str,
    corrects_id: int | None = None,
) -> LowEfficiencyList:
    """Freeze every open file of the day into the next list of its year, with a hash; what was only filed is listed by it."""
    actor.require_whole_county(MANAGE_EVALUATION)
    not_ahead(on, today)
    with change(
        county_code=county.code, by=actor.username, action="freeze_low_efficiency_list", reason=reason, on=str(on)
    ) as running:  # fmt: skip
        _one_at_a_time(county)
        corrected = _corrected(county, corrects_id)
        open_ones = [row for row in file_rows(county, actor, on) if row.state not in ENDED]
        if not open_ones:
            raise Conflict("没有在办的高耗低效企业，清单为空。", remedy="请先在排摸结果中建档。")
        found = find_candidates(county, data_year, on)
        at = {firm.pk: n for n, firm in enumerate(found.firms)}
        rows = sorted(
            (_listed(found, at[row.file.enterprise_id], row) for row in open_ones),
            key=lambda row: (row.town_code, row.uscc),
        )
        last = (
            LowEfficiencyList.objects.filter(county=county, year=on.year).aggregate(n=Max("number"))["n"] or 0
        )
        list_no = str(parameters(county, on)[LIST_NUMBER]).format(year=on.year, number=last + 1)
        told = heading(
            county.code,
            list_no,
            on,
            data_year,
            found.limits.rule_version,
            corrected.list_no if corrected else "",
        )
        made = LowEfficiencyList.objects.create(
            county=county,
            year=on.year,
            number=last + 1,
            list_no=list_no,
            data_year=data_year,
            on=on,
            rule_version=found.limits.rule_version,
            rows=[row.as_json() for row in rows],
            row_count=len(rows),
            sha256=fingerprint(told, rows),
            corrects=corrected,
            frozen_by=actor.username,
            reason=reason,
        )
        LowEfficiencyStep.objects.bulk_create(
            LowEfficiencyStep(
                file=row.file, seq=row.steps[-1].seq + 1, kind=LISTED, on=on, list=made, text=f"列入{list_no}",
                person=actor.display_name or actor.username, by=actor.username,
            )
            for row in open_ones
            if row.state == FILED
        )  # fmt: skip
        running.summary.update(list_no=list_no, rows=len(rows), sha256=made.sha256)
    return made


def record_step(
    *, county: County, actor: Actor, file_id: int, asked: Asked, today: date
) -> LowEfficiencyStep:
    """A step that a person takes, with its evidence and one paper."""
    of = file_of(actor, file_id)
    if asked.kind not in TITLES or asked.kind in NOT_BY_HAND:
        raise InputError("low_step_kind", f"没有“{asked.kind}”这一步骤。", "请从档案页面办理。", field="kind")
    if not (may_manage(actor) or (asked.kind in BY_TOWN and may_report(actor, of))):
        if may_report(actor, of):
            raise Forbidden("镇街账号只能登记整治完成和镇街初验。", remedy="其他步骤请由亩均评价专管员办理。")
        actor.require_whole_county(MANAGE_EVALUATION)
    not_ahead(asked.on, today)
    _whole(asked)
    values: dict[str, Any] = {}
    if asked.kind == RECLASSIFIED:
        values = {"labels": list(asked.labels), "reasons": [asked.text.strip()], "category": asked.category}
    with change(
        county_code=county.code, by=actor.username, action=f"low_efficiency_{asked.kind}",
        reason=f"{TITLES[asked.kind]}：{asked.text}"[:500], on=str(asked.on), file=of.file_no,
    ) as running:  # fmt: skip
        if asked.kind == PLANNED:
            values["plan"] = _plan(county, actor, of, asked.plan_id, today)
        if asked.paper is not None:
            values["paper"] = keep_attachment(
                county, asked.paper.content, read_paper(asked.paper.content, asked.paper.name), name=asked.paper.name,
                kind="other", note=f"{of.file_no} {TITLES[asked.kind]}", by=actor.username,
            )  # fmt: skip
        made = add_step(county, actor, of, asked, **values)
        running.summary["step"] = made.seq
    return made


def reverse_step(
    *, county: County, actor: Actor, file_id: int, seq: int, on: date, today: date, reason: str
) -> LowEfficiencyStep:
    """Take the last step back; both stay on record."""
    actor.require_whole_county(MANAGE_EVALUATION)
    of, asked = file_of(actor, file_id), Asked(REVERSAL, on, reason, actor.display_name or actor.username)
    not_ahead(on, today)
    _whole(asked)
    with change(
        county_code=county.code, by=actor.username, action="reverse_low_efficiency", reason=reason, file=of.file_no, seq=seq
    ):  # fmt: skip
        undone = LowEfficiencyStep.objects.filter(file=of, seq=seq).first()
        if undone is None:
            raise NotFound("没有这一步。", remedy="请刷新页面。")
        return add_step(county, actor, of, asked, reverses=undone)


def add_step(
    county: County, actor: Actor, of: LowEfficiencyFile, asked: Asked, **values: Any
) -> LowEfficiencyStep:
    """Write a step inside a declared change, where the order allows it."""
    _hold(of)
    known = as_rules(steps_of([of.pk])[of.pk])
    undone = values.get("reverses")
    number = undone.seq if undone else None
    step = Step(len(known) + 1, asked.kind, asked.on, asked.until, number, actor.username)
    until = _publicity_until(county, asked.on) if asked.kind == PUBLICISED else None
    eyes = bool(parameters(county, asked.on)[FOUR_EYES])
    if refused := refusal(known, step, publicity_until=until, four_eyes=eyes):
        if refused.field:
            raise InputError("low_step_refused", refused.message, refused.remedy, field=refused.field)
        raise Conflict(refused.message, code="low_step_refused", remedy=refused.remedy)
    return LowEfficiencyStep.objects.create(
        file=of,
        seq=step.seq,
        kind=asked.kind,
        on=asked.on,
        until=asked.until,
        text=asked.text.strip(),
        evidence=asked.evidence.strip(),
        person=asked.person.strip(),
        by=actor.username,
        **values,
    )


def _labelled(
    found: Candidates, usccs: Collection[str], label: str, text: str
) -> dict[int, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Place of each firm → its labels and their reasons."""
    place = {uscc: n for n, uscc in enumerate(found.facts.uscc)}
    if unknown := [uscc for uscc in usccs if uscc not in place]:
        raise NotFound(f"没有统一社会信用代码为 {unknown[0]} 的企业。", remedy="请核对后重新选择。")
    told = {}
    for at in sorted({place[uscc] for uscc in usccs}):
        by_rule = {
            code: found.judged.reasons[code][at] for code, flags in found.judged.labels.items() if flags[at]
        }
        if not found.judged.member[at]:
            by_rule = {}
        if label:
            by_rule.setdefault(label, text)
        if not by_rule:
            head = found.facts.evaluated_with[at]
            why = f"与{head}合并评价，请为{head}建档" if head else "按规则不属于高耗低效企业"
            raise Conflict(f"{found.firms[at].name}{why}。", remedy="确需列入的，请选择类别并说明依据。")
        told[at] = (tuple(by_rule), tuple(str(reason) for reason in by_rule.values()))
    return told


def _listed(found: Candidates, at: int, row: Any) -> ListedFirm:
    firm = found.firms[at]
    return ListedFirm(
        file_no=row.file.file_no,
        uscc=firm.uscc,
        name=firm.name,
        town_code=row.file.town_code,
        town=row.town_name,
        industry_code=found.facts.industry[at],
        scale=SCALES[int(found.facts.above_scale[at])],
        labels=row.labels,
        reasons=row.reasons,
        category=row.category,
        land_m2=_text(found.facts.land_m2[at]),
        energy_tce=_text(found.facts.energy_tce[at]),
        value_added_wan=_text(found.facts.value_added_wan[at]),
    )


def _text(value: Any) -> str | None:
    """A figure as the register keeps it: to four decimals."""
    return None if np.isnan(value) else f"{Decimal(repr(round(float(value), 4))).normalize():f}"


def _plan(county: County, actor: Actor, of: LowEfficiencyFile, plan_id: int | None, today: date) -> Plan:
    found = Plan.objects.filter(pk=plan_id or 0, county=county, enterprise=of.enterprise).first()
    rows = plan_rows(county, actor, today, [found]) if found else []
    if found is None or not rows or rows[0].standing.state == "closed":
        raise InputError(
            "plan_missing",
            "该企业没有在办的一企一策方案。",
            "请先在一企一策中为该企业编制方案。",
            field="plan_id",
        )
    return found


def _whole(asked: Asked) -> None:
    """Every field that this kind of step needs."""
    issues = []
    for name, title, needed in (
        ("text", "情况说明", True),
        ("person", "经办人", True),
        ("evidence", "依据材料", asked.kind in WITH_EVIDENCE),
        ("labels", "类别", asked.kind == RECLASSIFIED),
    ):
        given = getattr(asked, name)
        if needed and not (given.strip() if isinstance(given, str) else given):
            issues.append({"field": name, "message": f"请填写{title}。"})
    if unknown := set(asked.labels) - set(LABELS):
        issues.append({"field": "labels", "message": f"没有“{min(unknown)}”这一类别。"})
    if issues:
        raise FieldErrors(issues)


def _publicity_until(county: County, on: date) -> date:
    stated = parameters(county, on)
    return working_days_on(on, int(stated[PUBLICITY]), working=WorkCalendar.from_mapping(stated)).rolled


def _corrected(county: County, pk: int | None) -> LowEfficiencyList | None:
    if pk is None:
        return None
    found = LowEfficiencyList.objects.filter(pk=pk, county=county).first()
    if found is None:
        raise NotFound("没有要更正的这一期清单。", remedy="请在清单页选择。")
    if LowEfficiencyList.objects.filter(corrects=found).exists():
        raise Conflict(f"{found.list_no} 已经更正过。", remedy="请更正其后的那一期。")
    return found


def _hold(of: LowEfficiencyFile) -> None:
    wait_for_turn("low_efficiency_file", of.pk)


def _one_at_a_time(county: County) -> None:
    wait_for_turn("low_efficiency", county.code)
