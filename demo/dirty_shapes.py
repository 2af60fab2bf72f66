"""Faults in the shape: crossed, open, flat or empty rings, overlaps, wrong places and wrong coordinates.

It refuses to change the table, but for the registered area where the drawn area changes with the shape.
"""

from collections.abc import Callable, Iterator

import numpy as np
import shapely
from pyproj import Transformer
from shapely import affinity

from demo.county import County, round_mm
from demo.dirty_rows import DirtyRow, Fault
from demo.parcels import Parcel
from demo.randomness import Floats
from demo.shp import Rings, rings_of

ERROR, WARNING = "error", "warning"
_GEOMETRY = "geometry"

Reshape = Callable[[Floats], Rings]


def put_ring_faults(rows: list[DirtyRow], parcels: list[Parcel]) -> list[DirtyRow]:
    """Faults made by rewriting the outer ring of a sound row. The ring is closed and runs clockwise."""
    others = [*(parcel.shape_4528 for parcel in parcels), *(row.parcel.shape_4528 for row in rows)]
    tree = shapely.STRtree(others)
    spoilt = []
    for name, code, severity, note, reshape in _RING_FAULTS:
        sticks_out = reshape in (_spike, _tiny_part)
        row = next(row for row in rows if _whole(row) and (not sticks_out or _open_outside(row, tree)))
        assert row.rings is not None
        row.rings = reshape(row.rings[0])
        row.fault = Fault(name, _GEOMETRY, code, severity, note)
        spoilt.append(row)
    return spoilt


def put_place_faults(
    county: County, towns: list[shapely.Polygon], rows: Iterator[DirtyRow]
) -> list[DirtyRow]:
    """A parcel outside the county, and one across its border."""
    outside, across = next(rows), next(rows)
    west, _, _, north = county.outline_4528.bounds
    _move(outside, west + 2500.0, north - 3500.0)
    outside.fault = Fault("在县界之外", _GEOMETRY, "out_of_county", ERROR, "整宗在义乌市界之外")
    border = towns[across.parcel.town].exterior.intersection(county.outline_4528.exterior.buffer(0.01))
    longest = max(shapely.get_parts(shapely.line_merge(border)), key=lambda line: line.length)
    spot = longest.interpolate(0.5, normalized=True)
    _move(across, spot.x, spot.y)
    across.fault = Fault("跨县界", _GEOMETRY, "crosses_county_boundary", WARNING, "约一半在县界之外")
    return [outside, across]


def put_overlaps(rows: list[DirtyRow], parcels: list[Parcel]) -> list[DirtyRow]:
    """Overlaps and slivers inside the file and with parcels of the register; one shape given twice."""
    shapes = [row.parcel.shape_4528 for row in rows]
    spoilt: list[DirtyRow] = []

    def free(row: DirtyRow) -> bool:
        return row.fault is None and not row.accepted_note

    one, other = next(pair for pair in _adjacent(rows, shapes) if free(pair[0]) and free(pair[1]))
    _grow_over(one, other.parcel.shape_4528, 6.0)
    spoilt += _pair(one, other, Fault("与邻宗重叠", _GEOMETRY, "overlap_in_file", ERROR, "重叠带宽 6 米"))
    one, other = next(
        pair
        for pair in _adjacent(rows, shapes)
        if free(pair[0]) and free(pair[1]) and pair[0].parcel.area_m2 < 6000
    )
    _grow_over(one, other.parcel.shape_4528, 0.2)
    spoilt += _pair(
        one, other, Fault("与邻宗细长重叠", _GEOMETRY, "overlap_in_file", ERROR, "共同边错开 0.2 米")
    )

    register = np.array([parcel.shape_4528 for parcel in parcels], dtype=object)
    tree = shapely.STRtree(register)
    for width, note, smaller in (
        (9.0, "压占已登记宗地 9 米宽", 1e9),
        (0.25, "与已登记宗地的共同边错开 0.25 米", 7000.0),
    ):
        row, at = next(
            (row, int(at))
            for row in rows
            if free(row) and row.parcel.area_m2 < smaller
            for at in tree.query(row.parcel.shape_4528, predicate="touches")
            if register[at].intersection(row.parcel.shape_4528).length > 40
        )
        _grow_over(row, register[at], width)
        name = "与库中宗地重叠" if width > 1 else "与库中宗地细长重叠"
        row.fault = Fault(name, _GEOMETRY, "overlap_register", ERROR, f"{note}（{parcels[at].code}）")
        spoilt.append(row)

    one, other = [row for row in rows if free(row)][:2]
    other.rings = one.rings
    other.change(area_m2=one.record.area_m2, town=one.record.town)
    fault = Fault(
        "同一图形两个代码", _GEOMETRY, "geometry_duplicate_in_file", ERROR, "两行图形完全相同，代码不同"
    )
    return [*spoilt, *_pair(one, other, fault)]


