"""The parts that official papers are put together from: head, title, number, body, tables, signature, copies.

Refuses to hold a paper's own words: those are in the modules beside it, one for each stage of the work.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from parcels.documents.building.layout import INVENTED, RED, TO_BE_SAID, child, new_sheet
from parcels.documents.packing import repacked

TEXT_MM, LANDSCAPE_MM = 156, 247
ROW_HEIGHT, SIGNING_HEIGHT = Pt(27), Pt(40)
SMALL_HEIGHT = Pt(16)
# 成文日期 ends four characters before the margin; the authority is centred over it.
SIGNED_LEFT, SIGNED_RIGHT = Pt(176), Pt(32)
LINES = ("top", "left", "bottom", "right", "insideH", "insideV")
PICTURE_APART = 8
COPIES_NARROWER_MM = 12  # LibreOffice lets no table float that is as wide as the text
PLAIN, SMALL = "公文表格", "公文小表格"


class Paper:
    """One template being written; texts hold placeholders by the Chinese names of the vocabulary.

    With `invented` told it is no template but a finished paper, whose texts stand as they are.
    """

    def __init__(self, title: str, *, landscape: bool = False, invented: bool | None = None) -> None:
        header = TO_BE_SAID if invented is None else INVENTED if invented else ""
        self._sheet = new_sheet(title, landscape=landscape, header=header)
        self._width = LANDSCAPE_MM if landscape else TEXT_MM
        self._finished = invented is not None

    def docx(self) -> bytes:
        out = io.BytesIO()
        self._sheet.save(out)
        return repacked(out.getvalue(), compressed=self._finished)

    def head(self, title: str, *, numbered: bool = True) -> None:
        """版头 (red, only where it is asked for) with the number over its line; otherwise the number below the title."""
        if numbered:
            with self.when("版头"):
                self._add("{{ 发文机关 }}文件", "公文版头")
                line = self._add("{{ 文号 }}", "公文居中")
                line.paragraph_format.space_before = Pt(28)
                line.paragraph_format.space_after = Pt(14)
                self._border(line, "bottom", RED, 18)
        self._add(title, "公文标题")
        if numbered:
            with self.when("not 版头"):
                self._add("{{ 文号 }}", "公文居中").paragraph_format.space_after = Pt(14)

    def to(self, addressee: str) -> None:
        self._add(f"{addressee}：", "公文顶格")

    def text(self, *paragraphs: str) -> None:
        for paragraph in paragraphs:
            self._add(paragraph, "公文正文")

    def flush(self, *paragraphs: str) -> None:
        for paragraph in paragraphs:
            self._add(paragraph, "公文顶格")

    def heading(self, text: str) -> None:
        self._add(text, "公文一级标题").paragraph_format.keep_with_next = True

    def subheading(self, text: str) -> None:
        self._add(text, "公文二级标题").paragraph_format.keep_with_next = True

    def note(self, text: str) -> None:
        self._add(text, "公文附注")

    def each(self, name: str) -> None:
        """The items of a list fact, numbered."""
        self._control(f"{{%p for 项 in {name} %}}")
        self.text("{{ loop.index }}. {{ 项 }}")
        self._control("{%p endfor %}")

    @contextmanager
    def every(self, over: str) -> Iterator[None]:
        """Paragraphs for each row (行) of a fact."""
        self._control(f"{{%p for 行 in {over} %}}")
        yield
        self._control("{%p endfor %}")

    @contextmanager
    def when(self, condition: str) -> Iterator[None]:
        """Paragraphs that stand in the paper only where the condition holds."""
        self._control(f"{{%p if {condition} %}}")
        yield
        self._control("{%p endif %}")

    def otherwise(self) -> None:
        self._control("{%p else %}")

    def signature(self, authority: str = "{{ 发文机关 }}") -> None:
        """Authority, seal place and date on one axis at the right, kept on one page with the end of the text."""
        self._keep_end_with_next()
        for text, before in ((authority, 42), ("（印　章）", 0), ("{{ 成文日期 }}", 0)):
            line = self._add(text, "公文落款")
            line.paragraph_format.left_indent, line.paragraph_format.right_indent = SIGNED_LEFT, SIGNED_RIGHT
            line.paragraph_format.space_before = Pt(before)
            line.paragraph_format.keep_with_next = text != "{{ 成文日期 }}"

    def contact(self) -> None:
        self.text("联系人：{{ 联系人 }}；联系电话：{{ 联系电话 }}；地址：{{ 机关地址 }}。")

    def copies(self) -> None:
        """抄送 and who printed it when, between lines at the foot of the page on which the paper ends."""
        with self.when("抄送"):
            table = self._table((self._width - COPIES_NARROWER_MM,), lines=("top", "bottom", "insideH"))
            place = parse_xml(
                f'<w:tblpPr {nsdecls("w")} w:vertAnchor="margin" w:horzAnchor="margin" w:tblpXSpec="center" '
                'w:tblpYSpec="bottom"/>'
            )
            table._tbl.tblPr.insert(0, place)
            for text in ("抄送：{{ 抄送 }}", "{{ 发文机关 }}\t{{ 成文日期 }}印发"):
                cell = table.add_row().cells[0]
                self._fill(cell, text, "公文版记")
                stops = cell.paragraphs[0].paragraph_format.tab_stops
                stops.add_tab_stop(Mm(self._width - COPIES_NARROWER_MM - 5), WD_TAB_ALIGNMENT.RIGHT)
            self.gap()  # the paragraph that holds the table on this page

    def signatures(self, rows: Sequence[Sequence[str]]) -> None:
        """Where people sign and stamp: roomy, and never parted by the end of a page."""
        self.form(rows, columns=(36, 42, 36, 42), height=SIGNING_HEIGHT)
        for cell in self._sheet.tables[-1]._cells[: -len(rows[-1])]:
            for line in cell.paragraphs:
                line.paragraph_format.keep_with_next = True

    def form(
        self,
        rows: Sequence[Sequence[str]],
        *,
        columns: Sequence[int] = (30, 48, 30, 48),
        height: Any = ROW_HEIGHT,
    ) -> None:
        """A table of labels and values in turn; a row's last value takes what is left of the width."""
        table = self._table(columns)
        for cells in rows:
            row = table.add_row()
            self._measure(row, height)
            for at, text in enumerate(cells):
                cell = row.cells[at]
                if at == len(cells) - 1 and at < len(columns) - 1:
                    cell = cell.merge(row.cells[-1])
                self._fill(cell, text, "公文表格栏目" if at % 2 == 0 and len(cells) > 1 else PLAIN)

    def tall(self, rows: Sequence[tuple[str, str, int]], *, label_mm: int = 30) -> None:
        """A table of labels and large fields, each with its least height in mm."""
        table = self._table((label_mm, self._width - label_mm))
        for label, text, height_mm in rows:
            row = table.add_row()
            self._measure(row, Mm(height_mm))
            self._fill(row.cells[0], label, "公文表格栏目")
            for at, line in enumerate(text.split("\n")):
                self._fill(row.cells[1], line, PLAIN, first=at == 0)

    def listing(
        self,
        over: str,
        columns: Sequence[tuple[str, str, int]],
        *,
        numbered: bool = True,
        small: bool = False,
    ) -> None:
        """A table with one row for each of a fact's rows: (heading, placeholder in the row, width)."""
        plain, label = (SMALL, "公文小表格栏目") if small else (PLAIN, "公文表格栏目")
        if numbered:
            columns = [("序号", "{{ loop.index }}", 10 if small else 14), *columns]
        share = self._width / sum(width for *_, width in columns)
        table = self._table([round(width * share, 2) for *_, width in columns])
        heads = table.add_row()
        self._measure(heads)
        heads._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
        for cell, (heading, _, _) in zip(heads.cells, columns, strict=True):
            self._fill(cell, heading, label)
        for control in (f"{{%tr for 行 in {over} %}}", "", "{%tr endfor %}"):
            row = table.add_row()
            self._measure(row)
            if control:
                self._fill(row.cells[0].merge(row.cells[-1]), control, plain)
                continue
            for cell, (_, text, _) in zip(row.cells, columns, strict=True):
                self._fill(cell, text, plain)

    def figures(
        self,
        groups: Sequence[tuple[str, Sequence[str]]],
        rows: Sequence[Sequence[str]],
        widths: Sequence[float],
        *,
        together: bool = True,
    ) -> None:
        """A small table of given texts under two rows of headings, `together` on one page where it can be.

        A group without headings of its own is a column of words.
        """
        share = self._width / sum(widths)
        table = self._table([round(width * share, 2) for width in widths])
        above, below = table.add_row(), table.add_row()
        at = 0
        for title, heads in groups:
            last = at + max(len(heads), 1) - 1
            self._fill(
                above.cells[at].merge((above if heads else below).cells[last]), title, "公文小表格栏目"
            )
            for n, head in enumerate(heads):
                self._fill(below.cells[at + n], head, "公文小表格栏目")
            at = last + 1
        for row in (above, below):
            self._measure(row, SMALL_HEIGHT)
            row._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
        labels = sum(not heads for _, heads in groups)
        for texts in rows:
            row = table.add_row()
            self._measure(row, SMALL_HEIGHT)
            for n, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
                self._fill(cell, text, SMALL)
                if n >= labels:
                    cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
        for row in table.rows[:-1] if together else ():
            for cell in row.cells:
                cell.paragraphs[0].paragraph_format.keep_with_next = True

    def caption(self, text: str) -> None:
        line = self._add(text, "公文表题")
        line.paragraph_format.space_before, line.paragraph_format.space_after = Pt(10), Pt(4)
        line.paragraph_format.keep_with_next = True

    def picture(self, name: str, caption: str) -> None:
        with self.when(name):
            line = self._add(f"{{{{ {name} }}}}", "公文居中")
            line.paragraph_format.line_spacing = 1.0  # an exact line would cut the picture off
            line.paragraph_format.keep_with_next = True
            line.paragraph_format.space_before = Pt(PICTURE_APART)  # clear of the table's last line
            self._add(caption, "公文表题")

    def new_page(self) -> None:
        self._add("", "公文控制").paragraph_format.page_break_before = True

    def gap(self) -> None:
        self._add("", "公文控制")

    def _keep_end_with_next(self) -> None:
        """The last line that is in the paper in any case, and those behind it that may be."""
        within = 0
        for line in reversed(self._sheet.paragraphs):
            line.paragraph_format.keep_with_next = True
            if line.text.startswith("{%p"):
                within += 1 if line.text.startswith("{%p end") else -1 if "else" not in line.text else 0
            elif not within:
                return

    def _add(self, text: str, style: str) -> Any:
        return self._sheet.add_paragraph(text, style=style)

    def _control(self, tag: str) -> None:
        self._add(tag, "公文控制")

    def _table(self, columns: Sequence[float], *, lines: Sequence[str] = LINES) -> Any:
        table: Any = self._sheet.add_table(rows=0, cols=len(columns))
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        edges = "".join(f'<w:{edge} w:val="single" w:sz="6" w:space="0" w:color="000000"/>' for edge in lines)
        properties = table._tbl.tblPr
        for old in properties.findall(qn("w:tblStyle")) + properties.findall(qn("w:tblLook")):
            properties.remove(old)
        properties.append(parse_xml(f"<w:tblBorders {nsdecls('w')}>{edges}</w:tblBorders>"))
        layout = properties.find(qn("w:tblLayout"))
        if layout is not None:  # the schema wants the borders before it
            properties.append(layout)
        for column, width_mm in zip(table.columns, columns, strict=True):
            column.width = Mm(width_mm)
        return table

    @staticmethod
    def _measure(row: Any, height: Any = ROW_HEIGHT) -> None:
        row.height = height
        row._tr.get_or_add_trPr().append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))
        for cell, column in zip(row.cells, row.table.columns, strict=True):
            cell.width = column.width

    @staticmethod
    def _fill(cell: Any, text: str, style: str, *, first: bool = True) -> None:
        line = cell.paragraphs[0] if first else cell.add_paragraph()
        line.text = text
        line.style = cell.part.document.styles[style]
        properties = cell._tc.get_or_add_tcPr()
        child(properties, "w:vAlign", val="center")

    @staticmethod
    def _border(line: Any, edge: str, colour: str, eighths: int) -> None:
        properties = line._p.get_or_add_pPr()
        borders = properties.find(qn("w:pBdr"))
        if borders is None:
            borders = parse_xml(f"<w:pBdr {nsdecls('w')}/>")
            properties.insert_element_before(
                borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
            )
        borders.append(
            parse_xml(
                f'<w:{edge} {nsdecls("w")} w:val="single" w:sz="{eighths}" w:space="4" w:color="{colour}"/>'
            )
        )
