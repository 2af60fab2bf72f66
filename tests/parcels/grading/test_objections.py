"""Objections of every kind: claimed by the firm's town, decided by another person, carried out where the fact lives.

What was frozen stays to the byte; the next version is it with the corrections beside, and anybody can make it again.
"""

import math
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landgis.access.queries import Actor
from landgis.audit.models import AuditEvent
from landgis.counties.models import County, Parameter
from landgis.lib.errors import Conflict, FieldErrors, Forbidden, InputError, NotFound
from parcels.enterprises.models import AnnualReturn, Enterprise, FirmYear, Occupancy
from parcels.evaluation.rules import LAND
from parcels.grading.actions import check_run, finish_run, publish_notice
from parcels.grading.claims import KINDS
from parcels.grading.corrections import with_land
from parcels.grading.fact_actions import enter_fact
from parcels.grading.facts import StatedFact, facts_in_force
from parcels.grading.freezing import freeze
from parcels.grading.frozen import Frozen
from parcels.grading.models import (
    FirmFact,
    FrozenInput,
    GradingResult,
    GradingRun,
    GradingScore,
    Objection,
    ObjectionDecision,
)
from parcels.grading.objection_actions import decide_objection, file_objection
from parcels.grading.queries import newest_result, scored_again
from parcels.grading.readiness import accept, openings, still_open
from parcels.land_use.models import TenancyChoice
from parcels.returns.queries import doubts
from parcels.schemes.queries import find_scheme
from tests import factories
from tests.factories import TOWN_EAST
from tests.parcels.cadastre.test_papers import pdf
from tests.parcels.grading.making import firms as made_firms
from tests.parcels.grading.making import simple_document
from tests.parcels.grading.running import DAY, YEAR, draft, grades, in_force, land_frozen, second

WEST = "91330782000000000"
CLAIMS: dict[str, dict[str, Any]] = {
    "figure": {},
    "veto": {"code": "idle_land"},
    "group": {"above_scale": False},
    "land": {"change": "area", "parcel_code": "P0", "area_mu": "5"},
    "exemption": {"code": "building"},
}


def group(name: str, above: bool) -> dict[str, Any]:
    one: dict[str, Any] = simple_document()["groups"][0]
    return one | {"name": name, "where": {"above_scale": above}}


@pytest.fixture
def run(county: County, officer: Actor, firms: list[Enterprise]) -> GradingRun:
    """A run under notice; the first firm has a veto, entered by the officer."""
    in_force(county, officer, groups=[group("规上", True), group("规下", False)])
    stated = StatedFact(firms[0].uscc, "veto", "idle_land", "闲置认定书 1 号")
    enter_fact(county=county, actor=officer, year=YEAR, stated=stated, reason="认定")
    made = draft(county, officer)
    check_run(county=county, actor=second(officer), run_id=made.pk, on=DAY, reason="复核")
    publish_notice(county=county, actor=officer, run_id=made.pk, on=DAY, reason="公示")
    return made


@pytest.fixture
def town(cast: dict[str, Actor]) -> Actor:
    return cast["township_officer"]


def objected(run: GradingRun, town: Actor, kind: str, number: int = 0, **claim: Any) -> Objection:
    return file_objection(
        county=run.county, actor=town, run_id=run.pk, uscc=f"{WEST}{number}", on=DAY, statement="有异议",
        evidence="证明 2 号", kind=kind, claim=claim or CLAIMS[kind], file=pdf(), file_name="证明.pdf",
    )  # fmt: skip


def decided(one: Objection, officer: Actor, upheld: bool = True, **more: Any) -> ObjectionDecision:
    return decide_objection(
        county=one.run.county, actor=second(officer), objection_id=one.pk, upheld=upheld, on=DAY, reason="核实", **more
    )  # fmt: skip


def versions(run: GradingRun) -> list[Frozen]:
    """Every version of the inputs, each with a result that comes out of it again."""
    rows = FrozenInput.objects.filter(run=run).order_by("version")
    for row in rows:
        scored_again.cache_clear()
        assert scored_again(row.pk, GradingResult.objects.get(input=row).sha256)
        assert Frozen.from_text(row.text).sha256 == row.sha256
    return [Frozen.from_text(row.text) for row in rows]


