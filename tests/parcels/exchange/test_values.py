"""Cells as offices write them: dates, figures, codes, flags; and what is refused instead of guessed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parcels.exchange.columns import Column, Kind
from parcels.exchange.units import UNITS
from parcels.exchange.values import Problem, parser_for

DAY = date(2019, 12, 21)


def read(kind: Kind, cell: Any, unit: str = "", **more: Any) -> Any:
    column = Column("field", "字段", kind, ("字段",), **more)
    return parser_for(column, UNITS[unit] if unit else None)(cell)


def code_of(value: Any) -> str:
    assert isinstance(value, Problem)
    return value.code


@pytest.mark.parametrize(
    "cell",
    [
        "2019年12月21日", "2019-12-21", "2019/12/21", "2019.12.21", "20191221", " 2019 年 12 月 21 日 ",
        "２０１９年１２月２１日", "2019－12－21", "2019-12-21 00:00:00", "2019/12/21 8:30", "2019-12-21T00:00:00Z",
        20191221, 20191221.0, 43820, 43820.0, 43820.5, date(2019, 12, 21), datetime(2019, 12, 21, 8, 30, tzinfo=UTC),
    ],
)  # fmt: skip
def test_a_date_is_read_however_it_is_written(cell: object) -> None:
    assert read("date", cell) == DAY


@pytest.mark.parametrize(
    "cell",
    ["", None, " ", "　", "-", "—", "/", "无", "未开工", "尚未竣工", "未约定", "没有约定", "在建", "NaN"],
)
def test_no_date_is_none(cell: object) -> None:
    assert read("date", cell) is None


def test_words_that_mean_no_end_are_blank_only_where_a_column_says_so() -> None:
    assert read("date", "长期", blank_words=("长期",)) is None
    assert code_of(read("date", "长期")) == "date_invalid"


@pytest.mark.parametrize(
    "cell",
    [
        "2019年13月1日", "2021-02-29", "2019年12月", "2019", "19-12-21", "交地后一年内", "12/21/2019", "2019-12-21至2020-1-1",
        "1019-12-21", "2201-01-01", True, 5, 1.5, float("inf"), time(8, 30), "约定不明",
    ],
)  # fmt: skip
def test_what_is_no_certain_date_is_refused(cell: object) -> None:
    assert code_of(read("date", cell)) == "date_invalid"


@pytest.mark.parametrize(
    "cell", ["1900-01-01", "1900年1月1日", "9999-12-31", date(1899, 12, 31), "0001-01-01"]
)
def test_a_systems_default_date_is_blank_with_a_warning(cell: object) -> None:
    problem = read("date", cell)
    assert (code_of(problem), problem.value, problem.severity) == ("date_placeholder", None, "warning")


def test_a_serial_number_in_a_text_is_read_with_a_warning() -> None:
    problem = read("date", "43820")
    assert (code_of(problem), problem.value, problem.severity) == ("date_from_serial", DAY, "warning")


@given(st.dates(date(1950, 1, 1), date(2100, 12, 31)))
def test_every_day_is_read_in_every_wording(day: date) -> None:
    for text in (
        f"{day:%Y年%m月%d日}",
        f"{day:%Y-%m-%d}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day:%Y%m%d}",
    ):
        assert read("date", text) == day
    assert read("date", (day - date(1899, 12, 30)).days) == day


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("1234.5", "1234.5"), ("1,234.5", "1234.5"), ("１，２３４．５", "1234.5"), ("1 234.5", "1234.5"),
        ("¥1,234.50", "1234.50"),
        ("-3", "-3"), ("－3", "-3"), ("−3", "-3"), (".5", ".5"), ("1.2E+03", "1200"), (5.292804, "5.292804"),
        (0.1 + 0.2, "0.3"), (3, "3"), (1e15, "1000000000000000"),
    ],
)  # fmt: skip
def test_a_figure_is_read_exactly(cell: object, number: str) -> None:
    assert read("decimal", cell, maximum=Decimal(10) ** 16) == Decimal(number)


@pytest.mark.parametrize("cell", ["", None, "—", "-", "/", "无", "　"])
def test_a_missing_figure_is_none_and_never_zero(cell: object) -> None:
    assert read("money", cell) is None


@pytest.mark.parametrize(
    "cell",
    [
        "5.2公顷",
        "约300",
        "12,34",
        "1,23,456",
        "三百",
        "25%",
        "1-2",
        "１２万",
        True,
        DAY,
        "1.2.3",
        "#DIV/0!",
        "e5",
    ],
)
def test_what_is_no_figure_is_refused(cell: object) -> None:
    assert code_of(read("decimal", cell)) == "number_invalid"


def test_figures_out_of_range_are_refused() -> None:
    assert code_of(read("area", "-1", minimum=Decimal(0))) == "number_out_of_range"
    assert code_of(read("area", "0", positive=True)) == "number_out_of_range"
    assert code_of(read("money", "1e13")) == "number_out_of_range"
    assert read("area", "0", minimum=Decimal(0)) == 0


@pytest.mark.parametrize(
    ("cell", "unit", "share"),
    [("35.5", "%", "0.355"), ("35.5%", "%", "0.355"), ("35.5％", "", "0.355"), ("0.355", "", "0.355")],
)
def test_a_share_is_a_fraction_of_one(cell: str, unit: str, share: str) -> None:
    assert read("share", cell, unit, positive=True, maximum=Decimal(1)) == Decimal(share)


def test_a_share_without_a_unit_is_not_taken_for_percent() -> None:
    assert code_of(read("share", "35.5", positive=True, maximum=Decimal(1))) == "number_out_of_range"


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (" 330782 001001 GB00001 ", "330782001001GB00001"), ("330782001001ｇｂ00001", "330782001001GB00001"),
        ("义土让〔2019〕12号", "义土让〔2019〕12号"), ("'0012", "0012"), (12.0, "12"), (330782001.0, "330782001"),
        ("330782.0", "330782"), ("", ""), ("—", ""), (None, ""), ("无", ""),
    ],
)  # fmt: skip
def test_a_code_is_text(cell: object, code: str) -> None:
    assert read("code", cell) == code


@pytest.mark.parametrize("cell", [330782001001123456.0, 1234567890123456, "3.30782E+17", 3.3e20])
def test_a_code_that_excel_made_a_number_has_lost_digits(cell: object) -> None:
    assert code_of(read("code", cell)) == "code_precision_lost"
    assert code_of(read("uscc", cell)) == "code_precision_lost"


def test_a_formula_error_is_no_code_and_no_text() -> None:
    assert code_of(read("code", "#REF!")) == "cell_error"
    assert code_of(read("text", "#N/A")) == "cell_error"


def test_a_lost_character_is_told_in_a_text_and_refused_in_a_code() -> None:
    problem = read("text", "高\ufffdZ瑜")
    assert (code_of(problem), problem.value, problem.severity) == ("text_garbled", "高\ufffdZ瑜", "warning")
    assert code_of(read("code", "义土让\ufffd12")) == "text_garbled"


@pytest.mark.parametrize(
    "cell", ["91110000600037341L", " 9111 0000 6000 37341l ", "９１１１００００６０００３７３４１Ｌ"]
)
def test_a_unified_social_credit_code_is_checked(cell: str) -> None:
    assert read("uscc", cell) == "91110000600037341L"


def test_a_rural_collectives_code_begins_with_letters_and_has_one_check_digit() -> None:
    codes = [f"N2330782MF1234567{last}" for last in "0123456789ABCDEFGHJKLMNPQRTUWXY"]
    assert sum(read("uscc", code) == code for code in codes) == 1


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("911100006000373410", "校验位"), ("330782000012345", "工商注册号"), ("12345678X", "组织机构代码"),
        ("9111000060003734", "16 位"), ("91110000600O37341L", "校验位或字符"),
    ],
)  # fmt: skip
def test_a_wrong_credit_code_says_what_it_is(cell: str, words: str) -> None:
    problem = read("uscc", cell)
    assert code_of(problem) == "uscc_invalid"
    assert words in problem.why


def test_a_blank_credit_code_is_blank() -> None:
    assert read("uscc", "") == ""


@pytest.mark.parametrize(
    ("cell", "flag"),
    [("是", True), ("否", False), ("√", True), ("×", False), (True, True), (1.0, True), (0, False), ("规上", True),
     ("规下", False), ("Ｙ", True), ("", None), ("—", None)],
)  # fmt: skip
def test_a_flag(cell: object, flag: bool | None) -> None:
    assert read("flag", cell) is flag
    assert code_of(read("flag", "可能")) == "flag_invalid"


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("1", 1),
        (2.0, 2),
        ("一期", 1),
        ("第二期", 2),
        ("３期", 3),
        ("十一期", 11),
        ("二十", 20),
        ("二十三期", 23),
        ("", 1),
        ("不分期", 1),
    ],
)
def test_a_phase(cell: object, number: int) -> None:
    assert read("phase", cell, default=1) == number


def test_no_phase_is_the_whole_contract_where_the_table_says_so() -> None:
    assert [read("phase", cell) for cell in ("", "不分期", "2期")] == [None, None, 2]


@pytest.mark.parametrize("cell", ["0", "首期", "十十", "一二", "1.5", -1])
def test_what_is_no_phase_is_refused(cell: object) -> None:
    assert code_of(read("phase", cell)) == "phase_invalid"


def test_a_year() -> None:
    assert [read("year", cell) for cell in ("2022", "2022年", "2022年度", "２０２２", 2022.0, "")] == [
        2022
    ] * 5 + [None]
    assert code_of(read("year", "22")) == "year_invalid"
    assert code_of(read("year", "3022")) == "year_invalid"


def test_a_choice_names_what_may_be_chosen() -> None:
    choices = {"自有": "owned", "租入": "leased_in", "owned": "owned"}
    assert read("choice", " 租入", choices=choices) == "leased_in"
    assert read("choice", "OWNED", choices=choices) == "owned"
    assert read("choice", "", choices=choices) == ""
    problem = read("choice", "借用", choices=choices)
    assert code_of(problem) == "choice_invalid"
    assert "自有、租入" in problem.remedy


@given(st.text() | st.floats() | st.integers() | st.booleans() | st.none() | st.dates() | st.datetimes())
def test_no_cell_breaks_a_parser(cell: object) -> None:
    kinds: tuple[Kind, ...] = (
        "text",
        "code",
        "uscc",
        "date",
        "decimal",
        "area",
        "share",
        "year",
        "phase",
        "flag",
    )
    for kind in kinds:
        read(kind, cell)
    read("choice", cell, choices={"自有": "owned"})
