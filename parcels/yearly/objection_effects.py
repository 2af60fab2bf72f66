"""What the decision of an objection changed: the corrections in words, the firm's place before and after, and whose grade moved.

Refuses figures, and other firms, to whoever isn't cleared for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from parcels.grading.models import GradingResult, GradingScore, GradingStep, Objection
from parcels.grading.results import figure_titles, reason_title
from parcels.schemes.definition import Definition

FACTS = {
    "above_scale": "规上、规下",
    "industry_code": "行业代码",
    "industry_group": "行业类别",
    "head": "合并评价的牵头企业",
    "firm": "列入评价数据",
    "building_mu": "建设期内用地（亩）",
}
MOST_MOVED = 20


@dataclass(frozen=True, slots=True)
class Corrected:
    """One thing that a decision changed of the inputs; before and after are None for whoever isn't cleared."""

    uscc: str
    title: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Side:
    """Where the firm stood in one result."""

    class_name: str
    grade: str
    score: str | None
    rank: int | None
    of: int | None
    land_mu: float | None
    why: str = ""  # it has no grade


@dataclass(frozen=True, slots=True)
class Effect:
    """The firm before and after, and the others whose grade moved with it (name, before, after)."""

    before: Side | None
    after: Side | None
    moved: list[tuple[str, str, str]]
    others: int

    @property
    def sides(self) -> list[Side]:
        return [side or Side("", "", None, None, None, None) for side in (self.before, self.after)]


def corrected(
    definition: Definition, changes: list[Mapping[str, Any]], uscc: str, *, cleared: bool
) -> list[Corrected]:
    """Each correction in words; of other firms than the objecting one only for those cleared."""
    return [
        Corrected(
            one["uscc"],
            _title(definition, one),
            _value(one, "before") if cleared else None,
            _value(one, "after") if cleared else None,
        )
        for one in changes
        if cleared or one["uscc"] == uscc
    ]


def effect_of(
    objection: Objection, definition: Definition, *, cleared: bool, others: bool = False
) -> Effect | None:
    """Before and after the decision, with the others that it moved if asked; None where it computed nothing anew."""
    if not hasattr(objection, "decision"):
        return None
    step = (
        GradingStep.objects.filter(objection=objection, result__isnull=False)
        .select_related("result__input")
        .defer("result__input__text")
        .first()
    )
    if step is None or step.result is None:
        return None
    version = step.result.input.version
    former = GradingResult.objects.get(input__run=objection.run_id, input__version=version - 1)
    sides = {
        row.result_id: _side(row, definition, cleared)
        for row in GradingScore.objects.filter(result__in=[former, step.result], uscc=objection.uscc)
    }
    moved = _moved(former, step.result, objection.uscc) if cleared and others else []
    return Effect(sides.get(former.pk), sides.get(step.result.pk), moved[:MOST_MOVED], len(moved))


def _moved(before: GradingResult, after: GradingResult, uscc: str) -> list[tuple[str, str, str]]:
    rows = GradingScore.objects.exclude(uscc=uscc)
    was = dict(rows.filter(result=before).values_list("uscc", "grade"))
    now = rows.filter(result=after).order_by("uscc").values_list("uscc", "name", "grade")
    return [(name, was.get(code, ""), grade) for code, name, grade in now if was.get(code, "") != grade]


def _side(row: GradingScore, definition: Definition, cleared: bool) -> Side:
    why = reason_title(definition, row.reason) if row.reason else ""
    if not cleared:
        return Side(row.class_name, row.grade, None, None, None, None, why)
    score = None if row.score is None else f"{row.score.normalize():f}"
    return Side(row.class_name, row.grade, score, row.rank, row.of, row.land_mu, why)


def _title(definition: Definition, one: Mapping[str, Any]) -> str:
    if "figure" in one:
        name = one["figure"]
        title, unit = figure_titles(definition).get(name, (FACTS.get(name, name), ""))
        return f"{title}（{unit}）" if unit else title
    kind, _, code = str(one["fact"]).partition(":")
    if kind == "parcel":
        return f"宗地 {code} 用地（亩）"
    known: Mapping[str, Any] = {"veto": definition.vetoes, "exemption": definition.exemptions}.get(kind, {})
    if known:
        return (
            f"{'降档事项' if kind == 'veto' else '免评事项'}：{known[code].title if code in known else code}"
        )
    return FACTS.get(kind, kind)


def _value(one: Mapping[str, Any], side: str) -> str:
    value = one[side]
    if value is None or value == "":
        return "无"
    if isinstance(value, bool):
        return "规上" if value else "规下"
    return f"{round(value, 4):.12g}" if isinstance(value, float) else str(value)
