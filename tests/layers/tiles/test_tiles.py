"""Vector tiles over HTTP: who gets them, what stands in them, and that nothing is lost at small scale."""

import json

import pytest
from django.db import connection

from landgis.audit.change import change
from landgis.counties.models import County
from layers.tiles.mosaic import FINE_CELLS
from tests import factories
from tests.factories import TOWN_EAST, box
from tests.factories_parcels import taxes
from tests.layers.tiles.conftest import PLACES, Get, layer

TAX = {"tax_class", "tax_per_mu"}


def test_a_big_scale_tile_shows_each_parcel_in_force(get: Get) -> None:
    shown = layer(get("evaluation_officer", 14))
    assert shown.extent == 4096
    features = {feature.properties["code"]: feature.properties for feature in shown.features}
    assert features == {
        "P1": {
            "code": "P1", "town_code": "990001100", "area_mu": 15.0, "land_class_code": "0601",
            "finding": "idle_stopped", "tax_class": 5, "tax_per_mu": 30.0,
        },
        "P2": {
            "code": "P2", "town_code": "990001100", "area_mu": 30.01, "land_class_code": "0604", "tax_class": -1,
        },
        "P3": {
            "code": "P3", "town_code": "990001101", "area_mu": 7.5, "land_class_code": "0601",
            "tax_class": 1, "tax_per_mu": 3.0,
        },
    }  # fmt: skip


def test_another_year_shows_that_years_figures(get: Get) -> None:
    shown = layer(get("leader", 14, query="?year=2021"))
    assert {feature.properties["tax_per_mu"] for feature in shown.features} == {1.0}
    assert not any(
        TAX - {"tax_class"} & f.properties.keys()
        for f in layer(get("leader", 14, query="?year=1999")).features
    )
    assert get("leader", 14, query="?year=2022;DROP").status_code == 400


@pytest.mark.parametrize("role", ["registrar", "idle_land_officer", "township_officer"])
@pytest.mark.parametrize("zoom", [10, 12, 13, 15])
def test_firms_figures_are_absent_for_those_without_the_right(get: Get, role: str, zoom: int) -> None:
    features = layer(get(role, zoom)).features
    assert features
    assert not any(TAX & feature.properties.keys() for feature in features)


def test_a_township_officer_sees_the_own_towns_parcels_only(get: Get) -> None:
    assert {f.properties["code"] for f in layer(get("township_officer", 14)).features} == {"P1", "P2"}
    assert sum(f.properties["n"] for f in layer(get("township_officer", 10)).features) == 2


@pytest.mark.parametrize("zoom", [8, 10, 12])
def test_a_small_scale_tile_groups_parcels_and_loses_none(get: Get, zoom: int) -> None:
    shown = layer(get("leader", zoom))
    groups = {
        (f.properties["tax_class"], f.properties.get("finding"), f.properties["land_class_code"]): (
            f.properties["n"],
            f.properties["area_mu"],
        )
        for f in shown.features
    }
    assert groups == {
        (5, "idle_stopped", "0601"): (1, 15.0),
        (-1, None, "0604"): (1, 30.01),
        (1, None, "0601"): (1, 7.5),
    }
    assert all(f.rings and f.kind == 3 for f in shown.features)
    assert not any({"code", "tax_per_mu"} & f.properties.keys() for f in shown.features)


@pytest.mark.parametrize("zoom", [10, 12, 14])
def test_outer_rings_run_the_way_the_specification_wants(get: Get, zoom: int) -> None:
    assert all(area > 0 for feature in layer(get("leader", zoom)).features for area in feature.signed_areas)


