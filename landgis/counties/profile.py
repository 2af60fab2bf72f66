"""A county's profile file: TOML in, checked facts out.

Refuses a profile that lacks a name, a code, a survey CRS or an extent, and names the line to mend.
"""

import hashlib
import re
import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

from pyproj import CRS
from pyproj.exceptions import CRSError

from landgis.counties.boundary import read_boundary
from landgis.counties.catalogue import described
from landgis.counties.value_kinds import Unfit
from landgis.lib.errors import InputError

HALF_WAY_ROUND = 180.0
LONGEST_CODE, LONGEST_NAME, LONGEST_PATTERN = 12, 60, 200  # what the register keeps
CERTAINTIES = ("law", "plan", "pub", "ver", "know", "ours")


@dataclass(frozen=True, slots=True)
class DatedValue:
    """A parameter or target as the profile states it."""

    key: str
    value: Any
    unit: str
    valid_from: date
    valid_to: date | None
    basis: str
    certainty: str = "ours"


@dataclass(frozen=True, slots=True)
class Profile:
    """A county as its profile file states it; `boundary` is a GeoJSON geometry (EPSG:4490, lon lat) or None."""

    code: str
    name: str
    survey_crs: int
    bbox_4490: tuple[float, float, float, float]
    boundary: dict[str, Any] | None
    towns: tuple[tuple[str, str], ...]
    parameters: tuple[DatedValue, ...]
    targets: tuple[DatedValue, ...]
    recipients: tuple[tuple[str, str, tuple[str, ...]], ...]
    parcel_code_pattern: str
    is_demo: bool
    sha256: str


def read_profile(path: Path) -> Profile:
    """Read `path` and the boundary file beside it; raises InputError naming the key that is wrong."""
    try:
        raw = path.read_bytes()
        data = tomllib.loads(raw.decode("utf-8-sig"))
    except FileNotFoundError:
        raise _error("", f"找不到县域配置文件 {path}", "请检查路径。") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _error("", f"配置文件不是有效的 UTF-8 TOML：{error}", "请修正后重新载入。") from None
    boundary, boundary_raw = _boundary(path, data)
    bbox = _bbox(data, boundary)
    return Profile(
        code=_text(data, "code", longest=LONGEST_CODE),
        name=_text(data, "name", longest=LONGEST_NAME),
        survey_crs=_epsg(data, bbox),
        bbox_4490=bbox,
        boundary=boundary,
        towns=_towns(data),
        parameters=tuple(_dated(item, "parameters.") for item in _tables(data, "parameters")),
        targets=tuple(_dated(item, "targets.") for item in _tables(data, "targets")),
        recipients=tuple(
            (
                _text(item, "code", "recipients."),
                _text(item, "name", "recipients."),
                tuple(item.get("fields", ())),
            )
            for item in _tables(data, "recipients")
        ),
        parcel_code_pattern=_pattern(data),
        is_demo=bool(data.get("demo", False)),
        sha256=hashlib.sha256(raw + boundary_raw).hexdigest(),
    )


def read_targets(path: Path) -> tuple[DatedValue, ...]:
    """The `targets` of a TOML file that holds nothing else."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(_dated(item, "targets.") for item in data["targets"])


@cache
def national_parameters() -> tuple[DatedValue, ...]:
    """The parameters that a county starts with where its profile names none (`national.toml`, each with its basis)."""
    data = tomllib.loads((Path(__file__).parent / "national.toml").read_text(encoding="utf-8"))
    return tuple(_dated(item, "parameters.") for item in data["parameters"])


def _error(key: str, message: str, remedy: str = "") -> InputError:
    return InputError("profile_invalid", message, remedy or f"请在配置文件中修正“{key}”。", field=key)


def _tables(data: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """The tables [[key]], none where there are none."""
    found = data.get(key, [])
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise _error(key, f"“{key}”应写作若干个 [[{key}]] 表。")
    return found


def _towns(data: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    towns = tuple(
        (_text(town, "code", "towns.", LONGEST_CODE), _text(town, "name", "towns.", LONGEST_NAME))
        for town in _tables(data, "towns")
    )
    codes = [code for code, _ in towns]
    if twice := next((code for code in codes if codes.count(code) > 1), None):
        raise _error("towns.code", f"镇街代码 {twice} 出现了不止一次。")
    return towns


def _pattern(data: dict[str, Any]) -> str:
    pattern = str(data.get("parcel_code_pattern", r"^\S{1,40}$"))
    try:
        re.compile(pattern, re.ASCII)
    except re.error as error:
        raise _error("parcel_code_pattern", f"“parcel_code_pattern”不是正则表达式：{error}") from None
    if len(pattern) > LONGEST_PATTERN:
        raise _error("parcel_code_pattern", f"“parcel_code_pattern”超过 {LONGEST_PATTERN} 个字符。")
    return pattern


def _text(data: dict[str, Any], key: str, prefix: str = "", longest: int | None = None) -> str:
    value = data.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value.strip():
        raise _error(prefix + key, f"配置缺少“{prefix}{key}”或其值不是文字。")
    if longest is not None and len(value.strip()) > longest:
        raise _error(prefix + key, f"“{prefix}{key}”最多 {longest} 个字符：{value.strip()}")
    return value.strip()


def _epsg(data: dict[str, Any], bbox: tuple[float, float, float, float]) -> int:
    value = str(data.get("survey_crs", "")).upper().removeprefix("EPSG:").strip()
    if not value.isdigit():
        raise _error("survey_crs", "“survey_crs”应为投影坐标系的 EPSG 代码，例如 4549。")
    _require_metres(int(value), bbox)
    return int(value)


def _require_metres(epsg: int, bbox: tuple[float, float, float, float]) -> None:
    """Areas, tolerances and the officers' coordinates are all in metres of this system, which must reach the county."""
    try:
        crs = CRS.from_epsg(epsg)
    except CRSError:
        raise _error("survey_crs", f"“survey_crs”EPSG:{epsg} 不是已知的坐标系代码。") from None
    if not crs.is_projected:
        raise _error("survey_crs", f"“survey_crs”EPSG:{epsg}（{crs.name}）不是投影坐标系，不能量算面积。")
    other = {axis.unit_name for axis in crs.axis_info[:2] if axis.unit_conversion_factor != 1.0}
    if other:
        text = f"“survey_crs”EPSG:{epsg}（{crs.name}）的单位是 {'、'.join(sorted(other))}，须改用以米为单位的坐标系。"
        raise _error("survey_crs", text)
    used = crs.area_of_use
    if used is not None and not _meet(bbox, (used.west, used.south, used.east, used.north)):
        text = f"“survey_crs”EPSG:{epsg}（{crs.name}）用于{used.name}，不包括 bbox 所在的地方。"
        raise _error("survey_crs", text)


