"""A year's firms on their ground, and every area of that year with the share of each parcel that lies in it.

Refuses to measure anything of its own: land, towns, lines and platforms are those that the indicators are computed from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from landgis.audit.kept import kept
from landgis.counties.models import County
from layers.areas import standing_on
from layers.control_lines.models import ControlLine
from parcels.enterprises.queries import uscc_of
from parcels.evaluation.apportion import COLUMNS, Cover, Firms, Uses
from parcels.evaluation.results import Results
from parcels.evaluation.rules import INDICATORS
from parcels.evaluation.told import results_of_year

PARCEL, TOWN, INDUSTRY, PLATFORM, LINE, LEVEL, COUNTY, DRAWN = (
    "parcel", "town", "industry", "platform", "control_line", "line_level", "county", "drawn",
)  # fmt: skip
KINDS = {
    COUNTY: "全县",
    TOWN: "镇街",
    INDUSTRY: "行业",
    PLATFORM: "产业平台",
    LINE: "工业用地控制线",
    LEVEL: "控制线级别",
    PARCEL: "宗地",
    DRAWN: "手绘范围",
}
OUTSIDE = {TOWN: "镇街界线以外", PLATFORM: "产业平台以外"}
NO_LEVEL = "未注明级别"

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Listed:
    """The areas of a kind; `ratios` (area × INDICATORS) is NaN where nothing can be divided. Code "" lies in none of them."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    cover: Cover
    ratios: Floats
    on: date


@dataclass(frozen=True, slots=True)
class Ground:
    """Firms and parcels are positions in their arrays; groups of firms are one."""

    year: int
    on: date
    firms: Firms
    uses: Uses
    uscc: tuple[str, ...]
    parcel_id: NDArray[np.int64]
    parcel_code: NDArray[np.object_]
    parcel_town: NDArray[np.object_]
    parcel_m2: Floats
    parcel_ratios: Floats
    industries: tuple[str, ...]
    firm_industry: NDArray[np.intp]
    industry_ratios: Floats
    listed: Mapping[str, Listed]
    sha256: str


def ground_of(county: County, year: int) -> Ground:
    """The year's ground as the data stand, remembered until they change; rights are its callers' to hold."""
    return kept("ground_of_year", (county.code, year), lambda: _read(county, year))


def land_in(ground: Ground, share: Floats) -> Floats:
    """Each firm's land in ㎡ in an area of which `share` of each parcel is part."""
    uses = ground.uses
    land = np.bincount(uses.firm, uses.net_m2 * share[uses.parcel], len(ground.uscc))
    return land.astype(np.float64)


def share_of(ground: Ground, kind: str, code: str) -> Floats | None:
    """The share of each parcel that lies in an area; None where the year has no such area. Industries take all ground."""
    every = np.ones(len(ground.parcel_id))
    if kind == COUNTY:
        return every
    if kind == INDUSTRY:
        return every if code in ground.industries else None
    if kind == PARCEL:
        here = ground.parcel_code == code
        return here.astype(np.float64) if here.any() else None
    listed = ground.listed[kind]
    if code not in listed.codes:
        return None
    mine = listed.cover.area == listed.codes.index(code)
    return np.bincount(listed.cover.parcel[mine], listed.cover.share[mine], len(every)).astype(np.float64)


def land_of(ground: Ground, kind: str, code: str, share: Floats) -> Floats:
    """Each firm's land in ㎡ in an area of any kind."""
    land = land_in(ground, share)
    if kind == INDUSTRY:
        land[ground.firm_industry != ground.industries.index(code)] = 0.0
    return land


def peers(ground: Ground, kind: str) -> tuple[tuple[str, ...], Floats]:
    """The areas that an area is ranked among, without what lies in none, and their indicators."""
    if kind == PARCEL:
        return tuple(ground.parcel_code.tolist()), ground.parcel_ratios
    if kind == INDUSTRY:
        return ground.industries, ground.industry_ratios
    if kind not in ground.listed:
        return (), np.empty((0, len(INDICATORS)))
    listed = ground.listed[kind]
    there = [n for n, code in enumerate(listed.codes) if code]
    return tuple(listed.codes[n] for n in there), listed.ratios[there]


def _read(county: County, year: int) -> Ground:
    made = results_of_year(county, year)
    found = made.inputs
    codes = uscc_of(found.firm_id.tolist())
    return Ground(
        year,
        found.on,
        made.firms,
        found.uses,
        tuple(codes.get(n, "") for n in found.firm_id.tolist()),
        found.parcel_id,
        found.parcel_code,
        found.parcel_town,
        found.parcel_m2,
        _ratios(made.parcels),
        found.industries,
        found.firm_industry,
        _ratios(made.industries.sums),
        _listed(county, made),
        found.sha256,
    )


def _listed(county: County, made: Results) -> dict[str, Listed]:
    found, (towns, lines, platforms) = made.inputs, made.covers
    held = {
        TOWN: Listed(
            (*found.towns.codes, ""), (*found.towns.names, OUTSIDE[TOWN]), towns, _ratios(made.towns.sums),
            found.towns.on,
        ),
        PLATFORM: Listed(
            (*found.platforms.codes, ""), (*found.platforms.names, OUTSIDE[PLATFORM]), platforms,
            _ratios(made.platforms.sums), found.platforms.on,
        ),
        LINE: Listed(
            found.lines.codes, found.lines.names, lines, _ratios(made.lines.sums), found.lines.on
        ),
    }  # fmt: skip
    return held | {LEVEL: _levels(county, made, held[LINE])}


def _levels(county: County, made: Results, lines: Listed) -> Listed:
    """The pieces of each level together; a parcel under several pieces of one level counts once."""
    rows = ControlLine.objects.filter(standing_on(lines.on), county=county).values_list("code", "level")
    level = dict(rows)
    of_line = np.array([level.get(code, "") or NO_LEVEL for code in lines.codes], dtype=str)
    names, of_level = np.unique(of_line, return_inverse=True)
    cover, size = lines.cover, max(len(names), 1)
    keys, of_pair = np.unique(
        cover.parcel.astype(np.int64) * size + of_level[cover.area], return_inverse=True
    )
    share = np.minimum(np.bincount(of_pair, cover.share, len(keys)), 1.0)
    merged = Cover((keys // size).astype(np.intp), (keys % size).astype(np.intp), share, len(names))
    sums = np.zeros((len(names), made.parcels.shape[1]))
    np.add.at(sums, merged.area, made.parcels[merged.parcel] * merged.share[:, None])
    known = tuple(names.tolist())
    return Listed(known, known, merged, _ratios(sums), lines.on)


def _ratios(sums: Floats) -> Floats:
    above, below = (
        sums[:, [COLUMNS.index(f"{indicator.code}_{side}") for indicator in INDICATORS]]
        for side in ("numerator", "denominator")
    )
    ratios: Floats = np.divide(above, below, out=np.full(above.shape, np.nan), where=below != 0)
    return ratios
