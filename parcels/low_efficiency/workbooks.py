"""The room's workbooks: the files, a frozen list, the weekly bulletin, the 两高 list and the candidates.

Refuses to leave unrecorded: each file that goes out has its audit row; firms' figures stay out where they aren't cleared.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from landgis.access.queries import Actor
from landgis.access.rules import EXPORT_DATA, VIEW_FIRM_FIGURES
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.sheets import SIGNATURES, Column, Table, workbook_of
from landgis.lib.units import m2_to_mu
from parcels.low_efficiency.bulletin import Bulletin, TownWeek
from parcels.low_efficiency.deadlines import FileDue
from parcels.low_efficiency.energy import Reviewed
from parcels.low_efficiency.models import LowEfficiencyList
from parcels.low_efficiency.queries import FileRow, figures_shown
from parcels.low_efficiency.rules import ListedFirm

FIRM: tuple[Column[FileRow], ...] = (
    Column("档案编号", 16, "code", lambda row: row.file.file_no),
    Column("企业名称", 28, "wrapped", lambda row: row.file.enterprise.name),
    Column("统一社会信用代码", 21, "code", lambda row: row.file.enterprise.uscc),
    Column("所属镇街", 10, "text", lambda row: row.town_name),
    Column("类别", 22, "wrapped", lambda row: "、".join(row.label_titles)),
    Column("依据", 44, "wrapped", lambda row: "；".join(row.reasons)),
    Column("分类", 12, "wrapped", lambda row: row.category),
    Column("状态", 14, "text", lambda row: row.state_title),
    Column("状态日期", 11.5, "date", lambda row: row.since),
    Column("列入清单", 11.5, "date", lambda row: row.listed_on),
    Column("签订协议", 11.5, "date", lambda row: row.signed_on),
    Column("销号（关停）", 11.5, "date", lambda row: row.ended_on),
    Column("最近跟踪周", 11.5, "date", lambda row: row.week.week_on if row.week else None),
    Column("整治进度\n（%）", 8, "whole", lambda row: row.week.progress if row.week else None),
)
LISTED: tuple[Column[ListedFirm], ...] = (
    Column("档案编号", 16, "code", lambda row: row.file_no),
    Column("企业名称", 28, "wrapped", lambda row: row.name),
    Column("统一社会信用代码", 21, "code", lambda row: row.uscc),
    Column("所属镇街", 10, "text", lambda row: row.town),
    Column("行业代码", 9, "code", lambda row: row.industry_code),
    Column("规模", 7, "text", lambda row: row.scale),
    Column("类别", 22, "wrapped", lambda row: row.label_titles),
    Column("依据", 44, "wrapped", lambda row: "；".join(row.reasons)),
    Column("分类", 12, "wrapped", lambda row: row.category),
)
LISTED_FIGURES: tuple[Column[ListedFirm], ...] = (
    Column(
        "用地\n（亩）", 10, "figure", lambda row: m2_to_mu(row.land_m2) if row.land_m2 else None, summed=True
    ),
    Column("综合能耗\n（吨标煤）", 12, "figure", lambda row: _figure(row.energy_tce), summed=True),
    Column("工业增加值\n（万元）", 12, "figure", lambda row: _figure(row.value_added_wan), summed=True),
)
DUE: tuple[Column[FileDue], ...] = (
    Column("到期日", 11.5, "date", lambda due: due.due_on),
    Column("逾期\n（天）", 7, "whole", lambda due: due.days_late or None),
    Column("类别", 14, "text", lambda due: due.kind_title),
    Column("事项", 44, "wrapped", lambda due: due.title),
    Column("档案编号", 16, "code", lambda due: due.file.file_no),
    Column("企业名称", 28, "wrapped", lambda due: due.file.enterprise.name),
    Column("统一社会信用代码", 21, "code", lambda due: due.file.enterprise.uscc),
    Column("所属镇街", 10, "text", lambda due: due.town_name),
)
WEEK: tuple[Column[TownWeek], ...] = (
    Column("排名", 6, "whole", lambda row: row.rank),
    Column("镇街", 10, "text", lambda row: row.name),
    Column("清单数", 8, "whole", lambda row: row.listed),
    Column("已签监管\n协议数", 9, "whole", lambda row: row.signed),
    Column("签约率\n（%）", 8, "figure", lambda row: row.signed_percent),
    Column("整治完成\n（销号）数", 10, "whole", lambda row: row.ended),
    Column("销号率\n（%）", 8, "figure", lambda row: row.ended_percent),
    Column("销号用地\n（亩）", 10, "figure", lambda row: row.ended_mu),
    Column("本周新增", 8, "whole", lambda row: row.new),
    Column("填报用电\n企业数", 9, "whole", lambda row: row.reporting),
    Column("本周用电\n（千瓦时）", 13, "figure", lambda row: row.electricity_kwh),
    Column("比上周\n（%）", 9, "figure", lambda row: row.electricity_change),
    Column("低效用地\n整治目标（亩）", 12, "figure", lambda row: row.remediation.target),
    Column("完成\n（亩）", 10, "figure", lambda row: row.remediation.done),
    Column("完成率\n（%）", 8, "figure", lambda row: _rate(row.remediation.done, row.remediation.target)),
    Column("年度盘活\n目标（亩）", 10, "figure", lambda row: row.revitalisation.target),
    Column("完成\n（亩）", 10, "figure", lambda row: row.revitalisation.done),
    Column(
        "完成率\n（%）", 8, "figure", lambda row: _rate(row.revitalisation.done, row.revitalisation.target)
    ),
    Column("闲置宗数", 8, "whole", lambda row: row.idle),
    Column("闲置\n（亩）", 10, "figure", lambda row: row.idle_mu),
    Column("新增\n闲置", 6, "whole", lambda row: row.idle_new),
    Column("处置\n完成", 6, "whole", lambda row: row.idle_gone),
    Column("逾期未动工", 9, "whole", lambda row: row.overdue_start),
    Column("逾期任务", 8, "whole", lambda row: row.overdue_tasks),
    Column("红黄绿", 7, "text", lambda row: row.light),
)
ENERGY: tuple[Column[Reviewed], ...] = (
    Column("项目名称", 30, "wrapped", lambda row: row.project.name),
    Column("企业名称", 28, "wrapped", lambda row: row.project.enterprise.name),
    Column("统一社会信用代码", 21, "code", lambda row: row.project.enterprise.uscc),
    Column("所属镇街", 10, "text", lambda row: row.town_name),
    Column("建设年份", 9, "whole", lambda row: row.project.built_year),
    Column("两高", 6, "text", lambda row: "是" if row.project.two_high else "否"),
    Column("列入依据", 44, "wrapped", lambda row: row.reason),
    Column("评估结论", 14, "text", lambda row: row.result_title),
    Column("评估日期", 11.5, "date", lambda row: row.review.on if row.review else None),
)
ENERGY_FIGURES: tuple[Column[Reviewed], ...] = (
    Column("年综合能耗\n（吨标煤）", 13, "figure", lambda row: row.project.energy_tce, summed=True),
    Column("能耗年度", 8, "whole", lambda row: row.project.energy_year),
)


def files_workbook(county: County, actor: Actor, on: date, rows: Sequence[FileRow]) -> bytes:
    """The files as they stand; electricity of those firms alone for which the actor is cleared."""
    electricity: Column[FileRow] = Column(
        "最近用电\n（千瓦时）", 13, "figure",
        lambda row: row.week.electricity_kwh if row.week and figures_shown(actor, row.file) else None,
    )  # fmt: skip
    return _sent(
        county, actor, "高耗低效企业台账",
        Table(
            title=f"{county.name}高耗低效企业台账", note=f"截至 {on}，共 {len(rows)} 家", unit="",
            footer=f"{county.name}　截至 {on}", columns=(*FIRM, electricity), rows=rows, frozen_columns=2,
        ),
    )  # fmt: skip


def duties_workbook(county: County, actor: Actor, on: date, rows: Sequence[FileDue]) -> bytes:
    """What is due and overdue, the longest overdue first."""
    late = sum(due.overdue for due in rows)
    return _sent(
        county, actor, "高耗低效企业应办事项",
        Table(
            title=f"{county.name}高耗低效企业应办事项", note=f"截至 {on}，共 {len(rows)} 项，逾期 {late} 项",
            unit="", footer=f"{county.name}　截至 {on}", columns=DUE, rows=rows,
        ),
    )  # fmt: skip


def list_workbook(found: LowEfficiencyList, actor: Actor, rows: Sequence[ListedFirm]) -> bytes:
    """A frozen list, or the part of it that the actor's towns have."""
    part = "" if len(rows) == found.row_count else f"（本表为其中一部分，全表 {found.row_count} 家）"
    cleared = actor.may(VIEW_FIRM_FIGURES)
    county = found.county
    return _sent(
        county, actor, f"高耗低效企业清单 {found.list_no}",
        Table(
            title=f"{county.name}高耗低效企业清单",
            note=f"期号：{found.list_no}　截止日期：{found.on}　数据年度：{found.data_year}　规则版本：{found.rule_version}",
            unit="单位：亩、吨标准煤、万元" if cleared else "",
            footer=f"{found.list_no}　{county.name}　校验码 {found.sha256}",
            columns=(*LISTED, *(LISTED_FIGURES if cleared else ())),
            rows=rows,
            total=f"合计（{len(rows)} 家）" if cleared else "",
            below=(f"校验码（SHA-256）：{found.sha256}{part}", SIGNATURES),
            frozen_columns=2,
        ),
    )  # fmt: skip


