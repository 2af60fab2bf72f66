"""The industrial control lines: eighteen areas that hold most parcels, cut some, and leave some out.

It refuses neat outlines: the lines wind as drawn lines do, with hundreds of vertices.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.ops import substring

from demo.county import County, round_mm
from demo.ground import Ground
from demo.parcels import Parcel
from demo.randomness import SmoothField, stream

AREAS = 18
FIRST_LEVEL = 11
REACHED = 0.935
"""Share of the parcels that the areas reach before pieces are cut off again."""
PARTLY = 0.08


@dataclass(frozen=True)
class ControlLine:
    code: str
    name: str
    level: str
    batch: str
    basis: str
    since: str
    shape_4528: shapely.Polygon


def draw_control_lines(county: County, ground: Ground, parcels: list[Parcel], seed: int) -> list[ControlLine]:
    """The areas by size; each lies around zones of one town."""
    rng = stream(seed, "control lines")
    shapes = np.array([parcel.shape_4528 for parcel in parcels], dtype=object)
    zone_of = np.array([parcel.zone for parcel in parcels])
    groups = _group(ground, zone_of)
    areas = [_outline(shapes[np.isin(zone_of, members)], gap) for members, gap in groups]
    areas = [_wind(area.difference(shapely.union_all(areas[:at])), rng) for at, area in enumerate(areas)]
    areas = _shave(areas, shapes, rng)
    lines = []
    numbers: dict[int, int] = {}
    for at, area in enumerate(areas):
        town = ground.zones[groups[at][0][0]].town
        numbers[town] = numbers.get(town, 0) + 1
        name = f"{county.towns[town].name}工业用地控制线{'一二三四五六'[numbers[town] - 1]}片（示意）"
        first = at < FIRST_LEVEL
        lines.append(
            ControlLine(
                code=f"{county.code}KZX{at + 1:03d}",
                name=name,
                level="一级" if first else "二级",
                batch="2022年第一批" if first else "2023年第二批",
                basis=f"义乌市工业用地控制线示意方案〔{2022 if first else 2023}〕{at + 1}号",
                since="2022-06-30" if first else "2023-12-01",
                shape_4528=area,
            )
        )
    return lines


def _group(ground: Ground, zone_of: np.ndarray) -> list[tuple[list[int], float]]:
    """Near zones of one town, joined further and further until eighteen groups hold enough parcels."""
    outlines = np.array([zone.outline for zone in ground.zones], dtype=object)
    weight = np.bincount(zone_of, minlength=len(outlines))
    for gap in range(250, 3000, 50):
        leader = list(range(len(outlines)))
        left, right = shapely.STRtree(outlines).query(outlines, predicate="dwithin", distance=gap)
        for one, other in zip(left, right, strict=True):
            if ground.zones[one].town == ground.zones[other].town and leader[one] != leader[other]:
                low, high = sorted((leader[one], leader[other]))
                leader = [low if mark == high else mark for mark in leader]
        groups = [[zone for zone, mark in enumerate(leader) if mark == top] for top in sorted(set(leader))]
        groups.sort(key=lambda members: -int(weight[members].sum()))
        if sum(weight[members].sum() for members in groups[:AREAS]) >= REACHED * len(zone_of):
            return [(members, float(gap)) for members in groups[:AREAS]]
    raise ValueError("the zones lie too far apart for so few control lines")


def _outline(shapes: np.ndarray, gap: float) -> shapely.Polygon:
    """Around all parcels of a group, over the streets and the ground between the zones."""
    closed = joined = shapely.union_all(shapely.buffer(shapes, 24))
    for reach in (gap * 0.3, gap * 0.6, gap, gap * 1.5):
        closed = joined.buffer(reach, quad_segs=4).buffer(-reach + 2, quad_segs=4)
        if closed.geom_type == "Polygon":
            break
    largest = max(shapely.get_parts(closed), key=lambda part: part.area)
    return shapely.Polygon(
        largest.exterior, [ring for ring in largest.interiors if shapely.Polygon(ring).area > 4e4]
    )


def _wind(area: shapely.Geometry, rng: np.random.Generator) -> shapely.Polygon:
    field = SmoothField(rng, 4.0, 110.0)
    largest = max(shapely.get_parts(area), key=lambda part: part.area)
    wound = shapely.transform(
        shapely.segmentize(largest.simplify(2.0), 28.0), lambda xy: round_mm(field.displace(xy))
    )
    return max(shapely.get_parts(shapely.make_valid(wound)), key=lambda part: part.area)


def _shave(
    areas: list[shapely.Polygon], shapes: np.ndarray, rng: np.random.Generator
) -> list[shapely.Polygon]:
    """Cut strips off the rims until enough parcels lie partly outside."""
    while True:
        array = np.array(areas, dtype=object)
        tree = shapely.STRtree(shapes)
        touched = {int(at) for at in tree.query(array, predicate="intersects")[1]}
        covered = {int(at) for at in tree.query(array, predicate="contains")[1]}
        if len(touched - covered) >= PARTLY * len(shapes):
            return areas
        at = int(rng.choice(len(areas), p=shapely.area(array) / shapely.area(array).sum()))
        ring = areas[at].exterior
        start = rng.uniform(0, ring.length)
        rim = substring(ring, start, start + rng.uniform(150, 700))
        field = SmoothField(rng, 6.0, 160.0)
        strip = shapely.transform(shapely.segmentize(rim.buffer(rng.uniform(32, 75)), 30), field.displace)
        rest = areas[at].difference(strip.buffer(0))
        largest = max(shapely.get_parts(rest), key=lambda part: part.area)
        if largest.area > 0.93 * areas[at].area:
            areas[at] = shapely.transform(largest, round_mm)
