"""A year's indicators worked out from its inputs, and the document that says them.

Refuses to publish a sum that its parts don't add up to: the county is the sum of its towns and of what lies in none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landgis.lib.units import m2_to_mu_array, mu_to_m2_array
from layers.areas import Areas
from layers.geometry.equal_area import equal_area
from layers.geometry.shares import shares
from parcels.evaluation.apportion import (
    COLUMNS,
    LACKS,
    OCCUPIED,
    Counts,
    Cover,
    Firms,
    counted,
    counts_of_areas,
    firms_of,
    partition,
    sums_of_areas,
    sums_of_firms,
    sums_of_parcels,
    tally,
    total,
)
from parcels.evaluation.queries import Inputs, differing_areas
from parcels.evaluation.rules import INDICATORS, LAND, RETURNED, partly

PARCELS_MU, PARCELS = "parcels_mu", "parcels"


@dataclass(frozen=True, slots=True)
class Summed:
    """Areas with what falls to each (area × COLUMNS), their firms, and the land of the register in them."""

    sums: NDArray[np.float64]
    counts: Counts
    parcels_mu: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Results:
    """Everything that a run computes; the last area of towns and of platforms is what lies in none."""

    inputs: Inputs
    firms: Firms
    parcels: NDArray[np.float64]  # parcel × COLUMNS
    towns: Summed
    lines: Summed
    platforms: Summed
    industries: Summed
    county: Summed
    towns_by: str
    covers: tuple[Cover, Cover, Cover]  # of the towns, the lines and the platforms


def results(found: Inputs) -> Results:
    """Apportion firms' figures to parcels and sum them; slivers are dropped from control lines, never from towns."""
    uses, count = found.uses, len(found.parcel_id)
    net = uses.net_m2
    firms = firms_of(found.of_firms, tally(uses.firm, net, len(found.firm_id)))
    of_parcels = sums_of_parcels(uses, firms, count)
    towns, lines, platforms, towns_by = _covers(found)

    def summed(cover: Cover) -> Summed:
        return Summed(
            sums_of_areas(of_parcels, cover),
            counts_of_areas(uses, firms, cover),
            _register_mu(found, cover),
        )

    in_towns = summed(towns)
    everywhere = counted(np.zeros(int((net > 0).sum())), uses.firm[net > 0], firms, 1)
    register = m2_to_mu_array([found.parcel_m2.sum()])
    county = Summed(total(in_towns.sums)[None, :], everywhere, register)
    return Results(
        found,
        firms,
        of_parcels,
        in_towns,
        summed(lines),
        summed(platforms),
        _by_industry(found, firms),
        county,
        towns_by,
        (towns, lines, platforms),
    )


def _by_industry(found: Inputs, firms: Firms) -> Summed:
    """What each industry's firms with land add up to; an industry has no land of the register, only its firms'."""
    landed = np.flatnonzero(firms.land_m2 > 0)
    count = len(found.industries)
    cover = Cover(landed, found.firm_industry[landed], np.ones(len(landed)), count)
    sums = sums_of_areas(sums_of_firms(firms, firms.land_m2), cover)
    counts = counted(found.firm_industry[landed], landed, firms, count)
    return Summed(sums, counts, sums[:, COLUMNS.index(OCCUPIED)])


def document(made: Results) -> dict[str, Any]:
    """The run as one JSON document: the figures of the county, its towns and lines, and what was allocated to none."""
    found, towns = made.inputs, made.towns
    landless = found.of_firms.returned & ~(made.firms.land_m2 > 0)
    outside = _figures(towns, len(found.towns))
    return {
        "county": _figures(made.county, 0),
        "towns": _listed(found.towns, towns),
        "control_lines": _listed(found.lines, made.lines),
        "industries": [
            {"code": name, "name": name} | _figures(made.industries, i)
            for i, name in enumerate(found.industries)
        ],
        "platforms": _listed(found.platforms, made.platforms),
        "outside_platforms": _figures(made.platforms, len(found.platforms)),
        "unallocated": {
            LAND: outside[LAND],
            "outside_towns": outside,
            "firms_without_land": {
                "firms": int(landless.sum()),
                **{
                    name: float(np.nansum(found.of_firms.figures[landless, i]))
                    for i, name in enumerate(RETURNED)
                },
                "missing": _lacking(made.firms.lacks[landless].sum(axis=0)),
            },
        },
        "enterprises": {
            "returned": int(found.of_firms.returned.sum()),
            "with_land": int((found.of_firms.returned & (made.firms.land_m2 > 0)).sum()),
            "with_land_but_no_return": int((~found.of_firms.returned & (made.firms.land_m2 > 0)).sum()),
        },
        "towns_by": made.towns_by,
        "towns_on": found.towns.on.isoformat(),
        "control_lines_on": found.lines.on.isoformat(),
        "platforms_on": found.platforms.on.isoformat(),
        "checks": {
            "occupancies_of_ended_parcels": found.left_out,
            "over_occupied_parcels": _over_occupied(made),
            "ellipsoidal_areas": differing_areas(found),
        },
    }


