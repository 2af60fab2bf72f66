"""What the editing interface answers, each property with its Chinese title.

Refuses to hold behaviour: only names and kinds. Shapes are in the county's survey CRS unless said otherwise.
"""

from datetime import date, datetime
from typing import Any

from ninja import Field, Schema

from parcels.editing.schemas import DocumentIn

GeoJson = dict[str, Any]
Facts = dict[str, Any]


class EditorOut(Schema):
    name: str = Field(title="姓名")
    since: datetime = Field(title="开始时间")


class ExactParcelOut(Schema):
    code: str = Field(title="宗地代码")
    version: int = Field(title="版本")
    geometry: GeoJson = Field(title="图形（测绘坐标系）")
    registered_area_m2: float | None = Field(title="登记面积（㎡）")
    planar_area_m2: float = Field(title="图形面积（㎡）")
    values: Facts = Field(title="属性")
    editors: list[EditorOut] = Field(title="正在编辑的其他人")


class ExactParcelsOut(Schema):
    crs: int = Field(title="测绘坐标系（EPSG）")
    parcels: list[ExactParcelOut] = Field(title="宗地")
    truncated: bool = Field(title="是否因过多而截断")


class FindingOut(Schema):
    rule: str = Field(title="规则")
    severity: str = Field(title="级别：error 拦截，warning 需说明理由")
    parcels: list[str] = Field(title="涉及的宗地")
    message: str = Field(title="说明")
    remedy: str = Field(title="处理办法")
    at: list[float] | None = Field(title="位置（东、北，米）")
    geometry: GeoJson | None = Field(title="位置图形（测绘坐标系）")
    value: float | None = Field(title="实测值")
    limit: float | None = Field(title="界限值")


class WorkingParcelOut(Schema):
    key: str = Field(title="变更内的名称")
    code: str = Field(title="宗地代码")
    state: str = Field(title="状态：new、changed、densified、ended、restored")
    version: int | None = Field(title="版本")
    sources: list[str] = Field(title="来源宗地")
    geometry: GeoJson | None = Field(title="图形（测绘坐标系）")
    planar_area_m2: float = Field(title="图形面积（㎡）")
    area_mu: float = Field(title="面积（亩）")
    registered_area_m2: float | None = Field(title="登记面积（㎡）")
    values: Facts = Field(title="属性")


class TiedFactOut(Schema):
    fact: str = Field(title="关联事项")
    kind: str = Field(title="种类：occupancy、contract、holding")
    title: str = Field(title="说明")
    parcel: str = Field(title="原宗地")
    asked: bool = Field(title="是否需要选择归属")
    options: list[str] = Field(title="可选归属")
    default: str = Field(title="默认归属")


class EventPreviewOut(Schema):
    kind: str = Field(title="事件种类")
    title: str = Field(title="事件名称")
    parents: list[str] = Field(title="原宗地")
    children: list[str] = Field(title="新宗地")


class ChangeSetOut(Schema):
    crs: int = Field(title="测绘坐标系（EPSG）")
    on: date = Field(title="生效日期")
    parcels: list[WorkingParcelOut] = Field(title="结果")
    findings: list[FindingOut] = Field(title="检查结果")
    facts: list[TiedFactOut] = Field(title="关联事项")
    events: list[EventPreviewOut] = Field(title="将形成的事件")
    can_save: bool = Field(title="是否可以保存")


class SavedEventOut(Schema):
    id: int = Field(title="事件编号")
    kind: str = Field(title="事件种类")
    title: str = Field(title="事件名称")


class SavedParcelOut(Schema):
    key: str = Field(title="变更内的名称")
    code: str = Field(title="宗地代码")
    state: str = Field(title="状态")
    version: int | None = Field(title="版本")


class SavedOut(Schema):
    change_id: int = Field(title="变更编号")
    on: date = Field(title="生效日期")
    events: list[SavedEventOut] = Field(title="事件")
    parcels: list[SavedParcelOut] = Field(title="宗地")
    findings: list[FindingOut] = Field(title="检查结果")


class ChangeSetRowOut(Schema):
    change_id: int = Field(title="变更编号")
    on: date = Field(title="生效日期")
    recorded_at: datetime = Field(title="登记时间")
    by: str = Field(title="经办人")
    reason: str = Field(title="变更原因")
    document: DocumentIn = Field(title="依据文件")
    events: list[SavedEventOut] = Field(title="事件")
    parcels: list[str] = Field(title="涉及的宗地（辖区内的，最多 200 宗）")
    parcels_total: int = Field(title="涉及的宗地数（辖区内的）")
    beyond: bool = Field(title="是否还涉及辖区以外的宗地（其操作和检查结果不显示）")
    reversed_by: int | None = Field(title="撤销它的变更")


class ChangeSetsOut(Schema):
    total: int = Field(title="变更数")
    page: int = Field(title="页码")
    items: list[ChangeSetRowOut] = Field(title="变更")


class ChangeSetDetailOut(ChangeSetRowOut):
    operations: list[Facts] = Field(title="操作")
    findings: list[FindingOut] = Field(title="已接受的提示")
    warnings_reason: str = Field(title="接受提示的理由")


class PresentEditorOut(Schema):
    parcel: str = Field(title="宗地")
    username: str = Field(title="账号")
    name: str = Field(title="姓名")
    since: datetime = Field(title="开始时间")


class PresenceOut(Schema):
    editors: list[PresentEditorOut] = Field(title="正在编辑的其他人")


class SideOut(Schema):
    geometry: GeoJson | None = Field(title="图形（测绘坐标系）")
    values: Facts = Field(title="属性")


class CurrentOut(SideOut):
    version: int = Field(title="版本")
    in_force: bool = Field(title="是否仍在册")
    planar_area_m2: float = Field(title="图形面积（㎡）")
    by: str = Field(title="变更人")
    at: datetime | None = Field(title="变更时间")
    reason: str = Field(title="变更原因")
    kind: str = Field(title="变更种类")


class ConflictOut(Schema):
    parcel: str = Field(title="宗地")
    yours: int = Field(title="您打开时的版本")
    current: CurrentOut = Field(title="现在的版本")
    base: SideOut | None = Field(title="您打开时的内容")


class ConflictsOut(Schema):
    code: str = Field(title="错误代码")
    message: str = Field(title="说明")
    remedy: str = Field(title="处理办法")
    conflicts: list[ConflictOut] = Field(title="冲突的宗地")


class FieldIssueOut(Schema):
    field: str = Field(title="字段")
    code: str = Field("", title="错误代码")
    message: str = Field(title="说明")


class LaterChangeOut(Schema):
    change_id: int = Field(title="变更编号")
    at: datetime | None = Field(title="变更时间")
    by: str = Field(title="变更人")
    action: str = Field(title="业务种类")
    reason: str = Field(title="变更原因")


class RefusedOut(Schema):
    code: str = Field(title="错误代码")
    message: str = Field(title="说明")
    remedy: str = Field(title="处理办法")
    operation: int | None = Field(None, title="第几个操作")
    field: str = Field("", title="字段")
    findings: list[FindingOut] = Field(default_factory=list, title="检查结果")
    facts: list[TiedFactOut] = Field(default_factory=list, title="待选择归属的关联事项")
    issues: list[FieldIssueOut] = Field(default_factory=list, title="各项错误")
    parcels: list[str] = Field(default_factory=list, title="没有说明版本的宗地")
    changes: list[LaterChangeOut] = Field(default_factory=list, title="妨碍撤销的后来变更")
