"""Tables handed in on a page: tried out, issues by row, imported once, never a server error; and who may not."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from landgis.audit.models import AuditEvent
from landgis.counties.models import County
from parcels.exchange import actions
from parcels.exchange.blank_tables import blank_table
from parcels.exchange.models import DeliveredTable
from parcels.exchange.table_specs import ON_PAGE, TABLES
from parcels.exchange.tables import read_table
from parcels.supply.fact_models import Permit
from parcels.supply.models import ContractPhase
from tests import factories
from tests.factories import SignIn

PAGE = "/imports/tables/"
GOOD = "合同编号,许可证号,发证日期\n合1,施1,2022-01-01\n合9,施2,2022-01-01\n".encode()


@pytest.fixture
def phase(county: County) -> ContractPhase:
    return factories.contract(county, "合1", factories.parcel(county, "A1", factories.box(0, 0, 1, 1)))


def hand_in(
    client: Client, content: bytes, name: str = "许可证.csv", table: str = "permits", **more: Any
) -> Any:
    return client.post(PAGE, {"table": table, "file": SimpleUploadedFile(name, content), **more})


def test_a_table_is_tried_out_then_imported_once(phase: ContractPhase, signed_in: SignIn) -> None:
    client = signed_in("idle_land_officer")
    address = hand_in(client, GOOD)["Location"]
    assert not Permit.objects.exists()
    text = client.get(address).content.decode()
    assert "试运行结果，尚未写入" in text
    assert "登记库中没有合同编号 合9 的合同" in text
    assert "导入其中 1 行" in text
    assert client.post(f"{address}store", {"reason": ""}).status_code == 422
    assert client.post(f"{address}store", {"reason": "季度台账"}).status_code == 302
    assert Permit.objects.get().evidence == "台账：许可证.csv"
    event = AuditEvent.objects.get(action="import_permits")
    assert (event.actor, event.reason) == ("idle_land_officer", "季度台账")
    text = client.get(address).content.decode()
    assert "已导入" in text
    assert "登记库中没有合同编号 合9 的合同" in text
    twice = client.post(f"{address}store", {"reason": "再来"})
    assert twice.status_code == 409
    assert "这份表格已经导入" in twice.content.decode()
    assert bytes(DeliveredTable.objects.get().content) == b""
    again = client.get(hand_in(client, GOOD)["Location"]).content.decode()
    assert "内容与已登记的完全一致" in again


def test_the_issues_can_be_taken_along(phase: ContractPhase, signed_in: SignIn) -> None:
    client = signed_in("idle_land_officer")
    address = hand_in(client, GOOD)["Location"]
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"{address}issues.xlsx").content))
    assert "合9" in str(book.get_sheet_by_index(0).to_python())
    lines = client.get(f"{address}issues.csv").content.decode("utf-8-sig").splitlines()
    assert lines[0] == "数据行,级别,列,代码,问题和处理办法"
    assert lines[1].startswith("2,错误,合同编号,reference_unknown,第 2 行")


def bomb() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for i in range(9):
            archive.writestr(f"xl/{i}.xml", b" " * (50 << 20))
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b"", "a.csv", "是空的"),
        (b"abc", "a.pdf", "不是表格"),
        (b"PK\x03\x04 broken", "a.xlsx", "不是可读的电子表格"),
        (b"\xd0\xcf\x11\xe0 broken", "a.xls", "不是可读的电子表格"),
        (b"\xff\xff\xff\xfe\x00", "a.csv", "文字不是"),
        (b"<html><table></table></html>", "a.xls", "是网页"),
        ("许可证号,发证日期\n施1,2022-01-01\n".encode(), "a.csv", "缺少列"),
        ('合同编号,许可证号\n"合1,施1\n'.encode(), "a.csv", "引号不成对"),
        ("甲,乙\n1,2\n".encode(), "a.csv", "没有找到“施工许可证”的表头"),
        ("合同编号,许可证号,发证日期\n".encode(), "a.csv", "没有可以导入的行"),
    ],
)
def test_a_bad_file_is_told_and_never_breaks_the_page(
    content: bytes, name: str, told: str, phase: ContractPhase, signed_in: SignIn
) -> None:
    client = signed_in("idle_land_officer")
    answer = hand_in(client, content, name)
    if answer.status_code == 302:
        answer = client.get(answer["Location"])
        assert answer.status_code == 200
    else:
        assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Permit.objects.exists()


def test_too_large_a_file_is_refused(
    phase: ContractPhase, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in("idle_land_officer")
    assert "解压后过大" in hand_in(client, bomb(), "a.xlsx").content.decode()
    monkeypatch.setattr("parcels.exchange.views.LARGEST", 10)
    answer = hand_in(client, GOOD)
    assert answer.status_code == 422
    assert "文件超过" in answer.content.decode()
    assert client.post(PAGE, {"table": "permits"}).status_code == 422
    assert client.post(PAGE, {"table": "没有"}).status_code == 422


def test_what_the_register_cant_hold_is_told_with_its_row_and_column_and_the_rest_goes_on(
    phase: ContractPhase, signed_in: SignIn
) -> None:
    client = signed_in("idle_land_officer")
    long = f"合同编号,约定动工日期\n{'合' * 200},2022-01-01\n合9,2022-01-01\n".encode()
    answer = hand_in(client, long, table="supply-contracts")
    assert answer.status_code == 302
    told = client.get(answer["Location"]).content.decode()
    assert "第 1 行（文件第 2 行）" in told
    assert "合同编号”有 200 个字，最多 80 个" in told.replace("&quot;", "”")


def test_every_table_can_be_tried_out_and_has_an_empty_one(
    phase: ContractPhase, signed_in: SignIn, tmp_path: Path
) -> None:
    client = signed_in("idle_land_officer")
    shown = client.get(PAGE).content.decode()
    for spec in ON_PAGE:
        assert spec.title in shown
        content = client.get(f"{PAGE}blank/{spec.name}.xlsx").content
        file = tmp_path / f"{spec.name}.xlsx"
        file.write_bytes(content)
        read = read_table(file, spec)
        assert set(read.mapping.values()) == {column.field for column in spec.columns}
        assert (read.total, read.ignored) == (0, [])
        assert hand_in(client, content, "空表.xlsx", spec.name).status_code == 302
    assert blank_table(TABLES["permits"])
    assert client.get(f"{PAGE}blank/nothing.xlsx").status_code == 404


def test_a_delivery_is_its_persons_own_and_forgotten_after_a_day(
    phase: ContractPhase, signed_in: SignIn, client: Client
) -> None:
    officer = signed_in("idle_land_officer")
    address = hand_in(officer, GOOD)["Location"]
    other = signed_in("registrar")
    assert other.get(address).status_code == 404
    assert other.post(f"{address}store", {"reason": "x"}).status_code == 404
    assert other.get(f"{address}issues.xlsx").status_code == 404
    for role in ("township_officer", "leader", "agency", "audit_admin", "system_admin"):
        refused = signed_in(role)
        assert refused.get(PAGE).status_code == 403
        assert hand_in(refused, GOOD).status_code == 403
        assert refused.post(f"{address}store", {"reason": "x"}).status_code == 403
        assert refused.get(f"{PAGE}blank/permits.xlsx").status_code == 403
    assert client.get(PAGE)["Location"].startswith("/login/")
    DeliveredTable.objects.update(at=timezone.now() - actions.KEPT - timedelta(minutes=1))
    assert officer.get(address).status_code == 404
    hand_in(officer, GOOD)
    assert DeliveredTable.objects.count() == 1
    assert not Permit.objects.exists()


def test_the_result_page_asks_as_often_for_many_issues_as_for_few(
    phase: ContractPhase, signed_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    client = signed_in("idle_land_officer")
    rows = "".join(f"没有{i},施{i},2022-01-01\n" for i in range(250))
    address = hand_in(client, f"合同编号,许可证号,发证日期\n{rows}".encode())["Location"]
    with django_assert_max_num_queries(10):
        text = client.get(address).content.decode()
    assert "1 / 3" in text
