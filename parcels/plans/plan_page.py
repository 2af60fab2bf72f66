"""Everything that the page of one plan shows: what it says, how it stands, its record, its versions and sheets.

Refuses to decide anything: the standing comes from the rules, the rights from `landgis.access`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from landgis.access.queries import Actor
from landgis.access.rules import ISSUE_DOCUMENTS
from landgis.counties.models import County
from landgis.lib.errors import NotFound
from parcels.cadastre.models import Parcel
from parcels.plans.models import Plan, PlanEntry, PlanSheet, PlanVersion
from parcels.plans.queries import (
    PATHS,
    PROBLEM_TYPES,
    PlanRow,
    code_titles,
    contents_of,
    may_manage,
    may_report,
    plan,
    plan_rows,
)
from parcels.plans.rules import CLOSING, ENTRIES, MEASURED, MILESTONE, PROGRESS, REOPENING, Contents


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """An entry as the page tells it; `undone` is the entry that took it back."""

    row: PlanEntry
    title: str
    about: str
    undone: PlanEntry | None
    may_undo: bool


class PlanFile:
    """One plan, read once."""

    def __init__(self, county: County, actor: Actor, plan_id: int, on: date) -> None:
        self.county, self.actor, self.on = county, actor, on
        self.plan: Plan = plan(actor, plan_id)
        rows = plan_rows(county, actor, on, [self.plan])
        if not rows:
            raise NotFound(
                f"{on} 时还没有这一方案。", remedy=f"方案编制于 {self.plan.made_on}，请选择以后的日期。"
            )
        self.row: PlanRow = rows[0]

    @cached_property
    def may_manage(self) -> bool:
        return may_manage(self.actor, self.plan)

    @cached_property
    def may_issue(self) -> bool:
        """Sheets of idle land are papers of the bureau; a firm's are issued by who manages its plan."""
        return self.may_manage and (self.plan.subject == "enterprise" or self.actor.may(ISSUE_DOCUMENTS))

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """What the actor may enter now."""
        state, standing = self.row.standing.state, self.row.standing
        if state == "closed":
            return (REOPENING,) if self.may_manage else ()
        reported = (PROGRESS, *((MEASURED,) if standing.targets else ()))
        if self.may_manage:
            open_ones = (MILESTONE,) if any(not item.done_on for item in standing.milestones) else ()
            return (*reported, *open_ones, CLOSING)
        return reported if may_report(self.actor, self.plan) else ()

    @cached_property
    def versions(self) -> list[PlanVersion]:
        return list(PlanVersion.objects.filter(plan=self.plan).order_by("-seq"))

    @cached_property
    def sheets(self) -> list[PlanSheet]:
        if not self.row.figures_shown:
            return []
        rows = PlanSheet.objects.filter(version__plan=self.plan).select_related("document__number", "version")
        return list(rows.defer("document__docx", "document__pdf", "document__facts").order_by("-pk"))

    @cached_property
    def sheets_with_pdf(self) -> set[int]:
        rows = PlanSheet.objects.filter(version__plan=self.plan, document__pdf__isnull=False)
        return set(rows.values_list("document_id", flat=True))

    @cached_property
    def parcel_code(self) -> str:
        """The parcel of the register that the map can show."""
        code = self.row.subject.parcel_code
        known = code and Parcel.objects.filter(county=self.county, code=code, valid_to=None).exists()
        return code if known else ""

    @cached_property
    def entries(self) -> list[ShownEntry]:
        rows = PlanEntry.objects.filter(plan=self.plan).select_related("reverses", "reversed_by")
        rows = rows.prefetch_related("tied__attachment").order_by("-on", "-seq")
        standing = self.row.standing
        stands = {entry.seq for entry in standing.effective}
        turns = [entry.seq for entry in standing.effective if entry.kind in (CLOSING, REOPENING)]
        names = {(MILESTONE, item.milestone.number): item.milestone.title for item in standing.milestones}
        names |= {(MEASURED, item.target.number): item.target.metric for item in standing.targets}
        return [
            ShownEntry(
                row=row,
                title=ENTRIES[row.kind],
                about=names.get((row.kind, row.item or 0), ""),
                undone=getattr(row, "reversed_by", None),
                may_undo=self.may_manage
                and row.seq in stands
                and (turns[-1:] == [row.seq] if row.is_turn else standing.state != "closed"),
            )
            for row in rows
        ]

    def version(self, seq: int) -> tuple[PlanVersion, Contents, dict[str, Any]]:
        """An earlier version with its codes in words."""
        found = next((item for item in self.versions if item.seq == seq), None)
        if found is None:
            raise NotFound(f"方案没有第 {seq} 版。", remedy="请在方案页面的版本记录中选择。")
        problems, paths = code_titles(self.county, PROBLEM_TYPES), code_titles(self.county, PATHS)
        titles = {
            "problem_titles": [problems.get(code, code) for code in found.problem_types],
            "path_titles": [paths.get(code, code) for code in found.paths],
        }
        return found, contents_of([found])[found.pk], titles
