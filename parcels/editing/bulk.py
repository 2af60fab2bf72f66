"""The same facts for all parcels that match a filter: shown beforehand, then done to exactly the set that was shown.

Refuses a set that has changed since it was shown, and facts that only one parcel can have. Which parcels match is said by
whoever knows the filter.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from landgis.access.queries import Actor
from landgis.access.rules import EDIT_CADASTRE
from landgis.counties.models import County
from landgis.lib.errors import FieldErrors, InputError, Outdated
from parcels.cadastre.attribute_actions import change_attributes
from parcels.cadastre.numbering import cadastre_change
from parcels.cadastre.transitions import Document
from parcels.editing.attributes import TITLES, CheckedValues, checked_values
from parcels.editing.queries import facts

# What two parcels can't have in common, or what is measured of one.
OF_ONE = ("code", "real_estate_unit_code", "registered_area_m2", "aliases")
SHOWN = 20

SELECTED = """
WITH selected AS MATERIALIZED ({selection})
SELECT count(*), coalesce(sum(area_m2), 0) * 15 / 10000, count(*) FILTER (WHERE NOT differs), max(valid_from),
       coalesce(md5(string_agg(id || ':' || change_id, ',' ORDER BY id)), ''),
       coalesce(array_agg(id ORDER BY code) FILTER (WHERE differs), '{{}}')
  FROM (SELECT p.id, p.code, p.change_id, p.valid_from, {differs} AS differs,
               coalesce(p.registered_area_m2::float8, p.planar_area_m2) AS area_m2
          FROM selected JOIN cadastre_parcel p ON p.id = selected.id) AS p
"""
# All that hold the parcel now, each as one text, in the order of its bytes.
HELD = """
ARRAY(SELECT concat_ws(chr(31), h.name, h.uscc, g.share::text) COLLATE "C" AS one
        FROM cadastre_holding g JOIN cadastre_holder h ON h.id = g.holder_id
       WHERE g.parcel_id = p.id AND g.valid_to IS NULL ORDER BY one) <> %(value_holders)s::text[]
