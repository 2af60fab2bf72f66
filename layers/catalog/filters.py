"""Filters on a collection: bbox and CQL2 as SQL conditions with bound values.

Refuses attribute names that aren't among the properties this person may see, and values of another kind than the
property's; no word of the filter ever becomes part of the SQL text.
"""

import math
from collections.abc import Sequence
from datetime import date
from typing import Any

import shapely
from pygeofilter import ast, values

from landgis.lib.errors import UsageError
from layers.catalog.clearance import Column
from layers.catalog.collection import NUMERIC, Collection
from layers.catalog.cql2 import parse, read_date, unreadable
from layers.catalog.rows import Condition

GEOMETRY = "geometry"
_HALF_WORLD_3857 = 20037508.342789244
_SLACK_3857 = 0.01  # metres: the drawing copy is rounded apart from the exact shape


def bbox_condition(collection: Collection, bbox: Sequence[float]) -> Condition:
    """Features that touch west, south, east, north (degrees)."""
    compiler = _Compiler(collection, (), "bbox")
    return Condition(compiler.spatial("ST_Intersects", _box(bbox)), compiler.values)


def cql2_condition(collection: Collection, columns: Sequence[Column], text: str) -> Condition:
    """Features that fulfil a CQL2 text over `columns`, which are what the asker may see."""
    compiler = _Compiler(collection, columns, "where")
    sql = compiler.condition(parse(text))
    return Condition(sql, compiler.values, tuple(compiler.used))


_COMPARISONS = {
    ast.ComparisonOp.EQ: "=",
    ast.ComparisonOp.NE: "<>",
    ast.ComparisonOp.LT: "<",
    ast.ComparisonOp.LE: "<=",
    ast.ComparisonOp.GT: ">",
    ast.ComparisonOp.GE: ">=",
}
_MIRRORED = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_SPATIAL = {
    ast.SpatialComparisonOp.INTERSECTS: "ST_Intersects",
    ast.SpatialComparisonOp.DISJOINT: "ST_Disjoint",
    ast.SpatialComparisonOp.CONTAINS: "ST_Contains",
    ast.SpatialComparisonOp.WITHIN: "ST_Within",
    ast.SpatialComparisonOp.TOUCHES: "ST_Touches",
    ast.SpatialComparisonOp.CROSSES: "ST_Crosses",
    ast.SpatialComparisonOp.OVERLAPS: "ST_Overlaps",
    ast.SpatialComparisonOp.EQUALS: "ST_Equals",
}
_INVERSE = {"ST_Contains": "ST_Within", "ST_Within": "ST_Contains"}


