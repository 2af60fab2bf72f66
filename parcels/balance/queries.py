"""What is known of the line and of an adjustment on a day: the facts that the checks judge.

Refuses to write, and to measure ground otherwise than the line itself is measured: on the ellipsoid, unrounded.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.db.models import Exists, OuterRef, Q, QuerySet

from landgis.counties.models import County
from landgis.counties.queries import parameters
from landgis.lib.errors import NotFound
from layers.areas import standing_on
from layers.control_lines.models import ControlLine
from layers.control_lines.queries import retained
from layers.control_lines.rules import Cut, area_m2, cut_out, ground, union_of
from layers.geometry.area import ellipsoidal_area_m2
from layers.geometry.exact import shapes
from layers.geometry.transform import Geometries, box_shape
from parcels.balance.models import Adjustment, AdjustmentStep, Inclusion, LineEntry, SurplusUse
from parcels.balance.rules import Facts, Incoming, Limits, Surplus, limits_from, worst_level
from parcels.balance.steps import APPROVAL, CLOSED, ENTRY

NOBODY = 0  # no row has this number


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece that somebody wants to bring in (EPSG:4490), with what they state of it."""

    name: str
    geom_4490: shapely.Geometry
    level: str = ""
    plan_class_code: str = ""
    plan_basis: str = ""
    approved_on: date | None = None
    approval: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """An adjustment as it is thought of: `out_4490` (None: nothing leaves), the pieces, and ㎡ by earlier adjustment."""

    out_4490: shapely.Geometry | None
    pieces: tuple[Piece, ...] = ()
    uses: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """The pieces of the line side by side."""

    ids: tuple[int, ...]
    levels: tuple[str, ...]
    since: tuple[date, ...]
    geoms_4490: Geometries

    @property
    def total_m2(self) -> float:
        return float(ellipsoidal_area_m2(self.geoms_4490).sum())


@dataclass(frozen=True, slots=True)
class Gathered:
    """The facts, and the credited shape of each piece: without what the line, the county's border or others cut off."""

    facts: Facts
    credited_4490: tuple[shapely.MultiPolygon | None, ...] = field(default=())


def county_limits(county: County, on: date) -> Limits:
    return limits_from(parameters(county, on))


def line_on(county: County, on: date | None = None) -> Line:
    """The line on a day; None = the newest versions."""
    rows = ControlLine.objects.filter(Q(valid_to=None) if on is None else standing_on(on), county=county)
    told = list(rows.order_by("pk").values_list("pk", "level", "valid_from", "geom_4490"))
    ids, levels, since, geoms = zip(*told, strict=True) if told else ((), (), (), ())
    return Line(ids, levels, since, shapes([shape_of(geom) for geom in geoms]))


def gathered(
    county: County,
    draft: Draft,
    limits: Limits,
    *,
    on: date,
    own: int | None = None,
    approval_on: date | None = None,
    approval_comes: bool = True,
) -> Gathered:
    """The facts of a draft that is to take effect on a day; `own`: the adjustment whose claims aren't against itself."""
    line = line_on(county)
    out = draft.out_4490 if draft.out_4490 is not None else shapely.Polygon()
    cut = cut_out(line.geoms_4490, out)
    out_m2 = area_m2(out)
    doubled_m2, outside_m2 = _covered(line, cut, out)
    incoming, credited = _incoming(county, draft, line, own, approval_on)
    newest = [
        *LineEntry.objects.filter(county=county).order_by("-on").values_list("on", flat=True)[:1], *line.since
    ]  # fmt: skip
    facts = Facts(
        effective_on=on,
        out_drawn_m2=out_m2,
        out_m2=float(cut.lost_m2.sum()),
        out_outside_m2=outside_m2,
        out_doubled_m2=doubled_m2,
        out_levels=tuple(line.levels[at] for at in cut.at.tolist()),
        out_claimed=_claimed_outs(county, out, own),
        total_m2=line.total_m2,
        newest_version=max((line.since[at] for at in cut.at.tolist()), default=None),
        newest_entry=max(newest, default=None),
        incoming=incoming,
        surplus=tuple(_used(county, draft, limits, own)),
        retained=tuple(retained(county, on)),
        approval_comes=approval_comes,
    )
    return Gathered(facts, credited)


