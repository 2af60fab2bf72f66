"""A nested document read key by key, with every fault noted at its place.

Refuses keys that nobody asked for: a misspelt key would otherwise silently change a scheme.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

T = TypeVar("T")
_NEEDED: Any = object()
MOST = 1e15  # no share, weight, threshold or benchmark is larger; NaN and infinity aren't numbers here


class Pages:
    """The faults of one document."""

    def __init__(self) -> None:
        self.issues: list[dict[str, str]] = []


class Page:
    """One table of the document; what is asked for and not there, or of another kind, becomes a fault."""

    def __init__(self, values: Any, place: str, found: Pages) -> None:
        self.place, self.found = place, found
        self._asked: set[str] = set()
        self._below: list[Page] = []
        self._values: Mapping[str, Any] = values if isinstance(values, Mapping) else {}
        if not isinstance(values, Mapping):
            self.wrong("", "应为一组“名称 = 值”")

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def wrong(self, key: str, message: str) -> None:
        place = ".".join(part for part in (self.place, key) if part)
        issue = {"field": place, "code": "scheme_invalid", "message": f"评价方案 {place}：{message}。"}
        if issue not in self.found.issues:
            self.found.issues.append(issue)

    def text(self, key: str, default: Any = _NEEDED) -> str:
        value = self._value(key, default)
        if isinstance(value, str) and (value.strip() or default is not _NEEDED):
            return value.strip()
        return self._other(key, value, "应为文字", "")

    def texts(self, key: str, default: Any = _NEEDED) -> list[str]:
        value = self._value(key, default)
        if isinstance(value, list) and all(isinstance(item, str) and item.strip() for item in value):
            return value
        return self._other(key, value, "应为一列文字", list[str]())

    def flag(self, key: str, default: Any = _NEEDED) -> bool:
        value = self._value(key, default)
        return value if isinstance(value, bool) else self._other(key, value, "应为 true 或 false", False)

    def number(
        self, key: str, default: Any = _NEEDED, *, low: float = -math.inf, high: float = math.inf
    ) -> float:
        value = self._value(key, default)
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= MOST:
            if low <= value <= high:
                return float(value)
            return self._other(key, value, f"{value:g} 超出范围 {low:g} 至 {high:g}", 0.0)
        return self._other(key, value, "应为数字，绝对值不超过 1e15", 0.0)

    def whole(self, key: str, default: Any = _NEEDED, *, low: int, high: int) -> int:
        value = self._value(key, default)
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        return self._other(key, value, f"应为 {low} 至 {high} 的整数", low)

    def choice(self, key: str, among: Sequence[str], default: Any = _NEEDED) -> str:
        value = self._value(key, default)
        if isinstance(value, str) and value in among:
            return value
        return self._other(key, value, f"应为以下之一：{'、'.join(among)}", among[0])

    def page(self, key: str, *, needed: bool = True) -> Page:
        value = self._value(key, _NEEDED if needed else {})
        return self._page({} if value is None else value, key)

    def pages(self, key: str, *, least: int = 1) -> list[Page]:
        value = self._value(key, _NEEDED if least else [])
        if not isinstance(value, list):
            value = self._other(key, value, "应为一列表格", list[Any]())
        elif len(value) < least:
            self.wrong(key, "至少要有一项")
        made = [self._page(item, f"{key}[{n}]") for n, item in enumerate(value, 1)]
        codes = [item.get("code") for item in value if isinstance(item, Mapping) and "code" in item]
        if len(set(map(str, codes))) != len(codes):
            self.wrong(key, "代码 code 重复")
        return made

    def close(self) -> None:
        """Note what was stated and never asked for, here and below."""
        for key in self._values:
            if key not in self._asked:
                self.wrong(str(key), "没有这个项目，请检查拼写")
        for page in self._below:
            page.close()

    def _page(self, value: Any, key: str) -> Page:
        made = Page(value, ".".join(part for part in (self.place, key) if part), self.found)
        self._below.append(made)
        return made

    def _value(self, key: str, default: Any) -> Any:
        self._asked.add(key)
        value = self._values.get(key)
        if value is not None:
            return value
        if default is _NEEDED:
            self.wrong(key, "没有写明")
            return None
        return default

    def _other(self, key: str, value: Any, message: str, instead: T) -> T:
        """What stands for a value that can't be used, so that reading goes on and finds the rest."""
        if value is not None:
            self.wrong(key, message)
        return instead
