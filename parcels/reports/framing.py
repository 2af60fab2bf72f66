"""The frame of a report on a day, and the rows behind it: counts, contracts of the year, other than industrial use in the line.

Refuses names of firms and holders; the county's supply and line are told to whoever answers for the whole county.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from landgis.access.queries import Actor
from landgis.counties.models import County
from landgis.lib.units import m2_to_mu
from parcels.balance.findings import findings
from parcels.balance.ledger import Statement, statement
from parcels.campaigns.rules import Progress
from parcels.ledgers.queries import CountLine, count_entries, count_lines
from parcels.ledgers.supply_share import YearShare, contracts_behind, yearly_shares
from parcels.reports.frame import COUNTS, LINE, SUPPLY
from parcels.reports.rules import UNPLACED, WHOLE, Item, exact, share

_SUPPLY_PARTS = {
    "industrial": ("supply_mu", "supply_industrial_mu"),
    "other": ("supply_mu",),
    "unclassified": ("supply_mu", "supply_unclassified_mu"),
}
_SUPPLY_STATES = {"industrial": "工业用地", "other": "其他用地", "unclassified": "未归类"}


def frame_on(county: County, actor: Actor, on: date) -> dict[str, Any]:
    """What the heading says besides the towns' figures."""
    counts = [_count(line, actor) for line in count_lines(county, actor, on)]
    told: dict[str, Any] = {COUNTS: [row for row in counts if row["towns"]]}
    if actor.town_codes is not None:
        return told
    year = next((one for one in yearly_shares(county, actor, on) if one.year == on.year), None)
    return told | {SUPPLY: _supply(year, on), LINE: _line(statement(county, on))}


def frame_items(county: County, actor: Actor, on: date) -> Iterator[Item]:
    """The rows behind the frame, and behind the towns' figures of supply and line."""
    yield from _entries(county, actor, on)
    yield from _contracts(county, actor, on)
    towns = {name: code for code, name in county.towns.values_list("code", "name")}
    for row in findings(county, actor, on).rows:
        mu = _mu(row.open_m2) or "0"
        told = f"地类 {row.land_class_code}，线内 {mu} 亩"
        parts = {"line_other": "1", "line_other_mu": mu}
        yield Item(
            "line", row.code, "线内非工业用地", towns.get(row.town, row.town), (row.code,), told, parts
        )


def _count(line: CountLine, actor: Actor) -> dict[str, Any]:
    towns = {code: _progress(one) for code, one in line.by_town.items()}
    if actor.town_codes is None:
        towns[WHOLE] = _progress(line.progress)
        if line.towns.get(""):
            nothing = dict.fromkeys(("target", "rate", "due", "reached_on"), None)
            towns[UNPLACED] = {
                **nothing,
                "done": exact(line.towns[""]),
                "light": "none",
                "outlook": "unknown",
            }
    return {"key": line.key, "title": line.title, "unit": line.unit, "basis": line.basis, "towns": towns}


def _progress(one: Progress) -> dict[str, Any]:
    return {
        "target": None if one.target is None else exact(one.target),
        "done": exact(one.done),
        "rate": share(one.done, one.target),
        "due": None if one.due is None else exact(one.due.quantize(Decimal("0.0001"))),
        "light": one.light,
        "outlook": one.outlook,
        "reached_on": None if one.reached_on is None else str(one.reached_on),
    }


def _supply(year: YearShare | None, on: date) -> dict[str, Any]:
    verdict = "unknown"
    if year is not None:
        verdict = f"running_{year.so_far}" if year.verdict == "running" else year.verdict
        verdict = "no_target" if year.least is None else verdict
    return {
        "year": on.year,
        "least": None if year is None or year.least is None else exact(year.least * 100),
        "verdict": verdict,
        "contracts": 0 if year is None else year.contracts,
        "without_area": 0 if year is None else year.without_area,
    }


def _line(found: Statement) -> dict[str, Any]:
    return {
        "total_mu": _mu(found.total_m2),
        "drawn_mu": _mu(found.drawn_m2),
        "pieces": str(found.pieces),
        "retained_mu": _mu(found.retained_m2),
        "retained_basis": found.retained_basis,
        "spare_mu": _mu(found.spare_m2),
        "balance_mu": _mu(found.balance_m2),
        "banked_mu": _mu(found.banked_m2),
        "versions": [
            {
                "on": str(one.on), "what": one.title, "adjustment": one.adjustment_no, "in_mu": _mu(one.in_m2),
                "out_mu": _mu(one.out_m2), "total_mu": _mu(one.total_m2),
            }
            for one in found.movements
        ],
    }  # fmt: skip


def _entries(county: County, actor: Actor, on: date) -> Iterator[Item]:
    """A registration of a count under its number; its evidence stays in the ledger, which may name a firm."""
    for entry in count_entries(actor, on).filter(county=county):
        told = f"{entry.on} {f'冲销第 {entry.reverses_id} 笔 ' if entry.reverses_id else '登记 '}{exact(entry.value)}"
        yield Item("count", f"{entry.key}/{entry.pk:08d}", "其他目标登记", entry.town_code, (), told, {})


def _contracts(county: County, actor: Actor, on: date) -> Iterator[Item]:
    """The contracts of the cut-off's year that are granted land."""
    first = date(on.year, 1, 1)
    for row in contracts_behind(county, actor, on, since=first):
        if row.part == "apart":
            continue
        parts = {"supply_contracts": "1"}
        if row.area_m2 is not None:
            parts |= dict.fromkeys(_SUPPLY_PARTS[row.part], exact(m2_to_mu(row.area_m2)))
        yield Item(
            "contract", f"{row.contract_no}/{row.pk:08d}", f"合同 {row.contract_no}", row.town_code, _parcels(row.parcel_code),
            f"{row.signed_on} 签订，{_SUPPLY_STATES[row.part]}{'，没有面积' if row.area_m2 is None else ''}", parts,
        )  # fmt: skip


def _parcels(code: str) -> tuple[str, ...]:
    return (code,) if code else ()


def _mu(area_m2: float | None) -> str | None:
    """Measured ground to 0.0001 亩, so that a sum in another order is the same text."""
    return None if area_m2 is None else exact(m2_to_mu(Decimal(str(area_m2))).quantize(Decimal("0.0001")))