def test_a_wrong_veto_is_taken_back_and_its_author_cant_judge_it(
    run: GradingRun, officer: Actor, town: Actor
) -> None:
    first = FrozenInput.objects.get(run=run)
    before = grades(run)
    assert before[0] == "差"
    one = objected(run, town, "veto")
    for person in (officer, replace(second(officer), username=town.username)):
        for upheld in (True, False):
            with pytest.raises(Conflict, match="异议须由另一人处理"):
                decide_objection(
                    county=run.county, actor=person, objection_id=one.pk, upheld=upheld, on=DAY, reason="x"
                )
    with pytest.raises(Forbidden):
        decide_objection(county=run.county, actor=town, objection_id=one.pk, upheld=True, on=DAY, reason="x")
    made = decided(one, officer)
    assert grades(run) == "好" + before[1:]
    fact = FirmFact.objects.get(kind="veto", reverses=None)
    assert (fact.reversed_by.reason, fact.reversed_by.entered_by) == (
        f"异议 {one.pk}：核实",
        "second_officer",
    )
    because = f"异议 {one.pk}：核实"
    assert made.changes == [
        {"uscc": f"{WEST}0", "fact": "veto:idle_land", "before": "闲置认定书 1 号", "after": None, "because": because}
    ]  # fmt: skip
    kept, corrected = versions(run)
    assert kept.text() == first.text
    assert not kept.corrections
    assert [dict(entry) for entry in corrected.corrections] == made.changes
    event = AuditEvent.objects.get(action="evaluation_decision")
    assert (event.actor, event.summary["changes"]) == ("second_officer", made.changes)


def test_the_same_hand_may_decide_where_the_county_allows_it(
    run: GradingRun, county: County, officer: Actor, town: Actor
) -> None:
    one = objected(run, town, "veto")
    with factories.writing(county):
        Parameter.objects.filter(key="procedure.four_eyes").update(value=False)
    decide_objection(county=county, actor=officer, objection_id=one.pk, upheld=True, on=DAY, reason="核实")
    assert grades(run)[0] == "好"


def test_a_missed_exemption_is_entered_with_the_firms_paper(
    run: GradingRun, officer: Actor, town: Actor
) -> None:
    decided(objected(run, town, "exemption", 1), officer)
    row = GradingScore.objects.get(result=newest_result(run), uscc=f"{WEST}1")
    assert (row.grade, row.reason) == ("", "exempt:building")
    fact = FirmFact.objects.get(kind="exemption")
    assert fact.paper is not None
    assert (fact.basis, fact.paper.name, fact.year) == ("证明 2 号", "证明.pdf", YEAR)
    with pytest.raises(FieldErrors, match="已有这项免评"):
        objected(run, town, "exemption", 1)


def test_a_wrong_group_is_put_right_for_the_year_alone(
    run: GradingRun, county: County, officer: Actor, town: Actor
) -> None:
    decided(objected(run, town, "group", 1), officer, claim={"above_scale": False, "industry_code": "1713"})
    row = GradingScore.objects.get(result=newest_result(run), uscc=f"{WEST}1")
    assert (row.class_name, row.of) == ("规下", 1)
    stated = FirmYear.objects.get()
    assert (stated.year, stated.above_scale, stated.industry_code, stated.basis) == (
        YEAR,
        False,
        "1713",
        "证明 2 号",
    )
    assert stated.paper is not None
    assert Enterprise.objects.get(uscc=f"{WEST}1").above_scale is True, "today's value isn't the year's"
    decided(objected(run, town, "group", 1, above_scale=True), officer)
    stated.refresh_from_db()
    assert (stated.above_scale, stated.industry_code) == (True, "1713"), "what wasn't objected to stays"
    with pytest.raises(FieldErrors, match="与冻结数据相同"):
        objected(run, town, "group", 1, above_scale=True)
    assert len(versions(run)) == 3


def test_land_let_out_goes_to_the_tenant_and_nothing_is_lost(
    run: GradingRun, county: County, officer: Actor, town: Actor
) -> None:
    factories.enterprise(county, "91330782000000009X", "承租户", above_scale=False, town_code=TOWN_EAST)
    claim: dict[str, Any] = {
        "change": "let_out", "parcel_code": "P0", "other_uscc": "91330782000000009X", "area_mu": "4",
        "from": date(YEAR, 1, 1), "to": "",
    }  # fmt: skip
    one = objected(run, town, "land", **claim)
    with factories.writing(county):
        Parameter.objects.filter(key="land_use.tenants").update(value="apart")
    made = decided(one, officer)
    kept, corrected = versions(run)
    at, tenant = corrected.at(f"{WEST}0"), corrected.at("91330782000000009X")
    assert at is not None
    assert tenant is not None
    assert kept.at("91330782000000009X") is None
    assert corrected.figures[LAND][[at, tenant]].tolist() == pytest.approx([6, 4])
    assert math.fsum(corrected.figures[LAND]) == pytest.approx(math.fsum(kept.figures[LAND]), abs=1e-6)
    assert {entry.get("fact", entry.get("figure")) for entry in made.changes} == {"parcel:P0", LAND, "firm"}
    assert GradingScore.objects.get(result=newest_result(run), uscc=f"{WEST}0").land_mu == pytest.approx(6)
    use = Occupancy.objects.get(role="leased_in")
    assert (use.enterprise.name, use.lessor.uscc if use.lessor else "") == ("承租户", f"{WEST}0")


