"""The shapes of the maps' and plots' JSON, each property with its Chinese title and unit.

Refuses to hold behaviour: only names and kinds.
"""

from typing import Any, Literal

from ninja import Field, Schema

from parcels.workspace.schemas import Worded


class YearOut(Schema):
    year: int = Field(title="年度")
    computed: bool = Field(title="是否已计算")
    as_of: str = Field(title="用地截止日期")
    rule_version: str = Field(title="规则版本")


class CellOut(Schema):
    value: float | None = Field(title="指标值")
    numerator: float | None = Field(title="分子（无企业数据权限时为空）")
    denominator: float | None = Field(title="分母（无企业数据权限时为空）")
    land_mu: float = Field(title="宗地面积（亩）")
    firms: int | None = Field(title="计入的企业数（宗地不统计）")
    restricted: bool = Field(title="是否按保密要求不显示")


class RowOut(Schema):
    code: str = Field(title="区域代码（空为不在任何区域内）")
    name: str = Field(title="区域名称")
    town: str = Field(title="所在镇街（宗地）")
    cells: list[CellOut | None] = Field(title="各年度（空为该年度没有此区域）")


class AreasOut(Worded):
    by: str = Field(title="区域种类")
    indicator: str = Field(title="指标代码")
    title: str = Field(title="指标")
    unit: str = Field(title="单位")
    formula: str = Field(title="公式")
    source: str = Field(title="数据来源")
    years: list[YearOut] = Field(title="年度")
    fewest: int = Field(title="显示汇总所需的最少企业数")
    rows: list[RowOut] = Field(title="区域")
    county: list[CellOut | None] | None = Field(title="全县（镇街账号为空）")


class BasisOut(Schema):
    year: int = Field(title="年度")
    told: str = Field(title="依据的评价结果或清单（空为没有可以查看的）")


class CategoryOut(Schema):
    key: str = Field(title="类别代码（空为未评价）")
    title: str = Field(title="类别")


class SpotOut(Schema):
    key: str = Field(title="类别代码")
    firm: str = Field(title="用地最多的企业（空为无企业用地或不公开）")
    land_mu: float = Field(title="宗地面积（亩）")
    restricted: bool = Field(title="企业不在管辖范围内，不显示")


class ParcelRowOut(Schema):
    code: str = Field(title="宗地代码")
    town: str = Field(title="所在镇街")
    cells: list[SpotOut | None] = Field(title="各年度（空为该年度没有此宗地）")


class CategoriesOut(Worded):
    what: str = Field(title="专题")
    years: list[BasisOut] = Field(title="年度")
    classes: list[CategoryOut] = Field(title="类别，由高到低")
    rows: list[ParcelRowOut] = Field(title="宗地")


class AreaOut(Schema):
    code: str = Field(title="区域代码")
    name: str = Field(title="区域名称")


class OutlineOut(Schema):
    type: Literal["Feature"] = Field(title="GeoJSON 类型")
    id: str = Field(title="区域代码")
    properties: AreaOut = Field(title="属性")
    geometry: dict[str, Any] = Field(title="图形（GeoJSON，EPSG:4490，经度在前，已简化）")


class OutlinesOut(Schema):
    type: Literal["FeatureCollection"] = Field(title="GeoJSON 类型")
    features: list[OutlineOut] = Field(title="区域")


class FirmOut(Schema):
    uscc: str = Field(title="统一社会信用代码")
    name: str = Field(title="企业")
    town: str = Field(title="镇街")
    industry: str = Field(title="行业")
    tax_wan: float | None = Field(title="税收实际贡献（万元）")
    land_mu: float | None = Field(title="用地面积（亩）")
    grade: str = Field(title="档次")


class ScatterOut(Schema):
    year: int = Field(title="年度")
    grades: list[str] = Field(title="档次，由高到低")
    firms: list[FirmOut] = Field(title="企业")


class CurveOut(Schema):
    name: Literal["tax_over_land", "tax", "land"] = Field(
        title="曲线：税收对用地、税收对企业数、用地对企业数"
    )
    gini: float = Field(title="基尼系数")
    base: list[float] = Field(title="横轴：累计比重")
    amount: list[float] = Field(title="纵轴：累计比重")


class LorenzOut(Schema):
    year: int = Field(title="年度")
    firms: int = Field(title="计入的企业数")
    by_tenths: bool = Field(title="是否按企业十等分（不逐户显示）")
    curves: list[CurveOut] = Field(title="曲线（空为按保密要求不显示）")


class BinOut(Schema):
    lower: float = Field(title="下限（含）")
    upper: float | None = Field(title="上限（不含；空为不封顶）")
    firms: int = Field(title="企业数")


class QuantileOut(Schema):
    share: float = Field(title="分位")
    value: float = Field(title="值")


class HistogramOut(Schema):
    year: int = Field(title="年度")
    indicator: str = Field(title="指标代码")
    unit: str = Field(title="单位")
    firms: int = Field(title="企业数")
    fewest: int = Field(title="显示汇总所需的最少企业数")
    bins: list[BinOut] = Field(title="分组（企业过少的相邻组已合并）")
    quantiles: list[QuantileOut] | None = Field(title="分位数（无企业数据权限时为空）")


class PlaceOut(Schema):
    place: int | None = Field(title="名次（空为不参加排名）")
    code: str = Field(title="镇街代码")
    name: str = Field(title="镇街")
    cell: CellOut | None = Field(title="指标")


class RankingOut(Schema):
    year: int = Field(title="年度")
    indicator: str = Field(title="指标代码")
    unit: str = Field(title="单位")
    fewest: int = Field(title="显示汇总所需的最少企业数")
    county: CellOut | None = Field(title="全县（镇街账号为空）")
    places: list[PlaceOut] = Field(title="镇街")


class MosaicOut(Worded):
    year: int = Field(title="年度")
    scheme: str = Field(title="评价方案")
    state: str = Field(title="评价进度")
    groups: list[str] = Field(title="组别")
    grades: list[str] = Field(title="档次（空为未评级）")
    firms: list[list[int]] = Field(title="企业数（末行末列为合计）")
    land_mu: list[list[float | None]] = Field(title="用地面积（亩；空为按保密要求不显示）")
