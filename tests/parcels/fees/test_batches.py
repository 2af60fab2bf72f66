"""Fee sources: every field, each decision once, frozen with a hash, corrected by another batch, and over HTTP."""

from __future__ import annotations

import csv
import io
import threading
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from python_calamine import CalamineWorkbook

from landgis.access.queries import Actor
from landgis.counties.models import County
from landgis.lib.errors import Conflict, Forbidden
from parcels.disposal.actions import reverse_step
from parcels.disposal.models import CaseStep, IdleCase
from parcels.fees.actions import freeze_batch
from parcels.fees.models import FeeBatch, FeeBatchItem
from parcels.fees.queries import fee_rows, heading_of
from parcels.fees.rules import fingerprint
from tests import factories
from tests.factories import SignIn
from tests.parcels.disposal.many import OPENED

ON = date(2024, 6, 3)


def frozen(county: County, officer: Actor, corrects_id: int | None = None) -> FeeBatch:
    return freeze_batch(county=county, actor=officer, on=ON, reason="推送", corrects_id=corrects_id)


def test_a_batch_tells_every_field_of_the_decision(
    county: County, officer: Actor, decided: list[IdleCase]
) -> None:
    assert decided[0].parcel is not None
    factories.holder(decided[0].parcel, "示意公司1", uscc="91330782MA2TEST01X")
    made = frozen(county, officer)
    row = next(row for row in made.rows if row["decision_no"] == "示闲费〔2024〕1号")
    assert row["payer"] == "示意公司1"
    assert row["uscc"] == "91330782MA2TEST01X"
    assert (row["base_yuan"], row["rate"], row["amount_yuan"]) == ("10000000.00", "0.2", "2000000.00")
    assert row["due_on"] == "2024-06-20"
    assert "第十四条" in row["basis"]
    assert "财税〔2021〕8号" in row["basis"]
    unserved = next(row for row in made.rows if row["decision_no"] == "示闲费〔2024〕3号")
    assert unserved["due_on"] == ""
    assert "30" in unserved["term"]
    assert made.amount_yuan == Decimal("6000000.00")
    assert made.sha256 == fingerprint(heading_of(county.code, made.batch_no, ON, "", ""), made.rows)


def test_a_decision_is_told_once_unless_corrected(
    county: County, officer: Actor, decided: list[IdleCase]
) -> None:
    first = frozen(county, officer)
    with pytest.raises(Conflict, match="没有尚未推送"):
        frozen(county, officer)
    again = frozen(county, officer, corrects_id=first.pk)
    assert again.corrects == first
    assert again.row_count == 3
    with pytest.raises(Conflict, match="已经更正过"):
        frozen(county, officer, corrects_id=first.pk)
    item = FeeBatchItem.objects.filter(batch=first).first()
    assert item is not None
    with pytest.raises(DatabaseError), transaction.atomic(), factories.writing(county):
        FeeBatchItem.objects.create(batch=again, step_id=item.step_id, correction=False)


def test_a_correction_takes_back_what_was_decided_wrongly(
    county: County, officer: Actor, decided: list[IdleCase]
) -> None:
    first = frozen(county, officer)
    step = CaseStep.objects.get(case=decided[2], stage="fee_decision")
    reverse_step(county=county, actor=officer, case_id=decided[2].pk, seq=step.seq, on=ON, reason="有误")
    again = frozen(county, officer, corrects_id=first.pk)
    gone = next(row for row in again.rows if row["decision_no"] == "示闲费〔2024〕3号")
    assert gone["amount_yuan"] == "0.00"
    assert "撤销" in gone["note"]
    assert again.amount_yuan == Decimal("4000000.00")


def test_a_batch_stays_as_it_was_sent(county: County, officer: Actor, decided: list[IdleCase]) -> None:
    made = frozen(county, officer)
    with pytest.raises(DatabaseError), transaction.atomic(), factories.writing(county):
        FeeBatch.objects.filter(pk=made.pk).update(reason="另一个")
    with pytest.raises(DatabaseError), transaction.atomic(), factories.writing(county):
        FeeBatch.objects.filter(pk=made.pk).delete()


def test_the_files_of_a_batch_and_the_ledger(
    county: County, decided: list[IdleCase], signed_in: SignIn
) -> None:
    client = signed_in("idle_land_officer")
    page = client.get("/idle-land/fees/").content.decode()
    assert "6,000,000.00" in page
    assert "示闲费〔2024〕3号" in page
    assert client.post("/idle-land/fees/batches/freeze", {"reason": "推送"}).status_code == 302
    made = FeeBatch.objects.get()
    address = f"/idle-land/fees/batches/{made.pk}/"
    assert made.sha256 in client.get(address).content.decode()
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"{address}sources.xlsx").content))
    rows = book.get_sheet_by_index(0).to_python()
    assert any("示闲费〔2024〕1号" in row for row in rows)
    assert any(made.sha256 in str(row[0]) for row in rows)
    text = client.get(f"{address}sources.csv").content.decode("utf-8-sig")
    table = list(csv.DictReader(io.StringIO(text)))
    assert [row["应缴金额（元）"] for row in table] == ["2000000.00"] * 3
    ledger = CalamineWorkbook.from_filelike(io.BytesIO(client.get("/idle-land/fees/list.xlsx").content))
    assert any(6000000 in row for row in ledger.get_sheet_by_index(0).to_python())
    assert client.get(f"{address}sources.json").status_code == 200
    assert client.get("/idle-land/fees/batches/999999/").status_code == 404


@pytest.mark.parametrize(
    ("role", "list_page", "batch", "freeze"),
    [("leader", 200, 200, 403), ("township_officer", 200, 404, 403), ("agency", 403, 403, 403)],
)
def test_who_may_see_and_send_fees(
    county: County,
    officer: Actor,
    decided: list[IdleCase],
    signed_in: SignIn,
    role: str,
    list_page: int,
    batch: int,
    freeze: int,
) -> None:
    made = frozen(county, officer)
    client = signed_in(role)
    assert client.get("/idle-land/fees/").status_code == list_page
    assert client.get(f"/idle-land/fees/batches/{made.pk}/").status_code == batch
    assert client.post("/idle-land/fees/batches/freeze", {"reason": "x"}).status_code == freeze


def test_only_whole_county_officers_freeze(county: County, cast: dict[str, Actor]) -> None:
    with pytest.raises(Forbidden):
        freeze_batch(county=county, actor=cast["leader"], on=ON, reason="推送")


def test_the_ledger_asks_as_often_for_many_as_for_few(
    county: County, officer: Actor, decided: list[IdleCase], django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(7):  # type: ignore[operator]
        rows = fee_rows(county, officer, ON)
    assert len(rows) == 3
    assert fee_rows(county, officer, OPENED) == []


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_make_one_batch(county: County, officer: Actor, decided: list[IdleCase]) -> None:
    refused: list[str] = []

    def freeze() -> None:
        try:
            frozen(county, officer)
        except Conflict as error:
            refused.append(str(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=freeze) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert FeeBatch.objects.count() == 1
    assert FeeBatchItem.objects.count() == 3
