"""Plans of targets on screen: drafted, filled, decided by a second person; what follows is followed without code."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from landgis.access.queries import Actor
from landgis.audit.change import change
from landgis.audit.models import AuditEvent
from landgis.counties.models import County, Parameter, Target
from landgis.lib.errors import Conflict, Forbidden, InputError, Outdated
from parcels.campaigns.models import TargetPlan, TownTarget, YearTarget
from parcels.campaigns.plan_actions import Document, aims_of, draft_plan, drop_plan, enforce_plan, fill_plan
from parcels.campaigns.plan_rules import Aim
from parcels.campaigns.queries import status_on
from parcels.ledgers.queries import count_lines
from parcels.reports.queries import content_on
from tests import factories
from tests.factories import TOWN_EAST, TOWN_WEST, SignIn
from tests.parcels.cadastre.test_papers import pdf

pytestmark = pytest.mark.django_db
PDF = pdf()
TODAY = date(2026, 6, 1)
KEY, YEARLY, FIRMS = (
    "remediation.total_mu", "revitalisation.yearly_mu", "remediation.phased_out_enterprises",
)  # fmt: skip


@pytest.fixture
def officer(cast: dict[str, Actor]) -> Actor:
    return cast["evaluation_officer"]


@pytest.fixture
def checker(officer: Actor) -> Actor:
    return replace(officer, username="checker")


@pytest.fixture
def running(county: County) -> None:
    with factories.writing(county):
        for key, value, unit in ((KEY, 9000, "亩"), (YEARLY, 1000, "亩/年"), (FIRMS, 45, "家")):
            Target.objects.create(
                county=county, key=key, value=value, unit=unit, basis="前一方案", valid_from=date(2024, 1, 1),
                valid_to=date(2027, 12, 31),
            )  # fmt: skip
        for model, part in ((TownTarget, {"town_code": TOWN_WEST}), (YearTarget, {"year": 2024})):
            model.objects.create(
                county=county, key=KEY, value=9000, unit="亩", basis="前一方案", valid_from=date(2024, 1, 1),
                valid_to=date(2027, 12, 31), **part,
            )  # fmt: skip


def drafted(county: County, officer: Actor, **more: Any) -> TargetPlan:
    document = Document(
        more.pop("name", "新方案〔2026〕1号"),
        more.pop("first", date(2027, 1, 1)),
        more.pop("last", date(2028, 12, 31)),
        "方案.pdf",
        PDF,
    )
    return draft_plan(county=county, actor=officer, document=document, reason="接续", today=TODAY, **more)


def filled(plan: TargetPlan, **figures: dict[str, Any]) -> list[Aim]:
    """The plan's aims with figures by their id (dots and @ as double underscores)."""
    by = {key.replace("__", "."): stated for key, stated in figures.items()}
    return [replace(aim, **by[aim.key]) if aim.key in by else aim for aim in aims_of(plan)]


def whole(county: County, officer: Actor, plan: TargetPlan) -> TargetPlan:
    aims = [
        replace(
            aim,
            value=Decimal({KEY: 6000, YEARLY: 800, FIRMS: 30}[aim.key]),
            towns={TOWN_WEST: Decimal({KEY: 2000, YEARLY: 300, FIRMS: 10}[aim.key]),
                   TOWN_EAST: Decimal({KEY: 4000, YEARLY: 500, FIRMS: 20}[aim.key])},
            years={2027: Decimal(2500), 2028: Decimal(3500)} if aim.key == KEY else {},
        )
        if aim.key in (KEY, YEARLY, FIRMS)
        else aim
        for aim in aims_of(plan)
    ]  # fmt: skip
    return fill_plan(county=county, actor=officer, plan_id=plan.pk, seen=plan.change_id, aims=aims)


def decided(county: County, actor: Actor, plan: TargetPlan) -> TargetPlan:
    return enforce_plan(
        county=county, actor=actor, plan_id=plan.pk, seen=plan.change_id, today=TODAY, reason="市政府批准"
    )


def test_a_plan_takes_over_and_everything_follows(
    county: County, officer: Actor, checker: Actor, running: None
) -> None:
    plan = decided(county, checker, whole(county, officer, drafted(county, officer)))
    assert (plan.state, plan.decided_by) == ("in_force", "checker")
    eve, first = date(2026, 12, 31), date(2027, 1, 1)
    assert Target.objects.get(county=county, key=KEY, valid_from=date(2024, 1, 1)).valid_to == eve
    assert Target.objects.filter(county=county, key=YEARLY, valid_from__gte=first).count() == 2
    assert {row.valid_to for row in TownTarget.objects.filter(key=KEY, valid_from__lt=first)} == {eve}
    assert {row.valid_to for row in YearTarget.objects.filter(key=KEY, valid_from__lt=first)} == {eve}
    status = status_on(county, officer, date(2027, 6, 30))
    ledger = status.ledgers["remediation"]
    assert (ledger.county.target, ledger.basis) == (Decimal(6000), "新方案〔2026〕1号")
    assert ledger.county.due == Decimal(2500) * 181 / 365
    assert ledger.towns[TOWN_EAST].target == 4000
    assert status.ledgers["revitalisation"].county.target == 800
    assert status_on(county, officer, date(2026, 6, 1)).ledgers["remediation"].county.target == 9000
    assert [line.progress.target for line in count_lines(county, officer, date(2027, 6, 30))] == [30]
    event = AuditEvent.objects.get(action="enforce_target_plan")
    assert (event.actor, event.reason, len(event.summary["aims"])) == ("checker", "市政府批准", 4)


