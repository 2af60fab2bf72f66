"""Two rows of one key in one file: whichever table, both are told with what differs, and neither is loaded silently."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from landgis.access.queries import command_actor
from landgis.counties.models import County
from parcels.enterprises.models import AnnualReturn, Occupancy
from parcels.exchange.columns import Column, TableSpec
from parcels.exchange.table_import import TableImported, import_table
from parcels.exchange.table_specs import TABLES
from parcels.exchange.tables import read_table
from parcels.returns.models import ReturnFigure
from parcels.supply.models import ConstructionProgress, ContractPhase, SupplyContract
from tests import factories
from tests.parcels.exchange.delivered import as_csv

USCC = "91110000600037341L"
CELLS = {
    "code": ("K1", "K2"), "uscc": (USCC, "911100001000003305"), "date": ("2022-01-01", "2022-03-01"), "year": ("2024", "2023"),
    "month": ("2024-05", "2024-06"), "phase": ("1", "2"), "flag": ("是", "否"), "text": ("甲", "乙"), "share": ("50%", "40%"),
}  # fmt: skip


def cells(column: Column) -> tuple[str, str]:
    if column.choices:
        first, *_, last = column.choices
        return first, last
    return CELLS.get(column.kind, ("12", "13"))


def run(county: County, table: str, folder: Path, *rows: list[str]) -> TableImported:
    return import_table(
        county=county, actor=command_actor("system", county), table=table, file=as_csv(folder / f"{table}.csv", rows),
        commit=True, reason="t", authority="税务局", year=2024,
    )  # fmt: skip


def codes(result: TableImported) -> list[tuple[int, str, str]]:
    return [(issue.row, issue.code, issue.severity) for issue in result.issues if issue.row]


@pytest.mark.parametrize("spec", TABLES.values(), ids=TABLES)
def test_every_table_tells_both_rows_of_a_key(spec: TableSpec, tmp_path: Path) -> None:
    (key, *_), columns = spec.keys, spec.columns
    other = next(
        column for column in reversed(columns) if column.field not in {name for k in spec.keys for name in k}
    )
    head = [column.headings[0] for column in columns]
    once = [cells(column)[0] for column in columns]
    differing = [cells(column)[column is other] for column in columns]
    copied = read_table(as_csv(tmp_path / "a.csv", [head, once, once]), spec)
    assert (copied.total, copied.accepted, copied.row_numbers) == (2, 2, [1])
    assert [(i.row, i.code, i.severity) for i in copied.issues if i.row == 2] == [
        (2, "repeated_in_file", "warning")
    ]
    result = read_table(as_csv(tmp_path / "b.csv", [head, once, differing, once]), spec)
    told = [issue for issue in result.issues if issue.code == "duplicate_in_file"]
    assert [(issue.row, issue.field) for issue in told] == [(row, key[0]) for row in (1, 2, 3)]
    assert (result.rows, result.rejected) == ([], 3)
    for issue, against in zip(told, (2, 1, 2), strict=True):
        assert (
            f"与第 {against} 行（文件第 {against + 1} 行）的“{spec.titles(key)}”相同，但{other.title}（本行"
            in issue.message
        )
        assert "两行都未采用。请核实后只留正确的一行。" in issue.message


def test_returns_and_occupancies_by_their_keys(county: County, tmp_path: Path) -> None:
    firm = factories.enterprise(county, USCC, "示意甲厂")
    factories.parcel(county, "A", factories.box(0, 0, 1, 1))
    result = run(
        county, "annual-returns", tmp_path, ["年度", "统一社会信用代码", "实缴税收"],
        ["2024", USCC, "10"], ["2023", USCC, "8"], ["2024", USCC, "12"], ["2023", USCC, "8.0"],
    )  # fmt: skip
    assert codes(result) == [
        (1, "duplicate_in_file", "error"), (3, "duplicate_in_file", "error"), (4, "repeated_in_file", "warning"),
    ]  # fmt: skip
    assert "（本行 10，那一行 12）不同" in next(i.message for i in result.issues if i.row == 1)
    assert list(AnnualReturn.objects.values_list("enterprise", "year", "tax_wan")) == [
        (firm.pk, 2023, Decimal(8))
    ]
    document = result.as_json()
    assert (document["rows"], document["accepted"], document["rejected"]) == (4, 2, 2)
    assert document["accepted"] == sum(document[name] for name in ("created", "updated", "unchanged"))
    result = run(
        county, "occupancy", tmp_path, ["宗地代码", "统一社会信用代码", "使用方式", "使用面积（平方米）", "起始日期"],
        ["A", USCC, "自用", "100", "2022-01-01"], ["A", USCC, "自用", "200", "2022-01-01"],
    )  # fmt: skip
    assert [row for row, code, _ in codes(result) if code == "duplicate_in_file"] == [1, 2]
    assert not Occupancy.objects.exists()


def test_progress_and_contracts_by_either_number(county: County, tmp_path: Path) -> None:
    with factories.writing(county):
        contract = SupplyContract.objects.create(county=county, contract_no="合1", supervision_no="监1")
        ContractPhase.objects.create(contract=contract, phase_no=1)
    head = ["合同编号", "电子监管号", "截止日期", "已投资额"]
    result = run(
        county, "progress", tmp_path, head, ["合1", "", "2022-01-01", "5"], ["", "监1", "2022-01-01", "6"],
        ["合1", "", "2023-01-01", "7"], ["", "监1", "2023-01-01", "7"],
    )  # fmt: skip
    assert codes(result) == [
        (1, "duplicate_in_file", "error"), (2, "duplicate_in_file", "error"), (4, "repeated_in_file", "warning"),
    ]  # fmt: skip
    assert (result.rejected, result.stored.created, result.stored.unchanged) == (2, 1, 1)
    assert ConstructionProgress.objects.get().invested_wan == 7
    head = ["合同编号", "电子监管号", "分期", "约定动工日期", "成交价款"]
    result = run(
        county, "supply-contracts", tmp_path, head, ["合1", "", "1", "2022-01-01", "5"], ["", "监1", "1", "2022-02-01", "5"],
        ["合1", "监1", "2", "2022-03-01", "5"], ["合1", "监1", "3", "2022-04-01", "6"],
    )  # fmt: skip
    assert codes(result) == [
        (1, "duplicate_in_file", "error"), (2, "duplicate_in_file", "error"), (4, "contract_differs", "warning"),
    ]  # fmt: skip
    assert "但成交价格不同（本行“6”，那一行“5”），按那一行采用" in result.issues[-1].message
    assert (result.rejected, result.stored.created) == (2, 2)


def test_a_contract_over_several_parcels_is_loaded_with_its_first(county: County, tmp_path: Path) -> None:
    """Its dates are the same on each row, so its clock is certain: it has to be screened."""
    head = ["电子监管号", "宗地代码", "面积(公顷)", "约定动工日期"]
    first, second = "330782001001GB00001", "330782001001GB00002"
    result = run(
        county, "supply-contracts", tmp_path, head, ["监1", first, "1", "2022-01-01"], ["监1", second, "2", "2022-01-01"],
        ["监2", first, "1", "2022-01-01"], ["监2", second, "2", "2022-02-01"],
    )  # fmt: skip
    assert codes(result) == [(n, "duplicate_in_file", "error") for n in (2, 3, 4)]
    assert (result.rejected, result.stored.created) == (3, 1)
    assert SupplyContract.objects.get().parcel_code == first
    assert "已采用那一行，本行未采用。一份合同的一期在系统中是一条记录" in result.issues[0].message


def test_an_authority_s_rows_of_a_stated_and_of_the_delivery_s_year(county: County, tmp_path: Path) -> None:
    factories.enterprise(county, USCC, "示意甲厂")
    head = ["统一社会信用代码", "企业名称", "年度", "实缴税收"]
    result = run(
        county,
        "authority-returns",
        tmp_path,
        head,
        [USCC, "示意甲厂", "", "5"],
        [USCC, "示意甲厂", "2024", "6"],
    )
    assert codes(result) == [(1, "duplicate_in_file", "error"), (2, "duplicate_in_file", "error")]
    assert not ReturnFigure.objects.exists()
    result = run(
        county,
        "authority-returns",
        tmp_path,
        head,
        [USCC, "示意甲厂", "", "5"],
        [USCC, "示意甲厂", "2024", "5"],
    )
    assert codes(result) == [(2, "repeated_in_file", "warning")]
    assert ReturnFigure.objects.get().value == 5
