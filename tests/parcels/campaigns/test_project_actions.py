"""A project corrected, moved, ended, and opened beside another: what is kept of it and what is refused."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import shapely
from django.utils import timezone

from landgis.access.queries import Actor
from landgis.audit.models import AuditEvent
from landgis.counties.models import County
from landgis.lib.errors import Conflict, Forbidden, InputError, NotFound
from parcels.campaigns.actions import open_project, record_stage
from parcels.campaigns.credit_actions import credit_ground, reverse_credit
from parcels.campaigns.models import Credit, Project
from parcels.campaigns.project_actions import edit_project, end_project
from parcels.campaigns.queries import status_on
from parcels.clusters.actions import confirm_cluster, dismiss_cluster, find_clusters
from parcels.clusters.models import Cluster
from parcels.ledgers.queries import Filters, changes_of, listed
from tests import factories, factories_parcels
from tests.factories import TOWN_EAST, TOWN_WEST, SignIn

pytestmark = pytest.mark.django_db
FIRST, ON = date(2022, 2, 1), date(2022, 3, 1)


@pytest.fixture
def officer(cast: dict[str, Actor]) -> Actor:
    return cast["evaluation_officer"]


@pytest.fixture
def made(county: County, officer: Actor) -> Project:
    for code, x, town in (("A", 0, TOWN_WEST), ("B", 2, TOWN_WEST), ("C", 4, TOWN_EAST)):
        factories.parcel(county, code, factories.box(x, 0, x + 2, 2), town_code=town)
    return opened(county, officer, ["A"])


def opened(county: County, officer: Actor, codes: list[str], **given: Any) -> Project:
    facts: dict[str, Any] = {"ledger": "remediation", "name": f"示意{codes[:1]}", "lead_unit": "自规局"}
    return open_project(
        county=county, actor=officer, on=FIRST, reason="立项", parcel_codes=codes, **(facts | given)
    )


def edited(county: County, officer: Actor, made: Project, **given: Any) -> Project:
    facts: dict[str, Any] = {"name": made.name, "lead_unit": made.lead_unit, "reason": "更正"}
    return edit_project(county=county, actor=officer, project_id=made.pk, **(facts | given))


def credited(county: County, officer: Actor, made: Project) -> Credit:
    for stage in ("plan", "works", "done"):
        record_stage(
            county=county, actor=officer, project_id=made.pk, stage=stage, on=FIRST, person="王", reason="登记",
            evidence="附件",
        )  # fmt: skip
    (row,) = credit_ground(
        county=county, actor=officer, project_id=made.pk, on=ON, evidence="验收单", reason="入账"
    )
    return row


def test_what_was_corrected_stays_on_record(county: County, officer: Actor, made: Project) -> None:
    edited(county, officer, made, lead_unit="经信局", person="李", due_on=date(2022, 12, 31))
    edited(
        county, officer, made, lead_unit="经信局", person="李", due_on=date(2023, 6, 30), reason="延期批复"
    )
    row = Project.objects.get(pk=made.pk)
    assert (row.lead_unit, row.due_on, row.parcel_codes) == ("经信局", date(2023, 6, 30), ["A"])
    told = changes_of(row)
    assert told[0][1] == [("完成期限", "2022-12-31", "2023-06-30")]
    assert told[0][0] is not None
    assert (told[0][0].reason, told[0][0].actor) == ("延期批复", officer.username)
    assert [name for name, _, _ in told[1][1]] == ["牵头单位", "责任人", "完成期限"]
    for wrong in ({"name": " "}, {"lead_unit": ""}):
        with pytest.raises(InputError, match="必须填写"):
            edited(county, officer, made, **wrong)


def test_the_ground_changes_as_long_as_nothing_is_credited(
    county: County, officer: Actor, made: Project
) -> None:
    row = edited(county, officer, made, parcel_codes=["C"])
    assert (row.town_code, row.town_codes, row.parcel_codes) == (TOWN_EAST, [TOWN_EAST], ["C"])
    credit = credited(county, officer, row)
    with pytest.raises(Conflict, match="不能改变范围"):
        edited(county, officer, made, parcel_codes=["A"])
    assert edited(county, officer, made, parcel_codes=["C"], person="赵").person == "赵"
    reverse_credit(county=county, actor=officer, credit_id=credit.pk, on=ON, evidence="文", reason="误")
    drawn = edited(county, officer, made, geom_4490=shapely.box(120.0, 29.3, 120.003, 29.301))
    assert drawn.parcel_codes == ["A", "B"]
    with pytest.raises(InputError, match="没有现行宗地"):
        edited(county, officer, made, parcel_codes=["X"])


def test_ending_keeps_past_days_and_frees_the_ground(county: County, officer: Actor, made: Project) -> None:
    credit = credited(county, officer, made)
    given: dict[str, Any] = {"county": county, "actor": officer, "project_id": made.pk, "reason": "政策调整"}
    with pytest.raises(Conflict, match="先冲销"):
        end_project(on=ON, **given)
    reverse_credit(county=county, actor=officer, credit_id=credit.pk, on=ON, evidence="文", reason="误")
    with pytest.raises(InputError, match="早于"):
        end_project(on=FIRST - timedelta(days=1), **given)
    with pytest.raises(InputError, match="晚于今天"):
        end_project(on=timezone.localdate() + timedelta(days=1), **given)
    end_project(on=date(2022, 6, 1), **given)
    event = AuditEvent.objects.order_by("-pk").first()
    assert event is not None
    assert (event.action, event.reason) == ("end_project", "政策调整")
    for on, n in ((date(2022, 5, 31), 1), (date(2022, 6, 1), 0)):
        assert status_on(county, officer, on).ledgers["remediation"].projects == n
    today = timezone.localdate()
    assert list(listed(county, officer, "remediation", Filters(), today, 30)) == []
    assert list(listed(county, officer, "remediation", Filters(light="ended"), today, 30)) == [made]
    with pytest.raises(NotFound):
        edited(county, officer, made)
    assert opened(county, officer, ["A"], despite=False).pk


def test_ground_of_another_running_project_is_told_with_its_name(
    county: County, officer: Actor, made: Project
) -> None:
    with pytest.raises(Conflict, match=f"{made.project_no} {made.name}".replace("[", r"\[")) as refused:
        opened(county, officer, ["A", "B"], despite=False)
    assert "仍然继续" in refused.value.remedy
    assert opened(county, officer, ["A"], ledger="revitalisation", despite=False).pk
    assert opened(county, officer, ["B"], despite=False).pk  # only touches
    assert opened(county, officer, ["A", "B"], despite=True).pk
    with pytest.raises(Conflict, match="重叠"):
        edited(county, officer, opened(county, officer, ["C"]), parcel_codes=["A"], despite=False)


def test_ground_outside_the_county_is_refused(county: County, officer: Actor, made: Project) -> None:
    with pytest.raises(InputError, match="不在示意县内"):
        opened(county, officer, [], geom_4490=shapely.box(10, 29.3, 10.001, 29.301))
    east = county.bbox_4490[2]
    crossing = shapely.box(east - 0.001, 29.3, east + 0.001, 29.301)
    with pytest.raises(Conflict, match="以外"):
        opened(county, officer, [], geom_4490=crossing, despite=False)
    assert opened(county, officer, [], geom_4490=crossing).pk


@pytest.mark.parametrize("role", ["township_officer", "leader", "agency", "idle_land_officer"])
def test_who_may_not(role: str, county: County, cast: dict[str, Actor], made: Project) -> None:
    with pytest.raises(Forbidden):
        edited(county, cast[role], made)
    with pytest.raises(Forbidden):
        end_project(county=county, actor=cast[role], project_id=made.pk, on=ON, reason="r")


def test_the_pages(county: County, officer: Actor, made: Project, signed_in: SignIn) -> None:
    client = signed_in("evaluation_officer")
    at = f"/campaigns/projects/{made.pk}"
    assert 'value="自规局"' in client.get(f"{at}/edit").content.decode()
    told = {"name": "新名", "lead_unit": "经信局", "parcel_codes": "A", "reason": "更正"}
    assert client.post(f"{at}/edit", {**told, "name": ""}).status_code == 422
    assert client.post(f"{at}/edit", told).status_code == 302
    page = client.get(f"{at}/").content.decode()
    for word in ("新名", "牵头单位：自规局 → 经信局", "终止项目"):
        assert word in page
    fresh = {
        "ledger": "remediation", "name": "又一个", "lead_unit": "自规局", "on": "2022-02-01", "reason": "立项",
        "parcel_codes": "A",
    }  # fmt: skip
    answer = client.post("/campaigns/projects/new", fresh)
    assert answer.status_code == 409
    assert made.project_no in answer.content.decode()
    assert client.post("/campaigns/projects/new", {**fresh, "despite": "on"}).status_code == 302
    ended = client.post(f"{at}/end", {"on": "2022-06-01", "reason": "撤项"}, follow=True).content.decode()
    assert "项目已终止" in ended
    assert "2022-06-01 终止" in ended
    assert "更改项目" not in ended
    assert "新名" in client.get("/campaigns/remediation/?light=ended").content.decode()
    leader = signed_in("leader")
    assert leader.get(f"{at}/edit").status_code == 403
    assert leader.post(f"{at}/end", {"on": "2022-06-01", "reason": "x"}).status_code == 403


def test_a_cluster_that_carries_a_project_is_not_dismissed(
    county: County, officer: Actor, made: Project, signed_in: SignIn
) -> None:
    factories_parcels.taxes(county, 2021, {"A": 1.0, "B": 1.0})
    find_clusters(county=county, actor=officer, year=2021, on=FIRST, reason="查找", min_mu=1.0, commit=True)
    cluster = Cluster.objects.get()
    confirm_cluster(county=county, actor=officer, cluster_id=cluster.pk, way="收储", on=FIRST, reason="同意")
    on_it = opened(county, officer, [], name="示意连片", ledger="revitalisation", cluster_id=cluster.pk)
    assert on_it.parcel_codes == ["A", "B"]
    with pytest.raises(Conflict, match=f"不能撤销：{on_it.project_no}示意连片。"):
        dismiss_cluster(county=county, actor=officer, cluster_id=cluster.pk, on=ON, reason="不再成片")
    answer = signed_in("evaluation_officer").post(f"/clusters/{cluster.pk}/dismiss", {"reason": "不再成片"})
    assert answer.status_code == 409
    assert on_it.project_no in answer.content.decode()
    cluster.refresh_from_db()
    assert cluster.valid_to is None
    end_project(county=county, actor=officer, project_id=on_it.pk, on=ON, reason="政策调整")
    dismiss_cluster(county=county, actor=officer, cluster_id=cluster.pk, on=ON, reason="不再成片")
    with pytest.raises(Conflict, match="才能立项"):
        opened(county, officer, [], ledger="revitalisation", cluster_id=cluster.pk)
