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
from parcels.ancillary.actions import decide, state_project
from parcels.ancillary.models import AncillaryGround, AncillaryPool, AncillaryProject, PooledQuota, PoolUse
from parcels.ancillary.pool_actions import give_quota, open_pool, use_quotas, withdraw_quota
from parcels.ancillary.queries import project_rows
from parcels.cadastre.models import Parcel
from tests import factories
from tests.factories import SignIn
from tests.factories_cadastre import divided
from tests.parcels.grading.conftest import firms, officer
from tests.parcels.low_efficiency.making import final_years

__all__ = ["firms", "officer"]
TODAY = date(2026, 6, 1)
REFUSED = (InternalError, ProgrammingError)
AREAS = {
    "land_m2": "40000", "ancillary_land_m2": "4000", "building_m2": "60000", "ancillary_building_m2": "12000",
    "dormitory_land_m2": "900", "dormitory_building_m2": "2000",
    "pooled_land_m2": "0", "pooled_building_m2": "0",
}  # fmt: skip


@pytest.fixture
def grounds(county: County) -> list[Parcel]:
    return [
        factories.parcel(
            county, f"A{n}", factories.box(20 + n, 1, 21 + n, 2), registered_area_m2=Decimal(40_000)
        )
        for n in range(3)
    ]


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
        Parameter.objects.filter(key="ancillary.raised_min_mu").update(value=10)
    final_years(county, officer, 2022, 2023)
    good = stated(county, officer, "A0", category="firm", uscc="913307820000000000")
    last = stated(county, officer, "A1", category="firm", uscc="913307820000000004")
    # The newest final year is 2023, two years back: it still is the last evaluation on record.
    assert state(county, officer, good) == "eligible"
    assert state(county, officer, last) == "over"
    told = [check.told for check in project_rows(county, officer, TODAY, [last])[0].verdict.checks]
    assert sum("要求 中 及以上" in text for text in told) == 2
    with factories.writing(county):
        Parameter.objects.filter(key="ancillary.raised_min_mu").update(value=11)
    assert state(county, officer, good) == "over"  # the firm has 10 亩, though the project alone has 60
    (land,) = [
        check
        for check in project_rows(county, officer, TODAY, [good])[0].verdict.checks
        if "企业用地" in check.title
    ]
    assert land.met is False
    assert "10.00" not in land.told  # a firm's own figure isn't told


@pytest.mark.usefixtures("grounds")
def test_each_quota_is_given_and_used_once(county: County, officer: Actor, cast: dict[str, Actor]) -> None:
    args: dict[str, Any] = {"county": county, "actor": officer, "on": TODAY, "today": TODAY}
    pool = open_pool(name="园区", town_code=factories.TOWN_WEST, basis="协议", **args)
    bare = {
        "ancillary_land_m2": "0",
        "ancillary_building_m2": "0",
        "dormitory_land_m2": "0",
        "dormitory_building_m2": "0",
        "pooled_land_m2": "2800",
        "pooled_building_m2": "9000",
    }
    first, second = (stated(county, officer, code, areas=bare) for code in ("A0", "A1"))
    one = give_quota(pool_id=pool.pk, project_id=first.pk, evidence="协议", **args)
    assert (one.land_m2, one.building_m2) == (Decimal(2800), Decimal(9000))
    with pytest.raises(Conflict, match="已归集"):
        give_quota(pool_id=pool.pk, project_id=first.pk, evidence="协议", **args)
    with pytest.raises(IntegrityError), transaction.atomic(), factories.writing(county):
        PooledQuota.objects.create(
            pool=pool,
            project=first,
            parcel=first.parcel,
            on=TODAY,
            land_m2=Decimal(1),
            building_m2=Decimal(1),
            evidence="x",
        )
    with pytest.raises(Conflict, match="没有拟归集的面积"):
        give_quota(pool_id=pool.pk, project_id=stated(county, officer, "A2").pk, evidence="协议", **args)
    two = give_quota(pool_id=pool.pk, project_id=second.pk, evidence="协议", **args)
    building: dict[str, Any] = {
        "pool_id": pool.pk,
        "name": "宿舍楼",
        "evidence": "批复",
        "flats": False,
    } | args
    with pytest.raises(Conflict, match="不足"):
        use_quotas(quota_ids=[one.pk], **built(2801, 1), **building)
    with pytest.raises(Conflict, match="统一建设宿舍型"):
        use_quotas(quota_ids=[one.pk], **(built(10, 10) | {"dormitory_building_m2": Decimal(9)}), **building)
    with pytest.raises(Conflict, match="成套商品住宅"):
        use_quotas(quota_ids=[one.pk], **built(10, 10), **(building | {"flats": True}))
    use = use_quotas(quota_ids=[one.pk], **built(2800, 9000), **building)
    with pytest.raises(Conflict, match="已经使用"):
        use_quotas(quota_ids=[one.pk, two.pk], **built(1, 1), **building)
    with pytest.raises(Conflict, match="已经使用"):
        withdraw_quota(county=county, actor=officer, quota_id=one.pk, on=TODAY, reason="退出")
    other = use_quotas(quota_ids=[two.pk], **built(1, 1), **building)
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
            **built(1, 1),
            **(building | {"actor": cast["township_officer"]}),
        )


BARE = dict.fromkeys(AREAS, "0") | {"building_m2": "60000"}


def built(land: int, building: int) -> dict[str, Any]:
    """A use that is dormitories and nothing else."""
    return {
        "land_m2": Decimal(land), "building_m2": Decimal(building), "dormitory_land_m2": Decimal(land),
        "dormitory_building_m2": Decimal(building),
    }  # fmt: skip


