"""Filters as the database answers them: bound values, only what the asker may see, exact shapes."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection

from landgis.access.queries import Actor, command_actor
from landgis.counties.models import County
from landgis.lib.errors import NotFound, UsageError
from layers.catalog import registry
from layers.catalog.clearance import Column
from layers.catalog.filters import bbox_condition, cql2_condition
from layers.catalog.rows import Condition, Question, rows
from tests import factories
from tests.factories import TOWN_EAST, box
from tests.factories_parcels import taxes

ON = date(2025, 6, 1)


@pytest.fixture
def field(county: County) -> County:
    """P1 15 亩 0601 甲镇, P2 30 亩 0604 甲镇, P3 5 亩 乙镇 without date; P1's holder has a quote in the name."""
    one = factories.parcel(
        county,
        "P1",
        box(0, 0, 1, 1),
        registered_area_m2=10_000,
        registered_on=date(2019, 4, 19),
        tenure="出让",
    )
    factories.holder(one, "O'Brien 100%针织_厂")
    factories.parcel(
        county,
        "P2",
        box(3, 0, 4, 1),
        registered_area_m2=20_000,
        land_class_code="0604",
        registered_on=date(2021, 1, 1),
    )
    factories.parcel(
        county, "P3", box(6, 0, 7, 1), registered_area_m2=3_333, town_code=TOWN_EAST, land_class_code=""
    )
    taxes(county, 2022, {"P1": 30.0, "P2": None})
    return county


def found(county: County, text: str, actor: Actor | None = None) -> list[str]:
    who = actor or command_actor("system", county)
    question = Question(registry.get("parcels"), who, ON)
    return ask(replace(question, conditions=(cql2_condition(question.collection, question.columns, text),)))


def ask(question: Question, uses: tuple[Column, ...] = ()) -> list[str]:
    asked = rows(question, uses)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT p.code {asked.sql} ORDER BY p.code", asked.values)
        return [code for (code,) in cursor.fetchall()]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("area_mu >= 15", ["P1", "P2"]),
        ("area_mu > 15", ["P2"]),
        ("15 < area_mu", ["P2"]),
        ("area_mu BETWEEN 4 AND 15", ["P1", "P3"]),
        ("area_mu NOT BETWEEN 4 AND 15", ["P2"]),
        ("land_class_code = '0604'", ["P2"]),
        ("land_class_code <> '0604' AND area_mu > 10", ["P1"]),
        ("land_class_code IN ('0601', '')", ["P1", "P3"]),
        ("land_class_code NOT IN ('0601')", ["P2", "P3"]),
        ("registered_on IS NULL", ["P3"]),
        ("registered_on IS NOT NULL AND NOT code = 'P1'", ["P2"]),
        ("registered_on >= DATE('2021-01-01')", ["P2"]),
        ("registered_on < '2021-01-01'", ["P1"]),
        ("holder = 'O''Brien 100%针织_厂'", ["P1"]),
        ("holder LIKE '%针织%'", ["P1"]),
        (r"holder LIKE '%100\%针织\_厂'", ["P1"]),
        (r"holder LIKE '%100\_针织%'", []),
        ("holder NOT LIKE '%针织%'", []),
        ("town_name = '乙镇'", ["P3"]),
        ("权利人 LIKE 'O%'", ["P1"]),
        ("tax_per_mu >= 25", ["P1"]),
        ("tax_per_mu IS NULL", ["P2", "P3"]),
        ("planar_area_m2 > registered_area_m2", ["P1", "P3"]),
        ("code = 'P1' OR code = 'P2' AND area_mu < 1", ["P1"]),
        ("code = ''' OR 1=1 --'", []),
        ("code = '%(territory_county)s'", []),
        ("S_INTERSECTS(geometry, BBOX(120.0001, 29.3001, 120.0002, 29.3002))", ["P1"]),
        (
            "S_INTERSECTS(geometry, POLYGON((120.0035 29.3, 120.0065 29.3, 120.0065 29.301, 120.0035 29.3)))",
            ["P2", "P3"],
        ),
        ("S_WITHIN(geometry, BBOX(120.002, 29.299, 120.01, 29.302))", ["P2", "P3"]),
        ("S_CONTAINS(BBOX(120.002, 29.299, 120.01, 29.302), geometry)", ["P2", "P3"]),
        ("S_CONTAINS(geometry, POINT(120.0005 29.3005))", ["P1"]),
        ("S_DISJOINT(geometry, BBOX(119.9, 29.2, 120.002, 29.4))", ["P2", "P3"]),
        ("S_TOUCHES(geometry, BBOX(120.001, 29.3, 120.002, 29.301))", ["P1"]),
    ],
)
def test_a_filter_finds_what_it_says(field: County, text: str, codes: list[str]) -> None:
    assert found(field, text) == codes


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("area_mu = '15'", "数字"),
        ("land_class_code = 0601", "文字"),
        ("registered_on > 2019", "日期"),
        ("area_mu LIKE '1%'", "LIKE"),
        ("area_mu = code", "不是同类"),
        ("1 = 1", "属性名"),
        ("'x' = 'x'", "属性名"),
        ("area_mu = 1e999", "太大"),
        ("code = TRUE", "文字"),
        ("geometry = 'x'", "geometry"),
        ("S_INTERSECTS(code, BBOX(120, 29, 121, 30))", "空间条件"),
        ("S_INTERSECTS(geometry, BBOX(121, 29, 120, 30))", "范围框"),
        ("S_INTERSECTS(geometry, BBOX(506800, 3242522, 506900, 3242600))", "经纬度"),
        ("S_INTERSECTS(geometry, POLYGON((120 29, 121 30, 121 29, 120 30, 120 29)))", "自相交"),
        (r"holder LIKE 'a\'", "反斜线"),
        ("code = 'a\0b'", "空字符"),
    ],
)
def test_a_filter_that_makes_no_sense_says_why(field: County, text: str, words: str) -> None:
    with pytest.raises(UsageError) as refused:
        found(field, text)
    assert words in str(refused.value)


