"""Facts delivered as a table: each row finds its phase and its fact, which is made, completed or left as it is.

Refuses what the forms refuse, row by row: a fact that makes no sense, a verdict by somebody who may only report, and a
stoppage inside another. A blank cell never erases what is known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import CharField, DecimalField

from landgis.access.queries import Actor
from landgis.access.rules import MANAGE_IDLE_CASES
from landgis.counties.models import County
from landgis.lib.errors import InputError
from landgis.lib.history import Recorded
from landgis.lib.issues import Issue
from landgis.lib.repeats import COPY, repeat_issues, repeats_of
from landgis.lib.upsert import Stored
from parcels.supply.fact_actions import MODELS, clashes_told
from parcels.supply.phase_book import PhaseBook, Target
from parcels.supply.rules import KINDS, FactKind, issues_of

# What makes two rows of one phase the same fact.
IDENTITY: dict[str, tuple[str, ...]] = {
    "supplement": ("agreement_no",),
    "permit": ("permit_no",),
    "foundation": ("kind", "as_of"),
    "stoppage": ("last_built_on",),
    "cause": ("cause", "valid_from"),
    "encumbrance": ("kind", "holder_name", "valid_from"),
    "registration": ("registration_no",),
    "milestone": ("kind",),
}
# Papers with a number of their own can be looked up by it: the ledger that lists them is evidence enough.
TOLD_BY_LEDGER = frozenset({"supplement", "permit", "encumbrance", "registration", "milestone"})
_BATCH = 1_000

Row = dict[str, Any]
Rows = Sequence[tuple[int, Row]]
Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Delivery:
    """Whose table of which file, stored on which day."""

    county: County
    actor: Actor
    on: date
    source: str


def store_facts(kind_code: str, delivery: Delivery, rows: Rows) -> tuple[Stored, list[Issue]]:
    """Store the good rows in the running change: new facts are made, known ones completed, equal ones left alone."""
    taking = _Taking(KINDS[kind_code], delivery)
    issues: list[Issue] = []
    placed: list[tuple[int, Target, Row]] = []
    for number, facts in rows:
        try:
            target = taking.target(facts)
        except InputError as error:
            issues.append(_issue(number, error.code, error.field, str(error)))
            continue
        if taking.book.parcel_differs(target, facts):
            words = (
                f"宗地代码 {facts['parcel_code']} 与合同登记的不同，已按合同编号或电子监管号采用。请核对。"
            )
            issues.append(
                Issue(number, "parcel_differs", "parcel_code", f"第 {number} 行：{words}", "warning")
            )
        placed.append((number, target, taking.stated(facts)))
    taking.read_known([target for _, target, _ in placed])
    placed = taking.once(placed, issues)
    # In the order of their days, so that a resumption is known before the next stoppage begins.
    for number, target, stated in sorted(placed, key=lambda item: _first_day(item[2])):
        issues += taking.take(number, target, stated)
    refused = {issue.row for issue in issues if issue.severity == "error"}
    for copy, first in taking.copies.items():
        if first in refused:
            issues.append(_issue(copy, COPY, "", f"与第 {first} 行说的完全一样，那一行未采用。请一并改正。"))
        else:
            taking.unchanged += 1
    return taking.write(), issues


class _Taking:
    """One delivery of one kind: what is known already, and what is to be made or changed."""

    def __init__(self, kind: FactKind, delivery: Delivery) -> None:
        self.kind, self.delivery = kind, delivery
        self.model = MODELS[kind.code]
        self.book = PhaseBook(delivery.county)
        self.may_judge = delivery.actor.may(MANAGE_IDLE_CASES)
        self.known: dict[Key, Recorded] = {}
        self.made: list[Recorded] = []
        self.changed: list[Recorded] = []
        self.unchanged = 0
        self.copies: dict[int, int] = {}
        self.stopped: dict[int, list[Recorded]] = defaultdict(list)
        fields = {field.name: self.model._meta.get_field(field.name) for field in kind.fields}
        self.longest = {
            n: f.max_length for n, f in fields.items() if isinstance(f, CharField) and f.max_length
        }
        self.places = {n: f.decimal_places for n, f in fields.items() if isinstance(f, DecimalField)}

    def target(self, facts: Row) -> Target:
        if self.kind.of_contract and self.kind.code != "supplement":
            return Target(self.book.target({**facts, "phase_no": None}).contract_id, None)
        return self.book.target(facts)

    def stated(self, facts: Row) -> Row:
        """What the row states of the kind's own fields, figures to the places that are kept."""
        told = {f.name: facts[f.name] for f in self.kind.fields if facts.get(f.name) not in (None, "", {})}
        for name, places in self.places.items():
            if isinstance(told.get(name), Decimal):
                told[name] = told[name].quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        return told

    def read_known(self, targets: Sequence[Target]) -> None:
        """The facts on record of all contracts or phases of the delivery, in one statement."""
        of: dict[str, Any] = {"phase_id__in": {target.phase_id for target in targets}}
        if self.kind.of_contract:
            of = {"contract_id__in": {target.contract_id for target in targets}}
        for fact in self.model._default_manager.filter(**of):
            self.known[self._key(_target_of(fact), vars(fact))] = fact
            if self.kind.code == "stoppage":
                self.stopped[fact.phase_id].append(fact)  # type: ignore[attr-defined]

    def once(
        self, placed: list[tuple[int, Target, Row]], issues: list[Issue]
    ) -> list[tuple[int, Target, Row]]:
        """The rows without those that repeat another; what they repeat is told."""
        found = repeats_of((number, self._key(target, stated), stated) for number, target, stated in placed)
        self.copies = found.copies
        issues += repeat_issues(
            found,
            {number: stated for number, _, stated in placed},
            same=lambda _: (f"是同一条{self.kind.title}", IDENTITY[self.kind.code][0]),
            titles={field.name: field.title for field in self.kind.fields},
        )
        return [row for row in placed if row[0] not in found.left_out]

    def take(self, number: int, target: Target, stated: Row) -> Iterator[Issue]:
        """Take one row, or say why not."""
        key = self._key(target, stated)
        fact = self.known.get(key)
        kept = {field.name: getattr(fact, field.name) for field in self.kind.fields} if fact else {}
        wanted = {**kept, **self._completed(kept, stated)}
        if fact is None and not wanted.get("evidence") and self.kind.code in TOLD_BY_LEDGER:
            wanted["evidence"] = f"台账：{self.delivery.source}"
        if fact is not None and wanted == kept:
            self.unchanged += 1
            return
        found = list(self._refused(wanted, kept, target, fact))
        for code, field, message in found:
            yield _issue(number, code, field, message)
        if found:
            return
        self._put(target, wanted, fact)

    def write(self) -> Stored:
        with clashes_told():
            self.model._default_manager.bulk_update(
                self.changed, [field.name for field in self.kind.fields], batch_size=_BATCH
            )
            self.model._default_manager.bulk_create(self.made, batch_size=_BATCH)
        return Stored(len(self.made), len(self.changed), self.unchanged)

    def _completed(self, kept: Row, stated: Row) -> Row:
        """Figures under one field are completed one by one: a blank cell erases none of them."""
        return {
            name: {**(kept.get(name) or {}), **value} if isinstance(value, dict) else value
            for name, value in stated.items()
        }

    def _refused(
        self, wanted: Row, kept: Row, target: Target, fact: Recorded | None
    ) -> Iterator[tuple[str, str, str]]:
        for name, longest in self.longest.items():
            if len(wanted.get(name) or "") > longest:
                title = next(field.title for field in self.kind.fields if field.name == name)
                yield "text_too_long", name, f"{title}超过 {longest} 个字。请缩短后重新导入。"
        for issue in issues_of(self.kind, wanted, self.delivery.on):
            yield "fact_invalid", issue["field"], f"{issue['message']}请改正后重新导入。"
        judged = [name for name in self.kind.verdict if wanted.get(name)]
        if judged and not self.may_judge:
            titles = "、".join(field.title for field in self.kind.fields if field.name in judged)
            stands = any(kept.get(name) for name in judged)
            words = "县级已核定这条事实，" if stands else f"{titles}由闲置土地专管员核定，"
            yield "verdict_reserved", judged[0], f"{words}本账号不能导入。请交专管员办理或删去这些项。"
        if self.kind.code == "stoppage" and self._overlaps(wanted, target, fact):
            words = "与该期已有的停工记录重叠。请先在原记录上填写复工日期。"
            yield "stoppage_overlaps", "last_built_on", words

    def _overlaps(self, wanted: Row, target: Target, fact: Recorded | None) -> bool:
        begins, ends = wanted.get("last_built_on"), wanted.get("resumed_on") or date.max
        if begins is None or target.phase_id is None:
            return False
        others = [vars(other) for other in self.stopped[target.phase_id] if other is not fact]
        return any(
            begins < (other["resumed_on"] or date.max) and other["last_built_on"] < ends for other in others
        )

    def _put(self, target: Target, wanted: Row, fact: Recorded | None) -> None:
        if fact is not None:
            for name, value in wanted.items():
                setattr(fact, name, value)
            self.changed.append(fact)
            return
        of: dict[str, Any] = {"phase_id": target.phase_id}
        if self.kind.of_contract:
            of = {"contract_id": target.contract_id}
        if self.kind.code == "supplement":
            of["phase_id"] = target.phase_id
        made = self.model(**of, **wanted)
        self.made.append(made)
        if self.kind.code == "stoppage" and target.phase_id is not None:
            self.stopped[target.phase_id].append(made)

    def _key(self, target: Target, values: Mapping[str, Any]) -> Key:
        identity = tuple(values.get(name) for name in IDENTITY[self.kind.code])
        if not self.kind.of_contract:
            return (target.phase_id, *identity)
        # Of an undivided contract, its one phase and all of it are the same.
        phase_id = target.phase_id
        if phase_id is not None and phase_id == self.book.only_phase(target.contract_id):
            phase_id = None
        return (target.contract_id, phase_id, *identity)


def _target_of(fact: Any) -> Target:
    return Target(getattr(fact, "contract_id", 0), getattr(fact, "phase_id", None))


def _first_day(stated: Row) -> date:
    day = stated.get("last_built_on")
    return day if isinstance(day, date) else date.min


def _issue(number: int, code: str, field: str, message: str) -> Issue:
    told = message if message.startswith("第 ") else f"第 {number} 行：{message}"
    return Issue(number, code, field, told)
