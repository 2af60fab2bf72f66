"""A year scored: from frozen inputs and a definition to classes, sheets and one text whose hash tells a result.

Refuses any input but those two, so that a re-run gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parcels.evaluation.rules import FIGURES, LAND
from parcels.grading.frozen import Frozen, digest, merged
from parcels.grading.population import REASONS, Population, population
from parcels.grading.ranking import Grading, graded
from parcels.grading.scoring import NOT_ASKED, NOTES, Totals, totals
from parcels.schemes.definition import Definition

FORMAT = "landgis.evaluation-results.2"
FORMAT_1 = "landgis.evaluation-results.1"  # its hash was taken over the text
ITEMS = ("value", "benchmark", "ratio", "capped", "points", "score")
PLACES = ("rank", "sharing", "of", "cut", "grade")
UNSCORED = "unscored"


@dataclass(frozen=True, slots=True)
class Scored:
    """Everything that follows from the inputs; `firms` are those after merging."""

    definition: Definition
    firms: Frozen
    people: Population
    totals: Totals
    grading: Grading

    @property
    def sha256(self) -> str:
        """The hash of a result: its words as JSON, then its columns one by one as 8 bytes a number, little end first."""
        told = hashlib.sha256()
        words = {
            "format": FORMAT,
            "uscc": list(self.firms.uscc),
            "classes": [known.name for known in self.people.classes],
            "reason": list(self.people.reason),
        }
        told.update(_json(words).encode())
        for name, column in self._columns():
            told.update(f"\n{name}:".encode())
            told.update(_bits(column))
        return told.hexdigest()

    def has_hash(self, sha256: str) -> bool:
        """Whether this is the result that was kept under a hash, also one of the first format."""
        return sha256 == self.sha256 or sha256 == digest(self.text())

    def text(self) -> str:
        """The results as JSON with sorted keys and no blanks, as the first format took its hash over."""
        whole = {
            "format": FORMAT_1,
            "uscc": list(self.firms.uscc),
            "class": [self.class_name(n) for n in self.people.of_class.tolist()],
            "reason": list(self.people.reason),
            "land_mu": _plain(self.people.land_mu),
            "total": _plain(self.totals.total),
            "shown": self.totals.shown.tolist(),
            "factor": _plain(self.totals.factor),
            "adjusted": _plain(self.totals.adjusted),
            **{name: getattr(self.grading, name).tolist() for name in PLACES},
            "items": {
                code: {name: _plain(getattr(one, name)) for name in ITEMS} | {"note": one.note.tolist()}
                for code, one in self.totals.items.items()
            },
        }
        return _json(whole)

    def _columns(self) -> Iterator[tuple[str, NDArray[Any]]]:
        """Every column of the result with its name, in the order of the hash."""
        yield "class", self.people.of_class
        yield "land_mu", self.people.land_mu
        for name in ("total", "shown", "factor", "adjusted"):
            yield name, getattr(self.totals, name)
        for name in PLACES:
            yield name, getattr(self.grading, name)
        for code, one in sorted(self.totals.items.items()):
            for name in (*ITEMS, "note"):
                yield f"{code}.{name}", getattr(one, name)

    def class_name(self, of_class: int) -> str:
        return self.people.classes[of_class].name if of_class >= 0 else ""

    def grade_name(self, grade: int) -> str | None:
        return self.definition.grades[grade] if grade >= 0 else None

    def score(self, at: int) -> Decimal | None:
        """A firm's total as it is shown and ranked."""
        shown = int(self.totals.shown[at])
        return None if shown < 0 else Decimal(shown).scaleb(-self.definition.places)

    def reason(self, at: int) -> str:
        """Why a firm has no grade, as a code; "" where it has one."""
        return self.people.reason[at] or ("" if self.totals.scored[at] else UNSCORED)

    def reasons(self) -> list[str]:
        """The same of every firm."""
        unscored = ["" if scored else UNSCORED for scored in self.totals.scored.tolist()]
        return [reason or other for reason, other in zip(self.people.reason, unscored, strict=True)]


def scored(definition: Definition, found: Frozen) -> Scored:
    """Merge, class, score, rank and grade."""
    firms = merged(found)
    people = population(definition, firms)
    scores = totals(definition, firms, people)
    return Scored(definition, firms, people, scores, graded(definition, firms, people, scores))


def document(made: Scored) -> dict[str, Any]:
    """What is said of the whole: each class with its grades and benchmarks, and who wasn't evaluated and why."""
    definition = made.definition
    reasons = Counter(filter(None, made.reasons()))
    return {
        "groups": [_class(made, at) for at in range(len(made.people.classes))],
        "not_evaluated": dict(sorted(reasons.items())),
        "not_evaluated_titles": {code: reason_title(definition, code) for code in sorted(reasons)},
        "grade_order": list(definition.grades),
        "unknown_points": definition.unknown_points,
        "total_treatment": definition.unknown,
        "reservations": definition.reservations(),
        "publishable": definition.publication.allowed,
    }


