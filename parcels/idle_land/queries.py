"""Gathering the facts that the statute's rules judge, and reading what a screening found.

Refuses to judge; every query is limited to the actor's county and towns.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from landgis.access.queries import Actor, territory_sql
from landgis.audit.kept import kept
from landgis.counties.models import County, Town
from landgis.counties.queries import parameters
from parcels.idle_land.evidence_queries import Evidence, evidence_by_phase
from parcels.idle_land.facts import Facts, Parameters, Progress
from parcels.idle_land.models import IdleFinding, IdleScreening
from parcels.idle_land.rules import FINDING_TITLES, Finding, screen

TITLES: Mapping[str, str] = {str(code): title for code, title in FINDING_TITLES.items()}

# One row a contract phase. The parcel is the one in force on the day under the contract's own code; where that has ended,
# the descendant that the contract was carried to; where the register knows it only from a later day on, that one, so that
# no contract loses its ground for a past day.
PHASES = """
SELECT f.id, c.contract_no, c.supervision_no, coalesce(p.code, c.parcel_code) AS parcel_code, p.id AS parcel_id,
       coalesce(nullif(p.town_code, ''), c.town_code) AS town_code, t.name AS town_name, c.holder_name, c.location,
       c.land_use, c.area_m2, c.price_wan, c.signed_on, f.phase_no, f.agreed_delivery, f.agreed_start,
       f.agreed_completion, f.actual_delivery, f.actual_start, f.actual_completion, f.total_investment_wan,
       f.land_to_develop_m2, f.review_due, f.review_passed_on
  FROM supply_phase f
  JOIN supply_contract c ON c.id = f.contract_id
  LEFT JOIN cadastre_parcel coded
         ON coded.county_id = c.county_id AND coded.code = c.parcel_code AND c.parcel_code <> ''
        AND (coded.valid_to IS NULL OR coded.valid_to > %(on)s)
  LEFT JOIN cadastre_parcel p ON p.id = coalesce(coded.id, c.parcel_id)
        AND (p.valid_to IS NULL OR p.valid_to > %(on)s)
  LEFT JOIN counties_town t ON t.county_id = c.county_id
        AND t.code = coalesce(nullif(p.town_code, ''), c.town_code)
 WHERE {territory} {only}
 ORDER BY nullif(coalesce(nullif(p.town_code, ''), c.town_code), '') NULLS LAST, parcel_code, c.contract_no, f.phase_no, f.id
"""

PROGRESS = """
SELECT g.phase_id, g.as_of, g.invested_wan, g.developed_area_m2, g.stopped_since, g.measured_area_m2
  FROM supply_progress g
  JOIN supply_phase f ON f.id = g.phase_id
  JOIN supply_contract c ON c.id = f.contract_id
 WHERE c.county_id = %(territory_county)s AND g.as_of <= %(on)s
   AND (%(phases)s::bigint[] IS NULL OR g.phase_id = ANY(%(phases)s::bigint[]))
 ORDER BY g.phase_id, g.as_of
"""

# Wider than what holds on the day: which of several supplements counts is for the rules to say.
AGREED_BETWEEN = """
SELECT f.id FROM supply_phase f JOIN supply_contract c ON c.id = f.contract_id
 WHERE c.county_id = %(county)s AND (f.agreed_start BETWEEN %(first)s AND %(last)s
                                     OR f.agreed_completion BETWEEN %(first)s AND %(last)s)
UNION
SELECT f.id FROM supply_supplement x JOIN supply_contract c ON c.id = x.contract_id
  JOIN supply_phase f ON f.contract_id = c.id AND (x.phase_id IS NULL OR x.phase_id = f.id)
 WHERE c.county_id = %(county)s AND (x.agreed_start BETWEEN %(first)s AND %(last)s
                                     OR x.agreed_completion BETWEEN %(first)s AND %(last)s)
"""


@dataclass(frozen=True, slots=True)
class PhaseOnRecord:
    """A contract phase as the lists show it, with the facts that the rules judge."""

    phase_id: int
    parcel_id: int | None
    parcel_code: str
    supervision_no: str
    town_code: str
    town_name: str
    holder_name: str
    location: str
    land_use: str
    area_m2: Decimal | None
    price_wan: Decimal | None
    review_due: date | None
    review_passed_on: date | None
    facts: Facts


def rule_parameters(county: County, on: date) -> Parameters:
    """The statute's parameters in force on the day."""
    return Parameters.from_mapping(parameters(county, on))


def phases_on_record(actor: Actor, on: date, among: Collection[int] | None = None) -> list[PhaseOnRecord]:
    """Every contract phase in the actor's territory with what was known by `on` (a statement for each kind of fact).

    `among`: those only.
    """
    return list(each_phase_on_record(actor, on, among))


