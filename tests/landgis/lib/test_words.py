"""Names of the rules on a page in English: those that the catalogue has, one by one, in lists and in choices.

Asks the real catalogue; a name that it lacks stays as it is.
"""

from django import forms
from django.template import engines
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from landgis.lib.words import lawful, listed, spoken, words_for


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


def test_a_sentence_is_found_with_its_figures_and_quoted_names_left_out() -> None:
    with override("en"):
        assert spoken("截至 2025-12-31 已超过满期日 1569 日，未见动工记录。") == (
            "On 2025-12-31 the full year was over by 1569 days, with no start on record."
        )
        assert (
            spoken("请先办理“闲置土地认定”，再办理本步骤。")
            == 'Do "Finding of idle land" first, then this step.'
        )
        assert spoken("{示意} 12") == "{示意} 12"
    with override("zh-hans"):
        assert spoken("请先办理“送达”，再办理本步骤。") == "请先办理“送达”，再办理本步骤。"


def test_several_names_in_one_text_are_told_where_all_of_them_are_known() -> None:
    with override("en"):
        assert spoken("企业自身原因：司法查封") == "The firm's own cause: Judicial sealing"
        assert spoken("年报缺 3 家；税收缺 1 家") == "Returns missing of 3 firms; Tax missing of 1 firms"
        assert spoken("供而未用（自 2014-04-24）") == "Supplied but unused (since 2014-04-24)"
        assert spoken("分配不足 12、负数 3") == "Less is used than the parcel has 12, Negative 3"
        assert spoken("示意公司、司法查封") == "示意公司、司法查封"


def test_a_sentence_with_named_places_holds_names_of_the_rules_and_of_people() -> None:
    with override("en"):
        assert spoken("示意镇人民政府没有目标") == "示意镇人民政府没有目标"
        assert spoken("已开发面积 1116 平方米，应开发面积 6728 平方米，占 16.58%，不足 1/3。") == (
            "Area developed 1116 ㎡ of area to develop 6728 ㎡, 16.58%, below 1/3."
        )


def test_a_conclusion_is_told_with_its_citation_and_its_rules() -> None:
    with override("en"):
        told = spoken(
            "结论：疑似闲置（中止建设）。依据：《闲置土地处置办法》第二条第二款；可以认定，由承办人决定；"
            "规则版本 国土资源部令第53号（2012-07-01施行），筛查日 2025-12-31。"
        )
    assert told == (
        "Verdict: Suspected idle: stopped. Basis: Measures for the Disposal of Idle Land, "
        "Art. 2 para. 2; may be found idle, at the officer's discretion; Rules: Order No. 53 of the Ministry of Land "
        "and Resources (in force 2012-07-01), screening day 2025-12-31."
    )


def test_years_and_days_in_words_are_told_too() -> None:
    with override("en"):
        assert spoken("截至 2025-12-31 中止建设未满两年。").endswith("shorter than 2 years.")
        assert spoken("工业用地供应：2026年截至本期没有已签订的出让合同。").endswith(
            "signed in 2026 up to this period."
        )


def test_the_words_of_a_document_are_those_that_are_called_otherwise() -> None:
    document = {"land": {"code": "0601", "name": "工业用地"}, "holders": [{"name": "示意公司"}], "share": 1.0}
    with override("en"):
        assert words_for(document) == {"工业用地": "Industrial land"}
    with override("zh-hans"):
        assert words_for(document) == {}


SIGNS = [
    "闲置土地", "第二条", "第一款", "《闲置土地处置办法》", "结论", "规则版本 ", "，筛查日 ", "2025-12-31",
    "2026年1月2日", "不足 ", "1/3", "占 ", "一年", "。", "；", "：", "、", "，", "（", "）", "“", "”", "《", "》", "{", "}",
    "{}", "{a}", " ", "÷", " = ", " | ", "\n", "%", "没有", "请", "宗地", "A1",
]  # fmt: skip


@given(st.lists(st.sampled_from(SIGNS), max_size=25).map("".join))
def test_any_text_is_told_or_stays_and_none_is_refused(text: str) -> None:
    with override("en"):
        assert isinstance(spoken(text), str)
        assert isinstance(lawful(text), str)
    with override("zh-hans"):
        assert spoken(text) == text
