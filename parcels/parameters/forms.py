"""The forms of the parameters: filters of the list, a successor, a withdrawal, and the values that somebody tries.

Refuses to judge a value: it hands on what was typed in, and the parameter's own kind answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from landgis.counties.catalogue import CERTAINTY_TITLES, groups
from landgis.counties.value_kinds import Kind, Unfit
from landgis.lib.forms import Styled
from parcels.parameters.queries import Listed

_DAY = {"invalid": _("请按 2026-01-31 的样式填写日期。")}
_FIRST, _LAST = date(1990, 1, 1), date(2100, 12, 31)
_FAR = _("日期应在 1990 年至 2100 年之间。")
MOST_TYPED = 4000


class _Day(forms.DateField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages=_DAY,
            validators=[MinValueValidator(_FIRST, _FAR), MaxValueValidator(_LAST, _FAR)],
            **kwargs,
        )


class ListFilter(Styled):
    """Which parameters, as of which day; an empty filter limits nothing."""

    on = _Day(label=_("查看日期"))
    group = forms.ChoiceField(label=_("类别"), required=False)
    certainty = forms.ChoiceField(
        label=_("性质"), required=False, choices=[("", _("全部性质")), *CERTAINTY_TITLES.items()]
    )
    q = forms.CharField(label=_("名称、键、依据"), required=False, max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("全部类别")), *((group, group) for group in groups())]
        self.fields["group"].choices = choices  # type: ignore[attr-defined]


class SuccessorForm(Styled):
    """The next version of one parameter."""

    value = forms.CharField(label=_("新的值"), max_length=MOST_TYPED)
    valid_from = _Day(label=_("施行日期"))
    certainty = forms.ChoiceField(label=_("性质"), choices=list(CERTAINTY_TITLES.items()))
    basis = forms.CharField(
        label=_("依据文件（名称、文号、条款）"), max_length=1000, widget=forms.Textarea({"rows": 2})
    )
    reason = forms.CharField(label=_("修改原因"), max_length=1000)
    confirmed = forms.CharField(label=_("照录法条以确认"), max_length=200, required=False)
    backdated = forms.BooleanField(label=_("追溯施行（施行日期不晚于今天）"), required=False)
    follows = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**62)

    def __init__(self, *args: Any, row: Listed, article: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = row.item.kind
        self.fields["value"].help_text = kind.hint if kind else ""
        if kind:
            self.fields["value"].widget = value_widget(kind)
        if article:
            self.fields["confirmed"].help_text = article
        else:
            del self.fields["confirmed"]
        self.dress()


class WithdrawForm(Styled):
    """Why a version is taken back."""

    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**62)
    reason = forms.CharField(label=_("撤回原因"), max_length=1000)


class TriedForm(Styled):
    """The day and the values that somebody tries; a value left empty stays the county's."""

    on = _Day(label=_("截止日期"))
    since = _Day(label=_("新的值自何日起适用（不填：一直适用）"), required=False)

    def __init__(self, *args: Any, rows: Sequence[Listed], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        for row in rows:
            assert row.item.kind is not None
            widget = value_widget(row.item.kind, empty=True)
            widget.attrs["placeholder"] = row.value or str(_("未设定"))  # as it is to be typed
            self.fields[row.item.key] = forms.CharField(
                label=row.item.title, required=False, max_length=MOST_TYPED, widget=widget
            )
        self.dress()

    def clean(self) -> dict[str, Any]:
        stated = super().clean() or {}
        self.otherwise: dict[str, Any] = {}
        for row in self.rows:
            text = str(stated.get(row.item.key) or "")
            if not text.strip() or row.item.kind is None:
                continue
            try:
                value = row.item.kind.read(text)
            except Unfit as error:
                self.add_error(row.item.key, str(error))
                continue
            if row.held is None or value != row.held.value:
                self.otherwise[row.item.key] = value
        return stated

    def groups(self) -> list[tuple[str, list[forms.BoundField], bool]]:
        """The fields by group, and whether one of the group was filled in."""
        found: dict[str, list[forms.BoundField]] = {}
        for row in self.rows:
            found.setdefault(row.item.group, []).append(self[row.item.key])
        return [(title, fields, any(field.value() for field in fields)) for title, fields in found.items()]

    @property
    def day(self) -> date:
        on: date = self.cleaned_data["on"]
        return on


def value_widget(kind: Kind, empty: bool = False) -> forms.Widget:
    """What a value of the kind is typed into."""
    if kind.name == "boolean":
        choices = [("", _("不变"))] if empty else []
        return forms.Select({"class": "form-select"}, choices=[*choices, ("是", _("是")), ("否", _("否"))])
    if kind.lines:
        return forms.Textarea({"rows": max(2, len(kind.fields) + len(kind.keys))})
    return forms.TextInput()


def told(form: forms.Form) -> str:
    """What is wrong with a form, in one line."""
    return "；".join(
        f"{form.fields[name].label if name in form.fields else name}：{errors[0]}"
        for name, errors in form.errors.items()
    )