def draft_of(adjustment: Adjustment) -> Draft:
    """What was applied for."""
    out = adjustment.out_geom_4490
    pieces = [
        Piece(
            row.name, shape_of(row.geom_4490), row.level, row.plan_class_code, row.plan_basis, row.approved_on, row.approval
        )
        for row in adjustment.inclusions.all()
    ]  # fmt: skip
    uses = adjustment.uses.order_by("pk").values_list("source_id", "area_m2")
    return Draft(None if out is None else shape_of(out), tuple(pieces), tuple(uses))


def adjustment_of(county: County, number: int) -> Adjustment:
    found = Adjustment.objects.filter(county=county, pk=number).first()
    if found is None:
        raise NotFound("没有这件控制线调整。", remedy="请返回控制线页面查看。")
    return found


def surpluses(county: County, limits: Limits, *, but: int | None = None) -> list[tuple[Adjustment, Surplus]]:
    """What the adjustments in force brought in beyond their own need and nobody uses; `used_m2` is left at 0.

    `but`: as if that adjustment weren't there.
    """
    free = free_areas(county, but=but)
    levels: dict[int, list[str]] = {}
    pieces = Inclusion.objects.filter(adjustment__in=[entry.adjustment_id for entry, _ in free])
    for number, level in pieces.values_list("adjustment_id", "level"):
        levels.setdefault(number, []).append(level)
    return [
        (
            entry.adjustment,
            Surplus(
                entry.adjustment.adjustment_no, entry.on, worst_level(levels.get(entry.adjustment_id, []), limits), area, 0.0
            ),
        )
        for entry, area in free
    ]  # fmt: skip


def free_areas(
    county: County, *, on: date | None = None, but: int | None = None
) -> list[tuple[LineEntry, float]]:
    """The entries with ㎡ left that no adjustment uses; `on`: as it was known on a day."""
    held = live(Adjustment.objects.filter(county=county).exclude(pk=but or NOBODY), on)
    entries = LineEntry.objects.filter(adjustment__in=held, kind=LineEntry.ENTERED).select_related(
        "adjustment"
    )
    if on is not None:
        entries = entries.filter(on__lte=on)
    entered = {entry.adjustment_id: entry for entry in entries.order_by("on", "pk")}
    free = {number: entry.in_m2 - entry.out_m2 for number, entry in entered.items()}
    uses = SurplusUse.objects.filter(adjustment__in=held)
    for user, source, area in uses.values_list("adjustment_id", "source_id", "area_m2"):
        if source in free:
            free[source] -= area
        if user in free:
            free[user] += area
    return [(entry, free[number]) for number, entry in entered.items() if free[number] > 0]


def shape_of(geom: Any) -> Any:
    return shapely.from_wkb(bytes(geom.wkb))


def live(rows: QuerySet[Adjustment], on: date | None = None) -> QuerySet[Adjustment]:
    """Neither withdrawn nor reversed (by a day), and applied for by it."""
    closed = AdjustmentStep.objects.filter(adjustment=OuterRef("pk"), step__in=CLOSED)
    if on is None:
        return rows.exclude(Exists(closed))
    begun = AdjustmentStep.objects.filter(adjustment=OuterRef("pk"), on__lte=on)
    return rows.filter(Exists(begun)).exclude(Exists(closed.filter(on__lte=on)))


def _covered(line: Line, cut: Cut, out: shapely.Geometry) -> tuple[float, float]:
    """㎡ of the ground that is to leave which lie under two pieces, and which lie under none."""
    if not len(cut.at):
        return 0.0, area_m2(out)
    inside = shapely.intersection(line.geoms_4490[cut.at], out)
    once = shapely.union_all(inside)
    doubled_m2 = float(ellipsoidal_area_m2(inside).sum()) - area_m2(once)
    return doubled_m2, area_m2(ground(shapely.difference(out, once)))


