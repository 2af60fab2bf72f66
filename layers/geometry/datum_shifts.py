"""The route that PROJ takes from a coordinate system to degrees of CGCS2000 or WGS 84, and how exact it is.

Refuses a system that isn't known, and one to which no reliable route leads.
"""

from __future__ import annotations

import warnings
from functools import lru_cache

from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from pyproj.transformer import AreaOfInterest, TransformerGroup

from landgis.lib.errors import InputError

CGCS2000, WGS84 = 4490, 4326
Box = tuple[float, float, float, float]


@lru_cache(maxsize=64)
def transformer(pipeline: str) -> Transformer:
    return Transformer.from_pipeline(pipeline)  # safe to share: pyproj keeps one copy for each thread


@lru_cache(maxsize=256)
def to_pivot(epsg: int, bbox: Box | None) -> tuple[str, float]:
    """PROJ's pipeline from `epsg` to degrees (4490; 4326 for the rest of the world), its accuracy (m)."""
    crs = known_crs(epsg)
    geodetic = crs.geodetic_crs
    pivot = CGCS2000 if geodetic is not None and geodetic.to_epsg() in (4479, 4480, CGCS2000) else WGS84
    found: list[Transformer] = []
    # Without the box: a system of elsewhere, whose data will be seen to lie elsewhere.
    for area in (AreaOfInterest(*bbox) if bbox else None, None):
        with warnings.catch_warnings():  # of grids that aren't installed: the accuracy of what is left tells
            warnings.simplefilter("ignore", UserWarning)
            group = TransformerGroup(crs, pivot, always_xy=True, area_of_interest=area, allow_ballpark=False)
        found = found or group.transformers
    if not found:
        raise InputError(
            "crs_no_transformation",
            f"没有可用的转换参数：EPSG:{epsg}（{crs.name}）无法可靠地转换到 CGCS2000。",
            "请先由测绘单位将数据转换为 CGCS2000 或 WGS 84 后再导入。",
        )
    best = found[0]
    return best.definition, max(best.accuracy or 0.0, 0.0)


@lru_cache(maxsize=256)
def known_crs(epsg: int) -> CRS:
    try:
        return CRS.from_epsg(epsg)
    except CRSError as error:
        raise InputError(
            "crs_unknown", f"EPSG:{epsg} 不是已知的坐标系代码。", "请核对代码，例如 4549、4528 或 4490。"
        ) from error
