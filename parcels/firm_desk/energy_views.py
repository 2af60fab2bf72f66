"""Firms' monthly energy on screen: the course of two years, and who seems to have stopped.

Refuses everybody who isn't cleared for the figures of single firms; a signal is a hint and never a finding.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from landgis.access.rules import EXPORT_DATA, VIEW_FIRM_FIGURES
from landgis.access.views import request_actor, right_required
from landgis.counties.models import County
from landgis.counties.queries import current_county
from parcels.firm_desk.answers import download, paged, towns_of, valid
from parcels.firm_desk.drawing import SPARK_HEIGHT, SPARK_WIDTH, sparkline
from parcels.firm_desk.forms import EnergyFilter, told
from parcels.firm_desk.workbooks import energy_book
from parcels.returns.queries import Series, energy, newest_month
from parcels.returns.queries import shown as figure
from parcels.returns.rules import SIGNALS


@right_required(VIEW_FIRM_FIGURES)
@require_GET
def energy_page(request: HttpRequest) -> HttpResponse:
    """Every firm's months up to the one asked for, those with signals first."""
    county, actor, status = current_county(), request_actor(request), 200
    form = EnergyFilter(_asked(request, county))
    every: list[Series] = []
    found: list[Series] = []
    if form.is_valid():
        every = energy(county, actor, _month(form))
        found = _chosen(form, every)
    else:
        messages.error(request, told(form))
        status = 422
    shown, towns = paged(request, found), towns_of(county)
    context: dict[str, Any] = {
        "form": form,
        "counts": [(code, title, sum(code in item.signals for item in every)) for code, title in SIGNALS.items()],
        "rows": [
            (item, towns.get(item.town_code, ""), sparkline(item.kwh),
             (figure(item.kwh[-1]), figure(item.kwh[-13]),
              "" if item.change is None else f"{item.change:+.1%}",
              figure(item.water_m3[-1]), figure(item.gas_m3[-1])))
            for item in shown["page"]
        ],
        "width": SPARK_WIDTH,
        "height": SPARK_HEIGHT,
        "may_export": actor.may(EXPORT_DATA) and status == 200,
        **shown,
    }  # fmt: skip
    return render(request, "parcels/firm_desk/energy.html", context, status=status)


@right_required(VIEW_FIRM_FIGURES)
@require_GET
def energy_xlsx(request: HttpRequest) -> HttpResponse:
    county, actor = current_county(), request_actor(request)
    form = EnergyFilter(_asked(request, county))
    valid(form)
    rows = _chosen(form, energy(county, actor, _month(form)))
    return download(energy_book(county, actor, form.cleaned_data["month"], rows, towns_of(county)))


def _asked(request: HttpRequest, county: County) -> dict[str, Any]:
    asked = request.GET.dict()
    if not asked.get("month"):
        asked["month"] = f"{newest_month(county) or timezone.localdate():%Y-%m}"
    return asked


def _month(form: EnergyFilter) -> date:
    year, month = map(int, form.cleaned_data["month"].split("-"))
    return date(year, month, 1)


def _chosen(form: EnergyFilter, found: list[Series]) -> list[Series]:
    signal, text = form.cleaned_data["signal"], form.cleaned_data["q"].strip().lower()
    return [
        item
        for item in found
        if (not signal or (item.signals if signal == "any" else signal in item.signals))
        and text in f"{item.firm} {item.uscc}".lower()
    ]