def test_after_land_was_put_right_the_town_confirms_anew_before_the_end(
    run: GradingRun, county: County, officer: Actor, town: Actor
) -> None:
    claim = {"change": "area", "parcel_code": "P1", "area_mu": "5"}
    decided(objected(run, town, "land", 1, **claim), officer)
    row = GradingScore.objects.get(result=newest_result(run), uscc=f"{WEST}1")
    assert row.land_mu == pytest.approx(5, abs=1e-4)
    late = date(2024, 5, 21)
    with pytest.raises(Conflict, match="企业用地冻结后有变化"):
        finish_run(county=county, actor=officer, run_id=run.pk, on=late, reason="定稿")
    land_frozen(county, officer)
    [left] = still_open(openings(county, officer, run, "notice"))
    assert left.title == "公示以后企业用地有变化"
    accept(county=county, actor=officer, run_id=run.pk, keys=[left.key], reason="即异议的更正")
    finish_run(county=county, actor=officer, run_id=run.pk, on=late, reason="定稿")


def test_land_not_used_any_more_and_tenants_apart(
    run: GradingRun, county: County, officer: Actor, town: Actor
) -> None:
    made = decided(
        objected(run, town, "land", 2, change="ended", parcel_code="P2", to=date(YEAR, 6, 1)), officer
    )
    assert Occupancy.objects.get(parcel__code="P2").valid_to == date(YEAR, 6, 1)
    row = GradingScore.objects.get(result=newest_result(run), uscc=f"{WEST}2")
    assert row.land_mu is None
    assert made.changes[0] | {"before": 10} == {
        "uscc": f"{WEST}2", "fact": "parcel:P2", "before": 10, "after": None, "because": made.changes[0]["because"]
    }  # fmt: skip
    rented: dict[str, Any] = {
        "change": "rented", "parcel_code": "P0", "other_uscc": f"{WEST}0", "area_mu": "3", "from": date(YEAR, 1, 1)
    }  # fmt: skip
    decided(objected(run, town, "land", 2, **rented), officer)
    assert GradingScore.objects.get(result=newest_result(run), uscc=f"{WEST}0").land_mu == pytest.approx(
        7, abs=1e-4
    )
    together: dict[str, Any] = {"change": "tenancy", "parcel_code": "P0", "apart": False}
    decided(objected(run, town, "land", 2, **together), officer)
    assert TenancyChoice.objects.get().apart is False
    rows = {row.uscc[-1]: row for row in GradingScore.objects.filter(result=newest_result(run))}
    assert rows["0"].land_mu == pytest.approx(10, abs=1e-4)
    assert rows["2"].head_uscc == f"{WEST}0"
    with pytest.raises(Conflict, match="没有变化"):
        decided(objected(run, town, "land", 2, **together), officer)
    versions(run)


def test_figures_are_put_right_in_the_register_and_raise_no_new_doubt(
    run: GradingRun, county: County, officer: Actor, town: Actor
) -> None:
    firm = Enterprise.objects.get(uscc=f"{WEST}2")
    factories.annual_return(firm, YEAR - 1, tax_wan=1)
    assert [doubt.field for doubt in doubts(county, officer, YEAR, firm.pk)] == ["tax_wan"]
    decided(objected(run, town, "figure", 2), officer, corrections={"tax_wan": "120", "power": "7.5"})
    held = AnnualReturn.objects.get(enterprise=firm, year=YEAR)
    assert held.tax_wan == 120
    assert held.source.startswith("税务局清册；异议 ")
    assert FirmFact.objects.get(kind="figure").amount == Decimal("7.5")
    assert not doubts(county, officer, YEAR, firm.pk), "120 against 1 was looked at"
    decided(objected(run, town, "figure", 2), officer, corrections={"power": "8"})
    assert [fact.amount for fact in facts_in_force(county, [YEAR]).filter(kind="figure")] == [8]
    versions(run)
    found = freeze(county, find_scheme(county, "simple", YEAR), YEAR)
    at = found.at(f"{WEST}2")
    assert at is not None
    assert [found.figures[name][at] for name in ("tax_wan", "power")] == [120, 8], (
        "a run drafted anew has them"
    )
    with pytest.raises(InputError, match="不应小于 0"):
        decided(objected(run, town, "figure", 2), officer, corrections={"revenue_wan": -1})


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_refused_objection_changes_nothing(run: GradingRun, officer: Actor, town: Actor, kind: str) -> None:
    text = FrozenInput.objects.get(run=run).text
    facts, uses = FirmFact.objects.count(), list(Occupancy.objects.values_list("pk", "change_id"))
    made = decided(objected(run, town, kind), officer, upheld=False)
    assert (made.corrections, made.changes) == ({}, [])
    assert [kept.text() for kept in versions(run)] == [text]
    assert FirmFact.objects.count() == facts
    assert list(Occupancy.objects.values_list("pk", "change_id")) == uses
    assert not FirmYear.objects.exists()


