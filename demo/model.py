"""The plain records that the stages hand to each other, named as the bureau names them.

It refuses behaviour: a record holds what a file will say, and nothing is computed here.
"""

from dataclasses import dataclass, field
from datetime import date

REFERENCE_DAY = date(2025, 12, 31)
"""The day all expected findings are stated for."""


@dataclass(frozen=True)
class Holder:
    name: str
    uscc: str
    firm: int | None = None
    """Position in the list of evaluated firms; None for a platform, a project company or a natural person."""


@dataclass
class Firm:
    uscc: str
    name: str
    industry_code: str
    group: str
    registered_on: date
    town: int
    address: str
    above_scale: bool = False


@dataclass(frozen=True)
class RegisterRow:
    """One record of parcels.shp beside its shape; texts may be raw bytes where a fault calls for it."""

    code: str
    holder: str | bytes
    location: str
    area_m2: float | None
    land_class: str
    tenure: str
    town: str
    registered_on: str
    uscc: str
    note: str


@dataclass(frozen=True)
class Occupancy:
    parcel: int
    firm: int
    role: str
    lessor: int | None
    area_m2: float | None
    share_percent: float | None
    since: date
    until: date | None = None


@dataclass(frozen=True)
class AnnualReturn:
    year: int
    firm: int
    tax_wan: float | None
    value_added_wan: float | None
    revenue_wan: float | None
    employees: int | None
    energy_tce: float | None
    emission_t: float | None
    rd_wan: float | None


@dataclass(frozen=True)
class FirmYear:
    """What a firm was in a year; what is None or blank isn't stated."""

    year: int
    firm: int
    basis: str
    above_scale: bool | None = None
    industry_code: str = ""
    industry_group: str = ""
    town: int | None = None


@dataclass(frozen=True)
class Progress:
    as_of: date
    invested_wan: float | None
    developed_ha: float | None
    last_building_day: date | None = None
    note: str = ""


@dataclass
class Phase:
    number: int = 1
    agreed_delivery: date | None = None
    agreed_start: date | None = None
    agreed_completion: date | None = None
    actual_delivery: date | None = None
    actual_start: date | None = None
    actual_completion: date | None = None
    investment_wan: float | None = None
    to_develop_ha: float | None = None
    progress: list[Progress] = field(default_factory=list)
    expected: str = "clear"
    kind: str = "built"
    full_year_on: date | None = None
    """Stated for the boundary cases only."""


@dataclass
class Contract:
    supervision_no: str
    contract_no: str
    parcel_code: str
    holder: str
    location: str
    land_use: str
    area_ha: float | None
    price_wan: float | None
    mode: str
    signed_on: date
    phases: list[Phase]
    remark: str = ""
