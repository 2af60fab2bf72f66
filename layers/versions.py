"""Storing a delivered layer in versions: an equal shape stays, a changed one ends and its successor stands beside it.

A fact that wasn't known of a standing version may be completed where its layer says so; the history keeps what it was.

Refuses to overwrite or delete: what was in force on a past day can always be shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray

from landgis.counties.models import County
from landgis.lib.errors import InputError
from landgis.lib.upsert import Stored
from layers.geometry.encoded import ewkb
from layers.geometry.transform import CGCS2000, WEB_MERCATOR, transform_geometries
from layers.shape import Shape

Version = TypeVar("Version", bound=Shape)


@dataclass(frozen=True, slots=True)
class Delivered:
    """One shape of a delivery: its code, other fields, geometry (EPSG:4490, MultiPolygon) and first day in force."""

    code: str
    facts: dict[str, Any]
    geom_4490: shapely.Geometry
    valid_from: date


def store_versions(
    model: type[Version],
    county: County,
    delivered: Sequence[Delivered],
    *,
    source: str,
    same_key: dict[str, Any],
) -> Stored:
    """Bring the layer to what was delivered, inside a declared change; codes not delivered are left as they are."""
    manager = model._default_manager
    known = {row.code: row for row in manager.filter(county=county, valid_to=None, **same_key)}  # type: ignore[attr-defined]
    fresh, ended, completed, unchanged = [], [], [], 0
    for shape in delivered:
        before = known.get(shape.code)
        if before is not None and _equal(before, shape):
            unchanged += 1
            continue
        if before is not None and _complete(before, shape):
            completed.append(before)
            continue
        if before is not None:
            if shape.valid_from <= before.valid_from:
                raise InputError(
                    "version_not_later",
                    f"“{shape.code}”的新版本自 {shape.valid_from} 生效，不晚于现行版本（{before.valid_from}）。",
                    "请在数据中写明更晚的生效日期；如系更正，请先说明原因并撤回现行版本。",
                    field="valid_from",
                )
            before.valid_to = shape.valid_from
            ended.append(before)
        fresh.append((shape, before))
    manager.bulk_update(ended, ["valid_to"])
    if completed:
        manager.bulk_update(completed, model.completed_by_delivery)
    geoms = np.array([shape.geom_4490 for shape, _ in fresh], dtype=object)
    drawn = transform_geometries(geoms, CGCS2000, WEB_MERCATOR) if len(fresh) else geoms
    for (shape, before), hex_4490, hex_3857 in zip(fresh, _hex(geoms, 4490), _hex(drawn, 3857), strict=True):
        facts = {**same_key, **shape.facts}
        for name in model.completed_by_delivery if before is not None else ():
            facts[name] = facts.get(name) or getattr(before, name)
        if hasattr(model, "version"):
            facts["version"] = before.version + 1 if before is not None else 1  # type: ignore[attr-defined]
        manager.create(
            county=county, code=shape.code, geom_4490=hex_4490, geom_3857=hex_3857, valid_from=shape.valid_from,
            source=source, **facts,
        )  # fmt: skip
    return Stored(created=len(fresh) - len(ended), updated=len(ended) + len(completed), unchanged=unchanged)


def _hex(geoms: NDArray[np.object_], srid: int) -> list[str]:
    return [shape.hex() for shape in ewkb(geoms, srid)]


def _equal(row: Shape, shape: Delivered) -> bool:
    """The same facts and the same vertices; a figure computed from the shape needs no comparison.

    A fact that may be completed and that the delivery doesn't name is no other one.
    """
    differing = _differing(row, shape)
    return not differing and _same_shape(row, shape)


def _complete(row: Shape, shape: Delivered) -> bool:
    """Give the version what wasn't known of it, where that is all that the delivery says anew."""
    differing = _differing(row, shape)
    if any(name not in row.completed_by_delivery or getattr(row, name) for name in differing):
        return False
    if not differing or not _same_shape(row, shape):
        return False
    for name in differing:
        setattr(row, name, shape.facts[name])
    return True


def _differing(row: Shape, shape: Delivered) -> list[str]:
    return [
        name
        for name, value in shape.facts.items()
        if not isinstance(value, float)
        and getattr(row, name) != value
        and (value or name not in row.completed_by_delivery)
    ]


def _same_shape(row: Shape, shape: Delivered) -> bool:
    known = shapely.from_wkb(bytes(row.geom_4490.wkb))
    return bool(shapely.equals_exact(known, shape.geom_4490, tolerance=1e-9))
