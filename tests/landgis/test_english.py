"""Every page of the menu in English: no name that the tables of the rules hold stands there in Chinese.

Asks for the pages as three officers see them; what is data (firms, places, papers, the law's own words) may be Chinese.
"""

from html.parser import HTMLParser

import pytest
from django.conf import settings

from landgis.access.navigation import NAVIGATION
from parcels.management.naming import HAN, names
from tests.factories import SignIn

# Names of a language in its own words, and what data may be called like a name of the rules.
OF_ITS_OWN = {"简体中文"}
FORMS = (
    "/ancillary/edit", "/campaigns/projects/new", "/campaigns/targets/", "/control-line/adjustments/new",
    "/control-line/balance/", "/evaluation/schemes/new/", "/idle-land/bulk/", "/idle-land/what-if/", "/land-use/firms/",
    "/land-use/groups/", "/low-efficiency/candidates/", "/low-efficiency/due/", "/policy/edit", "/returns/doubts/",
    "/returns/energy/", "/returns/unmatched/", "/tasks/new",
)  # fmt: skip


class Texts(HTMLParser):
    """What a page shows: its texts, and those that appear over or within a field."""

    def __init__(self) -> None:
        super().__init__()
        self.inside: list[str] = []
        self.texts: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside.append(tag)
        self.texts |= {value or "" for name, value in attrs if name in ("title", "aria-label", "placeholder")}

    def handle_endtag(self, tag: str) -> None:
        while tag in self.inside and self.inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not {"script", "style"} & set(self.inside):
            self.texts.add(data.strip())


@pytest.mark.parametrize("role", ["registrar", "idle_land_officer", "evaluation_officer"])
def test_a_page_in_english_shows_no_name_of_the_rules_in_chinese(signed_in: SignIn, role: str) -> None:
    client = signed_in(role)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    known, found, seen = names(), {}, 0
    for address in [*(entry.url for group in NAVIGATION for entry in group.entries), *FORMS]:
        answer = client.get(address)
        if answer.status_code != 200:
            assert answer.status_code in (302, 403), address
            continue
        seen += 1
        page = Texts()
        page.feed(answer.content.decode())
        told = {
            text for text in page.texts if HAN.search(text) and (text in known) and text not in OF_ITS_OWN
        }
        if told:
            found[address] = told
    assert found == {}
    assert seen > len(FORMS)
