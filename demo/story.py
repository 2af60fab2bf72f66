"""The whole demo in memory, made stage by stage from one seed.

It refuses to write: the stages hand over plain records, and delivery.py makes files of them.
"""

from dataclasses import dataclass
from datetime import date

from demo.cases import edge_cases
from demo.control import ControlLine, draw_control_lines
from demo.county import County
from demo.dirty import spoil
from demo.dirty_rows import DirtyRow
from demo.firm_years import state_years
from demo.ground import Ground, lay_out
from demo.model import AnnualReturn, Contract, Firm, FirmYear, Occupancy, RegisterRow
from demo.occupancy import occupy
from demo.ownership import share_out
from demo.parcels import Estate, form_parcels
from demo.platforms import Platform, draw_platforms
from demo.randomness import stream
from demo.register import AREA_OFF, places, register_rows, registered_areas
from demo.returns import report_years
from demo.situation import plan_situations
from demo.supply import write_contracts


@dataclass(frozen=True)
class Story:
    county: County
    ground: Ground
    estate: Estate
    register: list[RegisterRow]
    control_lines: list[ControlLine]
    platforms: list[Platform]
    firms: list[Firm]
    occupancies: list[Occupancy]
    returns: list[AnnualReturn]
    firm_years: list[FirmYear]
    contracts: list[Contract]
    dirty: list[DirtyRow]
    area_off: list[str]
    """Codes of the parcels whose registered area is out of tolerance on purpose."""
    overfull: list[str]
    """Codes of the parcels of which more is said to be used than there is."""


def tell(county: County, seed: int) -> Story:
    """Ground first, then people, then papers."""
    ground = lay_out(county, seed)
    estate = form_parcels(county, ground, seed)
    parcels = estate.parcels
    rng = stream(seed, "situations")
    situations = plan_situations(parcels, len(edge_cases()), rng)
    owned = share_out(county, parcels, situations, seed)
    ordinary = [
        at for at, situation in enumerate(situations) if situation == "old" and owned.use[at] == "own"
    ]
    off = [int(at) for at in rng.choice(ordinary, len(AREA_OFF), replace=False)]
    areas_m2 = registered_areas(parcels, off, rng)
    locations = places(county, parcels, seed)
    contracts, signed = write_contracts(county, parcels, situations, owned.holders, locations, areas_m2, seed)
    register = register_rows(county, parcels, owned.holders, locations, areas_m2, signed, seed)
    occupancies, overfull = occupy(parcels, owned, areas_m2, seed)
    returns = report_years(owned.firms, occupancies, areas_m2, seed)
    _settle(owned.firms, occupancies, locations, signed)
    return Story(
        county=county,
        ground=ground,
        estate=estate,
        register=register,
        control_lines=draw_control_lines(county, ground, parcels, seed),
        platforms=draw_platforms(county, ground, parcels, seed),
        firms=owned.firms,
        occupancies=occupancies,
        returns=returns,
        firm_years=state_years(county, ground, parcels, owned.firms, occupancies, returns, seed),
        contracts=contracts,
        dirty=spoil(county, ground.towns, estate, seed),
        area_off=[parcels[at].code for at in off],
        overfull=[parcels[at].code for at in overfull],
    )


def _settle(
    firms: list[Firm], occupancies: list[Occupancy], locations: list[str], signed: list[date | None]
) -> None:
    """A firm's address is where it first works."""
    for row in occupancies:
        if row.until is None and not firms[row.firm].address:
            firms[row.firm].address = locations[row.parcel]
