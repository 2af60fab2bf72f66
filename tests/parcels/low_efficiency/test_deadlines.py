"""What files ask for on a day: weeks, looks back, duties of plans; where it is shown; firms that relapsed."""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from landgis.access.queries import Actor
from landgis.audit.change import change
from landgis.counties.models import County, Parameter
from parcels.enterprises.models import Enterprise
from parcels.low_efficiency.deadlines import LOOK, MILESTONE, WEEK, file_duties, look_back_on
from parcels.low_efficiency.models import LowEfficiencyFile
from parcels.low_efficiency.procedure import LOOKED_BACK, PLANNED, REOPENED, SHUT
from parcels.low_efficiency.weeks import record_week
from tests import factories
from tests.factories import SignIn
from tests.parcels.low_efficiency.making import FILED_ON, LAST, TODAY, filed, frozen, plan_of, taken

LAST_FIRM = "913307820000000004"
WEEKS_ON = date(2026, 2, 4)  # a Wednesday, in the fourth week from the Monday of the listing
MANY = 20_000


@pytest.fixture
def listed(county: County, graded: list[Enterprise], officer: Actor) -> LowEfficiencyFile:
    """The firm of the last grade, filed and listed on a Monday."""
    (made,) = filed(county, officer, LAST_FIRM)
    frozen(county, officer)
    return made


def duties(county: County, actor: Actor, on: date, *kinds: str, **told: Any) -> list[tuple[str, str, date]]:
    found = file_duties(county, actor, on, **({"within_days": MANY} | told))
    return [(due.kind, due.title, due.due_on) for due in found if not kinds or due.kind in kinds]


def follow_up(county: County, actor: Actor, of: LowEfficiencyFile, week: date) -> None:
    record_week(
        county=county, actor=actor, file_id=of.pk, week=week, today=TODAY, electricity_kwh=Decimal(1), progress=None,
        text="", person="何某",
    )  # fmt: skip


def test_weeks_that_nobody_followed_up_are_overdue_until_they_are(
    county: County, listed: LowEfficiencyFile, officer: Actor
) -> None:
    assert FILED_ON.weekday() == 0
    assert duties(county, officer, FILED_ON, WEEK) == [(WEEK, f"{FILED_ON} 一周", date(2026, 1, 18))]
    (late,) = file_duties(county, officer, WEEKS_ON, within_days=0)
    assert (late.title, late.due_on, late.days_late) == (
        "缺 3 周，最早 2026-01-12 一周",
        date(2026, 1, 18),
        17,
    )
    assert late.town_name == "乙镇"
    for n in range(3):
        follow_up(county, officer, listed, FILED_ON + timedelta(days=7 * n + 3))
    assert duties(county, officer, WEEKS_ON) == [(WEEK, "2026-02-02 一周", date(2026, 2, 8))]
    follow_up(county, officer, listed, WEEKS_ON)
    assert duties(county, officer, WEEKS_ON) == []


def test_an_ended_firm_is_to_be_looked_back_at_within_the_dated_term(
    county: County, listed: LowEfficiencyFile, officer: Actor
) -> None:
    ended = date(2026, 2, 2)
    taken(county, officer, listed, SHUT, ended)
    until = look_back_on(county, ended)
    assert until == date(2026, 8, 3)  # 180 days end on a Saturday
    assert duties(county, officer, TODAY) == [(LOOK, "关停退出（2026-02-02）后回头看", until)]
    with change(county_code=county.code, by="测试员", action="test", reason="期限"):
        Parameter.objects.filter(key="low_efficiency.term.look_back").update(
            value={"amount": 1, "unit": "month"}
        )
    (late,) = file_duties(county, officer, TODAY, within_days=0)
    assert late.due_on == date(2026, 3, 2)
    assert late.overdue
    taken(county, officer, listed, LOOKED_BACK, date(2026, 5, 6))
    assert duties(county, officer, TODAY) == []
    taken(county, officer, listed, REOPENED, date(2026, 5, 7))
    assert (
        duties(county, officer, date(2026, 5, 8), WEEK) == []
    )  # the week of the reopening has begun already
    assert duties(county, officer, date(2026, 5, 11), WEEK) != []


def test_plans_duties_stand_beside_and_may_be_left_out(
    county: County, listed: LowEfficiencyFile, officer: Actor, cast: dict[str, Actor]
) -> None:
    plan = plan_of(county, officer, listed)
    taken(county, officer, listed, PLANNED, date(2026, 1, 20), plan_id=plan.pk)
    found = duties(county, officer, date(2026, 1, 21), MILESTONE)
    assert found
    assert all(plan.plan_no in title for _, title, _ in found)
    assert duties(county, officer, date(2026, 1, 21), MILESTONE, with_plans=False) == []
    # Of another town's files a town sees none.
    assert duties(county, cast["township_officer"], WEEKS_ON) == []
    assert duties(county, officer, WEEKS_ON, WEEK, town="990001100") == []


@pytest.mark.usefixtures("listed")
def test_the_pages_show_and_hand_out_what_is_due(signed_in: SignIn) -> None:
    browser = signed_in("evaluation_officer")
    page = browser.get("/low-efficiency/due/").content.decode()
    assert "每周跟踪" in page
    assert "企业4" in page
    assert "企业4" not in browser.get("/low-efficiency/due/?kind=look_back").content.decode()
    book = CalamineWorkbook.from_filelike(io.BytesIO(browser.get("/low-efficiency/due/due.xlsx").content))
    assert "企业4" in str(book.get_sheet_by_index(0).to_python())
    assert "企业4" in signed_in("leader").get("/idle-land/deadlines/").content.decode()
    assert "企业4" not in signed_in("township_officer").get("/low-efficiency/due/").content.decode()


def test_a_firm_that_fits_again_after_its_end_is_told_with_its_file(
    county: County, listed: LowEfficiencyFile, officer: Actor, signed_in: SignIn
) -> None:
    browser = signed_in("evaluation_officer")
    page = f"/low-efficiency/candidates/?year={LAST}&show=relapsed"
    assert "再次符合 0" in browser.get(page).content.decode()
    taken(county, officer, listed, SHUT, date(2026, 2, 2))
    # Of figures from before its end nothing follows.
    assert "再次符合 0" in browser.get(page).content.decode()
    year = timezone.localdate().year
    assert (
        "再次符合 0" in browser.get(f"/low-efficiency/candidates/?year={year}&show=relapsed").content.decode()
    )
    firm = Enterprise.objects.get(uscc=LAST_FIRM)
    factories.annual_return(firm, year, energy_tce=5000, value_added_wan=100, source="x")
    told = browser.get(f"/low-efficiency/candidates/?year={year}&show=relapsed").content.decode()
    assert "再次符合 1" in told
    assert f"/low-efficiency/{listed.pk}/#step-reopened" in told
