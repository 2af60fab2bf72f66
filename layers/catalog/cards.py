"""One feature of a collection alone: its facts in words, its shape, and the address of its own page.

Refuses a feature outside the asker's county and towns, or one that wasn't in force on the day: both are “not found”.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.db import connection
from django.urls import reverse

from landgis.lib.errors import NotFound
from layers.catalog.clearance import Column
from layers.catalog.rows import Question, rows, value_sql

SHOWN_DECIMALS = 2


def card_of(question: Question, feature_id: int) -> dict[str, Any]:
    """What a click on the feature tells, in one statement; facts that are missing are left out."""
    collection = question.collection
    card = collection.card
    if card is None:
        raise NotFound(f"图层“{collection.title}”没有单独的要素信息。", remedy="请在列表页面查看。")
    seen = {column.property.name: column for column in question.columns}
    shown = [seen[name] for name in card.facts if name in seen]
    found = rows(question, shown, few=True, extra=[f"{collection.alias}.id = %(feature)s"])
    values = "".join(f", {value_sql(column)}" for column in shown)
    statement = (
        f"SELECT {card.page_id}, ST_AsGeoJSON({collection.geom_4490}, 9, 0){values} {found.sql} LIMIT 1"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, found.values | {"feature": feature_id})
        row = cursor.fetchone()
    if row is None:
        raise NotFound(
            f"{question.on} 的“{collection.title}”中没有这一项，或不在您的管辖范围内。",
            remedy="请换一个日期，或从列表页面打开。",
        )
    page_id, shape, *told = row
    facts = [(column, value) for column, value in zip(shown, told, strict=True) if value not in (None, "")]
    return {
        "collection": collection.id,
        "id": feature_id,
        "kind": collection.title,
        "title": _told(*facts[0]) if facts else collection.title,
        "facts": [
            {"title": column.property.title, "value": _told(column, value)} for column, value in facts[1:]
        ],
        "page": reverse(card.page, args=[page_id]),
        "geometry": json.loads(shape) if shape else None,
    }


def _told(column: Column, value: Any) -> str:
    """A value with its unit, as people read it."""
    item = column.property
    if isinstance(value, date):
        return value.isoformat()
    decimals = min(item.decimals, SHOWN_DECIMALS)
    text = f"{value:,.{decimals}f}" if item.kind == "number" else str(value)
    return f"{text} {item.unit}" if item.unit else text
