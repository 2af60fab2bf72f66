"""The rows behind a report's figures on a day: projects and their credits, idle land, cases, terms; and firms' energy by town.

Refuses a statement a row, rows of other towns, and a sum of energy that would tell of too few firms.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from django.db.models import Count, Max, Q, Sum

from landgis.access.queries import Actor, in_territory
from landgis.counties.models import County
from landgis.counties.queries import parameters
from landgis.lib.suppression import dominates, hidden_parts
from landgis.lib.units import m2_to_mu
from parcels.campaigns.models import Credit, Project, ProjectStep
from parcels.campaigns.queries import Status
from parcels.campaigns.rules import STAGES, standing
from parcels.disposal.deadlines import deadlines
from parcels.disposal.queries import cases
from parcels.disposal_lists.queries import listed_on
from parcels.enterprises.models import AnnualReturn
from parcels.evaluation.queries import fewest_firms
from parcels.idle_land.queries import phases_on_record, rule_parameters
from parcels.idle_land.rules import FINDING_TITLES, screen
from parcels.reports.rules import UNPLACED, WHOLE, Item, Period, exact

DOMINANCE = "privacy.dominance_share"
_IDLE = ("idle_not_started", "idle_stopped")


def items_on(county: County, actor: Actor, status: Status, period: Period) -> list[Item]:
    """Every row of the actor's territory that some figure of the day counts, by kind and key."""
    found = [
        *_projects(actor, period),
        *_credits(actor, status, period.last),
        *_phases(county, actor, period.last),
        *_cases(county, actor, period),
        *_terms(county, actor, period.last),
    ]
    return sorted(found, key=lambda item: (item.kind, item.key))


def energy_by_town(county: County, year: int) -> dict[str, str]:
    """Town → what its firms returned as energy used in the year (tce), the county's under WHOLE; too few firms are left out."""
    rows = AnnualReturn.objects.filter(enterprise__county=county, year=year, energy_tce__isnull=False)
    sums = list(
        rows.values_list("enterprise__town_code")
        .annotate(tce=Sum("energy_tce"), firms=Count("pk"), largest=Max("energy_tce"))
        .order_by("enterprise__town_code")
    )
    if not sums:
        return {}
    day = date(year, 12, 31)
    total, largest = sum((tce for _, tce, _, _ in sums), Decimal(0)), max(row[3] for row in sums)
    small, small_total = hidden_parts(
        [firms for _, _, firms, _ in sums],
        fewest_firms(county, day),
        dominated=dominates(
            [*(float(row[3]) for row in sums), float(largest)],
            [*(float(row[1]) for row in sums), float(total)],
            float(parameters(county, day)[DOMINANCE]),
        ),
    )
    shown = {
        town or UNPLACED: exact(tce) for (town, tce, _, _), hide in zip(sums, small, strict=True) if not hide
    }
    return shown if small_total else {**shown, WHOLE: exact(total)}


def _projects(actor: Actor, period: Period) -> Iterator[Item]:
    on = period.last
    rows = in_territory(Project.objects.all(), actor).filter(
        Q(valid_to=None) | Q(valid_to__gt=on), valid_from__lte=on
    )
    done = _standing_on(actor, on)
    for pk, ledger, number, name, town, codes, opened, due in rows.values_list(
        "pk", "ledger", "project_no", "name", "town_code", "parcel_codes", "valid_from", "due_on"
    ):
        stages = done.get(pk, [])
        late = due is not None and due < on and "done" not in stages
        parts = {"overdue_tasks": late}
        if ledger == "remediation":
            parts |= {
                "listed": True, "agreements": "agreement" in stages, "closed": "closed" in stages,
                "new_listed": opened >= period.first,
            }  # fmt: skip
        titles = {stage.code: stage.title for stage in STAGES[ledger]}
        state = titles.get(stages[-1], stages[-1]) if stages else "立项"
        told = f"{state}，计划 {due} 完成已逾期" if late else state
        yield Item("project", number, name, town, tuple(codes), told, _counted(parts))


