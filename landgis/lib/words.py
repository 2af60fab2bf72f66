"""Names that the rules know in Chinese, put into the language of the page where they are shown.

Refuses to translate what is stored or handed on: a frozen report and a workbook keep the words of the rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Any

from django.template import Library
from django.utils.html import format_html
from django.utils.translation import get_language, gettext
from django.utils.translation.trans_real import catalog

from landgis.lib.citations import CITATION, cited, number_of

register = Library()

# What stands in a sentence for something else: a figure or day, and a name in quotation marks.
_STANDS_IN = re.compile(r"“[^“”]*”|\d(?:[\d.,:/-]*\d)?")
# In a sentence's place {} also a citation, years in words and a code; in a named one anything.
_YEARS = "[一两二三四五六七八九十]年"
_DAY = r"\d{4}年(?:\d{1,2}月\d{1,2}日)?"
_CODE = "[A-Za-z]*-?\\d(?:[A-Za-z0-9_.,:/〔〕+%-]*[A-Za-z0-9_%])?"
_ANY_OF_THEM = rf"“[^“”]*”|{CITATION}|{_YEARS}|{_DAY}|{_CODE}|—"
_PLACES = re.compile(r"\{(\w*)\}")
_NAMED = "[^。；]+?"
# What parts several names or sentences in one text, and how English parts them.
_BETWEEN = (("。", ". "), ("；", "; "), ("：", ": "), ("、", ", "), ("，", ", "))
# Lines, cells and the parts of a formula stand each for itself: one may stay as it is.
_APART = re.compile(r"(\n| \| | · | = | ?÷ ?| ?× ?)")
_WITH_NOTE = re.compile(r"(.+?)（((?:[^（）]|（[^（）]*）)*)）")
_WITH_FIGURE = re.compile(r"(.*\D) (\d+)")
_WITH_UNIT = re.compile(r"(\D+) (-?\d[\d.,]*) (\D+)")
_WITH_CODE = re.compile(r"([A-Za-z_]*[\d.]*) (\D.*)")
_LONGEST = 400  # characters of a sentence: what people write at length is none of the rules'
_HAN = re.compile("[\u4e00-\u9fff]")
_OPENING, _CLOSING = "（“《〔", "）”》〕"


@register.filter
def spoken(value: Any) -> Any:
    """A name of the rules, or each of a list of them, in the page's language; what the catalogue lacks stays as it is.

    A sentence is looked up with its figures and quoted names left out, several that stand in one text each for itself.
    """
    if isinstance(value, str):
        return value if in_the_language_of_the_rules() else _told(value)
    return [spoken(one) for one in value] if isinstance(value, list | tuple) else value


@register.filter
def listed(values: Any) -> str:
    """Several names one after the other."""
    return gettext("、").join(str(spoken(value)) for value in values or ())


@register.filter
def lawful(value: Any) -> Any:
    """A citation in the page's language and, where that isn't the law's own, beside it as the law has it."""
    told = spoken(value)
    if told == value:
        return value
    return format_html('{} <span lang="zh-Hans" class="text-secondary">{}</span>', told, value)


def words_for(document: Any) -> dict[str, str]:
    """What of a document's texts is called otherwise in the page's language; nothing in that of the rules."""
    if in_the_language_of_the_rules():
        return {}
    texts = {text for text in _texts_in(document) if _HAN.search(text)}
    return {text: told for text in sorted(texts) if (told := _told(text)) != text}


def pattern_of(text: str) -> str:
    """The sentence as the catalogue has it: with {} for every figure and every quoted name."""
    return _STANDS_IN.sub("{}", text)


def in_the_language_of_the_rules() -> bool:
    return (get_language() or "zh").startswith("zh")


def _texts_in(document: Any) -> Iterator[str]:
    if isinstance(document, str):
        yield document
    elif isinstance(document, Mapping):
        for one in document.values():
            yield from _texts_in(one)
    elif isinstance(document, list | tuple):
        for one in document:
            yield from _texts_in(one)


def _told(text: str) -> str:
    return _remembered(text, get_language() or "") if _HAN.search(text) else text


@lru_cache(maxsize=8192)
def _remembered(text: str, language: str) -> str:
    return _found(text.strip()) or text


def _found(text: str) -> str | None:
    if not _HAN.search(text):
        return text
    if (told := gettext(text)) != text:
        return told
    if "{" not in text and (pattern := pattern_of(text)) != text and (told := gettext(pattern)) != pattern:
        return told.format(*(_standing_in(one) for one in _STANDS_IN.findall(text)))
    return cited(text) or _by_sentence(text) or _in_pieces(text) or _with_something(text)


