"""What a file says about its coordinate system: a .prj, WKT, PROJJSON or a code, down to an EPSG code.

Refuses the datums Beijing 1954 and Xian 1980 (their parameters to CGCS2000 are local and classified, and
PROJ's defaults are wrong in China), the shifted systems GCJ-02 and BD-09, and a local system without an EPSG
code. Believes no identification by likeness: PROJ gives the meridian 120.05° the code of 102°, so each is
recomputed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn

import numpy as np
from pyproj import CRS, Proj
from pyproj.exceptions import CRSError, ProjError

from landgis.lib.errors import InputError
from layers.geometry.datum_shifts import known_crs
from layers.geometry.transform import (
    CGCS2000,
    GAUSS_KRUGER,
    WEB_MERCATOR,
    WGS84,
    Box,
    Floats,
    is_cgcs2000,
)


class CrsError(InputError):
    """The coordinates can't be taken for what they claim to be, or for anything else without a doubt."""

    code = "crs_refused"


@dataclass(frozen=True, slots=True)
class Declared:
    """`epsg` is what the file's words mean; `note` (Chinese) tells how that was found, if not by a code."""

    epsg: int
    name: str
    note: str = ""


# EPSG: Xian 1980 4610, 2327-2390; Beijing 1954 4214, 2401-2442, 21413-21483; New Beijing 4555, 4568-4822.
_OLD_RANGES = ((2327, 2390), (2401, 2442), (21413, 21483), (4568, 4589), (4652, 4656), (4766, 4800))
_OLD_CODES = {4610, 4214, 4555, 4812, 4822}.union(*(range(a, b + 1) for a, b in _OLD_RANGES))
_OLD_NAMES = re.compile(
    r"xi'?an[_ ]*(19)?80|beijing[_ ]*(19)?54|new[_ ]*beijing|iag[_ ]*(19)?75"
    r"|(?<![a-z])(bj|xa)[_-]?(54|80)(?!\d)"
    r"|西安[_ ]*(19)?80|(19)?80年?[_ ]*(西安|国家大地)|北京[_ ]*(19)?54|(19)?54年?[_ ]*北京",
    re.IGNORECASE,
)
_SHIFTED_NAMES = re.compile(
    r"gcj[-_ ]?0?2|bd[-_ ]?0?9(?!\d)|(?<![a-z])mars(?![a-z])|baidu|(火星|百度|高德)(地图|坐标)",
    re.IGNORECASE,
)
_NOTHING_SAID = re.compile(r"^\s*(undefined|unknown engineering)\b", re.IGNORECASE)
_KRASSOWSKY_M, _IAG75_M = 6378245.0, 6378140.0
_SAME_M = 1e-3
_SAME_FLATTENING, _WGS84_FLATTENING = 1e-7, 2e-6  # WGS 84 and CGCS2000 differ by 1.5e-6
# Names under which EPSG or Esri keep a system that landgis knows by another code.
_SAME_SYSTEM = {4480: CGCS2000, 4979: WGS84, 3785: WEB_MERCATOR, 900913: WEB_MERCATOR}


def read_declared(text: str | int | None, *, survey_crs: int, bbox_4490: Box) -> Declared | None:
    """The EPSG code that the text means; None when it says nothing (no text, unreadable, unknown plane)."""
    text = "" if text is None else str(text).strip()
    if not text:
        return None
    refuse_shifted_names(text[:4000])
    crs = _parse(text)
    if crs is None:
        if _OLD_NAMES.search(text):
            _refuse_old(text[:60])
        return None
    if crs.is_engineering or _NOTHING_SAID.search(crs.name):
        return None
    _refuse_old_datum(crs, in_china=is_cgcs2000(survey_crs))
    return _identify(crs, survey_crs, bbox_4490)


def refuse_shifted_names(*texts: str) -> None:
    """Raises when a name (of the file, the layer, its coordinate system) says GCJ-02, BD-09 or the like."""
    for text in texts:
        if found := _SHIFTED_NAMES.search(text):
            refuse_shifted(f"名称中出现“{found.group()}”")


def refuse_shifted(evidence: str, system: str = "GCJ-02/BD-09") -> NoReturn:
    raise CrsError(
        "crs_shifted",
        f"疑似经 {system} 加偏的坐标（{evidence}），与真实位置相差约 500 米以上，不能入库。",
        "请向数据提供单位索取未加偏的 CGCS2000 成果；互联网地图上截取的边界不能作为宗地界线。",
    )


