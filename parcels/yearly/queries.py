"""What the pages of a run show: runs that may be seen, their timeline, the list of firms and its filters.

Refuses anything before the notice, other towns' objections and every figure to whoever isn't cleared for them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from landgis.access.queries import Actor
from landgis.access.rules import MANAGE_EVALUATION, VIEW_FIRM_FIGURES, VIEW_MAP
from landgis.counties.models import County
from landgis.lib.errors import Forbidden, NotFound
from parcels.grading.frozen import Frozen
from parcels.grading.models import GradingResult, GradingRun, GradingStep, Objection
from parcels.grading.queries import (
    done,
    newest_result,
    run_of,
    runs_with_state,
    scored_again,
    scores,
    steps_of,
)
from parcels.grading.results import reason_title
from parcels.grading.rules import (
    DECISION,
    DRAFT,
    FINAL,
    NOTICE,
    OBJECTION,
    TITLES,
    WITHDRAWN,
    notice_until,
    state_of,
)
from parcels.schemes.definition import Definition
from parcels.schemes.reading import read_definition
from parcels.yearly.wording import RUN_STATES

PUBLIC = (NOTICE, FINAL)
SORTS = {
    "": "组别、名次",
    "name": "企业名称",
    "town": "镇街",
    "grade": "档次",
    "score": "得分（高到低）",
    "land": "用地（大到小）",
}
OPEN_SORTS = ("", "name", "town", "grade")
EXEMPT, UNGRADED = "exempt", "ungraded"


@dataclass(frozen=True, slots=True)
class Listed:
    """A firm in the list: what the core told of it, in words, and how many share its rank."""

    uscc: str
    name: str
    head_uscc: str
    town_code: str
    class_name: str
    grade: str
    reason: str
    town: str
    industry: str
    why: str
    tied: int
    land_mu: float | None = None
    score: str | None = None
    rank: int | None = None
    of: int | None = None
    cut: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A step as the timeline tells it; `text` is "" where it isn't for the reader."""

    step: GradingStep
    title: str
    text: str
    about: Objection | None


class RunFile:
    """One run, read once."""

    def __init__(self, county: County, actor: Actor, run_id: int) -> None:
        actor.require(VIEW_MAP)
        self.county, self.actor = county, actor
        self.run: GradingRun = run_of(county, run_id)
        self.steps = steps_of(self.run)
        self.done = done(self.steps)
        self.state = state_of(self.done)
        self.cleared = actor.may(VIEW_FIRM_FIGURES)
        self.manages = actor.may(MANAGE_EVALUATION) and actor.town_codes is None
        if not self.cleared and self.state not in PUBLIC:
            raise Forbidden("评价结果尚未公示。", remedy="请在公示以后查看。")
        self.definition: Definition = read_definition(self.run.scheme_version.definition)
        self.result: GradingResult = newest_result(self.run)

    @property
    def state_title(self) -> str:
        return RUN_STATES[self.state]

    @property
    def until(self) -> date | None:
        return notice_until(self.done)

    @property
    def notice_from(self) -> date | None:
        return next((step.on for step in reversed(self.done) if step.stage == NOTICE), None)

    @property
    def may_be_published(self) -> bool:
        """The list goes out from the check on; nobody but who publishes it sees it before."""
        if not self.definition.publication.allowed or self.state in (DRAFT, WITHDRAWN):
            return False
        return self.manages or self.state in PUBLIC

    @property
    def frozen_inputs(self) -> Frozen:
        """What the run was computed on, groups as one; remembered, since it never changes."""
        return scored_again(self.result.input_id, self.result.sha256).firms

    def objections(self) -> list[Objection]:
        """Those of the actor's own towns; of the whole county for whoever is cleared."""
        rows = Objection.objects.filter(run=self.run).select_related("decision").defer("file").order_by("pk")
        if self.actor.town_codes is not None:
            return list(rows.filter(town_code__in=self.actor.town_codes))
        return list(rows) if self.cleared else []

    def timeline(self) -> list[Shown]:
        mine = {one.pk: one for one in self.objections()}
        made = []
        for step in self.steps:
            about = mine.get(step.objection_id or 0)
            told = step.stage not in (OBJECTION, DECISION) or about is not None
            made.append(Shown(step, TITLES[step.stage], step.reason if told else "", about))
        return made

    def rows(self) -> list[Listed]:
        """The firms in the actor's territory, with names of towns and industries."""
        towns = dict(self.county.towns.values_list("code", "name"))
        found = scores(self.run, self.actor)
        firms = self.frozen_inputs
        industry = dict(zip(firms.uscc, firms.texts["industry_group"], strict=True))
        ties = Counter(
            (row["class_name"], row["rank"]) for row in found if row.get("rank") and not row["head_uscc"]
        )
        made = [
            Listed(
                **row,
                town=towns.get(row["town_code"], ""),
                industry=industry.get(row["head_uscc"] or row["uscc"], ""),
                why=reason_title(self.definition, row["reason"]) if row["reason"] else "",
                tied=ties[row["class_name"], row.get("rank")],
            )
            for row in found
        ]
        # Those without a grade come last; the rest keep the order that the core gave them.
        return sorted(made, key=lambda row: not row.grade)


