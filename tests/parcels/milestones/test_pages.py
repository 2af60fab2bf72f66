"""Milestones over HTTP: stated, judged by rule and officer, listed, handed on; the state that falls out; and who may not."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from landgis.access.queries import Actor
from landgis.audit.models import AuditEvent
from landgis.counties.models import County
from parcels.milestones.queries import Filters, listed
from parcels.states.queries import states_on
from parcels.supply.fact_models import Milestone
from parcels.supply.models import ContractPhase
from tests import factories
from tests.factories import TOWN_EAST, SignIn, box

REVIEW = {
    "planned_on": "2024-06-01",
    "actual_on": "2024-07-01",
    "promised-plot_ratio": "1.5",
    "actual-plot_ratio": "1.4",
    "promised-green_ratio": "0.15",
    "actual-green_ratio": "0.15",
    "liability": "按合同第 12 条支付违约金",
    "evidence": "竣工复核意见",
    "reason": "竣工复核",
}


@pytest.fixture
def phase(county: County) -> ContractPhase:
    ground = factories.parcel(county, "A1", box(0, 0, 1, 1))
    return factories.contract(
        county,
        "合1",
        ground,
        agreed_start=date(2021, 3, 1),
        actual_start=date(2021, 3, 1),
        agreed_delivery=date(2020, 12, 1),
    )


@pytest.fixture
def elsewhere(county: County) -> ContractPhase:
    ground = factories.parcel(county, "B1", box(50, 0, 51, 1), town_code=TOWN_EAST)
    return factories.contract(county, "合2", ground)


def text(response: Any) -> str:
    return unescape(response.content.decode())


def state(client: Client, phase: ContractPhase, kind: str = "completion_review", **fields: str) -> Any:
    return client.post(f"/milestones/{phase.pk}/{kind}", {**REVIEW, **fields})


def judge(client: Client, phase: ContractPhase, result: str, remedy: str = "") -> Any:
    return client.post(
        f"/milestones/{phase.pk}/completion_review/verdict",
        {"result": result, "remedy_until": remedy, "reason": "复核组意见"},
    )


def states(county: County, actor: Actor, on: date) -> frozenset[str]:
    return next(item.holding for item in states_on(county, actor, on) if item.contract_no == "合1")


def test_a_review_is_stated_judged_remedied_and_passed(
    county: County, cast: dict[str, Actor], phase: ContractPhase, signed_in: SignIn
) -> None:
    bureau, actor = signed_in("idle_land_officer"), cast["idle_land_officer"]
    assert "2020-12-01" in text(bureau.get(f"/milestones/{phase.pk}/"))
    assert state(signed_in("township_officer"), phase).status_code == 302
    kept = Milestone.objects.get()
    assert (kept.promised, kept.actual["plot_ratio"]) == ({"plot_ratio": "1.5", "green_ratio": "0.15"}, "1.4")
    page = text(bureau.get(f"/milestones/{phase.pk}/"))
    assert "容积率1.4，承诺不低于 1.5" in page
    assert "绿地率0.15%，承诺不高于 0.15%" in page
    assert "2025-07-01" in page  # the remedy that the parameters propose
    refused = judge(bureau, phase, "pass")
    assert refused.status_code == 422
    assert "不能判定通过" in text(refused)
    assert "请填写整改期限" in text(judge(bureau, phase, "fail"))
    assert judge(bureau, phase, "fail", "2025-07-01").status_code == 302
    assert "unreviewed" not in states(county, actor, date(2024, 6, 1))
    for on in (date(2024, 6, 2), date(2024, 7, 1), date(2025, 7, 1), date(2025, 7, 2)):
        assert {"unreviewed", "not_exhausted"} & states(county, actor, on)
        assert "unreviewed" in states(county, actor, on)
    rows, _ = listed(county, actor, date(2025, 7, 1), Filters())
    assert rows[0].standing.status == "remedy"
    rows, _ = listed(county, actor, date(2025, 7, 2), Filters())
    assert rows[0].standing.status == "remedy_over"
    town = state(signed_in("township_officer"), phase, **{"actual-plot_ratio": "1.6"})
    assert town.status_code == 403
    assert "县级已核定" in text(town)
    assert state(bureau, phase, **{"actual-plot_ratio": "1.6", "actual_on": "2025-06-01"}).status_code == 302
    assert judge(bureau, phase, "pass").status_code == 302
    kept.refresh_from_db()
    assert (kept.result, kept.judged_by, kept.remedy_until) == ("pass", "idle_land_officer", None)
    assert "unreviewed" in states(county, actor, date(2025, 5, 31))
    assert "unreviewed" not in states(county, actor, date(2025, 6, 1))
    assert AuditEvent.objects.filter(action="correct_milestone").count() == 3


def test_a_pass_that_the_figures_no_longer_carry_is_told(phase: ContractPhase, signed_in: SignIn) -> None:
    bureau = signed_in("idle_land_officer")
    state(bureau, phase, **{"actual-plot_ratio": "1.5"})
    judge(bureau, phase, "pass")
    state(bureau, phase, **{"actual-plot_ratio": "1.2"})
    assert "已判定通过，但现有指标未达承诺" in text(bureau.get(f"/milestones/{phase.pk}/"))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"planned_on": "", "actual_on": ""}, "至少填写一项"),
        ({"planned_on": "六月"}, "请按 2026-01-31 的样式填写日期"),
        ({"actual_on": "2999-01-01"}, "尚未发生的事不能登记"),
        ({"actual-plot_ratio": "高"}, "请填写数字"),
        ({"actual-plot_ratio": "-1"}, "不能为负数"),
        ({"evidence": ""}, "必填"),
        ({"reason": ""}, "必填"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field(
    fields: dict[str, str], words: str, phase: ContractPhase, signed_in: SignIn
) -> None:
    answer = state(signed_in("township_officer"), phase, **fields)
    assert answer.status_code == 422
    assert words in text(answer)
    assert not Milestone.objects.exists()


def test_rights_and_territory(phase: ContractPhase, elsewhere: ContractPhase, signed_in: SignIn) -> None:
    town, bureau = signed_in("township_officer"), signed_in("idle_land_officer")
    assert state(bureau, elsewhere).status_code == 302
    assert town.get(f"/milestones/{elsewhere.pk}/").status_code == 404
    assert state(town, elsewhere).status_code == 404
    assert "合2" not in text(town.get("/milestones/"))
    assert "合2" in text(bureau.get("/milestones/"))
    state(town, phase)
    assert judge(town, phase, "fail", "2025-07-01").status_code == 403
    for role, sees, writes in (("leader", 200, 403), ("agency", 403, 403), ("system_admin", 403, 403)):
        client = signed_in(role)
        assert client.get("/milestones/").status_code == sees
        assert client.get(f"/milestones/{phase.pk}/").status_code == sees
        assert state(client, phase).status_code == writes
        assert judge(client, phase, "fail", "2025-07-01").status_code == 403
    assert bureau.post(f"/milestones/{phase.pk}/party").status_code == 404
    assert bureau.post(f"/milestones/{phase.pk}/party/verdict").status_code in (404, 422)
    assert bureau.get("/milestones/99999999999/").status_code == 404


def test_a_firms_tax_goes_out_only_to_those_who_may_see_it(phase: ContractPhase, signed_in: SignIn) -> None:
    bureau = signed_in("idle_land_officer")
    figures = {"promised-tax_per_mu": "25", "actual-tax_per_mu": "20.5"}
    assert state(bureau, phase, "full_production_review", **figures).status_code == 302
    assert "亩均税收20.5万元/亩" in text(bureau.get(f"/milestones/{phase.pk}/"))
    registrar = text(signed_in("registrar").get(f"/milestones/{phase.pk}/"))
    assert "20.5" not in registrar
    assert "亩均税收未达承诺" in registrar
    for role, shown in (
        ("idle_land_officer", "亩均税收未达承诺"),
        ("evaluation_officer", "亩均税收20.5万元/亩"),
    ):
        book = signed_in(role).get("/milestones/list.xlsx")
        rows = CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_index(0).to_python()
        assert shown in str(rows)


def test_the_list_is_filtered_by_how_things_stand_and_where(phase: ContractPhase, signed_in: SignIn) -> None:
    bureau, today = signed_in("idle_land_officer"), timezone.localdate()
    days = {
        "delivery": today - timedelta(3),
        "start": today + timedelta(5),
        "production": today + timedelta(90),
    }
    for kind, day in days.items():
        assert state(bureau, phase, kind, planned_on=f"{day}", actual_on="").status_code == 302
    for status, title in (("overdue", "交地"), ("soon", "动工"), ("planned", "投产")):
        rows = text(bureau.get("/milestones/", {"status": status}))
        assert [kind for kind in days if f"/milestones/{phase.pk}/#{kind}" in rows] == [
            next(k for k in days if {"delivery": "交地", "start": "动工", "production": "投产"}[k] == title)
        ]
    waiting = text(bureau.get("/milestones/", {"status": "open"}))
    assert "超 3 日" in waiting
    assert "余 5 日" in waiting
    assert "没有符合条件的节点" in text(bureau.get("/milestones/", {"town": TOWN_EAST}))
    assert bureau.get("/milestones/", {"on": "soon"}).status_code == 422
    assert bureau.get("/milestones/list.xlsx", {"on": "soon"}).status_code == 200
    assert bureau.get("/milestones/", {"on": "2020-01-01"}).status_code == 200


def test_the_list_asks_as_often_for_many_as_for_few(
    county: County, signed_in: SignIn, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    bureau = signed_in("idle_land_officer")
    for n in range(12):
        made = factories.contract(county, f"多{n}", factories.parcel(county, f"M{n}", box(n, 2, n + 1, 3)))
        with factories.writing(county):
            Milestone.objects.create(phase=made, kind="start", planned_on=date(2024, 1, 1), evidence="合同")
    with django_assert_max_num_queries(14):
        assert text(bureau.get("/milestones/")).count("多") >= 12
