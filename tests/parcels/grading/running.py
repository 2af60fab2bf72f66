"""Schemes put in force and runs brought to a step, for tests.

Refuses shortcuts: everything goes through the same actions as on a page.
"""

from dataclasses import replace
from datetime import date
from typing import Any

from landgis.access.queries import Actor
from landgis.counties.models import County
from parcels.grading.actions import check_run, draft_run, publish_notice
from parcels.grading.models import GradingRun, GradingScore
from parcels.grading.queries import newest_result
from parcels.land_use.confirming import freeze_year
from parcels.land_use.queries import FROZEN, land_state
from parcels.schemes.actions import put_in_force, store_scheme
from parcels.schemes.models import SchemeVersion
from parcels.schemes.queries import find_scheme
from tests.parcels.grading.making import simple_document

YEAR = 2023
DAY = date(2024, 5, 13)  # a Monday; five working days end on the 20th


def in_force(county: County, officer: Actor, **changes: Any) -> SchemeVersion:
    document = simple_document(
        vetoes=[{"code": "idle_land", "title": "闲置土地", "to": "差"}],
        exemptions=[{"code": "building", "title": "建设期", "building_land": "firm"}],
        figures=[{"code": "power", "title": "用电", "unit": "万千瓦时"}],
        adjustments=[{"code": "standard", "title": "标准", "points": 5}],
    )
    version = store_scheme(county=county, actor=officer, document=document | changes, reason="测试")
    return put_in_force(county=county, actor=officer, version_id=version.pk, on=DAY, reason="测试")


def land_frozen(county: County, officer: Actor, year: int = YEAR) -> None:
    """The year's land closed as it stands, where it isn't yet."""
    if land_state(county, year) != FROZEN:
        freeze_year(county=county, actor=officer, year=year, override="测试")


def second(officer: Actor) -> Actor:
    """Another person with the same rights: who made something doesn't check it."""
    return replace(officer, username="second_officer", display_name="示意复核员")


def draft(county: County, officer: Actor, **more: Any) -> GradingRun:
    land_frozen(county, officer)
    found = find_scheme(county, "simple", YEAR)
    return draft_run(county=county, actor=officer, found=found, year=YEAR, on=DAY, reason="起草", **more)


def published(county: County, officer: Actor) -> GradingRun:
    in_force(county, officer)
    run = draft(county, officer)
    check_run(county=county, actor=second(officer), run_id=run.pk, on=DAY, reason="复核")
    assert publish_notice(county=county, actor=officer, run_id=run.pk, on=DAY, reason="公示") == date(
        2024, 5, 20
    )
    return run


def grades(run: GradingRun) -> str:
    rows = GradingScore.objects.filter(result=newest_result(run)).order_by("uscc")
    return "".join(row.grade or "-" for row in rows)
