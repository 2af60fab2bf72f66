"""What a report tells of a plan that ended, and where its rows lead."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from landgis.access.queries import Actor
from landgis.counties.models import County
from parcels.campaigns.models import Credit
from parcels.disposal.models import IdleCase
from parcels.reports.queries import content_on
from parcels.reports.rules import WHOLE, counting
from parcels.tasks.actions import save_task
from parcels.wall.queries import wall_on
from tests import factories
from tests.factories import TOWN_EAST, TOWN_WEST, SignIn
from tests.parcels.disposal_lists.walking import TO_FINDING, suspect, walk
from tests.parcels.reports.test_issues import credited, ledgers, officer

__all__ = ["ledgers", "officer"]  # fixtures of the reports
pytestmark = pytest.mark.django_db


def test_a_plan_that_ended_is_told_with_its_day_and_basis(
    county: County, officer: Actor, ledgers: list[Credit], signed_in: SignIn
) -> None:
    late = date(2024, 6, 30)
    factories.parcel(county, "D", factories.box(6, 0, 8, 2), town_code=TOWN_EAST)
    credited(county, officer, "D", date(2024, 2, 1))
    found = content_on(county, officer, "weekly", late)
    for row in found.towns:
        one = row["figures"]
        assert (one["remediation_outlook"], one["remediation_light"]) == ("missed", "red")
        for key in ("remediation_mu", "remediation_after_mu"):
            rows = counting(found.items, key, row["code"])
            assert Decimal(one[key]) == sum((Decimal(item.parts[key]) for item in rows), Decimal(0))
    before = content_on(county, officer, "weekly", date(2023, 12, 31))
    assert [row["figures"]["remediation_mu"] for row in found.towns] == [
        row["figures"]["remediation_mu"] for row in before.towns
    ]
    assert [row["figures"]["remediation_after_mu"] != "0" for row in found.towns] == [True, False, True]
    page = signed_in("registrar").get(f"/reports/?on={late}").content.decode()
    assert "行动方案（2023-12-31 任务期满）" in page
    assert "任务期已于2023年12月31日届满，目标 9,000.00 亩" in page
    assert "任务期满未完成，期满后入账" in page
    overview = signed_in("leader").get(f"/campaigns/?on={late}").content.decode()
    assert "任务期至 2023-12-31，目标 9,000.00 亩" in overview
    assert "期满未完成" in overview
    assert "依据：行动方案" in overview
    assert "逾期未动工" in overview


def test_rows_lead_to_projects_cases_phases_and_tasks(
    county: County, officer: Actor, cast: dict[str, Actor], ledgers: list[Credit], signed_in: SignIn
) -> None:
    lot = suspect(county, "合西", factories.parcel(county, "E", factories.box(10, 0, 11, 1)))
    walk(county, cast["idle_land_officer"], [lot], TO_FINDING[:1])
    case = IdleCase.objects.get()
    task = save_task(
        county=county, actor=officer, reason="行动方案",
        facts={
            "task_no": "1/2", "title": "建章", "text": "建章立制", "basis": "行动方案", "lead_units": ["自规局"],
            "rhythm": "once", "due_on": date(2022, 1, 1), "valid_from": date(2021, 1, 1),
        },
    )  # fmt: skip
    client, on = signed_in("leader"), date(2024, 12, 31)

    def rows(figure: str) -> str:
        asked = {"kind": "yearly", "on": str(on), "figure": figure, "town": ""}
        return client.get("/reports/rows/", asked).content.decode()

    project = ledgers[0].project_id
    assert f'href="/campaigns/projects/{project}/"' in rows("listed")
    assert f'href="/campaigns/projects/{project}/"' in rows("remediation_mu")
    assert f'href="/idle-land/cases/{case.pk}/"' in rows("idle")
    assert f'href="/supply/phases/{case.phase_id}/"' in rows("suspected")
    late = rows("overdue_tasks")
    assert f'href="/tasks/{task.pk}/"' in late
    assert f'href="/idle-land/cases/{case.pk}/"' in late
    town = signed_in("township_officer").get(
        "/reports/rows/", {"kind": "yearly", "on": str(on), "figure": "overdue_tasks", "town": TOWN_WEST}
    )
    assert f'href="/tasks/{task.pk}/"' not in town.content.decode()
    content = content_on(county, officer, "yearly", on)
    whole, unplaced = content.row(WHOLE), content.row("-")
    assert whole is not None
    assert unplaced is not None
    assert unplaced["figures"]["overdue_tasks"] == "1"
    overdue = wall_on(county, officer, on)["overdue"]
    assert len(overdue) == int(whole["figures"]["overdue_tasks"])
    assert f"/tasks/{task.pk}/" in [one["url"] for one in overdue[:3]]
