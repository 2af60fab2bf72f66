"""The desk over HTTP: who sees and mends what, lists filtered and handed on, refusals told, no page that breaks."""

from __future__ import annotations

import io
import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver
from python_calamine import CalamineWorkbook

from landgis.audit.models import AuditEvent
from landgis.counties.models import County
from parcels.cadastre.models import Parcel
from parcels.enterprises.models import AnnualReturn, Occupancy
from parcels.firm_desk.urls import urlpatterns
from parcels.land_use.models import Affiliation, LandUseConfirmation, LandUseFreeze, TenancyChoice
from parcels.returns.models import EnergyMonth, ReturnRow
from tests import factories
from tests.factories import SignIn

ONE, TWO = "91110000600037341L", "91330782MA2ABCDE2X"
LISTS = ["/land-use/", "/land-use/firms/", "/land-use/confirmations/", "/land-use/groups/"]
FIGURES = ["/returns/", "/returns/doubts/", "/returns/unmatched/", "/returns/energy/"]
ROLES = {
    "registrar": LISTS, "idle_land_officer": LISTS, "evaluation_officer": LISTS + FIGURES, "leader": LISTS + FIGURES,
    "township_officer": LISTS, "agency": [], "system_admin": [], "security_admin": [], "audit_admin": [],
}  # fmt: skip


@pytest.fixture
def land(county: County) -> Parcel:
    west = factories.parcel(county, "A1", factories.box(0, 0, 1, 1), registered_area_m2=Decimal(10_000))
    factories.parcel(county, "B1", factories.box(60, 0, 61, 1), town_code=factories.TOWN_EAST)
    owner = factories.enterprise(county, ONE, "义乌市恒丰针织有限公司", town_code=factories.TOWN_WEST)
    tenant = factories.enterprise(county, TWO, "<b>乙</b>公司")
    factories.occupancy(west, owner)
    factories.occupancy(west, tenant, role="leased_in", lessor=owner, geom_4490=factories.box(0, 0, 0.3, 1))
    factories.annual_return(owner, 2024, tax_wan=Decimal(-5), source="旧表.xlsx")
    with factories.writing(county):
        for back in range(14):
            month = date(2024 - (back > 2), (2 - back) % 12 + 1, 1)
            EnergyMonth.objects.create(
                county=county, enterprise=owner, month=month, electricity_kwh=10 if back < 3 else 9000
            )
    return west


def read(client: Client, address: str, status: int = 200, **asked: str) -> str:
    answer = client.get(address, asked)
    assert answer.status_code == status, answer.content.decode()[:500]
    return answer.content.decode()


@pytest.mark.parametrize("role", ROLES)
def test_each_role_sees_its_lists_and_gets_its_files(land: Parcel, signed_in: SignIn, role: str) -> None:
    client = signed_in(role)
    for address in LISTS + FIGURES:
        allowed = address in ROLES[role]
        year = {} if "energy" in address else {"year": "2024"}
        read(client, address, 200 if allowed else 403, **year)
        handed = allowed and role != "leader"
        read_file = client.get(f"{address}list.xlsx", year)
        assert read_file.status_code == (200 if handed else 403), address
        if handed:
            assert CalamineWorkbook.from_filelike(io.BytesIO(read_file.content)).sheet_names == ["清单"]
    told = AuditEvent.objects.filter(action__startswith="export_").count()
    assert told == (len(ROLES[role]) if role != "leader" else 0)


def test_problems_are_filtered_by_town_kind_and_code(land: Parcel, signed_in: SignIn) -> None:
    client = signed_in("leader")
    assert "B1" in read(client, "/land-use/", year="2024")
    assert "没有发现问题" in read(client, "/land-use/", year="2024", kind="overlap")
    assert "没有发现问题" in read(client, "/land-use/", year="2024", town=factories.TOWN_WEST)
    assert "B1" in read(client, "/land-use/", year="2024", kind="unused", q="b1")
    assert "请填写四位年份" in read(client, "/land-use/", 422, year="去年")
    assert "B1" not in read(signed_in("township_officer"), "/land-use/", year="2024")


def test_the_parcels_page_draws_names_and_adds_up(land: Parcel, signed_in: SignIn) -> None:
    page = read(signed_in("leader"), f"/land-use/parcels/{land.pk}/", year="2024")
    assert "&lt;b&gt;乙" in page
    assert "<b>乙" not in page
    assert "宗地 15.00 亩，计入各企业 15.00 亩，相差 0.00 亩" in page
    assert page.count('fill-opacity=".45"') == 1
    assert "登记用地" not in page
    east = Parcel.objects.get(code="B1")
    read(signed_in("township_officer"), f"/land-use/parcels/{east.pk}/", 404, year="2024")


