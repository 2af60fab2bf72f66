"""When a task is due, how near that is, and what a report's figures say.

Refuses to know the database; a due day at a month's end that doesn't exist is the month's last day.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

RHYTHMS: dict[str, str] = {"once": "一次", "yearly": "每年", "weekly": "每周", "standing": "长期保持"}
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
EVERY_WEEK = tuple(f"每{day}" for day in WEEKDAYS)
MOST_PHOTOS = 9
MOST_FIGURES = 30
_FIGURE = re.compile(
    r"(?P<title>[^=＝\s][^=＝]{0,38}?)\s*[=＝]\s*(?P<value>-?\d{1,14}(?:\.\d{1,4})?)\s*(?P<unit>\D{0,12})"
)


@dataclass(frozen=True, slots=True)
class Schedule:
    """The rhythm of a task within its term, both days included."""

    rhythm: str
    first: date
    last: date | None = None
    due_on: date | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None


def due_days(schedule: Schedule, until: date) -> list[date]:
    """The due days of the term up to `until`, in order. A single due day counts even after the term."""
    if schedule.rhythm == "once":
        return [schedule.due_on] if schedule.due_on and schedule.due_on <= until else []
    last = until if schedule.last is None else min(until, schedule.last)
    if schedule.rhythm == "yearly" and schedule.month and schedule.day:
        years = range(schedule.first.year, last.year + 1)
        days = [_day_in(year, schedule.month, schedule.day) for year in years]
        return [day for day in days if schedule.first <= day <= last]
    if schedule.rhythm == "weekly" and schedule.weekday:
        start = schedule.first + timedelta(days=(schedule.weekday - 1 - schedule.first.weekday()) % 7)
        weeks = (last - start).days // 7 + 1
        return [start + timedelta(weeks=week) for week in range(max(weeks, 0))]
    return []


def outstanding(schedule: Schedule, on: date, done: Collection[date], horizon: date) -> list[date]:
    """The due days up to `horizon` that nothing fulfils; of missed weeks only the newest, and none after the term."""
    open_days = [day for day in due_days(schedule, horizon) if day not in done]
    if schedule.rhythm != "weekly":
        return open_days
    if schedule.last is not None and on > schedule.last:
        return []
    newest = max(due_days(schedule, on - timedelta(days=1)), default=None)
    return [day for day in open_days if day >= on or day == newest]


def mark(days_left: int, marks: Iterable[int]) -> int | None:
    """The narrowest reminder that has come: -1 overdue, else the smallest of `marks` (30, 7, 0) not exceeded; None = not yet."""
    if days_left < 0:
        return -1
    return min((one for one in marks if days_left <= one), default=None)


def when_in_words(schedule: Schedule) -> str:
    """The due day as the plan writes it."""
    if schedule.rhythm == "yearly":
        last = (
            schedule.month and schedule.day and schedule.day >= calendar.monthrange(2023, schedule.month)[1]
        )
        return f"每年{schedule.month}月底" if last else f"每年{schedule.month}月{schedule.day}日"
    if schedule.rhythm == "weekly" and schedule.weekday:
        return EVERY_WEEK[schedule.weekday - 1]
    if schedule.rhythm == "once" and schedule.due_on:
        return schedule.due_on.isoformat()
    return RHYTHMS[schedule.rhythm]


def read_figures(text: str) -> tuple[list[dict[str, Any]], str]:
    """Lines like “签约企业 = 12 家” as figures, and what is wrong with the first line that isn't one."""
    figures: list[dict[str, Any]] = []
    for number, line in enumerate((line.strip() for line in text.splitlines()), 1):
        if not line:
            continue
        found = _FIGURE.fullmatch(line)
        if found is None:
            return [], f"第 {number} 行“{line[:30]}”不是“名称 = 数值 单位”的样式"
        if len(figures) == MOST_FIGURES:
            return [], f"最多填写 {MOST_FIGURES} 行数据"
        figures.append(
            {
                "title": found["title"].strip(),
                "value": f"{Decimal(found['value']):f}",
                "unit": found["unit"].strip(),
            }
        )
    return figures, ""


def figures_in_words(figures: Sequence[dict[str, Any]]) -> str:
    return "；".join(f"{one['title']} {one['value']} {one['unit']}".strip() for one in figures)


def _day_in(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))
