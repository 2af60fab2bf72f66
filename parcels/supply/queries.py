"""Finding contracts and phases by their numbers.

Refuses to match by holder or place.
"""

from collections.abc import Collection

from landgis.counties.models import County
from parcels.supply.models import ContractPhase, SupplyContract


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
