"""Entering what counts for a firm's year beside its figures, correcting it, withdrawing it, and a table of it at once.

Refuses the same fact twice and whoever doesn't manage the evaluation; nothing entered is ever altered, only taken back.
"""

from __future__ import annotations

from typing import Any

from landgis.access.queries import Actor
from landgis.access.rules import MANAGE_EVALUATION
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.errors import Conflict, InputError, NotFound
from landgis.lib.issues import Issue
from landgis.lib.upsert import Stored
from parcels.cadastre.attachments import keep_evidence
from parcels.cadastre.lineage_models import Attachment
from parcels.enterprises.models import Enterprise
from parcels.grading.actions import one_at_a_time
from parcels.grading.facts import (
    TITLES,
    Known,
    StatedFact,
    check_fact,
    facts_in_force,
    faults_of,
    known_facts,
)
from parcels.grading.models import FirmFact


def enter_fact(*, county: County, actor: Actor, year: int, stated: StatedFact, reason: str) -> FirmFact:
    """One fact with its basis; what no scheme of the year knows can't be entered."""
    actor.require_whole_county(MANAGE_EVALUATION)
    check_fact(known_facts(county, year), stated)
    firm = _firm(county, stated.uscc)
    with change(
        county_code=county.code, by=actor.username, action="evaluation_fact", reason=reason, uscc=stated.uscc, year=year,
        kind=stated.kind, code=stated.code,
    ) as running:  # fmt: skip
        one_at_a_time(county)
        made = _made(county, actor, firm, year, stated, reason)
        running.summary["fact"] = made.pk
    return made


def correct_fact(*, county: County, actor: Actor, fact_id: int, stated: StatedFact, reason: str) -> FirmFact:
    """The fact as it should have been entered: the wrong one is taken back and this one entered, in one change."""
    actor.require_whole_county(MANAGE_EVALUATION)
    with change(
        county_code=county.code,
        by=actor.username,
        action="correct_evaluation_fact",
        reason=reason,
        fact=fact_id,
    ) as running:
        one_at_a_time(county)
        wrong = _held(county, fact_id)
        check_fact(known_facts(county, wrong.year), stated)
        if stated.uscc != wrong.enterprise.uscc:
            raise InputError(
                "fact_firm", "更正不能换成另一家企业。", "请撤销这条记录，再为另一家企业登记。", field="uscc"
            )
        _reverse(actor, wrong, reason)
        made = _made(county, actor, wrong.enterprise, wrong.year, stated, reason, wrong.paper)
        running.summary.update(made=made.pk, uscc=stated.uscc, kind=stated.kind, code=stated.code)
    return made


def reverse_fact(*, county: County, actor: Actor, fact_id: int, reason: str) -> FirmFact:
    """Take a wrong fact back; both stay on record."""
    actor.require_whole_county(MANAGE_EVALUATION)
    with change(
        county_code=county.code,
        by=actor.username,
        action="reverse_evaluation_fact",
        reason=reason,
        fact=fact_id,
    ):
        one_at_a_time(county)
        return _reverse(actor, _held(county, fact_id), reason)


