"""The lists and tables of the yearly evaluation as workbooks ready to print.

Refuses to leave unrecorded: each file that goes out has its audit row; nothing stands in it that its page doesn't show.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from landgis.access.queries import Actor
from landgis.access.rules import EXPORT_DATA
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.sheets import Column, Table, workbook_of
from parcels.evaluation.rules import INDICATORS
from parcels.grading.claims import claim_lines
from parcels.grading.models import Objection
from parcels.grading.tables import Cross
from parcels.yearly.area_tables import AreaRow
from parcels.yearly.objection_effects import corrected
from parcels.yearly.preview import Counted, Moved, Preview
from parcels.yearly.queries import Listed, RunFile

Row = TypeVar("Row")

OPEN: tuple[Column[Listed], ...] = (
    Column("组别", 18, "text", lambda row: row.class_name),
    Column("企业名称", 34, "wrapped", lambda row: row.name),
    Column("统一社会信用代码", 21, "code", lambda row: row.uscc),
    Column("所属镇街", 10, "text", lambda row: row.town),
    Column("行业", 14, "text", lambda row: row.industry),
    Column("档次", 8, "text", lambda row: row.grade),
    Column("未定档原因", 26, "wrapped", lambda row: row.why),
    Column("合并评价的牵头企业", 21, "code", lambda row: row.head_uscc),
)
CLEARED: tuple[Column[Listed], ...] = (
    Column("用地\n（亩）", 11, "figure", lambda row: row.land_mu),
    Column("得分", 10, "figure", lambda row: None if row.score is None else float(row.score)),
    Column("名次", 7, "whole", lambda row: row.rank),
    Column("并列", 7, "whole", lambda row: row.tied if row.tied > 1 else None),
    Column("本组\n户数", 7, "whole", lambda row: row.of),
    Column("按得分\n的档次", 8, "text", lambda row: row.cut),
)
NOTICE_COLUMNS: tuple[Column[tuple[int, Listed]], ...] = (
    Column("序号", 7, "whole", lambda pair: pair[0]),
    Column("企业名称", 40, "wrapped", lambda pair: pair[1].name),
    Column("统一社会信用代码", 22, "code", lambda pair: pair[1].uscc),
    Column("所属镇街", 14, "text", lambda pair: pair[1].town),
    Column("组别", 22, "text", lambda pair: pair[1].class_name),
    Column("档次", 9, "text", lambda pair: pair[1].grade),
)
AREA: tuple[Column[AreaRow], ...] = (
    Column("名称", 24, "wrapped", lambda row: row.name),
    Column("企业\n（家）", 8, "whole", lambda row: row.firms),
    Column("用地\n（亩）", 13, "figure", lambda row: row.land_mu),
    *(
        Column(f"{one.title}\n（{one.unit}）", 14, "figure", lambda row, n=n: row.values[n])  # type: ignore[misc]
        for n, one in enumerate(INDICATORS)
    ),
)


def results_workbook(file: RunFile, rows: Sequence[Listed]) -> bytes:
    """The list as it was filtered; figures only for whoever is cleared."""
    table = Table(
        title=f"{file.county.name}{file.run.year}年度{file.definition.name}结果",
        note=f"第 {file.run.number} 次评价，{file.state_title}，共 {len(rows)} 家",
        unit="",
        footer=f"{file.county.name}　校验码 {file.result.sha256[:16]}",
        columns=(*OPEN, *CLEARED) if file.cleared else OPEN,
        rows=rows,
        below=[f"注意：{word}" for word in file.definition.reservations()],
        frozen_columns=2,
    )
    return _written(
        file.county, file.actor, [("评价结果", table)], "export_evaluation_results", run=file.run.pk
    )


def objections_workbook(file: RunFile) -> bytes:
    """The objections of the reader's towns; to what something was corrected only for those cleared."""
    rows = file.objections()
    towns = dict(file.county.towns.values_list("code", "name"))

    def changes(row: Objection) -> str:
        found = row.decision.changes if hasattr(row, "decision") else []
        told = corrected(file.definition, found, row.uscc, cleared=file.cleared)
        return "；".join(
            one.title if one.after is None else f"{one.title}：{one.before} → {one.after}" for one in told
        )

    def decided(row: Objection) -> str:
        if not hasattr(row, "decision"):
            return "待处理"
        return "采纳" if row.decision.upheld else "不予采纳"

    columns: tuple[Column[Objection], ...] = (
        Column("编号", 7, "whole", lambda row: row.pk),
        Column("企业名称", 30, "wrapped", lambda row: row.name),
        Column("统一社会信用代码", 21, "code", lambda row: row.uscc),
        Column("所属镇街", 10, "text", lambda row: towns.get(row.town_code, "")),
        Column("异议类别", 18, "text", lambda row: row.kind_title),
        Column("主张", 30, "wrapped", lambda row: _claimed(file, row)),
        Column("异议内容", 34, "wrapped", lambda row: row.statement),
        Column("依据", 30, "wrapped", lambda row: row.evidence),
        Column("提出日期", 11, "date", lambda row: row.filed_on),
        Column("处理意见", 10, "text", decided),
        Column(
            "处理日期", 11, "date", lambda row: row.decision.decided_on if hasattr(row, "decision") else None
        ),
        Column("理由", 30, "wrapped", lambda row: row.decision.reason if hasattr(row, "decision") else ""),
        Column("更正的内容", 36, "wrapped", changes),
    )
    table = Table(
        title=f"{file.county.name}{file.run.year}年度{file.definition.name}异议及处理情况",
        note=f"第 {file.run.number} 次评价，共 {len(rows)} 件",
        unit="",
        footer=file.county.name,
        columns=columns,
        rows=rows,
    )
    return _written(
        file.county, file.actor, [("异议", table)], "export_evaluation_objections", run=file.run.pk
    )


