"""The reports on screen: the figures of a day, the issues that were frozen, the rows behind a figure, comparisons, files.

Refuses figures and rows of other towns; what the rules object to is said on the page.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from landgis.access.queries import Actor
from landgis.access.rules import EXPORT_DATA, MANAGE_CAMPAIGNS, VIEW_MAP
from landgis.access.views import request_actor, right_required
from landgis.counties.queries import current_county
from landgis.lib.errors import InputError, LandgisError
from landgis.lib.http import DOCX, XLSX, download
from landgis.lib.lists import paged
from parcels.reports import frame
from parcels.reports.actions import freeze_issue, make_pdf, record_sending
from parcels.reports.files import ITEM_KINDS, parts_told, workbook
from parcels.reports.forms import FreezeForm, LiveRowsForm, ReportForm, RowsForm, told
from parcels.reports.links import links_of
from parcels.reports.models import ReportIssue
from parcels.reports.papers import count_rows, line_rows, summary, targets_told
from parcels.reports.queries import Content, content_on, is_intact, issue, issue_before, issues
from parcels.reports.rules import (
    BY_KEY,
    KINDS,
    SUMMED,
    WHOLE,
    compare_items,
    compare_parcels,
    counting,
    groups_of,
)
from parcels.reports.wording import gaps, shown
from parcels.reports.wording import told as told_figure

PAGE_SIZE = 50
MOST_PARCELS = 200  # on the page; the workbook has them all


@right_required(VIEW_MAP)
@require_GET
def reports_page(request: HttpRequest) -> HttpResponse:
    """The issues, and what an issue of the chosen day would state."""
    asked = {"kind": "weekly", "on": f"{timezone.localdate():%Y-%m-%d}", **request.GET.dict()}
    return _reports(request, ReportForm(asked))


@right_required(MANAGE_CAMPAIGNS)
@require_POST
def freeze(request: HttpRequest) -> HttpResponse:
    """Freeze the report under the next number; a refusal is told on the page with what was typed in."""
    form = FreezeForm(request.POST)
    if not form.is_valid():
        messages.error(request, told(form))
        return _reports(request, ReportForm(request.POST), 422)
    try:
        made = freeze_issue(
            county=current_county(),
            actor=request_actor(request),
            kind=form.cleaned_data["kind"],
            on=form.cleaned_data["on"],
            today=timezone.localdate(),
            reason=form.cleaned_data["reason"],
            corrects_id=form.cleaned_data["corrects"],
        )
    except LandgisError as error:
        messages.error(request, str(error))
        return _reports(request, ReportForm(request.POST), error.status)
    messages.success(request, _("已编制 %(issue)s。") % {"issue": made.issue_no})
    return redirect("report", pk=made.pk)


@right_required(VIEW_MAP)
@require_GET
def issue_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One issue: its figures as frozen, its number and hash; every figure leads to its rows."""
    actor, found, content = _opened(request, pk)
    before = issue_before(found)
    context = {
        "issue": found,
        **_table(content),
        "intact": is_intact(found),
        "corrected_by": getattr(found, "corrected_by", None),
        "before": before,
        "others": issues(actor).exclude(pk=pk)[:200],
        "may_freeze": _may_freeze(actor),
        "may_export": actor.may(EXPORT_DATA),
        "part": actor.town_codes is not None,
    }
    return render(request, "parcels/reports/issue.html", context)