def test_a_town_mends_a_use_by_area_and_by_pasted_coordinates(land: Parcel, signed_in: SignIn) -> None:
    client = signed_in("township_officer")
    uses = f"/land-use/parcels/{land.pk}/uses"
    asked = {
        "year": "2024", "uscc": TWO, "role": "unregistered", "lessor_uscc": "", "measure": "area_mu", "amount": "1.5",
        "valid_from": "2024-01-01", "valid_to": "", "reason": "核查",
    }  # fmt: skip
    assert client.post(uses, asked).status_code == 302
    made = Occupancy.objects.get(role="unregistered")
    assert made.area_m2 == 1000
    x, y = factories.ORIGIN
    corners = [(0, 0), (0.5, 0), (0.5, 1), (0, 1)]
    text = "\n".join(f"J{n} {y + n_ / 1000:.9f} {x + e / 1000:.9f}" for n, (e, n_) in enumerate(corners, 1))
    change = asked | {"measure": "geometry", "amount": "", "coordinates": text, "seen": str(made.change_id)}
    assert client.post(f"{uses}/{made.pk}/correct", change).status_code == 302
    made.refresh_from_db()
    assert made.geom_4490 is not None
    assert made.geom_4490.area == pytest.approx(0.5e-6, rel=1e-4)
    stale = client.post(f"{uses}/{made.pk}/correct", change)
    assert stale.status_code == 412
    assert "已被他人修改" in stale.content.decode()
    end = {"year": "2024", "seen": str(made.change_id), "on": "2024-06-30", "reason": "搬迁"}
    assert client.post(f"{uses}/{made.pk}/end", end).status_code == 302
    made.refresh_from_db()
    assert made.valid_to == date(2024, 6, 30)
    for wrong, words in (
        ({"amount": ""}, "没有填写份额或面积"), ({"uscc": "没有"}, "登记库中没有企业"),
        ({"measure": "geometry", "coordinates": "一二三"}, "坐标"), ({"measure": "geometry"}, "没有收到文件"),
        ({"valid_from": "x"}, "请按 2026-01-31"), ({"measure": "share", "amount": "101"}, "不超过 100%"),
    ):  # fmt: skip
        answer = client.post(uses, asked | {"valid_from": "2023-01-01"} | wrong)
        assert answer.status_code in (400, 422), wrong
        assert words in answer.content.decode()
    assert signed_in("leader").post(uses, asked).status_code == 403


def test_a_town_confirms_and_the_county_closes_the_year(land: Parcel, signed_in: SignIn) -> None:
    town, officer = signed_in("township_officer"), signed_in("evaluation_officer")
    page = read(town, "/land-use/confirmations/", year="2024")
    assert "乙镇" not in page
    sha256 = re.findall(r'name="sha256" value="([0-9a-f]{64})"', page)
    asked = {"year": "2024", "town": factories.TOWN_WEST, "sha256": sha256[0], "note": ""}
    assert town.post("/land-use/confirmations/confirm", asked).status_code == 302
    assert LandUseConfirmation.objects.count() == 1
    assert officer.post("/land-use/confirmations/confirm", asked).status_code == 403
    told = officer.post("/land-use/confirmations/freeze", {"year": "2024", "override": ""}, follow=True)
    assert "乙镇 尚未确认" in told.content.decode()
    assert not LandUseFreeze.objects.exists()
    officer.post("/land-use/confirmations/freeze", {"year": "2024", "override": "赶期"})
    assert LandUseFreeze.objects.get().override == "赶期"
    with factories.writing(land.county):
        Occupancy.objects.filter(lessor=None).update(share=Decimal("0.9"))
    page = read(officer, "/land-use/confirmations/", year="2024")
    assert "确认后有变化" in page
    assert "冻结后用地有变化" in page


def test_tenancy_and_groups_are_the_countys(land: Parcel, signed_in: SignIn) -> None:
    officer = signed_in("evaluation_officer")
    tenancy = f"/land-use/parcels/{land.pk}/tenancy"
    asked = {"year": "2024", "tenant": "", "apart": "yes", "reason": "约定"}
    assert officer.post(tenancy, asked).status_code == 302
    assert TenancyChoice.objects.get().apart
    assert signed_in("township_officer").post(tenancy, asked).status_code == 403
    group = {
        "head_uscc": ONE,
        "member_uscc": TWO,
        "valid_from": "2024-01-01",
        "valid_to": "",
        "basis": "股权",
    }
    assert officer.post("/land-use/groups/", group).status_code == 302
    assert officer.post("/land-use/groups/", group).status_code == 409
    assert signed_in("township_officer").post("/land-use/groups/", group).status_code == 403
    assert "股权" in read(officer, "/land-use/groups/", year="2024")
    made = Affiliation.objects.get()
    officer.post(f"/land-use/groups/{made.pk}/end", {"on": "2024-06-30", "reason": "出售"})
    assert "股权" not in read(officer, "/land-use/groups/", year="2024")


