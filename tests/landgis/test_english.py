"""Every page of the menu in English: nothing that the catalogue knows, name or sentence, stands there in Chinese.

Asks for the pages as three officers see them; what is data (firms, places, papers, the law's own words) may be Chinese.
"""

from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.utils.translation import override

from landgis.access.navigation import NAVIGATION
from landgis.lib.words import words_for
from tests.factories import SignIn

# The name of a language in its own words.
OF_ITS_OWN = {"简体中文"}
# Where what stands in an empty field shows how its value is typed.
AS_TYPED = "/idle-land/what-if/"
FORMS = (
    "/ancillary/edit", "/campaigns/projects/new", "/campaigns/targets/", "/control-line/adjustments/new",
    "/control-line/balance/", "/evaluation/schemes/new/", "/idle-land/bulk/", "/idle-land/what-if/", "/land-use/firms/",
    "/land-use/groups/", "/low-efficiency/candidates/", "/low-efficiency/due/", "/policy/edit", "/returns/doubts/",
    "/returns/energy/", "/returns/unmatched/", "/tasks/new",
)  # fmt: skip


class Texts(HTMLParser):
    """What a page shows: its texts, and those that appear over or within a field."""

    def __init__(self, *named: str) -> None:
        super().__init__()
        self.named = named
        self.inside: list[str] = []
        self.texts: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside.append(f"{tag} zh" if (dict(attrs).get("lang") or "").startswith("zh") else tag)
        self.texts |= {value or "" for name, value in attrs if name in self.named}

    def handle_endtag(self, tag: str) -> None:
        names = [name.partition(" ")[0] for name in self.inside]
        if tag in names:
            del self.inside[len(names) - 1 - names[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        if not {"script", "style"} & set(self.inside) and not any(tag.endswith(" zh") for tag in self.inside):
            self.texts.add(data.strip())


def untold(page: str, *, fields: bool = True) -> dict[str, str]:
    """What stands in Chinese on a page in English although the catalogue knows it, with its English."""
    shown = Texts("title", "aria-label", *(["placeholder"] if fields else []))
    shown.feed(page)
    with override("en"):
        return words_for(sorted(shown.texts - OF_ITS_OWN))


@pytest.mark.parametrize("role", ["registrar", "idle_land_officer", "evaluation_officer"])
def test_a_page_in_english_shows_no_name_of_the_rules_in_chinese(signed_in: SignIn, role: str) -> None:
    client = signed_in(role)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    found, seen = {}, 0
    for address in [*(entry.url for group in NAVIGATION for entry in group.entries), *FORMS]:
        answer = client.get(address)
        if answer.status_code != 200:
            assert answer.status_code in (302, 403), address
            continue
        seen += 1
        if told := untold(answer.content.decode(), fields=address != AS_TYPED):
            found[address] = told
    assert found == {}
    assert seen > len(FORMS)
