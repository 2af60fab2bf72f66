"""Where a change set is laid out: the stored parcels concerned and their neighbours, the operations replayed, vertices shared.

Refuses to lose a digit: a vertex that wasn't touched goes back as it was stored, and neighbours get identical ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from landgis.counties.models import County
from landgis.lib.errors import InputError
from layers.geometry.exact import shapes as geometries
from layers.geometry.noding import node_together
from layers.geometry.transform import (
    CGCS2000,
    WEB_MERCATOR,
    Box,
    Floats,
    Geometries,
    transform_geometries,
    transform_xy,
)
from layers.geometry.vertex_book import VertexBook
from parcels.editing.operations import Tolerances, codes_named, reach, replay
from parcels.editing.pieces import Bench, Net, OperationError, Piece, points_of, shapes
from parcels.editing.queries import StoredShape, around, by_code
from parcels.editing.schemas import MOST_PARCELS, MOST_VERTICES

NONE: Geometries = np.empty(0, dtype=object)
# Of a degree: as far round the county's box a point may lie and still be judged by the rules rather than refused.
NEAR_DEG = 1.0
# In metres of the drawing: what lies nearer to an edited shape is loaded beside it.
BESIDE_M = 5.0


@dataclass(slots=True)
class Laid:
    """A change set laid out: what it comes to, and the shapes in the plane and in degrees."""

    county: County
    bench: Bench
    stored: dict[str, StoredShape]
    net: Net = field(default_factory=lambda: Net([], [], [], []))
    drawn: list[Piece] = field(default_factory=list)  # pieces whose shape is new, changed, or in force again
    geoms_4490: Geometries = field(default_factory=lambda: NONE)  # of `drawn`
    beside: list[Piece] = field(default_factory=list)
    densified: list[Piece] = field(default_factory=list)
    densified_4490: Geometries = field(default_factory=lambda: NONE)

    def base(self, pieces: Sequence[Piece]) -> Geometries:
        """The stored shapes of pieces, as they were."""
        return geometries([self.bench.base[piece.key] for piece in pieces])

    def touched(self) -> list[str]:
        """Stored parcels that stand another way afterwards; what was only looked at, or put back, isn't among them."""
        return [piece.key for piece in (*self.net.changed, *self.net.ended)]


def lay_out(
    county: County,
    operations: Sequence[Mapping[str, Any]],
    *,
    seen: Sequence[str],
    tolerances: Tolerances,
    before_replay: Callable[[Laid], None],
) -> Laid:
    """Load, replay and node, in a fixed number of statements; `seen` are further parcels to have at hand.

    `before_replay` sees what is stored before an operation can fail for being meant for another state.
    """
    check_extent(county, operations)
    laid = Laid(county, Bench(), {})
    named = codes_named(operations)
    _check_count(len(named))
    _put(laid, by_code(county, list(dict.fromkeys([*named, *seen]))))
    before_replay(laid)
    bench = laid.bench
    near = [piece.geom for piece in bench.pieces.values()]
    near += reach(operations)
    _put(
        laid, around(county, places_3857(county, geometries(near)), margin=BESIDE_M, known=list(laid.stored))
    )
    replay(operations, bench, tolerances)
    laid.net = bench.net(tolerances.on_line_m)
    _check_count(len(laid.net))
    laid.drawn = [piece for piece in laid.net.shaped() if bench.is_drawn(piece)]
    geoms = shapes(laid.drawn)
    _put(laid, around(county, places_3857(county, geoms), margin=BESIDE_M, known=list(laid.stored)))
    drawn = {id(piece) for piece in laid.drawn}
    laid.beside = [piece for piece in bench.live() if id(piece) not in drawn]
    _node(laid, tolerances)
    return laid


def survey(county: County, geoms_4490: Geometries) -> Geometries:
    """Shapes as the interface speaks of them."""
    if not len(geoms_4490):
        return geoms_4490
    return transform_geometries(geoms_4490, CGCS2000, county.survey_crs, bbox_4490=box_of(county))


def box_of(county: County) -> Box:
    west, south, east, north = county.bbox_4490
    return west, south, east, north


def places_3857(county: County, geoms_survey: Geometries) -> Geometries:
    """Shapes of the survey where the drawing has its index."""
    if not len(geoms_survey):
        return geoms_survey
    return transform_geometries(geoms_survey, county.survey_crs, WEB_MERCATOR, bbox_4490=box_of(county))


