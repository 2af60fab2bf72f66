"""Freezing a list of a policy table, and the frozen lists on screen, as workbooks and as the text of their hash.

Refuses writing to who may not manage the evaluation; the file that goes out has its audit row and no figure uncleared.
"""

from __future__ import annotations

from decimal import Decimal

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from landgis.access.rules import EXPORT_DATA, MANAGE_EVALUATION, VIEW_FIRM_FIGURES, VIEW_MAP
from landgis.access.views import request_actor, right_required
from landgis.audit.change import change
from landgis.counties.queries import current_county
from landgis.lib.errors import LandgisError
from landgis.lib.http import XLSX, download
from landgis.lib.sheets import SIGNATURES, Column, Table, workbook_of
from parcels.policies.forms import FreezeForm
from parcels.policies.lists import freeze_list, heading_of, is_intact, list_of, listed_rows
from parcels.policies.models import PolicyList
from parcels.policies.rules import BASES, INSTRUMENTS, KINDS, ListedFirm, canonical
from parcels.policies.views import show_table

PAGE_SIZE = 50
NOT_DUE = "金额按执行标准和计量基数测算，供执行部门核对，不是应缴金额。"
COLUMNS: tuple[Column[tuple[int, ListedFirm]], ...] = (
    Column("序号", 6, "whole", lambda item: item[0]),
    Column("企业名称", 30, "wrapped", lambda item: item[1].name),
    Column("统一社会信用代码", 21, "code", lambda item: item[1].uscc),
    Column("所属镇街", 10, "text", lambda item: item[1].town),
    Column("组别", 20, "wrapped", lambda item: item[1].class_name),
    Column("行业代码", 9, "code", lambda item: item[1].industry_code),
    Column("评价档次", 9, "text", lambda item: item[1].grade),
    Column("方式", 10, "text", lambda item: KINDS[item[1].kind]),
    Column("执行标准", 20, "wrapped", lambda item: item[1].told),
    Column("说明", 26, "wrapped", lambda item: item[1].note),
)
FIGURES: tuple[Column[tuple[int, ListedFirm]], ...] = (
    Column("计量基数", 14, "figure", lambda item: _decimal(item[1].quantity), summed=True),
    Column("单位", 9, "text", lambda item: item[1].quantity_unit),
    Column("缺数说明", 18, "wrapped", lambda item: item[1].gap),
    Column("测算金额\n（元）", 14, "figure", lambda item: _decimal(item[1].amount_yuan), summed=True),
)


@right_required(MANAGE_EVALUATION)
@require_POST
def freeze(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze whom a version affects into the year's next list."""
    form = FreezeForm(request.POST, auto_id="freeze-%s")
    if not form.is_valid():
        return show_table(request, pk, form, 422)
    told = form.cleaned_data
    try:
        made = freeze_list(
            county=current_county(), actor=request_actor(request), table_id=pk, on=told["on"], today=timezone.localdate(),
            reason=told["reason"], corrects_id=told["corrects"],
        )  # fmt: skip
    except LandgisError as error:
        if error.status in (403, 404):
            raise
        form.refuse(error)
        return show_table(request, pk, form, error.status)
    messages.success(request, _("已编制 %(no)s。") % {"no": made.list_no})
    return redirect("policy-list", pk=made.pk)


@right_required(VIEW_MAP)
@require_GET
def issue_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A frozen list with its number and hash."""
    actor = request_actor(request)
    found = list_of(actor, pk)
    cleared = actor.may(VIEW_FIRM_FIGURES)
    context = {
        "issue": found,
        "table": found.table,
        "title": INSTRUMENTS[found.table.instrument],
        "base": BASES.get(found.table.instrument, ("", "", ""))[1],
        "page": Paginator(listed_rows(found, actor), PAGE_SIZE).get_page(request.GET.get("page")),
        "intact": is_intact(found),
        "figures": cleared,
        "part": actor.town_codes is not None,
        "corrected_by": getattr(found, "corrected_by", None),
        "may_freeze": actor.may(MANAGE_EVALUATION) and actor.town_codes is None,
        "may_export": actor.may(EXPORT_DATA),
        "may_check": cleared and actor.may(EXPORT_DATA) and actor.town_codes is None,
        "not_due": NOT_DUE,
    }
    return render(request, "parcels/policies/issue.html", context)


@right_required(EXPORT_DATA)
@require_GET
def issue_xlsx(request: HttpRequest, pk: int) -> HttpResponse:
    """The list as it goes to the authority."""
    actor = request_actor(request)
    found = list_of(actor, pk)
    rows, county, table = listed_rows(found, actor), found.county, found.table
    cleared = actor.may(VIEW_FIRM_FIGURES)
    part = "" if len(rows) == found.row_count else f"（本表为其中一部分，全表 {found.row_count} 家）"
    title = f"{county.name}{INSTRUMENTS[table.instrument]}清单"
    sheet = Table(
        title=title,
        note=f"期号：{found.list_no}　截止日期：{found.on}　{table.year} 年评价　第 {table.seq} 版　送：{table.authority}{part}",
        unit=f"依据：{table.basis}",
        footer=f"{found.list_no}　校验码 {found.sha256}",
        columns=(*COLUMNS, *FIGURES) if cleared else COLUMNS,
        rows=list(enumerate(rows, 1)),
        total=f"合计（{len(rows)} 家）" if cleared else "",
        below=(NOT_DUE, SIGNATURES) if cleared else (SIGNATURES,),
        frozen_columns=2,
    )
    with change(
        county_code=county.code, by=actor.username, action="export_policy_list", reason=f"导出{found.list_no}", list=found.pk,
        rows=len(rows),
    ):  # fmt: skip
        content = workbook_of({"清单": sheet})
    return download(content, _file_name(found, "xlsx"), XLSX)


@right_required(EXPORT_DATA)
@require_GET
def issue_json(request: HttpRequest, pk: int) -> HttpResponse:
    """The very text that the hash is taken over; it holds figures of firms."""
    actor = request_actor(request)
    actor.require_whole_county(VIEW_FIRM_FIGURES)
    found = list_of(actor, pk)
    text = canonical(heading_of(found), listed_rows(found, actor))
    return download(text.encode("utf-8"), _file_name(found, "json"), "application/json")


def _file_name(found: PolicyList, ending: str) -> str:
    title = INSTRUMENTS[found.table.instrument]
    return f"{found.county.name}{title}清单{found.list_no}（{found.on:%Y-%m-%d}）.{ending}"


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
