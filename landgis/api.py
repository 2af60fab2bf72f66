"""The JSON interface at /api/: composed from the rooms' routers, one form of error, documents at /api/docs.

Refuses requests without a session, and any write without the CSRF token.
"""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Swagger
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import django_auth

from landgis.lib.errors import LandgisError
from parcels.workspace.views import router as workspace_router

api = NinjaAPI(
    title="landgis",
    version="1",
    description="工业用地管理接口。全部需登录；结果限于账号的管辖范围；坐标为 EPSG:4490，经度在前。",
    urls_namespace="api",
    auth=django_auth,
    docs=Swagger(settings={"persistAuthorization": False}),
    docs_url="/docs",
    docs_decorator=login_required,
)
api.add_router("", workspace_router)

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
    "string_too_long": "不能超过 {max_length} 个字",
    "string_pattern_mismatch": "含有不能使用的字符",
    "string_type": "应为文字",
    "dict_type": "应为对象",
    "json_invalid": "不是有效的 JSON",
}
SIGNED_OUT = {"code": "signed_out", "message": "尚未登录，或登录已过期。", "remedy": "请重新登录。"}


@api.exception_handler(LandgisError)
def deliberate(request: HttpRequest, error: Any) -> HttpResponse:
    return api.create_response(request, error.as_json(), status=error.status)


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
        {"ge": "", "le": "", "expected": "", "max_length": "", **item.get("ctx", {})}
    ).replace(" or ", ", ")
