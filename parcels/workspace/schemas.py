"""The shapes of the map's JSON, each property with its Chinese title and unit.

Refuses to hold behaviour: only names, kinds and limits.
"""

from datetime import date
from typing import Any, Literal

from ninja import Field, Schema

GeoJson = dict[str, Any]


class Worded(Schema):
    """An answer with what of its names and sentences is called otherwise in the page's language."""

    words: dict[str, str] = Field({}, title="页面语言的说法（中文页面为空）")


class TownOut(Schema):
    code: str = Field(title="镇街代码")
    name: str = Field(title="镇街名称")


class CountyOut(Schema):
    code: str = Field(title="县域代码")
    name: str = Field(title="县域名称")
    survey_crs: int = Field(title="测绘坐标系（EPSG）")
    bbox: list[float] = Field(title="范围：西、南、东、北（度）")
    boundary: GeoJson | None = Field(title="边界（GeoJSON，EPSG:4490）")
    is_demo: bool = Field(title="是否示范数据")


class ActorOut(Schema):
    name: str = Field(title="姓名")
    roles: list[str] = Field(title="角色代码")
    role_titles: list[str] = Field(title="角色")
    rights: list[str] = Field(title="权限")
    town_codes: list[str] | None = Field(title="管辖镇街（空为全县）")


class LandClassOut(Schema):
    code: str = Field(title="地类编码")
    name: str = Field(title="地类名称")
    colour: str | None = Field(None, title="图上颜色")
    set: str = Field("", title="分类标准")


class IndicatorOut(Schema):
    indicator: str = Field(title="指标代码")
    title: str = Field(title="指标")
    value: float | None = Field(title="值")
    unit: str = Field(title="单位")
    numerator: float | None = Field(title="分子")
    denominator: float | None = Field(title="分母")
    numerator_title: str = Field(title="分子名称")
    denominator_title: str = Field(title="分母名称")
    numerator_unit: str = Field(title="分子单位")
    denominator_unit: str = Field(title="分母单位")
    formula: str = Field(title="公式")
    year: int = Field(title="年度")
    as_of: date = Field(title="用地截止日期")
    source: str = Field(title="数据来源")
    rule_version: str = Field(title="规则版本")
    missing: list[str] = Field(title="缺失情况")
    restricted: bool = Field(title="是否因权限或保密要求不显示")


class TotalsOut(Schema):
    parcels: int = Field(title="宗地数")
    area_mu: float = Field(title="宗地面积（亩）")
    enterprises: int = Field(title="企业数")
    tax_per_mu: float | None = Field(title="亩均税收（万元/亩）")
    value_added_per_mu: float | None = Field(title="亩均增加值（万元/亩）")
    indicators: list[IndicatorOut] = Field(title="亩均指标及其含义")
    idle: dict[str, int] = Field(title="闲置筛查结论的宗地数")


class WorkspaceOut(Worded):
    county: CountyOut = Field(title="县域")
    actor: ActorOut = Field(title="当前人员")
    years: list[int] = Field(title="有数据的年度")
    year: int | None = Field(title="默认年度")
    screened_on: date | None = Field(title="最近一次闲置筛查日期")
    towns: list[TownOut] = Field(title="镇街")
    totals: TotalsOut = Field(title="合计")
    land_classes: list[LandClassOut] = Field(title="在用地类")
    tax_per_mu_classes: list[float] = Field(title="亩均税收分级界限（万元/亩）")
    data_version: str = Field(title="数据版本")


class ParcelOut(Schema):
    code: str = Field(title="宗地代码")
    holder: str | None = Field(title="权利人")
    town_code: str = Field(title="镇街代码")
    town_name: str | None = Field(title="镇街名称")
    location: str = Field(title="坐落")
    area_mu: float = Field(title="面积（亩），登记面积优先")
    land_class_code: str = Field(title="地类编码")
    land_class_set: str = Field(title="分类标准")
    tax_per_mu: float | None = Field(title="亩均税收（万元/亩）")
    restricted: bool = Field(title="企业数据是否因权限不显示")
    finding: str | None = Field(title="闲置筛查结论")
    bbox: list[float] = Field(title="范围：西、南、东、北（度）")


class ParcelPageOut(Schema):
    total: int = Field(title="符合条件的宗地数")
    area_mu: float = Field(title="符合条件的宗地面积（亩）")
    page: int = Field(title="页码")
    year: int | None = Field(title="亩均税收的年度")
    items: list[ParcelOut] = Field(title="宗地")


class AreasOut(Schema):
    registered_area_m2: float | None = Field(title="登记面积（㎡）")
    planar_area_m2: float = Field(title="投影面积（㎡）")
    ellipsoidal_area_m2: float = Field(title="椭球面积（㎡）")
    area_mu: float = Field(title="面积（亩），登记面积优先")
    difference_m2: float | None = Field(title="投影面积与登记面积之差（㎡）")
    tolerance_m2: float | None = Field(title="容许差（㎡）")
    within_tolerance: bool | None = Field(title="是否在容许差内")
    survey_crs: int = Field(title="测绘坐标系（EPSG）")


