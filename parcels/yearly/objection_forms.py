"""The forms of an objection and its decision: what is claimed has fields of its own for each kind.

Refuses to judge: what was typed is handed on, and the actions answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from landgis.lib.forms import Day, Refusing
from parcels.grading.claims import EXEMPTION, GROUP, LAND_CHANGES, LAND_USE, VETO
from parcels.schemes.definition import Definition

LONGEST = 4000
_CHOOSE = ("", _("请选择"))
NAMES: Mapping[str, tuple[str, ...]] = {
    VETO: ("code",),
    EXEMPTION: ("code",),
    GROUP: ("above_scale", "industry_code", "industry_group"),
    LAND_USE: ("change", "parcel_code", "other_uscc", "area_mu", "from", "to", "apart"),
}


class ClaimForm(Refusing):
    """What is claimed, by the kind of the objection; none of it for figures."""

    read_as: ClassVar[Mapping[str, str]] = {
        name: f"claim_{name}" for names in NAMES.values() for name in names
    }

    def __init__(
        self,
        *args: Any,
        kind: str,
        definition: Definition,
        claim: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.claim_names = tuple(f"claim_{name}" for name in NAMES.get(kind, ()))
        for name, field in _claim_fields(kind, definition).items():
            field.initial = _initial((claim or {}).get(name))
            self.fields[f"claim_{name}"] = field
        self.order_fields([*self.first, *self.claim_names])
        self.dress()

    first: ClassVar[tuple[str, ...]] = ()

    def claim(self) -> dict[str, Any]:
        return {name: self.cleaned_data[f"claim_{name}"] for name in NAMES.get(self.kind, ())}


class ObjectionForm(ClaimForm):
    """What a firm objects to, as its town files it."""

    first = ("on",)

    on = Day(label=_("提出日期"))
    statement = forms.CharField(label=_("异议内容"), max_length=LONGEST, widget=forms.Textarea({"rows": 3}))
    evidence = forms.CharField(
        label=_("依据（文书、凭证的名称和文号）"), max_length=LONGEST, widget=forms.Textarea({"rows": 2})
    )


class DecisionForm(ClaimForm):
    """Upheld or not, and what is put right: figures as they should be (an empty one stays), or the claim as it is found."""

    first = ("upheld", "on", "reason")

    upheld = forms.TypedChoiceField(
        label=_("处理意见"),
        choices=[("", _("请选择")), ("1", _("采纳")), ("0", _("不予采纳"))],
        coerce=lambda text: text == "1",
        empty_value=None,
    )
    on = Day(label=_("处理日期"))
    reason = forms.CharField(label=_("原因"), max_length=500)

    def __init__(self, *args: Any, figures: Mapping[str, tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = tuple(figures)
        for name, (title, now) in figures.items():
            self.fields[f"figure_{name}"] = forms.DecimalField(
                label=title, required=False, max_digits=18, decimal_places=6,
                widget=forms.NumberInput({"placeholder": now, "step": "any"}),
            )  # fmt: skip
        self.dress()

    def corrections(self) -> dict[str, Any]:
        told = self.cleaned_data
        return {name: told[f"figure_{name}"] for name in self.names if told.get(f"figure_{name}") is not None}


def _claim_fields(kind: str, definition: Definition) -> dict[str, forms.Field]:
    if kind in (VETO, EXEMPTION):
        known: Iterable[Any] = (definition.vetoes if kind == VETO else definition.exemptions).values()
        choices = [_CHOOSE, *((one.code, one.title) for one in known)]
        title = _("所异议的降档事项") if kind == VETO else _("应适用的免评事项")
        return {"code": forms.ChoiceField(label=title, choices=choices, required=False)}
    if kind == GROUP:
        return {
            "above_scale": _yes_or_no(_("该年度应为"), _("不涉及"), _("规上"), _("规下")),
            "industry_code": forms.CharField(
                label=_("应属行业代码（GB/T 4754）"), max_length=8, required=False
            ),
            "industry_group": forms.CharField(label=_("应属行业类别"), max_length=40, required=False),
        }
    if kind == LAND_USE:
        return {
            "change": forms.ChoiceField(
                label=_("用地情形"), required=False,
                choices=[_CHOOSE, *((code, _(title)) for code, title in LAND_CHANGES.items())],
            ),
            "parcel_code": forms.CharField(label=_("宗地代码"), max_length=40, required=False),
            "other_uscc": forms.CharField(
                label=_("对方企业（承租方、出租方）统一社会信用代码"), max_length=18, required=False
            ),
            "area_mu": forms.DecimalField(
                label=_("应为面积（亩）"), max_digits=14, decimal_places=6, required=False,
                widget=forms.NumberInput({"step": "any"}),
            ),
            "from": Day(label=_("租赁起始日期"), required=False),
            "to": Day(label=_("租赁终止日期、不再使用的日期"), required=False),
            "apart": _yes_or_no(_("承租户应"), _("不涉及"), _("单独评价"), _("随出租方评价")),
        }  # fmt: skip
    return {}


def _yes_or_no(label: Any, neither: Any, yes: Any, no: Any) -> forms.TypedChoiceField:
    choices = [("", neither), ("1", yes), ("0", no)]
    return forms.TypedChoiceField(
        label=label, required=False, choices=choices, coerce=lambda text: text == "1", empty_value=None
    )


def _initial(value: Any) -> Any:
    return {True: "1", False: "0"}[value] if isinstance(value, bool) else value