def _pair(one: DirtyRow, other: DirtyRow, fault: Fault) -> list[DirtyRow]:
    one.fault = other.fault = fault
    one.partner, other.partner = other, one
    return [one, other]


def _adjacent(rows: list[DirtyRow], shapes: list[shapely.Geometry]) -> Iterator[tuple[DirtyRow, DirtyRow]]:
    array = np.array(shapes, dtype=object)
    for left, right in zip(*shapely.STRtree(array).query(array, predicate="touches"), strict=True):
        if shapes[left].intersection(shapes[right]).length > 40:
            yield rows[left], rows[right]


def _grow_over(row: DirtyRow, neighbour: shapely.Geometry, width: float) -> None:
    """Push the common edge into the neighbour's land; the row's registered area follows its drawn area."""
    taken = neighbour.intersection(row.parcel.shape_4528.buffer(width, join_style="mitre"))
    grown = shapely.transform(shapely.union(row.parcel.shape_4528, taken, grid_size=0.001), round_mm)
    row.rings = rings_of(max(shapely.get_parts(grown), key=lambda part: part.area))
    row.change(area_m2=round(float(grown.area), 2))


def _move(row: DirtyRow, x: float, y: float) -> None:
    centre = shapely.centroid(row.parcel.shape_4528)
    row.rings = rings_of(
        shapely.transform(affinity.translate(row.parcel.shape_4528, x - centre.x, y - centre.y), round_mm)
    )


def _whole(row: DirtyRow) -> bool:
    return row.fault is None and row.rings is not None and len(row.rings) == 1


def _open_outside(row: DirtyRow, tree: shapely.STRtree) -> bool:
    """A street runs along the longest edge: what sticks out there doesn't overlap a neighbour as well."""
    assert row.rings is not None
    _, middle, along, inward = _edge(row.rings[0])
    probe = shapely.Polygon(
        [middle - inward, middle - 10 * inward - 2 * along, middle - 10 * inward + 2 * along]
    )
    return len(tree.query(probe, predicate="intersects")) == 0


def _bow_tie(ring: Floats) -> Rings:
    """Exchange two neighbouring corners at the far ends of the ring's longest edge."""
    corners = ring[:-1]
    at = _longest(ring)
    twisted = np.roll(corners, -at, axis=0)
    twisted[[0, 1]] = twisted[[1, 0]]
    return [np.vstack([twisted, twisted[:1]])]


def _self_touch(ring: Floats) -> Rings:
    """Walk inwards from the middle of an edge and back to the same point: a hole joined to the rim."""
    at, middle, along, inward = _edge(ring)
    loop = [middle, middle + 9 * inward + 5 * along, middle + 9 * inward - 5 * along, middle]
    return [np.vstack([ring[: at + 1], round_mm(np.array(loop)), ring[at + 1 :]])]


def _spike(ring: Floats) -> Rings:
    at, middle, along, inward = _edge(ring)
    needle = [middle - 0.01 * along, middle - 8 * inward, middle + 0.01 * along]
    return [np.vstack([ring[: at + 1], round_mm(np.array(needle)), ring[at + 1 :]])]


