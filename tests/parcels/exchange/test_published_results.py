"""Published supply results as other provinces hand them on: spelt in many ways, with rows that are wrong, twice or sums.

What is screened of them is counted once more here, by a calculation that shares no code with the rules.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import chinese_calendar
import pytest
import xlsxwriter

from landgis.access.queries import command_actor
from landgis.counties.models import County
from parcels.exchange.table_import import TableImported, import_table
from parcels.idle_land.actions import screen_idle
from parcels.supply.models import ContractPhase, SupplyContract
from tests import factories

ON = date(2025, 6, 30)
ROWS = 600
OWN = ("序号", "行政区", "宗地编号/电子监管号", "项目位置", "土地用途", "供地方式", "出让年限", "出让面积（公顷）",
       "成交总价（万元）", "受让人名称", "合同签订时间")  # fmt: skip
AGREED, ACTUAL = ("交地时间", "开工时间", "竣工时间"), ("开工时间", "竣工时间")
NONE = ("", "—", "/", "无")
WRONG = ("2021-02-30", "待定日期", "13月1日")


def published(path: Path, rows: int = ROWS, seed: int = 4) -> list[dict[str, Any]]:
    """A workbook with merged headings, days written in seven ways, and a line of sums; returns what it means."""
    pick = random.Random(seed)
    meant: list[dict[str, Any]] = []
    with xlsxwriter.Workbook(path) as book:
        sheet, day_format = book.add_worksheet("供地结果"), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.merge_range(0, 0, 0, 15, "某省国有建设用地供应结果公示（示意数据）")
        for place, title in enumerate(OWN):
            sheet.merge_range(2, place, 3, place, title)
        for first, group, titles in ((11, "约定时间", AGREED), (14, "实际时间", ACTUAL)):
            sheet.merge_range(2, first, 2, first + len(titles) - 1, group)
            for place, title in enumerate(titles, first):
                sheet.write(3, place, title)

        for number in range(rows):
            line, row = 4 + number, _meant(pick, number, meant)
            meant.append(row)
            facts = (number + 1, "示意县", row["supervision"], f"示意路{number}号", "工业用地", "挂牌出让", 50, 1.25,
                     "面议" if row["wrong"] == "price" else 1000, f"示意公司{number}")  # fmt: skip
            for place, value in enumerate(facts):
                sheet.write(line, place, value)
            days = (
                date(2014, 1, 1),
                row["delivery"],
                row["agreed"],
                row["completion"],
                row["started"],
                row["completed"],
            )
            for place, day in enumerate(days, 10):
                _write_day(sheet, line, place, day, pick, day_format)
            if row["wrong"] == "day":
                sheet.write(line, 12, pick.choice(WRONG))
            if row["wrong"] == "long":
                sheet.write(line, 3, "路" * 301)
        sheet.write(4 + rows, 0, "合计")
        sheet.write(4 + rows, 7, 1.25 * rows)
        sheet.write(5 + rows, 0, "填表人：示意")
    return meant


def _write_day(
    sheet: Any, line: int, place: int, day: date | None, pick: random.Random, day_format: Any
) -> None:
    if day is None:
        sheet.write(line, place, pick.choice(NONE))
        return
    texts = (f"{day.year}年{day.month}月{day.day}日", f"{day:%Y/%m/%d}", f"{day.year}.{day.month}.{day.day}",
             f"{day:%Y%m%d}", f"{day:%Y-%m-%d} 00:00:00")  # fmt: skip
    way = pick.randrange(7)
    if way == 5:
        sheet.write_datetime(line, place, day, day_format)
    elif way == 6:
        sheet.write_number(line, place, (day - date(1899, 12, 30)).days)
    else:
        sheet.write(line, place, texts[way])


def _meant(pick: random.Random, number: int, before: list[dict[str, Any]]) -> dict[str, Any]:
    agreed = date(2018, 1, 1) + timedelta(pick.randrange(2800)) if pick.random() > 0.1 else None
    if number % 97 == 5:
        agreed = date(2024, 2, 29)
    started = agreed + timedelta(pick.randrange(-30, 900)) if agreed and pick.random() < 0.5 else None
    completed = started + timedelta(400) if started and pick.random() < 0.5 else None
    wrong = {7: "day", 9: "price", 11: "long"}.get(number % 50, "")
    again = number % 60 == 30
    if again:
        wrong = ""
    supervision = before[-1]["supervision"] if again else f"3301{number:08d}B"
    completion = agreed and agreed + timedelta(730)
    delivery = agreed - timedelta(60) if agreed and pick.random() < 0.5 else None
    return {
        "supervision": supervision, "agreed": agreed, "started": started, "completed": completed, "wrong": wrong,
        "again": again, "completion": completion, "delivery": delivery,
    }  # fmt: skip


def counted(rows: list[dict[str, Any]], on: date) -> Counter[str]:
    """Art. 2 by hand: past the agreed start and not begun; idle on the day after a full year, moved off rest days."""
    found: Counter[str] = Counter()
    for row in rows:
        agreed, started, completed = row["agreed"], row["started"], row["completed"]
        if (completed and completed <= on) or (started and started <= on):
            if agreed is None:  # the published row can't have begun without an agreed day here
                raise AssertionError
            found["clear"] += 1
        elif agreed is None:
            found["undetermined"] += 1
        elif on <= agreed:
            found["clear"] += 1
        else:
            found["idle_not_started" if on > _a_year_after(agreed) else "overdue"] += 1
    return found


def _a_year_after(day: date) -> date:
    last = date(day.year + 1, 2, 28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year + 1)
    while not _offices_work(last):
        last += timedelta(1)
    return last


def _offices_work(day: date) -> bool:
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5


def run(county: County, file: Path, table: str = "supply-contracts") -> TableImported:
    actor = command_actor("system", county)
    return import_table(county=county, actor=actor, table=table, file=file, commit=True, reason="试")


def test_the_screened_counts_are_those_of_an_independent_calculation(county: County, tmp_path: Path) -> None:
    meant = published(tmp_path / "结果.xlsx")
    # Of rows that say different things of one number none is taken; where one was wrong, the other is the only one.
    of_number = Counter(row["supervision"] for row in meant if not row["wrong"])
    good = [row for row in meant if not row["wrong"] and of_number[row["supervision"]] == 1]
    result = run(county, tmp_path / "结果.xlsx")
    assert (result.rows, result.stored.created) == (ROWS, len(good))
    assert result.rejected == ROWS - len(good)
    codes = Counter(issue.code for issue in result.issues if issue.severity == "error")
    assert codes["date_invalid"] == sum(row["wrong"] == "day" for row in meant)
    assert codes["number_invalid"] == sum(row["wrong"] == "price" for row in meant)
    assert codes["text_too_long"] == sum(row["wrong"] == "long" for row in meant)
    screened = screen_idle(county=county, actor=command_actor("system", county), on=ON)
    assert +Counter(screened.counts) == counted(good, ON)
    assert screened.counts["undetermined"] > 20, "the rows whose agreed start can't be known"
    assert min(counted(good, ON).values()) > 5, (
        "each outcome has to occur for the comparison to mean anything"
    )


def test_every_refused_row_is_named_with_its_field_and_remedy(county: County, tmp_path: Path) -> None:
    meant = published(tmp_path / "结果.xlsx", rows=120)
    result = run(county, tmp_path / "结果.xlsx")
    told = {issue.row: issue for issue in result.issues if issue.severity == "error"}
    of_number = Counter(row["supervision"] for row in meant if not row["wrong"])
    assert set(told) == {
        n + 1 for n, row in enumerate(meant) if row["wrong"] or of_number[row["supervision"]] > 1
    }
    for number, issue in told.items():
        assert issue.message.startswith(f"第 {number} 行（文件第 {number + 4} 行）")
        assert issue.field
        assert "请" in issue.message
    (summed,) = [issue for issue in result.issues if issue.message.startswith("文件第 125 行是合计行")]
    assert summed.severity == "warning"


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("约定开工时间", "agreed_start"), ("合同约定动工日期", "agreed_start"), ("应动工时间", "agreed_start"),
        ("实际开工时间", "actual_start"), ("约定竣工时间", "agreed_completion"), ("实际竣工验收时间", "actual_completion"),
        ("宗地编号/电子监管号", "supervision_no"), ("电子监管号（宗地编号）", "supervision_no"), ("土地用途", "land_use"),
        ("面积（公顷）", "area_m2"), ("供地总面积", "area_m2"), ("成交总价（万元）", "price_wan"), ("竞得人名称", "holder_name"),
        ("土地座落", "location"), ("出让合同签订日期", "signed_on"), ("土地取得方式", "supply_mode"),
    ],
)  # fmt: skip
def test_headings_of_other_provinces_are_known(
    heading: str, field: str, county: County, tmp_path: Path
) -> None:
    path = tmp_path / "一.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["合同编号", "项目名称", heading, "所属乡镇"])
        sheet.write_row(1, 0, ["HT1", "示意项目", "", ""])
    assert run(county, path).mapping.get(heading) == field


def test_a_likeness_is_still_refused_and_told(county: County, tmp_path: Path) -> None:
    path = tmp_path / "一.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["合同编号", "项目位置", "开工时间", "预计开工时间", "出让年限"])
        sheet.write_row(1, 0, ["HT1", "示意路", "2024-01-01", "2024-01-01", 50])
    result = run(county, path)
    assert "agreed_start" not in result.mapping.values()
    assert sum(issue.code == "heading_refused" for issue in result.issues) == 2
    assert "出让年限" in result.ignored


def sheet_of(path: Path, *rows: tuple[Any, ...]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(
            0, 0, ["合同编号", "电子监管号", "分期", "土地位置", "约定开工时间", "面积（平方米）"]
        )
        for line, row in enumerate(rows, 1):
            sheet.write_row(line, 0, row)
    return path


def test_a_contract_of_the_register_is_known_by_either_number(county: County, tmp_path: Path) -> None:
    path = tmp_path / "一.xlsx"
    run(county, sheet_of(path, ("HT1", "S1", "", "甲", "2020-01-01", 1), ("HT2", "", "", "乙", "2020-01-01", 1),
                         ("", "S3", "", "丙", "2020-01-01", 1)))  # fmt: skip
    again = run(county, sheet_of(path, ("", "S1", "", "甲路", "", ""), ("HT2", "S2", "", "", "", ""),
                                 ("HT3", "S3", "", "", "", "")))  # fmt: skip
    assert (again.rejected, again.stored.created) == (0, 0)
    assert set(SupplyContract.objects.values_list("contract_no", "supervision_no", "location")) == {
        ("HT1", "S1", "甲路"), ("HT2", "S2", "乙"), ("HT3", "S3", "丙"),
    }  # fmt: skip
    assert ContractPhase.objects.count() == 3
    once_more = run(county, sheet_of(path, ("HT1", "", "", "甲路", "", "")))
    assert once_more.stored.unchanged == 1


def test_phases_of_one_contract_may_name_one_number_each(county: County, tmp_path: Path) -> None:
    rows = (
        ("HT1", "", 2, "", "2021-01-01", 1),
        ("HT1", "S1", 1, "", "2020-01-01", 1),
        ("", "S1", 3, "", "2022-01-01", 1),
    )
    result = run(county, sheet_of(tmp_path / "一.xlsx", *rows))
    assert (result.rejected, result.stored.created) == (0, 3)
    assert SupplyContract.objects.get().phases.count() == 3


def test_what_contradicts_the_register_or_is_unclear_is_told_and_the_rest_goes_on(
    county: County, tmp_path: Path
) -> None:
    path = tmp_path / "一.xlsx"
    run(
        county,
        sheet_of(
            path,
            ("HT1", "S1", "", "", "2020-01-01", 1),
            ("HT5", "S5", "", "", "", 1),
            ("HT5", "S6", "", "", "", 1),
        ),
    )
    result = run(county, sheet_of(
        path, ("HT9", "S1", "", "", "", 1), ("HT5", "", "", "", "", 1), ("HT1", "", "", "", "", 1), ("", "S1", "", "", "", 1),
        ("HT8", "S8", "", "", "2021-01-01", 1), ("HT7", "S" * 90, "", "", "", 1), ("HT6", "S9", "", "", "", "1e30"),
    ))  # fmt: skip
    told = {issue.row: (issue.code, issue.message) for issue in result.issues if issue.severity == "error"}
    assert told[1][0] == told[2][0] == "contract_unclear"
    assert "已属于合同“HT1”" in told[1][1]
    assert "对应多份合同" in told[2][1]
    (copy,) = [issue for issue in result.issues if issue.code == "repeated_in_file"]
    assert (copy.row, "第 3 行" in copy.message) == (4, True), (
        "the third row is the same contract by its other number"
    )
    assert told[6][0] == "text_too_long"
    assert told[7][0] in ("value_too_large", "number_invalid", "number_out_of_range")
    assert (result.rejected, result.stored.created, result.stored.unchanged) == (4, 1, 2)


def test_a_register_with_the_same_number_twice_is_not_guessed_at(county: County, tmp_path: Path) -> None:
    with factories.writing(county):
        for contract_no in ("甲", "乙"):
            SupplyContract.objects.create(county=county, contract_no=contract_no, supervision_no="S1")
    result = run(county, sheet_of(tmp_path / "一.xlsx", ("", "S1", "", "", "2020-01-01", 1)))
    assert result.rejected == 1
    assert "补填合同编号" in next(
        issue.message for issue in result.issues if issue.code == "contract_unclear"
    )
