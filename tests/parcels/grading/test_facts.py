"""What officers enter of a firm's year, land in its building period, and the sheet that says it all."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from landgis.access.queries import Actor
from landgis.counties.models import County
from landgis.lib.errors import Conflict, InputError
from parcels.enterprises.models import Enterprise
from parcels.grading.fact_actions import StatedFact, enter_fact, reverse_fact
from parcels.grading.frozen import Frozen
from parcels.grading.models import FirmFact, GradingScore
from parcels.grading.queries import (
    course,
    newest_result,
    sheet_of,
)
from parcels.land_use.actions import affiliate
from parcels.schemes.reading import read_definition
from tests import factories
from tests.parcels.grading.running import YEAR, draft, in_force


def test_facts_enter_the_evaluation(county: County, officer: Actor, firms: list[Enterprise]) -> None:
    definition = read_definition(in_force(county, officer).definition)

    def enter(number: int, kind: str, code: str, **more: Any) -> FirmFact:
        stated = StatedFact(firms[number].uscc, kind, code, "文号", **more)
        return enter_fact(
            county=county, actor=officer, definition=definition, year=YEAR, stated=stated, reason="登记"
        )

    enter(0, "veto", code="idle_land")
    affiliate(
        county=county, actor=officer, head_uscc=firms[2].uscc, member_uscc=firms[1].uscc, valid_from=date(YEAR, 1, 1),
        valid_to=None, basis="同一控制人", reason="归组",
    )  # fmt: skip
    enter(3, "adjustment", code="standard", amount=Decimal(3))
    enter(4, "figure", code="power", amount=Decimal(7))
    with pytest.raises(Conflict, match="已登记"):
        enter(0, "veto", code="idle_land")
    with pytest.raises(InputError, match="方案没有"):
        enter(0, "veto", code="whatever")
    with pytest.raises(InputError, match="应写明数值"):
        enter(0, "adjustment", code="standard")
    with pytest.raises(InputError, match="没有“merged”"):
        enter(2, "merged", code="")
    with pytest.raises(InputError, match="正负不对"):
        enter(0, "adjustment", code="standard", amount=Decimal(-1))
    run = draft(county, officer)
    rows = {row.uscc[-1]: row for row in GradingScore.objects.filter(result=newest_result(run))}
    assert (rows["0"].cut, rows["0"].grade) == ("好", "差")
    assert (rows["1"].head_uscc, rows["1"].grade, rows["1"].score) == (
        firms[2].uscc,
        rows["2"].grade,
        rows["2"].score,
    )
    # 140 on 20 亩 of 280 on 50 (the 100 of the first included): 7 / 6 of the average.
    assert rows["2"].score == Decimal("116.67")
    assert rows["3"].score == Decimal("69.67")
    frozen = Frozen.from_text(newest_result(run).input.text)
    assert frozen.figures["power"][4] == 7.0
    told = sheet_of(newest_result(run), officer, firms[1].uscc)
    assert told["sheet"]["evaluated_with"] == firms[2].uscc
    assert told["sheet"]["parcels"].keys() == {"P1", "P2"}
    fact = enter(1, "veto", code="idle_land")
    reverse_fact(county=county, actor=officer, fact_id=fact.pk, reason="误登")
    with pytest.raises(Conflict, match="已经撤销"):
        reverse_fact(county=county, actor=officer, fact_id=fact.pk, reason="误登")
    enter(1, "veto", code="idle_land")


def test_new_land_in_its_building_period_is_left_out_unless_it_is_overdue(
    county: County, officer: Actor, firms: list[Enterprise]
) -> None:
    in_force(county, officer)
    parcels = [firm.occupancies.get().parcel for firm in firms]
    factories.contract(county, "HT1", parcels[0], agreed_completion=date(2024, 6, 30))
    factories.contract(county, "HT2", parcels[1], agreed_completion=date(2023, 6, 30))
    factories.contract(
        county, "HT3", parcels[2], agreed_completion=date(2024, 6, 30), actual_completion=date(2023, 9, 1)
    )
    run = draft(county, officer)
    rows = list(GradingScore.objects.filter(result=newest_result(run)).order_by("uscc"))
    assert [row.reason for row in rows] == ["exempt:building", "", "", "", ""]


@pytest.mark.usefixtures("firms")
def test_the_sheet_says_every_step_the_course_and_the_way_up(county: County, officer: Actor) -> None:
    in_force(county, officer)
    run = draft(county, officer)
    told = sheet_of(newest_result(run), officer, "913307820000000001")
    (item,) = told["sheet"]["items"]
    assert [item[name] for name in ("value", "benchmark", "score")] == pytest.approx(
        [8, 6, 400 / 3], rel=1e-7
    )
    assert (told["sheet"]["rank"], told["sheet"]["of"], told["sheet"]["grade"]) == (2, 5, "中")
    assert told["upward"]["grade"] == "好"
    assert told["upward"]["steps"][0]["numerator_needed"] == pytest.approx(100, rel=1e-4)
    assert [(row["year"], row["grade"]) for row in told["course"]] == [(YEAR, "中")]
    assert course(county, "nobody") == []
    assert json.dumps(told, ensure_ascii=False)