def _incoming(
    county: County, draft: Draft, line: Line, own: int | None, approval_on: date | None
) -> tuple[tuple[Incoming, ...], tuple[shapely.MultiPolygon | None, ...]]:
    everything = union_of([piece.geom_4490 for piece in draft.pieces])
    near = (
        line.geoms_4490[shapely.intersects(line.geoms_4490, everything)] if len(line.ids) else line.geoms_4490
    )
    inside = shapely.union_all(near)
    claims = _claimed_ins(county, everything, own)
    claimed = union_of([shape for _, shape in claims])
    within = _territory(county)
    told, credited, before = [], [], shapely.Polygon()
    for piece in draft.pieces:
        shape = piece.geom_4490
        own_ground = shapely.intersection(shape, within)
        rest = ground(shapely.difference(own_ground, shapely.union_all(shapes([inside, claimed, before]))))
        others = [(number, area_m2(ground(shapely.intersection(shape, other)))) for number, other in claims]
        siblings_m2 = area_m2(ground(shapely.intersection(shape, before)))
        told.append(
            Incoming(
                name=piece.name,
                drawn_m2=area_m2(shape),
                area_m2=area_m2(rest),
                level=piece.level,
                plan_class_code=piece.plan_class_code,
                approved_on=piece.approved_on or approval_on,
                in_line_m2=area_m2(ground(shapely.intersection(shape, inside))),
                outside_county_m2=area_m2(ground(shapely.difference(shape, within))),
                claimed=(*others, ("本件的其他调入", siblings_m2)),
            )
        )
        credited.append(rest)
        before = shapely.union_all(shapes([before, shape]))
    return tuple(told), tuple(credited)


def _territory(county: County) -> shapely.Geometry:
    if county.boundary_4490 is not None:
        return shape_of(county.boundary_4490)
    west, south, east, north = county.bbox_4490
    return box_shape((west, south, east, north))


def _claimed_ins(
    county: County, everything: shapely.Geometry, own: int | None
) -> list[tuple[str, shapely.Geometry]]:
    """Ground that other adjustments bring in, also those that are still under way."""
    if everything.is_empty:
        return []
    held = live(Adjustment.objects.filter(county=county).exclude(pk=own or NOBODY))
    rows = Inclusion.objects.filter(adjustment__in=held, geom_4490__bboverlaps=_geos(everything))
    found = rows.order_by("pk").values_list("adjustment__adjustment_no", "geom_4490")
    return [(number, shape_of(geom)) for number, geom in found]


def _claimed_outs(county: County, out: shapely.Geometry, own: int | None) -> tuple[tuple[str, float], ...]:
    """Ground that adjustments under way are about to take out; what has left the line isn't in it any more."""
    if out.is_empty:
        return ()
    open_ones = Adjustment.objects.filter(county=county).exclude(steps__step__in=[*CLOSED, ENTRY])
    rows = open_ones.exclude(pk=own or NOBODY).filter(out_geom_4490__bboverlaps=_geos(out)).order_by("pk")
    found = rows.values_list("adjustment_no", "out_geom_4490")
    return tuple(
        (number, area_m2(ground(shapely.intersection(shape_of(geom), out)))) for number, geom in found
    )


def _used(county: County, draft: Draft, limits: Limits, own: int | None) -> list[Surplus]:
    if not draft.uses:
        return []
    offered = {row.pk: one for row, one in surpluses(county, limits, but=own)}
    names = dict(
        Adjustment.objects.filter(county=county, pk__in=[source for source, _ in draft.uses]).values_list(
            "pk", "adjustment_no"
        )
    )
    none = Surplus("", None, "", 0.0, 0.0)
    found = []
    for source, area in draft.uses:
        one = offered.get(source, none)
        number = names.get(source, f"第 {source} 件")
        found.append(Surplus(number, one.entered_on, one.level, one.free_m2, area))
    return found


def _geos(shape: shapely.Geometry) -> GEOSGeometry:
    return GEOSGeometry(memoryview(shape.wkb), srid=4490)


def approval_day(adjustment: Adjustment) -> date | None:
    """The day of the step 批准, which approves the pieces that have no approval of their own."""
    found: date | None = adjustment.steps.filter(step=APPROVAL).values_list("on", flat=True).first()
    return found
