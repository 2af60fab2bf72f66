"""The pages of the control line: what-if, application, steps, balance, proofs and exports, and who may not."""

import io
import json
from datetime import timedelta
from typing import Any

import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image
from python_calamine import CalamineWorkbook

from landgis.counties.models import County
from parcels.balance.models import Adjustment, BalanceProof
from parcels.balance.proofs import proof_map
from parcels.documents.models import IssuedDocument
from parcels.documents.pdf import program
from tests import factories
from tests.factories import SignIn
from tests.parcels.balance.conftest import APPLIED, Apply, piece, set_parameter, set_retained, shape

pytestmark = pytest.mark.django_db
NEW = "/control-line/adjustments/new"


def form(out: shapely.Geometry | None, *pieces: dict[str, Any], **values: Any) -> dict[str, Any]:
    """What the page sends."""
    sent: dict[str, Any] = {
        "do": "check", "planned_on": timezone.localdate().isoformat(),
        "text": "" if out is None else shapely.to_geojson(out),
        "in-TOTAL_FORMS": str(len(pieces) + 1), "in-INITIAL_FORMS": "0", **values,
    }  # fmt: skip
    for place, one in enumerate(pieces):
        sent |= {f"in-{place}-{name}": value for name, value in one.items()}
    return sent


def book(client: Client, address: str) -> dict[str, list[list[Any]]]:
    """The sheets of a workbook by name."""
    read = CalamineWorkbook.from_filelike(io.BytesIO(client.get(address).content))
    return {name: read.get_sheet_by_name(name).to_python() for name in read.sheet_names}


def incoming(ground: shapely.Geometry, **values: Any) -> dict[str, Any]:
    return {
        "text": shapely.to_geojson(ground), "name": "示意调入", "level": "一级", "plan_class_code": "100101",
        "plan_basis": "国土空间规划", **values,
    }  # fmt: skip


APPLYING = {
    "do": "apply",
    "title": "示意",
    "purpose": "更新",
    "person": "王某",
    "document": "申请〔2026〕1号",
}


def test_the_what_if_writes_nothing_and_names_candidates(line: County, signed_in: SignIn) -> None:
    factories.parcel(line, "IN", factories.box(1, 1, 2, 2))
    factories.parcel(line, "EDGE", factories.box(20, 0, 22, 2))
    factories.parcel(line, "SMALL", factories.box(20, 5, 20.5, 5.5))
    factories.parcel(line, "SHOP", factories.box(30, 0, 32, 2), land_class_code="0501")
    page = signed_in("registrar").post(NEW, form(shape(1, 1, 2, 2)))
    assert page.status_code == 200
    states = {check.code: check.state for check in page.context["checks"]}
    assert states["out_inside"] == "pass"
    assert states["area"] == "fail"
    assert [row.code for row, _ in page.context["candidates"]] == ["EDGE", "SMALL"]
    first, second = (row for row, _ in page.context["candidates"])
    assert not first.against
    assert [check.code for check in second.against] == ["area"]
    assert not Adjustment.objects.exists()


