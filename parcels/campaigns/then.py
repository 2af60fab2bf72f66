"""Projects as they were known on a day: whatever was corrected of them later doesn't reach back to it.

Refuses projects that lay in other towns on that day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from landgis.access.queries import Actor, territory_sql
from landgis.audit.known import then_sql
from landgis.lib.columns import read_rows

# A relation in place of campaigns_project for a day that is over. Needs %(on)s.
PAST_PROJECTS = then_sql(
    "campaigns_project",
    fixed=("id", "county_id", "ledger", "project_no", "valid_from", "valid_to"),
    changing=(
        "name",
        "way",
        "town_code",
        "town_codes",
        "parcel_codes",
        "area_m2",
        "lead_unit",
        "due_on",
        "geom_4490",
        "geom_3857",
    ),
)

# A town that the county doesn't have is "" (未落镇街): nothing falls out between towns and county.
_PLACE = """CASE WHEN p.town_code IN (SELECT t.code FROM counties_town t WHERE t.county_id = p.county_id)
            THEN p.town_code ELSE '' END"""


@dataclass(frozen=True, slots=True)
class ProjectThen:
    """What a day knew of a project that was running on it."""

    pk: int
    ledger: str
    project_no: str
    opened_on: date
    town_code: str
    name: str
    due_on: date | None
    parcel_codes: list[str]


def projects_sql(on: date) -> str:
    """What the projects of a day are read from: today is never slower for there being a past."""
    return PAST_PROJECTS if on < timezone.localdate() else "campaigns_project"


def running_sql(actor: Actor, on: date, *, joined: str = "") -> tuple[str, dict[str, object]]:
    """`FROM … WHERE …` of the projects `p` (their town, or "", as `p.place`) that ran in the actor's towns on the day."""
    territory, values = territory_sql(actor, alias="p")
    return (
        f"""FROM (SELECT p.*, {_PLACE} AS place FROM {projects_sql(on)} p) p {joined}
 WHERE {territory} AND p.valid_from <= %(on)s AND (p.valid_to IS NULL OR p.valid_to > %(on)s)""",
        {**values, "on": on},
    )


def running(actor: Actor, on: date) -> list[ProjectThen]:
    """The projects that ran on the day in the towns of the actor that they lay in then."""
    source, values = running_sql(actor, on)
    facts = "p.id, p.ledger, p.project_no, p.valid_from, p.town_code, p.name, p.due_on, p.parcel_codes"
    return [ProjectThen(*row) for row in read_rows(f"SELECT {facts} {source} ORDER BY p.id", values)]


def running_by_town(actor: Actor, on: date) -> dict[str, dict[str, int]]:
    """Ledger → town → how many projects ran on the day."""
    source, values = running_sql(actor, on)
    found: dict[str, dict[str, int]] = {}
    counted = f"SELECT p.ledger, p.place, count(*) {source} GROUP BY 1, 2 ORDER BY 1, 2"
    for ledger, town, projects in read_rows(counted, values):
        found.setdefault(ledger, {})[town] = projects
    return found
