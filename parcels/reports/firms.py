"""The 高耗低效 firms on a day as rows of a report, and the sums of their electricity and ground by town.

Refuses a firm's name or figure, and a sum of too few firms, whoever freezes the issue: it is read by everybody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from landgis.access.queries import Actor
from landgis.counties.models import County
from landgis.counties.queries import parameters
from landgis.lib.suppression import dominates, hidden_parts
from parcels.evaluation.queries import fewest_firms
from parcels.low_efficiency.bulletin import electricity_between, ended_mu_of
from parcels.low_efficiency.models import LowEfficiencyFile
from parcels.low_efficiency.procedure import ENDED
from parcels.low_efficiency.queries import FileRow, file_rows
from parcels.reports.rules import UNPLACED, WHOLE, Item, Period, counted, exact

DOMINANCE = "privacy.dominance_share"
Sums = Mapping[str, str]


def listed_firms(county: County, actor: Actor, on: date) -> list[FileRow]:
    """The listed firms of the whole county as they stood on the day: what may be told of a town depends on the others."""
    files = LowEfficiencyFile.objects.filter(county=county).select_related("enterprise").order_by("file_no")
    return [row for row in file_rows(county, actor, on, files) if row.listed_on is not None]


def firm_items(actor: Actor, firms: Iterable[FileRow], period: Period) -> Iterator[Item]:
    """A row for each listed firm of the actor's territory, under its file's number."""
    for row in firms_in(actor, firms):
        parts = {
            "firms_listed": True,
            "firms_agreements": row.signed_on is not None,
            "firms_ended": row.state in ENDED,
            "firms_new": row.listed_on is not None and row.listed_on >= period.first,
        }
        told = f"{row.state_title}（{row.since}）"
        yield Item("firm", row.file.file_no, "高耗低效企业", row.file.town_code, (), told, counted(parts))


def firms_in(actor: Actor, firms: Iterable[FileRow]) -> list[FileRow]:
    """Those of the actor's territory."""
    return [row for row in firms if actor.covers(row.file.town_code)]


def firm_sums(county: County, firms: Sequence[FileRow], period: Period) -> dict[str, Sums]:
    """Figure → town → the sum over its firms: ground of those that ended, electricity of the period's weeks."""
    towns = {row.file.pk: row.file.town_code or UNPLACED for row in firms}
    values = {
        "firms_ended_mu": ended_mu_of(county, firms),
        "firms_kwh": electricity_between(firms, period.first, period.last),
    }
    found: dict[str, Sums] = {}
    for figure, by_file in values.items():
        of: dict[str, list[Decimal]] = defaultdict(list)
        for file_id, value in by_file.items():
            of[towns[file_id]].append(value)
        parts = [(town, sum(some, Decimal(0)), len(some), max(some)) for town, some in sorted(of.items())]
        found[figure] = told_sums(county, period.last, parts)
    return found


def told_sums(county: County, on: date, parts: Sequence[tuple[str, Decimal, int, Decimal]]) -> dict[str, str]:
    """Town → its sum, the county's under WHOLE. `parts`: town, sum, firms, the largest; what would betray a firm is left out."""
    if not parts:
        return {}
    total, largest = sum((part[1] for part in parts), Decimal(0)), max(part[3] for part in parts)
    small, small_total = hidden_parts(
        [firms for _, _, firms, _ in parts],
        fewest_firms(county, on),
        dominated=dominates(
            [*(float(part[3]) for part in parts), float(largest)],
            [*(float(part[1]) for part in parts), float(total)],
            float(parameters(county, on)[DOMINANCE]),
        ),
    )
    shown = {
        town or UNPLACED: exact(value)
        for (town, value, _, _), hide in zip(parts, small, strict=True)
        if not hide
    }
    return shown if small_total else {**shown, WHOLE: exact(total)}
