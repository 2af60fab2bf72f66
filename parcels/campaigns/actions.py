"""Projects and their stages.

Refuses a stage out of order, and any change without its author, reason and evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

import shapely
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from landgis.access.queries import Actor
from landgis.access.rules import MANAGE_CAMPAIGNS, REPORT_FACTS
from landgis.audit.change import Change, change
from landgis.counties.models import County
from landgis.lib.days import not_ahead
from landgis.lib.errors import Conflict, Forbidden, InputError
from parcels.cadastre.attachments import keep_evidence
from parcels.campaigns import queries
from parcels.campaigns.claims import area_m2
from parcels.campaigns.credit_actions import take_back_all
from parcels.campaigns.ground import drawn, ground_of, hold_ledger, look_around, project_of, sliver_m2, stored
from parcels.campaigns.models import Project, ProjectStep, StepPaper
from parcels.campaigns.placing import parcels_under, split_by_town
from parcels.campaigns.rules import (
    LEDGERS,
    STAGES,
    missing_before,
    stage_of,
    stages_open,
)
from parcels.clusters.models import Cluster

# What the town itself may record of its own projects; everything else is the bureau's.
TOWN_STAGES = frozenset({"works", "town_check"})


def open_project(
    *,
    county: County,
    actor: Actor,
    ledger: str,
    name: str,
    lead_unit: str,
    on: date,
    reason: str,
    parcel_codes: Iterable[str] = (),
    cluster_id: int | None = None,
    geom_4490: shapely.Geometry | None = None,
    helper_units: Iterable[str] = (),
    person: str = "",
    way: str = "",
    due_on: date | None = None,
    note: str = "",
    despite: bool = True,
) -> Project:
    """Open a project on a cluster, on parcels or on drawn ground; its town is the one that most of it lies in.

    `despite`: also on ground that another running project of the ledger has or that crosses the county's boundary.
    """
    actor.require_whole_county(MANAGE_CAMPAIGNS)
    not_ahead(on, timezone.localdate())
    if ledger not in LEDGERS:
        raise InputError(
            "ledger_unknown", f"没有台账“{ledger}”。", f"可用的有：{'、'.join(LEDGERS)}。", field="ledger"
        )
    if not name.strip() or not lead_unit.strip():
        raise InputError("project_incomplete", "项目名称和牵头单位必须填写。", "请补充后重试。", field="name")
    cluster = _cluster(county, cluster_id)
    codes = sorted({code.strip() for code in parcel_codes if code.strip()}) or (
        list(cluster.parcel_codes) if cluster else []
    )
    ground, sliver = ground_of(county, codes, geom_4490), sliver_m2(county, on)
    towns = [town for town, _ in split_by_town(county, ground, sliver_m2=sliver, otherwise="")]
    with transaction.atomic():
        hold_ledger(county, ledger)
        _cluster(county, cluster_id, hold=True)
        look_around(county, ledger, ground, sliver, despite=despite)
        with change(
            county_code=county.code,
            by=actor.username,
            action="open_project",
            reason=reason,
            ledger=ledger,
            name=name,
        ) as running:
            number = queries.last_number(county, ledger, on.year) + 1
            prefix = {"remediation": "整治", "revitalisation": "盘活"}[ledger]
            project = Project.objects.create(
                county=county,
                ledger=ledger,
                project_no=f"〔{on.year}〕{prefix}{number:03}号",
                name=name.strip(),
                way=way or (cluster.way if cluster else ""),
                town_code=towns[0],
                town_codes=sorted(town for town in towns if town),
                parcel_codes=codes or list(parcels_under(county, ground, sliver_m2=sliver)),
                cluster=cluster,
                geom_4490=stored(ground),
                geom_3857=drawn(ground),
                area_m2=area_m2(ground),
                lead_unit=lead_unit.strip(),
                helper_units=[unit.strip() for unit in helper_units if unit.strip()],
                person=person.strip(),
                due_on=due_on,
                note=note.strip(),
                valid_from=on,
                source="项目立项",
            )
            _step(project, "opened", on, person or actor.display_name or actor.username, "", "", actor)
            running.summary.update(project=project.pk, project_no=project.project_no)
    return project


def record_stage(
    *,
    county: County,
    actor: Actor,
    project_id: int,
    stage: str,
    on: date,
    person: str,
    reason: str,
    evidence: str = "",
    note: str = "",
    papers: Sequence[tuple[str, bytes]] = (),
) -> ProjectStep:
    """Record that a project reached a stage, with the papers that it rests on.

    The town may record the works and its own check of its own projects. A relapse (返潮重启) takes back on its day what is
    credited: the ground counts again once the work is done again, and past days stay as they were.
    """
    not_ahead(on, timezone.localdate())
    with _changed(county, actor, project_id, "record_project_stage", reason, stage=stage) as (
        project,
        running,
    ):
        _may_record(actor, project, stage)
        done = queries.standing_stages(project)
        known = stage_of(project.ledger, stage)
        if known is None:
            titles = "、".join(f"{one.code}（{one.title}）" for one in STAGES[project.ledger])
            raise InputError(
                "stage_unknown", f"没有“{stage}”这个阶段。", f"可用的有：{titles}。", field="stage"
            )
        if known not in stages_open(project.ledger, done):
            missing = missing_before(project.ledger, known, done)
            told = f"还缺：{'、'.join(missing)}" if missing else "该阶段已经登记"
            raise Conflict(
                f"现在不能登记“{known.title}”：{told}。", remedy="请按顺序登记；登记有误的请先撤销。"
            )
        if known.evidence and not evidence.strip():
            raise InputError(
                "evidence_missing",
                f"“{known.title}”必须写明佐证材料。",
                "请填写文号、照片或验收单编号。",
                field="evidence",
            )
        if not person.strip():
            raise InputError(
                "person_missing", "请填写经办人。", "经办人与日期、佐证须一并登记。", field="person"
            )
        last = project.steps.filter(reverses=None, reversed_by=None).aggregate(on=Max("on"))["on"]
        if last and on < last:
            raise InputError("stage_before", f"日期 {on} 早于上一阶段的 {last}。", "请核对日期。", field="on")
        step = _step(project, stage, on, person.strip(), evidence.strip(), note.strip(), actor)
        if stage == "reopened":
            taken = take_back_all(
                project, on=on, evidence=step.evidence, reason=f"{known.title}：{reason}", by=actor.username
            )
            running.summary.update(reversed=[row.pk for row in taken])
        for kept in keep_evidence(county, papers, by=actor.username):
            StepPaper.objects.create(step=step, attachment=kept)
        return step


def reverse_stage(
    *, county: County, actor: Actor, project_id: int, seq: int, on: date, reason: str
) -> ProjectStep:
    """Take the newest stage back; it stays on record with the row that took it back."""
    actor.require_whole_county(MANAGE_CAMPAIGNS)
    not_ahead(on, timezone.localdate())
    with _changed(county, actor, project_id, "reverse_project_stage", reason, seq=seq) as (project, _):
        counting = list(project.steps.filter(reverses=None, reversed_by=None).order_by("-seq")[:1])
        if not counting or counting[0].seq != seq or counting[0].stage == "opened":
            raise Conflict("只能撤销最近登记的阶段，立项不能撤销。", remedy="请从最近的阶段依次撤销。")
        step = counting[0]
        if on < step.on:
            raise InputError(
                "reversal_before",
                f"撤销日期 {on} 早于该阶段的登记日期 {step.on}。",
                "请核对日期。",
                field="on",
            )
        known = stage_of(project.ledger, step.stage)
        if known and known.credits and project.credits.filter(reverses=None, reversed_by=None).exists():
            raise Conflict("项目已有入账面积，不能撤销完成。", remedy="请先冲销该项目的入账。")
        return ProjectStep.objects.create(
            project=project, seq=_next_seq(project), stage=step.stage, on=on, person=actor.username,
            note=reason, reverses=step, recorded_by=actor.username,
        )  # fmt: skip


@contextmanager
def _changed(
    county: County, actor: Actor, project_id: int, action: str, reason: str, **summary: Any
) -> Iterator[tuple[Project, Change]]:
    with change(
        county_code=county.code,
        by=actor.username,
        action=action,
        reason=reason,
        project=project_id,
        **summary,
    ) as running:
        yield project_of(county, actor, project_id), running


def _may_record(actor: Actor, project: Project, stage: str) -> None:
    if actor.may(MANAGE_CAMPAIGNS) and actor.town_codes is None:
        return
    actor.require(REPORT_FACTS)
    if stage not in TOWN_STAGES:
        raise Forbidden("镇街只登记本镇街项目的实施情况和初验。", remedy="其他阶段请由县级专管员登记。")


def _cluster(county: County, cluster_id: int | None, *, hold: bool = False) -> Cluster | None:
    """A confirmed cluster in force; a proposal isn't a project's ground yet. Held, nobody dismisses it meanwhile."""
    if cluster_id is None:
        return None
    rows = Cluster.objects.select_for_update() if hold else Cluster.objects.all()
    cluster = rows.filter(county=county, pk=cluster_id, valid_to=None).first()
    if cluster is None or cluster.confirmed_on is None:
        raise Conflict("只有已确认的现行连片才能立项。", remedy="请先在连片页面确认。")
    return cluster


def _step(
    project: Project, stage: str, on: date, person: str, evidence: str, note: str, actor: Actor
) -> ProjectStep:
    return ProjectStep.objects.create(
        project=project, seq=_next_seq(project), stage=stage, on=on, person=person, evidence=evidence, note=note,
        recorded_by=actor.username,
    )  # fmt: skip


def _next_seq(project: Project) -> int:
    return int(project.steps.aggregate(last=Max("seq"))["last"] or 0) + 1
