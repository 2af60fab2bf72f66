"""What an editor's fields offer: land classes, towns, tenures, kinds of documents and events, and the rules in force.

Refuses towns outside the actor's territory.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection

from landgis.access.queries import Actor, territory_sql
from landgis.counties.models import County, Town
from landgis.counties.queries import parameters
from parcels.cadastre.codes import TENURES, land_classes
from parcels.cadastre.lineage_models import DOCUMENT_KINDS, EVENT_KINDS
from parcels.editing.rules import rulebook

# Each tenure in use, the most frequent first.
IN_USE = """
SELECT p.tenure FROM cadastre_parcel p
 WHERE {territory} AND p.valid_to IS NULL AND p.tenure <> '' GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 100
"""


def code_lists(county: County, actor: Actor, on: date) -> dict[str, Any]:
    """All lists at once, in three statements."""
    towns = Town.objects.filter(county=county).order_by("code")
    if actor.town_codes is not None:
        towns = towns.filter(code__in=actor.town_codes)
    book = rulebook(parameters(county, on))
    return {
        "land_classes": [
            {"set": known.code_set, "code": known.code, "name": known.name}
            for known in land_classes().values()
        ],
        "towns": list(towns.values("code", "name")),
        "tenures": list(dict.fromkeys([*TENURES, *_tenures_in_use(actor)])),
        "document_kinds": _titled(DOCUMENT_KINDS),
        "event_kinds": _titled(EVENT_KINDS),
        "rules": [
            {"rule": name, "title": rule.title, "severity": rule.severity, "limits": dict(rule.limits)}
            for name, rule in book.items()
        ],
    }


def _tenures_in_use(actor: Actor) -> list[str]:
    territory, limits = territory_sql(actor, alias="p")
    values: dict[str, Any] = dict(limits)
    with connection.cursor() as cursor:
        cursor.execute(IN_USE.format(territory=territory), values)
        return [tenure for (tenure,) in cursor.fetchall()]


def _titled(titles: dict[str, str]) -> list[dict[str, str]]:
    return [{"code": code, "title": title} for code, title in titles.items()]
