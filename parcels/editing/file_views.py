"""The addresses for files beside the map: shapes from coordinates and dropped files, papers and photos of parcels.

Refuses to hand a stored file to the browser as anything but a photo, a PDF or a download.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, quote_etag
from ninja import Field, P, PathEx, Query, Router, Schema, Status
from ninja.errors import HttpError
from pydantic import StringConstraints

from landgis.access.queries import Actor
from landgis.access.rules import EDIT_CADASTRE, VIEW_MAP
from landgis.access.views import request_actor
from landgis.counties.models import County
from landgis.counties.queries import current_county
from landgis.lib.errors import InputError, NotFound
from landgis.lib.uploads import MEBIBYTE, uploaded_file
from parcels.cadastre.attachments import add_attachment, attachment, attachments_of, remove_attachment
from parcels.editing.answers import GeoJson, RefusedOut
from parcels.editing.geometry_input import shapes_of_file, shapes_of_text
from parcels.editing.schemas import NO_NUL

router = Router(tags=["editing"])

LARGEST_ATTACHMENT = 20 * MEBIBYTE
LONGEST_TEXT = 4 * MEBIBYTE
KEPT_S = 3600

Number = Annotated[int, Field(ge=1, le=2**62)]
Code = Annotated[str, StringConstraints(max_length=60, pattern=NO_NUL)]
OfAttachment = PathEx[Number, P(title="附件编号")]
OfParcel = PathEx[Code, P(title="宗地代码")]


class IssueOut(Schema):
    row: int = Field(title="行号或图形序号（0 为整个文件）")
    code: str = Field(title="代码")
    field: str = Field(title="字段")
    message: str = Field(title="说明")
    severity: str = Field(title="级别：error 或 warning")


class InputShapeOut(Schema):
    name: str = Field(title="名称")
    geometry: GeoJson = Field(title="图形（测绘坐标系，东坐标在前）")
    planar_area_m2: float = Field(title="图形面积（㎡）")


class InputShapesOut(Schema):
    crs_detected: str = Field(title="识别出的坐标系")
    shapes: list[InputShapeOut] = Field(title="图形")
    issues: list[IssueOut] = Field(title="提示")


class AttachmentOut(Schema):
    id: int = Field(title="附件编号")
    name: str = Field(title="文件名")
    media_type: str = Field(title="文件类型")
    bytes: int = Field(title="字节数")
    sha256: str = Field(title="校验值（SHA-256）")
    kind: str = Field(title="种类")
    note: str = Field(title="说明")
    uploaded_by: str = Field(title="上传人")
    uploaded_at: datetime = Field(title="上传时间")
    thumbnail: bool = Field(title="是否有缩略图")


class RemovalIn(Schema):
    reason: Annotated[
        str, StringConstraints(min_length=1, max_length=2000, pattern=NO_NUL, strip_whitespace=True)
    ] = Field(title="删除原因")


problems: dict[int, Any] = dict.fromkeys((401, 403, 404, 422), RefusedOut)
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_FILE = {"type": "string", "format": "binary", "title": "文件"}


def _multipart(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"schema": {"type": "object", "required": required, "properties": properties}}


@router.post(
    "/editing/geometry",
    response={200: InputShapesOut, **problems},
    summary="由坐标文字或文件得到图形",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "multipart/form-data": _multipart(
                    ["file"],
                    file=_FILE,
                    crs={"type": "integer", "title": "坐标系（EPSG，文件没有说明时）"},
                    layer={"type": "string", "title": "图层（文件有多个图层时）"},
                ),
                "application/json": {
                    "schema": {
                        "type": "object",
                        "required": ["text"],
                        "properties": {
                            "text": {"type": "string", "title": "坐标：每行“点号 X（北） Y（东）”"},
                            "crs": {"type": "integer", "title": "坐标系（EPSG）"},
                        },
                    }
                },
            },
        }
    },
)
def read_geometry(request: HttpRequest) -> dict[str, Any]:
    county, _ = _who(request, EDIT_CADASTRE)
    today = timezone.localdate()
    if request.content_type == "multipart/form-data":
        file = uploaded_file(request)
        crs, layer = _crs(request.POST.get("crs")), str(request.POST.get("layer") or "")
        return shapes_of_file(file, county, on=today, crs=crs, layer=layer).as_json()
    text, crs = _text(request)
    return shapes_of_text(text, county, on=today, crs=crs).as_json()


@router.post(
    "/attachments",
    response={201: AttachmentOut, **problems},
    summary="上传附件（照片或 PDF，不超过 20 MB）",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "multipart/form-data": _multipart(
                    ["file", "kind"],
                    file=_FILE,
                    kind={"type": "string", "title": "种类：contract、approval、survey_report、photo、other"},
                    note={"type": "string", "title": "说明"},
                    parcel={"type": "string", "title": "宗地代码（空为尚未办结的变更）"},
                )
            },
        }
    },
)
def upload_attachment(request: HttpRequest) -> Status[dict[str, Any]]:
    county, actor = _who(request, EDIT_CADASTRE)
    file = uploaded_file(request, most_bytes=LARGEST_ATTACHMENT)
    made = add_attachment(
        county,
        actor,
        file.read(),
        name=_field(request, "name") or file.name or "",
        kind=_field(request, "kind"),
        note=_field(request, "note"),
        parcel_code=_field(request, "parcel"),
    )
    return Status(201, made)


@router.get(
    "/attachments/{number}",
    response=problems,
    summary="附件原件",
    openapi_extra={
        "responses": {200: {"description": "原件", "content": {"application/octet-stream": _BINARY}}}
    },
)
def show_attachment(request: HttpRequest, number: OfAttachment) -> HttpResponse:
    actor = _actor(request, VIEW_MAP)
    found = attachment(actor, number, with_bytes="content")
    return _bytes(request, found.content, found.media_type, found.name, etag=found.sha256)


@router.get(
    "/attachments/{number}/thumbnail",
    response=problems,
    summary="附件缩略图（PNG）",
    openapi_extra={"responses": {200: {"description": "缩略图", "content": {"image/png": _BINARY}}}},
)
def show_thumbnail(request: HttpRequest, number: OfAttachment) -> HttpResponse:
    actor = _actor(request, VIEW_MAP)
    found = attachment(actor, number, with_bytes="thumbnail")
    if found.thumbnail is None:
        raise NotFound(f"附件“{found.name}”没有缩略图。", remedy="请打开原件查看。")
    return _bytes(request, found.thumbnail, "image/png", f"{number}.png", etag=f"{found.sha256}-thumbnail")


@router.delete("/attachments/{number}", response={204: None, **problems, 409: RefusedOut}, summary="删除附件")
def delete_attachment(request: HttpRequest, number: OfAttachment, removal: Query[RemovalIn]) -> Status[None]:
    county, actor = _who(request, EDIT_CADASTRE)
    remove_attachment(county, actor, number, reason=removal.reason)
    return Status(204, None)


@router.get(
    "/parcels/{code}/attachments",
    response={200: list[AttachmentOut], **problems},
    summary="一宗地及其历次变更的附件",
)
def list_attachments(request: HttpRequest, code: OfParcel) -> list[dict[str, Any]]:
    actor = _actor(request, VIEW_MAP)
    return attachments_of(actor, code)


def _who(request: HttpRequest, right: str) -> tuple[County, Actor]:
    actor = _actor(request, right)
    return current_county(actor.county_code), actor


def _actor(request: HttpRequest, right: str) -> Actor:
    actor = request_actor(request)
    actor.require(right)
    return actor


def _bytes(request: HttpRequest, content: Any, media_type: str, name: str, *, etag: str) -> HttpResponse:
    """Photos and PDFs may be shown where they stand; their type is what their own bytes were found to be."""
    response = HttpResponse(bytes(content), content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = f"private, max-age={KEPT_S}"
    response["ETag"] = quote_etag(etag)
    return get_conditional_response(request, etag=response["ETag"], response=response) or response


def _text(request: HttpRequest) -> tuple[str, int | None]:
    try:
        sent = json.loads(request.body)
    except (ValueError, RecursionError, RequestDataTooBig):
        raise HttpError(400, "no JSON") from None
    text = sent.get("text") if isinstance(sent, dict) else None
    if not isinstance(text, str) or not text.strip():
        raise InputError("text_missing", "没有收到坐标文字。", "请粘贴或填写坐标后重试。", field="text")
    if len(text) > LONGEST_TEXT:
        told = f"坐标文字超过 {LONGEST_TEXT // MEBIBYTE} 百万字。"
        raise InputError("text_too_long", told, "请改为拖入文件。", field="text")
    return text, _crs(sent.get("crs"))


def _crs(stated: Any) -> int | None:
    if stated in (None, ""):
        return None
    digits = str(stated).upper().removeprefix("EPSG:")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 6):
        raise InputError(
            "crs_unknown", f"“{stated}”不是坐标系代码。", "请填 EPSG 代码，例如 4549。", field="crs"
        )
    return int(digits)


def _field(request: HttpRequest, name: str) -> str:
    return str(request.POST.get(name) or "").replace("\0", "").strip()
