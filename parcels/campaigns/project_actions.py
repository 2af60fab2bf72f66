"""Correcting a project while it runs, and ending one that was given up; what it was stays in its history.

Refuses new ground once something is credited, an end with credits in force, and any change without its reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import shapely
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from landgis.access.queries import Actor
from landgis.access.rules import MANAGE_CAMPAIGNS
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.days import not_ahead
from landgis.lib.errors import Conflict, InputError
from parcels.campaigns.claims import area_m2
from parcels.campaigns.ground import drawn, ground_of, hold_ledger, look_around, project_of, sliver_m2, stored
from parcels.campaigns.models import Project
from parcels.campaigns.placing import parcels_under, split_by_town


def edit_project(
    *,
    county: County,
    actor: Actor,
    project_id: int,
    name: str,
    lead_unit: str,
    reason: str,
    helper_units: Iterable[str] = (),
    person: str = "",
    way: str = "",
    due_on: date | None = None,
    note: str = "",
    parcel_codes: Iterable[str] = (),
    geom_4490: shapely.Geometry | None = None,
    despite: bool = True,
) -> Project:
    """Correct who answers for a project and until when, and its ground as long as nothing is credited.

    Without parcels or a shape the ground stays; `despite`: as for opening one.
    """
    actor.require_whole_county(MANAGE_CAMPAIGNS)
    if not name.strip() or not lead_unit.strip():
        raise InputError("project_incomplete", "项目名称和牵头单位必须填写。", "请补充后重试。", field="name")
    codes = sorted({code.strip() for code in parcel_codes if code.strip()})
    with transaction.atomic():
        project = project_of(county, actor, project_id)
        with change(
            county_code=county.code, by=actor.username, action="edit_project", reason=reason, project=project_id
        ) as running:  # fmt: skip
            project.name, project.lead_unit = name.strip(), lead_unit.strip()
            project.helper_units = [unit.strip() for unit in helper_units if unit.strip()]
            project.person, project.way, project.due_on, project.note = (
                person.strip(),
                way,
                due_on,
                note.strip(),
            )
            if geom_4490 is not None or (codes and codes != project.parcel_codes):
                _move(county, project, codes, geom_4490, despite)
                running.summary["area_m2"] = project.area_m2
            project.save()
    return project


def end_project(*, county: County, actor: Actor, project_id: int, on: date, reason: str) -> Project:
    """Give a project up from a day on; past days keep it, and its ground is free for another."""
    actor.require_whole_county(MANAGE_CAMPAIGNS)
    not_ahead(on, timezone.localdate())
    with transaction.atomic():
        project = project_of(county, actor, project_id)
        hold_ledger(county, project.ledger)
        if project.credits.filter(reverses=None, reversed_by=None).exists():
            raise Conflict("项目已有入账面积，不能终止。", remedy="请先冲销该项目的入账，再终止项目。")
        last = project.steps.filter(reverses=None, reversed_by=None).aggregate(on=Max("on"))["on"]
        if on < max(project.valid_from, last or project.valid_from):
            told = f"终止日期 {on} 早于最近一次登记的 {last or project.valid_from}。"
            raise InputError("end_before", told, "请核对日期。", field="on")
        with change(
            county_code=county.code, by=actor.username, action="end_project", reason=reason, project=project_id, on=str(on)
        ):  # fmt: skip
            project.valid_to = on
            project.save()
    return project


def _move(
    county: County, project: Project, codes: list[str], geom_4490: shapely.Geometry | None, despite: bool
) -> None:
    hold_ledger(county, project.ledger)
    if project.credits.filter(reverses=None, reversed_by=None).exists():
        raise Conflict("项目已有入账面积，不能改变范围。", remedy="请先冲销入账，或者另立项目。")
    ground, sliver = ground_of(county, codes, geom_4490), sliver_m2(county, timezone.localdate())
    look_around(county, project.ledger, ground, sliver, despite=despite, but=project.pk)
    towns = [town for town, _ in split_by_town(county, ground, sliver_m2=sliver, otherwise="")]
    project.parcel_codes = codes or list(parcels_under(county, ground, sliver_m2=sliver))
    project.town_code, project.town_codes = towns[0], sorted(town for town in towns if town)
    project.geom_4490, project.geom_3857, project.area_m2 = stored(ground), drawn(ground), area_m2(ground)
