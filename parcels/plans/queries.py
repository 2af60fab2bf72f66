"""Finding plans: what they say on a day, how they stand, and the list of a territory.

Refuses a plan outside the actor's county and towns, and a firm's figures to whoever isn't cleared for them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from landgis.access.queries import Actor, in_territory
from landgis.access.rules import REPORT_FACTS, VIEW_FIRM_FIGURES, VIEW_PLANS
from landgis.counties.models import County, Parameter
from landgis.lib.errors import NotFound
from parcels.plans.models import Plan, PlanEntry, PlanMeasure, PlanMilestone, PlanTarget, PlanVersion
from parcels.plans.rules import (
    STATES,
    Contents,
    Entry,
    Measure,
    Milestone,
    Standing,
    Target,
    right_to_manage,
    standing,
)
from parcels.plans.subjects import RELATED, UNREAD, Named, named

PROBLEM_TYPES, PATHS = "plans.problem_types", "plans.paths"


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A plan as lists and its page show it on a day."""

    plan: Plan
    version: PlanVersion
    contents: Contents
    subject: Named
    standing: Standing
    town_name: str
    problem_titles: tuple[str, ...]
    path_titles: tuple[str, ...]
    figures_shown: bool

    @property
    def state_title(self) -> str:
        return STATES[self.standing.state]

    @property
    def next_duty(self) -> tuple[str, str, date] | None:
        return self.standing.duties[0] if self.standing.duties else None


def visible(actor: Actor) -> QuerySet[Plan]:
    """The plans of the actor's county and towns, with their subjects."""
    actor.require(VIEW_PLANS)
    rows = in_territory(Plan.objects.all(), actor).select_related(*RELATED).defer(*UNREAD)
    return rows.order_by("-year", "-number")


