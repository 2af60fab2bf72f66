"""The supply contracts: one or more phases each, with the holder's name, the price and the papers' numbers.

It refuses a contract whose holder is not the parcel's; land that nobody can place goes without a code.
"""

from datetime import date

import numpy as np

from demo.cases import edge_cases
from demo.county import County
from demo.model import Contract, Holder, Phase
from demo.parcels import Parcel
from demo.phases import draw_phase, signing_day
from demo.randomness import stream

NO_CODE, NOT_IN_REGISTER, SECOND_CONTRACTS = 34, 8, 4
PHASE_PLANS: tuple[tuple[str, ...], ...] = (
    ("built", "building"),
    ("built", "start_ahead"),
    ("built", "not_started"),
    ("building_late", "overdue", "start_ahead"),
    ("built", "stopped_both"),
)


def write_contracts(
    county: County,
    parcels: list[Parcel],
    situations: list[str],
    holders: list[Holder],
    locations: list[str],
    areas_m2: list[float],
    seed: int,
) -> tuple[list[Contract], list[date | None]]:
    """All contracts in signing order, and for each parcel the day its own contract was signed."""
    rng = stream(seed, "contracts")
    contracts: list[Contract] = []
    signed: list[date | None] = [None] * len(parcels)
    cases = iter(edge_cases())
    for at, situation in enumerate(situations):
        if situation == "old":
            continue
        area_ha = areas_m2[at] / 1e4
        remark = ""
        if situation == "case":
            case = next(cases)
            phases, remark = list(case.phases), f"边界{case.number:02d}"
            day = _before(phases)
        elif situation == "phased":
            phases = _phases(PHASE_PLANS[int(rng.integers(len(PHASE_PLANS)))], area_ha, rng)
            day = min(signing_day(phase, rng) for phase in phases)
        else:
            phases = [draw_phase(situation, area_ha, rng)]
            day = signing_day(phases[0], rng)
        signed[at] = day
        contracts.append(
            _contract(
                parcels[at].code, holders[at].name, locations[at], round(area_ha, 4), day, phases, rng, remark
            )
        )
    built = [at for at, situation in enumerate(situations) if situation == "built"]
    for at in rng.choice(built, SECOND_CONTRACTS, replace=False):
        phases = [draw_phase("built", 0.15, rng)]
        day = signing_day(phases[0], rng)
        name = holders[at].name
        contracts.append(_contract(parcels[at].code, name, locations[at], 0.15, day, phases, rng, "扩建补地"))
    contracts += _unlocated(county, rng)
    contracts.sort(key=lambda contract: (contract.signed_on, contract.parcel_code))
    _number(county, contracts, rng)
    return contracts, signed


def _before(phases: list[Phase]) -> date:
    known = min(
        day
        for phase in phases
        for day in (phase.agreed_delivery, phase.actual_delivery, date(2023, 3, 1))
        if day
    )
    return date(known.year - 1, known.month, min(known.day, 28))


def _phases(plan: tuple[str, ...], area_ha: float, rng: np.random.Generator) -> list[Phase]:
    phases = []
    for number, kind in enumerate(plan, start=1):
        phase = draw_phase(kind, area_ha / len(plan), rng)
        phase.number = number
        phases.append(phase)
    return phases


def _contract(
    code: str,
    holder: str,
    location: str,
    area_ha: float,
    day: date,
    phases: list[Phase],
    rng: np.random.Generator,
    remark: str,
) -> Contract:
    price_per_mu = (14 + 1.6 * (day.year - 2004)) * rng.uniform(0.8, 1.3)
    mode = (
        "挂牌出让"
        if day.year > 2007 and rng.random() < 0.94
        else "协议出让"
        if rng.random() < 0.6
        else "拍卖出让"
    )
    price = None if rng.random() < 0.01 else round(area_ha * 15 * price_per_mu, 2)
    return Contract("", "", code, holder, location, "工业用地", area_ha, price, mode, day, phases, remark)


def _unlocated(county: County, rng: np.random.Generator) -> list[Contract]:
    """Contracts whose parcel code is blank, or names a parcel the register doesn't have."""
    contracts = []
    kinds = ["not_started", "overdue", "underinvested", *["built"] * 7]
    for serial in range(NO_CODE + NOT_IN_REGISTER):
        area_ha = round(float(rng.lognormal(-0.2, 0.6)), 4)
        phases = [draw_phase(kinds[serial % len(kinds)], area_ha, rng)]
        town = county.towns[int(rng.integers(len(county.towns)))]
        code = "" if serial < NO_CODE else f"{county.code}{901 + serial % 3}001GB{serial:05d}"
        holder = f"{county.name}示意未落图{serial + 1:02d}号有限公司"
        location = f"{county.name}{town.name}示意地块{serial + 1:02d}号"
        contracts.append(
            _contract(code, holder, location, area_ha, signing_day(phases[0], rng), phases, rng, "未落图")
        )
    return contracts


def _number(county: County, contracts: list[Contract], rng: np.random.Generator) -> None:
    """Both numbers as a rule; old contracts lack the supervision number, a few the contract number."""
    for serial, contract in enumerate(contracts, start=1):
        year = contract.signed_on.year
        old = year < 2009 and rng.random() < 0.4
        contract.supervision_no = "" if old else f"{county.code}{year}B{serial:05d}"
        lost = not old and not contract.remark and rng.random() < 0.01
        contract.contract_no = "" if lost else f"{county.code}{year}A21{serial:04d}"
