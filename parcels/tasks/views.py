"""The tasks on screen: the list with what is due, one task with its reports, and what is recorded on it.

Refuses a town what isn't its own; what the domain refuses is told beside its field with what was typed in.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from landgis.access.queries import Actor
from landgis.access.rules import EXPORT_DATA, MANAGE_CAMPAIGNS, REPORT_FACTS, VIEW_MAP
from landgis.access.views import request_actor, right_required
from landgis.counties.queries import current_county
from landgis.lib.errors import LandgisError
from landgis.lib.http import XLSX, download
from landgis.lib.uploads import MEBIBYTE, uploaded_files
from parcels.disposal.case_views import asked_day
from parcels.tasks import actions, queries
from parcels.tasks.forms import ReportForm, TakeBackForm, TaskFilter, TaskForm
from parcels.tasks.models import Task
from parcels.tasks.queries import TaskState
from parcels.tasks.rules import MOST_PHOTOS, due_days, figures_in_words
from parcels.tasks.workbook import tasks_workbook

PAGE_SIZE = 20
SOON_DAYS = 30
LARGEST_PHOTO = 20 * MEBIBYTE


@right_required(VIEW_MAP)
@require_GET
def list_page(request: HttpRequest) -> HttpResponse:
    """The tasks on a day with what is overdue and due."""
    county, actor = current_county(), request_actor(request)
    today, on = timezone.localdate(), asked_day(request.GET.get("on"))
    form, states = _asked(request, actor)
    duties = [due for state in states for due in state.dues if due.days_left <= SOON_DAYS]
    duties.sort(key=lambda due: (due.due_on, due.task.task_no, due.town_code))
    context = {
        "form": form,
        "on": on,
        "today": today,
        "states": states,
        "overdue": [due for due in duties if due.overdue],
        "soon": [due for due in duties if not due.overdue],
        "query": request.GET.urlencode(),
        "may_manage": _manages(actor),
        "may_export": actor.may(EXPORT_DATA),
        "county_name": county.name,
    }
    return render(request, "parcels/tasks/list.html", context, status=200 if form.is_valid() else 422)


@right_required(EXPORT_DATA)
@require_GET
def list_xlsx(request: HttpRequest) -> HttpResponse:
    """Tasks, overdue days and reports as a workbook."""
    county, actor, on = current_county(), request_actor(request), asked_day(request.GET.get("on"))
    actor.require(VIEW_MAP)
    _form, states = _asked(request, actor)
    return download(
        tasks_workbook(county, actor, on, states), f"{county.name}任务清单（{on:%Y-%m-%d}）.xlsx", XLSX
    )


@right_required(VIEW_MAP)
@require_GET
def task_page(request: HttpRequest, task_id: int) -> HttpResponse:
    """One task with its due days and reports."""
    return _page(request, queries.task_in(current_county(), task_id))


@right_required(MANAGE_CAMPAIGNS)
@require_http_methods(["GET", "POST"])
def edit_page(request: HttpRequest, task_id: int | None = None) -> HttpResponse:
    """A new task, or one to be corrected."""
    county, actor = current_county(), request_actor(request)
    actor.require_whole_county(MANAGE_CAMPAIGNS)
    task = queries.task_in(county, task_id) if task_id else None
    form, status = TaskForm(request.POST or None, initial=_initial(task)), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            facts = dict(form.cleaned_data)
            try:
                made = actions.save_task(
                    county=county, actor=actor, facts=facts, reason=facts.pop("reason"), task_id=task_id
                )
            except LandgisError as error:
                form.refuse(error)
                status = error.status
            else:
                messages.success(request, _("已保存。"))
                return redirect("task", task_id=made.pk)
    return render(request, "parcels/tasks/edit.html", {"form": form, "task": task}, status=status)


@right_required(VIEW_MAP)
@require_POST
def report(request: HttpRequest, task_id: int) -> HttpResponse:
    """File a report with its photos."""
    county, actor = current_county(), request_actor(request)
    task = queries.task_in(county, task_id)
    form, status = _report_form(task, actor, request), 422
    if form.is_valid():
        told = form.cleaned_data
        try:
            files = uploaded_files(request, most_files=MOST_PHOTOS, most_bytes=LARGEST_PHOTO, field="photos")
            actions.file_report(
                county=county,
                actor=actor,
                task_id=task_id,
                town_code=told["town"],
                on=told["on"],
                text=told["text"],
                figures=told["figures"],
                done_for=told["done_for"],
                photos=[(file.name or "照片", file.read()) for file in files],
            )
        except LandgisError as error:
            form.refuse(error)
            status = error.status
        else:
            messages.success(request, _("已登记进展。"))
            return redirect("task", task_id=task_id)
    return _page(request, task, form, status)


@right_required(VIEW_MAP)
@require_POST
def take_back(request: HttpRequest, task_id: int, report_id: int) -> HttpResponse:
    """Reverse a report."""
    county, actor = current_county(), request_actor(request)
    task, form = queries.task_in(county, task_id), TakeBackForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请填写撤销原因。"))
        return _page(request, task, status=422)
    try:
        actions.reverse_report(
            county=county,
            actor=actor,
            report_id=report_id,
            on=timezone.localdate(),
            reason=form.cleaned_data["reason"],
        )
    except LandgisError as error:
        messages.error(request, str(error))
        return _page(request, task, status=error.status)
    messages.success(request, _("已撤销，原报告保留。"))
    return redirect("task", task_id=task_id)


@right_required(VIEW_MAP)
@require_GET
def photo(request: HttpRequest, report_id: int, photo_id: int) -> HttpResponse:
    """A photo or paper of a report as it was uploaded."""
    found = queries.photo_of(request_actor(request), report_id, photo_id)
    response = download(bytes(found.content), found.name, found.media_type)
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _manages(actor: Actor) -> bool:
    return actor.may(MANAGE_CAMPAIGNS) and actor.town_codes is None


def _reports(actor: Actor) -> bool:
    return _manages(actor) or (actor.may(REPORT_FACTS) and actor.town_codes is not None)


def _asked(request: HttpRequest, actor: Actor) -> tuple[TaskFilter, list[TaskState]]:
    """The filter and the states that it leaves; one that makes no sense leaves none."""
    county, on = current_county(), asked_day(request.GET.get("on"))
    every = list(queries.tasks_of(county))
    units = [unit for task in every for unit in (*task.lead_units, *task.helper_units)]
    form = TaskFilter(request.GET, units=units)
    if not form.is_valid():
        return form, []
    told = form.cleaned_data
    rows = queries.tasks_of(county, unit=told["unit"], text=told["q"].strip())
    states = queries.states_on(county, actor, on, rows)
    return form, [state for state in states if _kept(state, told["due"])]


def _kept(state: TaskState, due: str) -> bool:
    if due == "overdue":
        return state.overdue > 0
    if due == "soon":
        return any(0 <= one.days_left <= SOON_DAYS for one in state.dues)
    return due != "weekly" or state.task.rhythm == "weekly"


def _report_form(task: Task, actor: Actor, request: HttpRequest | None = None) -> ReportForm:
    county, today = current_county(), timezone.localdate()
    # What is due in a later year may be fulfilled early; of a rhythm the days up to the year's end are enough.
    until = max(today.replace(month=12, day=31), task.due_on or today)
    listed = due_days(queries.schedule_of(task), until)[-60:]
    given: tuple[Any, ...] = () if request is None else (request.POST, request.FILES)
    return ReportForm(*given, county=county, town_codes=actor.town_codes, days=listed, initial={"on": today})


def _page(
    request: HttpRequest, task: Task, form: forms.Form | None = None, status: int = 200
) -> HttpResponse:
    county, actor, today = current_county(), request_actor(request), timezone.localdate()
    (state,) = queries.states_on(county, actor, today, [task])
    page = Paginator(queries.reports_of(actor, task=task), PAGE_SIZE).get_page(request.GET.get("page"))
    own = _reports(actor)
    context = {
        "task": task,
        "state": state,
        "page": page,
        "rows": [
            (row, figures_in_words(row.figures), own and (actor.town_codes is None or row.town_code != ""))
            for row in page
        ],
        "query": "",
        "towns": dict(county.towns.values_list("code", "name")),
        "form": form or (_report_form(task, actor) if own else None),
        "may_manage": _manages(actor),
        "photo_mb": LARGEST_PHOTO // MEBIBYTE,
    }
    return render(request, "parcels/tasks/task.html", context, status=status)


def _initial(task: Task | None) -> dict[str, Any]:
    if task is None:
        return {"valid_from": timezone.localdate(), "rhythm": "once"}
    told = {name: getattr(task, name) for name in actions.FACTS}
    return told | {name: "、".join(told[name]) for name in ("lead_units", "helper_units")}
