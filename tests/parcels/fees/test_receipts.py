"""What the tax authority reports back: matched, short, too much, twice, unknown and unreadable; withdrawn and booked anew."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction

from landgis.access.queries import Actor
from landgis.audit.models import AuditEvent
from landgis.counties.models import County
from landgis.lib.errors import Conflict, InputError, LandgisError
from parcels.disposal.models import FeeReceipt, IdleCase
from parcels.disposal.receipts import withdraw_receipt
from parcels.fees.actions import ReceiptsRead, dismiss_line, import_receipts, settle_line
from parcels.fees.models import ReceiptFile, ReceiptLine
from parcels.fees.queries import fee_rows, open_lines, sums
from tests import factories
from tests.factories import SignIn
from tests.parcels.disposal.many import entered
from tests.parcels.fees.conftest import Delivered

ONE, TWO, THREE = (f"示闲费〔2024〕{n}号" for n in (1, 2, 3))
ON = date(2024, 7, 1)


def imported(county: County, officer: Actor, path: Path, *, commit: bool = True) -> ReceiptsRead:
    return import_receipts(
        county=county, actor=officer, file=path, name=path.name, commit=commit, reason="导入回传"
    )


def statuses(county: County, officer: Actor) -> dict[str, tuple[str, Decimal, Decimal]]:
    return {
        row.decision_no: (row.balance.status, row.balance.paid_yuan, row.balance.outstanding_yuan)
        for row in fee_rows(county, officer, ON)
    }


def test_paid_short_and_over_to_the_fen(
    county: County, officer: Actor, decided: list[IdleCase], delivered: Delivered
) -> None:
    done = imported(
        county,
        officer,
        delivered(
            ["税1", "示闲费[2024]1号", "2024-06-10", "1,999,999.99", "示意公司1"],
            ["税2", ONE, "2024-06-11", 0.01, "示意公司1"],
            ["税3", TWO, "2024-06-12", 2000000.5, "示意公司2"],
            ["税4", "示闲费（2024）3号", "2024-06-12", "300000", "示意公司3"],
        ),
    )
    assert (done.booked, done.known, done.open) == (4, 0, 0)
    assert done.booked_yuan == Decimal("4300000.50")
    found = statuses(county, officer)
    assert found[ONE] == ("paid", Decimal("2000000.00"), Decimal(0))
    assert found[TWO] == ("over", Decimal("2000000.50"), Decimal(0))
    assert found[THREE] == ("short", Decimal("300000.00"), Decimal("1700000.00"))
    total = sums(fee_rows(county, officer, ON))
    assert total["over"] == Decimal("0.50")
    assert total["outstanding"] == Decimal("1700000.00")
    assert total["overdue"] == 0  # not served: its term hasn't begun


def test_no_line_is_lost(
    county: County, officer: Actor, decided: list[IdleCase], delivered: Delivered
) -> None:
    imported(county, officer, delivered(["税1", ONE, "2024-06-10", 500, ""]))
    done = imported(
        county,
        officer,
        delivered(
            ["税1", ONE, "2024-06-10", 500, ""],
            ["税1", TWO, "2024-06-10", 500, ""],
            ["税2", "没有的号", "2024-06-10", 500, ""],
            ["税3", ONE, "2024-05-01", 500, ""],
            ["税4", ONE, "2024-06-10", "五百", ""],
            ["税5", ONE, "2024-06-10", 500.001, ""],
            ["税6", ONE, "2024-06-10", -5, ""],
            ["税7", ONE, "2024-06-10", 7, ""],
            ["税7", TWO, "2024-06-10", 7, ""],
        ),
    )
    outcomes = [item.outcome for item in done.matched]
    assert outcomes == ["known", "open", "open", "open", "open", "open", "open", "booked", "open"]
    told = [item.problem for item in done.matched]
    assert "已按" in told[1]
    assert "没有文号为“没有的号”" in told[2]
    assert "早于决定日期" in told[3]
    assert all(f"第 {line} 行" in told[line - 1] for line in (2, 3, 4, 5, 6, 7, 9))
    assert ReceiptLine.objects.count() == 10
    assert open_lines(officer).count() == 7
    assert statuses(county, officer)[ONE][1] == Decimal("507.00")


def test_checking_books_nothing_and_a_file_comes_once(
    county: County, officer: Actor, decided: list[IdleCase], delivered: Delivered
) -> None:
    path = delivered(["税1", ONE, "2024-06-10", 500, ""])
    assert imported(county, officer, path, commit=False).booked == 1
    assert not FeeReceipt.objects.exists()
    assert not ReceiptFile.objects.exists()
    imported(county, officer, path)
    with pytest.raises(Conflict, match="已由 idle_land_officer"):
        imported(county, officer, path)
    assert FeeReceipt.objects.count() == 1


def test_csv_in_gb18030_and_in_wan(
    county: County, officer: Actor, decided: list[IdleCase], tmp_path: Path
) -> None:
    path = tmp_path / "回传.csv"
    path.write_bytes(
        f"电子税票号码,文号,入库日期,入库金额（万元）\n0012,{ONE},2024/6/10,200\n".encode("gb18030")
    )
    assert imported(county, officer, path).booked == 1
    receipt = FeeReceipt.objects.get()
    assert (receipt.receipt_no, receipt.amount_yuan) == ("0012", Decimal("2000000.00"))


def test_a_heading_without_unit_means_yuan(
    county: County, officer: Actor, decided: list[IdleCase], tmp_path: Path
) -> None:
    path = tmp_path / "回传.csv"
    path.write_text(f"税票号码,文号,缴款日期,实缴金额\n1,{ONE},2024-06-10,2000000\n", encoding="utf-8")
    imported(county, officer, path)
    assert FeeReceipt.objects.get().amount_yuan == Decimal("2000000.00")


@pytest.mark.parametrize("content", [b"", b"\x00\x01", "甲,乙\n1,2\n".encode(), b"PK\x03\x04broken"])
def test_a_file_that_is_none_is_refused_in_words(
    county: County, officer: Actor, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "坏.csv"
    path.write_bytes(content)
    with pytest.raises(InputError):
        imported(county, officer, path)
    assert not ReceiptFile.objects.exists()


def test_a_wrong_receipt_is_withdrawn_and_its_number_booked_anew(
    county: County, officer: Actor, decided: list[IdleCase], delivered: Delivered
) -> None:
    imported(county, officer, delivered(["税1", ONE, "2024-06-10", 500, ""]))
    wrong = FeeReceipt.objects.get()
    with pytest.raises(LandgisError):
        withdraw_receipt(county=county, actor=officer, receipt_id=wrong.pk, reason=" ")
    withdraw_receipt(county=county, actor=officer, receipt_id=wrong.pk, reason="录到别的决定上")
    with pytest.raises(Conflict, match="已经撤回"):
        withdraw_receipt(county=county, actor=officer, receipt_id=wrong.pk, reason="再次")
    assert statuses(county, officer)[ONE][1] == 0
    imported(county, officer, delivered(["税1", TWO, "2024-06-10", 500, ""]))
    assert statuses(county, officer)[TWO][1] == Decimal("500.00")
    assert FeeReceipt.objects.count() == 3
    assert AuditEvent.objects.filter(action="withdraw_fee_receipt").exists()
    with pytest.raises(DatabaseError), transaction.atomic(), factories.writing(county):
        FeeReceipt.objects.filter(pk=wrong.pk).delete()


def test_a_receipt_under_a_step_stays(
    county: County, officer: Actor, decided: list[IdleCase], delivered: Delivered
) -> None:
    imported(county, officer, delivered(["税1", ONE, "2024-06-10", 2000000, ""]))
    entered(county, officer, decided[0], "fee_paid", date(2024, 6, 11))
    with pytest.raises(Conflict, match="缴清土地闲置费"):
        withdraw_receipt(county=county, actor=officer, receipt_id=FeeReceipt.objects.get().pk, reason="有误")


def test_open_lines_are_settled_or_put_aside(
    county: County, officer: Actor, decided: list[IdleCase], delivered: Delivered, signed_in: SignIn
) -> None:
    imported(
        county,
        officer,
        delivered(["税1", "错号", "2024-06-10", 500, ""], ["税2", "错号", "2024-06-10", 7, ""]),
    )
    one, two = open_lines(officer)
    settle_line(county=county, actor=officer, line_id=one.pk, decision_no=ONE, reason="文号写错")
    assert statuses(county, officer)[ONE][1] == Decimal("500.00")
    with pytest.raises(Conflict, match="已经办理"):
        dismiss_line(county=county, actor=officer, line_id=one.pk, reason="x")
    client = signed_in("idle_land_officer")
    assert "错号" in client.get("/idle-land/fees/receipts/").content.decode()
    client.post(f"/idle-land/fees/receipts/lines/{two.pk}/settle", {"act": "dismiss", "reason": "外县"})
    two.refresh_from_db()
    assert (two.outcome, two.reason) == ("dismissed", "外县")
    assert client.get("/idle-land/fees/receipts/list.xlsx").status_code == 200


def test_the_upload_page_tells_each_line(
    county: County, decided: list[IdleCase], delivered: Delivered, signed_in: SignIn
) -> None:
    path = delivered(["税1", ONE, "2024-06-10", 500, ""], ["税2", "错号", "2024-06-10", 7, ""])
    client = signed_in("idle_land_officer")
    address = "/idle-land/fees/receipts/upload"
    with path.open("rb") as file:
        page = client.post(address, {"file": file, "commit": "0"}).content.decode()
    assert "核对结果，尚未入账" in page
    assert "没有文号为“错号”" in page
    with path.open("rb") as file:
        assert client.post(address, {"file": file, "commit": "1"}).status_code == 200
    assert FeeReceipt.objects.count() == 1
    with path.open("rb") as file:
        assert client.post(address, {"file": file, "commit": "1"}).status_code == 409
    assert client.post(address, {}).status_code == 422
    receipt = FeeReceipt.objects.get()
    client.post(f"/idle-land/fees/receipts/{receipt.pk}/withdraw", {"reason": "有误"})
    assert "已撤回" in client.get("/idle-land/fees/receipts/").content.decode()
    assert signed_in("leader").post(address, {}).status_code == 403
    assert signed_in("township_officer").get("/idle-land/fees/receipts/").status_code == 200
