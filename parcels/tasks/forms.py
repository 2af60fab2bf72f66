"""The forms of tasks: the list's filters, a task itself, and a report on it.

Refuses what isn't a day, a figure or a choice; what it means is the rules' business.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from landgis.counties.models import County
from landgis.lib.errors import InputError, LandgisError
from landgis.lib.forms import Day, Styled
from parcels.tasks.rules import RHYTHMS, WEEKDAYS, read_figures

LONGEST_UNIT = 80
DUE_CHOICES = (
    ("", _("全部")),
    ("overdue", _("已逾期")),
    ("soon", _("30 天内到期")),
    ("weekly", _("每周任务")),
)


class _Refusable(Styled):
    """A form that tells what the domain refused beside the field that it names, else above itself."""

    def refuse(self, error: LandgisError) -> None:
        name = error.field if isinstance(error, InputError) else ""
        self.add_error(name if name in self.fields else None, str(error))


class TaskFilter(Styled):
    """The list's filters; an empty one limits nothing."""

    unit = forms.ChoiceField(label=_("责任单位"), required=False)
    due = forms.ChoiceField(label=_("期限"), required=False, choices=DUE_CHOICES)
    q = forms.CharField(label=_("编号、任务内容"), required=False, max_length=60)

    def __init__(self, *args: Any, units: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(unit, unit) for unit in sorted(set(units))]
        self.fields["unit"].choices = [("", _("全部单位")), *named]  # type: ignore[attr-defined]


class TaskForm(_Refusable):
    """A task of the bureau's own, or a listed one to be corrected."""

    task_no = forms.CharField(label=_("编号"), max_length=20)
    title = forms.CharField(label=_("任务名称"), max_length=120)
    lead_units = forms.CharField(label=_("▲ 牵头单位（用顿号分开）"), max_length=500)
    helper_units = forms.CharField(label=_("配合单位（用顿号分开）"), required=False, max_length=500)
    each_town = forms.BooleanField(label=_("由各镇街分别完成"), required=False)
    rhythm = forms.ChoiceField(label=_("周期"), choices=list(RHYTHMS.items()))
    due_on = Day(label=_("完成期限（一次）"), required=False)
    month = forms.IntegerField(label=_("每年几月"), required=False, min_value=1, max_value=12)
    day = forms.IntegerField(label=_("几日（31 为月底）"), required=False, min_value=1, max_value=31)
    weekday = forms.TypedChoiceField(
        label=_("每周几"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "—"), *enumerate(WEEKDAYS, 1)],
    )
    valid_from = Day(label=_("起始日期"))
    valid_to = Day(label=_("终止日期"), required=False)
    text = forms.CharField(label=_("任务内容"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))
    basis = forms.CharField(label=_("依据"), max_length=500)
    reason = forms.CharField(label=_("办理说明"), max_length=500)

    def clean_lead_units(self) -> list[str]:
        return _units(self.cleaned_data["lead_units"])

    def clean_helper_units(self) -> list[str]:
        return _units(self.cleaned_data["helper_units"])


class ReportForm(_Refusable):
    """What was done on a task, with figures, and whether it is fulfilled for a due day."""

    town = forms.ChoiceField(label=_("镇街"), required=False)
    on = Day(label=_("截至日期"))
    done_for = forms.TypedChoiceField(
        label=_("已完成的期限"), required=False, coerce=date.fromisoformat, empty_value=None
    )
    text = forms.CharField(label=_("进展情况"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))
    figures = forms.CharField(
        label=_("数据（每行：名称 = 数值 单位）"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    photos = forms.FileField(label=_("佐证照片、PDF（可多选）"), required=False, allow_empty_file=True)

    def __init__(
        self,
        *args: Any,
        county: County,
        town_codes: Sequence[str] | None,
        days: Iterable[date],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        towns: list[tuple[str, Any]] = list(county.towns.order_by("code").values_list("code", "name"))
        if town_codes is None:
            towns = [("", _("全县（牵头单位）")), *towns]
        else:
            towns = [(code, name) for code, name in towns if code in town_codes]
        self.fields["town"].choices = towns  # type: ignore[attr-defined]
        listed = [(day.isoformat(), day.isoformat()) for day in sorted(days, reverse=True)]
        self.fields["done_for"].choices = [("", _("尚未完成，只报进展")), *listed]  # type: ignore[attr-defined]

    def clean_figures(self) -> list[dict[str, Any]]:
        figures, wrong = read_figures(self.cleaned_data["figures"])
        if wrong:
            raise ValidationError(wrong + "。")
        return figures


class TakeBackForm(Styled):
    """Why a report is taken back."""

    reason = forms.CharField(label=_("原因"), max_length=500)


def _units(text: str) -> list[str]:
    units = [unit.strip() for unit in text.replace(",", "、").replace("，", "、").split("、") if unit.strip()]
    if any(len(unit) > LONGEST_UNIT for unit in units):
        raise ValidationError(_("每个单位名称不超过 %(most)s 个字。") % {"most": LONGEST_UNIT})
    return units
