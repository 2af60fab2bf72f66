"""Storing supply contracts and construction progress, and tying contracts to parcels.

Refuses nothing for a missing number or parcel: a contract without a parcel in the register is kept and screened all the same.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from landgis.counties.models import County
from landgis.lib.issues import Issue
from landgis.lib.repeats import repeat_issues, repeats_of
from landgis.lib.upsert import Stored, upsert
from parcels.supply.contract_matching import NUMBERS, complete_numbers, match_contracts
from parcels.supply.queries import contract_ids, phase_ids

Row = dict[str, Any]
Rows = Sequence[tuple[int, Row]]

CONTRACT_TEXTS = ("parcel_code", "holder_name", "location", "land_use", "supply_mode")
CONTRACT_FACTS = (*CONTRACT_TEXTS, "town", "area_m2", "price_wan", "signed_on")
PHASE_FACTS = (
    "agreed_delivery",
    "agreed_start",
    "agreed_completion",
    "actual_delivery",
    "actual_start",
    "actual_completion",
    "total_investment_wan",
    "land_to_develop_m2",
    "review_due",
    "review_passed_on",
)


def store_contracts(
    county: County, rows: Rows, *, source: str, titles: Mapping[str, str]
) -> tuple[Stored, list[Issue]]:
    """Contracts and their phases: rows of one contract are its phases; a contract's own facts are taken once.

    A contract is known by either of its numbers; the one that the register lacks is completed.
    """
    matched = match_contracts(county, rows, titles=titles)
    rows, keys = matched.rows, matched.keys
    complete_numbers(county, matched.completed)
    first: dict[tuple[str, str], Row] = {}
    stated: dict[tuple[tuple[str, str], str], int] = {}
    for (number, facts), key in zip(rows, keys, strict=True):
        merged = first.setdefault(key, {})
        for name, value in facts.items():
            if merged.get(name) in (None, ""):
                merged[name] = value
                stated[key, name] = number
            elif name in CONTRACT_FACTS and value not in (None, "", merged[name]):
                told = f"第 {number} 行：与第 {stated[key, name]} 行是同一合同，但{titles[name]}不同（本行“{value}”，"
                told += (
                    f"那一行“{merged[name]}”），按那一行采用。请核实，同一合同各期的{titles[name]}应当一致。"
                )
                matched.issues.append(Issue(number, "contract_differs", name, told, "warning"))
    contracts = list(first.items())
    towns = dict(county.towns.values_list("name", "code"))
    columns: dict[str, list[Any]] = {
        "county_id": [county.code] * len(contracts),
        "contract_no": [key[0] for key, _ in contracts],
        "supervision_no": [key[1] for key, _ in contracts],
        **{name: [facts.get(name) or "" for _, facts in contracts] for name in CONTRACT_TEXTS},
        "town_code": [towns.get(facts.get("town") or "", "") for _, facts in contracts],
        "area_m2": [facts.get("area_m2") for _, facts in contracts],
        "price_wan": [facts.get("price_wan") for _, facts in contracts],
        "signed_on": [facts.get("signed_on") for _, facts in contracts],
        "source": [source] * len(contracts),
    }
    stored = upsert("supply_contract", columns, key=("county_id", "contract_no", "supervision_no"))
    ids = contract_ids(county, set(keys))
    phases: dict[str, list[Any]] = {
        "contract_id": [ids[key] for key in keys],
        "phase_no": [facts.get("phase_no") or 1 for _, facts in rows],
        **{name: [facts.get(name) for _, facts in rows] for name in PHASE_FACTS},
        "review_passed_by": [f"台账：{source}" if facts.get("review_passed_on") else "" for _, facts in rows],
    }
    link_contracts(county)
    by_phase = upsert("supply_phase", phases, key=("contract_id", "phase_no"))
    # A row may change its contract, its phase, or both; what changes only the contract is a change all the same.
    updated = min(len(rows) - by_phase.created, by_phase.updated + stored.updated)
    unchanged = len(rows) - by_phase.created - updated + matched.copies
    return Stored(by_phase.created, updated, unchanged), matched.issues


def store_progress(county: County, rows: Rows, *, titles: Mapping[str, str]) -> tuple[Stored, list[Issue]]:
    """Progress records by phase and day; a contract is found by either of its numbers."""
    phases = phase_ids(county)
    issues, placed = [], []
    for row, facts in rows:
        number = facts.get("contract_no") or facts.get("supervision_no") or ""
        phase = phases.get((number, facts.get("phase_no") or 1))
        if phase is None:
            message = f"第 {row} 行：登记库中没有合同 {number or '（空）'} 第 {facts.get('phase_no') or 1} 期。请先导入该合同。"
            issues.append(Issue(row, "reference_unknown", "contract_no", message))
        else:
            placed.append((row, phase, facts))
    repeats = repeats_of(((row, (phase, facts["as_of"]), facts) for row, phase, facts in placed), but=NUMBERS)
    issues += repeat_issues(
        repeats, dict(rows), same=lambda _: ("是同一合同同一期同一天的进度", "as_of"), titles=titles
    )
    kept = [(phase, facts) for row, phase, facts in placed if row not in repeats.left_out]
    columns: dict[str, list[Any]] = {
        "phase_id": [phase for phase, _ in kept],
        "as_of": [facts["as_of"] for _, facts in kept],
        "invested_wan": [facts.get("invested_wan") for _, facts in kept],
        "developed_area_m2": [facts.get("developed_area_m2") for _, facts in kept],
        "stopped_since": [facts.get("stopped_since") for _, facts in kept],
        "note": [facts.get("note") or "" for _, facts in kept],
    }
    stored = upsert("supply_progress", columns, key=("phase_id", "as_of"))
    return stored + Stored(unchanged=len(repeats.copies)), issues


def link_contracts(county: County) -> int:
    """Tie contracts to the parcel in force under their code, and give them its town; returns how many were tied.

    A contract whose own parcel has ended stays tied to the descendant that it was carried to.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE supply_contract c SET parcel_id = p.id, town_code = p.town_code
              FROM cadastre_parcel p
             WHERE c.county_id = %s AND p.county_id = c.county_id AND p.code = c.parcel_code AND p.valid_to IS NULL
               AND c.parcel_code <> '' AND (c.parcel_id IS NULL OR c.town_code IS DISTINCT FROM p.town_code)
            """,
            [county.code],
        )
        return int(cursor.rowcount)
