"""A sheet as it is printed: nothing of its title, notes and headings is cut off, and its footer's parts stand apart."""

from __future__ import annotations

import io
import re
import zipfile

from landgis.lib.sheets import Column, Table, codes_told, workbook_of

LONG = "规则版本：" + "处置办法（2012-07-01施行）；" * 12


def sheet_xml(*, title: str = "清单", heading: str = "面积\n（亩）", unit: str = "单位：亩") -> str:
    columns: tuple[Column[int], ...] = (
        Column("项目", 12, "text", lambda row: f"第{row}项"),
        Column(heading, 12, "figure", lambda row: row or "—"),
        Column("说明", 12, "wrapped", lambda row: ""),
    )
    table = Table(title, LONG, unit, "期号　校验码", columns, [0, 1], below=(LONG, "签字"))
    with zipfile.ZipFile(io.BytesIO(workbook_of({"表": table}))) as book:
        return book.read("xl/worksheets/sheet1.xml").decode()


def heights(xml: str) -> dict[int, float]:
    found = re.findall(r'<row r="(\d+)"[^>]*? ht="([\d.]+)"', xml)
    return {int(row): float(height) for row, height in found}


def test_words_across_the_table_are_merged_and_as_high_as_they_need() -> None:
    xml = sheet_xml()
    assert {"A1:C1", "A2:B2", "A6:C6", "A7:C7"} == set(re.findall(r'mergeCell ref="([^"]+)"', xml))
    high = heights(xml)
    assert high[2] > 100
    assert high[6] > 80
    assert high[7] < 20
    assert "A2:C2" in sheet_xml(unit="")


def test_a_long_title_and_a_long_heading_take_more_lines() -> None:
    plain, long = (
        heights(sheet_xml()),
        heights(sheet_xml(title="很长的标题" * 6, heading="低效用地期满后入账面积\n（亩）")),
    )
    assert max(plain[1], plain[3]) < 33
    assert long[1] >= 64
    assert long[3] > 40


def test_the_pages_number_stands_apart_from_the_footer() -> None:
    assert "&amp;L期号　校验码&amp;R第 &amp;P 页" in sheet_xml()


def test_a_figure_stands_off_its_border_and_counted_things_have_no_decimals_in_their_total() -> None:
    columns: tuple[Column[int], ...] = (
        Column("项目", 12, "text", lambda row: f"第{row}项"),
        Column("宗数", 12, "whole", lambda row: 1500 * row, summed=True),
        Column("面积", 12, "figure", lambda row: row / 3, summed=True),
    )
    content = workbook_of({"表": Table("清单", "", "", "", columns, [1, 2], total="合计")})
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        styles, sheet = (book.read(f"xl/{name}.xml").decode() for name in ("styles", "worksheets/sheet1"))
    own = dict(re.findall(r'<numFmt numFmtId="(\d+)" formatCode="([^"]+)"', styles))
    cells = re.findall(r'<xf numFmtId="(\d+)"', styles.split("<cellXfs")[1])

    def shown_by(cell: str) -> str:
        (style,) = re.findall(rf'<c r="{cell}" s="(\d+)"', sheet)
        return str(own.get(cells[int(style)], f"built-in {cells[int(style)]}"))

    assert shown_by("C4") == "#,##0.00_ ;-#,##0.00_ ;0.00_ ;@_ "
    assert shown_by("B4") == "built-in 1"  # 0: a year has no thousands
    assert shown_by("B6") == "#,##0"


def test_codes_may_part_only_between_two() -> None:
    assert codes_told(["330782001001GB00001", "330782001001GB00002"]).split(" ") == [
        "330782001001GB00001、",
        "330782001001GB00002",
    ]
