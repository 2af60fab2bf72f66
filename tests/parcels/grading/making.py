"""Firms and schemes for tests of scoring, made in memory.

Refuses the database: these are plain facts.
"""

from __future__ import annotations

import math
import tomllib
from pathlib import Path
from typing import Any

from parcels.evaluation.rules import LAND, RETURNED
from parcels.grading.frozen import Frozen, frozen
from parcels.schemes.definition import Definition
from parcels.schemes.reading import read_definition

SHIPPED = Path(__file__).resolve().parents[3] / "data" / "schemes"


def shipped(name: str) -> dict[str, Any]:
    return tomllib.loads((SHIPPED / f"{name}.toml").read_text(encoding="utf-8"))


def simple(**changes: Any) -> Definition:
    """One group, one indicator of 100 points (tax per mu), three grades by share; `changes` replace its tables."""
    return read_definition(simple_document(**changes))


def simple_document(**changes: Any) -> dict[str, Any]:
    document: dict[str, Any] = {
        "code": "simple",
        "name": "简单方案",
        "version": "1",
        "basis": "测试",
        "certainty": "ours",
        "grades": ["好", "中", "差"],
        "years": {"from": 2020},
        "scoring": {"full": 100, "places": 2, "ties": "better"},
        "publication": {"allowed": True, "notice_days": 5, "notice_kind": "working"},
        "indicators": [indicator("tax_per_mu", "tax_wan", LAND)],
        "groups": [
            {
                "name": "全部",
                "weights": [{"indicator": "tax_per_mu", "points": 100}],
                "cutoffs": {"kind": "share", "shares": {"好": 0.2, "中": 0.5, "差": 0.3}},
            }
        ],
    }
    return document | changes


def indicator(code: str, numerator: str, denominator: str, **changes: Any) -> dict[str, Any]:
    return {
        "code": code,
        "title": code,
        "unit": "比值",
        "numerator": numerator,
        "denominator": denominator,
        "direction": "higher",
        "missing": "reweigh",
        "benchmark": {"kind": "ratio_of_sums"},
    } | changes


def firms(*rows: dict[str, Any], year: int = 2022, own: tuple[str, ...] = ()) -> Frozen:
    """Firms A0, A1 …; a figure that isn't given is unknown, land is 10 亩 unless given."""
    names = (*RETURNED, LAND, *own)

    def column(name: str, default: Any) -> list[Any]:
        return [row.get(name, default) for row in rows]

    figures = {name: column(name, 10.0 if name == LAND else math.nan) for name in names}
    if any("building_mu" in row for row in rows):
        figures["building_mu"] = column("building_mu", 0.0)
    return frozen(
        county="990001",
        year=year,
        on=f"{year}-12-31",
        definition="0" * 64,
        texts={
            "uscc": [row.get("uscc", f"A{n:05}") for n, row in enumerate(rows)],
            "name": [f"企业{n}" for n in range(len(rows))],
            "industry_code": column("industry_code", ""),
            "industry_group": column("industry_group", ""),
            "founded_on": column("founded_on", ""),
            "head": column("head", ""),
        },
        above_scale=[int(value) for value in column("above_scale", 1)],
        returned=column("returned", True),
        figures=figures,
        maps={
            name: column(name, {}) for name in ("adjustments", "vetoes", "exemptions", "sources", "parcels")
        },
    )
