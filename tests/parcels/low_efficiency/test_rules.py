"""Who is a candidate for the 高耗低效 list, by the rules alone."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landgis.lib.units import mu_to_m2
from parcels.low_efficiency.rules import (
    ENERGY,
    LABELS,
    LAST_GRADES,
    REPOSSESSION,
    UNREMEDIED,
    Facts,
    Judged,
    Limits,
    ListedFirm,
    fingerprint,
    judge,
)

LIMITS = Limits("测试", frozenset(str(n) for n in range(13, 44)), 3, 2, 3, 1000, 0.52)
NAN = float("nan")


def facts(*firms: dict[str, Any]) -> Facts:
    def column(name: str, default: Any) -> list[Any]:
        return [firm.get(name, default) for firm in firms]

    return Facts(
        uscc=tuple(f"F{n}" for n in range(len(firms))),
        industry=tuple(column("industry", "C1711")),
        above_scale=np.array(column("above_scale", 1), dtype=np.int8),
        land_m2=np.array(column("land_m2", 10_000.0)),
        energy_tce=np.array(column("energy_tce", NAN)),
        value_added_wan=np.array(column("value_added_wan", NAN)),
        last_years=np.array(column("last_years", 0), dtype=np.int64),
        repossession=tuple(column("repossession", "")),
        remedies=tuple(column("remedies", "")),
        untold=tuple(column("untold", "")),
        evaluated_with=tuple(column("evaluated_with", "")),
    )


def judged(**firm: Any) -> Judged:
    return judge(facts(firm), LIMITS, "末")


def labels(**firm: Any) -> list[str]:
    found = judged(**firm)
    return [code for code in LABELS if found.labels[code][0] and found.listed[0]]


def test_the_four_labels_do_not_exclude_each_other() -> None:
    firm = {
        "repossession": "收储", "last_years": 2, "remedies": "未销号", "energy_tce": 2000.0, "value_added_wan": 1000.0,
    }  # fmt: skip
    assert labels(**firm) == [REPOSSESSION, LAST_GRADES, UNREMEDIED, ENERGY]


def test_one_year_in_the_last_grade_is_not_enough_and_more_than_two_are() -> None:
    assert labels(last_years=1) == []
    assert labels(last_years=3) == [LAST_GRADES]


def test_the_reason_names_the_schemes_own_grade_and_no_figure_of_the_firm() -> None:
    found = judged(last_years=2, energy_tce=1234.5, value_added_wan=1000.0)
    assert found.reasons[LAST_GRADES][0] == "连续 2 年评价为末档（末）"
    assert "1234" not in found.reasons[ENERGY][0]
    assert "1000" in found.reasons[ENERGY][0]


@pytest.mark.parametrize(
    ("land_m2", "scale", "inside"),
    [
        (float(mu_to_m2(Decimal(3))), 0, True),
        (1999.9999, 0, False),
        (1999.99999, 0, True),  # 2000 ㎡ to the register's four decimals
        (NAN, 0, False),
        (NAN, 1, True),
        (2000.0, -1, True),
    ],
)
def test_small_firms_need_three_mu_and_large_ones_none(land_m2: float, scale: int, inside: bool) -> None:
    assert bool(judged(land_m2=land_m2, above_scale=scale, last_years=2).listed[0]) is inside


@pytest.mark.parametrize(
    ("industry", "inside"), [("C4390", True), ("1310", True), ("C4411", False), ("D4411", False)]
)
def test_only_manufacturing_is_looked_at(industry: str, inside: bool) -> None:
    assert bool(judged(industry=industry, last_years=2).listed[0]) is inside


def test_energy_is_inclusive_and_its_intensity_is_not() -> None:
    assert labels(energy_tce=1000.0, value_added_wan=1000.0) == [ENERGY]
    assert labels(energy_tce=999.99, value_added_wan=1.0) == []
    assert labels(energy_tce=1040.0, value_added_wan=2000.0) == []  # exactly 0.52
    assert labels(energy_tce=1000.0, value_added_wan=0.0) == [ENERGY]


def test_a_missing_figure_is_never_zero() -> None:
    found = judged(energy_tce=2000.0)
    assert not found.listed[0]
    assert found.undetermined[0]
    assert "增加值" in found.unknown[0]
    unmeasured = judged(value_added_wan=1.0)
    assert not unmeasured.listed[0]
    assert unmeasured.undetermined[0]
    assert "综合能耗" in unmeasured.unknown[0]
    assert not judged(energy_tce=1.0).undetermined[0]
    assert "规上或规下" in judged(above_scale=-1, land_m2=100.0).unknown[0]
    assert "行业代码" in judged(industry="", last_years=2).unknown[0]


def test_a_missing_final_leaves_the_years_in_a_row_open() -> None:
    open_one = judged(last_years=1, untold="缺少 2022 年定稿的评价", energy_tce=1.0)
    assert open_one.undetermined[0]
    assert open_one.unknown[0] == "缺少 2022 年定稿的评价"
    assert (
        judged(untold="缺少 2022 年定稿的评价", above_scale=-1, land_m2=1.0).unknown[0] == "未注明规上或规下"
    )
    assert not judged(last_years=2, untold="缺少 2021 年定稿的评价", energy_tce=1.0).undetermined[0]


@given(st.lists(st.tuples(st.integers(0, 4), st.floats(0, 5000), st.booleans()), min_size=1, max_size=20))
def test_each_firm_is_judged_as_if_it_were_alone(rows: list[tuple[int, float, bool]]) -> None:
    firms = [
        {
            "last_years": years,
            "energy_tce": energy,
            "value_added_wan": 500.0,
            "above_scale": int(above),
            "land_m2": energy,
        }
        for years, energy, above in rows
    ]
    together = judge(facts(*firms), LIMITS, "末")
    for at, firm in enumerate(firms):
        alone = judge(facts(firm), LIMITS, "末")
        assert together.listed[at] == alone.listed[0]
        assert all(together.labels[code][at] == alone.labels[code][0] for code in LABELS)


def test_the_hash_changes_with_every_field() -> None:
    row = ListedFirm("1", "U", "名", "1", "镇", "17", "规上", (ENERGY,), ("依据",), "", "1", "2", None)
    head = {"county": "1"}
    before = fingerprint(head, [row])
    assert before == fingerprint(head, [ListedFirm.from_json(row.as_json())])
    assert before != fingerprint(head, [replace(row, energy_tce="3")])
    assert before != fingerprint(head | {"county": "2"}, [row])


@pytest.mark.parametrize(
    "told", [{"remedies": "2022 年末档"}, {"energy_tce": 5000.0}, {"above_scale": -1, "land_m2": 1.0}]
)
def test_who_is_evaluated_with_another_is_neither_listed_nor_doubtful(told: dict[str, Any]) -> None:
    assert judged(**told).listed[0] or judged(**told).undetermined[0]
    found = judged(evaluated_with="总厂", **told)
    assert not found.member[0]
    assert not found.listed[0]
    assert not found.undetermined[0]
