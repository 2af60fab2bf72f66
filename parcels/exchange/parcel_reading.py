"""From a delivered file to a batch: read it, find its CRS, map its columns, and bring the shapes into the county's plane.

Refuses a layer as a whole when its CRS is refused or no column can be the parcel's code; a single bad row never stops it.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.contrib.gis.db.models.functions import AsWKB
from numpy.typing import NDArray

from landgis.counties.models import County
from landgis.counties.queries import parameters
from landgis.lib.errors import InputError
from layers.districts.models import District
from layers.geometry.area import planar_area_m2
from layers.geometry.crs import DetectedCrs, detect_crs
from layers.geometry.declared import CrsError, read_declared
from layers.geometry.gcj02 import RegisteredAreas, check_not_shifted
from layers.geometry.transform import CGCS2000, is_shift, transform_geometries
from layers.geometry.validity import sound_shapes
from parcels.cadastre.codes import land_classes
from parcels.cadastre.models import Parcel
from parcels.exchange.attribute_checks import AREA, DAY, as_square_metres
from parcels.exchange.batch import Batch, Expectations, Objects, cleaned
from parcels.exchange.fields import FieldMapping, map_fields
from parcels.exchange.placing import Placing, Towns
from parcels.exchange.values import Problem
from parcels.exchange.vector import VectorTable, list_layers, read_vector

REFERENCE_PARCELS = 2000
POSITION_SAMPLE = 10_000
REFUSED_CRS = ("crs_old_datum", "crs_shifted")
PARCEL_LAYER = re.compile(
    r"宗地|地块|parcel|plot|cadastr|kadast|catast|(?:^|_)ZD(?:$|_)|ZDJBXX", re.IGNORECASE
)


@dataclass(slots=True)
class Reading:
    """A delivery as read: the batch, and how it was understood."""

    batch: Batch
    crs: DetectedCrs
    encoding: str
    mapping: FieldMapping
    notes: list[str]
    source: str


def expectations(county: County, on: date) -> Expectations:
    """What `county` expects of a delivery read on the day `on`."""
    values = parameters(county, on)
    boundary = county.boundary_4490
    west, south, east, north = county.bbox_4490
    return Expectations(
        county_code=county.code,
        code_pattern=county.parcel_code_pattern,
        bbox_4490=(west, south, east, north),
        boundary_4490=shapely.from_wkb(bytes(boundary.wkb)) if boundary else None,
        survey_crs=county.survey_crs,
        towns=dict(county.towns.values_list("name", "code")),
        land_classes=frozenset(
            code for named, code in land_classes() if named == values.get("land.class_set")
        ),
        industrial_classes=frozenset(values["land.industrial_classes"]),
        parameters=values,
        on=on,
    )


def read_parcels(
    file: Path, expected: Expectations, *, crs: int | None, encoding: str | None, mapping: str, layer: str
) -> Reading:
    """Read `file` as parcels of the county; raises InputError for what concerns the layer as a whole."""
    chosen = "" if layer else _parcel_layer(file)
    table, found = open_layer(file, expected, crs=crs, encoding=encoding, layer=layer or chosen)
    fields = map_fields(table.columns, mapping, table.aliases, code_pattern=expected.code_pattern)
    batch = _batch(table, fields, found, expected)
    batch.take(issue for issue in table.issues if issue.row)
    _check_not_shifted(batch, found, expected)
    notes = [*table.notes, *fields.notes, *found.reasons, *found.warnings]
    if chosen:
        notes.insert(0, f"文件有多个图层，读取其中名称像宗地的“{chosen}”；如不对请用 --layer 指明。")
    source = f"{file.name}（EPSG:{found.epsg}）"
    return Reading(batch, found, table.encoding, fields, notes, source)


def open_layer(
    file: Path, expected: Expectations, *, crs: int | None, encoding: str | None, layer: str
) -> tuple[VectorTable, DetectedCrs]:
    """A layer and the CRS it is in; raises InputError when it has no shapes or its CRS is refused."""
    table = read_vector(file, encoding=encoding, layer=layer or None)
    if not len(table.geoms):
        raise InputError("file_empty", f"{file.name} 中没有数据。", "请确认导出的是所需的图层。")
    drawn = table.geoms[~(shapely.is_missing(table.geoms) | shapely.is_empty(table.geoms))]
    if not len(drawn):
        raise InputError(
            "geometry_missing", f"{file.name} 中没有任何图形。", "请确认导出的是空间数据而不是表格。"
        )
    found = detect_crs(
        stated_crs(table, crs, expected),
        shapely.get_coordinates(drawn),
        survey_crs=expected.survey_crs,
        bbox_4490=expected.bbox_4490,
    )
    return table, found


def stated_crs(table: VectorTable, crs: int | None, expected: Expectations) -> str | int | None:
    """What the person says goes before what the file says, but never past a refused datum or a shifted system."""
    if crs is None:
        return table.crs
    try:
        read_declared(table.crs, survey_crs=expected.survey_crs, bbox_4490=expected.bbox_4490)
    except CrsError as error:
        if error.code in REFUSED_CRS:
            raise
    return crs


def _check_not_shifted(batch: Batch, found: DetectedCrs, expected: Expectations) -> None:
    rows = _some(np.flatnonzero(batch.sound))
    looked_at = _in_degrees(batch.geoms_source[rows], found, expected)
    placed = np.isfinite(shapely.bounds(looked_at)).all(axis=1)
    rows, looked_at = rows[placed], looked_at[placed]
    registered = [batch.registered_area_m2[i] for i in rows]
    registered_m2 = np.array([np.nan if area is None else float(area) for area in registered])
    check_not_shifted(
        looked_at,
        boundary_4490=expected.boundary_4490,
        register_4490=_register_sample(expected.county_code),
        areas=RegisteredAreas(registered_m2, batch.planar_area_m2[rows]),
    )


def _some(rows: NDArray[np.intp]) -> NDArray[np.intp]:
    """Rows from all over the layer, enough to see whether it lies shifted."""
    return rows[:: max(1, len(rows) // POSITION_SAMPLE)]


def _parcel_layer(file: Path) -> str:
    """Of several layers the one whose name says parcels; '' where none does, or more than one."""
    layers = list_layers(file)
    named = [info.name for info in layers if PARCEL_LAYER.search(info.name)]
    return named[0] if len(layers) > 1 and len(named) == 1 else ""


def _batch(table: VectorTable, fields: FieldMapping, found: DetectedCrs, expected: Expectations) -> Batch:
    texts: dict[str, Objects] = {
        name: cleaned(table.columns[column]) for name, column in fields.columns.items()
    }
    _split_unit_codes(texts)
    flat = shapely.get_coordinate_dimension(table.geoms).max() <= 2
    source = table.geoms if flat else shapely.force_2d(table.geoms)
    swapped = found.axis_swapped
    box = expected.bbox_4490
    # A zone's number before the easting changes no length and no area: such shapes are measured as they come.
    plane = found.epsg if not swapped and is_shift(found.epsg, expected.survey_crs) else expected.survey_crs
    survey = transform_geometries(source, found.epsg, plane, bbox_4490=box, axis_swapped=swapped)
    count = len(source)
    planar_m2 = np.zeros(count)
    sound = sound_shapes(survey)
    planar_m2[sound] = planar_area_m2(survey[sound])
    towns = _towns(expected.county_code)
    named = None
    if not towns.codes and "town" in texts:
        named = np.array([expected.towns.get(name, "") for name in texts["town"]], dtype=object)
    return Batch(
        fields=texts,
        geoms_source=source,
        geoms_survey=survey,
        plane_crs=plane,
        placing=Placing(sound, lambda rows: _in_degrees(source[rows], found, expected), towns),
        registered_area_m2=[as_square_metres(v, fields.area_factor) for v in _areas(texts, count)],
        registered_on=_dates(texts, count),
        named_towns=named,
        sound=sound,
        planar_area_m2=planar_m2,
        rejected=np.zeros(count, dtype=bool),
    )


def _in_degrees(source: Objects, found: DetectedCrs, expected: Expectations) -> Objects:
    return transform_geometries(
        source, found.epsg, CGCS2000, bbox_4490=expected.bbox_4490, axis_swapped=found.axis_swapped
    )


def _split_unit_codes(texts: dict[str, Objects]) -> None:
    """A 28-character 不动产单元代码 begins with the parcel's 19; the printed form has spaces (6-7-6, 6-6-7-9)."""
    codes = np.array([code.replace(" ", "").replace("\u3000", "") for code in texts["code"]], dtype=object)
    units = np.full(len(codes), "", dtype=object)
    if (stated := texts.get("real_estate_unit_code")) is not None:
        units[:] = [unit.replace(" ", "").replace("\u3000", "") for unit in stated]
    for i, code in enumerate(codes):
        if len(code) == 28 and code.isascii():
            codes[i], units[i] = code[:19], code
    texts["code"], texts["real_estate_unit_code"] = codes, units


