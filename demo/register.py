"""The records of parcels.shp: the holder, the place, the registered area and the date, for each parcel.

It refuses registered areas out of tolerance, but for three parcels that are named in the data's README.
"""

from datetime import date, timedelta

import numpy as np

from demo.county import County
from demo.model import Holder, RegisterRow
from demo.names import street_names
from demo.parcels import Parcel
from demo.randomness import stream

AREA_OFF = (0.0035, -0.0021, 0.124)
"""By how much the registered area of three parcels differs from the drawn one."""


def places(county: County, parcels: list[Parcel], seed: int) -> list[str]:
    """坐落: town, street of the zone and house number."""
    rng = stream(seed, "places")
    streets: dict[int, list[str]] = {}
    found = []
    for parcel in parcels:
        names = streets.setdefault(parcel.zone, street_names(stream(seed, f"streets {parcel.zone}"), 5))
        street = names[int(rng.integers(len(names)))]
        found.append(f"{county.name}{county.towns[parcel.town].name}{street}{int(rng.integers(1, 299))}号")
    return found


def registered_areas(parcels: list[Parcel], off: list[int], rng: np.random.Generator) -> list[float]:
    """The drawn area to the centimetre for most, a hand's breadth off for some: older surveys."""
    areas = []
    for at, parcel in enumerate(parcels):
        tolerance = max(1.0, 0.001 * parcel.area_m2)
        noise = rng.uniform(-0.4, 0.4) * tolerance if rng.random() < 0.15 else 0.0
        area = parcel.area_m2 + noise
        if at in off:
            area = parcel.area_m2 * (1 + AREA_OFF[off.index(at)])
        areas.append(max(round(area, 2), 2000.0))
    return areas


def register_rows(
    county: County,
    parcels: list[Parcel],
    holders: list[Holder],
    locations: list[str],
    areas_m2: list[float],
    signed: list[date | None],
    seed: int,
) -> list[RegisterRow]:
    """One record a parcel; registration follows the signing of the contract by some months."""
    rng = stream(seed, "register")
    rows = []
    for at, parcel in enumerate(parcels):
        allocated = rng.random() < 0.04
        day = signed[at]
        since = (
            day + timedelta(days=int(rng.integers(40, 200)))
            if day is not None
            else date(2005, 1, 4) + timedelta(days=int(rng.integers(0, 365 * 17)))
        )
        tenure = (
            "划拨" if allocated and day is None else "作价出资（入股）" if rng.random() < 0.006 else "出让"
        )
        rows.append(
            RegisterRow(
                code=parcel.code,
                holder=holders[at].name,
                location=locations[at],
                area_m2=areas_m2[at],
                land_class="0604" if rng.random() < 0.02 else "0601",
                tenure=tenure,
                town=county.towns[parcel.town].name,
                registered_on=min(since, date(2025, 12, 24)).isoformat(),
                uscc=holders[at].uscc,
                note="示意数据",
            )
        )
    return rows
