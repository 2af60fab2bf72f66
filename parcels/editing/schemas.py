"""What the editing interface is handed: a change set, its operations and the register's facts, each with its limits.

Refuses numbers that aren't finite, texts that the database can't hold, and keys that nobody reads.
"""

from datetime import date
from typing import Annotated, Any, Literal

from ninja import Field, Schema
from pydantic import ConfigDict, StringConstraints

NO_NUL = r"^[^\x00]*$"
# A metre that a survey system can't have; what lies inside it but far from the county is refused with its place.
FARTHEST_M = 1e9

Metres = Annotated[float, Field(allow_inf_nan=False, strict=True, ge=-FARTHEST_M, le=FARTHEST_M)]
Point = tuple[Metres, Metres]
Ring = Annotated[list[Point], Field(min_length=3)]
Rings = Annotated[list[Ring], Field(min_length=1)]
Name = Annotated[str, StringConstraints(max_length=40, pattern=NO_NUL, strip_whitespace=True)]
Key = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=NO_NUL)]
Words = Annotated[str, StringConstraints(max_length=300, pattern=NO_NUL, strip_whitespace=True)]
Prose = Annotated[str, StringConstraints(max_length=2000, pattern=NO_NUL, strip_whitespace=True)]
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2200, 1, 1))]

MOST_OPERATIONS = 500
MOST_PARCELS = 500
MOST_VERTICES = 200_000


class Strict(Schema):
    """A key that isn't known is a mistake of the sender, not something to pass over."""

    model_config = ConfigDict(extra="forbid")


class SurveyShape(Strict):
    type: Literal["MultiPolygon"] = Field(title="图形类型")
    coordinates: Annotated[list[Rings], Field(min_length=1)] = Field(
        title="坐标（东、北，米），每部分外环在前"
    )


class HolderValue(Strict):
    name: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=NO_NUL)] = Field(
        title="权利人"
    )
    uscc: Annotated[str, StringConstraints(max_length=18, pattern=NO_NUL)] = Field(
        "", title="统一社会信用代码"
    )
    share: float = Field(1.0, title="份额（0-1）", gt=0, le=1, allow_inf_nan=False)


class Values(Strict):
    """Facts of the register; a key that isn't there stays as it is."""

    code: Name = Field("", title="宗地代码（仅新宗地）")
    real_estate_unit_code: Annotated[str, StringConstraints(max_length=28, pattern=NO_NUL)] = Field(
        "", title="不动产单元号"
    )
    location: Words = Field("", title="坐落")
    tenure: Name = Field("", title="权利性质")
    land_class_code: Annotated[str, StringConstraints(max_length=10, pattern=NO_NUL)] = Field(
        "", title="地类编码"
    )
    land_class_set: Name = Field("", title="分类标准")
    registered_on: Day | None = Field(None, title="登记日期")
    registered_area_m2: float | None = Field(None, title="登记面积（㎡）", gt=0, lt=1e12, allow_inf_nan=False)
    note: Prose = Field("", title="备注")
    aliases: list[Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=NO_NUL)]] = Field(
        default_factory=list, title="曾用代码", max_length=50
    )
    town_code: Annotated[str, StringConstraints(max_length=12, pattern=NO_NUL)] = Field("", title="镇街代码")
    holders: list[HolderValue] = Field(default_factory=list, title="权利人及份额", max_length=200)


class DrawOp(Strict):
    kind: Literal["draw"] = Field(title="新绘宗地")
    geometry: SurveyShape = Field(title="图形（测绘坐标系）")
    values: Values = Field(title="属性")


class ReshapeOp(Strict):
    kind: Literal["reshape"] = Field(title="改界")
    parcel: Key = Field(title="宗地")
    geometry: SurveyShape = Field(title="图形（测绘坐标系）")


class Move(Strict):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    start: Point = Field(title="原位置（东、北，米）", alias="from")
    to: Point = Field(title="新位置（东、北，米）")


class MoveVerticesOp(Strict):
    kind: Literal["move_vertices"] = Field(title="移动界址点")
    moves: list[Move] = Field(title="移动的界址点", min_length=1, max_length=10_000)
    parcels: list[Key] | None = Field(None, title="宗地（空为共用这些界址点的全部宗地）")


class InsertVertexOp(Strict):
    kind: Literal["insert_vertex"] = Field(title="插入界址点")
    edge: tuple[Point, Point] = Field(title="界址边")
    at: Point = Field(title="位置（东、北，米）")


class DeleteVertexOp(Strict):
    kind: Literal["delete_vertex"] = Field(title="删除界址点")
    at: Point = Field(title="位置（东、北，米）")
    parcels: list[Key] | None = Field(None, title="宗地（空为共用该界址点的全部宗地）")


