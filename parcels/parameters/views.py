"""The parameters on screen: the list, one parameter with its history, its successor and withdrawal, and the papers.

Refuses a change to whoever may only read; the effect of a successor is shown before it is saved.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from landgis.access.queries import Actor
from landgis.access.rules import EXPORT_DATA, VIEW_MAP, VIEW_PARAMETERS
from landgis.access.views import request_actor, right_required
from landgis.counties.models import BasisPaper, County
from landgis.counties.queries import current_county
from landgis.lib.errors import FieldErrors, LandgisError, NotFound, UsageError
from landgis.lib.http import XLSX
from landgis.lib.uploads import uploaded_file
from parcels.parameters.actions import Asked, article_to_name, checked, require_change, succeed, withdraw
from parcels.parameters.forms import ListFilter, SuccessorForm, WithdrawForm, told
from parcels.parameters.otherwise import Compared, compare
from parcels.parameters.queries import Listed, listed, may_change, one, withdrawn
from parcels.parameters.rules import is_tried
from parcels.parameters.workbooks import parameters_workbook

PREVIEWED = 100


@right_required(VIEW_PARAMETERS)
@require_GET
def list_page(request: HttpRequest) -> HttpResponse:
    """Every parameter of the county by group, as of a day."""
    actor, form, status = request_actor(request), _filter(request), 200
    rows: list[Listed] = []
    if form.is_valid():
        rows = _rows(form)
    else:
        messages.error(request, told(form))
        status = 422
    context: dict[str, Any] = {
        "form": form,
        "rows": [(row, may_change(actor, row)) for row in rows],
        "may_export": actor.may(EXPORT_DATA) and status == 200,
        "may_try": actor.may(VIEW_MAP),
        "query": request.GET.urlencode(),
    }
    return render(request, "parcels/parameters/list.html", context, status=status)


@right_required(EXPORT_DATA)
@require_GET
def list_xlsx(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook."""
    county, form = current_county(), _filter(request)
    if not form.is_valid():
        raise UsageError(told(form), remedy=_("请返回改正后重试。"))
    on = form.cleaned_data["on"]
    content = parameters_workbook(county, request_actor(request), on, _rows(form))
    return download(content, f"{county.name}规则参数表（{on}）.xlsx", XLSX)


@right_required(VIEW_PARAMETERS)
@require_http_methods(["GET", "POST"])
def one_page(request: HttpRequest, key: str) -> HttpResponse:
    """A parameter with its versions; posted, its successor is tried (`preview`) or saved."""
    county, actor, today = current_county(), request_actor(request), timezone.localdate()
    row = one(county, key, today)
    if request.method != "POST":
        return _page(request, row)
    require_change(actor, row)
    form = SuccessorForm(request.POST, row=row, article=article_to_name(row))
    if not form.is_valid():
        return _page(request, row, form=form, status=422)
    asked = Asked(**form.cleaned_data)
    try:
        if "preview" in request.POST:
            effect = _effect(county, actor, row, asked, today)
            return _page(request, row, form=form, effect=effect)
        file = uploaded_file(request)
        succeed(
            county=county, actor=actor, key=key, asked=asked, file_name=str(file.name), content=file.read(),
            today=today,
        )  # fmt: skip
    except LandgisError as error:
        _beside(form, error)
        return _page(request, row, form=form, status=error.status)
    messages.success(request, _("已保存，自 %(on)s 起施行。") % {"on": asked.valid_from})
    return redirect("parameter", key=key)


@right_required(VIEW_PARAMETERS)
@require_POST
def take_back(request: HttpRequest, key: str) -> HttpResponse:
    """Withdraw a version that isn't in force yet."""
    county, form = current_county(), WithdrawForm(request.POST)
    status = 422
    if not form.is_valid():
        messages.error(request, told(form))
    else:
        try:
            withdraw(
                county=county, actor=request_actor(request), key=key, today=timezone.localdate(),
                **form.cleaned_data,
            )  # fmt: skip
            messages.success(request, _("已撤回。"))
            return redirect("parameter", key=key)
        except LandgisError as error:
            messages.error(request, str(error))
            status = error.status
    return _page(request, one(county, key, timezone.localdate()), status=status)


@right_required(VIEW_PARAMETERS)
@require_GET
def paper(request: HttpRequest, number: int) -> HttpResponse:
    """The basis document of a version, as it was uploaded."""
    found = BasisPaper.objects.filter(county=current_county(), pk=number).first() if number < 2**62 else None
    if found is None:
        raise NotFound(_("没有这一依据文件。"), remedy=_("请在参数页面选择。"))
    return download(bytes(found.content), found.name, found.media_type)


def download(content: bytes, name: str, content_type: str) -> HttpResponse:
    """A file to be kept, under its Chinese name."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _filter(request: HttpRequest) -> ListFilter:
    asked = request.GET.dict()
    asked["on"] = asked.get("on") or f"{timezone.localdate():%Y-%m-%d}"
    return ListFilter(asked)


def _rows(form: ListFilter) -> list[Listed]:
    stated = form.cleaned_data
    return listed(
        current_county(), stated["on"], group=stated["group"], certainty=stated["certainty"], text=stated["q"]
    )


def _effect(county: County, actor: Actor, row: Listed, asked: Asked, today: date) -> Compared:
    """What would come out otherwise: under past rules as of today, under coming ones on their first day."""
    value = checked(row, asked, today)
    on = max(today, asked.valid_from)
    return compare(county, actor, on, {row.item.key: value}, since=asked.valid_from)


def _beside(form: SuccessorForm, error: LandgisError) -> None:
    """Each refusal beside its field, where there is one."""
    issues = error.issues if isinstance(error, FieldErrors) else [{"field": "", "message": str(error)}]
    for issue in issues:
        form.add_error(issue["field"] if issue["field"] in form.fields else None, issue["message"])


def _page(
    request: HttpRequest,
    row: Listed,
    *,
    form: SuccessorForm | None = None,
    effect: Compared | None = None,
    status: int = 200,
) -> HttpResponse:
    county, actor, today = current_county(), request_actor(request), timezone.localdate()
    newest = row.newest
    begins = {
        "value": row.item.write(newest.value) if newest else "",
        "certainty": newest.certainty if newest else "ours",
        "follows": newest.pk if newest else 0,
    }
    blank = SuccessorForm(initial=begins, row=row, article=article_to_name(row)) if row.item.kind else None
    context: dict[str, Any] = {
        "row": row,
        "versions": [(version, row.item.write(version.value)) for version in reversed(row.versions)],
        "withdrawable": newest.pk if newest and newest.entered_by and newest.valid_from > today else None,
        "withdrawn": withdrawn(county, row.item),
        "may_change": may_change(actor, row),
        "form": form or blank,
        "is_tried": is_tried(row.item.key),
        "effect": effect,
        "effect_rows": effect.rows[:PREVIEWED] if effect and actor.may(VIEW_MAP) else [],
        "today": today,
    }
    return render(request, "parcels/parameters/one.html", context, status=status)
