"""Amounts of money in capitals (人民币大写), by the rules for bills and receipts (《支付结算办法》附一).

Refuses a negative amount, more than 10^12 元, fractions of a 分 and floating point: what is written in words must be exact.
"""

from __future__ import annotations

from decimal import Decimal

from landgis.lib.errors import InputError

MOST_YUAN = 10**12

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("仟", "佰", "拾", "")
_UNITS = ("", "万", "亿", "万亿")
_GROUP = 10_000
_FEN = 100
_JIAO = 10


def in_capitals(amount_yuan: Decimal | int, *, currency: str = "人民币") -> str:
    """人民币大写 of an amount: 1409.5 → "人民币壹仟肆佰零玖元伍角整"."""
    yuan, jiao, fen = _parts(amount_yuan)
    return currency + _whole(yuan) + _fraction(yuan, jiao, fen)


def _whole(yuan: int) -> str:
    return f"{_integer(yuan)}元" if yuan else ""


def _fraction(yuan: int, jiao: int, fen: int) -> str:
    if not jiao and not fen:
        return "整" if yuan else "零元整"
    if not fen:
        return f"{_zero_before_jiao(yuan)}{_DIGITS[jiao]}角整"
    if jiao:
        return f"{_zero_before_jiao(yuan)}{_DIGITS[jiao]}角{_DIGITS[fen]}分"
    return f"{'零' if yuan else ''}{_DIGITS[fen]}分"


def _zero_before_jiao(yuan: int) -> str:
    """Where 元's own digit is 0 the rules leave 零 open; written, nothing can be put between 元 and 角."""
    return "零" if yuan and yuan % 10 == 0 else ""


def _integer(yuan: int) -> str:
    """Groups of four digits; a run of zeros inside the number is one 零, at its end none."""
    groups = []
    while yuan:
        yuan, group = divmod(yuan, _GROUP)
        groups.append(group)
    written, gap = "", False
    for at in range(len(groups) - 1, -1, -1):
        group = groups[at]
        if not group:
            gap = True
            continue
        if written and (gap or group < _GROUP // 10):
            written += "零"
        written += _four(group) + _UNITS[at]
        gap = False
    return written


def _four(group: int) -> str:
    written, gap = "", False
    for place, digit in zip(_PLACES, f"{group:04d}", strict=True):
        if digit == "0":
            gap = bool(written)
            continue
        written += ("零" if gap else "") + _DIGITS[int(digit)] + place
        gap = False
    return written


def _parts(amount_yuan: Decimal | int) -> tuple[int, int, int]:
    if isinstance(amount_yuan, bool) or not isinstance(amount_yuan, Decimal | int):
        raise TypeError("an amount is Decimal or int")
    amount = Decimal(amount_yuan)
    if not amount.is_finite() or not 0 <= amount <= MOST_YUAN:
        raise InputError(
            "amount_out_of_range",
            f"金额 {amount_yuan} 元不能写成大写。",
            f"金额须在 0 元至 {MOST_YUAN:,} 元之间。",
        )
    fen = amount * _FEN
    if fen != int(fen):
        raise InputError("amount_too_fine", f"金额 {amount_yuan} 元精确到分以下。", "请先四舍五入到分。")
    yuan, rest = divmod(int(fen), _FEN)
    return yuan, *divmod(rest, _JIAO)
