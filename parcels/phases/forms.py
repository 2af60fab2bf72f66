"""The forms of a phase: the list's filter, a fact by its kind's own fields, verifying a cause, withdrawing.

Refuses to judge a fact: it hands on what was written, and the action answers with what is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import CharField, DecimalField, Model
from django.utils.translation import gettext_lazy as _

from landgis.counties.models import County
from parcels.disposal.forms import LONGEST, ReasonForm
from parcels.phases.wording import CHOICES, plain
from parcels.supply.contract_rules import DOCUMENT, OWN
from parcels.supply.fact_actions import MODELS
from parcels.supply.models import ContractPhase, SupplyContract
from parcels.supply.rules import INDICATORS, FactKind, Field

REASON = "reason"
WHOLE = "whole_contract"
SEEN = "seen"
OWN_MODELS = {"contract": SupplyContract, "phase": ContractPhase}


class PhaseFilter(forms.Form):
    """Which phases; an empty field filters nothing."""

    town = forms.ChoiceField(
        label=_("镇街"), required=False, widget=forms.Select(attrs={"class": "form-select"})
    )
    q = forms.CharField(label=_("宗地、合同、监管号、权利人、坐落"), required=False, max_length=60)
    year = forms.IntegerField(
        label=_("签订年度"),
        required=False,
        min_value=1900,
        max_value=2999,
        widget=forms.NumberInput(attrs={"class": "form-control", "placeholder": _("签订年度")}),
    )

    def __init__(self, *args: Any, county: County, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        towns = list(county.towns.values_list("code", "name"))
        self.fields["town"].choices = [("", _("全部镇街")), *towns]  # type: ignore[attr-defined]


class FactForm(ReasonForm):
    """A fact by the fields of its kind; what only the bureau states is asked of the bureau only."""

    def __init__(
        self,
        *args: Any,
        kind: FactKind,
        may_judge: bool,
        kept: Mapping[str, Any] | None = None,
        seen: int | None = None,
        **kwargs: Any,
    ) -> None:
        self.fact_kind, self.kept = kind, dict(kept or {})
        # A cause is verified by a step of its own, not in passing.
        self.own = [
            field
            for field in kind.fields
            if field.name not in kind.verdict or (may_judge and kind.code != "cause")
        ]
        super().__init__(
            *args,
            prefix=kind.code if seen is None else f"edit-{kind.code}",
            initial=self._initial(),
            **kwargs,
        )
        for field in self.own:
            self.fields.update(_inputs(kind, field))
        if kind.code == "supplement" and kept is None:
            self.fields[WHOLE] = forms.BooleanField(label=_("适用于合同各期"), required=False)
        if kind.code in OWN and may_judge:
            self.fields[DOCUMENT] = forms.CharField(
                label=_("依据文件（名称、文号）"),
                max_length=200,
                required=False,
                help_text=_("更正合同约定、价款、面积或者复核验收时必填。"),
            )
        if seen is not None:
            self.fields[SEEN] = forms.IntegerField(widget=forms.HiddenInput, initial=seen)
        self.fields[REASON].label = _("办理说明")
        self.order_fields([*(name for name in self.fields if name != REASON), REASON])
        self.dress()

    def values(self) -> dict[str, Any]:
        """What was written of the kind's own fields, blanks included."""
        return {field.name: self._value(field) for field in self.own}

    def changes(self) -> dict[str, Any]:
        """What was written otherwise than it stands."""
        return {name: value for name, value in self.values().items() if value != self.kept.get(name)}

    def own_field(self, name: str) -> str | None:
        """The form's field for a field that an action speaks of."""
        return name if name in self.fields else None

    def _value(self, field: Field) -> Any:
        if field.type != "figures":
            return self.cleaned_data.get(field.name)
        stated = {code: self.cleaned_data.get(f"{field.name}_{code}") for code in INDICATORS}
        # What is kept under names of its own stays.
        others = {c: v for c, v in (self.kept.get(field.name) or {}).items() if c not in INDICATORS}
        return {**others, **{code: plain(value) for code, value in stated.items() if value is not None}}

    def _initial(self) -> dict[str, Any]:
        figures = {
            f"{name}_{code}": figure
            for name, value in self.kept.items()
            if isinstance(value, dict)
            for code, figure in value.items()
        }
        return {**self.kept, **figures}


class VerifyForm(ReasonForm):
    """The day on which the bureau verified a cause."""

    verified_on = forms.DateField(
        label=_("核实日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


def _inputs(kind: FactKind, field: Field) -> dict[str, forms.Field]:
    """What a field is written into; the action names what is missing, so that all of it is told at once."""
    told: dict[str, Any] = {"label": field.title, "required": False}
    model: type[Model] = OWN_MODELS.get(kind.code) or MODELS[kind.code]
    column = model._meta.get_field(field.name)
    if field.type == "figures":
        return {
            f"{field.name}_{code}": forms.DecimalField(
                label=f"{field.title.removesuffix('指标')}{title}",
                required=False,
                max_digits=14,
                decimal_places=4,
                min_value=0,
            )
            for code, title in INDICATORS.items()
        }
    if field.type == "date":
        day = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        return {field.name: forms.DateField(widget=day, **told)}
    if field.type == "number" and isinstance(column, DecimalField):
        digits, places = column.max_digits, column.decimal_places
        return {field.name: forms.DecimalField(max_digits=digits, decimal_places=places, **told)}
    if field.choices:
        titles = CHOICES.get((kind.code, field.name), {})
        choices = [("", _("请选择")), *((code, titles.get(code, code)) for code in field.choices)]
        return {field.name: forms.ChoiceField(choices=choices, **told)}
    if isinstance(column, CharField):
        return {field.name: forms.CharField(max_length=column.max_length, **told)}
    return {field.name: forms.CharField(max_length=LONGEST, widget=forms.Textarea({"rows": 2}), **told)}
