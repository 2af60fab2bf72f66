"""The arithmetic of a fee: what is owed, paid, short and over; how numbers of decisions are compared; a batch's hash.

Refuses floating point: amounts are exact to the 分.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

Status = Literal["unpaid", "short", "paid", "over", "revoked"]
STATUS_TITLES: dict[str, str] = {
    "unpaid": "未缴",
    "short": "部分缴纳",
    "paid": "已缴清",
    "over": "多缴",
    "revoked": "决定已撤销",
}
FORMAT = "landgis.fee-sources.1"
ZERO = Decimal(0)
_BRACKETS = str.maketrans(dict.fromkeys("[［(（【﹝", "〔") | dict.fromkeys("]］)）】﹞", "〕"))


@dataclass(frozen=True, slots=True)
class Balance:
    """One decision's account on a day; `due_on` is None while the term hasn't begun or stands still."""

    amount_yuan: Decimal
    paid_yuan: Decimal
    due_on: date | None
    in_force: bool = True

    @property
    def status(self) -> Status:
        if not self.in_force:
            return "revoked"
        if not self.paid_yuan:
            return "unpaid"
        if self.paid_yuan < self.amount_yuan:
            return "short"
        return "paid" if self.paid_yuan == self.amount_yuan else "over"

    @property
    def outstanding_yuan(self) -> Decimal:
        return max(self.amount_yuan - self.paid_yuan, ZERO) if self.in_force else ZERO

    @property
    def over_yuan(self) -> Decimal:
        """What has to be given back: all of it where the decision is no longer in force."""
        return max(self.paid_yuan - self.amount_yuan, ZERO) if self.in_force else self.paid_yuan

    @property
    def told(self) -> dict[str, str]:
        """The account's amounts as screens show them."""
        return {
            "amount": yuan(self.amount_yuan),
            "paid": yuan(self.paid_yuan),
            "outstanding": yuan(self.outstanding_yuan),
            "over": yuan(self.over_yuan) if self.over_yuan else "",
        }

    def overdue_days(self, on: date) -> int:
        """Days since the last day of the term; 0 where nothing is owed or it still runs."""
        if self.due_on is None or not self.outstanding_yuan:
            return 0
        return max((on - self.due_on).days, 0)


def yuan(amount: Decimal) -> str:
    """An amount as screens show it: thousands apart, always to the 分."""
    return f"{amount:,.2f}"


def same_number(text: str) -> str:
    """A decision's number by which it is compared: one kind of brackets, no blanks, narrow digits."""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    return plain.translate(_BRACKETS).upper()


def canonical(heading: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> str:
    """A batch as JSON with sorted keys and no blanks: what its hash is taken over."""
    whole = {"format": FORMAT, **heading, "rows": list(rows)}
    return json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint(heading: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> str:
    return hashlib.sha256(canonical(heading, rows).encode("utf-8")).hexdigest()
