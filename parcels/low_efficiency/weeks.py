"""Weekly follow-ups of a firm: electricity, progress, what was seen. Entered by its town or by the county.

Refuses a week ahead, a negative amount, and a follow-up of a firm that was struck off; a correction is the next row.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Max

from landgis.access.queries import Actor
from landgis.access.rules import REPORT_FACTS
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.errors import Conflict, FieldErrors
from parcels.low_efficiency.models import LowEfficiencyFile, WeeklyFollowUp
from parcels.low_efficiency.procedure import ENDED
from parcels.low_efficiency.queries import file_of, file_rows, may_report

MOST_PERCENT, MOST_KWH = 100, Decimal(10) ** 13


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def record_week(
    *,
    county: County,
    actor: Actor,
    file_id: int,
    week: date,
    today: date,
    electricity_kwh: Decimal | None,
    progress: int | None,
    text: str,
    person: str,
) -> WeeklyFollowUp:
    """The week that the day `week` lies in; said once more, it corrects what was said before."""
    of = file_of(actor, file_id)
    if not may_report(actor, of):
        actor.require(REPORT_FACTS)
    first = monday(week)
    _whole(first, today, electricity_kwh, progress, text, person)
    if file_rows(county, actor, today, [of])[0].state in ENDED:
        raise Conflict("该企业已经销号或者关停。", remedy="如有反弹，请办理回头看重新办理。")
    with change(
        county_code=county.code, by=actor.username, action="follow_up_low_efficiency",
        reason=f"每周跟踪 {of.file_no} {first}", file=of.file_no, week=str(first),
    ):  # fmt: skip
        last = WeeklyFollowUp.objects.filter(file=of, week_on=first).aggregate(n=Max("seq"))["n"] or 0
        return WeeklyFollowUp.objects.create(
            file=of,
            week_on=first,
            seq=last + 1,
            electricity_kwh=electricity_kwh,
            progress=progress,
            text=text.strip(),
            person=person.strip(),
            by=actor.username,
        )


def weeks_of(of: LowEfficiencyFile) -> list[WeeklyFollowUp]:
    """What stands of each week, the newest first."""
    rows = WeeklyFollowUp.objects.filter(file=of).order_by("-week_on", "-seq")
    return list(rows.distinct("week_on"))


def _whole(
    first: date, today: date, electricity_kwh: Decimal | None, progress: int | None, text: str, person: str
) -> None:
    issues = []
    if first > today:
        issues.append({"field": "week", "message": f"{first} 这一周还没有开始。"})
    if electricity_kwh is not None and not 0 <= electricity_kwh < MOST_KWH:
        issues.append({"field": "electricity_kwh", "message": "用电量应不小于 0，单位千瓦时。"})
    if progress is not None and not 0 <= progress <= MOST_PERCENT:
        issues.append({"field": "progress", "message": "整治进度应在 0 至 100 之间。"})
    if electricity_kwh is None and progress is None and not text.strip():
        issues.append({"field": "text", "message": "请至少填写用电量、进度、情况中的一项。"})
    if not person.strip():
        issues.append({"field": "person", "message": "请填写填报人。"})
    if issues:
        raise FieldErrors(issues)
