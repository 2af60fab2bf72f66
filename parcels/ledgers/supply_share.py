"""The industrial share of each year's granted land, from the supply contracts.

Refuses to guess what a use or a mode of supply means: what is in neither list of the parameters stands apart; and to
judge a town, or a year that still runs: the share is asked of the county, over a whole year.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from django.db.models import Count, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, ExtractYear, NullIf

from landgis.access.queries import Actor
from landgis.counties.models import County, Target
from landgis.counties.queries import parameters
from landgis.lib.units import m2_to_mu
from parcels.campaigns.rules import share_verdict
from parcels.supply.models import SupplyContract

SHARE_KEY = "supply.industrial_share_min"
BEHIND = [
    "signed_on", "contract_no", "holder_name", "ground_town", "supply_mode", "land_use", "area_m2", "pk", "parcel_code",
]  # fmt: skip

Part = Literal["industrial", "other", "unclassified", "apart"]
SaidOf = Literal["reached", "missed", "unknown"]


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
    whole_county: bool = True
    ended: bool = True

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
    def so_far(self) -> SaidOf:
        """Whether what is granted up to the day reaches the target."""
        return share_verdict(self.industrial_m2, self.other_m2, self.unclassified_m2, self.least)

    @property
    def verdict(self) -> Literal[SaidOf, "running", "part"]:
        """A town's land is a part of what the county is judged by; a year that runs may still turn."""
        if self.least is None:
            return "unknown"
        if not self.whole_county:
            return "part"
        return self.so_far if self.ended else "running"

    @property
    def mu(self) -> tuple[Decimal, Decimal, Decimal, Decimal]:
        """亩: granted, industrial, other, unclassified."""
        parts = (self.total_m2, self.industrial_m2, self.other_m2, self.unclassified_m2)
        return tuple(m2_to_mu(part) for part in parts)  # type: ignore[return-value]


class GrantedContract(NamedTuple):
    """A contract behind a year's figures, its area in ㎡ and the part that it is counted in."""

    signed_on: date
    contract_no: str
    holder: str
    town_code: str
    mode: str
    use: str
    area_m2: Decimal | None
    pk: int
    parcel_code: str
    part: Part


def yearly_shares(county: County, actor: Actor, on: date) -> list[YearShare]:
    """Each year's contracts signed by the day, newest year first; the lists and targets are those of the day and year."""
    lists = _lists(county, on)
    years: dict[int, YearShare] = {}
    for year, mode, use, contracts, area_m2, without in _sums(county, actor, on):
        part = lists.part(mode, use)
        if part == "apart":
            continue
        one = years.setdefault(
            year,
            YearShare(year, whole_county=actor.town_codes is None, ended=on >= date(year, 12, 31)),
        )
        one.contracts += contracts
        one.without_area += without
        if part == "industrial":
            one.industrial_m2 += area_m2
        elif part == "other":
            one.other_m2 += area_m2
        else:
            one.unclassified_m2 += area_m2
            of_mode = mode not in lists.granted
            one.mark(f"供应方式“{mode or '未填'}”" if of_mode else f"用途“{use or '未填'}”", contracts)
    least = list(Target.objects.filter(county=county, key=SHARE_KEY).order_by("-valid_from"))
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


def contracts_behind(
    county: County, actor: Actor, on: date, *, since: date | None = None
) -> list[GrantedContract]:
    """Every contract signed by the day (and from `since` on) with the part that it is counted in, newest year first."""
    lists, signed = _lists(county, on), _signed(county, actor, on)
    signed = signed if since is None else signed.filter(signed_on__gte=since)
    rows = signed.order_by(ExtractYear("signed_on").desc(), "signed_on", "contract_no", "pk")
    columns: QuerySet[SupplyContract, tuple[Any, ...]] = rows.values_list(*BEHIND)
    return [
        GrantedContract(signed, number, holder, town, mode, use, area_m2, pk, code, lists.part(mode, use))
        for signed, number, holder, town, mode, use, area_m2, pk, code in columns.iterator()
    ]


class _Lists(NamedTuple):
    """The parameters' lists of a day: modes that are grants, modes that aren't, and the uses."""

    granted: frozenset[str]
    apart: frozenset[str]
    industrial: frozenset[str]
    other: frozenset[str]

    def part(self, mode: str, use: str) -> Part:
        if mode in self.apart:
            return "apart"
        if mode not in self.granted:
            return "unclassified"
        if use in self.industrial:
            return "industrial"
        return "other" if use in self.other else "unclassified"


def _lists(county: County, on: date) -> _Lists:
    held = parameters(county, on)
    keys = ("granted_modes", "other_modes", "industrial_uses", "other_uses")
    return _Lists(*(frozenset(held[f"supply.{key}"]) for key in keys))


def _signed(county: County, actor: Actor, on: date) -> QuerySet[SupplyContract]:
    """A contract's own town is often blank: the parcel's town decides where there is a parcel."""
    rows = SupplyContract.objects.filter(county=county, signed_on__lte=on).annotate(
        ground_town=Coalesce(NullIf(F("parcel__town_code"), Value("")), F("town_code"))
    )
    return rows if actor.town_codes is None else rows.filter(ground_town__in=actor.town_codes)


def _sums(county: County, actor: Actor, on: date) -> Iterable[tuple[int, str, str, int, Decimal, int]]:
    rows = _signed(county, actor, on).annotate(year=ExtractYear("signed_on"))
    return (
        rows.values_list("year", "supply_mode", "land_use")
        .annotate(
            n=Count("pk"),
            area=Coalesce(Sum("area_m2"), Decimal(0)),
            without=Count("pk", filter=Q(area_m2=None)),
        )
        .order_by("year")
    )
