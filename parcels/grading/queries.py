"""Runs, where they stand, and what is told of a firm: its sheet, its three years, its place, the way up.

Refuses the figures of one firm to whoever isn't cleared for them: they get grade and membership, in their own territory.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import zip_longest
from typing import Any

from django.db.models import QuerySet

from landgis.access.queries import Actor, in_territory
from landgis.access.rules import VIEW_FIRM_FIGURES, VIEW_MAP
from landgis.counties.models import County
from landgis.lib.errors import Forbidden, NotFound
from parcels.grading.frozen import Frozen
from parcels.grading.models import (
    FrozenInput,
    GradingResult,
    GradingRun,
    GradingScore,
    GradingStep,
    Objection,
)
from parcels.grading.results import Scored, scored, sheet
from parcels.grading.rules import FINAL, NOTICE, WITHDRAWN, Done, state_of
from parcels.grading.upward import upward
from parcels.schemes.reading import read_definition

OPEN_TO_ALL = ("uscc", "name", "head_uscc", "town_code", "class_name", "grade", "reason")
FIGURES = ("land_mu", "score", "rank", "of", "cut")
COURSE_YEARS = 3


def run_of(county: County, pk: int) -> GradingRun:
    found = GradingRun.objects.filter(pk=pk, county=county).select_related("scheme_version__scheme").first()
    if found is None:
        raise NotFound("没有这次评价。", remedy="请在评价列表中选择。")
    return found


def steps_of(run: GradingRun) -> list[GradingStep]:
    return list(GradingStep.objects.filter(run=run).order_by("seq"))


def state(run: GradingRun) -> str:
    return state_of(done(steps_of(run)))


def done(steps: list[GradingStep]) -> list[Done]:
    return [Done(step.stage, step.on, step.until) for step in steps]


def open_objections(run: GradingRun) -> QuerySet[Objection]:
    return Objection.objects.filter(run=run, decision=None)


def newest_input(run: GradingRun) -> FrozenInput:
    return FrozenInput.objects.filter(run=run).order_by("-version")[:1].get()


def newest_result(run: GradingRun) -> GradingResult:
    """What stands now: the result of the newest version of the inputs."""
    return GradingResult.objects.filter(input__run=run).order_by("-input__version")[:1].get()


def runs_with_state(county: County) -> list[tuple[GradingRun, str]]:
    """Every run of a county, newest first, with where it stands (two statements)."""
    runs = list(
        GradingRun.objects.filter(county=county)
        .select_related("scheme_version__scheme")
        .order_by("-year", "-number")
    )
    steps: dict[int, list[Done]] = {}
    for step in GradingStep.objects.filter(run__county=county).order_by("run_id", "seq"):
        steps.setdefault(step.run_id, []).append(Done(step.stage, step.on, step.until))
    return [(run, state_of(steps.get(run.pk, []))) for run in runs]


def published_results(county: County, year: int) -> list[GradingResult]:
    """Every result of a year that anybody could see from its notice on, in that order, also of runs withdrawn since."""
    noticed: dict[int, Any] = {}
    notices = GradingStep.objects.filter(run__county=county, run__year=year, stage=NOTICE).order_by("seq")
    for run_id, at in notices.values_list("run_id", "recorded_at"):
        noticed.setdefault(run_id, at)
    rows = GradingResult.objects.filter(input__run__in=noticed).select_related("input__run")
    found: dict[int, list[GradingResult]] = {}
    for row in rows.defer("input__text").order_by("input__version"):
        found.setdefault(row.input.run_id, []).append(row)
    seen = [
        row
        for run_id, versions in found.items()
        for row, later in zip_longest(versions, versions[1:])
        if later is None or later.computed_at >= noticed[run_id]
    ]
    return sorted(seen, key=lambda row: (max(row.computed_at, noticed[row.input.run_id]), row.pk))


def standing_results(county: County) -> dict[int, list[GradingResult]]:
    """Year → each scheme's result that holds, finals first: its newest final run's, else its newest that stands."""
    best: dict[tuple[int, int], tuple[bool, int, GradingRun]] = {}
    for run, where in runs_with_state(county):
        if where != WITHDRAWN:
            rank, key = (where == FINAL, run.number, run), (run.year, run.scheme_version.scheme_id)
            if key not in best or rank[:2] > best[key][:2]:
                best[key] = rank
    place = {run.pk: (not final, -number) for final, number, run in best.values()}
    rows = GradingResult.objects.filter(input__run__in=place).order_by("input__version")
    newest = {row.input.run_id: row for row in rows.select_related("input__run").defer("input__text")}
    found: dict[int, list[GradingResult]] = {}
    for _run, result in sorted(newest.items(), key=lambda pair: place[pair[0]]):
        found.setdefault(result.input.run.year, []).append(result)
    return found


def scores(run: GradingRun, actor: Actor) -> list[dict[str, Any]]:
    """The firms of a run in the actor's territory: figures, and anything before the notice, only for those cleared."""
    actor.require(VIEW_MAP)
    if not actor.may(VIEW_FIRM_FIGURES) and state(run) not in (NOTICE, FINAL):
        raise Forbidden("评价结果尚未公示。", remedy="请在公示以后查看。")
    result = newest_result(run)
    cleared = actor.may(VIEW_FIRM_FIGURES)
    told = OPEN_TO_ALL + (FIGURES if cleared else ())
    # Within a grade the order would tell who stands before whom.
    order = (
        ("class_name", "grade_place", "rank", "uscc") if cleared else ("class_name", "grade_place", "uscc")
    )
    rows = in_territory(GradingScore.objects.filter(result=result), actor)
    found = rows.order_by(*order).values(*told)
    return [_told(row) for row in found]


