"""The forms of a field report: what was seen, the list's filters, and what the bureau answers.

Refuses what isn't a day, a figure or a choice; what the facts mean is the rules' business.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from landgis.counties.models import County
from landgis.lib.forms import Refusing
from parcels.field_reports.queries import Filters
from parcels.field_reports.rules import BUILDING, FIELDS, STATES
from parcels.supply.rules import FOUNDATIONS

LONGEST = 4000
LONGEST_COORDINATES = 200_000
DAY_WRONG = _("请按 2026-01-31 的样式填写日期。")
FIGURE_WRONG = _("请填写数字，不带单位。")
# The fields of the errors that the readers of coordinates and files raise → those of this form.


class _Day(forms.DateField):
    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, error_messages={"invalid": DAY_WRONG}, **kwargs)


class _Figure(forms.DecimalField):
    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal"})
        super().__init__(
            widget=widget,
            required=False,
            max_digits=14,
            decimal_places=4,
            error_messages={
                "invalid": FIGURE_WRONG,
                "max_digits": _("数字过长，请核对单位。"),
                "max_whole_digits": _("数字过长，请核对单位。"),
                "max_decimal_places": _("小数不超过 4 位。"),
            },
            **kwargs,
        )


class ReportForm(Refusing):
    """What was seen on the ground."""

    read_as = {"text": "developed_text", "file": "developed_file", "developed": "developed_text"}

    visited_on = _Day(label=_("核查日期"))
    building = forms.ChoiceField(label=_("施工情况"), choices=list(BUILDING.items()))
    last_built_on = _Day(label=_("最后施工日期（停工的填写）"), required=False)
    foundation_kind = forms.ChoiceField(
        label=_("基础类型"), required=False, choices=[("", _("未填报")), *FOUNDATIONS.items()]
    )
    foundation_done = _Figure(label=_("基础已完成量"))
    foundation_total = _Figure(label=_("基础总量"))
    invested_wan = _Figure(label=_("累计已投资（万元，不含地价和税费）"))
    developed_area_m2 = _Figure(label=_("已开发建设用地面积（平方米）"))
    developed_text = forms.CharField(
        label=_("已开发范围的界址点（每行：点号 X Y）"),
        required=False,
        max_length=LONGEST_COORDINATES,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    place = forms.CharField(label=_("核查位置（经度,纬度 或 X Y）"), required=False, max_length=80)
    remarks = forms.CharField(
        label=_("现场情况说明"), required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4})
    )
    developed_file = forms.FileField(label=_("已开发范围的文件"), required=False, allow_empty_file=True)
    replaces = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=2**62)

    def values(self) -> dict[str, Any]:
        """The facts, without what was left empty."""
        stated = self.cleaned_data
        return {f.name: stated[f.name] for f in FIELDS if stated.get(f.name) not in (None, "")}


class ReportFilter(Refusing):
    """The list's filters; an empty one limits nothing."""

    state = forms.ChoiceField(label=_("办理情况"), required=False, choices=[("", _("全部")), *STATES.items()])
    building = forms.ChoiceField(
        label=_("施工情况"), required=False, choices=[("", _("全部")), *BUILDING.items()]
    )
    town = forms.ChoiceField(label=_("镇街"), required=False)
    q = forms.CharField(label=_("宗地、合同、权利人"), required=False, max_length=60)

    def __init__(self, data: Mapping[str, Any], *, county: County) -> None:
        super().__init__(data)
        towns = list(county.towns.values_list("code", "name"))
        self.fields["town"].choices = [("", _("全部镇街")), *towns]  # type: ignore[attr-defined]

    def filters(self) -> Filters:
        stated = self.cleaned_data
        return Filters(stated["town"], stated["state"], stated["building"], stated["q"].strip())


class OutcomeForm(Refusing):
    """Why a report is accepted, returned or withdrawn, and from when building really went on again."""

    reason = forms.CharField(label=_("意见"), max_length=500)
    resumed_on = _Day(label=_("实际复工日期"), required=False)
