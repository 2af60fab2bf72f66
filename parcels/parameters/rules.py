"""Who may change which parameter, and what the change of a statutory one has to name.

Refuses the officer who decides cases a value that the law sets: that is for the county's administrator.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# What the idle-land officer may set on a document of the bureau, where the law doesn't.
OFFICER_FAMILIES = ("idle_land.", "disposal.", "calendar.")
# What the rules of cases and screenings read, and can so be tried.
TRIED_FAMILIES = ("idle_land.", "disposal.term.")
TRIED_KEYS = ("disposal.cause_classes", "disposal.closing_reviews")
_ARTICLE = re.compile(
    r"《[^》]+》(?:（[^）]*）)?(?:第[〇零一二三四五六七八九十百千]+条(?:第[一二三四五六七八九十]+[款项])*)?"
)

_BRACKETED = re.compile(r"（[^）]*）")


def officer_may(key: str, statutory: bool) -> bool:
    """Whether the idle-land officer may change the parameter, too."""
    return not statutory and key.startswith(OFFICER_FAMILIES)


def is_tried(key: str) -> bool:
    """Whether another value of the parameter can make a case or a finding come out otherwise."""
    return not key.endswith(".rule_version") and (key.startswith(TRIED_FAMILIES) or key in TRIED_KEYS)


def is_statutory(certainties: Iterable[str]) -> bool:
    """Whether any version of the parameter is the law's own value: it stays the law's whatever came after."""
    return "law" in set(certainties)


def article_of(basis: str) -> str:
    """The article that a basis names first; the whole basis where it names none."""
    found = _ARTICLE.search(basis)
    return _BRACKETED.sub("", found[0]) if found else basis


def names_article(text: str, basis: str) -> bool:
    """Whether a confirmation names the article, blanks aside."""
    return "".join(_BRACKETED.sub("", text).split()) == "".join(article_of(basis).split())