def _by_sentence(text: str) -> str | None:
    """By a sentence of the catalogue with places, whatever stands in them."""
    if len(text) > _LONGEST:
        return None
    for piece, pattern, sentence, names in _sentences(get_language() or ""):
        if piece in text and (match := pattern.fullmatch(text)):
            values = [_within(value, match.start(place)) for place, value in enumerate(match.groups(), 1)]
            named = {name: value for name, value in zip(names, values, strict=True) if name}
            return gettext(sentence).format(
                *(v for n, v in zip(names, values, strict=True) if not n), **named
            )
    return None


def _in_pieces(text: str) -> str | None:
    if len(apart := _APART.split(text)) > 1:
        marks = [f" {mark.strip()} " if mark.strip() else mark for mark in apart[1::2]]
        pieces = [_found(piece) or piece for piece in apart[::2]]
        return "".join(piece + mark for piece, mark in zip(pieces, [*marks, ""], strict=True))
    if text.endswith("。") and (sentence := _found(text[:-1])):
        return f"{sentence}."
    title, mark, rest = text.partition("：")
    if mark and "。" not in text and (titled := _found(title)) and (told := _found(rest)):
        return f"{titled}: {told}"
    for mark, between in _BETWEEN:
        pieces = _parted(text, mark)
        if len(pieces) > 1:
            found = [_piece(piece.strip(), mark) for piece in pieces]
            return None if None in found else between.join(map(str, found)).rstrip()
    return None


def _piece(text: str, mark: str) -> str | None:
    """A piece of a text; a sentence may stand in the catalogue with its full stop."""
    whole = text + mark
    if mark == "。" and (told := gettext(whole)) != whole:
        return told.removesuffix(".")
    return _found(text) if text else ""


def _with_something(text: str) -> str | None:
    """A name with a figure or a note behind it, or a code before it."""
    if (whole := _WITH_FIGURE.fullmatch(text)) and (name := _found(whole[1])):
        return f"{name} {whole[2]}"
    if (whole := _WITH_UNIT.fullmatch(text)) and (name := _found(whole[1])) and (unit := _found(whole[3])):
        return f"{name} {whole[2]} {unit}"
    if (whole := _WITH_NOTE.fullmatch(text)) and (name := _found(whole[1])) and (note := _found(whole[2])):
        return f"{name} ({note})"
    if (whole := _WITH_CODE.fullmatch(text)) and (name := _found(whole[2])):
        return f"{whole[1]} {name}"
    return None


def _parted(text: str, mark: str) -> list[str]:
    """The text at the marks that stand in no bracket or quotation."""
    pieces, depth, since, place = [], 0, 0, 0
    while place < len(text):
        depth += (text[place] in _OPENING) - (text[place] in _CLOSING)
        if depth == 0 and text.startswith(mark, place):
            pieces.append(text[since:place])
            place += len(mark)
            since = place
        else:
            place += 1
    return [*pieces, text[since:]]


def _within(text: str, place: int) -> str:
    """What stands in a place; a name of the rules begins small inside a sentence."""
    told = _standing_in(text)
    named = told != text and told[1:2].islower() and not re.search(r"[\d《“]", text)
    return told[0].lower() + told[1:] if place and named else told


def _standing_in(text: str) -> str:
    if text.startswith("“") and text.endswith("”"):
        return f'"{spoken(text[1:-1])}"'
    if re.fullmatch(_YEARS, text):
        years = number_of(text[:-1])
        return gettext("{}年").format(years) if years > 1 else gettext("一年")
    if re.fullmatch(_DAY, text):
        return "-".join(f"{int(one):02d}" for one in re.findall(r"\d+", text))
    return str(spoken(text))


@cache
def _sentences(language: str) -> tuple[tuple[str, re.Pattern[str], str, tuple[str, ...]], ...]:
    """The catalogue's sentences with places, the longest first: their longest piece, and how they are read."""
    known = catalog()._catalog  # type: ignore[attr-defined]
    found = [text for text, _ in known.items() if isinstance(text, str) and _is_read(text)]
    return tuple(
        _reading(text) for text in sorted(found, key=lambda text: (-len(_PLACES.sub("", text)), text))
    )


def _is_read(text: str) -> bool:
    return bool(_PLACES.search(text)) and bool(_HAN.search(_PLACES.sub("", text)))


def _reading(text: str) -> tuple[str, re.Pattern[str], str, tuple[str, ...]]:
    pieces, names = _PLACES.split(text)[::2], tuple(_PLACES.findall(text))
    places = [f"({_NAMED if name else _ANY_OF_THEM})" for name in names]
    pattern = "".join(re.escape(piece) + place for piece, place in zip(pieces, [*places, ""], strict=True))
    return max(pieces, key=len), re.compile(pattern), text, names
