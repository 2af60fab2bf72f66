"""The kinds of value that a parameter can have: how each is checked, read from what a person types, and written back.

Refuses a value that its kind, bounds or choices don't allow, with words that say what would be right.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

UNITS = {"day": "日", "workday": "个工作日", "month": "个月", "year": "年"}
MOST_OF_A_TERM = {"day": 3650, "workday": 2500, "month": 120, "year": 20}
SEVERITIES = {"error": "拦截", "warning": "提示", "off": "不检查"}
_UNIT_WORDS = {
    "日": "day", "天": "day", "个工作日": "workday", "工作日": "workday", "个月": "month", "月": "month", "年": "year",
}  # fmt: skip
_TERM = re.compile(r"(\d{1,4})\s*(个工作日|工作日|个月|月|日|天|年)", re.ASCII)
_PARTS = re.compile(r"[、，,；;\s]+")
_LONGEST_NUMBER, _LONGEST_LIST, _LONGEST_WORD = 30, 400, 60
_WIDE = str.maketrans("０１２３４５６７８９．／：＝", "0123456789./:=")


class Unfit(ValueError):
    """The value doesn't fit; the text says why and what would."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What values a parameter takes, as `catalogue.toml` states it."""

    name: str
    least: float | None = None
    most: float | None = None
    longest: int = 200
    pattern: str = ""
    value_longest: int = _LONGEST_WORD
    value_prefix: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, Any] = field(default_factory=dict)
    fields: Mapping[str, tuple[str, Kind]] = field(default_factory=dict)
    optional: bool = False

    def read(self, text: str) -> Any:
        """The value that the text means; raises Unfit with the words for the person."""
        text = text.strip()
        if not text and self.name not in ("days", "codes"):
            raise Unfit("请填写新的值。")
        return _READERS[self.name](self, text)

    def write(self, value: Any) -> str:
        """The value as text that `read` understands."""
        writer = _WRITERS.get(self.name)
        return writer(self, value) if writer else str(value)

    @property
    def hint(self) -> str:
        """How the value is written."""
        return _HINTS[self.name](self)

    @property
    def lines(self) -> bool:
        """Whether the text has several lines."""
        return self.name in ("record", "mapping", "pairs", "rows")


def _number(kind: Kind, text: str) -> Decimal:
    text = text.translate(_WIDE).replace(",", "")
    try:
        if len(text) > _LONGEST_NUMBER or not re.fullmatch(r"[+-]?\d*\.?\d+", text, re.ASCII):
            raise Unfit(f"“{text[:_LONGEST_NUMBER]}”不是数字，{_range(kind)}。")
        value = Decimal(text)
    except InvalidOperation:
        raise Unfit(f"“{text}”不是数字，{_range(kind)}。") from None
    _within(kind, value)
    return value


def _within(kind: Kind, value: Decimal | Fraction) -> None:
    if (kind.least is not None and value < Fraction(str(kind.least))) or (
        kind.most is not None and value > Fraction(str(kind.most))
    ):
        raise Unfit(f"数值超出范围，{_range(kind)}。")


def _range(kind: Kind) -> str:
    if kind.least is None or kind.most is None:
        return "应为数字"
    return f"应在 {kind.least:g} 至 {kind.most:g} 之间"


def _read_integer(kind: Kind, text: str) -> int:
    value = _number(kind, text)
    if value != int(value):
        raise Unfit(f"“{text}”不是整数，{_range(kind)}。")
    return int(value)


def _read_number(kind: Kind, text: str) -> int | float:
    value = _number(kind, text)
    return int(value) if value == int(value) else float(value)


def _read_decimal(kind: Kind, text: str) -> str:
    text = text.translate(_WIDE)
    if text.endswith("%"):
        return f"{_number(Kind('number', 0, 100), text[:-1]) / 100:f}"
    return f"{_number(kind, text):f}"


