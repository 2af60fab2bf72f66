"""The coordinate system of a delivered layer (domain rule 8): what is believed, inferred, and refused."""

from __future__ import annotations

import numpy as np
import pytest
from pyproj import CRS

from landgis.lib.errors import InputError
from layers.geometry.crs import DetectedCrs, detect_crs
from layers.geometry.declared import CrsError, read_declared, refuse_shifted_names
from layers.geometry.transform import Box, Floats, transform_xy
from tests.layers.geometry.shapes import PRAGUE, YIWU

GEOGCS = (
    'GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",'
    'SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
)


def projected(name: str, easting: float, meridian: float, geogcs: str = GEOGCS) -> str:
    return (
        f'PROJCS["{name}",{geogcs},PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",{easting}],'
        f'PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",{meridian}],'
        'PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
    )


def geogcs(datum: str, spheroid: str, axis: float, flattening: float) -> str:
    return (
        f'GEOGCS["{datum}",DATUM["{datum}",SPHEROID["{spheroid}",{axis},{flattening}]],'
        'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
    )


def points(epsg: int, *, east: float = 0.0, box: Box = (119.9, 29.05, 120.2, 29.4)) -> Floats:
    rng = np.random.default_rng(4)
    lonlat = np.column_stack([rng.uniform(box[0], box[2], 300), rng.uniform(box[1], box[3], 300)])
    return transform_xy(lonlat + np.array([east, 0.0]), 4490, epsg, bbox_4490=box)


def detect(declared: str | int | None, xy: Floats, survey_crs: int = 4549, box: Box = YIWU) -> DetectedCrs:
    return detect_crs(declared, xy, survey_crs=survey_crs, bbox_4490=box)


def refusal(declared: str | int | None, xy: Floats) -> CrsError:
    with pytest.raises(CrsError) as refused:
        detect(declared, xy)
    assert refused.value.message
    assert refused.value.remedy
    return refused.value


@pytest.mark.parametrize("epsg", [4528, 4549, 4490, 3857])
@pytest.mark.parametrize("swapped", [False, True])
def test_without_a_prj_the_coordinates_tell_their_system(epsg: int, swapped: bool) -> None:
    xy = points(epsg)
    found = detect(None, xy[:, ::-1] if swapped else xy)
    assert (found.epsg, found.how, found.axis_swapped, found.confidence) == (epsg, "inferred", swapped, 1.0)
    assert any("颠倒" in warning for warning in found.warnings) is swapped


@pytest.mark.parametrize("epsg", [4528, 4549, 4490, 4326, 3857, 32651, 4548, 4497])
def test_a_declared_system_that_fits_is_believed(epsg: int) -> None:
    for declared in (
        epsg,
        f"EPSG:{epsg}",
        CRS(epsg).to_wkt(),
        CRS(epsg).to_json(),
        CRS(epsg).to_wkt("WKT1_ESRI"),
    ):
        found = detect(declared, points(epsg))
        assert (found.epsg, found.how, found.axis_swapped) == (epsg, "declared", False)


def test_esris_gauss_kruger_prj_is_zone_40() -> None:
    prj = projected("CGCS2000_3_Degree_GK_Zone_40", 40500000.0, 120.0)
    assert detect(prj, points(4528)).epsg == 4528
    assert detect(prj.replace("CGCS2000_3_Degree_GK_Zone_40", "义乌2000"), points(4528)).epsg == 4528


def test_a_system_is_known_by_its_parameters_when_its_datum_has_no_name() -> None:
    prj = projected("CGCS2000", 40500000.0, 120.0, geogcs("unknown", "GRS80", 6378137.0, 298.257222101))
    found = detect(prj, points(4528))
    assert found.epsg == 4528
    assert "按参数认定" in found.reasons[0]


@pytest.mark.parametrize(
    ("easting", "meridian", "epsg"), [(500000.0, 120.0, 4549), (40500000.0, 120.0, 4528)]
)
def test_a_zone_on_the_ellipsoid_of_wgs_84_is_that_zone(easting: float, meridian: float, epsg: int) -> None:
    wgs84 = geogcs("WGS_1984", "WGS 84", 6378137.0, 298.257223563)
    found = detect(projected("unnamed", easting, meridian, wgs84), points(epsg))
    assert found.epsg == epsg
    assert "WGS 84 椭球" in found.reasons[0]
    assert refusal(projected("unnamed", easting, 120.05, wgs84), points(epsg)).code == "crs_unidentified"


def test_a_local_meridian_is_refused_though_proj_likens_it_to_another_zone() -> None:
    prj = projected("义乌独立坐标系", 500000.0, 120.05)
    assert CRS.from_wkt(prj).to_epsg(min_confidence=20) is not None
    assert refusal(prj, points(4549)).code == "crs_unidentified"


def test_a_code_that_outlived_an_edited_meridian_is_not_believed() -> None:
    edited = CRS(4549).to_wkt("WKT1_GDAL").replace('"central_meridian",120', '"central_meridian",120.05')
    assert '"4549"' in edited
    assert refusal(edited, points(4549)).code == "crs_unidentified"


OLD = [
    4610, 2364, 2385, 2338, 4214, 2416, 2437, 21420, 21460, 4555,
    geogcs("GCS_Xian_1980", "Xian_1980", 6378140.0, 298.257),
    geogcs("GCS_Beijing_1954", "Krasovsky_1940", 6378245.0, 298.3),
    projected("Xian_1980_3_Degree_GK_Zone_40", 40500000.0, 120.0, geogcs("D_Xian_1980", "Xian_1980", 6378140.0, 298.257)),
    projected("西安80", 500000.0, 120.0),
    projected("unnamed", 40500000.0, 120.0, geogcs("unknown", "unnamed", 6378140.0, 298.257)),
    projected("unnamed", 500000.0, 120.0, geogcs("D_Krasovsky_1940", "Krasovsky_1940", 6378245.0, 298.3)),
    projected("Pulkovo_1942_GK_Zone_20", 20500000.0, 117.0, geogcs("D_Pulkovo_1942", "Krasovsky_1940", 6378245.0, 298.3)),
    "damaged text that still says Beijing_1954",
]  # fmt: skip


