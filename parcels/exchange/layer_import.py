"""Bringing control lines, towns and platforms in from a vector file, in versions.

Refuses invalid shapes, repeated codes, and shapes that overlap; good rows load, all or none.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from landgis.access.queries import Actor
from landgis.access.rules import IMPORT_DATA
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.errors import InputError, UsageError
from landgis.lib.issues import Issue
from landgis.lib.units import m2_to_mu
from landgis.lib.upsert import Stored, rehearsed
from layers.control_lines.actions import store_control_lines
from layers.control_lines.models import ControlLine
from layers.districts.actions import OVERLAP_TOLERANCE_M2, store_districts
from layers.districts.models import District
from layers.geometry.area import ellipsoidal_area_m2
from layers.geometry.encoded import multipolygons
from layers.geometry.topology import overlaps_within
from layers.geometry.transform import CGCS2000, box_shape, transform_geometries
from layers.geometry.validity import check_polygons
from layers.versions import Delivered
from parcels.exchange.attribute_checks import NOTE_LENGTH
from parcels.exchange.batch import Expectations, cleaned
from parcels.exchange.columns import Column
from parcels.exchange.fields import beginnings, by_their_names, by_what_is_left, normalised
from parcels.exchange.layer_position import check_position
from parcels.exchange.parcel_import import Imported
from parcels.exchange.parcel_reading import expectations, open_layer
from parcels.exchange.values import Problem, parser_for

DATE = Column("valid_from", "生效日期", "date", ())

Store = Callable[[County, Sequence[Delivered], str], Stored]


@dataclass(frozen=True, slots=True)
class LayerSpec:
    """A layer: the names its columns come under, and where it is stored."""

    title: str
    model: type[ControlLine] | type[District]
    fields: dict[str, tuple[str, ...]]
    store: Store
    overlapping: str = "请核对双方边界。"
    whole_county: bool = False  # together the shapes are the county


LAYERS: dict[str, LayerSpec] = {
    "control-lines": LayerSpec(
        "工业用地控制线",
        ControlLine,
        {
            "code": (
                "控制线编号",
                "控制线编",
                "控制线代码",
                "控制线",
                "编号",
                "KZXBH",
                "KZXDM",
                "BSM",
                "code",
                "id",
            ),
            "name": ("名称", "控制线名称", "MC", "KZXMC", "name"),
            "level": ("级别", "控制线级别", "JB", "KZXJB", "level"),
            "batch": ("批次", "PC", "batch"),
            "basis": ("依据", "划定依据", "批准文号", "PZWH", "basis"),
            "valid_from": ("生效日期", "批准日期", "SXRQ", "PZRQ", "valid_from"),
        },
        lambda county, shapes, source: store_control_lines(county, shapes, source=source),
    ),
    "districts": LayerSpec(
        "镇街",
        District,
        {
            "code": ("乡镇代码", "镇街代码", "街道代码", "XZQDM", "行政区代码", "code", "id"),
            "name": ("乡镇名称", "镇街名称", "街道名称", "XZQMC", "行政区名称", "名称", "name"),
            "valid_from": ("生效日期", "valid_from"),
        },
        lambda county, shapes, source: store_districts(county, shapes, kind=District.TOWN, source=source),
        whole_county=True,
    ),
    "platforms": LayerSpec(
        "产业平台",
        District,
        {
            "code": ("平台代码", "平台编号", "园区代码", "开发区代码", "PTDM", "YQDM", "KFQDM", "code", "id"),
            "name": ("平台名称", "园区名称", "开发区名称", "PTMC", "YQMC", "KFQMC", "名称", "name"),
            "platform_type": (
                "平台类型",
                "园区类型",
                "开发区类型",
                "类型",
                "PTLX",
                "YQLX",
                "KFQLX",
                "platform_type",
                "type",
            ),
            "valid_from": ("生效日期", "批准日期", "SXRQ", "PZRQ", "valid_from"),
        },
        lambda county, shapes, source: store_districts(county, shapes, kind=District.PLATFORM, source=source),
        "平台之间不得重叠：大平台之内另设的园区，请从大平台范围中扣除。",
    ),
}


def import_layer(
    *,
    county: County,
    actor: Actor,
    collection: str,
    file: Path,
    on: date,
    crs: int | None = None,
    encoding: str | None = None,
    layer: str = "",
    commit: bool = False,
    reason: str = "",
) -> Imported:
    """Check `file` and, with `commit`, store its good shapes; `on` is their first day where the file names none."""
    actor.require_whole_county(IMPORT_DATA)
    if collection not in LAYERS:
        raise UsageError(f"没有名为“{collection}”的图层。", remedy=f"可导入：{'、'.join(LAYERS)}。")
    spec, result = LAYERS[collection], Imported()
    try:
        delivered = _read(spec, county, file, on, crs, encoding, layer, result)
    except InputError as error:
        result.issues.append(Issue.of(error))
        return result
    try:
        with (
            rehearsed(commit=commit),
            change(
                county_code=county.code,
                by=actor.username,
                action=f"import_{collection}",
                reason=reason,
                file=file.name,
            ) as running,
        ):
            stored = spec.store(county, delivered, file.name)
            running.summary.update(created=stored.created, updated=stored.updated)
    except InputError as error:
        result.issues.append(Issue(0, error.code, error.field, str(error)))
        result.accepted, result.rejected = 0, result.rows
        return result
    result.accepted, result.unchanged = stored.created + stored.updated, stored.unchanged
    result.committed = commit and bool(result.accepted)
    return result


def _read(
    spec: LayerSpec, county: County, file: Path, on: date, crs: int | None, encoding: str | None, layer: str,
    result: Imported,
) -> list[Delivered]:  # fmt: skip
    expected = expectations(county, on)
    table, found = open_layer(file, expected, crs=crs, encoding=encoding, layer=layer)
    result.mapping = _mapping(spec, table.columns, result.notes)
    source = shapely.force_2d(table.geoms)
    swap = found.axis_swapped
    box = expected.bbox_4490
    survey = transform_geometries(source, found.epsg, expected.survey_crs, bbox_4490=box, axis_swapped=swap)
    lonlat = multipolygons(
        transform_geometries(source, found.epsg, CGCS2000, bbox_4490=box, axis_swapped=swap)
    )
    texts = {field: cleaned(table.columns[column]) for field, column in result.mapping.items()}
    drawn = lonlat[~(shapely.is_missing(lonlat) | shapely.is_empty(lonlat))]
    check_position(county, drawn, boundary_4490=expected.boundary_4490, whole_county=spec.whole_county)
    result.issues += [
        *_issues(survey, texts, spec.overlapping),
        *_unfit(spec, texts),
        *_out_of_county(lonlat, expected),
    ]
    result.issues.sort(key=lambda issue: (issue.row, issue.code))
    good = np.ones(len(source), dtype=bool)
    good[[issue.row - 1 for issue in result.issues if issue.severity == "error"]] = False
    rows = np.flatnonzero(good)
    areas = ellipsoidal_area_m2(lonlat[rows])
    result.rows, result.rejected = len(source), int((~good).sum())
    result.area_mu = round(float(m2_to_mu(float(areas.sum()))), 4)
    result.crs, result.encoding = f"EPSG:{found.epsg}", table.encoding
    result.notes = [*table.notes, *result.notes, *found.reasons, *found.warnings]
    return [
        Delivered(texts["code"][i], _facts(spec, texts, i, area), lonlat[i], _first_day(texts, i, on))
        for i, area in zip(rows.tolist(), areas.tolist(), strict=True)
    ]


def _mapping(spec: LayerSpec, columns: Mapping[str, Any], notes: list[str]) -> dict[str, str]:
    """Field → column: by its name, or by what a shapefile left of it."""
    by_name = {normalised(column): column for column in columns}
    found = by_their_names(by_name, spec.fields, {})
    cut = beginnings(tuple((field, name) for field, names in spec.fields.items() for name in names))
    for field, column in by_what_is_left(by_name, cut.get, found).items():
        found[field] = column
        notes.append(f"列“{column}”的名称不完整，按“{spec.fields[field][0]}”读取，请核对。")
    if "code" not in found:
        raise InputError(
            "code_column_missing",
            f"没有找到{spec.title}的代码列。文件中的列：{'、'.join(columns)}。",
            f"请将代码列命名为 {spec.fields['code'][0]}。",
        )
    return found


def _unfit(spec: LayerSpec, texts: dict[str, Any]) -> Iterator[Issue]:
    """Texts that the table has no room for."""
    for name, values in texts.items():
        longest = getattr(spec.model._meta.get_field(name), "max_length", None) or NOTE_LENGTH
        for i, text in enumerate(values):
            if len(text) > longest or "\0" in text:
                words = (
                    f"{spec.fields[name][0]}“{text[:20]}…”有 {len(text)} 个字符，最多 {longest} 个。请缩短。"
                )
                yield Issue(i + 1, "text_too_long", name, f"第 {i + 1} 行：{words}")


def _out_of_county(lonlat: np.ndarray, expected: Expectations) -> Iterator[Issue]:
    county = expected.boundary_4490 or box_shape(expected.bbox_4490)
    drawn = ~(shapely.is_missing(lonlat) | shapely.is_empty(lonlat)) & shapely.is_valid(lonlat)
    for i in np.flatnonzero(drawn & ~shapely.intersects(lonlat, county)).tolist():
        words = "图形不在本县范围内。请核对坐标和所属县。"
        yield Issue(i + 1, "out_of_county", "geometry", f"第 {i + 1} 行：{words}")


def _issues(survey: np.ndarray, texts: dict[str, Any], overlapping: str) -> list[Issue]:
    issues = [
        Issue(f.index + 1, f.code, "geometry", f"第 {f.index + 1} 行：{f.message}", f.severity)
        for f in check_polygons(survey)
    ]
    seen: dict[str, int] = {}
    for i, code in enumerate(texts["code"]):
        if not code:
            issues.append(Issue(i + 1, "code_missing", "code", f"第 {i + 1} 行：代码为空。请补填。"))
        elif code in seen:
            message = f"第 {i + 1} 行：代码 {code} 与第 {seen[code] + 1} 行重复。请改正。"
            issues.append(Issue(i + 1, "code_duplicate_in_file", "code", message))
        seen.setdefault(code, i)
    parse = parser_for(DATE)
    for i, text in enumerate(texts.get("valid_from", ())):
        if text and isinstance(parse(text), Problem):
            message = f"第 {i + 1} 行：生效日期“{text}”不是有效日期。请写作 2024-01-01。"
            issues.append(Issue(i + 1, "date_invalid", "valid_from", message))
    sound = np.flatnonzero(shapely.is_valid(survey) & ~shapely.is_missing(survey))
    for i, j, area_m2 in zip(*overlaps_within(survey[sound], OVERLAP_TOLERANCE_M2), strict=True):
        a, b = int(sound[i]), int(sound[j])
        message = f"第 {b + 1} 行：与第 {a + 1} 行（{texts['code'][a]}）重叠 {area_m2:.2f} ㎡。{overlapping}"
        issues.append(Issue(b + 1, "overlap_in_file", "geometry", message))
    return issues


def _facts(spec: LayerSpec, texts: dict[str, Any], i: int, area_m2: float) -> dict[str, Any]:
    facts = {
        name: texts[name][i] if name in texts else ""
        for name in spec.fields
        if name not in ("code", "valid_from")
    }
    return facts | ({"area_m2": area_m2} if "level" in spec.fields else {})


def _first_day(texts: dict[str, Any], i: int, on: date) -> date:
    said = texts["valid_from"][i] if "valid_from" in texts else ""
    day: date | None = parser_for(DATE)(said) if said else None
    return day or on
