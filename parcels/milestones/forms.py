"""The forms of milestones: the list's filters, a milestone's days and indicators, and its verdict.

Refuses what isn't a day or a figure; whether a promise is kept is the rules' business.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from landgis.counties.models import County
from landgis.lib.forms import Refusing
from landgis.lib.words import spoken
from parcels.milestones.queries import Filters
from parcels.milestones.rules import STATUS_TITLES
from parcels.supply.fact_models import Milestone
from parcels.supply.indicators import WORDS, Indicator
from parcels.supply.rules import MILESTONES, RESULTS

DAY_WRONG = _("请按 2026-01-31 的样式填写日期。")
SIDES = ("promised", "actual")


def _day(label: Any, *, required: bool = False) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": DAY_WRONG},
    )


class MilestoneFilter(Refusing):
    """As of which day, which milestones, where, and how they stand."""

    on = _day(_("截止日期"), required=True)
    kind = forms.ChoiceField(label=_("节点"), required=False, choices=[("", _("全部")), *MILESTONES.items()])
    status = forms.ChoiceField(
        label=_("情况"),
        required=False,
        choices=[("", _("全部")), ("open", _("待办")), *STATUS_TITLES.items()],
    )
    town = forms.ChoiceField(label=_("镇街"), required=False)
    q = forms.CharField(label=_("宗地、合同、权利人"), required=False, max_length=60)

    def __init__(self, data: Mapping[str, Any], *, county: County) -> None:
        super().__init__(data)
        towns = list(county.towns.values_list("code", "name"))
        self.fields["town"].choices = [("", _("全部镇街")), *towns]  # type: ignore[attr-defined]
        self.dress()

    def filters(self) -> Filters:
        stated = self.cleaned_data
        return Filters(stated["town"], stated["kind"], stated["status"], stated["q"].strip())


class MilestoneForm(Refusing):
    """Days, the indicators of this kind of milestone, liability and evidence."""

    planned_on = _day(_("计划日期"))
    actual_on = _day(_("实际日期"))
    liability = forms.CharField(label=_("违约责任"), required=False, max_length=1000)
    evidence = forms.CharField(label=_("证据材料（合同、监管协议、验收意见等）"), max_length=500)
    reason = forms.CharField(label=_("登记或更正的原因"), max_length=200)

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        kind: str,
        indicators: Sequence[Indicator],
        kept: Milestone | None,
    ) -> None:
        super().__init__(data, initial=_initial(indicators, kept), auto_id=f"{kind}-%s")
        self.indicators = indicators
        for indicator in indicators:
            unit = f"（{spoken(indicator.unit)}）" if indicator.unit else ""
            promised = _("承诺%(sense)s") % {"sense": spoken(WORDS[indicator.direction])}
            for side, word in (("promised", promised), ("actual", _("实际"))):
                self.fields[f"{side}-{indicator.code}"] = forms.DecimalField(
                    label=f"{spoken(indicator.title)}{unit} {word}",
                    required=False,
                    min_value=0,
                    max_digits=16,
                    decimal_places=6,
                    widget=forms.TextInput(attrs={"inputmode": "decimal"}),
                    error_messages={"invalid": _("请填写数字，不带单位。"), "min_value": _("不能为负数。")},
                )
        self.order_fields(
            ["planned_on", "actual_on", *(f"{side}-{i.code}" for i in indicators for side in SIDES)]
        )
        self.dress()

    def values(self, kept: Milestone | None) -> dict[str, Any]:
        """The facts as stated; figures that this form doesn't ask for stay as they are."""
        stated = self.cleaned_data
        sides = {}
        for side in SIDES:
            figures = dict(getattr(kept, side)) if kept else {}
            for indicator in self.indicators:
                value = stated[f"{side}-{indicator.code}"]
                figures.pop(indicator.code, None)
                if value is not None:
                    figures[indicator.code] = format(value.normalize(), "f")
            sides[side] = figures
        return {name: stated[name] for name in ("planned_on", "actual_on", "liability", "evidence")} | sides


class VerdictForm(Refusing):
    """Pass or not, until when to remedy, and why."""

    result = forms.ChoiceField(label=_("结论"), choices=[("", _("请选择")), *RESULTS.items()])
    remedy_until = _day(_("整改期限（未通过的填写）"))
    reason = forms.CharField(label=_("判定意见"), max_length=500)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        kind: str,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}), auto_id=f"{kind}-verdict-%s")
        self.dress()


def _initial(indicators: Sequence[Indicator], kept: Milestone | None) -> dict[str, Any]:
    if kept is None:
        return {}
    found: dict[str, Any] = {
        name: getattr(kept, name) for name in ("planned_on", "actual_on", "liability", "evidence")
    }
    for indicator in indicators:
        for side in SIDES:
            found[f"{side}-{indicator.code}"] = getattr(kept, side).get(indicator.code)
    return found
