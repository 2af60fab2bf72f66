"""One parcel as its panel shows it: register, areas, land use, contracts, indicators and idle-land finding.

Refuses a parcel outside the actor's territory, and a firm's figures to whoever may not see them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely
from django.contrib.gis.db.models.functions import AsGeoJSON
from django.db.models import Prefetch, Q
from django.utils import timezone

from landgis.access.queries import Actor, in_territory
from landgis.access.rules import VIEW_FIRM_FIGURES
from landgis.counties.models import County, Town
from landgis.counties.queries import Parameters, in_force, parameters
from landgis.lib.errors import NotFound
from landgis.lib.units import m2_to_mu
from layers.control_lines.queries import share_inside
from layers.geometry.equal_area import equal_area
from layers.geometry.shares import shares
from parcels.cadastre.codes import land_class
from parcels.cadastre.lineage_models import ParcelVersion
from parcels.cadastre.models import Holding, Parcel
from parcels.cadastre.queries import in_force as register_in_force
from parcels.enterprises.models import Occupancy
from parcels.evaluation.models import IndicatorRun, IndicatorValue
from parcels.evaluation.queries import newest_run
from parcels.evaluation.rules import INDICATORS, explanation, last_day, missing_words, withheld
from parcels.idle_land.explain import titles_of
from parcels.idle_land.models import FINDINGS, IdleFinding
from parcels.idle_land.queries import latest_screening
from parcels.idle_land.rules import FINDING_TITLES
from parcels.supply.models import ContractPhase, SupplyContract

EXACT_DECIMALS = 12  # of a degree, so that an edit sends back the vertices it was given


@dataclass(frozen=True, slots=True)
class _Shown:
    """The parcel, and the state of it that is shown: its present one, its last one, or that of a day."""

    row: Parcel
    state: Parcel | ParcelVersion
    geojson: str
    day: date

    @property
    def in_force(self) -> bool:
        return self.state.valid_to is None or self.state.valid_to > self.day

    @property
    def version(self) -> int:
        return self.state.was_change_id if isinstance(self.state, ParcelVersion) else self.state.change_id


def parcel_detail(
    county: County, actor: Actor, code: str, year: int | None, on: date | None = None
) -> dict[str, Any]:
    """The parcel of `code` as it stands, or as of a day; an ended one with its last state. A fixed number of statements."""
    shown = _shown(county, actor, code, on)
    today, parcel, row = timezone.localdate(), shown.state, shown.row
    limits = parameters(county, today)
    land_m2 = parcel.registered_area_m2 if parcel.registered_area_m2 is not None else parcel.planar_area_m2
    run = newest_run(county.code, year) if year is not None else None
    used_on = on or (last_day(year) if year is not None else today)
    named = land_class(parcel.land_class_code, parcel.land_class_set)
    contracts = list(_contracts(row))
    return {
        "code": parcel.code,
        "version": shown.version,
        "as_of": shown.day,
        "in_force": shown.in_force,
        "successors": _successors(actor, row),
        "real_estate_unit_code": parcel.real_estate_unit_code,
        "location": parcel.location,
        "tenure": parcel.tenure,
        "registered_on": parcel.registered_on,
        "geometry": json.loads(shown.geojson),
        "areas": _areas(parcel, county, limits),
        "holders": _holders(shown),
        "land_class": {"code": named.code, "name": named.name or named.code, "set": named.code_set}
        if named.code
        else None,
        "town": Town.objects.filter(county=county, code=parcel.town_code).values("code", "name").first(),
        "control_line_share": share_inside(
            parcel.geom_4490,
            county,
            shown.day,
            sliver_m2=float(limits["overlay.sliver_m2"]),
            sliver_ratio=float(limits["overlay.sliver_ratio"]),
        ),
        "valid_from": parcel.valid_from,
        "valid_to": parcel.valid_to,
        "source": parcel.source,
        "occupants": _occupants(row, parcel.geom_4490, float(land_m2), used_on),
        "occupied_on": used_on,
        "contracts": [_contract(contract) for contract in contracts],
        "indicators": _indicators(row, actor, run, year),
        "idle": _idle(row, county),
    }


def _shown(county: County, actor: Actor, code: str, on: date | None) -> _Shown:
    shape = AsGeoJSON("geom_4490", precision=EXACT_DECIMALS)
    row = Parcel.objects.filter(county=county, code=code).defer("geom_3857").annotate(geojson=shape).first()
    if row is None:
        raise _no_parcel(code)
    shown = _Shown(row, row, row.geojson, on or timezone.localdate())
    if on is not None and on < row.valid_from:
        rows = ParcelVersion.objects.filter(parcel=row, valid_from__lte=on).defer("geom_3857")
        former = rows.annotate(geojson=shape).order_by("-valid_to", "-pk").first()
        if former is not None:
            shown = _Shown(row, former, former.geojson, on)
        elif actor.covers(row.town_code):
            raise NotFound(f"宗地 {code} 在 {on} 尚未登记。", remedy="请改选较晚的日期。")
    if not actor.covers(shown.state.town_code):
        raise _no_parcel(code)
    return shown


def _no_parcel(code: str) -> NotFound:
    return NotFound(f"没有宗地 {code}，或不在您的管辖范围内。", remedy="请核对宗地代码。")


def _successors(actor: Actor, row: Parcel) -> list[str]:
    """What stands on the ground of a parcel that has ended."""
    if row.valid_to is None:
        return []
    rows = in_territory(Parcel.objects.filter(lineage_up__ancestor=row), actor)
    return list(rows.order_by("code").values_list("code", flat=True).distinct())


def _areas(parcel: Parcel | ParcelVersion, county: County, limits: Parameters) -> dict[str, Any]:
    registered, planar = parcel.registered_area_m2, parcel.planar_area_m2
    difference = None if registered is None else planar - float(registered)
    tolerance = None
    if registered is not None:
        tolerance = max(
            float(limits["area.tolerance_m2"]), float(limits["area.tolerance_ratio"]) * float(registered)
        )
    return {
        "registered_area_m2": registered,
        "planar_area_m2": planar,
        "ellipsoidal_area_m2": parcel.ellipsoidal_area_m2,
        "area_mu": float(m2_to_mu(planar if registered is None else registered)),
        "difference_m2": difference,
        "tolerance_m2": tolerance,
        "within_tolerance": None if difference is None or tolerance is None else abs(difference) <= tolerance,
        "survey_crs": county.survey_crs,
    }


def _holders(shown: _Shown) -> list[dict[str, Any]]:
    """Who held the parcel on the day; an ended one, who held it to its end."""
    if not shown.in_force:
        held = Q(valid_to=shown.state.valid_to)
    elif shown.day < timezone.localdate():
        held = register_in_force(shown.day)
    else:
        held = Q(valid_to=None)
    rows = Holding.objects.filter(held, parcel=shown.row).select_related("holder").order_by("-share", "id")
    return [
        {"name": row.holder.name, "kind": row.holder.kind, "uscc": row.holder.uscc, "share": row.share}
        for row in rows
    ]


def _occupants(parcel: Parcel, geom_4490: Any, land_m2: float, on: date) -> list[dict[str, Any]]:
    """Who uses the parcel on a day and how much of it, as entered: before anything let is taken off its lessor."""
    rows = Occupancy.objects.filter(in_force(on), parcel=parcel).select_related("enterprise", "lessor")
    found = []
    for row in rows.order_by("role", "id"):
        if row.area_m2 is not None:
            area_m2 = float(row.area_m2)
        else:
            share = float(row.share) if row.share is not None else _share_under(geom_4490, row.geom_4490)
            area_m2 = share * land_m2
        found.append(
            {
                "enterprise": row.enterprise.name,
                "uscc": row.enterprise.uscc,
                "role": row.role,
                "lessor": row.lessor.name if row.lessor else None,
                "area_m2": area_m2,
                "area_mu": float(m2_to_mu(area_m2)),
            }
        )
    return found


def _share_under(parcel_4490: Any, drawn_4490: Any) -> float:
    latitude = parcel_4490.centroid.y
    both = np.array([shapely.from_wkb(bytes(geom.wkb)) for geom in (parcel_4490, drawn_4490)], dtype=object)
    moved = equal_area(both, latitude=latitude)
    return float(shares(moved[:1], moved[1:]).share.sum())


def _contracts(parcel: Parcel) -> Any:
    """By the code in the contract, as the screening finds its parcel, or as linked."""
    by_code = Q(parcel_code=parcel.code) & ~Q(parcel_code="")
    phases = Prefetch("phases", ContractPhase.objects.order_by("phase_no"))
    rows = SupplyContract.objects.filter(by_code | Q(parcel=parcel), county_id=parcel.county_id)
    return rows.prefetch_related(phases).order_by("signed_on", "id")


def _contract(contract: SupplyContract) -> dict[str, Any]:
    plain = ("contract_no", "supervision_no", "signed_on", "land_use", "supply_mode", "area_m2", "price_wan")
    of_phase = (
        "phase_no",
        "agreed_delivery",
        "agreed_start",
        "agreed_completion",
        "actual_delivery",
        "actual_start",
        "actual_completion",
        "total_investment_wan",
        "land_to_develop_m2",
    )
    phases = [{name: getattr(phase, name) for name in of_phase} for phase in contract.phases.all()]
    return {name: getattr(contract, name) for name in plain} | {"phases": phases}


def _indicators(
    parcel: Parcel, actor: Actor, run: IndicatorRun | None, year: int | None
) -> list[dict[str, Any]]:
    """Each indicator of the parcel with its explanation, from the year's newest run."""
    if year is None:
        return []
    if not actor.may(VIEW_FIRM_FIGURES):
        reason = "没有查看企业数据的权限"
        return [withheld(indicator, year=year, reason=reason) for indicator in INDICATORS]
    found = (
        IndicatorValue.objects.filter(run=run, scope="parcel", subject_code=parcel.code).first()
        if run
        else None
    )
    nothing = [f"{year} 年指标尚未计算"] if run is None else ["该宗地当年没有企业占用记录"]
    shown = []
    for indicator in INDICATORS:
        above = getattr(found, f"{indicator.code}_numerator", None)
        below = getattr(found, f"{indicator.code}_denominator", None)
        missing = missing_words(found.missing, indicator) if found else nothing
        version = {"rule_version": run.rule_version} if run else {}
        shown.append(explanation(indicator, above, below, year=year, missing=missing, **version))
    return shown


def _idle(parcel: Parcel, county: County) -> dict[str, Any] | None:
    """The gravest finding of the newest screening; None where no contract of the parcel was screened."""
    screening = latest_screening(county.code)
    if screening is None:
        return None
    found = list(IdleFinding.objects.filter(screening=screening, parcel=parcel))
    if not found:
        return None
    row = min(found, key=lambda row: FINDINGS.index(row.finding))
    return {
        "finding": row.finding,
        "title": FINDING_TITLES[row.finding],  # type: ignore[index]
        "article": row.article,
        "agreed_start": row.agreed_start,
        "full_year_on": row.full_year_on,
        "gross_idle_days": row.gross_idle_days,
        "missing": list(titles_of(tuple(row.missing))),
        "steps": list(row.steps),
        "on": screening.on,
        "rule_version": screening.rule_version,
    }
