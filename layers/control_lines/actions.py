"""Storing the industrial control line: from a delivered layer, and redrawn by an adjustment.

Refuses to overwrite a version: the one before ends on the day its successor begins.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction
from django.db.models import Max

from landgis.audit.change import Change, change
from landgis.counties.models import County
from landgis.lib.errors import Conflict, InputError
from landgis.lib.turns import wait_for_turn
from landgis.lib.upsert import Stored
from layers.control_lines.models import ControlLine
from layers.control_lines.queries import RETAINED_REMEDY, line_m2, shortfall
from layers.control_lines.rules import area_m2, cut_out
from layers.geometry.exact import shapes
from layers.geometry.transform import CGCS2000, WEB_MERCATOR, transform_geometries
from layers.versions import Delivered, store_versions

FACTS = ("name", "level", "batch", "basis")


@dataclass(frozen=True, slots=True)
class Added:
    """Ground that comes into the line, EPSG:4490, with the facts of its piece."""

    code: str
    geom_4490: shapely.MultiPolygon
    facts: dict[str, str]


@dataclass(frozen=True, slots=True)
class Redrawn:
    """What a redrawing did: the rows that ended and those that began, and the ㎡ that left and came."""

    ended: tuple[int, ...]
    began: tuple[int, ...]
    lost_m2: float
    gained_m2: float


def store_control_lines(county: County, delivered: Sequence[Delivered], *, source: str) -> Stored:
    """Bring the control line to what was delivered, in versions, inside a declared change.

    Raises InputError where the line would shrink below its 保有量 (`control_line.retained_mu`).
    """
    hold_line(county.code)
    before_m2 = {day: line_m2(county, day) for day in sorted({shape.valid_from for shape in delivered})}
    stored = store_versions(ControlLine, county, delivered, source=source, same_key={})
    for day, line in before_m2.items():
        if broken := shortfall(county, day, line):
            raise InputError("below_retained", f"{broken}。", RETAINED_REMEDY)
    return stored


def hold_line(county_code: str) -> None:
    """Wait for the other changes of the county's line, until the transaction ends: what is checked then still holds."""
    wait_for_turn("control_line", county_code)


@contextmanager
def line_change(*, county_code: str, by: str, action: str, reason: str, **summary: Any) -> Iterator[Change]:
    """A change that waits for the others of the county's line before it reads anything."""
    with transaction.atomic():
        hold_line(county_code)
        with change(county_code=county_code, by=by, action=action, reason=reason, **summary) as running:
            yield running


def redraw(
    county: County, *, taken_4490: shapely.Geometry | None, added: Sequence[Added], on: date, source: str
) -> Redrawn:
    """Take ground out of the line and bring other ground in, in versions from `on`; inside `line_change`."""
    ended: list[ControlLine] = []
    fresh, lost_m2 = list(added), 0.0
    if taken_4490 is not None:
        pieces = list(ControlLine.objects.filter(county=county, valid_to=None).order_by("pk"))
        cut = cut_out(shapes([_shape(row) for row in pieces]), taken_4490)
        ended, lost_m2 = [pieces[at] for at in cut.at.tolist()], float(cut.lost_m2.sum())
        fresh += [
            _as_added(row, rest) for row, rest in zip(ended, cut.rest_4490, strict=True) if rest is not None
        ]
    _end(ended, on)
    began = _begin(county, fresh, on, source)
    return Redrawn(_ids(ended), _ids(began), lost_m2, _total_m2([item.geom_4490 for item in added]))


def put_back(county: County, *, ended: Sequence[int], began: Sequence[int], on: date, source: str) -> Redrawn:
    """The line as it was before a redrawing, in new versions; refused once another change has built on it."""
    later = ControlLine.objects.filter(pk__in=began).exclude(valid_to=None).order_by("code").first()
    if later is not None:
        raise Conflict(
            f"控制线“{later.code}”在 {later.valid_to} 又有变动，不能直接撤回本次调整。",
            code="line_changed_since",
            remedy="请先撤回其后的调整，或者另办一件调整予以更正。",
        )
    leaving, coming = (
        list(ControlLine.objects.filter(pk__in=which).order_by("pk")) for which in (began, ended)
    )
    taken = ControlLine.objects.filter(county=county, valid_to=None, code__in=[row.code for row in coming])
    other = taken.exclude(pk__in=began).order_by("code").first()
    if other is not None:
        raise Conflict(
            f"控制线“{other.code}”已有新的现行版本，不能恢复原来的版本。",
            code="line_changed_since",
            remedy="请先核对导入的控制线图层，或者另办一件调整予以更正。",
        )
    _end(leaving, on)
    fresh = _begin(county, [_as_added(row, _shape(row)) for row in coming], on, source)
    lost_m2, gained_m2 = (_total_m2([_shape(row) for row in rows]) for rows in (leaving, coming))
    return Redrawn(_ids(leaving), _ids(fresh), lost_m2, gained_m2)


def _end(rows: Sequence[ControlLine], on: date) -> None:
    newest = max(rows, key=lambda row: row.valid_from, default=None)
    if newest is not None and newest.valid_from >= on:
        raise Conflict(
            f"控制线“{newest.code}”的现行版本自 {newest.valid_from} 生效，不早于 {on}。",
            code="version_not_later",
            remedy="请写明更晚的生效日期。",
        )
    ControlLine.objects.filter(pk__in=_ids(rows)).update(valid_to=on)


def _begin(county: County, items: Sequence[Added], on: date, source: str) -> list[ControlLine]:
    given = ControlLine.objects.filter(county=county, code__in=[item.code for item in items])
    last = dict(given.values("code").annotate(last=Max("version")).values_list("code", "last"))
    geoms = shapes([item.geom_4490 for item in items])
    drawn = transform_geometries(geoms, CGCS2000, WEB_MERCATOR) if len(items) else geoms
    rows = [
        ControlLine(
            county=county,
            code=item.code,
            geom_4490=_stored(item.geom_4490, CGCS2000),
            geom_3857=_stored(shape, WEB_MERCATOR),
            area_m2=area_m2(item.geom_4490),
            version=last.get(item.code, 0) + 1,
            valid_from=on,
            source=source,
            **item.facts,
        )
        for item, shape in zip(items, drawn, strict=True)
    ]
    return ControlLine.objects.bulk_create(rows)


def _as_added(row: ControlLine, geom_4490: Any) -> Added:
    return Added(row.code, geom_4490, {name: getattr(row, name) for name in FACTS})


def _stored(shape: Any, srid: int) -> Any:
    return GEOSGeometry(memoryview(shape.wkb), srid=srid)


def _shape(row: ControlLine) -> Any:
    return shapely.from_wkb(bytes(row.geom_4490.wkb))


def _ids(rows: Sequence[ControlLine]) -> tuple[int, ...]:
    return tuple(row.pk for row in rows)


def _total_m2(geoms_4490: Sequence[Any]) -> float:
    return sum(area_m2(geom) for geom in geoms_4490)