def test_a_delivery_is_checked_taken_in_matched_and_its_doubts_settled(
    land: Parcel, signed_in: SignIn
) -> None:
    officer = signed_in("evaluation_officer")
    text = f"统一社会信用代码,企业名称,税收实际贡献（万元）\n{ONE},恒丰,12\n,义乌市恒丰针织有限责任公司,3\n"

    def send(**more: str) -> str:
        file = SimpleUploadedFile("税务.csv", text.encode("gb18030"))
        answer = officer.post(
            "/returns/deliver", {"year": "2024", "authority": "税务局", "file": file} | more
        )
        assert answer.status_code == 200
        return answer.content.decode()

    assert "检查结果（未保存）" in send()
    assert not ReturnRow.objects.exists()
    assert "已导入" in send(commit="on")
    page = read(officer, "/returns/doubts/", year="2024")
    assert "负数" in page
    assert "税务局 12" in page
    owner = AnnualReturn.objects.get().enterprise_id
    doubt = {"firm": str(owner), "year": "2024", "field": "tax_wan", "kind": "contradiction", "seen": "-5",
             "corrected": "12", "reason": "核对税票"}  # fmt: skip
    officer.post("/returns/doubts/settle", doubt)
    assert AnnualReturn.objects.get().tax_wan == 12
    assert "没有待处理的疑问" in read(officer, "/returns/doubts/", year="2024")
    row = ReturnRow.objects.get(state="open")
    assert "相似度" in read(officer, "/returns/unmatched/", year="2024")
    twice = officer.post("/returns/unmatched/same", {"year": "2024"}, follow=True)
    assert "已有 2024 年的一行" in twice.content.decode()
    officer.post(f"/returns/unmatched/{row.pk}", {"dismiss": "1", "reason": "重复"})
    assert "没有未匹配的行" in read(officer, "/returns/unmatched/", year="2024")
    assert (
        signed_in("registrar").post("/returns/deliver", {"year": "2024", "authority": "x"}).status_code == 403
    )
    for wrong in ({}, {"year": "x"}, {"firm": "9" * 40}, doubt | {"field": "x"}, doubt | {"kind": "x"}):
        assert officer.post("/returns/doubts/settle", wrong).status_code == 302


def test_signals_of_idle_plants_are_shown_with_their_course(land: Parcel, signed_in: SignIn) -> None:
    page = read(signed_in("leader"), "/returns/energy/")
    assert "连续停产用电" in page
    assert "<polyline" in page
    assert "-99.9%" in page
    assert "没有月度用能数据" in read(signed_in("leader"), "/returns/energy/", month="2019-01")
    read(signed_in("leader"), "/returns/energy/", 422, month="三月")


def test_more_rows_ask_no_more_statements(land: Parcel, county: County, signed_in: SignIn) -> None:
    client = signed_in("evaluation_officer")
    addresses = [*LISTS, *FIGURES[:3], f"/land-use/parcels/{land.pk}/"]

    def enter(numbers: range) -> None:
        for n in numbers:
            firm = factories.enterprise(county, f"91330782MA2ABCD{n:02d}X", f"厂{n}")
            factories.occupancy(land, firm, geom_4490=factories.box(0.1 * n, 0, 0.1 * n + 0.2, 1))
            factories.annual_return(firm, 2024, tax_wan=Decimal(-1))

    def asked() -> list[int]:
        counts = []
        for address in addresses:
            with CaptureQueriesContext(connection) as seen:
                read(client, address, year="2024")
            counts.append(len(seen))
        return counts

    enter(range(2))
    few = asked()
    enter(range(2, 8))
    assert asked() == few


def test_nothing_that_is_asked_for_breaks_a_page(land: Parcel, signed_in: SignIn) -> None:
    client = signed_in("evaluation_officer")
    names = {key for key in get_resolver().reverse_dict if isinstance(key, str)}
    assert {pattern.name for pattern in urlpatterns} <= names
    for address in (*LISTS, *FIGURES, f"/land-use/parcels/{land.pk}/"):
        for asked in ({"year": "0"}, {"year": "99999999999"}, {"year": "2024", "page": "x"}, {"month": "0000-01"},
                      {"year": "2024", "q": "%\x27\\", "source": "\u0000"}, {"year": "2200", "edit": "9" * 30}):  # fmt: skip
            assert client.get(address, asked).status_code in (200, 400, 422), (address, asked)
    assert client.get(f"/land-use/parcels/{'9' * 25}/", {"year": "2024"}).status_code == 404