def _meet(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    """Whether two boxes have ground in common; either may cross the antimeridian or go round the world."""
    reach = [box[2] - box[0] if box[2] >= box[0] else (box[2] - box[0]) % 360 for box in (one, other)]
    across = (other[0] - one[0]) % 360 <= reach[0] or (one[0] - other[0]) % 360 <= reach[1]
    return across and one[1] <= other[3] and other[1] <= one[3]


def _boundary(path: Path, data: dict[str, Any]) -> tuple[dict[str, Any] | None, bytes]:
    if not data.get("boundary"):
        return None, b""
    return read_boundary(path.parent / str(data["boundary"]))


def _bbox(data: dict[str, Any], boundary: dict[str, Any] | None) -> tuple[float, float, float, float]:
    if "bbox" in data:
        try:
            west, south, east, north = (float(value) for value in data["bbox"])
        except (TypeError, ValueError):
            raise _error("bbox", "“bbox”应为 [西, 南, 东, 北] 四个数（度）。") from None
        inside = -180 <= west <= 180 and -180 <= east <= 180 and -90 <= south < north <= 90
        # West beyond east is a county across the antimeridian, as [177, -19, -178, -16]; half the world is a mistake.
        if not inside or west == east or (west > east and (east - west) % 360 >= HALF_WAY_ROUND):
            raise _error("bbox", "“bbox”的顺序应为 [西, 南, 东, 北]，单位为度。")
        return west, south, east, north
    if boundary is None:
        raise _error("bbox", "配置中既没有“boundary”也没有“bbox”，无法判断数据是否在县域内。")
    points = [point for polygon in boundary["coordinates"] for ring in polygon for point in ring]
    lons, lats = [point[0] for point in points], [point[1] for point in points]
    west, east = min(lons), max(lons)
    if east - west > HALF_WAY_ROUND:  # cut at the antimeridian, as GeoJSON has it
        west, east = min(lon for lon in lons if lon >= 0), max(lon for lon in lons if lon < 0)
    return west, min(lats), east, max(lats)


def _dated(item: dict[str, Any], prefix: str) -> DatedValue:
    key, basis = _text(item, "key", prefix), _text(item, "basis", prefix)
    for name in ("valid_from", "valid_to"):
        if name in item and type(item[name]) is not date:
            raise _error(prefix + name, f"“{key}”的“{name}”应写作 2021-01-01（不加引号）。")
    if "value" not in item or "valid_from" not in item:
        raise _error(prefix + key, f"“{key}”缺少 value 或 valid_from。")
    certainty = str(item.get("certainty", "ours"))
    if certainty not in CERTAINTIES:
        raise _error(prefix + "certainty", f"“{key}”的 certainty 应为 {'、'.join(CERTAINTIES)} 之一。")
    value = item["value"]
    if prefix == "targets.":
        try:
            value = Decimal(str(value))
        except InvalidOperation:
            raise _error(prefix + key, f"目标“{key}”的值“{value}”不是数字。") from None
    elif (kind := described(key).kind) is not None:
        try:
            kind.read(kind.write(value))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            told = str(error) if isinstance(error, Unfit) else kind.hint
            raise _error(prefix + key, f"参数“{key}”的值“{value}”不合适：{told}") from None
    return DatedValue(
        key, value, str(item.get("unit", "")), item["valid_from"], item.get("valid_to"), basis, certainty
    )
