"""Tables as they come from other authorities, stored row by row and told truly."""

import csv
from datetime import date
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from landgis.access.models import Recipient
from landgis.access.queries import command_actor
from landgis.counties.models import County
from parcels.enterprises.models import Enterprise, Occupancy
from parcels.exchange.table_import import TableImported, import_table
from parcels.idle_land.actions import screen_idle
from parcels.supply.models import ContractPhase
from tests import factories
from tests.landgis.counties.test_profile import FIVE_LINES

HEADINGS = ("合同编号", "土地使用权人", "土地位置", "成交价格(万元)", "约定开工时间")


def delivered(folder: Path, *rows: tuple[str, ...], headings: tuple[str, ...] = HEADINGS) -> Path:
    file = folder / "contracts.csv"
    with file.open("w", encoding="gbk", newline="") as target:
        csv.writer(target).writerows([headings, *rows])
    return file


def run(county: County, file: Path, table: str = "supply-contracts") -> TableImported:
    actor = command_actor("system", county)
    return import_table(county=county, actor=actor, table=table, file=file, commit=True, reason="t")


def test_contracts_without_any_number_are_kept_and_screened(county: County, tmp_path: Path) -> None:
    rows = (("示意甲厂", "一路1号", "100", "2022-01-10"), ("示意乙厂", "二路2号", "100", ""))
    file = delivered(tmp_path, *rows, headings=HEADINGS[1:])
    result = run(county, file)
    assert (result.rows, result.rejected, result.stored.created) == (2, 0, 2)
    assert run(county, file).stored.unchanged == 2
    screened = screen_idle(county=county, actor=command_actor("system", county), on=date(2026, 1, 1))
    assert (screened.counts["idle_not_started"], screened.counts["undetermined"]) == (1, 1)


def test_the_same_numberless_row_twice_is_taken_once_and_said(county: County, tmp_path: Path) -> None:
    row = ("示意甲厂", "一路1号", "100", "2022-01-10")
    result = run(county, delivered(tmp_path, row, row, headings=HEADINGS[1:]))
    assert (result.rows, result.stored.created, result.stored.unchanged, result.rejected) == (2, 1, 1, 0)
    assert [issue.code for issue in result.issues if issue.row == 2] == ["repeated_in_file"]
    assert ContractPhase.objects.count() == 1


def test_a_change_of_the_contract_alone_is_told(county: County, tmp_path: Path) -> None:
    run(county, delivered(tmp_path, ("HT-1", "示意甲厂", "一路1号", "100", "2022-01-10")))
    again = run(county, delivered(tmp_path, ("HT-1", "示意甲厂", "一路1号", "120", "2022-01-10")))
    assert (again.stored.updated, again.stored.unchanged, again.committed) == (1, 0, True)


def held() -> bool:
    """Whether this transaction makes the county's changes of parcels wait."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND objsubid = 2"
            " AND classid::bigint = hashtext('cadastre')::bigint & 4294967295"
        )
        return bool(cursor.fetchone()[0])


def test_no_parcel_ends_while_contracts_are_tied_to_it(county: County, tmp_path: Path) -> None:
    file = delivered(tmp_path, ("HT-1", "示意甲厂", "一路1号", "100", "2022-01-10"))
    actor = command_actor("system", county)
    import_table(county=county, actor=actor, table="supply-contracts", file=file)
    assert not held(), "looking at a delivery keeps nobody from editing"
    run(county, file)
    assert held()


def test_a_profile_states_its_recipients(db: None, tmp_path: Path) -> None:
    profile = tmp_path / "profile.toml"
    text = '[[recipients]]\ncode = "tax"\nname = "税务局"\nfields = ["tax_per_mu"]\n'
    profile.write_text(FIVE_LINES + text, encoding="utf-8")
    call_command("load_county", profile, commit=True)
    assert Recipient.objects.get(code="tax").fields == ["tax_per_mu"]


FIRM_A, FIRM_B = "91330782YWD000016K", "91330782YWD009440U"


def told(result: TableImported) -> set[tuple[int, str, str]]:
    return {(issue.row, issue.code, issue.field) for issue in result.issues if issue.severity == "error"}


def test_a_firm_that_does_not_fit_the_register_leaves_the_others_in(county: County, tmp_path: Path) -> None:
    headings = ("统一社会信用代码", "企业名称", "行业代码", "地址")
    rows = ((FIRM_A, "长" * 201, "C20390000", "路" * 301), (FIRM_B, "示意乙厂", "C2039", "二路"))
    result = run(county, delivered(tmp_path, *rows, headings=headings), "enterprises")
    assert told(result) == {(1, "text_too_long", name) for name in ("name", "industry_code", "address")}
    assert (result.rows, result.rejected) == (2, 1)
    assert list(Enterprise.objects.values_list("name", flat=True)) == ["示意乙厂"]


def test_a_use_that_ends_before_it_begins_leaves_the_others_in(county: County, tmp_path: Path) -> None:
    factories.parcel(county, "990001001001GB00001", factories.box(0, 0, 1, 1))
    firms = delivered(tmp_path, (FIRM_A, "示意甲厂"), headings=("统一社会信用代码", "企业名称"))
    run(county, firms, "enterprises")
    headings = ("宗地代码", "统一社会信用代码", "使用方式", "占用面积(平方米)", "起始日期", "终止日期")
    given = ("990001001001GB00001", FIRM_A, "租入")
    rows = (
        (*given, "100", "2023-01-01", "2022-12-31"),
        (*given, "100", "2021-01-01", "2021-01-01"),
        (*given, "0.00001", "2020-01-01", ""),
    )
    result = run(county, delivered(tmp_path, *rows, headings=headings), "occupancy")
    assert told(result) == {(1, "period_reversed", "valid_to"), (3, "value_too_small", "area_m2")}
    assert list(Occupancy.objects.values_list("valid_from", flat=True)) == [date(2021, 1, 1)]
