"""The addresses of the register's past: a parcel's descent, and the days on which anything happened.

Refuses everybody without the right to view the map.
"""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, P, PathEx, Router, Schema

from landgis.access.rules import VIEW_MAP
from landgis.access.views import request_actor
from landgis.counties.queries import current_county
from parcels.editing.file_views import AttachmentOut
from parcels.editing.schemas import DocumentIn
from parcels.workspace import schemas
from parcels.workspace.filters import Code
from parcels.workspace.history import lineage_of, map_days

router = Router(tags=["workspace"])
OfParcel = PathEx[Code, P(title="宗地代码")]
problems: dict[int, Any] = dict.fromkeys((401, 403, 404, 422), schemas.ProblemOut)


class LineageEventOut(Schema):
    id: int = Field(title="事件编号")
    change_id: int = Field(title="变更编号")
    kind: str = Field(title="种类代码")
    title: str = Field(title="种类")
    on: date = Field(title="生效日期")
    recorded_at: datetime = Field(title="登记时间")
    by: str = Field(title="经办人")
    reason: str = Field(title="原因")
    document: DocumentIn = Field(title="依据文件")
    parents: list[str] = Field(title="变更前的宗地")
    children: list[str] = Field(title="变更后的宗地")
    others: list[str] = Field(title="一并变动的其他宗地（批量变更只列一部分）")
    warnings_reason: str = Field(title="接受提示的理由")
    attachments: list[AttachmentOut] = Field(title="附件")
    reversible: bool = Field(title="是否可以撤销")
    reversed_by: int | None = Field(title="撤销它的变更编号")


class RelativeOut(Schema):
    code: str = Field(title="宗地代码")
    valid_from: date = Field(title="起始日期")
    valid_to: date | None = Field(title="终止日期（不含）")
    generation: int = Field(title="相隔代数")
    geometry: schemas.GeoJson = Field(title="图形（GeoJSON，EPSG:4490，经度在前）")


class PastVersionOut(Schema):
    valid_from: date = Field(title="起始日期")
    valid_to: date | None = Field(title="终止日期（不含）")
    version: int = Field(title="版本")
    planar_area_m2: float = Field(title="图形面积（㎡）")
    event_kind: str = Field(title="形成该状态的事件种类（空为导入）")
    geometry: schemas.GeoJson = Field(title="图形（GeoJSON，EPSG:4490，经度在前）")


class LineageOut(Schema):
    code: str = Field(title="宗地代码")
    events: list[LineageEventOut] = Field(title="事件，新的在前")
    ancestors: list[RelativeOut] = Field(title="来源宗地")
    descendants: list[RelativeOut] = Field(title="后续宗地")
    versions: list[PastVersionOut] = Field(title="历次状态")


class DayOut(Schema):
    on: date = Field(title="日期")
    events: int = Field(title="事件数")


class DaysOut(Schema):
    first: date | None = Field(title="最早的日期")
    last: date | None = Field(title="最近的日期")
    days: list[DayOut] = Field(title="有事件的日期")


@router.get("/parcels/{code}/lineage", response={200: LineageOut, **problems}, summary="一宗地的来龙去脉")
def show_lineage(request: HttpRequest, code: OfParcel) -> dict[str, Any]:
    actor = request_actor(request)
    actor.require(VIEW_MAP)
    return lineage_of(current_county(actor.county_code), actor, code)


@router.get("/cadastre/dates", response={200: DaysOut, **problems}, summary="地籍、台账和控制线有变动的日期")
def show_dates(request: HttpRequest) -> dict[str, Any]:
    actor = request_actor(request)
    actor.require(VIEW_MAP)
    return map_days(actor)
