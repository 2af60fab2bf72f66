"""The plan's horizon figures by industry and district, beside what the firms' returns say.

Refuses an actual figure that isn't collected, and sums of firms to whoever may not see a firm's figures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from landgis.access.queries import Actor
from landgis.access.rules import VIEW_FIRM_FIGURES
from landgis.counties.models import County, Target
from landgis.counties.queries import parameters
from parcels.enterprises.years import firms_of_year
from parcels.ledgers.horizon_areas import WHOLE_COUNTY, Computed, computed, figure_of, percent, told_number

FRAME = "campaigns.horizon"
BILLION_WAN, WAN_PER_YI = 100_000, 10_000
OUTSIDE = "市外"  # what a district that lies in other counties begins with
# What is told of a town or platform by its name: the cell's figure, what it is divided by, its unit, and what it is.
OF_DISTRICT: dict[str, tuple[str, int, str, str]] = {
    "district_land_mu": ("land_mu", 1, "亩", "有年报的企业用地"),
    "district_revenue_yi": ("revenue_wan", WAN_PER_YI, "亿元", "营业收入（年报没有产值）"),
    "district_tax_per_mu": ("tax_per_mu", 1, "万元/亩", "亩均税收"),
    "district_value_added_per_mu": ("value_added_per_mu", 1, "万元/亩", "亩均增加值"),
}

# Figures of the newest year that was returned by the day, of firms above scale (规上) in that year.
_RETURNS = f"""
SELECT a.year, regexp_replace(e.industry_code, '^[A-Za-z]', ''), count(*), coalesce(sum(a.revenue_wan), 0),
       coalesce(sum(a.rd_wan), 0), count(*) FILTER (WHERE a.revenue_wan >= %(billion)s), count(a.rd_wan)
  FROM enterprises_annualreturn a JOIN LATERAL {firms_of_year("a.year")} e ON e.id = a.enterprise_id
 WHERE a.county_id = %(county)s AND e.above_scale AND a.year = (SELECT max(year) FROM enterprises_annualreturn
                                                                WHERE county_id = %(county)s AND year <= %(year)s)
 GROUP BY 1, 2"""


@dataclass(frozen=True, slots=True)
class HorizonLine:
    """A figure of the horizon: its target, and the actual one of `year` where it is collected (else None)."""

    title: str
    district: str
    unit: str
    target: Decimal | None
    reached_by: date | None
    basis: str
    actual: Decimal | None
    actual_told: str
    year: int | None
    industries: tuple[str, ...] = ()

    @property
    def ratio(self) -> Decimal | None:
        """The actual figure as a percentage of the target."""
        return percent(self.actual, self.target)

    @property
    def is_share(self) -> bool:
        """A share or growth is shown as a percentage: 0.029 isn't 0.03."""
        return self.target is not None and abs(self.target) < 1

    @property
    def shown(self) -> tuple[Decimal | None, Decimal | None, str]:
        """Target, actual figure and unit as they are shown."""
        if not self.is_share:
            return self.target, self.actual, self.unit
        target, actual = (None if one is None else one * 100 for one in (self.target, self.actual))
        return target, actual, f"%（{self.unit}）" if self.unit else "%"


@dataclass(frozen=True, slots=True)
class _Returned:
    year: int
    industry: str
    firms: int
    revenue_wan: Decimal
    rd_wan: Decimal
    over_billion: int
    with_rd: int


def named_districts(lines: Sequence[HorizonLine]) -> dict[str, list[str]]:
    """Place → what the plan says of it, in words; the places of one line stand between “、”."""
    found: dict[str, list[str]] = {}
    for line in lines:
        target, _actual, unit = line.shown
        by = "" if line.reached_by is None else f"，至 {line.reached_by}"
        says = (
            f"{line.title} {told_number(target, unit)}{by}"
            if target is not None
            else f"{line.title}：未列数字"
        )
        if not line.district.startswith((*WHOLE_COUNTY, OUTSIDE)):
            for place in line.district.split("、"):
                found.setdefault(place, []).append(says)
    return found


