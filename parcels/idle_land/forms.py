"""What an officer may ask of the idle-land list, and the form that starts a screening.

Refuses unknown findings and towns with a message beside the field.
"""

from django import forms
from django.utils.translation import gettext_lazy as _

from landgis.counties.models import County
from parcels.idle_land.queries import TITLES


class ListFilter(forms.Form):
    """The list's filters; an empty field filters nothing."""

    finding = forms.ChoiceField(label=_("认定情形"), required=False)
    town = forms.ChoiceField(label=_("镇街"), required=False)
    q = forms.CharField(label=_("宗地、合同、权利人"), required=False, max_length=60)

    def __init__(self, *args: object, county: County, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        findings = [(code, title) for code, title in TITLES.items() if code != "clear"]
        self.fields["finding"].choices = [("", _("全部情形")), *findings]  # type: ignore[attr-defined]
        towns = list(county.towns.values_list("code", "name"))
        self.fields["town"].choices = [("", _("全部镇街")), *towns]  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.widget.attrs["class"] = (
                "form-select" if isinstance(field, forms.ChoiceField) else "form-control"
            )


class ScreeningForm(forms.Form):
    """The day to screen for and why it is done."""

    on = forms.DateField(
        label=_("筛查基准日"),
        widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d"),
    )
    reason = forms.CharField(
        label=_("筛查原因"), max_length=200, widget=forms.TextInput(attrs={"class": "form-control"})
    )
