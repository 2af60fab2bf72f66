"""CQL2 text to a tree of pygeofilter's nodes, which is what `filters.py` turns into SQL.

Refuses what it can't read, with the place in the text. The grammar is our own: pygeofilter's reads `a OR b AND c` as
`(a OR b) AND c`, and knows neither `NOT (a OR b)` nor a quote inside a text.
"""

from datetime import date
from pathlib import Path
from typing import Any

import shapely
from lark import Lark, Token, Transformer, v_args
from lark.exceptions import LarkError, UnexpectedInput, VisitError
from pygeofilter import ast, values

from landgis.lib.errors import UsageError

LONGEST = 20_000
DEEPEST = 100

_COMPARISONS = {
    "=": ast.Equal,
    "<>": ast.NotEqual,
    "!=": ast.NotEqual,
    "<": ast.LessThan,
    "<=": ast.LessEqual,
    ">": ast.GreaterThan,
    ">=": ast.GreaterEqual,
}
_SPATIAL = {
    "S_INTERSECTS": ast.GeometryIntersects,
    "S_DISJOINT": ast.GeometryDisjoint,
    "S_CONTAINS": ast.GeometryContains,
    "S_WITHIN": ast.GeometryWithin,
    "S_TOUCHES": ast.GeometryTouches,
    "S_CROSSES": ast.GeometryCrosses,
    "S_OVERLAPS": ast.GeometryOverlaps,
    "S_EQUALS": ast.GeometryEquals,
}


def parse(text: str) -> Any:
    """The tree of `text`; raises UsageError with the words and the place that aren't understood."""
    if len(text) > LONGEST or _depth(text) > DEEPEST:
        raise unreadable("筛选条件过长或嵌套过深。", "请分几次筛选。")
    try:
        return _parser.parse(text)
    except UnexpectedInput as error:
        place = error.get_context(text, span=12).splitlines()[0].strip() if text.strip() else ""
        near = f"：在“{place}”附近" if place else ""
        raise unreadable(f"筛选条件无法理解{near}。", _SYNTAX) from None
    except VisitError as error:
        if isinstance(error.orig_exc, UsageError):
            raise error.orig_exc from None
        raise
    except LarkError:
        raise unreadable("筛选条件无法理解。", _SYNTAX) from None


def unreadable(message: str, remedy: str) -> UsageError:
    return UsageError(message, code="filter_invalid", remedy=remedy)


_SYNTAX = (
    "写法示例：area_mu >= 50 AND (holder LIKE '%针织%' OR town_code = '330782100')；文字和编码用单引号。"
)


def _depth(text: str) -> int:
    depth = deepest = 0
    for mark in text:
        depth += (mark == "(") - (mark == ")")
        deepest = max(deepest, depth)
    return deepest


@v_args(inline=True)
class _Tree(Transformer[Token, Any]):
    def any_of(self, *items: Any) -> Any:
        return ast.Or.from_items(*items)

    def all_of(self, *items: Any) -> Any:
        return ast.And.from_items(*items)

    def negated(self, item: Any) -> Any:
        return ast.Not(item)

    def compare(self, left: Any, sign: Token, right: Any) -> Any:
        return _COMPARISONS[str(sign)](left, right)

    def between(self, value: Any, negation: Token | None, low: Any, high: Any) -> Any:
        return ast.Between(value, low, high, negation is not None)

    def like(self, value: Any, negation: Token | None, pattern: Any) -> Any:
        return ast.Like(value, pattern, False, "%", "_", "\\", negation is not None)

    def within(self, value: Any, negation: Token | None, *options: Any) -> Any:
        return ast.In(value, list(options), negation is not None)

    def null(self, value: Any, negation: Token | None) -> Any:
        return ast.IsNull(value, negation is not None)

    def spatial(self, operator: Token, left: Any, right: Any) -> Any:
        return _SPATIAL[operator.upper()](left, right)

    def name(self, token: Token) -> Any:
        return ast.Attribute(str(token))

    def quoted(self, token: Token) -> Any:
        return ast.Attribute(str(token)[1:-1])

    def number(self, token: Token) -> float | int:
        return int(token) if token.lstrip("+-").isdigit() else float(token)

    def text(self, token: Token) -> str:
        return str(token)[1:-1].replace("''", "'")

    def boolean(self, token: Token) -> bool:
        return token.upper() == "TRUE"

    def date(self, token: Token) -> date:
        return read_date(str(token)[1:-1])

    def geometry(self, token: Token) -> Any:
        try:
            shape = shapely.from_wkt(str(token))
        except shapely.errors.GEOSException:
            raise unreadable(
                f"图形 {str(token)[:40]}… 不是有效的 WKT。", "请检查括号，并让多边形首尾相接。"
            ) from None
        return values.Geometry(shape.__geo_interface__)

    def bbox(self, *sides: Token) -> Any:
        west, south, east, north = (float(side) for side in sides)
        return values.Envelope(west, east, south, north)


def read_date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise unreadable(f"日期“{text}”不存在或写法不对。", "请写成 DATE('2019-12-21')。") from None


_parser = Lark(
    Path(__file__).with_name("cql2.lark").read_text(encoding="utf-8"),
    parser="lalr",
    transformer=_Tree(),
    maybe_placeholders=True,
)
