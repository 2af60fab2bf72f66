"""Field reports over HTTP: filed with photos and shapes, refused beside their fields, answered, handed on; and who may not."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from python_calamine import CalamineWorkbook

from landgis.access.queries import Actor
from landgis.audit.models import AuditEvent
from landgis.counties.models import County
from parcels.field_reports.models import FieldOutcome, FieldPhoto, FieldReport
from parcels.supply.models import ConstructionProgress, ContractPhase
from tests import factories
from tests.factories import SignIn, box
from tests.parcels.field_reports.conftest import File
from tests.parcels.field_reports.photos import photo

INSIDE = (120.0005, 29.3005)
# The western half of the parcel, as a boundary list in degrees.
HALF = "J1 29.3 120.0\nJ2 29.301 120.0\nJ3 29.301 120.0005\nJ4 29.3 120.0005"


def send(client: Client, phase: ContractPhase, **fields: Any) -> Any:
    stated = {"visited_on": "2024-05-01", "building": "going", "remarks": "正在砌墙", **fields}
    return client.post(f"/field-reports/new?phase={phase.pk}", stated)


def picture(name: str = "现场 1.jpg", **facts: Any) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, photo(*INSIDE, **facts), content_type="image/jpeg")


def text(response: Any) -> str:
    return unescape(response.content.decode())


def test_a_town_files_with_photos_and_a_shape_and_the_bureau_accepts(
    phase: ContractPhase, signed_in: SignIn
) -> None:
    town = signed_in("township_officer")
    found = text(town.get("/field-reports/new", {"q": "合1"}))
    assert f"?phase={phase.pk}" in found
    assert 'enctype="multipart/form-data"' in text(town.get(f"/field-reports/new?phase={phase.pk}"))
    made = send(
        town,
        phase,
        developed_text=HALF,
        photos=[picture(), picture("b.jpg", colour=30)],
        place="120.0004,29.3004",
    )
    report = FieldReport.objects.get()
    assert (made.status_code, made["Location"]) == (302, f"/field-reports/{report.pk}/")
    assert float(report.measured_area_m2 or 0) == pytest.approx(5380, abs=20)
    page = text(town.get(f"/field-reports/{report.pk}/"))
    assert "照片 2 张" in page
    assert "在宗地内" in page
    assert "<svg" in page
    assert "采纳后登记" not in page
    assert "补充照片" in page
    bureau = signed_in("idle_land_officer")
    page = text(bureau.get(f"/field-reports/{report.pk}/"))
    assert "已开发范围图形" in page
    accepted = bureau.post(f"/field-reports/{report.pk}/accept", {"reason": "属实"})
    assert accepted.status_code == 302
    assert ConstructionProgress.objects.get().measured_area_m2 == report.measured_area_m2
    again = bureau.post(f"/field-reports/{report.pk}/accept", {"reason": "属实"})
    assert again.status_code == 409
    assert "不能再次办理" in text(again)
    assert "已采纳" in text(town.get("/field-reports/"))


def test_the_original_is_evidence_and_the_thumbnail_shows_nothing_of_the_camera(
    phase: ContractPhase, signed_in: SignIn
) -> None:
    town = signed_in("township_officer")
    send(town, phase, photos=[picture()])
    kept = FieldPhoto.objects.get()
    base = f"/field-reports/{kept.report_id}/photos/{kept.pk}"
    original = town.get(f"{base}/original")
    assert original.content == photo(*INSIDE)
    assert original["X-Content-Type-Options"] == "nosniff"
    small = town.get(f"{base}/thumbnail")
    with Image.open(io.BytesIO(small.content)) as image:
        assert (small["Content-Type"], dict(image.getexif())) == ("image/png", {})


def test_another_towns_officer_meets_no_report_no_post_and_no_photo(
    elsewhere: ContractPhase, signed_in: SignIn
) -> None:
    bureau, town = signed_in("idle_land_officer"), signed_in("township_officer")
    send(bureau, elsewhere, photos=[picture()])
    kept = FieldPhoto.objects.get()
    base = f"/field-reports/{kept.report_id}"
    for address in ("/", f"/photos/{kept.pk}/original", f"/photos/{kept.pk}/thumbnail"):
        assert bureau.get(base + address).status_code == 200
        assert town.get(base + address).status_code == 404
    assert send(town, elsewhere).status_code == 404
    assert town.get(f"/field-reports/new?phase={elsewhere.pk}").status_code == 404
    assert town.get("/field-reports/new?parcel=B1").status_code == 404
    assert town.post(f"{base}/photos", {"photos": [picture()]}).status_code == 404
    assert town.post(f"{base}/withdraw", {"reason": "x"}).status_code == 404
    for step in ("accept", "return"):
        assert town.post(f"{base}/{step}", {"reason": "x"}).status_code == 403
    assert "合2" not in text(town.get("/field-reports/"))
    assert "合2" not in text(
        town.get("/field-reports/new", {"q": "合2"}).content and town.get("/field-reports/")
    )
    assert not FieldOutcome.objects.exists()
    assert FieldReport.objects.count() == 1


@pytest.mark.parametrize(
    ("role", "sees", "files"),
    [("leader", 200, 403), ("registrar", 200, 403), ("agency", 403, 403), ("audit_admin", 403, 403)],
)
def test_who_may_look_and_who_may_report(
    role: str, sees: int, files: int, phase: ContractPhase, signed_in: SignIn
) -> None:
    client = signed_in(role)
    assert client.get("/field-reports/").status_code == sees
    assert send(client, phase).status_code == files
    assert Client().get("/field-reports/").status_code == 302


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"visited_on": "2999-01-01"}, "核查日期晚于今天"),
    ({"visited_on": "昨天"}, "请按 2026-01-31 的样式填写日期"),
    ({"building": "stopped"}, "停工的请填写最后施工日期"),
    ({"invested_wan": "三百"}, "请填写数字"),
    ({"invested_wan": "1e99"}, "数字过长"),
    ({"foundation_kind": "piles"}, "应同时填写"),
    ({"place": "村口"}, "不是一对坐标"),
    ({"place": "10.5,20.5"}, "不在本县范围内"),
    ({"developed_text": "在东边"}, "没有坐标"),
    ({"developed_text": HALF.replace("120.0005", "120.0025")}, "在宗地以外"),
    ({"developed_text": "J1 29.3 120.0\nJ2 29.301 120.001\nJ3 29.301 120.0\nJ4 29.3 120.001"}, "自相交"),
    ({"replaces": "999999"}, "没有第 999999 号"),
]


@pytest.mark.parametrize(("fields", "words"), REFUSED)
def test_what_is_wrong_is_told_and_nothing_is_kept(
    fields: dict[str, Any], words: str, phase: ContractPhase, signed_in: SignIn
) -> None:
    answer = send(signed_in("township_officer"), phase, **fields)
    assert answer.status_code in (404, 409, 422)
    assert words in text(answer)
    assert not FieldReport.objects.exists()


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (SimpleUploadedFile("假.jpg", b"<svg onload=alert(1)>"), "不是照片"),
        (SimpleUploadedFile("空.jpg", b""), "是空的"),
        (SimpleUploadedFile("IMG_1.HEIC", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"), "兼容性最佳"),
        (SimpleUploadedFile("大.jpg", b"\xff\xd8\xff" + b"\0" * (21 << 20)), "文件超过 20 MB"),
    ],
)
def test_a_file_that_is_no_photo_is_refused_with_what_to_do(
    file: SimpleUploadedFile, words: str, phase: ContractPhase, signed_in: SignIn
) -> None:
    answer = send(signed_in("township_officer"), phase, photos=[picture(), file])
    assert answer.status_code == 422
    assert words in text(answer)
    assert not FieldReport.objects.exists()


def test_a_shape_comes_from_a_file_too_and_not_from_both(phase: ContractPhase, signed_in: SignIn) -> None:
    town = signed_in("township_officer")
    drawn = box(0, 0, 0.5, 1).geojson.encode()
    file = SimpleUploadedFile("开发.geojson", drawn)
    assert "请只用一种方式" in text(send(town, phase, developed_text=HALF, developed_file=file))
    file.seek(0)
    assert send(town, phase, developed_file=file).status_code == 302
    assert FieldReport.objects.get().developed_geom_4490 is not None
    broken = SimpleUploadedFile("x.zip", b"PK\x03\x04nonsense")
    assert send(town, phase, developed_file=broken).status_code == 422


def test_photos_are_added_while_it_waits_and_it_is_withdrawn_with_a_reason(
    file: File, signed_in: SignIn
) -> None:
    report, town = file(), signed_in("township_officer")
    base = f"/field-reports/{report.pk}"
    assert town.post(f"{base}/photos").status_code == 422
    assert town.post(f"{base}/photos", {"photos": [picture()]}).status_code == 302
    assert FieldPhoto.objects.count() == 1
    assert town.post(f"{base}/withdraw", {"reason": ""}).status_code == 422
    assert town.post(f"{base}/withdraw", {"reason": "填错宗地"}).status_code == 302
    page = text(town.get(f"{base}/"))
    assert "填错宗地" in page
    assert "已撤回" in page
    assert town.post(f"{base}/photos", {"photos": [picture("c.jpg", colour=1)]}).status_code == 409


def test_a_returned_report_leads_to_a_new_one(file: File, phase: ContractPhase, signed_in: SignIn) -> None:
    report, town = file(), signed_in("township_officer")
    signed_in("idle_land_officer").post(f"/field-reports/{report.pk}/return", {"reason": "请补照片"})
    link = f"/field-reports/new?phase={phase.pk}&replaces={report.pk}"
    assert link in text(town.get(f"/field-reports/{report.pk}/"))
    assert f'name="replaces" value="{report.pk}"' in text(town.get(link))
    assert send(town, phase, replaces=report.pk).status_code == 302
    assert "已重新填报" in text(town.get(f"/field-reports/{report.pk}/"))


def test_the_list_is_filtered_and_handed_on(file: File, signed_in: SignIn) -> None:
    stopped, going = (
        file(building="stopped", last_built_on=date(2024, 1, 1)),
        file(visited_on=date(2024, 4, 1)),
    )
    client = signed_in("idle_land_officer")
    shown = text(client.get("/field-reports/", {"building": "stopped", "state": "filed"}))
    assert f"第 {stopped.pk} 号" in shown
    assert f"第 {going.pk} 号" not in shown
    assert client.get("/field-reports/", {"state": "nonsense"}).status_code == 422
    assert client.get("/field-reports/", {"q": "\0"}).status_code in (200, 422)
    book = client.get("/field-reports/list.xlsx", {"building": "stopped"})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_index(0).to_python()
    assert [row[3] for row in rows if row[0] == stopped.pk] == ["合1"]
    assert not [row for row in rows if row[0] == going.pk]
    assert AuditEvent.objects.filter(action="export_field_reports").count() == 1
    assert signed_in("leader").get("/field-reports/list.xlsx").status_code == 403


def test_the_pages_ask_as_often_for_many_as_for_few(
    file: File,
    county: County,
    cast: dict[str, Actor],
    signed_in: SignIn,
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:
    client = signed_in("idle_land_officer")
    filed = [
        file(visited_on=date(2024, 1, day), photos=[("a.jpg", photo(*INSIDE, colour=day))] * 2)
        for day in range(1, 13)
    ]
    with django_assert_max_num_queries(14):
        client.get("/field-reports/")
    with django_assert_max_num_queries(18):
        client.get(f"/field-reports/{filed[-1].pk}/")


@pytest.mark.parametrize("number", ["0", "99999999999999999999", "1e3"])
def test_no_number_breaks_a_page(number: str, county: County, signed_in: SignIn) -> None:
    client = signed_in("township_officer")
    assert client.get(f"/field-reports/{number}/").status_code == 404
    assert client.get(f"/field-reports/new?phase={number}").status_code == 404
    factories.parcel(county, "A7", box(4, 0, 5, 1))
    assert client.get("/field-reports/new?parcel=A7").status_code == 200
