"""Where industry stands: the outlines of a few dozen industrial zones on the flat land of the towns.

It refuses to cross a town border, a river, a motorway or a railway, or to climb out of the valleys.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from shapely import affinity

from demo.county import County, to_grid
from demo.randomness import Floats, stream
from demo.yiwu import CORRIDORS, HINTS, VALLEYS

BORDER_M = 110.0
BETWEEN_ZONES_M = 170.0
CITY_CORE_M = 1900.0
SEAT_CORE_M = 450.0


@dataclass(frozen=True)
class Zone:
    """Outline in EPSG:4528, heading of its streets in radians, town by its position in the profile."""

    town: int
    number: int
    outline: shapely.Geometry
    heading: float
    lot_mu: float
    bend_m: float


def place_zones(county: County, towns: list[shapely.Polygon], gross_m2: float, seed: int) -> list[Zone]:
    """Share the gross area among the towns, largest zones first, each on the best free ground found."""
    valleys = [shapely.LineString(to_grid(np.array(line))) for line in VALLEYS]
    blocked = shapely.union_all(
        [shapely.LineString(to_grid(np.array(line))).buffer(width / 2 + 22) for width, line in CORRIDORS]
    )
    city = shapely.Point(to_grid(np.array([HINTS[county.towns[0].code].seat]))[0]).buffer(CITY_CORE_M)
    blocked = blocked.union(city)
    zones: list[Zone] = []
    for index, town in enumerate(county.towns):
        hint = HINTS[town.code]
        rng = stream(seed, f"zones {town.code}")
        seat = shapely.Point(to_grid(np.array([hint.seat]))[0])
        free = towns[index].buffer(-BORDER_M).difference(blocked).difference(seat.buffer(SEAT_CORE_M))
        number = 0
        for wanted in _sizes(rng, hint.industrial_share * gross_m2, hint.zones):
            taken = [zone.outline for zone in zones]
            placed = _place(rng, free, seat, valleys, taken, wanted)
            if placed is None:
                continue
            number += 1
            outline, heading = placed
            lot_mu = hint.lot_mu * float(np.clip((wanted / 6e5) ** 0.18, 0.7, 1.35)) * rng.uniform(1.1, 1.55)
            zones.append(Zone(index, number, outline, heading, lot_mu, rng.uniform(5, 22)))
    return zones


def _sizes(rng: np.random.Generator, total: float, count: int) -> list[float]:
    """A few real zones of unequal size, and some small workshop spots beside the villages."""
    small = [rng.uniform(3.5e4, 1.1e5) for _ in range(min(3, 1 + count // 2))]
    weights = np.sort(rng.lognormal(0.0, 0.55, count))[::-1]
    main = (total - sum(small)) * weights / weights.sum()
    return [*(float(size) for size in main), *small]


def _place(
    rng: np.random.Generator,
    free: shapely.Geometry,
    seat: shapely.Point,
    valleys: list[shapely.LineString],
    taken: list[shapely.Geometry],
    wanted: float,
) -> tuple[shapely.Geometry, float] | None:
    centres = _candidates(rng, free, seat, valleys)
    around = shapely.union_all(taken).buffer(BETWEEN_ZONES_M) if taken else shapely.Polygon()
    ground = free.difference(around)
    best: tuple[float, shapely.Geometry, float] | None = None
    for centre in centres[:60]:
        heading = _heading(centre, valleys) + rng.normal(0, 0.2)
        shape = _blob(rng, centre, wanted, heading)
        outline = _tidy(shape.intersection(ground))
        share = outline.area / wanted
        if best is None or share > best[0]:
            best = (share, outline, heading)
        if share > 0.88:
            break
    if best is None or best[0] < 0.35:
        return None
    _, outline, heading = best
    return _cut_villages(rng, outline), heading


def _candidates(
    rng: np.random.Generator, free: shapely.Geometry, seat: shapely.Point, valleys: list[shapely.LineString]
) -> Floats:
    west, south, east, north = free.bounds
    points = rng.uniform((west, south), (east, north), (900, 2))
    points = points[shapely.contains_xy(free, points)]
    marks = shapely.points(points)
    valley = np.min([shapely.distance(marks, line) for line in valleys], axis=0)
    away = shapely.distance(marks, seat)
    score = -((valley / 1300) ** 2) - ((away - 2100) / 2300) ** 2 + rng.gumbel(0, 0.35, len(points))
    return np.asarray(points[np.argsort(-score)], dtype=np.float64)


def _heading(centre: Floats, valleys: list[shapely.LineString]) -> float:
    """Streets run along the valley."""
    point = shapely.Point(centre)
    line = min(valleys, key=lambda valley: valley.distance(point))
    at = line.project(point)
    ahead, behind = line.interpolate(at + 900), line.interpolate(max(at - 900, 0))
    return float(np.arctan2(ahead.y - behind.y, ahead.x - behind.x))


def _blob(rng: np.random.Generator, centre: Floats, area: float, heading: float) -> shapely.Polygon:
    """A rounded, uneven oblong of about the wanted area."""
    turn = np.linspace(0, 2 * np.pi, 96, endpoint=False)
    power = rng.uniform(2.6, 5.0)
    radius = (np.abs(np.cos(turn)) ** power + np.abs(np.sin(turn)) ** power) ** (-1 / power)
    for wave in range(2, 6):
        radius *= 1 + rng.normal(0, 0.16 / wave) * np.cos(wave * turn + rng.uniform(0, 2 * np.pi))
    aspect = rng.uniform(1.15, 2.3)
    xy = np.column_stack([np.cos(turn) * np.sqrt(aspect), np.sin(turn) / np.sqrt(aspect)]) * radius[:, None]
    shape = shapely.Polygon(xy)
    size = float(np.sqrt(area * 1.06 / shape.area))
    shape = affinity.rotate(
        affinity.scale(shape, size, size, origin=(0, 0)), heading, origin=(0, 0), use_radians=True
    )
    return affinity.translate(shape, float(centre[0]), float(centre[1]))


def _tidy(shape: shapely.Geometry) -> shapely.Geometry:
    """Without necks and crumbs: a corridor may leave two good halves, never slivers."""
    opened = shape.buffer(-35).buffer(35).simplify(4)
    parts = [part for part in shapely.get_parts(opened) if part.area > 2.2e4]
    return shapely.union_all(parts) if parts else shapely.Polygon()


def _cut_villages(rng: np.random.Generator, outline: shapely.Geometry) -> shapely.Geometry:
    """Villages inside and hillsides at the edge are left out, more of them the larger the zone."""
    holes = []
    west, south, east, north = outline.bounds
    for _ in range(int(rng.poisson(outline.area / 4.2e5))):
        spot = shapely.Point(rng.uniform(west, east), rng.uniform(south, north))
        if outline.contains(spot):
            holes.append(
                _blob(rng, np.array([spot.x, spot.y]), rng.uniform(1.2e4, 6e4), rng.uniform(0, np.pi))
            )
    for _ in range(int(rng.poisson(0.6 + outline.area / 9e5))):
        ring = shapely.get_parts(shapely.boundary(outline))[0]
        spot = ring.interpolate(rng.uniform(0, ring.length))
        holes.append(_blob(rng, np.array([spot.x, spot.y]), rng.uniform(2e4, 1.1e5), rng.uniform(0, np.pi)))
    left = _tidy(outline.difference(shapely.union_all(holes))) if holes else outline
    return left if left.area > 0.6 * outline.area else outline
