"""A scheme's draft as a form: which numbers and names may be changed in fields, and the document that comes of it.

Refuses nothing by itself: what was typed goes into the document as it is, and the reader of schemes names every fault.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from parcels.evaluation.rules import FIGURES
from parcels.schemes.definition import MISSING_TITLES
from parcels.yearly.wording import BENCHMARK_TITLES, DIRECTIONS, NOTICE_KINDS, OVER_TITLES, ROUNDINGS

Choices = tuple[tuple[str, str], ...]
SAME = (("", "同指标"),)
KINDS: Choices = tuple(BENCHMARK_TITLES.items())
CUTS = {"share": ("shares", "占比"), "score": ("scores", "最低分")}


@dataclass(frozen=True, slots=True)
class Entry:
    """One input: its name, where a fault of it would be named, what it holds, and what was wrong with that."""

    name: str
    place: str
    label: str
    value: str
    choices: Choices = ()
    wide: bool = False
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of inputs: headings and rows, each with its label; without headings the inputs stand side by side."""

    title: str
    heads: tuple[str, ...] = ()
    rows: list[tuple[str, list[Entry]]] = field(default_factory=list)
    note: str = ""
    place: str = ""
    of: str = ""  # what may be added to it and taken out of it: grades, indicators


def grids(document: Mapping[str, Any], faults: Mapping[str, Sequence[str]]) -> list[Grid]:
    """Everything that can be changed in fields, as the document holds it."""

    def entry(
        name: str, label: str, value: Any, place: str = "", choices: Choices = (), wide: bool = False
    ) -> Entry:
        where = place or name
        shown = "" if value is None else f"{value:.15g}" if isinstance(value, float) else str(value)
        return Entry(name, where, label, shown, choices, wide, tuple(faults.get(where, ())))

    def benchmark(name: str, place: str, held: Mapping[str, Any], kinds: Choices) -> list[Entry]:
        return [
            entry(f"{name}.kind", "基准", held.get("kind", ""), f"{place}.kind", kinds),
            entry(f"{name}.value", "固定基准值", held.get("value"), f"{place}.value"),
            entry(f"{name}.percent", "百分位", held.get("percent"), f"{place}.percent"),
            entry(f"{name}.over", "计算范围", held.get("over", "group"), f"{place}.over", tuple(OVER_TITLES.items())),
        ]  # fmt: skip

    years, notice = document["years"], document["publication"]
    measured = figures(document)
    made = [
        Grid("基本情况", rows=[("", [
            entry("name", "名称", document.get("name"), wide=True),
            entry("basis", "依据", document.get("basis"), wide=True),
            entry("note", "说明", document.get("note"), wide=True),
            entry("years.from", "自哪一年起适用", years.get("from")),
            entry("years.to", "至哪一年（不填：长期）", years.get("to")),
            entry("scoring.full", "满分", document["scoring"].get("full")),
            entry("publication.notice_days", "公示天数", notice.get("notice_days")),
            entry("publication.notice_kind", "公示天数按", notice.get("notice_kind"), choices=tuple(NOTICE_KINDS.items())),
        ])]),
        Grid("档次名称（由好到差）", rows=[("", [
            entry(f"grades[{n}]", f"第 {n} 档", grade, "grades")
            for n, grade in enumerate(document["grades"], 1)
        ])], of="grades"),
        Grid(
            "指标：名称、公式",
            ("名称", "单位", "分子", "分母", "方向"),
            [
                (str(one["code"]), [
                    entry(f"indicators[{n}].title", "名称", one.get("title")),
                    entry(f"indicators[{n}].unit", "单位", one.get("unit")),
                    entry(f"indicators[{n}].numerator", "分子", one.get("numerator"), choices=measured),
                    entry(f"indicators[{n}].denominator", "分母", one.get("denominator"), choices=measured),
                    entry(f"indicators[{n}].direction", "方向", one.get("direction"), choices=tuple(DIRECTIONS.items())),
                ])
                for n, one in enumerate(document["indicators"], 1)
            ],
            of="indicators",
        ),
        Grid(
            "指标：封顶、保底、缺项、基准",
            ("封顶倍数", "保底倍数", "缺项时", "基准", "固定基准值", "百分位", "计算范围"),
            [
                (str(one.get("title", "")), [
                    entry(f"indicators[{n}].cap", "封顶倍数", one.get("cap")),
                    entry(f"indicators[{n}].floor", "保底倍数", one.get("floor")),
                    entry(f"indicators[{n}].missing", "缺项时", one.get("missing"), choices=tuple(MISSING_TITLES.items())),
                    *benchmark(f"indicators[{n}].benchmark", f"indicators[{n}].benchmark", one.get("benchmark", {}), KINDS),
                ])
                for n, one in enumerate(document["indicators"], 1)
            ],
            "封顶倍数不填表示不封顶；固定基准值和百分位只在选用该种基准时适用。",
        ),
    ]  # fmt: skip
    for n, group in enumerate(document["groups"], 1):
        places = {weight["indicator"]: at for at, weight in enumerate(group["weights"], 1)}
        rows = []
        for one in document["indicators"]:
            at = places.get(one["code"])
            held = group["weights"][at - 1] if at else {}
            name, place = f"groups[{n}].weights.{one['code']}", f"groups[{n}].weights[{at or 0}]"
            rows.append((str(one.get("title", "")), [
                entry(f"{name}.points", "权重", held.get("points"), f"{place}.points"),
                *benchmark(f"{name}.benchmark", f"{place}.benchmark", held.get("benchmark", {}), SAME + KINDS),
            ]))  # fmt: skip
        unknown = sum(one["points"] for one in group.get("unknown", []))
        note = f"另有 {unknown:g} 分权重未知，计入满分。" if unknown else ""
        heads = ("权重（分）", "基准", "固定基准值", "百分位", "计算范围")
        made.append(
            Grid(
                f"{group['name']}：权重",
                heads,
                rows,
                f"权重不填表示本组不计该项。{note}",
                f"groups[{n}].weights",
            )
        )
        cutoffs = group["cutoffs"]
        key, label = CUTS[cutoffs["kind"]]
        named = document["grades"] if cutoffs["kind"] == "share" else document["grades"][:-1]
        limits = [
            entry(f"groups[{n}].cutoffs[{at}]", f"{grade} {label}", cutoffs[key].get(grade),
                  f"groups[{n}].cutoffs.{key}.{grade}")
            for at, grade in enumerate(named, 1)
        ]  # fmt: skip
        rounding = entry(f"groups[{n}].cutoffs.rounding", "名额取整", cutoffs.get("rounding", "half_up"),
                         choices=tuple(ROUNDINGS.items()))  # fmt: skip
        made.append(
            Grid(
                f"{group['name']}：分档界限",
                rows=[("", [*limits, rounding])],
                place=f"groups[{n}].cutoffs.{key}",
            )
        )
    return made


