"""Freezing a disposal list: its rows, number, hash and paper are written together or not at all.

Refuses an empty list, a day ahead, and a correction of an issue that was corrected already.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Max

from landgis.access.queries import Actor
from landgis.access.rules import EXPORT_DATA, ISSUE_DOCUMENTS, MANAGE_IDLE_CASES
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.counties.queries import parameters
from landgis.lib.errors import Conflict, InputError, NotFound
from landgis.lib.turns import wait_for_turn
from parcels.disposal.queries import rules_of_days
from parcels.disposal_lists.models import DisposalList
from parcels.disposal_lists.queries import Filters, heading, listed_on, scope_told
from parcels.disposal_lists.rules import FINDING_TITLES, Changes, ListedCase, compare, fingerprint
from parcels.documents.actions import issue_document

NUMBER_PATTERN = "disposal.list_number"


def freeze_list(
    *,
    county: County,
    actor: Actor,
    on: date,
    today: date,
    filters: Filters,
    reason: str,
    corrects_id: int | None = None,
) -> DisposalList:
    """Freeze the list of a day under the next number of this year, with its paper; compared with the issue before."""
    actor.require_whole_county(MANAGE_IDLE_CASES)
    actor.require(ISSUE_DOCUMENTS)
    if on > today:
        raise InputError(
            "day_ahead", f"截止日期 {on} 晚于今天 {today}。", "请选择今天或者以前的日期。", field="on"
        )
    with change(
        county_code=county.code, by=actor.username, action="freeze_disposal_list", reason=reason, on=str(on)
    ) as running:
        _one_at_a_time(county)
        corrected = _corrected(county, corrects_id)
        rows = listed_on(county, actor, on, filters)
        if not rows:
            raise Conflict("没有符合条件的在办案件，清单为空。", remedy="请调整截止日期或者筛选条件。")
        number = _last_number(county, today.year) + 1
        issue_no = str(parameters(county, today)[NUMBER_PATTERN]).format(year=today.year, number=number)
        previous = _previous(county, filters)
        version = rules_of_days(county)(on).version
        told = heading(
            county.code,
            issue_no,
            on,
            filters.as_json(),
            version,
            previous.sha256 if previous else "",
            corrected.issue_no if corrected else "",
        )
        sha256 = fingerprint(told, rows)
        changes = _changes(previous, rows)
        paper = issue_document(
            county,
            actor,
            "disposal_list",
            _facts(county, rows, on, issue_no, sha256, filters, changes if previous else None),
            on=today,
            reason=reason,
            subject=issue_no,
        )
        made = DisposalList.objects.create(
            county=county,
            year=today.year,
            number=number,
            issue_no=issue_no,
            on=on,
            filters=filters.as_json(),
            rule_version=version,
            rows=[row.as_json() for row in rows],
            row_count=len(rows),
            sha256=sha256,
            previous=previous,
            corrects=corrected,
            document=paper,
            frozen_by=actor.username,
            reason=reason,
        )
        running.summary.update(issue_no=issue_no, rows=len(rows), sha256=sha256, changes=changes.told)
    return made


def record_sending(county: County, actor: Actor, found: DisposalList, kind: str, rows: int) -> None:
    """A file of an issue that goes out has its audit row."""
    actor.require(EXPORT_DATA)
    with change(
        county_code=county.code, by=actor.username, action="export_disposal_list",
        reason=f"导出处置清单（{kind}）", issue_no=found.issue_no, rows=rows, sha256=found.sha256,
    ):  # fmt: skip
        pass


def _facts(
    county: County,
    rows: list[ListedCase],
    on: date,
    issue_no: str,
    sha256: str,
    filters: Filters,
    changes: Changes | None,
) -> dict[str, Any]:
    return {
        "as_of": on,
        "issue_no": issue_no,
        "fact_hash": sha256,
        "list_scope": scope_told(county, filters.as_json()),
        "list_changes": changes.told if changes else "首期清单，无上期",
        "listed_count": len(rows),
        "listed_area_m2": sum((Decimal(row.area_m2) for row in rows if row.area_m2), Decimal(0)),
        "listed": [
            {
                "town": row.town,
                "parcel_code": row.parcel_code,
                "contract_no": row.contract_no or row.supervision_no,
                "holder": row.holder,
                "location": row.location,
                "area_m2": Decimal(row.area_m2) if row.area_m2 else None,
                "agreed_start": date.fromisoformat(row.agreed_start) if row.agreed_start else None,
                "idle_days": row.gross_idle_days,
                "kind": FINDING_TITLES[row.finding],
                "cause": row.cause,
                "stage": row.stage,
                "plan": row.mode,
            }
            for row in rows
        ],
    }


def _changes(previous: DisposalList | None, rows: list[ListedCase]) -> Changes:
    if previous is None:
        return Changes(new=tuple(rows))
    return compare([ListedCase.from_json(row) for row in previous.rows], rows)


def _previous(county: County, filters: Filters) -> DisposalList | None:
    """The newest issue with the same filters: lists of another scope can't be compared."""
    return DisposalList.objects.filter(county=county, filters=filters.as_json()).order_by("-id").first()


def _corrected(county: County, pk: int | None) -> DisposalList | None:
    if pk is None:
        return None
    found = DisposalList.objects.filter(pk=pk, county=county).first()
    if found is None:
        raise NotFound("没有要更正的这一期清单。", remedy="请在处置清单页选择。")
    if DisposalList.objects.filter(corrects=found).exists():
        raise Conflict(f"{found.issue_no} 已经更正过。", remedy="请更正其后的那一期。")
    return found


def _last_number(county: County, year: int) -> int:
    return int(
        DisposalList.objects.filter(county=county, year=year).aggregate(last=Max("number"))["last"] or 0
    )


def _one_at_a_time(county: County) -> None:
    wait_for_turn("disposal_list", county.code)
