"""Which area and which years a sheet is asked for.

Refuses areas that weren't offered, and polygons that aren't text.
"""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from landgis.lib.forms import Styled
from parcels.area_sheets.ground import KINDS

LONGEST_SHAPE = 1_000_000


class AreaChoice(Styled):
    """An area of a kind, as `kind:code`."""

    area = forms.ChoiceField(label=_("范围"))

    def __init__(self, *args: Any, choices: list[tuple[str, list[tuple[str, str]]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = [  # type: ignore[attr-defined]
            (KINDS[kind], [(f"{kind}:{code}", name or code) for code, name in areas])
            for kind, areas in choices
        ]


class Drawn(forms.Form):
    """A polygon as the map sends it, GeoJSON in EPSG:4490, and what its sheet is to be called."""

    geometry = forms.CharField(max_length=LONGEST_SHAPE)
    name = forms.CharField(required=False, max_length=60)

    def clean_geometry(self) -> Any:
        try:
            return json.loads(self.cleaned_data["geometry"])
        except (ValueError, RecursionError):
            raise forms.ValidationError(_("图形的坐标无法读取。")) from None
