"""Delivered rows are stored by their key; a blank never erases, an equal row changes nothing."""

from decimal import Decimal

import pytest
from django.db import connection

from landgis.counties.models import County
from landgis.lib.copying import array_literal, copy_rows
from landgis.lib.upsert import Stored, rehearsed, upsert
from parcels.enterprises.models import Enterprise
from tests import factories

KEY = ("county_id", "uscc")


def store(county: County, **columns: list[object]) -> Stored:
    count = len(next(iter(columns.values())))
    blank = {"industry_code": [""] * count, "industry_group": [""] * count, "town_code": [""] * count}
    full: dict[str, list[object]] = {"county_id": [county.code] * count, "address": [""] * count, **blank, **columns}
    with factories.writing(county):
        return upsert("enterprises_enterprise", full, key=KEY)


def test_new_changed_and_equal_rows(county: County) -> None:
    assert store(county, uscc=["A", "B"], name=["甲", "乙"]) == Stored(created=2)
    assert store(county, uscc=["A", "B", "C"], name=["甲", "乙（新）", "丙"]) == Stored(1, 1, 1)
    assert Enterprise.objects.get(uscc="B").name == "乙（新）"


def test_a_blank_does_not_erase(county: County) -> None:
    store(county, uscc=["A"], name=["甲"], address=["义乌路1号"], above_scale=[True])
    assert store(county, uscc=["A"], name=["甲"], address=[""], above_scale=[None]) == Stored(unchanged=1)
    firm = Enterprise.objects.get(uscc="A")
    assert (firm.address, firm.above_scale) == ("义乌路1号", True)


def test_an_update_keeps_history(county: County) -> None:
    store(county, uscc=["A"], name=["甲"])
    store(county, uscc=["A"], name=["甲（新）"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM enterprises_enterprise_history")
        assert cursor.fetchall() == [("甲",)]


def test_a_rehearsal_takes_everything_back(county: County) -> None:
    with rehearsed(commit=False):
        assert store(county, uscc=["A"], name=["甲"]).created == 1
    assert not Enterprise.objects.exists()


def test_copy_carries_any_text(county: County) -> None:
    texts = ["制表\t符", "换\n行", "反\\斜", "\\N", "引\"号'", "", "回\r车"]
    with factories.writing(county):
        copy_rows(
            "cadastre_holder",
            {
                "county_id": [county.code] * len(texts),
                "name": texts,
                "uscc": [str(i) for i in range(len(texts))],
                "kind": ["other"] * len(texts),
            },
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM cadastre_holder ORDER BY uscc::int")
        assert [name for (name,) in cursor.fetchall()] == texts


def test_unequal_columns_are_refused(county: County) -> None:
    with pytest.raises(ValueError, match="unequal"):
        copy_rows("cadastre_holder", {"name": ["a"], "uscc": []})


def test_numbers_keep_every_digit(county: County) -> None:
    firm = factories.enterprise(county, "A", "甲")
    made = factories.annual_return(firm, 2025, tax_wan=Decimal("123456789.1234"))
    made.refresh_from_db()
    assert made.tax_wan == Decimal("123456789.1234")


def test_array_literal_escapes(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::text[]", [array_literal(['a"b', "c\\d", "e,f", ""])])
        assert cursor.fetchone()[0] == ['a"b', "c\\d", "e,f", ""]
