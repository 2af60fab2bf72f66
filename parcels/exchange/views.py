"""Importing a table on a page: hand in, see what would happen row by row, then import; and the empty tables to fill in.

Refuses another person's delivery, and to store anything before it was tried out.
"""

from __future__ import annotations

import csv
import io
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from landgis.access.rules import IMPORT_DATA
from landgis.access.views import request_actor, right_required
from landgis.counties.queries import current_county
from landgis.lib.errors import LandgisError, NotFound
from landgis.lib.http import XLSX, download
from landgis.lib.sheets import Column, Table, workbook_of
from landgis.lib.uploads import MEBIBYTE, uploaded_file
from parcels.exchange.actions import ENDINGS, LARGEST, delivered_table, issues_of, store_table, try_table
from parcels.exchange.blank_tables import blank_table
from parcels.exchange.forms import StoreForm, TableForm
from parcels.exchange.models import DeliveredTable
from parcels.exchange.table_specs import ON_PAGE, TABLES

PAGE_SIZE = 100
SEVERITIES = {"error": "错误", "warning": "提示"}


@right_required(IMPORT_DATA)
@require_http_methods(["GET", "POST"])
def imports_page(request: HttpRequest) -> HttpResponse:
    """Choose a table and a file; the trial run follows at once."""
    county, actor = current_county(), request_actor(request)
    actor.require_whole_county(IMPORT_DATA)
    form, status = TableForm(initial={"table": request.GET.get("table")}), 200
    if request.method == "POST":
        form, status = TableForm(request.POST), 422
        if form.is_valid():
            try:
                file = uploaded_file(request, most_bytes=LARGEST)
                delivered = try_table(county=county, actor=actor, file=file, **form.cleaned_data)
                return redirect("import", delivered_id=delivered.pk)
            except LandgisError as error:
                form.add_error(None, str(error))
                status = error.status
    context = {
        "form": form,
        "tables": [(spec.name, spec.title) for spec in ON_PAGE],
        "accepted": ",".join(ENDINGS),
        "most_mb": LARGEST // MEBIBYTE,
    }
    return render(request, "parcels/exchange/imports.html", context, status=status)


@right_required(IMPORT_DATA)
@require_GET
def import_page(request: HttpRequest, delivered_id: int) -> HttpResponse:
    """What the trial run or the import made of the file, with every issue by its row."""
    return _page(request, _own(request, delivered_id), StoreForm())


@right_required(IMPORT_DATA)
@require_POST
def store(request: HttpRequest, delivered_id: int) -> HttpResponse:
    """Import what was tried out."""
    delivered, form = _own(request, delivered_id), StoreForm(request.POST)
    if not form.is_valid():
        return _page(request, delivered, form, 422)
    try:
        store_table(
            county=delivered.county,
            actor=request_actor(request),
            delivered_id=delivered_id,
            reason=form.cleaned_data["reason"],
        )
    except LandgisError as error:
        messages.error(request, str(error))
        return _page(request, _own(request, delivered_id), form, error.status)
    messages.success(request, _("导入完成。"))
    return redirect("import", delivered_id=delivered_id)


@right_required(IMPORT_DATA)
@require_GET
def issues_file(request: HttpRequest, delivered_id: int, ending: str) -> HttpResponse:
    """Every issue as a workbook or as CSV, to be worked through beside the table."""
    delivered = _own(request, delivered_id)
    rows, spec = issues_of(delivered), TABLES[delivered.table]
    titles = {column.field: column.title for column in spec.columns}
    columns: tuple[Column[dict[str, Any]], ...] = (
        Column("数据行", 8, "whole", lambda issue: issue["row"] or None),
        Column("级别", 8, "text", lambda issue: SEVERITIES[issue["severity"]]),
        Column("列", 20, "wrapped", lambda issue: titles.get(issue["field"], issue["field"])),
        Column("代码", 22, "code", lambda issue: issue["code"]),
        Column("问题和处理办法", 80, "wrapped", lambda issue: issue["message"]),
    )
    title = f"{spec.title}导入问题清单"
    if ending == "csv":
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow([column.title for column in columns])
        writer.writerows([[column.value(row) for column in columns] for row in rows])
        return download(("\ufeff" + text.getvalue()).encode(), f"{title}.csv", "text/csv; charset=utf-8")
    note = f"文件：{delivered.name}　{timezone.localtime(delivered.at):%Y-%m-%d %H:%M}　共 {len(rows)} 处"
    table = Table(title=title, note=note, unit="", footer=title, columns=columns, rows=rows, paper="A4")
    return download(workbook_of({"问题": table}), f"{title}.xlsx", XLSX)


@right_required(IMPORT_DATA)
@require_GET
def blank(request: HttpRequest, table: str) -> HttpResponse:
    """The empty table to fill in."""
    if table not in TABLES:
        raise NotFound(_("没有这种表格。"), remedy=_("请在导入页面选择。"))
    return download(blank_table(TABLES[table]), f"{TABLES[table].title}（空表）.xlsx", XLSX)


def _own(request: HttpRequest, delivered_id: int) -> DeliveredTable:
    return delivered_table(current_county(), request_actor(request), delivered_id)


def _page(
    request: HttpRequest, delivered: DeliveredTable, form: StoreForm, status: int = 200
) -> HttpResponse:
    result, spec = delivered.result, TABLES[delivered.table]
    issues = issues_of(delivered)
    titles = {column.field: column.title for column in spec.columns}
    errors = sum(issue["severity"] == "error" for issue in issues)
    context = {
        "delivered": delivered,
        "title": spec.title,
        "result": result,
        "errors": errors,
        "warnings": len(issues) - errors,
        "mapping": [(text, titles.get(name, name)) for text, name in result.get("mapping", {}).items()],
        "page": Paginator(
            [(issue, titles.get(issue["field"], issue["field"])) for issue in issues], PAGE_SIZE
        ).get_page(request.GET.get("page")),
        "form": form,
        "would_change": bool(result["created"] or result["updated"]),
        "query": "",
    }
    return render(request, "parcels/exchange/import.html", context, status=status)
