"""The forms of the list: filters, filing, freezing, each kind of step, the agreement, a week, an energy project, its review.

Refuses what isn't a day or a figure; whether a step may be taken is the action's business.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from landgis.counties.models import County
from landgis.lib.forms import Day, Refusing, Styled
from parcels.low_efficiency.actions import Asked
from parcels.low_efficiency.energy import RESULTS
from parcels.low_efficiency.procedure import PLANNED, PUBLICISED, RECLASSIFIED, STATES, TITLES, WITH_EVIDENCE
from parcels.low_efficiency.rules import LABELS

LONGEST = 2000


def _text(label: Any, **told: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2}), **told)


class FileFilter(Styled):
    """An empty field filters nothing."""

    label = forms.ChoiceField(label=_("类别"), required=False, choices=[("", _("全部类别")), *LABELS.items()])
    state = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("全部状态")), *((s, TITLES[s]) for s in STATES)]
    )
    town = forms.ChoiceField(label=_("镇街"), required=False)
    q = forms.CharField(label=_("企业名称、信用代码、档案编号"), required=False, max_length=60)

    def __init__(self, *args: Any, county: County, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        towns = list(county.towns.values_list("code", "name"))
        self.fields["town"].choices = [("", _("全部镇街")), *towns]  # type: ignore[attr-defined]


class FilingForm(Refusing):
    """What is filed with the chosen firms."""

    year = forms.IntegerField(label=_("数据年度"), min_value=1990, max_value=2200)
    on = Day(label=_("建档日期"))
    category = forms.CharField(label=_("分类（如：关停淘汰、整治提升、转型）"), max_length=60, required=False)
    label = forms.ChoiceField(
        label=_("另加类别"), required=False, choices=[("", _("只按规则")), *LABELS.items()]
    )
    text = _text(_("建档说明"))


class FreezeForm(Refusing):
    """Which year's figures the list is frozen with, and why."""

    year = forms.IntegerField(label=_("数据年度"), min_value=1990, max_value=2200)
    on = Day(label=_("截止日期"))
    reason = forms.CharField(label=_("编制原因"), max_length=200)
    corrects = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2**62)


class StepForm(Refusing):
    """One kind of step; `kind` decides which fields there are."""

    on = Day(label=_("日期"))
    text = _text(_("情况说明"))
    person = forms.CharField(label=_("经办人"), max_length=60)

    def __init__(
        self,
        *args: Any,
        kind: str,
        plans: Sequence[tuple[int, str]] = (),
        labels: Sequence[str] = (),
        **kwargs: Any,
    ) -> None:
        self.kind, self.title = kind, TITLES[kind]
        super().__init__(*args, prefix=kind, **kwargs)
        if kind in WITH_EVIDENCE:
            self.fields["evidence"] = forms.CharField(label=_("依据材料（名称、文号）"), max_length=500)
        if kind == PUBLICISED:
            self.fields["until"] = Day(label=_("公示截止日期"))
        if kind == PLANNED:
            self.fields["plan_id"] = forms.TypedChoiceField(
                label=_("一企一策方案"), choices=[("", _("请选择")), *plans], coerce=int
            )
        if kind == RECLASSIFIED:
            self.fields["labels"] = forms.MultipleChoiceField(
                label=_("类别"),
                choices=list(LABELS.items()),
                widget=forms.CheckboxSelectMultiple,
                initial=list(labels),
            )
            self.fields["category"] = forms.CharField(label=_("分类"), max_length=60, required=False)
        self.dress()
        if kind == RECLASSIFIED:
            self.fields["labels"].widget.attrs["class"] = "form-check-input"

    def asked(self, paper: Any = None) -> Asked:
        told: Mapping[str, Any] = self.cleaned_data
        return Asked(
            kind=self.kind,
            on=told["on"],
            text=told["text"],
            person=told["person"],
            evidence=told.get("evidence", ""),
            until=told.get("until"),
            labels=tuple(told.get("labels", ())),
            category=told.get("category", ""),
            plan_id=told.get("plan_id"),
            paper=paper,
        )


class AgreementForm(Refusing):
    """What the agreement says beside the plan."""

    inspection = _text(_("检查方式"))
    default = _text(_("违约责任"))
    address = forms.CharField(label=_("企业地址"), max_length=300, required=False)
    legal_representative = forms.CharField(label=_("法定代表人"), max_length=60, required=False)


class WeekForm(Refusing):
    """A firm's week."""

    week = Day(label=_("所属周（任意一天）"))
    electricity_kwh = forms.DecimalField(
        label=_("用电量（千瓦时）"), required=False, min_value=0, max_digits=16, decimal_places=2
    )
    progress = forms.IntegerField(label=_("整治进度（%）"), required=False, min_value=0, max_value=100)
    text = forms.CharField(label=_("情况"), required=False, max_length=LONGEST)
    person = forms.CharField(label=_("填报人"), max_length=60)


class EnergyFilter(Styled):
    """Of the 两高 list."""

    town = forms.ChoiceField(label=_("镇街"), required=False)
    result = forms.ChoiceField(
        label=_("评估结论"),
        required=False,
        choices=[("", _("全部结论")), ("none", _("未评估")), *RESULTS.items()],
    )
    all = forms.BooleanField(label=_("含未达界限的项目"), required=False)

    def __init__(self, *args: Any, county: County, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        towns = list(county.towns.values_list("code", "name"))
        self.fields["town"].choices = [("", _("全部镇街")), *towns]  # type: ignore[attr-defined]


class ProjectForm(Refusing):
    """An energy project."""

    uscc = forms.CharField(label=_("统一社会信用代码"), max_length=18)
    name = forms.CharField(label=_("项目名称"), max_length=200)
    built_year = forms.IntegerField(label=_("建设年份"), min_value=1949, max_value=2200)
    two_high = forms.BooleanField(label=_("属于“两高”项目"), required=False)
    energy_tce = forms.DecimalField(
        label=_("年综合能耗（吨标煤）"), min_value=0, max_digits=18, decimal_places=4
    )
    energy_year = forms.IntegerField(label=_("能耗年度"), min_value=1949, max_value=2200)
    basis = forms.CharField(label=_("依据"), max_length=500)
    replaces = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2**62)


class ReviewForm(Refusing):
    """The assessment of a project."""

    on = Day(label=_("评估日期"))
    result = forms.ChoiceField(label=_("评估结论"), choices=list(RESULTS.items()))
    text = forms.CharField(label=_("情况"), max_length=LONGEST)
    evidence = forms.CharField(label=_("依据材料"), max_length=500)
