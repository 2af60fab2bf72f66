"""Targets in parts: they add up, hold from their day on, leave the past alone, and set the pace; counts are data."""

from __future__ import annotations

import threading
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from landgis.access.queries import Actor
from landgis.audit.change import change
from landgis.counties.models import County, Parameter, Target
from landgis.lib.errors import Conflict, Forbidden, InputError
from parcels.campaigns.count_actions import credit_count, reverse_count
from parcels.campaigns.models import CountEntry, TownTarget, YearTarget
from parcels.campaigns.queries import status_on
from parcels.campaigns.rules import Period, progress, years_problem
from parcels.campaigns.target_actions import divide_by_year, hand_down
from parcels.ledgers.queries import count_lines, earlier_parts
from parcels.reports.queries import content_on
from tests import factories
from tests.factories import TOWN_EAST, TOWN_WEST, SignIn

pytestmark = pytest.mark.django_db
KEY, FIRMS, ENERGY = (
    "remediation.total_mu", "remediation.phased_out_enterprises", "remediation.energy_freed_tce",
)  # fmt: skip
TERM = Period(date(2021, 1, 1), date(2023, 12, 31))
THIRDS = {2021: Decimal(2000), 2022: Decimal(3000), 2023: Decimal(4000)}


@pytest.fixture
def officer(cast: dict[str, Actor]) -> Actor:
    return cast["evaluation_officer"]


@pytest.fixture
def targets(county: County) -> None:
    with factories.writing(county):
        for key, value, unit in (
            (KEY, 9000, "亩"),
            ("revitalisation.yearly_mu", 1000, "亩/年"),
            (FIRMS, 45, "家"),
        ):
            Target.objects.create(
                county=county, key=key, value=value, unit=unit, basis="行动方案", valid_from=TERM.first,
                valid_to=TERM.last,
            )  # fmt: skip


def given(county: County, officer: Actor, on: date, key: str = KEY) -> dict[str, Any]:
    return {
        "county": county, "actor": officer, "key": key, "basis": "分解方案", "on": on, "reason": "分解", "backdated": True,
    }  # fmt: skip


def west_east(west: int, east: int) -> dict[str, Decimal]:
    return {TOWN_WEST: Decimal(west), TOWN_EAST: Decimal(east)}


def test_targets_are_handed_down_whole(county: County, officer: Actor, targets: None) -> None:
    at = given(county, officer, date(2022, 1, 1))
    with pytest.raises(InputError, match="相差"):
        hand_down(parts={TOWN_WEST: Decimal(8999)}, **at)
    with pytest.raises(InputError, match="没有镇街"):
        hand_down(parts={"x": Decimal(9000)}, **at)
    with pytest.raises(InputError, match="没有目标"):
        hand_down(parts={}, **{**at, "key": "x"})
    with pytest.raises(Conflict, match="没有现行"):
        hand_down(parts={}, **{**at, "on": date(2026, 1, 1)})
    hand_down(parts=west_east(4000, 5000), **at)
    hand_down(parts=west_east(3000, 6000), **at)
    found = status_on(county, officer, date(2022, 6, 1)).ledgers["remediation"]
    assert found.towns[TOWN_EAST].target == 6000
    assert sum(one.target or 0 for one in found.towns.values()) == found.county.target