@pytest.mark.usefixtures("grounds")
def test_projects_have_no_more_ground_than_their_parcel(county: County, officer: Actor) -> None:
    with pytest.raises(FieldErrors, match="宗地 A0 面积 40000 ㎡，本项目最多 40000 ㎡，现填 99999999 ㎡"):
        stated(county, officer, areas=BARE | {"land_m2": "99999999"})
    first = stated(county, officer, areas=BARE | {"land_m2": "25000"})
    with pytest.raises(FieldErrors, match="已登记 “项目A0”25000 ㎡，本项目最多 15000 ㎡"):
        stated(county, officer, areas=BARE | {"land_m2": "15000.0001"})
    stated(county, officer, areas=BARE | {"land_m2": "15000"})
    # A correction gives its own ground back first.
    again = stated(county, officer, areas=BARE | {"land_m2": "24000"}, replaces_id=first.pk)
    with factories.writing(county):
        more = AncillaryProject.objects.create(
            county=county, name="x", parcel=again.parcel, on=TODAY, land_m2=Decimal(2000), building_m2=Decimal(1),
            evidence="x", by="x", **dict.fromkeys(
                ("ancillary_land_m2", "ancillary_building_m2", "dormitory_land_m2", "dormitory_building_m2"), Decimal(0)
            ),
        )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic(), factories.writing(county):
        AncillaryGround.objects.create(project=more, parcel=again.parcel, land_m2=Decimal(1001))


@pytest.mark.usefixtures("grounds")
def test_a_project_on_several_parcels_has_each_of_them(county: County, officer: Actor) -> None:
    project = stated(
        county, officer, areas=BARE | {"land_m2": "70000"}, more_ground_m2={"A1": Decimal(30_000)}
    )
    (row,) = project_rows(county, officer, TODAY, [project])
    assert [(ground.parcel.code, ground.land_m2) for ground in row.grounds] == [
        ("A0", Decimal(40_000)),
        ("A1", Decimal(30_000)),
    ]
    with pytest.raises(FieldErrors, match="宗地 A1 面积"):
        stated(county, officer, "A1", areas=BARE | {"land_m2": "10000.5"})
    for more, told in (
        ({"A9": Decimal(1)}, "没有宗地代码"), ({"A2": Decimal(1)}, "已填在"), ({"A1": Decimal(50_000)}, "没有用地"),
    ):  # fmt: skip
        with pytest.raises(FieldErrors, match=told):
            stated(county, officer, "A2", areas=BARE | {"land_m2": "100"}, more_ground_m2=more)


def test_a_divided_parcel_has_no_second_quota(county: County, grounds: list[Parcel], officer: Actor) -> None:
    project = stated(county, officer, areas=BARE | {"land_m2": "9000"})
    divided(
        county, grounds[0], date(2026, 2, 2), factories.box(20, 1, 20.5, 2), factories.box(20.5, 1, 21, 2)
    )
    (row,) = project_rows(county, officer, TODAY, [project])
    assert row.retired == ["A0"]
    child = str(
        Parcel.objects.filter(lineage_up__ancestor=grounds[0])
        .order_by("code")
        .values_list("code", flat=True)[0]
    )
    with pytest.raises(FieldErrors, match="还没有更正到现行宗地"):
        stated(county, officer, child, areas=BARE | {"land_m2": "100"})
    again = stated(county, officer, child, areas=BARE | {"land_m2": "5000"}, replaces_id=project.pk)
    assert project_rows(county, officer, TODAY, [again])[0].retired == []


@pytest.mark.usefixtures("grounds")
def test_siblings_pool_each_its_own_and_a_correction_keeps_what_is_pooled(
    county: County, officer: Actor
) -> None:
    args: dict[str, Any] = {"county": county, "actor": officer, "on": TODAY, "today": TODAY}
    pool = open_pool(name="园区", town_code="", basis="协议", **args)
    home = stated(county, officer, areas=BARE | {"land_m2": "20000", "ancillary_land_m2": "1400"})
    other = BARE | {"land_m2": "20000", "pooled_land_m2": "1400"}
    giving = stated(county, officer, areas=other)
    quota = give_quota(pool_id=pool.pk, project_id=giving.pk, evidence="协议", **args)
    assert (quota.land_m2, quota.building_m2) == (Decimal(1400), Decimal(0))
    assert state(county, officer, home) == "within"  # what its sibling pooled is not taken off its own
    with pytest.raises(Conflict, match="不能改变"):
        stated(county, officer, areas=other | {"pooled_land_m2": "1000"}, replaces_id=giving.pk)
    corrected = stated(county, officer, areas=other, replaces_id=giving.pk, name="改名")
    with pytest.raises(Conflict, match="只能归集一次"):
        give_quota(pool_id=pool.pk, project_id=corrected.pk, evidence="协议", **args)
    assert project_rows(county, officer, TODAY, [corrected])[0].quota == quota
    over = stated(county, officer, "A1", areas=BARE | {"land_m2": "20000", "pooled_land_m2": "3000"})
    with pytest.raises(Conflict, match="先审核提高上限"):
        give_quota(pool_id=pool.pk, project_id=over.pk, evidence="协议", **args)
    decided(county, officer, over)
    assert give_quota(pool_id=pool.pk, project_id=over.pk, evidence="协议", **args).land_m2 == 3000


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
    assert browser.post("/ancillary/edit", form | {"more": "A1 x"}).status_code == 422
    assert (
        browser.post("/ancillary/edit", form | {"land_m2": "50000", "more": "A1 10000\n"}).status_code == 302
    )
    project = AncillaryProject.objects.get()
    assert "A1 10000" in browser.get(f"/ancillary/edit?of={project.pk}").content.decode()
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
    used |= {"dormitory_land_m2": "1", "dormitory_building_m2": "1"}
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