@right_required(VIEW_MAP)
@require_GET
def issue_rows(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows behind a figure of an issue, as frozen."""
    _actor, found, content = _opened(request, pk)
    return _rows(request, content, _read(RowsForm(request.GET)), found)


@right_required(VIEW_MAP)
@require_GET
def live_rows(request: HttpRequest) -> HttpResponse:
    """The rows behind a figure of a day."""
    asked = _read(LiveRowsForm(request.GET))
    content = content_on(current_county(), request_actor(request), asked["kind"], asked["on"])
    return _rows(request, content, asked, None)


@right_required(VIEW_MAP)
@require_GET
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Two issues side by side: each figure and each row that they state differently."""
    actor, found, content = _opened(request, pk)
    other, before = _other(request, actor)
    items = Paginator(compare_items(before.items, content.items), PAGE_SIZE)
    parcels = compare_parcels(before.items, content.items)
    page = items.get_page(request.GET.get("page"))
    figures = frame.compare(before.as_json(), content.as_json())
    context = {
        "issue": found,
        "other": other,
        "figures": [
            (one, told_figure(one.figure, one.before), told_figure(one.figure, one.after)) for one in figures
        ],
        "rows": [(one, ITEM_KINDS[one.item.kind]) for one in page],
        "parcels": parcels[:MOST_PARCELS],
        "parcel_count": len(parcels),
        "page": page,
        "query": f"with={other.pk}",
        "may_export": actor.may(EXPORT_DATA),
    }
    return render(request, "parcels/reports/compare.html", context)


@right_required(EXPORT_DATA)
@require_GET
def issue_xlsx(request: HttpRequest, pk: int) -> HttpResponse:
    """The issue as a workbook; `?with=` adds the comparison to another issue."""
    actor, found, content = _opened(request, pk)
    _record(actor, found, "xlsx")
    if not request.GET.get("with"):
        return _download(workbook(found, content), found, "xlsx", XLSX)
    other, before = _other(request, actor)
    changes = (
        frame.compare(before.as_json(), content.as_json()),
        compare_items(before.items, content.items),
        compare_parcels(before.items, content.items),
    )
    return _download(workbook(found, content, other, changes), found, "xlsx", XLSX)


@right_required(EXPORT_DATA)
@require_GET
def issue_docx(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper as it was made with the issue; it holds the whole county."""
    actor, found = _whole(request, pk)
    _record(actor, found, "docx")
    return _download(bytes(found.document.docx), found, "docx", DOCX)


@right_required(EXPORT_DATA)
@require_GET
def issue_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as PDF."""
    actor, found = _whole(request, pk)
    content = make_pdf(found.county, actor, found)
    _record(actor, found, "pdf")
    return _download(content, found, "pdf", "application/pdf")


@right_required(EXPORT_DATA)
@require_GET
def issue_json(request: HttpRequest, pk: int) -> HttpResponse:
    """The very text that the hash is taken over, so that anybody can reckon it again."""
    actor, found = _whole(request, pk)
    _record(actor, found, "json")
    return _download(found.body.encode("utf-8"), found, "json", "application/json")


def _reports(request: HttpRequest, form: ReportForm, status: int = 200) -> HttpResponse:
    actor = request_actor(request)
    context: dict[str, Any] = {
        "form": form,
        "issues": Paginator(issues(actor), PAGE_SIZE).get_page(request.GET.get("page")),
        "kinds": KINDS,
        "may_freeze": _may_freeze(actor),
        "reason": request.POST.get("reason", ""),
        "corrects": _corrected(request, actor),
    }
    context["page"] = context["issues"]
    if form.is_valid():
        asked = form.cleaned_data
        content = content_on(current_county(), actor, asked["kind"], asked["on"])
        context |= {**_table(content), "kind": asked["kind"], "on": asked["on"]}
    elif status == 200:
        messages.error(request, told(form))
    return render(request, "parcels/reports/list.html", context, status=status)


def _table(content: Content) -> dict[str, Any]:
    whole = content.row(WHOLE)
    groups = [
        (title, group, [
            (row, [
                (figure, shown(figure.key, row["figures"].get(figure.key)),
                 figure.key in SUMMED and row["figures"].get(figure.key) not in (None, "0"))
                for figure in group
            ])
            for row in content.towns
        ])
        for title, group in groups_of(content.towns).items()
    ]  # fmt: skip
    return {
        "heading": content.heading,
        "groups": groups,
        "summary": summary(content.heading, whole["figures"]) if whole else [],
        "targets": targets_told(content),
        "counts": count_rows(content),
        "line_versions": line_rows(content.heading),
        "gaps": dict.fromkeys(text for row in content.towns for text in gaps(row["figures"])),
    }


def _rows(
    request: HttpRequest, content: Content, asked: dict[str, Any], found: ReportIssue | None
) -> HttpResponse:
    listed = counting(content.items, asked["figure"], asked["town"])
    towns = {row["code"]: row["name"] for row in content.towns}
    listing = paged(request, listed, PAGE_SIZE)
    row = content.row(asked["town"])
    links = links_of(request_actor(request), listing["page"])
    context = {
        "issue": found,
        "heading": content.heading,
        "kind_title": KINDS[content.heading["kind"]],
        "figure": BY_KEY[asked["figure"]],
        "place": towns.get(asked["town"], ""),
        "total": shown(asked["figure"], row["figures"].get(asked["figure"])) if row else "",
        "rows": [
            (
                item,
                ITEM_KINDS[item.kind],
                towns.get(item.town_code, "—"),
                parts_told(item),
                links.get((item.kind, item.key)),
            )
            for item in listing["page"]
        ],
        **listing,
    }
    return render(request, "parcels/reports/rows.html", context)


def _read(form: RowsForm) -> dict[str, Any]:
    if not form.is_valid():
        field = next(iter(form.errors))
        raise InputError(
            "rows_unknown",
            f"不能列出明细：{told(form)}",
            "请从通报或者挂图的数字点入。",
            field=field,
        )
    return form.cleaned_data


def _opened(request: HttpRequest, pk: int) -> tuple[Actor, ReportIssue, Content]:
    actor = request_actor(request)
    found = issue(actor, pk)
    return actor, found, Content.from_text(found.body).part_of(actor)


def _whole(request: HttpRequest, pk: int) -> tuple[Actor, ReportIssue]:
    actor = request_actor(request)
    actor.require_whole_county(EXPORT_DATA)
    return actor, issue(actor, pk)


def _other(request: HttpRequest, actor: Actor) -> tuple[ReportIssue, Content]:
    named = request.GET.get("with", "")
    if not (named.isdecimal() and len(named) < 19):
        raise InputError("issue_unknown", "没有指明与哪一期对比。", "请在通报页选择一期。", field="with")
    other = issue(actor, int(named))
    return other, Content.from_text(other.body).part_of(actor)


def _corrected(request: HttpRequest, actor: Actor) -> ReportIssue | None:
    """The issue that is about to be corrected, where one was named."""
    named = request.POST.get("corrects") or request.GET.get("corrects") or ""
    return issues(actor).filter(pk=int(named)).first() if named.isdecimal() and len(named) < 19 else None


def _may_freeze(actor: Actor) -> bool:
    return actor.may(MANAGE_CAMPAIGNS) and actor.town_codes is None


def _record(actor: Actor, found: ReportIssue, kind: str) -> None:
    record_sending(found.county, actor, kind, found.row_count, issue_no=found.issue_no, sha256=found.sha256)


def _download(content: bytes, found: ReportIssue, kind: str, content_type: str) -> HttpResponse:
    return download(
        content, f"{found.county.name}{found.issue_no}（{found.on:%Y-%m-%d}）.{kind}", content_type
    )