def _parse(text: str) -> CRS | None:
    if code := re.fullmatch(r"(?:EPSG:)?(\d+)", text, re.IGNORECASE):
        crs = known_crs(int(code[1]))  # a mistyped code is told, not passed over
    else:
        try:
            crs = CRS.from_user_input(text)
        except CRSError:
            return None
    # A height beside the plane, or a box of shift parameters around it, says nothing about the plane.
    while crs.is_compound or crs.is_bound:
        inner = crs.sub_crs_list[0] if crs.is_compound else crs.source_crs
        if inner is None:
            break
        crs = inner
    return crs


def _refuse_old_datum(crs: CRS, *, in_china: bool) -> None:
    geodetic = crs.geodetic_crs
    names = [crs.name, geodetic.name if geodetic else "", crs.datum.name if crs.datum else ""]
    if crs.to_epsg() in _OLD_CODES or any(_OLD_NAMES.search(name) for name in names):
        _refuse_old(crs.name)
    # The same ellipsoids serve elsewhere (Pulkovo 1942); in China they mean the old datums under any name.
    ellipsoid = crs.ellipsoid
    if in_china and ellipsoid and ellipsoid.semi_major_metre in (_KRASSOWSKY_M, _IAG75_M):
        _refuse_old(f"{crs.name}，椭球 {ellipsoid.name}")


def _refuse_old(name: str) -> NoReturn:
    raise CrsError(
        "crs_old_datum",
        f"坐标系为北京54或西安80（{name}）：到 CGCS2000 的转换参数因地而异且属涉密资料，软件不作转换。",
        "请由具备资质的测绘单位转换为 CGCS2000 后再导入。",
    )


def _identify(crs: CRS, survey_crs: int, bbox: Box) -> Declared:
    exact = crs.to_epsg(min_confidence=100)
    likely = [crs.to_epsg(min_confidence=70), crs.to_epsg(min_confidence=20), survey_crs, *GAUSS_KRUGER]
    likely += [CGCS2000, WGS84, WEB_MERCATOR]
    for code in [exact, *likely]:
        if code is None:
            continue
        known = known_crs(code)
        # A code inside the text may have outlived an edited meridian: it is held to the parameters too, unless
        # the system is of elsewhere and has no coordinates for this county.
        if _same_projection(crs, known, bbox) or (code == exact and not _reaches(known, bbox)):
            epsg = _SAME_SYSTEM.get(code, code)
            note = "" if code == exact else f"坐标系说明“{crs.name}”按参数认定为 EPSG:{epsg}。"
            return Declared(epsg, known_crs(epsg).name, note)
    # MapInfo and hand-made definitions put the Gauss-Krüger zones of China on the ellipsoid of WGS 84.
    for code in (survey_crs, *GAUSS_KRUGER):
        if is_cgcs2000(code) and _same_projection(crs, known_crs(code), bbox, _WGS84_FLATTENING):
            note = f"坐标系说明“{crs.name}”以 WGS 84 椭球定义，与 CGCS2000 相差不到 1 毫米，按 EPSG:{code} 认定。"
            return Declared(code, known_crs(code).name, note)
    raise CrsError(
        "crs_unidentified",
        f"坐标系“{crs.name}”没有对应的 EPSG 代码，可能是地方独立坐标系或自定义中央经线。",
        f"请先转换为本县使用的 EPSG:{survey_crs} 后再导入；确知就是该坐标系的，请用 --crs {survey_crs} 指明。",
    )


def _same_projection(a: CRS, b: CRS, bbox: Box, flattening: float = _SAME_FLATTENING) -> bool:
    """The same ellipsoid, and the same plane coordinates at the county's corners to the millimetre."""
    if a.ellipsoid is None or b.ellipsoid is None or a.is_geographic != b.is_geographic:
        return False
    one, two = a.ellipsoid, b.ellipsoid
    if abs(one.semi_major_metre - two.semi_major_metre) > _SAME_M:
        return False
    if abs(one.inverse_flattening - two.inverse_flattening) > flattening:
        return False
    if a.is_geographic:
        prime = a.prime_meridian
        return prime is None or prime.longitude == 0
    there, here = _plane(a, bbox), _plane(b, bbox)
    return bool(np.isfinite(there).all() and np.abs(there - here).max() < _SAME_M)


def _reaches(crs: CRS, bbox: Box) -> bool:
    return bool(np.isfinite(_plane(crs, bbox)).all())


def _plane(crs: CRS, bbox: Box) -> Floats:
    """The county's corners and centre in the plane of `crs`, without a datum shift; infinite where it fails."""
    west, south, east, north = bbox
    east = west + (east - west) % 360
    lon = np.array([west, east, (west + east) / 2, west, east])
    lat = np.array([south, south, (south + north) / 2, north, north])
    try:
        return np.array(Proj(crs)(lon, lat))
    except (CRSError, ProjError):
        return np.full((2, 5), np.inf)
