"""What a firm was in a year: 规上, industry and town as stated of that year, else as the register has them.

Refuses to guess from other years: what was stated of 2022 says nothing of 2023.
"""

from __future__ import annotations

from dataclasses import dataclass

from landgis.counties.models import County
from landgis.lib.columns import read_rows

FIELDS = {
    "above_scale": "规上、规下",
    "industry_code": "行业代码",
    "industry_group": "行业类别",
    "town_code": "所属镇街",
}
OF_COUNTY = """
SELECT f.id, f.above_scale, f.industry_code, f.industry_group, f.town_code, f.source
  FROM {firms} f WHERE f.county_id = %(county)s
"""


def firms_of_year(year: str = "%(year)s") -> str:
    """The enterprises as a table of SQL, with what they were in a year; `year` is SQL too.

    `source` tells where that comes from: it goes into frozen inputs as it stands.
    """
    stated = {
        "above_scale": "y.above_scale IS NOT NULL",
        **{name: f"y.{name} <> ''" for name in ("industry_code", "industry_group", "town_code")},
    }
    told = ", ".join(f"CASE WHEN {known} THEN '{FIELDS[name]}' END" for name, known in stated.items())
    return f"""(
    SELECT e.id, e.county_id, e.uscc, e.name, e.founded_on,
           coalesce(y.above_scale, e.above_scale) AS above_scale,
           coalesce(nullif(y.industry_code, ''), e.industry_code) AS industry_code,
           coalesce(nullif(y.industry_group, ''), e.industry_group) AS industry_group,
           coalesce(nullif(y.town_code, ''), e.town_code) AS town_code,
           CASE WHEN y.id IS NULL THEN '登记库现值，没有该年度的记载'
                ELSE concat(concat_ws('、', {told}), '为该年度记载（', y.basis, '）') END AS source
      FROM enterprises_enterprise e
      LEFT JOIN enterprises_firm_year y ON y.enterprise_id = e.id AND y.year = {year})"""


@dataclass(frozen=True, slots=True)
class OfYear:
    """A firm as it was in a year."""

    above_scale: bool | None
    industry_code: str
    industry_group: str
    town_code: str
    source: str


def of_year(county: County, year: int) -> dict[int, OfYear]:
    """Every firm of the county by its row id, as it was in a year (one statement)."""
    rows = read_rows(OF_COUNTY.format(firms=firms_of_year()), {"county": county.code, "year": year})
    return {pk: OfYear(*told) for pk, *told in rows}
