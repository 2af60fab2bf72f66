"""Reading the county's parameters: each in words with its version of a day, the next one, and its whole history.

Refuses to hide a version: what was withdrawn stays in the history with who, when and why.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from landgis.access.queries import Actor
from landgis.access.rules import MANAGE_COUNTY, MANAGE_IDLE_CASES
from landgis.audit.models import AuditEvent
from landgis.counties.catalogue import CERTAINTY_TITLES, Described, described, groups, known_keys
from landgis.counties.models import County, Parameter
from landgis.counties.succession import WITHDRAW
from landgis.lib.errors import NotFound
from parcels.parameters.rules import is_statutory, officer_may


@dataclass(frozen=True, slots=True)
class Listed:
    """A parameter as the list shows it on a day: `held` is in force, `coming` begins later."""

    item: Described
    held: Parameter | None
    coming: Parameter | None
    versions: Sequence[Parameter]

    @property
    def value(self) -> str:
        return self.item.write(self.held.value) if self.held else ""

    @property
    def unit(self) -> str:
        return (self.held.unit if self.held else "") or self.item.unit

    @property
    def certainty(self) -> str:
        return CERTAINTY_TITLES.get(self.held.certainty, self.held.certainty) if self.held else ""

    @property
    def coming_value(self) -> str:
        return self.item.write(self.coming.value) if self.coming else ""

    @property
    def newest(self) -> Parameter | None:
        return self.versions[-1] if self.versions else None

    @property
    def statutory(self) -> bool:
        return is_statutory(version.certainty for version in self.versions)


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A version that was taken back before its first day."""

    value: str
    valid_from: str
    basis: str
    by: str
    on: date
    reason: str


def listed(county: County, on: date, *, group: str = "", certainty: str = "", text: str = "") -> list[Listed]:
    """Every parameter that is stated or that the rules know, by group, in one statement; narrowed by what was asked."""
    stated: dict[str, list[Parameter]] = defaultdict(list)
    rows = Parameter.objects.filter(county=county).select_related("paper").defer("paper__content")
    for row in rows.order_by("key", "valid_from"):
        stated[row.key].append(row)
    order = {title: place for place, title in enumerate(groups())}
    keys = list(dict.fromkeys([*known_keys(), *sorted(stated)]))
    found = [_listed(described(key), stated.get(key, []), on) for key in keys]
    found.sort(key=lambda row: order[row.item.group])
    sought = text.strip().casefold()
    return [
        row
        for row in found
        if (not group or row.item.group == group)
        and (not certainty or (row.held is not None and row.held.certainty == certainty))
        and (not sought or any(sought in told.casefold() for told in _texts(row)))
    ]


def one(county: County, key: str, on: date) -> Listed:
    """One parameter with all its versions; raises NotFound for a key that is neither stated nor known."""
    item = described(key)
    rows = Parameter.objects.filter(county=county, key=key).select_related("paper").defer("paper__content")
    stated = list(rows.order_by("valid_from"))
    if not stated and item.kind is None:
        raise NotFound(f"没有参数“{key[:80]}”。", remedy="请在参数清单中选择。")
    return _listed(item, stated, on)


def withdrawn(county: County, item: Described) -> list[Withdrawn]:
    """What was taken back of a parameter, the newest first, from the audit."""
    rows = AuditEvent.objects.filter(county_code=county.code, action=WITHDRAW, summary__key=item.key)
    return [
        Withdrawn(
            item.write(row.summary["value"]), row.summary["valid_from"], row.summary["basis"], row.actor,
            row.at.date(), row.reason,
        )
        for row in rows.order_by("-sequence")
    ]  # fmt: skip


def may_change(actor: Actor, row: Listed) -> bool:
    """Whether the actor may give the parameter another version."""
    if row.item.kind is None or actor.town_codes is not None:
        return False
    officer = actor.may(MANAGE_IDLE_CASES) and officer_may(row.item.key, row.statutory)
    return actor.may(MANAGE_COUNTY) or officer


def _listed(item: Described, stated: Sequence[Parameter], on: date) -> Listed:
    held = next(
        (row for row in stated if row.valid_from <= on and (row.valid_to is None or row.valid_to >= on)), None
    )
    coming = next((row for row in stated if row.valid_from > on), None)
    return Listed(item, held, coming, stated)


def _texts(row: Listed) -> Iterable[str]:
    return (row.item.key, row.item.title, row.item.meaning, row.held.basis if row.held else "")
