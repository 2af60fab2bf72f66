"""Names of the rules on a page in English: those that the catalogue has, one by one, in lists and in choices.

Asks the real catalogue; a name that it lacks stays as it is.
"""

from django import forms
from django.template import engines
from django.utils.translation import override

from landgis.lib.words import listed, spoken


class Way(forms.Form):
    way = forms.ChoiceField(
        choices=[("", "—"), ("wait", "待审核"), ("群", [("town", "示意镇"), ("pile", "桩基")])]
    )


def test_a_name_is_told_in_the_language_of_the_page() -> None:
    with override("en"):
        assert spoken("待审核") == "To be reviewed"
        assert spoken("示意镇") == "示意镇"
        assert spoken("") == ""
        assert spoken(None) is None
        assert spoken(("待审核", 3)) == ["To be reviewed", 3]
    with override("zh-hans"):
        assert spoken("待审核") == "待审核"


def test_a_name_with_a_per_cent_sign_is_found() -> None:
    page = engines["django"].from_string("{{ title|spoken }}")
    with override("en"):
        assert page.render({"title": "建筑密度（%）"}) == "Building coverage (%)"


def test_several_names_are_listed_as_the_language_lists_them() -> None:
    with override("en"):
        assert listed(["周一", "周二"]) == "Monday, Tuesday"
    with override("zh-hans"):
        assert listed(["周一", "周二"]) == "周一、周二"
        assert listed(None) == ""


def test_choices_are_told_in_the_language_of_the_page_and_keep_their_values() -> None:
    with override("en"):
        drawn = str(Way()["way"])
    assert '<option value="wait">To be reviewed</option>' in drawn
    assert '<option value="pile">Piles</option>' in drawn
    assert '<option value="town">示意镇</option>' in drawn
    assert Way({"way": "wait"}).is_valid()
