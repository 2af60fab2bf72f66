"""Ground as an officer hands it in: typed coordinates, GeoJSON, a file, or codes of parcels; told in EPSG:4490.

Refuses a shape with an error in it, and codes that aren't in the register.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import shapely
import shapely.geometry
from django.contrib.gis.db.models.functions import AsWKB
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile

from landgis.counties.models import County
from landgis.lib.errors import InputError
from layers.geometry.exact import areal, multi, shapes
from layers.geometry.transform import CGCS2000, transform_geometries
from parcels.cadastre.models import Parcel
from parcels.editing.geometry_input import Shapes, shapes_of_file, shapes_of_text

MOST_CODES = 500


@dataclass(frozen=True, slots=True)
class Given:
    """The three ways in which ground may be stated; what is stated in several is taken together."""

    text: str = ""
    file: UploadedFile[bytes] | None = None
    parcel_codes: Sequence[str] = ()

    @property
    def empty(self) -> bool:
        return not (self.text.strip() or self.file or self.parcel_codes)


def ground_given(given: Given, county: County, *, on: date, what: str) -> shapely.MultiPolygon | None:
    """All of it as one shape; None where nothing was handed in."""
    found: list[shapely.Geometry] = []
    text = given.text.strip()
    if text.startswith("{"):
        named = SimpleUploadedFile(f"{what}.geojson", text.encode())
        found += _moved(shapes_of_file(named, county, on=on), county, what)
    elif text:
        found += _moved(shapes_of_text(text, county, on=on), county, what)
    if given.file is not None:
        found += _moved(shapes_of_file(given.file, county, on=on), county, what)
    found += _of_parcels(given.parcel_codes, county, what)
    if not found:
        return None
    whole: Any = multi(areal(shapely.union_all(shapes(found))))
    return whole


def as_text(ground_4490: shapely.Geometry | None) -> str:
    """GeoJSON, to be shown and handed in again."""
    return "" if ground_4490 is None else shapely.to_geojson(ground_4490)


def as_features(grounds_4490: Iterable[tuple[shapely.Geometry, dict[str, Any]]]) -> dict[str, Any]:
    """A collection for the page's map: each ground with what is said of it."""
    features = [
        {"type": "Feature", "geometry": shapely.geometry.mapping(ground), "properties": said}
        for ground, said in grounds_4490
    ]
    return {"type": "FeatureCollection", "features": features}


def _moved(read: Shapes, county: County, what: str) -> list[Any]:
    errors = [issue.message for issue in read.issues if issue.severity == "error"]
    if errors:
        raise InputError("geometry_invalid", f"{what}：{errors[0]}", "请改正图形后重试。", field="text")
    return list(transform_geometries(read.geoms_survey, county.survey_crs, CGCS2000, bbox_4490=_bbox(county)))


def _bbox(county: County) -> tuple[float, float, float, float]:
    west, south, east, north = county.bbox_4490
    return west, south, east, north


def _of_parcels(codes: Sequence[str], county: County, what: str) -> list[Any]:
    if len(codes) > MOST_CODES:
        raise InputError(
            "too_many_codes", f"{what}：一次最多 {MOST_CODES} 个宗地代码。", "请改用文件导入。", field="parcel_codes"
        )  # fmt: skip
    rows = Parcel.objects.filter(county=county, valid_to=None, code__in=list(codes))
    found = dict(rows.annotate(wkb=AsWKB("geom_4490")).values_list("code", "wkb"))
    unknown = [code for code in codes if code not in found]
    if unknown:
        raise InputError(
            "parcel_unknown", f"{what}：没有现行宗地 {'、'.join(unknown[:5])}。", "请核对宗地代码。", field="parcel_codes"
        )  # fmt: skip
    return [shapely.from_wkb(bytes(wkb)) for wkb in found.values()]
