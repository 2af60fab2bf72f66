"""The fee pages: the ledger with its sums, batches and their files, receipts, files from the tax authority, open lines.

Refuses rows of other towns; what the actions refuse is told on the page where it was asked for.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from landgis.access.queries import Actor
from landgis.access.rules import EXPORT_DATA, IMPORT_DATA, MANAGE_IDLE_CASES, VIEW_MAP
from landgis.access.views import request_actor, right_required
from landgis.counties.queries import current_county
from landgis.lib.errors import LandgisError
from landgis.lib.http import XLSX, download
from landgis.lib.lists import paged
from landgis.lib.uploads import uploaded_file
from parcels.disposal.receipts import withdraw_receipt
from parcels.fees.actions import (
    ReceiptsRead,
    dismiss_line,
    freeze_batch,
    import_receipts,
    record_sending,
    settle_line,
)
from parcels.fees.files import batch_csv, batch_workbook, ledger, receipts_workbook, withdrawn
from parcels.fees.forms import FeeFilter, FreezeForm, LineForm, WithdrawForm
from parcels.fees.models import FeeBatch
from parcels.fees.queries import (
    FeeRow,
    batch,
    batches,
    fee_rows,
    heading_of,
    narrowed,
    open_lines,
    receipt_files,
    receipts,
    sums,
)
from parcels.fees.rules import canonical, yuan

PAGE_SIZE = 50


@right_required(VIEW_MAP)
@require_GET
def fees_page(request: HttpRequest) -> HttpResponse:
    """The decisions with what was paid and is owed, their sums, and the batches that went out."""
    actor = request_actor(request)
    form, rows, unsent = _asked(request)
    found = sums(rows)
    context: dict[str, Any] = {
        "form": form,
        "on": timezone.localdate(),
        **paged(request, rows, PAGE_SIZE),
        "sums": [
            (_("应缴"), yuan(found["assessed"])),
            (_("实缴"), yuan(found["paid"])),
            (_("尚欠"), yuan(found["outstanding"])),
            (_("其中逾期"), yuan(found["overdue"])),
            (_("多缴（应退）"), yuan(found["over"])),
        ],
        "unsent": unsent,
        "batches": [(item, yuan(item.amount_yuan)) for item in batches(actor)[:PAGE_SIZE]]
        if actor.town_codes is None
        else [],
        "may_manage": _may_manage(actor),
        "may_export": actor.may(EXPORT_DATA),
        "open_lines": open_lines(actor).count() if actor.town_codes is None else 0,
    }
    return render(request, "parcels/fees/fees.html", context)


@right_required(EXPORT_DATA)
@require_GET
def fees_xlsx(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook."""
    county, actor, on = current_county(), request_actor(request), timezone.localdate()
    actor.require(VIEW_MAP)
    _form, rows, _unsent = _asked(request)
    record_sending(county, actor, "土地闲置费台账", len(rows))
    return download(ledger(county, rows, on), f"{county.name}土地闲置费台账（{on:%Y-%m-%d}）.xlsx", XLSX)


@right_required(MANAGE_IDLE_CASES)
@require_POST
def freeze(request: HttpRequest) -> HttpResponse:
    """Freeze the next batch, or a correction."""
    form = FreezeForm(request.POST)

    def act(asked: dict[str, Any]) -> str:
        made = freeze_batch(
            county=current_county(),
            actor=request_actor(request),
            on=timezone.localdate(),
            reason=asked["reason"],
            corrects_id=asked["corrects"],
        )
        return _("已编制费源信息批次 %(no)s，共 %(n)s 件。") % {"no": made.batch_no, "n": made.row_count}

    _told(request, form, act)
    return redirect("fees")


