"""The overview and a ledger's projects as workbooks that are ready to print.

Refuses to leave unrecorded: every file that goes out has its audit row; ranks share ties as on the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from landgis.access.queries import Actor
from landgis.access.rules import EXPORT_DATA
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.sheets import SIGNATURES, Column, Table, codes_told, workbook_of
from landgis.lib.units import m2_to_mu
from parcels.campaigns.rules import LEDGERS, OUTLOOKS
from parcels.ledgers.horizon import HorizonLine
from parcels.ledgers.horizon_workbook import HORIZON
from parcels.ledgers.overview import Overview, TownLine, rate
from parcels.ledgers.queries import CountLine, Listed
from parcels.ledgers.supply_share import GrantedContract, YearShare

LIGHTS = {"green": "绿", "yellow": "黄", "red": "红", "none": ""}
VERDICTS = {"reached": "达到", "missed": "未达到", "unknown": "待核"}
RUNNING = {
    "reached": "尚未期满，目前达到",
    "missed": "尚未期满，目前低于目标",
    "unknown": "尚未期满，目前待核",
}
PARTS = {"industrial": "工业用地", "other": "其他用地", "unclassified": "未归类", "apart": "不计入（非出让）"}


def overview_workbook(
    county: County,
    actor: Actor,
    on: date,
    found: Overview,
    shares: Sequence[YearShare],
    contracts: Sequence[GrantedContract],
    ahead: Sequence[HorizonLine],
) -> bytes:
    """The towns in the columns of the weekly report, the other counts, and the shares of the land supply."""
    actor.require(EXPORT_DATA)
    footer, lines = f"{county.name}　截至 {on}", [*found.towns, found.county]
    towns: Table[TownLine] = Table(
        title=f"{county.name}“腾笼换鸟、凤凰涅槃”攻坚行动进展",
        note=f"截至 {on}（本周自周一起）；排名按完成率，并列同名次",
        unit="面积单位：亩；用能单位：吨标准煤",
        footer=footer,
        columns=_town_columns(),
        rows=lines,
        below=[*_ends(found), SIGNATURES],
        frozen_columns=1,
    )
    counts: Table[CountLine] = Table(
        title=f"{county.name}行动方案其他目标", note=f"截至 {on}", unit="", footer=footer, columns=_COUNTS, rows=found.counts,
        paper="A4",
    )  # fmt: skip
    supply: Table[YearShare] = Table(
        title=f"{county.name}各年出让土地中工业用地占比",
        note=f"按截至 {on} 已签订的合同（见“供地合同”）；未归类的单列，不作推断；目标按全县全年考核",
        unit="面积单位：亩", footer=footer, columns=_SHARES, rows=shares, paper="A4",
    )  # fmt: skip
    behind: Table[GrantedContract] = Table(
        title=f"{county.name}各年供地合同", note=f"截至 {on} 已签订的合同，各计入工业用地占比的哪一项", unit="面积单位：亩",
        footer=footer, columns=_contract_columns(dict(county.towns.values_list("code", "name"))), rows=contracts,
    )  # fmt: skip
    tables: dict[str, Table[Any]] = {
        "各镇街进展": towns, "其他目标": counts, "工业用地占比": supply, "供地合同": behind,
    }  # fmt: skip
    if ahead:
        tables["规划展望"] = Table(
            title=f"{county.name}规划展望指标", note=f"截至 {on}，实际数取自最近一年企业年报和亩均指标", unit="", footer=footer,
            columns=HORIZON, rows=ahead, paper="A4",
        )  # fmt: skip
    with change(
        county_code=county.code, by=actor.username, action="export_campaigns", reason="导出攻坚行动进展", on=str(on),
        rows=len(lines),
    ):  # fmt: skip
        return workbook_of(tables)


def projects_workbook(county: County, actor: Actor, on: date, ledger: str, rows: Sequence[Listed]) -> bytes:
    """A ledger's projects as they stand today."""
    actor.require(EXPORT_DATA)
    columns: list[Column[Listed]] = [
        Column("项目编号", 18, "code", lambda row: row.project.project_no),
        Column("项目名称", 28, "wrapped", lambda row: row.project.name),
        Column("所属镇街", 12, "text", lambda row: row.town),
        Column("方式", 10, "text", lambda row: row.project.way),
        Column("▲牵头单位", 16, "wrapped", lambda row: row.project.lead_unit),
        Column("配合单位", 20, "wrapped", lambda row: "、".join(row.project.helper_units)),
        Column("责任人", 10, "text", lambda row: row.project.person),
        Column("项目面积\n（亩）", 12, "figure", lambda row: m2_to_mu(row.project.area_m2), summed=True),
        Column("入账面积\n（亩）", 12, "figure", lambda row: m2_to_mu(row.credited_m2), summed=True),
        Column("立项日期", 11.5, "date", lambda row: row.project.valid_from),
        Column("完成期限", 11.5, "date", lambda row: row.project.due_on),
        Column("所处阶段", 16, "text", lambda row: row.stage),
        Column("阶段日期", 11.5, "date", lambda row: row.stage_on),
        Column("进度灯", 8, "text", lambda row: LIGHTS[row.light]),
        Column("宗地代码", 46, "wrapped", lambda row: codes_told(row.project.parcel_codes)),
    ]
    table: Table[Any] = Table(
        title=f"{county.name}{LEDGERS[ledger]}项目台账",
        note=f"截至 {on}，共 {len(rows)} 个项目",
        unit="面积单位：亩",
        footer=f"{county.name}　截至 {on}",
        columns=columns,
        rows=rows,
        total="合计",
        below=[SIGNATURES],
        frozen_columns=2,
    )
    with change(
        county_code=county.code, by=actor.username, action="export_campaign_projects", reason="导出项目台账",
        ledger=ledger, on=str(on), rows=len(rows),
    ):  # fmt: skip
        return workbook_of({"项目台账": table})


