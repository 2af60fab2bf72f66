"""The projects of a ledger as the list narrows them, one project with what was recorded of it, and the counts' figures.

Refuses what lies outside the actor's county and towns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any, NamedTuple

import shapely
from django.apps import apps
from django.db.models import F, Prefetch, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from landgis.access.queries import Actor, in_territory
from landgis.audit.models import AuditEvent
from landgis.counties.models import County, Target
from landgis.counties.queries import in_force, parameters
from landgis.lib.errors import NotFound
from landgis.lib.units import m2_to_mu
from layers.districts.models import District
from layers.districts.queries import districts
from parcels.cadastre.lineage_models import Attachment
from parcels.campaigns.models import (
    CountEntry,
    Credit,
    Project,
    ProjectStep,
    StepPaper,
    TownTarget,
    YearTarget,
)
from parcels.campaigns.queries import GREEN, YELLOW, in_sight, placed, projects, standing_targets
from parcels.campaigns.rules import (
    FINISHED,
    STAGES,
    Light,
    Period,
    Progress,
    progress,
    project_light,
)
from parcels.campaigns.targets import counts_of, paced_all, target_of

SOON = "campaigns.soon_days"
MOST_REPLACED = 200
ENDED = "ended"  # in place of a light: projects that were given up


class Filters(NamedTuple):
    """What the list of projects is narrowed to; empty limits nothing."""

    town: str = ""
    stage: str = ""
    light: str = ""
    overdue: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A project as the list shows it."""

    project: Project
    town: str
    stage: str
    stage_on: date | None
    credited_m2: float
    light: Light

    @property
    def area_mu(self) -> Decimal:
        return m2_to_mu(self.project.area_m2)

    @property
    def credited_mu(self) -> Decimal:
        return m2_to_mu(self.credited_m2)


@dataclass(frozen=True, slots=True)
class Replaced:
    """A town's part that was replaced, and by which change."""

    town_code: str
    value: Decimal
    basis: str
    valid_from: date
    change: AuditEvent | None


@dataclass(frozen=True, slots=True)
class CountLine:
    """One of the plan's other counts on a day, what each town credited of it, and the towns against their own parts."""

    key: str
    title: str
    unit: str
    basis: str
    progress: Progress
    towns: dict[str, Decimal]
    by_town: dict[str, Progress]


def listed(
    county: County, actor: Actor, ledger: str, filters: Filters, on: date, soon_days: int
) -> QuerySet[Project]:
    """The ledger's projects, the nearest due first."""
    rows = projects(county, actor).filter(ledger=ledger, valid_to__isnull=filters.light != ENDED)
    finished, soon = Q(stage__in=FINISHED), on + timedelta(days=soon_days)
    by_light = {
        "red": Q(due_on__lt=on) & ~finished,
        "yellow": Q(due_on__gte=on, due_on__lte=soon) & ~finished,
        "green": finished | Q(due_on__gt=soon),
        "none": Q(due_on=None) & ~finished,
    }
    if filters.town:
        rows = rows.filter(Q(town_code=filters.town) | Q(town_codes__contains=[filters.town]))
    if filters.stage:
        rows = rows.filter(Q(stage=filters.stage))
    if filters.light in by_light:
        rows = rows.filter(by_light[filters.light])
    if filters.overdue:
        rows = rows.filter(by_light["red"])
    if filters.text:
        text = filters.text
        rows = rows.filter(
            Q(project_no__icontains=text)
            | Q(name__icontains=text)
            | Q(lead_unit__icontains=text)
            | Q(parcel_codes__contains=[text])
        )
    return rows.order_by("due_on", "project_no", "pk")


def shown(project: Project, towns: Mapping[str, str], on: date, soon_days: int) -> Listed:
    """A row of `listed` in the list's words."""
    stage: str = project.stage  # type: ignore[attr-defined]
    titles = {one.code: one.title for one in STAGES[project.ledger]}
    return Listed(
        project,
        towns.get(project.town_code, project.town_code),
        titles.get(stage, stage or ""),
        project.stage_on,  # type: ignore[attr-defined]
        project.credited_m2 or 0.0,  # type: ignore[attr-defined]
        project_light(stage in FINISHED, project.due_on, on, soon_days),
    )


