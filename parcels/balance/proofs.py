"""The proof that an adjustment is balanced (占补平衡证明): its facts, its map, issuing it with its number, and its PDF.

Refuses a proof before the approval and after a withdrawal or reversal: there is nothing proved then.
"""

from __future__ import annotations

from typing import Any

import shapely

from landgis.access.queries import Actor
from landgis.access.rules import MANAGE_CAMPAIGNS, VIEW_DOCUMENTS
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.errors import Conflict, NotFound
from landgis.lib.units import rounded
from layers.control_lines.queries import control_lines
from layers.control_lines.rules import area_m2
from layers.geometry.exact import shapes
from parcels.balance.corners import corner_facts
from parcels.balance.ledger import retained_on, statement
from parcels.balance.models import Adjustment, BalanceProof, LineEntry
from parcels.balance.queries import approval_day, shape_of
from parcels.balance.rules import STATES
from parcels.balance.steps import APPROVAL, CLOSED, STEPS
from parcels.documents.actions import add_pdfs, issue_document
from parcels.documents.map_picture import BESIDE, MARK, FontMissing, in_rows, location_map
from parcels.documents.models import IssuedDocument

KIND, MAP = "balance_proof", "location_map"
OUT = "调出"
MOST_NEAR = 5  # grounds with a sheet of their own: with the others' and the one of them all, they fill a page
ONE_COLUMN = 3  # sheets below each other; more of them stand in pairs


def may_read(actor: Actor) -> bool:
    """Whoever reads the bureau's papers, and whoever issues these, of the whole county."""
    return actor.town_codes is None and (actor.may(VIEW_DOCUMENTS) or actor.may(MANAGE_CAMPAIGNS))


def may_prove(steps: list[str]) -> bool:
    return APPROVAL in steps and not CLOSED & set(steps)


def issue_proof(county: County, actor: Actor, adjustment: Adjustment, *, on: Any) -> BalanceProof:
    """The proof as the adjustment stands on the day, with its number and its map."""
    actor.require_whole_county(MANAGE_CAMPAIGNS)
    if not may_prove(list(adjustment.steps.values_list("step", flat=True))):
        raise Conflict(
            f"{adjustment.adjustment_no} 尚未批准或者已经撤销，不能出具证明。",
            code="proof_too_early", remedy="请在批准之后出具。",
        )  # fmt: skip
    picture = proof_map(county, adjustment)
    with change(
        county_code=county.code, by=actor.username, action="issue_balance_proof",
        reason=f"出具占补平衡证明 {adjustment.adjustment_no}", adjustment=adjustment.adjustment_no,
    ) as running:  # fmt: skip
        paper = issue_document(
            county,
            actor,
            KIND,
            proof_facts(county, actor, adjustment),
            on=on,
            reason=f"占补平衡 {adjustment.adjustment_no}",
            subject=adjustment.title,
            pictures=None if picture is None else {MAP: picture},
            right=MANAGE_CAMPAIGNS,
        )
        running.summary["document"] = paper.pk
        return BalanceProof.objects.create(adjustment=adjustment, document=paper)


def proof_of(actor: Actor, adjustment: Adjustment, number: int) -> IssuedDocument:
    """A proof of this adjustment with its bytes; another's isn't there."""
    if not may_read(actor):
        actor.require_whole_county(VIEW_DOCUMENTS)
    found = (
        IssuedDocument.objects.filter(pk=number, balance_proof__adjustment=adjustment)
        .select_related("number")
        .first()
    )
    if found is None:
        raise NotFound("这件调整没有这份证明。", remedy="请刷新页面。")
    return found


def make_proof_pdf(county: County, actor: Actor, adjustment: Adjustment, number: int) -> None:
    """The PDF beside a proof."""
    actor.require_whole_county(MANAGE_CAMPAIGNS)
    rows = IssuedDocument.objects.filter(pk=number, balance_proof__adjustment=adjustment)
    if not rows.exists():
        raise NotFound("这件调整没有这份证明。", remedy="请刷新页面。")
    add_pdfs(county, actor, rows)


def proof_map(county: County, adjustment: Adjustment) -> bytes | None:
    """What leaves (red) and what comes in (blue) with the line around them; None where the machine has no font."""
    drawn = [(shape, name) for name, shape in _grounds(adjustment)]
    if not drawn:
        return None
    entry = adjustment.entries.filter(kind=LineEntry.ENTERED).first()
    line = control_lines(county, entry.on if entry else adjustment.planned_on).geoms_4490
    title = f"{adjustment.adjustment_no} 控制线调整示意图"
    sheets = [(drawn, title)]
    if _far_apart([shape for shape, _ in drawn]):  # on one sheet they would be dots
        near, rest = drawn[:MOST_NEAR], drawn[MOST_NEAR:]
        sheets = [(drawn, f"{title}（总体位置）"), *(([one], f"{one[1]}位置") for one in near)]
        sheets += [(rest, f"{title}（其余调入）")] if rest else []
    try:
        pictures = [_sheet(county, shown, line, name) for shown, name in sheets]
    except FontMissing:
        return None
    return in_rows(pictures, 1 if len(pictures) <= ONE_COLUMN else 2)


