"""What a change of a scheme does to a year's grades: counts before and after by class, and the firms that move.

Refuses to write anything, and to compare on anything but one and the same inputs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from landgis.access.queries import Actor
from landgis.access.rules import MANAGE_EVALUATION
from landgis.counties.models import County
from landgis.lib.errors import InputError
from parcels.evaluation.queries import years_on_record
from parcels.grading.freezing import freeze
from parcels.grading.frozen import Frozen
from parcels.grading.queries import newest_input, run_of, runs_with_state
from parcels.grading.results import Scored, reason_title, scored
from parcels.grading.rules import WITHDRAWN
from parcels.schemes.definition import Definition
from parcels.schemes.queries import Chosen

FROZEN, LIVE = "run", "year"
NO_GRADE = "未定档"


@dataclass(frozen=True, slots=True)
class Moved:
    """A firm whose grade isn't what it was."""

    uscc: str
    name: str
    town_code: str
    class_before: str
    class_after: str
    score_before: Decimal | None
    score_after: Decimal | None
    grade_before: str
    grade_after: str
    reason: str


@dataclass(frozen=True, slots=True)
class Counted:
    """A class with, grade by grade, how many firms had it and have it."""

    name: str
    cells: tuple[tuple[int, int], ...]

    @property
    def changed(self) -> bool:
        return any(before != after for before, after in self.cells)


@dataclass(frozen=True, slots=True)
class Preview:
    """Both results on the same inputs; `heads` name the grades, `before → after` where only a name changed."""

    on: str
    against: str
    heads: tuple[str, ...]
    classes: tuple[Counted, ...]
    moved: tuple[Moved, ...]
    firms: int
    better: int
    worse: int


def bases(county: County) -> list[tuple[str, str]]:
    """What a preview may be computed on: the frozen inputs of runs, newest first, and the years as they stand."""
    made = [
        (f"{FROZEN}:{run.pk}", f"{run.year} 年第 {run.number} 次评价的冻结数据")
        for run, state in runs_with_state(county)
        if state != WITHDRAWN
    ]
    years = sorted(years_on_record(county.code), reverse=True)
    return made + [(f"{LIVE}:{year}", f"{year} 年现有数据（试算，不冻结）") for year in years]


def inputs_for(county: County, actor: Actor, basis: str, found: Chosen) -> Frozen:
    """The inputs that a basis names; raises InputError where there is nothing to compute on."""
    actor.require_whole_county(MANAGE_EVALUATION)
    kind, _, number = basis.partition(":")
    if kind not in (FROZEN, LIVE) or not (number.isascii() and number.isdigit() and len(number) < 18):
        raise InputError(
            "basis_unknown", "没有这项试算数据。", "请重新选择试算所用的数据。", field="basis_of"
        )
    if kind == FROZEN:
        return Frozen.from_text(newest_input(run_of(county, int(number))).text)
    if int(number) not in years_on_record(county.code):
        raise InputError(
            "basis_unknown", f"{number} 年没有数据。", "请选择有年度报表的年度。", field="basis_of"
        )
    return freeze(county, found, int(number))


def compared(
    before: Definition, after: Definition, inputs: Frozen, *, on: str = "", against: str = ""
) -> Preview:
    """Score the same inputs by both definitions."""
    one, two = scored(before, _with_figures(inputs, before)), scored(after, _with_figures(inputs, after))
    by_place = _renamed_only(before.grades, after.grades)
    heads, left, right = _heads(before.grades, after.grades, by_place)
    ordered = by_place or bool((np.diff(right[:-1]) > 0).all())
    old, new = left[one.grading.grade], right[two.grading.grade]
    moved = np.flatnonzero(old != new).tolist()
    both = (old >= 0) & (new >= 0)
    return Preview(
        on=on,
        against=against,
        heads=heads,
        classes=_classes(one, two, old, new, len(heads)),
        moved=tuple(_moved(one, two, at) for at in moved),
        firms=len(one.firms),
        better=int((both & (new < old)).sum()) if ordered else 0,
        worse=int((both & (new > old)).sum()) if ordered else 0,
    )


def _with_figures(inputs: Frozen, definition: Definition) -> Frozen:
    """A scheme's own figure that the inputs weren't asked for is unknown in them."""
    lacking = [figure.code for figure in definition.figures if figure.code not in inputs.figures]
    nothing = dict.fromkeys(lacking, np.full(len(inputs), np.nan))
    return replace(inputs, figures={**inputs.figures, **nothing}) if lacking else inputs


def _renamed_only(before: Sequence[str], after: Sequence[str]) -> bool:
    """As many grades, and each name that both know at the same place: what differs is a name, not a grade."""
    return len(before) == len(after) and all(
        before.index(name) == at for at, name in enumerate(after) if name in before
    )


def _heads(
    before: Sequence[str], after: Sequence[str], by_place: bool
) -> tuple[tuple[str, ...], np.ndarray, np.ndarray]:
    """The grades of both schemes in one row, and each scheme's own places in it; the last place of each is -1."""
    if by_place:
        names = tuple(a if a == b else f"{a} → {b}" for a, b in zip(before, after, strict=True))
        places = np.array([*range(len(names)), -1])
        return names, places, places
    row, at = list(before), 0
    for (
        name
    ) in after:  # a new grade stands behind the one that it follows, so that the row goes from good to bad
        if name not in row:
            row.insert(at, name)
        at = row.index(name) + 1
    left, right = ([*(row.index(name) for name in grades), -1] for grades in (before, after))
    return tuple(row), np.array(left), np.array(right)


def _classes(one: Scored, two: Scored, old: np.ndarray, new: np.ndarray, size: int) -> tuple[Counted, ...]:
    names = list(dict.fromkeys(known.name for made in (one, two) for known in made.people.classes))
    rows = []
    for name in names:
        counts = []
        for made, grade in ((one, old), (two, new)):
            of = [at for at, known in enumerate(made.people.classes) if known.name == name]
            mine = np.isin(made.people.of_class, of) & (grade >= 0)
            counts.append(np.bincount(grade[mine], minlength=size).tolist())
        rows.append(Counted(name, tuple(zip(*counts, strict=True))))
    totals = [[sum(row.cells[n][side] for row in rows) for side in (0, 1)] for n in range(size)]
    return (*rows, Counted("合计", tuple((a, b) for a, b in totals)))


def _moved(one: Scored, two: Scored, at: int) -> Moved:
    reason = two.reason(at)
    return Moved(
        uscc=one.firms.uscc[at],
        name=one.firms.texts["name"][at],
        town_code=one.firms.texts["town_code"][at],
        class_before=one.class_name(int(one.people.of_class[at])),
        class_after=two.class_name(int(two.people.of_class[at])),
        score_before=one.score(at),
        score_after=two.score(at),
        grade_before=one.grade_name(int(one.grading.grade[at])) or NO_GRADE,
        grade_after=two.grade_name(int(two.grading.grade[at])) or NO_GRADE,
        reason=reason_title(two.definition, reason) if reason else "",
    )
