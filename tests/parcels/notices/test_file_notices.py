"""What the files of inefficient firms ask for among what is told of a day: by town and person, settled when it is done."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from landgis.access.queries import Actor
from landgis.counties.models import County
from parcels.enterprises.models import Enterprise
from parcels.low_efficiency.deadlines import look_back_on
from parcels.low_efficiency.models import LowEfficiencyFile
from parcels.low_efficiency.procedure import LOOKED_BACK, SHUT
from parcels.low_efficiency.rules import REPOSSESSION
from parcels.low_efficiency.weeks import record_week
from parcels.notices.actions import send_digest
from parcels.notices.models import Digest, Notice
from tests.factories import TOWN_EAST, TOWN_WEST, SignIn
from tests.parcels.grading.conftest import firms, officer
from tests.parcels.low_efficiency.conftest import graded
from tests.parcels.low_efficiency.making import FILED_ON, TODAY, filed, frozen, taken

__all__ = ["firms", "graded", "officer"]
pytestmark = pytest.mark.django_db
SUNDAY = FILED_ON + timedelta(days=6)
Told = dict[str, list[tuple[str, int, str, str]]]


@pytest.fixture
def files(county: County, graded: list[Enterprise], officer: Actor) -> list[LowEfficiencyFile]:
    """Two firms of 甲镇 and one of 乙镇, listed on a Monday."""
    usccs = (graded[0].uscc, graded[1].uscc, graded[4].uscc)
    made = filed(county, officer, *usccs, label=REPOSSESSION)
    frozen(county, officer)
    return made


def told(county: County, cast: dict[str, Actor], on: date) -> Told:
    """Person → what stands open before them after the run of the day: kind of duty, threshold, scope, town."""
    send_digest(county=county, actor=cast["idle_land_officer"], on=on, today=date(2027, 1, 1), commit=True)
    found: Told = {}
    for row in Notice.objects.filter(settled_on=None).select_related("user").order_by("town_code", "key"):
        found.setdefault(row.user.username, []).append((row.article, row.threshold, row.scope, row.town_code))
    return found


def follow_up(county: County, actor: Actor, of: LowEfficiencyFile) -> None:
    record_week(
        county=county, actor=actor, file_id=of.pk, week=FILED_ON, today=TODAY, electricity_kwh=Decimal(1), progress=None,
        text="", person="何某",
    )  # fmt: skip


def test_a_towns_week_is_one_matter_and_the_county_is_told_when_it_is_late(
    county: County, cast: dict[str, Actor], files: list[LowEfficiencyFile]
) -> None:
    assert told(county, cast, FILED_ON) == {"township_officer": [("每周跟踪", 7, "town", TOWN_WEST)]}
    row = Notice.objects.get(settled_on=None)
    assert (row.title, row.due_on) == (f"每周跟踪：2 家企业还没有填报，最早 {SUNDAY} 到期", SUNDAY)
    assert told(county, cast, SUNDAY) == {"township_officer": [("每周跟踪", 0, "town", TOWN_WEST)]}
    late = told(county, cast, SUNDAY + timedelta(days=1))
    assert late["township_officer"] == [("每周跟踪", -1, "town", TOWN_WEST)]
    assert late["evaluation_officer"] == [
        ("每周跟踪", -1, "county", TOWN_WEST),
        ("每周跟踪", -1, "county", TOWN_EAST),
    ]
    assert "idle_land_officer" not in late
    digest = Digest.objects.get(user__username="evaluation_officer", on=SUNDAY + timedelta(days=1))
    assert [row["kind"] for row in digest.rows] == ["file", "file"]
    assert len(files) == 3


def test_the_last_firm_followed_up_settles_the_towns_week(
    county: County, cast: dict[str, Actor], files: list[LowEfficiencyFile]
) -> None:
    told(county, cast, SUNDAY)
    rows = Notice.objects.filter(town_code=TOWN_WEST, threshold=0)
    follow_up(county, cast["township_officer"], files[0])
    assert rows.get().settled_on is None
    follow_up(county, cast["township_officer"], files[1])
    assert rows.get().settled_why == "done"
    assert "township_officer" not in told(county, cast, SUNDAY)


def test_a_look_back_is_told_by_its_file_and_settled_by_the_step(
    county: County, cast: dict[str, Actor], files: list[LowEfficiencyFile], officer: Actor
) -> None:
    ended = date(2026, 2, 2)
    taken(county, officer, files[0], SHUT, ended)
    until = look_back_on(county, ended)
    told(county, cast, until - timedelta(days=30))
    (notice,) = Notice.objects.filter(file=files[0])
    assert (notice.user.username, notice.threshold, notice.due_on) == ("township_officer", 30, until)
    assert notice.subject == f"{files[0].file_no} 企业0"
    taken(county, officer, files[0], LOOKED_BACK, TODAY)
    notice.refresh_from_db()
    assert notice.settled_why == "done"


def test_the_page_leads_to_the_file_and_to_the_towns_duties(
    county: County, cast: dict[str, Actor], files: list[LowEfficiencyFile], officer: Actor, signed_in: SignIn
) -> None:
    taken(county, officer, files[0], SHUT, date(2026, 2, 2))
    told(county, cast, look_back_on(county, date(2026, 2, 2)))
    page = signed_in("township_officer").get("/notices/?kind=file")
    assert f'href="/low-efficiency/{files[0].pk}/"' in page.text
    assert 'href="/low-efficiency/due/?kind=week"' in page.text
    assert "没有通知" in signed_in("township_officer").get("/notices/?kind=task").text
