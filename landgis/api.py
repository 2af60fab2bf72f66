"""The JSON interface at /api/: composed from the rooms' routers, one form of error, documents at /api/docs.

Refuses requests without a session, and any write without the CSRF token.
"""

import json
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI, Swagger
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import django_auth

from landgis.lib.errors import LandgisError
from landgis.lib.http import refusal
from parcels.atlas.views import router as atlas_router
from parcels.editing.code_list_views import router as code_list_router
from parcels.editing.file_views import router as file_router
from parcels.editing.views import router as editing_router
from parcels.workspace.bulk_views import router as bulk_router
from parcels.workspace.history_views import router as history_router
from parcels.workspace.overlay_views import router as overlay_router
from parcels.workspace.views import router as workspace_router


class PackagedDocuments(Swagger):
    """The documents with the files of the package: django-ninja's own choice, where it is no application, is a CDN."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **named: Any) -> HttpResponse:
        settings = {**self.settings, "url": self.get_openapi_url(api, named)}
        context = {"api": api, "swagger_settings": json.dumps(settings), "add_csrf": True}
        return render(request, self.template, context)


api = NinjaAPI(
    title="landgis",
    version="1",
    description="工业用地管理接口。全部需登录；结果限于账号的管辖范围；坐标为 EPSG:4490，经度在前。",
    urls_namespace="api",
    auth=django_auth,
    docs=PackagedDocuments(settings={"persistAuthorization": False}),
    docs_url="/docs",
    docs_decorator=login_required,
)
api.add_router("", editing_router)
api.add_router("", bulk_router)  # before /parcels/{code}, which would take its address for a code
api.add_router("", workspace_router)
api.add_router("", history_router)
api.add_router("", overlay_router)
api.add_router("", file_router)
api.add_router("", code_list_router)
api.add_router("", atlas_router)

# What pydantic finds wrong with a parameter, in the words of the screen.
WORDS = {
    "missing": "不能缺少",
    "int_parsing": "应为整数",
    "int_type": "应为整数",
    "int_from_float": "应为整数",
    "float_parsing": "应为数字",
    "float_type": "应为数字",
    "finite_number": "应为有限的数字",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "literal_error": "只能是：{expected}",
    "union_tag_invalid": "不是可用的操作，只能是：{expected_tags}",
    "union_tag_not_found": "没有写明操作的种类（kind）",
    "extra_forbidden": "不是可识别的字段",
    "too_short": "至少要有 {min_length} 项",
    "too_long": "不能超过 {max_length} 项",
    "greater_than": "应大于 {gt}",
    "less_than": "应小于 {lt}",
    "date_from_datetime_parsing": "应为日期，例如 2026-01-31",
    "date_type": "应为日期，例如 2026-01-31",
    "bool_parsing": "应为 true 或 false",
    "bool_type": "应为 true 或 false",
    "list_type": "应为列表",
    "tuple_type": "应为列表",
    "string_too_long": "不能超过 {max_length} 个字",
    "string_pattern_mismatch": "含有不能使用的字符",
    "string_type": "应为文字",
    "dict_type": "应为对象",
    "json_invalid": "不是有效的 JSON",
}
TOO_LARGE = {
    "code": "request_too_large",
    "message": f"请求超过 {settings.DATA_UPLOAD_MAX_MEMORY_SIZE >> 20} MB。",
    "remedy": "请分几次提交，或改为上传文件。",
}
SIGNED_OUT = {"code": "signed_out", "message": "尚未登录，或登录已过期。", "remedy": "请重新登录。"}


@api.exception_handler(LandgisError)
def deliberate(request: HttpRequest, error: Any) -> HttpResponse:
    return api.create_response(request, refusal(error), status=error.status)


@api.exception_handler(ValidationError)
def wrong_parameters(request: HttpRequest, error: Any) -> HttpResponse:
    """Every parameter that is wrong, the first in the message."""
    issues = [
        {"field": _field(item["loc"]), "message": f"参数“{_field(item['loc'])}”{_words(item)}。"}
        for item in error.errors
    ]
    first = issues[0] if issues else {"field": "", "message": "请求的参数无效。"}
    body = {"code": "input_invalid", "remedy": "请改正参数后重试。", "issues": issues, **first}
    return api.create_response(request, body, status=422)


@api.exception_handler(AuthenticationError)
def signed_out(request: HttpRequest, error: Any) -> HttpResponse:
    return api.create_response(request, SIGNED_OUT, status=401)


@api.exception_handler(RequestDataTooBig)
def too_large(request: HttpRequest, error: Any) -> HttpResponse:
    return api.create_response(request, TOO_LARGE, status=413)


@api.exception_handler(HttpError)
def refused(request: HttpRequest, error: Any) -> HttpResponse:
    """What the framework itself refuses: a body that isn't JSON, a missing CSRF token."""
    if error.status_code == 403:
        body = {"code": "csrf", "message": "请求缺少安全令牌。", "remedy": "请刷新页面后重试。"}
    else:
        body = {"code": "input_invalid", "message": "请求无法读取。", "remedy": "请检查请求的格式。"}
    return api.create_response(request, body, status=422 if error.status_code == 400 else error.status_code)


def _field(location: tuple[Any, ...]) -> str:
    """`("query", "wanted", "page")` → `page`."""
    return ".".join(str(part) for part in location[2:] or location[-1:])


def _words(item: dict[str, Any]) -> str:
    words = WORDS.get(str(item.get("type")), "无效")
    return words.format_map(
        {"ge": "", "le": "", "expected": "", "expected_tags": "", "max_length": "", **item.get("ctx", {})}
    ).replace(" or ", ", ")
