"""Storing towns and platforms from a delivered layer.

Refuses a district that overlaps another of its kind: what is summed over them would be counted twice.
"""

from collections.abc import Sequence

import numpy as np
import shapely

from landgis.counties.models import County
from landgis.lib.errors import InputError
from landgis.lib.upsert import Stored
from layers.districts.models import District
from layers.geometry.equal_area import equal_area
from layers.geometry.topology import overlaps_between
from layers.versions import Delivered, store_versions

# Borders that were digitised twice differ by less.
OVERLAP_TOLERANCE_M2 = 1.0


def store_districts(county: County, delivered: Sequence[Delivered], *, kind: str, source: str) -> Stored:
    """Bring the districts of a kind to what was delivered, in versions, inside a declared change."""
    _refuse_overlaps(county, delivered, kind)
    return store_versions(District, county, delivered, source=source, same_key={"kind": kind})


def _refuse_overlaps(county: County, delivered: Sequence[Delivered], kind: str) -> None:
    """With those that stand and aren't delivered; among themselves they are the delivery's to check, row by row."""
    others = District.objects.filter(county=county, kind=kind, valid_to=None)
    standing = list(others.exclude(code__in=[shape.code for shape in delivered]).order_by("code"))
    if not standing or not delivered:
        return
    fresh, known = (
        equal_area(np.array(shapes, dtype=object), latitude=county.middle_latitude)
        for shapes in (
            [shape.geom_4490 for shape in delivered],
            [shapely.from_wkb(bytes(row.geom_4490.wkb)) for row in standing],
        )
    )
    found = overlaps_between(fresh, known, OVERLAP_TOLERANCE_M2)
    for i, j, area_m2 in zip(*found, strict=True):
        raise InputError(
            "overlap_in_register",
            f"“{delivered[i].code}”与已入库的“{standing[j].code} {standing[j].name}”重叠 {area_m2:.2f} ㎡。",
            "请核对双方边界，或将相邻的范围一并导入。",
            field="geometry",
        )
