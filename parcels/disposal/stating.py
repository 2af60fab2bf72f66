"""The facts of a step between what a form or file hands in, what the procedure reads and what is stored as JSON.

Refuses to guess: a text that isn't a day or a figure stays what it was, and the stage's fields then turn it away.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from parcels.disposal.stages import STAGES
from parcels.supply.rules import Field


def read_facts(stage: str, stated: Mapping[str, Any]) -> dict[str, Any]:
    """Typed facts from what was handed in (or stored); fields left empty are left out."""
    fields = {field.name: field for field in STAGES[stage].fields} if stage in STAGES else {}
    return {
        name: _typed(fields.get(name), value)
        for name, value in stated.items()
        if value is not None and value != ""
    }


def as_json(facts: Mapping[str, Any]) -> dict[str, Any]:
    """As stored: days and figures as text, so that nothing is rounded."""
    return {name: str(value) if isinstance(value, date | Decimal) else value for name, value in facts.items()}


def _typed(field: Field | None, value: Any) -> Any:
    if field is None or not isinstance(value, str | int):
        return value
    if field.type == "date" and isinstance(value, str):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            return value
    if field.type == "number" and not isinstance(value, bool):
        try:
            return Decimal(str(value).strip())
        except InvalidOperation:
            return value
    if field.type == "codes" and isinstance(value, str):
        return [code for code in value.replace("、", ",").replace(" ", ",").split(",") if code]
    return value
