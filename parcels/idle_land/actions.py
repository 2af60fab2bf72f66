"""Screening all contracts of a county for suspected idle land, and keeping what was found.

Refuses to change any fact: a screening records findings beside the facts, with the rule version of its day.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from landgis.access.queries import Actor
from landgis.access.rules import SCREEN_IDLE
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.copying import copy_rows
from parcels.idle_land.explain import explain
from parcels.idle_land.facts import Parameters
from parcels.idle_land.models import FINDINGS, IdleScreening
from parcels.idle_land.queries import PhaseOnRecord, phases_on_record, rule_parameters
from parcels.idle_land.rules import Finding, screen


@dataclass(frozen=True, slots=True)
class Screened:
    """What a screening found: every phase with its finding, the counts, and the rules that judged."""

    on: date
    parameters: Parameters
    judged: list[tuple[PhaseOnRecord, Finding]]

    @property
    def counts(self) -> dict[str, int]:
        found: Counter[str] = Counter(finding.code for _, finding in self.judged)
        return {code: found.get(code, 0) for code in FINDINGS}

    @property
    def suspected(self) -> list[tuple[PhaseOnRecord, Finding]]:
        """All but the clear ones."""
        return [(phase, finding) for phase, finding in self.judged if finding.code != "clear"]


def screen_idle(*, county: County, actor: Actor, on: date) -> Screened:
    """Judge every contract phase of the actor's territory as of `on`; writes nothing."""
    actor.require(SCREEN_IDLE)
    rules = rule_parameters(county, on)
    phases = phases_on_record(actor, on)
    return Screened(on, rules, [(phase, screen(phase.facts, on, rules)) for phase in phases])


def record_screening(screened: Screened, *, county: County, by: str, reason: str) -> IdleScreening:
    """Keep the findings of a whole county as its newest screening; pages and maps show it from then on."""
    rows = screened.judged
    with change(
        county_code=county.code, by=by, action="screen_idle", reason=reason, on=str(screened.on)
    ) as running:
        screening = IdleScreening.objects.create(
            county=county,
            on=screened.on,
            rule_version=screened.parameters.rule_version,
            counts=screened.counts,
        )
        columns: dict[str, list[Any]] = {
            "screening_id": [screening.pk] * len(rows),
            "phase_id": [phase.phase_id for phase, _ in rows],
            "parcel_id": [phase.parcel_id for phase, _ in rows],
            "town_code": [phase.town_code for phase, _ in rows],
            "finding": [finding.code for _, finding in rows],
            "article": [finding.article for _, finding in rows],
            "agreed_start": [finding.agreed_start for _, finding in rows],
            "full_year_on": [finding.full_year_on for _, finding in rows],
            "gross_idle_days": [finding.gross_idle_days for _, finding in rows],
            "net_idle_days": [finding.net_idle_days for _, finding in rows],
            "missing": [finding.missing for _, finding in rows],
            "also": [finding.also for _, finding in rows],
            "remarks": [finding.remarks for _, finding in rows],
            "steps": [explain(phase.facts, screened.on, screened.parameters) for phase, _ in rows],
        }
        if rows:
            copy_rows("idle_land_finding", columns)
        running.summary.update(screening=screening.pk, counts=screened.counts)
    return screening
