"""Whether delivered values fit the register's columns: lengths, digits and signs that a database can't hold.

Refuses the row that holds such a value, with its field and what to do; the other rows go on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import CharField, DecimalField, Field, IntegerField, Model

from landgis.lib.issues import Issue
from parcels.enterprises.models import AnnualReturn, Enterprise, FirmYear, Occupancy
from parcels.exchange.columns import TableSpec
from parcels.grading.models import FirmFact
from parcels.returns.models import EnergyMonth
from parcels.supply.models import ConstructionProgress, ContractPhase, SupplyContract

Rows = list[tuple[int, dict[str, Any]]]
_Test = Callable[[Any], tuple[str, str] | None]
TOO_LONG, TOO_LARGE, TOO_SMALL = "text_too_long", "value_too_large", "value_too_small"
_LARGEST_WHOLE = 2**31 - 1

# The tables whose fields are named as the register's columns; those of facts look at their own.
MODELS_OF: Mapping[str, Sequence[type[Model]]] = {
    "enterprises": (Enterprise,),
    "occupancy": (Occupancy,),
    "annual-returns": (AnnualReturn,),
    "firm-years": (FirmYear,),
    "evaluation-facts": (FirmFact,),
    "energy-monthly": (EnergyMonth,),
    "supply-contracts": (SupplyContract, ContractPhase),
    "progress": (ConstructionProgress, ContractPhase),
}


def fitting(table: str, spec: TableSpec, rows: Rows, lines: Sequence[int]) -> tuple[Rows, list[Issue]]:
    """The rows that fit, and an issue for each value that doesn't; `lines` say where each row stands in the file."""
    tests = list(_tests(table, spec))
    if not tests:
        return rows, []
    kept, issues = [], []
    for (number, facts), line in zip(rows, lines, strict=True):
        found = [
            Issue(number, told[0], name, f"第 {number} 行（文件第 {line} 行）“{title}”{told[1]}")
            for name, title, test in tests
            if (value := facts.get(name)) is not None and (told := test(value))
        ]
        issues += found
        if not found:
            kept.append((number, facts))
    return kept, issues


def _tests(table: str, spec: TableSpec) -> Iterator[tuple[str, str, _Test]]:
    """Field, title and the test of each column that a model of the table has; the first model that has it."""
    columns: dict[str, Field[Any, Any]] = {}
    for model in MODELS_OF.get(table, ()):
        for known in model._meta.get_fields():
            if isinstance(known, Field):
                columns.setdefault(known.name, known)
    for stated in spec.columns:
        column: Any = columns.get(stated.field)
        if isinstance(column, DecimalField):
            most = Decimal(10) ** ((column.max_digits or 0) - (column.decimal_places or 0))
            least = Decimal(1).scaleb(-(column.decimal_places or 0)) / 2 if stated.positive else None
            yield stated.field, stated.title, _number_below(most, least)
        elif isinstance(column, IntegerField):
            yield stated.field, stated.title, _number_below(Decimal(_LARGEST_WHOLE) + 1)
        elif isinstance(column, CharField) and column.max_length:
            yield stated.field, stated.title, _text_up_to(column.max_length)


def _number_below(most: Decimal, least: Decimal | None = None) -> _Test:
    def test(value: Any) -> tuple[str, str] | None:
        if least is not None and isinstance(value, Decimal) and value <= least:
            return TOO_SMALL, "的值小得存不下。请核对数字和单位。"
        if isinstance(value, Decimal | int) and abs(Decimal(value)) >= most:
            return TOO_LARGE, f"的值过大（应小于 {most:,f}）。请核对数字和单位。"
        return None

    return test


def _text_up_to(longest: int) -> _Test:
    def test(value: Any) -> tuple[str, str] | None:
        text = str(value)
        if len(text) > longest:
            return TOO_LONG, f"有 {len(text)} 个字，最多 {longest} 个。请缩短后重新导入。"
        return (TOO_LONG, "含有不可见的控制字符。请清除后重新导入。") if "\x00" in text else None

    return test
