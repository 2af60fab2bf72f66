"""The forms of the import page: which table, which file; and why it is imported.

Refuses a table that no description knows.
"""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from parcels.exchange.table_specs import ON_PAGE

ENCODINGS = (("", _("自动判断")), ("utf-8", "UTF-8"), ("gb18030", "GB18030（GBK）"), ("utf-16", "UTF-16"))


class TableForm(forms.Form):
    """A file for one of the tables; the file itself is checked where it is taken."""

    table = forms.ChoiceField(
        label=_("表格"),
        choices=[(spec.name, spec.title) for spec in ON_PAGE],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    encoding = forms.ChoiceField(
        label=_("CSV 编码"),
        choices=ENCODINGS,
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
    )


class StoreForm(forms.Form):
    """Why the table is imported; it stands in the audit."""

    reason = forms.CharField(
        label=_("导入说明"), max_length=500, widget=forms.TextInput(attrs={"class": "form-control"})
    )