def _standing_on(actor: Actor, on: date) -> dict[int, list[str]]:
    """Project → the stages that counted on the day: one taken back later still did."""
    steps: dict[int, list[str]] = defaultdict(list)
    rows = in_territory(ProjectStep.objects.all(), actor, field="project__town_code").filter(
        Q(reversed_by=None) | Q(reversed_by__on__gt=on), reverses=None, on__lte=on
    )
    for project, stage in rows.order_by("project_id", "seq").values_list("project_id", "stage"):
        steps[project].append(stage)
    return {project: standing(stages) for project, stages in steps.items()}


def _credits(actor: Actor, status: Status, on: date) -> Iterator[Item]:
    firsts = {
        ledger: date(on.year, 1, 1) if one.period is None else one.period.first
        for ledger, one in status.ledgers.items()
    }
    rows = in_territory(Credit.objects.all(), actor).filter(on__lte=on).order_by("pk")
    for pk, ledger, town, day, area_m2, reverses, number, name, codes, under in rows.values_list(
        "pk", "ledger", "town_code", "on", "area_m2", "reverses_id", "project__project_no", "project__name",
        "project__parcel_codes", "parcels_m2",
    ):  # fmt: skip
        if day < firsts[ledger]:
            continue
        told = f"{day} {f'冲销第 {reverses} 笔' if reverses else '入账'}"
        part = {f"{ledger}_mu": exact(m2_to_mu(area_m2))}
        # What was recorded before parcels were frozen with it has only its project's.
        ground = {code: exact(Decimal(str(m2))) for code, m2 in sorted(under.items())}
        parcels = tuple(ground) or tuple(codes)
        yield Item("credit", f"{number}/{pk:08d}", f"{number} {name}", town, parcels, told, part, ground)


def _phases(county: County, actor: Actor, on: date) -> Iterator[Item]:
    rules = rule_parameters(county, on)
    for record in phases_on_record(actor, on):
        found = screen(record.facts, on, rules)
        parts: dict[str, str] = {}
        if found.code in _IDLE:
            parts = {"suspected": "1"}
            if record.area_m2 is not None:
                parts["suspected_mu"] = exact(m2_to_mu(record.area_m2))
        elif found.code == "overdue":
            parts = {"overdue_starts": "1"}
        if parts:
            number = record.facts.contract_no or record.supervision_no
            yield Item(
                "phase",
                f"{number}/{record.facts.phase_no}/{record.phase_id:08d}",
                f"合同 {number} 第 {record.facts.phase_no} 期",
                record.town_code,
                _one(record.parcel_code),
                FINDING_TITLES[found.code],
                parts,
            )


def _cases(county: County, actor: Actor, period: Period) -> Iterator[Item]:
    opened_on = dict(
        cases(actor).filter(opened_on__range=period).order_by("case_no").values_list("case_no", "opened_on")
    )
    for row in listed_on(county, actor, period.last):
        parts = {"idle": "1"} | ({"idle_new": "1"} if row.case_no in opened_on else {})
        if row.area_m2:
            parts["idle_mu"] = exact(m2_to_mu(row.area_m2))
        opened_on.pop(row.case_no, None)
        yield Item("case", row.case_no, "处置案件", row.town_code, _one(row.parcel_code), row.stage, parts)
    # What was opened and settled within the period, or found to be no idle land, counts as new all the same.
    settled = cases(actor).filter(closed_on__range=period) | cases(actor).filter(case_no__in=list(opened_on))
    for number, town, closed, code in settled.values_list(
        "case_no", "town_code", "closed_on", "phase__contract__parcel_code"
    ):
        is_closed = closed is not None and closed <= period.last
        parts = _counted({"idle_new": number in opened_on, "idle_disposed": is_closed})
        told = f"{closed} 销号" if is_closed else "认定不构成闲置"
        yield Item("case", number, "处置案件", town, _one(code), told, parts)


def _terms(county: County, actor: Actor, on: date) -> Iterator[Item]:
    for due in deadlines(county, actor, on).overdue:
        yield Item(
            "term",
            f"{due.case}/{due.step}/{due.started_on}",
            f"{due.case} {due.title}",
            due.town_code,
            _one(due.parcel_code),
            f"应于 {due.due_on} 前办理",
            {"overdue_tasks": "1"},
        )


def _counted(parts: Mapping[str, bool]) -> dict[str, str]:
    return {figure: "1" for figure, holds in parts.items() if holds}


def _one(code: str) -> tuple[str, ...]:
    return (code,) if code else ()
