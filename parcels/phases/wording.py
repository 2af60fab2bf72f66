"""How the facts of a phase read on screen: fields with their titles, codes and figures in words.

Refuses to hide a stated value: an unknown code is shown as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from parcels.idle_land.causes import CAUSE_TITLES
from parcels.supply.rules import ENCUMBRANCES, FOUNDATIONS, INDICATORS, MILESTONES, RESULTS, FactKind

# The codes that a field of a kind chooses from.
CHOICES: dict[tuple[str, str], Mapping[str, str]] = {
    ("foundation", "kind"): FOUNDATIONS,
    ("cause", "cause"): {code: f"{code} {title}" for code, title in CAUSE_TITLES.items()},
    ("encumbrance", "kind"): ENCUMBRANCES,
    ("milestone", "kind"): MILESTONES,
    ("milestone", "result"): RESULTS,
}


def fields_in_words(kind: FactKind, values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Title and text of every field that is stated."""
    return [
        (field.title, text)
        for field in kind.fields
        if (text := in_words(kind.code, field.name, values.get(field.name)))
    ]


def in_words(kind_code: str, name: str, value: Any) -> str:
    """One value as a person reads it; "" where nothing is stated."""
    if value is None or value == "" or value == {}:
        return ""
    if isinstance(value, dict):
        return "，".join(_figures(value))
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, Decimal):
        return plain(value)
    return CHOICES.get((kind_code, name), {}).get(value, str(value))


def plain(value: Decimal) -> str:
    """Without the noughts that the database keeps behind the point."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _figures(values: Mapping[str, Any]) -> Iterator[str]:
    for key, value in values.items():
        yield f"{INDICATORS.get(key, key)} {value}"
