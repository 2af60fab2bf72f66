"""What may be written into a parcel's facts: read, refused by field, all faults at once."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landgis.counties.models import County
from landgis.lib.errors import FieldErrors
from parcels.editing.attributes import CheckedValues, checked_values
from parcels.exchange.batch import Expectations
from parcels.exchange.parcel_reading import expectations
from tests.factories import TOWN_EAST

TODAY = date(2026, 1, 15)
CODE = "990001100001GB00001"
CHINA = r"^990001\d{6}[GJZ][A-Z]\d{5}$"
CLASS_SET = "GB/T 21010-2017"


@pytest.fixture
def expected(county: County) -> Expectations:
    """The county as China has them: a code pattern and a class set of its own."""
    found = expectations(county, TODAY)
    return replace(
        found,
        code_pattern=CHINA,
        parameters={**found.parameters, "land.class_set": CLASS_SET},
    )


def read(county: County, expected: Expectations, *, new: bool = False, **values: Any) -> CheckedValues:
    return checked_values(
        values, county=county, on=TODAY, new=new, code="" if new else CODE, expected=expected
    )


def test_every_fact_becomes_its_column(county: County, expected: Expectations) -> None:
    found = read(
        county,
        expected,
        new=True,
        code=CODE,
        real_estate_unit_code="990001 100001 GB00001 F00010001",
        location=" 甲镇工业路1号 ",
        tenure="出让",
        land_class_code="0601",
        registered_on="2019-04-19",
        registered_area_m2=10000.12345,
        note="第一行\r\n第二行",
        aliases=["旧1", " 旧1", "旧2", ""],
        town_code=TOWN_EAST,
        holders=[{"name": "示意针织有限公司", "uscc": "", "share": 0.4}, {"name": "李小明", "share": 0.6}],
    )
    assert found.columns == {
        "code": CODE,
        "real_estate_unit_code": "990001100001GB00001F00010001",
        "location": "甲镇工业路1号",
        "tenure": "出让",
        "land_class_code": "0601",
        "land_class_set": CLASS_SET,
        "registered_on": date(2019, 4, 19),
        "registered_area_m2": Decimal("10000.1235"),
        "note": "第一行\n第二行",
        "aliases": ["旧1", "旧2"],
        "town_code": TOWN_EAST,
    }
    assert found.holders == [
        {"name": "示意针织有限公司", "uscc": "", "share": Decimal("0.4"), "kind": "enterprise"},
        {"name": "李小明", "uscc": "", "share": Decimal("0.6"), "kind": "natural_person"},
    ]
    assert found.warnings == []


def test_what_is_not_stated_stays_out(county: County, expected: Expectations) -> None:
    found = read(county, expected, registered_area_m2=None, registered_on=None, land_class_code="")
    assert found.columns == {
        "registered_area_m2": None,
        "registered_on": None,
        "land_class_code": "",
        "land_class_set": "",
    }
    assert found.holders is None


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"code": "330782100001GB00001"}, "code", "code_other_county"),
        ({"code": "99000110000IGB00001"}, "code", "code_malformed"),
        ({"code": "９９０００１100001GB00001"}, "code", "code_malformed"),
        ({"code": 5}, "code", "text_invalid"),
        ({"code": "x" * 41}, "code", "text_too_long"),
        ({"code": CODE, "real_estate_unit_code": "990001100001GB00002W00000000"}, "real_estate_unit_code",
         "unit_code_other_parcel"),
        ({"code": CODE, "real_estate_unit_code": CODE}, "real_estate_unit_code", "unit_code_malformed"),
        ({"real_estate_unit_code": CODE + "W000000001"}, "real_estate_unit_code", "unit_code_malformed"),
        ({"location": "a\x00b"}, "location", "text_invalid"),
        ({"location": "甲\n乙"}, "location", "text_invalid"),
        ({"location": "路" * 301}, "location", "text_too_long"),
        ({"location": "锟斤拷路"}, "location", "text_garbled"),
        ({"note": "x" * 2001}, "note", "text_too_long"),
        ({"tenure": ["出让"]}, "tenure", "text_invalid"),
        ({"land_class_code": "9999"}, "land_class_code", "land_class_unknown"),
        ({"land_class_code": "0601", "land_class_set": "无此标准"}, "land_class_set", "land_class_set_unknown"),
        ({"land_class_set": CLASS_SET}, "land_class_set", "land_class_missing"),
        ({"registered_on": "2019-02-30"}, "registered_on", "date_invalid"),
        ({"registered_on": "43576"}, "registered_on", "date_invalid"),
        ({"registered_on": 20190419}, "registered_on", "date_invalid"),
        ({"registered_on": "1812-01-01"}, "registered_on", "date_invalid"),
        ({"registered_on": "2026-01-16"}, "registered_on", "date_in_future"),
        ({"registered_area_m2": 0}, "registered_area_m2", "area_not_positive"),
        ({"registered_area_m2": 0.00004}, "registered_area_m2", "area_not_positive"),
        ({"registered_area_m2": -3.5}, "registered_area_m2", "area_not_positive"),
        ({"registered_area_m2": float("nan")}, "registered_area_m2", "number_out_of_range"),
        ({"registered_area_m2": 1e12}, "registered_area_m2", "number_out_of_range"),
        ({"registered_area_m2": "100"}, "registered_area_m2", "number_invalid"),
        ({"registered_area_m2": True}, "registered_area_m2", "number_invalid"),
        ({"aliases": "旧"}, "aliases", "aliases_invalid"),
        ({"aliases": ["旧" * 61]}, "aliases", "text_too_long"),
        ({"town_code": "330782001"}, "town_code", "town_unknown"),
        ({"holders": {"name": "甲"}}, "holders", "holders_invalid"),
        ({"holders": ["甲"]}, "holders", "holders_invalid"),
        ({"holders": [{"name": " "}]}, "holders", "holder_missing"),
        ({"holders": [{"name": "甲", "uscc": "91330782MA2TEST011"}]}, "holders", "uscc_invalid"),
        ({"holders": [{"name": "甲", "share": 0}]}, "holders", "share_invalid"),
        ({"holders": [{"name": "甲", "share": 1.2}]}, "holders", "share_invalid"),
        ({"holders": [{"name": "甲", "share": "nan"}]}, "holders", "share_invalid"),
        ({"holders": [{"name": "甲", "share": 0.6}, {"name": "乙", "share": 0.5}]}, "holders", "share_exceeds"),
        ({"holders": [{"name": "甲", "share": 0.5}, {"name": "甲", "share": 0.5}]}, "holders", "holder_twice"),
        ({"geom_4490": "x"}, "geom_4490", "field_unknown"),
        ({"valid_to": "2020-01-01"}, "valid_to", "field_unknown"),
    ],
)  # fmt: skip
def test_what_is_refused_and_where(
    county: County, expected: Expectations, values: dict[str, Any], field: str, code: str
) -> None:
    with pytest.raises(FieldErrors) as refused:
        read(county, expected, new=True, **values)
    assert [(one["field"], one["code"]) for one in refused.value.issues] == [(field, code)]
    said = refused.value.as_json()
    assert (said["field"], said["message"]) == (field, refused.value.issues[0]["message"])
    assert any("\u4e00" <= letter <= "\u9fff" for letter in str(said["message"]))


def test_all_faults_are_told_at_once(county: County, expected: Expectations) -> None:
    with pytest.raises(FieldErrors) as refused:
        read(
            county,
            expected,
            registered_area_m2=-1,
            registered_on="明天",
            town_code="x",
            holders=[{"name": ""}],
        )
    assert [one["field"] for one in refused.value.issues] == [
        "registered_area_m2",
        "registered_on",
        "town_code",
        "holders",
    ]
    assert refused.value.status == 422


def test_a_registered_parcel_keeps_its_code(county: County, expected: Expectations) -> None:
    assert read(county, expected, code=CODE).columns == {}
    with pytest.raises(FieldErrors, match="不能修改"):
        read(county, expected, code="990001100001GB00009")
    with pytest.raises(FieldErrors, match="不是以宗地代码"):
        read(county, expected, real_estate_unit_code="990001100001GB00009W00000000")


def test_warnings_stop_nothing(county: County, expected: Expectations) -> None:
    found = read(county, expected, land_class_code="0701", holders=[])
    assert [(one["field"], one["code"]) for one in found.warnings] == [
        ("holders", "holder_missing"),
        ("land_class_code", "land_class_not_industrial"),
    ]
    assert (found.columns["land_class_code"], found.holders) == ("0701", [])


def test_a_class_is_read_in_the_set_that_is_named(county: County, expected: Expectations) -> None:
    plan = "国土空间用地用海分类（2023）"
    found = read(county, expected, land_class_code="100101", land_class_set=plan)
    assert (found.columns["land_class_set"], found.warnings) == (plan, [])
    with pytest.raises(FieldErrors):
        read(county, expected, land_class_code="0601", land_class_set=plan)


def test_a_county_without_a_class_set_names_its_own_classes(county: County) -> None:
    found = checked_values({"land_class_code": "Zastavaná"}, county=county, on=TODAY, new=False)
    assert found.columns == {"land_class_code": "Zastavaná", "land_class_set": ""}


def test_a_parcel_abroad_has_any_code(county: County) -> None:
    found = checked_values({"code": "KN-1245/7"}, county=county, on=TODAY, new=True)
    assert found.columns == {"code": "KN-1245/7"}


def test_a_credit_code_by_its_check_digit(county: County, expected: Expectations) -> None:
    valid = "91330782MA2ABCDE1"
    digits = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(digits.index(c) * 3**i for i, c in enumerate(valid)) % 31
    code = valid + digits[-total % 31]
    found = read(county, expected, holders=[{"name": "示意厂", "uscc": f" {code[:9]} {code[9:].lower()}"}])
    assert found.holders is not None
    assert found.holders[0]["uscc"] == code


@given(parts=st.integers(1, 200))
def test_equal_shares_of_any_number_are_a_whole(parts: int) -> None:
    county = County(code="990001")
    expected = Expectations(
        county_code="990001",
        code_pattern=CHINA,
        bbox_4490=(119.9, 29.2, 120.2, 29.5),
        boundary_4490=None,
        survey_crs=4549,
        towns={},
        land_classes=frozenset(),
        industrial_classes=frozenset(),
        parameters={},
        on=TODAY,
    )
    found = read(
        county, expected, holders=[{"name": f"户{n}", "uscc": "", "share": 1 / parts} for n in range(parts)]
    )
    assert found.holders is not None
    assert abs(sum(one["share"] for one in found.holders) - 1) < Decimal("0.00001")


def test_two_statements_however_many_values(county: County, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):
        checked_values({"location": "甲", "note": "乙", "tenure": "出让"}, county=county, on=TODAY, new=True)
