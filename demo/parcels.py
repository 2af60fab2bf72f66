"""From lots to parcels of the register: holes, parts across a road, codes, and what is left out.

It refuses to move a shared corner: holes are cut inside a lot, parts are joined as they lie.
"""

from dataclasses import dataclass

import numpy as np
import shapely

from demo.county import M2_PER_MU, County, round_mm
from demo.ground import Ground
from demo.randomness import stream

PARCELS = 2412
TOTAL_MU = 34_887.0
"""The published size of the county's register: parcels of at least 3 亩."""
WITH_HOLE, ISLANDS, TWO_PARTS = 24, 5, 24
RESERVED_BLOCKS, RESERVED_SINGLES = 16, 60


@dataclass(frozen=True)
class Parcel:
    code: str
    town: int
    zone: int
    shape_4528: shapely.Geometry

    @property
    def area_m2(self) -> float:
        return float(self.shape_4528.area)


@dataclass(frozen=True)
class Estate:
    """The register's parcels, and the ground kept out of it for a later survey delivery."""

    parcels: list[Parcel]
    reserved: list[Parcel]


def form_parcels(county: County, ground: Ground, seed: int) -> Estate:
    """Number the parcels zone by zone from north-west to south-east; reserved ground comes after them."""
    rng = stream(seed, "parcels")
    shapes = [lot.shape_4528 for lot in ground.lots]
    zones = [lot.zone for lot in ground.lots]
    free = np.ones(len(shapes), dtype=bool)

    reserved = _reserve(ground, rng)
    free[reserved] = False
    islands = _cut_holes(shapes, free, rng)
    joined = _join_across_roads(ground, shapes, free, rng)

    kept: list[tuple[int, shapely.Geometry]] = [(zones[index], island) for index, island in islands]
    kept += [(zones[left], shapely.multipolygons([shapes[left], shapes[right]])) for left, right in joined]
    for pair in joined:
        free[list(pair)] = False
    have_m2 = sum(shape.area for _, shape in kept)
    plain = _drop_some(
        np.flatnonzero(free), shapely.area(np.array(shapes, dtype=object)), PARCELS - len(kept), have_m2, rng
    )
    kept += [(zones[index], shapes[index]) for index in plain]
    later = [(zones[index], shapes[index]) for index in reserved]
    return _number(county, ground, kept, later, rng)


def _reserve(ground: Ground, rng: np.random.Generator) -> list[int]:
    """Whole blocks and single lots between registered neighbours."""
    blocks: dict[tuple[int, int], list[int]] = {}
    for index, lot in enumerate(ground.lots):
        blocks.setdefault((lot.zone, lot.block), []).append(index)
    keys = [key for key, members in sorted(blocks.items()) if 3 <= len(members) <= 9]
    chosen = [keys[at] for at in rng.choice(len(keys), RESERVED_BLOCKS, replace=False)]
    whole = [index for key in sorted(chosen) for index in blocks[key]]
    shared = [index for key in keys if key not in set(chosen) for index in blocks[key]]
    return sorted([*whole, *(int(index) for index in rng.choice(shared, RESERVED_SINGLES, replace=False))])


def _cut_holes(
    shapes: list[shapely.Geometry], free: np.ndarray, rng: np.random.Generator
) -> list[tuple[int, shapely.Polygon]]:
    """Ponds, substations and old tombs inside large lots; a few holes are parcels of their own."""
    roomy = [index for index in np.flatnonzero(free) if shapes[index].buffer(-34).area > 2200]
    large = [index for index in roomy if shapes[index].buffer(-75).area > 1500]
    islands: list[tuple[int, shapely.Polygon]] = []
    for index in rng.choice(large, ISLANDS, replace=False):
        hole = _hole(shapes[index].buffer(-75), rng.uniform(36, 44), 4, rng)
        shapes[index] = shapely.Polygon(shapes[index].exterior, [hole.exterior])
        islands.append((int(index), hole))
    rest = sorted(set(roomy) - {index for index, _ in islands})
    for index in rng.choice(rest, WITH_HOLE - ISLANDS, replace=False):
        hole = _hole(shapes[index].buffer(-34), rng.uniform(7, 22), int(rng.integers(4, 13)), rng)
        shapes[index] = shapely.Polygon(shapes[index].exterior, [hole.exterior])
    return islands


