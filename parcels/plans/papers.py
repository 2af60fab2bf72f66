"""The sheet of a plan (一企一策表): its facts, issuing it with its number, its PDF, and finding it again.

Refuses a firm's sheet to whoever isn't cleared for its figures, and a sheet by whoever doesn't manage the plan.
"""

from __future__ import annotations

from typing import Any

from landgis.access.rules import ISSUE_DOCUMENTS
from landgis.audit.change import change
from landgis.lib.errors import Forbidden, NotFound
from parcels.cadastre.models import Parcel
from parcels.disposal.papers import location_picture
from parcels.documents.actions import add_pdfs, issue_document
from parcels.documents.models import IssuedDocument
from parcels.plans.models import PlanEntry, PlanSheet
from parcels.plans.plan_page import PlanFile
from parcels.plans.rules import ENTRIES, SENSES, right_to_manage

KIND = "one_plan"
DONE, LATE, WAITING = "已完成", "逾期", "未到期"


def issue_sheet(file: PlanFile) -> PlanSheet:
    """The sheet of the plan as it stands on the file's day, with its number and the parcel's place."""
    if not file.may_issue:
        raise Forbidden("没有出具该方案的权限。", remedy="请由编制方案的专管员出具。")
    of, county = file.row.subject, file.county
    right = right_to_manage(of.kind) if of.kind == "enterprise" else ISSUE_DOCUMENTS
    parcel = _parcel(file)
    with change(
        county_code=county.code, by=file.actor.username, action="issue_plan_sheet",
        reason=f"出具一企一策表 {file.plan.plan_no}", plan=file.plan.plan_no, version=file.row.version.seq,
    ) as running:  # fmt: skip
        paper = issue_document(
            county,
            file.actor,
            KIND,
            sheet_facts(file),
            on=file.on,
            reason=f"一企一策 {file.plan.plan_no} 第 {file.row.version.seq} 版",
            subject=of.holder or of.title,
            town_code=file.plan.town_code,
            pictures=location_picture(county, parcel) if parcel else None,
            right=right,
        )
        running.summary["document"] = paper.pk
        return PlanSheet.objects.create(version=file.row.version, document=paper)


def sheet_of(file: PlanFile, number: int) -> IssuedDocument:
    """A sheet of this plan with its bytes; another plan's isn't there."""
    rows = IssuedDocument.objects.filter(pk=number, plan_sheet__version__plan=file.plan)
    found = rows.select_related("number").first() if file.row.figures_shown else None
    if found is None:
        raise NotFound("方案没有这份文书。", remedy="请刷新方案页面。")
    return found


def make_sheet_pdf(file: PlanFile, number: int) -> None:
    """The PDF beside a sheet."""
    if not file.may_issue:
        raise Forbidden("没有出具该方案的权限。", remedy="请由编制方案的专管员生成。")
    paper = sheet_of(file, number)
    add_pdfs(file.county, file.actor, IssuedDocument.objects.filter(pk=paper.pk))


def sheet_facts(file: PlanFile) -> dict[str, Any]:
    """By the keys of the vocabulary."""
    row, of, contents = file.row, file.row.subject, file.row.contents
    standing = row.standing
    facts = {
        "plan_no": f"{file.plan.plan_no} 第 {row.version.seq} 版",
        "case_no": file.plan.case.case_no if file.plan.case else "",
        "holder": of.holder,
        "holder_uscc": of.uscc,
        "town": row.town_name,
        "parcel_code": of.parcel_code,
        "contract_no": of.contract_no,
        "location": of.location,
        "area_m2": of.area_m2,
        "land_use": of.land_use,
        "agreed_start": of.agreed_start,
        "agreed_completion": of.agreed_completion,
        "problem_kind": "、".join(row.problem_titles),
        "problem": contents.problem,
        "goal": contents.goal,
        "path": "、".join(row.path_titles),
        "lead_unit": f"▲{contents.lead_unit}",
        "helpers": "、".join(contents.helpers),
        "lead_person": contents.person,
        "plan_from": contents.from_on,
        "plan_to": contents.to_on,
        "plan_state": row.state_title,
        "handler": file.actor.display_name,
        "measures": [
            {"measure": item.text, "due_on": item.due_on, "unit": item.unit, "person": item.person}
            for item in contents.measures
        ],
        "targets": [
            {
                "metric": item.target.metric,
                "wanted": f"{SENSES[item.target.sense]} {item.target.value.normalize():f} {item.target.unit}",
                "due_on": item.target.due_on,
                "measured": f"{item.value.normalize():f}（{item.measured_on}）"
                if item.value is not None
                else "",
            }
            for item in standing.targets
        ],
        "milestones": [
            {
                "name": item.milestone.title,
                "planned_on": item.milestone.due_on,
                "actual_on": item.done_on,
                "state": DONE if item.done_on else LATE if item.late else WAITING,
            }
            for item in standing.milestones
        ],
        "followed": _followed(file),
    }
    return {key: value for key, value in facts.items() if value not in (None, "", [])}


def _followed(file: PlanFile) -> list[dict[str, Any]]:
    stands = {entry.seq for entry in file.row.standing.effective}
    rows = PlanEntry.objects.filter(plan=file.plan, seq__in=stands).order_by("on", "seq")
    return [
        {
            "on": row.on,
            "what": f"{ENTRIES[row.kind]}：{row.text}",
            "percent": f"{row.progress}%" if row.progress is not None else "",
            "by": row.person,
        }
        for row in rows
    ]


def _parcel(file: PlanFile) -> Parcel | None:
    """The subject's parcel; none of a firm, whose ground may be several parcels."""
    plan = file.plan
    known = (
        plan.case.parcel_id if plan.case else plan.phase.contract.parcel_id if plan.phase else plan.parcel_id
    )
    return Parcel.objects.filter(pk=known).first() if known else None
