"""How far the two ledgers are on a day, by town; a ledger's credits in force; and a project's stages that count.

Refuses figures of another day: a past day's state is the sum of the rows up to that day, reversals among them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import shapely
from django.contrib.gis.db.models.functions import AsWKB
from django.contrib.gis.geos import GEOSGeometry
from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from landgis.access.queries import Actor, in_territory
from landgis.counties.models import County, Target, Town
from landgis.counties.queries import in_force, parameters
from landgis.lib.units import m2_to_mu, rounded
from parcels.campaigns.models import Credit, Project, ProjectStep, TargetPlan, TownTarget
from parcels.campaigns.rules import (
    LEDGERS,
    NOTHING,
    OUTLOOKS,
    TARGET_KEYS,
    YEARLY,
    Period,
    Progress,
    period_of,
    progress,
    standing,
)
from parcels.campaigns.targets import paced
from parcels.campaigns.then import running_by_town

GREEN, YELLOW = "campaigns.green_from", "campaigns.yellow_from"


@dataclass(frozen=True, slots=True)
class LedgerStatus:
    """One ledger on a day: of the county, and of each town by its code ("" = not assigned to a town).

    `ended_on`: the last day of a plan that has no successor yet; `after`: 亩 credited since then, by town.
    """

    ledger: str
    period: Period | None
    basis: str
    county: Progress
    projects: int
    towns: dict[str, Progress]
    town_projects: dict[str, int]
    ended_on: date | None
    after: dict[str, Decimal]

    @property
    def title(self) -> str:
        return LEDGERS[self.ledger]

    @property
    def told_end(self) -> str:
        """What became of a plan that ended without a successor, with its day and basis; else empty."""
        one = self.county
        if self.ended_on is None or one.target is None:
            return ""
        after = sum(self.after.values(), Decimal(0))
        late = f"，期满后入账 {rounded(after, 2):,.2f} 亩" if after else ""
        return (
            f"{self.title}：任务期至 {self.ended_on}，目标 {one.target:,.2f} 亩，完成 {rounded(one.done, 2):,.2f} 亩，"
            f"{OUTLOOKS[one.outlook]}{late}；依据：{self.basis}"
        )


@dataclass(frozen=True, slots=True)
class Status:
    """Both ledgers on a day; `towns` names every town of the actor's territory."""

    on: date
    ledgers: dict[str, LedgerStatus]
    towns: dict[str, str]


def status_on(county: County, actor: Actor, on: date) -> Status:
    """Both ledgers against the targets of the day, or the last ones where a plan ended and none followed."""
    towns = dict(county.towns.order_by("code").values_list("code", "name"))
    if actor.town_codes is not None:
        towns = {code: name for code, name in towns.items() if code in actor.town_codes}
    stated = parameters(county, on)
    limits = {"green_from": float(stated[GREEN]), "yellow_from": float(stated[YELLOW])}
    projects = running_by_town(actor, on)
    ledgers = {
        ledger: _ledger(county, actor, ledger, on, towns, limits, projects.get(ledger, {}))
        for ledger in LEDGERS
    }
    return Status(on, ledgers, towns)


