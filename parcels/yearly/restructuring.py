"""Grades and indicators added to a scheme's draft and taken out of it: what else in the document follows from that.

Refuses a step that doesn't fit the document; the points and shares that come of it the reader of schemes judges.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from landgis.lib.errors import InputError
from parcels.yearly.editing import CUTS

ADD_GRADE, DROP_GRADE, ADD_INDICATOR, DROP_INDICATOR = (
    "add_grade",
    "drop_grade",
    "add_indicator",
    "drop_indicator",
)
STEPS = (ADD_GRADE, DROP_GRADE, ADD_INDICATOR, DROP_INDICATOR)
NEW_INDICATOR = ("code", "title", "unit", "numerator", "denominator")
MOST_STEPS, LONGEST = 200, 60
_CODE = re.compile(r"[A-Za-z0-9_-]{1,60}")
Step = Sequence[Any]  # the kind of the step and what it needs


def steps_sent(text: str) -> list[Step]:
    """The steps that the page carries along since the draft was last saved."""
    try:
        found = json.loads(text or "[]")
    except (ValueError, RecursionError):
        raise _unreadable() from None
    if not isinstance(found, list) or len(found) > MOST_STEPS:
        raise _unreadable()
    return found


def step_asked(sent: Mapping[str, str]) -> Step | None:
    """The step whose button was pressed."""
    if DROP_GRADE in sent:
        return [DROP_GRADE, _place(sent[DROP_GRADE])]
    if DROP_INDICATOR in sent:
        return [DROP_INDICATOR, _place(sent[DROP_INDICATOR])]
    if ADD_GRADE in sent:
        return [ADD_GRADE, sent.get("new_grade", "").strip(), _place(sent.get("new_grade_at", ""))]
    if ADD_INDICATOR in sent:
        return [ADD_INDICATOR, *(sent.get(f"new_indicator.{name}", "").strip() for name in NEW_INDICATOR)]
    return None


def restructured(document: Mapping[str, Any], steps: Sequence[Step]) -> dict[str, Any]:
    """The document after the steps, one after the other; the one given stays as it is."""
    made: dict[str, Any] = copy.deepcopy(dict(document))
    for step in steps:
        kind, *needs = step if isinstance(step, list) and step else [""]
        if kind == ADD_GRADE and len(needs) == 2:
            _add_grade(made, *needs)
        elif kind == DROP_GRADE and len(needs) == 1:
            _drop_grade(made, *needs)
        elif kind == ADD_INDICATOR and len(needs) == len(NEW_INDICATOR):
            _add_indicator(made, dict(zip(NEW_INDICATOR, needs, strict=True)))
        elif kind == DROP_INDICATOR and len(needs) == 1:
            _drop_indicator(made, *needs)
        else:
            raise _unreadable()
    return made


def _add_grade(document: dict[str, Any], name: Any, before: Any) -> None:
    """A grade before the one at a place (from 1), or as the last; its cut-off is left for the officer to fill in."""
    grades = document["grades"]
    if not isinstance(name, str) or not name or len(name) > LONGEST:
        raise InputError("grade_name", "请填写新档次的名称。", "名称不超过 60 字。", field="new_grade")
    if name in grades:
        raise InputError("grade_twice", f"已有档次“{name}”。", "请换一个名称。", field="new_grade")
    if not isinstance(before, int) or not 1 <= before <= len(grades) + 1:
        raise InputError("grade_place", "没有这个位置。", "请重新选择加在哪一档之前。", field="new_grade_at")
    grades.insert(before - 1, name)


def _drop_grade(document: dict[str, Any], at: Any) -> None:
    """A grade goes; its share, and the vetoes that lead to it, go to the next worse one, or the last but one."""
    grades = document["grades"]
    if not isinstance(at, int) or not 1 <= at <= len(grades):
        raise InputError("grade_place", "没有这一档。", "请刷新页面后重试。", field="grades")
    if len(grades) <= 2:
        raise InputError("grades_few", "方案至少应有两档。", "请先加入新的档次。", field="grades")
    gone = grades.pop(at - 1)
    heir = grades[min(at - 1, len(grades) - 1)]
    for group in document["groups"]:
        cutoffs = group["cutoffs"]
        limits = cutoffs[CUTS[cutoffs["kind"]][0]]
        left = limits.pop(gone, None)
        if cutoffs["kind"] == "score":
            limits.pop(grades[-1], None)  # the last grade takes whoever is left and has no least score
        elif _number(left):
            own = limits[heir] if _number(limits.get(heir)) else 0
            limits[heir] = float(Decimal(str(own)) + Decimal(str(left)))
    for veto in document.get("vetoes", []):
        if veto.get("to") == gone:
            veto["to"] = heir


def _add_indicator(document: dict[str, Any], told: dict[str, Any]) -> None:
    """An indicator without points in any group yet, against the average, as the most schemes have it."""
    texts = all(isinstance(value, str) and value and len(value) <= LONGEST for value in told.values())
    if not texts:
        raise InputError(
            "indicator_whole", "新指标的代码、名称、单位、分子、分母都应填写。", "每项不超过 60 字。",
            field="new_indicator",
        )  # fmt: skip
    if not _CODE.fullmatch(told["code"]):
        raise InputError(
            "indicator_code", f"指标代码“{told['code']}”不能用。", "代码只能用字母、数字、横线和下划线。",
            field="new_indicator",
        )  # fmt: skip
    if any(one["code"] == told["code"] for one in document["indicators"]):
        raise InputError(
            "indicator_twice", f"已有指标“{told['code']}”。", "请换一个代码。", field="new_indicator"
        )
    document["indicators"].append(
        {**told, "direction": "higher", "missing": "reweigh", "benchmark": {"kind": "ratio_of_sums"}}
    )


def _drop_indicator(document: dict[str, Any], at: Any) -> None:
    """An indicator goes with its weights in all groups and its part in breaking ties; its points are free again."""
    indicators = document["indicators"]
    if not isinstance(at, int) or not 1 <= at <= len(indicators):
        raise InputError("indicator_place", "没有这个指标。", "请刷新页面后重试。", field="indicators")
    if len(indicators) == 1:
        raise InputError("indicators_few", "方案至少应有一个指标。", "请先加入新的指标。", field="indicators")
    gone = indicators.pop(at - 1)["code"]
    for group in document["groups"]:
        group["weights"] = [weight for weight in group["weights"] if weight["indicator"] != gone]
    scoring = document["scoring"]
    if gone in scoring.get("tie_break", []):
        scoring["tie_break"] = [code for code in scoring["tie_break"] if code != gone]


def _place(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _unreadable() -> InputError:
    return InputError("steps_unreadable", "页面上的改动无法读取。", "请重新打开草稿后再改。", field="steps")