class HolderOut(Schema):
    name: str = Field(title="权利人")
    kind: str = Field(title="类别")
    uscc: str = Field(title="统一社会信用代码")
    share: float = Field(title="份额")


class ParcelLandClassOut(Schema):
    code: str = Field(title="地类编码")
    name: str = Field(title="地类名称")
    set: str = Field(title="分类标准")


class OccupantOut(Schema):
    enterprise: str = Field(title="企业")
    uscc: str = Field(title="统一社会信用代码")
    role: str = Field(title="使用方式")
    lessor: str | None = Field(title="出租方")
    area_m2: float = Field(title="占用面积（㎡）")
    area_mu: float = Field(title="占用面积（亩）")


class PhaseOut(Schema):
    phase_no: int = Field(title="分期")
    agreed_delivery: date | None = Field(title="约定交地日期")
    agreed_start: date | None = Field(title="约定动工日期")
    agreed_completion: date | None = Field(title="约定竣工日期")
    actual_delivery: date | None = Field(title="实际交地日期")
    actual_start: date | None = Field(title="实际动工日期")
    actual_completion: date | None = Field(title="实际竣工日期")
    total_investment_wan: float | None = Field(title="总投资（万元）")
    land_to_develop_m2: float | None = Field(title="应开发面积（㎡）")


class ContractOut(Schema):
    contract_no: str = Field(title="合同编号")
    supervision_no: str = Field(title="电子监管号")
    signed_on: date | None = Field(title="签订日期")
    land_use: str = Field(title="土地用途")
    supply_mode: str = Field(title="供地方式")
    area_m2: float | None = Field(title="面积（㎡）")
    price_wan: float | None = Field(title="价款（万元）")
    phases: list[PhaseOut] = Field(title="分期")


class VerdictOut(Schema):
    finding: str = Field(title="结论代码")
    title: str = Field(title="结论")
    article: str = Field(title="依据")
    agreed_start: date | None = Field(title="约定动工日期")
    full_year_on: date | None = Field(title="满一年之日")
    gross_idle_days: int | None = Field(title="毛闲置天数")
    missing: list[str] = Field(title="缺失的事实")
    steps: list[str] = Field(title="推算过程")
    on: date = Field(title="筛查日期")
    rule_version: str = Field(title="规则版本")


class ParcelDetailOut(Worded):
    code: str = Field(title="宗地代码")
    version: int = Field(title="版本（ETag）")
    real_estate_unit_code: str = Field(title="不动产单元代码")
    location: str = Field(title="坐落")
    tenure: str = Field(title="权利性质")
    registered_on: date | None = Field(title="登记日期")
    geometry: GeoJson = Field(title="图形（GeoJSON，EPSG:4490，经度在前）")
    areas: AreasOut = Field(title="面积")
    holders: list[HolderOut] = Field(title="权利人")
    land_class: ParcelLandClassOut | None = Field(title="地类")
    town: TownOut | None = Field(title="镇街")
    control_line_share: float | None = Field(title="工业用地控制线内的比例（空为没有控制线数据）")
    valid_from: date = Field(title="所示状态的起始日期")
    valid_to: date | None = Field(title="所示状态的终止日期（不含；空为仍在册）")
    as_of: date = Field(title="所示状态的日期")
    in_force: bool = Field(title="该日是否在册")
    successors: list[str] = Field(title="失效后的后续宗地")
    source: str = Field(title="数据来源")
    occupants: list[OccupantOut] = Field(title="用地企业")
    occupied_on: date = Field(title="用地企业的截止日期")
    contracts: list[ContractOut] = Field(title="供地合同")
    indicators: list[IndicatorOut] = Field(title="亩均指标")
    idle: VerdictOut | None = Field(title="闲置筛查")


class PolygonIn(Schema):
    geometry: GeoJson = Field(title="图形（GeoJSON 面，EPSG:4490，经度在前）")
    year: int | None = Field(None, title="年度", ge=1990, le=2200)


class PolygonOut(Worded):
    land_mu: float = Field(title="范围内的宗地面积（亩）")
    parcels: int = Field(title="范围触及的宗地数")
    firms: int = Field(title="范围内的用地企业数")
    year: int | None = Field(title="年度")
    indicators: list[IndicatorOut] = Field(title="亩均指标")


class DistrictOut(TownOut):
    type: str = Field("", title="平台类型（镇街没有此项）")


class FeatureOut(Schema):
    type: Literal["Feature"] = Field(title="GeoJSON 类型")
    id: str = Field(title="代码")
    properties: DistrictOut = Field(title="属性")
    geometry: GeoJson = Field(title="图形（GeoJSON，EPSG:4490，经度在前）")


class FeaturesOut(Schema):
    type: Literal["FeatureCollection"] = Field(title="GeoJSON 类型")
    features: list[FeatureOut] = Field(title="要素")


class ProblemOut(Schema):
    code: str = Field(title="错误代码")
    message: str = Field(title="说明")
    remedy: str = Field(title="处理办法")
