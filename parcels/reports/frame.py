"""What stands around a report's towns: the plan's other counts, the year's land supply, and the control line.

Refuses to fill in: an issue of an earlier rule has none of them, and nothing is made up for it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from parcels.reports.rules import WHOLE, Figure, FigureChange, compare_figures

COUNTS, SUPPLY, LINE = "counts", "supply", "line"
VERDICTS = {
    "reached": "达到", "missed": "未达到", "unknown": "待核", "part": "按全县考核", "no_target": "没有目标",
    "running_reached": "尚未期满，目前达到", "running_missed": "尚未期满，目前低于目标", "running_unknown": "尚未期满，目前待核",
}  # fmt: skip
_OF_COUNT = (
    ("target", "目标", None), ("done", "完成", None), ("rate", "完成率", "%"), ("due", "序时应完成", None),
)  # fmt: skip
_OF_LINE = (
    ("total_mu", "控制线台账面积", "亩"), ("drawn_mu", "控制线图上面积", "亩"), ("pieces", "控制线图块", "块"),
    ("retained_mu", "控制线保有量", "亩"), ("spare_mu", "高于保有量", "亩"), ("balance_mu", "占补结余", "亩"),
    ("banked_mu", "可用结余", "亩"),
)  # fmt: skip


class Framed(NamedTuple):
    """A figure of the frame as it stands in an issue."""

    town_code: str
    figure: Figure
    value: str | None


def part_of(heading: Mapping[str, Any], towns: Collection[str]) -> dict[str, Any]:
    """The heading for some towns: their own counts; the supply's verdict and the line are the county's."""
    kept = {name: told for name, told in heading.items() if name not in (COUNTS, SUPPLY, LINE)}
    if COUNTS not in heading:
        return kept
    counts = [
        {**row, "towns": {code: told for code, told in row["towns"].items() if code in towns}}
        for row in heading[COUNTS]
    ]
    return kept | {COUNTS: [row for row in counts if row["towns"]]}


def framed(heading: Mapping[str, Any]) -> Iterator[Framed]:
    """Every figure of the frame, the counts by town and the line of the county."""
    for row in heading.get(COUNTS) or ():
        for code, told in row["towns"].items():
            for name, title, unit in _OF_COUNT:
                figure = Figure(
                    f"count.{row['key']}.{name}",
                    f"{row['title']}{title}",
                    unit or row["unit"],
                    "",
                    summed=False,
                )
                yield Framed(code, figure, told[name])
    for name, title, unit in _OF_LINE:
        if heading.get(LINE):
            yield Framed(WHOLE, Figure(f"line.{name}", title, unit, "", summed=False), heading[LINE][name])
    if heading.get(SUPPLY):
        least = Figure("supply.least", "工业用地占比目标", "%", "", summed=False)
        yield Framed(WHOLE, least, heading[SUPPLY]["least"])


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[FigureChange]:
    """Every figure that two contents state differently: the towns', then the frame's."""
    return [*compare_figures(before, after), *_compare_frames(before, after)]


def _compare_frames(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[FigureChange]:
    """The frame's figures that two contents state differently; what one of them didn't know isn't compared."""
    names = {row["code"]: row["name"] for content in (before, after) for row in content["towns"]}
    old, new = (
        {(one.town_code, one.figure.key): one for one in framed(content)} for content in (before, after)
    )
    known = [section for section in (COUNTS, SUPPLY, LINE) if section in before and section in after]
    found = []
    for town, key in dict.fromkeys([*new, *old]):
        was, now = old.get((town, key)), new.get((town, key))
        one = now or was
        values = (was.value if was else None, now.value if now else None)
        section = COUNTS if key.startswith("count.") else key.partition(".")[0]
        if one is not None and section in known and values[0] != values[1]:
            found.append(FigureChange(town, names.get(town, town), one.figure, *values))
    return found