def figures(document: Mapping[str, Any]) -> Choices:
    """What an indicator may be made of: the figures of the returns, the land, and the scheme's own."""
    own = [(str(one["code"]), f"{one['title']}（{one['unit']}）") for one in document.get("figures", [])]
    return (*((code, f"{one.title}（{one.unit}）") for code, one in FIGURES.items()), *own)


def places(shown: Sequence[Grid]) -> dict[str, str]:
    """Where a fault is, in the words of the form: section, row and field."""
    found = {grid.place: grid.title for grid in shown if grid.place}
    for grid in shown:
        for label, entries in grid.rows:
            for one in entries:
                found.setdefault(one.place, " · ".join(filter(None, (grid.title, label, one.label))))
    return found


def edited(document: Mapping[str, Any], sent: Mapping[str, str]) -> dict[str, Any]:
    """The document with what was typed; a number that is none stays text, for the reader to name."""
    made: dict[str, Any] = copy.deepcopy(dict(document))
    put(made, "name", sent.get("name"))
    put(made, "basis", sent.get("basis"))
    put(made, "note", sent.get("note"))
    for key in ("from", "to"):
        put(made["years"], key, sent.get(f"years.{key}"), numeric=True)
    put(made["scoring"], "full", sent.get("scoring.full"), numeric=True)
    put(made["publication"], "notice_days", sent.get("publication.notice_days"), numeric=True)
    put(made["publication"], "notice_kind", sent.get("publication.notice_kind"))
    for n, one in enumerate(made["indicators"], 1):
        for key in ("cap", "floor"):
            put(one, key, sent.get(f"indicators[{n}].{key}"), numeric=True)
        for key in ("title", "unit", "numerator", "denominator", "direction", "missing"):
            put(one, key, sent.get(f"indicators[{n}].{key}"))
        _benchmark(one, f"indicators[{n}].benchmark", sent)
    for n, group in enumerate(made["groups"], 1):
        _weights(group, f"groups[{n}].weights", made["indicators"], sent)
        cutoffs = group["cutoffs"]
        limits = cutoffs[CUTS[cutoffs["kind"]][0]]
        for at, grade in enumerate(document["grades"], 1):
            put(limits, grade, sent.get(f"groups[{n}].cutoffs[{at}]"), numeric=True)
        put(cutoffs, "rounding", sent.get(f"groups[{n}].cutoffs.rounding"))
    _rename(made, [sent.get(f"grades[{n}]", old).strip() for n, old in enumerate(document["grades"], 1)])
    return made


