"""The address for writing the same facts into all parcels that match the list's filter.

Refuses to do anything that wasn't previewed: without the preview's token nothing is written.
"""

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema
from pydantic import StringConstraints

from landgis.access.rules import EDIT_CADASTRE
from landgis.access.views import request_actor
from landgis.counties.queries import current_county
from parcels.editing.bulk import Wish, change_all, preview
from parcels.editing.outcome import document_of
from parcels.editing.schemas import DocumentIn, Prose, Strict, Values, stated
from parcels.workspace import schemas
from parcels.workspace.filters import FilterIn, computed, wanted_of, year_of
from parcels.workspace.listing import matching_parcels

router = Router(tags=["editing"])

Token = Annotated[str, StringConstraints(max_length=64, pattern=r"^[0-9a-f]*$")]


class BulkIn(Strict):
    filter: FilterIn = Field(title="筛选条件，与宗地列表相同")
    values: Values = Field(title="要填写的属性；没有写的保持不变")
    reason: Prose = Field("", title="变更原因（提交时必填）")
    document: DocumentIn | None = Field(None, title="依据文件")
    token: Token = Field("", title="预览给出的令牌（空为预览）")


class BulkSampleOut(Schema):
    code: str = Field(title="宗地代码")
    before: dict[str, Any] = Field(title="现在的值")
    after: dict[str, Any] = Field(title="修改后的值")


class BulkIssueOut(Schema):
    field: str = Field(title="属性")
    code: str = Field(title="代码")
    message: str = Field(title="说明")


class BulkOut(Schema):
    count: int = Field(title="符合条件的宗地数")
    area_mu: float = Field(title="符合条件的宗地面积（亩）")
    unchanged: int = Field(title="其中已是所填内容、不需修改的宗地数")
    sample: list[BulkSampleOut] = Field(title="部分将要修改的宗地")
    issues: list[BulkIssueOut] = Field(title="提示")
    token: str = Field(title="提交时使用的令牌（已提交时为空）")
    changed: int = Field(title="已修改的宗地数（预览为 0）")
    change_id: int | None = Field(title="变更编号（预览为空）")


class FieldProblemOut(schemas.ProblemOut):
    issues: list[BulkIssueOut] = Field(default_factory=list, title="各项错误")


problems: dict[int, Any] = {
    **dict.fromkeys((401, 403, 412), schemas.ProblemOut),
    422: FieldProblemOut,
}


@router.post(
    "/parcels/attributes",
    response={200: BulkOut, **problems},
    summary="批量修改属性：无令牌为预览，有令牌为提交",
)
def change_attributes(request: HttpRequest, sent: BulkIn) -> dict[str, Any]:
    actor = request_actor(request)
    actor.require(EDIT_CADASTRE)
    county = current_county(actor.county_code)
    figures = computed(county, year_of(county, sent.filter.year))
    selection = matching_parcels(actor, wanted_of(sent.filter), **figures)
    wish = Wish(stated(sent.values), sent.reason, document_of(sent.document))
    today = timezone.localdate()
    if not sent.token:
        return preview(county, actor, selection, wish, on=today)
    return change_all(county, actor, selection, wish, token=sent.token, on=today)
