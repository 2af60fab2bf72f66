"""The cases of a period in the territory: what is open on its last day, what was opened in it and what was settled.

Refuses to count as open what was found to be no idle land; it counts as new all the same.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from landgis.access.queries import Actor
from landgis.counties.models import County
from parcels.disposal.queries import cases
from parcels.disposal_lists.queries import listed_on


class CaseOfPeriod(NamedTuple):
    """A case that counts in a period: on which parcel, how far it came, the ㎡ of an open one, and as what it counts."""

    case_no: str
    town_code: str
    parcel_code: str
    told: str
    area_m2: Decimal | None
    is_open: bool
    is_new: bool
    is_disposed: bool


def cases_of_period(county: County, actor: Actor, first: date, last: date) -> list[CaseOfPeriod]:
    """Open ones first; a case without a known area has none."""
    opened = set(cases(actor).filter(opened_on__range=(first, last)).values_list("case_no", flat=True))
    found = []
    for row in listed_on(county, actor, last):
        area_m2 = Decimal(row.area_m2) if row.area_m2 else None
        found.append(
            CaseOfPeriod(
                row.case_no, row.town_code, row.parcel_code, row.stage, area_m2, True, row.case_no in opened, False
            )
        )  # fmt: skip
        opened.discard(row.case_no)
    settled = cases(actor).filter(closed_on__range=(first, last)) | cases(actor).filter(case_no__in=opened)
    for number, town, closed, code in settled.values_list(
        "case_no", "town_code", "closed_on", "phase__contract__parcel_code"
    ):
        is_closed = closed is not None and closed <= last
        told = f"{closed} 销号" if is_closed else "认定不构成闲置"
        found.append(CaseOfPeriod(number, town, code, told, None, False, number in opened, is_closed))
    return found
