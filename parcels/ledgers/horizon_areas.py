"""The county's towns and platforms, and the plan's industries, in the figures of the newest computed year: land, tax,
value added and both by 亩, beside the plan's figures.

Refuses a sum that would tell of too few firms to whoever isn't cleared, and a 0 where nothing is known: it says what is missing.
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
from landgis.counties.models import County
from landgis.lib.units import rounded
from parcels.campaigns.queries import standing_targets
from parcels.enterprises.years import firms_of_year
from parcels.evaluation.models import IndicatorRun
from parcels.evaluation.queries import fewest_firms
from parcels.evaluation.rules import last_day
from parcels.evaluation.secrecy import masked, plain

TAX, VALUE_ADDED = "evaluation.tax_per_mu", "evaluation.value_added_per_mu"
KINDS = {"town": "镇街", "platform": "平台", "named": "规划点名的区块", "county": "全县"}
_PARTS = {"town": "towns", "platform": "platforms"}
_LACKS = {
    "return": "年报缺 {} 家",
    "tax_wan": "税收缺 {} 家",
    "value_added_wan": "增加值缺 {} 家",
    "revenue_wan": "营业收入缺 {} 家",
}
WHOLE_COUNTY = ("全市", "全县")

# Firms above scale in the newest run's year; a firm's land stands in the denominators of what is known of it.
_OF_FIRMS = f"""
SELECT regexp_replace(e.industry_code, '^[A-Za-z]', ''), count(*), count(v.tax_per_mu_numerator),
       count(v.value_added_per_mu_numerator), sum(v.tax_per_mu_numerator), sum(v.tax_per_mu_denominator),
       sum(v.value_added_per_mu_numerator), sum(v.value_added_per_mu_denominator)
  FROM {firms_of_year()} e
  LEFT JOIN evaluation_value v ON v.run_id = %(run)s AND v.scope = 'enterprise' AND v.subject_code = e.uscc
 WHERE e.county_id = %(county)s AND e.above_scale AND e.industry_code <> ''
 GROUP BY 1"""


@dataclass(frozen=True, slots=True)
class AreaLine:
    """A town, platform or industry: None = not known or not told, and `missing` says which and why."""

    kind: str
    name: str
    firms: int | None = None
    parcels_mu: Decimal | None = None
    land_mu: Decimal | None = None
    revenue_wan: Decimal | None = None
    tax_wan: Decimal | None = None
    value_added_wan: Decimal | None = None
    tax_per_mu: Decimal | None = None
    value_added_per_mu: Decimal | None = None
    tax_target: Decimal | None = None
    value_added_target: Decimal | None = None
    missing: str = ""
    plan: str = ""
    platform_type: str = ""

    @property
    def kind_title(self) -> str:
        return self.platform_type or KINDS.get(self.kind, self.kind)

    @property
    def tax_ratio(self) -> Decimal | None:
        return percent(self.tax_per_mu, self.tax_target)

    @property
    def value_added_ratio(self) -> Decimal | None:
        return percent(self.value_added_per_mu, self.value_added_target)


@dataclass(frozen=True, slots=True)
class Computed:
    """The newest computed year up to a day, its areas as the actor may see them, and the per-亩 targets with their basis."""

    run: IndicatorRun | None
    told: Mapping[str, Any]
    targets: Mapping[str, Decimal]
    basis: str

    @property
    def year(self) -> int | None:
        return None if self.run is None else self.run.year

    def cell(self, name: str) -> Mapping[str, Any] | None:
        """The figures of the town or platform of a name."""
        if name in WHOLE_COUNTY:
            return self.told.get("county")
        cells = (cell for part in _PARTS.values() for cell in self.told.get(part, ()))
        return next((cell for cell in cells if cell["name"] == name), None)


def percent(value: Decimal | None, of: Decimal | None) -> Decimal | None:
    return None if value is None or not of else value * 100 / of


def computed(county: County, actor: Actor, on: date) -> Computed:
    """What was computed of the newest year that was over or running by the day."""
    runs = IndicatorRun.objects.filter(county=county, year__lte=on.year).order_by("-year", "-id")
    run, told = runs.first(), {}
    if run is not None and actor.may(VIEW_FIRM_FIGURES):
        told = plain(run.summary)
    elif run is not None:
        told = masked(run.summary, fewest_firms(county, last_day(run.year)))
    targets = standing_targets(county, [TAX, VALUE_ADDED], on)
    basis = dict.fromkeys(target.basis for target in targets.values())
    return Computed(run, told, {key: target.value for key, target in targets.items()}, "、".join(basis))


def area_lines(
    found: Computed, named: Mapping[str, Sequence[str]], types: Mapping[str, str]
) -> list[AreaLine]:
    """The county, every town and platform, and what the plan names but nobody has drawn. `named`: place → what the plan says;
    `types`: what the deliveries call the platforms, by code."""
    lines = []
    for kind, cells in (
        ("county", [found.told["county"]] if "county" in found.told else []),
        *((kind, found.told.get(part, [])) for kind, part in _PARTS.items()),
    ):
        for cell in cells:
            name = "" if kind == "county" else cell["name"]
            sort = types.get(cell["code"], "") if kind == "platform" else ""
            lines.append(_area(kind, name, cell, found, "；".join(named.get(name, ())), sort))
    drawn = {line.name for line in lines}
    undrawn = "平台范围未上图，请导入平台界线后重新计算该年度指标"
    lines += [
        _nothing("named", name, found, undrawn, "；".join(says))
        for name, says in named.items()
        if name not in drawn and name not in WHOLE_COUNTY
    ]
    return lines


def industry_lines(
    county: County, actor: Actor, found: Computed, named: Mapping[str, Sequence[str]]
) -> list[AreaLine]:
    """The plan's industries by the prefixes of their codes, and all others (X) beside them; for whoever is cleared."""
    if found.run is None:
        return [_nothing("industry", name, found, "该年度的亩均指标还没有计算") for name in named]
    if not actor.may(VIEW_FIRM_FIGURES):
        return [_nothing("industry", name, found, "企业数据，无权查看") for name in named]
    with connection.cursor() as cursor:
        cursor.execute(_OF_FIRMS, {"county": county.pk, "run": found.run.pk, "year": found.run.year})
        rows = cursor.fetchall()
    listed = tuple(prefix for prefixes in named.values() for prefix in prefixes)
    groups = [(name, [row for row in rows if row[0].startswith(tuple(of))]) for name, of in named.items()]
    groups.append(
        ("其他制造业（X）", [row for row in rows if not row[0].startswith(listed)] if listed else [])
    )
    return [_industry(name, of, found) for name, of in groups]


