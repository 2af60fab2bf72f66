"""The clusters on screen: the list, one cluster with its parcels and picture, and the decisions on it.

Refuses what lies outside the actor's towns; a refusal of the domain is told on the page where it was asked for.
"""

from __future__ import annotations

from typing import Any

import shapely
from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from landgis.access.rules import EXPORT_DATA, MANAGE_CAMPAIGNS, VIEW_FIRM_FIGURES, VIEW_MAP
from landgis.access.views import request_actor, right_required
from landgis.counties.queries import current_county
from landgis.lib.errors import LandgisError, NotFound
from landgis.lib.http import XLSX, download
from landgis.lib.units import display_mu
from parcels.clusters import actions, queries
from parcels.clusters.forms import STATES, AdjustForm, ClusterFilter, ConfirmForm, DismissForm
from parcels.clusters.listing import clusters, parcels_of, workbook
from parcels.clusters.models import Cluster
from parcels.documents.map_picture import location_map

PAGE_SIZE = 50
MOST_DRAWN = 400  # more outlines than this are a blur on the picture
MOST_LABELLED = 8


@right_required(VIEW_MAP)
@require_GET
def list_page(request: HttpRequest) -> HttpResponse:
    """The clusters in force, filtered and paged."""
    county, actor = current_county(), request_actor(request)
    form = ClusterFilter(request.GET, county=county)
    asked = form.cleaned_data if form.is_valid() else {"state": "", "town": "", "q": ""}
    rows = clusters(county, actor, state=asked["state"], town=asked["town"], text=asked["q"].strip())
    towns = queries.town_names(county)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "page": page,
        "rows": [(row, *_shown(row, towns)) for row in page],
        "states": dict(STATES),
        "query": query.urlencode(),
        "may_export": actor.may(EXPORT_DATA),
        "may_see_tax": actor.may(VIEW_FIRM_FIGURES),
    }
    return render(request, "parcels/clusters/list.html", context)


@right_required(EXPORT_DATA)
@require_GET
def list_xlsx(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook."""
    county, actor, on = current_county(), request_actor(request), timezone.localdate()
    actor.require(VIEW_MAP)
    form = ClusterFilter(request.GET, county=county)
    asked = form.cleaned_data if form.is_valid() else {"state": "", "town": "", "q": ""}
    rows = list(clusters(county, actor, state=asked["state"], town=asked["town"], text=asked["q"].strip()))
    return download(
        workbook(county, actor, on, rows), f"{county.name}连片低效工业用地（{on:%Y-%m-%d}）.xlsx", XLSX
    )


@right_required(VIEW_MAP)
@require_GET
def cluster_page(request: HttpRequest, cluster_id: int) -> HttpResponse:
    """One cluster with its figures, its parcels and what may be decided."""
    return _page(request, _cluster(request, cluster_id))


@right_required(VIEW_MAP)
@require_GET
def picture(request: HttpRequest, cluster_id: int) -> HttpResponse:
    """The cluster among the parcels that it holds, as a PNG."""
    cluster = _cluster(request, cluster_id)
    parts = queries.outlines(cluster, MOST_DRAWN)
    content = location_map(
        shapely.from_wkb(bytes(cluster.hull_4490.wkb)),
        title=f"连片 {cluster.cluster_no}",
        survey_crs=cluster.county.survey_crs,
        neighbours_4490=[(shape, code[-5:] if len(parts) <= MOST_LABELLED else "") for code, shape in parts],
        town_4490=queries.town_outline(cluster),
    )
    return HttpResponse(content, content_type="image/png")


@right_required(MANAGE_CAMPAIGNS)
@require_POST
def adjust(request: HttpRequest, cluster_id: int) -> HttpResponse:
    """Other parcels, or a drawn boundary."""
    form = AdjustForm(request.POST)

    def done(given: dict[str, Any]) -> Cluster:
        return actions.adjust_cluster(
            county=current_county(),
            actor=request_actor(request),
            cluster_id=cluster_id,
            parcel_codes=given["parcel_codes"],
            boundary_4490=given["boundary"],
            on=timezone.localdate(),
            reason=given["reason"],
        )

    return _decided(request, cluster_id, "adjust", form, done, _("已调整，各项数字已重新计算。"))


@right_required(MANAGE_CAMPAIGNS)
@require_POST
def confirm(request: HttpRequest, cluster_id: int) -> HttpResponse:
    """The officer's confirmation with its way."""
    form = ConfirmForm(request.POST)

    def done(given: dict[str, Any]) -> Cluster:
        return actions.confirm_cluster(
            county=current_county(),
            actor=request_actor(request),
            cluster_id=cluster_id,
            on=timezone.localdate(),
            **given,
        )

    return _decided(request, cluster_id, "confirm", form, done, _("已确认。"))


@right_required(MANAGE_CAMPAIGNS)
@require_POST
def dismiss(request: HttpRequest, cluster_id: int) -> HttpResponse:
    """The cluster is none."""
    form = DismissForm(request.POST)

    def done(given: dict[str, Any]) -> Cluster:
        return actions.dismiss_cluster(
            county=current_county(),
            actor=request_actor(request),
            cluster_id=cluster_id,
            on=timezone.localdate(),
            **given,
        )

    return _decided(request, cluster_id, "dismiss", form, done, _("已撤销。"))


def _decided(
    request: HttpRequest, cluster_id: int, name: str, form: forms.Form, done: Any, told: str
) -> HttpResponse:
    refused, status = None, 422
    if form.is_valid():
        try:
            done(form.cleaned_data)
        except LandgisError as error:
            refused, status = error, error.status
        else:
            messages.success(request, told)
            return redirect("cluster", cluster_id=cluster_id)
    return _page(request, _cluster(request, cluster_id), {name: form}, refused, status)


def _page(
    request: HttpRequest,
    cluster: Cluster,
    given: dict[str, forms.Form] | None = None,
    refused: LandgisError | None = None,
    status: int = 200,
) -> HttpResponse:
    actor = request_actor(request)
    given = given or {}
    context = {
        "cluster": cluster,
        "shown": _shown(cluster, queries.town_names(cluster.county)),
        "compactness": cluster.ground_m2 / cluster.hull_m2,
        "parcels": [(row, display_mu(row.area_m2)) for row in parcels_of(cluster)],
        "may_decide": actor.may(MANAGE_CAMPAIGNS) and actor.town_codes is None and cluster.valid_to is None,
        "may_see_tax": actor.may(VIEW_FIRM_FIGURES),
        "adjust": given.get("adjust")
        or AdjustForm(initial={"parcel_codes": "\n".join(cluster.parcel_codes)}),
        "confirm": given.get("confirm") or ConfirmForm(initial={"way": cluster.suggested_way}),
        "dismiss": given.get("dismiss") or DismissForm(),
        "refused": refused,
    }
    return render(request, "parcels/clusters/cluster.html", context, status=status)


def _cluster(request: HttpRequest, cluster_id: int) -> Cluster:
    actor = request_actor(request)
    found = Cluster.objects.select_related("county", "run").filter(county_id=actor.county_code, pk=cluster_id)
    if actor.town_codes is not None:
        found = found.filter(town_codes__overlap=list(actor.town_codes))
    cluster = found.first()
    if cluster is None:
        raise NotFound("没有这个连片。", remedy="它可能已被新的查找结果取代，请返回列表。")
    return cluster


def _shown(cluster: Cluster, towns: dict[str, str]) -> tuple[str, str, str]:
    names = "、".join(towns.get(code, code) for code in cluster.town_codes)
    return names, display_mu(cluster.net_m2), display_mu(cluster.hull_m2)
