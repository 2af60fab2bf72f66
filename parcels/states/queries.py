"""The states of all phases as of a day, and the plan's three lists: (a) contiguous inefficient land, (b) supplied and unused
or underinvested, (c) not exhausted and unreviewed.

Refuses a statement a parcel: facts are gathered by kind, clusters are formed in the database.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection

from landgis.access.queries import Actor
from landgis.access.rules import VIEW_MAP
from landgis.audit.kept import kept
from landgis.counties.models import County
from landgis.counties.queries import parameters
from parcels.clusters.grouping import Cluster
from parcels.clusters.queries import county_limits, found_clusters
from parcels.evaluation.queries import newest_run, newest_year
from parcels.idle_land.facts import Parameters
from parcels.idle_land.queries import PhaseOnRecord, phases_on_record
from parcels.states.rules import STATE_TITLES, Node, PhaseFacts, Verdict, holding, states_of
from parcels.supply.fact_models import Milestone
from parcels.supply.indicators import PARAMETER as INDICATORS
from parcels.supply.indicators import indicators_of
from parcels.supply.models import ContractPhase

# What of each approved batch lies under no parcel with a contract signed by the day (or signed on an unknown day).
UNSUPPLIED = """
WITH supplied AS (
    SELECT p.geom_4490 AS geom
      FROM cadastre_parcel p
     WHERE p.county_id = %(county)s AND p.valid_from <= %(on)s AND (p.valid_to IS NULL OR p.valid_to > %(on)s)
       AND EXISTS (SELECT 1 FROM supply_contract c WHERE c.parcel_id = p.id AND (c.signed_on IS NULL OR c.signed_on <= %(on)s))),
rest AS (
    SELECT b.id, b.batch_no, b.approved_on, b.geom_4490 AS whole,
           coalesce(ST_Difference(b.geom_4490, (SELECT ST_Union(s.geom) FROM supplied s WHERE s.geom && b.geom_4490)),
                    b.geom_4490) AS open
      FROM supply_batch b WHERE b.county_id = %(county)s AND b.approved_on <= %(on)s)
SELECT batch_no, approved_on, ST_Area(whole::geography), ST_Area(open::geography)
  FROM rest WHERE ST_Area(open::geography) > %(sliver_m2)s ORDER BY approved_on, batch_no
"""


@dataclass(frozen=True, slots=True)
class PhaseStates:
    """A phase with the verdicts on it."""

    record: PhaseOnRecord
    verdicts: tuple[Verdict, ...]

    @property
    def holding(self) -> frozenset[str]:
        return holding(self.verdicts)


@dataclass(frozen=True, slots=True)
class Unsupplied:
    """What of an approved batch hasn't been supplied yet (批而未供); areas on the ellipsoid."""

    batch_no: str
    approved_on: date
    batch_area_m2: float
    open_area_m2: float


def states_on(county: County, actor: Actor, on: date) -> list[PhaseStates]:
    """The phases of the territory with a state that holds or can't be known as of the day; history is asking for another."""
    towns = None if actor.town_codes is None else frozenset(actor.town_codes)
    return kept("states", (county.code, towns, on), lambda: _states_on(county, actor, on))


def _states_on(county: County, actor: Actor, on: date) -> list[PhaseStates]:
    held = parameters(county, on)
    rules, indicators = Parameters.from_mapping(held), indicators_of(held[INDICATORS])
    nodes: dict[int, dict[str, Node]] = defaultdict(dict)
    milestones = Milestone.objects.filter(phase__contract__county=county).values_list(
        "phase_id", "kind", "planned_on", "actual_on", "promised", "actual", "result", "remedy_until"
    )
    for phase_id, kind, *stated in milestones:
        nodes[phase_id][kind] = Node(kind, *stated)
    stated_in_contract = ContractPhase.objects.filter(contract__county=county)
    reviews = {
        phase_id: (due, passed_on)
        for phase_id, due, passed_on in stated_in_contract.values_list("id", "review_due", "review_passed_on")
    }
    found = []
    for record in phases_on_record(actor, on):
        due, passed_on = reviews.get(record.phase_id, (None, None))
        facts = PhaseFacts(record.facts, nodes.get(record.phase_id, {}), due, passed_on)
        verdicts = states_of(facts, on, rules, indicators)
        if any(verdict.holds is not False for verdict in verdicts):
            found.append(PhaseStates(record, verdicts))
    return found


def counts(found: Iterable[PhaseStates]) -> dict[str, int]:
    """How many phases are in each state; they overlap, so the counts don't add up to the phases."""
    states: Counter[str] = Counter(state for item in found for state in item.holding)
    return {state: states.get(state, 0) for state in STATE_TITLES}


def list_b(found: Iterable[PhaseStates]) -> list[PhaseStates]:
    """The plan's list (b): supplied and unused, or underinvested within the building period."""
    return [item for item in found if item.holding & {"supplied_unused", "underinvested"}]


def list_c(found: Iterable[PhaseStates]) -> list[PhaseStates]:
    """The plan's list (c): not exhausted AND unreviewed."""
    return [item for item in found if {"not_exhausted", "unreviewed"} <= item.holding]


def list_a(county: County, actor: Actor, on: date) -> list[Cluster]:
    """The plan's list (a): inefficient parcels no further apart than the gap, in clusters of the least area or more."""
    year = newest_year(county.code)
    if year is None or newest_run(county.code, year) is None:
        return []
    return found_clusters(county, actor, year=year, on=on, limits=county_limits(county, on)).clusters


def unsupplied(county: County, actor: Actor, on: date) -> list[Unsupplied]:
    """批而未供: the ground of approved batches that no contract covers on the day; slivers are no finding."""
    actor.require_whole_county(VIEW_MAP)
    sliver_m2 = float(parameters(county, on)["overlay.sliver_m2"])
    with connection.cursor() as cursor:
        cursor.execute(UNSUPPLIED, {"county": county.code, "on": on, "sliver_m2": sliver_m2})
        return [Unsupplied(*row) for row in cursor.fetchall()]
