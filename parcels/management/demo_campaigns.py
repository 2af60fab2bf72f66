"""The demo's work on the ledgers (示意数据): clusters, projects at every stage, credits, counts, and issues of the reports.

Refuses to write past the rooms' own actions: what the demo shows is what an officer could have entered.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from landgis.access.queries import Actor
from landgis.counties.models import County
from parcels.campaigns.actions import open_project, record_stage
from parcels.campaigns.count_actions import credit_count
from parcels.campaigns.credit_actions import credit_ground
from parcels.campaigns.models import Project
from parcels.campaigns.target_actions import hand_down
from parcels.clusters.actions import find_clusters
from parcels.reports.actions import freeze_issue
from parcels.tasks.actions import file_report, save_task
from parcels.tasks.queries import task_duties

REASON = "载入示意数据"
FIRST, LAST = date(2024, 2, 1), date(2026, 10, 31)
UNITS = ("市经信局", "市自然资源和规划局", "市生态环境局", "市商务局")
BEFORE_DONE = {
    "remediation": ("plan", "agreement", "works"),
    "revitalisation": ("plan", "agreement", "vacated"),
}
CLOSING = ("done", "town_check", "department_check", "approval", "publicity", "closed")
# How many stages projects have passed, in turn: most are finished, some are under way, a few have only been opened.
PASSED = (9, 9, 4, 9, 3, 5, 9, 2, 4, 1)
# Land of a wider reach than the county's own limits find: what was tackled before is no longer inefficient today.
TAX_BELOW, LEAST_MU, PROJECTS = 12.0, 40.0, 56
COUNTS = {
    "remediation.phased_out_enterprises": Decimal(6),
    "remediation.improved_enterprises": Decimal(42),
    "remediation.energy_freed_tce": Decimal(13500),
    "remediation.carbon_cut_t": Decimal(24500),
}
TARGETS = {"remediation.total_mu": Decimal(9000), "revitalisation.yearly_mu": Decimal(1000)}
TASKS_DONE_BEFORE = date(2025, 12, 1)
TASK: dict[str, Any] = {
    "task_no": "示意-1", "title": "低效用地整治年度核查（示意）", "text": "逐宗核查已入账地块，填报核查结果和现场照片。",
    "basis": "示意数据：年度工作安排", "lead_units": ["市自然资源和规划局"], "helper_units": ["市经信局"], "each_town": True,
    "rhythm": "once", "due_on": date(2026, 12, 10), "valid_from": date(2026, 10, 1), "valid_to": date(2026, 12, 31),
}  # fmt: skip
ISSUES = (("quarterly", date(2026, 6, 30)), ("monthly", date(2026, 9, 30)), ("weekly", date(2026, 10, 30)))


class Work(NamedTuple):
    """A project to open: its ledger, parcels and way, the day of its first stage, and how many stages it has passed."""

    ledger: str
    name: str
    parcel_codes: list[str]
    way: str
    opened: date
    passed: int


def play(county: County, actor: Actor, *, year: int, on: date) -> None:
    """All of it in one transaction, or nothing where any project is there already."""
    if Project.objects.filter(county=county).exists():
        return
    asked: dict[str, Any] = {"county": county, "actor": actor, "year": year, "on": on, "reason": REASON}
    with transaction.atomic():
        find_clusters(**asked, commit=True)
        wide = find_clusters(**asked, tax_per_mu_below=TAX_BELOW, min_mu=LEAST_MU).document["clusters"]
        # Large and small in turn.
        largest = sorted(wide, key=lambda one: -one["net_mu"])[:PROJECTS]
        chosen = sorted(largest, key=lambda one: hash_of(one["parcels"]))
        _hand_down(county, actor, chosen)
        for number, work in enumerate(_works(chosen)):
            _project(county, actor, work, number)
        for half in (date(2024, 12, 20), date(2025, 6, 20), date(2025, 12, 20), date(2026, 6, 20)):
            for key, value in COUNTS.items():
                credit_count(
                    county=county, actor=actor, key=key, town_code="", value=value, on=half,
                    evidence="示意：验收汇总表", reason=REASON,
                )  # fmt: skip
        _report_on_tasks(county, actor)
        for kind, last in ISSUES:
            freeze_issue(
                county=county, actor=actor, kind=kind, on=last, today=timezone.localdate(), reason=REASON
            )


def _hand_down(county: County, actor: Actor, chosen: Sequence[Mapping[str, Any]]) -> None:
    """The county's targets in whole 亩 by the land that was chosen in each town; the largest has what rounding leaves."""
    codes = dict(county.towns.values_list("name", "code"))
    land = dict.fromkeys(codes.values(), Decimal(60))
    for one in chosen:
        land[codes[one["towns"][0]]] += Decimal(str(one["net_mu"]))
    whole, largest = sum(land.values()), max(land, key=lambda code: land[code])
    for key, target in TARGETS.items():
        parts = {code: (target * mu / whole).quantize(Decimal(1)) for code, mu in land.items()}
        parts[largest] += target - sum(parts.values())
        hand_down(
            county=county, actor=actor, key=key, parts=parts, basis="示意数据：任务分解表", on=date(2024, 1, 1),
            reason=REASON,
        )  # fmt: skip


def _report_on_tasks(county: County, actor: Actor) -> None:
    """What the tasks of the plan that ended asked for is done; one of the plan that runs is still to do."""
    for due in task_duties(county, actor, LAST, within_days=0):
        if due.due_on < TASKS_DONE_BEFORE:
            file_report(
                county=county, actor=actor, task_id=due.task.pk, town_code=due.town_code, on=due.due_on,
                text="示意：已按要求完成。", done_for=due.due_on,
            )  # fmt: skip
    save_task(county=county, actor=actor, facts=TASK, reason=REASON)


def _works(chosen: Sequence[Mapping[str, Any]]) -> Iterator[Work]:
    step = (LAST - timedelta(days=200) - FIRST) / max(len(chosen), 1)
    for n, one in enumerate(chosen):
        opened = FIRST + step * n
        told = (f"示意连片 {n + 1}", one["parcels"], one["suggested_way"] or "有机更新")
        yield Work("remediation", *told, opened, PASSED[n % len(PASSED)])
        if n % 3 == 1:
            yield Work("revitalisation", *told, opened + timedelta(days=30), PASSED[n // 3 % len(PASSED)])


def _project(county: County, actor: Actor, work: Work, number: int) -> None:
    made = open_project(
        county=county, actor=actor, ledger=work.ledger, name=work.name, lead_unit=UNITS[number % len(UNITS)],
        helper_units=[UNITS[(number + 1) % len(UNITS)]], person="示意联系人", way=work.way,
        parcel_codes=work.parcel_codes, on=work.opened, due_on=work.opened + timedelta(days=300), reason=REASON,
    )  # fmt: skip
    day = work.opened
    for stage in (*BEFORE_DONE[work.ledger], *CLOSING)[: work.passed]:
        day += timedelta(days=18)
        record_stage(
            county=county, actor=actor, project_id=made.pk, stage=stage, on=day, person="示意经办人",
            evidence=f"示意：{made.project_no} 材料", reason=REASON,
        )  # fmt: skip
        if stage == "done":
            credit_ground(
                county=county,
                actor=actor,
                project_id=made.pk,
                on=day,
                evidence="示意：验收意见",
                reason=REASON,
            )


def hash_of(codes: Sequence[str]) -> str:
    """The same order on every machine, unlike that of the clusters' sizes."""
    return hashlib.sha256(",".join(codes).encode()).hexdigest()
