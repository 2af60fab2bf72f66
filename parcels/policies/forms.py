"""The form of a policy table: its head, and a row for each grade and industry.

Refuses a half-filled row by its line; whether the grades exist is the action's business.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.forms import formset_factory
from django.utils.translation import gettext_lazy as _

from landgis.lib.forms import Day, Refusing, Styled
from parcels.policies.rules import INSTRUMENTS, KINDS, Rate

MOST_ROWS, SPARE_ROWS = 80, 4


class HeadForm(Refusing):
    """Which instrument and year, on whose authority."""

    instrument = forms.ChoiceField(label=_("政策"), choices=list(INSTRUMENTS.items()))
    year = forms.IntegerField(label=_("评价年度"), min_value=1990, max_value=2200)
    valid_from = Day(label=_("执行起始日期"))
    authority = forms.CharField(label=_("执行部门"), max_length=100)
    basis = forms.CharField(label=_("依据文件"), max_length=500)
    reason = forms.CharField(label=_("编制原因"), max_length=500)
    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**6)


class RateForm(Styled):
    """A rate; a row with neither grade nor value is no row."""

    grade = forms.CharField(label=_("档次"), max_length=20, required=False)
    industry = forms.CharField(label=_("行业代码（全部行业留空）"), max_length=4, required=False)
    kind = forms.ChoiceField(label=_("方式"), choices=list(KINDS.items()))
    value = forms.DecimalField(label=_("数值"), max_digits=18, decimal_places=6, required=False)
    unit = forms.CharField(label=_("计量单位（倍数留空）"), max_length=30, required=False)
    note = forms.CharField(label=_("说明"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if self.is_row and told.get("value") is None and "value" not in self.errors:
            self.add_error("value", _("请填写数值。"))
        return told

    @property
    def is_row(self) -> bool:
        return any(
            self.cleaned_data.get(name) not in (None, "")
            for name in ("grade", "industry", "value", "unit", "note")
        )

    def rate(self) -> Rate:
        told = self.cleaned_data
        return Rate(
            told["grade"].strip(), told["kind"], Decimal(told["value"]), told["unit"].strip(), told["industry"].strip(),
            told["note"].strip(),
        )  # fmt: skip


RATES = formset_factory(
    RateForm, extra=SPARE_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS, validate_max=True
)


def as_initial(rates: list[Rate]) -> list[dict[str, Any]]:
    return [
        {
            "grade": rate.grade,
            "industry": rate.industry,
            "kind": rate.kind,
            "value": f"{rate.value.normalize():f}",
            "unit": rate.unit,
            "note": rate.note,
        }
        for rate in rates
    ]


class FreezeForm(Refusing):
    """A list of a version to be frozen."""

    on = Day(label=_("截止日期"))
    reason = forms.CharField(label=_("编制原因"), max_length=200)
    corrects = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2**62)
