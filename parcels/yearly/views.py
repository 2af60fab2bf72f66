"""The runs of the evaluation: the list, a draft with its dry run, one run with its steps and firms, the notice list.

Refuses a draft on other data than those that were previewed; what a step is refused for is told on the run's page.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from landgis.access.rules import EXPORT_DATA, MANAGE_EVALUATION, VIEW_MAP
from landgis.access.views import request_actor, right_required
from landgis.counties.models import County
from landgis.counties.queries import current_county
from landgis.lib.errors import Conflict, InputError, LandgisError
from landgis.lib.http import XLSX, download
from parcels.grading.actions import (
    check_run,
    draft_run,
    evaluate_year,
    finish_run,
    notice_end,
    publish_notice,
    recompute,
    withdraw_run,
)
from parcels.grading.frozen import digest
from parcels.grading.queries import runs_with_state
from parcels.grading.readiness import TITLES, counted, openings, still_open
from parcels.grading.rules import ALLOWED, CHECKED, FINAL, NOTICE, RECOMPUTED, WITHDRAWN
from parcels.land_use.queries import FROZEN
from parcels.schemes.models import SchemeVersion
from parcels.schemes.queries import chosen, version_of
from parcels.yearly.asking import manages
from parcels.yearly.forms import DraftForm, ResultFilter, StepForm
from parcels.yearly.grade_mix import class_rows
from parcels.yearly.queries import Listed, RunFile, narrowed, visible_runs
from parcels.yearly.wording import RUN_STATES, STEP_BUTTONS
from parcels.yearly.workbooks import notice_workbook, results_workbook

PAGE_SIZE = 50
ACTIONS = {
    RECOMPUTED: recompute,
    CHECKED: check_run,
    NOTICE: publish_notice,
    FINAL: finish_run,
    WITHDRAWN: withdraw_run,
}


@right_required(VIEW_MAP)
@require_GET
def runs_page(request: HttpRequest) -> HttpResponse:
    """The runs by year, newest first, with where each stands."""
    actor = request_actor(request)
    context: dict[str, Any] = {
        "runs": [(run, state, RUN_STATES[state]) for run, state in visible_runs(current_county(), actor)],
        "may_draft": manages(actor),
    }
    return render(request, "parcels/yearly/runs.html", context)


@right_required(MANAGE_EVALUATION)
@require_http_methods(["GET", "POST"])
def draft_page(request: HttpRequest) -> HttpResponse:
    """A dry run first; then the same, frozen as a run."""
    county, actor, today = current_county(), request_actor(request), timezone.localdate()
    actor.require_whole_county(MANAGE_EVALUATION)
    form = DraftForm(
        request.POST or None, initial={"on": today, "year": today.year - 1},
        versions=_versions(county), finals=_finals(county),
    )  # fmt: skip
    context: dict[str, Any] = {"form": form}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                told = form.cleaned_data
                version = version_of(county, told["version"])
                found = chosen(version.definition, version)
                if not found.definition.covers(told["year"]):
                    raise InputError(
                        "scheme_year", f"该方案版本不适用于 {told['year']} 年。", "请选择适用该年度的版本。",
                        field="version",
                    )  # fmt: skip
                made = evaluate_year(county, actor, found, told["year"])
                seen = digest(made.text)
                if "preview" in request.POST:
                    context |= {"made": made, "classes": class_rows(made.document), "seen": seen}
                    return render(request, "parcels/yearly/draft.html", context)
                if told["seen"] != seen:
                    raise Conflict(
                        "数据在试算之后有变化，或者还没有试算。", remedy="请重新试算，核对后再起草。"
                    )
                run = draft_run(
                    county=county, actor=actor, found=found, year=told["year"], on=told["on"],
                    reason=told["reason"], corrects_id=told["corrects"], worked_out=made,
                )  # fmt: skip
                messages.success(request, _("已起草，数据已冻结。"))
                return redirect("evaluation", run_id=run.pk)
            except LandgisError as error:
                _beside(form, error)
                status = error.status
    return render(request, "parcels/yearly/draft.html", context, status=status)


@right_required(VIEW_MAP)
@require_GET
def run_page(request: HttpRequest, run_id: int) -> HttpResponse:
    """Where the run stands, what may come next, and its firms."""
    return _run_page(request, RunFile(current_county(), request_actor(request), run_id))


@right_required(MANAGE_EVALUATION)
@require_POST
def step(request: HttpRequest, run_id: int) -> HttpResponse:
    """One step of the run; what refuses it is told with its remedy."""
    county, actor = current_county(), request_actor(request)
    form = StepForm(request.POST)
    status = 422
    if form.is_valid() and form.cleaned_data["stage"] in ACTIONS:
        told = form.cleaned_data
        try:
            ACTIONS[told["stage"]](
                county=county, actor=actor, run_id=run_id, on=told["on"], reason=told["reason"]
            )
            messages.success(request, _("已登记。"))
            return redirect("evaluation", run_id=run_id)
        except LandgisError as error:
            messages.error(request, str(error))
            status = error.status
    else:
        messages.error(request, _("请填写日期和原因。"))
    return _run_page(request, RunFile(county, actor, run_id), status=status)


@right_required(EXPORT_DATA)
@require_GET
def results_xlsx(request: HttpRequest, run_id: int) -> HttpResponse:
    """The list as it was filtered."""
    file = RunFile(current_county(), request_actor(request), run_id)
    _form, rows = _asked(request, file)
    return download(results_workbook(file, rows), f"{file.county.name}{file.run.year}年度评价结果.xlsx", XLSX)


@right_required(VIEW_MAP)
@require_GET
def notice_page(request: HttpRequest, run_id: int) -> HttpResponse:
    """The list for the notice, to be printed or posted."""
    file = RunFile(current_county(), request_actor(request), run_id)
    rows = notice_rows(file)
    counts = [(grade, sum(row.grade == grade for row in rows)) for grade in file.definition.grades]
    context = {
        "file": file, "rows": rows, "counts": counts, "may_export": file.actor.may(EXPORT_DATA),
        "today": timezone.localdate(),
    }  # fmt: skip
    return render(request, "parcels/yearly/notice.html", context)


@right_required(EXPORT_DATA)
@require_GET
def notice_xlsx(request: HttpRequest, run_id: int) -> HttpResponse:
    file = RunFile(current_county(), request_actor(request), run_id)
    return download(
        notice_workbook(file, notice_rows(file)),
        f"{file.county.name}{file.run.year}年度评价结果公示名单.xlsx",
        XLSX,
    )


def notice_rows(file: RunFile) -> list[Listed]:
    """Who is graded, by class, grade and code: an order that tells no score; refused before the check."""
    if not file.may_be_published:
        raise Conflict(
            "评价结果现在不能公示。",
            remedy=file.definition.publication.why_not or "复核通过以后才能出具公示名单，撤回的不再公示。",
        )
    order = {grade: n for n, grade in enumerate(file.definition.grades)}
    graded = [row for row in file.rows() if row.grade]
    return sorted(graded, key=lambda row: (row.class_name, order[row.grade], row.uscc))


def _run_page(request: HttpRequest, file: RunFile, status: int = 200) -> HttpResponse:
    form, rows = _asked(request, file)
    query = request.GET.copy()
    query.pop("page", None)
    today = timezone.localdate()
    grades = file.definition.grades
    open_ones = [one for one in file.objections() if not hasattr(one, "decision")]
    context: dict[str, Any] = {
        "file": file,
        "form": form,
        "classes": class_rows(file.result.document),
        "grades": grades,
        "not_evaluated": [
            (file.result.document["not_evaluated_titles"][code], count)
            for code, count in file.result.document["not_evaluated"].items()
        ],
        "reservations": file.definition.reservations(),
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "query": query.urlencode(),
        "timeline": file.timeline(),
        "objections": file.objections(),
        "waiting": len(open_ones),
        "next_steps": _next_steps(file) if file.manages else [],
        "openings": _openings(file),
        "land_frozen": file.frozen_inputs.decided.get("land") == FROZEN,
        "notice_until": notice_end(file.county, file.definition.publication, today),
        "today": today,
        "may_export": file.actor.may(EXPORT_DATA),
    }
    return render(request, "parcels/yearly/run.html", context, status=status)


def _next_steps(file: RunFile) -> list[tuple[str, str]]:
    return [(stage, title) for stage, title in STEP_BUTTONS.items() if stage in ALLOWED[file.state]]


def _openings(file: RunFile) -> dict[str, Any] | None:
    """What is open for whoever may settle it, while the run isn't finished."""
    if not file.manages or file.state in (FINAL, WITHDRAWN):
        return None
    found = openings(file.county, file.actor, file.run, file.state)
    waiting = still_open(found)
    return {
        "waiting": len(waiting), "accepted": len(found) - len(waiting),
        "kinds": [(kind, TITLES[kind], count) for kind, count in counted(waiting)],
    }  # fmt: skip


