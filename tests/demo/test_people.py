"""The firms: valid but invented codes, land never used twice, and figures that look like a county's."""

from collections import Counter, defaultdict
from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from stdnum.cn import uscc

from tests.demo.delivery import M2_PER_MU, layer, workbook

OVERFULL = {"330782009003GB00010", "330782008001GB00012", "330782013002GB00016"}


def area_of() -> dict[str, float]:
    _, columns = layer("parcels")
    return dict(zip(columns["宗地代码"], columns["宗地面积"], strict=True))


def land_mu(on: date) -> dict[str, float]:
    areas = area_of()
    land: defaultdict[str, float] = defaultdict(float)
    for row in workbook("occupancy"):
        if row["终止日期"] is None or row["终止日期"] >= on:
            used = row["占用面积(平方米)"]
            land[row["统一社会信用代码"]] += (
                areas[row["宗地代码"]] * row["占用比例(%)"] / 100 if used is None else used
            ) / M2_PER_MU
    return land


def test_codes_pass_their_check_digit_and_cannot_be_issued() -> None:
    firms = workbook("enterprises")
    _, columns = layer("parcels")
    holders = {code for code in columns["统一代码"] if code}
    for code in {firm["统一社会信用代码"] for firm in firms} | holders:
        assert uscc.is_valid(code)
        assert code[8:11] == "YWD"


def test_names_say_that_they_are_invented() -> None:
    _, columns = layer("parcels")
    names = [firm["企业名称"] for firm in workbook("enterprises")]
    assert len(set(names)) == len(names) == 2075
    assert all("示意" in name for name in [*names, *columns["权利人"]])


def test_industries_are_manufacturing_in_four_groups() -> None:
    firms = workbook("enterprises")
    assert set(Counter(firm["行业类别"] for firm in firms)) == {"纺织服装", "日用品", "机械电子", "其他"}
    assert all(firm["行业代码"][0] == "C" and 13 <= int(firm["行业代码"][1:3]) <= 43 for firm in firms)
    assert 0.42 < np.mean([firm["是否规上"] == "是" for firm in firms]) < 0.50


def test_firms_own_one_parcel_as_a_rule() -> None:
    owned = Counter(row["统一社会信用代码"] for row in workbook("occupancy") if row["使用方式"] == "自有")
    _, columns = layer("parcels")
    listed = {firm["统一社会信用代码"] for firm in workbook("enterprises")}
    held = Counter(code for code in columns["统一代码"] if code in listed)
    assert 0.06 < sum(1 for count in held.values() if 2 <= count <= 4) / len(listed) < 0.10
    assert max(held.values()) <= 4
    assert set(owned) <= listed


def test_one_parcel_in_eight_is_used_by_several_firms() -> None:
    users = defaultdict(set)
    for row in workbook("occupancy"):
        if row["终止日期"] is None:
            users[row["宗地代码"]].add(row["统一社会信用代码"])
    assert 0.09 < sum(1 for firms in users.values() if len(firms) > 1) / 2412 < 0.14


def test_an_occupancy_says_area_or_share_never_both() -> None:
    for row in workbook("occupancy"):
        assert (row["占用面积(平方米)"] is None) != (row["占用比例(%)"] is None)


def test_no_parcel_is_used_beyond_its_area_on_any_day_but_for_three() -> None:
    areas, uses = area_of(), defaultdict(list)
    for row in workbook("occupancy"):
        used = row["占用面积(平方米)"]
        share = used / areas[row["宗地代码"]] if used is not None else row["占用比例(%)"] / 100
        uses[row["宗地代码"]].append((row["起始日期"], row["终止日期"] or date(2099, 1, 1), share))
    overfull = {
        code
        for code, rows in uses.items()
        if max(sum(share for since, until, share in rows if since <= day <= until) for day, _, _ in rows)
        > 1.00001
    }
    assert overfull == OVERFULL


def test_every_firm_works_somewhere() -> None:
    land = land_mu(date(2025, 12, 31))
    assert all(land[firm["统一社会信用代码"]] > 0 for firm in workbook("enterprises"))


@pytest.mark.parametrize("year", [2023, 2024, 2025])
def test_the_county_pays_and_makes_what_such_a_county_does(year: int) -> None:
    land = land_mu(date(2025, 12, 31))
    rows = [row for row in workbook("annual_returns") if row["年度"] == year]
    total_mu = sum(land.values())
    tax = sum(row["税收实际贡献(万元)"] or 0 for row in rows)
    added = sum(row["工业增加值(万元)"] or 0 for row in rows)
    assert 20 < tax / total_mu < 25
    assert 130 < added / total_mu < 170
    per_mu = [
        row["税收实际贡献(万元)"] / land[row["统一社会信用代码"]]
        for row in rows
        if row["税收实际贡献(万元)"] is not None
    ]
    assert np.median(per_mu) < 0.5 * tax / total_mu
    staffed = [
        row for row in rows if row["工业增加值(万元)"] is not None and row["年平均职工人数(人)"] is not None
    ]
    added_staffed = sum(row["工业增加值(万元)"] for row in staffed)
    assert 18 < added_staffed / sum(row["年平均职工人数(人)"] for row in staffed) < 23
    research = sum(row["研发经费(万元)"] or 0 for row in rows)
    assert 0.025 < research / sum(row["营业收入(万元)"] or 0 for row in rows) < 0.031


def test_what_is_missing_is_blank_and_nought_is_nought() -> None:
    rows = workbook("annual_returns")
    emission = [row["主要污染物排放量(吨)"] for row in rows]
    assert 0.3 < sum(value is None for value in emission) / len(emission) < 0.55
    assert any(row["税收实际贡献(万元)"] == 0 for row in rows)
    assert all(row["年度"] in (2023, 2024, 2025) for row in rows)


def test_some_firms_lack_a_year() -> None:
    years = defaultdict(list)
    for row in workbook("annual_returns"):
        years[row["统一社会信用代码"]].append(int(row["年度"]))
    assert all(first < second for reported in years.values() for first, second in pairwise(reported))
    assert 50 < sum(1 for reported in years.values() if len(reported) < 3) < 300


def test_what_a_firm_was_in_a_year_is_what_it_is_not_today() -> None:
    today = {firm["统一社会信用代码"]: firm for firm in workbook("enterprises")}
    rows = workbook("firm_years")
    assert 40 < len(rows) < 100
    assert len({(row["年度"], row["统一社会信用代码"]) for row in rows}) == len(rows)
    stated = Counter(field for row in rows for field in ("是否规上", "行业代码", "所属镇街") if row[field])
    assert min(stated.values()) >= 6
    assert sum(stated.values()) == len(rows)
    for row in rows:
        firm = today[row["统一社会信用代码"]]
        assert row["企业名称"] == firm["企业名称"]
        assert row["依据"].startswith("示意")
        assert all(row[field] != firm[field] for field in ("是否规上", "行业代码", "所属镇街") if row[field])


def test_who_rose_above_the_threshold_had_earned_less() -> None:
    earned = {
        (row["年度"], row["统一社会信用代码"]): row["营业收入(万元)"] for row in workbook("annual_returns")
    }
    for row in workbook("firm_years"):
        if row["是否规上"]:
            revenue = earned[row["年度"], row["统一社会信用代码"]]
            assert (revenue >= 2000) == (row["是否规上"] == "是")
