"""Everything that the page of one firm shows beside its sheet: its place among its peers, its course as a drawing.

Refuses to score anything: the numbers are those of the core's sheet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from parcels.grading.models import GradingResult
from parcels.grading.queries import scored_again
from parcels.grading.results import figure_titles, reason_title
from parcels.schemes.definition import Definition
from parcels.yearly.wording import BENCHMARK_TITLES

WIDTH, HEIGHT, BASE = 360, 132, 106  # of the drawing, and where its bars stand
BAR = 56


@dataclass(frozen=True, slots=True)
class Bar:
    """A year's score as a bar; `height` 0 where it wasn't scored."""

    x: float
    y: float
    height: float
    year: int
    score: str
    grade: str
    current: bool

    @property
    def middle(self) -> float:
        return self.x + BAR / 2


@dataclass(frozen=True, slots=True)
class Place:
    """Where a firm stands: how many are above it, of how many, and the share that it is better than or equal to."""

    title: str
    rank: int
    of: int
    sharing: int
    percent: float


@dataclass(frozen=True, slots=True)
class Line:
    """An item of the sheet with the bar of its points, in per cent of the most that it can give."""

    told: Mapping[str, Any]
    formula: str
    benchmark: str
    filled: float


def bars(course: Sequence[Mapping[str, Any]], year: int, full: float) -> list[Bar]:
    """The years side by side, drawn to the highest of them or the full score."""
    known = [float(row["score"]) for row in course if row.get("score") is not None]
    highest = max([full, *known])
    step = WIDTH / max(len(course), 1)
    made = []
    for n, row in enumerate(course):
        score = row.get("score")
        height = 78 * float(score) / highest if score is not None else 0.0
        made.append(
            Bar(
                n * step + (step - BAR) / 2, BASE - height, height, row["year"], score or "",
                row["grade"] or "未定档", row["year"] == year,
            )
        )  # fmt: skip
    return made


def places(result: GradingResult, uscc: str) -> list[Place]:
    """In its class, which the grade is cut in, and in the whole group where that is more."""
    made = scored_again(result.input_id, result.sha256)
    at = made.firms.at(uscc)
    if at is None or not made.totals.scored[at]:
        return []
    shown = made.totals.shown
    found = []
    of_class, of_group = int(made.people.of_class[at]), int(made.people.of_group[at])
    rank, of, sharing = (int(made.grading.rank[at]), int(made.grading.of[at]), int(made.grading.sharing[at]))
    found.append(Place(made.class_name(of_class), rank, of, sharing, 100 * (of - rank + 1) / of))
    group = made.definition.groups[of_group]
    if group.by_industry:
        peers = shown[(made.people.of_group == of_group) & made.totals.scored]
        rank, of = int((peers > shown[at]).sum()) + 1, len(peers)
        found.append(Place(group.name, rank, of, int((peers == shown[at]).sum()), 100 * (of - rank + 1) / of))
    return found


def lines(definition: Definition, sheet: Mapping[str, Any]) -> list[Line]:
    """The items in the scheme's order, each with its formula and what its benchmark is."""
    titles = figure_titles(definition)
    own = {weight.indicator: weight.benchmark for group in definition.groups
           if sheet["class"].split("·")[0] == group.name for weight in group.weights}  # fmt: skip
    made = []
    for item in sheet["items"]:
        indicator = definition.indicators[item["indicator"]]
        above, below = titles[indicator.numerator], titles[indicator.denominator]
        benchmark = own.get(indicator.code, indicator.benchmark)
        score, points = item["score"] or 0.0, item["points"] or 0.0
        most = points * indicator.cap if indicator.cap else max(points, score)
        made.append(
            Line(
                item,
                f"{above[0]}（{above[1]}）÷ {below[0]}（{below[1]}）",
                BENCHMARK_TITLES[benchmark.kind],
                float(np.clip(100 * score / most, 0, 100)) if most else 0.0,
            )
        )
    return made


def sources(definition: Definition, sheet: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Where the figures come from, in words; facts are named by the scheme's own titles."""
    titles = {name: title for name, (title, _) in figure_titles(definition).items()}
    titles |= {"return": "年度报表", "firm": "规上、行业和镇街", "head": "合并评价的依据"}
    for kind, known in (
        ("adjustment", definition.adjustments), ("veto", definition.vetoes), ("exemption", definition.exemptions)
    ):  # fmt: skip
        titles |= {f"{kind}:{code}": one.title for code, one in known.items()}
    return [(titles.get(name, name), text or "未注明") for name, text in sorted(sheet["sources"].items())]


def facts(definition: Definition, sheet: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Bonus, vetoes and exemptions of the firm, with points or basis."""
    made = [
        (definition.adjustments[code].title, f"{points:+g} 分")
        for code, points in sheet["adjustments"].items()
        if code in definition.adjustments
    ]
    for known, held in ((definition.vetoes, sheet["vetoes"]), (definition.exemptions, sheet["exemptions"])):
        made += [(known[code].title, basis) for code, basis in held.items() if code in known]
    if sheet["reason"]:
        made.append(("未定档", reason_title(definition, sheet["reason"])))
    return made


def figures(definition: Definition, sheet: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """The firm's figures with title and unit; "" where unknown."""
    titles = figure_titles(definition)
    return [
        (titles[name][0], "" if value is None else f"{round(value, 4):.12g}", titles[name][1])
        for name, value in sheet["figures"].items()
        if name in titles
    ]
