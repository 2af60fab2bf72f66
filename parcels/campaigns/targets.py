"""What is counted beside the ledgers on a day, and the years' parts that a target's schedule follows.

Refuses counts that no parameter states: a successor plan names its own, and an earlier day keeps those of its plan.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from landgis.counties.models import County, Parameter, Target
from landgis.counties.queries import in_force, parameters
from parcels.campaigns.models import YearTarget
from parcels.campaigns.rules import LEDGERS, TARGET_KEYS, Count, Period

COUNTS, HORIZON = "campaigns.counts", "campaigns.horizon"
# What a plan may state besides what is handed down: asked of the county alone.
WHOLE_COUNTY: dict[str, tuple[str, str]] = {
    "supply.industrial_share_min": ("工业用地占当年出让总量", "比例"),
    "control_line.retained_mu": ("工业用地控制线保有量", "亩"),
    "evaluation.tax_per_mu": ("规上工业亩均税收", "万元/亩"),
    "evaluation.value_added_per_mu": ("规上工业亩均增加值", "万元/亩"),
    "evaluation.labour_productivity": ("全员劳动生产率", "万元/人"),
    "evaluation.rd_ratio": ("研发经费占营业收入", "比例"),
    "evaluation.energy_per_gdp_yearly_change": ("单位增加值能耗年均变化", "比例"),
}


def counts_of(county: County, on: date) -> dict[str, Count]:
    """The plan's other counts of a day by key, in the plan's order."""
    return {row["key"]: Count(**row) for row in parameters(county, on)[COUNTS]}


def count_titles(county: County) -> dict[str, str]:
    """Every count that any plan of the county named, with its newest title: entries of past plans keep their name."""
    versions = Parameter.objects.filter(county=county, key=COUNTS).order_by("valid_from")
    return {row["key"]: row["title"] for value in versions.values_list("value", flat=True) for row in value}


def target_titles(county: County, on: date) -> dict[str, str]:
    """Key → title of every target that can be handed down: the ledgers' and the counts'."""
    ledgers = {TARGET_KEYS[ledger]: title for ledger, title in LEDGERS.items()}
    return ledgers | {key: count.title for key, count in counts_of(county, on).items()}


def plan_titles(county: County, on: date) -> dict[str, str]:
    """Key → title of everything that a plan may state: what is handed down, and what is asked of the county alone."""
    ahead = {row["key"]: row["title"] for row in parameters(county, on).get(HORIZON) or ()}
    alone = {key: title for key, (title, _unit) in WHOLE_COUNTY.items()}
    return (
        target_titles(county, on) | alone | {key: title for key, title in ahead.items() if key not in alone}
    )


def plan_units(county: County, on: date) -> dict[str, str]:
    """Key → the unit that the target had last, else what its kind is counted in."""
    kinds = {key: count.unit for key, count in counts_of(county, on).items()}
    kinds |= {"remediation.total_mu": "亩", "revitalisation.yearly_mu": "亩/年"}
    kinds |= {key: unit for key, (_title, unit) in WHOLE_COUNTY.items()}
    last = Target.objects.filter(county=county).exclude(unit="").order_by("valid_from")
    return kinds | dict(last.values_list("key", "unit"))


def target_of(county: County, key: str, on: date) -> Target | None:
    return Target.objects.filter(in_force(on), county=county, key=key).first()


def paced(county: County, key: str, on: date, period: Period) -> Period:
    """The period with the years' parts that were decided by the day, where the target has any."""
    return paced_all(county, {key: period}, on)[key]


def paced_all(county: County, periods: dict[str, Period], on: date) -> dict[str, Period]:
    """The same for several targets in one statement."""
    rows = YearTarget.objects.filter(in_force(on), county=county, key__in=periods).order_by("year")
    years: dict[str, list[tuple[int, object]]] = {}
    for key, year, value in rows.values_list("key", "year", "value"):
        years.setdefault(key, []).append((year, value))
    return {
        key: replace(period, years=tuple(years.get(key, ())))  # type: ignore[arg-type]
        for key, period in periods.items()
    }