def each_phase_on_record(
    actor: Actor, on: date, among: Collection[int] | None = None
) -> Iterator[PhaseOnRecord]:
    """The same one by one, for whoever looks at a whole county and keeps less than all of it."""
    territory, values = _territory(actor)
    values |= {"on": on, "phases": None if among is None else list(among)}
    only = "" if among is None else "AND f.id = ANY(%(phases)s::bigint[])"
    progress: dict[int, list[Progress]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(PROGRESS, values)
        for phase_id, *record in cursor.fetchall():
            progress[phase_id].append(Progress(*record))
        evidence = evidence_by_phase(cursor, values)
        cursor.execute(PHASES.format(territory=territory, only=only), values)
        for row in cursor:
            yield _phase(row, progress, evidence)


def phases_judged(county: County, actor: Actor, on: date) -> Iterator[tuple[PhaseOnRecord, Finding]]:
    """Every phase of the territory with what the rules find of it on the day, whether a screening was recorded or not."""
    rules = rule_parameters(county, on)
    for record in each_phase_on_record(actor, on):
        yield record, screen(record.facts, on, rules)


def phases_agreed_between(county: County, first: date, last: date) -> list[int]:
    """The phases of which contract or any supplement names a start or completion between the days, both included."""
    with connection.cursor() as cursor:
        cursor.execute(AGREED_BETWEEN, {"county": county.code, "first": first, "last": last})
        return [phase_id for (phase_id,) in cursor.fetchall()]


def latest_screening(county_code: str) -> IdleScreening | None:
    return IdleScreening.objects.filter(county_id=county_code).order_by("-id").first()


def listed_findings(
    screening: IdleScreening, actor: Actor, *, finding: str = "", town: str = "", text: str = ""
) -> list[int]:
    """The numbers of a screening's findings in the actor's territory but the clear ones, narrowed by what was asked for.

    In the list's order, which is that in which a screening records them; looked up again after a change only.
    """
    towns = None if actor.town_codes is None else frozenset(actor.town_codes)
    key = (actor.county_code, towns, screening.pk, finding, town, text)
    rows = _listed(screening, actor)
    if finding:
        rows = rows.filter(finding=finding)
    if town:
        rows = rows.filter(town_code=town)
    if text:
        contract = "phase__contract__"
        rows = rows.filter(
            Q(**{contract + "parcel_code__icontains": text})
            | Q(**{contract + "contract_no__icontains": text})
            | Q(**{contract + "supervision_no__icontains": text})
            | Q(**{contract + "holder_name__icontains": text})
            | Q(**{contract + "location__icontains": text})
        )
    return kept("idle_list", key, lambda: list(rows.order_by("pk").values_list("pk", flat=True)))


def listed_counts(screening: IdleScreening, actor: Actor) -> dict[str, int]:
    """How many findings of each kind the actor's territory has."""
    towns = None if actor.town_codes is None else frozenset(actor.town_codes)
    counted = _listed(screening, actor).order_by().values_list("finding").annotate(n=Count("pk"))
    return kept("idle_counts", (actor.county_code, towns, screening.pk), lambda: dict(counted))


def findings_of(numbers: Collection[int]) -> QuerySet[IdleFinding]:
    """The findings of these numbers as the list shows them; whoever may see them was asked when they were listed."""
    town_name = Town.objects.filter(county=OuterRef("screening__county"), code=OuterRef("town_code"))
    ground = Coalesce("phase__contract__area_m2", "parcel__registered_area_m2")
    rows = IdleFinding.objects.filter(pk__in=numbers)
    rows = rows.annotate(town_name=Subquery(town_name.values("name")), area_m2=ground)
    # A list draws no map: the shapes stay where they are.
    rows = rows.select_related("phase__contract", "parcel").defer("parcel__geom_4490", "parcel__geom_3857")
    return rows.order_by("pk")


def _listed(screening: IdleScreening, actor: Actor) -> QuerySet[IdleFinding]:
    rows = IdleFinding.objects.filter(screening=screening, screening__county_id=actor.county_code)
    rows = rows.exclude(finding="clear")
    return rows if actor.town_codes is None else rows.filter(town_code__in=actor.town_codes)


def _territory(actor: Actor) -> tuple[str, dict[str, Any]]:
    limit, values = territory_sql(actor, alias="c")
    # A contract's own town is often blank: the parcel's town decides where there is a parcel.
    limit = limit.replace("c.town_code", "coalesce(nullif(p.town_code, ''), c.town_code)")
    return limit, dict(values)


def _phase(
    row: tuple[Any, ...], progress: dict[int, list[Progress]], evidence: dict[int, Evidence]
) -> PhaseOnRecord:
    (phase_id, contract_no, supervision_no, parcel_code, parcel_id, town_code, town_name, holder, location, use,
     area_m2, price_wan, signed_on, phase_no, agreed_delivery, agreed_start, agreed_completion, actual_delivery,
     actual_start, actual_completion, total_investment_wan, land_to_develop_m2, review_due,
     review_passed_on) = row  # fmt: skip
    return PhaseOnRecord(
        phase_id=phase_id,
        parcel_id=parcel_id,
        parcel_code=parcel_code,
        supervision_no=supervision_no,
        town_code=town_code or "",
        town_name=town_name or "",
        holder_name=holder,
        location=location,
        land_use=use,
        area_m2=area_m2,
        price_wan=price_wan,
        review_due=review_due,
        review_passed_on=review_passed_on,
        facts=Facts(
            contract_no=contract_no,
            parcel_code=parcel_code,
            phase_no=phase_no,
            signed_on=signed_on,
            agreed_delivery=agreed_delivery,
            agreed_start=agreed_start,
            agreed_completion=agreed_completion,
            actual_delivery=actual_delivery,
            actual_start=actual_start,
            actual_completion=actual_completion,
            total_investment_wan=total_investment_wan,
            land_to_develop_m2=land_to_develop_m2,
            progress=tuple(progress.get(phase_id, ())),
            **evidence.get(phase_id, {}),
        ),
    )
