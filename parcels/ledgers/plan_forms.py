"""The forms of a plan of targets: the document it stands on, its grid of figures, and the decision.

Refuses what isn't a day or a figure; whether the figures add up is told by the rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from landgis.lib.forms import Day, Refusing
from parcels.campaigns.plan_rules import Aim

_NOT_NEGATIVE = 0


class DocumentForm(Refusing):
    """The document of a new plan and the days it holds for."""

    name = forms.CharField(label=_("依据文件（名称、文号）"), max_length=300)
    valid_from = Day(label=_("起始日期"))
    valid_to = Day(label=_("终止日期"))
    file = forms.FileField(label=_("依据文件扫描件（PDF、照片）"))
    reason = forms.CharField(label=_("办理说明"), max_length=500)
    backdated = forms.BooleanField(label=_("追溯施行（起始日期不晚于今天）"), required=False)


class DecisionForm(Refusing):
    """Why a draft is put in force or dropped; `seen` is the state of the draft that was looked at."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**62)
    reason = forms.CharField(label=_("核定或者作废的理由"), max_length=500)


class FiguresForm(Refusing):
    """The grid: of each aim the county's figure, its years and its towns; an empty one isn't stated."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**62)

    def __init__(self, *args: Any, aims: Sequence[Aim], towns: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.aims, self.towns = aims, towns
        for aim in aims:
            least = _NOT_NEGATIVE if aim.parted else None
            self._add(f"value:{aim.id}", aim.told, aim.value, least)
            for year in aim.year_columns:
                self._add(f"year:{aim.id}:{year}", f"{aim.told} {year}", aim.years.get(year))
            if aim.parted:
                for code, name in towns.items():
                    self._add(f"town:{aim.id}:{code}", f"{aim.told} {name}", aim.towns.get(code))
        self.dress()

    def filled(self) -> list[Aim]:
        """The aims with what was typed in."""
        told = self.cleaned_data
        return [
            replace(
                aim,
                value=told.get(f"value:{aim.id}"),
                years=_stated({year: told.get(f"year:{aim.id}:{year}") for year in aim.year_columns}),
                towns=_stated({code: told.get(f"town:{aim.id}:{code}") for code in self.towns}),
            )
            for aim in self.aims
        ]

    def county_rows(self, parted: bool) -> list[dict[str, Any]]:
        """The rows of the first table: the aims that have parts, or those that haven't."""
        return [
            {
                "aim": aim,
                "value": self[f"value:{aim.id}"],
                "years": [self[f"year:{aim.id}:{year}"] for year in aim.year_columns],
            }
            for aim in self.aims
            if aim.parted is parted
        ]

    def town_rows(self) -> list[tuple[str, list[Any]]]:
        """The rows of the second table: a town's part of each aim."""
        parted = [aim for aim in self.aims if aim.parted]
        return [
            (name, [self[f"town:{aim.id}:{code}"] for aim in parted]) for code, name in self.towns.items()
        ]

    def _add(self, name: str, label: str, value: Decimal | None, least: int | None = _NOT_NEGATIVE) -> None:
        self.fields[name] = forms.DecimalField(
            label=label, required=False, min_value=least, max_digits=14, decimal_places=4,
            initial=None if value is None else f"{value.normalize():f}",
            widget=forms.NumberInput(attrs={"aria-label": label, "step": "any"}),
        )  # fmt: skip


def _stated(parts: Mapping[Any, Decimal | None]) -> dict[Any, Decimal]:
    return {of: part for of, part in parts.items() if part is not None}
