"""What a drawn ground would come to, told while it is being drawn: for a new project, and for a claim of one.

Refuses to write anything; what the domain refuses is told in the answer, as it would be when the form is sent.
"""

from __future__ import annotations

from typing import Any

import shapely
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from landgis.access.rules import MANAGE_CAMPAIGNS
from landgis.access.views import request_actor, right_required
from landgis.counties.models import County
from landgis.counties.queries import current_county
from landgis.lib.errors import InputError, LandgisError
from landgis.lib.http import refusal
from landgis.lib.units import display_mu
from parcels.cadastre.sketching import guide
from parcels.campaigns.claims import area_m2, credited
from parcels.campaigns.credit_actions import holders_of, preview_credit
from parcels.campaigns.ground import ground_of, sliver_m2
from parcels.campaigns.models import Project
from parcels.campaigns.placing import split_by_town
from parcels.campaigns.queries import held_near
from parcels.campaigns.rules import LEDGERS
from parcels.disposal.case_views import asked_day
from parcels.ledgers.ground_input import given_ground

MOST_GUIDES = 300


@right_required(MANAGE_CAMPAIGNS)
@require_POST
def new_ground(request: HttpRequest) -> JsonResponse:
    """A new project's ground: its area, its town, and what of it the ledger could still credit."""
    county, ledger = current_county(), request.POST.get("ledger", "")
    try:
        request_actor(request).require_whole_county(MANAGE_CAMPAIGNS)
        ground = ground_of(county, [], _drawn(request, county))
        told = [_("范围 %(area)s。") % {"area": _area(area_m2(ground))}]
        names = dict(county.towns.values_list("code", "name"))
        sliver = sliver_m2(county, timezone.localdate())
        (town_code, _piece), *others = split_by_town(county, ground, sliver_m2=sliver, otherwise="")
        told.append(_("主要所在镇街：%(town)s。") % {"town": names.get(town_code, "—")})
        if others:
            shown = "、".join(names.get(code, "—") for code, _shape in others)
            told.append(_("另涉及：%(towns)s。") % {"towns": shown})
        if ledger in LEDGERS:
            told += _creditable(county, ledger, ground)
    except LandgisError as error:
        return _refused(error)
    return JsonResponse({"told": told})


@right_required(MANAGE_CAMPAIGNS)
@require_POST
def claim_ground(request: HttpRequest, project_id: int) -> JsonResponse:
    """A claim of a project on a part of its ground: what would be credited, and who holds the rest."""
    county = current_county()
    try:
        shares = preview_credit(
            county=county,
            actor=request_actor(request),
            project_id=project_id,
            on=asked_day(request.POST.get("on")),
            claim_4490=_drawn(request, county),
        )
    except LandgisError as error:
        return _refused(error)
    told = [
        _("申报 %(area)s。") % {"area": _area(sum(one.found.claimed_m2 for one in shares))},
        _("可入账 %(area)s。") % {"area": _area(sum(one.found.area_m2 for one in shares))},
        *(_held(one["project_no"], one["area_m2"]) for one in holders_of(shares)),
    ]
    return JsonResponse({"told": told})


def guides_of(county: County, project: Project) -> list[dict[str, Any]]:
    """The project's ground and what the ledger has credited near it."""
    ground = shapely.from_wkb(bytes(project.geom_4490.wkb))
    held = held_near(county, project.ledger, timezone.localdate(), ground)[:MOST_GUIDES]
    return [
        guide(ground, "ground", project.project_no),
        *(guide(shape, "held", row.project.project_no) for row, shape in held),
    ]


def _creditable(county: County, ledger: str, ground: shapely.Geometry) -> list[str]:
    today = timezone.localdate()
    held = held_near(county, ledger, today, ground)
    found = credited(ground, [(row.pk, shape) for row, shape in held], sliver_m2=sliver_m2(county, today))
    names = {row.pk: row.project.project_no for row, _shape in held}
    told = _("完成后最多可计入%(ledger)s台账 %(area)s。") % {
        "ledger": LEDGERS[ledger],
        "area": _area(found.area_m2),
    }
    return [told, *(_held(names[number], m2) for number, m2 in found.held)]


def _drawn(request: HttpRequest, county: County) -> shapely.Geometry:
    drawn = given_ground(request, request.POST.get("ground_text", ""), county)
    if drawn is None:
        raise InputError("ground_missing", _("还没有绘制范围。"), _("请先绘制。"), field="ground_text")
    return drawn


def _held(project_no: str, m2: float) -> str:
    return _("%(no)s 已占 %(area)s。") % {"no": project_no, "area": _area(m2)}


def _area(m2: float) -> str:
    return f"{display_mu(m2)} 亩（{m2:,.2f} ㎡）"


def _refused(error: LandgisError) -> JsonResponse:
    return JsonResponse(refusal(error), status=error.status)
