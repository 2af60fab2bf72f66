"""Filing a report, adding photos to it, withdrawing, returning and accepting it: each with its author, once.

Refuses a report outside the person's towns, a photo that isn't one, anything on a report that has its outcome, and to accept
what can't be written: then nothing is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import shapely
from django.contrib.gis.geos import Point

from landgis.access.queries import Actor
from landgis.access.rules import MANAGE_IDLE_CASES, REPORT_FACTS
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.counties.queries import parameters
from landgis.lib.errors import Conflict, FieldErrors, InputError, NotFound
from landgis.lib.turns import wait_for_turn
from parcels.cadastre.attachments import keep_attachment
from parcels.cadastre.models import Parcel
from parcels.cadastre.papers import PDF, Paper, read_paper
from parcels.field_reports.accepting import planned
from parcels.field_reports.ground import Place, distance_m, unshifted
from parcels.field_reports.models import FieldOutcome, FieldPhoto, FieldReport
from parcels.field_reports.photo_facts import PhotoFacts, photo_facts
from parcels.field_reports.queries import parcel_in_territory, photo_used_in, report_of, town_of
from parcels.field_reports.rules import (
    MOST_PHOTOS,
    OUTCOMES,
    PhotoLimits,
    issues_of,
    photo_remarks,
    place_remark,
)
from parcels.supply.developed import Tolerance, developed_shape, measured_m2
from parcels.supply.fact_actions import correct_fact, enter_fact
from parcels.supply.models import ContractPhase
from parcels.supply.progress_actions import record_progress
from parcels.supply.queries import parcel_of, phase_in_territory, shape_of, stored
from parcels.supply.rules import area_contradiction


@dataclass(frozen=True, slots=True)
class Filed:
    """What is handed in: of a phase (or, with `phase_id` 0, of a parcel), with what was drawn in the survey's plane."""

    values: Mapping[str, Any]
    phase_id: int = 0
    parcel_code: str = ""
    drawn_survey: Sequence[shapely.Geometry] = ()
    place: Place | None = None
    photos: Sequence[tuple[str, bytes]] = ()
    replaces: int | None = None


@dataclass(slots=True)
class _Read:
    """A photo as its bytes tell it."""

    name: str
    content: bytes
    paper: Paper
    facts: PhotoFacts
    place: Place | None = field(default=None)


def file_report(*, county: County, actor: Actor, filed: Filed, now: datetime) -> FieldReport:
    """Keep a report as it is handed in; what its photos and figures contradict is told with it, not mended."""
    actor.require(REPORT_FACTS)
    values = dict(filed.values)
    seen = values | {"has_photo": bool(filed.photos), "has_shape": bool(filed.drawn_survey)}
    if found := list(issues_of(seen, now.date())):
        raise FieldErrors(found)
    visited_on: date = values["visited_on"]
    phase, parcel = _ground(county, actor, filed, visited_on)
    read = _read_photos(filed.photos)
    before = _replaced(actor, filed, phase, parcel)
    held = parameters(county, visited_on)
    ground, limits = shape_of(parcel), PhotoLimits.from_mapping(held)
    shape = None
    if filed.drawn_survey:
        shape = developed_shape(
            filed.drawn_survey,
            ground,
            survey_crs=county.survey_crs,
            tolerance=Tolerance.from_mapping(held),
        )
    measured = None if shape is None else measured_m2(shape)
    place, source = filed.place, "typed" if filed.place else ""
    if place is None and (shot := next((photo.place for photo in read if photo.place), None)):
        place, source = shot, "photo"
    unlike = area_contradiction(
        values.get("developed_area_m2"),
        measured,
        tolerance_m2=Decimal(str(held["area.tolerance_m2"])),
        tolerance_ratio=Decimal(str(held["area.tolerance_ratio"])),
    )
    told = [unlike] if unlike else []
    if filed.place:
        told += place_remark(distance_m(filed.place, ground, county), limits)
    with change(
        county_code=county.code,
        by=actor.username,
        action="file_field_report",
        reason=f"填报现场核查 {visited_on}",
        phase=filed.phase_id or None,
        parcel=parcel.code if parcel else "",
    ) as running:
        made = FieldReport.objects.create(
            county=county,
            town_code=town_of(phase) if phase else (parcel.town_code if parcel else ""),
            phase=phase,
            parcel=parcel,
            replaces=before,
            developed_geom_4490=stored(shape),
            measured_area_m2=measured,
            place_4490=_point(place),
            place_source=source,
            told=told,
            filed_by=actor.username,
            **{name: value for name, value in values.items() if value is not None},
        )
        running.summary["report"] = made.pk
        _keep_photos(county, actor, made, read, ground, limits, now)
    return made