def reason_title(definition: Definition, code: str) -> str:
    kind, _, which = code.partition(":")
    if kind == "exempt":
        return f"免评：{definition.exemptions[which].title}"
    return {**REASONS, UNSCORED: "缺少必需的数据，不评分"}[kind]


def sheet(made: Scored, at: int) -> dict[str, Any]:
    """Every step of one firm's score, as plain numbers with their words."""
    grading = made.grading
    score = made.score(at)
    return {
        "uscc": made.firms.uscc[at],
        "name": made.firms.texts["name"][at],
        "class": made.class_name(int(made.people.of_class[at])),
        "land_mu": _number(made.people.land_mu[at]),
        "items": [
            _item(made, code, at)
            for code in made.totals.items
            if made.totals.items[code].note[at] != NOT_ASKED
        ],
        "factor": _number(made.totals.factor[at]),
        "adjusted": _number(made.totals.adjusted[at]),
        "adjustments": dict(made.firms.maps["adjustments"][at]),
        "total": _number(made.totals.total[at]),
        "score": None if score is None else str(score),
        "rank": int(grading.rank[at]) or None,
        "sharing": int(grading.sharing[at]),
        "of": int(grading.of[at]),
        "cut": made.grade_name(int(grading.cut[at])),
        "grade": made.grade_name(int(grading.grade[at])),
        "vetoes": dict(made.firms.maps["vetoes"][at]),
        "exemptions": dict(made.firms.maps["exemptions"][at]),
        "reason": made.reason(at),
        "figures": {name: _number(values[at]) for name, values in made.firms.figures.items()},
        "sources": dict(made.firms.maps["sources"][at]),
        "parcels": dict(made.firms.maps["parcels"][at]),
    }


def figure_titles(definition: Definition) -> Mapping[str, tuple[str, str]]:
    """Figure → its title and unit, those of the scheme's own included."""
    known = {name: (figure.title, figure.unit) for name, figure in FIGURES.items()}
    return known | {figure.code: (figure.title, figure.unit) for figure in definition.figures}


def _class(made: Scored, at: int) -> dict[str, Any]:
    known = made.people.classes[at]
    group = made.definition.groups[known.group]
    mine = made.people.of_class == at
    graded_here = mine & (made.grading.grade >= 0)
    counts = np.bincount(made.grading.grade[graded_here], minlength=len(made.definition.grades)).tolist()
    benchmarks = {}
    for weight in group.weights:
        first = np.flatnonzero(mine)[:1]
        one = made.totals.items[weight.indicator]
        benchmarks[weight.indicator] = _number(one.benchmark[first[0]]) if len(first) else None
    return {
        "name": known.name,
        "group": group.name,
        "industry": made.definition.industries[known.industry].name if known.industry >= 0 else None,
        "firms": int(graded_here.sum()),
        "grades": dict(zip(made.definition.grades, counts, strict=True)),
        "unscored": int((mine & ~made.totals.scored).sum()),
        "land_mu": math.fsum(np.nan_to_num(made.people.land_mu[mine]).tolist()),
        "points": {weight.indicator: weight.points for weight in group.weights},
        "unknown_points": sum(u.points for u in group.unknown),
        "benchmarks": benchmarks,
    }


def _item(made: Scored, code: str, at: int) -> dict[str, Any]:
    indicator, one = made.definition.indicators[code], made.totals.items[code]
    figures = {**made.firms.figures, LAND: made.people.land_mu}
    return {
        "indicator": code,
        "title": indicator.title,
        "unit": indicator.unit,
        "numerator": _number(figures[indicator.numerator][at]),
        "denominator": _number(figures[indicator.denominator][at]),
        **{
            name: _number(getattr(one, name)[at])
            for name in ("value", "benchmark", "ratio", "capped", "points", "score")
        },
        "note": NOTES[int(one.note[at])],
    }


def _number(value: Any) -> float | None:
    number = float(value)
    return number if math.isfinite(number) else None


def _json(whole: Mapping[str, Any]) -> str:
    return json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _bits(values: NDArray[Any]) -> bytes:
    """Numbers as they stand, and every NaN, of which there are many patterns, as the same one."""
    if values.dtype.kind == "f":
        return np.where(np.isnan(values), np.nan, values).astype("<f8").tobytes()
    return values.astype("<i8").tobytes()


def _plain(values: Any) -> list[float | str | None]:
    """NaN as null and infinity as text, which JSON has no number for."""
    listed = values.tolist()
    if np.isfinite(values).all():
        return list(listed)
    return [v if math.isfinite(v) else None if math.isnan(v) else "inf" for v in listed]
