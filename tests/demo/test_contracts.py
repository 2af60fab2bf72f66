"""The contracts: an independent reading of the statute finds what the list of expected findings says."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import chinese_calendar
import pytest

from tests.demo.delivery import layer, table, workbook

TODAY = date(2025, 12, 31)
Row = dict[str, Any]


def key(row: Row) -> tuple[str, str, int]:
    return (row["合同编号"] or "", row["电子监管号"] or "", int(row["分期"]))


def expected() -> dict[tuple[str, str, int], dict[str, str]]:
    return {key(row): row for row in table("idle_expected_2025-12-31")}


def phases() -> Iterator[tuple[Row, Row | None]]:
    """Each phase with its last report."""
    last: dict[tuple[str, str, int], Row] = {}
    for report in workbook("progress"):
        if key(report) not in last or report["截止日期"] > last[key(report)]["截止日期"]:
            last[key(report)] = report
    for row in workbook("supply_contracts"):
        yield row, last.get(key(row))


def a_year_after(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 2, 28)


def full_year_on(day: date) -> date:
    end = a_year_after(day)
    while end.year <= 2026 and not chinese_calendar.is_workday(end):
        end += timedelta(days=1)
    return end


def finding(row: Row, report: Row | None) -> str:
    if row["实际竣工时间"] is not None:
        return "clear"
    if row["实际开工时间"] is None:
        due = row["约定开工时间"] or (row["实际交地时间"] and a_year_after(row["实际交地时间"]))
        if due is None:
            return "undetermined"
        return "idle_not_started" if full_year_on(due) < TODAY else "overdue" if due < TODAY else "clear"
    assert report is not None
    developed = ratio(report["已开发面积(公顷)"], row["应开发面积(公顷)"])
    invested = ratio(report["累计已投资(万元)"], row["总投资(万元)"])
    stopped = report["最后施工日期(停工时填写)"]
    if stopped is not None and full_year_on(stopped) < TODAY:
        if below(developed, Fraction(1, 3)) or below(invested, Fraction(1, 4)):
            return "idle_stopped"
        if developed is None or invested is None:
            return "undetermined"
    if row["约定竣工时间"] is not None and row["约定竣工时间"] >= TODAY and below(invested, Fraction(1, 4)):
        return "underinvested"
    return "clear"


def ratio(part: float | None, whole: float | None) -> Fraction | None:
    return None if part is None or whole is None else Fraction(str(part)) / Fraction(str(whole))


def below(value: Fraction | None, limit: Fraction) -> bool:
    return value is not None and value < limit


def test_screening_finds_what_is_expected() -> None:
    listed = expected()
    wrong = {
        key(row): (found, listed[key(row)]["expected_finding"])
        for row, report in phases()
        if (found := finding(row, report)) != listed[key(row)]["expected_finding"]
    }
    assert not wrong
    assert len(listed) == len(workbook("supply_contracts"))


def test_the_edge_cases_state_the_last_day_of_the_year() -> None:
    by_key = {key(row): (row, report) for row, report in phases()}
    stated = {each: row for each, row in expected().items() if row["full_year_on"]}
    assert len(stated) > 15
    for each, line in stated.items():
        row, report = by_key[each]
        start = report["最后施工日期(停工时填写)"] if report else row["约定开工时间"]
        start = start or a_year_after(row["实际交地时间"])
        assert full_year_on(start) == date.fromisoformat(line["full_year_on"])


@pytest.mark.parametrize("kind", ["idle_not_started", "idle_stopped"])
def test_about_one_contract_in_twenty_is_suspected_in_each_way(kind: str) -> None:
    counted = Counter(row["expected_finding"] for row in expected().values())
    assert 0.04 < counted[kind] / len(expected()) < 0.075


def test_every_finding_occurs() -> None:
    assert {row["expected_finding"] for row in expected().values()} == {
        "clear",
        "idle_not_started",
        "idle_stopped",
        "overdue",
        "underinvested",
        "undetermined",
    }


def test_the_holder_of_the_contract_is_the_holder_of_the_parcel() -> None:
    _, columns = layer("parcels")
    holder = dict(zip(columns["宗地代码"], columns["权利人"], strict=True))
    rows = workbook("supply_contracts")
    known = [row for row in rows if row["宗地代码"] in holder]
    assert all(row["土地使用权人"] == holder[row["宗地代码"]] for row in known)
    assert 0.57 < len({row["宗地代码"] for row in known}) / len(holder) < 0.63
    assert sum(row["宗地代码"] is None for row in rows) == 34
    assert len({row["宗地代码"] for row in rows if row["宗地代码"] and row["宗地代码"] not in holder}) == 8


def test_a_parcel_is_not_contracted_for_more_land_than_it_has() -> None:
    _, columns = layer("parcels")
    area_ha = dict(zip(columns["宗地代码"], columns["宗地面积"] / 1e4, strict=True))
    to_develop: Counter[str] = Counter()
    for row in workbook("supply_contracts"):
        if row["宗地代码"] in area_ha and row["面积(公顷)"] != 0.15:
            to_develop[row["宗地代码"]] += row["应开发面积(公顷)"] or 0
    assert all(area <= area_ha[code] + 0.0002 for code, area in to_develop.items())


def test_contracts_are_signed_before_anything_happens_and_nothing_lies_ahead() -> None:
    for row, report in phases():
        assert date(2005, 1, 1) <= row["合同签订日期"] <= TODAY
        happened = [row[name] for name in ("实际交地时间", "实际开工时间", "实际竣工时间") if row[name]]
        assert happened == sorted(happened)
        assert all(row["合同签订日期"] <= day <= TODAY for day in happened)
        assert report is None or report["截止日期"] <= TODAY


def test_every_contract_can_be_told_apart() -> None:
    assert all(row["合同编号"] or row["电子监管号"] for row in workbook("supply_contracts"))
    assert len(expected()) == len(table("idle_expected_2025-12-31"))
    numbered = Counter(len(group) for group in _by_contract().values())
    assert numbered[2] + numbered[3] == 26


def _by_contract() -> dict[tuple[str, str], list[int]]:
    groups: dict[tuple[str, str], list[int]] = {}
    for contract, supervision, phase in expected():
        groups.setdefault((contract, supervision), []).append(phase)
    return groups
