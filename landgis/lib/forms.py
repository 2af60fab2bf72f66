"""What the forms of all rooms have in common: the kit's look, a day's field, choices in words, refusals beside fields.

Refuses to validate: what a value may be stands in each form and in the actions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest

from landgis.lib.errors import FieldErrors, InputError, LandgisError
from landgis.lib.words import in_the_language_of_the_rules, spoken


class Worded(DjangoTemplates):
    """Draws every widget; choices that are names of the rules appear in the page's language."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        widget = context.get("widget", {})
        if (groups := widget.get("optgroups")) and not in_the_language_of_the_rules():
            widget["optgroups"] = [(spoken(group), _named(options), at) for group, options, at in groups]
        return str(super().render(template_name, context, request))


class Day(forms.DateField):
    """A day, picked or typed as 2026-01-31."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


class Styled(forms.Form):
    """Every widget in the kit's look; a form that adds fields afterwards dresses again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dress()

    def dress(self) -> None:
        for field in self.fields.values():
            widget = field.widget
            if isinstance(widget, forms.CheckboxInput):
                widget.attrs["class"] = "form-check-input"
            elif isinstance(widget, forms.Select):
                widget.attrs["class"] = "form-select"
            else:
                widget.attrs["class"] = "form-control"


class Refusing(Styled):
    """Puts what an action refused beside the field that it names, or above the form.

    `read_as`: the form's field for a name that the action uses.
    """

    read_as: ClassVar[Mapping[str, str]] = {}

    def refuse(self, error: LandgisError) -> None:
        single = {"field": error.field if isinstance(error, InputError) else "", "message": str(error)}
        for issue in error.issues if isinstance(error, FieldErrors) else [single]:
            name = self.read_as.get(issue["field"], issue["field"])
            self.add_error(name if name in self.fields else None, issue["message"])


def _named(options: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{**option, "label": spoken(option["label"])} for option in options]