def test_handing_down_anew_leaves_the_past_as_it_was(county: County, officer: Actor, targets: None) -> None:
    hand_down(parts=west_east(4000, 5000), **given(county, officer, date(2022, 1, 1)))
    past = content_on(county, officer, "weekly", date(2022, 6, 1)).as_json()
    hand_down(parts=west_east(3000, 6000), **given(county, officer, date(2023, 6, 1)))
    assert content_on(county, officer, "weekly", date(2022, 6, 1)).as_json() == past
    for on, west in ((date(2021, 12, 31), None), (date(2023, 5, 31), 4000), (date(2023, 6, 1), 3000)):
        assert status_on(county, officer, on).ledgers["remediation"].towns[TOWN_WEST].target == west
    assert TownTarget.objects.count() == 4
    assert {row.value for row in earlier_parts(county, KEY)} == {Decimal(4000), Decimal(5000)}
    with pytest.raises(Conflict, match="2023-06-01"):
        hand_down(parts=west_east(1000, 8000), **given(county, officer, date(2023, 1, 1)))
    with factories.writing(county):
        Target.objects.create(
            county=county, key=KEY, value=500, unit="亩", basis="新方案", valid_from=date(2024, 1, 1)
        )
    hand_down(parts=west_east(100, 400), **given(county, officer, date(2024, 1, 1)))
    found = status_on(county, officer, date(2024, 1, 1)).ledgers["remediation"]
    assert found.towns[TOWN_WEST].target == 100


def test_past_days_are_rewritten_only_where_somebody_asks_for_it(
    county: County, officer: Actor, targets: None, signed_in: SignIn
) -> None:
    at = {**given(county, officer, date(2022, 1, 1)), "backdated": False}
    hand_down(parts=west_east(4000, 5000), **at)  # the first parts replace none
    with pytest.raises(InputError, match="追溯施行"):
        hand_down(parts=west_east(3000, 6000), **{**at, "on": date(2022, 6, 1)})
    divide_by_year(parts=THIRDS, **{**at, "on": date(2021, 1, 1)})
    with pytest.raises(InputError, match="追溯施行"):
        divide_by_year(parts={2023: Decimal(9000)}, **{**at, "on": date(2023, 1, 1)})
    client, posted = signed_in("evaluation_officer"), {
        TOWN_WEST: "3000", TOWN_EAST: "6000", "on": "2022-06-01", "on_day": "2022-06-01", "basis": "文", "reason": "调整",
    }  # fmt: skip
    answer = client.post(f"/campaigns/targets/{KEY}/", posted)
    assert answer.status_code == 422
    assert "当日已有分解" in answer.content.decode()
    assert client.post(f"/campaigns/targets/{KEY}/", {**posted, "backdated": "on"}).status_code == 302
    found = status_on(county, officer, date(2022, 6, 1)).ledgers["remediation"]
    assert found.towns[TOWN_WEST].target == 3000


@pytest.mark.parametrize(
    ("on", "due"),
    [
        (date(2020, 12, 31), "0"), (date(2021, 12, 31), "2000"), (date(2022, 12, 31), "5000"),
        (date(2023, 12, 31), "9000"), (date(2026, 1, 1), "9000"),
    ],
)  # fmt: skip
def test_the_schedule_follows_the_years_parts(on: date, due: str) -> None:
    period = Period(TERM.first, TERM.last, tuple(THIRDS.items()))
    assert period.due(Decimal(9000), on) == Decimal(due)
    # A town's part follows the same years.
    assert period.due(Decimal(900), on) == Decimal(due) / 10


def test_within_a_year_the_days_count_and_without_years_the_line_is_straight() -> None:
    period = Period(TERM.first, TERM.last, tuple(THIRDS.items()))
    assert period.due(Decimal(9000), date(2022, 7, 2)) == 2000 + Decimal(3000) * 183 / 365
    assert TERM.due(Decimal(9000), date(2022, 7, 2)) == Decimal(9000) * 548 / 1095
    told = progress(Decimal(9000), Decimal(2000), date(2021, 12, 31), period, green_from=1, yellow_from=0.8)
    assert told.light == "green"
    assert told.due == Decimal(2000)


def test_years_have_to_add_up_within_the_term() -> None:
    assert years_problem(Decimal(9000), THIRDS, TERM.first, TERM.last) == ""
    assert "各年度合计" in years_problem(Decimal(9001), THIRDS, TERM.first, TERM.last)
    assert "2024" in years_problem(Decimal(9000), {2024: Decimal(9000)}, TERM.first, TERM.last)