def soon_days_of(county: County, on: date) -> int:
    return int(parameters(county, on)[SOON])


def project_in_territory(county: County, actor: Actor, project_id: int) -> Project:
    """The project with its shape, stage and credited ground; raises NotFound."""
    rows = projects(county, actor).defer("geom_3857").filter(county=county, pk=project_id)
    found = rows.first()
    if found is None:
        raise NotFound("没有这个项目，或不在您的管辖范围内。", remedy="请返回台账查看。")
    return found


def changes_of(project: Project) -> list[tuple[AuditEvent | None, list[tuple[str, str, str]]]]:
    """What was corrected of a project, newest first: the change, and each fact as it was and as it became."""
    rows = list(apps.get_model("parcels", "ProjectEvent").objects.filter(id=project.pk).order_by("pgh_id"))
    changes = AuditEvent.objects.in_bulk([row.ended_by for row in rows])
    towns, told = dict(project.county.towns.values_list("code", "name")), []
    for before, after in pairwise([*rows, project]):
        was, now = _told(before, towns), _told(after, towns)
        facts = [(name, was[name], now[name]) for name in was if was[name] != now[name]]
        told.append((changes.get(before.ended_by), facts))
    return told[::-1]


def _told(row: Any, towns: Mapping[str, str]) -> dict[str, str]:
    return {
        "项目名称": row.name,
        "牵头单位": row.lead_unit,
        "配合单位": "、".join(row.helper_units),
        "责任人": row.person,
        "方式": row.way,
        "完成期限": str(row.due_on or ""),
        "备注": row.note,
        "镇街": "、".join(towns.get(code, code) for code in dict.fromkeys([row.town_code, *row.town_codes])),
        "宗地": "、".join(row.parcel_codes),
        "面积（亩）": f"{m2_to_mu(row.area_m2):,.2f}",
        "终止日期": str(row.valid_to or ""),
    }


def steps_of(project: Project) -> list[ProjectStep]:
    """The stages with their reversals and papers, oldest first, in two statements."""
    papers = StepPaper.objects.select_related("attachment").defer(
        "attachment__content", "attachment__thumbnail"
    )
    rows = ProjectStep.objects.filter(project=project).select_related("reverses", "reversed_by")
    return list(rows.prefetch_related(Prefetch("papers", queryset=papers)).order_by("seq"))


def credits_of(project: Project) -> list[Credit]:
    """The credits and reversals of a project, oldest first, without their shapes."""
    rows = Credit.objects.filter(project=project).select_related("reverses", "reversed_by")
    shapes = [
        f"{prefix}{name}"
        for prefix in ("", "reverses__", "reversed_by__")
        for name in ("claimed_4490", "geom_4490")
    ]
    return list(rows.defer(*shapes).order_by("pk"))


def paper_of(county: County, actor: Actor, project_id: int, paper_id: int) -> Attachment:
    """A paper of a project's stages, with its bytes."""
    rows = StepPaper.objects.filter(step__project__in=in_sight(actor).filter(pk=project_id))
    found = rows.filter(pk=paper_id).select_related("attachment").first()
    if found is None:
        raise NotFound("没有这份材料，或不在您的管辖范围内。", remedy="请返回项目页面查看。")
    return found.attachment


def town_outline(project: Project, on: date) -> shapely.Geometry | None:
    towns = districts(project.county, District.TOWN, on)
    return next(
        (g for code, g in zip(towns.codes, towns.geoms_4490, strict=True) if code == project.town_code), None
    )