class SplitOp(Strict):
    kind: Literal["split"] = Field(title="用线分割")
    parcel: Key = Field(title="宗地")
    lines: list[Annotated[list[Point], Field(min_length=2)]] = Field(
        title="分割线", min_length=1, max_length=200
    )


class SubdivideOp(Strict):
    kind: Literal["subdivide"] = Field(title="按面积分割")
    parcel: Key = Field(title="宗地")
    area_m2: float = Field(title="分出的面积（㎡）", gt=0, lt=1e12, allow_inf_nan=False)
    side: Literal["north", "south", "east", "west"] | None = Field(None, title="自哪一侧分出")
    edge: tuple[Point, Point] | None = Field(None, title="平行于哪条边分出")


class MergeOp(Strict):
    kind: Literal["merge"] = Field(title="合并")
    parcels: list[Key] = Field(title="宗地", min_length=2, max_length=MOST_PARCELS)


class CutHoleOp(Strict):
    kind: Literal["cut_hole"] = Field(title="挖洞")
    parcel: Key = Field(title="宗地")
    geometry: SurveyShape = Field(title="图形（测绘坐标系）")
    keep: bool = Field(title="挖出的部分是否成为新宗地")


class AdjustOp(Strict):
    kind: Literal["adjust"] = Field(title="与相邻宗地吻合")
    parcel: Key = Field(title="宗地")
    what: Literal["overlap", "gap"] = Field(title="消除重叠或填补缝隙")
    neighbours: list[Key] | None = Field(None, title="相邻宗地（空为全部）")


class RetireOp(Strict):
    kind: Literal["retire"] = Field(title="注销")
    parcel: Key = Field(title="宗地")


class RestoreOp(Strict):
    kind: Literal["restore"] = Field(title="恢复")
    parcel: Key = Field(title="宗地")


class AttributesOp(Strict):
    kind: Literal["attributes"] = Field(title="改属性")
    parcel: Key = Field(title="宗地")
    values: Values = Field(title="要改的属性；没有写的保持不变")


Operation = Annotated[
    DrawOp
    | ReshapeOp
    | MoveVerticesOp
    | InsertVertexOp
    | DeleteVertexOp
    | SplitOp
    | SubdivideOp
    | MergeOp
    | CutHoleOp
    | AdjustOp
    | RetireOp
    | RestoreOp
    | AttributesOp,
    Field(discriminator="kind"),
]


class DocumentIn(Strict):
    kind: Literal["", "contract", "approval", "survey_report", "photo", "other"] = Field("", title="文件种类")
    no: Annotated[str, StringConstraints(max_length=80, pattern=NO_NUL)] = Field("", title="文号")
    date: Day | None = Field(None, title="文件日期")


class FactChoice(Strict):
    fact: Key = Field(title="关联事项")
    to: Key = Field(title="归属宗地，或 proportional（按面积分摊）")


class ChangeIn(Strict):
    """What every change says of itself, whatever it changes."""

    on: Day | None = Field(None, title="生效日期（空为今天）")
    how: Literal["boundary_adjustment", "resurvey", "correction"] = Field(
        "boundary_adjustment", title="改界的种类"
    )
    reason: Prose = Field("", title="变更原因")
    document: DocumentIn | None = Field(None, title="依据文件")
    attachments: list[Annotated[int, Field(ge=1, le=2**62)]] = Field(
        default_factory=list, title="附件编号", max_length=100
    )
    warnings_reason: Prose = Field("", title="接受提示的理由")
    facts: Literal["default"] | list[FactChoice] = Field("default", title="关联事项的归属")


class ChangeSetIn(ChangeIn):
    operations: list[Operation] = Field(title="操作", min_length=1, max_length=MOST_OPERATIONS)
    versions: dict[Key, Annotated[int, Field(ge=0, le=2**62)]] = Field(
        default_factory=dict, title="编辑者打开时各宗地的版本", max_length=10 * MOST_PARCELS
    )


class ParcelPatchIn(ChangeIn):
    values: Values | None = Field(None, title="属性")
    geometry: SurveyShape | None = Field(None, title="图形（测绘坐标系）")


class ReverseIn(Strict):
    reason: Prose = Field(title="撤销原因")
    document: DocumentIn | None = Field(None, title="依据文件")
    on: Day | None = Field(None, title="生效日期（空为今天）")


class PresenceIn(Strict):
    parcels: list[Key] = Field(title="正在编辑的宗地（空为已离开）", max_length=10 * MOST_PARCELS)


def stated(sent: Schema) -> dict[str, Any]:
    """What was said, under the names of the interface; what was left out stays out. Dates as text, fit for JSON."""
    return sent.model_dump(mode="json", by_alias=True, exclude_unset=True)