def test_years_set_the_pace_from_their_day_on(county: County, officer: Actor, targets: None) -> None:
    at = given(county, officer, date(2022, 1, 1))
    with pytest.raises(InputError, match="相差"):
        divide_by_year(parts={2021: Decimal(1)}, **at)
    with pytest.raises(InputError, match="依据"):
        divide_by_year(parts=THIRDS, **{**at, "basis": " "})
    with pytest.raises(Conflict, match="不分年度"):
        divide_by_year(parts=THIRDS, **{**at, "key": "revitalisation.yearly_mu"})
    hand_down(parts=west_east(4500, 4500), **at)
    past = content_on(county, officer, "weekly", date(2021, 12, 31)).as_json()
    divide_by_year(parts=THIRDS, **at)
    assert content_on(county, officer, "weekly", date(2021, 12, 31)).as_json() == past
    found = status_on(county, officer, date(2022, 12, 31)).ledgers["remediation"]
    assert found.county.due == 5000
    assert sum(one.due or 0 for one in found.towns.values()) == 5000
    row = content_on(county, officer, "weekly", date(2022, 12, 31)).row("")
    assert row is not None
    assert row["figures"]["remediation_due_mu"] == "5000"
    divide_by_year(parts={2023: Decimal(9000)}, **given(county, officer, date(2023, 1, 1)))
    assert status_on(county, officer, date(2022, 12, 31)).ledgers["remediation"].county.due == 5000
    assert YearTarget.objects.count() == 4


def test_who_may_not_divide(county: County, cast: dict[str, Actor], targets: None) -> None:
    for role in ("township_officer", "leader", "agency"):
        at = given(county, cast[role], date(2022, 1, 1))
        with pytest.raises(Forbidden):
            hand_down(parts=west_east(4000, 5000), **at)
        with pytest.raises(Forbidden):
            divide_by_year(parts=THIRDS, **at)


def test_the_page_divides_by_town_and_year(county: County, targets: None, signed_in: SignIn) -> None:
    client = signed_in("evaluation_officer")
    told = {"on_day": "2022-01-01", "on": "2022-01-01", "basis": "方案", "reason": "会议"}
    at = f"/campaigns/targets/{KEY}/years"
    assert "各年度合计" in client.post(at, {**told, "2021": "1"}).content.decode()
    parts = {"2021": "2000", "2022": "3000", "2023": "4000"}
    assert client.post(at, {**told, **parts}).status_code == 302
    assert client.post(f"/campaigns/targets/{FIRMS}/", {**told, TOWN_WEST: "45"}).status_code == 302
    page = client.get("/campaigns/targets/?on=2022-06-01").content.decode()
    for word in ("年度目标", "2022 年", "淘汰落后产能企业"):
        assert word in page
    assert client.post("/campaigns/targets/x/", told).status_code == 404
    assert client.post("/campaigns/targets/x/years", told).status_code == 404


def count(county: County, officer: Actor, **more: Any) -> CountEntry:
    facts: dict[str, Any] = {
        "key": FIRMS, "town_code": "", "value": Decimal(1), "on": date(2022, 5, 1), "evidence": "关停文件",
        "reason": "登记",
    }  # fmt: skip
    return credit_count(county=county, actor=officer, **(facts | more))


@pytest.mark.usefixtures("as_the_server")
def test_the_servers_role_takes_an_entry_back(county: County, officer: Actor, targets: None) -> None:
    first = count(county, officer, value=Decimal(3))
    reverse_count(
        county=county, actor=officer, entry_id=first.pk, on=date(2022, 6, 1), evidence="文", reason="误"
    )
    (line,) = count_lines(county, officer, date(2022, 12, 31))
    assert line.progress.done == 0


