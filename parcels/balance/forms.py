"""The forms of an adjustment: what leaves, what comes in, the surplus used, and each step.

Refuses a piece that is described but has no ground, and one that has ground but isn't described.
"""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from landgis.lib.forms import Styled
from parcels.balance.drawing import Given
from parcels.balance.rules import Limits, Surplus
from parcels.balance.steps import STEPS

BETWEEN_CODES = re.compile(r"[\s,，、;；]+")
LONGEST_TEXT = 5_000_000


def _day(label: Any, **values: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **values
    )


class GroundForm(Styled):
    """Ground in any of the ways in which it may be handed in."""

    parcel_codes = forms.CharField(
        label=_("宗地代码"), required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=50_000
    )
    text = forms.CharField(
        label=_("界址点坐标或 GeoJSON"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        max_length=LONGEST_TEXT,
    )
    file = forms.FileField(label=_("图形文件"), required=False)

    def given(self) -> Given:
        codes = [code for code in BETWEEN_CODES.split(self.cleaned_data.get("parcel_codes") or "") if code]
        return Given(self.cleaned_data.get("text") or "", self.cleaned_data.get("file"), codes)


class OutForm(GroundForm):
    """The 调出 and, for an application, what stands in it."""

    planned_on = _day(_("拟生效日期"))
    title = forms.CharField(label=_("调整名称"), max_length=200, required=False)
    purpose = forms.CharField(
        label=_("调整理由"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    person = forms.CharField(label=_("经办人"), max_length=80, required=False)
    document = forms.CharField(label=_("申请文件名称或文号"), max_length=300, required=False)

    APPLYING = ("title", "purpose", "person", "document")

    def require_application(self) -> None:
        """Mark what an application needs and a trial doesn't."""
        for name in self.APPLYING:
            if not (self.cleaned_data.get(name) or "").strip():
                self.add_error(name, ValidationError(_("申请时必须填写。")))


class PieceForm(GroundForm):
    """One 调入."""

    name = forms.CharField(label=_("调入名称"), max_length=200, required=False)
    level = forms.ChoiceField(label=_("级别"), required=False)
    plan_class_code = forms.ChoiceField(label=_("规划用途"), required=False)
    plan_basis = forms.CharField(label=_("规划依据"), max_length=300, required=False)
    approved_on = _day(_("批准日期"), required=False)
    approval = forms.CharField(label=_("批准文号"), max_length=300, required=False)

    def __init__(self, *args: Any, limits: Limits, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, known in (("level", limits.levels), ("plan_class_code", limits.planned_classes)):
            self.fields[name].choices = [("", "—"), *((code, code) for code in known)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if bool(cleaned.get("approved_on")) != bool((cleaned.get("approval") or "").strip()):
            self.add_error("approval", ValidationError(_("批准日期和批准文号要一并填写。")))
        described = any(cleaned.get(name) for name in ("plan_class_code", "plan_basis", "approval"))
        if described and self.given().empty:
            self.add_error("text", ValidationError(_("填写了调入的情况，但没有图形。")))
        return cleaned


class UseForm(Styled):
    """㎡ of the banked surplus, a field for each adjustment that has some."""

    def __init__(self, *args: Any, banked: list[tuple[Any, Surplus]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for adjustment, one in banked:
            self.fields[f"use_{adjustment.pk}"] = forms.FloatField(
                label=f"{adjustment.adjustment_no}（{one.free_m2:,.2f} ㎡）",
                required=False,
                min_value=0,
                widget=forms.NumberInput(attrs={"class": "form-control", "step": "any"}),
            )

    def uses(self) -> tuple[tuple[int, float], ...]:
        given = ((name.removeprefix("use_"), area) for name, area in self.cleaned_data.items())
        return tuple((int(number), float(area)) for number, area in given if area)


class StepForm(Styled):
    """A step with its day, person and document."""

    step = forms.ChoiceField(label=_("办理环节"), choices=[(code, code) for code in STEPS])
    on = _day(_("日期"))
    person = forms.CharField(label=_("经办人"), max_length=80)
    document = forms.CharField(label=_("文件名称或文号"), max_length=300)
    note = forms.CharField(
        label=_("说明"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, allowed: tuple[str, ...] = tuple(STEPS), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["step"].choices = [(code, STEPS[code]) for code in allowed]  # type: ignore[attr-defined]


class DayForm(Styled):
    """The day of a statement."""

    on = _day(_("截止日期"), required=False)