def _crossing_hole(ring: Floats) -> Rings:
    _, middle, along, inward = _edge(ring)
    hole = [middle - 6 * inward, middle + 12 * inward - 4 * along, middle + 12 * inward + 4 * along]
    closed = shapely.Polygon(round_mm(np.array(hole)))
    return [ring, shapely.get_coordinates(shapely.orient_polygons(closed).exterior)]


def _overlapping_parts(ring: Floats) -> Rings:
    shape = shapely.Polygon(ring)
    _, middle, _, inward = _edge(ring)
    second = shapely.Point(middle + 3 * inward).buffer(8, quad_segs=2)
    return [ring, *(rings_of(shapely.transform(second, round_mm)) or [])] if shape.is_valid else [ring]


def _tiny_part(ring: Floats) -> Rings:
    _, middle, along, inward = _edge(ring)
    start = middle - 4 * inward
    square = [start, start - 0.6 * inward, start - 0.6 * inward + 0.5 * along, start + 0.5 * along]
    return [ring, *(rings_of(shapely.Polygon(round_mm(np.array(square)))) or [])]


def _flat(ring: Floats) -> Rings:
    """There and back along one parallel: on a slanted line, rounding would leave a sliver with some area."""
    west = round_mm(shapely.get_coordinates(shapely.point_on_surface(shapely.Polygon(ring))))[0]
    return [west + np.array([(0, 0), (24, 0), (11, 0), (0, 0)], dtype=np.float64)]


def _to_degrees(ring: Floats) -> Rings:
    transformer = Transformer.from_crs(4528, 4490, always_xy=True)
    return [np.round(np.column_stack(transformer.transform(ring[:, 0], ring[:, 1])), 9)]


def _longest(ring: Floats) -> int:
    return int(np.argmax(np.hypot(*np.diff(ring, axis=0).T)))


def _edge(ring: Floats) -> tuple[int, Floats, Floats, Floats]:
    """The longest edge: its position, its middle, the unit vector along it, and the one into the parcel."""
    at = _longest(ring)
    vector = ring[at + 1] - ring[at]
    along = vector / np.hypot(*vector)
    return at, (ring[at] + ring[at + 1]) / 2, along, np.array([along[1], -along[0]])


_RING_FAULTS: list[tuple[str, str, str, str, Reshape]] = [
    ("自相交（蝴蝶结）", "geometry_invalid", ERROR, "两个界址点次序颠倒，边线相交", _bow_tie),
    ("环自接触", "geometry_invalid", ERROR, "外环在一点与自身接触，应改为内环", _self_touch),
    ("内环穿出外环", "geometry_invalid", ERROR, "内环一半在外环之外", _crossing_hole),
    ("两部分互相重叠", "geometry_invalid", ERROR, "同一宗地的两个图形部分重叠", _overlapping_parts),
    ("环未闭合", "geometry_invalid", ERROR, "首尾界址点不是同一点", lambda ring: [ring[:-1]]),
    ("没有图形", "geometry_missing", ERROR, "空记录（null shape）", lambda ring: None),
    ("图形为空", "geometry_missing", ERROR, "面记录里没有环；GDAL 读作没有图形", lambda ring: []),
    ("面积为零的线状图形", "geometry_zero_area", ERROR, "所有点在一条线上", _flat),
    ("尖刺", "geometry_spike", WARNING, "一个界址点伸出 8 米，宽 2 厘米", _spike),
    (
        "重复点",
        "geometry_duplicate_points",
        WARNING,
        "同一界址点连续记了三次",
        lambda ring: [np.insert(ring, [2, 2], ring[2], axis=0)],
    ),
    ("碎小部分", "geometry_tiny_part", WARNING, "第二部分只有 0.3 平方米", _tiny_part),
    ("坐标轴颠倒", "crs_mismatch_row", ERROR, "这一行先北后东", lambda ring: [ring[::-1, ::-1].copy()]),
    (
        "缺带号",
        "crs_mismatch_row",
        ERROR,
        "这一行是 EPSG:4549 坐标，东坐标没有 40 带号",
        lambda ring: [ring - np.array([40_000_000.0, 0.0])],
    ),
    ("经纬度", "crs_mismatch_row", ERROR, "这一行是经纬度", _to_degrees),
]
