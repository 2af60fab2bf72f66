"""Firms' yearly figures on screen: what is on record and from whom, what is doubtful, what matches no firm, and files taken in.

Refuses everybody who isn't cleared for the figures of single firms.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from landgis.access.queries import Actor
from landgis.access.rules import EXPORT_DATA, IMPORT_DATA, VIEW_FIRM_FIGURES
from landgis.access.views import request_actor, right_required
from landgis.counties.models import County
from landgis.counties.queries import current_county
from landgis.lib.errors import InputError, LandgisError
from landgis.lib.uploads import uploaded_file
from parcels.enterprises.models import Enterprise
from parcels.exchange.table_import import TableImported, import_table
from parcels.firm_desk.answers import back_with, download, paged, towns_of, valid, with_year
from parcels.firm_desk.forms import (
    DeliveryForm,
    DoubtFilter,
    DoubtForm,
    FirmFilter,
    MatchForm,
    ReturnFilter,
    told,
)
from parcels.firm_desk.workbooks import doubts_book, figures_book, open_rows_book
from parcels.returns.actions import dismiss_row, match_row, match_rows, settle_doubt
from parcels.returns.models import ReturnDelivery
from parcels.returns.queries import Doubt, Returned, candidates, doubts, figures, open_rows
from parcels.returns.rules import DOUBTS, FIELDS

SAME = 1.0  # but for marks and the legal form
MOST_AT_ONCE = 2_000


@right_required(VIEW_FIRM_FIGURES)
@require_GET
def figures_page(request: HttpRequest) -> HttpResponse:
    """A year's figures with their sources."""
    return _figures(request)


@right_required(VIEW_FIRM_FIGURES)
@require_GET
def figures_xlsx(request: HttpRequest) -> HttpResponse:
    county, actor = current_county(), request_actor(request)
    asked = valid(ReturnFilter(with_year(request, county))).cleaned_data
    rows = _listed(county, actor, asked, doubts(county, actor, asked["year"]))
    return download(figures_book(county, actor, asked["year"], rows, towns_of(county)))


@right_required(IMPORT_DATA)
@require_POST
def deliver(request: HttpRequest) -> HttpResponse:
    """A file of an authority: checked, and kept where that was asked for; what the import says is told on the page."""
    county, actor = current_county(), request_actor(request)
    actor.require(VIEW_FIRM_FIGURES)
    form = DeliveryForm(request.POST)
    if not form.is_valid():
        messages.error(request, told(form))
        return _figures(request, delivery=form, status=422)
    stated = form.cleaned_data
    try:
        file = uploaded_file(request)
        with tempfile.TemporaryDirectory(prefix="landgis-") as folder:
            path = Path(folder) / (Path(file.name or "").name[-80:] or "delivery")
            path.write_bytes(file.read())
            imported = import_table(
                county=county, actor=actor, table="authority-returns", file=path, commit=stated["commit"],
                authority=stated["authority"], year=stated["year"],
            )  # fmt: skip
    except LandgisError as error:
        messages.error(request, str(error))
        return _figures(request, delivery=form, status=error.status)
    return _figures(request, delivery=form, imported=imported)


@right_required(VIEW_FIRM_FIGURES)
@require_GET
def doubts_page(request: HttpRequest) -> HttpResponse:
    """What somebody has to confirm or correct."""
    county, actor = current_county(), request_actor(request)
    form, every, status = DoubtFilter(with_year(request, county)), [], 200
    found: list[Doubt] = []
    if form.is_valid():
        every = doubts(county, actor, form.cleaned_data["year"])
        found = _asked_for(form, every)
    else:
        messages.error(request, told(form))
        status = 422
    context: dict[str, Any] = {
        "form": form,
        "year": form.cleaned_data.get("year"),
        "counts": [(kind, title, sum(item.kind == kind for item in every)) for kind, title in DOUBTS.items()],
        "towns": towns_of(county),
        "may_decide": _may_decide(actor),
        "may_export": actor.may(EXPORT_DATA) and status == 200,
        **paged(request, found),
    }
    return render(request, "parcels/firm_desk/doubts.html", context, status=status)


