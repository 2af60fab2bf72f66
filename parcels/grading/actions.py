"""The run of a year's evaluation: draft, computed anew, checked, published, finished, or withdrawn.

Refuses a step out of its order, publishing while anything of the year is open, results that may not be published, and any
second final of a year that corrects nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max
from django.utils import timezone

from landgis.access.queries import Actor
from landgis.access.rules import MANAGE_EVALUATION
from landgis.audit.change import Change, change
from landgis.counties.models import County
from landgis.counties.queries import parameters
from landgis.lib.copying import copy_rows
from landgis.lib.deadlines import calendar_days_on, working_days_on
from landgis.lib.errors import Conflict, InputError
from landgis.lib.turns import wait_for_turn
from landgis.lib.workdays import WorkCalendar
from parcels.grading.freezing import freeze
from parcels.grading.frozen import Frozen, digest, members
from parcels.grading.models import (
    FrozenInput,
    GradingResult,
    GradingRun,
    GradingScore,
    GradingStep,
    Objection,
)
from parcels.grading.queries import (
    done,
    newest_input,
    newest_result,
    open_objections,
    run_of,
    runs_with_state,
    state,
    steps_of,
)
from parcels.grading.readiness import require_settled
from parcels.grading.results import Scored, document, scored
from parcels.grading.rules import (
    CHECKED,
    DRAFT,
    FINAL,
    FOUR_EYES,
    NOTICE,
    RECOMPUTED,
    TITLES,
    WITHDRAWN,
    check,
)
from parcels.schemes.definition import Definition, Publication
from parcels.schemes.models import SchemeVersion
from parcels.schemes.queries import Chosen
from parcels.schemes.reading import read_definition


@dataclass(frozen=True, slots=True)
class Evaluated:
    """An evaluation that was worked out, and what would be frozen of it."""

    chosen: Chosen
    inputs: Frozen
    text: str
    scored: Scored
    document: dict[str, Any]


class StepRefused(Conflict):
    """A step of a run can't be taken now."""

    code = "run_step_refused"


def evaluate_year(county: County, actor: Actor, found: Chosen, year: int) -> Evaluated:
    """Score a year as the register has it now; nothing is written."""
    actor.require_whole_county(MANAGE_EVALUATION)
    inputs = freeze(county, found, year)
    if not inputs.returned.any():
        raise InputError(
            "returns_missing",
            f"{year} 年没有企业年度报表，无法评价。",
            "请先导入该年度的企业年度报表。",
            field="year",
        )
    return _evaluated(found, inputs)


def draft_run(
    *,
    county: County,
    actor: Actor,
    found: Chosen,
    year: int,
    on: date,
    reason: str,
    corrects_id: int | None = None,
    worked_out: Evaluated | None = None,
) -> GradingRun:
    """Freeze the year and its results as a new run; its version must be in force."""
    actor.require_whole_county(MANAGE_EVALUATION)
    version = found.version
    if version is None or version.status != SchemeVersion.IN_FORCE:
        raise Conflict(
            f"评价方案“{found.definition.name}”（{found.definition.version}）还没有启用。",
            remedy="请先启用该版本，再起草评价。",
        )
    _come(on)
    made = worked_out or evaluate_year(county, actor, found, year)
    with change(
        county_code=county.code, by=actor.username, action="draft_evaluation", reason=reason, year=year
    ) as running:
        one_at_a_time(county)
        corrects = run_of(county, corrects_id) if corrects_id is not None else None
        number = GradingRun.objects.filter(county=county, year=year).aggregate(n=Max("number"))["n"] or 0
        run = GradingRun.objects.create(
            county=county, scheme_version=version, year=year, number=number + 1, corrects=corrects
        )
        result = keep(run, made, reason, running)
        add_step(run, DRAFT, on, actor, reason, result=result)
    return run


def recompute(*, county: County, actor: Actor, run_id: int, on: date, reason: str) -> GradingResult:
    """Freeze the year anew from the register, as the next version of the run's inputs; a checked run is a draft again."""
    with step_of(county, actor, run_id, RECOMPUTED, on, reason) as (run, running):
        found = Chosen(
            {}, read_definition(run.scheme_version.definition), run.scheme_version.sha256, run.scheme_version
        )
        made = _evaluated(found, freeze(county, found, run.year))
        if digest(made.text) == newest_input(run).sha256:
            raise Conflict("数据与上次冻结的相同，没有需要重新计算的内容。", remedy="请先改正数据。")
        result = keep(run, made, reason, running)
        add_step(run, RECOMPUTED, on, actor, reason, result=result)
    return result


