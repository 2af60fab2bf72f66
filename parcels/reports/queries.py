"""A report's content on a day, the issues that were frozen, and the part of either that an actor may see.

Refuses figures of other towns; a frozen issue is read as it stands and never reckoned anew.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from landgis.access.queries import Actor
from landgis.access.rules import VIEW_MAP
from landgis.counties.models import County
from landgis.counties.queries import parameters
from landgis.lib.days import not_ahead
from landgis.lib.errors import InputError, NotFound
from parcels.campaigns.queries import GREEN, YELLOW, LedgerStatus, Status, status_on
from parcels.campaigns.rules import RULE_VERSION, progress, ranked
from parcels.disposal.queries import rules_of_days
from parcels.idle_land.queries import rule_parameters
from parcels.reports.firms import firm_sums, listed_firms
from parcels.reports.frame import part_of
from parcels.reports.framing import frame_on
from parcels.reports.gathering import energy_by_town, items_on
from parcels.reports.models import ReportIssue
from parcels.reports.rules import RULE_VERSION as REPORT_RULES
from parcels.reports.rules import (
    SUMMED,
    UNPLACED,
    WHOLE,
    Item,
    exact,
    fingerprint,
    period_to,
    share,
    sums_by_town,
)

EARLIEST = date(2010, 1, 1)  # the parameters that the rules read begin with it
Sums = Mapping[str, Mapping[str, Decimal]]


@dataclass(frozen=True, slots=True)
class Content:
    """What an issue states: its heading, the rows of towns (the county's first), and the items behind the figures."""

    heading: Mapping[str, Any]
    towns: tuple[Mapping[str, Any], ...]
    items: tuple[Item, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            **self.heading, "towns": list(self.towns), "items": [item.as_json() for item in self.items],
        }  # fmt: skip

    @classmethod
    def from_text(cls, text: str) -> Content:
        kept = json.loads(text)
        kept.pop("format")
        towns, items = kept.pop("towns"), kept.pop("items")
        return cls(kept, tuple(towns), tuple(Item.from_json(item) for item in items))

    def row(self, town_code: str) -> Mapping[str, Any] | None:
        return next((row for row in self.towns if row["code"] == town_code), None)

    def part_of(self, actor: Actor) -> Content:
        """What the actor may see: a town its own row and items, without the county's."""
        if actor.town_codes is None:
            return self
        return Content(
            part_of(self.heading, actor.town_codes),
            tuple(row for row in self.towns if row["code"] in actor.town_codes),
            tuple(item for item in self.items if item.town_code in actor.town_codes),
        )


def content_on(county: County, actor: Actor, kind: str, on: date) -> Content:
    """The content of a day in the actor's territory, in a fixed number of statements."""
    actor.require(VIEW_MAP)
    if on < EARLIEST:
        raise InputError(
            "day_too_early",
            f"日期 {on} 太早，没有可报的数据。",
            f"请选择 {EARLIEST} 以后的日期。",
            field="on",
        )
    not_ahead(on, timezone.localdate())
    period, status = period_to(kind, on), status_on(county, actor, on)
    firms = listed_firms(county, actor, on)
    items = _placed(items_on(county, actor, status, period, firms), status.towns)
    sums = sums_by_town(items)
    told = {"energy_tce": energy_by_town(county, on.year - 1), **firm_sums(county, firms, period)}
    limits = {"green_from": GREEN, "yellow_from": YELLOW}
    stated = parameters(county, on)
    held = {name: float(stated[key]) for name, key in limits.items()}
    names = {**status.towns, **({UNPLACED: "县级及其他"} if UNPLACED in sums else {})}
    rows = [_row(code, name, sums, told, status, held) for code, name in names.items()]
    ranks = ranked([
        (row["code"], Decimal(row["figures"]["remediation_rate"])) for row in rows
        if row["figures"]["remediation_rate"] is not None
    ])  # fmt: skip
    for row in rows:
        place = ranks.get(row["code"])
        row["figures"]["rank"] = None if place is None else str(place)
    if actor.town_codes is None:
        rows.insert(0, _row(WHOLE, county.name, {WHOLE: _total(sums.values())}, told, status, held))
        rows[0]["figures"]["rank"] = None
    heading = {
        "county": county.code,
        "county_name": county.name,
        "kind": kind,
        "on": str(on),
        "first": str(period.first),
        "rule_versions": {
            "campaigns": RULE_VERSION,
            "disposal": rules_of_days(county)(on).version,
            "idle_land": rule_parameters(county, on).rule_version,
            "reports": REPORT_RULES,
        },
        "targets": {ledger: _target(one) for ledger, one in status.ledgers.items()},
        **frame_on(county, actor, on),
    }
    return Content(heading, tuple(rows), tuple(items))


def issues(actor: Actor, kind: str = "") -> QuerySet[ReportIssue]:
    """The county's issues, the newest first, without their texts."""
    actor.require(VIEW_MAP)
    rows = ReportIssue.objects.filter(county_id=actor.county_code)
    rows = rows.filter(kind=kind) if kind else rows
    rows = rows.select_related("corrects", "corrected_by").order_by("-id")
    return rows.defer("body", "corrects__body", "corrected_by__body")


def issue(actor: Actor, pk: int) -> ReportIssue:
    """One issue with its text."""
    actor.require(VIEW_MAP)
    found = ReportIssue.objects.filter(pk=pk, county_id=actor.county_code)
    row = found.select_related("corrects", "corrected_by", "document", "county").first()
    if row is None:
        raise NotFound("没有这一期通报。", remedy="请在通报页选择。")
    return row


def standing_issue(county: County, kind: str, on: date) -> ReportIssue | None:
    """The issue that holds for a cut-off day: the last of its corrections."""
    rows = ReportIssue.objects.filter(county=county, kind=kind, on=on, corrected_by=None)
    return rows.order_by("-id").first()


def issue_before(found: ReportIssue) -> ReportIssue | None:
    """What an issue is first compared with: the one it corrects, or the newest of its kind with an earlier cut-off."""
    if found.corrects:
        return found.corrects
    rows = ReportIssue.objects.filter(county_id=found.county_id, kind=found.kind, on__lt=found.on)
    return rows.order_by("-on", "-id").first()


def is_intact(found: ReportIssue) -> bool:
    """Whether the text still is the one that the hash was taken over."""
    return fingerprint(found.body) == found.sha256


def _placed(items: Iterable[Item], towns: Collection[str]) -> list[Item]:
    """A row with a code that is no town of the county lies in none: towns and county always agree."""
    return [
        item if item.town_code in towns or not item.town_code else replace(item, town_code="")
        for item in items
    ]


def _row(
    code: str,
    name: str,
    sums: Sums,
    told: Mapping[str, Mapping[str, str]],
    status: Status,
    limits: Mapping[str, float],
) -> dict[str, Any]:
    mine = sums.get(code, {})
    figures: dict[str, str | None] = {key: exact(mine.get(key, Decimal(0))) for key in SUMMED}
    listed = mine.get("listed", Decimal(0))
    figures["agreement_rate"] = share(mine.get("agreements", Decimal(0)), listed)
    figures["closed_rate"] = share(mine.get("closed", Decimal(0)), listed)
    firms = mine.get("firms_listed", Decimal(0))
    figures["firms_agreement_rate"] = share(mine.get("firms_agreements", Decimal(0)), firms)
    figures["firms_ended_rate"] = share(mine.get("firms_ended", Decimal(0)), firms)
    figures["supply_share"] = share(
        mine.get("supply_industrial_mu", Decimal(0)), mine.get("supply_mu", Decimal(0))
    )
    figures |= {figure: by_town.get(code) for figure, by_town in told.items()}
    for ledger, found in status.ledgers.items():
        figures |= _progress(code, ledger, found, mine.get(f"{ledger}_mu", Decimal(0)), status.on, limits)
    return {"code": code, "name": name, "figures": figures}


def _progress(
    code: str, ledger: str, found: LedgerStatus, done: Decimal, on: date, limits: Mapping[str, float]
) -> dict[str, str | None]:
    """The ledger's figures from the exact sum of the rows, so that they are the same whenever they are reckoned."""
    one = found.county if code == WHOLE else found.towns.get(code)
    target = None if one is None else one.target
    told = progress(
        target, done, on, found.period, green_from=limits["green_from"], yellow_from=limits["yellow_from"]
    )
    return {
        f"{ledger}_target_mu": None if target is None else exact(target),
        f"{ledger}_rate": share(done, target),
        f"{ledger}_due_mu": None if told.due is None else exact(told.due),
        f"{ledger}_ratio": share(done, told.due),
        f"{ledger}_light": told.light,
        f"{ledger}_outlook": told.outlook,
        f"{ledger}_reached_on": None if told.reached_on is None else str(told.reached_on),
    }


def _target(found: LedgerStatus) -> dict[str, str | None]:
    return {
        "basis": found.basis,
        "first": None if found.period is None else str(found.period.first),
        "last": None if found.period is None else str(found.period.last),
    }


def _total(parts: Iterable[Mapping[str, Decimal]]) -> dict[str, Decimal]:
    whole: dict[str, Decimal] = {}
    for part in parts:
        for figure, value in part.items():
            whole[figure] = whole.get(figure, Decimal(0)) + value
    return whole
