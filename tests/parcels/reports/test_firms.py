"""The 高耗低效 firms in the weekly report: frozen, equal to the byte, no sum of too few firms, each row to its file."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from landgis.access.queries import Actor
from landgis.counties.models import County
from landgis.lib.errors import Conflict
from parcels.enterprises.models import Enterprise
from parcels.low_efficiency.deadlines import look_back_on
from parcels.low_efficiency.models import LowEfficiencyFile
from parcels.low_efficiency.procedure import SHUT
from parcels.low_efficiency.rules import REPOSSESSION
from parcels.low_efficiency.weeks import record_week
from parcels.reports.actions import freeze_issue, prepare_issue
from parcels.reports.models import ReportIssue
from parcels.reports.queries import Content, content_on, is_intact
from parcels.reports.rules import WHOLE, counting
from parcels.wall.queries import wall_on
from tests.factories import TOWN_EAST, TOWN_WEST, SignIn
from tests.parcels.grading.conftest import firms, officer
from tests.parcels.low_efficiency.conftest import graded
from tests.parcels.low_efficiency.making import FILED_ON, TODAY, filed, frozen, signed, taken

__all__ = ["firms", "graded", "officer"]  # fixtures of the rooms below
pytestmark = pytest.mark.django_db
SUNDAY = FILED_ON + timedelta(days=6)


@pytest.fixture
def files(county: County, graded: list[Enterprise], officer: Actor) -> list[LowEfficiencyFile]:
    """Five listed firms, three of 甲镇 and two of 乙镇, each with 100 kWh in the week."""
    made = filed(county, officer, *[firm.uscc for firm in graded], label=REPOSSESSION)
    frozen(county, officer)
    for of in made:
        used(county, officer, of, FILED_ON, 100)
    return made


def used(county: County, officer: Actor, of: LowEfficiencyFile, week: date, kwh: int) -> None:
    record_week(
        county=county, actor=officer, file_id=of.pk, week=week, today=TODAY, electricity_kwh=Decimal(kwh),
        progress=None, text="", person="何某",
    )  # fmt: skip


def freeze(county: County, actor: Actor, on: date, corrects: int | None = None) -> ReportIssue:
    return freeze_issue(
        county=county, actor=actor, kind="weekly", on=on, today=TODAY, reason="每周通报", corrects_id=corrects
    )


def test_the_week_is_frozen_and_a_run_again_is_equal_to_the_byte(
    county: County, officer: Actor, cast: dict[str, Actor], files: list[LowEfficiencyFile], signed_in: SignIn
) -> None:
    made = freeze(county, officer, SUNDAY)
    assert is_intact(made)
    # What happens after the week, and who runs it again, changes nothing of it.
    signed(county, officer, files[0])
    used(county, officer, files[0], SUNDAY + timedelta(days=1), 900)
    for actor in (officer, cast["registrar"]):
        again = prepare_issue(county=county, actor=actor, kind="weekly", on=SUNDAY, today=TODAY)
        assert again.body == made.body
    later = freeze(county, officer, date(2026, 2, 15))
    assert later.issue_no != made.issue_no
    before, after = (Content.from_text(issue.body).row(WHOLE) for issue in (made, later))
    assert before is not None
    assert after is not None
    assert (before["figures"]["firms_agreements"], after["figures"]["firms_agreements"]) == ("0", "1")
    assert (before["figures"]["firms_new"], after["figures"]["firms_new"]) == ("5", "0")
    # A week's electricity that is corrected later is another content: only a new issue may say so.
    used(county, officer, files[0], FILED_ON, 300)
    with pytest.raises(Conflict, match="已有变化"):
        freeze(county, officer, SUNDAY)
    assert freeze(county, officer, SUNDAY, made.pk).corrects == made
    assert is_intact(ReportIssue.objects.get(pk=made.pk))

    page = signed_in("evaluation_officer").get(f"/low-efficiency/weekly/?on={FILED_ON}").content.decode()
    assert ReportIssue.objects.get(corrects=made).issue_no in page
    assert made.issue_no not in page
    unfrozen = f"/low-efficiency/weekly/?on={FILED_ON + timedelta(days=14)}"
    assert "编制本期" in signed_in("evaluation_officer").get(unfrozen).content.decode()
    told = signed_in("leader").get(unfrozen).content.decode()
    assert "本周还没有编制周通报" in told
    assert "编制本期" not in told


def test_the_rows_are_files_and_no_issue_tells_a_sum_of_too_few_firms(
    county: County, officer: Actor, cast: dict[str, Actor], files: list[LowEfficiencyFile], signed_in: SignIn
) -> None:
    found = content_on(county, officer, "weekly", SUNDAY)
    listed = {row["code"]: row["figures"]["firms_listed"] for row in found.towns}
    assert listed == {WHOLE: "5", TOWN_WEST: "3", TOWN_EAST: "2"}
    rows = counting(found.items, "firms_listed", TOWN_EAST)
    assert {item.kind for item in rows} == {"firm"}
    names = {firm.name for firm in Enterprise.objects.filter(county=county)}
    assert not any(name in str(found.as_json()) for name in names)
    # 乙镇 has two firms: neither they nor what is left of the total without 甲镇 may be told, to anybody.
    shown = [row["figures"]["firms_kwh"] for row in found.towns]
    assert shown[2] is None
    assert shown.count(None) >= 2
    own = content_on(county, cast["township_officer"], "weekly", SUNDAY)
    assert own.towns == found.part_of(cast["township_officer"]).towns
    page = signed_in("leader").get(
        "/reports/rows/", {"kind": "weekly", "on": str(SUNDAY), "figure": "firms_listed", "town": ""}
    )
    assert f'href="/low-efficiency/{files[0].pk}/"' in page.content.decode()


def test_missing_weeks_and_looks_back_are_overdue_each_leading_to_its_page(
    county: County, officer: Actor, cast: dict[str, Actor], files: list[LowEfficiencyFile], signed_in: SignIn
) -> None:
    taken(county, officer, files[0], SHUT, SUNDAY)
    on = look_back_on(county, SUNDAY) + timedelta(days=1)
    found = content_on(county, officer, "weekly", on)
    late = [item for item in found.items if item.kind in ("look_back", "weeks")]
    assert [(item.kind, item.town_code) for item in late] == [
        ("look_back", TOWN_WEST),
        ("weeks", TOWN_WEST),
        ("weeks", TOWN_EAST),
    ]
    assert {"高耗低效企业每周跟踪 2 家没有填报"} == {item.title for item in late[1:]}
    assert [row["figures"]["overdue_tasks"] for row in found.towns] == ["3", "2", "1"]
    town = cast["township_officer"]
    assert content_on(county, town, "weekly", on).towns == found.part_of(town).towns
    page = signed_in("leader").get(
        "/reports/rows/", {"kind": "weekly", "on": str(on), "figure": "overdue_tasks", "town": ""}
    )
    assert f'href="/low-efficiency/{files[0].pk}/"' in page.text
    assert 'href="/low-efficiency/due/?kind=week"' in page.text
    assert {one["url"] for one in wall_on(county, officer, on)["overdue"]} == {
        f"/low-efficiency/{files[0].pk}/", "/low-efficiency/due/?kind=week"
    }  # fmt: skip