def test_ten_thousands_of_parcels_in_one_tile_stay_below_300_kb_and_are_all_counted(
    get: Get, mapped: County
) -> None:
    """Every second parcel of another land class and figure, all within one tile of zoom 12."""
    count = 4 * FINE_CELLS
    with factories.writing(mapped), connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO cadastre_parcel (county_id, code, real_estate_unit_code, aliases, location, town_code,
                   land_class_code, land_class_set, tenure, note, source, retired_by, valid_from,
                   registered_area_m2, planar_area_m2, ellipsoidal_area_m2, geom_4490, geom_3857)
               SELECT %(county)s, 'M' || i, '', '{}', '', '990001100', (ARRAY['0601', '0602', '0603', '0604'])[1 + i * 7 %% 4],
                      '', '', '', '', '', '2015-01-01', 100, 100, 100, shape, ST_Transform(shape, 3857)
                 FROM (SELECT i, ST_Multi(ST_MakeEnvelope(x, y, x + 0.0003, y + 0.0003, 4490)) AS shape
                         FROM (SELECT i, 119.9715 + i %% 200 * 0.0004 AS x, 29.2300 + i / 200 * 0.00036 AS y
                                 FROM generate_series(0, %(count)s - 1) AS i) AS corner) AS made""",
            {"county": mapped.code, "count": count},
        )
    taxes(mapped, 2023, {f"M{number}": number * 13 % 60 for number in range(count)})
    with connection.cursor() as cursor:  # nobody else counts rows that no other transaction sees
        cursor.execute("ANALYZE cadastre_parcel, evaluation_value")
    counted = {}
    for zoom in (8, 10, 12):
        response = get("leader", zoom)
        assert len(response.content) <= 300_000
        counted[zoom] = sum(feature.properties["n"] for feature in layer(response).features)
    assert counted[8] == counted[10] == count + 3
    _, row, column = map(int, PLACES[12].split("/"))
    around = [f"12/{row + down}/{column + right}" for down in (-1, 0, 1) for right in (-1, 0, 1)]
    assert sum(f.properties["n"] for near in around for f in layer(get("leader", near)).features) == count + 3


def test_control_lines_and_districts_are_drawn_for_everybody_at_every_zoom(get: Get) -> None:
    for zoom in PLACES:
        lines = layer(get("township_officer", zoom, "control-lines"), "control-lines")
        assert [feature.properties["code"] for feature in lines.features] == ["KX1"]
        towns = layer(get("township_officer", zoom, "districts"), "districts")
        assert [feature.properties["name"] for feature in towns.features] == ["甲镇"]


def test_tiles_need_a_login_and_say_so_as_json(get: Get) -> None:
    refused = get("", 14)
    assert refused.status_code == 401
    assert json.loads(refused.content)["code"] == "not_signed_in"


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "audit_admin", "agency"])
def test_tiles_need_the_right_to_see_the_map(get: Get, role: str) -> None:
    assert get(role, 14).status_code == 403


@pytest.mark.parametrize(
    "place",
    ["14/16384/0", "14/0/16384", "25/0/0", "0/0/1", "-1/0/0", "14/6793.5/1", "14/x/1", "14/99999999999/1"],
)
def test_there_are_no_tiles_outside_the_grid(get: Get, place: str) -> None:
    refused = get("leader", place)
    assert refused.status_code == 404
    assert json.loads(refused.content)["code"] == "not_found"


def test_an_unknown_collection_is_404(get: Get) -> None:
    assert get("leader", 14, "parcel").status_code == 404


def test_an_empty_tile_is_empty_and_no_error(get: Get) -> None:
    for place in ("14/0/0", "8/0/0", "0/0/0"):
        assert get("leader", place).status_code == 200
    assert get("leader", "14/0/0").content == b""


def test_an_unchanged_tile_is_304_until_something_is_written(get: Get, mapped: County) -> None:
    for zoom in (10, 14):
        first = get("leader", zoom)
        assert first["Cache-Control"] == "private, no-cache"
        assert first["Content-Type"] == "application/vnd.mapbox-vector-tile"
        again = get("leader", zoom, if_none_match=first["ETag"])
        assert again.status_code == 304
        assert again["ETag"] == first["ETag"]
        factories.parcel(mapped, f"N{zoom}", box(zoom, 2, zoom + 1, 3), town_code=TOWN_EAST)
        changed = get("leader", zoom, if_none_match=first["ETag"])
        assert changed.status_code == 200
        assert changed["ETag"] != first["ETag"]
        assert changed.content != first.content


def test_people_who_see_different_things_have_different_fingerprints(get: Get) -> None:
    tags = [get(role, 14)["ETag"] for role in ("leader", "registrar", "township_officer")]
    assert len(set(tags)) == 3


def test_a_change_that_failed_leaves_the_fingerprint(get: Get, mapped: County) -> None:
    before = get("leader", 14)["ETag"]
    with (
        pytest.raises(RuntimeError),
        change(county_code=mapped.code, by="测试员", action="test", reason="测试"),
    ):
        raise RuntimeError
    assert get("leader", 14)["ETag"] == before