@right_required(VIEW_FIRM_FIGURES)
@require_GET
def doubts_xlsx(request: HttpRequest) -> HttpResponse:
    county, actor = current_county(), request_actor(request)
    form = valid(DoubtFilter(with_year(request, county)))
    year = form.cleaned_data["year"]
    return download(
        doubts_book(county, actor, year, _asked_for(form, doubts(county, actor, year)), towns_of(county))
    )


@right_required(IMPORT_DATA)
@require_POST
def settle(request: HttpRequest) -> HttpResponse:
    """A doubt confirmed, or the figure corrected."""
    form = DoubtForm(request.POST)
    if not form.is_valid():
        return back_with(request, told(form), "return-doubts")
    stated = form.cleaned_data
    where = f"{reverse('return-doubts')}?year={stated['year']}"
    try:
        if stated["field"] not in FIELDS:
            raise InputError("field_unknown", "没有这项数据。", "请刷新页面。", field="field")
        settle_doubt(
            county=current_county(), actor=request_actor(request), firm_id=stated["firm"], year=stated["year"],
            field=stated["field"], kind=stated["kind"], seen=stated["seen"], corrected=stated["corrected"],
            reason=stated["reason"],
        )  # fmt: skip
    except LandgisError as error:
        return back_with(request, error, where)
    messages.success(request, _("已处理疑问。"))
    return redirect(where)


@right_required(VIEW_FIRM_FIGURES)
@require_GET
def unmatched_page(request: HttpRequest) -> HttpResponse:
    """Delivered rows without a firm, each with the firms on record whose names are like its own."""
    county, actor = current_county(), request_actor(request)
    actor.require_whole_county(VIEW_FIRM_FIGURES)
    form, rows, status = FirmFilter(with_year(request, county)), [], 200
    if form.is_valid():
        text = form.cleaned_data["q"].strip().lower()
        rows = [
            r for r in open_rows(county, form.cleaned_data["year"]) if text in f"{r.name} {r.uscc}".lower()
        ]
    else:
        messages.error(request, told(form))
        status = 422
    shown = paged(request, rows)
    like = candidates(county, list(shown["page"]))
    context: dict[str, Any] = {
        "form": form,
        "year": form.cleaned_data.get("year"),
        "rows": [
            (
                row,
                [(*FIELDS[name], value) for name, value in row.figures.items() if name in FIELDS],
                like[row.pk],
            )
            for row in shown["page"]
        ],
        "may_decide": _may_decide(actor),
        "may_export": actor.may(EXPORT_DATA) and status == 200,
        **shown,
    }
    return render(request, "parcels/firm_desk/unmatched.html", context, status=status)


@right_required(VIEW_FIRM_FIGURES)
@require_GET
def unmatched_xlsx(request: HttpRequest) -> HttpResponse:
    county, actor = current_county(), request_actor(request)
    actor.require_whole_county(VIEW_FIRM_FIGURES)
    year = valid(FirmFilter(with_year(request, county))).cleaned_data["year"]
    return download(open_rows_book(county, actor, year, list(open_rows(county, year))))


@right_required(IMPORT_DATA)
@require_POST
def match(request: HttpRequest, pk: int) -> HttpResponse:
    """Which firm a row is of, or that it isn't used."""
    county, actor, form = current_county(), request_actor(request), MatchForm(request.POST)
    where = f"{reverse('return-unmatched')}?{request.META.get('QUERY_STRING', '')}"
    if not form.is_valid():
        return back_with(request, told(form), where)
    stated = form.cleaned_data
    try:
        if stated["dismiss"]:
            dismiss_row(county=county, actor=actor, row_id=pk, reason=stated["reason"])
            messages.success(request, _("已标为不采用。"))
            return redirect(where)
        firm = stated["firm"]
        if stated["uscc"]:
            rows = Enterprise.objects.filter(county=county, uscc=stated["uscc"].strip().upper())
            firm = rows.values_list("id", flat=True).first()
        if firm is None:
            raise InputError(
                "firm_missing", "没有找到这家企业。", "请选择候选企业，或填写登记库中的代码。", field="uscc"
            )
        match_row(county=county, actor=actor, row_id=pk, firm_id=firm, reason=stated["reason"])
    except LandgisError as error:
        return back_with(request, error, where)
    messages.success(request, _("已匹配企业。"))
    return redirect(where)