def plan(actor: Actor, pk: int) -> Plan:
    """One plan; raises NotFound where there is none for this person."""
    found = visible(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("没有这一方案，或不在您的管辖范围内。", remedy="请在一企一策清单中选择。")
    return found


def may_manage(actor: Actor, of: Plan) -> bool:
    """Whether the actor writes this plan: by the right of its subject, for the whole county."""
    return actor.may(right_to_manage(of.subject)) and actor.town_codes is None


def may_report(actor: Actor, of: Plan) -> bool:
    """Whether the actor may enter progress: who manages the plan, and the town on whose ground it lies."""
    return may_manage(actor, of) or (actor.may(REPORT_FACTS) and of.town_code in (actor.town_codes or ()))


def figures_shown(actor: Actor, of: Plan) -> bool:
    """A firm's figures are seen by those cleared for them and by the town that reports them."""
    return of.enterprise_id is None or actor.may(VIEW_FIRM_FIGURES) or may_report(actor, of)


def plan_rows(county: County, actor: Actor, on: date, plans: Iterable[Plan] | None = None) -> list[PlanRow]:
    """The plans as they stand at the end of a day, in a fixed number of statements; those of later days are left out."""
    found = list(visible(actor) if plans is None else plans)
    towns = dict(county.towns.values_list("code", "name"))
    problem_titles, path_titles = code_titles(county, PROBLEM_TYPES), code_titles(county, PATHS)
    numbers = [item.pk for item in found]
    versions, entries, subjects = versions_on(numbers, on), entries_of(numbers), named(found)
    said = contents_of(versions.values())
    rows = []
    for item in found:
        version = versions.get(item.pk)
        if version is None:
            continue
        rows.append(
            PlanRow(
                plan=item,
                version=version,
                contents=said[version.pk],
                subject=subjects[item.pk],
                standing=standing(said[version.pk], entries[item.pk], on),
                town_name=towns.get(item.town_code, ""),
                problem_titles=tuple(problem_titles.get(code, code) for code in version.problem_types),
                path_titles=tuple(path_titles.get(code, code) for code in version.paths),
                figures_shown=figures_shown(actor, item),
            )
        )
    return rows


def narrowed(rows: Iterable[PlanRow], asked: Mapping[str, Any]) -> list[PlanRow]:
    """`asked`: town, state, problem, unit, kind and q; empty ones ask nothing."""
    return [row for row in rows if _asked(row, asked)]


def versions_on(plan_ids: Collection[int], on: date) -> dict[int, PlanVersion]:
    """Plan → the version in force at the end of a day, in one statement."""
    rows = PlanVersion.objects.filter(plan_id__in=plan_ids, on__lte=on).order_by("plan_id", "-seq")
    return {row.plan_id: row for row in rows.distinct("plan_id")}


def contents_of(versions: Iterable[PlanVersion]) -> dict[int, Contents]:
    """Version → what it says, all versions in three statements."""
    versions = list(versions)
    of_versions = {"version_id__in": [version.pk for version in versions]}
    measures: dict[int, list[Measure]] = defaultdict(list)
    targets: dict[int, list[Target]] = defaultdict(list)
    milestones: dict[int, list[Milestone]] = defaultdict(list)
    for measure in PlanMeasure.objects.filter(**of_versions).order_by("version_id", "number"):
        measures[measure.version_id].append(
            Measure(measure.text, measure.unit, measure.person, measure.due_on)
        )
    for target in PlanTarget.objects.filter(**of_versions).order_by("version_id", "due_on", "number"):
        targets[target.version_id].append(
            Target(target.metric, target.unit, target.value, target.due_on, target.sense, target.number)
        )
    for milestone in PlanMilestone.objects.filter(**of_versions).order_by("version_id", "due_on", "number"):
        milestones[milestone.version_id].append(
            Milestone(milestone.title, milestone.due_on, milestone.number)
        )
    return {
        version.pk: Contents(
            problem_types=tuple(version.problem_types),
            problem=version.problem,
            goal=version.goal,
            paths=tuple(version.paths),
            lead_unit=version.lead_unit,
            person=version.person,
            officer=version.officer,
            from_on=version.from_on,
            to_on=version.to_on,
            helpers=tuple(version.helpers),
            measures=tuple(measures[version.pk]),
            targets=tuple(targets[version.pk]),
            milestones=tuple(milestones[version.pk]),
        )
        for version in versions
    }


def entries_of(plan_ids: Collection[int]) -> dict[int, list[Entry]]:
    """Plan → its entries as the rules read them, all plans in one statement."""
    found: dict[int, list[Entry]] = defaultdict(list)
    rows = PlanEntry.objects.filter(plan_id__in=plan_ids).order_by("plan_id", "seq")
    for plan_id, seq, kind, on, item, value, progress, due_on, reverses in rows.values_list(
        "plan_id", "seq", "kind", "on", "item", "value", "progress", "due_on", "reverses__seq"
    ):
        found[plan_id].append(Entry(seq, kind, on, item, value, progress, due_on, reverses))
    return found


def code_titles(county: County, key: str) -> dict[str, str]:
    """Every code that the county's list ever had, by its latest title: an old plan keeps its words."""
    titles: dict[str, str] = {}
    for value in Parameter.objects.filter(county=county, key=key).order_by("valid_from").values_list(
        "value", flat=True
    ):  # fmt: skip
        titles |= dict(value)
    return titles


def _asked(row: PlanRow, asked: Mapping[str, Any]) -> bool:
    texts = (
        row.plan.plan_no, row.subject.title, row.subject.holder, row.subject.parcel_code, row.subject.contract_no,
        row.subject.uscc, row.contents.person,
    )  # fmt: skip
    text = str(asked.get("q") or "").strip().casefold()
    return (
        (not asked.get("town") or row.plan.town_code == asked["town"])
        and (not asked.get("state") or row.standing.state == asked["state"])
        and (not asked.get("problem") or asked["problem"] in row.contents.problem_types)
        and (not asked.get("unit") or asked["unit"] in (row.contents.lead_unit, *row.contents.helpers))
        and (not asked.get("kind") or row.plan.subject == asked["kind"])
        and (not text or any(text in value.casefold() for value in texts))
    )