def bulletin_workbook(county: County, actor: Actor, found: Bulletin) -> bytes:
    """The week's bulletin with the columns that the city asks for; the total is a row, since rates don't add up."""
    return _sent(
        county, actor, f"每周通报 {found.week_on}",
        Table(
            title=f"{county.name}高耗低效企业整治每周通报",
            note=f"{found.week_on} 至 {found.until}",
            unit="排名按销号率，并列同名次；空格为没有数据或者依法不公布",
            footer=f"{county.name}　{found.week_on} 至 {found.until}",
            columns=WEEK,
            rows=[*found.towns, found.total],
            below=(SIGNATURES,),
            frozen_columns=2,
        ),
    )  # fmt: skip


def energy_workbook(county: County, actor: Actor, on: date, rows: Sequence[Reviewed]) -> bytes:
    columns = (*ENERGY, *(ENERGY_FIGURES if actor.may(VIEW_FIRM_FIGURES) else ()))
    return _sent(
        county, actor, "两高项目评估清单",
        Table(
            title=f"{county.name}“两高”项目评估检查清单", note=f"截至 {on}，共 {len(rows)} 个", unit="",
            footer=f"{county.name}　截至 {on}", columns=columns, rows=rows, frozen_columns=1,
        ),
    )  # fmt: skip


def _sent(county: County, actor: Actor, what: str, table: Table[Any]) -> bytes:
    actor.require(EXPORT_DATA)
    with change(
        county_code=county.code, by=actor.username, action="export_low_efficiency", reason=f"导出{what}", rows=len(table.rows)
    ):  # fmt: skip
        return workbook_of({what[:8]: table})


def _figure(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _rate(done: Decimal, target: Decimal | None) -> Decimal | None:
    return done / target * 100 if target else None
