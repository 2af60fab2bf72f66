"""The form that asks for a disposal list: day, filters, and why it is frozen.

Refuses a value that isn't among the choices; rights and the law are the action's business.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from landgis.counties.models import County
from parcels.disposal.stages import STAGES
from parcels.disposal_lists.queries import Filters
from parcels.disposal_lists.rules import FINDING_TITLES
from parcels.idle_land.causes import CLASS_TITLES


class ListForm(forms.Form):
    """What the list shall hold; an empty filter limits nothing."""

    on = forms.DateField(
        label=_("截止日期"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("请按 2026-01-31 的样式填写日期。")},
    )
    town = forms.ChoiceField(label=_("镇街"), required=False)
    finding = forms.ChoiceField(label=_("闲置类型"), required=False)
    cause = forms.ChoiceField(label=_("原因类别"), required=False)
    stage = forms.ChoiceField(label=_("处置阶段"), required=False)

    def __init__(self, *args: Any, county: County, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        towns = dict(county.towns.values_list("code", "name"))
        stages = {code: stage.title for code, stage in STAGES.items()}
        for name, all_of_them, choices in (
            ("town", _("全部镇街"), towns),
            ("finding", _("全部类型"), FINDING_TITLES),
            ("cause", _("全部原因"), CLASS_TITLES),
            ("stage", _("全部阶段"), stages),
        ):
            self.fields[name].choices = [("", all_of_them), *choices.items()]  # type: ignore[attr-defined]
        for field in self.fields.values():
            chosen = isinstance(field, forms.ChoiceField)
            field.widget.attrs["class"] = "form-select" if chosen else "form-control"

    def filters(self) -> Filters:
        return Filters(**{name: self.cleaned_data[name] for name in Filters._fields})


class FreezeForm(ListForm):
    """The same, to be frozen: with the reason, and the issue that it corrects where it does."""

    reason = forms.CharField(label=_("编制原因"), max_length=200)
    corrects = forms.IntegerField(required=False, widget=forms.HiddenInput)


def told(form: forms.Form) -> str:
    """What is wrong with a form, field by field."""
    return "；".join(
        f"{form.fields[name].label}：{errors[0]}" if name in form.fields else str(errors[0])
        for name, errors in form.errors.items()
    )
