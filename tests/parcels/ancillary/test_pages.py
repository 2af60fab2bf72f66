"""Ancillary land on a real database and over HTTP: stated, decided, pooled, exported; who sees and who may."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.db.utils import ProgrammingError
from django.utils import timezone
from python_calamine import CalamineWorkbook

from landgis.access.queries import Actor
from landgis.audit.change import change
from landgis.counties.models import County, Parameter
from landgis.lib.errors import Conflict, FieldErrors, Forbidden
from parcels.ancillary.actions import (
    decide,
    give_quota,
    open_pool,
    state_project,
    use_quotas,
    withdraw_quota,
)
from parcels.ancillary.models import AncillaryPool, AncillaryProject, PooledQuota, PoolUse
from parcels.ancillary.queries import project_rows
from parcels.cadastre.models import Parcel
from tests import factories
from tests.factories import SignIn
from tests.parcels.grading.conftest import firms, officer
from tests.parcels.low_efficiency.making import final_years

__all__ = ["firms", "officer"]
TODAY = date(2026, 6, 1)
REFUSED = (InternalError, ProgrammingError)
AREAS = {
    "land_m2": "40000", "ancillary_land_m2": "4000", "building_m2": "60000", "ancillary_building_m2": "12000",
    "dormitory_land_m2": "900", "dormitory_building_m2": "2000",
}  # fmt: skip


@pytest.fixture
def grounds(county: County) -> list[Parcel]:
    return [factories.parcel(county, f"A{n}", factories.box(20 + n, 1, 21 + n, 2)) for n in range(3)]


def stated(county: County, officer: Actor, parcel: str = "A0", **told: Any) -> AncillaryProject:
    areas = {key: Decimal(value) for key, value in (AREAS | told.pop("areas", {})).items()}
    asked: dict[str, Any] = {
        "name": f"项目{parcel}", "parcel_code": parcel, "uscc": "", "category": "major", "on": date(2026, 1, 5),
        "today": TODAY, "flats": False, "evidence": "规划条件", "areas_m2": areas,
    }  # fmt: skip
    return state_project(county=county, actor=officer, **(asked | told))


def decided(county: County, officer: Actor, project: AncillaryProject, approved: bool = True) -> Any:
    return decide(
        county=county, actor=officer, project_id=project.pk, approved=approved, on=TODAY, today=TODAY, text="同意",
        evidence="会议纪要",
    )  # fmt: skip


def state(county: County, officer: Actor, project: AncillaryProject) -> str:
    return project_rows(county, officer, TODAY, [project])[0].state


@pytest.mark.usefixtures("grounds")
def test_an_officer_raises_what_meets_the_conditions_once(county: County, officer: Actor) -> None:
    project = stated(county, officer)
    assert state(county, officer, project) == "eligible"
    made = decided(county, officer, project)
    assert any(check["title"] == "可提高的对象" for check in made.findings)
    project.refresh_from_db()
    assert state(county, officer, project) == "raised"
    with pytest.raises(Conflict, match="已经审核"):
        decided(county, officer, project)
    again = stated(county, officer, replaces_id=project.pk)
    assert state(county, officer, again) == "eligible"  # a correction is decided anew


@pytest.mark.usefixtures("grounds")
def test_what_does_not_meet_them_is_not_approved(county: County, officer: Actor) -> None:
    other = stated(county, officer, category="")
    with pytest.raises(Conflict, match="可提高的对象"):
        decided(county, officer, other)
    decided(county, officer, other, approved=False)
    other.refresh_from_db()
    assert state(county, officer, other) == "refused"
    small = stated(
        county, officer, "A1", areas={"ancillary_land_m2": "2000", "ancillary_building_m2": "9000"}
    )
    with pytest.raises(Conflict, match="不需要"):
        decided(county, officer, small)
    with pytest.raises(FieldErrors, match="大于"):
        stated(county, officer, "A2", areas={"ancillary_land_m2": "50000"})
    with pytest.raises(FieldErrors, match="宗地代码"):
        stated(county, officer, "没有")


@pytest.mark.usefixtures("grounds", "firms")
def test_a_firm_is_raised_by_its_last_two_grades(county: County, officer: Actor) -> None:
    with factories.writing(county):
        Parameter.objects.filter(key="ancillary.raised_min_grades").update(value=["没有", "中"])
    final_years(county, officer, 2022, 2023)
    good = stated(county, officer, "A0", category="firm", uscc="913307820000000000")
    last = stated(county, officer, "A1", category="firm", uscc="913307820000000004")
    # The newest final year is 2023, two years back: it still is the last evaluation on record.
    assert state(county, officer, good) == "eligible"
    assert state(county, officer, last) == "over"
    told = [check.told for check in project_rows(county, officer, TODAY, [last])[0].verdict.checks]
    assert sum("要求 中 及以上" in text for text in told) == 2


@pytest.mark.usefixtures("grounds")
def test_each_quota_is_given_and_used_once(county: County, officer: Actor, cast: dict[str, Actor]) -> None:
    args: dict[str, Any] = {"county": county, "actor": officer, "on": TODAY, "today": TODAY}
    pool = open_pool(name="园区", town_code=factories.TOWN_WEST, basis="协议", **args)
    bare = {
        "ancillary_land_m2": "0",
        "ancillary_building_m2": "0",
        "dormitory_land_m2": "0",
        "dormitory_building_m2": "0",
    }
    first, second = (stated(county, officer, code, areas=bare) for code in ("A0", "A1"))
    one = give_quota(pool_id=pool.pk, project_id=first.pk, evidence="协议", **args)
    assert (one.land_m2, one.building_m2) == (Decimal(2800), Decimal(9000))
    with pytest.raises(Conflict, match="已归集"):
        give_quota(pool_id=pool.pk, project_id=first.pk, evidence="协议", **args)
    with pytest.raises(IntegrityError), transaction.atomic(), factories.writing(county):
        PooledQuota.objects.create(
            pool=pool, parcel=first.parcel, on=TODAY, land_m2=Decimal(1), building_m2=Decimal(1), evidence="x"
        )
    with pytest.raises(Conflict, match="自身已有"):
        give_quota(pool_id=pool.pk, project_id=stated(county, officer, "A2").pk, evidence="协议", **args)
    two = give_quota(pool_id=pool.pk, project_id=second.pk, evidence="协议", **args)
    building: dict[str, Any] = {"pool_id": pool.pk, "name": "宿舍楼", "evidence": "批复"} | args
    with pytest.raises(Conflict, match="不足"):
        use_quotas(quota_ids=[one.pk], land_m2=Decimal(2801), building_m2=Decimal(1), **building)
    use = use_quotas(quota_ids=[one.pk], land_m2=Decimal(2800), building_m2=Decimal(9000), **building)
    with pytest.raises(Conflict, match="已经使用"):
        use_quotas(quota_ids=[one.pk, two.pk], land_m2=Decimal(1), building_m2=Decimal(1), **building)
    with pytest.raises(Conflict, match="已经使用"):
        withdraw_quota(county=county, actor=officer, quota_id=one.pk, on=TODAY, reason="退出")
    other = use_quotas(quota_ids=[two.pk], land_m2=Decimal(1), building_m2=Decimal(1), **building)
    with (
        pytest.raises(REFUSED),
        transaction.atomic(),
        change(county_code=county.code, by="a", action="t", reason="t"),
    ):
        PooledQuota.objects.filter(pk=one.pk).update(use=other)
    with (
        pytest.raises(REFUSED),
        transaction.atomic(),
        change(county_code=county.code, by="a", action="t", reason="t"),
    ):
        PooledQuota.objects.filter(pk=one.pk).delete()
    assert PoolUse.objects.count() == 2
    assert use.quotas.get() == one
    with pytest.raises(Forbidden):
        use_quotas(
            quota_ids=[two.pk],
            land_m2=Decimal(1),
            building_m2=Decimal(1),
            **(building | {"actor": cast["township_officer"]}),
        )


@pytest.mark.usefixtures("grounds")
def test_the_pages_state_decide_pool_and_export(county: County, signed_in: SignIn, officer: Actor) -> None:
    browser = signed_in("evaluation_officer")
    today = f"{timezone.localdate():%Y-%m-%d}"
    form = AREAS | {
        "name": "新项目",
        "parcel_code": "A0",
        "category": "major",
        "on": today,
        "evidence": "规划条件",
    }
    assert browser.get("/ancillary/edit").status_code == 200
    assert browser.post("/ancillary/edit", form | {"land_m2": "x"}).status_code == 422
    assert browser.post("/ancillary/edit", form).status_code == 302
    project = AncillaryProject.objects.get()
    page = browser.get(f"/ancillary/{project.pk}/").content.decode()
    assert "可提高，待审核" in page
    assert "逐项核对" in page
    word = {"on": today, "approved": "1", "text": "同意", "evidence": "纪要"}
    assert browser.post(f"/ancillary/{project.pk}/decision", word | {"text": ""}).status_code == 422
    assert browser.post(f"/ancillary/{project.pk}/decision", word).status_code == 302
    assert browser.post(f"/ancillary/{project.pk}/decision", word).status_code == 409
    assert browser.get(f"/ancillary/edit?of={project.pk}").status_code == 200
    assert browser.post("/ancillary/pools", {"name": "园区", "on": today, "basis": "协议"}).status_code == 302
    pool = AncillaryPool.objects.get()
    refused = browser.post(
        f"/ancillary/pools/{pool.pk}/quotas", {"project_id": project.pk, "on": today, "evidence": "x"}
    )
    assert refused.status_code == 409
    assert "指标不能归集" in refused.content.decode()
    used = {"name": "楼", "on": today, "land_m2": "1", "building_m2": "1", "evidence": "x", "quotas": "abc"}
    assert browser.post(f"/ancillary/pools/{pool.pk}/uses", used).status_code == 422
    assert browser.get("/ancillary/?state=raised&town=x").status_code == 200
    book = CalamineWorkbook.from_filelike(io.BytesIO(browser.get("/ancillary/list.xlsx").content))
    assert "新项目" in str(book.get_sheet_by_name("配套用地").to_python())
    for role, status in (("township_officer", 403), ("idle_land_officer", 403), ("agency", 403)):
        assert signed_in(role).post("/ancillary/edit", form).status_code == status
    assert signed_in("leader").get(f"/ancillary/{project.pk}/").status_code == 200


def test_a_longer_list_asks_no_more_statements(
    county: County,
    grounds: list[Parcel],
    officer: Actor,
    signed_in: SignIn,
    django_assert_max_num_queries: Any,
) -> None:
    browser = signed_in("leader")
    stated(county, officer, "A0")
    browser.get("/ancillary/")
    with django_assert_max_num_queries(20) as few:
        browser.get("/ancillary/")
    for code in ("A1", "A2"):
        stated(county, officer, code)
    with django_assert_max_num_queries(len(few)):
        browser.get("/ancillary/")