def sheet_of(result: GradingResult, actor: Actor, uscc: str) -> dict[str, Any]:
    """Every step of a firm's score, its course through the years, its place, and what it would need."""
    actor.require(VIEW_FIRM_FIGURES)
    row = in_territory(GradingScore.objects.filter(result=result, uscc=uscc), actor).first()
    if row is None:
        raise NotFound(f"该次评价中没有企业 {uscc}。", remedy="请核对统一社会信用代码。")
    made = scored_again(result.input_id, result.sha256)
    at = made.firms.at(row.head_uscc or row.uscc)
    if at is None:
        raise NotFound(f"该次评价中没有企业 {uscc}。", remedy="请核对统一社会信用代码。")
    county = row.county
    return {
        "sheet": sheet(made, at) | {"evaluated_with": row.head_uscc or None},
        "upward": upward(made, at).as_json(),
        "course": course(county, uscc),
        "inputs_sha256": result.input.sha256,
        "results_sha256": result.sha256,
    }


def course(county: County, uscc: str) -> list[dict[str, Any]]:
    """The firm in the results that hold, of the last three years on record, oldest first."""
    standing = standing_results(county)
    years = sorted(standing)[-COURSE_YEARS:]
    rows = GradingScore.objects.filter(
        county=county, uscc=uscc, result__in=[result for year in years for result in standing[year]]
    ).values("result_id", *OPEN_TO_ALL, *FIGURES)
    by_result = {row.pop("result_id"): row for row in rows}
    course = []
    for year in years:
        held = [by_result[result.pk] for result in standing[year] if result.pk in by_result]
        # Of several schemes the one that graded it goes before one that only looked at it.
        held.sort(key=lambda row: not row["grade"])
        course += [{"year": year} | _told(row) for row in held[:1]]
    return course


def _told(row: dict[str, Any]) -> dict[str, Any]:
    """A row of a score for JSON: the score as text, since it is a decimal."""
    score = row.get("score")
    return row if score is None else row | {"score": f"{score.normalize():f}"}


@lru_cache(maxsize=4)
def scored_again(input_id: int, sha256: str) -> Scored:
    """Score kept inputs once more; neither they nor their definition can ever change, so it is remembered."""
    kept = FrozenInput.objects.select_related("run__scheme_version").get(pk=input_id)
    made = scored(read_definition(kept.run.scheme_version.definition), Frozen.from_text(kept.text))
    if not made.has_hash(sha256):
        raise RuntimeError(f"inputs {input_id} give {made.sha256}, not {sha256}")
    return made
