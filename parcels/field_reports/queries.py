"""Field reports of the territory: the list with its filters, one report with its photos, and what may be reported on.

Refuses what lies outside the actor's county and towns: it isn't there for them.
"""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Subquery, Value, When
from django.db.models import OuterRef as Outer

from landgis.access.queries import Actor, in_territory
from landgis.counties.models import County, Town
from landgis.lib.errors import NotFound
from parcels.cadastre.models import Parcel
from parcels.field_reports.models import FieldPhoto, FieldReport
from parcels.field_reports.rules import FILED
from parcels.supply.models import ContractPhase
from parcels.supply.queries import phases_in_territory

MOST_CHOICES = 30


class Filters(NamedTuple):
    """What the list is narrowed to; empty limits nothing."""

    town: str = ""
    state: str = ""
    building: str = ""
    text: str = ""


EVERYTHING = Filters()


def reports(actor: Actor, filters: Filters = EVERYTHING) -> QuerySet[FieldReport]:
    """The reports of the territory, newest first, with their state, town and number of photos; one statement."""
    town = Town.objects.filter(county_id=Outer("county_id"), code=Outer("town_code")).values("name")
    rows = in_territory(FieldReport.objects.all(), actor).annotate(
        state=Case(
            When(outcome=None, then=Value(FILED)), default=F("outcome__kind"), output_field=CharField()
        ),
        town_name=Subquery(town),
        photo_count=Count("photos"),
    )
    if filters.town:
        rows = rows.filter(town_code=filters.town)
    if filters.state:
        rows = rows.filter(state=filters.state)
    if filters.building:
        rows = rows.filter(building=filters.building)
    if filters.text:
        rows = rows.filter(
            _named(filters.text, "phase__contract__") | Q(parcel__code__icontains=filters.text)
        )
    return rows.select_related("phase__contract", "parcel", "outcome", "replaces", "replaced_by").order_by(
        "-id"
    )


def report_of(actor: Actor, number: int) -> FieldReport:
    found = reports(actor).filter(pk=number).first()
    if found is None:
        raise NotFound(f"没有第 {number} 号核查报告，或不在您的管辖范围内。", remedy="请核对报告编号。")
    return found


def photos_of(report: FieldReport) -> list[FieldPhoto]:
    """The photos without their bytes."""
    return list(
        report.photos.select_related("attachment")
        .defer("attachment__content", "attachment__thumbnail")
        .order_by("id")
    )


def photo_of(actor: Actor, report: int, photo: int, *, thumbnail: bool) -> FieldPhoto:
    """One photo with its original or its thumbnail."""
    rows = FieldPhoto.objects.filter(
        pk=photo, report__in=in_territory(FieldReport.objects.filter(pk=report), actor)
    )
    left_out = "attachment__content" if thumbnail else "attachment__thumbnail"
    found = rows.select_related("attachment", "report").defer(left_out).first()
    if found is None:
        raise NotFound("没有这张照片，或不在您的管辖范围内。", remedy="请核对报告编号。")
    return found


def photo_used_in(county: County, sha256: str, but: int) -> int | None:
    """Another report that the same bytes were handed in with."""
    rows = FieldPhoto.objects.filter(report__county=county, attachment__sha256=sha256).exclude(report=but)
    return rows.order_by("id").values_list("report_id", flat=True).first()


def choices(county: County, actor: Actor, text: str) -> list[ContractPhase]:
    """Phases of the territory that may be reported on, found by number, code, holder or place."""
    if not text:
        return []
    rows = phases_in_territory(county, actor).filter(_named(text, "contract__"))
    return list(rows.order_by("contract__parcel_code", "contract_id", "phase_no")[:MOST_CHOICES])


def parcel_in_territory(actor: Actor, code: str) -> Parcel:
    found = in_territory(Parcel.objects.filter(code=code, valid_to=None), actor).first()
    if found is None:
        raise NotFound(f"没有宗地 {code}，或不在您的管辖范围内。", remedy="请核对宗地代码。")
    return found


def town_of(phase: ContractPhase) -> str:
    """The town that answers for a phase: its parcel's, else its contract's."""
    contract = phase.contract
    return (contract.parcel.town_code if contract.parcel else "") or contract.town_code


def _named(text: str, contract: str) -> Q:
    return (
        Q(**{contract + "parcel_code__icontains": text})
        | Q(**{contract + "contract_no__icontains": text})
        | Q(**{contract + "supervision_no__icontains": text})
        | Q(**{contract + "holder_name__icontains": text})
        | Q(**{contract + "location__icontains": text})
    )