@right_required(IMPORT_DATA)
@require_POST
def match_same(request: HttpRequest) -> HttpResponse:
    """All rows of the year whose name is that of exactly one firm but for marks and legal form, confirmed by one person."""
    county, actor, form = current_county(), request_actor(request), FirmFilter(request.POST)
    if not form.is_valid():
        return back_with(request, told(form), "return-unmatched")
    year = form.cleaned_data["year"]
    where = f"{reverse('return-unmatched')}?year={year}"
    try:
        actor.require_whole_county(VIEW_FIRM_FIGURES)
        rows = list(open_rows(county, year)[:MOST_AT_ONCE])
        pairs: dict[tuple[int, int], int] = {}
        for row_id, found in candidates(county, rows).items():
            same = [item.firm_id for item, _name, _uscc in found if item.likeness == SAME]
            delivery = next(row.delivery_id for row in rows if row.pk == row_id)
            if len(same) == 1:
                pairs.setdefault((delivery, same[0]), row_id)
        if not pairs:
            return back_with(request, _("没有名称唯一相同的行。"), where)
        count = match_rows(
            county=county, actor=actor, pairs=[(row, firm) for (_delivery, firm), row in pairs.items()],
            reason="名称相同，批量确认",
        )  # fmt: skip
    except LandgisError as error:
        return back_with(request, error, where)
    messages.success(request, _("已匹配 %(n)s 行。") % {"n": count})
    return redirect(where)


def _figures(
    request: HttpRequest,
    *,
    delivery: DeliveryForm | None = None,
    imported: TableImported | None = None,
    status: int = 200,
) -> HttpResponse:
    county, actor = current_county(), request_actor(request)
    asked = with_year(request, county)
    if delivery is not None and str(delivery.data.get("year", "")).isdecimal():
        asked["year"] = delivery.data["year"]
    form, found = ReturnFilter(asked), []
    rows: list[Returned] = []
    if form.is_valid():
        found = doubts(county, actor, form.cleaned_data["year"])
        rows = _listed(county, actor, form.cleaned_data, found)
    else:
        messages.error(request, told(form))
        status = 422
    year = form.cleaned_data.get("year")
    context: dict[str, Any] = {
        "form": form,
        "year": year,
        "fields": list(FIELDS.values()),
        "towns": towns_of(county),
        "open": open_rows(county, year).count() if year else 0,
        "doubts": len(found),
        "deliveries": ReturnDelivery.objects.filter(county=county).order_by("-id")[:10],
        "delivery": delivery or DeliveryForm(initial={"year": year}),
        "imported": imported,
        "issues": imported.issues[:50] if imported else [],
        "may_import": _may_decide(actor),
        "may_export": actor.may(EXPORT_DATA) and status == 200,
        **paged(request, rows),
    }
    return render(request, "parcels/firm_desk/returns.html", context, status=status)


def _listed(county: County, actor: Actor, asked: dict[str, Any], found: list[Doubt]) -> list[Returned]:
    """The figures that the filter asks for."""
    rows = figures(county, actor, asked["year"], q=asked["q"].strip(), source=asked["source"].strip())
    doubtful = {item.firm_id for item in found}
    wanted: dict[str, Callable[[Returned], bool]] = {
        "": lambda row: True,
        "doubt": lambda row: row.firm_id in doubtful,
        "missing": lambda row: row.lacks,
        "clear": lambda row: not row.lacks and row.firm_id not in doubtful,
    }
    return [row for row in rows if wanted[asked["state"]](row)]


def _asked_for(form: DoubtFilter, found: list[Doubt]) -> list[Doubt]:
    kind, text = form.cleaned_data["kind"], form.cleaned_data["q"].strip().lower()
    return [
        item
        for item in found
        if (not kind or item.kind == kind) and text in f"{item.firm} {item.uscc}".lower()
    ]


def _may_decide(actor: Actor) -> bool:
    return actor.may(IMPORT_DATA) and actor.may(VIEW_FIRM_FIGURES) and actor.town_codes is None