def _put(laid: Laid, found: Sequence[StoredShape]) -> None:
    geoms = survey(laid.county, geometries([one.geom_4490 for one in found]))
    for one, geom in zip(found, geoms, strict=True):
        laid.stored[one.code] = one
        laid.bench.put(one.code, geom, in_force=one.in_force)


def _node(laid: Laid, tolerances: Tolerances) -> None:
    """Give what was drawn and what lies beside it the same vertices, and every vertex its stored digits."""
    county, bench = laid.county, laid.bench
    stored = list(laid.stored.values())
    book = VertexBook.of(
        geometries([one.geom_4490 for one in stored]), geometries([bench.base[one.code] for one in stored])
    )
    sound = [piece for piece in laid.drawn if piece.shares_vertices]
    calm = [piece for piece in laid.beside if piece.shares_vertices]
    if sound:
        noded = node_together(
            shapes(sound),
            shapes(calm),
            tolerance_m=tolerances.on_line_m,
            before=geometries([bench.base[one.code] for one in stored]),
        )
        for piece, geom in zip(sound, noded.touched, strict=True):
            piece.geom = geom
        for i in np.flatnonzero(noded.beside_changed).tolist():
            calm[i].geom = noded.beside[i]
            laid.densified.append(calm[i])
    if laid.drawn:
        laid.geoms_4490 = book.to_4490(shapes(laid.drawn), county.survey_crs, bbox_4490=box_of(county))
    if laid.densified:
        geoms_4490 = book.to_4490(shapes(laid.densified), county.survey_crs, bbox_4490=box_of(county))
        # A neighbour whose rings touch may be sound with the vertex in the plane, and not as it is stored.
        kept = shapely.is_valid(geoms_4490)
        for i in np.flatnonzero(~kept).tolist():
            laid.densified[i].geom = bench.base[laid.densified[i].key]
        laid.densified = [laid.densified[i] for i in np.flatnonzero(kept).tolist()]
        laid.densified_4490 = geoms_4490[kept]


def _check_count(count: int) -> None:
    if count > MOST_PARCELS:
        raise InputError(
            "too_many_parcels",
            f"一次变更涉及 {count} 宗宗地，最多 {MOST_PARCELS} 宗。",
            "请分几次保存。",
            field="operations",
        )


def check_extent(county: County, operations: Sequence[Mapping[str, Any]]) -> None:
    """Not too many vertices, and every one somewhere near the county."""
    each = [points_of(operation) for operation in operations]
    count = sum(map(len, each))
    if count > MOST_VERTICES:
        raise InputError(
            "too_many_vertices",
            f"一次变更有 {count} 个界址点，最多 {MOST_VERTICES} 个。",
            "请简化图形，或分几次保存。",
            field="operations",
        )
    points = np.concatenate([np.empty((0, 2)), *each])
    far = np.flatnonzero(~_near(points, county))
    if len(far):
        owner = np.repeat(np.arange(len(each)), [len(part) for part in each])
        x, y = points[far[0]]
        raise OperationError(
            int(owner[far[0]]) + 1,
            "coordinate_out_of_range",
            f"坐标（{x:.3f}, {y:.3f}）不在本县附近。",
            f"请核对坐标：应为 EPSG:{county.survey_crs} 的东、北坐标，单位为米。",
            field="geometry",
        )


def _near(points: Floats, county: County) -> NDArray[np.bool_]:
    """Within a degree of the county, and where its survey system gives the same point back."""
    if not len(points):
        return np.ones(0, dtype=bool)
    west, south, east, north = county.bbox_4490
    box = box_of(county)
    lonlat = transform_xy(points, county.survey_crs, CGCS2000, bbox_4490=box)
    with np.errstate(invalid="ignore"):
        across = (lonlat[:, 0] - (west - NEAR_DEG)) % 360
        near = (
            np.isfinite(lonlat).all(axis=1)
            & (across <= (east - west) % 360 + 2 * NEAR_DEG)
            & (lonlat[:, 1] >= south - NEAR_DEG)
            & (lonlat[:, 1] <= north + NEAR_DEG)
        )
        there = transform_xy(np.where(near[:, None], lonlat, 0.0), CGCS2000, county.survey_crs, bbox_4490=box)
        near &= (np.abs(there - points) < 0.001).all(axis=1)
    return np.asarray(near)
