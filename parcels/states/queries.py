"""The states of all phases as of a day, and the plan's three lists: (a) contiguous inefficient land, (b) supplied and unused
or underinvested, (c) not exhausted and unreviewed.

Refuses a statement a parcel: facts are gathered by kind, clusters are formed in the database.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from landgis.access.queries import Actor, territory_sql
from landgis.access.rules import VIEW_MAP
from landgis.audit.kept import kept
from landgis.counties.models import County
from landgis.counties.queries import parameters
from landgis.lib.units import m2_to_mu, mu_to_m2
from parcels.idle_land.facts import Parameters
from parcels.idle_land.queries import PhaseOnRecord, phases_on_record
from parcels.states.rules import STATE_TITLES, Node, PhaseFacts, Verdict, holding, states_of
from parcels.supply.fact_models import Milestone
from parcels.supply.models import ContractPhase

# Parcels below the threshold in the newest run, put together where the gap between them is small enough. `eps` is in the
# survey's metres; a cluster counts from its least area on.
CLUSTERS = """
WITH run AS (
    SELECT id FROM evaluation_run WHERE county_id = %(territory_county)s ORDER BY id DESC LIMIT 1),
low AS (
    SELECT p.id, p.code, p.town_code, p.registered_area_m2::float8 AS area_m2,
           ST_Transform(p.geom_4490, %(srid)s) AS geom
      FROM run JOIN evaluation_value v ON v.run_id = run.id AND v.scope = 'parcel' AND v.tax_per_mu < %(below)s
      JOIN cadastre_parcel p ON p.county_id = %(territory_county)s AND p.code = v.subject_code AND p.valid_from <= %(on)s
                            AND (p.valid_to IS NULL OR p.valid_to > %(on)s)
     WHERE {territory}),
tied AS (SELECT low.*, ST_ClusterDBSCAN(geom, eps := %(gap_m)s, minpoints := 1) OVER () AS cluster FROM low)
SELECT cluster, array_agg(code ORDER BY code), sum(area_m2), ST_Area(ST_ConvexHull(ST_Collect(geom))),
       array_agg(DISTINCT town_code)
  FROM tied GROUP BY cluster HAVING sum(area_m2) >= %(least_m2)s ORDER BY sum(area_m2) DESC, cluster
"""
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
class Cluster:
    """Inefficient parcels that lie together: net and hull area in 亩, and the towns they are in."""

    parcels: tuple[str, ...]
    net_mu: float
    hull_mu: float
    town_codes: tuple[str, ...]


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
    rules = Parameters.from_mapping(parameters(county, on))
    nodes: dict[int, dict[str, Node]] = defaultdict(dict)
    milestones = Milestone.objects.filter(phase__contract__county=county).values_list(
        "phase_id", "kind", "planned_on", "actual_on", "promised", "actual", "result"
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
        verdicts = states_of(facts, on, rules)
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
    held = parameters(county, on)
    territory, limits = territory_sql(actor, alias="p")
    values: dict[str, Any] = dict(limits)
    with connection.cursor() as cursor:
        cursor.execute(
            CLUSTERS.format(territory=territory),
            {
                **values,
                "on": on,
                "srid": county.survey_crs,
                "below": float(held["land.inefficient_tax_per_mu_below"]),
                "gap_m": float(held["land.cluster_gap_m"]),
                "least_m2": mu_to_m2(Decimal(str(held["land.cluster_min_mu"]))),
            },
        )
        rows = cursor.fetchall()
    return [
        Cluster(tuple(codes), float(m2_to_mu(net)), float(m2_to_mu(hull)), tuple(towns))
        for _, codes, net, hull, towns in rows
    ]


def unsupplied(county: County, actor: Actor, on: date) -> list[Unsupplied]:
    """批而未供: the ground of approved batches that no contract covers on the day; slivers are no finding."""
    actor.require_whole_county(VIEW_MAP)
    sliver_m2 = float(parameters(county, on)["overlay.sliver_m2"])
    with connection.cursor() as cursor:
        cursor.execute(UNSUPPLIED, {"county": county.code, "on": on, "sliver_m2": sliver_m2})
        return [Unsupplied(*row) for row in cursor.fetchall()]
