"""What the map's business layers ask beside their tiles: one feature's card, and which cases are overdue.

Refuses everybody without the right to view the map; a feature of another town isn't found.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, P, PathEx, Query, Router, Schema

from landgis.access.queries import Actor
from landgis.access.rules import VIEW_MAP
from landgis.access.views import request_actor
from landgis.counties.queries import current_county
from landgis.lib.words import words_for
from layers.catalog import registry
from layers.catalog.cards import card_of
from layers.catalog.rows import Question
from parcels.disposal.deadlines import overdue_cases
from parcels.workspace import schemas
from parcels.workspace.filters import Code, Day

router = Router(tags=["workspace"])
OfCollection = PathEx[Code, P(title="图层代码")]
OfFeature = PathEx[int, P(title="要素编号", ge=0, le=2**62)]
problems: dict[int, Any] = dict.fromkeys((401, 403, 404, 422), schemas.ProblemOut)


class DayIn(Schema):
    on: Day = Field(None, title="日期（空为现状）")


class FactOut(Schema):
    title: str = Field(title="名称")
    value: str = Field(title="内容")


class CardOut(schemas.Worded):
    collection: str = Field(title="图层代码")
    id: int = Field(title="要素编号")
    kind: str = Field(title="图层名称")
    title: str = Field(title="标题")
    facts: list[FactOut] = Field(title="信息")
    page: str = Field(title="详细页面的地址")
    geometry: schemas.GeoJson | None = Field(title="图形（GeoJSON，EPSG:4490，经度在前）")


class OverdueOut(Schema):
    on: date = Field(title="日期")
    cases: list[str] = Field(title="有步骤逾期的案件")


@router.get(
    "/map/cards/{collection}/{feature}",
    response={200: CardOut, **problems},
    summary="业务图层上一个要素的信息",
)
def show_card(
    request: HttpRequest, collection: OfCollection, feature: OfFeature, wanted: Query[DayIn]
) -> dict[str, Any]:
    question = Question(registry.get(collection), _actor(request), _day(wanted))
    card = card_of(question, feature)
    return card | {"words": words_for([card["kind"], card["facts"]])}


@router.get(
    "/map/overdue-cases", response={200: OverdueOut, **problems}, summary="某日有步骤逾期的闲置土地案件"
)
def show_overdue(request: HttpRequest, wanted: Query[DayIn]) -> dict[str, Any]:
    actor, on = _actor(request), _day(wanted)
    return {"on": on, "cases": overdue_cases(current_county(actor.county_code), actor, on)}


def _actor(request: HttpRequest) -> Actor:
    actor = request_actor(request)
    actor.require(VIEW_MAP)
    return actor


def _day(wanted: DayIn) -> date:
    today = timezone.localdate()
    return min(wanted.on or today, today)
