"""The addresses that the map asks: workspace, parcels, one parcel, a drawn polygon, districts.

Refuses everybody without the right to view the map; who may see what is decided by the queries behind.
"""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema
from pydantic import StringConstraints

from landgis.access.queries import Actor
from landgis.access.rules import VIEW_MAP
from landgis.access.views import request_actor
from landgis.counties.models import County
from landgis.counties.queries import current_county
from landgis.lib.errors import InputError
from parcels.evaluation.polygon import indicators_of_polygon, polygon_4490
from parcels.evaluation.queries import newest_run, newest_year
from parcels.idle_land.queries import latest_screening
from parcels.workspace import schemas
from parcels.workspace.detail import parcel_detail
from parcels.workspace.listing import Bbox, Wanted, parcels_page
from parcels.workspace.queries import districts_geojson, workspace

router = Router(tags=["workspace"])
problems: dict[int, Any] = dict.fromkeys((401, 403, 404, 422), schemas.ProblemOut)

# PostgreSQL's text has no NUL: a search for one is refused here rather than by the database.
Text = Annotated[str, StringConstraints(max_length=100, pattern=r"^[^\x00]*$")]
Code = Annotated[str, StringConstraints(max_length=60, pattern=r"^[^\x00]*$")]
Year = Annotated[int | None, Field(ge=1990, le=2200)]
Tax = Annotated[float | None, Field(allow_inf_nan=False)]


class ParcelsIn(Schema):
    q: Text = Field("", title="宗地代码开头，或坐落、权利人的一部分")
    town: Code = Field("", title="镇街代码")
    finding: Literal[
        "", "idle_not_started", "idle_stopped", "overdue", "underinvested", "undetermined", "clear"
    ] = Field("", title="闲置筛查结论")
    land_class: Code = Field("", title="地类编码")
    min_tax_per_mu: Tax = Field(None, title="亩均税收下限（含，万元/亩）")
    max_tax_per_mu: Tax = Field(None, title="亩均税收上限（不含，万元/亩）")
    bbox: Code = Field("", title="范围：西,南,东,北（度）")
    year: Year = Field(None, title="亩均税收的年度")
    sort: Code = Field("code", title="排序：code、area_mu、tax_per_mu、town，前加“-”为降序")
    page: int = Field(1, ge=1, le=100_000, title="页码")
    page_size: int = Field(50, ge=1, le=500, title="每页行数")


@router.get(
    "/workspace", response={200: schemas.WorkspaceOut, **problems}, summary="工作台：县域、人员、年度与合计"
)
def show_workspace(request: HttpRequest) -> dict[str, Any]:
    county, actor = _who(request)
    return workspace(county, actor)


@router.get("/parcels", response={200: schemas.ParcelPageOut, **problems}, summary="宗地列表")
def list_parcels(request: HttpRequest, wanted: Query[ParcelsIn]) -> dict[str, Any]:
    county, actor = _who(request)
    year = _year(county, wanted.year)
    run = newest_run(county.code, year) if year is not None else None
    screening = latest_screening(county.code)
    total, area_mu, items = parcels_page(
        actor,
        Wanted(
            q=wanted.q.strip(),
            town=wanted.town,
            finding=wanted.finding,
            land_class=wanted.land_class,
            min_tax_per_mu=wanted.min_tax_per_mu,
            max_tax_per_mu=wanted.max_tax_per_mu,
            bbox_4490=_bbox(wanted.bbox),
            sort=wanted.sort,
            page=wanted.page,
            page_size=wanted.page_size,
        ),
        run_id=run.pk if run else None,
        screening_id=screening.pk if screening else None,
    )
    return {"total": total, "area_mu": area_mu, "page": wanted.page, "year": year, "items": items}


@router.get(
    "/parcels/{code}", response={200: schemas.ParcelDetailOut, **problems}, summary="一宗地的全部信息"
)
def show_parcel(request: HttpRequest, code: Code, year: Year = None) -> dict[str, Any]:
    county, actor = _who(request)
    return parcel_detail(county, actor, code, _year(county, year))


@router.post(
    "/indicators/polygon", response={200: schemas.PolygonOut, **problems}, summary="任意范围的亩均指标"
)
def polygon_indicators(request: HttpRequest, asked: schemas.PolygonIn) -> dict[str, Any]:
    county, actor = _who(request)
    shape = polygon_4490(asked.geometry, county)
    year = _year(county, asked.year)
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
    }


@router.get("/districts/{kind}", response={200: schemas.FeaturesOut, **problems}, summary="镇街或平台的范围")
def show_districts(request: HttpRequest, kind: Code) -> dict[str, Any]:
    _, actor = _who(request)
    return districts_geojson(actor, kind)


def _who(request: HttpRequest) -> tuple[County, Actor]:
    actor = request_actor(request)
    actor.require(VIEW_MAP)
    return current_county(actor.county_code), actor


def _year(county: County, asked: int | None) -> int | None:
    return asked if asked is not None else newest_year(county.code)


def _bbox(text: str) -> Bbox | None:
    if not text:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise _wrong_bbox() from None
    # Mercator ends short of the poles; comparisons with NaN are false.
    if not (-180 <= west < east <= 180 and -85 <= south < north <= 85):
        raise _wrong_bbox()
    return west, south, east, north


def _wrong_bbox() -> InputError:
    return InputError(
        "bbox_invalid",
        "参数“bbox”应为“西,南,东,北”四个数（度）。",
        "例如 120.0,29.2,120.1,29.3。",
        field="bbox",
    )
