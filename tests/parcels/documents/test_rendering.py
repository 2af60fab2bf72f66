"""Every kind of paper, with all facts and with none: facts in the text, gaps where there are none, no trace of jinja."""

import io
import re
from decimal import Decimal
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from PIL import Image

from landgis.lib.errors import InputError
from parcels.documents.building.__main__ import FOLDER, build
from parcels.documents.facts import BLANK, as_kept, context
from parcels.documents.kinds import KINDS, file_name
from parcels.documents.rendering import render
from parcels.documents.vocabulary import FACTS
from tests.parcels.documents.papers import FULL, every_fact, text_of

LEFT_OVER = re.compile(r"[{}]|None|Undefined|%\}")
# What the paper would be worth little without.
HEART: dict[str, list[str]] = {
    "investigation_notice": ["自接到本通知书之日起30日内", "第五条", "陈述和申辩"],
    "finding": [
        "认定该宗地为闲置土地",
        "2022年3月1日已满一年",
        "60日内",
        "6个月内",
        "1. 国有建设用地使用权出让合同及交地确认书",
    ],
    "disclosure": ["2021年3月1日至今", "工业一路南侧"],
    "mortgagee_notice": ["示意县农村商业银行股份有限公司：", "第十三条"],
    "supplement": ["2026年9月1日", "最长不超过一年"],
    "temporary_use": ["最长不超过两年", "2028年3月31日"],
    "paid_return": ["15,000,000.00元", "壹仟伍佰万元整"],
    "swap": ["22,900.00平方米（合34.35亩）", "用途相同"],
    "hearing_right": ["5个工作日", "第十五条"],
    "hearing_notice": ["2026年3月1日9时30分", "7个工作日前"],
    "fee_decision": [
        "3,430,000.00元",
        "人民币叁佰肆拾叁万元整",
        "20%",
        "第十四条第（一）项",
        "税务",
        "行政复议",
        "行政诉讼",
    ],
    "repossession_decision": ["无偿收回", "第十四条第（二）项", "第三十八条", "注销登记"],
    "service_receipt": ["直接送达", "2026年3月6日15时20分"],
    "dunning": ["10日内", "第五十四条", "人民法院强制执行"],
    "cancellation_notice": ["第十八条", "权属证书", "作废", "2026年3月6日送达", "第三十八条"],
    "court_application": [
        "申请强制执行",
        "3,430,000.00元",
        "人民币叁佰肆拾叁万元整",
        "2026年4月9日",
        "第五十四条",
        "第五十五条",
        "催告期限（10日）",
    ],
    "closing": ["已签订补充协议并按新约定动工", "2026年10月8日"],
    "disposal_list": ["示意县长风电子有限公司", "68.60亩", "2099"],
    "one_plan": ["D", "签订补充协议", "逾期"],
}


def shipped(kind: str) -> bytes:
    return (FOLDER / file_name(kind)).read_bytes()


@pytest.mark.parametrize("kind", KINDS)
def test_the_shipped_file_is_what_the_script_writes(kind: str) -> None:
    assert build(kind) == shipped(kind)


def test_no_template_is_left_behind() -> None:
    assert {path.name for path in FOLDER.glob("*")} == {file_name(kind) for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS)
def test_with_all_facts(kind: str) -> None:
    made = render(shipped(kind), as_kept(FULL))
    text = text_of(made.docx)
    assert not LEFT_OVER.search(text)
    assert set(made.missing) <= {"位置图"}
    assert BLANK not in text
    for words in HEART.get(kind, []):
        assert words in text


@pytest.mark.parametrize("kind", KINDS)
def test_without_any_fact(kind: str) -> None:
    made = render(shipped(kind), {})
    text = text_of(made.docx)
    assert not LEFT_OVER.search(text)
    assert BLANK in text
    assert made.missing


def test_every_fact_has_its_place_in_some_paper() -> None:
    asked_for = set().union(*(render(shipped(kind), {}).missing for kind in KINDS))
    assert {fact.key for fact in FACTS.values() if not asked_for & set(fact.placeholders)} == set()


def test_names_are_told_apart() -> None:
    names = [name for fact in FACTS.values() for name in fact.placeholders]
    columns = [name for fact in FACTS.values() for column in fact.columns for name in column.placeholders]
    assert len(names) == len(set(names))
    assert set(names).isdisjoint(columns)
    assert set(FULL) | {"location_map"} == set(FACTS)
    assert all(name.isidentifier() for name in names + columns)


def test_equal_facts_make_equal_bytes() -> None:
    assert render(shipped("finding"), as_kept(FULL)) == render(shipped("finding"), as_kept(FULL))


def test_what_is_kept_makes_the_same_paper_again() -> None:
    kept = as_kept(FULL)
    assert as_kept(kept) == kept


