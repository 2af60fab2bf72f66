"""Plans for tests: what a sound one says, and the doors through which it is made and followed.

Refuses to write past the actions.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from landgis.access.queries import Actor
from landgis.counties.models import County
from parcels.plans.actions import make_plan, record_entry
from parcels.plans.models import Plan, PlanEntry
from parcels.plans.rules import AT_MOST, Contents, Measure, Milestone, Target

MADE, TODAY = date(2026, 1, 10), date(2026, 7, 1)
SOUND = Contents(
    problem_types=("supplied_unused",),
    problem="企业资金不足，超过约定动工日期未动工。",
    goal="2026年年底前动工并完成投资 3000 万元。",
    paths=("start_by", "invest_more"),
    lead_unit="甲镇人民政府",
    person="何某",
    officer="idle_land_officer",
    from_on=date(2026, 1, 10),
    to_on=date(2026, 12, 31),
    helpers=("县经济和信息化局", "县自然资源和规划局"),
    measures=(Measure("签订补充协议", "县自然资源和规划局", "王某", date(2026, 3, 1)), Measure("每周走访")),
    targets=(
        Target("固定资产投资", "万元", Decimal("3000"), date(2026, 12, 31)),
        Target("单位能耗", "吨标煤/万元", Decimal("0.35"), date(2026, 12, 31), AT_MOST),
    ),
    milestones=(Milestone("取得施工许可", date(2026, 4, 30)), Milestone("动工", date(2026, 9, 30))),
)
NUMBERED = replace(
    SOUND,
    targets=tuple(replace(item, number=n) for n, item in enumerate(SOUND.targets, 1)),
    milestones=tuple(replace(item, number=n) for n, item in enumerate(SOUND.milestones, 1)),
)


def draft(
    county: County, actor: Actor, kind: str, subject_id: int, contents: Contents = SOUND, **told: Any
) -> Plan:
    asked: dict[str, Any] = {"on": MADE, "today": TODAY, "reason": "编制方案"} | told
    return make_plan(county=county, actor=actor, kind=kind, subject_id=subject_id, contents=contents, **asked)


def enter(county: County, actor: Actor, plan: Plan, kind: str, on: date, **told: Any) -> PlanEntry:
    asked: dict[str, Any] = {"text": "已走访", "person": "何某", "today": TODAY} | told
    return record_entry(county=county, actor=actor, plan_id=plan.pk, kind=kind, on=on, **asked)


def finish(county: County, actor: Actor, plan: Plan) -> None:
    """Both milestones and both targets, in time."""
    for number, on in ((1, date(2026, 4, 1)), (2, date(2026, 6, 1))):
        enter(county, actor, plan, "milestone", on, item=number, evidence="施工许可证")
    enter(county, actor, plan, "measured", date(2026, 6, 2), item=1, value=Decimal("3000"))
    enter(county, actor, plan, "measured", date(2026, 6, 2), item=2, value=Decimal("0.35"))
