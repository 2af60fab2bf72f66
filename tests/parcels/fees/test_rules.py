"""Accounts to the 分, numbers written in other brackets, and the hash of a batch."""

from datetime import date
from decimal import Decimal

import pytest

from parcels.fees.rules import Balance, fingerprint, same_number

DUE = date(2024, 6, 20)


@pytest.mark.parametrize(
    ("paid", "status", "outstanding", "over"),
    [
        ("0", "unpaid", "2000000.01", "0"),
        ("0.01", "short", "2000000.00", "0"),
        ("2000000.00", "short", "0.01", "0"),
        ("2000000.01", "paid", "0", "0"),
        ("2000000.02", "over", "0", "0.01"),
    ],
)
def test_an_account_is_told_to_the_fen(paid: str, status: str, outstanding: str, over: str) -> None:
    account = Balance(Decimal("2000000.01"), Decimal(paid), DUE)
    assert (account.status, account.outstanding_yuan, account.over_yuan) == (
        status, Decimal(outstanding), Decimal(over),
    )  # fmt: skip


def test_what_was_paid_on_a_revoked_decision_is_to_be_given_back() -> None:
    account = Balance(Decimal(100), Decimal(40), DUE, in_force=False)
    assert account.status == "revoked"
    assert (account.outstanding_yuan, account.over_yuan) == (Decimal(0), Decimal(40))


@pytest.mark.parametrize(("on", "days"), [(DUE, 0), (date(2024, 6, 21), 1), (date(2024, 6, 1), 0)])
def test_a_fee_is_overdue_the_day_after_its_last_day(on: date, days: int) -> None:
    assert Balance(Decimal(100), Decimal(0), DUE).overdue_days(on) == days
    assert Balance(Decimal(100), Decimal(100), DUE).overdue_days(on) == 0
    assert Balance(Decimal(100), Decimal(0), None).overdue_days(on) == 0


@pytest.mark.parametrize("written", ["费[2024]1号", "费（2024）1号", "费 〔２０２４〕 1 号", "费【2024】1号"])
def test_a_number_in_other_brackets_is_the_same_number(written: str) -> None:
    assert same_number(written) == same_number("费〔2024〕1号")
    assert same_number(written) != same_number("费〔2024〕11号")


def test_any_change_of_a_row_changes_the_hash() -> None:
    row = {"decision_no": "费〔2024〕1号", "amount_yuan": "2000000.00"}
    told = {"batch_no": "〔2024〕费源001"}
    assert fingerprint(told, [row]) == fingerprint(dict(told), [dict(row)])
    assert fingerprint(told, [row]) != fingerprint(told, [row | {"amount_yuan": "2000000.01"}])
