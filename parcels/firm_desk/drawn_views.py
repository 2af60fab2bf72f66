"""What a use that is being drawn would come to, told beside the drawing.

Refuses to write anything, and parcels of other towns.
"""

from __future__ import annotations

import shapely
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from landgis.access.rules import EDIT_LAND_USE
from landgis.access.views import request_actor, right_required
from landgis.counties.queries import current_county, parameters
from landgis.lib.errors import LandgisError, UsageError
from landgis.lib.http import refusal
from landgis.lib.units import display_mu
from parcels.firm_desk.drawn_use import drawn_use, in_degrees
from parcels.firm_desk.forms import YearForm, told
from parcels.firm_desk.parcel_views import drawn_shape
from parcels.land_use.land import land_of_firms
from parcels.land_use.queries import parcel_ground, shapes_of, uses_of
from parcels.land_use.rules import reference_day


@right_required(EDIT_LAND_USE)
@require_POST
def drawn(request: HttpRequest, pk: int) -> JsonResponse:
    """The drawn part of the parcel's land, what is left of it, and what the drawing runs into; `?use=` is being corrected."""
    county, actor = current_county(), request_actor(request)
    try:
        asked = YearForm(request.POST)
        if not asked.is_valid():
            raise UsageError(told(asked), remedy=_("请返回改正后重试。"))
        year = asked.cleaned_data["year"]
        on, ground = reference_day(year), parcel_ground(county, actor, pk, year)
        shape = shapely.from_wkb(bytes(drawn_shape(request, county, request.POST.get("coordinates", "")).wkb))
    except LandgisError as error:
        return JsonResponse(refusal(error), status=error.status)
    corrected = request.GET.get("use", "")
    every = uses_of(pk)
    own = next((use.enterprise_id for use in every if str(use.pk) == corrected), 0)
    standing = {
        use.pk: use
        for use in every
        if use.valid_from <= on and (use.valid_to is None or use.valid_to > on) and str(use.pk) != corrected
    }
    (parcel,) = in_degrees(county, {0: ground.shape_survey}).values()
    found = drawn_use(shape, parcel, ground.land_m2, in_degrees(county, shapes_of(county, list(standing))))
    least_m2 = float(parameters(county, on)["land_use.overlap_m2"])
    taken_m2 = sum(
        item.parts.net_m2
        for item in land_of_firms(county, actor, year)
        if item.parcel_id == pk and item.enterprise_id != own
    )
    rest_m2 = ground.land_m2 - taken_m2 - found.used_m2
    lines = [
        _("使用面积 %(area)s（按图形占宗地的比例折算宗地面积）。") % {"area": _area(found.used_m2)},
        _("宗地 %(land)s，其他企业已计 %(taken)s，登记后相差 %(rest)s。")
        % {"land": _area(ground.land_m2), "taken": _area(taken_m2), "rest": _area(rest_m2)},
    ]
    if found.outside_m2 > least_m2:
        lines.append(_("有 %(area)s 画在宗地之外，不计入。") % {"area": _area(found.outside_m2)})
    lines += [
        _("与 %(firm)s 的使用范围重叠 %(area)s。")
        % {"firm": standing[use].enterprise.name, "area": _area(m2)}
        for use, m2 in found.shared_m2.items()
        if m2 > least_m2
    ]
    return JsonResponse({"told": lines})


def _area(m2: float) -> str:
    return f"{display_mu(m2)} 亩（{m2:,.2f} ㎡）"