def _read_ratio(kind: Kind, text: str) -> str:
    text = text.translate(_WIDE).replace(" ", "")
    if len(text) > _LONGEST_NUMBER:
        raise Unfit("比例过长，请写成 1/3、0.25 或 25%。")
    try:
        value = Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise Unfit(f"“{text}”不是比例，请写成 1/3、0.25 或 25%。") from None
    if not 0 < value <= 1:
        raise Unfit("比例应大于 0 且不超过 1，请写成 1/3、0.25 或 25%。")
    return str(value)


def _read_boolean(kind: Kind, text: str) -> bool:
    if text not in ("是", "否"):
        raise Unfit("请填写“是”或者“否”。")
    return text == "是"


def _read_text(kind: Kind, text: str) -> str:
    if len(text) > kind.longest:
        raise Unfit(f"文字不能超过 {kind.longest} 个字，现有 {len(text)} 个字。")
    if not text.isprintable():
        raise Unfit("文字中有换行或者不可见的字符，请删去。")
    return text


def _read_pattern(kind: Kind, text: str) -> str:
    text = _read_text(kind, text)
    names = "、".join("{" + name + "}" for name in kind.parts)
    stated = set(re.findall(r"\{(\w+)(?::0?\d?d)?\}", text))
    rest = re.sub(r"\{\w+(?::0?\d?d)?\}", "", text)
    if stated != set(kind.parts) or "{" in rest or "}" in rest:
        raise Unfit(f"样式应当且只能包含 {names}。")
    try:
        text.format(**kind.parts)
    except (ValueError, KeyError, IndexError):
        raise Unfit(f"样式无法使用，可用的项有 {names}；只有数字可以写位数，例如 {{number:03d}}。") from None
    return text


def _read_term(kind: Kind, text: str) -> dict[str, Any]:
    found = _TERM.fullmatch(text.translate(_WIDE))
    if found is None:
        raise Unfit(f"“{text[:20]}”不是期限，请写成 30 日、5 个工作日、3 个月或 1 年。")
    amount, unit = int(found[1]), _UNIT_WORDS[found[2]]
    if not 1 <= amount <= MOST_OF_A_TERM[unit]:
        raise Unfit(f"期限应在 1 至 {MOST_OF_A_TERM[unit]} {UNITS[unit]}之间。")
    return {"amount": amount, "unit": unit}


def _listed(text: str) -> list[str]:
    items = [item for item in _PARTS.split(text) if item]
    if len(items) > _LONGEST_LIST:
        raise Unfit(f"最多 {_LONGEST_LIST} 项。")
    if len(set(items)) < len(items):
        raise Unfit("有重复的项，请删去。")
    return items


def _read_numbers(kind: Kind, text: str) -> list[int | float]:
    values = [_read_number(kind, item) for item in _listed(text)]
    if values != sorted(set(values)):
        raise Unfit("数值应由小到大排列，不能重复。")
    return values


def _read_codes(kind: Kind, text: str) -> list[str]:
    known = {title: code for code, title in kind.choices.items()}
    codes = [known.get(item, item) for item in _listed(text)]
    for code in codes:
        if kind.choices and code not in kind.choices:
            raise Unfit(f"没有“{code}”这一项，可用的有：{'、'.join(kind.choices.values())}。")
        if kind.pattern and not re.fullmatch(kind.pattern, code, re.ASCII):
            raise Unfit(f"“{code}”的写法不对，应为数字编码。")
    if not codes and not kind.choices:
        raise Unfit("请至少填写一项。")
    return codes


def _read_days(kind: Kind, text: str) -> list[str]:
    """Single days, and spans of days from first to last."""
    found = []
    for item in _listed(text):
        ends = re.split(r"[/至]", item)
        try:
            days = [date.fromisoformat(end) for end in ends]
        except ValueError:
            raise Unfit("日期请写成 2027-01-01，连续几日写成 2027-02-06至2027-02-12，用顿号分开。") from None
        if len(days) > 2 or days != sorted(days):
            raise Unfit(f"“{item[:30]}”的起止日期不对，请写成 2027-02-06至2027-02-12。")
        found.append("/".join(map(str, days)))
    return sorted(found)


