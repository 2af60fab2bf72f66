"""Where a report's rows lead: the page of a project, a case, a contract's phase, a task, a firm, or a town's missing weeks.

Refuses a page outside the actor's towns, and a statement a row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.urls import reverse

from landgis.access.queries import Actor, in_territory
from parcels.campaigns.models import Project
from parcels.disposal.queries import cases
from parcels.low_efficiency.models import LowEfficiencyFile
from parcels.reports.rules import Item
from parcels.supply.models import ContractPhase
from parcels.tasks.models import Task

Links = Mapping[tuple[str, str], str]


def links_of(actor: Actor, items: Iterable[Item]) -> Links:
    """(kind, key) of a row → its page, in five statements for all; what is gone leads nowhere."""
    named: dict[str, dict[tuple[str, str], str]] = {}
    for item in items:
        page, name = _named(item)
        named.setdefault(page, {})[item.kind, item.key] = name
    found: dict[tuple[str, str], str] = {}
    for row in named.pop("low-efficiency-due", {}):
        found[row] = f"{reverse('low-efficiency-due')}?kind=week"
    for page, rows in named.items():
        ids = _ids(actor, page, set(rows.values()))
        found |= {row: reverse(page, args=[ids[name]]) for row, name in rows.items() if name in ids}
    return found


def _named(item: Item) -> tuple[str, str]:
    """The page's name in the addresses, and what its row is called there."""
    if item.kind in ("project", "credit"):
        return "project", item.key if item.kind == "project" else item.key.rpartition("/")[0]
    if item.kind == "firm":
        return "low-efficiency-file", item.key
    if item.kind == "look_back":
        return "low-efficiency-file", item.key.rpartition("/")[0]
    if item.kind == "weeks":
        return "low-efficiency-due", item.key
    if item.kind == "phase":
        return "phase", item.key.rpartition("/")[2].lstrip("0")
    if item.kind == "task":
        return "task", item.key.rsplit("/", 2)[0]
    return "case", item.key if item.kind == "case" else item.key.rsplit("/", 2)[0]


def _ids(actor: Actor, page: str, names: set[str]) -> dict[str, int]:
    if page == "project":
        rows = in_territory(Project.objects.filter(project_no__in=names), actor)
        return dict(rows.values_list("project_no", "pk"))
    if page == "low-efficiency-file":
        files = in_territory(LowEfficiencyFile.objects.filter(file_no__in=names), actor)
        return dict(files.values_list("file_no", "pk"))
    if page == "phase":
        phases = ContractPhase.objects.filter(pk__in=[name for name in names if name.isdecimal()])
        found = in_territory(phases, actor, field="contract__town_code").values_list("pk", flat=True)
        return {str(pk): pk for pk in found}
    if page == "task":
        tasks = Task.objects.filter(county_id=actor.county_code, task_no__in=names).order_by("valid_from")
        return dict(tasks.values_list("task_no", "pk"))
    return dict(cases(actor).filter(case_no__in=names).order_by("case_no").values_list("case_no", "pk"))
