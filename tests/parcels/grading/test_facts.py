"""What officers enter of a firm's year, land in its building period, and the sheet that says it all."""

import json
import math
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from stdnum.cn.uscc import calc_check_digit

from landgis.access.queries import Actor
from landgis.counties.models import County
from landgis.lib.errors import Conflict, Forbidden, InputError
from parcels.enterprises.models import Enterprise
from parcels.exchange.table_import import TableImported, import_table
from parcels.grading.fact_actions import correct_fact, enter_fact, reverse_fact
from parcels.grading.facts import StatedFact, facts_in_force
from parcels.grading.frozen import Frozen
from parcels.grading.models import FirmFact, GradingScore
from parcels.grading.queries import (
    course,
    newest_result,
    sheet_of,
)
from parcels.land_use.actions import affiliate
from parcels.returns.models import EnergyMonth
from tests import factories
from tests.parcels.cadastre.test_papers import pdf
from tests.parcels.grading.running import YEAR, draft, in_force


def test_facts_enter_the_evaluation(county: County, officer: Actor, firms: list[Enterprise]) -> None:
    in_force(county, officer)

    def enter(number: int, kind: str, code: str, **more: Any) -> FirmFact:
        stated = StatedFact(firms[number].uscc, kind, code, "文号", **more)
        return enter_fact(county=county, actor=officer, year=YEAR, stated=stated, reason="登记")

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


def test_a_correction_leaves_both_on_record(county: County, officer: Actor, firms: list[Enterprise]) -> None:
    in_force(county, officer)
    wrong = enter_fact(
        county=county, actor=officer, year=YEAR, reason="登记",
        stated=StatedFact(firms[0].uscc, "adjustment", "standard", "文号 1", Decimal(3), ("证.pdf", pdf())),
    )  # fmt: skip
    right = correct_fact(
        county=county, actor=officer, fact_id=wrong.pk, reason="看错",
        stated=StatedFact(firms[0].uscc, "adjustment", "standard", "文号 2", Decimal(4)),
    )  # fmt: skip
    assert right.paper_id == wrong.paper_id, "the evidence stays unless another is given"
    assert [fact.pk for fact in facts_in_force(county, [YEAR])] == [right.pk]
    assert FirmFact.objects.count() == 3
    with pytest.raises(Conflict, match="已经撤销或更正"):
        correct_fact(
            county=county, actor=officer, fact_id=wrong.pk, reason="x",
            stated=StatedFact(firms[0].uscc, "adjustment", "standard", "文号", Decimal(1)),
        )  # fmt: skip
    with pytest.raises(InputError, match="另一家企业"):
        correct_fact(
            county=county, actor=officer, fact_id=right.pk, reason="x",
            stated=StatedFact(firms[1].uscc, "adjustment", "standard", "文号", Decimal(1)),
        )  # fmt: skip


def test_a_table_of_facts_enters_corrects_and_leaves_alone(
    county: County, officer: Actor, cast: dict[str, Actor], firms: list[Enterprise], tmp_path: Path
) -> None:
    in_force(county, officer)
    path = tmp_path / "评价事项.csv"
    head = "年度,统一社会信用代码,事项类别,事项代码,数值,依据\n"

    def deliver(*rows: str, actor: Actor = officer) -> TableImported:
        path.write_text(head + "".join(f"{row}\n" for row in rows), encoding="utf-8")
        return import_table(county=county, actor=actor, table="evaluation-facts", file=path, commit=True)

    with factories.writing(county):  # a delivered code has to be a sound one
        for number, firm in enumerate(firms[:3]):
            body = f"91330782MA{number:07}"
            firm.uscc = body + calc_check_digit(body)
            firm.save()
    one = f"{YEAR},{firms[0].uscc},加分,standard,3,文号 1"
    two = f"{YEAR},{firms[1].uscc},一票否决,idle_land,,文号 2"
    done = deliver(one, two, f"{YEAR},{firms[2].uscc},降档,nothing,,文号 3")
    assert (done.stored.created, done.rejected) == (2, 1)
    assert "没有降档事项“nothing”" in done.issues[0].message
    done = deliver(one.replace(",3,", ",4,"), two)
    assert (done.stored.created, done.stored.updated, done.stored.unchanged) == (0, 1, 1)
    assert {fact.amount for fact in facts_in_force(county, [YEAR])} == {Decimal(4), None}
    with pytest.raises(Forbidden):
        deliver(one, actor=cast["registrar"])


def test_electricity_is_the_sum_of_twelve_months_or_missing(
    county: County, officer: Actor, firms: list[Enterprise]
) -> None:
    in_force(
        county, officer, figures=[{"code": "electricity_wan_kwh", "title": "用电量", "unit": "万千瓦时"}]
    )
    with factories.writing(county):
        EnergyMonth.objects.bulk_create(
            EnergyMonth(
                county=county, enterprise=firm, month=date(YEAR, month, 1),
                electricity_kwh=None if (at, month) == (1, 7) else Decimal("10000.05"),
            )
            for at, firm in enumerate(firms[:4])
            for month in range(1, 13)
            if (at, month) != (2, 3)
        )  # fmt: skip
        EnergyMonth.objects.create(
            county=county, enterprise=firms[2], month=date(YEAR - 1, 3, 1), electricity_kwh=Decimal(1)
        )
    enter_fact(
        county=county, actor=officer, year=YEAR, reason="电力公司函",
        stated=StatedFact(firms[3].uscc, "figure", "electricity_wan_kwh", "函〔2024〕1号", Decimal(9)),
    )  # fmt: skip
    frozen = Frozen.from_text(newest_result(draft(county, officer)).input.text)
    figures = frozen.figures["electricity_wan_kwh"].tolist()
    assert figures[0] == 12.00006
    assert figures[3] == 9.0, "what an officer entered goes before the series"
    assert [math.isnan(figure) for figure in figures] == [False, True, True, False, True]
    said = [source["electricity_wan_kwh"] for source in frozen.maps["sources"]]
    assert said == [
        "月度用电 12 个月合计",
        "缺：月度用电只有 11 个月，没有 7 月",
        "缺：月度用电只有 11 个月，没有 3 月",
        "函〔2024〕1号",
        "缺：没有月度用电",
    ]