def store_firm_facts(
    county: County, actor: Actor, rows: list[tuple[int, dict[str, Any]]], *, source: str
) -> tuple[Stored, list[Issue]]:
    """A delivered table inside a declared change: new facts are entered, changed ones corrected, equal ones left alone."""
    actor.require_whole_county(MANAGE_EVALUATION)
    one_at_a_time(county)
    years = {facts["year"] for _, facts in rows}
    known = {year: known_facts(county, year) for year in years}
    firms = dict(
        Enterprise.objects.filter(county=county, uscc__in={facts["uscc"] for _, facts in rows}).values_list(
            "uscc", "id"
        )
    )
    held = {
        (fact.enterprise_id, fact.year, fact.kind, fact.code): fact for fact in facts_in_force(county, years)
    }
    issues: list[Issue] = []
    made: list[FirmFact] = []
    created = updated = unchanged = 0
    for row, facts in rows:
        stated = StatedFact(facts["uscc"], facts["kind"], facts["code"], facts["basis"], facts["amount"])
        found = _row_issues(row, known[facts["year"]], stated, firms)
        issues += found
        if found:
            continue
        old = held.get((firms[stated.uscc], facts["year"], stated.kind, stated.code))
        if old is not None and (old.amount, old.basis) == (stated.amount, stated.basis.strip()):
            unchanged += 1
            continue
        if old is not None:
            made.append(_reversal(actor, old, f"导入 {source}"))
        made.append(
            FirmFact(
                county=county, enterprise_id=firms[stated.uscc], year=facts["year"], kind=stated.kind, code=stated.code,
                amount=stated.amount, basis=stated.basis.strip(), reason=f"导入 {source}",
                paper_id=old.paper_id if old else None, entered_by=actor.username,
            )
        )  # fmt: skip
        created, updated = created + (old is None), updated + (old is not None)
    FirmFact.objects.bulk_create(made)
    return Stored(created, updated, unchanged), issues


def _row_issues(row: int, known: Known, stated: StatedFact, firms: dict[str, int]) -> list[Issue]:
    found = [
        Issue(row, fault["code"], fault["field"], f"第 {row} 行：{fault['message']}")
        for fault in faults_of(known, stated)
    ]
    if stated.uscc not in firms:
        told = f"第 {row} 行：登记库中没有企业 {stated.uscc}。请先导入该企业，或改正代码。"
        found.append(Issue(row, "reference_unknown", "uscc", told))
    return found


def _made(
    county: County, actor: Actor, firm: Enterprise, year: int, stated: StatedFact, reason: str,
    paper: Attachment | None = None,
) -> FirmFact:  # fmt: skip
    held = facts_in_force(county, [year])
    if held.filter(enterprise=firm, kind=stated.kind, code=stated.code).exists():
        raise Conflict(
            f"{firm.name} {year} 年已登记这项{TITLES[stated.kind]}。", remedy="如有错误，请更正原记录。"
        )
    if stated.paper is not None:
        paper = keep_evidence(county, [stated.paper], by=actor.username, field="paper")[0]
    return FirmFact.objects.create(
        county=county, enterprise=firm, year=year, kind=stated.kind, code=stated.code, amount=stated.amount,
        basis=stated.basis.strip(), reason=reason.strip(), paper=paper, entered_by=actor.username,
    )  # fmt: skip


def _held(county: County, fact_id: int) -> FirmFact:
    found = (
        FirmFact.objects.select_related("enterprise").filter(pk=fact_id, county=county, reverses=None).first()
    )
    if found is None:
        raise NotFound("没有这条评价事项。", remedy="请在评价事项中选择。")
    if FirmFact.objects.filter(reverses=found).exists():
        raise Conflict("这条评价事项已经撤销或更正。", remedy="请刷新后重试。")
    return found


def _reverse(actor: Actor, found: FirmFact, reason: str) -> FirmFact:
    made = _reversal(actor, found, reason)
    made.save()
    return made


def _reversal(actor: Actor, found: FirmFact, reason: str) -> FirmFact:
    return FirmFact(
        county_id=found.county_id, enterprise_id=found.enterprise_id, year=found.year, kind=found.kind, code=found.code,
        amount=found.amount, basis=found.basis, reason=reason.strip(), entered_by=actor.username, reverses=found,
    )  # fmt: skip


def _firm(county: County, uscc: str) -> Enterprise:
    found = Enterprise.objects.filter(county=county, uscc=uscc).first()
    if found is None:
        raise InputError(
            "reference_unknown",
            f"登记库中没有企业 {uscc}。",
            "请先导入该企业，或改正统一社会信用代码。",
            field="uscc",
        )
    return found