def _read_choice(kind: Kind, text: str) -> str:
    for code, title in kind.choices.items():
        if text in (code, title):
            return code
    raise Unfit(f"没有“{text[:20]}”这一项，可用的有：{'、'.join(kind.choices.values())}。")


def _pairs(text: str) -> list[tuple[str, str]]:
    found = []
    for line in filter(None, (line.strip() for line in text.translate(_WIDE).splitlines())):
        name, sign, value = line.partition("=")
        if not sign:
            raise Unfit(f"“{line[:20]}”应写成“名称 = 值”，每行一项。")
        found.append((name.strip(), value.strip()))
    names = [name for name, _ in found]
    if len(set(names)) < len(names):
        raise Unfit("有重复的项，请删去。")
    return found


def _read_record(kind: Kind, text: str) -> dict[str, Any]:
    names = {title: name for name, (title, _) in kind.fields.items()}
    stated = {names.get(name, name): value for name, value in _pairs(text)}
    for name in stated:
        if name not in kind.fields:
            raise Unfit(f"没有“{name}”这一项，可用的有：{'、'.join(names)}。")
    missing = [title for title, name in names.items() if name not in stated]
    if missing:
        raise Unfit(f"缺少{'、'.join(missing)}，请补充。")
    found = {}
    for name, (title, own) in kind.fields.items():
        try:
            found[name] = own.read(stated[name])
        except Unfit as error:
            raise Unfit(f"{title}：{error}") from None
    return found


def _read_mapping(kind: Kind, text: str) -> dict[str, str]:
    found = {}
    titles = {title: code for code, title in kind.keys.items()}
    values = {title: code for code, title in kind.choices.items()}
    for name, value in _pairs(text):
        key, stated = titles.get(name, name), values.get(value, value)
        if kind.keys and key not in kind.keys:
            raise Unfit(f"没有“{name}”这一项，可用的有：{'、'.join(kind.keys.values())}。")
        if not kind.keys and not re.fullmatch(r"[a-z_]{1,40}", key, re.ASCII):
            raise Unfit(f"“{name[:20]}”的写法不对，应为小写英文代码。")
        if kind.choices and stated not in kind.choices:
            raise Unfit(f"“{name}”没有“{value[:20]}”这一项，可用的有：{'、'.join(kind.choices.values())}。")
        if not stated or len(stated) > kind.value_longest or not stated.startswith(kind.value_prefix):
            raise Unfit(f"“{name}”的值应为不超过 {kind.value_longest} 字的文字{_begins(kind)}。")
        found[key] = stated
    if not found:
        raise Unfit("请至少填写一项。")
    return found


def _read_pairs(kind: Kind, text: str) -> list[list[str]]:
    """Codes with their titles, in the order in which they are offered."""
    return [[code, title] for code, title in _read_mapping(kind, text).items()]


def _read_rows(kind: Kind, text: str) -> list[dict[str, Any]]:
    """A line for each row, its cells between bars in the order of the fields; a cell that may be empty is left out."""
    found = []
    for number, line in enumerate(filter(None, (line.strip() for line in text.splitlines())), 1):
        cells = [cell.strip() for cell in line.replace("｜", "|").split("|")]
        if len(cells) != len(kind.fields):
            raise Unfit(f"第 {number} 行有 {len(cells)} 格，应为 {len(kind.fields)} 格，用竖线分开。")
        row = {}
        for cell, (name, (title, own)) in zip(cells, kind.fields.items(), strict=True):
            if cell or not own.optional:
                try:
                    row[name] = own.read(cell)
                except Unfit as error:
                    raise Unfit(f"第 {number} 行{title}：{error}") from None
        found.append(row)
    named = [str(row.get("code", sorted(row.items()))) for row in found]
    if not found or len(set(named)) < len(named):
        raise Unfit("至少填写一行，不能有重复的行。")
    return found


