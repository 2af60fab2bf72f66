"""Everything that the page of one case shows on a day: header, steps, clocks, what may follow and what may not, papers.

Refuses to decide: what is open and why the rest is closed comes from the procedure, word for word.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from landgis.access.queries import Actor
from landgis.access.rules import VIEW_DOCUMENTS
from landgis.counties.models import County
from landgis.lib.errors import NotFound
from parcels.disposal.clocks import Clock, clocks
from parcels.disposal.models import CaseStep, IdleCase
from parcels.disposal.needs import route_facts
from parcels.disposal.paper_facts import stated_in
from parcels.disposal.papers import papers_of
from parcels.disposal.procedure import open_stages
from parcels.disposal.queries import (
    RuleBook,
    cases,
    ground_on,
    receipts_of,
    reconcile,
    rules_of_days,
    steps_of,
)
from parcels.disposal.stage import Stage
from parcels.disposal.stages import STAGES
from parcels.disposal.state import REVERSAL, Ground, Refusal, State, Step, effective, fold
from parcels.disposal.wording import SIDES, arithmetic, facts_in_words, left_in_words, title_of
from parcels.documents.models import IssuedDocument
from parcels.idle_land.routes import Fee, Option, fee, options


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """A step as the page tells it, with the clocks that run from it; `undone` is the step that took it back."""

    row: CaseStep
    title: str
    facts: list[tuple[str, str]]
    clocks: list[ShownClock]
    undone: CaseStep | None
    undoes: int | None


@dataclass(frozen=True, slots=True)
class ShownClock:
    """A clock with how its last day was reckoned."""

    clock: Clock
    side: str
    left: str
    days_left: int | None
    sums: list[str]

    @property
    def overdue(self) -> bool:
        return self.days_left is not None and self.days_left < 0 and self.clock.side != "window"


class CaseFile:
    """One case, read once; every part of the page is worked out from it when it is asked for."""

    def __init__(self, county: County, actor: Actor, case_id: int, on: date) -> None:
        found = cases(actor).filter(pk=case_id).first()
        if found is None:
            raise NotFound("没有这一案件，或不在您的管辖范围内。", remedy="请在案件清单中选择。")
        self.county, self.actor = county, actor
        self.case: IdleCase = found
        self.on = max(on, found.opened_on)  # before its opening there is nothing to ask of a case

    @cached_property
    def rules(self) -> RuleBook:
        return rules_of_days(self.county)

    @cached_property
    def steps(self) -> list[Step]:
        return steps_of([self.case.pk])[self.case.pk]

    @cached_property
    def state(self) -> State:
        return fold(self.steps)

    @cached_property
    def ground(self) -> Ground:
        return ground_on(self.actor, self.case.phase_id, self.on, self.rules.values(self.on))

    @cached_property
    def shown_clocks(self) -> list[ShownClock]:
        return [
            ShownClock(
                clock,
                SIDES[clock.side],
                left_in_words(clock.days_left(self.on)) if clock.running else "已终止",
                clock.days_left(self.on),
                arithmetic(clock, self.state, self.rules(clock.started_on)),
            )
            for clock in clocks(self.state, self.rules)
        ]

    @cached_property
    def timeline(self) -> list[TimelineEntry]:
        rows = CaseStep.objects.filter(case=self.case).select_related("document", "reverses", "reversed_by")
        typed = {step.seq: step for step in self.steps}
        return [
            TimelineEntry(
                row=row,
                title=title_of(row.stage),
                facts=facts_in_words(row.stage, typed[row.seq].facts, self.steps),
                clocks=[shown for shown in self.shown_clocks if shown.clock.from_seq == row.seq],
                undone=getattr(row, "reversed_by", None),
                undoes=row.reverses.seq if row.reverses else None,
            )
            for row in rows.order_by("seq")
        ]

    @cached_property
    def last_step(self) -> Step | None:
        """The one that may be taken back next; the opening itself stays."""
        standing = effective(self.steps)
        return standing[-1] if len(standing) > 1 else None

    @cached_property
    def stages(self) -> list[tuple[Stage, tuple[Refusal, ...]]]:
        """Every stage with what closes it on the day; the opening is done."""
        template = Step(len(self.steps) + 1, REVERSAL, self.on, ground=self.ground)
        found = open_stages(self.state, template, self.rules(self.on))
        return [(stage, closed) for stage, closed in found if stage.code != "suspicion"]

    @cached_property
    def modes(self) -> tuple[Option, ...]:
        """Which disposal results the law leaves open; none before something was found."""
        if not self.state.idle:
            return ()
        template = Step(len(self.steps) + 1, REVERSAL, self.on, ground=self.ground)
        rules = self.rules(self.on)
        return options(route_facts(self.state, template, rules), rules.routes)

    @cached_property
    def fee(self) -> Fee | None:
        """The fee by the price on record; None where it can't be reckoned."""
        price = self.ground.price_yuan
        return fee(price, self.rules(self.on).routes.fee_rate) if price is not None and price > 0 else None

    @cached_property
    def papers(self) -> list[IssuedDocument]:
        return list(papers_of(self.actor, self.case)) if self.actor.may(VIEW_DOCUMENTS) else []

    @cached_property
    def kinds(self) -> list[tuple[str, Stage]]:
        """The papers that may be issued now: of stages that are open or done."""
        opening = [(kind, STAGES["suspicion"]) for kind in STAGES["suspicion"].documents]
        return opening + [
            (kind, stage)
            for stage, closed in self.stages
            for kind in stage.documents
            if not closed or self.state.has(stage.code)
        ]

    def papers_for(self, stage: Stage) -> list[tuple[int, str]]:
        """The papers of the case on which a step of the stage may rest."""
        return [
            (paper.pk, f"{paper.title} {paper.number.text if paper.number else ''}".strip())
            for paper in self.papers
            if paper.kind in stage.documents and not paper.void_reason
        ]

    def initial(self, stage: Stage) -> dict[str, object]:
        """What a form begins with: the day, the person, and the fee as the books have it."""
        begins: dict[str, object] = {
            "on": self.on, "person": self.actor.display_name or self.actor.username, "reason": stage.title,
        }  # fmt: skip
        if stage.code == "fee_decision" and self.fee:
            begins |= {"fact_base_yuan": self.fee.base_yuan, "fact_amount_yuan": self.fee.amount_yuan}
        if stage.code == "fee_paid" and (booked := reconcile(self.case)):
            begins |= {"fact_paid_yuan": booked.paid_yuan, "fact_receipts": self.receipts_named}
        if papers := self.papers_for(stage):
            begins["document"] = papers[-1][0]
            begins |= stated_in(stage.code, self.paper_facts.get(papers[-1][0], {}))
        return begins

    @cached_property
    def paper_facts(self) -> dict[int, dict[str, Any]]:
        """What each paper of the case says, so that nobody writes it a second time in the step."""
        numbers = [paper.pk for paper in self.papers if not paper.void_reason]
        return dict(IssuedDocument.objects.filter(pk__in=numbers).values_list("pk", "facts"))

    @cached_property
    def receipts_named(self) -> str:
        return "、".join(receipt.receipt_no for receipt in receipts_of(self.case))
