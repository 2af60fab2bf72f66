"""The schemes on screen: the list, one version to read, its TOML, a copy, putting it in force and withdrawing it.

Refuses to put a version in force without its basis document; what the actions refuse is told on the version's page.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from landgis.access.rules import MANAGE_EVALUATION, VIEW_MAP
from landgis.access.views import request_actor, right_required
from landgis.counties.catalogue import CERTAINTY_TITLES
from landgis.counties.models import BasisPaper, County
from landgis.counties.queries import current_county
from landgis.lib.errors import Conflict, LandgisError, NotFound
from landgis.lib.http import download
from landgis.lib.uploads import uploaded_file
from parcels.disposal.forms import ReasonForm
from parcels.schemes.actions import put_in_force, store_scheme, withdraw_version
from parcels.schemes.models import SchemeVersion
from parcels.schemes.queries import read_scheme_file, shipped_schemes
from parcels.schemes.reading import read_definition
from parcels.schemes.writing import toml_text
from parcels.yearly.forms import InForceForm, NewVersionForm
from parcels.yearly.scheme_page import shown
from parcels.yearly.wording import VERSION_STATES


@right_required(VIEW_MAP)
@require_GET
def list_page(request: HttpRequest) -> HttpResponse:
    """The county's schemes with their versions, and those that come with landgis and aren't kept yet."""
    county, actor = current_county(), request_actor(request)
    rows = SchemeVersion.objects.filter(scheme__county=county).select_related("scheme")
    versions = list(rows.order_by("scheme__code", "-year_from", "-pk"))
    kept = {(row.scheme.code, row.version) for row in versions}
    shipped = [(name, read_scheme_file(path).definition) for name, path in shipped_schemes().items()]
    context: dict[str, Any] = {
        "versions": [(row, VERSION_STATES[row.status]) for row in versions],
        "shipped": [(name, one) for name, one in shipped if (one.code, one.version) not in kept],
        "may_manage": actor.may(MANAGE_EVALUATION) and actor.town_codes is None,
    }
    return render(request, "parcels/yearly/schemes.html", context)


@right_required(VIEW_MAP)
@require_GET
def one_page(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """One version, readable."""
    return _page(request, version_named(current_county(), code, version))


@right_required(VIEW_MAP)
@require_GET
def toml_file(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """The definition as a file."""
    found = version_named(current_county(), code, version)
    content = toml_text(found.definition).encode("utf-8")
    return download(content, f"{code}-{version}.toml", "application/toml; charset=utf-8")


@right_required(VIEW_MAP)
@require_GET
def paper(request: HttpRequest, number: int) -> HttpResponse:
    """The basis document on which a version was put in force."""
    used = SchemeVersion.objects.filter(scheme__county=current_county(), paper__isnull=False).values("paper")
    found = BasisPaper.objects.filter(pk=number, pk__in=used).first()
    if found is None:
        raise NotFound("没有这一依据文件。", remedy="请在评价方案页面选择。")
    return download(bytes(found.content), found.name, found.media_type)


@right_required(MANAGE_EVALUATION)
@require_POST
def copy(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """A new draft from an existing version."""
    county, actor = current_county(), request_actor(request)
    found, form = version_named(county, code, version), NewVersionForm(request.POST)
    status = 422
    if form.is_valid():
        told = form.cleaned_data
        try:
            taken = SchemeVersion.objects.filter(scheme=found.scheme, version=told["version"])
            if taken.exists():
                raise Conflict(f"版本号 {told['version']} 已有。", remedy="请换一个版本号。")
            document = dict(found.definition) | {"version": told["version"], "basis": told["basis"]}
            document["years"] = {"from": told["year_from"]}
            store_scheme(county=county, actor=actor, document=document, reason=told["reason"])
            messages.success(request, _("已另存为草稿，可以修改。"))
            return redirect("scheme-edit", code=code, version=told["version"])
        except LandgisError as error:
            form.add_error(None, str(error))
            status = error.status
    return _page(request, found, copy_form=form, status=status)


@right_required(MANAGE_EVALUATION)
@require_POST
def in_force(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """Put a draft in force on its basis document."""
    county, actor = current_county(), request_actor(request)
    found, form = version_named(county, code, version), InForceForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            file = uploaded_file(request)
            put_in_force(
                county=county, actor=actor, version_id=found.pk, on=form.cleaned_data["on"],
                reason=form.cleaned_data["reason"], file=file.read(), file_name=str(file.name),
            )  # fmt: skip
            messages.success(request, _("已启用，内容不再改变。"))
            return redirect("scheme", code=code, version=version)
        except LandgisError as error:
            form.add_error(None, str(error))
            status = error.status
    return _page(request, found, force_form=form, status=status)


@right_required(MANAGE_EVALUATION)
@require_POST
def withdraw(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """No new run by this version."""
    county, actor = current_county(), request_actor(request)
    found, form = version_named(county, code, version), ReasonForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            withdraw_version(
                county=county, actor=actor, version_id=found.pk, reason=form.cleaned_data["reason"]
            )
            messages.success(request, _("已停用，已有的评价不受影响。"))
            return redirect("scheme", code=code, version=version)
        except LandgisError as error:
            form.add_error(None, str(error))
            status = error.status
    return _page(request, found, withdraw_form=form, status=status)


def version_named(county: County, code: str, version: str) -> SchemeVersion:
    """A version by the names in its address."""
    rows = SchemeVersion.objects.filter(scheme__county=county, scheme__code=code, version=version)
    found = rows.select_related("scheme").first()
    if found is None:
        raise NotFound("没有这个评价方案版本。", remedy="请在评价方案页选择。")
    return found


def _page(request: HttpRequest, row: SchemeVersion, *, status: int = 200, **forms: Any) -> HttpResponse:
    actor = request_actor(request)
    definition = read_definition(row.definition)
    today = timezone.localdate()
    context: dict[str, Any] = {
        "row": row,
        "state": VERSION_STATES[row.status],
        "certainty": CERTAINTY_TITLES[definition.certainty],
        "one": definition,
        "shown": shown(definition),
        "paper_name": row.paper.name if row.paper else "",
        "may_manage": actor.may(MANAGE_EVALUATION) and actor.town_codes is None,
        "copy_form": NewVersionForm(initial={"year_from": row.year_from + 1, "basis": row.basis}),
        "force_form": InForceForm(initial={"on": today}),
        "withdraw_form": ReasonForm(),
    }
    return render(request, "parcels/yearly/scheme.html", context | forms, status=status)
