"""The addresses of the editing engine: exact parcels, preview, saved change sets and their reversal, presence.

Answers full of vertices are written as they are: passing each through its schema takes longer than making it; a test
holds them to it.
Refuses everybody without the right to edit the cadastre for whatever writes; a change of one parcel needs its ETag.
"""

import re
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Field, P, PathEx, Query, Router, Schema, Status
from pydantic import StringConstraints

from landgis.access.queries import Actor
from landgis.access.rules import EDIT_CADASTRE, VIEW_MAP
from landgis.access.views import request_actor
from landgis.counties.models import County
from landgis.counties.queries import current_county
from landgis.lib.boxes import Box, NotABox, read_box
from landgis.lib.collector import collector_paused
from landgis.lib.errors import InputError, LandgisError
from parcels.editing import actions, answers, schemas
from parcels.editing.change_sets import change_set, change_sets
from parcels.editing.exact import MOST, exact_parcels
from parcels.editing.presence import report
from parcels.editing.schemas import NO_NUL

router = Router(tags=["editing"])
problems: dict[int, Any] = {
    **dict.fromkeys((401, 403, 404, 409, 422), answers.RefusedOut),
    412: answers.ConflictsOut,
}

Codes = Annotated[str, StringConstraints(max_length=100_000, pattern=NO_NUL)]
Code = Annotated[str, StringConstraints(max_length=60, pattern=NO_NUL)]
Numbers = Annotated[str, StringConstraints(max_length=120, pattern=NO_NUL)]  # four, with all their digits
OfParcel = PathEx[Code, P(title="宗地代码")]
OfChange = PathEx[int, P(title="变更编号")]
ETAG = re.compile(r'"(\d{1,18})"')


class IfMatchMissing(LandgisError):
    """A parcel is changed only by whoever says which version of it they saw."""

    status = 428
    code = "if_match_missing"

    def __init__(self) -> None:
        super().__init__(
            "修改宗地须在 If-Match 请求头中写明所见版本的 ETag。",
            remedy='请先读取该宗地，把响应头 ETag（例如 "1024"）原样放入 If-Match 后重试。',
        )


class ExactIn(Schema):
    codes: Codes = Field("", title="宗地代码，以逗号分隔")
    bbox: Numbers = Field("", title="范围：最小东、最小北、最大东、最大北（米，测绘坐标系）")


class ChangeSetsIn(Schema):
    parcel: Code = Field("", title="宗地代码")
    page: int = Field(1, ge=1, le=100_000, title="页码")
    page_size: int = Field(50, ge=1, le=500, title="每页行数")


@router.get(
    "/editing/parcels", response={200: answers.ExactParcelsOut, **problems}, summary="编辑用的精确图形"
)
def show_exact(request: HttpRequest, wanted: Query[ExactIn]) -> JsonResponse:
    county, actor = _who(request, VIEW_MAP)
    codes = list(dict.fromkeys(code for part in wanted.codes.split(",") if (code := part.strip())))
    if len(codes) > MOST:
        raise InputError("too_many_parcels", f"一次最多读取 {MOST} 宗。", "请分几次读取。", field="codes")
    with collector_paused():
        return JsonResponse(exact_parcels(county, actor, codes=codes, bbox_survey=_bbox(wanted.bbox)))


@router.post(
    "/editing/preview", response={200: answers.ChangeSetOut, **problems}, summary="预览变更：结果与检查"
)
def preview_change_set(request: HttpRequest, sent: schemas.ChangeSetIn) -> JsonResponse:
    county, actor = _who(request, EDIT_CADASTRE)
    return JsonResponse(actions.preview(county, actor, sent))


@router.post("/change-sets", response={201: answers.SavedOut, **problems}, summary="保存变更（全部或全不）")
def save_change_set(
    request: HttpRequest, response: HttpResponse, sent: schemas.ChangeSetIn
) -> Status[dict[str, Any]]:
    county, actor = _who(request, EDIT_CADASTRE)
    saved = actions.save(county, actor, sent)
    response["ETag"] = etag(saved.change_id)
    return Status(201, saved.body)


@router.get("/change-sets", response={200: answers.ChangeSetsOut, **problems}, summary="变更列表，新的在前")
def list_change_sets(request: HttpRequest, wanted: Query[ChangeSetsIn]) -> dict[str, Any]:
    county, actor = _who(request, VIEW_MAP)
    return change_sets(county, actor, page=wanted.page, page_size=wanted.page_size, parcel=wanted.parcel)


@router.get(
    "/change-sets/{int:change_id}", response={200: answers.ChangeSetDetailOut, **problems}, summary="一次变更"
)
def show_change_set(request: HttpRequest, change_id: OfChange) -> dict[str, Any]:
    county, actor = _who(request, VIEW_MAP)
    return change_set(county, actor, change_id)


@router.post(
    "/change-sets/{int:change_id}/reverse",
    response={201: answers.SavedOut, **problems},
    summary="撤销一次变更",
)
def reverse_change_set(
    request: HttpRequest, response: HttpResponse, change_id: OfChange, sent: schemas.ReverseIn
) -> Status[dict[str, Any]]:
    county, actor = _who(request, EDIT_CADASTRE)
    saved = actions.reverse(county, actor, change_id, reason=sent.reason, document=sent.document, on=sent.on)
    response["ETag"] = etag(saved.change_id)
    return Status(201, saved.body)


@router.post(
    "/editing/presence", response={200: answers.PresenceOut, **problems}, summary="报告正在编辑的宗地"
)
def report_presence(request: HttpRequest, sent: schemas.PresenceIn) -> dict[str, Any]:
    county, actor = _who(request, EDIT_CADASTRE)
    return {"editors": report(county, actor, sent.parcels)}


def patch_parcel(
    request: HttpRequest, response: HttpResponse, code: OfParcel, sent: schemas.ParcelPatchIn
) -> dict[str, Any]:
    """PATCH /parcels/{code}: registered beside its GET, in the workspace's router."""
    county, actor = _who(request, EDIT_CADASTRE)
    saved = actions.patch(county, actor, code, sent, seen=_versions_seen(request))
    response["ETag"] = etag(saved.change_id)
    return saved.body


def etag(version: int) -> str:
    return f'"{version}"'


def _versions_seen(request: HttpRequest) -> list[int]:
    """What If-Match names: strong tags only; `*` would match whatever stands, which is no version that anyone saw."""
    stated = request.headers.get("If-Match", "")
    tags = [part.strip() for part in stated.split(",") if part.strip()]
    found = [int(match[1]) for part in tags if (match := ETAG.fullmatch(part))]
    if not found:
        raise IfMatchMissing
    return found


def _who(request: HttpRequest, right: str) -> tuple[County, Actor]:
    actor = request_actor(request)
    actor.require(right)
    return current_county(actor.county_code), actor


def _bbox(text: str) -> Box | None:
    farthest = schemas.FARTHEST_M
    try:
        return read_box(text, within=(-farthest, -farthest, farthest, farthest))
    except NotABox:
        raise InputError(
            "bbox_invalid",
            "参数“bbox”应为“最小东,最小北,最大东,最大北”四个数（米）。",
            "例如 500000,3240000,501000,3241000。",
            field="bbox",
        ) from None
