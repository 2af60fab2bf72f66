"""标准地 indicators: what is promised at least or at most at which milestone, and whether what was reached keeps the promise.

Refuses to call a promise kept where a figure is missing, and an indicator without a stated direction is never compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from parcels.supply.rules import plain

PARAMETER = "milestones.indicators"
Direction = Literal["at_least", "at_most"]
WORDS: dict[Direction, str] = {"at_least": "不低于", "at_most": "不高于"}


@dataclass(frozen=True, slots=True)
class Indicator:
    """`milestones`: the kinds of milestone at which it is looked at; `confidential`: a firm's own figure (tax, output)."""

    code: str
    title: str
    unit: str
    direction: Direction
    milestones: tuple[str, ...]
    confidential: bool = False


class Compared(NamedTuple):
    """One indicator at one milestone: None in `kept` means that it can't be known."""

    indicator: Indicator
    promised: Decimal | None
    actual: Decimal | None
    kept: bool | None

    @property
    def told(self) -> str:
        """实际 against 承诺 with the direction, as an officer writes it."""
        word, unit = WORDS[self.indicator.direction], self.indicator.unit
        actual = "未填报" if self.actual is None else f"{plain(self.actual)}{unit}"
        promised = "未填报" if self.promised is None else f"{word} {plain(self.promised)}{unit}"
        return f"{self.indicator.title}{actual}，承诺{promised}"

    @property
    def told_openly(self) -> str:
        """The same for those who may not see a firm's figures."""
        if not self.indicator.confidential:
            return self.told
        kept = {True: "达到承诺", False: "未达承诺", None: "资料不全"}[self.kept]
        return f"{self.indicator.title}{kept}"


def indicators_of(values: Iterable[Mapping[str, Any]]) -> tuple[Indicator, ...]:
    """From the county's parameter; a wrong entry names itself by raising KeyError or ValueError."""
    found = []
    for entry in values:
        if entry["direction"] not in WORDS:
            raise ValueError(f"{entry['code']}: direction {entry['direction']}")
        found.append(
            Indicator(
                str(entry["code"]),
                str(entry["title"]),
                str(entry.get("unit", "")),
                entry["direction"],
                tuple(entry["milestones"]),
                bool(entry.get("confidential", False)),
            )
        )
    return tuple(found)


def compare(
    kind: str,
    promised: Mapping[str, Any] | None,
    actual: Mapping[str, Any] | None,
    indicators: Iterable[Indicator],
) -> tuple[Compared, ...]:
    """The indicators of a milestone for which a promise or a figure is stated, in the parameter's order."""
    found = []
    for indicator in indicators:
        wanted, reached = _figure(promised, indicator.code), _figure(actual, indicator.code)
        if kind in indicator.milestones and (wanted is not None or reached is not None):
            found.append(Compared(indicator, wanted, reached, _kept(indicator, wanted, reached)))
    return tuple(found)


def _kept(indicator: Indicator, promised: Decimal | None, actual: Decimal | None) -> bool | None:
    """Meeting the promise exactly keeps it."""
    if promised is None or actual is None:
        return None
    return actual >= promised if indicator.direction == "at_least" else actual <= promised


def _figure(values: Mapping[str, Any] | None, code: str) -> Decimal | None:
    """A stated figure that can be compared: finite and not negative."""
    value = (values or {}).get(code)
    if value is None or isinstance(value, bool):
        return None
    try:
        found = Decimal(str(value).strip())
    except ArithmeticError:
        return None
    return found if found.is_finite() and found >= 0 else None