def figure_of(cell: Mapping[str, Any], key: str) -> Decimal | None:
    """A figure of a cell, None where no firm of it told the figure: a sum of nothing is no 0."""
    untold = cell["missing"].get(key, 0) + cell["missing"].get("return", 0) if key in _LACKS else 0
    if not cell["firms"] or untold >= cell["firms"] or cell.get(key) is None:
        return None
    return Decimal(str(cell[key]))


def _area(
    kind: str, name: str, cell: Mapping[str, Any], found: Computed, plan: str, platform_type: str
) -> AreaLine:
    lacks = [told.format(cell["missing"][key]) for key, told in _LACKS.items() if cell["missing"].get(key)]
    if cell.get("restricted"):
        lacks.append("部分数字不足保密家数、一家占绝大部分，或可由此推出，不列")
    firms = cell["firms"]
    if not firms:
        lacks = ["没有用地企业"]

    def known(key: str) -> Decimal | None:
        return figure_of(cell, key)

    return AreaLine(
        kind,
        name,
        firms,
        None if cell.get("parcels_mu") is None else Decimal(str(cell["parcels_mu"])),
        known("land_mu"),
        known("revenue_wan"),
        known("tax_wan"),
        known("value_added_wan"),
        known("tax_per_mu"),
        known("value_added_per_mu"),
        found.targets.get(TAX),
        found.targets.get(VALUE_ADDED),
        "；".join(lacks),
        plan,
        platform_type,
    )


def _industry(name: str, rows: Sequence[tuple[Any, ...]], found: Computed) -> AreaLine:
    firms, with_tax, with_value = (sum(row[at] for row in rows) for at in (1, 2, 3))

    def summed(at: int) -> Decimal | None:
        values = [Decimal(str(row[at])) for row in rows if row[at] is not None]
        return sum(values, Decimal(0)) if values else None

    tax, tax_mu, value, value_mu = (summed(at) for at in (4, 5, 6, 7))
    lacks = [
        f"{title}缺 {firms - known} 家"
        for title, known in (("税收", with_tax), ("增加值", with_value))
        if known < firms
    ]
    return AreaLine(
        "industry", name, firms, None, tax_mu, None, tax, value,
        None if tax is None or not tax_mu else tax / tax_mu,
        None if value is None or not value_mu else value / value_mu,
        found.targets.get(TAX), found.targets.get(VALUE_ADDED), "；".join(lacks) if firms else "没有规上企业",
    )  # fmt: skip


def _nothing(kind: str, name: str, found: Computed, why: str, plan: str = "") -> AreaLine:
    return AreaLine(
        kind, name, tax_target=found.targets.get(TAX), value_added_target=found.targets.get(VALUE_ADDED), missing=why,
        plan=plan,
    )  # fmt: skip


def told_number(value: Decimal | None, unit: str) -> str:
    """A figure of the plan in words: as many decimals as it has, at most four."""
    return "" if value is None else f"{rounded(value, 4).normalize():,f} {unit}".strip()
