"""The towns' confirmations of a year's land use on screen, and closing the year.

Refuses another town's confirmation; what changed since one is told row by row.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from landgis.access.queries import Actor
from landgis.access.rules import COMPUTE, CONFIRM_LAND_USE, EXPORT_DATA, VIEW_MAP
from landgis.access.views import request_actor, right_required
from landgis.audit.kept import kept
from landgis.counties.models import County
from landgis.counties.queries import current_county
from landgis.lib.errors import LandgisError
from parcels.firm_desk.answers import back_with, download, valid, with_year
from parcels.firm_desk.forms import ConfirmForm, FreezeForm, YearForm, told
from parcels.firm_desk.workbooks import confirmations_book, problems_told
from parcels.land_use.confirming import confirm_town, freeze_year, statements
from parcels.land_use.queries import TownState, freeze_hash, newest_freeze, town_states
from parcels.land_use.rules import fingerprint


@right_required(VIEW_MAP)
@require_GET
def confirmations_page(request: HttpRequest) -> HttpResponse:
    """Each town: what it uses, what doesn't fit, whether it stands confirmed."""
    county, actor = current_county(), request_actor(request)
    form = YearForm(with_year(request, county))
    if not form.is_valid():
        messages.error(request, told(form))
        return render(request, "parcels/firm_desk/confirmations.html", {"form": form}, status=422)
    year = form.cleaned_data["year"]
    towns, hashes = _towns(county, actor, year), _hashes(county, actor, year)
    freeze = newest_freeze(county, year)
    context: dict[str, Any] = {
        "form": form,
        "year": year,
        "rows": [
            (town, statement, problems_told(statement["problems"]), hashes[town.code],
             town.since.lines() if town.since else [])
            for town, statement in towns
        ],
        "confirmed": sum(town.state == "current" for town, _ in towns),
        "freeze": freeze,
        "freeze_current": _still_so(actor, freeze, hashes, year),
        "may_confirm": actor.may(CONFIRM_LAND_USE),
        "may_freeze": actor.may(COMPUTE) and actor.town_codes is None,
        "may_export": actor.may(EXPORT_DATA),
        "query": f"year={year}",
    }  # fmt: skip
    return render(request, "parcels/firm_desk/confirmations.html", context)


@right_required(EXPORT_DATA)
@require_GET
def confirmations_xlsx(request: HttpRequest) -> HttpResponse:
    county, actor = current_county(), request_actor(request)
    actor.require(VIEW_MAP)
    year = valid(YearForm(with_year(request, county))).cleaned_data["year"]
    return download(confirmations_book(county, actor, year, _towns(county, actor, year)))


@right_required(CONFIRM_LAND_USE)
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """The town's word."""
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        return back_with(request, told(form), "land-use-confirmations")
    stated = form.cleaned_data
    where = _address(stated["year"])
    try:
        confirm_town(
            county=current_county(), actor=request_actor(request), town_code=stated["town"], year=stated["year"],
            seen_sha256=stated["sha256"], note=stated["note"],
        )  # fmt: skip
    except LandgisError as error:
        return back_with(request, error, where)
    messages.success(request, _("已确认本镇街的企业用地。"))
    return redirect(where)


@right_required(COMPUTE)
@require_POST
def freeze(request: HttpRequest) -> HttpResponse:
    """Close the year for evaluation."""
    form = FreezeForm(request.POST)
    if not form.is_valid():
        return back_with(request, told(form), "land-use-confirmations")
    year = form.cleaned_data["year"]
    try:
        freeze_year(
            county=current_county(),
            actor=request_actor(request),
            year=year,
            override=form.cleaned_data["override"],
        )
    except LandgisError as error:
        return back_with(request, error, _address(year))
    messages.success(request, _("已冻结 %(year)s 年企业用地。") % {"year": year})
    return redirect(_address(year))


def _towns(county: County, actor: Actor, year: int) -> list[tuple[TownState, dict[str, Any]]]:
    def worked_out() -> list[tuple[TownState, dict[str, Any]]]:
        towns = town_states(county, actor, year)
        told_of = statements(county, actor, year, towns)
        return [(town, told_of[town.code]) for town in towns]

    return kept("land_use_towns", (county.code, actor.town_codes, year), worked_out)


def _hashes(county: County, actor: Actor, year: int) -> dict[str, str]:
    """Town → what its word would be given to."""

    def worked_out() -> dict[str, str]:
        return {town.code: fingerprint(town.code, year, town.uses) for town, _ in _towns(county, actor, year)}

    return kept("land_use_hashes", (county.code, actor.town_codes, year), worked_out)


def _still_so(actor: Actor, freeze: Any, hashes: Mapping[str, str], year: int) -> bool | None:
    """Whether nothing changed since the freeze; None where there is none, or for one who sees some towns only."""
    if freeze is None or actor.town_codes is not None:
        return None
    towns = [{"code": code, "sha256": sha256} for code, sha256 in hashes.items()]
    return bool(freeze_hash(towns, year) == freeze.sha256)


def _address(year: int) -> str:
    return f"{reverse('land-use-confirmations')}?year={year}"
