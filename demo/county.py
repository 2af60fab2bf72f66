"""The county the demo is drawn in: its profile file, its real outline and the helpers of its survey grid.

It refuses to invent an outline or a code: both come from data/counties/<code>.
"""

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry import shape

from demo.randomness import Floats

DELIVERY_CRS = 4528
"""CGCS2000 3-degree zone 40: the easting carries the zone prefix, as bureaus deliver it."""
M2_PER_MU = 10000 / 15


@dataclass(frozen=True)
class Town:
    code: str
    name: str


@dataclass(frozen=True)
class County:
    code: str
    name: str
    towns: tuple[Town, ...]
    outline_4528: shapely.Polygon


def load_county(folder: Path) -> County:
    """Read profile.toml and the outline it names."""
    with (folder / "profile.toml").open("rb") as file:
        profile = tomllib.load(file)
    feature = json.loads((folder / profile["boundary"]).read_text(encoding="utf-8"))["features"][0]
    outline_4490 = shape(feature["geometry"])
    outline = shapely.transform(outline_4490, to_grid)
    outline = shapely.set_precision(outline, 0.001)
    if outline.geom_type == "MultiPolygon":
        outline = max(outline.geoms, key=lambda part: part.area)
    towns = tuple(Town(str(town["code"]), str(town["name"])) for town in profile["towns"])
    return County(str(profile["code"]), str(profile["name"]), towns, outline)


def to_grid(lonlat_4490: Floats) -> Floats:
    """Longitude and latitude to metres of EPSG:4528, easting first."""
    transformer = Transformer.from_crs(4490, DELIVERY_CRS, always_xy=True)
    return np.column_stack(transformer.transform(lonlat_4490[:, 0], lonlat_4490[:, 1]))


def round_mm(xy: Floats) -> Floats:
    """Millimetres: the survey's precision, and what keeps two neighbours' copies of a corner identical."""
    return np.asarray(np.round(xy, 3), dtype=np.float64)