def _dates(texts: dict[str, Objects], count: int) -> list[date | None]:
    if "registered_on" not in texts:
        return [None] * count
    known = {text: _read(DAY(text)) for text in set(texts["registered_on"])}
    return [known[text] for text in texts["registered_on"]]


def _areas(texts: dict[str, Objects], count: int) -> list[Decimal | None]:
    if "registered_area" not in texts:
        return [None] * count
    return [_read(AREA(text)) for text in texts["registered_area"]]


def _read(value: Any) -> Any:
    """A cell's value; what can't be read is None here and said by the checks."""
    return None if isinstance(value, Problem) else value


def _register_sample(county_code: str) -> Objects:
    """Some parcels that are in force, to hold a delivery's position against."""
    rows = Parcel.objects.filter(county_id=county_code, valid_to=None).order_by("id")
    shapes = rows.annotate(wkb=AsWKB("geom_4490")).values_list("wkb", flat=True)[:REFERENCE_PARCELS]
    found: Objects = shapely.from_wkb(np.array([bytes(wkb) for wkb in shapes], dtype=object))
    return found


def _towns(county_code: str) -> Towns:
    towns = District.objects.filter(county_id=county_code, kind=District.TOWN, valid_to=None)
    rows = list(towns.annotate(wkb=AsWKB("geom_4490")).values_list("code", "wkb"))
    areas = shapely.from_wkb(np.array([bytes(wkb) for _, wkb in rows], dtype=object))
    return Towns(areas, [code for code, _ in rows])
