"""A case as its steps leave it: what was done, when it was served, what was found and decided.

Refuses to check anything: folding takes the steps that weren't reversed, in their order, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

REVERSAL = "reversal"
SERVICE = "service"
DECISIONS = ("fee_decision", "repossession_decision", "agreement")
REMEDIES = ("reconsideration", "litigation")
# These open the case anew: what came before stays on record and binds no more.
ANEW = ("reopened", "breach")
HEARING = ("hearing_right_notice", "hearing_request", "hearing_notice", "hearing_held", "hearing_waived")
ENDINGS = ("fee_paid", "returned", "cancellation_notice", "performed", "enforced")
# What a decision that was set aside takes with it: the holder has to be heard again before the next one.
_OF_DECISION = frozenset(
    {*HEARING, *DECISIONS, *REMEDIES, *ENDINGS, "remedy_result", "dunning", "court_application"}
    | {"suspension", "resumption", "disclosure_removed"}
)
_OF_SCHEME = frozenset({*HEARING, "scheme", "mortgagee_notice", "scheme_approval"})


class Refusal(NamedTuple):
    """Why a step can't be entered: for programs, by which article, in words, and what to do."""

    code: str
    article: str
    reason: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Ground:
    """What the register said on the day of a step; kept with the step, so that a replay reads the same facts."""

    agreed_start: date | None = None
    started: bool = False
    stopped_since: date | None = None
    short: tuple[str, ...] = ()
    mortgaged: bool = False
    seized: bool = False
    registered: bool = False
    price_yuan: Decimal | None = None
    verified_causes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "agreed_start": str(self.agreed_start) if self.agreed_start else None,
            "started": self.started,
            "stopped_since": str(self.stopped_since) if self.stopped_since else None,
            "short": list(self.short),
            "mortgaged": self.mortgaged,
            "seized": self.seized,
            "registered": self.registered,
            "price_yuan": str(self.price_yuan) if self.price_yuan is not None else None,
            "verified_causes": list(self.verified_causes),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Ground:
        agreed, stopped, price = kept.get("agreed_start"), kept.get("stopped_since"), kept.get("price_yuan")
        return cls(
            agreed_start=date.fromisoformat(agreed) if agreed else None,
            started=bool(kept.get("started")),
            stopped_since=date.fromisoformat(stopped) if stopped else None,
            short=tuple(kept.get("short", ())),
            mortgaged=bool(kept.get("mortgaged")),
            seized=bool(kept.get("seized")),
            registered=bool(kept.get("registered")),
            price_yuan=Decimal(price) if price is not None else None,
            verified_causes=tuple(kept.get("verified_causes", ())),
        )


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what happened on a day, with its facts (typed), its paper's number and the register's word."""

    seq: int
    stage: str
    on: date
    facts: Mapping[str, Any] = field(default_factory=dict)
    document_no: str = ""
    reverses: int | None = None
    ground: Ground = field(default_factory=Ground)

    def fact(self, name: str) -> Any:
        return self.facts.get(name)


@dataclass(frozen=True, slots=True)
class State:
    """The steps that bind now. Two cases with the same binding steps are in the same state."""

    steps: tuple[Step, ...] = ()

    def last(self, *stages: str) -> Step | None:
        return next((step for step in reversed(self.steps) if step.stage in stages), None)

    def has(self, *stages: str) -> bool:
        return self.last(*stages) is not None

    def service_of(self, step: Step) -> Step | None:
        return next(
            (s for s in reversed(self.steps) if s.stage == SERVICE and s.fact("of") == step.seq), None
        )

    def served_on(self, *stages: str) -> date | None:
        """The day on which the last paper of these stages was served; every deadline runs from it."""
        step = self.last(*stages)
        receipt = self.service_of(step) if step else None
        return receipt.on if receipt else None

    @property
    def opened(self) -> Step | None:
        return self.last("suspicion", *ANEW)

    @property
    def closed(self) -> bool:
        return self.has("closed")

    @property
    def finding(self) -> Step | None:
        return self.last("finding")

    @property
    def result(self) -> str:
        return str(self.finding.fact("result")) if self.finding else ""

    @property
    def causes(self) -> list[str]:
        return list(self.finding.fact("causes") or ()) if self.finding else []

    @property
    def idle(self) -> bool:
        return self.result.startswith("idle_")

    @property
    def mode(self) -> str:
        scheme = self.last("scheme")
        return str(scheme.fact("mode")) if scheme else ""

    @property
    def decision(self) -> Step | None:
        return self.last(*DECISIONS)

    @property
    def pending_remedy(self) -> bool:
        """Whether a reconsideration or a lawsuit awaits its result: as many results as remedies end it."""
        filed = sum(step.stage in REMEDIES for step in self.steps)
        return filed > sum(step.stage == "remedy_result" for step in self.steps)

    @property
    def disposed(self) -> bool:
        """Whether the disposal was carried out, by the holder or by force."""
        return self.has(*ENDINGS)

    @property
    def suspended(self) -> bool:
        step = self.last("suspension", "resumption")
        return step is not None and step.stage == "suspension"


def effective(steps: Iterable[Step]) -> tuple[Step, ...]:
    """The steps that weren't reversed, in the order of their numbers, reversals themselves left out."""
    ordered = sorted(steps, key=lambda step: step.seq)
    reversed_ones = {step.reverses for step in ordered if step.stage == REVERSAL}
    return tuple(s for s in ordered if s.stage != REVERSAL and s.seq not in reversed_ones)


def fold(steps: Iterable[Step]) -> State:
    """The state that the steps lead to."""
    state = State()
    for step in effective(steps):
        state = follow(state, step)
    return state


def follow(state: State, step: Step) -> State:
    """The state after one more step, taken as legal."""
    if step.stage in ANEW:
        return State((step,))
    if step.stage == "remedy_result" and step.fact("outcome") == "revoked":
        return _without(state, _OF_DECISION)
    if step.stage == "scheme":  # another scheme: its approval and the hearing are of the former one
        state = _without(state, _OF_SCHEME)
    return State((*state.steps, step))


def _without(state: State, stages: frozenset[str]) -> State:
    """The state without the steps of these stages and the receipts of their papers."""
    gone = {s.seq for s in state.steps if s.stage in stages}
    return State(
        tuple(
            s for s in state.steps if s.seq not in gone and not (s.stage == SERVICE and s.fact("of") in gone)
        )
    )
