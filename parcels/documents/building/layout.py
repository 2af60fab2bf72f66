"""The sheet of an official paper by GB/T 9704-2012: A4, margins, type sizes, page numbers, and fonts with free stand-ins.

Refuses python-docx's own styles and pictures: a template holds only what the standard names.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from docx import Document
from docx.document import Document as Sheet
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

SONG_TITLE, FANGSONG, HEI, KAI, SONG = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体"
LATIN = "Times New Roman"
# Where a machine lacks the font on the left, it may take the first of these that it has.
STAND_INS = {
    SONG_TITLE: ("FZXiaoBiaoSong-B05S,小标宋,华文中宋,Noto Serif CJK SC", "roman"),
    FANGSONG: ("仿宋,FangSong,华文仿宋,Noto Serif CJK SC", "roman"),
    HEI: ("SimHei,Noto Sans CJK SC", "swiss"),
    KAI: ("楷体,KaiTi,华文楷体,Noto Serif CJK SC", "script"),
    SONG: ("SimSun,Noto Serif CJK SC", "roman"),
    LATIN: ("Liberation Serif", "roman"),
}
# 二号 22, 三号 16, 四号 14, 小四 12 points. 28 characters in 156 mm are 15.75 points each: a quarter point less than 三号.
LINE, NARROWER = Pt(28), "-5"
TWO_CHARACTERS = Pt(32)
RED = "E60012"

# Not justified: a code of 19 characters that moves to the next line would tear the one before it apart.
# style: (font, points, exact line in points, alignment, first-line indent in hundredths of a character)
STYLES: dict[str, tuple[str, float, float | None, str, int]] = {
    "公文正文": (FANGSONG, 16, 28, "left", 200),
    "公文标题": (SONG_TITLE, 22, 33, "center", 0),
    "公文居中": (FANGSONG, 16, 28, "center", 0),
    "公文顶格": (FANGSONG, 16, 28, "left", 0),
    "公文一级标题": (HEI, 16, 28, "left", 200),
    "公文二级标题": (KAI, 16, 28, "left", 200),
    "公文落款": (FANGSONG, 16, 28, "center", 0),
    "公文附注": (FANGSONG, 14, 24, "left", 200),
    "公文版头": (SONG_TITLE, 32, 48, "center", 0),
    "公文版记": (FANGSONG, 14, 24, "left", 0),
    "公文页码": (SONG, 14, None, "left", 0),
    "公文页眉": (HEI, 12, None, "center", 0),
    "公文表题": (HEI, 14, 24, "center", 0),
    "公文表格": (FANGSONG, 12, None, "left", 0),
    "公文表格栏目": (HEI, 12, None, "center", 0),
    "公文小表格": (FANGSONG, 9, None, "left", 0),
    "公文小表格栏目": (HEI, 9, None, "center", 0),
    "公文控制": (FANGSONG, 10.5, None, "left", 0),
}


TO_BE_SAID, INVENTED = "{% if 示意数据 %}示意数据　不具法律效力{% endif %}", "示意数据　不具法律效力"


def new_sheet(title: str, *, landscape: bool = False, header: str = TO_BE_SAID) -> Sheet:
    """An empty official paper; a landscape one is for lists and turns the margins with the page."""
    sheet = Document()
    _strip(sheet)
    _make_styles(sheet)
    _name_stand_ins(sheet)
    _set_page(sheet, landscape=landscape)
    _number_pages(sheet)
    _say_what_is_invented(sheet, header)
    _tell_nothing_of_the_machine(sheet, title)
    return sheet


def set_fonts(properties: Any, font: str, points: float) -> None:
    """`w:eastAsia` for the Chinese, a Latin face for figures, and the size for both."""
    fonts = properties.get_or_add_rFonts()
    for old in list(fonts.attrib):
        del fonts.attrib[old]
    for script, face in (("ascii", LATIN), ("hAnsi", LATIN), ("eastAsia", font), ("cs", LATIN)):
        fonts.set(qn(f"w:{script}"), face)
    for tag in ("w:sz", "w:szCs"):
        child(properties, tag, val=str(round(points * 2)))


def child(parent: Any, tag: str, **attributes: str) -> Any:
    """The child element of that name, made where it is absent, with these `w:` attributes."""
    found = parent.find(qn(tag))
    if found is None:
        found = OxmlElement(tag)
        parent.append(found)
    for name, value in attributes.items():
        found.set(qn(f"w:{name}"), value)
    return found


def _strip(sheet: Sheet) -> None:
    kept = {"Normal", "DefaultParagraphFont", "TableNormal", "NoList"}
    styles = sheet.styles.element
    for style in list(styles.findall(qn("w:style"))):
        if style.get(qn("w:styleId")) not in kept:
            styles.remove(style)
    latent = styles.find(qn("w:latentStyles"))
    if latent is not None:
        styles.remove(latent)
    unwanted = ("thumbnail", "customXml", "numbering", "stylesWithEffects", "webSettings")
    for owner in (sheet.part.package, sheet.part):
        for name, relation in list(owner.rels.items()):
            if relation.reltype.endswith(unwanted):
                del owner.rels[name]


def _make_styles(sheet: Sheet) -> None:
    styles: Any = sheet.styles
    defaults = styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    set_fonts(defaults, FANGSONG, 16)
    child(defaults, "w:lang", val="en-US", eastAsia="zh-CN", bidi="ar-SA")
    set_fonts(styles["Normal"].element.get_or_add_rPr(), FANGSONG, 16)
    for name, (font, points, line, alignment, indent) in STYLES.items():
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.element.set(qn("w:styleId"), f"P{list(STYLES).index(name)}")
        style.base_style = styles["Normal"]
        style.quick_style = True
        properties = style.element.get_or_add_rPr()
        set_fonts(properties, font, points)
        if points == 16:
            properties.insert(1, parse_xml(f'<w:spacing {nsdecls("w")} w:val="{NARROWER}"/>'))
        layout = style.paragraph_format
        layout.space_before = layout.space_after = Pt(0)
        layout.widow_control = False
        if line:
            layout.line_spacing = Pt(line)
        paragraph = style.element.get_or_add_pPr()
        if indent:
            layout.first_line_indent = Pt(points * indent / 100)
            paragraph.find(qn("w:ind")).set(qn("w:firstLineChars"), str(indent))
        paragraph.get_or_add_jc().set(qn("w:val"), alignment)
    _mend_title(styles)


def _mend_title(styles: Any) -> None:
    styles["公文标题"].paragraph_format.space_before = Pt(14)
    styles["公文标题"].paragraph_format.space_after = Pt(14)
    for name in ("公文版头", "公文页眉"):
        colour = parse_xml(f'<w:color {nsdecls("w")} w:val="{RED}"/>')
        styles[name].element.get_or_add_rPr().insert(1, colour)


def _name_stand_ins(sheet: Sheet) -> None:
    """fontTable.xml: what each font may be replaced by, so that a machine without it takes its like."""
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/>'
        f'<w:charset w:val="{"00" if name == LATIN else "86"}"/><w:family w:val="{family}"/><w:pitch w:val="variable"/></w:font>'
        for name, (others, family) in STAND_INS.items()
    )
    text = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:fonts {nsdecls("w")}>{fonts}</w:fonts>'
    )
    for relation in sheet.part.rels.values():
        if relation.reltype.endswith("/fontTable"):
            relation.target_part._blob = text.encode()


def _set_page(sheet: Sheet, *, landscape: bool) -> None:
    page = sheet.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)
    if landscape:
        page.orientation = WD_ORIENT.LANDSCAPE
        page.page_width, page.page_height = Mm(297), Mm(210)
        page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = (
            Mm(28),
            Mm(26),
            Mm(25),
            Mm(25),
        )
    # The number stands 7 mm below the text.
    page.footer_distance, page.header_distance = page.bottom_margin - Mm(7) - Pt(18), Mm(15)
    grid = page._sectPr.find(qn("w:docGrid"))
    if grid is not None:
        page._sectPr.remove(grid)


def _number_pages(sheet: Sheet) -> None:
    """— 1 — at the outer edge, one character in: odd pages right, even pages left."""
    sheet.settings.odd_and_even_pages_header_footer = True
    section = sheet.sections[0]
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        line: Any = footer.paragraphs[0]
        line.style = sheet.styles["公文页码"]
        line.paragraph_format.left_indent = line.paragraph_format.right_indent = Pt(14)
        line._p.get_or_add_pPr().get_or_add_jc().set(qn("w:val"), side)
        line.add_run("— ")
        for kind, text in (("begin", ""), ("", " PAGE "), ("separate", ""), ("text", "1"), ("end", "")):
            run = line.add_run(text if kind == "text" else "")
            if kind in ("begin", "separate", "end"):
                child(run._r, "w:fldChar", fldCharType=kind)
            elif not kind:
                child(run._r, "w:instrText").text = text
        line.add_run(" —")


def _say_what_is_invented(sheet: Sheet, header: str) -> None:
    """A demo county's paper says so on every page."""
    section = sheet.sections[0]
    for part in (section.header, section.even_page_header):
        line: Any = part.paragraphs[0]
        line.style = sheet.styles["公文页眉"]
        line.add_run(header)


def _tell_nothing_of_the_machine(sheet: Sheet, title: str) -> None:
    told = sheet.core_properties
    told.title, told.author, told.last_modified_by, told.comments = title, "landgis", "landgis", ""
    told.created = told.modified = datetime(2026, 1, 1)  # noqa: DTZ001 - a fixed day, written without a zone
    told.revision = 1
