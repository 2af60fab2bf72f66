"""Facts of phases delivered as tables: found by their numbers, stored once, completed by blanks' neighbours, refused in words."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from landgis.access.queries import Actor
from landgis.audit.models import AuditEvent
from landgis.counties.models import County
from landgis.lib.errors import Forbidden
from parcels.exchange.table_import import TableImported, import_table
from parcels.idle_land.actions import screen_idle
from parcels.supply.fact_actions import MODELS
from parcels.supply.fact_models import (
    CauseInterval,
    Foundation,
    Milestone,
    Permit,
    Stoppage,
    SupplementAgreement,
)
from parcels.supply.models import ContractPhase, SupplyContract
from tests import factories
from tests.parcels.exchange.delivered import as_csv, as_xlsx

# table → (kind, headings, cells, what is stored)
TABLES: dict[str, tuple[str, list[str], list[Any], dict[str, Any]]] = {
    "supplements": (
        "supplement",
        ["补充协议编号", "签订时间", "变更后约定动工时间", "变更内容"],
        ["补1", "2022年5月1日", "2023-06-01", "延期一年"],
        {"signed_on": date(2022, 5, 1), "agreed_start": date(2023, 6, 1), "basis": "延期一年"},
    ),
    "permits": (
        "permit",
        ["施工许可证编号", "发证时间"],
        ["施1", "2022/5/1"],
        {"permit_no": "施1", "issued_on": date(2022, 5, 1), "evidence": "台账：permits.csv"},
    ),
    "foundations": (
        "foundation",
        ["基础类型", "核查日期", "已打桩数", "总桩数", "现场照片"],
        ["桩基础", "2022-6-1", "40", "120", "照片3张"],
        {"kind": "piles", "done": Decimal(40), "total": Decimal(120), "evidence": "照片3张"},
    ),
    "stoppages": (
        "stoppage",
        ["停工日期", "复工日期", "证据材料"],
        ["2023-01-01", "未复工", "巡查记录"],
        {"last_built_on": date(2023, 1, 1), "resumed_on": None},
    ),
    "causes": (
        "cause",
        ["闲置原因", "开始日期", "结束日期", "依据", "核实人", "核实日期"],
        ["未交地", "2021-03-01", "2021-09-01", "会议纪要", "王", "2022-01-01"],
        {"cause": "G1", "valid_to": date(2021, 9, 1), "verified_by": "王"},
    ),
    "encumbrances": (
        "encumbrance",
        ["抵押或查封", "抵押权人", "不动产登记证明号", "登记日期"],
        ["抵押", "示意银行", "证明1号", "2021-01-01"],
        {"kind": "mortgage", "holder_name": "示意银行", "registration_no": "证明1号"},
    ),
    "registrations": (
        "registration",
        ["系统登记编号", "上网登记日期"],
        ["监1", "2022-01-01"],
        {"registration_no": "监1", "registered_on": date(2022, 1, 1)},
    ),
    "milestones": (
        "milestone",
        ["监管节点", "计划时间", "完成时间", "承诺容积率", "实际容积率", "验收结论", "复核人"],
        ["竣工复核", "2022-01-01", "2022-02-01", "1.50", "1.2", "不合格", "李"],
        {
            "kind": "completion_review",
            "promised": {"plot_ratio": "1.5"},
            "actual": {"plot_ratio": "1.2"},
            "result": "fail",
        },
    ),
}


@pytest.fixture
def phase(county: County) -> ContractPhase:
    parcel = factories.parcel(county, "A1", factories.box(0, 0, 1, 1))
    made = factories.contract(county, "合1", parcel, agreed_start=date(2021, 3, 1))
    with factories.writing(county):
        SupplyContract.objects.update(supervision_no="监管1")
    return made


def run(
    county: County, actor: Actor, table: str, *rows: list[Any], folder: Path, **more: Any
) -> TableImported:
    file = as_csv(folder / f"{table}.csv", rows)
    return import_table(county=county, actor=actor, table=table, file=file, **({"commit": True} | more))


def told(result: TableImported) -> list[tuple[int, str, str]]:
    return [(issue.row, issue.code, issue.field) for issue in result.issues if issue.severity == "error"]


@pytest.mark.parametrize("table", list(TABLES))
def test_every_table_is_stored_once_by_any_of_its_numbers(
    table: str, county: County, cast: dict[str, Actor], phase: ContractPhase, tmp_path: Path
) -> None:
    kind, headings, cells, stored = TABLES[table]
    officer = cast["idle_land_officer"]
    rows = [["电子监管号", *headings], ["监管1", *cells]]
    dry = run(county, officer, table, *rows, folder=tmp_path, commit=False)
    assert (dry.stored.created, dry.committed, MODELS[kind]._default_manager.count()) == (1, False, 0)
    first = run(county, officer, table, *rows, folder=tmp_path)
    assert (first.rows, first.rejected, first.stored.created, first.issues) == (1, 0, 1, [])
    assert first.committed
    fact = MODELS[kind]._default_manager.get()
    assert {name: getattr(fact, name) for name in stored} == stored
    assert AuditEvent.objects.get(action=f"import_{table}").actor == officer.username
    for title, number in (("电子监管号", "监管1"), ("合同编号", "合1"), ("宗地代码", "A1")):
        file = as_xlsx(tmp_path / f"{number}.xlsx", {"台账": [[title, *headings], [number, *cells]]})
        again = import_table(county=county, actor=officer, table=table, file=file, commit=True)
        assert (again.stored.created, again.stored.updated, again.stored.unchanged) == (0, 0, 1)
        assert not again.committed


def test_a_blank_never_erases_and_a_new_cell_completes(
    county: County, cast: dict[str, Actor], phase: ContractPhase, tmp_path: Path
) -> None:
    officer = cast["idle_land_officer"]
    head = ["合同编号", "节点", "计划日期", "实际日期", "承诺容积率", "承诺建筑密度", "证据材料"]
    run(
        county,
        officer,
        "milestones",
        head,
        ["合1", "投产", "2022-01-01", "", "1.5", "", "承诺书"],
        folder=tmp_path,
    )
    again = run(
        county, officer, "milestones", head, ["合1", "投产", "", "2022-02-01", "", "40", ""], folder=tmp_path
    )
    assert (again.stored.updated, again.stored.created) == (1, 0)
    kept = Milestone.objects.get()
    assert (kept.planned_on, kept.actual_on) == (date(2022, 1, 1), date(2022, 2, 1))
    assert kept.promised == {"plot_ratio": "1.5", "building_density": "40"}
    assert kept.evidence == "承诺书"
    assert kept.history.count() == 1  # type: ignore[attr-defined]


def test_a_supplement_without_a_phase_holds_for_all_of_them(
    county: County, cast: dict[str, Actor], phase: ContractPhase, tmp_path: Path
) -> None:
    with factories.writing(county):
        other = ContractPhase.objects.create(contract=phase.contract, phase_no=2)
    head = ["合同编号", "分期", "协议编号", "签订日期", "新约定动工日期"]
    rows = [
        ["合1", "", "补1", "2022-05-01", "2023-06-01"],
        ["合1", "二期", "补2", "2022-06-01", "2023-07-01"],
    ]
    result = run(county, cast["idle_land_officer"], "supplements", head, *rows, folder=tmp_path)
    assert result.issues == []
    found = dict(SupplementAgreement.objects.values_list("agreement_no", "phase_id"))
    assert found == {"补1": None, "补2": other.pk}


def test_a_share_of_a_foundation_is_a_part_of_a_hundred(
    county: County, cast: dict[str, Actor], phase: ContractPhase, tmp_path: Path
) -> None:
    head = ["合同编号", "基础类型", "核查日期", "完成比例(%)", "照片"]
    result = run(
        county, cast["idle_land_officer"], "foundations", head,
        ["合1", "其他基础", "2022-06-01", "33.5%", "照片"], folder=tmp_path,
    )  # fmt: skip
    assert result.stored.created == 1
    assert Foundation.objects.values_list("done", "total").get() == (Decimal("33.5"), Decimal(100))


REFUSED: list[tuple[str, list[str], list[str], tuple[str, str]]] = [
    ("permits", ["合同编号", "许可证号", "发证日期"], ["没有", "施1", "2022-01-01"],
     ("reference_unknown", "contract_no")),
    ("permits", ["合同编号", "分期", "许可证号", "发证日期"], ["合1", "3", "施1", "2022-01-01"],
     ("reference_unknown", "phase_no")),
    ("permits", ["合同编号", "电子监管号", "许可证号", "发证日期"], ["合2", "监管1", "施1", "2022-01-01"],
     ("reference_disagrees", "supervision_no")),
    ("permits", ["宗地代码", "许可证号", "发证日期"], ["B1", "施1", "2022-01-01"],
     ("reference_ambiguous", "parcel_code")),
    ("permits", ["合同编号", "许可证号", "发证日期"], ["合1", "施1", "2099-01-01"],
     ("fact_invalid", "issued_on")),
    ("permits", ["合同编号", "许可证号", "发证日期"], ["合1", "施" * 81, "2022-01-01"],
     ("text_too_long", "permit_no")),
    ("permits", ["合同编号", "许可证号", "发证日期"], ["合1", "施1", ""],
     ("fact_invalid", "issued_on")),
    ("stoppages", ["合同编号", "停工日期"], ["合1", "2023-01-01"],
     ("fact_invalid", "evidence")),
    ("stoppages", ["合同编号", "停工日期", "复工日期", "证据"], ["合1", "2023-01-01", "2023-01-01", "记录"],
     ("fact_invalid", "resumed_on")),
    ("foundations", ["合同编号", "基础类型", "核查日期", "完成量", "总量", "照片"],
     ["合1", "桩基", "2022-06-01", "5", "4", "照片"],
     ("fact_invalid", "done")),
    ("causes", ["合同编号", "原因", "起始日期", "证据"], ["合1", "天气不好", "2022-06-01", "记录"],
     ("choice_invalid", "cause")),
    ("causes", ["合同编号", "原因", "起始日期", "核实人", "证据"], ["合1", "G1", "2022-06-01", "王", "记录"],
     ("fact_invalid", "verified_on")),
    ("supplements", ["合同编号", "协议编号", "签订日期"], ["合1", "补1", "2022-06-01"],
     ("fact_invalid", "agreed_start")),
    ("milestones", ["合同编号", "节点", "结论", "复核人", "计划日期"], ["合1", "投产", "合格", "王", "2022-01-01"],
     ("fact_invalid", "actual_on")),
    ("encumbrances", ["合同编号", "类型", "抵押权人", "起始日期", "截止日期"],
     ["合1", "抵押", "银行", "2022-06-01", "2022-05-01"],
     ("fact_invalid", "valid_to")),
    ("registrations", ["合同编号", "登记编号", "登记日期"], ["合1", "监1", "昨天"],
     ("date_invalid", "registered_on")),
]  # fmt: skip


@pytest.mark.parametrize(("table", "headings", "cells", "expected"), REFUSED)
def test_what_cant_be_stored_is_told_by_row_and_field_with_the_remedy(
    table: str,
    headings: list[str],
    cells: list[str],
    expected: tuple[str, str],
    county: County,
    cast: dict[str, Actor],
    phase: ContractPhase,
    tmp_path: Path,
) -> None:
    parcel = factories.parcel(county, "B1", factories.box(2, 0, 3, 1))
    factories.contract(county, "合2", parcel)
    factories.contract(county, "合3", parcel)
    result = run(county, cast["idle_land_officer"], table, headings, cells, folder=tmp_path)
    assert told(result) == [(1, *expected)]
    assert (result.rows, result.rejected, result.committed) == (1, 1, False)
    message = result.issues[-1].message
    assert message.startswith("第 1 行")
    assert "请" in message


def test_one_fact_told_twice_is_taken_once(
    county: County, cast: dict[str, Actor], phase: ContractPhase, tmp_path: Path
) -> None:
    head = ["合同编号", "电子监管号", "许可证号", "发证日期"]
    rows = [["合1", "", "施1", "2022-05-01"], ["", "监管1", "施1", "2022-05-01"]]
    result = run(county, cast["idle_land_officer"], "permits", head, *rows, folder=tmp_path)
    assert told(result) == []
    assert [(issue.row, issue.code) for issue in result.issues] == [(2, "repeated_in_file")]
    assert (result.rows, result.rejected, result.stored.created, result.stored.unchanged) == (2, 0, 1, 1)
    assert Permit.objects.count() == 1


def test_two_rows_that_differ_about_one_fact_are_both_told(
    county: County, cast: dict[str, Actor], phase: ContractPhase, tmp_path: Path
) -> None:
    head = ["合同编号", "电子监管号", "许可证号", "发证日期"]
    rows = [
        ["合1", "", "施1", "2022-05-01"],
        ["", "监管1", "施1", "2022-06-01"],
        ["合1", "", "施2", ""],
        ["", "监管1", "施2", ""],
    ]
    result = run(county, cast["idle_land_officer"], "permits", head, *rows, folder=tmp_path)
    assert told(result) == [
        (1, "duplicate_in_file", "permit_no"),
        (2, "duplicate_in_file", "permit_no"),
        (3, "fact_invalid", "issued_on"),
        (4, "repeated_in_file", ""),
    ]
    assert "发证日期（本行 2022-05-01，那一行 2022-06-01）不同，两行都未采用" in result.issues[0].message
    assert (result.rows, result.rejected, Permit.objects.count()) == (4, 4, 0)


def test_stoppages_follow_each_other_whatever_their_order_in_the_file(
    county: County, cast: dict[str, Actor], phase: ContractPhase, tmp_path: Path
) -> None:
    officer = cast["idle_land_officer"]
    head = ["合同编号", "停工日期", "复工日期", "证据"]
    run(county, officer, "stoppages", head, ["合1", "2022-01-01", "", "记录"], folder=tmp_path)
    inside = run(county, officer, "stoppages", head, ["合1", "2022-06-01", "", "记录"], folder=tmp_path)
    assert told(inside) == [(1, "stoppage_overlaps", "last_built_on")]
    rows = [["合1", "2022-06-01", "", "记录"], ["合1", "2022-01-01", "2022-03-01", "复工令"]]
    result = run(county, officer, "stoppages", head, *rows, folder=tmp_path)
    assert (result.stored.created, result.stored.updated, told(result)) == (1, 1, [])
    assert Stoppage.objects.count() == 2


def test_a_verdict_is_the_idle_land_officers(
    county: County, cast: dict[str, Actor], phase: ContractPhase, tmp_path: Path
) -> None:
    registrar, officer = cast["registrar"], cast["idle_land_officer"]
    head = ["合同编号", "原因", "起始日期", "截止日期", "证据", "核实人", "核实日期"]
    verified = ["合1", "G1", "2021-03-01", "", "纪要", "王", "2022-01-01"]
    refused = run(county, registrar, "causes", head, verified, folder=tmp_path)
    assert told(refused) == [(1, "verdict_reserved", "verified_by")]
    assert (
        run(county, registrar, "causes", head, [*verified[:5], "", ""], folder=tmp_path).stored.created == 1
    )
    assert run(county, officer, "causes", head, verified, folder=tmp_path).stored.updated == 1
    later = ["合1", "G1", "2021-03-01", "2022-01-01", "", "", ""]
    assert told(run(county, registrar, "causes", head, later, folder=tmp_path)) == [
        (1, "verdict_reserved", "verified_by")
    ]
    assert CauseInterval.objects.get().valid_to is None


def test_who_may_not_import_is_refused(
    county: County, cast: dict[str, Actor], phase: ContractPhase, tmp_path: Path
) -> None:
    head, row = ["合同编号", "许可证号", "发证日期"], ["合1", "施1", "2022-01-01"]
    for role in ("township_officer", "leader", "agency", "audit_admin"):
        with pytest.raises(Forbidden):
            run(county, cast[role], "permits", head, row, folder=tmp_path)
    assert not Permit.objects.exists()


def test_imported_papers_change_the_finding_as_article_30_says(
    county: County, cast: dict[str, Actor], phase: ContractPhase, tmp_path: Path
) -> None:
    officer = cast["idle_land_officer"]

    def finding() -> str:
        (judged,) = screen_idle(county=county, actor=officer, on=date(2025, 12, 31)).judged
        return str(judged[1].code)

    run(
        county,
        officer,
        "permits",
        ["合同编号", "许可证号", "发证日期"],
        ["合1", "施1", "2022-01-01"],
        folder=tmp_path,
    )
    assert finding() == "idle_not_started", "a permit alone is no start"
    head = ["合同编号", "基础类型", "核查日期", "完成量", "总量", "照片"]
    run(
        county,
        officer,
        "foundations",
        head,
        ["合1", "桩基", "2022-06-01", "120", "120", "照片"],
        folder=tmp_path,
    )
    assert finding() == "clear"


def test_as_many_statements_for_many_rows_as_for_few(
    county: County,
    cast: dict[str, Actor],
    phase: ContractPhase,
    tmp_path: Path,
    django_assert_max_num_queries: Any,
) -> None:
    head = ["合同编号", "许可证号", "发证日期"]
    rows = [["合1", f"施{i}", "2022-01-01"] for i in range(300)]
    with django_assert_max_num_queries(14):
        result = run(county, cast["idle_land_officer"], "permits", head, *rows, folder=tmp_path)
    assert result.stored.created == 300


def test_the_command_speaks_json_and_exits_by_its_issues(
    county: County, phase: ContractPhase, tmp_path: Path, capsys: Any, settings: Any
) -> None:
    settings.LANDGIS_COUNTY = county.code
    head = ["合同编号", "许可证号", "发证日期"]
    file = as_csv(tmp_path / "a.csv", [head, ["合1", "施1", "2022-01-01"], ["合9", "施2", "2022-01-01"]])
    with pytest.raises(SystemExit) as ended:
        call_command("import_table", "permits", str(file), as_json=True, commit=True)
    assert ended.value.code == 1
    answer = json.loads(capsys.readouterr().out)
    assert (answer["rows"], answer["accepted"], answer["rejected"], answer["created"]) == (2, 1, 1, 1)
    assert answer["issues"][0].keys() >= {"row", "code", "field", "message"}
