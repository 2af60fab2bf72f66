"""A citation of law in another language: 《闲置土地处置办法》第二条第一款 as its English name, Art. 2 para. 1.

Refuses to name a statute that the catalogue doesn't know: such a citation stays wholly as the law has it.
"""

from __future__ import annotations

import re

from django.utils.translation import gettext

_NUMBER = "[零一二三四五六七八九十百]+"
_PART = rf"第{_NUMBER}[条款项章]"
_STATUTE = r"《[^《》]+》(?:（[^（）]*号）)?"
# A statute with or without its articles, or articles of the one that the sentence is about.
CITATION = rf"(?:{_STATUTE}(?:(?:{_PART})+(?:[、和至](?:{_PART})+)*)?|(?:{_PART})+(?:[、和至](?:{_PART})+)*)"
_CITED = re.compile(rf"{CITATION}(?:[、和]?{CITATION})*")
_PIECES = re.compile(rf"({_STATUTE})|({_PART})|([、和至])")
_DIGITS = "零一二三四五六七八九"


def cited(text: str) -> str | None:
    """The citation in the language of the page; None where `text` is something else, or of an unknown statute."""
    if not _CITED.fullmatch(text):
        return None
    told = ""
    for statute, part, joint in _PIECES.findall(text):
        if statute:
            named = _named(statute)
            if named is None:
                return None
            told += f"{'; ' if told and told[-1] != ' ' else ''}{named}"
        elif part:
            told += f"{_before(part, told)}{gettext('第{}' + part[-1]).format(number_of(part[1:-1]))}"
        else:
            told += f" {gettext('至')} " if joint == "至" else ", "
    return told


def number_of(numeral: str) -> int:
    """第二十四条's 24; up to 999."""
    total, digit = 0, 0
    for sign in numeral.replace("两", "二"):
        if sign in _DIGITS:
            digit = _DIGITS.index(sign)
        else:
            total += (digit or 1) * {"十": 10, "百": 100}[sign]
            digit = 0
    return total + digit


def _named(statute: str) -> str | None:
    """The statute's name, and the order that it was issued by where the citation names that too."""
    title, bracket, order = statute.partition("（" if statute.endswith("）") else "\0")
    named, issued = gettext(title), gettext(order[:-1]) if bracket else ""
    if named == title or (bracket and issued == order[:-1]):
        return None
    return f"{named} ({issued})" if issued else named


def _before(part: str, told: str) -> str:
    """What parts a statute from its first article, and an article from its paragraph."""
    if not told or told.endswith(" "):
        return ""
    return " " if part[-1] in "款项" else ", "
