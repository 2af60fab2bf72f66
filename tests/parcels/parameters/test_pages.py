"""The parameters over HTTP: read by the bureau, succeeded on a document, refused in words, tried before they are saved."""

from __future__ import annotations

import io
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image
from python_calamine import CalamineWorkbook

from landgis.audit.models import AuditEvent
from landgis.counties.models import BasisPaper, County, Parameter
from landgis.counties.queries import parameters
from tests import factories
from tests.factories import SignIn

PAGE = "/parameters/"
REPLY, LAW = "disposal.term.reply", "idle_land.not_started_years"
KNOWN = "disposal.term.performance"
ARTICLE = "《闲置土地处置办法》第二条第一款"


def photo() -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(content, "PNG")
    return SimpleUploadedFile("县局文件.png", content.getvalue(), "image/png")


def ahead(days: int = 30) -> date:
    return timezone.localdate() + timedelta(days=days)


def send(client: Client, key: str = KNOWN, **stated: Any) -> Any:
    newest = Parameter.objects.filter(key=key).order_by("-valid_from").first()
    sent = {
        "value": "20 日", "valid_from": str(ahead()), "certainty": "ours", "basis": "县局〔2026〕1号", "reason": "调整",
        "follows": newest.pk if newest else 0, "file": photo(),
    } | stated  # fmt: skip
    return client.post(f"{PAGE}{key}/", {name: value for name, value in sent.items() if value is not None})


def text(answer: Any) -> str:
    return unescape(answer.content.decode())


def test_the_list_tells_value_period_certainty_and_basis_in_chinese(signed_in: SignIn) -> None:
    page = text(signed_in("leader").get(PAGE))
    for told in ("未动工满几年构成闲置", "1 年", "2012-07-01", "法条", "业务经验", ARTICLE, "5 个工作日"):
        assert told in page, told
    assert "#change" not in page
    narrowed = text(signed_in("leader").get(PAGE, {"q": "答复", "certainty": "law"}))
    assert "使用权人答复期限" in narrowed
    assert "未动工满几年构成闲置" not in narrowed


def test_a_successor_is_kept_with_its_paper_and_told_everywhere(signed_in: SignIn, county: County) -> None:
    client = signed_in("idle_land_officer")
    assert send(client).status_code == 302
    assert parameters(county, ahead(29))[KNOWN]["amount"] == 30
    assert parameters(county, ahead(30))[KNOWN]["amount"] == 20
    page = text(client.get(f"{PAGE}{KNOWN}/"))
    for told in ("待施行", "县局〔2026〕1号", "县局文件.png", "idle_land_officer", "调整"):
        assert told in page, told
    paper = BasisPaper.objects.get()
    answer = client.get(f"{PAGE}papers/{paper.pk}")
    assert answer.content == bytes(paper.content)
    assert client.get(f"{PAGE}papers/{paper.pk + 1}").status_code == 404
    assert f"{ahead()} 起：20 日" in text(client.get(PAGE))
    assert "20 日" in text(client.get(PAGE, {"on": str(ahead(40))}))


