"""Parcel layers made for the tests of their import, and the import run on them."""

from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from landgis.access.queries import command_actor
from landgis.counties.models import County
from parcels.exchange.parcel_import import Imported, import_parcels

ON = date(2026, 1, 5)
# Lower left corner of a good place in the test county, EPSG:4549.
EAST, NORTH = 500_000.0, 3_242_000.0


def square(i: int, size: float = 100.0, gap: float = 20.0) -> shapely.Polygon:
    x = EAST + i * (size + gap)
    return shapely.box(x, NORTH, x + size, NORTH + size)


def frame(count: int = 3, **columns: Any) -> gpd.GeoDataFrame:
    shapes = [square(i) for i in range(count)]
    data = {
        "宗地代码": [f"990001001001GB{i + 1:05d}" for i in range(count)],
        "宗地面积": [10000.0] * count,
        "权利人": [f"示意{i}有限公司" for i in range(count)],
        **columns,
    }
    return gpd.GeoDataFrame(data, geometry=shapes, crs=4549)


def delivered(data: gpd.GeoDataFrame, folder: Path, name: str = "p.gpkg", **options: Any) -> Path:
    file = folder / name
    data.to_file(file, **options)
    return file


def run(county: County, file: Path, *, commit: bool = False, by: str = "system", **options: Any) -> Imported:
    actor = command_actor(by, county)
    return import_parcels(
        county=county, actor=actor, file=file, on=ON, commit=commit, reason="测试导入", **options
    )


def codes(result: Imported, row: int | None = None) -> set[str]:
    return {issue.code for issue in result.issues if row is None or issue.row == row}


def touching(count: int) -> gpd.GeoDataFrame:
    """A hole whose corner lies on the shell's slanting edge: sound in the plane, a rounding across it as stored."""
    shell = [(0, 0), (90, 0), (90, 80), (30, 80)]
    made = []
    for i in range(count):
        x, y = 30 * (i + 1) / 41, 80 * (i + 1) / 41
        hole = [(x, y), (60, 20), (60, 40)]
        east = EAST + 120 * i
        made.append(shapely.Polygon(np.add(shell, (east, NORTH)), [np.add(hole, (east, NORTH))]))
    data = frame(count, 宗地面积=[round(made[0].area, 2)] * count)
    return data.set_geometry(made, crs=4549)
