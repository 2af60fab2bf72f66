"""The oversight agreement (监管协议) of a firm: its facts from the file and the plan, issued as a paper with its PDF.

Refuses an agreement without a plan that runs, and the paper to whoever isn't cleared for the firm's figures.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from landgis.access.queries import Actor
from landgis.access.rules import MANAGE_EVALUATION
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.errors import Conflict, NotFound
from parcels.documents.actions import add_pdfs, issue_document
from parcels.documents.models import IssuedDocument
from parcels.enterprises.models import AnnualReturn
from parcels.evaluation.land import land_of_firms
from parcels.low_efficiency.actions import Asked, add_step
from parcels.low_efficiency.models import LowEfficiencyFile, LowEfficiencyStep
from parcels.low_efficiency.procedure import AGREED, PLANNED, effective
from parcels.low_efficiency.queries import FileRow, as_rules, figures_shown, file_of, file_rows, steps_of
from parcels.plans.models import Plan
from parcels.plans.queries import PlanRow, plan_rows
from parcels.plans.rules import SENSES

KIND = "oversight_agreement"
BASELINE = (
    ("tax_wan", "税收实际贡献", "万元"),
    ("value_added_wan", "工业增加值", "万元"),
    ("revenue_wan", "营业收入", "万元"),
    ("energy_tce", "综合能耗", "吨标准煤"),
)


def issue_agreement(
    *,
    county: County,
    actor: Actor,
    file_id: int,
    today: date,
    inspection: str,
    default: str,
    address: str = "",
    legal_representative: str = "",
) -> LowEfficiencyStep:
    """The agreement by the firm's plan as it stands today; issuing it again replaces it as long as it isn't signed."""
    actor.require_whole_county(MANAGE_EVALUATION)
    of = file_of(actor, file_id)
    row = file_rows(county, actor, today, [of])[0]
    plan = current_plan(of)
    plans = plan_rows(county, actor, today, [plan]) if plan else []
    if not plans:
        raise Conflict("该企业还没有制定一企一策方案。", remedy="请先登记“制定一企一策”。")
    facts = _facts(county, row, plans[0]) | {
        "inspection_rhythm": inspection,
        "liabilities": default,
        "holder_address": address or of.enterprise.address,
        "legal_representative": legal_representative,
    }
    with change(
        county_code=county.code, by=actor.username, action="issue_oversight_agreement",
        reason=f"出具监管协议 {of.file_no}", file=of.file_no,
    ) as running:  # fmt: skip
        paper = issue_document(
            county,
            actor,
            KIND,
            {key: value for key, value in facts.items() if value not in (None, "", [])},
            on=today,
            reason=f"高耗低效企业监管协议 {of.file_no}",
            subject=of.enterprise.name,
            town_code=of.town_code,
            right=MANAGE_EVALUATION,
        )
        running.summary["document"] = paper.pk
        asked = Asked(
            AGREED,
            today,
            f"出具监管协议，依据方案 {plans[0].plan.plan_no}",
            actor.display_name or actor.username,
        )
        return add_step(county, actor, of, asked, document=paper)


def paper_of(actor: Actor, of: LowEfficiencyFile, number: int) -> IssuedDocument:
    """An agreement of this file with its bytes, for who is cleared for the firm."""
    rows = IssuedDocument.objects.filter(
        pk__in=LowEfficiencyStep.objects.filter(file=of, kind=AGREED, document=number).values("document")
    )
    found = rows.select_related("number").first() if figures_shown(actor, of) else None
    if found is None:
        raise NotFound("档案没有这份协议。", remedy="请刷新档案页面。")
    return found


def make_pdf(county: County, actor: Actor, of: LowEfficiencyFile, number: int) -> None:
    actor.require_whole_county(MANAGE_EVALUATION)
    paper = paper_of(actor, of, number)
    add_pdfs(county, actor, IssuedDocument.objects.filter(pk=paper.pk))


def current_plan(of: LowEfficiencyFile) -> Plan | None:
    """The plan of the newest planning step that stands."""
    steps = steps_of([of.pk])[of.pk]
    stands = {step.seq for step in effective(as_rules(steps)) if step.kind == PLANNED}
    return next((step.plan for step in reversed(steps) if step.seq in stands), None)


def _facts(county: County, row: FileRow, plan: PlanRow) -> dict[str, Any]:
    firm, contents = row.file.enterprise, plan.contents
    newest = AnnualReturn.objects.filter(enterprise=firm).order_by("-year").first()
    year = newest.year if newest else row.since.year
    area, codes = _land(county, firm.pk, year)
    return {
        "agreement_no": row.file.file_no,
        "party_town": row.town_name,
        "town": row.town_name,
        "holder": firm.name,
        "holder_uscc": firm.uscc,
        "labels": "、".join(row.label_titles),
        "plan_no": plan.plan.plan_no,
        "area_m2": area,
        "parcel_code": "、".join(codes)[:40] if len(codes) == 1 else "",
        "baseline": _baseline(newest),
        "goal": contents.goal,
        "path": "、".join(plan.path_titles),
        "plan_from": contents.from_on,
        "plan_to": contents.to_on,
        "targets": [
            {
                "metric": item.metric,
                "wanted": f"{SENSES[item.sense]} {item.value.normalize():f} {item.unit}",
                "due_on": item.due_on,
            }
            for item in contents.targets
        ],
        "milestones": [{"name": item.title, "planned_on": item.due_on} for item in contents.milestones],
    }


def _baseline(found: AnnualReturn | None) -> str:
    """The firm's last return in words; what wasn't returned is told as such."""
    if found is None:
        return "没有年度报表数据。"
    told = [
        f"{title}{getattr(found, name).normalize():f}{unit}"
        if getattr(found, name) is not None
        else f"{title}未报"
        for name, title, unit in BASELINE
    ]
    return f"{found.year} 年度：{'，'.join(told)}。"


def _land(county: County, firm_id: int, year: int) -> tuple[Any, list[str]]:
    """The firm's net land in ㎡ and its parcels, as the evaluation counts them."""
    land = land_of_firms(county, year)
    at = np.flatnonzero(land.firm_id == firm_id)
    if not at.size:
        return None, []
    uses = np.flatnonzero(land.uses.firm == at[0])
    total = float(land.uses.net_m2[uses].sum())
    codes = [land.parcel_code[n] for n in np.unique(land.uses.parcel[uses]).tolist()]
    return (f"{round(total, 2)}" if total > 0 else None), codes
