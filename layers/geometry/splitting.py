"""Splits a parcel along lines into the pieces that a surveyor would peg out.

Refuses a line that cuts nothing, and to decide where ground belongs that no line touched. Every connected piece
that the lines make is a result of its own, the northwestern one first, the southeastern one last. The parts of
the parcel that no line cuts stay one parcel together, after all others. Nothing of the parcel is lost.

The lines give way to the parcel, never the parcel to them: within the tolerance a line's vertex moves onto the
parcel's vertex or edge, and a line runs through the vertices beside it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from landgis.lib.errors import InputError
from layers.geometry.arrangement import Arrangement
from layers.geometry.exact import NUMERIC_M, areal, multi, nearest, require_valid, shapes
from layers.geometry.rings import keys, rings_of
from layers.geometry.snapping import onto_edges
from layers.geometry.transform import Floats, Geometries

TOLERANCE_M = 0.0005
_LOST_M = 1e-6  # ground lost or won for each metre of boundary by which a noding shows to have failed


def split(
    geom_survey: shapely.MultiPolygon,
    lines: Sequence[Floats | shapely.LineString],
    *,
    tolerance_m: float = TOLERANCE_M,
) -> list[shapely.MultiPolygon]:
    """The parcel's pieces: neighbouring ones share the vertices of the cut, old vertices keep every digit."""
    require_valid(shapes([geom_survey]))
    drawn = [_drawn(line, number) for number, line in enumerate(lines, start=1)]
    if not drawn:
        raise _cuts_nothing("没有画分割线。")
    faces, cutting = cut(geom_survey, drawn, tolerance_m=tolerance_m)
    idle = np.flatnonzero(~cutting)
    if len(idle):
        which = "分割线" if len(drawn) == 1 else f"第 {idle[0] + 1} 条分割线"
        raise _cuts_nothing(f"{which}没有把宗地切开。")
    whole = _uncut(geom_survey, faces)
    centres = shapely.get_coordinates(shapely.centroid(faces[~whole]))
    order = np.argsort(centres[:, 0] - centres[:, 1], kind="stable")
    pieces = [multi(face) for face in faces[~whole][order][:, None]]
    return [*pieces, multi(faces[whole])] if whole.any() else pieces


def cut(
    geom_survey: shapely.Geometry, lines: Sequence[Floats], *, tolerance_m: float
) -> tuple[Geometries, NDArray[np.bool_]]:
    """All connected pieces as polygons, and which of the lines part one from another."""
    rings = rings_of(shapes([geom_survey]))
    # Whole metres come off without rounding, and small coordinates cross more exactly.
    origin = np.round(rings.xy.mean(axis=0))
    xy = rings.xy - origin
    a, b = xy[rings.edges], xy[rings.edges + 1]
    drawn = _on_boundary([line - origin for line in lines], a, b, tolerance_m)
    of_line = np.concatenate([np.full(len(a), -1), *(np.full(len(d) - 1, n) for n, d in enumerate(drawn))])
    starts = np.concatenate([a, *(line[:-1] for line in drawn)])
    stops = np.concatenate([b, *(line[1:] for line in drawn)])
    edges = Arrangement.of(starts, stops).through_places(tolerance_m, of_line >= 0).noded(NUMERIC_M)
    placed = Arrangement(edges.xy + origin, edges.ends, edges.source)
    faces = _inside(geom_survey, placed.faces())
    if not _whole(geom_survey, faces):
        # A boundary so entangled that places of it lie on its own other edges: GEOS snaps more boldly.
        noded = shapely.get_parts(shapely.unary_union(placed.lines()))
        faces = _inside(geom_survey, shapely.get_parts(shapely.polygonize(noded)))
        if not _whole(geom_survey, faces):
            raise InputError(
                "split_failed",
                "宗地边界在分割线附近过于杂乱，无法可靠地分割。",
                "请先清理该宗地的重复点、尖刺和细缝，或把分割线移开。",
                field="lines",
            )
    return faces, _parting(placed, of_line, faces, len(lines))


def _drawn(line: Floats | shapely.LineString, number: int) -> Floats:
    drawn = shapely.get_coordinates(line) if isinstance(line, shapely.Geometry) else line
    xy: Floats = np.asarray(drawn, dtype=np.float64).reshape(-1, 2)
    if not np.isfinite(xy).all():
        text = f"第 {number} 条分割线的坐标不是有效数值。"
        raise InputError("coordinate_invalid", text, "请核对录入的横、纵坐标。", field="lines")
    if len(np.unique(keys(xy))) < 2:
        raise _cuts_nothing(f"第 {number} 条分割线少于两个不同的点。")
    return xy


def _on_boundary(lines: list[Floats], a: Floats, b: Floats, within_m: float) -> list[Floats]:
    """The lines with their vertices moved onto the boundary's vertices, else its edges, where they are near."""
    points = np.concatenate(lines)
    at, corner = nearest(points, a, within_m)
    points[at] = a[corner]
    free = np.setdiff1d(np.arange(len(points)), at)
    points[free] = onto_edges(points[free], a, b, within_m)
    # Lines that end beside each other's ends meet there.
    near, other = shapely.STRtree(shapely.points(points)).query(
        shapely.points(points), predicate="dwithin", distance=within_m
    )
    first = np.arange(len(points))
    loose = ~np.isin(near, at) & (other < near)
    np.minimum.at(first, near[loose], other[loose])
    points = points[first]
    return np.split(points, np.cumsum([len(line) for line in lines])[:-1])


def _inside(geom: shapely.Geometry, faces: Geometries) -> Geometries:
    """Without the holes and what is between the parts."""
    within: Geometries = faces[
        shapely.STRtree(shapely.point_on_surface(faces)).query(geom, predicate="intersects")
    ]
    return within


def _whole(geom: shapely.Geometry, faces: Geometries) -> bool:
    lost = abs(float(shapely.area(faces).sum()) - shapely.area(geom))
    return lost <= _LOST_M * (1 + shapely.length(geom)) and bool(shapely.is_valid(faces).all())


def _parting(
    edges: Arrangement, of_line: NDArray[np.intp], faces: Geometries, lines: int
) -> NDArray[np.bool_]:
    """Which lines have an edge between two faces: one that isn't the parcel's boundary as well."""
    rings = rings_of(faces)
    key = keys(rings.xy)
    sides = np.sort(np.stack([key[rings.edges], key[rings.edges + 1]], axis=1), axis=1)
    drawn = np.sort(keys(edges.xy)[edges.ends], axis=1)
    _, number = np.unique(np.concatenate([sides, drawn]), axis=0, return_inverse=True)
    number = number.ravel()
    of_edge, line = number[len(sides) :], of_line[edges.source]
    inner = np.isin(of_edge, number[: len(sides)]) & ~np.isin(of_edge, of_edge[line < 0])
    parting = np.zeros(lines, dtype=bool)
    parting[line[inner & (line >= 0)]] = True
    return parting


def _uncut(geom: shapely.Geometry, faces: Geometries) -> NDArray[np.bool_]:
    """Faces that are a whole part of the parcel: the only ones in it."""
    places = shapely.STRtree(shapely.point_on_surface(faces))
    part, face = places.query(areal(geom), predicate="intersects")
    whole = np.zeros(len(faces), dtype=bool)
    whole[face] = np.bincount(part)[part] == 1
    return whole


def _cuts_nothing(text: str) -> InputError:
    remedy = "请让分割线从宗地边界外（或恰在边界上）开始，穿过宗地，再到边界外结束。"
    return InputError("line_does_not_cut", text, remedy, field="lines")
