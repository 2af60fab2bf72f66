"""The disposal list as a workbook: read back by another library, and its print set-up checked in the file itself."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
import python_calamine

from parcels.idle_land.rules import FINDING_TITLES, Parameters
from parcels.idle_land.wording import basis_of_findings, reckoning, years_in_words
from parcels.idle_land.workbook import NOTES_SHEET, SHEET, STEPS_SHEET, Listed, ListHeading, write_list

PARAMETERS = Parameters("53号令/2012-07-01", 1, 1, 1, Fraction(1, 3), Fraction(1, 4), Fraction(1, 4))
HEADING = ListHeading(county="义乌市", on=date(2025, 12, 31), parameters=PARAMETERS)
ROW = Listed(
    serial=1,
    town="佛堂镇",
    parcel_code="330782100001GB00001",
    contract_no="义土让〔2019〕12号",
    supervision_no="3307822019B00001",
    phase_no=1,
    holder="某公司",
    location="某路北侧",
    land_use="工业用地",
    area_m2=Decimal("5708.90"),
    price_wan=Decimal("1000.5"),
    agreed_start=date(2021, 3, 1),
    full_year_on=date(2022, 3, 1),
    gross_idle_days=1766,
    finding="idle_not_started",
    article="《闲置土地处置办法》第二条第一款",
    missing=(),
    remarks=("甲", "乙"),
    steps=("约定动工日期 2021-03-01。", "结论。"),
)
OTHER = replace(ROW, serial=2, contract_no="", supervision_no="C", finding="undetermined", area_m2=None,
                price_wan=None, agreed_start=None, full_year_on=None,
                gross_idle_days=None, missing=("约定动工日期", "实际交地日期"), remarks=(), steps=())  # fmt: skip


def written(*rows: Listed, heading: ListHeading = HEADING) -> io.BytesIO:
    file = io.BytesIO()
    write_list(file, rows, heading)
    file.seek(0)
    return file


def cells(file: io.BytesIO, sheet: str = SHEET) -> Sequence[Sequence[object]]:
    file.seek(0)
    book = python_calamine.CalamineWorkbook.from_filelike(file)
    return book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def part(file: io.BytesIO, name: str) -> str:
    with zipfile.ZipFile(file) as archive:
        return archive.read(name).decode()


def test_title_unit_and_headings_stand_above_the_list() -> None:
    rows = cells(written(ROW))
    assert rows[0][0] == "义乌市疑似闲置土地清单"
    assert "截止日期：2025-12-31" in str(rows[1][0])
    assert "单位：平方米、亩、万元" in rows[1]
    assert rows[2][3] == "供地合同"
    assert rows[3][3:6] == ["合同编号", "电子监管号", "分期"]
    assert rows[2][9] == "面积"
    assert rows[3][9:11] == ["平方米", "亩"]


def test_a_row_keeps_codes_as_text_dates_as_dates_and_areas_unrounded() -> None:
    row = cells(written(ROW))[4]
    assert row[:6] == [1.0, "佛堂镇", "330782100001GB00001", "义土让〔2019〕12号", "3307822019B00001", 1.0]
    assert row[9] == 5708.9
    assert row[10] == pytest.approx(8.56335, abs=1e-12)
    assert row[12:15] == [date(2021, 3, 1), date(2022, 3, 1), 1766.0]
    assert row[15:19] == ["疑似闲置（满期未动工）", "《闲置土地处置办法》第二条第一款", "", "甲；乙"]


def test_missing_facts_are_blank_and_never_zero() -> None:
    row = cells(written(ROW, OTHER))[5]
    assert row[9:15] == ["", "", "", "", "", ""]
    assert row[17] == "约定动工日期、实际交地日期"


def test_sums_by_finding_and_over_all() -> None:
    rows = cells(written(ROW, replace(ROW, serial=2, contract_no="B"), OTHER))
    assert rows[7][0] == "小计：疑似闲置（满期未动工）（2 宗）"
    assert rows[8][0] == "小计：待核实（1 宗）"
    assert rows[9][0] == "总计（3 宗）"
    assert rows[7][9] == pytest.approx(11417.8)
    assert rows[8][9] == 0
    assert rows[9][10] == pytest.approx(17.1267)
    assert rows[9][11] == 2001
    assert rows[8][18] == "1 宗无面积，未计入"
    sheet = part(written(ROW, OTHER), "xl/worksheets/sheet1.xml")
    assert 'SUMIF($P$5:$P$6,"待核实",$J$5:$J$6)' in sheet.replace("&quot;", '"')
    assert "SUM($K$5:$K$6)" in sheet


def test_a_contract_in_two_phases_is_counted_once_in_the_sums() -> None:
    file = written(
        ROW, replace(ROW, serial=2, phase_no=2), replace(ROW, serial=3, phase_no=3, finding="overdue")
    )
    rows = cells(file)
    assert [row[0] for row in rows[7:10]] == [
        "小计：疑似闲置（满期未动工）（2 宗）",
        "小计：逾期未动工（1 宗）",
        "总计（3 宗）",
    ]
    assert [row[9] for row in rows[7:10]] == [5708.9, 5708.9, 5708.9]
    assert [row[18] for row in rows[7:10]] == ["分期合同只计一次", "", "分期合同只计一次"]


@pytest.mark.parametrize(("paper", "code"), [("A3", "8"), ("A4", "9")])
def test_it_prints_on_one_page_width_with_repeated_headings_and_page_numbers(paper: str, code: str) -> None:
    file = written(ROW, heading=replace(HEADING, paper=paper))  # type: ignore[arg-type]
    sheet = part(file, "xl/worksheets/sheet1.xml")
    assert f'paperSize="{code}"' in sheet
    assert 'orientation="landscape"' in sheet
    assert "fitToPage" in sheet
    assert 'fitToHeight="0"' in sheet
    assert "第 &amp;P 页" in sheet
    assert 'xSplit="3" ySplit="4"' in sheet
    names = part(file, "xl/workbook.xml")
    assert f"'{SHEET}'!$1:$4" in names or f"{SHEET}!$1:$4" in names


def test_a_row_is_high_enough_for_its_wrapped_texts() -> None:
    sheet = part(written(replace(ROW, location="某" * 60)), "xl/worksheets/sheet1.xml")
    height = re.search(r'<row r="5"[^>]* ht="([\d.]+)"', sheet)
    assert height is not None
    assert float(height[1]) == pytest.approx(
        5 * 13.5 + 5, abs=0.75
    )  # 120 half-widths in a column of 26: five lines


def test_what_looks_like_a_formula_or_a_link_stays_text() -> None:
    harmful = replace(
        ROW, holder='=HYPERLINK("http://x","y")', location="http://example.invalid", contract_no="+1"
    )
    file = written(harmful)
    row = cells(file)[4]
    assert row[3] == "+1"
    assert row[6:8] == ['=HYPERLINK("http://x","y")', "http://example.invalid"]
    sheet = part(file, "xl/worksheets/sheet1.xml").lower()
    assert "<hyperlink" not in sheet
    assert sheet.count("<f>") == part(written(ROW), "xl/worksheets/sheet1.xml").count("<f>")


def test_a_day_before_excels_calendar_is_written_as_text() -> None:
    assert cells(written(replace(ROW, agreed_start=date(1899, 12, 31))))[4][12] == "1899-12-31"


def test_an_empty_list_is_still_a_list() -> None:
    rows = cells(written())
    assert rows[4][0] == "总计（0 宗）"
    assert rows[4][9] == 0


def test_the_steps_of_each_row_and_the_explanation() -> None:
    file = written(ROW, OTHER)
    steps = cells(file, STEPS_SHEET)
    assert steps[1][3] == "约定动工日期 2021-03-01。\n结论。"
    text = "\n".join(str(cell) for row in cells(file, NOTES_SHEET) for cell in row)
    for words in (
        "53号令/2012-07-01",
        "2025-12-31",
        "第二十二条",
        "不足应开发面积的 1/3",
        "不是认定结论",
        "应当认定",
    ):
        assert words in text


def test_the_explanation_says_the_parameters_it_was_reckoned_with() -> None:
    other = replace(
        PARAMETERS,
        not_started_years=2,
        roll_over_rest_days=False,
        underinvested_past_completion=False,
        underinvested_basis="某行动计划",
    )
    text = "".join(reckoning(other))
    assert "自次日起算两年" in text
    assert "休假日" not in text
    assert "限于约定建设期内" in text
    assert ("建设期投资不足", "某行动计划") in basis_of_findings(other)
    assert [title for title, _ in basis_of_findings(other)] == list(FINDING_TITLES.values())[:-1]
    assert years_in_words(12) == "12年"


def test_it_is_written_to_a_path_as_well(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("list") / "清单.xlsx"
    write_list(path, [ROW], HEADING)
    assert path.read_bytes().startswith(b"PK")
