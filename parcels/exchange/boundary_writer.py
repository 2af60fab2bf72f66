"""The boundary-point TXT of the land bureaus (界址点坐标成果), written as strictly as it is asked for.

GBK, CRLF, X north and Y east with the zone's prefix in metres to the millimetre; each ring closed, from its
north-westernmost point, outer rings clockwise and holes counter-clockwise, points numbered on through the parcel.
Refuses a county that isn't surveyed in CGCS2000 / Gauss-Krüger.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely
from django.utils import timezone
from numpy.typing import NDArray

from landgis.lib.errors import UsageError
from landgis.lib.issues import Issue
from layers.geometry.transform import CGCS2000, GAUSS_KRUGER, GaussKruger, transform_geometries
from parcels.exchange.writing import Export, Written, table_rows

AT_ONCE = 5_000
_PREFIXED = 1_000_000  # an easting above this carries its zone's number

Floats = NDArray[np.float64]


def write_boundary_points(export: Export) -> Written:
    zone = _zone(export)
    names = [column.property.name for column in export.columns]
    written = Written()
    with export.out.open("wb") as file:
        file.write(_encoded(_header(export, zone)))
        rows: list[tuple[Any, ...]] = []
        for row in table_rows(export, geometry=True):
            if row[1] is None:  # told by the export: there is nothing to survey
                continue
            rows.append(row)
            if len(rows) == AT_ONCE:
                _plots(export, file, zone, names, rows, written)
                rows = []
        _plots(export, file, zone, names, rows, written)
    return written


def surveyed_rings(polygon: Any) -> Iterator[Floats]:
    """A polygon's rings as survey results list them: closed, the outer one clockwise, each from its north-west point."""
    yield _ring(shapely.get_coordinates(polygon.exterior), clockwise=True)
    for hole in polygon.interiors:
        yield _ring(shapely.get_coordinates(hole), clockwise=False)


def _plots(
    export: Export,
    file: Any,
    zone: GaussKruger,
    names: list[str],
    rows: list[tuple[Any, ...]],
    written: Written,
) -> None:
    if not rows:
        return
    geoms_4490 = shapely.from_wkb(np.array([bytes(row[1]) for row in rows], dtype=object))
    geoms = transform_geometries(geoms_4490, CGCS2000, zone.epsg)
    rounded = shapely.transform(geoms, lambda xy: np.round(xy, 3))
    for geom, valid, (area, _, *values) in zip(rounded, shapely.is_valid(rounded), rows, strict=True):
        written.features += 1
        written.area_units += area
        facts = dict(zip(names, values, strict=True))
        if not valid:
            message = "坐标取到毫米后边界自相交，请核对。"
            code = str(facts.get("code", ""))
            export.issues.append(
                Issue(written.features, "rounded_invalid", "geometry", f"{code}{message}", "warning")
            )
        file.write(_encoded(_plot(geom, facts)))


def _plot(geom: Any, facts: dict[str, Any]) -> Iterator[str]:
    """The plot's line, then its points; rings are told apart by 圈号, holes by lying inside."""
    rings = [ring for polygon in shapely.get_parts(geom) for ring in surveyed_rings(polygon)]
    points = sum(len(ring) for ring in rings)
    hectares = shapely.area(geom) / 10_000
    name = facts.get("location") or facts.get("name") or facts.get("holder") or ""
    land_class = facts.get("land_class_code") or ""
    words = (
        str(points),
        f"{hectares:.4f}",
        _word(facts.get("code")),
        _word(name),
        "面",
        "",
        "",
        _word(land_class),
    )
    yield ",".join(words) + ",@"
    first = 1
    for number, ring in enumerate(rings, start=1):
        last = first + len(ring) - 1
        for place, (east, north) in enumerate(ring.tolist(), start=first):
            label = first if place == last else place
            yield f"J{label:02d},{number},{north:.3f},{east:.3f}"
        first = last


def _ring(xy: Floats, *, clockwise: bool) -> Floats:
    """The ring closed, in the wanted direction, beginning with its point nearest to the north-west corner."""
    if shapely.is_ccw(shapely.linearrings(xy)) == clockwise:
        xy = xy[::-1]
    xy = xy[:-1]
    corner = np.array([xy[:, 0].min(), xy[:, 1].max()])
    begin = int(np.argmin(np.hypot(*(xy - corner).T)))
    turned = np.roll(xy, -begin, axis=0)
    return np.vstack([turned, turned[:1]])


def _zone(export: Export) -> GaussKruger:
    """The county's zone with its number before the easting, or the one that was asked for."""
    asked = GAUSS_KRUGER.get(export.crs or export.county.survey_crs)
    if asked is None:
        raise UsageError(
            f"界址点 TXT 只能用 CGCS2000 高斯克吕格投影，不能用 EPSG:{export.crs or export.county.survey_crs}。",
            remedy="请去掉 --crs 或改用 gpkg、zip 等格式。",
        )
    alike = (zone for zone in GAUSS_KRUGER.values() if _meridian(zone) == _meridian(asked))
    return next(zone for zone in alike if zone.false_easting > _PREFIXED)


def _meridian(zone: GaussKruger) -> tuple[int, int]:
    return zone.width, zone.central_meridian


def _header(export: Export, zone: GaussKruger) -> Iterator[str]:
    today = timezone.localdate()
    yield "[属性描述]"
    yield "格式版本号=1.01版本"
    yield f"数据产生单位={_word(export.county.name)}"
    yield f"数据产生日期={today.year}-{today.month}-{today.day}"
    yield "坐标系=2000国家大地坐标系"
    yield f"几度分带={zone.width}"
    yield "投影类型=高斯克吕格"
    yield "计量单位=米"
    yield f"带号={int(zone.false_easting // _PREFIXED)}"
    yield "精度=0.001"
    yield "转换参数=0,0,0,0,0,0,0"
    yield "[地块坐标]"


def _word(value: Any) -> str:
    """Text that can't be taken for the format's own marks."""
    text = str(value or "").replace(",", "，").replace("@", "＠")
    return " ".join(text.split())


def _encoded(lines: Iterator[str]) -> bytes:
    return "".join(f"{line}\r\n" for line in lines).encode("gbk", errors="replace")
