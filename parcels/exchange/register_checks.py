"""A delivery held against the register: what is there already, what contradicts it, what lies on registered ground.

Refuses to call a row known unless its vertices and every delivered fact agree with the register.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from django.db import connection
from numpy.typing import NDArray

from landgis.counties.models import County
from landgis.lib.issues import Issue
from layers.geometry.encoded import multipolygons
from layers.geometry.topology import overlaps_between
from layers.geometry.transform import CGCS2000, WEB_MERCATOR, transform_geometries, transform_xy
from parcels.cadastre.models import Parcel
from parcels.exchange.batch import Batch, Expectations
from parcels.exchange.fields import FIELDS
from parcels.exchange.spatial_checks import overlap_issue

# Between codes: one text goes to the server ten times as fast as an array of 100,000.
MARK = "\x1f"

ENDED = "ended"

# An edge of a county's box bends by far less than this between two of its points when it is brought over.
EDGE_POINTS, EDGE_MARGIN = 33, 0.01

# A vertex within a tenth of a millimetre is the same vertex.
SAME_VERTEX_DEG = 1e-9

BY_CODE = """
SELECT p.code, ST_AsBinary(p.geom_4490), p.valid_to IS NOT NULL, p.registered_area_m2,
       p.location, p.land_class_code, p.tenure, p.registered_on,
       coalesce((SELECT string_agg(h.name, '、' ORDER BY h.name)
                   FROM cadastre_holding g JOIN cadastre_holder h ON h.id = g.holder_id
                  WHERE g.parcel_id = p.id AND g.valid_to IS NULL), '')
  FROM cadastre_parcel p
 WHERE p.county_id = %s AND p.code = ANY(string_to_array(%s, E'\\x1f'))
"""

AROUND = """
SELECT p.code, ST_AsBinary(p.geom_4490)
  FROM cadastre_parcel p
 WHERE p.county_id = %s AND p.valid_to IS NULL AND NOT p.code = ANY(string_to_array(%s, E'\\x1f'))
   AND p.geom_3857 && ST_MakeEnvelope(%s, %s, %s, %s, 3857)
"""

Flags = NDArray[np.bool_]


def differences(batch: Batch, county: County) -> dict[int, list[str]]:
    """Row index → what differs from the parcel on record under its code; an empty list = nothing."""
    index = {code: i for i, code in enumerate(batch.text("code")) if code and not batch.rejected[i]}
    if not index or not _begun(county):
        return {}
    with connection.cursor() as cursor:
        cursor.execute(BY_CODE, [county.code, _joined(index)])
        rows = cursor.fetchall()
    found: dict[int, list[str]] = {}
    if not rows:
        return found
    at = np.array([index[row[0]] for row in rows])
    registered = shapely.from_wkb(np.array([bytes(row[1]) for row in rows], dtype=object))
    same_shape = shapely.equals_exact(
        registered, multipolygons(batch.geoms_4490[at]), tolerance=SAME_VERTEX_DEG
    )
    for i, same, (_, _, ended, area, *facts) in zip(at.tolist(), same_shape, rows, strict=True):
        if ended:
            found[i] = [ENDED]
            continue
        found[i] = [] if same else ["图形"]
        delivered_area = batch.registered_area_m2[i]
        if delivered_area is not None and area != round(delivered_area, 4):
            found[i].append(FIELDS["registered_area"][0])
        found[i] += _differing(batch, i, facts)
    return found


def _differing(batch: Batch, i: int, facts: list[Any]) -> Iterator[str]:
    location, land_class, tenure, registered_on, holders = facts
    for name, known in (
        ("location", location), ("land_class_code", land_class), ("tenure", tenure), ("holder", holders),
    ):  # fmt: skip
        said = batch.text(name)[i]
        if said and said != known:
            yield FIELDS[name][0]
    if batch.registered_on[i] is not None and batch.registered_on[i] != registered_on:
        yield FIELDS["registered_on"][0]


def unchanged_rows(found: dict[int, list[str]], count: int) -> Flags:
    """Rows that the register holds already, fact for fact."""
    same = np.zeros(count, dtype=bool)
    same[[i for i, differing in found.items() if not differing]] = True
    return same


def code_free(batch: Batch, found: dict[int, list[str]]) -> Iterator[Issue]:
    """A code in force with other facts, or of a parcel that has ended: an import enters new parcels only."""
    for i, differing in sorted(found.items()):
        if differing == [ENDED]:
            message = (
                f"第 {i + 1} 行：宗地代码 {batch.text('code')[i]} 属于已失效的宗地，不得再用于其他宗地。"
                "请改用新的宗地代码；要恢复原宗地，请办理恢复登记。"
            )
            yield Issue(i + 1, "code_retired", "code", message)
        elif differing:
            message = (
                f"第 {i + 1} 行：宗地代码 {batch.text('code')[i]} 已在库，{'、'.join(differing)}与库中不一致。"
                "导入不覆盖现有宗地；请改用变更登记，或改正代码。"
            )
            yield Issue(i + 1, "code_exists", "code", message)


def no_overlap(batch: Batch, county: County, same: Flags, expected: Expectations) -> Iterator[Issue]:
    """New ground that lies on registered ground."""
    rows = np.flatnonzero(batch.measured() & ~same)
    if not len(rows) or not _begun(county):
        return
    extent_3857 = _extent_3857(batch, rows, expected)
    with connection.cursor() as cursor:
        cursor.execute(AROUND, [county.code, _joined(batch.text("code")), *extent_3857])
        around = cursor.fetchall()
    if not around:
        return
    registered_4490 = shapely.from_wkb(np.array([bytes(wkb) for _, wkb in around], dtype=object))
    registered = transform_geometries(
        registered_4490, CGCS2000, batch.plane_crs, bbox_4490=expected.bbox_4490
    )
    least_m2 = float(expected.parameters["geometry.overlap_tolerance_m2"])
    first, second, area_m2 = overlaps_between(batch.geoms_survey[rows], registered, least_m2)
    for i, j, shared_m2 in zip(rows[first], second, area_m2, strict=True):
        yield overlap_issue(i, "overlap_register", f"在库宗地 {around[j][0]} ", shared_m2, expected)


def _begun(county: County) -> bool:
    """Whether the register holds anything of the county: before its first delivery there is nothing to send codes for."""
    return Parcel.objects.filter(county=county).exists()


def _extent_3857(batch: Batch, rows: NDArray[np.intp], expected: Expectations) -> list[float]:
    """The box around `rows`, a little too large: the edges of their box in the plane, brought over point by point."""
    west, south, east, north = shapely.total_bounds(batch.geoms_survey[rows])
    side = np.linspace(0, 1, EDGE_POINTS)[:, None]
    corners = np.array([[west, south], [east, south], [east, north], [west, north], [west, south]])
    edges = np.concatenate([a + side * (b - a) for a, b in pairwise(corners)])
    xy = transform_xy(edges, batch.plane_crs, WEB_MERCATOR, bbox_4490=expected.bbox_4490)
    low, high = xy.min(axis=0), xy.max(axis=0)
    margin = (high - low) * EDGE_MARGIN
    return [*(low - margin).tolist(), *(high + margin).tolist()]


def _joined(codes: Iterable[str]) -> str:
    return MARK.join(code for code in codes if code and MARK not in code)
