"""Towns and platforms as a published collection.

Refuses nothing to anyone in the county: administrative boundaries are no secret inside the bureau.
"""

from layers.catalog.collection import Collection, Drawing, Property

_KIND = Property("kind", "类别", "d.kind", alias="类别")
_CODE = Property("code", "代码", "d.code", "code", alias="代码")
_NAME = Property("name", "名称", "d.name", alias="名称")
_TYPE = Property("platform_type", "平台类型", "d.platform_type", alias="平台类型")
_AREA_M2 = "ST_Area(d.geom_4490::geography)"

DISTRICTS = Collection(
    id="districts",
    title="镇街与平台",
    table="districts_district",
    alias="d",
    order="d.kind, d.code, d.id",
    key="d.code",
    area_m2=_AREA_M2,
    properties=(
        _KIND,
        _CODE,
        _NAME,
        _TYPE,
        Property("ellipsoidal_area_m2", "椭球面积", _AREA_M2, "number", unit="平方米", alias="椭球面积"),
        Property("area_mu", "面积", f"{_AREA_M2} * 15 / 10000", "number", unit="亩", alias="面积亩"),
        Property("valid_from", "生效日期", "d.valid_from", "date", alias="生效日期"),
        Property("valid_to", "失效日期", "d.valid_to", "date", alias="失效日期"),
    ),
    drawing=Drawing(properties=(_KIND, _CODE, _NAME)),
)