def test_days_before_the_successor_keep_their_pace(
    county: County, officer: Actor, checker: Actor, running: None
) -> None:
    """A plan that takes over early changes no day before it: neither the ledgers, nor the counts, nor a report."""
    days = [date(2024, 6, 30), date(2026, 6, 30), date(2026, 12, 31)]

    def told() -> list[object]:
        return [
            (
                [
                    (one.county, one.towns, one.period)
                    for one in status_on(county, officer, on).ledgers.values()
                ],
                [(line.progress, line.by_town) for line in count_lines(county, officer, on)],
                content_on(county, officer, "yearly", on).as_json() if on < timezone.localdate() else None,
            )
            for on in days
        ]

    before = told()
    decided(county, checker, whole(county, officer, drafted(county, officer)))
    assert told() == before
    ended = Target.objects.get(county=county, key=KEY, valid_from=date(2024, 1, 1))
    assert (ended.valid_to, ended.term_to) == (date(2026, 12, 31), date(2027, 12, 31))


def test_reports_follow_a_backdated_plan(county: County, officer: Actor, checker: Actor) -> None:
    with factories.writing(county):
        Target.objects.create(
            county=county, key=KEY, value=9000, unit="亩", basis="前一方案", valid_from=date(2021, 1, 1),
            valid_to=date(2023, 12, 31),
        )  # fmt: skip
    with pytest.raises(InputError, match="追溯"):
        drafted(county, officer, first=date(2024, 1, 1), last=date(2026, 12, 31))
    plan = drafted(county, officer, first=date(2024, 1, 1), last=date(2026, 12, 31), backdated=True)
    aims = filled(plan, remediation__total_mu={"value": Decimal(3000)})
    plan = fill_plan(county=county, actor=officer, plan_id=plan.pk, seen=plan.change_id, aims=aims)
    decided(county, checker, plan)
    content = content_on(county, officer, "monthly", date(2025, 6, 30))
    assert content.towns[0]["figures"]["remediation_target_mu"] == "3000"
    assert content.heading["targets"]["remediation"]["basis"] == "新方案〔2026〕1号"


def test_what_does_not_add_up_is_told_and_not_put_in_force(
    county: County, officer: Actor, checker: Actor, running: None
) -> None:
    plan = drafted(county, officer)
    aims = filled(
        plan,
        remediation__total_mu={"value": Decimal(6000), "towns": {TOWN_WEST: Decimal(5999)}, "years": {2027: Decimal(1)}},
        remediation__phased_out_enterprises={"towns": {TOWN_WEST: Decimal(1)}},
    )  # fmt: skip
    plan = fill_plan(county=county, actor=officer, plan_id=plan.pk, seen=plan.change_id, aims=aims)
    with pytest.raises(Conflict, match=r"各镇街合计 5999.*没有全县目标") as refused:
        decided(county, checker, plan)
    assert refused.value.code == "plan_does_not_add_up"
    assert "各年度合计 1" in str(refused.value)
    percent = drafted(county, officer)
    aims = filled(percent, supply__industrial_share_min={"value": Decimal(30)})
    percent = fill_plan(county=county, actor=officer, plan_id=percent.pk, seen=percent.change_id, aims=aims)
    with pytest.raises(Conflict, match=r"请按小数填写"):
        decided(county, checker, percent)
    empty = drafted(county, officer)
    with pytest.raises(Conflict, match="还没有填写"):
        decided(county, checker, empty)
    assert Target.objects.filter(county=county).count() == 3


def test_two_people_unless_the_county_asks_for_one(
    county: County, officer: Actor, checker: Actor, running: None
) -> None:
    plan = whole(county, officer, drafted(county, officer))
    with pytest.raises(Conflict, match="另一人") as refused:
        decided(county, officer, plan)
    assert refused.value.code == "plan_same_hand"
    with factories.writing(county):
        Parameter.objects.filter(county=county, key="procedure.four_eyes").update(value=False)
    assert decided(county, officer, plan).state == "in_force"


