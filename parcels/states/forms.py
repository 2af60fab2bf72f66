"""The filters of the land-states page: day, list, town, text.

Refuses a list that the plan or the rules don't know.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from landgis.counties.models import County
from parcels.states.selection import LISTS


class StatesFilter(forms.Form):
    """Which list, as of which day; an empty filter limits nothing."""

    on = forms.DateField(
        label=_("截止日期"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("请按 2026-01-31 的样式填写日期。")},
    )
    list = forms.ChoiceField(label=_("清单或状态"), required=False, choices=list(LISTS.items()))
    town = forms.ChoiceField(label=_("镇街"), required=False)
    unknown = forms.BooleanField(label=_("只看资料不足、无法判断的"), required=False)
    q = forms.CharField(label=_("宗地、合同、权利人"), required=False, max_length=60)

    def __init__(self, *args: Any, county: County, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        towns = dict(county.towns.values_list("code", "name"))
        self.fields["town"].choices = [("", _("全部镇街")), *towns.items()]  # type: ignore[attr-defined]
        for field in self.fields.values():
            if not isinstance(field, forms.BooleanField):
                chosen = isinstance(field, forms.ChoiceField)
                field.widget.attrs["class"] = "form-select" if chosen else "form-control"
