"""What plans have to do on a day: milestones, targets and rectifications that come due or are overdue.

Refuses the duties of closed plans: they have none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from landgis.access.queries import Actor
from landgis.counties.models import County
from landgis.lib.deadlines import Counted, days_between
from parcels.plans.models import Plan
from parcels.plans.queries import plan_rows, visible

KINDS = {"milestone": "节点", "target": "指标", "reopening": "回头看"}


@dataclass(frozen=True, slots=True)
class PlanDue(Counted):
    """One duty of one plan; `days_left` is negative when it is overdue."""

    plan: str
    plan_id: int
    kind: str
    title: str
    due_on: date
    days_left: int
    officer: str
    unit: str
    person: str
    town_code: str
    town_name: str
    holder_name: str

    @property
    def kind_title(self) -> str:
        return KINDS[self.kind]


def plan_duties(
    county: County, actor: Actor, on: date, *, within_days: int, officer: str = "", town: str = ""
) -> list[PlanDue]:
    """The territory's duties that are overdue or due within the days, the longest overdue first."""
    plans = visible(actor)
    plans = plans.filter(town_code=town) if town else plans
    found = _duties(county, actor, on, plans)
    asked = (due for due in found if due.days_left <= within_days and (not officer or due.officer == officer))
    return sorted(asked, key=lambda due: (due.due_on, due.plan, due.title))


def _duties(county: County, actor: Actor, on: date, plans: Iterable[Plan]) -> Iterable[PlanDue]:
    for row in plan_rows(county, actor, on, plans):
        for kind, title, due_on in row.standing.duties:
            yield PlanDue(
                plan=row.plan.plan_no,
                plan_id=row.plan.pk,
                kind=kind,
                title=title,
                due_on=due_on,
                days_left=days_between(on, due_on),
                officer=row.contents.officer,
                unit=row.contents.lead_unit,
                person=row.contents.person,
                town_code=row.plan.town_code,
                town_name=row.town_name,
                holder_name=row.subject.holder,
            )