def check_run(*, county: County, actor: Actor, run_id: int, on: date, reason: str) -> None:
    """Somebody went through the draft and found it right."""
    with step_of(county, actor, run_id, CHECKED, on, reason) as (run, _):
        result = newest_result(run)
        _other_hand(county, run, result, actor, on, CHECKED)
        add_step(run, CHECKED, on, actor, reason, result=result)


def publish_notice(*, county: County, actor: Actor, run_id: int, on: date, reason: str) -> date:
    """Begin the public notice; returns its last day."""
    with step_of(county, actor, run_id, NOTICE, on, reason) as (run, running):
        until = notice_end(county, read_definition(run.scheme_version.definition).publication, on)
        add_step(run, NOTICE, on, actor, reason, until=until, result=newest_result(run))
        running.summary["until"] = str(until)
    return until


def finish_run(*, county: County, actor: Actor, run_id: int, on: date, reason: str) -> None:
    """The results hold; one run of a scheme's year is final, and a later one names the one that it corrects."""
    with step_of(county, actor, run_id, FINAL, on, reason) as (run, running):
        finals = [
            other
            for other, where in runs_with_state(county)
            if where == FINAL
            and other.year == run.year
            and other.scheme_version.scheme_id == run.scheme_version.scheme_id
        ]
        if finals and run.corrects_id not in {other.pk for other in finals}:
            raise StepRefused(
                f"{run.year} 年已有定稿的评价（第 {finals[0].number} 次）。",
                remedy="更正定稿须另起一次评价，并写明所更正的是哪一次。",
            )
        result = newest_result(run)
        _other_hand(county, run, result, actor, on, FINAL)
        add_step(run, FINAL, on, actor, reason, result=result)
        running.summary["results_sha256"] = result.sha256


def withdraw_run(*, county: County, actor: Actor, run_id: int, on: date, reason: str) -> None:
    """Give up a run that isn't final; all of it stays on record."""
    with step_of(county, actor, run_id, WITHDRAWN, on, reason) as (run, _):
        add_step(run, WITHDRAWN, on, actor, reason)


def notice_end(county: County, publication: Publication, on: date) -> date:
    """The notice's last day, by the calendar or in the county's working days; the first day isn't counted."""
    working = WorkCalendar.from_mapping(parameters(county, on))
    if publication.notice_kind == "working":
        return working_days_on(on, publication.notice_days, working=working).rolled
    return calendar_days_on(on, publication.notice_days, working=working).rolled


@contextmanager
def step_of(
    county: County, actor: Actor, run_id: int, stage: str, on: date, reason: str
) -> Iterator[tuple[GradingRun, Change]]:
    """A change in which one step of a run is taken: rights, lock and order are seen to first."""
    actor.require_whole_county(MANAGE_EVALUATION)
    with change(
        county_code=county.code,
        by=actor.username,
        action=f"evaluation_{stage}",
        reason=reason,
        run=run_id,
        on=str(on),
    ) as running:
        one_at_a_time(county)
        run = run_of(county, run_id)
        allowed(run, stage, on)
        if stage in (NOTICE, FINAL):
            accepted = require_settled(county, actor, run, state(run))
            running.summary["accepted"] = [
                f"{one.told}（{one.accepted.reason}）" for one in accepted if one.accepted
            ]
        yield run, running


def allowed(run: GradingRun, stage: str, on: date) -> None:
    """Raise StepRefused when a step can't be taken on a day."""
    _come(on)
    definition: Definition = read_definition(run.scheme_version.definition)
    refused = check(
        done(steps_of(run)),
        stage,
        on,
        open_objections=open_objections(run).count(),
        publishable=definition.publication.allowed,
        why_not=definition.publication.why_not,
    )
    if refused:
        raise StepRefused(refused.message, code=refused.code, remedy=refused.remedy)