def _covers(found: Inputs) -> tuple[Cover, Cover, Cover, str]:
    """Every parcel's shares in the towns, in the lines and in the platforms, from one overlay.

    Where no town has a boundary, its parcels are those of its code in the register. Towns and platforms are made
    partitions, with what lies in none of them.
    """
    parcels, drawn, inside = len(found.parcel_id), len(found.towns.geoms_4490), len(found.platforms)
    areas = np.concatenate([found.towns.geoms_4490, found.platforms.geoms_4490, found.lines.geoms_4490])
    every = shares(found.parcel_geoms, equal_area(areas, latitude=found.latitude))
    line = (
        (every.area >= drawn + inside)
        & (every.area_m2 >= found.limits.sliver_m2)
        & (every.share >= found.limits.sliver_ratio)
    )
    lines = Cover(every.parcel[line], every.area[line] - drawn - inside, every.share[line], len(found.lines))
    of = (every.area >= drawn) & (every.area < drawn + inside)
    platforms = partition(
        every.parcel[of], every.area[of] - drawn, every.share[of], parcels=parcels, areas=inside
    )
    if drawn:
        of = every.area < drawn
        parcel, town, share = every.parcel[of], every.area[of], every.share[of]
    else:
        place = {code: n for n, code in enumerate(found.towns.codes)}
        of_code = np.array([place.get(code, -1) for code in found.parcel_town.tolist()], dtype=np.intp)
        parcel = np.flatnonzero(of_code >= 0)
        town, share = of_code[parcel], np.ones(len(parcel))
    towns = partition(parcel, town, share, parcels=parcels, areas=len(found.towns))
    return towns, lines, platforms, "geometry" if drawn else "register"


def _register_mu(found: Inputs, cover: Cover) -> NDArray[np.float64]:
    """The land of the year's register in each area, whoever uses it."""
    land = found.parcel_m2[cover.parcel] * cover.share
    return m2_to_mu_array(tally(cover.area, land, cover.areas))


def _listed(areas: Areas, summed: Summed) -> list[dict[str, Any]]:
    return [
        {"code": code, "name": name} | _figures(summed, i)
        for i, (code, name) in enumerate(zip(areas.codes, areas.names, strict=True))
    ]


def _figures(summed: Summed, i: int) -> dict[str, Any]:
    """One area's indicators, each with its parts and what was missing, and the sums of all that was returned."""
    sums = dict(zip(COLUMNS, summed.sums[i].tolist(), strict=True))
    missing = _lacking(summed.counts.lacking[i])
    indicators = {}
    for n, indicator in enumerate(INDICATORS):
        above, below = sums[f"{indicator.code}_numerator"], sums[f"{indicator.code}_denominator"]
        entered = int(summed.counts.entered[i, n])
        indicators[indicator.code] = {
            "value": above / below if below else None,
            "numerator": above if entered else None,
            "denominator": below if entered else None,
            "firms": entered,
            "missing": {
                name: missing[name]
                for part in (indicator.numerator, indicator.denominator)
                for name in ("return", part, partly(part))
                if name in missing
            },
        }
    return {
        **{code: figures["value"] for code, figures in indicators.items()},
        **{name: sums[name] for name in (LAND, *RETURNED, OCCUPIED)},
        PARCELS_MU: float(summed.parcels_mu[i]),
        "firms": int(summed.counts.firms[i]),
        "missing": missing,
        "indicators": indicators,
    }


def _lacking(counts: NDArray[np.int64]) -> dict[str, int]:
    return {name: int(count) for name, count in zip(LACKS, counts.tolist(), strict=True) if count}


def _over_occupied(made: Results) -> dict[str, Any]:
    """Parcels on which firms use more land than there is, beyond the tolerance."""
    land = made.inputs.parcel_m2
    over = mu_to_m2_array(made.parcels[:, COLUMNS.index(OCCUPIED)]) - land
    found = over > made.inputs.limits.tolerance(land)
    return {"parcels": int(found.sum()), "over_mu": float(m2_to_mu_array(over[found].sum()))}
