"""Days that something is said to have happened on.

Refuses a day that is still ahead: what hasn't happened can't go on record.
"""

from __future__ import annotations

from datetime import date

from landgis.lib.errors import InputError


def not_ahead(on: date, today: date, *, field: str = "on") -> None:
    """Raises InputError where the day is after today."""
    if on > today:
        raise InputError(
            "day_ahead",
            f"日期 {on} 晚于今天 {today}。",
            "尚未发生的事不能登记；请选择今天或者以前的日期。",
            field=field,
        )
