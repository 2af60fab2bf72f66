"""Projects with what the rules say of them today, the limits of a day, and pools with their quotas.

Refuses grades that aren't final, and the projects of other towns than the actor's. A firm's grade may be told, its figures not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from landgis.access.queries import Actor, in_territory
from landgis.access.rules import MANAGE_EVALUATION, VIEW_MAP
from landgis.counties.models import County
from landgis.counties.queries import parameters
from landgis.lib.columns import read_rows
from landgis.lib.errors import NotFound
from landgis.lib.units import mu_to_m2
from parcels.ancillary.models import (
    AncillaryDecision,
    AncillaryGround,
    AncillaryPool,
    AncillaryProject,
    PooledQuota,
)
from parcels.ancillary.rules import CATEGORIES, FIRM, Graded, Limits, Project, Verdict, judge
from parcels.grading.finals import FinalYear, final_years

STATES: dict[str, str] = {
    "within": "在上限以内", "raised": "已批准提高", "eligible": "可提高，待审核", "refused": "不予提高", "over": "超上限",
}  # fmt: skip
ZERO = Decimal(0)
LATEST_BACK = 2  # years by which an evaluation may come late
# The quota in a pool of each project, given by it or by a statement that it corrects.
POOLED = """
WITH RECURSIVE told AS (
    SELECT p.id AS standing, p.id, p.replaces_id FROM ancillary_project p WHERE p.id = ANY(%(projects)s)
     UNION ALL
    SELECT t.standing, p.id, p.replaces_id FROM told t JOIN ancillary_project p ON p.id = t.replaces_id)
SELECT t.standing, q.id FROM told t JOIN ancillary_quota q ON q.project_id = t.id AND q.withdrawn_on IS NULL
"""


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """A project that stands, with the rules' word and the officer's."""

    project: AncillaryProject
    verdict: Verdict
    decision: AncillaryDecision | None
    town_name: str
    grounds: tuple[AncillaryGround, ...]
    quota: PooledQuota | None

    @property
    def retired(self) -> list[str]:
        """Parcels of the ground that are no more: the project has to be stated on what came of them."""
        return [ground.parcel.code for ground in self.grounds if ground.parcel.valid_to is not None]

    @property
    def state(self) -> str:
        if self.verdict.within:
            return "raised" if self.verdict.needs_raising else "within"
        if self.decision is not None and not self.decision.approved:
            return "refused"
        return "eligible" if self.verdict.may_be_raised and self.decision is None else "over"

    @property
    def state_title(self) -> str:
        return STATES[self.state]

    @property
    def category_title(self) -> str:
        return CATEGORIES.get(self.project.category, "其他")


@dataclass(frozen=True, slots=True)
class PoolRow:
    """A pool with its quotas that stand: given and not yet used, in ㎡."""

    pool: AncillaryPool
    quotas: list[PooledQuota]
    town_name: str

    @property
    def unused(self) -> list[PooledQuota]:
        return [quota for quota in self.quotas if quota.use_id is None]

    @property
    def given_land_m2(self) -> Decimal:
        return sum((quota.land_m2 for quota in self.quotas), ZERO)

    @property
    def unused_land_m2(self) -> Decimal:
        return sum((quota.land_m2 for quota in self.unused), ZERO)

    @property
    def given_building_m2(self) -> Decimal:
        return sum((quota.building_m2 for quota in self.quotas), ZERO)

    @property
    def unused_building_m2(self) -> Decimal:
        return sum((quota.building_m2 for quota in self.unused), ZERO)


def limits_on(county: County, on: date) -> Limits:
    stated = parameters(county, on)

    def figure(key: str) -> Decimal:
        return Decimal(str(stated[f"ancillary.{key}"]))

    return Limits(
        land=figure("land_ratio_max"),
        land_raised=figure("land_ratio_max_raised"),
        building=figure("building_ratio_max"),
        building_raised=figure("building_ratio_max_raised"),
        min_mu=figure("raised_min_mu"),
        min_grades=tuple(stated["ancillary.raised_min_grades"]),
        years=int(stated["ancillary.raised_years"]),
        dormitory_share=figure("dormitory_share_min"),
        pool_dormitory_share=figure("pool_dormitory_share_min"),
    )


def may_manage(actor: Actor) -> bool:
    return actor.may(MANAGE_EVALUATION) and actor.town_codes is None


def visible(actor: Actor) -> QuerySet[AncillaryProject]:
    """The projects that stand: those that nothing replaced."""
    actor.require(VIEW_MAP)
    rows = in_territory(AncillaryProject.objects.filter(replaced_by=None), actor)
    return (
        rows.select_related("enterprise", "parcel", "decision")
        .defer("parcel__geom_4490", "parcel__geom_3857")
        .order_by("-on", "-pk")
    )


def project_of(actor: Actor, pk: int) -> AncillaryProject:
    found = visible(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("没有这个项目，或者已被更正，或不在您的管辖范围内。", remedy="请在配套用地页选择。")
    return found


def project_rows(
    county: County, actor: Actor, on: date, projects: Iterable[AncillaryProject] | None = None
) -> list[ProjectRow]:
    """The projects with their verdicts by the rules of the day (eight statements)."""
    found = list(visible(actor) if projects is None else projects)
    limits, towns = limits_on(county, on), dict(county.towns.values_list("code", "name"))
    pooled, grounds = (
        pooled_of([project.pk for project in found]),
        grounds_of([project.pk for project in found]),
    )
    firms = {project.enterprise.uscc for project in found if project.enterprise and project.category == FIRM}
    # The last evaluations on record; what was final longer ago than that says nothing of a firm today.
    finals = final_years(county, range(on.year - limits.years - LATEST_BACK, on.year), on, usccs=firms)
    rows = []
    for project in found:
        decision = getattr(project, "decision", None)
        verdict = judge(
            facts_of(project, firm_land_m2(project, finals)),
            limits,
            graded(project, limits, finals, on),
            raised=decision is not None and decision.approved,
        )
        rows.append(
            ProjectRow(
                project, verdict, decision, towns.get(project.town_code, ""), grounds.get(project.pk, ()), pooled.get(project.pk)
            )
        )  # fmt: skip
    return rows


def narrowed(rows: Iterable[ProjectRow], asked: Mapping[str, Any]) -> list[ProjectRow]:
    text = str(asked.get("q") or "").strip().casefold()
    return [
        row
        for row in rows
        if (not asked.get("town") or row.project.town_code == asked["town"])
        and (not asked.get("state") or row.state == asked["state"])
        and (not text or text in f"{row.project.name} {row.project.parcel.code}".casefold())
    ]


def facts_of(project: AncillaryProject, firm_land: Decimal | None) -> Project:
    return Project(
        category=project.category,
        land_m2=project.land_m2,
        ancillary_land_m2=project.ancillary_land_m2,
        building_m2=project.building_m2,
        ancillary_building_m2=project.ancillary_building_m2,
        dormitory_land_m2=project.dormitory_land_m2,
        dormitory_building_m2=project.dormitory_building_m2,
        flats=project.flats,
        pooled_land_m2=project.pooled_land_m2,
        pooled_building_m2=project.pooled_building_m2,
        firm_land_m2=firm_land,
    )


def firm_land_m2(project: AncillaryProject, finals: Mapping[int, FinalYear]) -> Decimal | None:
    """The net land that the firm was evaluated with in the newest final year that has it."""
    uscc = project.enterprise.uscc if project.enterprise else ""
    for year in sorted(finals, reverse=True):
        land_mu = finals[year].land_mu.get(uscc)
        if land_mu is not None:
            return mu_to_m2(Decimal(str(land_mu)))
    return None


def graded(
    project: AncillaryProject, limits: Limits, finals: Mapping[int, FinalYear], on: date
) -> list[Graded]:
    """The last years' grades of a firm, the newest first: counted from the newest year that is final."""
    if project.category != FIRM:
        return []
    newest = max(finals, default=on.year - 1)
    uscc = project.enterprise.uscc if project.enterprise else ""
    told = []
    for year in range(newest, newest - limits.years, -1):
        final = finals.get(year)
        least = (final.least(uscc, limits.min_grades) if final else None) or "、".join(limits.min_grades)
        reached = final.reaches(uscc, limits.min_grades) if final else None
        told.append(Graded(year, final.grades.get(uscc, "") if final else "", least, reached))
    return told


