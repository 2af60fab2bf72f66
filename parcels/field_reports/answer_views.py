"""What is done with a report once it is filed: more photos, withdrawing, returning, accepting; and its photos as files.

Refuses to show an original or a thumbnail outside the actor's towns; a refusal is told on the report's page.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from landgis.access.rules import MANAGE_IDLE_CASES, REPORT_FACTS, VIEW_MAP
from landgis.access.views import request_actor, right_required
from landgis.counties.queries import current_county
from landgis.lib.errors import LandgisError, NotFound
from landgis.lib.http import download
from parcels.field_reports.actions import accept_report, add_photos, return_report, withdraw_report
from parcels.field_reports.forms import OutcomeForm
from parcels.field_reports.handed_in import photos_from
from parcels.field_reports.queries import photo_of
from parcels.field_reports.views import show_report

# A photo never changes; only the person who asked may keep it.
KEPT = "private, max-age=86400, immutable"


@right_required(REPORT_FACTS)
@require_POST
def add(request: HttpRequest, number: int) -> HttpResponse:
    """More photos of a report that waits."""
    county, actor = current_county(), request_actor(request)
    try:
        photos = photos_from(request)
        added = add_photos(county=county, actor=actor, number=number, photos=photos, now=timezone.localtime())
    except NotFound:
        raise
    except LandgisError as error:
        return _refused(request, number, OutcomeForm(), error)
    messages.success(request, _("已补充 %(n)s 张照片。") % {"n": added})
    return redirect("field-report", number=number)


@right_required(REPORT_FACTS)
@require_POST
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    return _answer(request, number, withdraw_report, _("已撤回。"))


@right_required(MANAGE_IDLE_CASES)
@require_POST
def send_back(request: HttpRequest, number: int) -> HttpResponse:
    return _answer(request, number, return_report, _("已退回，镇街可以重新填报。"))


@right_required(MANAGE_IDLE_CASES)
@require_POST
def accept(request: HttpRequest, number: int) -> HttpResponse:
    return _answer(request, number, accept_report, _("已采纳，所报事实已登记。"))


@right_required(VIEW_MAP)
@require_GET
def original(request: HttpRequest, number: int, photo: int) -> HttpResponse:
    """The photo as it was uploaded, with everything that its camera wrote into it."""
    found = photo_of(request_actor(request), number, photo, thumbnail=False).attachment
    return _kept(download(bytes(found.content), found.name, found.media_type))


@right_required(VIEW_MAP)
@require_GET
def thumbnail(request: HttpRequest, number: int, photo: int) -> HttpResponse:
    """A small picture of it, without place or camera."""
    found = photo_of(request_actor(request), number, photo, thumbnail=True).attachment
    if found.thumbnail is None:
        raise NotFound(_("这张照片没有缩略图。"), remedy=_("请下载原件。"))
    return _kept(HttpResponse(bytes(found.thumbnail), content_type="image/png"))


def _answer(request: HttpRequest, number: int, action: Any, done: str) -> HttpResponse:
    county, actor = current_county(), request_actor(request)
    form = OutcomeForm(request.POST)
    if not form.is_valid():
        told = "；".join(f"{form.fields[name].label}：{errors[0]}" for name, errors in form.errors.items())
        messages.error(request, told)
        return show_report(request, number, form, 422)
    more: dict[str, Any] = {}
    if action is accept_report:
        more = {"on": timezone.localdate(), "resumed_on": form.cleaned_data["resumed_on"]}
    try:
        action(county=county, actor=actor, number=number, reason=form.cleaned_data["reason"], **more)
    except NotFound:
        raise
    except LandgisError as error:
        return _refused(request, number, form, error)
    messages.success(request, done)
    return redirect("field-report", number=number)


def _refused(request: HttpRequest, number: int, form: OutcomeForm, error: LandgisError) -> HttpResponse:
    messages.error(request, str(error))
    return show_report(request, number, form, error.status)


def _kept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = KEPT
    response["X-Content-Type-Options"] = "nosniff"
    return response