def put(table: dict[str, Any], key: str, text: str | None, *, numeric: bool = False) -> None:
    """What was typed under a key; nothing typed takes the key away, nothing sent leaves it."""
    if text is None:
        return
    if text.strip():
        table[key] = _number(text.strip()) if numeric else text.strip()
    else:
        table.pop(key, None)


def _weights(group: dict[str, Any], name: str, indicators: list[Any], sent: Mapping[str, str]) -> None:
    held = {weight["indicator"]: weight for weight in group["weights"]}
    for one in indicators:
        code = one["code"]
        weight = held.setdefault(code, {"indicator": code})
        put(weight, "points", sent.get(f"{name}.{code}.points"), numeric=True)
        _benchmark(weight, f"{name}.{code}.benchmark", sent)
    order = [weight["indicator"] for weight in group["weights"]]
    order += [one["code"] for one in indicators if one["code"] not in order]
    group["weights"] = [held[code] for code in order if "points" in held[code]]


def _benchmark(table: dict[str, Any], name: str, sent: Mapping[str, str]) -> None:
    """The benchmark as a whole: a value or percentile belongs to its kind only."""
    kind = sent.get(f"{name}.kind")
    if kind is None:
        return
    if not kind:
        table.pop("benchmark", None)
        return
    made: dict[str, Any] = {"kind": kind}
    for key, of in (("value", "fixed"), ("percent", "percentile")):
        if kind == of:
            put(made, key, sent.get(f"{name}.{key}"), numeric=True)
    if sent.get(f"{name}.over", "group") != "group":
        made["over"] = sent[f"{name}.over"]
    table["benchmark"] = made


def _rename(document: dict[str, Any], names: list[str]) -> None:
    """New names of grades, also where cut-offs and vetoes name them; names that don't tell grades apart stay a fault."""
    old = document["grades"]
    document["grades"] = names
    if not all(names) or len(set(names)) != len(names):
        return
    to = dict(zip(old, names, strict=True))
    for group in document["groups"]:
        cutoffs = group["cutoffs"]
        key = CUTS[cutoffs["kind"]][0]
        cutoffs[key] = {to.get(grade, grade): limit for grade, limit in cutoffs[key].items()}
    for veto in document.get("vetoes", []):
        if "to" in veto:
            veto["to"] = to.get(veto["to"], veto["to"])


def _number(text: str) -> int | float | str:
    try:
        return int(text)
    except ValueError:
        pass
    try:
        number = float(text)
    except ValueError:
        return text
    return number if math.isfinite(number) else text
