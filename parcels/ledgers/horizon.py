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

FRAME = "campaigns.horizon"
BILLION_WAN, WAN_PER_YI = 100_000, 10_000

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


@dataclass(frozen=True, slots=True)
class _Returned:
    year: int
    industry: str
    firms: int
    revenue_wan: Decimal
    rd_wan: Decimal
    over_billion: int
    with_rd: int


def horizon(county: County, actor: Actor, on: date) -> list[HorizonLine]:
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
    return [_line(row, targets.get(row["key"]), returned, cleared) for row in frame]


def _line(
    row: Mapping[str, Any], target: Target | None, returned: Sequence[_Returned], cleared: bool
) -> HorizonLine:
    actual, told = _actual(row, returned, cleared)
    return HorizonLine(
        row["title"],
        row["district"],
        target.unit if target else "",
        target.value if target else None,
        target.valid_to if target else None,
        target.basis if target else "",
        actual,
        told,
        returned[0].year if returned and actual is not None else None,
    )


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