"""


@dataclass(frozen=True, slots=True)
class Selection:
    """An SQL text that gives the `id` of every parcel that matches, and its values."""

    sql: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wish:
    """What the officer wants written, and why."""

    values: Mapping[str, Any]
    reason: str = ""
    document: Document = field(default_factory=Document)


@dataclass(frozen=True, slots=True)
class _Found:
    """The parcels of a selection as they stand: `ids` are those that the values would change, by code."""

    count: int
    area_mu: float
    unchanged: int
    newest: date | None
    fingerprint: str
    ids: list[int]


def preview(county: County, actor: Actor, selection: Selection, wish: Wish, *, on: date) -> dict[str, Any]:
    """What would be done to how many parcels, some of them before and after, and the token to do it with."""
    actor.require(EDIT_CADASTRE)
    checked = _checked(county, actor, wish, on)
    found = _found(selection, checked)
    return {
        "count": found.count,
        "area_mu": found.area_mu,
        "unchanged": found.unchanged,
        "sample": _sample(found, checked),
        "issues": [*checked.warnings, *_impossible(found, on)],
        "token": _token(county, wish, found),
        "changed": 0,
        "change_id": None,
    }


def change_all(
    county: County, actor: Actor, selection: Selection, wish: Wish, *, token: str, on: date
) -> dict[str, Any]:
    """Do what was shown under `token`, to all of them or none; Outdated where the set is another by now."""
    actor.require(EDIT_CADASTRE)
    if not wish.reason.strip():
        told = {"field": "reason", "code": "reason_missing", "message": "请填写变更原因。"}
        raise FieldErrors([told])
    checked = _checked(county, actor, wish, on)
    with cadastre_change(
        county_code=county.code, by=actor.username, action="change_attributes", reason=wish.reason
    ) as running:
        found = _found(selection, checked)
        if token != _token(county, wish, found):
            raise Outdated(
                f"符合条件的宗地在预览之后有变动（现为 {found.count} 宗），未作任何修改。",
                code="selection_changed",
                remedy="请重新预览，核对后再提交。",
            )
        if problems := _impossible(found, on):
            raise FieldErrors(problems)
        if not found.ids:
            raise InputError(
                "nothing_to_change",
                "所选宗地的属性与要填写的相同，无需修改。",
                "请核对筛选条件和填写的内容。",
            )
        change_attributes(
            county,
            found.ids,
            checked.columns,
            checked.holders,
            on=on,
            by=actor.username,
            reason=wish.reason,
            running=running,
            document=wish.document,
        )
    return {
        "count": found.count,
        "area_mu": found.area_mu,
        "unchanged": found.unchanged,
        "sample": [],
        "issues": checked.warnings,
        "token": "",
        "changed": len(found.ids),
        "change_id": running.id,
    }


def _checked(county: County, actor: Actor, wish: Wish, on: date) -> CheckedValues:
    told = [
        {
            "field": name,
            "code": "field_of_one",
            "message": f"{TITLES[name]}每宗不同，不能批量填写。请逐宗修改。",
        }
        for name in OF_ONE
        if name in wish.values
    ]
    if told:
        raise FieldErrors(told)
    if not wish.values:
        raise InputError("values_missing", "没有要填写的属性。", "请至少填写一项。", field="values")
    checked = checked_values(wish.values, county=county, on=on, new=False)
    town = checked.columns.get("town_code")
    if town is not None and actor.town_codes is not None and town not in actor.town_codes:
        message = f"镇街 {town} 不在您的管辖范围内，不能把宗地改到该镇街。"
        raise FieldErrors([{"field": "town_code", "code": "town_elsewhere", "message": message}])
    return checked


def _found(selection: Selection, checked: CheckedValues) -> _Found:
    values: dict[str, Any] = {f"value_{name}": value for name, value in checked.columns.items()}
    differs = [f"p.{name} IS DISTINCT FROM %(value_{name})s" for name in checked.columns]
    if checked.holders is not None:
        differs.append(HELD)
        held = [f"{one['name']}\x1f{one['uscc']}\x1f{one['share']:.8f}" for one in checked.holders]
        values["value_holders"] = sorted(held)
    statement = SELECTED.format(selection=selection.sql, differs=f"({' OR '.join(differs)})")
    with connection.cursor() as cursor:
        cursor.execute(statement, {**selection.values, **values})
        count, area_mu, unchanged, newest, fingerprint, ids = cursor.fetchone()
    return _Found(count, float(area_mu), unchanged, newest, fingerprint, ids)


def _impossible(found: _Found, on: date) -> list[dict[str, str]]:
    if found.newest is None or found.newest <= on:
        return []
    message = f"其中有宗地的现状自 {found.newest} 起才生效，不能在 {on} 修改。请缩小筛选范围。"
    return [{"field": "", "code": "on_too_early", "message": message}]


def _sample(found: _Found, checked: CheckedValues) -> list[dict[str, Any]]:
    """Some of the parcels that would change, by code: what they say now and would say, of the facts concerned."""
    shown = found.ids[:SHOWN]
    stored = facts(shown)
    after: dict[str, Any] = json.loads(json.dumps(checked.columns, cls=DjangoJSONEncoder))
    if checked.holders is not None:
        after["holders"] = [
            {"name": one["name"], "uscc": one["uscc"], "share": float(one["share"])}
            for one in checked.holders
        ]
    return [
        {
            "code": stored[number].values["code"],
            "before": {name: stored[number].values[name] for name in after},
            "after": after,
        }
        for number in shown
    ]


def _token(county: County, wish: Wish, found: _Found) -> str:
    """Stands for the values as they were sent, and for the parcels with the versions that they were shown in."""
    said = json.dumps(dict(wish.values), sort_keys=True, cls=DjangoJSONEncoder)
    return hashlib.sha256(f"{county.code}\n{found.fingerprint}\n{said}".encode()).hexdigest()
