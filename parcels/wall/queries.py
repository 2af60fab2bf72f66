"""What the wall shows of a day: the report's figures by town, the ground of towns, credits and cases, and what is overdue.

Refuses ground and figures of other towns; shapes are simplified for a wall, and are nothing to measure on.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import numpy as np
import shapely
from django.contrib.gis.db.models.functions import AsWKB
from django.urls import reverse

from landgis.access.queries import Actor, in_territory
from landgis.audit.known import known_then
from landgis.counties.models import County
from landgis.lib.words import spoken
from layers.districts.models import District
from layers.districts.queries import districts
from layers.tiles.views import data_version
from parcels.campaigns.models import Project
from parcels.campaigns.queries import live_credits
from parcels.campaigns.rules import LEDGERS
from parcels.idle_land.listing import shapes_on
from parcels.reports.links import links_of
from parcels.reports.queries import Content, content_on
from parcels.reports.rules import Item

KIND = "yearly"  # “本期” on the wall is the year so far
SHOWN_OVERDUE = 3  # in a panel, of the county or of one town
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_TOWN_DEGREES, _GROUND_DEGREES, _DECIMALS = 0.0001, 0.00002, 6


def wall_on(county: County, actor: Actor, on: date) -> dict[str, Any]:
    """The whole document of a day, in a fixed number of statements."""
    content = content_on(county, actor, KIND, on)
    return {
        "version": wall_version(county, on),
        "on": str(on),
        "county": {"code": county.code, "name": county.name, "is_demo": county.is_demo},
        "targets": content.heading["targets"],
        "rule_versions": content.heading["rule_versions"],
        "rows": [{**row, "name": spoken(row["name"])} for row in content.towns],
        "overdue": _overdue(actor, content),
        "map": {
            "towns": _towns(county, actor, on),
            **{ledger: _credits(county, actor, ledger, on, content) for ledger in LEDGERS},
            "cases": _cases(county, content, on),
        },
    }  # fmt: skip


def wall_version(county: County, on: date) -> str:
    """Changes with whatever is written in the county, and with the day; one statement."""
    return f"{data_version(county.code)}-{on}"


def longest_overdue(items: Iterable[Item]) -> list[Item]:
    """What the panels show of the county and of each town, terms, projects and tasks by turns: no kind hides another."""
    overdue = sorted((item for item in items if "overdue_tasks" in item.parts), key=_since)
    whole = _by_turns(overdue)
    kept = {id(item) for item in whole[:SHOWN_OVERDUE]}
    for town in {item.town_code for item in overdue}:
        own = _by_turns([item for item in overdue if item.town_code == town])
        kept |= {id(item) for item in own[:SHOWN_OVERDUE]}
    return [item for item in whole if id(item) in kept]


def _overdue(actor: Actor, content: Content) -> list[dict[str, str]]:
    late = longest_overdue(content.items)
    links = links_of(actor, late)
    return [
        {
            "title": _title(item.title),
            "state": spoken(item.state),
            "town_code": item.town_code,
            "since": _since(item)[0],
            "url": links.get((item.kind, item.key), ""),
        }
        for item in late
    ]


def _title(text: str) -> str:
    """Of a number and a name that stand in it the name is put into the page's language."""
    whole = spoken(text)
    return " ".join(spoken(text.split(" "))) if whole == text else str(whole)


def _by_turns(items: Sequence[Item]) -> list[Item]:
    """The first of each kind, then the second of each."""
    places: Counter[str] = Counter()
    turns = []
    for item in items:
        turns.append(places[item.kind])
        places[item.kind] += 1
    return [item for _, item in sorted(zip(turns, items, strict=True), key=lambda one: one[0])]


def _since(item: Item) -> tuple[str, str, str]:
    """The day that a row's state names as its last one; every row that is overdue names one."""
    found = _DAY.search(item.state)
    return (found[0] if found else "", item.kind, item.key)


def _towns(county: County, actor: Actor, on: date) -> dict[str, Any]:
    found = districts(county, District.TOWN, on)
    mine = np.array([actor.covers(code) for code in found.codes], dtype=bool)
    facts = [{"town_code": code, "name": name} for code, name in zip(found.codes, found.names, strict=True)]
    return _collection(
        found.geoms_4490[mine], [fact for fact, keep in zip(facts, mine, strict=True) if keep], _TOWN_DEGREES
    )


def _credits(county: County, actor: Actor, ledger: str, on: date, content: Content) -> dict[str, Any]:
    """The credited ground that the ledger's figure counts: of its period, and not taken back by the day."""
    period = content.heading["targets"][ledger]
    first, last = period["first"] or f"{on.year}-01-01", period["last"] or on
    rows = (
        in_territory(live_credits(county, ledger, on), actor).filter(on__range=(first, last)).order_by("pk")
    )
    found = list(
        rows.annotate(wkb=AsWKB("geom_4490")).values_list("wkb", "town_code", "project", "project__project_no", "project__name")
    )  # fmt: skip
    shapes = shapely.from_wkb(np.array([bytes(row[0]) for row in found], dtype=object))
    then = known_then(Project, on, ("name",))
    facts = [
        {
            "town_code": town,
            "title": f"{number} {then.get(project, {}).get('name', name)}",
            "url": reverse("project", args=[project]),
        }
        for _, town, project, number, name in found
    ]
    return _collection(shapes, facts, _GROUND_DEGREES)


def _cases(county: County, content: Content, on: date) -> dict[str, Any]:
    """The ground of the open cases, as the register had it on the day."""
    standing = [item for item in content.items if "idle" in item.parts and item.parcels]
    shapes = shapes_on(county, sorted({item.parcels[0] for item in standing}), on)
    features = [
        {
            "type": "Feature",
            "geometry": shapes[item.parcels[0]],
            "properties": {
                "town_code": item.town_code,
                "title": f"{item.key} {spoken(item.state)}",
                "parcel": item.parcels[0],
            },
        }
        for item in standing
        if item.parcels[0] in shapes
    ]
    return {"type": "FeatureCollection", "features": features}


def _collection(geoms_4490: Any, facts: Sequence[dict[str, Any]], degrees: float) -> dict[str, Any]:
    """GeoJSON features (EPSG:4490), simplified and with coordinates cut to some centimetres."""
    plain = shapely.simplify(geoms_4490, degrees, preserve_topology=True)
    cut = shapely.transform(plain, lambda at: np.round(at, _DECIMALS)) if len(plain) else plain
    features = [
        {"type": "Feature", "geometry": json.loads(text), "properties": fact}
        for text, fact in zip(shapely.to_geojson(cut), facts, strict=True)
    ]
    return {"type": "FeatureCollection", "features": features}