def test_an_unknown_property_names_the_known_ones(field: County) -> None:
    with pytest.raises(UsageError) as refused:
        found(field, "flaeche > 3")
    assert "flaeche" in refused.value.message
    assert "area_mu" in refused.value.remedy
    assert "tax_per_mu" in refused.value.remedy


def test_whoever_may_not_see_a_firms_figures_can_neither_filter_by_them_nor_learn_that_they_exist(
    field: County, cast: dict[str, Actor]
) -> None:
    with pytest.raises(UsageError) as refused:
        found(field, "tax_per_mu > 25", cast["registrar"])
    assert "亩均税收" not in str(refused.value)
    assert "、tax_per_mu" not in refused.value.remedy
    assert found(field, "tax_per_mu > 25", cast["evaluation_officer"]) == ["P1"]


def test_a_township_officer_finds_the_own_towns_parcels_only(field: County, cast: dict[str, Actor]) -> None:
    assert found(field, "area_mu > 0", cast["township_officer"]) == ["P1", "P2"]
    assert found(field, f"town_code = '{TOWN_EAST}' OR area_mu > 0", cast["township_officer"]) == ["P1", "P2"]


def test_only_parcels_in_force_on_the_day_are_found(field: County) -> None:
    factories.parcel(
        field,
        "P0",
        box(9, 0, 10, 1),
        valid_from=date(2010, 1, 1),
        valid_to=date(2025, 6, 1),
        retired_by="测试员",
    )
    factories.parcel(field, "P9", box(12, 0, 13, 1), valid_from=date(2025, 6, 2))
    question = Question(registry.get("parcels"), command_actor("system", field), ON)
    assert ask(question) == ["P1", "P2", "P3"]
    assert ask(replace(question, on=date(2025, 5, 31))) == ["P0", "P1", "P2", "P3"]
    assert ask(replace(question, on=date(2025, 6, 2))) == ["P1", "P2", "P3", "P9"]


def test_bbox_and_filter_hold_together(field: County) -> None:
    question = Question(registry.get("parcels"), command_actor("system", field), ON)
    collection = question.collection
    both: tuple[Condition, ...] = (
        bbox_condition(collection, (119.9, 29.2, 120.005, 29.4)),
        cql2_condition(collection, question.columns, "area_mu > 20"),
    )
    assert ask(replace(question, conditions=both)) == ["P2"]


@pytest.mark.parametrize("bbox", [(1, 2, 0, 3), (120, 29, 121, float("nan")), (120, 29, 400, 30)])
def test_a_bbox_that_isnt_one_is_refused(field: County, bbox: tuple[float, float, float, float]) -> None:
    with pytest.raises(UsageError):
        bbox_condition(registry.get("parcels"), bbox)


def test_an_unknown_collection_names_the_known_ones() -> None:
    with pytest.raises(NotFound, match="parcels"):
        registry.get("parcel")
