"""The filters of the clusters' list, and the forms that adjust, confirm and dismiss one.

Refuses a way that isn't known, and a boundary that isn't GeoJSON.
"""

from __future__ import annotations

import json
import re
from typing import Any

import shapely
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from landgis.counties.models import County
from landgis.lib.forms import Styled
from parcels.clusters.rules import WAYS

STATES = (
    ("proposed", _("待确认")),
    ("confirmed", _("已确认")),
    ("dismissed", _("已撤销")),
)
MOST_CODES = 5_000
BETWEEN_CODES = re.compile(r"[\s,，、;；]+")


class ClusterFilter(Styled):
    """Which clusters; an empty filter shows those in force."""

    state = forms.ChoiceField(label=_("状态"), required=False, choices=[("", _("现行")), *STATES])
    town = forms.ChoiceField(label=_("镇街"), required=False)
    q = forms.CharField(label=_("编号或宗地代码"), required=False, max_length=60)

    def __init__(self, *args: Any, county: County, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        towns = county.towns.order_by("code").values_list("code", "name")
        self.fields["town"].choices = [("", _("全部镇街")), *towns]  # type: ignore[attr-defined]


class AdjustForm(Styled):
    """The parcels that the cluster is to hold, and perhaps a boundary around them."""

    parcel_codes = forms.CharField(label=_("宗地代码"), widget=forms.Textarea(attrs={"rows": 4}))
    boundary = forms.CharField(
        label=_("范围线（GeoJSON 面，可不填）"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2_000_000,
    )
    reason = forms.CharField(label=_("调整理由"), max_length=500)

    def clean_parcel_codes(self) -> list[str]:
        return _codes(self.cleaned_data["parcel_codes"])

    def clean_boundary(self) -> shapely.Geometry | None:
        text = self.cleaned_data["boundary"].strip()
        if not text:
            return None
        try:
            stated = json.loads(text)
            if stated.get("type") == "FeatureCollection":
                (stated,) = stated["features"]
            return shapely.force_2d(shapely.from_geojson(json.dumps(stated.get("geometry", stated))))
        except (ValueError, KeyError, AttributeError, TypeError, shapely.GEOSException) as error:
            raise ValidationError(_("范围线不是一个 GeoJSON 面，请检查后重试。")) from error


class ConfirmForm(Styled):
    """The officer's decision."""

    way = forms.ChoiceField(label=_("盘活方式"), choices=[(way, way) for way in WAYS])
    reason = forms.CharField(label=_("确认意见"), max_length=500)


def _codes(text: str) -> list[str]:
    codes = [code for code in BETWEEN_CODES.split(text) if code]
    if len(codes) > MOST_CODES:
        raise ValidationError(_("一次最多填写 %(most)s 个宗地代码。") % {"most": MOST_CODES})
    return codes


class FindOnMapForm(forms.Form):
    """The limits of a finding on the map; an empty one is the county's."""

    year = forms.IntegerField(label=_("年度"), min_value=1990, max_value=2200)
    tolerance_m = forms.FloatField(label=_("间距（米）"), required=False, min_value=0, max_value=5_000)
    min_mu = forms.FloatField(label=_("最小面积（亩）"), required=False, min_value=0, max_value=1_000_000)
    tax_per_mu_below = forms.FloatField(
        label=_("亩均税收低于（万元/亩）"), required=False, min_value=0, max_value=1_000_000
    )


class PickOnMapForm(forms.Form):
    """Parcels picked on the map."""

    codes = forms.CharField(label=_("宗地代码"), max_length=MOST_CODES * 41)
    year = forms.IntegerField(label=_("年度"), min_value=1990, max_value=2200)
    tolerance_m = forms.FloatField(label=_("间距（米）"), required=False, min_value=0, max_value=5_000)

    def clean_codes(self) -> list[str]:
        return _codes(self.cleaned_data["codes"])


class FormOnMapForm(forms.Form):
    """Picked parcels, confirmed as a cluster."""

    codes = forms.CharField(label=_("宗地代码"), max_length=MOST_CODES * 41)
    year = forms.IntegerField(label=_("年度"), min_value=1990, max_value=2200)
    way = forms.ChoiceField(label=_("盘活方式"), choices=[(way, way) for way in WAYS])
    reason = forms.CharField(label=_("确认意见"), max_length=500)

    def clean_codes(self) -> list[str]:
        return _codes(self.cleaned_data["codes"])


class DismissForm(Styled):
    """Why the cluster isn't one."""

    reason = forms.CharField(label=_("撤销理由"), max_length=500)