def visible_runs(county: County, actor: Actor) -> list[tuple[GradingRun, str]]:
    """The runs that the actor may open, newest first."""
    actor.require(VIEW_MAP)
    cleared = actor.may(VIEW_FIRM_FIGURES)
    return [(run, state) for run, state in runs_with_state(county) if cleared or state in PUBLIC]


def narrowed(rows: list[Listed], asked: Mapping[str, str], definition: Definition) -> list[Listed]:
    """The rows that were asked for, in the order that was asked for."""
    text = asked.get("q", "").strip()
    grade, group = asked.get("grade", ""), asked.get("group", "")
    tests: list[tuple[Any, Callable[[Listed], bool]]] = [
        (group, lambda row: row.class_name == group or row.class_name.startswith(f"{group}·")),
        (asked.get("industry"), lambda row: row.industry == asked["industry"]),
        (asked.get("town"), lambda row: row.town_code == asked["town"]),
        (text, lambda row: text in row.uscc or text in row.name),
        (grade == EXEMPT, lambda row: row.reason.startswith("exempt:")),
        (grade == UNGRADED, lambda row: not row.grade and not row.reason.startswith("exempt:")),
        (grade and grade not in (EXEMPT, UNGRADED), lambda row: row.grade == grade),
    ]
    for wanted, test in tests:
        if wanted:
            rows = [row for row in rows if test(row)]
    order = {name: n for n, name in enumerate(definition.grades)}
    last, unranked = len(order), 1 << 31
    keys: dict[str, Callable[[Listed], Any]] = {
        "name": lambda row: row.name,
        "town": lambda row: (row.town_code, row.class_name, row.rank or unranked),
        "grade": lambda row: (order.get(row.grade, last), row.class_name, row.rank or unranked),
        "score": lambda row: 1.0 if row.score is None else -float(row.score),
        "land": lambda row: -(row.land_mu or 0.0),
    }
    key = keys.get(asked.get("sort", ""))
    return sorted(rows, key=key) if key else rows


def objection_of(county: County, actor: Actor, pk: int) -> Objection:
    """An objection of the actor's towns, or of any town for whoever is cleared."""
    rows = Objection.objects.filter(pk=pk, run__county=county).select_related(
        "decision", "run__scheme_version__scheme"
    )
    if actor.town_codes is not None:
        rows = rows.filter(town_code__in=actor.town_codes)
    elif not actor.may(VIEW_FIRM_FIGURES):
        rows = rows.none()
    found = rows.first()
    if found is None:
        raise NotFound("没有这件异议。", remedy="请在评价页面的异议列表中选择。")
    return found


def row_of(file: RunFile, uscc: str) -> Listed:
    """One firm of the territory."""
    found = next((row for row in file.rows() if row.uscc == uscc), None)
    if found is None:
        raise NotFound(f"本辖区参评企业中没有 {uscc}。", remedy="请在评价结果列表中选择。")
    return found