def add_photos(
    *, county: County, actor: Actor, number: int, photos: Sequence[tuple[str, bytes]], now: datetime
) -> int:
    """More photos of a report that waits for its outcome; returns how many were kept."""
    actor.require(REPORT_FACTS)
    read = _read_photos(photos)
    if not read:
        raise InputError("file_missing", "没有收到照片。", "请选择照片后重试。", field="photos")
    with change(
        county_code=county.code,
        by=actor.username,
        action="add_field_photos",
        reason=f"补充第 {number} 号核查报告的照片",
        report=number,
        photos=len(read),
    ):
        report = _waiting(actor, number)
        limits = PhotoLimits.from_mapping(parameters(county, report.visited_on))
        if report.photos.count() + len(read) > MOST_PHOTOS:
            told = f"一份报告最多 {MOST_PHOTOS} 张照片。"
            raise InputError("too_many_files", told, "请只保留能说明情况的照片。", field="photos")
        _keep_photos(county, actor, report, read, shape_of(report.parcel), limits, now)
    return len(read)


def withdraw_report(*, county: County, actor: Actor, number: int, reason: str) -> None:
    """Take back a report that should not have been filed; it stays readable with the reason."""
    actor.require(REPORT_FACTS)
    _conclude(county, actor, number, "withdrawn", reason)


def return_report(*, county: County, actor: Actor, number: int, reason: str) -> None:
    """Send a report back to the town with what is wrong in it; the town files another one that replaces it."""
    actor.require_whole_county(MANAGE_IDLE_CASES)
    _conclude(county, actor, number, "returned", reason)


def accept_report(
    *, county: County, actor: Actor, number: int, reason: str, on: date, resumed_on: date | None = None
) -> tuple[str, ...]:
    """Write what the report brings, with it as the evidence, and keep that it was accepted; returns what was written."""
    actor.require_whole_county(MANAGE_IDLE_CASES)
    with change(
        county_code=county.code, by=actor.username, action="accept_field_report", reason=reason, report=number
    ) as running:
        report = _waiting(actor, number)
        plan = planned(report, report.photos.count())
        why = f"采纳现场核查报告第 {number} 号：{reason}"
        written = list(plan.told)
        if resumed_on is not None:
            if plan.open_stoppage is None:
                told = "该期没有尚未结束的停工记录，或本报告不是在施工，不能填写复工日期。"
                raise InputError("nothing_resumed", told, "请删去复工日期。", field="resumed_on")
            correct_fact(
                "stoppage",
                county=county,
                actor=actor,
                fact_id=plan.open_stoppage.pk,
                values={"resumed_on": resumed_on},
                on=on,
                reason=why,
            )
            written.append(f"{plan.open_stoppage.last_built_on} 起的停工于 {resumed_on} 复工")
        if plan.built is not None and report.phase_id is not None:
            record_progress(
                county=county, actor=actor, phase_id=report.phase_id, built=plan.built, on=on, reason=why
            )
        for kind, values in plan.facts:
            enter_fact(
                kind,
                county=county,
                actor=actor,
                phase_id=report.phase_id or 0,
                values=values,
                on=on,
                reason=why,
            )
        FieldOutcome.objects.create(
            report=report, kind="accepted", by=actor.username, reason=reason, written=written
        )
        running.summary["written"] = written
    return tuple(written)