class _Compiler:
    """Walks the tree once, collecting SQL, values and the properties used."""

    def __init__(self, collection: Collection, columns: Sequence[Column], prefix: str) -> None:
        self.collection = collection
        self.prefix = prefix
        self.by_name = {column.property.name: column for column in columns}
        self.by_name |= {column.property.title: column for column in columns}
        self.values: dict[str, Any] = {}
        self.used: list[Column] = []

    def condition(self, node: Any) -> str:
        match node:
            case ast.And() | ast.Or():
                return f"({self.condition(node.lhs)} {node.op.value} {self.condition(node.rhs)})"
            case ast.Not():
                return f"(NOT {self.condition(node.sub_node)})"
            case ast.Comparison():
                return self._comparison(node)
            case ast.Between():
                column = self._column(node.lhs)
                negation = "NOT " if node.not_ else ""
                low, high = (self._value(column, end) for end in (node.low, node.high))
                return f"(({column.sql}) {negation}BETWEEN {low} AND {high})"
            case ast.Like():
                return self._like(node)
            case ast.In():
                column = self._column(node.lhs)
                negation = "NOT " if node.not_ else ""
                options = ", ".join(self._value(column, option) for option in node.sub_nodes)
                return f"(({column.sql}) {negation}IN ({options}))"
            case ast.IsNull():
                return f"(({self._column(node.lhs).sql}) IS {'NOT ' if node.not_ else ''}NULL)"
            case ast.SpatialComparisonPredicate():
                return self._spatial(node)
        raise unreadable("筛选条件应是“属性 比较符 值”。", "例如 area_mu >= 50。")

    def spatial(self, function: str, shape: Any) -> str:
        """The exact test on EPSG:4490, after the index on the drawing copy has narrowed the rows."""
        if not shape.is_valid:
            raise unreadable("筛选图形不是有效的多边形（例如边界自相交）。", "请修正图形后重试。")
        west, south, east, north = shape.bounds
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            raise unreadable("筛选图形的坐标不是经纬度。", "请用度（先经度后纬度）书写，例如 120.07 29.30。")
        exact = f"{function}({self.collection.geom_4490}, ST_GeomFromWKB({self._bind(shape.wkb)}, 4490))"
        if function == "ST_Disjoint":
            return f"({exact})"
        corners = (*_mercator(west, south, -_SLACK_3857), *_mercator(east, north, _SLACK_3857))
        envelope = ", ".join(f"{self._bind(corner)}::float8" for corner in corners)
        return f"({self.collection.geom_3857} && ST_MakeEnvelope({envelope}, 3857) AND {exact})"

    def _comparison(self, node: Any) -> str:
        left, right, sign = node.lhs, node.rhs, _COMPARISONS[node.op]
        if not isinstance(left, ast.Attribute):
            left, right, sign = right, left, _MIRRORED[sign]
        column = self._column(left)
        if isinstance(right, ast.Attribute):
            other = self._column(right)
            if _family(column) != _family(other):
                raise unreadable(
                    f"“{column.property.name}”和“{other.property.name}”不是同类数据，不能相比。",
                    "请改正筛选条件。",
                )
            return f"(({column.sql}) {sign} ({other.sql}))"
        return f"(({column.sql}) {sign} {self._value(column, right)})"

    def _like(self, node: Any) -> str:
        column = self._column(node.lhs)
        if _family(column) != "text" or not isinstance(node.pattern, str):
            raise unreadable(
                f"LIKE 只能用于文字，“{column.property.name}”不是。", "例如 holder LIKE '%针织%'。"
            )
        if (len(node.pattern) - len(node.pattern.rstrip("\\"))) % 2:
            raise unreadable("LIKE 的模式不能以单个反斜线结尾。", r"反斜线本身写作 \\。")
        return f"(({column.sql}) {'NOT ' if node.not_ else ''}LIKE {self._bind(node.pattern)})"

    def _spatial(self, node: Any) -> str:
        function, left, right = _SPATIAL[node.op], node.lhs, node.rhs
        if not _is_geometry(left):
            left, right, function = right, left, _INVERSE.get(function, function)
        if not _is_geometry(left) or not isinstance(right, values.Geometry | values.Envelope):
            raise unreadable(
                "空间条件应比较 geometry 和一个图形。",
                "例如 S_INTERSECTS(geometry, BBOX(120.0, 29.2, 120.1, 29.3))。",
            )
        if isinstance(right, values.Envelope):
            return self.spatial(function, _box((right.x1, right.y1, right.x2, right.y2)))
        return self.spatial(function, shapely.geometry.shape(right.geometry))

    def _column(self, node: Any) -> Column:
        if not isinstance(node, ast.Attribute):
            raise unreadable(
                "比较的一边应是属性名。", "属性名不加引号，值加单引号，例如 land_class_code = '0601'。"
            )
        column = self.by_name.get(node.name)
        if column is None:
            allowed = "、".join(dict.fromkeys(c.property.name for c in self.by_name.values()))
            raise UsageError(
                f"没有可用的属性“{node.name}”。", code="property_unknown", remedy=f"可用的属性有：{allowed}。"
            )
        self.used.append(column)
        return column

    def _value(self, column: Column, value: Any) -> str:
        """The value bound, after a look at whether it is of the property's kind."""
        family, name = _family(column), column.property.name
        if family == "date" and isinstance(value, str):
            value = read_date(value)
        if family == "number" and isinstance(value, int | float) and not isinstance(value, bool):
            if not math.isfinite(value) or abs(value) > 1e300:
                raise unreadable(f"“{name}”的比较值太大。", "请改小后重试。")
            return f"{self._bind(float(value))}::float8"
        if family == "text" and isinstance(value, str):
            return f"{self._bind(value)}::text"
        if family == "date" and isinstance(value, date):
            return f"{self._bind(value)}::date"
        wanted = {
            "number": "数字，不加引号",
            "text": "文字，请加单引号",
            "date": "日期，请写成 DATE('2019-12-21')",
        }[family]
        raise unreadable(f"“{name}”（{column.property.title}）是{wanted}。", "请改正筛选条件。")

    def _bind(self, value: Any) -> str:
        if isinstance(value, str) and "\0" in value:
            raise unreadable("筛选条件含有不可见的空字符。", "请删去后重试。")
        name = f"{self.prefix}_{len(self.values)}"
        self.values[name] = value
        return f"%({name})s"


def _family(column: Column) -> str:
    kind = column.property.kind
    return "number" if kind in NUMERIC else "text" if kind == "code" else kind


def _is_geometry(node: Any) -> bool:
    return isinstance(node, ast.Attribute) and node.name == GEOMETRY


def _box(bbox: Sequence[float]) -> Any:
    west, south, east, north = bbox
    if not (all(map(math.isfinite, bbox)) and west < east and south < north):
        raise unreadable(
            "范围框应按“西,南,东,北”书写，且西小于东、南小于北。", "例如 120.0,29.2,120.1,29.3。"
        )
    return shapely.box(west, south, east, north)


def _mercator(longitude: float, latitude: float, slack: float) -> tuple[float, float]:
    sine = math.sin(math.radians(max(-85.06, min(85.06, latitude))))
    x = longitude / 180 * _HALF_WORLD_3857
    y = math.atanh(sine) / math.pi * _HALF_WORLD_3857
    return x + slack, y + slack
