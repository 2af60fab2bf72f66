"""A firm's way through the list on a real database: found, filed, listed, agreed, followed, struck off, relapsed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.db.utils import ProgrammingError

from landgis.access.queries import Actor
from landgis.audit.change import change
from landgis.audit.models import AuditEvent
from landgis.counties.models import County
from landgis.lib.errors import Conflict, FieldErrors, Forbidden, InputError, NotFound
from parcels.enterprises.models import Enterprise
from parcels.low_efficiency.actions import reverse_step
from parcels.low_efficiency.agreement import paper_of
from parcels.low_efficiency.bulletin import _told, bulletin
from parcels.low_efficiency.candidates import find_candidates
from parcels.low_efficiency.energy import energy_rows, enter_project, review_project, withdraw_project
from parcels.low_efficiency.models import LowEfficiencyFile, LowEfficiencyList, LowEfficiencyStep
from parcels.low_efficiency.procedure import (
    APPROVED,
    CLOSED,
    DONE,
    PLANNED,
    PUBLICISED,
    REOPENED,
    REVIEWED,
    SHUT,
    TOWN_CHECKED,
)
from parcels.low_efficiency.queries import file_rows, is_intact, listed_rows
from parcels.low_efficiency.rules import LAST_GRADES, REPOSSESSION, UNREMEDIED
from parcels.low_efficiency.weeks import record_week, weeks_of
from tests import factories
from tests.parcels.documents.papers import text_of
from tests.parcels.grading.running import second
from tests.parcels.low_efficiency.making import FILED_ON, LAST, TODAY, filed, frozen, plan_of, signed, taken
from tests.parcels.plans.drafting import SOUND, draft

LAST_FIRM = "913307820000000004"
REFUSED = (InternalError, ProgrammingError)


@pytest.fixture
def listed(county: County, graded: list[Enterprise], officer: Actor) -> LowEfficiencyFile:
    (made,) = filed(county, officer, LAST_FIRM)
    frozen(county, officer)
    return made


def state(county: County, actor: Actor) -> str:
    return file_rows(county, actor, TODAY)[0].state


@pytest.mark.usefixtures("graded")
def test_two_last_grades_in_a_row_are_found_with_their_reason(county: County, officer: Actor) -> None:
    found = find_candidates(county, LAST, FILED_ON)
    at = found.facts.uscc.index(LAST_FIRM)
    assert found.grades[LAST].results[0].last == "差"
    assert found.facts.last_years[at] == 2
    assert found.judged.labels[LAST_GRADES][at]
    assert "差" in found.judged.reasons[LAST_GRADES][at]
    assert found.judged.labels[UNREMEDIED][at]
    assert "2022 年" in found.judged.reasons[UNREMEDIED][at]
    assert not found.judged.listed[found.facts.uscc.index("913307820000000000")]


@pytest.mark.usefixtures("graded")
def test_an_evaluation_that_was_final_later_does_not_count_before(county: County) -> None:
    found = find_candidates(county, LAST, date(2024, 5, 1))
    assert LAST not in found.grades
    assert not found.judged.labels[LAST_GRADES].any()


@pytest.mark.usefixtures("graded")
def test_land_that_a_plan_takes_back_labels_its_firm(
    county: County, officer: Actor, cast: dict[str, Actor]
) -> None:
    firm = Enterprise.objects.get(uscc="913307820000000001")
    parcel = firm.occupancies.get().parcel
    draft(county, cast["idle_land_officer"], "parcel", parcel.pk, replace(SOUND, paths=("repossess",)))
    found = find_candidates(county, LAST, TODAY)
    assert found.judged.labels[REPOSSESSION].tolist() == [uscc == firm.uscc for uscc in found.facts.uscc]


def test_a_frozen_list_keeps_its_rows_and_its_hash(
    county: County, listed: LowEfficiencyFile, officer: Actor
) -> None:
    found = LowEfficiencyList.objects.get()
    assert is_intact(found)
    assert found.list_no == "〔2026〕高耗低效清单第1期"
    (row,) = listed_rows(found, officer)
    assert row.file_no == listed.file_no == "高耗〔2026〕001"
    assert row.land_m2 == "6666.6667"
    with (
        pytest.raises(REFUSED),
        transaction.atomic(),
        change(county_code=county.code, by="a", action="t", reason="t"),
    ):
        LowEfficiencyList.objects.update(row_count=5)
    again = frozen(county, officer, corrects_id=found.pk)
    assert again.corrects == found
    assert again.number == 2
    with pytest.raises(Conflict):
        frozen(county, officer, corrects_id=found.pk)


@pytest.mark.usefixtures("graded")
def test_a_firm_that_no_rule_names_is_filed_by_hand_only(county: County, officer: Actor) -> None:
    with pytest.raises(Conflict, match="不属于"):
        filed(county, officer, "913307820000000000")
    (made,) = filed(county, officer, "913307820000000000", label=REPOSSESSION, text="会议纪要3号")
    step = made.steps.get()
    assert step.labels == [REPOSSESSION]
    assert step.reasons == ["会议纪要3号"]
    with pytest.raises(Conflict, match="已建档"):
        filed(county, officer, "913307820000000000", label=REPOSSESSION)
    with pytest.raises(NotFound):
        filed(county, officer, "没有")
    with pytest.raises(Conflict, match="为空"):
        frozen(county, officer, on=date(2025, 1, 1))


def test_the_agreement_holds_the_plan_and_the_baseline(
    county: County, listed: LowEfficiencyFile, officer: Actor, cast: dict[str, Actor]
) -> None:
    with pytest.raises(InputError):
        taken(county, officer, listed, PLANNED, date(2026, 1, 20), plan_id=999)
    signed(county, officer, listed)
    step = LowEfficiencyStep.objects.get(document__isnull=False)
    assert step.document is not None
    text = text_of(bytes(paper_of(officer, listed, step.document.pk).docx))
    for told in (
        "企业4",
        "乙镇",
        "连续末档",
        "固定资产投资",
        "取得施工许可",
        "甲方每周检查一次",
        "限制用能",
        "2023 年度：税收实际贡献20万元",
    ):
        assert told in text
    assert "None" not in text
    with pytest.raises(NotFound):
        paper_of(cast["idle_land_officer"], listed, step.document.pk)


def test_the_whole_way_to_the_closing_and_back_on_a_relapse(
    county: County, listed: LowEfficiencyFile, officer: Actor
) -> None:
    signed(county, officer, listed)
    other = second(officer)
    taken(county, officer, listed, DONE, date(2026, 3, 2))
    for before, after, kind, on in (
        (officer, other, TOWN_CHECKED, 3), (other, officer, REVIEWED, 4), (officer, other, APPROVED, 5),
    ):  # fmt: skip
        with pytest.raises(Conflict, match="须由另一人办理"):
            taken(county, before, listed, kind, date(2026, 3, on))
        taken(county, after, listed, kind, date(2026, 3, on))
    with pytest.raises(InputError, match="公示期不足"):
        taken(county, officer, listed, PUBLICISED, date(2026, 3, 6), until=date(2026, 3, 9))
    taken(county, officer, listed, PUBLICISED, date(2026, 3, 6), until=date(2026, 3, 16))
    with pytest.raises(InputError, match="期满"):
        taken(county, officer, listed, CLOSED, date(2026, 3, 16))
    with pytest.raises(Conflict, match="上一环节“专班审批”也是账号 second_officer"):
        taken(county, other, listed, CLOSED, date(2026, 3, 17))
    taken(county, officer, listed, CLOSED, date(2026, 3, 17))
    assert state(county, officer) == CLOSED
    with pytest.raises(Conflict, match="销号"):
        record_week(
            county=county, actor=officer, file_id=listed.pk, week=TODAY, today=TODAY, electricity_kwh=Decimal(1),
            progress=None, text="", person="何某",
        )  # fmt: skip
    # Struck off since the year's end: the old last grade no longer counts as not remedied.
    found = find_candidates(county, LAST, TODAY)
    assert not found.judged.labels[UNREMEDIED][found.facts.uscc.index(LAST_FIRM)]
    taken(county, officer, listed, REOPENED, date(2026, 5, 6))
    row = file_rows(county, officer, TODAY)[0]
    assert row.state == "listed"
    assert row.signed_on is None
    assert row.ended_on is None
    assert AuditEvent.objects.filter(action="low_efficiency_reopened").count() == 1


def test_a_step_without_evidence_is_refused_by_name_and_by_the_database(
    county: County, listed: LowEfficiencyFile, officer: Actor
) -> None:
    with pytest.raises(FieldErrors, match="依据材料"):
        taken(county, officer, listed, SHUT, date(2026, 1, 20), evidence=" ")
    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        change(county_code=county.code, by="a", action="t", reason="t"),
    ):
        LowEfficiencyStep.objects.create(
            file=listed, seq=9, kind=SHUT, on=TODAY, text="x", person="x", by="x", evidence=""
        )


def test_the_last_step_is_taken_back_by_a_row(
    county: County, listed: LowEfficiencyFile, officer: Actor
) -> None:
    plan = plan_of(county, officer, listed)
    step = taken(county, officer, listed, PLANNED, date(2026, 1, 20), plan_id=plan.pk)
    args = {
        "county": county,
        "actor": officer,
        "file_id": listed.pk,
        "on": TODAY,
        "today": TODAY,
        "reason": "登记有误",
    }
    with pytest.raises(Conflict):
        reverse_step(seq=1, **args)  # type: ignore[arg-type]
    undone = reverse_step(seq=step.seq, **args)  # type: ignore[arg-type]
    assert undone.reverses == step
    assert state(county, officer) == "listed"
    assert LowEfficiencyStep.objects.filter(file=listed).count() == 4


def test_a_town_reports_on_its_own_firms_and_decides_nothing(
    county: County, graded: list[Enterprise], officer: Actor, cast: dict[str, Actor]
) -> None:
    town = cast["township_officer"]
    west, east = filed(county, officer, "913307820000000000", LAST_FIRM, label=REPOSSESSION)
    frozen(county, officer)
    week = {
        "county": county, "actor": town, "week": date(2026, 2, 4), "today": TODAY, "electricity_kwh": Decimal("12.5"),
        "progress": 30, "text": "", "person": "镇街",
    }  # fmt: skip
    made = record_week(file_id=west.pk, **week)  # type: ignore[arg-type]
    assert made.week_on == date(2026, 2, 2)
    record_week(file_id=west.pk, **(week | {"electricity_kwh": Decimal(20)}))  # type: ignore[arg-type]
    assert [(row.seq, row.electricity_kwh) for row in weeks_of(west)] == [(2, Decimal(20))]
    with pytest.raises(NotFound):
        record_week(file_id=east.pk, **week)  # type: ignore[arg-type]
    with pytest.raises(Forbidden):
        taken(county, town, west, SHUT, TODAY)
    with pytest.raises(Forbidden):
        record_week(file_id=west.pk, **(week | {"actor": cast["leader"]}))  # type: ignore[arg-type]
    with pytest.raises(FieldErrors, match="还没有开始"):
        record_week(file_id=west.pk, **(week | {"week": date(2026, 6, 9)}))  # type: ignore[arg-type]
    signed(county, officer, west)
    taken(county, town, west, DONE, date(2026, 3, 2))
    taken(county, second(town), west, TOWN_CHECKED, date(2026, 3, 3))
    with pytest.raises(Forbidden):
        taken(county, town, west, REVIEWED, date(2026, 3, 4))


def test_the_bulletin_tells_no_sum_of_too_few_firms(
    county: County, graded: list[Enterprise], officer: Actor, cast: dict[str, Actor]
) -> None:
    usccs = [firm.uscc for firm in graded]
    files = filed(county, officer, *usccs, label=REPOSSESSION)
    frozen(county, officer)
    for of in files:
        record_week(
            county=county, actor=officer, file_id=of.pk, week=FILED_ON, today=TODAY, electricity_kwh=Decimal(100),
            progress=None, text="", person="何某",
        )  # fmt: skip
    signed(county, officer, files[0])
    told = bulletin(county, officer, FILED_ON, TODAY)
    assert [(row.name, row.listed, row.new, row.electricity_kwh) for row in told.towns] == [
        ("甲镇", 3, 3, Decimal(300)), ("乙镇", 2, 2, Decimal(200)),
    ]  # fmt: skip
    assert (told.total.listed, told.total.electricity_kwh) == (5, Decimal(500))
    later = bulletin(county, officer, date(2026, 2, 12), TODAY)
    assert later.towns[0].signed == 1
    assert later.towns[0].new == 0
    assert later.towns[0].rank == later.towns[1].rank == 1
    # 乙镇 has two firms: neither they nor what is left of the total without 甲镇 may be told.
    others = bulletin(county, cast["idle_land_officer"], FILED_ON, TODAY)
    shown = [row.electricity_kwh for row in (*others.towns, others.total)]
    assert shown[1] is None
    assert shown.count(None) >= 2
    own = bulletin(county, cast["township_officer"], FILED_ON, TODAY)
    assert [(row.name, row.electricity_kwh) for row in own.towns] == [("甲镇", Decimal(300))]


@pytest.mark.parametrize(
    ("reporting", "told"),
    [(range(1, 6), True), (range(5), False)],  # the week before has firms 1-5: the same, and not the same
)
def test_a_week_less_the_week_before_is_no_firm(
    county: County,
    firms: list[Enterprise],
    officer: Actor,
    cast: dict[str, Actor],
    reporting: range,
    told: bool,
) -> None:
    sixth = factories.enterprise(county, "913307820000000009", "企业9", town_code=factories.TOWN_WEST)
    everyone = [*firms, sixth]
    with change(county_code=county.code, by="测试员", action="test", reason="同一镇"):
        Enterprise.objects.update(town_code=factories.TOWN_WEST)
    files = filed(county, officer, *(firm.uscc for firm in everyone), label=REPOSSESSION)
    frozen(county, officer)
    for week, numbers in ((FILED_ON, range(1, 6)), (FILED_ON + timedelta(days=7), reporting)):
        for n in numbers:
            record_week(
                county=county, actor=officer, file_id=files[n].pk, week=week, today=TODAY,
                electricity_kwh=Decimal(100 + n), progress=None, text="", person="何某",
            )  # fmt: skip
    for n in set(reporting) - set(range(1, 6)):  # who joins has a week before, too
        record_week(
            county=county, actor=officer, file_id=files[n].pk, week=FILED_ON, today=TODAY, electricity_kwh=None,
            progress=None, text="停产", person="何某",
        )  # fmt: skip
    row = bulletin(county, cast["idle_land_officer"], FILED_ON + timedelta(days=7), TODAY).towns[0]
    assert row.electricity_kwh == sum(100 + n for n in reporting)
    assert (row.electricity_before is not None) is told


def test_a_giants_electricity_is_not_told_as_its_towns() -> None:
    giant, even = [Decimal(1000), Decimal(1), Decimal(1)], [Decimal(5)] * 4
    assert _told([even, even], 3, 0.9) == [True, True, True]
    assert _told([giant, even], 3, 0.9)[0] is False
    assert _told([giant, even], 3, 0.9).count(False) >= 2  # or the total less the other would be the giant
    assert _told([giant, even], 1, 1.0) == [True, True, True]


def test_the_energy_list_is_inclusive_and_old_plants_need_no_flag(
    county: County, firms: list[Enterprise], officer: Actor, cast: dict[str, Actor]
) -> None:
    def entered(name: str, year: int, flag: bool, tce: str) -> int:
        return enter_project(
            county=county, actor=officer, uscc=firms[0].uscc, name=name, built_year=year, two_high=flag,
            energy_tce=Decimal(tce), energy_year=2025, basis="能耗监测",
        ).pk  # fmt: skip

    new = entered("新", 2018, True, "1000")
    entered("新但少", 2018, True, "999.9999")
    entered("新非两高", 2020, False, "9000")
    old = entered("老", 2017, False, "5000")
    entered("老但少", 2017, True, "4999")
    rows = energy_rows(county, officer, TODAY, {})
    assert {row.project.name for row in rows} == {"新", "老"}
    assert rows[0].result_title == "未评估"
    assert len(energy_rows(county, officer, TODAY, {"all": True})) == 5
    review = {
        "county": county,
        "actor": officer,
        "on": TODAY,
        "today": TODAY,
        "text": "达标",
        "evidence": "报告",
    }
    review_project(project_id=new, result="conforms", **review)  # type: ignore[arg-type]
    with pytest.raises(InputError):
        review_project(project_id=new, result="好", **review)  # type: ignore[arg-type]
    assert [row.project.name for row in energy_rows(county, officer, TODAY, {"result": "conforms"})] == ["新"]
    withdraw_project(county=county, actor=officer, project_id=old, reason="重复")
    assert {row.project.name for row in energy_rows(county, officer, TODAY, {})} == {"新"}
    with pytest.raises(Conflict):
        withdraw_project(county=county, actor=officer, project_id=old, reason="重复")
    with pytest.raises(FieldErrors, match="没有统一社会信用代码"):
        enter_project(
            county=county, actor=officer, uscc="x", name="x", built_year=2020, two_high=True, energy_tce=Decimal(1),
            energy_year=2025, basis="x",
        )  # fmt: skip
    with pytest.raises(Forbidden):
        withdraw_project(county=county, actor=cast["township_officer"], project_id=new, reason="x")