def _hole(room: shapely.Geometry, radius: float, corners: int, rng: np.random.Generator) -> shapely.Polygon:
    middle = shapely.get_coordinates(shapely.point_on_surface(room))[0]
    turn = np.linspace(0, 2 * np.pi, corners, endpoint=False) + rng.uniform(0, np.pi)
    reach = radius * rng.uniform(0.93, 1.07, corners)
    return shapely.Polygon(round_mm(middle + np.column_stack([np.cos(turn), np.sin(turn)]) * reach[:, None]))


def _join_across_roads(
    ground: Ground, shapes: list[shapely.Geometry], free: np.ndarray, rng: np.random.Generator
) -> list[tuple[int, int]]:
    """One right on both sides of a street: pairs that face each other for a good length."""
    candidates = np.array([index for index in np.flatnonzero(free) if not shapes[index].interiors])
    array = np.array([shapes[index] for index in candidates], dtype=object)
    left, right = shapely.STRtree(array).query(array, predicate="dwithin", distance=26.0)
    pairs = []
    for one, other in zip(candidates[left[left < right]], candidates[right[left < right]], strict=True):
        first, second = ground.lots[one], ground.lots[other]
        same_zone = first.zone == second.zone and first.block != second.block
        if same_zone and shapes[one].buffer(28).intersection(shapes[other]).area > 900:
            pairs.append((int(one), int(other)))
    chosen: list[tuple[int, int]] = []
    used: set[int] = set()
    for at in rng.permutation(len(pairs)):
        pair = pairs[at]
        if len(chosen) < TWO_PARTS and not used & set(pair):
            chosen.append(pair)
            used |= set(pair)
    return chosen


def _drop_some(
    plain: np.ndarray, areas_m2: np.ndarray, keep: int, have_m2: float, rng: np.random.Generator
) -> list[int]:
    """Leave lots out of the register until the count is right, in a way that the total comes right too."""
    left = [int(index) for index in plain]
    total = float(areas_m2[left].sum())
    target = TOTAL_MU * M2_PER_MU - have_m2
    while len(left) > keep:
        mean_excess = (total - target) / (len(left) - keep)
        picks = rng.choice(len(left), 9, replace=False)
        at = int(min(picks, key=lambda pick: abs(areas_m2[left[pick]] - mean_excess)))
        total -= float(areas_m2[left.pop(at)])
    return left


def _number(
    county: County,
    ground: Ground,
    kept: list[tuple[int, shapely.Geometry]],
    later: list[tuple[int, shapely.Geometry]],
    rng: np.random.Generator,
) -> Estate:
    parcels: list[Parcel] = []
    reserved: list[Parcel] = []
    for index, zone in enumerate(ground.zones):
        serial = 0
        for items, into in ((kept, parcels), (later, reserved)):
            for shape in _north_west_first([shape for of_zone, shape in items if of_zone == index]):
                serial += 1 if rng.random() < 0.94 else int(rng.integers(2, 6))
                code = f"{county.code}{zone.town + 1:03d}{zone.number:03d}GB{serial:05d}"
                into.append(Parcel(code, zone.town, index, shape))
    return Estate(parcels, reserved)


def _north_west_first(shapes: list[shapely.Geometry]) -> list[shapely.Geometry]:
    """Rows of 150 m from north to south, each from west to east."""
    at = [shapely.get_coordinates(shapely.centroid(shape))[0] for shape in shapes]
    order = sorted(range(len(shapes)), key=lambda index: (-int(at[index][1] // 150), at[index][0]))
    return [shapes[index] for index in order]
