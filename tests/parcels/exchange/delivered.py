"""Files as officers deliver them, made for the tests of their readers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from parcels.exchange.tables import TableResult

PUBLISHED = [
    "行政区", "电子监管号", "项目名称", "项目位置", "面积（公顷）", "土地来源", "土地用途", "供地方式", "土地使用年限",
    "行业分类", "土地级别", "成交价格（万元）", "土地使用权人", "约定容积率下限", "约定容积率上限", "约定交地时间",
    "约定开工时间", "约定竣工时间", "实际开工时间", "实际竣工时间", "批准单位", "合同签订日期",
]  # fmt: skip
PUBLISHED_ROW = [
    "义乌市", "3307822018B00730", "某项目", "某路北侧", "5.292804", "新增建设用地", "工业用地", "挂牌出让", "50", "制造业",
    "十二级", "10484.0000", "某公司", "1.00", "2.00", "2018年12月31日", "2019年12月21日", "2022年12月21日", "", " ",
    "义乌市人民政府", "2018年12月31日",
]  # fmt: skip


def as_csv(path: Path, rows: Iterable[Sequence[Any]], encoding: str = "utf-8", delimiter: str = ",") -> Path:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def as_xlsx(path: Path, sheets: Mapping[str, Sequence[Any]], merged: Sequence[tuple[Any, ...]] = ()) -> Path:
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties(
            {"created": datetime(2024, 1, 1, tzinfo=UTC)}
        )  # the same rows are the same file at any second
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if isinstance(cell, date):
                        sheet.write_datetime(row, column, cell, day)
                    elif cell is not None:
                        sheet.write(row, column, cell)
            for area in merged:
                sheet.merge_range(*area)
    return path


def codes(result: TableResult) -> list[str]:
    return [issue.code for issue in result.issues]


def errors(result: TableResult) -> list[str]:
    return [issue.code for issue in result.issues if issue.severity == "error"]