def _ledger(
    county: County,
    actor: Actor,
    ledger: str,
    on: date,
    towns: Mapping[str, str],
    limits: Mapping[str, float],
    projects: dict[str, int],
) -> LedgerStatus:
    key = TARGET_KEYS[ledger]
    target = standing_targets(county, [key], on).get(key)
    # What a plan is measured on: the day itself, or its last one.
    seen = on if target is None or target.valid_to is None else min(on, target.valid_to)
    ended_on = seen if seen < on else None
    period = None if target is None else period_of(ledger, seen, target.valid_from, target.term_end)
    if period is not None and ledger not in YEARLY:
        period = paced(county, key, seen, period)
    first = date(on.year, 1, 1) if period is None else period.first
    after: dict[str, Decimal] = {}
    if ended_on is None:
        done = credited_by_town(county, actor, ledger, first, on)
    else:
        done = _credited_of(county, actor, ledger, first, ended_on, on)
        after = _credited_of(county, actor, ledger, ended_on + timedelta(days=1), on, on)
    handed = dict(
        TownTarget.objects.filter(in_force(seen), county=county, key=key).values_list("town_code", "value")
    )

    def of(stated: Decimal | None, amount: Decimal) -> Progress:
        return progress(
            stated, amount, on, period, green_from=limits["green_from"], yellow_from=limits["yellow_from"]
        )

    whole = sum(done.values(), Decimal(0))
    # A town's officer is shown the town's own target, never the county's beside a part of the credits.
    county_target = None if target is None else target.value
    if actor.town_codes is not None:
        own = [handed[code] for code in actor.town_codes if code in handed]
        county_target = sum(own, Decimal(0)) if own and target is not None else None
    codes = [*towns, *([""] if "" in {*done, *after, *projects} else [])]
    return LedgerStatus(
        ledger,
        period,
        "" if target is None else target.basis,
        of(county_target, whole),
        sum(projects.values()),
        {code: of(handed.get(code) if target else None, done.get(code, Decimal(0))) for code in codes},
        projects,
        ended_on,
        after,
    )


def standing_targets(county: County, keys: Collection[str], on: date) -> dict[str, Target]:
    """Key → the target in force on the day, or the last one that ended before it; one statement for all."""
    rows = Target.objects.filter(county=county, key__in=keys, valid_from__lte=on)
    return {row.key: row for row in rows.order_by("key", "-valid_from").distinct("key")}


def credited_by_town(
    county: County, actor: Actor, ledger: str, first: date, last: date
) -> dict[str, Decimal]:
    """亩 credited from `first` to `last`, both included, by town. A reversal counts on its own day."""
    rows = in_territory(Credit.objects.all(), actor).filter(ledger=ledger, on__gte=first, on__lte=last)
    return _summed(rows, county)


def _credited_of(
    county: County, actor: Actor, ledger: str, first: date, last: date, on: date
) -> dict[str, Decimal]:
    """亩 credited from `first` to `last` by town, less what of it was reversed by the day, then or later."""
    rows = in_territory(Credit.objects.all(), actor).annotate(of=Coalesce(F("reverses__on"), F("on")))
    return _summed(rows.filter(ledger=ledger, of__gte=first, of__lte=last, on__lte=on), county)


def _summed(rows: QuerySet[Credit], county: County) -> dict[str, Decimal]:
    sums = rows.annotate(place=placed(county.code)).values_list("place").annotate(sum_m2=Sum("area_m2"))
    return {code: m2_to_mu(area_m2) for code, area_m2 in sums.order_by("place")}


def placed(county_code: str) -> Case:
    """A row's town where the county has it, "" (未落镇街) for any other code: nothing falls out between towns and county."""
    known = Town.objects.filter(county=county_code).values("code")
    return Case(When(town_code__in=known, then=F("town_code")), default=Value(""))


def projects(county: County, actor: Actor) -> QuerySet[Project]:
    """The projects of the actor's territory with their newest counting stage and credited ㎡."""
    newest = ProjectStep.objects.filter(project=OuterRef("pk"), reverses=None, reversed_by=None).order_by(
        "-seq"
    )
    credited = (
        Credit.objects.filter(project=OuterRef("pk"))
        .order_by()
        .values("project")
        .annotate(sum=Sum("area_m2"))
    )
    return (
        in_sight(actor)
        .select_related("cluster")
        .annotate(
            stage=Subquery(newest.values("stage")[:1]),
            stage_on=Subquery(newest.values("on")[:1]),
            credited_m2=Subquery(credited.values("sum")),
        )
        .defer("geom_4490", "geom_3857")
    )


