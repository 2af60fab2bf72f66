"""The day that the wall is asked for.

Refuses a day that isn't one, and a day ahead.
"""

from __future__ import annotations

from datetime import date

from django import forms

from landgis.lib.errors import InputError


class DayForm(forms.Form):
    """An empty day is today."""

    on = forms.DateField(required=False)


def asked_day(text: str, today: date) -> date:
    """The day, today where none was named."""
    form = DayForm({"on": text})
    if not form.is_valid():
        raise InputError(
            "day_invalid", f"“{text[:40]}”不是日期。", "请按 2026-01-31 的样式填写日期。", field="on"
        )
    on: date = form.cleaned_data["on"] or today
    if on > today:
        raise InputError(
            "day_ahead", f"日期 {on} 晚于今天 {today}。", "请选择今天或者以前的日期。", field="on"
        )
    return on
