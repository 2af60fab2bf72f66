"""Three cases walked in the browser from the suspicion to 销号 and the look back, each with its papers as Word files.

Refuses to look at pixels, and to enter anything in the database once the contracts are on record.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import expect

from landgis.access.queries import actor_for
from landgis.counties.models import County
from parcels.cadastre.models import Parcel
from parcels.idle_land.actions import record_screening, screen_idle
from parcels.supply.fact_models import CauseInterval, Encumbrance, SupplementAgreement
from parcels.supply.models import ContractPhase, SupplyContract
from tests import factories
from tests.browser.casework import CaseDesk
from tests.browser.conftest import ON, OpenAs

pytestmark = pytest.mark.browser


def contract(county: County, number: str, agreed_start: date) -> ContractPhase:
    """A contract of parcel P3 that says everything which its papers repeat."""
    parcel = Parcel.objects.get(county=county, code="P3")
    phase = factories.contract(
        county,
        number,
        parcel,
        agreed_start=agreed_start,
        agreed_delivery=agreed_start.replace(year=agreed_start.year - 1),
        actual_delivery=agreed_start.replace(year=agreed_start.year - 1),
        agreed_completion=agreed_start.replace(year=agreed_start.year + 2),
        total_investment_wan=Decimal(8000),
        land_to_develop_m2=Decimal("33333.33"),
    )
    with factories.writing(county):
        SupplyContract.objects.filter(contract_no=number).update(
            supervision_no="9900012022B00123",
            holder_name="示意企业3",
            location="甲路3号",
            land_use="工业用地",
            area_m2=Decimal("33333.33"),
            price_wan=Decimal("1234.5678"),
            supply_mode="挂牌出让",
            signed_on=agreed_start.replace(year=agreed_start.year - 2),
        )
    actor = actor_for(factories.person(county, "registrar"), county, date(2026, 1, 1))
    record_screening(
        screen_idle(county=county, actor=actor, on=ON), county=county, by="测试员", reason="季度筛查"
    )
    return phase


def test_own_cause_of_a_year_ends_with_the_fee_paid(
    open_as: OpenAs, landscape: County, tmp_path: Path
) -> None:
    contract(landscape, "HT-3", date(2022, 12, 1))
    desk = CaseDesk(open_as("idle_land_officer", "/idle-land/", wait=False), tmp_path)
    desk.open("HT-3", date(2024, 7, 1))
    desk.issue("tracking_card", "国有建设用地项目跟踪管理卡", date(2024, 7, 1))
    desk.issue("investigation_notice", "闲置土地调查通知书", date(2024, 7, 3))
    desk.step("investigation_notice", date(2024, 7, 3))
    desk.step("service:调查通知", date(2024, 7, 4))
    desk.step("reply", date(2024, 7, 20))
    desk.step("inquiry", date(2024, 7, 21))
    desk.step("site_survey", date(2024, 7, 22))
    desk.issue("inquiry_record", "询问笔录", date(2024, 7, 22))
    desk.issue("survey_record", "现场勘测笔录", date(2024, 7, 22))
    desk.issue("finding", "闲置土地认定书", date(2024, 8, 1))
    desk.step("finding", date(2024, 8, 1))
    desk.step("service:闲置土地认定", date(2024, 8, 2))
    desk.issue("disclosure", "闲置土地信息公开表", date(2024, 8, 5))
    desk.step("disclosure", date(2024, 8, 5))
    desk.step("registration", date(2024, 8, 5))
    desk.step("scheme", date(2024, 8, 10))
    desk.issue("scheme", "闲置土地处置方案", date(2024, 8, 10))
    desk.issue("scheme_request", "关于报批闲置土地处置方案的请示", date(2024, 8, 10))
    desk.step("scheme_approval", date(2024, 8, 20))
    desk.issue("hearing_right", "听证权利告知书", date(2024, 8, 22))
    desk.step("hearing_right_notice", date(2024, 8, 22))
    desk.step("service:听证权利告知", date(2024, 8, 23))
    desk.step("hearing_waived", date(2024, 9, 2))
    desk.issue("fee_decision", "征缴土地闲置费决定书", date(2024, 9, 4))
    desk.step("fee_decision", date(2024, 9, 4), base_yuan="12345678.00", amount_yuan="2469135.60")
    desk.step("service:征缴土地闲置费决定", date(2024, 9, 5))
    desk.issue("service_receipt", "送达回证", date(2024, 9, 5))
    page = desk.page
    page.locator("summary", has_text="登记税务回传的缴费凭证").click()
    page.fill("#id_receipt_no", "税票0001")
    page.fill("#id_paid_on", "2024-09-30")
    page.fill("#id_amount_yuan", "2469135.60")
    page.locator('form[action$="/receipts"] #id_reason, form[action*="receipt"] #id_reason').fill("税务回传")
    page.get_by_role("button", name="入账").click()
    desk.step("fee_paid", date(2024, 9, 30), paid_yuan="2469135.60")
    desk.step("disclosure_removed", date(2024, 10, 8))
    desk.issue("closing", "闲置土地处置销号表", date(2025, 4, 20))
    desk.step("closed", date(2025, 4, 20))
    desk.step("look_back", date(2025, 10, 20))
    expect(page.locator("#state")).to_contain_text("已销号")
    assert len(desk.archive()) == len(desk.papers)

    assert "工业用地" in desk.papers["investigation_notice"]
    assert "人民币贰佰肆拾陆万玖仟壹佰叁拾伍元陆角整" in desk.papers["fee_decision"]
    assert "《闲置土地处置办法》（国土资源部令第53号）第十四条第一款第一项" in desk.papers["hearing_right"]
    assert "自2022年12月1日起至2024年8月10日" in desk.papers["scheme"]
    assert "征缴土地闲置费决定书" in desk.papers["service_receipt"]
    assert "缴清土地闲置费2,469,135.60元，缴费凭证：税票0001" in desk.papers["closing"]


def test_own_cause_of_two_years_ends_with_the_cancellation(
    open_as: OpenAs, landscape: County, tmp_path: Path
) -> None:
    phase = contract(landscape, "HT-4", date(2021, 3, 1))
    with factories.writing(landscape):
        Encumbrance.objects.create(
            contract=phase.contract, kind="mortgage", holder_name="示意银行义乌支行", registration_no="抵2021-7",
            valid_from=date(2021, 5, 1), evidence="登记簿",
        )  # fmt: skip
    desk = CaseDesk(open_as("idle_land_officer", "/idle-land/", wait=False), tmp_path)
    desk.open("HT-4", date(2024, 7, 1))
    desk.step("investigation_notice", date(2024, 7, 3), document_no="外调〔2024〕9号")
    desk.step("service:调查通知", date(2024, 7, 4))
    desk.step("no_reply", date(2024, 8, 6))
    desk.step("site_survey", date(2024, 8, 7))
    desk.issue(
        "finding",
        "闲置土地认定书",
        date(2024, 8, 8),
        {"cause": "使用权人自身原因", "cause_kind": "企业自身原因"},
    )
    desk.step("finding", date(2024, 8, 8), result=None, statement=None, evidence=None)
    desk.step("service:闲置土地认定", date(2024, 8, 9))
    desk.step("disclosure", date(2024, 8, 12))
    desk.step("scheme", date(2024, 8, 15), mode="repossession", content="无偿收回国有建设用地使用权")
    desk.issue("mortgagee_notice", "闲置土地抵押权人告知书", date(2024, 8, 16))
    desk.step("mortgagee_notice", date(2024, 8, 16), holder=None)
    desk.step("service:抵押权人通知", date(2024, 8, 17))
    desk.step("scheme_approval", date(2024, 9, 10), level="approving_government")
    desk.issue("hearing_right", "听证权利告知书", date(2024, 9, 11))
    desk.step("hearing_right_notice", date(2024, 9, 11))
    desk.step("service:听证权利告知", date(2024, 9, 12))
    desk.step("hearing_request", date(2024, 9, 18))
    desk.issue(
        "hearing_notice", "听证通知书", date(2024, 9, 20),
        {"hearing_at": "2024-10-15T09:30", "hearing_place": "二楼会议室", "hearing_chair": "赵某"},
    )  # fmt: skip
    desk.step("hearing_notice", date(2024, 9, 20), hearing_on=None, place=None)
    desk.step("service:听证通知", date(2024, 9, 21))
    desk.step("hearing_held", date(2024, 10, 15))
    desk.issue("repossession_decision", "收回国有建设用地使用权决定书", date(2024, 10, 25))
    desk.step("repossession_decision", date(2024, 10, 25), copied_to_mortgagee=True)
    desk.issue("service_receipt", "送达回证", date(2024, 10, 26))
    desk.step("service:收回国有建设用地使用权决定", date(2024, 10, 26))
    desk.issue("dunning", "履行行政决定催告书", date(2024, 11, 27))
    desk.step("cancellation_notice", date(2024, 12, 2), document_no="公告〔2024〕3号")
    desk.step("disclosure_removed", date(2024, 12, 3))
    desk.issue("closing", "闲置土地处置销号表", date(2025, 4, 20))
    desk.step("closed", date(2025, 4, 20))
    desk.step("look_back", date(2025, 10, 20))
    expect(desk.page.locator("#state")).to_contain_text("已销号")

    assert "2021年3月1日起，至2022年3月1日已满一年未动工开发" in desk.papers["finding"]
    assert "使用权人自身原因（企业自身原因）。" in desk.papers["finding"]
    assert "2024年10月15日9时30分" in desk.papers["hearing_notice"]
    assert "抄送：示意银行义乌支行" in desk.papers["repossession_decision"]
    assert "收回国有建设用地使用权决定书" in desk.papers["service_receipt"]
    assert "办理国有建设用地使用权注销登记" in desk.papers["dunning"]
    assert "已公告注销（公告〔2024〕3号" in desk.papers["closing"]


def test_government_cause_ends_with_the_agreement_performed(
    open_as: OpenAs, landscape: County, tmp_path: Path
) -> None:
    phase = contract(landscape, "HT-5", date(2021, 3, 1))
    with factories.writing(landscape):
        CauseInterval.objects.create(
            phase=phase, cause="G1", valid_from=date(2021, 3, 1), evidence="交地确认书", verified_by="王",
            verified_on=date(2024, 7, 10),
        )  # fmt: skip
    desk = CaseDesk(open_as("idle_land_officer", "/idle-land/", wait=False), tmp_path)
    desk.open("HT-5", date(2024, 7, 1))
    desk.issue("investigation_notice", "闲置土地调查通知书", date(2024, 7, 3))
    desk.step("investigation_notice", date(2024, 7, 3))
    desk.step("service:调查通知", date(2024, 7, 4))
    desk.step("reply", date(2024, 7, 20), claimed_causes=["G1"], statement="政府未按约定交地")
    desk.step("site_survey", date(2024, 7, 22))
    desk.issue("finding", "闲置土地认定书", date(2024, 8, 1))
    desk.step("finding", date(2024, 8, 1), result=None, statement=None, evidence=None, causes=["G1"])
    desk.step("service:闲置土地认定", date(2024, 8, 2))
    desk.issue(
        "government_letter",
        "关于告知闲置土地有关情况的函",
        date(2024, 8, 5),
        {"government_body": "甲镇人民政府"},
    )
    desk.step("notice_to_government", date(2024, 8, 5), body=None)
    desk.issue("disclosure", "闲置土地信息公开表", date(2024, 8, 5), {"disclosed_at": "县政府门户网站"})
    desk.step("disclosure", date(2024, 8, 5), place=None)
    desk.step("registration", date(2024, 8, 6))
    desk.issue(
        "scheme",
        "闲置土地处置方案",
        date(2024, 8, 10),
        {"mode": "延长动工开发期限", "scheme": "延长至2025年3月1日"},
    )
    desk.step("scheme", date(2024, 8, 10), mode="extend", content=None)
    desk.step("scheme_approval", date(2024, 8, 20))
    with factories.writing(landscape):
        SupplementAgreement.objects.create(
            contract=phase.contract, agreement_no="补1", signed_on=date(2024, 9, 1), agreed_start=date(2025, 3, 1),
            agreed_completion=date(2027, 3, 1), basis="延长动工", evidence="补充协议",
        )  # fmt: skip
    desk.issue(
        "supplement", "国有建设用地使用权有偿使用合同补充协议", date(2024, 8, 31),
        {"agreement_no": "补1", "new_start": "2025-03-01", "new_completion": "2027-03-01"},
    )  # fmt: skip
    desk.step("agreement", date(2024, 9, 1), agreement_no=None, new_start=None)
    desk.step("performed", date(2025, 2, 20))
    desk.step("disclosure_removed", date(2025, 2, 21))
    desk.issue("closing", "闲置土地处置销号表", date(2025, 4, 20))
    desk.step("closed", date(2025, 4, 20))
    desk.step("look_back", date(2025, 10, 20))
    expect(desk.page.locator("#state")).to_contain_text("已销号")

    assert "第八条第一款第一项" in desk.papers["finding"]
    assert "甲镇人民政府" in desk.papers["government_letter"]
    assert "2025年3月1日" in desk.papers["supplement"]
    assert "协议履行完毕" in desk.papers["closing"]
