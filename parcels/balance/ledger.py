"""The balance of the line at a date: opening, what deliveries and adjustments moved, and the line as it is drawn on that day.

Refuses to take the drawing for the ledger: the total is added up from the entries, and the drawing stands beside it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely
from django.contrib.gis.db.models.functions import AsWKB

from landgis.counties.models import County, Target
from landgis.counties.queries import in_force, parameters
from landgis.lib.units import mu_to_m2
from layers.control_lines.models import ControlLine
from layers.control_lines.queries import RETAINED
from layers.control_lines.rules import area_m2
from layers.geometry.area import ellipsoidal_area_m2
from layers.geometry.exact import shapes
from parcels.balance.models import LineEntry
from parcels.balance.queries import free_areas

KINDS = {"opening": "期初", "delivered": "控制线版本更新", "entered": "占补调整入库", "reversed": "调整冲销"}


@dataclass(frozen=True, slots=True)
class Movement:
    """What moved on a day and by what; `total_m2` and `balance_m2` (Σ in - Σ out of adjustments) are after it."""

    on: date
    kind: str
    adjustment_no: str
    adjustment_id: int | None
    in_m2: float
    out_m2: float
    total_m2: float
    balance_m2: float

    @property
    def title(self) -> str:
        return KINDS[self.kind]


@dataclass(frozen=True, slots=True)
class Statement:
    """The ledger up to a day. `drawn_m2` is measured on the line in force; `doubled_m2` lies under two of its pieces."""

    on: date
    movements: tuple[Movement, ...]
    drawn_m2: float
    doubled_m2: float
    pieces: int
    retained_m2: float | None
    retained_basis: str
    banked_m2: float
    may_bank: bool

    @property
    def banked_told(self) -> str:
        """Why what was brought in beyond the need isn't there to be used; else empty."""
        return "" if self.may_bank or self.balance_m2 <= 0 else "参数不允许结余留用"

    @property
    def total_m2(self) -> float:
        return self.movements[-1].total_m2 if self.movements else 0.0

    @property
    def balance_m2(self) -> float:
        return self.movements[-1].balance_m2 if self.movements else 0.0

    @property
    def difference_m2(self) -> float:
        return self.drawn_m2 - self.total_m2

    @property
    def spare_m2(self) -> float | None:
        """What the line holds above its 保有量."""
        return None if self.retained_m2 is None else self.total_m2 - self.retained_m2


@dataclass(frozen=True, slots=True)
class _Row:
    """A version of a piece; `area_m2` is what it measured when it was stored."""

    pk: int
    valid_from: date
    valid_to: date | None
    area_m2: float


def statement(county: County, on: date) -> Statement:
    """The ledger and the drawn line at the end of a day."""
    rows, geoms = _rows(county, on)
    entries = list(
        LineEntry.objects.filter(county=county, on__lte=on).select_related("adjustment").order_by("on", "pk")
    )
    standing = np.array([row.valid_to is None or row.valid_to > on for row in rows], dtype=bool)
    drawn_m2 = float(ellipsoidal_area_m2(geoms[standing]).sum())
    retained_m2, basis = retained_on(county, on)
    may_bank = _may_bank(county, on)
    return Statement(
        on=on,
        movements=tuple(_movements(rows, entries, on)),
        drawn_m2=drawn_m2,
        doubled_m2=drawn_m2 - area_m2(shapely.union_all(geoms[standing])) if standing.any() else 0.0,
        pieces=int(standing.sum()),
        retained_m2=retained_m2,
        retained_basis=basis,
        banked_m2=sum(area for _, area in free_areas(county, on=on)) if may_bank else 0.0,
        may_bank=may_bank,
    )


def retained_on(county: County, on: date) -> tuple[float | None, str]:
    row = Target.objects.filter(in_force(on), county=county, key=RETAINED).first()
    return (None, "") if row is None else (float(mu_to_m2(row.value)), row.basis)


def _may_bank(county: County, on: date) -> bool:
    """Surplus is banked only if the policy of the day says so; before any policy it isn't."""
    return bool(parameters(county, on).get("control_line.bank_surplus", False))


def _rows(county: County, on: date) -> tuple[list[_Row], np.ndarray[tuple[int], np.dtype[np.object_]]]:
    found = list(
        ControlLine.objects.filter(county=county, valid_from__lte=on)
        .order_by("pk")
        .annotate(wkb=AsWKB("geom_4490"))
        .values_list("pk", "valid_from", "valid_to", "area_m2", "wkb")
    )
    geoms = shapes([shapely.from_wkb(bytes(wkb)) for *_, wkb in found])
    return [_Row(pk, begins, ends, area_m2) for pk, begins, ends, area_m2, _ in found], geoms


def _movements(rows: list[_Row], entries: list[LineEntry], on: date) -> list[Movement]:
    """Deliveries are what no entry accounts for; a day's deliveries come before its entries."""
    began = {pk for entry in entries for pk in entry.began}
    ended = {pk for entry in entries for pk in entry.ended}
    came: dict[date, float] = defaultdict(float)
    left: dict[date, float] = defaultdict(float)
    for row in rows:
        if row.pk not in began:
            came[row.valid_from] += row.area_m2
        if row.valid_to is not None and row.valid_to <= on and row.pk not in ended:
            left[row.valid_to] += row.area_m2
    moved: list[tuple[date, int, str, LineEntry | None, float, float]] = [
        (day, 0, "delivered", None, came.get(day, 0.0), left.get(day, 0.0)) for day in {*came, *left}
    ]
    moved += [(entry.on, entry.pk, entry.kind, entry, entry.in_m2, entry.out_m2) for entry in entries]
    told: list[Movement] = []
    total = balance = 0.0
    for day, _, kind, entry, in_m2, out_m2 in sorted(moved, key=lambda item: item[:2]):
        total += in_m2 - out_m2
        balance += in_m2 - out_m2 if entry is not None else 0.0
        told.append(
            Movement(
                day, kind if told else "opening", entry.adjustment.adjustment_no if entry else "",
                entry.adjustment_id if entry else None, in_m2, out_m2, total, balance,
            )
        )  # fmt: skip
    return told