@pytest.mark.parametrize(
    "bad", ["{{ 7*7 }}", "{% if x %}", "<w:p>&amp;</w:p>", "a\x00b\x0bc", "\a", "]]>", "😀𠮷"]
)
def test_a_fact_is_text_whatever_it_holds(bad: str) -> None:
    made = render(shipped("service_receipt"), as_kept({"served_to": f"甲{bad}乙"}))
    text = text_of(made.docx)
    seen = re.sub(r"[\x00-\x1f]", "", bad)
    assert f"甲{seen}乙" in text
    assert "49" not in text


def test_paragraphs_of_a_fact_keep_the_layout_of_the_text() -> None:
    opened: Any = Document(io.BytesIO(render(shipped("finding"), as_kept(FULL)).docx))
    found = [
        p.style.name for p in opened.paragraphs if p.text.startswith(("约定动工开发日期为", "该宗地共闲置"))
    ]
    assert found == ["公文正文", "公文正文"]


def test_the_red_head_stands_only_where_it_is_asked_for() -> None:
    plain = text_of(render(shipped("finding"), as_kept(FULL)).docx)
    red = text_of(render(shipped("finding"), as_kept({**FULL, "letterhead": True})).docx)
    assert "示意县自然资源和规划局文件" not in plain
    assert red.splitlines()[0] == "示意县自然资源和规划局文件"
    assert plain.count(FULL["number"]) == red.count(FULL["number"]) == 1


@pytest.mark.parametrize(
    ("kind", "article"),
    [("未动工", "满一年未动工开发"), ("中止开发", "22.39%"), ("不构成闲置", "不构成闲置土地。")],
)
def test_the_finding_says_what_was_found(kind: str, article: str) -> None:
    text = text_of(render(shipped("finding"), as_kept({**FULL, "finding_kind": kind})).docx)
    assert article in text
    assert ("认定该宗地为闲置土地" in text) is (kind != "不构成闲置")


def test_a_picture_is_in_the_paper() -> None:
    out = io.BytesIO()
    Image.new("RGB", (140, 100), "red").save(out, "PNG")
    made = render(shipped("finding"), as_kept(FULL), {"location_map": out.getvalue()})
    opened: Any = Document(io.BytesIO(made.docx))
    assert len(opened.inline_shapes) == 1
    assert "宗地位置示意图" in text_of(made.docx)
    assert made.missing == ()


def test_the_sheet_is_that_of_the_standard() -> None:
    opened: Any = Document(io.BytesIO(shipped("finding")))
    page = opened.sections[0]
    assert [round(side.mm) for side in (page.page_width, page.page_height)] == [210, 297]
    assert [
        round(side.mm) for side in (page.top_margin, page.bottom_margin, page.left_margin, page.right_margin)
    ] == [37, 35, 28, 26]
    body = opened.styles["公文正文"]
    assert (body.font.size.pt, body.paragraph_format.line_spacing.pt) == (16, 28)
    assert body.element.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋_GB2312"
    title = opened.styles["公文标题"]
    assert (title.font.size.pt, title.element.rPr.rFonts.get(qn("w:eastAsia"))) == (22, "方正小标宋简体")


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"holdre": "甲"}, "holdre"),
        ({"area_m2": 12.5}, "area_m2"),
        ({"price": "约一百万"}, "price"),
        ({"price": Decimal("NaN")}, "price"),
        ({"agreed_start": "2021-02-30"}, "agreed_start"),
        ({"evidence": "只有一句"}, "evidence"),
        ({"milestones": [{"who": "甲"}]}, "milestones"),
        ({"letterhead": "是"}, "letterhead"),
        ({"reply_term": {"amount": 30, "unit": "week"}}, "reply_term"),
        ({"reply_term": 30}, "reply_term"),
    ],
)
def test_a_fact_that_isnt_one_is_refused_by_name(facts: dict[str, Any], field: str) -> None:
    with pytest.raises(InputError) as refused:
        as_kept(facts)
    assert refused.value.field == field


def test_an_amount_without_capitals_names_its_fact() -> None:
    with pytest.raises(InputError, match="土地价款") as refused:
        context(as_kept({"price": Decimal("-1")}))
    assert refused.value.field == "price"


def test_how_facts_are_written() -> None:
    shown = context(as_kept({**FULL, "fee_rate": Decimal("0.205"), "area_m2": Decimal("5708.9")}))
    assert (shown["费率"], shown["面积"], shown["面积亩"]) == ("20.5%", "5,708.90", "8.56")
    assert (shown["应缴金额大写"], shown["成文日期"]) == ("人民币捌佰伍拾柒万伍仟元整", "2026年3月5日")
    assert (shown["诉讼期限"], shown["听证申请期限"]) == ("6个月", "5个工作日")


@pytest.mark.parametrize("fact", every_fact(), ids=lambda fact: fact.key)
def test_nothing_stated_is_a_gap(fact: Any) -> None:
    shown = context({})[fact.name]
    assert not shown
    assert BLANK in str(shown)