def test_a_file_stays_in_the_form_as_text_and_can_be_applied_for(line: County, signed_in: SignIn) -> None:
    client = signed_in("registrar")
    drawn = json.dumps(
        {"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(shape(1, 1, 2, 2))}
    )
    upload = SimpleUploadedFile("out.geojson", drawn.encode())
    page = client.post(NEW, form(None, incoming(shape(20, 0, 22, 2)), file=upload))
    assert page.status_code == 200
    kept = page.context["out"]["text"].value()
    assert shapely.from_geojson(kept).area == pytest.approx(shape(1, 1, 2, 2).area, rel=1e-9)
    sent = form(None, incoming(shape(20, 0, 22, 2)), **APPLYING) | {"text": kept}
    done = client.post(NEW, sent)
    made = Adjustment.objects.get()
    assert done["Location"] == f"/control-line/adjustments/{made.pk}/"
    assert made.out_m2 > 10_000


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"text": "{broken"}, ""),
        ({"text": "J1 1 2"}, ""),
        ({"text": "", "parcel_codes": "NONE"}, "没有现行宗地"),
        ({"planned_on": ""}, ""),
        ({"planned_on": "nonsense"}, ""),
        ({"in-TOTAL_FORMS": "x"}, ""),
        ({"in-TOTAL_FORMS": "1000"}, ""),
        ({"in-0-text": "", "in-0-plan_basis": "规划"}, "没有图形"),
        ({"in-0-approved_on": "2024-01-01"}, "一并填写"),
        (APPLYING | {"title": ""}, "申请时必须填写"),
        (APPLYING, "改一补一"),
    ],
)
def test_what_is_wrong_is_told_on_the_page(
    line: County, signed_in: SignIn, sent: dict[str, Any], told: str
) -> None:
    page = signed_in("registrar").post(NEW, form(shape(1, 1, 4, 4), incoming(shape(20, 0, 21, 1))) | sent)
    assert 400 <= page.status_code < 500
    assert told in page.content.decode()
    assert not Adjustment.objects.exists()


def test_an_adjustment_by_its_pages_to_the_proof(line: County, signed_in: SignIn, monkeypatch: Any) -> None:
    set_parameter(line, "control_line.publicity_days", 0)
    set_retained(line, 100)
    client, today = signed_in("registrar"), timezone.localdate()
    client.post(NEW, form(shape(1, 1, 2, 2), incoming(shape(20, 0, 22, 2)), **APPLYING))
    made = Adjustment.objects.get()
    address = f"/control-line/adjustments/{made.pk}/"
    early = client.post(f"{address}proofs")
    assert early.status_code == 409
    wrong = client.post(f"{address}step", {"step": "entry", "on": today, "person": "王", "document": "文"})
    assert wrong.status_code == 409
    assert "下一步应为" in wrong.content.decode()
    for name in ("argument", "opinion", "review", "publicity", "approval", "entry"):
        sent = {"step": name, "on": today, "person": "王某", "document": f"{name} 1号"}
        assert client.post(f"{address}step", sent).status_code == 302, name
    page = client.get(address)
    assert [title for _, title in page.context["steps"]][-1] == "入库"
    assert client.get(f"{address}map.png")["Content-Type"] == "image/png"
    proved = client.post(f"{address}proofs")
    assert proved.status_code == 302, proved.context["refused"]
    proof = BalanceProof.objects.get()
    assert proof.document.number is not None
    assert "控补" in proof.document.number.text
    facts = proof.document.facts
    bases = {row["title"]: row["basis"] for row in facts["line_checks"]}
    assert "攻坚行动方案（2021-2023）》四（二）" in bases["先补后占"]  # where the plan says so
    assert facts["line_after_m2"]
    assert facts["retained_area_m2"]
    assert [row["step"] for row in facts["line_steps"]][-1] == "入库"
    word = client.get(f"{address}proofs/{proof.document_id}.docx")
    assert word.content[:2] == b"PK"
    assert client.get(f"{address}proofs/{proof.document_id}.pdf").status_code == 404
    assert client.get(f"{address}proofs/{proof.document_id}.exe").status_code == 404
    for role, status in (
        ("evaluation_officer", 200),
        ("leader", 200),
        ("township_officer", 403),
        ("agency", 403),
    ):
        reader, link = signed_in(role), f"{address}proofs/{proof.document_id}.docx"
        assert reader.get(link).status_code == status, role
        assert (link in reader.get(address).content.decode()) is (status == 200), role
    if program() is not None:
        assert client.post(f"{address}proofs/{proof.document_id}/pdf").status_code == 302
        assert client.get(f"{address}proofs/{proof.document_id}.pdf").content[:4] == b"%PDF"
    balance = client.get("/control-line/balance/")
    assert balance.context["equal"]
    assert client.get("/control-line/balance/", {"on": "nonsense"}).status_code == 422
    assert client.get("/control-line/balance/", {"on": "0001-01-01"}).status_code == 200


