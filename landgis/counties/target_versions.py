"""The next version of the county's targets: stated behind those in force, which end on the eve.

Refuses to overwrite: a target that begins on the same day or later stands in the way and is named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from landgis.counties.models import County, Target
from landgis.lib.errors import Conflict
from landgis.lib.turns import wait_for_turn


@dataclass(frozen=True, slots=True)
class Stated:
    """A target as a document states it, with the days that it holds on, both included."""

    key: str
    value: Decimal
    unit: str
    first: date
    last: date


def state_targets(county: County, wanted: Sequence[Stated], *, basis: str) -> list[Target]:
    """Write the targets within the running change; what still runs on their first day ends before it."""
    one_at_a_time(county)
    before = list(Target.objects.filter(county=county, key__in={one.key for one in wanted}))
    ended: dict[int, Target] = {}
    for one in wanted:
        for row in before:
            if row.key != one.key or (row.valid_to is not None and row.valid_to < one.first):
                continue
            if one.first <= row.valid_from <= one.last:
                raise Conflict(
                    f"自 {row.valid_from} 起已有同一目标（{row.basis}），不能改写。",
                    code="target_in_the_way",
                    remedy="请改填更晚的起始日期，或者从方案中去掉这一目标。",
                )
            if row.valid_from < one.first:
                row.term_to, row.valid_to = row.term_end, one.first - timedelta(days=1)
                ended[row.pk] = row
    Target.objects.bulk_update(ended.values(), ["term_to", "valid_to"])
    return Target.objects.bulk_create(
        Target(
            county=county, key=one.key, value=one.value, unit=one.unit, valid_from=one.first, valid_to=one.last,
            basis=basis,
        )
        for one in wanted
    )  # fmt: skip


def one_at_a_time(county: County) -> None:
    """Two documents that state targets wait for each other, and the second sees the first."""
    wait_for_turn("counties_target", county.code)
