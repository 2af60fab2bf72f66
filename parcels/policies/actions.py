"""Recording the next version of a policy table.

Refuses a version that somebody else overtook, rates of grades that the year's scheme doesn't have, and any amount due.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from landgis.access.queries import Actor
from landgis.access.rules import MANAGE_EVALUATION
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.errors import FieldErrors, Outdated
from landgis.lib.turns import wait_for_turn
from parcels.policies.models import PolicyRate, PolicyTable
from parcels.policies.queries import grades_of, newest
from parcels.policies.rules import INSTRUMENTS, Rate, issues

FIRST_YEAR, LAST_YEAR = 1990, 2200


def record_table(
    *,
    county: County,
    actor: Actor,
    instrument: str,
    year: int,
    valid_from: date,
    authority: str,
    basis: str,
    rates: Sequence[Rate],
    based_on: int,
    today: date,
    reason: str,
) -> PolicyTable:
    """The next version; without rates the instrument is no longer applied. `based_on`: the version that was seen, 0 = none."""
    actor.require_whole_county(MANAGE_EVALUATION)
    found = list(issues(rates, grades_of(county, year, today)))
    if instrument not in INSTRUMENTS:
        found.append({"field": "instrument", "message": f"没有“{instrument}”这种政策。"})
    if not FIRST_YEAR <= year <= LAST_YEAR:
        found.append({"field": "year", "message": f"年度应在 {FIRST_YEAR} 至 {LAST_YEAR} 之间。"})
    for name, title, given in (
        ("authority", "执行部门", authority),
        ("basis", "依据文件", basis),
        ("reason", "编制原因", reason),
    ):
        if not given.strip():
            found.append({"field": name, "message": f"请填写{title}。"})
    if found:
        raise FieldErrors(found)
    with change(
        county_code=county.code, by=actor.username, action="record_policy_table", reason=reason, instrument=instrument, year=year
    ) as running:  # fmt: skip
        wait_for_turn("policies", county.code)
        before = newest(county, instrument, year)
        if (before.seq if before else 0) != based_on:
            raise Outdated(
                f"{INSTRUMENTS[instrument]}（{year} 年）已有第 {before.seq if before else 0} 版。",
                remedy="请打开现行版本，核对后重新编制。",
            )
        made = PolicyTable.objects.create(
            county=county, instrument=instrument, year=year, seq=based_on + 1, valid_from=valid_from,
            authority=authority.strip(), basis=basis.strip(), by=actor.username, reason=reason.strip(),
        )  # fmt: skip
        PolicyRate.objects.bulk_create(
            PolicyRate(
                table=made, grade=rate.grade, industry=rate.industry, kind=rate.kind, value=rate.value, unit=rate.unit,
                note=rate.note,
            )
            for rate in rates
        )  # fmt: skip
        running.summary.update(version=made.seq, rates=len(rates))
    return made
