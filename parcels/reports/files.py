"""An issue of a report as the workbook that is sent out: the table by town, the rows behind it, and a comparison.

Refuses to reckon anything: what stands in it is the frozen text, and equal texts make equal files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any

from landgis.lib.sheets import SIGNATURES, Column, Kind, Table, codes_told, workbook_of
from parcels.reports.models import ReportIssue
from parcels.reports.papers import CountRow, LineRow, count_rows, line_rows, line_told, targets_told
from parcels.reports.queries import Content
from parcels.reports.rules import (
    BY_KEY,
    KINDS,
    MEASURED,
    WHOLE,
    Figure,
    FigureChange,
    Item,
    ItemChange,
    ParcelChange,
    groups_of,
)
from parcels.reports.wording import gaps, shown, told

ITEM_KINDS = {
    "project": "项目",
    "credit": "入账",
    "phase": "合同分期",
    "case": "处置案件",
    "term": "办理期限",
    "task": "攻坚任务",
    "look_back": "回头看",
    "weeks": "每周跟踪",
    "firm": "高耗低效企业",
    "count": "其他目标登记",
    "contract": "供地合同",
    "line": "线内非工业用地",
}
Row = Mapping[str, Any]


def workbook(
    found: ReportIssue,
    content: Content,
    other: ReportIssue | None = None,
    changes: tuple[Sequence[FigureChange], Sequence[ItemChange], Sequence[ParcelChange]] = ((), (), ()),
) -> bytes:
    """The issue (or the part of it that `content` is), with the comparison to `other` on two more sheets."""
    towns = {row["code"]: row["name"] for row in content.towns}
    title = f"{found.county.name}低效用地整治提升和存量盘活{KINDS[found.kind]}"
    footer = f"{found.issue_no}　截至 {found.on}　校验码 {found.sha256}"
    note = f"{found.issue_no}　本期：{content.heading['first']} 至 {found.on}　目标依据：{targets_told(content) or '—'}"
    missing = dict.fromkeys(text for row in content.towns for text in gaps(row["figures"]))
    below = (
        *missing,
        f"规则版本：{found.rule_version}",
        f"校验码（SHA-256）：{found.sha256}",
        SIGNATURES,
    )
    groups = groups_of(content.towns)
    tables: dict[str, Table[Any]] = {
        name: Table(
            f"{title}：{name}", note, "", footer, (_TOWN, *map(_figure_column, group)), content.towns,
            below=below if name == list(groups)[-1] else (), frozen_columns=1,
        )
        for name, group in groups.items()
    }  # fmt: skip
    counts, versions = count_rows(content), line_rows(content.heading)
    if counts:
        tables["其他目标"] = Table(
            f"{title}：行动方案其他目标", note, "", footer, _COUNTS, counts, frozen_columns=2
        )
    if versions:
        tables["控制线"] = Table(
            f"{title}：工业用地控制线", note, "面积单位：亩", footer, _VERSIONS, versions, below=line_told(content.heading),
        )  # fmt: skip
    listed = [(item, towns.get(item.town_code, "")) for item in content.items]
    tables["明细"] = Table(f"{title}明细", note, "", footer, _ITEM_COLUMNS, listed, frozen_columns=2)
    if other is not None:
        against = f"{other.issue_no}（截至 {other.on}）与 {found.issue_no}（截至 {found.on}）相比"
        figures, items, parcels = changes
        tables["数字对比"] = Table(f"{title}数字对比", against, "", footer, _FIGURE_CHANGES, figures)
        tables["明细对比"] = Table(f"{title}明细对比", against, "", footer, _ITEM_CHANGES, items)
        tables["逐宗对比"] = Table(f"{title}逐宗对比", against, "", footer, _PARCEL_CHANGES, parcels)
    # The day of the making would make each file another.
    made = datetime.combine(found.on, time(), tzinfo=UTC)
    return workbook_of(tables, {"title": title, "subject": footer, "created": made})


def _figure_column(figure: Figure) -> Column[Row]:
    kind: Kind = "text"
    if figure.unit in MEASURED:
        kind = "figure"
    elif figure.summed or figure.key == "rank":
        kind = "whole"
    unit = f"\n（{figure.unit}）" if figure.unit else ""

    def value(row: Row) -> Any:
        held = row["figures"].get(figure.key)
        if held is None or kind == "text":
            return shown(figure.key, held)
        return Decimal(held) if kind == "figure" else int(held)

    return Column(f"{figure.title}{unit}", 12, kind, value)


_TOWN: Column[Row] = Column(
    "镇街", 16, "text", lambda row: row["name"] if row["code"] != WHOLE else f"{row['name']}合计"
)
_COUNTS: tuple[Column[CountRow], ...] = (
    Column("指标", 24, "wrapped", lambda row: f"{row.title}（{row.unit}）" if row.unit else row.title),
    Column("镇街", 14, "text", lambda row: row.town),
    Column("目标", 14, "text", lambda row: row.target),
    Column("完成", 14, "text", lambda row: row.done),
    Column("完成率", 10, "text", lambda row: row.rate),
    Column("序时应完成", 14, "text", lambda row: row.due),
    Column("进度", 8, "text", lambda row: row.light),
    Column("预计", 18, "wrapped", lambda row: row.outlook),
    Column("依据", 44, "wrapped", lambda row: row.basis),
)
_VERSIONS: tuple[Column[LineRow], ...] = (
    Column("日期", 12, "text", lambda row: row.on),
    Column("事项", 20, "text", lambda row: row.what),
    Column("调整编号", 20, "code", lambda row: row.adjustment),
    Column("划入", 14, "text", lambda row: row.came),
    Column("划出", 14, "text", lambda row: row.left),
    Column("之后面积", 16, "text", lambda row: row.total),
)
_ITEM_COLUMNS: tuple[Column[tuple[Item, str]], ...] = (
    Column("类别", 10, "text", lambda row: ITEM_KINDS[row[0].kind]),
    Column("编号", 30, "code", lambda row: row[0].key),
    Column("名称", 32, "wrapped", lambda row: row[0].title),
    Column("镇街", 12, "text", lambda row: row[1]),
    Column("宗地代码", 68, "wrapped", lambda row: codes_told(row[0].parcels)),
    Column("状态", 26, "wrapped", lambda row: row[0].state),
    Column("计入的数字", 40, "wrapped", lambda row: parts_told(row[0])),
)
_FIGURE_CHANGES: tuple[Column[FigureChange], ...] = (
    Column("镇街", 16, "text", lambda one: one.town),
    Column("数字", 22, "text", lambda one: one.figure.title),
    Column("单位", 8, "text", lambda one: one.figure.unit),
    Column("前一期", 16, "text", lambda one: told(one.figure, one.before)),
    Column("本期", 16, "text", lambda one: told(one.figure, one.after)),
    Column("增减", 14, "figure", lambda one: one.difference),
)
_ITEM_CHANGES: tuple[Column[ItemChange], ...] = (
    Column("变化", 8, "text", lambda one: one.what),
    Column("类别", 10, "text", lambda one: ITEM_KINDS[one.item.kind]),
    Column("编号", 30, "code", lambda one: one.item.key),
    Column("名称", 34, "wrapped", lambda one: one.item.title),
    Column("宗地代码", 46, "wrapped", lambda one: codes_told(one.item.parcels)),
    Column("内容", 70, "wrapped", lambda one: one.told),
)

_PARCEL_CHANGES: tuple[Column[ParcelChange], ...] = (
    Column("变化", 8, "text", lambda one: one.what),
    Column("宗地代码", 24, "code", lambda one: one.parcel),
    Column("内容", 90, "wrapped", lambda one: one.told),
)


def parts_told(item: Item) -> str:
    """What a row adds to which figure."""
    return "；".join(
        f"{BY_KEY[key].title} {shown(key, part)} {BY_KEY[key].unit}" for key, part in item.parts.items()
    )
