"""The industrial share of each year's granted land, from the supply contracts.

Refuses to guess what a use or a mode of supply means: what is in neither list of the parameters stands apart.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, Q, Sum, Value
from django.db.models.functions import Coalesce, ExtractYear, NullIf

from landgis.access.queries import Actor
from landgis.counties.models import County, Target
from landgis.counties.queries import parameters
from landgis.lib.units import m2_to_mu
from parcels.campaigns.rules import share_verdict
from parcels.supply.models import SupplyContract

SHARE_KEY = "supply.industrial_share_min"


@dataclass(slots=True)
class YearShare:
    """What was granted in a year, ㎡: industrial, other and unclassified; `unclear` counts contracts by what they say."""

    year: int
    industrial_m2: Decimal = Decimal(0)
    other_m2: Decimal = Decimal(0)
    unclassified_m2: Decimal = Decimal(0)
    contracts: int = 0
    without_area: int = 0
    unclear: dict[str, int] = field(default_factory=dict)
    least: Decimal | None = None

    def mark(self, said: str, contracts: int) -> None:
        """Note contracts that neither list knows, by what they say."""
        self.unclear[said] = self.unclear.get(said, 0) + contracts

    @property
    def total_m2(self) -> Decimal:
        return self.industrial_m2 + self.other_m2 + self.unclassified_m2

    @property
    def share(self) -> Decimal | None:
        """Of all that was granted, the unclassified among it."""
        return self.industrial_m2 / self.total_m2 if self.total_m2 else None

    @property
    def percent(self) -> Decimal | None:
        return None if self.share is None else self.share * 100

    @property
    def verdict(self) -> str:
        return share_verdict(self.industrial_m2, self.other_m2, self.unclassified_m2, self.least)

    @property
    def mu(self) -> tuple[Decimal, Decimal, Decimal, Decimal]:
        """亩: granted, industrial, other, unclassified."""
        parts = (self.total_m2, self.industrial_m2, self.other_m2, self.unclassified_m2)
        return tuple(m2_to_mu(part) for part in parts)  # type: ignore[return-value]


def yearly_shares(county: County, actor: Actor, on: date) -> list[YearShare]:
    """Each year's contracts signed by the day, newest year first; the lists and targets are those of the day and year."""
    held = parameters(county, on)
    granted, apart = set(held["supply.granted_modes"]), set(held["supply.other_modes"])
    industrial, other = set(held["supply.industrial_uses"]), set(held["supply.other_uses"])
    years: dict[int, YearShare] = {}
    for year, mode, use, contracts, area_m2, without in _sums(county, actor, on):
        if mode in apart:
            continue
        one = years.setdefault(year, YearShare(year))
        one.contracts += contracts
        one.without_area += without
        if mode not in granted:
            one.unclassified_m2 += area_m2
            one.mark(f"供应方式“{mode or '未填'}”", contracts)
        elif use in industrial:
            one.industrial_m2 += area_m2
        elif use in other:
            one.other_m2 += area_m2
        else:
            one.unclassified_m2 += area_m2
            one.mark(f"用途“{use or '未填'}”", contracts)
    least = list(Target.objects.filter(county=county, key=SHARE_KEY))
    for year, one in years.items():
        last = min(date(year, 12, 31), on)
        one.least = next(
            (
                t.value
                for t in least
                if t.valid_from <= last and (t.valid_to is None or t.valid_to >= date(year, 1, 1))
            ),
            None,
        )
    return [years[year] for year in sorted(years, reverse=True)]


def _sums(county: County, actor: Actor, on: date) -> Iterable[tuple[int, str, str, int, Decimal, int]]:
    rows = SupplyContract.objects.filter(county=county, signed_on__lte=on)
    if actor.town_codes is not None:
        # A contract's own town is often blank: the parcel's town decides where there is a parcel.
        rows = rows.annotate(
            ground_town=Coalesce(NullIf(F("parcel__town_code"), Value("")), F("town_code"))
        ).filter(ground_town__in=actor.town_codes)
    grouped = rows.annotate(year=ExtractYear("signed_on")).values_list("year", "supply_mode", "land_use")
    return grouped.annotate(
        n=Count("pk"), area=Coalesce(Sum("area_m2"), Decimal(0)), without=Count("pk", filter=Q(area_m2=None))
    ).order_by("year")
