"""Every sentence of a page stands in Chinese in the source and in English beside it."""

import gettext
import re
from pathlib import Path

CATALOGUE = Path("locale/en/LC_MESSAGES")


def entries() -> dict[str, str]:
    text = (CATALOGUE / "django.po").read_text(encoding="utf-8")
    return dict(re.findall(r'^msgid "(.+)"\nmsgstr "(.*)"$', text, re.MULTILINE))


def test_every_sentence_of_the_pages_is_translated() -> None:
    used: set[str] = set()
    for page in [*Path("landgis/templates").rglob("*.html"), *Path("parcels/templates").rglob("*.html")]:
        used |= set(re.findall(r"""{% translate ["']([^"']+)["']""", page.read_text(encoding="utf-8")))
    assert used
    assert used - {source for source, english in entries().items() if english} == set()


def test_the_compiled_catalogue_is_that_of_the_source() -> None:
    with (CATALOGUE / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert {source: compiled.gettext(source) for source in entries()} == entries()
