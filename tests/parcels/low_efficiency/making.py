"""Final evaluations, files and steps for tests, through the same doors as on a page."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from landgis.access.queries import Actor
from landgis.counties.models import County
from parcels.enterprises.models import Enterprise
from parcels.grading.actions import check_run, draft_run, finish_run, publish_notice
from parcels.low_efficiency.actions import Asked, file_firms, freeze_list, record_step
from parcels.low_efficiency.agreement import issue_agreement
from parcels.low_efficiency.models import LowEfficiencyFile, LowEfficiencyStep
from parcels.low_efficiency.procedure import PLANNED, SIGNED
from parcels.plans.models import Plan
from parcels.schemes.queries import find_scheme
from tests import factories
from tests.parcels.grading.running import in_force, land_frozen, second
from tests.parcels.plans.drafting import draft as draft_plan

LAST = 2023
TODAY = date(2026, 6, 1)
FILED_ON = date(2026, 1, 12)


def final_years(county: County, officer: Actor, *years: int) -> None:
    """The firms' returns of each year like those of 2023, evaluated and final."""
    in_force(county, officer)
    for year in sorted(years):
        if year != LAST:
            for number, firm in enumerate(Enterprise.objects.filter(county=county).order_by("uscc")):
                factories.annual_return(firm, year, tax_wan=100 - 20 * number, source="税务局清册")
        on = date(year + 1, 5, 13)
        land_frozen(county, officer, year)
        found = find_scheme(county, "simple", year)
        run = draft_run(county=county, actor=officer, found=found, year=year, on=on, reason="起草")
        check_run(county=county, actor=second(officer), run_id=run.pk, on=on, reason="复核")
        until = publish_notice(county=county, actor=officer, run_id=run.pk, on=on, reason="公示")
        finish_run(county=county, actor=officer, run_id=run.pk, on=until + timedelta(days=1), reason="定稿")


def filed(county: County, officer: Actor, *usccs: str, **told: Any) -> list[LowEfficiencyFile]:
    asked: dict[str, Any] = {
        "data_year": LAST,
        "on": FILED_ON,
        "today": TODAY,
        "category": "整治提升",
        "text": "排摸",
    } | told
    return file_firms(county=county, actor=officer, usccs=usccs, **asked)


def frozen(county: County, officer: Actor, **told: Any) -> Any:
    asked: dict[str, Any] = {"data_year": LAST, "on": FILED_ON, "today": TODAY, "reason": "年度清单"} | told
    return freeze_list(county=county, actor=officer, **asked)


def taken(
    county: County, actor: Actor, of: LowEfficiencyFile, kind: str, on: date, **told: Any
) -> LowEfficiencyStep:
    values: dict[str, Any] = {"text": "办理", "person": "何某", "evidence": "材料"} | told
    return record_step(
        county=county, actor=actor, file_id=of.pk, asked=Asked(kind, on, **values), today=TODAY
    )


def plan_of(county: County, officer: Actor, of: LowEfficiencyFile) -> Plan:
    return draft_plan(county, officer, "enterprise", of.enterprise_id)


def signed(county: County, officer: Actor, of: LowEfficiencyFile) -> None:
    """With a plan and an agreement."""
    plan = plan_of(county, officer, of)
    taken(county, officer, of, PLANNED, date(2026, 1, 20), plan_id=plan.pk)
    issue_agreement(
        county=county, actor=officer, file_id=of.pk, today=date(2026, 2, 2), inspection="甲方每周检查一次。",
        default="逾期未完成的，按约定限制用能。",
    )  # fmt: skip
    taken(county, officer, of, SIGNED, date(2026, 2, 10))
