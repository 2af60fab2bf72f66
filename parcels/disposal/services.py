"""Every paper that has to be served: how, when, by whom and with what evidence it was, and which ones still wait.

Refuses to call a paper of a settled or replaced step waiting: nothing runs from it any more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from landgis.access.queries import Actor
from landgis.access.rules import EXPORT_DATA
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.deadlines import days_between
from landgis.lib.sheets import Column, Table, workbook_of
from parcels.disposal.models import CaseStep, IdleCase
from parcels.disposal.queries import cases, steps_of
from parcels.disposal.stages import STAGES
from parcels.disposal.state import SERVICE, Step, effective, fold
from parcels.disposal.wording import HOW_TITLES


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """A paper with its service, or without one; `waiting_days` counts since the paper where it still has to be served."""

    case: IdleCase
    town_name: str
    title: str
    document_no: str
    issued_on: date
    seq: int
    receipt: Step | None
    server: str
    waiting_days: int | None

    @property
    def how_title(self) -> str:
        return HOW_TITLES.get(str(self.receipt.fact("how")), "") if self.receipt else ""

    @property
    def state(self) -> str:
        if self.receipt is not None:
            return "served"
        return "waiting" if self.waiting_days is not None else "obsolete"

    @property
    def state_title(self) -> str:
        return {"served": "已送达", "waiting": "未送达", "obsolete": "无须再送达"}[self.state]

    def fact(self, name: str) -> Any:
        return self.receipt.fact(name) if self.receipt else None


COLUMNS: tuple[Column[ServiceRow], ...] = (
    Column("案号", 16, "code", lambda row: row.case.case_no),
    Column("所属镇街", 10, "text", lambda row: row.town_name),
    Column("土地使用权人", 26, "wrapped", lambda row: row.case.phase.contract.holder_name),
    Column("宗地代码", 21, "code", lambda row: row.case.phase.contract.parcel_code),
    Column("文书", 22, "wrapped", lambda row: row.title),
    Column("文号", 24, "code", lambda row: row.document_no),
    Column("作出日期", 11.5, "date", lambda row: row.issued_on),
    Column("状态", 11, "text", lambda row: row.state_title),
    Column("送达日期", 11.5, "date", lambda row: row.receipt.on if row.receipt else None),
    Column("送达方式", 11, "text", lambda row: row.how_title),
    Column("公告日期", 11.5, "date", lambda row: row.fact("announced_on")),
    Column("受送达人", 18, "wrapped", lambda row: row.fact("receiver")),
    Column("送达人", 12, "text", lambda row: row.server),
    Column("送达凭证", 28, "wrapped", lambda row: row.fact("evidence")),
    Column("未送达天数", 10, "whole", lambda row: row.waiting_days),
)


def service_rows(county: County, actor: Actor, on: date) -> list[ServiceRow]:
    """All papers of the territory's cases as of a day in three statements, those that wait longest first."""
    found = list(cases(actor))
    steps = steps_of([case.pk for case in found])
    names = dict(county.towns.values_list("code", "name"))
    served_by = CaseStep.objects.filter(stage=SERVICE, case__in=[case.pk for case in found])
    persons = {(case, seq): person for case, seq, person in served_by.values_list("case_id", "seq", "person")}
    rows = []
    for case in found:
        known = effective(step for step in steps[case.pk] if step.on <= on)
        binding = {step.seq for step in fold(known).steps}
        receipts = {int(step.fact("of")): step for step in known if step.stage == SERVICE and step.fact("of")}
        for step in known:
            if step.stage in STAGES and STAGES[step.stage].is_served:
                receipt = receipts.get(step.seq)
                waits = receipt is None and step.seq in binding and case.closed_on is None
                rows.append(
                    ServiceRow(
                        case=case,
                        town_name=names.get(case.town_code, ""),
                        title=STAGES[step.stage].title,
                        document_no=step.document_no,
                        issued_on=step.on,
                        seq=step.seq,
                        receipt=receipt,
                        server=persons.get((case.pk, receipt.seq), "") if receipt else "",
                        waiting_days=days_between(step.on, on) if waits else None,
                    )
                )
    return sorted(
        rows,
        key=lambda row: (
            -(row.waiting_days if row.waiting_days is not None else -1),
            row.case.case_no,
            row.seq,
        ),
    )


def narrowed(rows: Sequence[ServiceRow], asked: Mapping[str, Any]) -> list[ServiceRow]:
    """`asked`: state, how, town and q; empty ones ask nothing."""
    text = str(asked.get("q") or "").strip().casefold()
    return [
        row
        for row in rows
        if (not asked.get("state") or row.state == asked["state"])
        and (not asked.get("how") or row.fact("how") == asked["how"])
        and (not asked.get("town") or row.case.town_code == asked["town"])
        and (
            not text
            or any(
                text in value.casefold()
                for value in (row.case.case_no, row.document_no, row.case.phase.contract.holder_name)
            )
        )
    ]


def services_workbook(county: County, actor: Actor, on: date, rows: Sequence[ServiceRow]) -> bytes:
    """The table ready to print; the file that goes out has its audit row."""
    actor.require(EXPORT_DATA)
    table = Table(
        title=f"{county.name}闲置土地文书送达台账",
        note=f"截至 {on}，共 {len(rows)} 份",
        unit="",
        footer=f"{county.name}　截至 {on}",
        columns=COLUMNS,
        rows=rows,
        frozen_columns=1,
    )
    recorded = change(
        county_code=county.code, by=actor.username, action="export_services", reason="导出送达台账", rows=len(rows)
    )  # fmt: skip
    with recorded:
        return workbook_of({"送达台账": table})