def _asked(request: HttpRequest, file: RunFile) -> tuple[ResultFilter, list[Listed]]:
    """The filter and the rows that it leaves; one that makes no sense finds nothing instead of everything."""
    rows = file.rows()
    towns = {row.town_code: row.town for row in rows if row.town}
    groups = [group.name for group in file.definition.groups]
    classes = [one["name"] for one in file.result.document["groups"] if one["name"] not in groups]
    form = ResultFilter(
        request.GET, groups=[*groups, *classes], grades=file.definition.grades,
        industries=sorted({row.industry for row in rows}), towns=sorted(towns.items()), cleared=file.cleared,
    )  # fmt: skip
    return form, narrowed(rows, form.cleaned_data, file.definition) if form.is_valid() else []


def _versions(county: County) -> list[tuple[int, str]]:
    rows = SchemeVersion.objects.filter(scheme__county=county, status=SchemeVersion.IN_FORCE)
    rows = rows.select_related("scheme").order_by("scheme__code", "-year_from")
    return [(row.pk, f"{row.scheme.name} {row.version}（{_years(row)}）") for row in rows]


def _years(row: SchemeVersion) -> str:
    return f"{row.year_from}—{row.year_to} 年" if row.year_to else f"{row.year_from} 年起"


def _finals(county: County) -> list[tuple[int, str]]:
    return [
        (run.pk, f"{run.year} 年第 {run.number} 次（{run.scheme_version.scheme.name}）")
        for run, state in runs_with_state(county)
        if state == FINAL
    ]


def _beside(form: Any, error: LandgisError) -> None:
    """Each refusal beside its field, where there is one."""
    field = error.field if isinstance(error, InputError) else ""
    form.add_error(field if field in form.fields else None, str(error))