def _other_hand(
    county: County, run: GradingRun, result: GradingResult, actor: Actor, on: date, stage: str
) -> None:
    """Who made a result doesn't check it; what an objection changed after the check, somebody else finishes."""
    steps = GradingStep.objects.filter(run=run).order_by("seq")
    made = steps.filter(result=result).first()
    checked = stage == FINAL and steps.filter(stage=CHECKED, result=result).exists()
    if made is None or made.by != actor.username or checked or not parameters(county, on)[FOUR_EYES]:
        return
    raise StepRefused(
        f"“{TITLES[stage]}”须由另一人办理：该次结果由账号 {made.by} {TITLES[made.stage]}。",
        code="run_same_hand",
        remedy="请由其他亩均评价专管员办理；人员不足的县可在规则参数中停用“审核环节换人办理”。",
    )


def _come(on: date) -> None:
    if on > timezone.localdate():
        raise StepRefused(
            f"日期 {on} 还没有到。", code="run_day_ahead", remedy="步骤在办理当日或之后登记，请改正日期。"
        )


def add_step(
    run: GradingRun,
    stage: str,
    on: date,
    actor: Actor,
    reason: str,
    *,
    until: date | None = None,
    result: GradingResult | None = None,
    objection: Objection | None = None,
) -> GradingStep:
    seq = (GradingStep.objects.filter(run=run).aggregate(n=Max("seq"))["n"] or 0) + 1
    return GradingStep.objects.create(
        run=run, seq=seq, stage=stage, on=on, until=until, by=actor.username, reason=reason, result=result, objection=objection
    )  # fmt: skip


def keep(run: GradingRun, made: Evaluated, reason: str, running: Change) -> GradingResult:
    """The inputs as the run's next version, their result, and a row for each firm."""
    version = (FrozenInput.objects.filter(run=run).aggregate(n=Max("version"))["n"] or 0) + 1
    inputs = FrozenInput.objects.create(
        run=run,
        version=version,
        text=made.text,
        sha256=digest(made.text),
        firms=len(made.inputs),
        reason=reason,
    )
    result = GradingResult.objects.create(input=inputs, sha256=made.scored.sha256, document=made.document)
    running.summary.update(
        run=run.pk,
        number=run.number,
        inputs_version=version,
        inputs_sha256=inputs.sha256,
        results_sha256=result.sha256,
        firms=copy_rows(GradingScore._meta.db_table, _rows(run, result, made)),
    )
    return result


def rerun(found: Chosen, inputs: Frozen) -> Evaluated:
    """Score inputs that were frozen before, or corrected since."""
    return _evaluated(found, inputs)


def _evaluated(found: Chosen, inputs: Frozen) -> Evaluated:
    made = scored(found.definition, inputs)
    return Evaluated(found, inputs, inputs.text(), made, document(made))


def _rows(run: GradingRun, result: GradingResult, made: Evaluated) -> dict[str, Any]:
    """Each firm's row, and one for each firm that was merged into another, with that one's grade."""
    one = made.scored
    pairs = [(uscc, "", at) for at, uscc in enumerate(one.firms.uscc)]
    for head, others in members(made.inputs).items():
        at = one.firms.at(head)
        pairs += [(uscc, head, at) for uscc in others if at is not None]
    own = {uscc: n for n, uscc in enumerate(made.inputs.uscc)}
    at_of = [at for _, _, at in pairs]
    place = [own[uscc] for uscc, _, _ in pairs]
    grades = one.grading.grade.tolist()
    ranks, ofs, cuts = one.grading.rank.tolist(), one.grading.of.tolist(), one.grading.cut.tolist()
    land = one.people.land_mu.tolist()
    classes = [one.class_name(at) for at in one.people.of_class.tolist()]
    return {
        "county_id": [run.county_id] * len(pairs),
        "result_id": [result.pk] * len(pairs),
        "uscc": [uscc for uscc, _, _ in pairs],
        "name": [made.inputs.texts["name"][n] for n in place],
        "head_uscc": [head for _, head, _ in pairs],
        "town_code": [made.inputs.texts["town_code"][n] for n in place],
        "class_name": [classes[at] for at in at_of],
        "land_mu": [None if land[at] != land[at] else land[at] for at in at_of],
        "score": [one.score(at) for at in at_of],
        "rank": [ranks[at] or None for at in at_of],
        "of": [ofs[at] or None for at in at_of],
        "cut": [one.grade_name(cuts[at]) or "" for at in at_of],
        "grade": [one.grade_name(grades[at]) or "" for at in at_of],
        "grade_place": [grades[at] if grades[at] >= 0 else None for at in at_of],
        "reason": [one.reason(at) for at in at_of],
    }


def one_at_a_time(county: County) -> None:
    wait_for_turn("evaluation", county.code)