def named_industries(lines: Sequence[HorizonLine]) -> dict[str, tuple[str, ...]]:
    """Industry → the prefixes of its codes."""
    return {line.title.removesuffix("规上产值"): line.industries for line in lines if line.industries}


def horizon(county: County, actor: Actor, on: date, areas: Computed | None = None) -> list[HorizonLine]:
    """The county's horizon; nothing where its profile states none, and nothing for a town's officer."""
    frame = parameters(county, on).get(FRAME)
    if not frame or actor.town_codes is not None:
        return []
    keys = [row["key"] for row in frame]
    targets = {
        target.key: target
        for target in Target.objects.filter(county=county, key__in=keys).order_by("valid_from")
    }
    with connection.cursor() as cursor:
        cursor.execute(_RETURNS, {"county": county.pk, "year": on.year, "billion": BILLION_WAN})
        returned = [_Returned(*row) for row in cursor.fetchall()]
    cleared = actor.may(VIEW_FIRM_FIGURES)
    known = areas or _none_needed(frame) or computed(county, actor, on)
    return [_line(row, targets.get(row["key"]), returned, cleared, known) for row in frame]


def _none_needed(frame: Sequence[Mapping[str, Any]]) -> Computed | None:
    """What is computed is read only where a row asks for it."""
    return None if any(row.get("actual", "") in OF_DISTRICT for row in frame) else Computed(None, {}, {}, "")


def _line(
    row: Mapping[str, Any],
    target: Target | None,
    returned: Sequence[_Returned],
    cleared: bool,
    areas: Computed,
) -> HorizonLine:
    of_district = row.get("actual", "") in OF_DISTRICT
    actual, told = _of_district(row, areas) if of_district else _actual(row, returned, cleared)
    year = areas.year if of_district else (returned[0].year if returned else None)
    return HorizonLine(
        row["title"],
        row["district"],
        target.unit if target else OF_DISTRICT[row["actual"]][2] if of_district else "",
        target.value if target else None,
        target.term_end if target else None,
        target.basis if target else "",
        actual,
        told,
        year if actual is not None else None,
        tuple(row.get("industries", ())),
    )


def _of_district(row: Mapping[str, Any], areas: Computed) -> tuple[Decimal | None, str]:
    """A figure of the town or platform that the row names; None with the reason where there is none to be told."""
    if areas.run is None:
        return None, "亩均指标还没有计算"
    key, divisor, _unit, what = OF_DISTRICT[row["actual"]]
    cell = areas.cell(row["district"])
    if cell is None:
        return None, "平台范围未上图"
    if not cell["firms"]:
        return None, "没有用地企业"
    value = figure_of(cell, key)
    if value is None:
        return None, "不足保密家数或没有填报，不列" if cell.get("restricted") else "没有填报"
    return value / divisor, what


def _actual(
    row: Mapping[str, Any], returned: Sequence[_Returned], cleared: bool
) -> tuple[Decimal | None, str]:
    """The figure and what it is; why there is none, where there is none."""
    kind = row.get("actual", "")
    if not kind:
        return None, "未采集"
    if not returned:
        return None, "没有企业年报"
    if kind == "above_scale":
        return Decimal(sum(one.firms for one in returned)), "填报年报的规上企业数"
    if not cleared:
        return None, "企业数据，无权查看"
    if kind == "over_1bn":
        return Decimal(sum(one.over_billion for one in returned)), "营业收入十亿元以上的企业数"
    if kind == "rd_ratio":
        revenue = sum((one.revenue_wan for one in returned), Decimal(0))
        if not revenue or not any(one.with_rd for one in returned):
            return None, "年报没有研发经费"
        return sum((one.rd_wan for one in returned), Decimal(0)) / revenue, "研发经费 ÷ 营业收入"
    prefixes = tuple(row.get("industries", ()))
    within = [one for one in returned if one.industry and one.industry.startswith(prefixes)]
    if not prefixes or not within:
        return None, "没有对应行业的企业年报"
    return sum((one.revenue_wan for one in within), Decimal(0)) / WAN_PER_YI, "营业收入（年报没有产值）"
