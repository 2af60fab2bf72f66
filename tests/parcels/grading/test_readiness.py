"""What has to be settled before grades are published: land, returned figures, land given out twice; and who may accept it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from landgis.access.queries import Actor
from landgis.audit.models import AuditEvent
from landgis.counties.models import County
from landgis.lib.errors import Conflict, Forbidden, InputError, Outdated
from parcels.cadastre.models import Parcel
from parcels.enterprises.models import AnnualReturn, Enterprise
from parcels.enterprises.year_actions import StatedYear, enter_year
from parcels.grading.actions import check_run, draft_run, finish_run, publish_notice, recompute
from parcels.grading.fact_actions import enter_fact
from parcels.grading.facts import StatedFact
from parcels.grading.frozen import Frozen
from parcels.grading.models import Acceptance, GradingRun, GradingScore
from parcels.grading.queries import newest_input, newest_result, state
from parcels.grading.readiness import accept, openings, still_open
from parcels.land_use.actions import affiliate, choose_tenancy
from parcels.schemes.queries import find_scheme
from tests import factories
from tests.parcels.grading.running import DAY, YEAR, draft, in_force, land_frozen, second

AFTER = date(2024, 5, 21)


def early(county: County, officer: Actor) -> GradingRun:
    """A draft of a year whose land nobody froze."""
    in_force(county, officer)
    found = find_scheme(county, "simple", YEAR)
    return draft_run(county=county, actor=officer, found=found, year=YEAR, on=DAY, reason="起草")


def step(action: Any, county: County, officer: Actor, run: GradingRun, on: date = DAY) -> Any:
    return action(county=county, actor=officer, run_id=run.pk, on=on, reason="办理")


def kinds(county: County, officer: Actor, run: GradingRun) -> list[str]:
    return [one.kind for one in still_open(openings(county, officer, run, state(run)))]


@pytest.mark.usefixtures("firms")
def test_a_draft_may_be_made_any_time_and_published_only_of_frozen_land(
    county: County, officer: Actor
) -> None:
    run = early(county, officer)
    (only,) = openings(county, officer, run, state(run))
    assert (only.kind, only.acceptable) == ("land_open", False)
    assert "甲镇" in only.told
    step(check_run, county, second(officer), run)
    with pytest.raises(Conflict, match="企业用地尚未冻结 1 项"):
        step(publish_notice, county, officer, run)
    with pytest.raises(Conflict, match="不能以认可代替"):
        accept(county=county, actor=officer, run_id=run.pk, keys=[only.key], reason="急")
    land_frozen(county, officer)
    assert kinds(county, officer, run) == ["stale"], "the inputs were taken before the freeze"
    with pytest.raises(Conflict, match="早于企业用地的冻结"):
        step(publish_notice, county, officer, run)
    step(recompute, county, officer, run)
    step(check_run, county, second(officer), run)
    assert step(publish_notice, county, officer, run) == date(2024, 5, 20)
    decided = Frozen.from_text(newest_input(run).text).decided
    assert (decided["land"], decided["freeze"]["by"], decided["freeze"]["override"]) == (
        "frozen",
        officer.username,
        "测试",
    )


def test_the_inputs_carry_groups_and_choices_and_a_later_choice_makes_them_stale(
    county: County, officer: Actor, firms: list[Enterprise]
) -> None:
    ground = Parcel.objects.get(code="P0")
    factories.occupancy(ground, firms[4], role="leased_in", lessor=firms[0], area_m2=Decimal(2000))
    affiliate(
        county=county, actor=officer, head_uscc=firms[2].uscc, member_uscc=firms[1].uscc, valid_from=date(YEAR, 1, 1),
        valid_to=None, basis="股权穿透图", reason="归组",
    )  # fmt: skip
    in_force(county, officer)
    run = draft(county, officer)
    frozen = Frozen.from_text(newest_input(run).text)
    assert frozen.decided["groups"] == [[firms[1].uscc, firms[2].uscc, "股权穿透图"]]
    assert frozen.maps["sources"][1]["head"] == "股权穿透图"
    land = {row.uscc: row.land_mu for row in GradingScore.objects.filter(result=newest_result(run))}
    assert float(land[firms[2].uscc] or 0) == pytest.approx(20, abs=1e-6)
    assert float(land[firms[0].uscc] or 0) == pytest.approx(7, abs=1e-6)
    assert float(land[firms[4].uscc] or 0) == pytest.approx(13, abs=1e-6)
    choose_tenancy(
        county=county, actor=officer, parcel_id=ground.pk, tenant_id=firms[4].pk, year=YEAR, apart=False, reason="试",
    )  # fmt: skip
    assert kinds(county, officer, run) == ["land_changed"]
    land_frozen(county, officer)
    assert kinds(county, officer, run) == ["stale"]
    step(recompute, county, officer, run)
    assert kinds(county, officer, run) == []
    again = Frozen.from_text(newest_input(run).text)
    assert again.decided["tenancies"] == [["P0", firms[4].uscc, False]]
    land = {row.uscc: row.land_mu for row in GradingScore.objects.filter(result=newest_result(run))}
    assert float(land[firms[0].uscc] or 0) == pytest.approx(10, abs=1e-6)
    assert again.sha256 == Frozen.from_text(again.text()).sha256


def test_a_tenant_all_of_whose_land_is_the_landlords_is_evaluated_with_it(
    county: County, officer: Actor, firms: list[Enterprise]
) -> None:
    tenant = factories.enterprise(county, "913307820000000009", "承租户", above_scale=True)
    factories.annual_return(tenant, YEAR, tax_wan=11)
    ground = Parcel.objects.get(code="P0")
    factories.occupancy(ground, tenant, role="leased_in", lessor=firms[0], area_m2=Decimal(2000))
    choose_tenancy(
        county=county, actor=officer, parcel_id=ground.pk, tenant_id=None, year=YEAR, apart=False, reason="试"
    )
    in_force(county, officer)
    run = draft(county, officer)
    rows = {row.uscc: row for row in GradingScore.objects.filter(result=newest_result(run))}
    assert rows[tenant.uscc].head_uscc == firms[0].uscc
    frozen = Frozen.from_text(newest_input(run).text)
    assert frozen.maps["sources"][frozen.at(tenant.uscc) or 0]["head"] == "随出租方评价"
    # 111 on 10 亩 against 311 on 50: 17.85 of the mean, shown in the score
    assert rows[firms[0].uscc].score == Decimal("178.46")


@pytest.mark.usefixtures("firms")
def test_doubts_are_settled_or_accepted_by_name(
    county: County, officer: Actor, firms: list[Enterprise], cast: dict[str, Actor]
) -> None:
    in_force(county, officer)
    factories.annual_return(firms[0], YEAR - 1, tax_wan=10)
    factories.occupancy(Parcel.objects.get(code="P3"), firms[4], area_m2=Decimal(5000))
    run = draft(county, officer)
    step(check_run, county, second(officer), run)
    found = openings(county, officer, run, state(run))
    assert [one.kind for one in found] == ["doubt", "over"]
    assert firms[0].name in found[0].told
    assert "P3" in found[1].told
    with pytest.raises(Conflict, match="可疑数据未核实 1 项；宗地分配超出面积 1 项"):
        step(publish_notice, county, officer, run)

    def stand(actor: Actor, keys: list[str], reason: str) -> int:
        return accept(county=county, actor=actor, run_id=run.pk, keys=keys, reason=reason)

    for role in ("township_officer", "leader", "registrar"):
        with pytest.raises(Forbidden):
            stand(cast[role], [found[0].key], "x")
    with pytest.raises(InputError, match="理由"):
        stand(officer, [found[0].key], " ")
    with pytest.raises(InputError, match="没有选择"):
        stand(officer, [], "x")
    with pytest.raises(Outdated):
        stand(officer, ["0" * 64], "x")
    assert stand(officer, [found[0].key], "上年停产，已核") == 1
    with pytest.raises(Outdated):
        stand(officer, [found[0].key], "再来")
    assert kinds(county, officer, run) == ["over"]
    stand(officer, [found[1].key], "两家共用")
    assert step(publish_notice, county, officer, run)
    event = AuditEvent.objects.filter(action="evaluation_notice").latest("pk")
    assert "上年停产，已核" in str(event.summary)
    assert Acceptance.objects.filter(accepted_by=officer.username).count() == 2
    with factories.writing(county):
        AnnualReturn.objects.filter(year=YEAR, enterprise=firms[0]).update(tax_wan=1000)
    assert kinds(county, officer, run) == ["doubt"], "another figure is another doubt"
    with pytest.raises(Conflict, match="可疑数据"):
        step(finish_run, county, officer, run, AFTER)


@pytest.mark.usefixtures("firms")
def test_land_that_changes_during_the_notice_is_refrozen_and_accepted(
    county: County, officer: Actor, firms: list[Enterprise]
) -> None:
    in_force(county, officer)
    run = draft(county, officer)
    step(check_run, county, second(officer), run)
    step(publish_notice, county, officer, run)
    factories.occupancy(
        factories.parcel(county, "P9", factories.box(9, 1, 10, 2)), firms[4], area_m2=Decimal(100)
    )
    with pytest.raises(Conflict, match="冻结后有变化"):
        step(finish_run, county, officer, run, AFTER)
    land_frozen(county, officer)
    (later,) = still_open(openings(county, officer, run, state(run)))
    assert later.kind == "later"
    accept(county=county, actor=officer, run_id=run.pk, keys=[later.key], reason="不影响档次")
    step(finish_run, county, officer, run, AFTER)
    assert state(run) == "final"


def test_what_changed_in_the_register_after_the_freeze_is_told_before_the_notice(
    county: County, officer: Actor, firms: list[Enterprise]
) -> None:
    in_force(county, officer)
    run = draft(county, officer)
    step(check_run, county, second(officer), run)
    assert kinds(county, officer, run) == []
    with factories.writing(county):
        AnnualReturn.objects.filter(enterprise=firms[0]).update(tax_wan=90)
    stated = StatedFact(firms[1].uscc, "veto", "idle_land", "文号")
    enter_fact(county=county, actor=officer, year=YEAR, stated=stated, reason="认定")
    year = StatedYear(above_scale=False, basis="名录")
    enter_year(county=county, actor=officer, uscc=firms[2].uscc, year=YEAR, stated=year, reason="核对")
    told = [one.told for one in openings(county, officer, run, state(run))]
    assert told == [
        "报送数据：冻结之后有变化的企业 1 家（企业0）",
        "评价事项：冻结之后有变化的企业 1 家（企业1）",
        "规上、行业、镇街：冻结之后有变化的企业 1 家（企业2）",
    ]
    assert [one.told for one in openings(county, officer, run, state(run))] == told, "told once"
    with pytest.raises(Conflict, match="冻结数据与登记库不一致 3 项"):
        step(publish_notice, county, officer, run)
    keys = [one.key for one in still_open(openings(county, officer, run, state(run)))]
    accept(county=county, actor=officer, run_id=run.pk, keys=keys, reason="以冻结日数据为准")
    assert kinds(county, officer, run) == []
    with factories.writing(county):
        AnnualReturn.objects.filter(enterprise=firms[0]).update(tax_wan=80)
    assert set(kinds(county, officer, run)) == {"outdated"}, "another change is another question"
    step(recompute, county, officer, run)
    step(check_run, county, second(officer), run)
    step(publish_notice, county, officer, run)
