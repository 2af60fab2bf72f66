"""Names that the rules know in Chinese, put into the language of the page where they are shown.

Refuses to translate what is stored or handed on: a frozen report and a workbook keep the words of the rules.
"""

from __future__ import annotations

from typing import Any

from django.template import Library
from django.utils.translation import gettext

register = Library()


@register.filter
def spoken(value: Any) -> Any:
    """A name of the rules, or each of a list of them, in the page's language; what the catalogue lacks stays as it is."""
    if isinstance(value, str):
        return gettext(value) if value else value
    return [spoken(one) for one in value] if isinstance(value, list | tuple) else value


@register.filter
def listed(values: Any) -> str:
    """Several names one after the other."""
    return gettext("、").join(str(spoken(value)) for value in values or ())