def _write_rows(kind: Kind, value: Any) -> str:
    return "\n".join(
        " | ".join(own.write(row[name]) if name in row else "" for name, (_, own) in kind.fields.items())
        for row in value
    )


def _begins(kind: Kind) -> str:
    return f"，以 {kind.value_prefix} 开头" if kind.value_prefix else ""


def _write_term(kind: Kind, value: Any) -> str:
    return f"{value['amount']} {UNITS.get(value['unit'], value['unit'])}"


def _write_record(kind: Kind, value: Any) -> str:
    return "\n".join(
        f"{title} = {own.write(value[name])}" for name, (title, own) in kind.fields.items() if name in value
    )


def _write_mapping(kind: Kind, value: Any) -> str:
    lines = (f"{kind.keys.get(name, name)} = {kind.choices.get(text, text)}" for name, text in value.items())
    return "\n".join(lines)


_READERS: dict[str, Callable[[Kind, str], Any]] = {
    "integer": _read_integer, "number": _read_number, "decimal": _read_decimal, "ratio": _read_ratio,
    "boolean": _read_boolean, "text": _read_text, "pattern": _read_pattern, "term": _read_term,
    "numbers": _read_numbers, "codes": _read_codes, "days": _read_days, "choice": _read_choice,
    "record": _read_record, "mapping": _read_mapping, "pairs": _read_pairs, "rows": _read_rows,
}  # fmt: skip
_WRITERS: dict[str, Callable[[Kind, Any], str]] = {
    "boolean": lambda kind, value: "是" if value else "否",
    "term": _write_term,
    "numbers": lambda kind, value: "、".join(f"{item:g}" for item in value),
    "codes": lambda kind, value: "、".join(kind.choices.get(item, item) for item in value),
    "days": lambda kind, value: "、".join(str(item).replace("/", "至") for item in value),
    "choice": lambda kind, value: kind.choices.get(value, str(value)),
    "record": _write_record,
    "mapping": _write_mapping,
    "pairs": lambda kind, value: _write_mapping(kind, dict(value)),
    "rows": _write_rows,
}
_HINTS: dict[str, Callable[[Kind], str]] = {
    "integer": lambda kind: f"整数，{_range(kind)}",
    "number": lambda kind: f"数字，{_range(kind)}",
    "decimal": lambda kind: f"小数，{_range(kind)}，也可写成 20%",
    "ratio": lambda kind: "比例，写成 1/3、0.25 或 25%",
    "boolean": lambda kind: "是或者否",
    "text": lambda kind: f"文字，不超过 {kind.longest} 字",
    "pattern": lambda kind: "样式，包含 " + "、".join("{" + name + "}" for name in kind.parts),
    "term": lambda kind: "期限，写成 30 日、5 个工作日、3 个月或 1 年",
    "numbers": lambda kind: "由小到大的数字，用顿号分开",
    "codes": lambda kind: (
        "用顿号分开" + (f"，可用：{'、'.join(kind.choices.values())}" if kind.choices else "")
    ),
    "days": lambda kind: "日期，用顿号分开，连续几日写成 2027-02-06至2027-02-12",
    "choice": lambda kind: "可用：" + "、".join(kind.choices.values()),
    "record": lambda kind: (
        "每行一项：" + "；".join(f"{title}（{own.hint}）" for title, own in kind.fields.values())
    ),
    "mapping": lambda kind: (
        "每行一项，写成“名称 = 值”" + (f"，可用：{'、'.join(kind.choices.values())}" if kind.choices else "")
    ),
    "pairs": lambda kind: "每行一项，写成“代码 = 名称”，按显示的先后排列",
    "rows": lambda kind: (
        "每行一项，各格用竖线分开："
        + " | ".join(f"{title}（{own.hint}）" for title, own in kind.fields.values())
    ),
}
