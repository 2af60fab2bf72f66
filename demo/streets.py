"""From a zone's outline to its blocks: streets of falling width, laid along the zone's heading.

It refuses blocks too small for one lot, and streets outside 12-30 m.
"""

from dataclasses import dataclass

import numpy as np
import shapely

WIDTHS_M = (30.0, 24.0, 16.0, 13.0)
SMALLEST_BLOCK_M2 = 2600.0
LARGE_PLANTS = 0.09
"""How often ground that could still be divided is left whole for one large plant."""


@dataclass(frozen=True)
class Plan:
    """How dense the streets of one zone are; blocks are cut where the zone's own lattice says."""

    block_m2: float
    widest_m: float
    lattice_m: float


def lay_streets(outline: shapely.Geometry, plan: Plan, rng: np.random.Generator) -> list[shapely.Polygon]:
    """Blocks in the zone's own frame, where streets run along x and y before they are bent."""
    blocks: list[shapely.Polygon] = []
    offset = rng.uniform(0, plan.lattice_m, 2)
    todo = [(part, 0) for part in shapely.get_parts(outline)]
    while todo:
        piece, depth = todo.pop()
        if piece.area < SMALLEST_BLOCK_M2:
            continue
        west, south, east, north = piece.bounds
        width, height = east - west, north - south
        small = piece.area < plan.block_m2 * rng.uniform(0.75, 1.35)
        large_plant = (
            3.2e4 < piece.area < 1.9e5 and piece.area > 1.6 * plan.block_m2 and rng.random() < LARGE_PLANTS
        )
        if (small or large_plant) and max(width, height) < 3.2 * min(width, height):
            blocks.append(_round_corners(piece, rng))
            continue
        along_x = width > height * rng.uniform(0.85, 1.1)
        low, high = (west, east) if along_x else (south, north)
        cut = _cut_position(low, high, plan, float(offset[0 if along_x else 1]), rng)
        road = _road(piece.bounds, cut, along_x, _width(piece.area, plan, rng), rng)
        rest = [part for part in shapely.get_parts(piece.difference(road)) if part.geom_type == "Polygon"]
        if len(rest) < 2 and depth > 12:
            blocks.append(_round_corners(piece, rng))
            continue
        todo.extend((part, depth + 1) for part in rest)
    return [block for block in blocks if block.area >= SMALLEST_BLOCK_M2]


def _cut_position(low: float, high: float, plan: Plan, offset: float, rng: np.random.Generator) -> float:
    wanted = low + (high - low) * float(np.clip(rng.normal(0.5, 0.09), 0.3, 0.7))
    if rng.random() < 0.75:
        on_lattice = round((wanted - offset) / plan.lattice_m) * plan.lattice_m + offset
        if low + 0.25 * (high - low) < on_lattice < high - 0.25 * (high - low):
            return float(on_lattice)
    return wanted


def _width(area: float, plan: Plan, rng: np.random.Generator) -> float:
    """The larger the ground that a street divides, the wider it is."""
    rank = float(np.log2(max(area / plan.block_m2, 1.0)))
    width = (
        WIDTHS_M[0]
        if rank > 4.2
        else WIDTHS_M[1]
        if rank > 2.8
        else WIDTHS_M[2]
        if rank > 1.4
        else WIDTHS_M[3]
    )
    return float(np.clip(width * rng.uniform(0.93, 1.1), 12.0, plan.widest_m))


def _road(
    bounds: tuple[float, float, float, float],
    cut: float,
    along_x: bool,
    width: float,
    rng: np.random.Generator,
) -> shapely.Polygon:
    """A straight strip, now and then a little askew."""
    west, south, east, north = bounds
    tilt = rng.normal(0, 0.008) if rng.random() < 0.8 else rng.normal(0, 0.06)
    if along_x:
        half = (north - south) / 2 + 40
        middle = (south + north) / 2
        line = [(cut - tilt * half, middle - half), (cut + tilt * half, middle + half)]
    else:
        half = (east - west) / 2 + 40
        middle = (west + east) / 2
        line = [(middle - half, cut - tilt * half), (middle + half, cut + tilt * half)]
    return shapely.LineString(line).buffer(width / 2, cap_style="flat")


def _round_corners(block: shapely.Polygon, rng: np.random.Generator) -> shapely.Polygon:
    """Street corners are cut or rounded so that lorries can turn."""
    radius = float(rng.choice([0.0, 5.0, 8.0, 12.0, 20.0], p=[0.2, 0.25, 0.25, 0.2, 0.1]))
    plain = shapely.simplify(block, 1.2)
    if radius == 0 or plain.interiors:
        return plain
    inner = plain.buffer(-radius, join_style="mitre")
    if inner.geom_type != "Polygon" or inner.is_empty:
        return plain
    style = "bevel" if rng.random() < 0.35 else "round"
    rounded = inner.buffer(radius, join_style=style, quad_segs=3)
    return rounded if rounded.geom_type == "Polygon" else plain
