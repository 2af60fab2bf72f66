"""Plans written through their actions and attacked in the database; who may write which, and what is kept of a change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from landgis.access.queries import Actor
from landgis.audit.models import AuditEvent
from landgis.counties.models import County
from landgis.lib.errors import Conflict, FieldErrors, Forbidden, InputError, NotFound, Outdated
from parcels.cadastre.attachments import remove_attachment
from parcels.cadastre.models import Parcel
from parcels.enterprises.models import Enterprise
from parcels.plans.actions import Upload, revise_plan
from parcels.plans.deadlines import plan_duties
from parcels.plans.models import Plan, PlanEntry, PlanMilestone, PlanPaper, PlanVersion
from parcels.plans.queries import plan_rows
from tests import factories
from tests.parcels.cadastre.test_papers import photo
from tests.parcels.plans.drafting import MADE, SOUND, TODAY, draft, enter, finish


@pytest.fixture
def ground(county: County, cast: dict[str, Actor]) -> Parcel:
    return factories.parcel(county, "A1", factories.box(0, 0, 1, 1))


@pytest.fixture
def firm(county: County) -> Enterprise:
    return factories.enterprise(county, "91330782MA28D1A11X", "示意公司", town_code=factories.TOWN_WEST)


@pytest.fixture
def plan(county: County, cast: dict[str, Actor], ground: Parcel) -> Plan:
    return draft(county, cast["idle_land_officer"], "parcel", ground.pk)


def revise(county: County, actor: Actor, plan: Plan, **told: Any) -> PlanVersion:
    asked: dict[str, Any] = {
        "contents": SOUND, "based_on": 1, "on": date(2026, 2, 1), "today": TODAY, "reason": "调整节点",
    } | told  # fmt: skip
    return revise_plan(county=county, actor=actor, plan_id=plan.pk, **asked)


def test_a_plan_has_its_number_and_a_subject_has_one_open_plan(
    county: County, cast: dict[str, Actor], ground: Parcel, plan: Plan
) -> None:
    officer = cast["idle_land_officer"]
    assert plan.plan_no == "企策〔2026〕001"
    assert AuditEvent.objects.filter(action="make_plan", actor=officer.username).exists()
    with pytest.raises(Conflict, match="企策〔2026〕001"):
        draft(county, officer, "parcel", ground.pk)
    finish(county, officer, plan)
    enter(county, officer, plan, "closing", date(2026, 6, 10), evidence="销号表")
    assert draft(county, officer, "parcel", ground.pk, on=TODAY).plan_no == "企策〔2026〕002"


def test_a_phase_and_its_case_are_the_same_ground(county: County, cast: dict[str, Actor]) -> None:
    officer = cast["idle_land_officer"]
    phase = factories.contract(county, "合1", None)
    draft(county, officer, "phase", phase.pk)
    with pytest.raises(Conflict):
        draft(county, officer, "phase", phase.pk)


def test_each_subject_is_written_by_its_own_officer(
    county: County, cast: dict[str, Actor], ground: Parcel, firm: Enterprise
) -> None:
    for role, actor in cast.items():
        for kind, subject, writers in (
            ("parcel", ground.pk, {"idle_land_officer"}), ("enterprise", firm.pk, {"evaluation_officer"}),
        ):  # fmt: skip
            if role in writers:
                draft(county, actor, kind, subject)
            else:
                with pytest.raises((Forbidden, NotFound)):
                    draft(county, actor, kind, subject)


def test_a_town_reports_on_its_own_ground_and_decides_nothing(
    county: County, cast: dict[str, Actor], plan: Plan
) -> None:
    town = cast["township_officer"]
    enter(county, town, plan, "progress", date(2026, 3, 1), progress=20)
    enter(county, town, plan, "measured", date(2026, 3, 1), item=1, value=Decimal(100))
    with pytest.raises(Forbidden, match="镇街"):
        enter(county, town, plan, "milestone", date(2026, 3, 1), item=1, evidence="证")
    with pytest.raises(Forbidden):
        revise(county, town, plan)
    other = factories.parcel(county, "B1", factories.box(5, 0, 6, 1), town_code=factories.TOWN_EAST)
    elsewhere = draft(county, cast["idle_land_officer"], "parcel", other.pk)
    with pytest.raises(NotFound):
        enter(county, town, elsewhere, "progress", date(2026, 3, 1))
    for role in ("leader", "registrar", "evaluation_officer", "agency", "audit_admin"):
        with pytest.raises(Forbidden):
            enter(county, cast[role], plan, "progress", date(2026, 3, 1))


def test_a_change_keeps_the_earlier_version_and_the_numbers_of_its_rows(
    county: County, cast: dict[str, Actor], plan: Plan
) -> None:
    officer = cast["idle_land_officer"]
    enter(county, officer, plan, "milestone", date(2026, 1, 20), item=1, evidence="许可证")
    first = plan_rows(county, officer, date(2026, 1, 31))[0].contents
    later = replace(
        first, milestones=(first.milestones[0], replace(first.milestones[1], due_on=date(2026, 11, 1)))
    )
    assert revise(county, officer, plan, contents=later).seq == 2
    assert plan_rows(county, officer, date(2026, 1, 31))[0].contents == first
    now = plan_rows(county, officer, TODAY)[0]
    assert now.version.seq == 2
    assert [(item.milestone.number, item.done_on) for item in now.standing.milestones] == [
        (1, date(2026, 1, 20)),
        (2, None),
    ]
    with pytest.raises(Outdated):
        revise(county, officer, plan, contents=later)
    gone = replace(later, milestones=later.milestones[1:])
    with pytest.raises(Conflict, match="取得施工许可"):
        revise(county, officer, plan, contents=gone, based_on=2)


def test_closing_needs_its_facts_and_reopening_its_day(
    county: County, cast: dict[str, Actor], plan: Plan
) -> None:
    officer = cast["idle_land_officer"]
    with pytest.raises(Conflict, match="尚未完成"):
        enter(county, officer, plan, "closing", date(2026, 6, 10), evidence="销号表")
    finish(county, officer, plan)
    with pytest.raises(FieldErrors, match="依据材料"):
        enter(county, officer, plan, "closing", date(2026, 6, 10))
    enter(county, officer, plan, "closing", date(2026, 6, 10), evidence="销号表")
    with pytest.raises(Conflict, match="不能修订"):
        revise(county, officer, plan)
    with pytest.raises(FieldErrors, match="整改期限"):
        enter(county, officer, plan, "reopening", date(2026, 6, 20))
    enter(county, officer, plan, "reopening", date(2026, 6, 20), due_on=date(2026, 6, 25), text="停产")
    assert plan_rows(county, officer, TODAY)[0].standing.state == "overdue"


def test_evidence_is_kept_and_can_not_be_deleted(county: County, cast: dict[str, Actor], plan: Plan) -> None:
    town = cast["township_officer"]
    made = enter(
        county, town, plan, "progress", date(2026, 3, 1), papers=[Upload("现场.jpg", photo())]
    )  # fmt: skip
    tied = PlanPaper.objects.get(entry=made)
    with pytest.raises(Conflict, match="不能删除"):
        remove_attachment(county, cast["registrar"], tied.attachment_id, reason="清理")
    with pytest.raises(InputError):
        enter(county, town, plan, "progress", date(2026, 3, 1), papers=[Upload("x.jpg", b"no picture")])
    assert PlanEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"kind": "dance"}, "没有“dance”这种记录"),
        ({"on": date(2026, 7, 2)}, "晚于今天"),
        ({"on": date(2026, 1, 9)}, "早于方案编制日期"),
        ({"text": " "}, "情况说明"),
        ({"person": ""}, "记录人"),
        ({"progress": 101}, "0 至 100"),
        ({"item": 1}, "不填写"),
        ({"kind": "measured", "item": 1}, "指标数值"),
        ({"kind": "reopening", "due_on": date(2026, 3, 1)}, "晚于办理日期"),
    ],
)
def test_a_wrong_entry_names_its_field(
    county: County, cast: dict[str, Actor], plan: Plan, told: dict[str, Any], said: str
) -> None:
    asked: dict[str, Any] = {"kind": "progress", "on": date(2026, 3, 1)} | told
    with pytest.raises(InputError, match=said):
        enter(county, cast["idle_land_officer"], plan, **asked)
    assert not PlanEntry.objects.exists()


def test_an_unknown_code_or_account_is_refused(
    county: County, cast: dict[str, Actor], ground: Parcel
) -> None:
    officer = cast["idle_land_officer"]
    for bad in (replace(SOUND, paths=("fly",)), replace(SOUND, officer="nobody")):
        with pytest.raises(FieldErrors):
            draft(county, officer, "parcel", ground.pk, bad)
    with pytest.raises(InputError, match="晚于今天"):
        draft(county, officer, "parcel", ground.pk, on=date(2027, 1, 1))


def test_what_is_due_is_told_with_officer_and_town(
    county: County, cast: dict[str, Actor], plan: Plan
) -> None:
    officer = cast["idle_land_officer"]
    (due,) = plan_duties(county, officer, date(2026, 4, 20), within_days=30)
    assert (due.title, due.days_left, due.officer, due.town_name) == (
        "取得施工许可",
        10,
        officer.username,
        "甲镇",
    )
    assert plan_duties(county, officer, date(2026, 4, 20), within_days=9) == []
    assert plan_duties(county, officer, date(2026, 5, 2), within_days=9)[0].days_left == -2
    assert plan_duties(county, officer, date(2026, 4, 20), within_days=30, officer="x") == []
    assert plan_duties(county, officer, date(2026, 4, 20), within_days=30, town=factories.TOWN_EAST) == []


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE plan_plan SET plan_no = 'x'",
        "DELETE FROM plan_plan",
        "UPDATE plan_version SET goal = 'x'",
        "DELETE FROM plan_version",
        "UPDATE plan_milestone SET due_on = '2030-01-01'",
        "DELETE FROM plan_target",
        "DELETE FROM plan_measure",
        "UPDATE plan_entry SET text = 'x'",
        "DELETE FROM plan_entry",
    ],
)
def test_the_database_lets_nothing_be_rewritten(
    county: County, cast: dict[str, Actor], plan: Plan, attack: str
) -> None:
    enter(county, cast["idle_land_officer"], plan, "progress", date(2026, 3, 1))
    with (
        factories.writing(county),
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(attack)


@pytest.mark.parametrize("subjects", [(), ("parcel", "enterprise")])
def test_the_database_refuses_none_or_two_subjects(
    county: County, ground: Parcel, firm: Enterprise, subjects: tuple[str, ...]
) -> None:
    known = {"parcel": ground, "enterprise": firm}
    with (
        factories.writing(county),
        pytest.raises(IntegrityError, match="plan_one_subject"),
        transaction.atomic(),
    ):
        Plan.objects.create(
            county=county,
            plan_no="x",
            year=2026,
            number=9,
            made_on=MADE,
            **{name: known[name] for name in subjects},
        )


@pytest.mark.parametrize(
    ("row", "constraint"),
    [
        ({"kind": "dance"}, "plan_entry_kind_known"),
        ({"text": ""}, "plan_entry_has_author"),
        ({"progress": 101}, "plan_entry_percent"),
        ({"item": 1}, "plan_entry_item"),
        ({"kind": "milestone", "evidence": "x"}, "plan_entry_item"),
        ({"kind": "milestone", "item": 1}, "plan_entry_has_evidence"),
        ({"kind": "measured", "item": 1}, "plan_entry_value"),
        ({"value": 1}, "plan_entry_value"),
        ({"kind": "closing"}, "plan_entry_has_evidence"),
        ({"kind": "reopening"}, "plan_entry_due"),
        ({"due_on": date(2026, 3, 1)}, "plan_entry_due"),
        ({"kind": "reversal"}, "plan_entry_reversal"),
    ],
)
def test_the_database_refuses_half_an_entry(
    county: County, plan: Plan, row: dict[str, Any], constraint: str
) -> None:
    sound: dict[str, Any] = {"kind": "progress", "text": "x", "person": "y", "by": "z"}
    with factories.writing(county), pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        PlanEntry.objects.create(plan=plan, seq=9, on=MADE, **(sound | row))


@pytest.mark.parametrize(
    ("row", "constraint"),
    [
        ({"goal": ""}, "plan_version_is_whole"),
        ({"problem_types": []}, "plan_version_is_coded"),
        ({"paths": []}, "plan_version_is_coded"),
        ({"to_on": MADE}, "plan_version_period"),
        ({"seq": 1}, "plan_version_once"),
    ],
)
def test_the_database_refuses_half_a_version(
    county: County, plan: Plan, row: dict[str, Any], constraint: str
) -> None:
    sound: dict[str, Any] = {
        "seq": 2, "on": MADE, "problem_types": ["x"], "problem": "x", "goal": "x", "paths": ["x"], "lead_unit": "x",
        "person": "x", "officer": "x", "from_on": MADE, "to_on": TODAY, "by": "x", "reason": "x",
    }  # fmt: skip
    with factories.writing(county), pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        PlanVersion.objects.create(plan=plan, **(sound | row))


def test_an_undeclared_write_is_refused(plan: Plan) -> None:
    version = PlanVersion.objects.get(plan=plan)
    with pytest.raises(DatabaseError), transaction.atomic():
        PlanMilestone.objects.create(version=version, number=9, title="x", due_on=TODAY)