def count_lines(county: County, actor: Actor, on: date) -> list[CountLine]:
    """The plan's other counts that have a target or a figure on the day; a town is shown its own figures only."""
    counts = counts_of(county, on)
    targets = standing_targets(county, list(counts), on)
    spans = {
        key: Period(target.valid_from, target.term_end or date(on.year, 12, 31))
        for key, target in targets.items()
    }
    periods = paced_all(county, spans, on)
    entries = in_territory(CountEntry.objects.all(), actor).filter(on__lte=on)
    entries = entries.annotate(of=Coalesce(F("reverses__on"), F("on")))
    within = Q(pk=None)
    handed_on = Q(pk=None)
    for key in counts:
        target = targets.get(key)
        if target is None or target.valid_to is None or target.valid_to >= on:
            within |= Q(key=key, on__gte=target.valid_from if target else date(on.year, 1, 1))
            handed_on |= Q(key=key) & in_force(on)
        else:  # a plan that ended is measured on its own days
            within |= Q(key=key, of__gte=target.valid_from, of__lte=target.valid_to)
            handed_on |= Q(key=key) & in_force(target.valid_to)
    sums: dict[str, dict[str, Decimal]] = {}
    rows = entries.filter(within).annotate(place=placed(county.code)).values_list("key", "place")
    for key, town, value in rows.annotate(v=Sum("value")).order_by():
        sums.setdefault(key, {})[town] = value
    handed: dict[str, dict[str, Decimal]] = {}
    parts = in_territory(TownTarget.objects.filter(handed_on, key__in=targets), actor)
    for key, town, value in parts.order_by("town_code").values_list("key", "town_code", "value"):
        handed.setdefault(key, {})[town] = value
    stated = parameters(county, on)
    limits = {"green_from": float(stated[GREEN]), "yellow_from": float(stated[YELLOW])}
    found = []
    for key, count in counts.items():
        target, towns, own = targets.get(key), sums.get(key, {}), handed.get(key, {})
        if target is None and not towns:
            continue
        period = periods.get(key)
        # A town is shown its own target, never the county's beside a part of the figures.
        aim = target.value if target else None
        if actor.town_codes is not None:
            aim = sum(own.values(), Decimal(0)) if own else None
        by_town = {
            code: progress(own.get(code), towns.get(code, Decimal(0)), on, period, **limits)
            for code in sorted({*own, *(code for code in towns if code)})
        }
        told = progress(aim, sum(towns.values(), Decimal(0)), on, period, **limits)
        unit, basis = (target.unit, target.basis) if target else (count.unit, "")
        found.append(CountLine(key, count.title, unit, basis, told, towns, by_town))
    return found


def count_entries(actor: Actor, on: date) -> QuerySet[CountEntry]:
    """Figures credited by the day and their reversals, newest first."""
    rows = in_territory(CountEntry.objects.all(), actor).filter(on__lte=on)
    return rows.select_related("reverses", "reversed_by", "enterprise").order_by("-on", "-pk")


def handed_down(county: County, key: str, on: date) -> tuple[Target | None, dict[str, TownTarget]]:
    """The county's target in force on the day and its parts by town."""
    parts = TownTarget.objects.filter(in_force(on), county=county, key=key)
    return target_of(county, key, on), {part.town_code: part for part in parts}


def years_of(county: County, key: str, on: date) -> dict[int, YearTarget]:
    """The years' parts of a target as decided by the day."""
    rows = YearTarget.objects.filter(in_force(on), county=county, key=key).order_by("year")
    return {row.year: row for row in rows}


def earlier_parts(county: County, key: str) -> list[Replaced]:
    """The parts that were replaced, with the change that replaced them, newest first."""
    rows = apps.get_model("parcels", "TownTargetEvent").objects.filter(county=county, key=key)
    kept = list(rows.order_by("-ended_by", "town_code")[:MOST_REPLACED])
    changes = AuditEvent.objects.filter(id__in={row.ended_by for row in kept})
    by = {change.pk: change for change in changes}
    return [
        Replaced(row.town_code, row.value, row.basis, row.valid_from, by.get(row.ended_by)) for row in kept
    ]
