"""The forms of the desk: filters of its lists, a use of land, a group, a town's word, a delivery, a doubt.

Refuses words that aren't days, figures or one of the choices; rights and the register are the actions' business.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from landgis.counties.models import County
from landgis.lib.errors import InputError
from parcels.land_use.rules import PROBLEMS, ROLES, YEARS
from parcels.returns.rules import DOUBTS

LARGEST = 2**63 - 1  # the largest row number
MEASURES = {
    "share": _("份额（%，整宗填 100）"),
    "area_mu": _("面积（亩）"),
    "area_m2": _("面积（㎡）"),
    "geometry": _("图形（粘贴坐标或上传文件）"),
}


class Day(forms.DateField):
    """A day, chosen in a calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_error_messages: ClassVar[dict[str, Any]] = {"invalid": _("请按 2026-01-31 的样式填写日期。")}


class Styled(forms.Form):
    """A form in the kit's look."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if not isinstance(field, forms.BooleanField):
                chosen = isinstance(field, forms.ChoiceField)
                field.widget.attrs["class"] = "form-select" if chosen else "form-control"


class YearForm(Styled):
    """Which year; the lists' filters stand on it."""

    year = forms.IntegerField(
        label=_("年度"),
        min_value=YEARS[0],
        max_value=YEARS[-1],
        error_messages={"invalid": _("请填写四位年份。"), "required": _("请填写年度。")},
    )


class FirmFilter(YearForm):
    """A year's firms, by a part of their name or code."""

    q = forms.CharField(label=_("企业名称或代码"), required=False, max_length=60)


