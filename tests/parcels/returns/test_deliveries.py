"""Figures of several authorities: posted by code, matched by a person, kept with their source, questioned, never lost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from landgis.access.queries import Actor
from landgis.counties.models import County
from landgis.lib.errors import Conflict, Forbidden, Outdated, UsageError
from parcels.enterprises.models import AnnualReturn, Enterprise
from parcels.exchange.table_import import TableImported, import_table
from parcels.returns.actions import dismiss_row, match_row, settle_doubt
from parcels.returns.models import EnergyMonth, FigureDecision, ReturnDelivery, ReturnFigure, ReturnRow
from parcels.returns.queries import candidates, doubts, figures, hints_of_parcels, open_rows
from tests import factories
from tests.parcels.exchange.delivered import as_xlsx

USCC, OTHER = "91110000600037341L", "911100001000003305"
YEAR = 2024


@pytest.fixture
def firm(county: County) -> Enterprise:
    factories.enterprise(county, OTHER, "义乌市大地机械有限公司")
    return factories.enterprise(county, USCC, "义乌市恒丰针织有限公司")


def deliver(
    county: County,
    actor: Actor,
    folder: Path,
    rows: Sequence[Sequence[object]],
    authority: str = "税务局",
    commit: bool = True,
) -> TableImported:
    path = as_xlsx(folder / f"{authority}.xlsx", {"表": rows})
    return import_table(
        county=county,
        actor=actor,
        table="authority-returns",
        file=path,
        authority=authority,
        year=YEAR,
        commit=commit,
    )


TAX: list[list[object]] = [["统一社会信用代码", "企业名称", "税收实际贡献（元）"]]


def test_figures_are_posted_by_code_in_their_unit_with_their_source(
    county: County, cast: dict[str, Actor], firm: Enterprise, tmp_path: Path
) -> None:
    officer = cast["evaluation_officer"]
    deliver(county, officer, tmp_path, [*TAX, [USCC, "恒丰", 1_234_500]])
    deliver(
        county,
        officer,
        tmp_path,
        [["企业名称", "社会信用代码", "营业收入（万元）"], ["x", USCC, 900]],
        "统计局",
    )
    row = AnnualReturn.objects.get()
    assert (row.tax_wan, row.revenue_wan, row.employees) == (Decimal("123.45"), Decimal(900), None)
    (told,) = figures(county, officer, YEAR)
    assert told.sources == {"tax_wan": ["税务局"], "revenue_wan": ["统计局"]}
    assert [r.firm for r in figures(county, officer, YEAR, source="统计局")] == [firm.name]
    assert figures(county, officer, YEAR, source="水务局") == []
    assert figures(county, officer, YEAR, q="大地") == []


def test_the_same_file_again_changes_nothing_and_a_dry_run_keeps_nothing(
    county: County, cast: dict[str, Actor], firm: Enterprise, tmp_path: Path
) -> None:
    rows = [*TAX, [USCC, "恒丰", 10_000]]
    assert not deliver(county, cast["evaluation_officer"], tmp_path, rows, commit=False).committed
    assert not ReturnDelivery.objects.exists()
    assert deliver(county, cast["evaluation_officer"], tmp_path, rows).stored.created == 1
    again = deliver(county, cast["evaluation_officer"], tmp_path, rows)
    assert (again.stored.unchanged, [issue.code for issue in again.issues]) == (1, ["file_known"])
    assert (ReturnDelivery.objects.count(), ReturnRow.objects.count(), ReturnFigure.objects.count()) == (
        1,
        1,
        1,
    )


def test_rows_without_a_firm_are_kept_whole_until_a_person_decides(
    county: County, cast: dict[str, Actor], firm: Enterprise, tmp_path: Path
) -> None:
    officer = cast["evaluation_officer"]
    result = deliver(
        county, officer, tmp_path,
        [*TAX, ["", "义乌市恒丰针织有限责任公司", 50_000], ["12345", "查无此厂", -7], [USCC[:-1] + "X", "错码厂", 3]],
    )  # fmt: skip
    assert (result.rows, result.rejected) == (3, 0)
    assert not AnnualReturn.objects.exists()
    rows = {row.name: row for row in open_rows(county, YEAR)}
    assert set(rows) == {"义乌市恒丰针织有限责任公司", "查无此厂", "错码厂"}
    like = candidates(county, list(rows.values()))
    first = rows["义乌市恒丰针织有限责任公司"]
    assert [(name, item.likeness) for item, name, _ in like[first.pk]][:1] == [
        ("义乌市恒丰针织有限公司", 1.0)
    ]
    assert like[rows["查无此厂"].pk] == []
    match_row(county=county, actor=officer, row_id=first.pk, firm_id=firm.pk, reason="电话核实")
    assert AnnualReturn.objects.get().tax_wan == 5
    dismiss_row(county=county, actor=officer, row_id=rows["查无此厂"].pk, reason="外县企业")
    assert [row.name for row in open_rows(county, YEAR)] == ["错码厂"]
    assert ReturnRow.objects.get(name="查无此厂").figures == {"tax_wan": "-0.0007"}
    with pytest.raises(Outdated):
        match_row(county=county, actor=officer, row_id=first.pk, firm_id=firm.pk, reason="再")


def test_one_firm_isnt_matched_twice_in_one_file(
    county: County, cast: dict[str, Actor], firm: Enterprise, tmp_path: Path
) -> None:
    officer = cast["evaluation_officer"]
    deliver(county, officer, tmp_path, [*TAX, [USCC, "恒丰", 10_000], ["", "恒丰针织", 20_000]])
    with pytest.raises(Conflict, match="已有 2024 年的一行"):
        match_row(county=county, actor=officer, row_id=open_rows(county)[0].pk, firm_id=firm.pk, reason="x")
    assert AnnualReturn.objects.get().tax_wan == 1


def test_an_authority_corrects_itself_and_another_only_raises_a_doubt(
    county: County, cast: dict[str, Actor], firm: Enterprise, tmp_path: Path
) -> None:
    officer = cast["evaluation_officer"]
    deliver(county, officer, tmp_path, [*TAX, [USCC, "", 1_000_000]])
    deliver(county, officer, tmp_path, [*TAX, [USCC, "", 1_010_000]])
    assert AnnualReturn.objects.get().tax_wan == 101
    assert doubts(county, officer, YEAR) == []
    deliver(county, officer, tmp_path, [*TAX, [USCC, "", 2_000_000]], "统计局")
    assert AnnualReturn.objects.get().tax_wan == 101
    (doubt,) = doubts(county, officer, YEAR)
    assert (doubt.kind, set(doubt.against.split("；"))) == ("contradiction", {"税务局 101", "统计局 200"})
    settle(county, officer, firm, "tax_wan", "contradiction", 101, 200)
    assert AnnualReturn.objects.get().tax_wan == 200
    assert doubts(county, officer, YEAR) == []
    # what the first authority sends next doesn't overrule the officer, but is asked about
    deliver(county, officer, tmp_path, [*TAX, [USCC, "", 3_000_000]])
    assert AnnualReturn.objects.get().tax_wan == 200
    assert [item.kind for item in doubts(county, officer, YEAR)] == ["contradiction"]


def settle(
    county: County,
    actor: Actor,
    firm: Enterprise,
    field: str,
    kind: str,
    seen: float,
    corrected: float | None = None,
) -> None:
    settle_doubt(
        county=county, actor=actor, firm_id=firm.pk, year=YEAR, field=field, kind=kind, seen=Decimal(str(seen)),
        corrected=None if corrected is None else Decimal(str(corrected)), reason="已核实",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("before", "now", "kind"),
    [
        (100, 299.9, None), (100, 300, "jump"), (100, 33.4, None), (100, 33.3, "jump"), (100, 0, "jump"),
        (100, 800, "unit"), (100, 1200, "unit"), (100, 799, "jump"), (100, 1_000_000, "unit"), (100, 1, "unit"),
        (100, 5000, "jump"), (0, 50, None), (None, 50, None), (100, -1, "negative"),
    ],
)  # fmt: skip
def test_jumps_and_units_against_last_year_on_their_boundaries(
    county: County,
    cast: dict[str, Actor],
    firm: Enterprise,
    before: float | None,
    now: float,
    kind: str | None,
) -> None:
    if before is not None:
        factories.annual_return(firm, YEAR - 1, tax_wan=Decimal(str(before)))
    factories.annual_return(firm, YEAR, tax_wan=Decimal(str(now)))
    assert [item.kind for item in doubts(county, cast["leader"], YEAR)] == ([kind] if kind else [])


def test_a_first_years_energy_is_held_against_its_industry(county: County, cast: dict[str, Actor]) -> None:
    made = []
    for n in range(7):
        one = factories.enterprise(county, f"91330782111111111{n}", f"同行{n}", industry_code="C1711")
        figures_of = {"energy_tce": Decimal(100 + n), "emission_t": Decimal(5), "revenue_wan": Decimal(1000)}
        made.append(factories.annual_return(one, YEAR, **figures_of))
    officer = cast["evaluation_officer"]
    assert doubts(county, officer, YEAR) == []
    with factories.writing(county):
        AnnualReturn.objects.filter(pk=made[0].pk).update(energy_tce=Decimal(1_000_000))
        AnnualReturn.objects.filter(pk=made[1].pk).update(emission_t=Decimal("0.0005"))
    found = doubts(county, officer, YEAR)
    assert [(item.firm, item.field, item.kind) for item in found] == [
        ("同行0", "energy_tce", "median"), ("同行1", "emission_t", "median"),
    ]  # fmt: skip
    assert found[0].told == "行业 17 中位数的 100 倍"
    # A firm ten times as large with ten times the revenue is like the others.
    with factories.writing(county):
        AnnualReturn.objects.filter(pk=made[0].pk).update(
            revenue_wan=Decimal(10_000_000), emission_t=Decimal(50_000)
        )
    assert [item.firm for item in doubts(county, officer, YEAR)] == ["同行1"]
    settle(county, officer, Enterprise.objects.get(name="同行1"), "emission_t", "median", 0.0005)
    assert doubts(county, officer, YEAR) == []
    # With a year before, it is last year that counts; and too few firms are no class.
    factories.annual_return(made[2].enterprise, YEAR - 1, energy_tce=Decimal(100))
    with factories.writing(county):
        AnnualReturn.objects.filter(pk=made[2].pk).update(energy_tce=Decimal(1_020_000))
    assert [item.kind for item in doubts(county, officer, YEAR)] == ["unit"]


def test_hints_are_told_by_parcel_to_the_cleared_alone(
    county: County, cast: dict[str, Actor], firm: Enterprise
) -> None:
    ground = factories.parcel(county, "H1", factories.box(30, 1, 31, 2))
    factories.occupancy(ground, firm)
    with factories.writing(county):
        EnergyMonth.objects.bulk_create(
            EnergyMonth(county=county, enterprise=firm, month=date(2024, month, 1), electricity_kwh=1)
            for month in range(1, 7)
        )
    told = hints_of_parcels(county, cast["leader"], [ground.pk], date(2024, 7, 1))
    assert told == {ground.pk: [f"{firm.name}：连续停产用电"]}
    assert hints_of_parcels(county, cast["idle_land_officer"], [ground.pk], date(2024, 7, 1)) == {}
    assert hints_of_parcels(county, cast["leader"], [], date(2024, 7, 1)) == {}


def test_ratios_have_limits_and_a_word_holds_while_the_figures_do(
    county: County, cast: dict[str, Actor], firm: Enterprise
) -> None:
    officer = cast["evaluation_officer"]
    row = factories.annual_return(firm, YEAR, tax_wan=Decimal(51), revenue_wan=Decimal(100))
    (doubt,) = doubts(county, officer, YEAR)
    assert (doubt.kind, doubt.field, doubt.told) == ("ratio", "tax_wan", "营业收入 100")
    with pytest.raises(Outdated):
        settle(county, officer, firm, "tax_wan", "ratio", 50)
    settle(county, officer, firm, "tax_wan", "ratio", 51)
    assert doubts(county, officer, YEAR) == []
    with factories.writing(county):
        AnnualReturn.objects.filter(pk=row.pk).update(revenue_wan=90)
    assert len(doubts(county, officer, YEAR)) == 1
    settle(county, officer, firm, "tax_wan", "ratio", 51, 45)
    assert doubts(county, officer, YEAR) == []
    assert list(FigureDecision.objects.order_by("id").values_list("value", "corrected")) == [
        (Decimal(51), False),
        (Decimal(45), True),
    ]


def test_only_those_cleared_see_and_only_officers_of_the_county_decide(
    county: County, cast: dict[str, Actor], firm: Enterprise, tmp_path: Path
) -> None:
    factories.annual_return(firm, YEAR, tax_wan=Decimal(-1))
    for role in ("registrar", "township_officer", "idle_land_officer", "agency", "system_admin"):
        with pytest.raises(Forbidden):
            doubts(county, cast[role], YEAR)
        with pytest.raises(Forbidden):
            figures(county, cast[role], YEAR)
    assert len(doubts(county, cast["leader"], YEAR)) == 1
    for role in ("leader", "registrar", "township_officer"):
        with pytest.raises(Forbidden):
            settle(county, cast[role], firm, "tax_wan", "negative", -1)
    with pytest.raises(UsageError, match="报送部门"):
        deliver(county, cast["evaluation_officer"], tmp_path, TAX, authority="")


def test_more_rows_ask_no_more_statements(
    county: County, cast: dict[str, Actor], firm: Enterprise, tmp_path: Path
) -> None:
    deliver(county, cast["evaluation_officer"], tmp_path, [*TAX, [USCC, "", 1], ["", "甲", 2]], "甲局")
    with CaptureQueriesContext(connection) as few:
        deliver(county, cast["evaluation_officer"], tmp_path, [*TAX, [USCC, "", 1], ["", "甲", 3]], "乙局")
    more = [["", f"厂{n}", n] for n in range(40)]
    with CaptureQueriesContext(connection) as many:
        deliver(
            county, cast["evaluation_officer"], tmp_path, [*TAX, [USCC, "", 1], [OTHER, "", 1], *more], "丙局"
        )
    assert len(many) == len(few)


def test_monthly_energy_is_a_series_and_importing_it_twice_changes_nothing(
    county: County, cast: dict[str, Actor], firm: Enterprise, tmp_path: Path
) -> None:
    heading = ["年月", "统一社会信用代码", "用电量（万度）", "用水量（立方米）", "用气量（万立方米）"]
    path = as_xlsx(
        tmp_path / "e.xlsx",
        {
            "表": [
                heading,
                ["2024年3月", USCC, 1.5, 10, ""],
                [202404, USCC, "", 0, 0.2],
                ["2024-13", USCC, 1, 1, 1],
            ]
        },
    )
    once, twice = (
        import_table(
            county=county, actor=cast["evaluation_officer"], table="energy-monthly", file=path, commit=True
        )
        for _ in range(2)
    )
    assert (once.stored.created, once.rejected, twice.stored.unchanged) == (2, 1, 2)
    assert list(
        EnergyMonth.objects.order_by("month").values_list(
            "month__month", "electricity_kwh", "water_m3", "gas_m3"
        )
    ) == [(3, Decimal(15_000), Decimal(10), None), (4, None, Decimal(0), Decimal(2000))]
