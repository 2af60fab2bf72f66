"""The addresses that the map asks: workspace, parcels, one parcel, a drawn polygon, districts.

Refuses everybody without the right to view the map; who may see what is decided by the queries behind.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from ninja import Field, P, PathEx, Query, Router, Schema
from pydantic import ConfigDict

from landgis.access.queries import Actor
from landgis.access.rules import VIEW_MAP
from landgis.access.views import request_actor
from landgis.counties.models import County
from landgis.counties.queries import current_county
from landgis.lib.errors import InputError
from landgis.lib.words import words_for
from parcels.editing import answers
from parcels.editing.views import etag, patch_parcel
from parcels.evaluation.polygon import indicators_of_polygon, polygon_4490
from parcels.workspace import schemas
from parcels.workspace.detail import parcel_detail
from parcels.workspace.filters import Code, Day, FilterIn, Year, computed, wanted_of, year_of
from parcels.workspace.listing import parcels_page
from parcels.workspace.queries import districts_geojson, workspace

router = Router(tags=["workspace"])
OfParcel = PathEx[Code, P(title="宗地代码")]
OfKind = PathEx[Code, P(title="区域种类：town 镇街、platform 平台")]
IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "required": True,
    "schema": {"type": "string", "title": '所见版本的 ETag，例如 "1024"'},
}
problems: dict[int, Any] = dict.fromkeys((401, 403, 404, 422), schemas.ProblemOut)


class ParcelsIn(FilterIn):
    model_config = ConfigDict(extra="ignore")

    sort: Code = Field("code", title="排序：code、area_mu、tax_per_mu、town，前加“-”为降序")
    page: int = Field(1, ge=1, le=100_000, title="页码")
    page_size: int = Field(50, ge=1, le=500, title="每页行数")
    on: Day = Field(None, title="日期（空为现状）")


class ParcelIn(Schema):
    year: Year = Field(None, title="亩均指标的年度（空为最近一年）")
    on: Day = Field(None, title="日期（空为现状）")


@router.get(
    "/workspace", response={200: schemas.WorkspaceOut, **problems}, summary="工作台：县域、人员、年度与合计"
)
def show_workspace(request: HttpRequest) -> dict[str, Any]:
    county, actor = _who(request)
    shown = workspace(county, actor)
    return shown | {"words": words_for([shown["land_classes"], shown["actor"]["role_titles"]])}


@router.get("/parcels", response={200: schemas.ParcelPageOut, **problems}, summary="宗地列表")
def list_parcels(request: HttpRequest, wanted: Query[ParcelsIn]) -> dict[str, Any]:
    county, actor = _who(request)
    year = year_of(county, wanted.year)
    total, area_mu, items = parcels_page(
        actor,
        wanted_of(wanted, sort=wanted.sort, page=wanted.page, page_size=wanted.page_size, on=wanted.on),
        **computed(county, year),
    )
    return {"total": total, "area_mu": area_mu, "page": wanted.page, "year": year, "items": items}


@router.get(
    "/parcels/{code}", response={200: schemas.ParcelDetailOut, **problems}, summary="一宗地的全部信息"
)
def show_parcel(
    request: HttpRequest, response: HttpResponse, code: OfParcel, wanted: Query[ParcelIn]
) -> dict[str, Any]:
    county, actor = _who(request)
    shown = parcel_detail(county, actor, code, year_of(county, wanted.year), wanted.on)
    # The tag says which version an edit has seen; in another language the facts are the same ones.
    response["ETag"] = etag(shown["version"])
    patch_vary_headers(response, ("Cookie",))
    told = {name: value for name, value in shown.items() if name != "geometry"}
    return shown | {"words": words_for(told)}


# One address has one router: what PATCH does stands in the editing room.
router.patch(
    "/parcels/{code}",
    response={200: answers.SavedOut, 412: answers.ConflictsOut, 428: schemas.ProblemOut, **problems},
    summary="修改一宗地（须带 If-Match）",
    openapi_extra={"parameters": [IF_MATCH]},
)(patch_parcel)


@router.post(
    "/indicators/polygon", response={200: schemas.PolygonOut, **problems}, summary="任意范围的亩均指标"
)
def polygon_indicators(request: HttpRequest, asked: schemas.PolygonIn) -> dict[str, Any]:
    county, actor = _who(request)
    shape = polygon_4490(asked.geometry, county)
    year = year_of(county, asked.year)
    if year is None:
        raise InputError(
            "returns_missing", "还没有任何年度的企业数据。", "请先导入企业年度报表。", field="year"
        )
    found = indicators_of_polygon(county, actor, shape, year)
    return {
        "land_mu": found.land_mu,
        "parcels": found.parcels,
        "firms": found.firms,
        "year": year,
        "indicators": found.indicators,
        "words": words_for(found.indicators),
    }


@router.get(
    "/districts/{kind}",
    response={200: schemas.FeaturesOut, **problems},
    summary="镇街或平台的范围",
    exclude_unset=True,
)
def show_districts(request: HttpRequest, kind: OfKind) -> dict[str, Any]:
    _, actor = _who(request)
    return districts_geojson(actor, kind)


def _who(request: HttpRequest) -> tuple[County, Actor]:
    actor = request_actor(request)
    actor.require(VIEW_MAP)
    return current_county(actor.county_code), actor
