"""All the lots of the county: zone by zone, street by street, block by block.

It refuses to say who owns them; it only lays out the ground.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import affinity

from demo.county import M2_PER_MU, County
from demo.coverage import make_coverage
from demo.lots import SMALLEST_LOT_M2, cut_lots
from demo.randomness import Floats, SmoothField, stream
from demo.streets import Plan, lay_streets
from demo.towns import draw_towns
from demo.zones import Zone, place_zones

GROSS_M2 = 34.2e6
"""Zones with their streets, greens and other uses: what some 35,000 亩 of lots need."""
OTHER_USE_SHARE = 0.045
LONGEST_STREET_EDGE_M = 70.0


@dataclass(frozen=True)
class Lot:
    zone: int
    block: int
    shape_4528: shapely.Polygon


@dataclass(frozen=True)
class Ground:
    towns: list[shapely.Polygon]
    zones: list[Zone]
    lots: list[Lot]


def lay_out(county: County, seed: int) -> Ground:
    """Towns, zones and lots. Blocks that would not fit exactly are left as greens."""
    towns = draw_towns(county, seed)
    zones = place_zones(county, towns, GROSS_M2, seed)
    lots: list[Lot] = []
    for index, zone in enumerate(zones):
        rng = stream(seed, f"lots {zone.town} {zone.number}")
        for block, shapes in enumerate(_zone_blocks(zone, rng)):
            lots.extend(Lot(index, block, shape) for shape in shapes)
    return Ground(towns, zones, lots)


def _zone_blocks(zone: Zone, rng: np.random.Generator) -> list[list[shapely.Polygon]]:
    middle = np.array(shapely.get_coordinates(shapely.centroid(zone.outline))[0])
    bend = SmoothField(rng, zone.bend_m, rng.uniform(750, 1600))
    local = affinity.rotate(
        affinity.translate(zone.outline, -middle[0], -middle[1]),
        -zone.heading,
        origin=(0, 0),
        use_radians=True,
    )
    place = _placer(middle, zone.heading, bend)
    lot_m2 = zone.lot_mu * M2_PER_MU
    plan = Plan(
        block_m2=float(np.clip(lot_m2 * rng.uniform(4.0, 6.5), 1.3e4, 7.5e4)),
        widest_m=30.0 if zone.outline.area > 4e5 else 18.0 if zone.outline.area > 1.2e5 else 13.0,
        lattice_m=rng.uniform(85, 130),
    )
    done = []
    for block in lay_streets(local, plan, rng):
        if rng.random() < OTHER_USE_SHARE:
            continue
        block = shapely.segmentize(block, LONGEST_STREET_EDGE_M)
        whole = block.area > 1.7 * plan.block_m2 and rng.random() < 0.75
        wanted_m2 = block.area if whole else lot_m2 * float(np.exp(rng.normal(0, 0.42)))
        shapes = make_coverage(cut_lots(block, wanted_m2, rng), place, SMALLEST_LOT_M2 - 50)
        if shapes:
            done.append(shapes)
    return done


def _placer(middle: Floats, heading: float, bend: SmoothField) -> Callable[[Floats], Floats]:
    """From the zone's frame to the grid: bent a little, as streets that follow the ground are."""
    cos, sin = float(np.cos(heading)), float(np.sin(heading))
    turn = np.array([[cos, sin], [-sin, cos]])

    def place(xy: Floats) -> Floats:
        return np.asarray(bend.displace(xy) @ turn + middle, dtype=np.float64)

    return place