class ProblemFilter(YearForm):
    """A year's problems, by town, kind and text."""

    town = forms.ChoiceField(label=_("镇街"), required=False)
    kind = forms.ChoiceField(
        label=_("问题"), required=False, choices=[("", _("全部问题")), *PROBLEMS.items()]
    )
    q = forms.CharField(label=_("宗地代码"), required=False, max_length=40)

    def __init__(self, *args: Any, county: County, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        towns = county.towns.order_by("code").values_list("code", "name")
        self.fields["town"].choices = [("", _("全部镇街")), *towns]  # type: ignore[attr-defined]


class UseForm(Styled):
    """A use of land by one measure; when a use is corrected, an empty measure leaves its land as it is."""

    uscc = forms.CharField(label=_("企业统一社会信用代码"), max_length=18)
    role = forms.ChoiceField(label=_("使用方式"), choices=list(ROLES.items()))
    lessor_uscc = forms.CharField(label=_("出租方统一社会信用代码"), required=False, max_length=18)
    measure = forms.ChoiceField(label=_("计量方式"), choices=list(MEASURES.items()))
    amount = forms.DecimalField(label=_("份额或面积"), required=False, max_digits=16, decimal_places=6)
    coordinates = forms.CharField(
        label=_("坐标（每行：点号 X Y）或 GeoJSON"), required=False, max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    file = forms.FileField(label=_("或上传坐标文件"), required=False)
    valid_from = Day(label=_("起始日期"))
    valid_to = Day(label=_("终止日期（长期留空）"), required=False)
    reason = forms.CharField(label=_("变更原因"), max_length=200)

    def __init__(self, *args: Any, correcting: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if correcting:
            self.fields["measure"].required = False
            self.fields["measure"].choices = [("", _("面积不变")), *MEASURES.items()]  # type: ignore[attr-defined]
            self.fields["seen"] = forms.IntegerField(max_value=LARGEST, widget=forms.HiddenInput)

    def clean_uscc(self) -> str:
        return str(self.cleaned_data["uscc"]).strip().upper()

    def clean_lessor_uscc(self) -> str:
        return str(self.cleaned_data["lessor_uscc"]).strip().upper()

    def amounts(self) -> dict[str, Decimal]:
        """The area or the share, where one of them is the measure."""
        measure, amount = self.cleaned_data["measure"], self.cleaned_data["amount"]
        if measure in ("", "geometry"):
            return {}
        if amount is None:
            raise InputError("value_missing", "没有填写份额或面积。", "请补填。", field="amount")
        if measure == "share":
            return {"share": amount / 100}
        return {
            "area_m2": (amount * 10_000 / 15 if measure == "area_mu" else amount).quantize(Decimal("0.0001"))
        }


class EndForm(Styled):
    """From which day a use, or a group, is no more."""

    on = Day(label=_("终止日期"))
    seen = forms.IntegerField(required=False, max_value=LARGEST, widget=forms.HiddenInput)
    reason = forms.CharField(label=_("终止原因"), max_length=200)


class TenancyForm(YearForm):
    """How a tenant, or all tenants of a parcel, are evaluated in a year."""

    tenant = forms.IntegerField(required=False, max_value=LARGEST)
    apart = forms.ChoiceField(
        choices=[("", _("按缺省规则")), ("yes", _("单独评价")), ("no", _("随出租方评价"))], required=False
    )
    reason = forms.CharField(label=_("原因"), max_length=200)


class GroupForm(Styled):
    """A firm that is evaluated as one with another."""

    head_uscc = forms.CharField(label=_("牵头企业统一社会信用代码"), max_length=18)
    member_uscc = forms.CharField(label=_("关联企业统一社会信用代码"), max_length=18)
    valid_from = Day(label=_("起始日期"))
    valid_to = Day(label=_("终止日期（长期留空）"), required=False)
    basis = forms.CharField(label=_("依据"), max_length=200)


class ConfirmForm(YearForm):
    """A town's word on the rows with the hash that was on the page."""

    town = forms.CharField(max_length=12)
    sha256 = forms.CharField(max_length=64)
    note = forms.CharField(required=False, max_length=500)


class FreezeForm(YearForm):
    """Closing a year; the reason where towns are missing."""

    override = forms.CharField(required=False, max_length=500)


class ReturnFilter(FirmFilter):
    """A year's figures, by firm and source."""

    source = forms.CharField(label=_("来源部门"), required=False, max_length=60)
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[
            ("", _("全部")),
            ("doubt", _("有疑问的")),
            ("missing", _("缺数据的")),
            ("clear", _("齐全无疑问的")),
        ],
    )


class DoubtFilter(FirmFilter):
    """A year's doubts, by kind and firm."""

    kind = forms.ChoiceField(label=_("疑问"), required=False, choices=[("", _("全部疑问")), *DOUBTS.items()])


class DeliveryForm(YearForm):
    """A file of one authority."""

    authority = forms.CharField(label=_("报送部门"), max_length=60)
    commit = forms.BooleanField(label=_("正式导入（不勾选只检查，不保存）"), required=False)


class MatchForm(forms.Form):
    """Which firm a delivered row is of: one of the candidates, or a code; or that it isn't used."""

    firm = forms.IntegerField(required=False, max_value=LARGEST)
    uscc = forms.CharField(required=False, max_length=18)
    dismiss = forms.CharField(required=False)
    reason = forms.CharField(label=_("原因"), max_length=200)


class DoubtForm(forms.Form):
    """A doubt confirmed or corrected."""

    firm = forms.IntegerField(max_value=LARGEST)
    year = forms.IntegerField(min_value=YEARS[0], max_value=YEARS[-1])
    field = forms.CharField(max_length=20)
    kind = forms.CharField(max_length=16)
    seen = forms.DecimalField()
    corrected = forms.DecimalField(label=_("更正为"), required=False, max_digits=18)
    reason = forms.CharField(label=_("原因"), max_length=200)


class EnergyFilter(Styled):
    """Up to which month, which signals, whose."""

    month = forms.RegexField(
        r"^2[01]\d\d-(0[1-9]|1[0-2])$", label=_("月份"),
        widget=forms.TextInput(attrs={"type": "month"}),
        error_messages={"invalid": _("请按 2024-03 的样式填写月份。")},
    )  # fmt: skip
    signal = forms.ChoiceField(
        label=_("信号"), required=False,
        choices=[("", _("全部企业")), ("any", _("有信号的")), ("stop", _("连续停产用电")), ("drop", _("用电骤降"))],
    )  # fmt: skip
    q = forms.CharField(label=_("企业名称或代码"), required=False, max_length=60)


def told(form: forms.Form) -> str:
    """What is wrong with a form, field by field."""
    return "；".join(
        f"{form.fields[name].label or name}：{errors[0]}" if name in form.fields else str(errors[0])
        for name, errors in form.errors.items()
    )
