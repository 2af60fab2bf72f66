"""What the pages of the control line show: its versions, the adjustments with their stage, and one adjustment whole.

Refuses nothing: the line and its adjustments are the county's, and are announced to the public.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from landgis.counties.models import County
from parcels.balance.models import Adjustment, AdjustmentStep, Inclusion, LineEntry
from parcels.balance.steps import ENTRY, STEPS, next_steps

# A version of the line is what stands between two days on which something began or ended.
VERSIONS = """
SELECT d.day, count(*) FILTER (WHERE l.valid_from = d.day), count(*) FILTER (WHERE l.valid_to = d.day),
       count(*) FILTER (WHERE l.valid_from <= d.day AND (l.valid_to IS NULL OR l.valid_to > d.day)),
       coalesce(sum(ST_Area(l.geom_4490::geography))
                FILTER (WHERE l.valid_from <= d.day AND (l.valid_to IS NULL OR l.valid_to > d.day)), 0),
       coalesce(string_agg(DISTINCT nullif(l.source, ''), '、') FILTER (WHERE l.valid_from = d.day), '')
  FROM (SELECT valid_from AS day FROM control_lines_controlline WHERE county_id = %(county)s
         UNION SELECT valid_to FROM control_lines_controlline WHERE county_id = %(county)s AND valid_to IS NOT NULL) d
  JOIN control_lines_controlline l ON l.county_id = %(county)s AND l.valid_from <= d.day
 GROUP BY d.day
 ORDER BY d.day DESC"""


@dataclass(frozen=True, slots=True)
class Version:
    """The line from a day on."""

    since: date
    began: int
    ended: int
    pieces: int
    area_m2: float
    source: str


@dataclass(frozen=True, slots=True)
class Listed:
    """An adjustment with its stage and its ㎡."""

    row: Adjustment
    stage: str
    stage_on: date
    effective_on: date | None
    in_m2: float
    pieces: int

    @property
    def stage_title(self) -> str:
        return STEPS[self.stage]


def versions(county: County) -> list[Version]:
    with connection.cursor() as cursor:
        cursor.execute(VERSIONS, {"county": county.code})
        return [Version(*row) for row in cursor.fetchall()]


def adjustments(county: County) -> list[Listed]:
    """All of them, the newest first."""
    rows = list(Adjustment.objects.filter(county=county).defer("out_geom_4490").order_by("-year", "-serial"))
    steps: dict[int, list[tuple[str, date]]] = {}
    taken = AdjustmentStep.objects.filter(adjustment__county=county).order_by("pk")
    for number, step, on in taken.values_list("adjustment_id", "step", "on"):
        steps.setdefault(number, []).append((step, on))
    areas: dict[int, list[float]] = {}
    pieces = Inclusion.objects.filter(adjustment__county=county)
    for number, area in pieces.values_list("adjustment_id", "area_m2"):
        areas.setdefault(number, []).append(area)
    return [
        Listed(
            row, *steps[row.pk][-1], next((on for step, on in steps[row.pk] if step == ENTRY), None),
            sum(areas.get(row.pk, [])), len(areas.get(row.pk, [])),
        )
        for row in rows
    ]  # fmt: skip


def page_of(adjustment: Adjustment) -> dict[str, Any]:
    """One adjustment with its steps, what comes in, the surplus it uses, its entries, and what may follow."""
    steps = list(adjustment.steps.order_by("pk"))
    judged = [step for step in steps if step.verdict]
    return {
        "adjustment": adjustment,
        "steps": [(step, STEPS[step.step]) for step in steps],
        "verdict": judged[-1].verdict if judged else [],
        "verdict_of": STEPS[judged[-1].step] if judged else "",
        "verdict_on": judged[-1].on if judged else None,
        "inclusions": list(adjustment.inclusions.defer("geom_4490")),
        "uses": list(adjustment.uses.select_related("source").order_by("pk")),
        "entries": list(LineEntry.objects.filter(adjustment=adjustment).order_by("pk")),
        "next": next_steps([step.step for step in steps]),
    }
