"""The map's tool for clusters: find with other limits, pick parcels, see what they come to, confirm.

Refuses whoever may not manage the campaigns of the whole county; the tax of a cluster is told only to those cleared for it.
"""

from __future__ import annotations

import json
from typing import Any

import shapely
from django import forms
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from landgis.access.rules import MANAGE_CAMPAIGNS, VIEW_FIRM_FIGURES
from landgis.access.views import request_actor, right_required
from landgis.counties.queries import current_county
from landgis.lib.errors import FieldErrors, LandgisError
from parcels.clusters import picking, queries
from parcels.clusters.forms import FindOnMapForm, FormOnMapForm, PickOnMapForm
from parcels.clusters.grouping import Cluster as FoundCluster
from parcels.clusters.rules import WAYS

MOST_SHOWN = 300
DECIMALS = 7


@right_required(MANAGE_CAMPAIGNS)
@require_GET
def begin(request: HttpRequest) -> JsonResponse:
    """The county's limits of today, whether the person may state a tax of their own, and the ways to choose from."""
    limits = queries.county_limits(current_county(), timezone.localdate())
    may_state_tax = request_actor(request).may(VIEW_FIRM_FIGURES)
    return JsonResponse({"limits": limits.as_json(), "may_state_tax": may_state_tax, "ways": list(WAYS)})


@right_required(MANAGE_CAMPAIGNS)
@require_POST
def find(request: HttpRequest) -> JsonResponse:
    """The clusters with the limits asked for, the largest first."""
    county, actor = current_county(), request_actor(request)
    try:
        asked = _valid(FindOnMapForm(request.POST))
        found = picking.found_now(county, actor, on=timezone.localdate(), **asked)
    except LandgisError as error:
        return _refused(error)
    names, cleared = queries.town_names(county), actor.may(VIEW_FIRM_FIGURES)
    return JsonResponse(
        {
            "inefficient_parcels": found.parcels,
            "total": len(found.clusters),
            "clusters": [
                _figures(one, names, cleared) | {"codes": list(one.codes), "hull": _shape(one.hull_4490)}
                for one in found.clusters[:MOST_SHOWN]
            ],
        }
    )


@right_required(MANAGE_CAMPAIGNS)
@require_POST
def measure(request: HttpRequest) -> JsonResponse:
    """What the picked parcels come to as one cluster."""
    county, actor = current_county(), request_actor(request)
    try:
        asked = _valid(PickOnMapForm(request.POST))
        one = picking.picked(county, actor, on=timezone.localdate(), **asked)
    except LandgisError as error:
        return _refused(error)
    figures = _figures(one.found, queries.town_names(county), actor.may(VIEW_FIRM_FIGURES))
    return JsonResponse(
        figures
        | {
            "hull": _shape(one.found.hull_4490),
            "pieces": one.pieces,
            "elsewhere": [{"code": code, "cluster_no": number} for code, number in one.elsewhere],
        }
    )


@right_required(MANAGE_CAMPAIGNS)
@require_POST
def confirm(request: HttpRequest) -> JsonResponse:
    """Confirm a cluster of just the picked parcels."""
    county, actor = current_county(), request_actor(request)
    try:
        asked = _valid(FormOnMapForm(request.POST))
        made = picking.form_cluster(county=county, actor=actor, on=timezone.localdate(), **asked)
    except LandgisError as error:
        return _refused(error)
    return JsonResponse(
        {
            "id": made.pk,
            "cluster_no": made.cluster_no,
            "page": reverse("cluster", args=[made.pk]),
            "project": f"{reverse('project-new')}?cluster={made.pk}",
        }
    )


def _figures(one: FoundCluster, names: dict[str, str], cleared: bool) -> dict[str, Any]:
    return {"parcels": len(one.codes), **queries.figures_of(one, names, cleared=cleared)}


def _shape(shape_4490: shapely.Geometry) -> dict[str, Any]:
    cut = shapely.transform(shape_4490, lambda xy: xy.round(DECIMALS))
    told: dict[str, Any] = json.loads(shapely.to_geojson(cut))
    return told


def _valid(form: forms.Form) -> dict[str, Any]:
    if form.is_valid():
        return form.cleaned_data
    raise FieldErrors(
        [
            {"field": name, "code": "value_invalid", "message": f"{_label(form, name)}：{errors[0]}"}
            for name, errors in form.errors.items()
        ]
    )


def _label(form: forms.Form, name: str) -> str:
    return str(form.fields[name].label) if name in form.fields else str(_("表单"))


def _refused(error: LandgisError) -> JsonResponse:
    return JsonResponse(error.as_json(), status=error.status)
