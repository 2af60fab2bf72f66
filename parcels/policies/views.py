"""The policy tables on screen, their versions, whom they affect, and the list for the authority concerned.

Refuses writing to who may not manage the evaluation; the file that goes out has its audit row.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from landgis.access.queries import Actor
from landgis.access.rules import EXPORT_DATA, MANAGE_EVALUATION, VIEW_MAP
from landgis.access.views import request_actor, right_required
from landgis.audit.change import change
from landgis.counties.queries import current_county
from landgis.lib.errors import Conflict, LandgisError
from landgis.lib.http import XLSX, download
from landgis.lib.sheets import SIGNATURES, Column, Table, workbook_of
from parcels.policies.actions import record_table
from parcels.policies.forms import RATES, FreezeForm, HeadForm, as_initial
from parcels.policies.lists import lists
from parcels.policies.queries import (
    Affected,
    affected,
    grades_of,
    newest,
    rates_of,
    table_of,
    tables,
    versions,
)
from parcels.policies.rules import INSTRUMENTS, KINDS

PAGE_SIZE = 50
COLUMNS: tuple[Column[tuple[int, Affected]], ...] = (
    Column("序号", 6, "whole", lambda item: item[0]),
    Column("企业名称", 30, "wrapped", lambda item: item[1].name),
    Column("统一社会信用代码", 21, "code", lambda item: item[1].uscc),
    Column("所属镇街", 10, "text", lambda item: item[1].town),
    Column("组别", 20, "wrapped", lambda item: item[1].class_name),
    Column("行业代码", 9, "code", lambda item: item[1].industry_code),
    Column("评价档次", 9, "text", lambda item: item[1].grade),
    Column("方式", 10, "text", lambda item: KINDS[item[1].rate.kind]),
    Column("数值", 10, "figure", lambda item: item[1].rate.value),
    Column("计量单位", 12, "text", lambda item: item[1].rate.unit),
    Column("执行标准", 20, "wrapped", lambda item: item[1].rate.told),
    Column("说明", 26, "wrapped", lambda item: item[1].rate.note),
)


@right_required(VIEW_MAP)
@require_GET
def list_page(request: HttpRequest) -> HttpResponse:
    """What stands of each instrument and year."""
    actor = request_actor(request)
    context = {
        "rows": tables(current_county(), actor, timezone.localdate()),
        "may_manage": _may_manage(actor),
    }
    return render(request, "parcels/policies/list.html", context)


@right_required(VIEW_MAP)
@require_GET
def table_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One version with its rates and the firms that it affects."""
    return show_table(request, pk)


def show_table(
    request: HttpRequest, pk: int, freezing: FreezeForm | None = None, status: int = 200
) -> HttpResponse:
    """The page of a version, with the form that freezes a list as it was tried."""
    county, actor, today = current_county(), request_actor(request), timezone.localdate()
    table = table_of(actor, pk)
    rows = affected(county, actor, table, today)
    named = request.GET.get("corrects", "")
    corrects = named if named.isascii() and named.isdigit() and len(named) < 19 else None
    begins = {"on": today, "corrects": corrects}
    of_it = versions(county).filter(instrument=table.instrument, year=table.year)
    context = {
        "table": table,
        "title": INSTRUMENTS[table.instrument],
        "rates": [(rate, KINDS[rate.kind]) for rate in rates_of([table.pk])[table.pk]],
        "final": rows is not None,
        "page": Paginator(rows or [], PAGE_SIZE).get_page(request.GET.get("page")),
        "versions": of_it,
        "is_newest": of_it[0].pk == table.pk,
        "may_manage": _may_manage(actor),
        "may_export": actor.may(EXPORT_DATA) and rows is not None,
        "lists": lists(county, table),
        "freeze_form": (freezing or FreezeForm(initial=begins, auto_id="freeze-%s"))
        if _may_manage(actor) and rows
        else freezing,
    }
    return render(request, "parcels/policies/table.html", context, status=status)


@right_required(EXPORT_DATA)
@require_GET
def table_xlsx(request: HttpRequest, pk: int) -> HttpResponse:
    """The list for the authority: who, which grade, which rate; no amount due."""
    county, actor, today = current_county(), request_actor(request), timezone.localdate()
    table = table_of(actor, pk)
    rows = affected(county, actor, table, today)
    if rows is None:
        raise Conflict(
            _("%(year)s 年评价还没有定稿。") % {"year": table.year}, remedy=_("请在评价定稿以后导出名单。")
        )
    title = f"{INSTRUMENTS[table.instrument]}执行名单"
    sheet = Table(
        title=f"{county.name}{title}",
        note=f"评价年度：{table.year}　第 {table.seq} 版　自 {table.valid_from} 起执行　送：{table.authority}",
        unit=f"依据：{table.basis}",
        footer=f"{county.name}　{title}　{today}",
        columns=COLUMNS,
        rows=list(enumerate(rows, 1)),
        below=("本名单只列执行标准，不计算应缴金额。", SIGNATURES),
        frozen_columns=2,
    )
    with change(
        county_code=county.code, by=actor.username, action="export_policy_list", reason=f"导出{title}", table=table.pk,
        rows=len(rows),
    ):  # fmt: skip
        content = workbook_of({"执行名单": sheet})
    return download(content, f"{county.name}{table.year}年{title}.xlsx", XLSX)


@right_required(MANAGE_EVALUATION)
@require_http_methods(["GET", "POST"])
def edit_page(request: HttpRequest) -> HttpResponse:
    """The next version of `?instrument=` and `?year=`; without them, the first of a new one."""
    county, actor, today = current_county(), request_actor(request), timezone.localdate()
    actor.require_whole_county(MANAGE_EVALUATION)
    instrument, asked = request.GET.get("instrument", ""), request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else today.year - 1
    before = newest(county, instrument, year) if instrument in INSTRUMENTS else None
    begins: dict[str, Any] = {"instrument": instrument, "year": year, "valid_from": today, "based_on": 0}
    if before:
        begins |= {
            "valid_from": before.valid_from, "authority": before.authority, "basis": before.basis, "based_on": before.seq
        }  # fmt: skip
    head = HeadForm(request.POST or None, initial=begins)
    rows = RATES(
        request.POST or None, prefix="rates",
        initial=None if request.POST or not before else as_initial(rates_of([before.pk])[before.pk]),
    )  # fmt: skip
    status = 200
    if request.method == "POST":
        status = 422
        if all([head.is_valid(), rows.is_valid()]):
            try:
                made = record_table(
                    county=county, actor=actor, rates=[form.rate() for form in rows if form.is_row], today=today,
                    **head.cleaned_data,
                )  # fmt: skip
                messages.success(request, _("已编制第 %(seq)s 版。") % {"seq": made.seq})
                return redirect("policy-table", pk=made.pk)
            except LandgisError as error:
                head.refuse(error)
                status = error.status
    context = {
        "head": head,
        "rows": rows,
        "before": before,
        "grades": grades_of(county, year, today),
        "year": year,
    }
    return render(request, "parcels/policies/edit.html", context, status=status)


def _may_manage(actor: Actor) -> bool:
    return actor.may(MANAGE_EVALUATION) and actor.town_codes is None
