"""Reports are kept as filed, answered once, and what is accepted becomes the facts that the screening reads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
import shapely
from django.db import DatabaseError, transaction

from landgis.access.queries import Actor
from landgis.audit.models import AuditEvent
from landgis.counties.models import County
from landgis.lib.errors import Conflict, Forbidden, InputError, NotFound
from layers.geometry.transform import transform_geometries
from parcels.cadastre.attachments import remove_attachment
from parcels.cadastre.lineage_models import Attachment
from parcels.field_reports.actions import (
    Filed,
    accept_report,
    add_photos,
    file_report,
    return_report,
    withdraw_report,
)
from parcels.field_reports.ground import Place, typed_place
from parcels.field_reports.models import FieldOutcome, FieldPhoto, FieldReport
from parcels.field_reports.queries import Filters, report_of, reports
from parcels.idle_land.queries import phases_on_record
from parcels.supply.fact_models import Foundation, Stoppage
from parcels.supply.models import ConstructionProgress, ContractPhase
from tests import factories
from tests.factories import box
from tests.parcels.field_reports.conftest import NOW, VISIT, File
from tests.parcels.field_reports.photos import photo

INSIDE = (120.0005, 29.3005)
GCJ_SHIFTED = (120.00512, 29.29741)


def survey(county: County, shape: Any) -> list[shapely.Geometry]:
    geom = shapely.from_wkb(bytes(shape.wkb))
    return list(transform_geometries(np.array([geom], dtype=object), 4490, county.survey_crs))


def accept(county: County, actor: Actor, report: FieldReport, **more: Any) -> tuple[str, ...]:
    return accept_report(
        county=county, actor=actor, number=report.pk, reason="情况属实", on=NOW.date(), **more
    )


def test_a_report_is_kept_with_its_photos_and_their_place(file: File, phase: ContractPhase) -> None:
    content = photo(*INSIDE, NOW)
    report = file(invested_wan=Decimal(120), photos=[("现场1.jpg", content)])
    kept = FieldPhoto.objects.get(report=report)
    assert bytes(kept.attachment.content) == content
    assert (kept.distance_m, kept.told) == (0, [])
    assert kept.taken_at == NOW
    assert (report.town_code, report.place_source) == (factories.TOWN_WEST, "photo")
    assert report.place_4490 is not None
    assert (report.place_4490.x, report.place_4490.y) == pytest.approx(INSIDE, abs=1e-6)
    event = AuditEvent.objects.get(action="file_field_report")
    assert (event.actor, event.summary["report"]) == ("township_officer", report.pk)
    assert not ConstructionProgress.objects.filter(phase=phase).exists()


def test_a_far_photo_and_one_without_place_are_told_with_the_distance(file: File) -> None:
    far, bare = photo(120.0105, 29.3005, NOW), photo(at=NOW)
    report = file(photos=[("远.jpg", far), ("无.jpg", bare)])
    first, second = FieldPhoto.objects.filter(report=report).order_by("id")
    assert first.distance_m == pytest.approx(922, abs=10)
    assert "距宗地约 92" in first.told[0]
    assert second.distance_m is None
    assert "没有拍摄位置" in second.told[0]


def test_a_photo_in_an_internet_maps_coordinates_is_recognised(file: File) -> None:
    report = file(photos=[("偏.jpg", photo(*GCJ_SHIFTED, NOW))])
    assert "GCJ-02" in FieldPhoto.objects.get(report=report).told[0]


def test_a_photo_that_was_handed_in_before_is_told(file: File) -> None:
    content = photo(*INSIDE, NOW)
    first = file(photos=[("a.jpg", content)])
    second = file(visited_on=date(2024, 4, 30), photos=[("b.jpg", content)])
    assert f"第 {first.pk} 号核查报告" in FieldPhoto.objects.get(report=second).told[0]
    assert FieldPhoto.objects.get(report=first).told == []


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<html>not a photo</html>", "attachment_type"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 40, "attachment_damaged"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 40, "attachment_heic"),
        (b"%PDF-1.4\n", "attachment_damaged"),
    ],
)
def test_what_is_no_photo_is_refused_and_nothing_is_kept(file: File, content: bytes, code: str) -> None:
    with pytest.raises(InputError) as refused:
        file(photos=[("好.jpg", photo(*INSIDE, NOW)), ("假.jpg", content)])
    assert (refused.value.code, refused.value.field) == (code, "photos")
    assert refused.value.remedy
    assert not FieldReport.objects.exists()
    assert not Attachment.objects.exists()


def test_the_database_keeps_reports_photos_and_outcomes_as_they_are(
    county: County, township: Actor, file: File
) -> None:
    report = file(photos=[("a.jpg", photo(*INSIDE, NOW))])
    withdraw_report(county=county, actor=township, number=report.pk, reason="填错宗地")
    writes: tuple[Callable[[], object], ...] = (
        lambda: FieldReport.objects.update(remarks="另一种说法"),
        lambda: FieldReport.objects.all()._raw_delete("default"),
        lambda: FieldPhoto.objects.update(told=[]),
        lambda: FieldPhoto.objects.all()._raw_delete("default"),
        lambda: FieldOutcome.objects.update(reason="另一个原因"),
        lambda: FieldOutcome.objects.all()._raw_delete("default"),
    )
    for write in writes:
        with (
            factories.writing(county),
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
        ):
            write()


def test_a_photo_of_a_report_is_no_longer_anybodys_to_remove(
    county: County, cast: dict[str, Actor], file: File
) -> None:
    file(photos=[("a.jpg", photo(*INSIDE, NOW))])
    with pytest.raises(NotFound):  # it is the report's, which shows it by its own right
        remove_attachment(county, cast["registrar"], Attachment.objects.get().pk, reason="清理")
    assert Attachment.objects.exists()


def test_accepting_writes_the_facts_once_with_the_report_as_evidence(
    county: County, bureau: Actor, township: Actor, file: File, phase: ContractPhase
) -> None:
    report = file(
        building="stopped",
        last_built_on=date(2024, 2, 1),
        foundation_kind="piles",
        foundation_done=Decimal(80),
        foundation_total=Decimal(100),
        invested_wan=Decimal(120),
        developed_area_m2=Decimal(1500),
        photos=[("a.jpg", photo(*INSIDE, NOW))],
    )
    written = accept(county, bureau, report)
    assert len(written) == 3
    progress = ConstructionProgress.objects.get(phase=phase)
    assert (progress.as_of, progress.invested_wan, progress.stopped_since) == (
        VISIT,
        Decimal(120),
        date(2024, 2, 1),
    )
    evidence = f"现场核查报告第 {report.pk} 号（2024-05-01 核查，township_officer 填报，照片 1 张）"
    assert evidence in progress.note
    assert Foundation.objects.get(phase=phase).evidence == evidence
    assert Stoppage.objects.get(phase=phase).evidence == evidence
    assert FieldOutcome.objects.get(report=report).written == list(written)
    for again in (
        lambda: accept(county, bureau, report),
        lambda: return_report(county=county, actor=bureau, number=report.pk, reason="x"),
        lambda: withdraw_report(county=county, actor=township, number=report.pk, reason="x"),
        lambda: add_photos(
            county=county, actor=township, number=report.pk, photos=[("a.jpg", photo())], now=NOW
        ),
    ):
        with pytest.raises(Conflict, match="已采纳"):
            again()
    assert ConstructionProgress.objects.count() == 1


def test_what_cannot_be_written_leaves_the_report_waiting(
    county: County, bureau: Actor, file: File, phase: ContractPhase
) -> None:
    factories.progress(phase, VISIT, invested_wan=Decimal(1))
    report = file(foundation_kind="piles", foundation_done=Decimal(1), foundation_total=Decimal(2))
    with pytest.raises(Conflict, match="已有进度记录"):
        accept(county, bureau, report)
    assert not Foundation.objects.exists()
    assert not FieldOutcome.objects.exists()
    assert not AuditEvent.objects.filter(action="accept_field_report").exists()


def test_figures_that_a_report_leaves_open_are_taken_over_and_that_is_said(
    county: County, bureau: Actor, file: File, phase: ContractPhase
) -> None:
    factories.progress(phase, date(2023, 5, 1), invested_wan=Decimal(300), developed_area_m2=Decimal(1000))
    accept(county, bureau, file())
    latest = ConstructionProgress.objects.get(phase=phase, as_of=VISIT)
    assert (latest.invested_wan, latest.developed_area_m2) == (Decimal(300), Decimal(1000))
    assert "累计已投资沿用 2023-05-01 记录的 300 万元" in latest.note
    assert "已开发范围沿用 2023-05-01 记录的 1000 平方米" in latest.note


def test_building_that_goes_on_again_ends_the_stoppage_on_the_day_the_officer_states(
    county: County, bureau: Actor, file: File, phase: ContractPhase
) -> None:
    with factories.writing(county):
        Stoppage.objects.create(phase=phase, last_built_on=date(2023, 1, 1), evidence="巡查")
    accept(county, bureau, file(), resumed_on=date(2024, 4, 20))
    assert Stoppage.objects.get(phase=phase).resumed_on == date(2024, 4, 20)
    standing = file(visited_on=date(2024, 4, 30), building="none")
    with pytest.raises(InputError, match="不能填写复工日期"):
        accept(county, bureau, standing, resumed_on=date(2024, 4, 21))


def test_a_running_stoppage_is_not_entered_twice(
    county: County, bureau: Actor, file: File, phase: ContractPhase
) -> None:
    with factories.writing(county):
        Stoppage.objects.create(phase=phase, last_built_on=date(2023, 1, 1), evidence="巡查")
    accept(county, bureau, file(building="stopped", last_built_on=date(2023, 1, 1)))
    assert Stoppage.objects.count() == 1


def test_a_developed_shape_is_measured_and_becomes_the_figure_of_the_screening(
    county: County, bureau: Actor, file: File, phase: ContractPhase
) -> None:
    report = file(drawn_survey=survey(county, box(0, 0, 0.5, 1)))
    assert report.measured_area_m2 == pytest.approx(Decimal(5380), abs=20)
    accept(county, bureau, report)
    progress = ConstructionProgress.objects.get(phase=phase)
    assert (progress.developed_area_m2, progress.measured_area_m2) == (None, report.measured_area_m2)
    facts = phases_on_record(bureau, VISIT, [phase.pk])[0].facts
    assert facts.progress[0].developed_m2 == report.measured_area_m2


def test_a_stated_figure_that_contradicts_the_shape_is_told(county: County, file: File) -> None:
    half = survey(county, box(0, 0, 0.5, 1))
    assert "相差" in file(drawn_survey=half, developed_area_m2=Decimal(5000)).told[0]
    measured = FieldReport.objects.get().measured_area_m2
    assert file(drawn_survey=half, developed_area_m2=measured, visited_on=date(2024, 4, 1)).told == []


def test_a_shape_outside_the_parcel_or_without_a_parcel_is_refused(county: County, file: File) -> None:
    with pytest.raises(InputError, match="平方米在宗地以外") as refused:
        file(drawn_survey=survey(county, box(0.5, 0, 1.5, 1)))
    assert refused.value.field == "developed"
    groundless = factories.contract(county, "无地")
    with factories.writing(county):
        groundless.contract.town_code = factories.TOWN_WEST
        groundless.contract.save()
    with pytest.raises(InputError, match="没有对应的登记宗地图形"):
        file(of=groundless, drawn_survey=survey(county, box(0, 0, 0.5, 1)))


@pytest.mark.usefixtures("as_the_server")
def test_the_servers_role_files_and_returns_a_report(county: County, bureau: Actor, file: File) -> None:
    report = file()
    return_report(county=county, actor=bureau, number=report.pk, reason="请补照片")
    with pytest.raises(Conflict, match="不能再次办理"):
        return_report(county=county, actor=bureau, number=report.pk, reason="请补照片")


def test_a_returned_report_is_filed_again_once(
    county: County, bureau: Actor, file: File, elsewhere: ContractPhase
) -> None:
    report = file()
    with pytest.raises(Conflict, match="不是本期被退回"):
        file(replaces=report.pk)
    return_report(county=county, actor=bureau, number=report.pk, reason="请补照片")
    with pytest.raises(Conflict, match="不是本期被退回"):
        file(by=bureau, of=elsewhere, replaces=report.pk)
    again = file(replaces=report.pk)
    assert FieldReport.objects.get(pk=report.pk).replaced_by == again
    with pytest.raises(Conflict, match="不是本期被退回"):
        file(replaces=report.pk)


def test_rights_and_territory(
    county: County,
    cast: dict[str, Actor],
    bureau: Actor,
    township: Actor,
    file: File,
    elsewhere: ContractPhase,
) -> None:
    with pytest.raises(NotFound):
        file(of=elsewhere)
    for role in ("leader", "agency", "registrar"):
        with pytest.raises(Forbidden):
            file(by=cast[role])
    other = file(by=bureau, of=elsewhere)
    for refused in (
        lambda: report_of(township, other.pk),
        lambda: withdraw_report(county=county, actor=township, number=other.pk, reason="x"),
        lambda: add_photos(
            county=county, actor=township, number=other.pk, photos=[("a.jpg", photo())], now=NOW
        ),
    ):
        with pytest.raises(NotFound):
            refused()
    own = file()
    for action in (accept_report, return_report):
        more: dict[str, Any] = {"on": VISIT} if action is accept_report else {}
        with pytest.raises(Forbidden):
            action(county=county, actor=township, number=own.pk, reason="x", **more)
    assert {r.pk for r in reports(township, Filters())} == {own.pk}
    assert {r.pk for r in reports(bureau, Filters())} == {own.pk, other.pk}


def test_a_parcel_without_a_contract_can_be_reported_on_and_writes_no_facts(
    county: County, bureau: Actor, township: Actor
) -> None:
    factories.parcel(county, "A9", box(2, 0, 3, 1))
    filed = Filed(
        values={"visited_on": VISIT, "building": "none"}, parcel_code="A9", place=Place(120.0025, 29.3)
    )
    report = file_report(county=county, actor=township, filed=filed, now=NOW)
    assert accept(county, bureau, report) == ()
    assert not ConstructionProgress.objects.exists()


@pytest.mark.parametrize(
    ("text", "lon", "lat"),
    [
        ("120.0005,29.3005", 120.0005, 29.3005),
        ("29.3005 120.0005", 120.0005, 29.3005),
        ("经度１２０．０００５　纬度２９．３００５", 120.0005, 29.3005),
        ("X=3242675.5 Y=500048.5", 120.0005, 29.3005),
        ("3242675.5, 40500048.5", 120.0005, 29.3005),
    ],
)
def test_a_place_is_read_in_degrees_and_in_the_surveys_metres(
    county: County, text: str, lon: float, lat: float
) -> None:
    found = typed_place(text, county)
    assert (found.lon, found.lat) == pytest.approx((lon, lat), abs=2e-3)


@pytest.mark.parametrize(
    "text", ["", "在路口", "120.0005", "1,2,3", "30.1,20.2", "1" * 400 + ",2", "1e999,2"]
)
def test_what_is_no_place_in_the_county_is_refused(county: County, text: str) -> None:
    with pytest.raises(InputError) as refused:
        typed_place(text, county)
    assert refused.value.field == "place"
