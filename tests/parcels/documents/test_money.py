"""Amounts in capitals against the examples of 《支付结算办法》附一, against edge cases, and read back by another way."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landgis.lib.errors import InputError
from parcels.documents.money import MOST_YUAN, in_capitals

DIGITS = {letter: value for value, letter in enumerate("零壹贰叁肆伍陆柒捌玖")}
UNITS = {"拾": 10, "佰": 100, "仟": 1000}


@pytest.mark.parametrize(
    ("amount", "capitals"),
    [
        # 附一's own examples
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("1680.32", "壹仟陆佰捌拾元零叁角贰分"),
        ("107000.53", "壹拾万柒仟元零伍角叁分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        # small and round ones
        ("0", "零元整"),
        ("0.01", "壹分"),
        ("0.10", "壹角整"),
        ("0.15", "壹角伍分"),
        ("1", "壹元整"),
        ("10", "壹拾元整"),
        ("11.01", "壹拾壹元零壹分"),
        ("20.05", "贰拾元零伍分"),
        ("100", "壹佰元整"),
        ("101", "壹佰零壹元整"),
        ("110.10", "壹佰壹拾元零壹角整"),
        ("1000.00", "壹仟元整"),
        ("1001", "壹仟零壹元整"),
        ("1010", "壹仟零壹拾元整"),
        ("10000", "壹万元整"),
        ("10001", "壹万零壹元整"),
        ("10100", "壹万零壹佰元整"),
        ("11000", "壹万壹仟元整"),
        ("100000", "壹拾万元整"),
        ("100100", "壹拾万零壹佰元整"),
        ("1000000.00", "壹佰万元整"),
        ("2000010", "贰佰万零壹拾元整"),
        ("10010001", "壹仟零壹万零壹元整"),
        ("20200000", "贰仟零贰拾万元整"),
        ("100000000", "壹亿元整"),
        ("100000001", "壹亿零壹元整"),
        ("100010000", "壹亿零壹万元整"),
        ("100100000", "壹亿零壹拾万元整"),
        ("150000000", "壹亿伍仟万元整"),
        ("100001000", "壹亿零壹仟元整"),
        ("123456789.12", "壹亿贰仟叁佰肆拾伍万陆仟柒佰捌拾玖元壹角贰分"),
        ("999999999999.99", "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
        ("1000000000000", "壹万亿元整"),
        ("34567890.00", "叁仟肆佰伍拾陆万柒仟捌佰玖拾元整"),
    ],
)
def test_known_amounts(amount: str, capitals: str) -> None:
    assert in_capitals(Decimal(amount)) == f"人民币{capitals}"


def test_the_currency_may_be_printed_on_the_form_already() -> None:
    assert in_capitals(5, currency="") == "伍元整"


@pytest.mark.parametrize("amount", ["-0.01", "-1", "1000000000000.01", "NaN", "Infinity", "0.001"])
def test_what_has_no_capitals(amount: str) -> None:
    with pytest.raises(InputError):
        in_capitals(Decimal(amount))


@pytest.mark.parametrize("amount", [1.5, True, "12"])
def test_inexact_amounts_are_refused(amount: object) -> None:
    with pytest.raises(TypeError):
        in_capitals(amount)  # type: ignore[arg-type]


@given(st.integers(0, MOST_YUAN * 100))
def test_what_is_written_reads_back(fen: int) -> None:
    written = in_capitals(Decimal(fen) / 100, currency="")
    assert read_back(written) == fen
    assert "零零" not in written
    assert written.endswith(("整", "分"))


def read_back(written: str) -> int:
    """The 分 of an amount in capitals, letter by letter: what a cashier does."""
    if written == "零元整":
        return 0
    before, yuan, after = written.rpartition("元")
    whole = 0
    for unit, factor in (("万亿", 10**12), ("亿", 10**8), ("万", 10**4), ("", 1)):
        head, found, tail = before.partition(unit) if unit else (before, "x", "")
        if found:
            whole += group(head) * factor
            before = tail
    jiao = after[after.index("角") - 1] if "角" in after else "零"
    fen = after[after.index("分") - 1] if "分" in after else "零"
    return (whole if yuan else 0) * 100 + DIGITS[jiao] * 10 + DIGITS[fen]


def group(letters: str) -> int:
    total = digit = 0
    for letter in letters:
        if letter in UNITS:
            total += digit * UNITS[letter]
            digit = 0
        else:
            digit = DIGITS[letter]
    return total + digit
