"""From a block to its lots: cut again and again until each piece has the size its zone calls for.

It refuses a lot without street frontage, below 3 亩, or too narrow to build on (the wanted strips apart).
"""

import numpy as np
import shapely
from shapely import affinity
from shapely.ops import split

SMALLEST_LOT_M2 = 2060.0
NARROWEST_M = 24.0
FRONTAGE_M = 14.0


def cut_lots(block: shapely.Polygon, lot_m2: float, rng: np.random.Generator) -> list[shapely.Polygon]:
    """The lots of one block; together they are the block."""
    street = block.exterior.buffer(0.5)
    shapely.prepare(street)
    lots: list[shapely.Polygon] = []
    todo = list(_strip_first(block, rng))
    while todo:
        piece = todo.pop()
        wanted = lot_m2 * float(np.exp(rng.normal(0.12, 0.62)))
        if piece.area < 1.45 * wanted or piece.area < 2.1 * SMALLEST_LOT_M2:
            lots.append(piece)
            continue
        halves = _halve(piece, street, rng)
        if halves is None:
            lots.append(piece)
        else:
            todo.extend(halves)
    return lots


def _strip_first(block: shapely.Polygon, rng: np.random.Generator) -> list[shapely.Polygon]:
    """Now and then a long thin lot along one side: land beside a ditch or a line of poles."""
    box, length, width = _axes(block)
    if rng.random() > 0.13 or not 150 < length < 420 or width < 70:
        return [block]
    depth = rng.uniform(max(11.0, 2150 / length), max(16.0, 2600 / length))
    side = 1 if rng.random() < 0.5 else -1
    pieces = _cut(block, box, along=True, at=side * (width / 2 - depth), tilt=0.0)
    if len(pieces) != 2 or min(piece.area for piece in pieces) < SMALLEST_LOT_M2:
        return [block]
    return pieces


def _halve(
    piece: shapely.Polygon, street: shapely.Geometry, rng: np.random.Generator
) -> list[shapely.Polygon] | None:
    """Across the long side as a rule; a deep piece is first cut into two rows, back to back."""
    box, length, width = _axes(piece)
    for attempt in range(6):
        rows = width > 105 and length < 1.9 * width and rng.random() < 0.55
        share = float(np.clip(rng.normal(0.5, 0.09 + 0.03 * attempt), 0.24, 0.76))
        tilt = rng.normal(0, 0.012) if rng.random() < 0.82 else rng.normal(0, 0.13)
        reach = width if rows else length
        halves = _cut(piece, box, along=rows, at=(share - 0.5) * reach, tilt=tilt)
        if len(halves) == 2 and all(_good(half, street) for half in halves):
            return halves
    return None


def _good(half: shapely.Polygon, street: shapely.Geometry) -> bool:
    if half.area < SMALLEST_LOT_M2 or half.interiors:
        return False
    _, length, width = _axes(half)
    if width < NARROWEST_M or length > 5.5 * width or half.area < 0.62 * length * width:
        return False
    return bool(half.exterior.intersection(street).length > FRONTAGE_M)


def _axes(piece: shapely.Polygon) -> tuple[tuple[float, float, float], float, float]:
    """Middle and angle of the tightest rectangle around a piece, its long side and its short side."""
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(piece))
    first, second = corners[1] - corners[0], corners[2] - corners[1]
    one, two = float(np.hypot(*first)), float(np.hypot(*second))
    longest = first if one >= two else second
    middle = corners[:4].mean(axis=0)
    return (
        (float(middle[0]), float(middle[1]), float(np.arctan2(longest[1], longest[0]))),
        max(one, two),
        min(one, two),
    )


def _cut(
    piece: shapely.Polygon, box: tuple[float, float, float], along: bool, at: float, tilt: float
) -> list[shapely.Polygon]:
    """Cut along (or across) the long axis, `at` metres off the middle."""
    x, y, angle = box
    reach = 2000.0
    line = shapely.LineString([(-reach, at), (reach, at)] if along else [(at, -reach), (at, reach)])
    line = affinity.rotate(line, angle + tilt, origin=(0, 0), use_radians=True)
    return list(split(piece, affinity.translate(line, x, y)).geoms)
