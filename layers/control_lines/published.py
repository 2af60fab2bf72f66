"""The industrial control lines as a published collection.

Refuses nothing to anyone in the county: the lines are announced to the public.
"""

from layers.catalog.collection import Collection, Drawing, Property

_CODE = Property("code", "控制线编号", "l.code", "code", alias="控制线编")
_NAME = Property("name", "名称", "l.name", alias="名称")
_LEVEL = Property("level", "级别", "l.level", alias="级别")
_AREA_MU = Property("area_mu", "面积", "l.area_m2 * 15 / 10000", "number", unit="亩", alias="面积亩")

CONTROL_LINES = Collection(
    id="control-lines",
    title="工业用地控制线",
    table="control_lines_controlline",
    alias="l",
    order="l.code, l.id",
    key="l.code",
    area_m2="l.area_m2",
    properties=(
        _CODE,
        _NAME,
        _LEVEL,
        Property("batch", "批次", "l.batch", alias="批次"),
        Property("basis", "依据", "l.basis", alias="依据"),
        Property("version", "版本", "l.version", "integer", alias="版本"),
        Property("ellipsoidal_area_m2", "椭球面积", "l.area_m2", "number", unit="平方米", alias="椭球面积"),
        _AREA_MU,
        Property("valid_from", "生效日期", "l.valid_from", "date", alias="生效日期"),
        Property("valid_to", "失效日期", "l.valid_to", "date", alias="失效日期"),
    ),
    drawing=Drawing(properties=(_CODE, _NAME, _LEVEL, _AREA_MU)),
)