def test_nothing_is_overwritten(county: County, officer: Actor, checker: Actor, running: None) -> None:
    plan = whole(county, officer, drafted(county, officer))
    with pytest.raises(Outdated):
        fill_plan(county=county, actor=officer, plan_id=plan.pk, seen=plan.change_id - 1, aims=[])
    plan = decided(county, checker, plan)
    with pytest.raises(Conflict, match="不能再改"):
        fill_plan(county=county, actor=officer, plan_id=plan.pk, seen=plan.change_id, aims=[])
    again = whole(county, officer, drafted(county, officer, name="又一方案"))
    with pytest.raises(Conflict, match="自 2027-01-01 起已有同一目标"):
        decided(county, checker, again)
    assert drop_plan(
        county=county, actor=officer, plan_id=again.pk, seen=again.change_id, today=TODAY, reason="重复"
    ).state == "dropped"  # fmt: skip
    for act in (lambda: TargetPlan.objects.update(name="改"), lambda: TargetPlan.objects.all().delete()):
        with (
            pytest.raises(DatabaseError, match="decided plan never changes"),
            transaction.atomic(),
            change(county_code=county.code, by="x", action="x", reason="x"),
        ):
            act()


def test_who_may(county: County, cast: dict[str, Actor], officer: Actor) -> None:
    for role in ("township_officer", "leader"):
        with pytest.raises(Forbidden):
            drafted(county, cast[role])


@given(
    parts=st.lists(st.decimals(0, 10**6, places=4), min_size=1, max_size=14), off=st.decimals(-5, 5, places=4)
)
def test_parts_are_right_exactly_when_they_add_up(parts: list[Decimal], off: Decimal) -> None:
    total = sum(parts, Decimal(0)) + off
    aim = Aim(
        KEY, "整治", "亩", date(2027, 1, 1), date(2028, 12, 31), True, total,
        towns={str(place): part for place, part in enumerate(parts)},
    )  # fmt: skip
    assert (not aim.problems) == (off == 0 and total > 0)


@pytest.mark.parametrize(("unit", "told"), [("家", True), ("亩", False)])
def test_what_is_counted_has_no_halves(unit: str, told: bool) -> None:
    aim = Aim(
        "evaluation.firms", "整治提升企业", unit, date(2027, 1, 1), date(2027, 12, 31), True, Decimal(45),
        towns={"a": Decimal("22.5"), "b": Decimal("22.5")},
    )  # fmt: skip
    assert bool(aim.problems) is told
    assert not told or "应为整数" in aim.problems[0]


def test_pages(county: County, running: None, signed_in: SignIn) -> None:
    browser = signed_in("evaluation_officer")
    told = {
        "name": "新方案", "valid_from": "2099-01-01", "valid_to": "2100-12-31", "reason": "接续",
        "file": SimpleUploadedFile("方案.pdf", PDF, "application/pdf"),
    }  # fmt: skip
    assert (
        "终止日期"
        in browser.post(
            "/campaigns/plans/", {**told, "valid_to": "2098-01-01", "file": SimpleUploadedFile("a.pdf", PDF)}
        ).content.decode()
    )
    assert browser.post("/campaigns/plans/", {**told, "file": ""}).status_code == 422
    answer = browser.post("/campaigns/plans/", {**told, "file": SimpleUploadedFile("方案.pdf", PDF)})
    assert answer.status_code == 302
    plan = TargetPlan.objects.get()
    at = f"/campaigns/plans/{plan.pk}/"
    figures = {
        "seen": plan.change_id, f"value:{KEY}": "6000", f"town:{KEY}:{TOWN_WEST}": "2500", f"value:{YEARLY}@2099": "800",
    }  # fmt: skip
    assert browser.post(at, {**figures, f"value:{KEY}": "x"}).status_code == 422
    assert browser.post(at, figures).status_code == 302
    page = browser.get(at).content.decode()
    assert "相差 -3500" in page
    assert "2099年盘活存量土地" in page
    assert browser.post(at, figures).status_code == 412  # the draft was changed since
    plan.refresh_from_db()
    assert browser.post(at + "decide", {"seen": plan.change_id, "reason": "批准"}).status_code == 409
    assert browser.get(at + "paper").content == PDF
    assert browser.get(at + "plan.xlsx").status_code == 200
    assert browser.get("/campaigns/plans/").status_code == 200
    assert (
        browser.post(at + "decide", {"seen": plan.change_id, "reason": "重拟", "drop": "1"}).status_code
        == 302
    )
    assert "已作废" in browser.get(at).content.decode()
    assert browser.get("/campaigns/plans/999999/").status_code == 404
    assert signed_in("township_officer").get("/campaigns/plans/").status_code == 403
    assert signed_in("leader").get(at).status_code == 200
    assert signed_in("leader").post(at, figures).status_code == 403