def test_a_firm_counts_once_until_it_is_taken_back(county: County, officer: Actor, targets: None) -> None:
    factories.enterprise(county, "91330782MA28D1XX0A", "甲厂", town_code=TOWN_EAST)
    first = count(county, officer, uscc="91330782MA28D1XX0A")
    assert first.town_code == TOWN_EAST
    with pytest.raises(Conflict, match="甲厂"):
        count(county, officer, uscc="91330782ma28d1xx0a")
    for wrong, said in (
        ({"uscc": "x"}, "没有统一"),
        ({"uscc": "91330782MA28D1XX0A", "value": Decimal(2)}, "数值为 1"),
        ({"uscc": "91330782MA28D1XX0A", "key": ENERGY}, "不按企业"),
    ):
        with pytest.raises(InputError, match=said):
            count(county, officer, **wrong)
    attack = """INSERT INTO campaigns_countentry
                       (county_id, key, town_code, "on", value, enterprise_id, evidence, note, recorded_by)
                SELECT county_id, key, town_code, "on", value, enterprise_id, evidence, note, recorded_by
                  FROM campaigns_countentry"""
    with (
        pytest.raises(IntegrityError, match="already stands"),
        transaction.atomic(),
        change(county_code=county.code, by="x", action="x", reason="x"),
        connection.cursor() as cursor,
    ):
        cursor.execute(attack)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE campaigns_countentry SET enterprise_id = NULL")
    reverse_count(
        county=county, actor=officer, entry_id=first.pk, on=date(2022, 6, 1), evidence="文", reason="误"
    )
    again = count(county, officer, uscc="91330782MA28D1XX0A", on=date(2022, 6, 1))
    (line,) = count_lines(county, officer, date(2022, 12, 31))
    assert line.progress.done == Decimal(1)
    assert again.enterprise_id == first.enterprise_id


@pytest.mark.django_db(transaction=True)
def test_of_writers_of_one_firm_exactly_one_wins(county: County, officer: Actor, targets: None) -> None:
    factories.enterprise(county, "91330782MA28D1XX0A", "甲厂")
    said: list[str] = []
    ready = threading.Barrier(6)

    def write() -> None:
        try:
            ready.wait()
            count(county, officer, uscc="91330782MA28D1XX0A")
            said.append("won")
        except Conflict as error:
            said.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["firm_counted"] * 5 + ["won"]


def test_a_successor_plans_count_needs_no_code(
    county: County, officer: Actor, targets: None, signed_in: SignIn
) -> None:
    with factories.writing(county):
        Parameter.objects.filter(county=county, key="campaigns.counts").update(valid_to=date(2023, 12, 31))
        Parameter.objects.create(
            county=county, key="campaigns.counts", basis="新一轮方案", valid_from=date(2024, 1, 1),
            value=[{"key": "next.small_parks", "title": "新建小微企业园", "kind": "whole", "unit": "个"}],
        )  # fmt: skip
        Target.objects.create(
            county=county, key="next.small_parks", value=10, unit="个", basis="新一轮方案", valid_from=date(2024, 1, 1),
            valid_to=date(2025, 12, 31),
        )  # fmt: skip
    day = date(2024, 3, 1)
    with pytest.raises(InputError, match="没有计数目标"):
        count(county, officer, on=day)
    with pytest.raises(InputError, match="整数"):
        count(county, officer, key="next.small_parks", on=day, value=Decimal("0.5"))
    count(county, officer, key="next.small_parks", on=day, value=Decimal(2), town_code=TOWN_WEST)
    hand_down(parts=west_east(4, 6), **given(county, officer, day, "next.small_parks"))
    (line,) = count_lines(county, officer, date(2024, 6, 1))
    assert (line.title, line.progress.target, line.progress.done) == (
        "新建小微企业园",
        Decimal(10),
        Decimal(2),
    )
    assert {code: (one.target, one.done) for code, one in line.by_town.items()} == {
        TOWN_WEST: (Decimal(4), Decimal(2)), TOWN_EAST: (Decimal(6), Decimal(0)),
    }  # fmt: skip
    page = signed_in("leader").get("/campaigns/?on=2024-06-01").content.decode()
    assert "新建小微企业园" in page
    assert "淘汰落后产能企业" not in page
    town = signed_in("township_officer").get("/campaigns/?on=2024-06-01").content.decode()
    assert "2 / 4" in " ".join(town.split())
    assert count_lines(county, officer, date(2022, 6, 1))[0].key == FIRMS
