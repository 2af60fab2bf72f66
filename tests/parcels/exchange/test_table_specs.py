"""The five tables that officers deliver, in the words they are delivered in."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from parcels.exchange.table_specs import TABLES
from parcels.exchange.tables import read_table
from tests.parcels.exchange.delivered import PUBLISHED, PUBLISHED_ROW, as_csv, as_xlsx, codes, errors

CONTRACTS, PROGRESS = TABLES["supply-contracts"], TABLES["progress"]
USCC = "91110000600037341L"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_published_supply_results_in_any_encoding_and_delimiter(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    result = read_table(
        as_csv(tmp_path / "a.csv", [PUBLISHED, PUBLISHED_ROW], encoding, delimiter), CONTRACTS
    )
    assert (result.total, result.accepted, result.issues) == (1, 1, [])
    assert result.encoding == encoding
    row = result.rows[0]
    assert row["supervision_no"] == "3307822018B00730"
    assert row["area_m2"] == Decimal("52928.04")
    assert row["price_wan"] == 10484
    assert row["agreed_start"] == date(2019, 12, 21)
    assert row["agreed_delivery"] == date(2018, 12, 31)
    assert (row["actual_start"], row["actual_completion"], row["actual_delivery"]) == (None, None, None)
    assert (row["contract_no"], row["parcel_code"], row["phase_no"]) == ("", "", 1)
    assert result.mapping["面积（公顷）"] == "area_m2"
    assert "约定容积率下限" in result.ignored


def test_english_headings_of_published_results_and_a_holder_in_either_of_two_columns(tmp_path: Path) -> None:
    rows = [
        ["Electronic supervision number", "Area (hectare)", "Agreed start time", "Contract signing date",
         "Transaction price (ten thousand yuan)", "Land use right holder Row 1", "Land use right holder Row 2"],
        ["A1", "0.5", "", "2019年06月27日", "1", "甲", ""],
        ["A2", "0.5", "2020年06月12日", "2019年06月27日", "1", "", "乙"],
    ]  # fmt: skip
    result = read_table(as_xlsx(tmp_path / "a.xlsx", {"original data": rows}), CONTRACTS)
    assert not result.issues
    assert [row["holder_name"] for row in result.rows] == ["甲", "乙"]
    assert [row["agreed_start"] for row in result.rows] == [None, date(2020, 6, 12)]


def test_likenesses_are_refused_with_the_reason(tmp_path: Path) -> None:
    headings = [
        "电子监管号",
        "合同编号",
        "计划开工时间",
        "开工时间",
        "总投资（含地价）（万元）",
        "已建建筑面积",
    ]
    result = read_table(
        as_csv(tmp_path / "a.csv", [headings, ["A", "B", "2020-1-1", "2020-1-1", "1", "1"]]), CONTRACTS
    )
    assert codes(result) == ["heading_refused"] * 4
    assert result.rows[0]["agreed_start"] is None
    assert result.rows[0]["actual_start"] is None
    assert result.rows[0]["total_investment_wan"] is None
    assert set(headings[2:]) <= set(result.ignored)


def test_one_contract_in_two_phases_is_no_duplicate(tmp_path: Path) -> None:
    rows = [
        ["合同编号", "分期", "约定动工日期"],
        ["A", "一期", "2020-1-1"],
        ["A", "二期", "2021-1-1"],
        ["A", "三期", "2022-1-1"],
        ["A", "3", ""],
    ]
    result = read_table(as_csv(tmp_path / "a.csv", rows), CONTRACTS)
    assert [row["phase_no"] for row in result.rows] == [1, 2]
    assert errors(result) == ["duplicate_in_file"] * 2
    assert "约定动工日期（本行为空，那一行 2022-01-01）" in result.issues[-1].message


def test_a_unit_beside_a_note_in_the_same_brackets(tmp_path: Path) -> None:
    rows = [["电子监管号", "总投资（亿元，不含地价）", "宗地面积（单位：亩）"], ["A", "0.5", "1.5"]]
    result = read_table(as_csv(tmp_path / "a.csv", rows), CONTRACTS)
    assert not result.issues
    assert (result.rows[0]["total_investment_wan"], result.rows[0]["area_m2"]) == (5000, 1000)


def test_progress_in_its_own_words(tmp_path: Path) -> None:
    rows = [
        [
            "合同编号",
            "电子监管号",
            "分期",
            "截止日期",
            "累计已投资(万元)",
            "已开发面积(公顷)",
            "最后施工日期(停工时填写)",
            "说明",
        ],
        ["A", "", "", "2024-06-30", "0", "", "正常施工", "主体封顶"],
        ["A", "", "1", "2024-12-31", "", "1.2", "2024年9月1日", ""],
    ]
    result = read_table(as_csv(tmp_path / "a.csv", rows), PROGRESS)
    assert not result.issues
    first, second = result.rows
    assert (first["invested_wan"], first["developed_area_m2"], first["stopped_since"]) == (0, None, None)
    assert (second["invested_wan"], second["developed_area_m2"]) == (None, 12000)
    assert second["stopped_since"] == date(2024, 9, 1)


def test_enterprises_occupancy_and_returns(tmp_path: Path) -> None:
    firms = [
        [
            "统一社会信用代码",
            "企业名称",
            "行业代码",
            "行业类别",
            "是否规上(是/否)",
            "成立日期",
            "所属镇街",
            "地址",
        ],
        [USCC, "甲公司", 1810, "纺织服装", "是", "2001/1/2", "佛堂镇", "某路1号"],
        ["91110000600037341X", "乙公司", "C1810", "", "", "", "", ""],
        ["", "丙公司", "C1810", "", "", "", "", ""],
    ]
    result = read_table(as_xlsx(tmp_path / "a.xlsx", {"表": firms}), TABLES["enterprises"])
    assert [(issue.row, issue.code) for issue in result.issues] == [(2, "uscc_invalid"), (3, "value_missing")]
    assert result.rows[0]["industry_code"] == "1810"
    assert (result.rows[0]["above_scale"], result.rows[0]["founded_on"]) == (True, date(2001, 1, 2))
    land = [
        ["宗地代码", "统一社会信用代码", "企业名称", "使用方式(自有/租入/未登记)", "出租方统一社会信用代码",
         "占用面积(平方米)", "占用比例(%)",
         "起始日期", "终止日期"],
        ["330782001001GB00001", USCC, "甲", "租入", USCC, "", "35.5", "2020-1-1", "长期"],
    ]  # fmt: skip
    result = read_table(as_csv(tmp_path / "b.csv", land), TABLES["occupancy"])
    assert not result.issues
    row = result.rows[0]
    assert (row["role"], row["lessor_uscc"], row["uscc"]) == ("leased_in", USCC, USCC)
    assert (row["area_m2"], row["share"], row["valid_to"]) == (None, Decimal("0.355"), None)
    returns = [
        [
            "年度",
            "统一社会信用代码",
            "企业名称",
            "税收实际贡献(元)",
            "工业增加值(万元)",
            "年平均职工人数(人)",
            "综合能耗(吨标准煤)",
            "主要污染物排放量(千克)",
        ],
        ["2022年", USCC, "甲", "12,345,678.9", "-3.5", "120", "—", "15"],
    ]
    result = read_table(as_csv(tmp_path / "c.csv", returns), TABLES["annual-returns"])
    assert not result.issues
    row = result.rows[0]
    assert (row["year"], row["tax_wan"], row["value_added_wan"]) == (
        2022,
        Decimal("1234.56789"),
        Decimal("-3.5"),
    )
    assert (row["energy_tce"], row["emission_t"], row["rd_wan"]) == (None, Decimal("0.015"), None)


def test_no_two_columns_of_a_table_claim_the_same_wording_by_accident() -> None:
    for spec in TABLES.values():
        words = [word for column in spec.columns for word in column.headings]
        assert len(words) == len(set(words)), spec.name
        assert len({column.field for column in spec.columns}) == len(spec.columns)
