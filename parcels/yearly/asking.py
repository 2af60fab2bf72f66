"""What the lists of a year's facts have in common: of which year, by whom, why something is withdrawn, and the workbook.

Refuses to guess a year that makes no sense: the list then is of the newest returned one, and finds nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from landgis.access.queries import Actor
from landgis.access.rules import MANAGE_EVALUATION
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.errors import UsageError
from landgis.lib.http import XLSX, download
from landgis.lib.sheets import Column, Table, workbook_of
from parcels.returns.queries import newest_return_year

LONGEST_REASON = 500


def of_year(request: HttpRequest, county: County) -> dict[str, Any]:
    """What was asked for; of the newest returned year where none was."""
    given: dict[str, Any] = request.GET.dict()
    if not given.get("year"):
        given["year"] = str(newest_return_year(county))
    return given


def year_of(asked: forms.Form, county: County) -> int:
    return int(asked.cleaned_data["year"]) if asked.is_valid() else newest_return_year(county)


def manages(actor: Actor) -> bool:
    """Whether somebody may enter and decide for the whole county."""
    return actor.may(MANAGE_EVALUATION) and actor.town_codes is None


def reason_of(request: HttpRequest) -> str:
    """Why something is withdrawn; raises UsageError where nothing is said."""
    reason = request.POST.get("reason", "").strip()[:LONGEST_REASON]
    if not reason:
        raise UsageError(_("没有写明撤销的原因。"), remedy=_("请填写原因。"))
    return reason


def exported(
    county: County,
    actor: Actor,
    year: int,
    what: str,
    action: str,
    columns: Sequence[Column[Any]],
    rows: Sequence[Any],
) -> HttpResponse:
    """The list of a year as a workbook, with its audit row."""
    title = f"{county.name}{year}年度{what}"
    table = Table(
        title=title, note=f"共 {len(rows)} 条", unit="", footer=county.name, columns=columns, rows=rows
    )
    with change(
        county_code=county.code,
        by=actor.username,
        action=action,
        reason=f"导出{title}",
        year=year,
        rows=len(rows),
    ):
        content = workbook_of({what: table})
    return download(content, f"{title}.xlsx", XLSX)
