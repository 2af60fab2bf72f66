"""The address of the lists that an editor's fields offer.

Refuses everybody without the right to view the map.
"""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from landgis.access.rules import VIEW_MAP
from landgis.access.views import request_actor
from landgis.counties.queries import current_county
from parcels.editing.answers import RefusedOut
from parcels.editing.code_lists import code_lists

router = Router(tags=["editing"])
problems: dict[int, Any] = dict.fromkeys((401, 403), RefusedOut)


class LandClassOut(Schema):
    set: str = Field(title="分类标准")
    code: str = Field(title="地类编码")
    name: str = Field(title="地类名称")


class NamedOut(Schema):
    code: str = Field(title="代码")
    name: str = Field(title="名称")


class TitledOut(Schema):
    code: str = Field(title="代码")
    title: str = Field(title="名称")


class RuleOut(Schema):
    rule: str = Field(title="规则代码")
    title: str = Field(title="规则")
    severity: str = Field(title="级别：error 拦截，warning 需说明理由，off 不检查")
    limits: dict[str, float] = Field(title="界限值")


class CodeListsOut(Schema):
    land_classes: list[LandClassOut] = Field(title="地类")
    towns: list[NamedOut] = Field(title="镇街")
    tenures: list[str] = Field(title="权利性质")
    document_kinds: list[TitledOut] = Field(title="依据文件和附件的种类")
    event_kinds: list[TitledOut] = Field(title="事件种类")
    rules: list[RuleOut] = Field(title="编辑规则")


@router.get("/editing/code-lists", response={200: CodeListsOut, **problems}, summary="编辑用的代码表与规则")
def show_code_lists(request: HttpRequest) -> dict[str, Any]:
    actor = request_actor(request)
    actor.require(VIEW_MAP)
    return code_lists(current_county(actor.county_code), actor, timezone.localdate())