def _conclude(county: County, actor: Actor, number: int, kind: str, reason: str) -> None:
    with change(
        county_code=county.code,
        by=actor.username,
        action=f"{kind}_field_report",
        reason=reason,
        report=number,
    ):
        report = _waiting(actor, number)
        FieldOutcome.objects.create(report=report, kind=kind, by=actor.username, reason=reason)


def _waiting(actor: Actor, number: int) -> FieldReport:
    """The report, held until the end of the transaction; raises Conflict once it has its outcome."""
    report = report_of(actor, number)
    wait_for_turn("field_report", report.pk)
    outcome = FieldOutcome.objects.filter(report=report).first()
    if outcome is not None:
        raise Conflict(
            f"第 {number} 号核查报告{OUTCOMES[outcome.kind]}（{outcome.by}），不能再次办理。",
            remedy="如需更正，请另报一份新的核查报告。",
        )
    return report


def _ground(
    county: County, actor: Actor, filed: Filed, on: date
) -> tuple[ContractPhase | None, Parcel | None]:
    if not filed.phase_id:
        return None, parcel_in_territory(actor, filed.parcel_code)
    phase = phase_in_territory(county, actor, filed.phase_id)
    if phase is None:
        raise NotFound("没有这一合同分期，或者不在本账号的范围内。", remedy="请核对合同编号和分期。")
    return phase, parcel_of(phase, on)


def _replaced(
    actor: Actor, filed: Filed, phase: ContractPhase | None, parcel: Parcel | None
) -> FieldReport | None:
    """The returned report that this one is filed again for."""
    if filed.replaces is None:
        return None
    before = report_of(actor, filed.replaces)
    same = before.phase_id == phase.pk if phase else parcel is not None and before.parcel_id == parcel.pk
    if before.state != "returned" or not same or hasattr(before, "replaced_by"):  # type: ignore[attr-defined]
        raise Conflict(
            f"第 {filed.replaces} 号核查报告不是本期被退回、等待重报的报告。",
            remedy="请从被退回的报告页面重新填报，或不注明重报。",
        )
    return before


def _read_photos(photos: Sequence[tuple[str, bytes]]) -> list[_Read]:
    if len(photos) > MOST_PHOTOS:
        told = f"一份报告最多 {MOST_PHOTOS} 张照片。"
        raise InputError("too_many_files", told, "请只保留能说明情况的照片。", field="photos")
    found = []
    for name, content in photos:
        try:
            paper = read_paper(content, name)
        except InputError as error:
            raise InputError(error.code, error.message, error.remedy, field="photos") from error
        if paper.media_type == PDF:
            told = f"文件 {name} 是 PDF，不是照片。"
            raise InputError("photo_expected", told, "请上传 JPEG 或 PNG 照片原件。", field="photos")
        facts = photo_facts(content)
        place = Place(facts.lon, facts.lat) if facts.lon is not None and facts.lat is not None else None
        found.append(_Read(name, content, paper, facts, place))
    return found


def _keep_photos(
    county: County,
    actor: Actor,
    report: FieldReport,
    read: Sequence[_Read],
    ground: shapely.Geometry | None,
    limits: PhotoLimits,
    now: datetime,
) -> None:
    for photo in read:
        kept = keep_attachment(
            county, photo.content, photo.paper, name=photo.name, kind="photo", by=actor.username
        )
        away = distance_m(photo.place, ground, county) if photo.place else None
        shifted = distance_m(unshifted(photo.place), ground, county) if photo.place else None
        other = photo_used_in(county, kept.sha256, report.pk)
        told = photo_remarks(
            distance_m=away,
            has_place=photo.place is not None,
            shifted_m=shifted,
            taken_at=photo.facts.taken_at,
            visited_on=report.visited_on,
            filed_at=now,
            limits=limits,
            used_in=f"第 {other} 号核查报告" if other else "",
        )
        FieldPhoto.objects.create(
            report=report,
            attachment=kept,
            taken_at=photo.facts.taken_at,
            place_4490=_point(photo.place),
            distance_m=away,
            told=list(told),
        )


def _point(place: Place | None) -> Any:
    return None if place is None else Point(place.lon, place.lat, srid=4490)
