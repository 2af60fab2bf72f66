"""Delivered tables as they come: titles, merged headings, units, encodings, sums; and no row lost."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landgis.lib.errors import InputError
from parcels.exchange.table_specs import TABLES
from parcels.exchange.tables import read_table
from tests.parcels.exchange.delivered import PUBLISHED, PUBLISHED_ROW, as_csv, as_xlsx, codes, errors

CONTRACTS, PROGRESS = TABLES["supply-contracts"], TABLES["progress"]


def test_a_workbook_with_title_unit_note_and_real_dates(tmp_path: Path) -> None:
    rows = [
        ["供地结果一览表"],
        ["单位：亩、万元"],
        ["电子监管号", "宗地面积", "成交价格", "约定动工日期", "约定竣工日期"],
        [1, 2, 3, 4, 5],
        ["A1", 15, 100.5, date(2021, 3, 1), 44986],
        [None, None, None, None, None],
        ["A2", "1.5", "1,000", "2021年3月2日", ""],
        ["合计", 16.5, 1100.5],
        ["填表人：张三"],
    ]
    result = read_table(as_xlsx(tmp_path / "a.xlsx", {"表": rows}), CONTRACTS)
    assert (result.total, result.accepted, result.rejected, result.header_row) == (2, 2, 0, 3)
    assert [row["area_m2"] for row in result.rows] == [Decimal(10000), Decimal(1000)]
    assert [row["agreed_start"] for row in result.rows] == [date(2021, 3, 1), date(2021, 3, 2)]
    assert result.rows[0]["agreed_completion"] == date(2023, 3, 1)
    assert codes(result) == ["summary_row_skipped"] * 3  # the numbering, the sum, the signature
    assert (result.row_numbers, result.lines) == ([1, 2], [5, 7])


def test_headings_merged_over_two_rows(tmp_path: Path) -> None:
    rows = [
        ["电子监管号", "约定时间", None, None, "实际时间", None, None, "面积"],
        [None, "交地", "开工", "竣工", "交地", "开工", "竣工", "（公顷）"],
        ["A1", "2020-1-1", "2021-1-1", "2022-1-1", "2020-2-1", "2021-2-1", "2022-2-1", "1.5"],
    ]
    merged = [(0, 1, 0, 3, "约定时间"), (0, 4, 0, 6, "实际时间")]
    result = read_table(as_xlsx(tmp_path / "a.xlsx", {"表": rows}, merged), CONTRACTS)
    assert not result.issues
    assert result.header_row == 2
    row = result.rows[0]
    assert (row["agreed_start"], row["actual_start"]) == (date(2021, 1, 1), date(2021, 2, 1))
    assert (row["agreed_completion"], row["actual_delivery"]) == (date(2022, 1, 1), date(2020, 2, 1))
    assert row["area_m2"] == 15000


def test_a_chosen_mapping_goes_before_everything(tmp_path: Path) -> None:
    rows = [["电子监管号", "开工时间", "老编号"], ["A", "2020-1-1", "B"]]
    chosen = {"开工时间": "agreed_start", "老编号": "contract_no"}
    result = read_table(as_csv(tmp_path / "a.csv", rows), CONTRACTS, mapping=chosen)
    assert (result.rows[0]["agreed_start"], result.rows[0]["contract_no"]) == (date(2020, 1, 1), "B")


def test_an_area_without_a_unit_is_told(tmp_path: Path) -> None:
    result = read_table(as_csv(tmp_path / "a.csv", [["电子监管号", "宗地面积"], ["A", "5"]]), CONTRACTS)
    assert (codes(result), result.rows[0]["area_m2"]) == (["unit_assumed"], 5)


def test_two_columns_for_one_field_the_more_trusted_wins_and_a_difference_is_told(tmp_path: Path) -> None:
    rows = [
        ["电子监管号", "约定动工日期", "约定开工时间"],
        ["A", "", "2020-1-1"],
        ["B", "2020-1-2", "2020-1-3"],
    ]
    result = read_table(as_csv(tmp_path / "a.csv", rows), CONTRACTS)
    # 约定动工时间, 约定开工时间 … stand before 约定动工日期 in the list of wordings.
    assert [row["agreed_start"] for row in result.rows] == [date(2020, 1, 1), date(2020, 1, 3)]
    assert [(issue.code, issue.row) for issue in result.issues] == [("columns_disagree", 2)]


def test_no_row_is_lost_and_every_rejected_row_says_why(tmp_path: Path) -> None:
    rows = [
        ["电子监管号", "约定开工时间", "面积(公顷)"],
        ["A", "2020-13-01", "1"],
        ["B", "2020-01-01", "1公顷"],
        ["", "2020-01-01", "1"],
        ["C", "2020-01-01", "1"],
        ["C", "2021-01-01", "2"],
        ["D", "1900-01-01", "1"],
    ]
    result = read_table(as_csv(tmp_path / "a.csv", rows, "gb18030"), CONTRACTS)
    assert (result.total, result.accepted, result.rejected) == (6, 1, 5)
    assert [(issue.row, issue.code, issue.field, issue.severity) for issue in result.issues] == [
        (1, "date_invalid", "agreed_start", "error"),
        (2, "number_invalid", "area_m2", "error"),
        (3, "value_missing", "contract_no", "error"),
        (4, "duplicate_in_file", "supervision_no", "error"),
        (5, "duplicate_in_file", "supervision_no", "error"),
        (6, "date_placeholder", "agreed_start", "warning"),
    ]
    assert result.row_numbers == [6]
    first = result.issues[0].message
    assert "第 1 行（文件第 2 行）" in first
    assert "约定开工时间" in first
    assert "2020-13-01" in first
    assert "请改为" in first


def test_a_missing_required_column_rejects_all_rows_with_one_issue(tmp_path: Path) -> None:
    result = read_table(
        as_csv(tmp_path / "a.csv", [["合同编号", "累计已投资(万元)"], ["A", "1"], ["B", "2"]]), PROGRESS
    )
    assert (result.total, result.accepted, result.rejected, errors(result)) == (2, 0, 2, ["column_missing"])
    nameless = [["约定动工日期", "土地用途"], ["2020-1-1", "工业用地"]]
    assert errors(read_table(as_csv(tmp_path / "b.csv", nameless), CONTRACTS)) == ["column_missing"]


def test_a_code_that_excel_made_a_number_is_refused(tmp_path: Path) -> None:
    rows = [["电子监管号", "合同编号"], [330782201800730123, "A"], [12345, "B"]]
    result = read_table(as_xlsx(tmp_path / "a.xlsx", {"表": rows}), CONTRACTS)
    assert errors(result) == ["code_precision_lost"]
    assert result.rows[0]["supervision_no"] == "12345"


def test_an_unquoted_delimiter_that_moves_cells_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "电子监管号,土地位置,约定动工日期\nA,某路,2020-1-1\nB,某路,1号,2020-1-1\n", encoding="utf-8"
    )
    result = read_table(path, CONTRACTS)
    assert ("row_too_long", 2) in [(issue.code, issue.row) for issue in result.issues]
    assert result.row_numbers == [1]


def test_a_cell_of_several_lines_keeps_the_files_line_numbers(tmp_path: Path) -> None:
    path = as_csv(
        tmp_path / "a.csv",
        [["电子监管号", "土地位置", "约定动工日期"], ["A", "甲\n乙", ""], ["B", "丙", "x"]],
    )
    result = read_table(path, CONTRACTS)
    assert result.rows[0]["location"] == "甲\n乙"
    assert "第 2 行（文件第 4 行）" in result.issues[0].message


def test_the_sheet_with_the_table_is_found_and_another_like_it_is_told(tmp_path: Path) -> None:
    table = [["电子监管号", "合同编号"], ["A", "B"]]
    sheets = {"说明": [["填写说明"], ["一、……"]], "2021": table, "2022": [*table, ["C", "D"]]}
    path = as_xlsx(tmp_path / "a.xlsx", sheets)
    result = read_table(path, CONTRACTS)
    assert (result.sheet, result.total, codes(result)) == ("2021", 1, ["sheet_not_read"])
    assert read_table(path, CONTRACTS, sheet="2022").total == 2
    with pytest.raises(InputError) as error:
        read_table(path, CONTRACTS, sheet="2023")
    assert error.value.code == "sheet_missing"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        ("<html><table><tr><td>电子监管号".encode(), "file_is_html"),
        ('电子监管号,合同编号\n"A,B\nC,D\n'.encode(), "csv_malformed"),
        (b"\xb5\xe7\xff\xff\xff,\xff\n", "encoding_unknown"),
        ("姓名,年龄\n张三,3\n".encode(), "header_not_found"),
        (b"PK\x03\x04 not a workbook", "file_unreadable"),
        (b"a,b\0\n", "file_unreadable"),
    ],
)
def test_what_is_no_table_is_refused_with_a_remedy(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(InputError) as error:
        read_table(path, CONTRACTS)
    assert error.value.code == code
    assert error.value.remedy


def test_a_named_encoding_is_the_only_one_tried(tmp_path: Path) -> None:
    path = as_csv(tmp_path / "a.csv", [PUBLISHED, PUBLISHED_ROW], "gb18030")
    assert read_table(path, CONTRACTS, encoding="gbk").encoding == "gbk"
    for name in ("utf-8", "no-such-encoding"):
        with pytest.raises(InputError):
            read_table(path, CONTRACTS, encoding=name)
    with pytest.raises(InputError):
        read_table(tmp_path / "missing.csv", CONTRACTS)


def test_a_column_with_values_but_no_heading_is_told(tmp_path: Path) -> None:
    rows = [["电子监管号", "合同编号", ""], ["A", "B", "要紧"]]
    assert read_table(as_csv(tmp_path / "a.csv", rows), CONTRACTS).ignored == ["（第 3 列，无表头）"]


def test_a_holder_named_like_a_sum_is_no_sum(tmp_path: Path) -> None:
    rows = [
        ["土地使用权人", "电子监管号"],
        ["合计置业有限公司", "A"],
        ["注册会计师协会", "B"],
        ["小计", "C"],
        ["合　计", ""],
    ]
    result = read_table(as_csv(tmp_path / "a.csv", rows), CONTRACTS)
    assert (result.total, result.accepted, codes(result)) == (3, 3, ["summary_row_skipped"])


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["A", "B", "C", "", "合计"]),
            st.sampled_from(["2020-1-1", "", "x", "2020年2月30日", "未动工"]),
            st.sampled_from(["1", "", "1公顷", "-1", "1,000"]),
        ),
        max_size=12,
    )
)
def test_rows_are_accepted_plus_rejected_and_rejected_rows_have_errors(
    tmp_path: Path, rows: list[tuple[str, str, str]]
) -> None:
    path = as_csv(tmp_path / "a.csv", [["电子监管号", "约定动工日期", "面积(公顷)"], *rows])
    result = read_table(path, CONTRACTS)
    skipped = codes(result).count("summary_row_skipped")
    assert result.accepted + result.rejected == result.total == sum(any(row) for row in rows) - skipped
    wrong = {issue.row for issue in result.issues if issue.severity == "error"}
    assert wrong.isdisjoint(result.row_numbers)
    assert set(result.copies.values()) <= set(result.row_numbers)
    assert wrong | {*result.row_numbers, *result.copies} == set(range(1, result.total + 1))
