"""From facts to what a paper shows: dates, money, areas in their written forms, and （　　） where a fact is missing.

Refuses a fact that the vocabulary doesn't know and a value that isn't of its kind, by its Chinese name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from landgis.lib.errors import InputError
from landgis.lib.units import m2_to_mu, rounded
from parcels.documents.money import in_capitals
from parcels.documents.vocabulary import FACTS, Fact

BLANK = "（　　）"
BLANK_FORMS = {
    "date": "（　　）年（　　）月（　　）日",
    "moment": "（　　）年（　　）月（　　）日（　　）时（　　）分",
}
TERM_UNITS = {"day": "日", "workday": "个工作日", "month": "个月", "year": "年"}
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_HUNDRED = 100


class Blank:
    """A fact that nobody stated: false in a condition, a gap to be filled in by hand in the text, one empty row in a table."""

    def __init__(self, shown: str = BLANK, columns: Sequence[Fact] = ()) -> None:
        self._shown, self._columns = shown, columns

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        return self._shown

    __html__ = __str__

    def __iter__(self) -> Iterator[Any]:
        if self._columns:
            yield {name: "" for column in self._columns for name in column.placeholders}
        else:
            yield self


def as_kept(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts as JSON keeps them: days and figures as exact texts; what is empty is left out."""
    return {key: _kept(_known(key), value) for key, value in facts.items() if not _is_empty(value)}


def context(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Every placeholder with its text; kept facts in, as `as_kept` made them."""
    shown: dict[str, Any] = {}
    for key, fact in FACTS.items():
        shown |= _shown(fact, kept.get(key))
    return shown


def chinese_date(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def printable(text: str) -> str:
    """Without the characters that no XML can hold."""
    return _UNPRINTABLE.sub("", text)


def _known(key: str) -> Fact:
    if key not in FACTS:
        raise InputError(
            "fact_unknown", f"没有名为“{key}”的文书要素。", "请使用文书要素表中的名称。", field=key
        )
    return FACTS[key]


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str | list | tuple) and not value)


def _kept(fact: Fact, value: Any) -> Any:
    try:
        return _KEEPERS.get(fact.kind, _text)(fact, value)
    except (TypeError, ValueError, KeyError, InvalidOperation, AttributeError):
        told = f"文书要素“{fact.name}”的值“{str(value)[:60]}”不可用。"
        raise InputError("fact_invalid", told, "请核对后重新填写。", field=fact.key) from None


def _text(_: Fact, value: Any) -> str:
    if not isinstance(value, str | int | Decimal):
        raise TypeError
    return printable(str(value).replace("\r\n", "\n").replace("\t", " "))


def _texts(fact: Fact, value: Any) -> list[str]:
    if isinstance(value, str):
        raise TypeError
    return [_text(fact, item) for item in value]


def _date(_: Fact, value: Any) -> str:
    if isinstance(value, datetime):
        raise TypeError
    return (value if isinstance(value, date) else date.fromisoformat(value)).isoformat()


def _moment(_: Fact, value: Any) -> str:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return moment.isoformat(timespec="minutes")


def _figure(_: Fact, value: Any) -> str:
    if isinstance(value, float | bool):
        raise TypeError  # a figure in a decision is exact
    figure = Decimal(value)
    if not figure.is_finite():
        raise ValueError
    return format(figure, "f")


def _flag(_: Fact, value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _term(_: Fact, value: Any) -> dict[str, Any]:
    amount, unit = (
        (value["amount"], value["unit"]) if isinstance(value, Mapping) else (value.amount, value.unit)
    )
    if unit not in TERM_UNITS or int(amount) != amount:
        raise ValueError
    return {"amount": int(amount), "unit": unit}


def _rows(fact: Fact, value: Any) -> list[dict[str, Any]]:
    columns = {column.key: column for column in fact.columns}
    rows = []
    for row in value:
        unknown = set(row) - set(columns)
        if unknown:
            raise ValueError
        rows.append({key: _kept(columns[key], cell) for key, cell in row.items() if not _is_empty(cell)})
    return rows


_KEEPERS = {
    "texts": _texts, "date": _date, "moment": _moment, "money": _figure, "area": _figure, "number": _figure,
    "percent": _figure, "flag": _flag, "term": _term, "rows": _rows,
}  # fmt: skip


def _shown(fact: Fact, kept: Any) -> dict[str, Any]:
    if kept is None or kept == [] or fact.kind == "picture":  # a picture's bytes are no text
        blank = Blank(BLANK_FORMS.get(fact.kind, BLANK), fact.columns)
        return dict.fromkeys(fact.placeholders, blank)
    match fact.kind:
        case "date":
            texts: tuple[Any, ...] = (chinese_date(date.fromisoformat(kept)),)
        case "moment":
            at = datetime.fromisoformat(kept)
            texts = (f"{chinese_date(at)}{at.hour}时{at.minute:02d}分",)
        case "money":
            texts = (f"{rounded(kept):,f}", _capitals(fact, kept))
        case "area":
            texts = (f"{rounded(kept):,f}", f"{rounded(m2_to_mu(kept)):,f}")
        case "number":
            texts = (kept,)
        case "percent":
            texts = (f"{_short(rounded(Decimal(kept) * _HUNDRED))}%",)
        case "term":
            texts = (f"{kept['amount']}{TERM_UNITS[kept['unit']]}",)
        case "rows":
            texts = ([_row(fact, row) for row in kept],)
        case "paragraphs":
            texts = ("\a".join(line for line in kept.split("\n") if line.strip()),)  # docxtpl's new paragraph
        case _:
            texts = (kept,)
    return dict(zip(fact.placeholders, texts, strict=True))


def _row(fact: Fact, row: Mapping[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for column in fact.columns:
        cell = row.get(column.key)
        shown |= dict.fromkeys(column.placeholders, "") if cell is None else _shown(column, cell)
    return shown


def _capitals(fact: Fact, kept: str) -> str:
    try:
        return in_capitals(rounded(kept))
    except InputError as error:
        raise InputError(
            error.code, f"文书要素“{fact.name}”：{error.message}", error.remedy, field=fact.key
        ) from None


def _short(figure: Decimal) -> str:
    return format(figure, "f").rstrip("0").rstrip(".") if figure else "0"