def _ends(found: Overview) -> list[str]:
    """What became of plans that ended without a successor."""
    return [one.told_end for one in found.status.ledgers.values() if one.told_end]


def _percent(part: Decimal | int, whole: Decimal | int | None) -> Decimal | None:
    return Decimal(part) * 100 / Decimal(whole) if whole else None


def _contract_columns(towns: dict[str, str]) -> list[Column[GrantedContract]]:
    return [
        Column("年度", 8, "whole", lambda row: row.signed_on.year),
        Column("签订日期", 11.5, "date", lambda row: row.signed_on),
        Column("合同编号", 24, "code", lambda row: row.contract_no),
        Column("权利人", 30, "wrapped", lambda row: row.holder),
        Column("镇街", 12, "text", lambda row: towns.get(row.town_code, row.town_code)),
        Column("供应方式", 12, "text", lambda row: row.mode),
        Column("用途", 14, "text", lambda row: row.use),
        Column("面积", 12, "figure", lambda row: None if row.area_m2 is None else m2_to_mu(row.area_m2)),
        Column("计入", 16, "text", lambda row: PARTS[row.part]),
    ]


def _verdict(row: YearShare) -> str:
    if row.verdict == "part":
        return "按全县考核"
    return RUNNING[row.so_far] if row.verdict == "running" else VERDICTS[row.verdict]


def _as_percent(share: Decimal | None) -> Decimal | None:
    return None if share is None else share * 100


