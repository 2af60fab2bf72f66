"""The targets in parts on screen: handed down to towns, divided by year, and what the parts were before.

Refuses what lies outside the actor's towns; what the domain refuses is told on the page where it was asked for.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from landgis.access.queries import Actor
from landgis.access.rules import MANAGE_CAMPAIGNS, VIEW_MAP
from landgis.access.views import request_actor, right_required
from landgis.counties.models import County, Target
from landgis.counties.queries import current_county
from landgis.lib.errors import LandgisError, NotFound
from parcels.campaigns.rules import TARGET_KEYS, YEARLY_KEYS
from parcels.campaigns.target_actions import divide_by_year, hand_down
from parcels.campaigns.targets import target_titles
from parcels.disposal.case_views import asked_day
from parcels.ledgers import queries
from parcels.ledgers.forms import PartsForm
from parcels.ledgers.views import may_manage

TOWNS, YEARS = "towns", "years"


@right_required(VIEW_MAP)
@require_GET
def targets_page(request: HttpRequest) -> HttpResponse:
    """The targets in force on a day, their parts by town and by year, and what the parts were before."""
    return _page(request, {})


@right_required(MANAGE_CAMPAIGNS)
@require_POST
def hand_down_targets(request: HttpRequest, key: str) -> HttpResponse:
    """Hand a target down to towns; the parts have to add up to it."""
    return _divided(request, key, TOWNS)


@right_required(MANAGE_CAMPAIGNS)
@require_POST
def divide_targets(request: HttpRequest, key: str) -> HttpResponse:
    """State the years' parts of a target; they have to add up to it."""
    return _divided(request, key, YEARS)


def _divided(request: HttpRequest, key: str, what: str) -> HttpResponse:
    county, actor, shown = current_county(), request_actor(request), asked_day(request.POST.get("on_day"))
    if key not in target_titles(county, shown):
        raise NotFound("没有这个目标。", remedy="请在目标分解页选择。")
    target, _parts = queries.handed_down(county, key, shown)
    form = PartsForm(request.POST, names=_towns(county) if what == TOWNS else _years(target))
    status = 422
    if form.is_valid():
        told = form.cleaned_data
        given: dict[str, Any] = {"county": county, "actor": actor, "key": key}
        given |= {name: told[name] for name in ("basis", "on", "reason", "backdated")}
        try:
            if what == TOWNS:
                hand_down(parts=form.parts(), **given)
            else:
                divide_by_year(parts={int(year): part for year, part in form.parts().items()}, **given)
        except LandgisError as error:
            form.refuse(error)
            status = error.status
        else:
            done = _("已分解到镇街。") if what == TOWNS else _("已分解到年度。")
            messages.success(request, done)
            return redirect(f"{reverse('campaign-targets')}?on={told['on']}")
    return _page(request, {(key, what): form}, status)


def _page(request: HttpRequest, given: dict[tuple[str, str], PartsForm], status: int = 200) -> HttpResponse:
    county, actor = current_county(), request_actor(request)
    on = asked_day(request.POST.get("on_day") or request.GET.get("on"))
    actor.require(VIEW_MAP)
    found = [
        _section(county, actor, key, title, on, given) for key, title in target_titles(county, on).items()
    ]
    context = {
        "sections": [one for one in found if one["has_target"] or one["ledger"]],
        "on": on,
        "towns": _towns(county),
        "may_manage": may_manage(actor),
        "whole": actor.town_codes is None,
    }
    return render(request, "parcels/ledgers/targets.html", context, status=status)


def _section(
    county: County, actor: Actor, key: str, title: str, on: Any, given: dict[tuple[str, str], PartsForm]
) -> dict[str, Any]:
    target, parts = queries.handed_down(county, key, on)
    years, whole = queries.years_of(county, key, on), actor.town_codes is None
    mine = actor.town_codes
    shown = [part for code, part in parts.items() if mine is None or code in mine]
    return {
        "key": key,
        "title": title,
        "ledger": key in TARGET_KEYS.values(),
        "has_target": target is not None,
        "target": target if whole else None,
        "parts": shown,
        "total": sum(part.value for part in shown),
        "years": list(years.values()) if whole else [],
        "earlier": queries.earlier_parts(county, key) if whole else [],
        "form": given.get((key, TOWNS)) or _form(_towns(county), parts, on),
        "year_form": given.get((key, YEARS)) or _form(_years(target), years, on)
        if target is not None and target.term_end is not None and key not in YEARLY_KEYS
        else None,
    }


def _form(names: dict[str, str], parts: dict[Any, Any], on: Any) -> PartsForm:
    """Filled with the parts of the day, to be changed from there."""
    before = {str(code): f"{part.value.normalize():f}" for code, part in parts.items()}
    basis = next((part.basis for part in parts.values()), "")
    return PartsForm(names=names, initial={**before, "basis": basis, "on": on})


def _towns(county: County) -> dict[str, str]:
    return dict(county.towns.order_by("code").values_list("code", "name"))


def _years(target: Target | None) -> dict[str, str]:
    if target is None or target.term_end is None:
        return {}
    years = range(target.valid_from.year, target.term_end.year + 1)
    return {str(year): _("%(year)s 年") % {"year": year} for year in years}
