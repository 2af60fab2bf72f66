"""Delivered rows are stored by their key; a blank never erases, an equal row changes nothing."""

import json
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from landgis.counties.models import County
from landgis.lib.copying import copy_rows
from landgis.lib.upsert import Stored, rehearsed, upsert
from parcels.enterprises.models import Enterprise
from tests import factories

KEY = ("county_id", "uscc")


def store(county: County, **columns: list[object]) -> Stored:
    count = len(next(iter(columns.values())))
    blank: dict[str, list[object]] = {
        "industry_code": [""] * count,
        "industry_group": [""] * count,
        "town_code": [""] * count,
    }
    full: dict[str, list[object]] = {
        "county_id": [county.code] * count,
        "address": [""] * count,
        **blank,
        **columns,
    }
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


def test_arrays_dates_flags_and_figures_arrive_as_they_are(county: County) -> None:
    figures = [
        Decimal("0"),
        Decimal("-12.5"),
        Decimal("10000"),
        Decimal("99999999.9999"),
        Decimal("0.0001"),
        None,
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE kinds (t text[], v varchar(9)[], d date, b boolean, n numeric(16,4), f float8, i int, j jsonb)"
        )
        copy_rows(
            "kinds",
            {
                "t": [['a"b', "c\\d"], [], ["，"], ["e,f", ""], [""], None],
                "v": [["甲"]] * 6,
                "d": [date(1949, 10, 1), date(2000, 1, 1), date(2099, 12, 31), None, None, None],
                "b": [True, False, None, True, False, None],
                "n": figures,
                "f": np.array([0.1, -1e300, np.nan, 1e-300, 2.5, 0.0]),
                "i": [1, None, -5, 0, 2**31 - 1, 7],
                "j": [json.dumps({"甲": 1}), {"b": None}, [], None, 1, "null"],
            },
        )
        cursor.execute("SELECT t, v, d, b, n, f, i, j FROM kinds")
        t, v, d, b, n, f, i, j = zip(*cursor.fetchall(), strict=True)
    assert t == (['a"b', "c\\d"], [], ["，"], ["e,f", ""], [""], None)
    assert v[0] == ["甲"]
    assert d == (date(1949, 10, 1), date(2000, 1, 1), date(2099, 12, 31), None, None, None)
    assert b == (True, False, None, True, False, None)
    assert list(n) == figures
    assert f == (0.1, -1e300, None, 1e-300, 2.5, 0.0)
    assert i == (1, None, -5, 0, 2**31 - 1, 7)
    assert json.loads(j[0]) == {"甲": 1}


@given(st.lists(st.decimals(min_value=-(10**11), max_value=10**11, places=4), min_size=1, max_size=30))
def test_any_figure_arrives_as_it_is(db: None, figures: list[Decimal]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS figures")
        cursor.execute("CREATE TEMP TABLE figures (n numeric(16,4))")
        copy_rows("figures", {"n": figures})
        cursor.execute("SELECT n FROM figures")
        assert [n for (n,) in cursor.fetchall()] == figures
