"""The states of all phases as of a day, and the plan's three lists: (a) contiguous inefficient land, (b) supplied and unused
or underinvested, (c) not exhausted and unreviewed.

Refuses a statement a parcel: facts are gathered by kind, clusters are formed in the database.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from sys import intern
from typing import NamedTuple

from django.db import connection

from landgis.access.queries import Actor
from landgis.access.rules import VIEW_MAP
from landgis.audit.kept_parts import kept_parts
from landgis.counties.models import County
from landgis.counties.queries import parameters
from landgis.lib.collector import collector_paused
from parcels.clusters.grouping import Cluster
from parcels.clusters.queries import county_limits, found_clusters
from parcels.evaluation.queries import newest_run, newest_year
from parcels.idle_land.facts import Parameters
from parcels.idle_land.queries import PhaseOnRecord, each_phase_on_record
from parcels.idle_land.touched import phases_touched
from parcels.states.rules import STATE_TITLES, Node, PhaseFacts, Verdict, holding, states_of
from parcels.supply.fact_models import Milestone
from parcels.supply.indicators import PARAMETER as INDICATORS
from parcels.supply.indicators import indicators_of

# The states that each list rests on.
RESTS_ON = {"b": ("supplied_unused", "underinvested"), "c": ("not_exhausted", "unreviewed")}
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


class PhaseStates(NamedTuple):
    """A phase with the verdicts on it, and as much of its record as lists show: a county keeps a hundred thousand of these."""

    phase_id: int
    contract_no: str
    supervision_no: str
    phase_no: int
    parcel_code: str
    town_code: str
    town_name: str
    holder_name: str
    location: str
    area_m2: Decimal | None
    verdicts: tuple[Verdict, ...]
    pattern: tuple[
        bool | None, ...
    ]  # whether each state holds: phases with the same one are on the same lists

    @property
    def holding(self) -> frozenset[str]:
        return holding(self.verdicts)

    @property
    def place(self) -> tuple[bool, str, str, str, int, int]:
        first = (not self.town_code, self.town_code, self.parcel_code)
        return (*first, self.contract_no, self.phase_no, self.phase_id)


@dataclass(frozen=True, slots=True)
class Unsupplied:
    """What of an approved batch hasn't been supplied yet (批而未供); areas on the ellipsoid."""

    batch_no: str
    approved_on: date
    batch_area_m2: float
    open_area_m2: float


def states_on(county: County, actor: Actor, on: date) -> list[PhaseStates]:
    """The phases of the territory with a state that holds or can't be known as of the day; history is asking for another.

    Worked out once; after a change for the phases only that it touched.
    """
    towns = None if actor.town_codes is None else frozenset(actor.town_codes)
    found = kept_parts(
        "states",
        (county.code, towns, on),
        work=lambda among: states_anew(county, actor, on, among),
        touched=phases_touched,
    )
    return sorted(found.values(), key=lambda item: item.place)


def states_anew(
    county: County, actor: Actor, on: date, among: Collection[int] | None = None
) -> dict[int, PhaseStates]:
    """The same by phase, of all of them or those only, and nothing taken from what was kept."""
    with collector_paused():  # a hundred thousand phases leave a million objects, and all of them stay
        return _judged(county, actor, on, among)


def _judged(county: County, actor: Actor, on: date, among: Collection[int] | None) -> dict[int, PhaseStates]:
    held = parameters(county, on)
    rules, indicators = Parameters.from_mapping(held), indicators_of(held[INDICATORS])
    nodes: dict[int, dict[str, Node]] = defaultdict(dict)
    milestones = Milestone.objects.filter(phase__contract__county=county)
    if among is not None:
        milestones = milestones.filter(phase__in=among)
    for phase_id, kind, *stated in milestones.values_list(
        "phase_id", "kind", "planned_on", "actual_on", "promised", "actual", "result", "remedy_until"
    ):
        nodes[phase_id][kind] = Node(kind, *stated)
    found: dict[int, PhaseStates] = {}
    patterns: dict[tuple[bool | None, ...], tuple[bool | None, ...]] = {}
    for record in each_phase_on_record(actor, on, among):
        facts = PhaseFacts(
            record.facts, nodes.get(record.phase_id, {}), record.review_due, record.review_passed_on
        )
        verdicts = states_of(facts, on, rules, indicators)
        pattern = tuple([verdict.holds for verdict in verdicts])
        if pattern.count(False) < len(pattern):
            found[record.phase_id] = _kept(record, verdicts, patterns.setdefault(pattern, pattern))
    return found


def _kept(
    record: PhaseOnRecord, verdicts: tuple[Verdict, ...], pattern: tuple[bool | None, ...]
) -> PhaseStates:
    return PhaseStates(
        record.phase_id, record.facts.contract_no, record.supervision_no, record.facts.phase_no, record.parcel_code,
        record.town_code, intern(record.town_name), record.holder_name, record.location, record.area_m2, verdicts, pattern,
    )  # fmt: skip


def counts(found: Iterable[PhaseStates]) -> dict[str, int]:
    """How many phases are in each state; they overlap, so the counts don't add up to the phases."""
    patterns = Counter(item.pattern for item in found)
    return {
        state: sum(number for pattern, number in patterns.items() if pattern[place])
        for place, state in enumerate(STATE_TITLES)
    }


def is_on(name: str, pattern: tuple[bool | None, ...]) -> bool | None:
    """Whether the list (b, c, or a state's own) holds a phase of this pattern; None: a missing fact might put it there."""
    stated = dict(zip(STATE_TITLES, pattern, strict=True))
    verdicts = [stated[state] for state in RESTS_ON.get(name, (name,))]
    if name == "c":  # both must hold, so one that fails settles it
        return False if False in verdicts else None if None in verdicts else True
    return True if True in verdicts else None if None in verdicts else False


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