def test_a_version_ahead_is_withdrawn_with_its_reason_and_stays_told(signed_in: SignIn) -> None:
    client = signed_in("idle_land_officer")
    send(client)
    made = Parameter.objects.get(key=KNOWN, entered_by="idle_land_officer")
    nobody = client.post(f"{PAGE}{KNOWN}/withdraw", {"number": made.pk})
    assert nobody.status_code == 422
    loaded = Parameter.objects.get(key=KNOWN, entered_by="")
    assert client.post(f"{PAGE}{KNOWN}/withdraw", {"number": loaded.pk, "reason": "误"}).status_code == 412
    assert client.post(f"{PAGE}{REPLY}/withdraw", {"number": made.pk, "reason": "误"}).status_code == 403
    assert (
        signed_in("leader").post(f"{PAGE}{KNOWN}/withdraw", {"number": made.pk, "reason": "误"}).status_code
        == 403
    )
    assert (
        client.post(f"{PAGE}{KNOWN}/withdraw", {"number": made.pk, "reason": "文号有误"}).status_code == 302
    )
    assert "撤回：文号有误" in text(client.get(f"{PAGE}{KNOWN}/"))
    assert Parameter.objects.get(key=KNOWN).valid_to is None


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        ({"value": "0 日"}, "期限应在 1 至"),
        ({"value": "三十"}, "不是期限"),
        ({"value": "30 日"}, "与最新版本相同"),
        ({"value": ""}, "必填|必填项|这个字段是必填项"),
        ({"basis": " "}, "必填|这个字段是必填项"),
        ({"reason": ""}, "必填|这个字段是必填项"),
        ({"valid_from": "明天"}, "请按 2026-01-31 的样式"),
        ({"certainty": "sure"}, "选"),
        ({"valid_from": "2020-01-01"}, "追溯施行"),
        ({"file": None}, "没有收到文件"),
        ({"file": SimpleUploadedFile("a.exe", b"MZ", "image/png")}, "不是照片或 PDF"),
        ({"follows": 0}, "刚刚被他人修改"),
        ({"follows": "x"}, ""),
        ({"valid_from": "2000-01-01", "backdated": "on"}, "须晚于这一天"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_kept(
    signed_in: SignIn, county: County, stated: dict[str, Any], words: str
) -> None:
    answer = send(signed_in("idle_land_officer"), **stated)
    assert 400 <= answer.status_code < 500
    assert any(word in text(answer) for word in words.split("|"))
    assert Parameter.objects.filter(county=county, key=KNOWN).count() == 1
    assert not BasisPaper.objects.exists()
    assert not AuditEvent.objects.filter(action="add_parameter_version").exists()


def test_a_statutory_value_needs_the_article_and_the_administrator(signed_in: SignIn, county: County) -> None:
    assert send(signed_in("idle_land_officer"), LAW, value="2", confirmed=ARTICLE).status_code == 403
    admin = signed_in("system_admin")
    for confirmed in ("", "是", "第二条"):
        refused = send(admin, LAW, value="2", confirmed=confirmed)
        assert refused.status_code == 422
        assert f"请照录“{ARTICLE}”" in text(refused)
    assert send(admin, LAW, value="2", confirmed=ARTICLE, certainty="ours").status_code == 302
    later = send(admin, LAW, value="3", valid_from=str(ahead(60)), certainty="ours")
    assert later.status_code == 422, "the law's own value stays the law's"
    assert parameters(county, ahead())[LAW] == 2


def test_a_backdated_version_needs_its_tick(signed_in: SignIn, county: County) -> None:
    today = timezone.localdate()
    assert send(signed_in("idle_land_officer"), valid_from=str(today), backdated="on").status_code == 302
    assert parameters(county, today)[KNOWN]["amount"] == 20


def test_a_parameter_that_nobody_set_gets_its_first_version(signed_in: SignIn, county: County) -> None:
    client = signed_in("idle_land_officer")
    assert "未设定" in text(client.get(f"{PAGE}idle_land.roll_over_rest_days/"))
    assert send(client, "idle_land.roll_over_rest_days", value="否").status_code == 302
    assert parameters(county, ahead())["idle_land.roll_over_rest_days"] is False
    year = "放假 = 2030-01-01\n调休上班 =\n整年安排 = 是"
    assert send(client, "calendar.2030", value=year).status_code == 302


def test_rights(signed_in: SignIn, client: Client) -> None:
    assert client.get(PAGE)["Location"].startswith("/login/")
    for role in factories.ROLES:
        expected = 403 if role in ("agency", "security_admin", "audit_admin") else 200
        assert signed_in(role).get(PAGE).status_code == expected, role
        assert signed_in(role).get(f"{PAGE}{KNOWN}/").status_code == expected, role
        may = role in ("idle_land_officer", "system_admin")
        answer = send(
            signed_in(role),
            value=f"{21 + factories.ROLES.index(role)} 日",
            valid_from=str(ahead(30 + factories.ROLES.index(role))),
        )
        assert answer.status_code == (302 if may else 403), role
    for role, status in (("leader", 403), ("agency", 403), ("registrar", 200), ("township_officer", 200)):
        assert signed_in(role).get(f"{PAGE}list.xlsx").status_code == status, role
    assert (
        send(signed_in("idle_land_officer"), "edit.rule.overlap", value="处理方式 = 提示").status_code == 403
    )
    assert send(signed_in("system_admin"), "edit.rule.overlap", value="处理方式 = 提示").status_code == 302


def test_nonsense_addresses_are_answered(signed_in: SignIn) -> None:
    client = signed_in("system_admin")
    assert client.get(f"{PAGE}x.y/").status_code == 404
    assert client.get(f"{PAGE}{'x' * 300}/").status_code == 404
    assert client.get(PAGE, {"on": "昨天"}).status_code == 422
    assert client.get(f"{PAGE}list.xlsx", {"on": "昨天"}).status_code in (400, 403)
    assert client.get(f"{PAGE}papers/99999999999999999999").status_code == 404
    assert client.get(PAGE, {"on": "1990-01-01"}).status_code == 200
    assert client.get(PAGE, {"on": "0001-01-01"}).status_code == 422


def test_the_workbook_holds_what_the_list_shows(signed_in: SignIn) -> None:
    content = signed_in("registrar").get(f"{PAGE}list.xlsx", {"q": "答复"}).content
    table = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    told = str(table)
    assert "使用权人答复期限" in told
    assert "30 日" in told
    assert "法条" in told
    assert "未动工满几年" not in told
    assert AuditEvent.objects.filter(action="export_parameters").count() == 1


def test_the_pages_ask_a_fixed_number_of_times(signed_in: SignIn, django_assert_max_num_queries: Any) -> None:
    client = signed_in("system_admin")
    with django_assert_max_num_queries(12):
        client.get(PAGE)
    for days in range(1, 12):
        send(client, value=f"{30 + days} 日", valid_from=str(ahead(days)))
    with django_assert_max_num_queries(12):
        client.get(PAGE)
    with django_assert_max_num_queries(14):
        client.get(f"{PAGE}{KNOWN}/")
