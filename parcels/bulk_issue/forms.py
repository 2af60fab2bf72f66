"""What a job is asked for: kinds, day, and how strict.

Refuses kinds that no case has.
"""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from parcels.bulk_issue.queries import CASE_KINDS


class JobForm(forms.Form):
    """The kinds of papers and how they are issued."""

    kinds = forms.MultipleChoiceField(
        label=_("文书种类"), choices=list(CASE_KINDS.items()), widget=forms.CheckboxSelectMultiple
    )
    on = forms.DateField(
        label=_("成文日期"),
        widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d"),
    )
    reason = forms.CharField(
        label=_("办理说明"), max_length=200, widget=forms.TextInput(attrs={"class": "form-control"})
    )
    strict = forms.BooleanField(
        label=_("有任何空缺要素的都不出具（否则只拦下缺少关键要素的，其余空缺留白）"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
    with_pdf = forms.BooleanField(
        label=_("同时生成 PDF"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
