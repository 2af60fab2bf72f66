"""Facts of other rooms that are tied to parcels which end: shown with where they may go, and carried there.

Refuses to leave one dangling, and to choose for the officer where the choice matters and was asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import ModuleType
from typing import Any, Literal

from landgis.lib.errors import InputError
from parcels.cadastre.transitions import PROPORTIONAL, Applied, Decisions, TiedFact
from parcels.editing.outcome import Outcome
from parcels.editing.schemas import FactChoice
from parcels.enterprises import carrying as occupancies
from parcels.supply import carrying as contracts

CARRIERS: tuple[ModuleType, ...] = (occupancies, contracts)


class FactsUnanswered(InputError):
    """Facts are tied to a parcel that ends, and it wasn't said which descendant gets them."""

    def __init__(self, facts: Sequence[Mapping[str, Any]]) -> None:
        super().__init__(
            "facts_unanswered",
            f"有 {len(facts)} 项关联事项没有说明归属：{'、'.join(str(fact['title']) for fact in facts[:5])}。",
            "请逐项选择归属宗地，或选择按默认方式处理。",
            field="facts",
        )
        self.facts = [dict(fact) for fact in facts]

    def as_json(self) -> dict[str, object]:
        return super().as_json() | {"facts": self.facts}


def tied(outcome: Outcome) -> list[dict[str, Any]]:
    """Every fact tied to a parcel that ends, with its choices; asked only where there is a choice."""
    ended = {outcome.id_of(piece.key): piece.key for piece in outcome.laid.net.ended}
    if not ended:
        return []
    found: list[TiedFact] = [fact for room in CARRIERS for fact in room.tied(list(ended), outcome.on)]
    return [_told(fact, ended[fact.parcel_id], _descendants(outcome, fact.parcel_id)) for fact in found]


def check(said: Literal["default"] | Sequence[FactChoice], facts: Sequence[Mapping[str, Any]]) -> None:
    """Every answer must fit its fact, and every fact that is asked for needs one unless all go their default way."""
    if said == "default":
        return
    known = {fact["fact"]: fact for fact in facts}
    for choice in said:
        if choice.fact not in known or choice.to not in known[choice.fact]["options"]:
            raise InputError(
                "fact_choice_invalid",
                f"关联事项“{choice.fact}”不能归属“{choice.to}”。",
                "请重新预览后选择。",
                field="facts",
            )
    answered = {choice.fact for choice in said}
    if unanswered := [fact for fact in facts if fact["asked"] and fact["fact"] not in answered]:
        raise FactsUnanswered(unanswered)


def carry(said: Literal["default"] | Sequence[FactChoice], applied: Applied, on: date) -> None:
    """Move what was tied to ended parcels to their descendants, inside the change that ended them."""
    if not applied.descent:
        return
    decisions: Decisions = {}
    if said != "default":
        decisions = {
            choice.fact: PROPORTIONAL if choice.to == PROPORTIONAL else applied.parcels[choice.to][0]
            for choice in said
        }
    for room in CARRIERS:
        room.carry(applied.descent, decisions, on)


def _descendants(outcome: Outcome, parent: int) -> list[str]:
    """Keys of the new parcels on a parcel's ground, the largest first."""
    born = [child for child in outcome.transition.born if parent in child.sources]
    return [child.key for child in sorted(born, key=lambda child: -child.planar_area_m2)]


def _told(fact: TiedFact, parcel: str, keys: Sequence[str]) -> dict[str, Any]:
    shared = fact.divisible and len(keys) > 1
    options = [*keys, PROPORTIONAL] if shared else list(keys)
    return {
        "fact": fact.fact,
        "kind": fact.kind,
        "title": fact.title,
        "parcel": parcel,
        "asked": fact.asked and len(keys) > 1,
        "options": options,
        "default": PROPORTIONAL if shared else (keys[0] if keys else ""),
    }
