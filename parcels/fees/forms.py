"""The forms of the fee pages: filters, freezing, the file of receipts, settling a line, withdrawing a receipt.

Refuses to judge: what may be done is the actions' to say.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from landgis.counties.models import County

STATUSES = (
    ("", _("全部状态")), ("unpaid", _("未缴")), ("short", _("部分缴纳")), ("paid", _("已缴清")), ("over", _("多缴")),
    ("overdue", _("已逾期")), ("unsent", _("未推送费源")), ("revoked", _("决定已撤销")),
)  # fmt: skip


class FeeFilter(forms.Form):
    """An empty field filters nothing."""

    status = forms.ChoiceField(
        label=_("状态"), required=False, choices=STATUSES, widget=forms.Select(attrs={"class": "form-select"})
    )
    town = forms.ChoiceField(
        label=_("镇街"), required=False, widget=forms.Select(attrs={"class": "form-select"})
    )
    q = forms.CharField(
        label=_("文号、案号、缴费人、宗地"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"class": "form-control", "type": "search"}),
    )

    def __init__(self, *args: Any, county: County, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        towns = list(county.towns.values_list("code", "name"))
        self.fields["town"].choices = [("", _("全部镇街")), *towns]  # type: ignore[attr-defined]


class FreezeForm(forms.Form):
    """Why a batch is made, and which one it corrects."""

    reason = forms.CharField(label=_("编制原因"), max_length=500)
    corrects = forms.IntegerField(required=False, min_value=1, max_value=10**15)


class LineForm(forms.Form):
    """What becomes of an open line: booked on a decision, or put aside with a reason."""

    decision_no = forms.CharField(label=_("决定书文号"), max_length=80, required=False)
    reason = forms.CharField(label=_("原因"), max_length=500)


class WithdrawForm(forms.Form):
    """Why a receipt is taken back."""

    reason = forms.CharField(label=_("撤回原因"), max_length=500)
