"""Names that the rules know in Chinese, put into the language of the page where they are shown.

Refuses to translate what is stored or handed on: a frozen report and a workbook keep the words of the rules.
"""

from __future__ import annotations

import re
from typing import Any

from django.template import Library
from django.utils.translation import get_language, gettext

register = Library()

# What stands in a sentence for something else: a figure or day, and a name in quotation marks.
_STANDS_IN = re.compile(r"“[^“”]*”|\d(?:[\d.,:/-]*\d)?")
# What parts several names or sentences in one text, and how English parts them.
_BETWEEN = (("；", "; "), ("：", ": "), ("、", ", "), ("，", ", "))
_WITH_NOTE = re.compile(r"([^（）]+)（([^（）]+)）")
_WITH_FIGURE = re.compile(r"(.*\D) (\d+)")
_HAN = re.compile("[\u4e00-\u9fff]")


@register.filter
def spoken(value: Any) -> Any:
    """A name of the rules, or each of a list of them, in the page's language; what the catalogue lacks stays as it is.

    A sentence is looked up with its figures and quoted names left out, several that stand in one text each for itself.
    """
    if isinstance(value, str):
        return value if _in_the_language_of_the_rules() else _found(value) or value
    return [spoken(one) for one in value] if isinstance(value, list | tuple) else value


@register.filter
def listed(values: Any) -> str:
    """Several names one after the other."""
    return gettext("、").join(str(spoken(value)) for value in values or ())


def pattern_of(text: str) -> str:
    """The sentence as the catalogue has it: with {} for every figure and every quoted name."""
    return _STANDS_IN.sub("{}", text)


def _in_the_language_of_the_rules() -> bool:
    return (get_language() or "zh").startswith("zh")


def _found(text: str) -> str | None:
    if not _HAN.search(text):
        return text
    if (told := gettext(text)) != text:
        return told
    if "{" not in text and (pattern := pattern_of(text)) != text and (told := gettext(pattern)) != pattern:
        return told.format(*(_standing_in(one) for one in _STANDS_IN.findall(text)))
    if text.endswith("。") and (sentence := _found(text[:-1])):
        return f"{sentence}."
    for mark, between in _BETWEEN:
        if mark in text:
            pieces = [_found(piece) for piece in text.split(mark)]
            return None if None in pieces else between.join(map(str, pieces))
    if (whole := _WITH_FIGURE.fullmatch(text)) and (name := _found(whole[1])):
        return f"{name} {whole[2]}"
    if (whole := _WITH_NOTE.fullmatch(text)) and (name := _found(whole[1])) and (note := _found(whole[2])):
        return f"{name} ({note})"
    return None


def _standing_in(text: str) -> str:
    return f'"{spoken(text[1:-1])}"' if text.startswith("“") else text