@pytest.mark.parametrize("declared", OLD, ids=lambda text: str(text)[:40])
def test_xian_80_and_beijing_54_are_refused_under_any_name(declared: str | int) -> None:
    refused = refusal(declared, points(4528))
    assert refused.code == "crs_old_datum"
    assert "涉密" in refused.message


def test_krassowskys_ellipsoid_is_no_offence_in_a_county_outside_china() -> None:
    found = read_declared(28413, survey_crs=28413, bbox_4490=(74.0, 42.0, 75.0, 43.0))
    assert found is not None
    assert found.epsg == 28413


@pytest.mark.parametrize(
    "name", ["GCJ-02", "gcj02", "GCS_Mars_2000", "火星坐标", "BD09", "bd-09", "百度坐标系", "Baidu"]
)
def test_a_shifted_system_is_refused_by_its_name(name: str) -> None:
    text = projected(name, 500000.0, 120.0)
    assert refusal(text, points(4549)).code == "crs_shifted"


def test_places_that_merely_sound_alike_are_no_hint() -> None:
    refuse_shifted_names("高德街道", "marsh", "Marseille", "第09宗", "宗地BD0901")


def test_a_declaration_that_its_data_deny_names_both_readings() -> None:
    refused = refusal(4548, points(4549))
    assert refused.code == "crs_mismatch"
    assert "EPSG:4548" in refused.message
    assert "EPSG:4549" in refused.message
    assert "4549" in refused.remedy
    assert refusal(4549, points(4528)).code == "crs_mismatch"
    assert refusal(4326, points(4549)).code == "crs_mismatch"
    assert refusal(4490, points(3857)).code == "crs_mismatch"


def test_a_declared_system_with_swapped_columns_is_caught() -> None:
    found = detect(4549, points(4549)[:, ::-1])
    assert (found.epsg, found.how, found.axis_swapped) == (4549, "declared", True)


@pytest.mark.parametrize("epsg", [4549, 4490])
def test_data_of_another_county_are_refused(epsg: int) -> None:
    there = points(epsg, east=1.5)
    assert refusal(epsg, there).code == "crs_outside_county"
    assert refusal(None, there).code == "crs_outside_county"


def test_the_wrong_zone_is_never_inferred_only_hinted_at() -> None:
    refused = refusal(None, points(4527))
    assert refused.code == "crs_ambiguous"
    assert "4527" in refused.remedy
    assert "不是本县所在分带" in detect(4527, points(4527)).warnings[0]


def test_six_degree_zones_and_utm_cannot_be_told_apart_without_a_prj() -> None:
    refused = refusal(None, points(4510))
    assert refused.code == "crs_ambiguous"
    assert detect(4510, points(4510)).epsg == 4510
    prefixed = detect(None, points(4499))
    assert (prefixed.epsg, prefixed.how) == (4499, "inferred")


def test_a_county_on_a_meridian_of_utm_is_still_read_in_its_own_system() -> None:
    box = (116.8, 36.5, 117.4, 37.0)
    inside = (116.9, 36.6, 117.3, 36.9)
    assert detect(None, points(4548, box=inside), 4548, box).epsg == 4548
    assert detect(None, points(4527, box=inside), 4548, box).epsg == 4527


def test_wgs_84_is_accepted_with_a_word_about_centimetres() -> None:
    assert "厘米" in detect(4326, points(4326)).warnings[0]


def test_points_outside_are_counted() -> None:
    xy = np.concatenate([points(4549), points(4549, east=3.0)[:75]])
    found = detect(4549, xy)
    assert found.confidence == pytest.approx(0.8)
    assert "20.0%" in found.warnings[0]


@pytest.mark.parametrize("text", ["", None, "no crs at all", 'LOCAL_CS["unnamed",UNIT["metre",1]]'])
def test_a_text_that_says_nothing_leaves_the_coordinates_to_speak(text: str | None) -> None:
    assert detect(text, points(4549)).how == "inferred"


def test_a_mistyped_code_is_told_and_not_passed_over() -> None:
    with pytest.raises(InputError) as refused:
        detect(45490, points(4549))
    assert refused.value.code == "crs_unknown"


def test_no_coordinates_no_system() -> None:
    with pytest.raises(InputError) as refused:
        detect(4549, np.array([[np.nan, np.inf]]))
    assert refused.value.code == "crs_no_coordinates"


@pytest.mark.parametrize("epsg", [27700, 2154, 5514, 3035])
def test_a_system_of_another_country_is_told_as_outside_the_county(epsg: int) -> None:
    assert refusal(CRS(epsg).to_wkt(), points(4549)).code == "crs_mismatch"


@pytest.mark.parametrize("epsg", [5514, 32633, 25833, 3857, 4326])
def test_a_county_in_prague_reads_its_own_systems(epsg: int) -> None:
    xy = points(epsg, box=(14.35, 50.0, 14.5, 50.1))
    assert detect(epsg, xy, 5514, PRAGUE).epsg == epsg
    if epsg in (5514, 3857, 4326):
        assert detect(None, xy, 5514, PRAGUE).epsg == epsg
    if epsg == 5514:
        assert "精度" in detect(epsg, xy, 5514, PRAGUE).warnings[0]
