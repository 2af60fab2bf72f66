"""Finding contracts and phases by their numbers, and phases on the ground that a person answers for.

Refuses to match by holder or place.
"""

from collections.abc import Collection
from datetime import date

import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from landgis.access.queries import Actor
from landgis.counties.models import County
from parcels.cadastre.models import Parcel
from parcels.supply.models import ContractPhase, SupplyContract

# A contract's own town is often blank: the parcel's town decides where there is a parcel.
GROUND_TOWN = Coalesce(
    NullIf(F("contract__parcel__town_code"), Value("")), F("contract__town_code"), output_field=CharField()
)


def contract_ids(county: County, keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """(contract_no, supervision_no) → row id."""
    numbers = {number for key in keys for number in key}
    rows = SupplyContract.objects.filter(county=county, contract_no__in=numbers, supervision_no__in=numbers)
    return {(contract, supervision): pk for contract, supervision, pk in rows.values_list(
        "contract_no", "supervision_no", "id"
    )}  # fmt: skip


def phase_ids(county: County) -> dict[tuple[str, int], int]:
    """(contract_no or supervision_no, phase_no) → row id."""
    rows = ContractPhase.objects.filter(contract__county=county).values_list(
        "contract__contract_no", "contract__supervision_no", "phase_no", "id"
    )
    found: dict[tuple[str, int], int] = {}
    for contract_no, supervision_no, phase_no, pk in rows:
        for number in filter(None, (supervision_no, contract_no)):
            found[number, phase_no] = pk
    return found


def phases_in_territory(county: County, actor: Actor) -> QuerySet[ContractPhase]:
    """Phases of the county; for a town's officer, those whose parcel (else whose contract) is in the towns."""
    rows = ContractPhase.objects.filter(contract__county=county).select_related("contract")
    if actor.county_code != county.code:
        return rows.none()
    rows = rows.annotate(ground_town=GROUND_TOWN)
    return rows if actor.town_codes is None else rows.filter(ground_town__in=actor.town_codes)


def phase_in_territory(county: County, actor: Actor, phase_id: int) -> ContractPhase | None:
    return phases_in_territory(county, actor).filter(pk=phase_id).first()


def parcel_of(phase: ContractPhase, on: date) -> Parcel | None:
    """The ground of a phase on a day: the parcel under the contract's own code, else the one that it was carried to."""
    contract = phase.contract
    standing = Parcel.objects.filter(Q(valid_to=None) | Q(valid_to__gt=on), county_id=contract.county_id)
    found = standing.filter(code=contract.parcel_code).first() if contract.parcel_code else None
    if found is None and contract.parcel_id is not None:
        found = standing.filter(pk=contract.parcel_id).first()
    return found


def stored(shape_4490: shapely.MultiPolygon | None) -> MultiPolygon | None:
    """A shape as the database takes it."""
    if shape_4490 is None:
        return None
    made = GEOSGeometry(memoryview(shape_4490.wkb), srid=4490)
    assert isinstance(made, MultiPolygon)
    return made


def shape_of(parcel: Parcel | None) -> shapely.Geometry | None:
    return None if parcel is None else shapely.from_wkb(bytes(parcel.geom_4490.wkb))
