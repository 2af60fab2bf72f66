"""The industrial platforms: wide areas that the plan names, and small parks for small firms, drawn as a bureau would.

It refuses to pass for their real boundaries, and ground in two platforms: what lies in a park or a smaller area is cut
out of the larger one around it, or its tax would be counted twice.
"""

from dataclasses import dataclass

import numpy as np
import shapely

from demo.county import County, round_mm, to_grid
from demo.ground import Ground
from demo.parcels import Parcel
from demo.randomness import SmoothField, stream
from demo.yiwu import LonLat

BASIS = "示意：平台空间范围划定方案"
NOTE = "示意范围，非真实边界"
SINCE = "2021-07-01"
CLOSED_M = 16.0
"""Streets inside a park belong to it."""


@dataclass(frozen=True)
class Wide:
    """An area along a spine: the line of a valley or a road that it was planned around."""

    name: str
    kind: str
    spine: tuple[LonLat, ...]
    width_m: float


@dataclass(frozen=True)
class Park:
    """Whole parcels of one zone around its middle."""

    name: str
    town: str
    zone: int
    reach_m: float
    since: str = SINCE


@dataclass(frozen=True)
class Platform:
    code: str
    name: str
    kind: str
    basis: str
    since: str
    shape_4528: shapely.Geometry


PARKS = (
    Park("苏溪示意小微企业园", "330782105", 2, 190.0),
    Park("佛堂示意小微企业园", "330782100", 4, 200.0),
    Park("廿三里示意小微企业园", "330782007", 1, 260.0, since="2024-03-01"),
    Park("上溪示意小微企业园", "330782104", 3, 75.0),
)
"""The last is so small that what its firms pay can't be told to everybody."""
WIDE = (
    Wide(
        "义东北智能显示材料“万亩千亿”新产业平台",
        "万亩千亿新产业平台",
        ((120.116, 29.396), (120.122, 29.424), (120.130, 29.464)),
        2100.0,
    ),
    Wide(
        "义西南绿色动力“万亩千亿”新产业平台",
        "万亩千亿新产业平台",
        ((120.010, 29.200), (120.014, 29.180), (120.036, 29.140)),
        2200.0,
    ),
    Wide(
        "义乌示意经济开发区",
        "经济开发区",
        ((120.028, 29.266), (120.048, 29.298), (120.046, 29.350)),
        2300.0,
    ),
    Wide("光源科技小镇", "特色小镇", ((120.114, 29.366), (120.119, 29.388)), 1250.0),
    Wide("绿色动力小镇", "特色小镇", ((120.016, 29.232), (120.008, 29.206)), 1150.0),
    Wide("芯片小镇", "特色小镇", ((119.924, 29.224), (119.922, 29.270)), 1250.0),
)
"""The names are the plan's but for those that say 示意."""


def draw_platforms(county: County, ground: Ground, parcels: list[Parcel], seed: int) -> list[Platform]:
    """The wide areas, then the parks; drawn the other way round, so that the larger ones take what is left."""
    rng = stream(seed, "platforms")
    codes = [town.code for town in county.towns]
    shapes = np.array([parcel.shape_4528 for parcel in parcels], dtype=object)
    zone_of = np.array([parcel.zone for parcel in parcels])
    parks = []
    for park in PARKS:
        town = codes.index(park.town)
        zone = next(at for at, z in enumerate(ground.zones) if (z.town, z.number) == (town, park.zone))
        parks.append(_around_parcels(shapes, zone_of == zone, ground.zones[zone].outline.centroid, park))
    taken = shapely.union_all(parks)
    areas: list[shapely.Polygon] = []
    for wide in reversed(WIDE):
        area = _largest(_along(wide, rng).intersection(county.outline_4528).difference(taken))
        areas.insert(0, _tidy(area))
        taken = taken.union(area)
    drawn = [
        *((wide.name, wide.kind, SINCE, area) for wide, area in zip(WIDE, areas, strict=True)),
        *((park.name, "小微企业园", park.since, area) for park, area in zip(PARKS, parks, strict=True)),
    ]
    return [
        Platform(f"{county.code}PT{number:03d}", name, kind, BASIS, since, area)
        for number, (name, kind, since, area) in enumerate(drawn, start=1)
    ]


def _along(wide: Wide, rng: np.random.Generator) -> shapely.Geometry:
    """A winding outline that follows no parcel and no town: it cuts through both."""
    spine = shapely.LineString(to_grid(np.array(wide.spine)))
    outline = shapely.segmentize(spine.buffer(wide.width_m / 2, quad_segs=12), 60.0)
    for field in (
        SmoothField(rng, wide.width_m * 0.09, wide.width_m * 1.1),
        SmoothField(rng, 14.0, 320.0),
    ):
        outline = shapely.transform(outline, field.displace)
    return shapely.make_valid(outline)


def _around_parcels(
    shapes: np.ndarray, of_zone: np.ndarray, middle: shapely.Point, park: Park
) -> shapely.Geometry:
    """Along the parcels' own boundaries, over the streets between them."""
    near = of_zone & (shapely.distance(shapely.centroid(shapes), middle) < park.reach_m)
    inside = shapely.union_all(shapes[near])
    closed = inside.buffer(CLOSED_M, join_style="mitre").buffer(-CLOSED_M, join_style="mitre")
    others = shapely.union_all(shapes[~near & (shapely.distance(shapes, middle) < 4 * park.reach_m)])
    return _tidy(_largest(closed.union(inside).difference(others)))


def _tidy(shape: shapely.Polygon) -> shapely.Polygon:
    """Without the near twins of corners that cutting along other outlines leaves."""
    return shapely.transform(shapely.remove_repeated_points(shape, 0.01), round_mm)


def _largest(shape: shapely.Geometry) -> shapely.Polygon:
    return max(shapely.get_parts(shape), key=lambda part: part.area)
