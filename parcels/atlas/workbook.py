"""The tables behind the maps and plots as workbooks that are ready to print.

Refuses to read anything of its own: what isn't on the person's screen isn't in the workbook, and each is recorded.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from landgis.access.queries import Actor
from landgis.access.rules import EXPORT_DATA, VIEW_FIRM_FIGURES
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.errors import InputError, NotFound
from landgis.lib.sheets import SIGNATURES, Column, Table, workbook_of
from parcels.atlas import plots
from parcels.atlas.categories import CATEGORIES, Categories
from parcels.atlas.queries import KINDS, PARCEL, Asked, Cell, areas, indicator_of
from parcels.evaluation.rules import FIGURES, RULE_VERSION, Indicator

RESTRICTED, UNGRADED, UNGROUPED, TOTAL = "不公开", "未评级", "未分组", "合计"
MAIN_FIRM = "每宗地以该年度使用面积最大的企业为准；没有企业用地的宗地列入末类"
NO_BASIS = "没有可以查看的结果或清单"
PLOTS = {
    "mosaic": "各组各档次企业数和用地",
    "scatter": "企业税收与用地",
    "lorenz": "税收与用地的洛伦兹曲线",
    "ranking": "镇街排名",
    "histogram": "企业指标分布",
}
CURVES = {"tax_over_land": "税收对用地", "tax": "税收对企业数", "land": "用地对企业数"}


def map_workbook(county: County, actor: Actor, on: date, asked: Asked) -> tuple[str, bytes]:
    """The title and the workbook of a map: an area a row, the years side by side."""
    indicator = asked.indicator
    rows = areas(county, actor, asked).rows
    cleared = actor.may(VIEW_FIRM_FIGURES)
    columns: list[Column[Any]] = [
        Column("代码", 22, "code", lambda row: row.code),
        Column("名称", 22, "text", lambda row: row.name),
    ]
    if asked.by == PARCEL:
        columns[1] = Column("所在镇街", 14, "text", lambda row: row.town)
    for at, year in enumerate(asked.years):
        columns.append(Column(f"{year} 年\n宗地面积（亩）", 13, "figure", _of(at, lambda cell: cell.land_mu)))
        if asked.by != PARCEL:
            columns.append(Column(f"{year} 年\n计入企业数", 10, "whole", _of(at, lambda cell: cell.firms)))
        if cleared:
            above, below = FIGURES[indicator.numerator], FIGURES[indicator.denominator]
            columns.append(
                Column(
                    f"{year} 年\n{above.title}（{above.unit}）",
                    15,
                    "figure",
                    _of(at, lambda cell: cell.numerator),
                )
            )
            columns.append(
                Column(
                    f"{year} 年\n{below.title}（{below.unit}）",
                    15,
                    "figure",
                    _of(at, lambda cell: cell.denominator),
                )
            )
        columns.append(
            Column(f"{year} 年\n{indicator.title}（{indicator.unit}）", 15, "figure", _of(at, _shown))
        )
    title = f"{county.name}{indicator.title}（按{KINDS[asked.by]}）"
    note = f"{'、'.join(str(year) for year in asked.years)} 年，共 {len(rows)} 个{KINDS[asked.by]}"
    return title, _written(county, actor, on, title, note, indicator.unit, columns, rows, [indicator])


def category_workbook(county: County, actor: Actor, on: date, found: Categories) -> tuple[str, bytes]:
    """The title and the workbook of a map of grades or of the list: a parcel a row, the years side by side."""
    name = CATEGORIES[found.what]
    columns: list[Column[Any]] = [
        Column("宗地代码", 22, "code", lambda row: row.code),
        Column("所在镇街", 14, "text", lambda row: row.town),
    ]
    for at, basis in enumerate(found.years):
        columns.append(
            Column(f"{basis.year} 年\n宗地面积（亩）", 13, "figure", _of(at, lambda spot: spot.land_mu))
        )
        columns.append(
            Column(f"{basis.year} 年\n用地最多的企业", 30, "wrapped", _of(at, lambda spot: spot.firm))
        )
        columns.append(
            Column(
                f"{basis.year} 年\n{name}",
                12,
                "text",
                _of(at, lambda spot: RESTRICTED if spot.restricted else found.titles[spot.key]),
            )
        )
    title = f"{county.name}{name}（按宗地）"
    note = f"{'、'.join(str(basis.year) for basis in found.years)} 年，共 {len(found.rows)} 宗"
    below = [f"{basis.year} 年：{basis.told or NO_BASIS}" for basis in found.years]
    return title, _written(
        county, actor, on, title, note, "面积单位：亩", columns, found.rows, [], [MAIN_FIRM, *below]
    )


def plot_workbook(
    county: County, actor: Actor, on: date, *, plot: str, year: int, indicator: str
) -> tuple[str, bytes]:
    """The title and the workbook of a plot's figures."""
    made = {
        "mosaic": _mosaic,
        "scatter": _scatter,
        "lorenz": _lorenz,
        "ranking": _ranking,
        "histogram": _histogram,
    }.get(plot)
    if made is None:
        raise InputError(
            "plot_unknown", f"没有图表“{plot}”。", f"可用的有：{'、'.join(PLOTS)}。", field="plot"
        )
    of = indicator_of(indicator)
    columns, rows, unit, used = made(county, actor, year, of)
    title = f"{county.name}{year} 年{PLOTS[plot]}"
    return title, _written(county, actor, on, title, f"共 {len(rows)} 行", unit, columns, rows, used)


Made = tuple[list[Column[Any]], Sequence[Any], str, list[Indicator]]


