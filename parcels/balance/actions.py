"""Applying for an adjustment of the line, taking its steps, entering it in the line, and reversing it.

Refuses an adjustment that a check speaks against, a step out of order, and to change anything half: each is one transaction
under the county's lock, in which everything is measured anew.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.db.models import Max

from landgis.access.queries import Actor
from landgis.access.rules import MANAGE_CAMPAIGNS
from landgis.counties.models import County
from landgis.counties.queries import parameters
from landgis.lib.errors import Conflict, InputError
from layers.control_lines.actions import Added, Redrawn, line_change, put_back, redraw
from layers.control_lines.queries import RETAINED_REMEDY, line_m2, shortfall
from layers.control_lines.rules import area_m2, ground, union_of
from layers.geometry.exact import multi, require_valid, shapes
from parcels.balance.models import Adjustment, AdjustmentStep, Inclusion, LineEntry, SurplusUse
from parcels.balance.queries import (
    Draft,
    Gathered,
    adjustment_of,
    approval_day,
    county_limits,
    draft_of,
    gathered,
    line_on,
    shape_of,
)
from parcels.balance.rules import Check, judged, refused
from parcels.balance.steps import (
    APPLICATION,
    APPROVAL,
    ENTRY,
    JUDGED,
    REVERSED,
    STEPS,
    WITHDRAWN,
    require_step,
)

SOURCE = "占补平衡调整"


def checks_of_draft(county: County, draft: Draft, on: date) -> list[Check]:
    """What if: every check of a draft that would take effect on a day. Nothing is written."""
    _require_sound(draft)
    limits = county_limits(county, on)
    return judged(gathered(county, draft, limits, on=on).facts, limits)


def apply_for(
    *,
    county: County,
    actor: Actor,
    draft: Draft,
    title: str,
    purpose: str,
    planned_on: date,
    on: date,
    person: str,
    document: str,
    today: date,
) -> Adjustment:
    """The application (申请) with its first step; refused where a check fails already, since nothing of it can be changed."""
    actor.require_whole_county(MANAGE_CAMPAIGNS)
    _require_sound(draft)
    if planned_on < on:
        raise InputError(
            "planned_too_early", f"拟生效日期 {planned_on} 早于申请日期 {on}。", "请核对日期。", field="planned_on"
        )  # fmt: skip
    require_step(APPLICATION, on, [], today=today, publicity_days=0)
    with line_change(
        county_code=county.code, by=actor.username, action="apply_adjustment", reason=purpose, title=title
    ) as running:
        limits = county_limits(county, on)
        found = gathered(county, draft, limits, on=planned_on)
        checks = judged(found.facts, limits)
        _require(checks, "申请", pending=False)
        stated = parameters(county, on)
        serial = _last_serial(county, on.year) + 1
        made = Adjustment.objects.create(
            county=county,
            adjustment_no=str(stated["control_line.number"]).format(year=on.year, number=serial),
            year=on.year,
            serial=serial,
            title=title,
            purpose=purpose,
            planned_on=planned_on,
            out_geom_4490=None if draft.out_4490 is None else _geos(draft.out_4490),
            out_m2=found.facts.out_m2,
            rule_version=str(stated["control_line.rule_version"]),
            recorded_by=actor.username,
        )
        Inclusion.objects.bulk_create(_inclusions(made, draft, found))
        SurplusUse.objects.bulk_create(
            [SurplusUse(adjustment=made, source_id=source, area_m2=area) for source, area in draft.uses]
        )
        _step(made, APPLICATION, on, person, document, "", checks, actor)
        running.summary |= {"adjustment": made.adjustment_no, "out_m2": made.out_m2}
    return made


def take_step(
    *,
    county: County,
    actor: Actor,
    number: int,
    step: str,
    on: date,
    person: str,
    document: str,
    note: str = "",
    today: date,
) -> Adjustment:
    """The next step with its day, person and document; entering (入库) redraws the line from that day."""
    actor.require_whole_county(MANAGE_CAMPAIGNS)
    if step not in STEPS or step == APPLICATION:
        raise InputError("step_unknown", f"没有“{step}”这一步。", "请刷新页面后重试。", field="step")
    adjustment = adjustment_of(county, number)
    with line_change(
        county_code=county.code, by=actor.username, action=f"adjustment_{step}",
        reason=note or f"{adjustment.adjustment_no} {STEPS[step]}", adjustment=adjustment.adjustment_no,
    ) as running:  # fmt: skip
        taken = list(adjustment.steps.order_by("pk").values_list("step", "on"))
        limits = county_limits(county, on)
        require_step(step, on, taken, today=today, publicity_days=limits.publicity_days)
        checks: list[Check] = []
        found: Gathered | None = None
        if step in JUDGED:
            day = on if step == ENTRY else max(on, adjustment.planned_on)
            approved = on if step == APPROVAL else approval_day(adjustment)
            found = gathered(
                county, draft_of(adjustment), limits, on=day, own=adjustment.pk, approval_on=approved,
                approval_comes=approved is None,
            )  # fmt: skip
            checks = judged(found.facts, limits)
            _require(checks, STEPS[step], pending=step in (APPROVAL, ENTRY))
        if step == ENTRY and found is not None:
            running.summary |= _enter(county, adjustment, found, on)
        elif step == REVERSED:
            running.summary |= _reverse(county, adjustment, on)
        _step(adjustment, step, on, person, document, note, checks, actor)
    return adjustment


def _enter(county: County, adjustment: Adjustment, found: Gathered, on: date) -> dict[str, Any]:
    out = adjustment.out_geom_4490
    rows = list(adjustment.inclusions.all())
    added = [
        Added(
            f"{adjustment.adjustment_no}-{row.number}",
            shape,
            {
                "name": row.name,
                "level": row.level,
                "batch": adjustment.adjustment_no,
                "basis": row.plan_basis,
            },
        )
        for row, shape in zip(rows, found.credited_4490, strict=True)
        if shape is not None
    ]
    moved = redraw(
        county,
        taken_4490=None if out is None else shape_of(out),
        added=added,
        on=on,
        source=f"{SOURCE} {adjustment.adjustment_no}",
    )
    return _entry(county, adjustment, LineEntry.ENTERED, moved, on)


def _reverse(county: County, adjustment: Adjustment, on: date) -> dict[str, Any]:
    """The line as it was before; refused where others rest on what this one brought in or took out."""
    users = adjustment.used_by.exclude(adjustment__steps__step__in=[WITHDRAWN, REVERSED])
    user = users.order_by("pk").values_list("adjustment__adjustment_no", flat=True).first()
    if user is not None:
        raise Conflict(
            f"{adjustment.adjustment_no} 的结余已由 {user} 使用。",
            code="surplus_used", remedy=f"请先撤回或者冲销 {user}。",
        )  # fmt: skip
    entry = adjustment.entries.get(kind=LineEntry.ENTERED)
    newest = LineEntry.objects.filter(county=county).aggregate(last=Max("on"))["last"]
    if newest > on:
        raise Conflict(
            f"台账已登记到 {newest}，不能再补记 {on}。", code="entry_order", remedy="请写明不早于该日的日期。"
        )
    _require_free(county, adjustment, entry)
    before_m2 = line_m2(county, on)
    moved = put_back(
        county,
        ended=entry.ended,
        began=entry.began,
        on=on,
        source=f"冲销 {SOURCE} {adjustment.adjustment_no}",
    )
    if broken := shortfall(county, on, before_m2):
        raise Conflict(
            f"不能冲销 {adjustment.adjustment_no}：{broken}。", code="below_retained", remedy=RETAINED_REMEDY
        )
    return _entry(county, adjustment, LineEntry.REVERSED, moved, on)


def _require_free(county: County, adjustment: Adjustment, entry: LineEntry) -> None:
    """The ground that would come back must not have come into the line again meanwhile."""
    if adjustment.out_geom_4490 is None:
        return
    line, limits = line_on(county), county_limits(county, entry.on)
    others = [shape for pk, shape in zip(line.ids, line.geoms_4490, strict=True) if pk not in entry.began]
    out = shape_of(adjustment.out_geom_4490)
    common_m2 = area_m2(ground(shapely.intersection(out, union_of(others))))
    if limits.matters(common_m2, adjustment.out_m2):
        raise Conflict(
            f"原调出的土地有 {common_m2:,.2f} 平方米已由其后的调整重新划入控制线。",
            code="line_changed_since", remedy="请先冲销其后的调整，或者另办一件调整予以更正。",
        )  # fmt: skip


def _entry(county: County, adjustment: Adjustment, kind: str, moved: Redrawn, on: date) -> dict[str, Any]:
    LineEntry.objects.create(
        county=county, adjustment=adjustment, kind=kind, on=on, in_m2=moved.gained_m2, out_m2=moved.lost_m2,
        began=list(moved.began), ended=list(moved.ended),
    )  # fmt: skip
    return {
        "in_m2": moved.gained_m2,
        "out_m2": moved.lost_m2,
        "began": len(moved.began),
        "ended": len(moved.ended),
    }


def _require(checks: list[Check], what: str, *, pending: bool) -> None:
    against = refused(checks, pending=pending)
    if against:
        told = "；".join(f"{check.title}：{check.told}" for check in against)
        raise Conflict(f"不能办理{what}。{told}。", code=against[0].code, remedy=against[0].remedy)


def _require_sound(draft: Draft) -> None:
    if draft.out_4490 is not None:
        require_valid(shapes([draft.out_4490]), whose="调出")
    for piece in draft.pieces:
        require_valid(shapes([piece.geom_4490]), whose=piece.name)
    sources = [source for source, _ in draft.uses]
    if len(sources) != len(set(sources)):
        raise InputError("surplus_twice", "同一件调整的结余填写了两次。", "请合并为一行。", field="uses")
    if any(not 0 < area < float("inf") for _, area in draft.uses):
        raise InputError("surplus_area", "使用的结余面积必须大于零。", "请填写平方米数。", field="uses")


def _inclusions(made: Adjustment, draft: Draft, found: Gathered) -> list[Inclusion]:
    return [
        Inclusion(
            adjustment=made,
            number=number,
            name=piece.name,
            level=piece.level,
            plan_class_code=piece.plan_class_code,
            plan_basis=piece.plan_basis,
            approved_on=piece.approved_on,
            approval=piece.approval,
            geom_4490=_geos(shape),
            area_m2=area_m2(shape),
        )
        for number, (piece, shape) in enumerate(zip(draft.pieces, found.credited_4490, strict=True), start=1)
        if shape is not None
    ]


def _step(
    adjustment: Adjustment, step: str, on: date, person: str, document: str, note: str, checks: list[Check], actor: Actor
) -> None:  # fmt: skip
    if not person.strip() or not document.strip():
        raise InputError(
            "step_untold", "每一步都要写明经办人和文件。", "请填写经办人、文件名称或者文号。", field="person"
        )
    AdjustmentStep.objects.create(
        adjustment=adjustment, step=step, on=on, person=person, document=document, note=note,
        verdict=[check.as_json() for check in checks], recorded_by=actor.username,
    )  # fmt: skip


def _last_serial(county: County, year: int) -> int:
    last: int | None = Adjustment.objects.filter(county=county, year=year).aggregate(last=Max("serial"))[
        "last"
    ]
    return last or 0


def _geos(shape: Any) -> Any:
    whole = shape if shape.geom_type == "MultiPolygon" else multi(shapely.get_parts(shape))
    return GEOSGeometry(memoryview(shapely.force_2d(whole).wkb), srid=4490)
