"""Recording how far building had come on a day: money, developed area as a figure or a shape, and whether it stands still.

Refuses a second record of a day, a day ahead, and a developed shape that leaves the phase's parcel.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal

import numpy as np
import shapely
from django.db import IntegrityError, transaction

from landgis.access.queries import Actor
from landgis.access.rules import REPORT_FACTS
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.counties.queries import parameters
from landgis.lib.errors import Conflict, InputError, NotFound
from layers.geometry.transform import transform_geometries
from parcels.supply.developed import Tolerance, measured_m2, refuse_outside
from parcels.supply.models import ConstructionProgress
from parcels.supply.queries import parcel_of, phase_in_territory, shape_of, stored


@dataclass(frozen=True, slots=True)
class Built:
    """One record of progress; the shape is in EPSG:4490."""

    as_of: date
    invested_wan: Decimal | None = None
    developed_area_m2: Decimal | None = None
    developed_4490: shapely.MultiPolygon | None = None
    stopped_since: date | None = None
    note: str = ""


def record_progress(
    *, county: County, actor: Actor, phase_id: int, built: Built, on: date, reason: str
) -> int:
    """Store one record of progress as entered on the day `on`; returns its number."""
    actor.require(REPORT_FACTS)
    phase = phase_in_territory(county, actor, phase_id)
    if phase is None:
        raise NotFound("没有这一合同分期，或者不在本账号的范围内。", remedy="请核对合同编号和分期。")
    _check(built, on)
    shape = built.developed_4490
    if shape is not None:
        refuse_outside(
            transform_geometries(np.array([shape], dtype=object), 4490, county.survey_crs)[0],
            shape_of(parcel_of(phase, built.as_of)),
            survey_crs=county.survey_crs,
            tolerance=Tolerance.from_mapping(parameters(county, built.as_of)),
        )
    stated = {name: value for name, value in asdict(built).items() if name != "developed_4490"}
    with change(
        county_code=county.code,
        by=actor.username,
        action="record_progress",
        reason=reason,
        phase=phase.pk,
        contract=str(phase.contract),
        **{name: None if value is None else str(value) for name, value in stated.items()},
    ) as running:
        try:
            with transaction.atomic():
                made = ConstructionProgress.objects.create(
                    phase=phase,
                    **stated,
                    developed_geom_4490=stored(shape),
                    measured_area_m2=None if shape is None else measured_m2(shape),
                )
        except IntegrityError as error:
            if "progress_once_a_day" not in str(error):
                raise
            told = f"该期 {built.as_of} 已有进度记录。"
            raise Conflict(told, remedy="如原记录有误，请先更正原记录，或改填实际的查看日期。") from error
        running.summary["progress"] = made.pk
    return int(made.pk)


def _check(built: Built, on: date) -> None:
    if built.as_of > on:
        raise InputError("day_ahead", f"查看日期 {built.as_of} 晚于登记日 {on}。", "请核对。", field="as_of")
    if built.stopped_since is not None and built.stopped_since > built.as_of:
        told = f"最后施工日期 {built.stopped_since} 晚于查看日期 {built.as_of}。"
        raise InputError("days_out_of_order", told, "请核对两个日期。", field="stopped_since")
    for name, title, value in (
        ("invested_wan", "累计已投资", built.invested_wan),
        ("developed_area_m2", "已开发面积", built.developed_area_m2),
    ):
        if value is not None and not (value.is_finite() and value >= 0):
            raise InputError(
                "figure_wrong", f"{title}“{value}”不是有效的数。", "请填写不小于 0 的数。", field=name
            )
