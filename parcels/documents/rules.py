"""How a document number (文号) is put together: 义自然资闲调〔2026〕1号.

Refuses a pattern without year or serial, which would give one number to two papers.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from typing import Any

from landgis.lib.errors import InputError

FIELDS = ("agency", "series", "year", "serial")
FIRST = 1
LAST = 99_999


def series_of(kind: str, series: Mapping[str, str]) -> str:
    """The word under which a kind of paper is numbered; empty where it bears no number."""
    return series.get(kind, "")


def number_text(pattern: str, *, agency: str, series: str, year: int, serial: int) -> str:
    """The number by the county's pattern."""
    _check(pattern)
    if not FIRST <= serial <= LAST:
        raise InputError(
            "number_out_of_range",
            f"文号顺序号 {serial} 不可用。",
            f"顺序号须在 {FIRST} 至 {LAST} 之间。",
            field="serial",
        )
    values: dict[str, Any] = {"agency": agency, "series": series, "year": year, "serial": serial}
    return pattern.format(**values)


def _check(pattern: str) -> None:
    try:
        named = [name for _, name, _, _ in string.Formatter().parse(pattern) if name is not None]
    except ValueError:
        named = []
    if set(named) - set(FIELDS) or not {"series", "year", "serial"} <= set(named):
        raise InputError(
            "number_pattern",
            f"文号格式“{pattern}”不可用。",
            "格式须含 {series}、{year}、{serial}，可含 {agency}，例如 {agency}{series}〔{year}〕{serial}号。",
            field="documents.number_pattern",
        )