def _grounds(adjustment: Adjustment) -> list[tuple[str, Any]]:
    """What leaves, and what comes in as it is credited."""
    out = adjustment.out_geom_4490
    pieces = [(f"调入{row.number}", shape_of(row.geom_4490)) for row in adjustment.inclusions.all()]
    return [*([] if out is None else [(OUT, shape_of(out))]), *pieces]


def _sheet(county: County, shown: list[tuple[Any, str]], line: Any, title: str) -> bytes:
    """What leaves is drawn red and what comes in blue, also where either is alone."""
    reach = shapely.box(*shapely.total_bounds(shapes([shape for shape, _ in shown])))
    size = max(reach.bounds[2] - reach.bounds[0], reach.bounds[3] - reach.bounds[1])
    around = shapely.box(*shapely.bounds(shapely.buffer(reach, size)))
    return location_map(
        shown[0][0],
        title=title,
        survey_crs=county.survey_crs,
        label=shown[0][1],
        mark=MARK if shown[0][1] == OUT else BESIDE,
        neighbours_4490=[(shape, "") for shape in line[shapely.intersects(line, around)]],
        beside_4490=shown[1:],
    )


def _far_apart(grounds: list[Any]) -> bool:
    """Whether the smallest of them is less than an eighth of the sheet that would hold all."""
    if len(grounds) < 2:
        return False
    sizes = [max(east - west, north - south) for west, south, east, north in shapely.bounds(shapes(grounds))]
    west, south, east, north = shapely.total_bounds(shapes(grounds))
    return bool(min(sizes) * 8 < max(east - west, north - south))


def proof_facts(county: County, actor: Actor, adjustment: Adjustment) -> dict[str, Any]:
    """By the keys of the vocabulary; areas in ㎡ as they were entered, or as applied for while that is to come."""
    steps = list(adjustment.steps.order_by("pk"))
    verdict: list[dict[str, Any]] = next((step.verdict for step in reversed(steps) if step.verdict), [])
    rows = list(adjustment.inclusions.all())
    entry = adjustment.entries.filter(kind=LineEntry.ENTERED).first()
    approved = approval_day(adjustment)
    document = next((step.document for step in steps if step.step == APPROVAL), "")
    in_m2 = entry.in_m2 if entry else sum(row.area_m2 for row in rows)
    out_m2 = entry.out_m2 if entry else adjustment.out_m2
    used_m2 = sum(use.area_m2 for use in adjustment.uses.all())
    day = entry.on if entry else adjustment.planned_on
    after_m2 = _line_after(county, adjustment, entry, in_m2, out_m2)
    retained_m2, basis = retained_on(county, day)
    return {
        "adjustment_no": adjustment.adjustment_no,
        "adjustment_title": adjustment.title,
        "adjustment_purpose": adjustment.purpose,
        "effective_on": day,
        "handler": actor.display_name,
        "out_area_m2": rounded(out_m2),
        "in_area_m2": rounded(in_m2),
        "surplus_used_m2": rounded(used_m2) if used_m2 else None,
        "line_before_m2": rounded(after_m2 - in_m2 + out_m2),
        "line_after_m2": rounded(after_m2),
        "retained_area_m2": None if retained_m2 is None else rounded(retained_m2),
        "retained_basis": basis,
        **corner_facts(_grounds(adjustment), county.survey_crs),
        "brought_in": [
            {
                "name": row.name or f"调入{row.number}",
                "level": row.level,
                "plan_class": row.plan_class_code,
                "area_m2": rounded(row.area_m2),
                "approved_on": row.approved_on or approved,
                "approval": row.approval or document,
            }
            for row in rows
        ],
        "line_checks": [
            {"title": check["title"], "state": STATES[check["state"]], "told": check["told"], "basis": check["basis"]}
            for check in verdict
        ],
        "line_steps": [
            {"step": STEPS[step.step], "on": step.on, "person": step.person, "document": step.document} for step in steps
        ],
    }  # fmt: skip


def _line_after(
    county: County, adjustment: Adjustment, entry: LineEntry | None, in_m2: float, out_m2: float
) -> float:
    if entry is None:
        line = control_lines(county, adjustment.planned_on)
        return sum(area_m2(shape) for shape in line.geoms_4490) + in_m2 - out_m2
    movements = statement(county, entry.on).movements
    return next(row.total_m2 for row in movements if row.adjustment_id == adjustment.pk)
