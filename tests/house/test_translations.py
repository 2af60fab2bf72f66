"""Every sentence of a page stands in Chinese in the source and in English beside it."""

import gettext
import re
from pathlib import Path

from parcels.management.naming import names
from parcels.management.said import SAID
from parcels.management.sentences import SENTENCES

CATALOGUE = Path("locale/en/LC_MESSAGES")
PLACE = re.compile(r"\{\w*\}")
# How citations and years are told, which no sentence of the source holds.
GRAMMAR = re.compile(r"第\{\}[条款项章]|\{\}年|一年|\{\}施行")


def entries() -> dict[str, str]:
    text = (CATALOGUE / "django.po").read_text(encoding="utf-8")
    return dict(re.findall(r'^msgid "(.+)"\nmsgstr "(.*)"$', text, re.MULTILINE))


def pages() -> list[Path]:
    return [*Path("landgis/templates").rglob("*.html"), *Path("parcels/templates").rglob("*.html")]


def test_every_sentence_of_the_pages_is_translated() -> None:
    used: set[str] = set()
    for page in pages():
        used |= set(re.findall(r"""{% translate ["']([^"']+)["']""", page.read_text(encoding="utf-8")))
    assert used
    assert used - {source for source, english in entries().items() if english} == set()


def test_every_name_in_the_tables_of_the_rules_is_translated() -> None:
    english = entries()
    assert {name: table for name, table in names().items() if not english.get(plain(name))} == {}


def test_what_is_said_to_be_said_is_said() -> None:
    pages = [page for page in Path("parcels").rglob("*.py") if page.parent.name != "management"]
    pages += [
        *Path("landgis").rglob("*.py"),
        *Path().glob("landgis/**/*.toml"),
        *Path("data").glob("**/*.toml"),
    ]
    source = "".join(page.read_text(encoding="utf-8") for page in pages)
    # A sentence that runs over several lines, or over a choice between two of its parts.
    joined = re.sub(r'"\s*(?:\+\s*)?f?"', "", source)
    holding = (source, joined, re.sub(r"\{[^{}]*\}", "", joined))
    told = [text for text in (*SAID, *SENTENCES) if not GRAMMAR.fullmatch(text)]
    assert [one for text in told for one in said_of(text) if not any(one in held for held in holding)] == []


def test_every_sentence_and_citation_is_translated() -> None:
    english = entries()
    assert [text for text in SENTENCES if not english.get(plain(text))] == []


def said_of(text: str) -> list[str]:
    """The pieces of a sentence that stand between figures, names and signs."""
    return [piece for piece in re.split(r"\{\w*\}|[，；（）：《》、 ·/]", text) if piece]


def test_pages_show_names_by_the_filter_that_the_catalogue_is_collected_for() -> None:
    """The tag doubles per cent signs of what a variable holds, and so wouldn't find these."""
    by_tag = re.compile(r"{% (?:translate|trans) [a-z_]")
    assert [page for page in pages() if by_tag.search(page.read_text(encoding="utf-8"))] == []


def test_a_sentence_has_as_many_gaps_in_english() -> None:
    assert [
        text
        for text, english in entries().items()
        if sorted(PLACE.findall(text)) != sorted(PLACE.findall(english))
    ] == []


def plain(name: str) -> str:
    """As the catalogue writes it."""
    return name.replace("\n", "\\n").replace('"', '\\"')


def test_the_compiled_catalogue_is_that_of_the_source() -> None:
    with (CATALOGUE / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert {source: compiled.gettext(source) for source in entries()} == entries()
