"""Nothing goes on record for a day that is still ahead, and nothing is taken back before it happened."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from landgis.access.queries import Actor
from landgis.counties.models import County
from landgis.lib.errors import InputError
from parcels.campaigns.actions import open_project, record_stage, reverse_stage
from parcels.campaigns.count_actions import credit_count, reverse_count
from parcels.campaigns.credit_actions import credit_ground, preview_credit, reverse_credit
from parcels.campaigns.models import CountEntry, Credit, Project, ProjectStep
from parcels.reports.queries import content_on
from parcels.tasks.actions import file_report
from tests import factories
from tests.factories import SignIn

pytestmark = pytest.mark.django_db
DONE, FAR = date(2022, 2, 1), date(2095, 1, 1)


@pytest.fixture
def officer(cast: dict[str, Actor]) -> Actor:
    return cast["evaluation_officer"]


@pytest.fixture
def made(county: County, officer: Actor) -> Project:
    factories.parcel(county, "A", factories.box(0, 0, 2, 2), town_code=factories.TOWN_WEST)
    project = open_project(
        county=county, actor=officer, ledger="revitalisation", name="示意", lead_unit="自规局", on=DONE, reason="立项",
        parcel_codes=["A"],
    )  # fmt: skip
    for stage in ("plan", "agreement", "done"):
        record_stage(
            county=county, actor=officer, project_id=project.pk, stage=stage, on=DONE, person="王", reason="登记",
            evidence="附件",
        )  # fmt: skip
    return project


def test_a_day_ahead_is_refused_everywhere(county: County, officer: Actor, made: Project) -> None:
    who: dict[str, Any] = {"county": county, "actor": officer}
    (credit,) = credit_ground(**who, project_id=made.pk, on=DONE, evidence="验收单", reason="入账")
    key = "remediation.energy_freed_tce"
    count = credit_count(
        **who, key=key, town_code="", value=Decimal(1), on=DONE, evidence="验收单", reason="登记"
    )
    newest = made.steps.count()
    acts: list[Callable[[date], Any]] = [
        lambda on: open_project(
            **who, ledger="remediation", name="n", lead_unit="l", on=on, reason="r", parcel_codes=["A"]
        ),
        lambda on: record_stage(
            **who, project_id=made.pk, stage="town_check", on=on, person="王", reason="r", evidence="e"
        ),
        lambda on: reverse_stage(**who, project_id=made.pk, seq=newest, on=on, reason="r"),
        lambda on: credit_ground(**who, project_id=made.pk, on=on, evidence="e", reason="r"),
        lambda on: preview_credit(**who, project_id=made.pk, on=on),
        lambda on: reverse_credit(**who, credit_id=credit.pk, on=on, evidence="e", reason="r"),
        lambda on: credit_count(
            **who, key=key, town_code="", value=Decimal(1), on=on, evidence="e", reason="r"
        ),
        lambda on: reverse_count(**who, entry_id=count.pk, on=on, evidence="e", reason="r"),
        lambda on: file_report(**who, task_id=0, town_code="", on=on, text="t"),
        lambda on: content_on(county, officer, "weekly", on),
    ]
    for day in (FAR, timezone.localdate() + timedelta(days=1)):
        for act in acts:
            with pytest.raises(InputError, match="晚于今天") as refused:
                act(day)
            assert refused.value.remedy
    assert (Project.objects.count(), Credit.objects.count(), CountEntry.objects.count()) == (1, 1, 1)
    assert ProjectStep.objects.count() == newest


def test_a_stage_is_not_taken_back_before_it_was_reached(
    county: County, officer: Actor, made: Project
) -> None:
    with pytest.raises(InputError, match="早于该阶段"):
        reverse_stage(
            county=county, actor=officer, project_id=made.pk, seq=4, on=DONE - timedelta(days=1), reason="误"
        )


def test_a_report_of_a_day_ahead_is_refused_on_its_page(county: County, signed_in: SignIn) -> None:
    client = signed_in("leader")
    for address in (
        "/reports/?kind=weekly&on=9999-12-31",
        "/reports/rows/?kind=weekly&figure=listed&on=9999-12-31",
    ):
        answer = client.get(address)
        assert answer.status_code == 422
        assert "晚于今天" in answer.content.decode()
    ahead = timezone.localdate() + timedelta(days=1)
    assert client.get(f"/reports/?kind=weekly&on={ahead}").status_code == 422
