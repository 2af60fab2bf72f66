"""One case replayed: each step under the rules of its day and under today's, with the parameters of both.

Refuses to change anything: what was entered stands, whatever other rules would have said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from landgis.access.queries import Actor
from landgis.counties.catalogue import described, known_keys
from landgis.counties.models import County
from landgis.counties.queries import VERSION
from parcels.disposal.case_page import CaseFile
from parcels.disposal.clocks import Clock, clocks
from parcels.disposal.models import CaseStep
from parcels.disposal.procedure import replay
from parcels.disposal.state import Refusal, Step, effective, fold
from parcels.disposal.wording import facts_in_words, title_of

FAMILIES = ("idle_land.", "disposal.")


@dataclass(frozen=True, slots=True)
class ReplayedClock:
    """A clock that a step started, and when it would end under today's rules."""

    clock: Clock
    now: Clock | None

    @property
    def differs(self) -> bool:
        return self.now is None or (self.now.due_on, self.now.term) != (self.clock.due_on, self.clock.term)


@dataclass(frozen=True, slots=True)
class Replayed:
    """A step: what the rules of its day say of it, and what today's would; `edition` is the number of its rules."""

    step: Step
    title: str
    person: str
    recorded: str
    version: str
    edition: int
    facts: list[tuple[str, str]]
    then: tuple[Refusal, ...]
    now: tuple[Refusal, ...]
    clocks: list[ReplayedClock]

    @property
    def differs(self) -> bool:
        return [why.code for why in self.then] != [why.code for why in self.now] or any(
            clock.differs for clock in self.clocks
        )

    @property
    def renamed(self) -> bool:
        """Whether the rules of the day are called otherwise today than when the step was entered."""
        return self.recorded != self.version


@dataclass(frozen=True, slots=True)
class Edition:
    """The parameters that held on the days of some steps, beside today's: title, then, now, whether they differ."""

    number: int
    version: str
    steps: list[int]
    values: list[tuple[str, str, str, bool]]

    @property
    def differing(self) -> int:
        return sum(differs for *_, differs in self.values)


@dataclass(frozen=True, slots=True)
class Replay:
    """The whole case, and the rules that its steps met."""

    file: CaseFile
    on: date
    version: str
    steps: list[Replayed]
    editions: list[Edition]

    @property
    def differing(self) -> int:
        return sum(step.differs for step in self.steps)


def replayed(county: County, actor: Actor, case_id: int, on: date) -> Replay:
    """The case's steps in force, each judged by the rules of its own day and by those of the day `on`."""
    file = CaseFile(county, actor, case_id, on)
    steps, book = file.steps, file.rules
    rules_on = book(on)
    entered = {
        seq: (person, version)
        for seq, person, version in CaseStep.objects.filter(case=file.case).values_list(
            "seq", "person", "rule_version"
        )
    }
    editions = _editions(file, effective(steps), book.values(on))
    number_of = {seq: edition for edition in editions for seq in edition.steps}
    running = _clocks(steps, file, on)
    found = [
        Replayed(
            step=then.step,
            title=title_of(then.step.stage),
            person=entered[then.step.seq][0],
            recorded=entered[then.step.seq][1],
            version=book(then.step.on).version,
            edition=number_of[then.step.seq].number,
            facts=facts_in_words(then.step.stage, then.step.facts, steps),
            then=then.refusals,
            now=now.refusals,
            clocks=[clock for clock in running if clock.clock.from_seq == then.step.seq],
        )
        for then, now in zip(replay(steps, book), replay(steps, lambda day: rules_on), strict=True)
    ]
    return Replay(file, on, rules_on.version, found, editions)


def _clocks(steps: Sequence[Step], file: CaseFile, on: date) -> list[ReplayedClock]:
    state, rules_on = fold(steps), file.rules(on)
    others = {(clock.name, clock.from_seq): clock for clock in clocks(state, lambda day: rules_on)}
    return [
        ReplayedClock(clock, others.get((clock.name, clock.from_seq))) for clock in clocks(state, file.rules)
    ]


def _editions(file: CaseFile, steps: Sequence[Step], today: Mapping[str, Any]) -> list[Edition]:
    """The steps put together by the parameters that held on their days."""
    found: dict[str, tuple[list[int], Mapping[str, Any], str]] = {}
    for step in steps:
        values = {key: value for key, value in file.rules.values(step.on).items() if key.startswith(FAMILIES)}
        kept = found.setdefault(repr(sorted(values.items())), ([], values, file.rules(step.on).version))
        kept[0].append(step.seq)
    return [
        Edition(number, version, seqs, _values(values, today))
        for number, (seqs, values, version) in enumerate(found.values(), 1)
    ]


def _values(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[tuple[str, str, str, bool]]:
    told = []
    for key in known_keys():
        if key.startswith(FAMILIES) and not key.endswith(VERSION) and (key in then or key in now):
            item = described(key)
            before, after = (item.write(held[key]) if key in held else "—" for held in (then, now))
            told.append((item.title, before, after, before != after))
    return told