def _mosaic(county: County, actor: Actor, year: int, indicator: Indicator) -> Made:
    found = plots.mosaic(county, actor, year)
    if found is None:
        raise NotFound(
            f"{year} 年还没有可以查看的评价结果。", remedy="评价公示以后可以查看；也可以选择其他年度。"
        )
    run, cross = found
    names = [*(row or UNGROUPED for row in cross.rows), TOTAL]
    grades = [*(grade or UNGRADED for grade in cross.columns), TOTAL]
    rows = [(name, cross.firms[n], cross.sums[n], cross.hidden[n]) for n, name in enumerate(names)]
    columns: list[Column[Any]] = [Column("组别", 24, "text", lambda row: row[0])]
    for n, grade in enumerate(grades):
        columns.append(Column(f"{grade}\n企业数", 9, "whole", _at(1, n, int)))
        columns.append(Column(f"{grade}\n用地（亩）", 13, "figure", _land(n)))
    return columns, rows, f"方案：{run.scheme_version.scheme.name}", []


def _scatter(county: County, actor: Actor, year: int, indicator: Indicator) -> Made:
    rows = plots.firms_of(county, actor, year).firms
    columns: list[Column[Any]] = [
        Column("统一社会信用代码", 21, "code", lambda firm: firm.uscc),
        Column("企业", 34, "wrapped", lambda firm: firm.name),
        Column("镇街", 12, "text", lambda firm: firm.town),
        Column("行业", 14, "text", lambda firm: firm.industry),
        Column("税收实际贡献（万元）", 14, "figure", lambda firm: firm.tax_wan),
        Column("用地面积（亩）", 13, "figure", lambda firm: firm.land_mu),
        Column("亩均税收（万元/亩）", 13, "figure", lambda firm: firm.value),
        Column("档次", 8, "text", lambda firm: firm.grade),
    ]
    return columns, rows, "面积单位：亩", [indicator_of("tax_per_mu")]


def _lorenz(county: County, actor: Actor, year: int, indicator: Indicator) -> Made:
    found = plots.inequality(county, actor, year)
    rows = [
        (CURVES[name], curve.gini, x * 100, y * 100)
        for name, curve in found.curves.items()
        for x, y in zip(curve.base.tolist(), curve.amount.tolist(), strict=True)
    ]
    columns: list[Column[Any]] = [
        Column("曲线", 18, "text", lambda row: row[0]),
        Column("基尼系数", 10, "figure", lambda row: row[1]),
        Column("横轴累计比重（%）", 16, "figure", lambda row: row[2]),
        Column("纵轴累计比重（%）", 16, "figure", lambda row: row[3]),
    ]
    return columns, rows, f"企业 {found.firms} 家", [indicator_of("tax_per_mu")]


def _ranking(county: County, actor: Actor, year: int, indicator: Indicator) -> Made:
    rows = plots.ranking(county, actor, year, indicator.code).places
    columns: list[Column[Any]] = [
        Column("名次", 8, "whole", lambda row: row[0]),
        Column("镇街", 16, "text", lambda row: row[1].name),
        Column("宗地面积（亩）", 14, "figure", lambda row: row[1].cells[0].land_mu),
        Column("计入企业数", 12, "whole", lambda row: row[1].cells[0].firms),
        Column(f"{indicator.title}（{indicator.unit}）", 22, "figure", lambda row: _shown(row[1].cells[0])),
    ]
    return columns, rows, indicator.unit, [indicator]


def _histogram(county: County, actor: Actor, year: int, indicator: Indicator) -> Made:
    found = plots.distribution(county, actor, year, indicator.code)
    bins = found.histogram
    rows = list(zip(bins.lower.tolist(), bins.upper.tolist(), bins.firms.tolist(), strict=True))
    columns: list[Column[Any]] = [
        Column(f"下限（含，{indicator.unit}）", 20, "figure", lambda row: row[0]),
        Column(
            f"上限（不含，{indicator.unit}）",
            20,
            "figure",
            lambda row: "不封顶" if math.isinf(row[1]) else row[1],
        ),
        Column("企业数", 10, "whole", lambda row: row[2]),
    ]
    return columns, rows, f"企业 {found.firms} 家", [indicator]


def _of(at: int, value: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda row: None if row.cells[at] is None else value(row.cells[at])


def _at(part: int, n: int, kind: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda row: kind(row[part][n])


def _land(n: int) -> Callable[[Any], Any]:
    return lambda row: RESTRICTED if row[3][n] else float(row[2][n])


def _shown(cell: Cell) -> Any:
    return RESTRICTED if cell.restricted else cell.value


def _written(
    county: County,
    actor: Actor,
    on: date,
    title: str,
    note: str,
    unit: str,
    columns: list[Column[Any]],
    rows: Sequence[Any],
    indicators: list[Indicator],
    bases: Sequence[str] = (),
) -> bytes:
    actor.require(EXPORT_DATA)
    below = [f"{i.formula}；来源：{i.source}" for i in indicators]
    table: Table[Any] = Table(
        title=title,
        note=note,
        unit=unit,
        footer=f"{county.name}　导出于 {on}",
        columns=columns,
        rows=rows,
        below=[*bases, *below, f"规则版本：{RULE_VERSION}", SIGNATURES],
        frozen_columns=2,
    )
    recorded = change(
        county_code=county.code, by=actor.username, action="export_evaluation_table", reason=f"导出{title}",
        on=str(on), rows=len(rows),
    )  # fmt: skip
    with recorded:
        return workbook_of({"数据": table})