def test_ground_far_apart_has_a_sheet_each_below_one_of_all(line: County, entered: Apply) -> None:
    near = entered(shape(8, 0, 9, 5), piece(20, 0, 22, 5))
    far = entered(
        shape(1, 1, 1.2, 1.2), piece(60, 60, 61, 61), on=APPLIED + timedelta(days=100),
        effective=APPLIED + timedelta(days=190),
    )  # fmt: skip
    one, three = (Image.open(io.BytesIO(proof_map(line, made) or b"")).size for made in (near, far))
    assert three == (one[0], 3 * one[1])


def test_the_overview_and_its_workbooks(line: County, entered: Apply, signed_in: SignIn) -> None:
    factories.parcel(line, "SHOP", factories.box(3, 3, 4, 4), land_class_code="0501")
    factories.parcel(
        line, "EAST", factories.box(12, 3, 14, 4), land_class_code="0501", town_code=factories.TOWN_EAST
    )
    factories.parcel(line, "PLANT", factories.box(5, 5, 6, 6))
    made = entered(shape(8, 0, 9, 5), piece(20, 0, 22, 5))
    set_retained(line, 1000)
    client = signed_in("registrar")
    page = client.get("/control-line/")
    assert [row[0].code for row in page.context["found"]] == ["EAST", "SHOP"]
    assert made.adjustment_no in page.content.decode()
    sheets = book(client, "/control-line/list.xlsx")
    assert list(sheets) == ["控制线版本", "控制线调整", "线内非工业用途"]
    assert made.adjustment_no in [row[0] for row in sheets["控制线调整"]]
    (told,) = book(client, "/control-line/balance/statement.xlsx?on=2026-01-01").values()
    assert "占补调整入库" in [row[1] for row in told]
    (shares,) = book(client, "/control-line/parcels.xlsx").values()
    assert {"SHOP", "EAST", "PLANT"} <= {row[0] for row in shares}
    town = signed_in("township_officer")
    assert [row[0].code for row in town.get("/control-line/").context["found"]] == ["SHOP"]
    assert not town.get("/control-line/").context["may_change"]


def test_who_may_not(line: County, entered: Apply, signed_in: SignIn) -> None:
    made = entered(shape(8, 0, 9, 5), piece(20, 0, 22, 5))
    address = f"/control-line/adjustments/{made.pk}/"
    sent = {"step": "reversed", "on": timezone.localdate(), "person": "王", "document": "文"}
    for role in ("township_officer", "leader", "idle_land_officer"):
        client = signed_in(role)
        assert client.get(address).status_code == 200
        assert client.get(NEW).status_code == 403
        assert client.post(f"{address}step", sent).status_code == 403
        assert client.post(f"{address}proofs").status_code == 403
    assert signed_in("agency").get("/control-line/").status_code == 403
    assert signed_in("system_admin").get(address).status_code == 403
    assert Client().get("/control-line/").status_code == 302
    assert signed_in("registrar").get("/control-line/adjustments/999999999999999999999/").status_code == 404
    assert not IssuedDocument.objects.exists()


def test_the_overview_asks_as_often_for_many(line: County, entered: Apply, signed_in: SignIn) -> None:
    client = signed_in("leader")

    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/control-line/").status_code == 200
        return len(seen)

    factories.parcel(line, "FIRST", factories.box(7, 7, 8, 8), land_class_code="0501")
    asked()
    entered(shape(1, 1, 2, 2), piece(20, 0, 22, 5))
    few = asked()
    on = timezone.localdate() - timedelta(days=500)
    entered(
        shape(3, 1, 4, 2),
        piece(24, 0, 26, 5),
        piece(28, 0, 29, 1, name="调入二"),
        on=on,
        effective=on + timedelta(days=90),
    )
    for number in range(5):
        factories.parcel(
            line, f"S{number}", factories.box(number, 4, number + 0.9, 5), land_class_code="0501"
        )
    assert asked() == few
