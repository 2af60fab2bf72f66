"""What a firm was in a year: stated, corrected, withdrawn, delivered, and what everything that reads a year makes of it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from stdnum.cn.uscc import calc_check_digit

from landgis.access.queries import Actor
from landgis.audit.models import AuditEvent
from landgis.counties.models import County
from landgis.lib.errors import Conflict, FieldErrors, Forbidden, Outdated
from parcels.enterprises.models import Enterprise, FirmYear
from parcels.enterprises.year_actions import StatedYear, correct_year, enter_year, withdraw_year
from parcels.enterprises.years import OfYear, of_year
from parcels.evaluation.queries import inputs
from parcels.exchange.table_import import TableImported, import_table
from parcels.grading.frozen import Frozen, merged
from parcels.grading.queries import newest_input, newest_result, sheet_of
from parcels.low_efficiency.candidates import find_candidates
from tests import factories
from tests.factories import TOWN_EAST, TOWN_WEST, box
from tests.parcels.grading.making import firms as made_firms
from tests.parcels.grading.running import DAY, YEAR, draft, grades, in_force

FIRM = "913307820000000000"
STATED = StatedYear(
    above_scale=False, industry_code="C1713", industry_group="棉纺织", basis="统计局 2023 年规上名录"
)


@pytest.fixture
def firm(county: County) -> Enterprise:
    found = factories.enterprise(
        county,
        FIRM,
        "企业0",
        above_scale=True,
        industry_code="C3360",
        industry_group="金属制品",
        town_code=TOWN_WEST,
    )
    parcel = factories.parcel(county, "P0", box(0, 1, 1, 2))
    factories.occupancy(parcel, found)
    for year in (YEAR, YEAR + 1):
        factories.annual_return(found, year, tax_wan=100, energy_tce=10, value_added_wan=5)
    return found


@pytest.fixture
def officer(cast: dict[str, Actor]) -> Actor:
    return cast["evaluation_officer"]


def enter(county: County, officer: Actor, stated: StatedYear = STATED, year: int = YEAR) -> FirmYear:
    return enter_year(county=county, actor=officer, uscc=FIRM, year=year, stated=stated, reason="核对名录")


def test_a_year_is_read_as_it_was_stated_and_else_as_the_register_has_it(
    county: County, officer: Actor, firm: Enterprise
) -> None:
    made = enter(county, officer)
    assert of_year(county, YEAR)[firm.pk] == OfYear(
        False,
        "C1713",
        "棉纺织",
        TOWN_WEST,
        "规上、规下、行业代码、行业类别为该年度记载（统计局 2023 年规上名录）",
    )
    assert of_year(county, YEAR + 1)[firm.pk] == OfYear(
        True, "C3360", "金属制品", TOWN_WEST, "登记库现值，没有该年度的记载"
    )
    assert inputs(county, YEAR).industries == ("棉纺织",)
    assert inputs(county, YEAR + 1).industries == ("金属制品",)
    assert inputs(county, YEAR).sha256 != inputs(county, YEAR + 1).sha256
    found = find_candidates(county, YEAR, DAY)
    assert (found.facts.above_scale.tolist(), found.facts.industry) == ([0], ("C1713",))
    assert find_candidates(county, YEAR + 1, DAY).facts.above_scale.tolist() == [1]
    event = AuditEvent.objects.get(pk=made.change_id)
    assert (event.action, event.reason, event.summary["above_scale"]) == (
        "enter_firm_year",
        "核对名录",
        False,
    )


def test_statements_are_checked_corrected_seen_and_withdrawn(
    county: County, officer: Actor, firm: Enterprise, cast: dict[str, Actor]
) -> None:
    for stated, field in (
        (StatedYear(basis="x"), "above_scale"),
        (StatedYear(above_scale=True), "basis"),
        (StatedYear(industry_code="17-13", basis="x"), "industry_code"),
        (StatedYear(town_code="999999999", basis="x"), "town_code"),
    ):
        with pytest.raises(FieldErrors) as caught:
            enter(county, officer, stated)
        assert [issue["field"] for issue in caught.value.issues] == [field]
    with pytest.raises(FieldErrors, match="登记库中没有企业"):
        enter_year(county=county, actor=officer, uscc="无", year=YEAR, stated=STATED, reason="x")
    for actor in cast.values():
        if actor.username != officer.username and not actor.may("manage_evaluation"):
            with pytest.raises(Forbidden):
                enter(county, actor)
    made = enter(county, officer)
    with pytest.raises(Conflict, match="2023 年已有记载"):
        enter(county, officer)
    told: dict[str, Any] = {"county": county, "actor": officer, "number": made.pk, "reason": "更正"}
    corrected = correct_year(**told, seen=made.change_id, stated=replace(STATED, above_scale=True))
    corrected.refresh_from_db()
    with pytest.raises(Outdated):
        correct_year(**told, seen=made.change_id, stated=STATED)
    with pytest.raises(Outdated):
        withdraw_year(**told, seen=made.change_id)
    assert of_year(county, YEAR)[firm.pk].above_scale is True
    withdraw_year(**told, seen=corrected.change_id)
    assert of_year(county, YEAR)[firm.pk].source.startswith("登记库现值")
    history = made.history.model.objects.order_by("pgh_id").values_list("above_scale", flat=True)  # type: ignore[attr-defined]
    assert list(history) == [False, True]
    with pytest.raises(IntegrityError), transaction.atomic(), factories.writing(county):
        FirmYear.objects.create(county=county, enterprise=firm, year=YEAR, basis="什么也没有")


def test_a_run_of_the_year_takes_the_years_group_and_says_where_from(
    county: County, officer: Actor, firm: Enterprise
) -> None:
    groups = [
        {
            "name": name, "where": {"above_scale": above},
            "weights": [{"indicator": "tax_per_mu", "points": 100}],
            "cutoffs": {"kind": "share", "shares": {"好": 0.2, "中": 0.5, "差": 0.3}},
        }
        for name, above in (("规上", True), ("规下", False))
    ]  # fmt: skip
    in_force(county, officer, groups=groups)
    before = draft(county, officer)
    told = sheet_of(newest_result(before), officer, FIRM)["sheet"]
    assert (told["class"], told["sources"]["firm"]) == ("规上", "登记库现值，没有该年度的记载")
    text = newest_input(before).text
    enter(county, officer)
    after = draft(county, officer)
    told = sheet_of(newest_result(after), officer, FIRM)["sheet"]
    assert told["class"] == "规下"
    assert told["sources"]["firm"] == "规上、规下、行业代码、行业类别为该年度记载（统计局 2023 年规上名录）"
    assert grades(after) == grades(before) == "中"
    assert newest_input(before).text == text == Frozen.from_text(text).text(), "what was frozen stays"


def test_the_sheet_of_a_group_tells_where_its_heads_facts_come_from() -> None:
    found = made_firms(
        {"uscc": "A", "head": "B", "sources": {"firm": "甲"}}, {"uscc": "B", "sources": {"firm": "乙"}},
        {"uscc": "C", "head": "B", "sources": {"firm": "丙", "head": "文号"}},
    )  # fmt: skip
    [told] = merged(found).maps["sources"]
    assert told == {"firm": "乙", "head": "文号"}


def test_a_table_states_years_and_blanks_leave_what_was_stated(
    county: County, officer: Actor, tmp_path: Path
) -> None:
    codes = [first + calc_check_digit(first) for first in ("91330782MA0000001", "91330782MA0000002")]
    for code in codes:
        factories.enterprise(county, code, code, above_scale=True, town_code=TOWN_WEST)

    def deliver(*rows: str) -> TableImported:
        path = tmp_path / "年度信息.csv"
        heading = "年度,统一社会信用代码,是否规上,行业代码,所属镇街,依据"
        path.write_text("\n".join([heading, *rows]), encoding="utf-8")
        return import_table(county=county, actor=officer, table="firm-years", file=path, commit=True)

    first = deliver(
        f"2023,{codes[0]},否,1713,乙镇,名录", f"2022,{codes[0]},否,,,名录", f"2023,{codes[1]},,,,名录"
    )
    assert (first.stored.created, first.rejected) == (2, 1), [i.message for i in first.issues]
    again = deliver(f"2023,{codes[0]},,2927,,名录", f"2022,{codes[0]},否,,,名录")
    assert (again.stored.updated, again.stored.unchanged) == (1, 1)
    wrong = deliver(f"2023,{codes[0]},否,17-13,乙镇,名录", f"2023,{codes[1]},否,,天上,名录")
    assert sorted(issue.code for issue in wrong.issues) == ["industry_invalid", "town_unknown"]
    row = FirmYear.objects.get(year=2023)
    assert (row.above_scale, row.industry_code, row.town_code) == (False, "2927", TOWN_EAST)


@pytest.mark.usefixtures("firm")
def test_the_page_enters_corrects_and_tells_what_differs(
    county: County, officer: Actor, signed_in: Callable[[str], Client]
) -> None:
    client, page = signed_in("evaluation_officer"), "/evaluation/firm-years/"
    told = {"uscc": FIRM, "above_scale": "0", "basis": "名录", "reason": "核对"}
    missing = client.post(f"{page}?year={YEAR}", {"uscc": FIRM, "basis": "名录", "reason": "核对"})
    assert (missing.status_code, "至少应写明一项" in missing.content.decode()) == (422, True)
    assert client.post(f"{page}?year={YEAR}", told).status_code == 302
    shown = client.get(f"{page}?year={YEAR}&state=differs").content.decode()
    for words in ("企业0", "<b>规下</b>", "核对"):
        assert words in shown
    other = client.get(page, {"year": YEAR + 1}).content.decode()
    assert "企业0" not in other
    assert f'href="?year={YEAR}">{YEAR}</a>' in other, "the years that there is something of are a click away"
    one = FirmYear.objects.get()
    address = f"{page}{one.pk}/"
    assert client.get(address).status_code == 200
    stale = client.post(address, told | {"seen": "1"})
    assert (stale.status_code, "已被他人修改" in stale.content.decode()) == (412, True)
    assert client.post(address, told | {"above_scale": "1", "seen": one.change_id}).status_code == 302
    one.refresh_from_db()
    assert one.above_scale is True
    assert "企业0" not in client.get(f"{page}?year={YEAR}&state=differs").content.decode()
    assert client.get(f"{page}list.xlsx", {"year": YEAR}).status_code == 200
    assert client.get(f"{page}list.xlsx", {"year": "x"}).status_code == 400
    assert signed_in("leader").post(page, told).status_code == 403
    assert signed_in("township_officer").get(page).status_code == 403
    assert client.post(f"{address}withdraw", {"seen": one.change_id, "reason": "误登"}).status_code == 302
    assert not FirmYear.objects.exists()
