"""The forms of ancillary land: filters, a project, an officer's decision, a pool, giving and using quotas.

Refuses what isn't a day or a figure; the conditions are the rules' business.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from landgis.counties.models import County
from landgis.lib.forms import Day, Refusing, Styled
from parcels.ancillary.actions import AREAS
from parcels.ancillary.queries import STATES
from parcels.ancillary.rules import CATEGORIES


def _area(label: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, min_value=0, max_digits=16, decimal_places=4)


def _optional(label: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, min_value=0, max_digits=16, decimal_places=4, required=False)


class ProjectFilter(Styled):
    """An empty field filters nothing."""

    state = forms.ChoiceField(label=_("情况"), required=False, choices=[("", _("全部情况")), *STATES.items()])
    town = forms.ChoiceField(label=_("镇街"), required=False)
    q = forms.CharField(label=_("项目名称、宗地代码"), required=False, max_length=60)

    def __init__(self, *args: Any, county: County, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["town"].choices = [("", _("全部镇街")), *_towns(county)]  # type: ignore[attr-defined]


class ProjectForm(Refusing):
    """A project's areas in ㎡."""

    name = forms.CharField(label=_("项目名称"), max_length=200)
    parcel_code = forms.CharField(label=_("宗地代码"), max_length=40)
    more = forms.CharField(
        label=_("其他宗地"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("项目占用多宗地的，每行一宗：宗地代码、空格、用地面积（㎡）；其余用地在上面的宗地。"),
    )
    uscc = forms.CharField(label=_("统一社会信用代码"), max_length=18, required=False)
    category = forms.ChoiceField(
        label=_("项目类别"), required=False, choices=[("", _("其他")), *CATEGORIES.items()]
    )
    on = Day(label=_("日期"))
    land_m2 = _area(_("总用地（㎡）"))
    ancillary_land_m2 = _area(_("配套用地（㎡）"))
    dormitory_land_m2 = _area(_("其中宿舍型租赁住房用地（㎡）"))
    building_m2 = _area(_("总建筑面积（㎡）"))
    ancillary_building_m2 = _area(_("配套建筑面积（㎡）"))
    dormitory_building_m2 = _area(_("其中宿舍型租赁住房建筑（㎡）"))
    pooled_land_m2 = _optional(_("拟归集到园区的用地（㎡）"))
    pooled_building_m2 = _optional(_("拟归集到园区的建筑（㎡）"))
    flats = forms.BooleanField(label=_("含成套商品住宅"), required=False)
    evidence = forms.CharField(label=_("依据材料"), max_length=500)
    replaces = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2**62)

    def clean_more(self) -> dict[str, Decimal]:
        """Parcel code → ㎡."""
        told: dict[str, Decimal] = {}
        for n, line in enumerate(self.cleaned_data["more"].splitlines(), 1):
            parts = line.replace("，", " ").replace(",", " ").split()
            if not parts:
                continue
            try:
                area_m2 = Decimal(parts[1]) if len(parts) == 2 else None
            except InvalidOperation:
                area_m2 = None
            if (
                area_m2 is None
                or not area_m2.is_finite()
                or not 0 < area_m2 < 10**12
                or area_m2 != round(area_m2, 4)
            ):
                raise forms.ValidationError(
                    _("第 %(n)s 行应为“宗地代码 用地面积”，面积为大于 0 的㎡数，最多四位小数。"),
                    params={"n": n},
                )
            if parts[0] in told:
                raise forms.ValidationError(
                    _("第 %(n)s 行的宗地 %(code)s 重复。"), params={"n": n, "code": parts[0]}
                )
            told[parts[0]] = area_m2
        return told

    def told(self) -> dict[str, Any]:
        """The fields as the action takes them."""
        told = dict(self.cleaned_data)
        return {
            "areas_m2": {key: told.pop(key) or Decimal(0) for key in AREAS},
            "replaces_id": told.pop("replaces"),
            "more_ground_m2": told.pop("more"),
            **told,
        }


class DecisionForm(Refusing):
    """The officer's word."""

    on = Day(label=_("审核日期"))
    approved = forms.TypedChoiceField(
        label=_("审核结论"),
        choices=[("1", _("同意提高")), ("0", _("不予提高"))],
        coerce=lambda text: text == "1",
    )
    text = forms.CharField(label=_("审核意见"), max_length=1000)
    evidence = forms.CharField(label=_("依据材料"), max_length=500)


class PoolForm(Refusing):
    """A park."""

    name = forms.CharField(label=_("园区名称"), max_length=200)
    town_code = forms.ChoiceField(label=_("镇街"), required=False)
    on = Day(label=_("日期"))
    basis = forms.CharField(label=_("依据"), max_length=500)

    def __init__(self, *args: Any, county: County, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["town_code"].choices = [("", "—"), *_towns(county)]  # type: ignore[attr-defined]


class QuotaForm(Refusing):
    """A project's quota for a pool."""

    project_id = forms.IntegerField(label=_("项目编号"), min_value=1, max_value=2**62)
    on = Day(label=_("日期"))
    evidence = forms.CharField(label=_("依据材料"), max_length=500)


class UseForm(Refusing):
    """A building that takes whole quotas."""

    name = forms.CharField(label=_("项目名称"), max_length=200)
    on = Day(label=_("日期"))
    land_m2 = _area(_("用地（㎡）"))
    building_m2 = _area(_("建筑面积（㎡）"))
    dormitory_land_m2 = _area(_("其中宿舍型租赁住房用地（㎡）"))
    dormitory_building_m2 = _area(_("其中宿舍型租赁住房建筑（㎡）"))
    flats = forms.BooleanField(label=_("含成套商品住宅"), required=False)
    evidence = forms.CharField(label=_("依据材料"), max_length=500)


def _towns(county: County) -> list[tuple[str, str]]:
    return list(county.towns.values_list("code", "name"))