@pytest.mark.parametrize("kind", list(KINDS))
def test_another_towns_firm_is_nobodys_to_object_for(
    run: GradingRun, county: County, officer: Actor, town: Actor, kind: str
) -> None:
    with pytest.raises(NotFound, match="本辖区"):
        objected(run, town, kind, 4)
    with pytest.raises(Forbidden):
        objected(run, officer, kind)
    assert not Objection.objects.exists()


def test_claims_that_make_no_sense_are_told_field_by_field(
    run: GradingRun, officer: Actor, town: Actor
) -> None:
    lease = {
        "change": "rented",
        "parcel_code": "P0",
        "other_uscc": f"{WEST}0",
        "area_mu": "3",
        "from": "2023-01-01",
    }
    for kind, number, claim, field in (
        ("whatever", 0, {"x": 1}, "kind"),
        ("veto", 0, {"code": "无"}, "code"),
        ("veto", 1, {"code": "idle_land"}, "code"),
        ("exemption", 0, {"code": ""}, "code"),
        ("group", 0, {"above_scale": None}, "above_scale"),
        ("group", 0, {"industry_code": "17-1"}, "industry_code"),
        ("land", 0, {"change": "x"}, "change"),
        ("land", 1, lease | {"area_mu": "inf"}, "area_mu"),
        ("land", 1, lease | {"from": "2023-02-30"}, "from"),
        ("land", 1, lease | {"to": "2022-01-01"}, "to"),
        ("land", 1, lease | {"other_uscc": "无"}, "other_uscc"),
        ("land", 0, lease, "other_uscc"),
        ("land", 1, {"change": "ended", "parcel_code": "P1"}, "to"),
        ("land", 1, {"change": "tenancy", "parcel_code": "P1"}, "apart"),
    ):
        with pytest.raises(FieldErrors) as caught:
            objected(run, town, kind, number, **claim)
        assert [issue["field"] for issue in caught.value.issues] == [field], (kind, claim)
    for claim in ({"parcel_code": "天上"}, {"parcel_code": "P1"}):
        with pytest.raises(InputError, match=r"没有宗地|没有用地记录"):
            objected(run, town, "land", 0, change="area", area_mu="1", **claim)
    with pytest.raises(InputError, match="不更正报送数据"):
        decided(objected(run, town, "veto"), officer, corrections={"tax_wan": 1})


uses = st.dictionaries(st.sampled_from(["P1", "P2", "P3"]), st.floats(0.01, 500), max_size=3)
county_uses = st.lists(uses, min_size=4, max_size=4)


@settings(max_examples=60, deadline=None)
@given(before=county_uses, after=county_uses, extra=uses)
def test_land_put_right_is_conserved(
    before: list[dict[str, float]], after: list[dict[str, float]], extra: dict[str, float]
) -> None:
    """What the register's change moved is what the inputs' land moves by, over the county and over each parcel."""

    def firms_with(parcels: list[dict[str, float]]) -> Frozen:
        rows = [{"parcels": held, LAND: math.fsum(held.values())} for held in parcels]
        return made_firms(*rows)

    old, new = firms_with(before), firms_with(after)
    found = firms_with([held | {f"X{code}": mu for code, mu in extra.items()} for held in before])
    made = with_land(found, old, new, because="异议")
    total = [math.fsum(one.figures[LAND]) for one in (found, made, old, new)]
    assert total[1] - total[0] == pytest.approx(total[3] - total[2], abs=1e-9)
    for at in range(4):
        assert math.fsum(made.maps["parcels"][at].values()) == pytest.approx(made.figures[LAND][at], abs=1e-9)
        assert made.maps["parcels"][at] == after[at] | {f"X{code}": mu for code, mu in extra.items()}
    assert (made.text() == found.text()) == (before == after)
    assert Frozen.from_text(made.text()).text() == made.text()
