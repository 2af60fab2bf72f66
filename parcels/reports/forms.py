"""The forms of the reports: which report of which day, why it is frozen, and which rows are asked for.

Refuses a value that isn't among the choices; rights and numbers are the action's business.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parcels.reports.rules import KINDS, SUMMED

INVALID_DAY = _("请按 2026-01-31 的样式填写日期。")


class ReportForm(forms.Form):
    """Which report, as of which day."""

    kind = forms.ChoiceField(label=_("通报种类"), choices=list(KINDS.items()))
    on = forms.DateField(
        label=_("截止日期"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": INVALID_DAY},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            chosen = isinstance(field, forms.ChoiceField)
            field.widget.attrs["class"] = "form-select" if chosen else "form-control"


class FreezeForm(ReportForm):
    """The same, to be frozen: with the reason, and the issue that it corrects where it does."""

    reason = forms.CharField(label=_("编制原因"), max_length=200)
    corrects = forms.IntegerField(required=False, min_value=1, max_value=2**62)


class RowsForm(forms.Form):
    """Whose rows: a figure that is summed from rows, and a town (empty: all)."""

    figure = forms.ChoiceField(choices=[(key, key) for key in SUMMED])
    town = forms.CharField(required=False, max_length=12)


class LiveRowsForm(RowsForm):
    """The rows of a day that no issue froze."""

    kind = forms.ChoiceField(choices=list(KINDS.items()))
    on = forms.DateField(error_messages={"invalid": INVALID_DAY})


def told(form: forms.Form) -> str:
    """What is wrong with a form, field by field."""
    return "；".join(
        f"{form.fields[name].label or name}：{errors[0]}" if name in form.fields else str(errors[0])
        for name, errors in form.errors.items()
    )
