"""A citation of law in English: the statute's English name, Art., para. and item; what isn't known stays Chinese."""

import pytest
from django.utils.translation import override

from landgis.lib.citations import cited, number_of
from landgis.lib.words import lawful

MEASURES = "Measures for the Disposal of Idle Land"


@pytest.mark.parametrize(
    ("law", "english"),
    [
        ("《闲置土地处置办法》第二条", f"{MEASURES}, Art. 2"),
        ("《闲置土地处置办法》第二条第一款", f"{MEASURES}, Art. 2 para. 1"),
        ("《闲置土地处置办法》第十四条第一款第一项", f"{MEASURES}, Art. 14 para. 1 item 1"),
        ("《闲置土地处置办法》第二条第一款、第二十二条", f"{MEASURES}, Art. 2 para. 1, Art. 22"),
        (
            "《闲置土地处置办法》（国土资源部令第53号）第二条",
            f"{MEASURES} (Order No. 53 of the Ministry of Land and Resources), Art. 2",
        ),
        ("第二百零一条至第二百零三条", "Art. 201 to Art. 203"),
        ("《行政复议法》《行政诉讼法》", "Administrative Reconsideration Law; Administrative Litigation Law"),
    ],
)
def test_a_citation_is_told_by_the_english_name_and_its_articles(law: str, english: str) -> None:
    with override("en"):
        assert cited(law) == english


@pytest.mark.parametrize("text", ["《示意办法》第二条", "示意镇", "第二条约定", "", "第二期"])
def test_a_statute_that_the_catalogue_lacks_and_what_is_no_citation_stay_as_they_are(text: str) -> None:
    with override("en"):
        assert cited(text) is None


def test_numerals_are_read() -> None:
    assert [number_of(one) for one in ("两", "十", "十二", "二十", "二百零一")] == [2, 10, 12, 20, 201]


def test_what_must_be_cited_stands_beside_in_the_words_of_the_law() -> None:
    law = "《闲置土地处置办法》第六条"
    with override("en"):
        assert lawful(law) == (
            f'{MEASURES}, Art. 6 <span lang="zh-Hans" class="text-secondary">《闲置土地处置办法》第六条</span>'
        )
        assert lawful("<b>") == "<b>"
    with override("zh-hans"):
        assert lawful(law) == law