def pooled_of(project_ids: Collection[int]) -> dict[int, PooledQuota]:
    """Project → its quota in a pool, also where an earlier statement of the project gave it (two statements)."""
    pairs = read_rows(POOLED, {"projects": list(project_ids)})
    rows = PooledQuota.objects.select_related("pool").in_bulk([quota for _, quota in pairs])
    return {project: rows[quota] for project, quota in pairs}


def grounds_of(project_ids: Collection[int]) -> dict[int, tuple[AncillaryGround, ...]]:
    rows = AncillaryGround.objects.filter(project_id__in=project_ids).select_related("parcel")
    found: dict[int, list[AncillaryGround]] = defaultdict(list)
    for row in rows.defer("parcel__geom_4490", "parcel__geom_3857").order_by("pk"):
        found[row.project_id].append(row)
    return {pk: tuple(items) for pk, items in found.items()}


def standing_grounds(parcel_ids: Collection[int]) -> list[AncillaryGround]:
    """What the projects that stand have of these parcels."""
    rows = AncillaryGround.objects.filter(parcel_id__in=parcel_ids, project__replaced_by=None)
    return list(rows.select_related("project", "parcel").defer("parcel__geom_4490", "parcel__geom_3857"))


def more_ground(project: AncillaryProject) -> str:
    """What a project has of other parcels than its first, a line each, as the form takes it."""
    rows = [
        ground for ground in grounds_of([project.pk])[project.pk] if ground.parcel_id != project.parcel_id
    ]
    return "\n".join(f"{ground.parcel.code} {ground.land_m2.normalize():f}" for ground in rows)


def pools(county: County, actor: Actor) -> list[PoolRow]:
    """The pools of the territory with their quotas (three statements)."""
    actor.require(VIEW_MAP)
    towns = dict(county.towns.values_list("code", "name"))
    found = list(in_territory(AncillaryPool.objects.all(), actor).order_by("name"))
    quotas: dict[int, list[PooledQuota]] = defaultdict(list)
    rows = PooledQuota.objects.filter(pool__in=found, withdrawn_on=None).select_related(
        "parcel", "use", "project"
    )
    for quota in rows.defer("parcel__geom_4490", "parcel__geom_3857").order_by("pk"):
        quotas[quota.pool_id].append(quota)
    return [PoolRow(pool, quotas[pool.pk], towns.get(pool.town_code, "")) for pool in found]


def pool_of(county: County, pk: int) -> AncillaryPool:
    found = AncillaryPool.objects.filter(county=county, pk=pk).first()
    if found is None:
        raise NotFound("没有这个园区。", remedy="请在配套用地页选择。")
    return found