def _claimed(file: RunFile, row: Objection) -> str:
    lines = claim_lines(row.kind, row.claim, file.definition)
    return "；".join(f"{title}：{text}" for title, text in lines)


def notice_workbook(file: RunFile, rows: Sequence[Listed]) -> bytes:
    """The list for the notice: name, code, town, group and grade, and nothing else."""
    table = Table(
        title=f"{file.county.name}{file.run.year}年度{file.definition.name}结果公示名单",
        note=f"共 {len(rows)} 家，同档企业按统一社会信用代码排列，不分先后",
        unit=f"公示期 {file.notice_from} 至 {file.until}" if file.until else "未公示",
        footer=f"{file.county.name}　依据 {file.definition.basis}",
        columns=NOTICE_COLUMNS,
        rows=list(enumerate(rows, 1)),
        paper="A4",
    )
    return _written(
        file.county, file.actor, [("公示名单", table)], "export_evaluation_notice", run=file.run.pk
    )


def preview_workbook(county: County, actor: Actor, title: str, found: Preview) -> bytes:
    """Counts before and after, and the firms that move; computed, not kept."""
    towns = dict(county.towns.values_list("code", "name"))
    heads = [(head, side) for head in range(len(found.heads)) for side in (0, 1)]
    counts: Table[Counted] = Table(
        title=f"{title}：各档户数变化",
        note=f"数据：{found.on}；对照：{found.against}",
        unit="试算，未保存",
        footer=county.name,
        columns=(
            Column("组别", 26, "text", lambda row: row.name),
            *(
                Column(f"{found.heads[n]}\n{('现', '改后')[side]}", 10, "whole", lambda row, n=n, side=side: row.cells[n][side])  # type: ignore[misc]
                for n, side in heads
            ),
        ),
        rows=found.classes,
        paper="A4",
    )  # fmt: skip
    moved: Table[Moved] = Table(
        title=f"{title}：档次变化的企业",
        note=f"共 {len(found.moved)} 家",
        unit="试算，未保存",
        footer=county.name,
        columns=(
            Column("统一社会信用代码", 21, "code", lambda row: row.uscc),
            Column("企业名称", 34, "wrapped", lambda row: row.name),
            Column("所属镇街", 10, "text", lambda row: towns.get(row.town_code, "")),
            Column("现组别", 18, "text", lambda row: row.class_before),
            Column("现得分", 10, "figure", lambda row: row.score_before),
            Column("现档次", 9, "text", lambda row: row.grade_before),
            Column("改后组别", 18, "text", lambda row: row.class_after),
            Column("改后得分", 10, "figure", lambda row: row.score_after),
            Column("改后档次", 9, "text", lambda row: row.grade_after),
            Column("说明", 26, "wrapped", lambda row: row.reason),
        ),
        rows=found.moved,
    )
    return _written(
        county, actor, [("户数变化", counts), ("企业变化", moved)], "export_scheme_preview", on=found.on
    )


def cross_workbook(county: County, actor: Actor, title: str, found: Cross, unit: str) -> bytes:
    """A cross table with its totals: sums and, beside them, how many firms make them up."""

    def cell(values: Any, n: int, hidden: bool) -> Any:
        return lambda row: None if hidden and found.hidden[row, n] else values[row, n].item()

    names = (*found.rows, "合计")
    heads = (*found.columns, "合计")
    sheets = []
    for sheet, values, hidden in (("合计", found.sums, True), ("户数", found.firms, False)):
        table: Table[int] = Table(
            title=f"{title}（{sheet}）",
            note="空白：不足三家或一家占比过大，依规定不公开，及为防推算而一并隐去的格"
            if found.hidden.any()
            else "",
            unit=unit if hidden else "家",
            footer=county.name,
            columns=(
                Column("", 24, "text", lambda row: names[row] or "未定档"),
                *(
                    Column(head or "未定档", 14, "figure" if hidden else "whole", cell(values, n, hidden))
                    for n, head in enumerate(heads)
                ),
            ),
            rows=range(len(names)),
            paper="A4",
        )
        sheets.append((sheet, table))
    return _written(county, actor, sheets, "export_evaluation_table", rows=len(names))


def area_workbook(county: County, actor: Actor, title: str, rows: Sequence[AreaRow]) -> bytes:
    """The indicators of a year by area; what isn't told is blank, as on the page."""
    table = Table(
        title=title,
        note="空白：没有数据，或依规定不公开",
        unit="",
        footer=county.name,
        columns=AREA,
        rows=rows,
    )
    return _written(county, actor, [("亩均指标", table)], "export_evaluation_areas", rows=len(rows))


def _written(
    county: County, actor: Actor, tables: Sequence[tuple[str, Table[Any]]], action: str, **said: Any
) -> bytes:
    actor.require(EXPORT_DATA)
    reason = f"导出{tables[0][0]}"
    recorded = change(county_code=county.code, by=actor.username, action=action, reason=reason, **said)
    with recorded:
        return workbook_of(dict(tables))