@right_required(VIEW_MAP)
@require_GET
def batch_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One batch as it was frozen."""
    actor = request_actor(request)
    found = batch(actor, pk)
    context = {
        "batch": found,
        "total": yuan(found.amount_yuan),
        "page": Paginator(found.rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "corrected_by": getattr(found, "corrected_by", None),
        "may_manage": _may_manage(actor),
        "may_export": actor.may(EXPORT_DATA),
    }
    return render(request, "parcels/fees/batch.html", context)


@right_required(EXPORT_DATA)
@require_GET
def batch_file(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    """The batch as workbook, as CSV, or as the very text that its hash is taken over."""
    actor = request_actor(request)
    actor.require(VIEW_MAP)
    found = batch(actor, pk)
    record_sending(
        found.county,
        actor,
        "费源信息",
        found.row_count,
        batch=found.batch_no,
        kind=ending,
        sha256=found.sha256,
    )
    name = f"{found.county.name}土地闲置费费源信息{found.batch_no}.{ending}"
    if ending == "xlsx":
        return download(batch_workbook(found), name, XLSX)
    if ending == "csv":
        return download(batch_csv(found), name, "text/csv; charset=utf-8")
    return download(_hashed(found).encode("utf-8"), name, "application/json")


@right_required(VIEW_MAP)
@require_GET
def receipts_page(request: HttpRequest) -> HttpResponse:
    """The receipts with those withdrawn, the files that came, and the lines that wait for somebody."""
    return _receipts(request)


@right_required(EXPORT_DATA)
@require_GET
def receipts_xlsx(request: HttpRequest) -> HttpResponse:
    """Receipts and open lines as a workbook."""
    county, actor = current_county(), request_actor(request)
    actor.require(VIEW_MAP)
    rows = list(receipts(actor))
    lines = list(open_lines(actor)) if actor.town_codes is None else []
    record_sending(county, actor, "缴费凭证", len(rows), open_lines=len(lines))
    name = f"{county.name}土地闲置费缴费凭证（{timezone.localdate():%Y-%m-%d}）.xlsx"
    return download(receipts_workbook(county, rows, lines), name, XLSX)


@right_required(MANAGE_IDLE_CASES)
@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Check a file of receipts, or book what it says; every line is told with what became of it."""
    county, actor = current_county(), request_actor(request)
    actor.require(IMPORT_DATA)
    commit = request.POST.get("commit") == "1"
    try:
        file = uploaded_file(request)
        name = Path(str(file.name)).name
        with tempfile.TemporaryDirectory(prefix="landgis-receipts-") as folder:
            path = Path(folder) / "delivered"
            path.write_bytes(file.read())
            done = import_receipts(
                county=county,
                actor=actor,
                file=path,
                name=name,
                commit=commit,
                reason=request.POST.get("reason", "").strip() or _("导入税务回传"),
            )
    except LandgisError as error:
        messages.error(request, str(error))
        return _receipts(request, status=error.status)
    return _receipts(request, done=done, name=name)


@right_required(MANAGE_IDLE_CASES)
@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Book an open line on the decision named, or put it aside."""
    form = LineForm(request.POST)

    def act(asked: dict[str, Any]) -> str:
        common: dict[str, Any] = {
            "county": current_county(), "actor": request_actor(request), "line_id": pk, "reason": asked["reason"],
        }  # fmt: skip
        if request.POST.get("act") == "dismiss":
            dismiss_line(**common)
            return _("该行已标为不入账。")
        settle_line(decision_no=asked["decision_no"], **common)
        return _("该行已入账。")

    _told(request, form, act)
    return redirect("fee-receipts")


@right_required(MANAGE_IDLE_CASES)
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a wrong receipt back with its reason."""

    def act(asked: dict[str, Any]) -> str:
        made = withdraw_receipt(
            county=current_county(), actor=request_actor(request), receipt_id=pk, reason=asked["reason"]
        )
        return _("凭证 %(no)s 已撤回，原记录保留。") % {"no": made.receipt_no}

    _told(request, WithdrawForm(request.POST), act)
    return redirect("fee-receipts")


def _receipts(
    request: HttpRequest, *, done: ReceiptsRead | None = None, name: str = "", status: int = 200
) -> HttpResponse:
    actor = request_actor(request)
    whole = actor.town_codes is None
    page = Paginator(receipts(actor), PAGE_SIZE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "page": page,
        "rows": [(receipt, yuan(receipt.amount_yuan), withdrawn(receipt)) for receipt in page],
        "lines": open_lines(actor)[: PAGE_SIZE * 4] if whole else (),
        "files": receipt_files(actor)[:PAGE_SIZE] if whole else (),
        "done": done,
        "booked_told": yuan(done.booked_yuan) if done else "",
        "matched": [
            (item, yuan(item.amount_yuan) if item.amount_yuan is not None else "") for item in done.matched
        ]
        if done
        else [],
        "name": name,
        "decisions": [row.decision_no for row in fee_rows(current_county(), actor, timezone.localdate())]
        if _may_manage(actor)
        else [],
        "may_manage": _may_manage(actor),
        "may_export": actor.may(EXPORT_DATA),
    }
    return render(request, "parcels/fees/receipts.html", context, status=status)


def _asked(request: HttpRequest) -> tuple[FeeFilter, list[FeeRow], int]:
    """The rows that the filters ask for, and how many of all weren't told the tax authority yet."""
    county, actor = current_county(), request_actor(request)
    rows = fee_rows(county, actor, timezone.localdate())
    form = FeeFilter(request.GET, county=county)
    shown = narrowed(rows, form.cleaned_data) if form.is_valid() else []
    return form, shown, sum(not row.batch_no and row.balance.in_force for row in rows)


def _told(request: HttpRequest, form: Form, act: Callable[[dict[str, Any]], str]) -> None:
    """Do what a small form asks and keep for the next page how it went."""
    if not form.is_valid():
        for name, errors in form.errors.items():
            messages.error(request, f"{form.fields[name].label}：{errors[0]}")
        return
    try:
        messages.success(request, act(form.cleaned_data))
    except LandgisError as error:
        if error.status == 403:
            raise
        messages.error(request, str(error))


def _hashed(found: FeeBatch) -> str:
    corrects = found.corrects
    told = heading_of(
        found.county_id,
        found.batch_no,
        found.on,
        corrects.batch_no if corrects else "",
        corrects.sha256 if corrects else "",
    )
    return canonical(told, found.rows)


def _may_manage(actor: Actor) -> bool:
    return actor.may(MANAGE_IDLE_CASES) and actor.town_codes is None