def _town_columns() -> list[Column[TownLine]]:
    columns: list[Column[TownLine]] = [
        Column("镇街", 12, "text", lambda row: row.name if row.code is not None else "合计"),
        Column("清单数", 8, "whole", lambda row: row.projects["remediation"]),
        Column("已签\n监管协议", 9, "whole", lambda row: row.stages["remediation"].agreed),
        Column(
            "签约率\n（%）",
            8,
            "figure",
            lambda row: _percent(row.stages["remediation"].agreed, row.projects["remediation"]),
        ),
        Column("整治完成\n（销号）", 9, "whole", lambda row: row.stages["remediation"].closed),
        Column(
            "销号率\n（%）",
            8,
            "figure",
            lambda row: _percent(row.stages["remediation"].closed, row.projects["remediation"]),
        ),
        Column("销号项目\n亩数", 10, "figure", lambda row: m2_to_mu(row.stages["remediation"].closed_m2)),
        Column("本周新增\n（亩）", 10, "figure", lambda row: sum(row.week_mu.values(), Decimal(0))),
        Column("腾出用能", 10, "figure", lambda row: row.energy),
    ]
    for ledger, title in (("remediation", "低效用地"), ("revitalisation", "盘活")):
        columns += _ledger_columns(ledger, title)
    columns += [
        Column("闲置宗数", 8, "whole", lambda row: row.idle.open),
        Column("闲置\n亩数", 10, "figure", lambda row: m2_to_mu(row.idle.area_m2)),
        Column("本年新增\n闲置", 8, "whole", lambda row: row.idle.opened),
        Column("本年处置\n闲置", 8, "whole", lambda row: row.idle.closed),
        Column("逾期\n未动工", 8, "whole", lambda row: row.idle.overdue_start),
        Column("逾期任务", 8, "whole", lambda row: row.overdue_tasks),
    ]
    return columns


def _ledger_columns(ledger: str, title: str) -> list[Column[TownLine]]:
    return [
        Column(f"{title}\n目标", 10, "figure", lambda row: row.progress[ledger].target),
        Column(f"{title}\n完成", 10, "figure", lambda row: row.progress[ledger].done),
        Column(f"{title}\n序时应完成", 10, "figure", lambda row: row.progress[ledger].due),
        Column(f"{title}\n完成率（%）", 10, "figure", lambda row: _as_percent(rate(row.progress[ledger]))),
        Column(f"{title}\n排名", 7, "whole", lambda row: row.ranks.get(ledger)),
        Column(f"{title}\n红黄绿", 7, "text", lambda row: LIGHTS[row.progress[ledger].light]),
        Column(f"{title}\n预计", 12, "text", lambda row: OUTLOOKS[row.progress[ledger].outlook]),
    ]  # fmt: skip


_COUNTS: list[Column[CountLine]] = [
    Column("指标", 22, "text", lambda row: row.title),
    Column("单位", 12, "text", lambda row: row.unit),
    Column("目标", 14, "figure", lambda row: row.progress.target),
    Column("完成", 14, "figure", lambda row: row.progress.done),
    Column("序时应完成", 14, "figure", lambda row: row.progress.due),
    Column("红黄绿", 8, "text", lambda row: LIGHTS[row.progress.light]),
    Column("预计", 14, "text", lambda row: OUTLOOKS[row.progress.outlook]),
    Column("依据", 60, "wrapped", lambda row: row.basis),
]
_SHARES: list[Column[YearShare]] = [
    Column("年度", 8, "whole", lambda row: row.year),
    Column("合同数", 8, "whole", lambda row: row.contracts),
    Column("出让总量", 14, "figure", lambda row: row.mu[0]),
    Column("工业用地", 14, "figure", lambda row: row.mu[1]),
    Column("其他用地", 14, "figure", lambda row: row.mu[2]),
    Column("未归类", 14, "figure", lambda row: row.mu[3]),
    Column("工业占比（%）", 12, "figure", lambda row: _as_percent(row.share)),
    Column("目标（%）", 10, "figure", lambda row: _as_percent(row.least)),
    Column("结论", 20, "wrapped", _verdict),
    Column("无面积的合同", 12, "whole", lambda row: row.without_area),
    Column(
        "未归类的内容",
        40,
        "wrapped",
        lambda row: "；".join(f"{name} {n} 份" for name, n in row.unclear.items()),
    ),
]