def in_sight(actor: Actor) -> QuerySet[Project]:
    """The projects that an actor may look at: those with any ground in the actor's towns."""
    return in_territory(Project.objects.all(), actor, many_towns=True)


def standing_stages(project: Project) -> list[str]:
    """The stages of a project that count, in order."""
    rows = project.steps.filter(reverses=None, reversed_by=None).order_by("seq")
    return standing(rows.values_list("stage", flat=True))


def live_credits(county: County, ledger: str, on: date) -> QuerySet[Credit]:
    """The credits that hold ground on a day: claimed by then, and not taken back by then."""
    rows = Credit.objects.filter(county=county, ledger=ledger, reverses=None, on__lte=on)
    return rows.filter(Q(reversed_by=None) | Q(reversed_by__on__gt=on))


def held_near(
    county: County, ledger: str, on: date, near_4490: shapely.Geometry
) -> list[tuple[Credit, shapely.Geometry]]:
    """Every credit that holds ground near a shape on the day of a claim or on any later one, oldest first."""
    box = GEOSGeometry(memoryview(shapely.box(*near_4490.bounds).wkb), srid=4490)
    rows = Credit.objects.filter(county=county, ledger=ledger, reverses=None, geom_4490__bboverlaps=box)
    rows = rows.filter(Q(reversed_by=None) | Q(reversed_by__on__gt=on)).select_related("project")
    found = list(rows.defer("claimed_4490").annotate(wkb=AsWKB("geom_4490")).order_by("pk"))
    shapes = shapely.from_wkb(np.array([bytes(row.wkb) for row in found], dtype=object))
    return list(zip(found, shapes, strict=True))


def as_document(status: Status) -> dict[str, Any]:
    """product.md's document: both ledgers, and each town with both."""
    document: dict[str, Any] = {"on": status.on.isoformat()}
    nothing = _told(NOTHING) | {"projects": 0}
    towns: dict[str, dict[str, Any]] = defaultdict(lambda: dict.fromkeys(status.ledgers, nothing))
    for ledger, found in status.ledgers.items():
        document[ledger] = _told(found.county) | {
            "projects": found.projects,
            "basis": found.basis,
            "from": None if found.period is None else found.period.first.isoformat(),
            "to": None if found.period is None else found.period.last.isoformat(),
            "ended_on": None if found.ended_on is None else found.ended_on.isoformat(),
            "credited_after_mu": float(sum(found.after.values(), Decimal(0))),
        }
        if ledger == "revitalisation":
            document[ledger]["year"] = status.on.year
        for code, one in found.towns.items():
            towns[code][ledger] = _told(one) | {"projects": found.town_projects.get(code, 0)}
    document["towns"] = [
        {"code": code, "name": status.towns.get(code, "未落镇街"), **said}
        for code, said in _in_order(towns.items())
    ]
    return document


def _in_order(items: Iterable[tuple[str, dict[str, Any]]]) -> list[tuple[str, dict[str, Any]]]:
    return sorted(items, key=lambda item: (item[0] == "", item[0]))


def _told(one: Progress) -> dict[str, Any]:
    return {
        "target_mu": None if one.target is None else float(one.target),
        "credited_mu": float(one.done),
        "due_mu": None if one.due is None else float(one.due),
        "ratio": one.ratio,
        "light": one.light,
        "outlook": one.outlook,
        "reached_on": None if one.reached_on is None else one.reached_on.isoformat(),
    }


def last_number(county: County, ledger: str, year: int) -> int:
    """How many projects the ledger opened in the year; numbers are never given again, since projects are never deleted."""
    return Project.objects.filter(county=county, ledger=ledger, valid_from__year=year).count()


def target_plans(county: County) -> QuerySet[TargetPlan]:
    """The county's plans of targets, the newest first day first, without their papers' bytes."""
    rows = TargetPlan.objects.filter(county=county).select_related("county", "paper")
    return rows.defer("paper__content").order_by("-valid_from", "-pk")
