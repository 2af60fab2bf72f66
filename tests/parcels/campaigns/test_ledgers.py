"""Projects through their stages into the ledgers: what is refused, reversals, past days, towns, and twenty writers."""

import json
import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import shapely
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from landgis.access.queries import Actor
from landgis.audit.change import change
from landgis.counties.models import County, Target
from landgis.lib.errors import Conflict, Forbidden, InputError, LandgisError, NotFound
from parcels.campaigns.actions import open_project, record_stage, reverse_stage
from parcels.campaigns.credit_actions import credit_ground, reverse_credit
from parcels.campaigns.models import Credit, Project, ProjectStep
from parcels.campaigns.queries import live_credits, status_on
from parcels.campaigns.target_actions import hand_down
from tests import factories

pytestmark = pytest.mark.django_db
MU = 10_000 / 15


@pytest.fixture
def targets(county: County) -> None:
    with factories.writing(county):
        for key, value in (("remediation.total_mu", 9000), ("revitalisation.yearly_mu", 1000)):
            Target.objects.create(
                county=county, key=key, value=value, unit="亩", basis="行动方案",
                valid_from=date(2021, 1, 1), valid_to=date(2023, 12, 31),
            )  # fmt: skip


def project(
    county: County,
    actor: Actor,
    codes: list[str],
    ledger: str = "revitalisation",
    on: date = date(2022, 1, 1),
) -> Project:
    return open_project(
        county=county, actor=actor, ledger=ledger, name=f"示意{'、'.join(codes)}", lead_unit="自规局", on=on,
        reason="立项", parcel_codes=codes,
    )  # fmt: skip


def finished(county: County, actor: Actor, made: Project, on: date = date(2022, 2, 1)) -> Project:
    way = {"revitalisation": ["plan", "agreement", "done"], "remediation": ["plan", "works", "done"]}
    for stage in way[made.ledger]:
        record_stage(
            county=county,
            actor=actor,
            project_id=made.pk,
            stage=stage,
            on=on,
            person="王",
            reason="登记",
            evidence="附件1",
        )
    return made


def credit(county: County, actor: Actor, made: Project, on: date = date(2022, 3, 1), **given: Any) -> Credit:
    (row,) = credit_ground(
        county=county, actor=actor, project_id=made.pk, on=on, evidence="验收单1号", reason="入账", **given
    )
    return row


@pytest.fixture
def officer(cast: dict[str, Actor]) -> Actor:
    return cast["evaluation_officer"]


@pytest.fixture
def lots(county: County) -> None:
    for code, x, town in (
        ("A", 0, factories.TOWN_WEST),
        ("B", 2, factories.TOWN_WEST),
        ("C", 4, factories.TOWN_EAST),
    ):
        factories.parcel(county, code, factories.box(x, 0, x + 2, 2), town_code=town)


def test_ground_is_credited_once_in_a_ledger_and_once_in_each(
    county: County, officer: Actor, lots: None, targets: None
) -> None:
    first = credit(county, officer, finished(county, officer, project(county, officer, ["A", "B"])))
    assert first.area_m2 == pytest.approx(first.claimed_m2)
    with pytest.raises(Conflict, match=first.project.project_no):
        credit(county, officer, finished(county, officer, project(county, officer, ["B"])))
    partly = credit(county, officer, finished(county, officer, project(county, officer, ["B", "C"])))
    assert partly.area_m2 == pytest.approx(first.area_m2 / 2, rel=1e-6)
    assert partly.town_code == factories.TOWN_EAST
    assert partly.held[0]["project_no"] == first.project.project_no
    other = credit(county, officer, finished(county, officer, project(county, officer, ["A"], "remediation")))
    assert other.area_m2 == pytest.approx(first.area_m2 / 2, rel=1e-6)
    status = status_on(county, officer, date(2022, 12, 31))
    union = first.area_m2 * 1.5
    assert float(status.ledgers["revitalisation"].county.done) == pytest.approx(union / MU, rel=1e-9)
    assert float(status.ledgers["remediation"].county.done) == pytest.approx(first.area_m2 / 2 / MU, rel=1e-6)


def test_towns_add_up_to_the_county(county: County, officer: Actor, lots: None, targets: None) -> None:
    for codes in (["A"], ["B"], ["C"]):
        credit(county, officer, finished(county, officer, project(county, officer, codes)))
    found = status_on(county, officer, date(2022, 12, 31)).ledgers["revitalisation"]
    assert sum(one.done for one in found.towns.values()) == found.county.done
    assert sum(found.town_projects.values()) == found.projects == 3


def test_a_part_of_a_project_may_be_claimed_but_nothing_outside(
    county: County, officer: Actor, lots: None, targets: None
) -> None:
    made = finished(county, officer, project(county, officer, ["A"]))
    half = shapely.box(120.0, 29.3, 120.001, 29.302)
    assert credit(county, officer, made, claim_4490=half).area_m2 > 0
    rest = credit(county, officer, made)
    assert rest.area_m2 == pytest.approx(rest.claimed_m2 / 2, rel=1e-6)
    with pytest.raises(InputError, match="项目范围之外"):
        credit(county, officer, made, claim_4490=shapely.box(119.99, 29.3, 120.001, 29.302))
    with pytest.raises(InputError, match="有效的面"):
        credit(county, officer, made, claim_4490=shapely.Point(120, 29.3))


def test_a_reversal_frees_the_ground_from_its_day_on(
    county: County, officer: Actor, lots: None, targets: None
) -> None:
    one, two = (finished(county, officer, project(county, officer, ["A"])) for _ in range(2))
    first = credit(county, officer, one)
    reverse_credit(
        county=county,
        actor=officer,
        credit_id=first.pk,
        on=date(2022, 6, 1),
        evidence="核减文件",
        reason="重复",
    )
    with pytest.raises(Conflict):  # on 1 May the ground still was the first's
        credit(county, officer, two, on=date(2022, 5, 1))
    again = credit(county, officer, two, on=date(2022, 6, 1))
    for on, live in ((date(2022, 5, 31), [first.pk]), (date(2022, 6, 1), [again.pk]), (date(2022, 2, 1), [])):
        assert [row.pk for row in live_credits(county, "revitalisation", on)] == live
    for on, expected in ((date(2022, 5, 31), first.area_m2), (date(2022, 6, 30), again.area_m2)):
        done = status_on(county, officer, on).ledgers["revitalisation"].county.done
        assert float(done) == pytest.approx(expected / MU, rel=1e-9)
    with pytest.raises(Conflict, match="已经冲销"):
        reverse_credit(
            county=county, actor=officer, credit_id=first.pk, on=date(2022, 7, 1), evidence="x", reason="再次"
        )
    with pytest.raises(NotFound):
        reverse_credit(
            county=county, actor=officer, credit_id=0, on=date(2022, 7, 1), evidence="x", reason="无"
        )


def test_what_is_refused_on_the_way(county: County, officer: Actor, lots: None, targets: None) -> None:
    made = project(county, officer, ["A"])

    def step(stage: str, **given: Any) -> ProjectStep:
        values = {"on": date(2022, 2, 1), "person": "王", "evidence": "附件", "reason": "登记", **given}
        return record_stage(county=county, actor=officer, project_id=made.pk, stage=stage, **values)

    with pytest.raises(Conflict, match="尚未登记完成"):
        credit(county, officer, made)
    with pytest.raises(Conflict, match="还缺"):
        step("done")
    with pytest.raises(InputError, match="阶段"):
        step("nonsense")
    step("plan")
    with pytest.raises(InputError, match="佐证"):
        step("agreement", evidence=" ")
    with pytest.raises(InputError, match="经办人"):
        step("agreement", person="")
    with pytest.raises(InputError, match="早于"):
        step("agreement", on=date(2022, 1, 31))
    with pytest.raises(Conflict, match="已经登记"):
        step("plan")
    step("agreement")
    done = step("done")
    with pytest.raises(InputError, match="早于完成"):
        credit(county, officer, made, on=date(2022, 1, 31))
    credit(county, officer, made)
    with pytest.raises(Conflict, match="冲销"):
        reverse_stage(
            county=county, actor=officer, project_id=made.pk, seq=done.seq, on=date(2022, 4, 1), reason="误"
        )
    with pytest.raises(Conflict, match="最近"):
        reverse_stage(
            county=county, actor=officer, project_id=made.pk, seq=1, on=date(2022, 4, 1), reason="误"
        )


def test_a_stage_taken_back_can_be_recorded_again(county: County, officer: Actor, lots: None) -> None:
    made = finished(county, officer, project(county, officer, ["A"]))
    newest = made.steps.order_by("-seq")[0]
    reverse_stage(
        county=county, actor=officer, project_id=made.pk, seq=newest.seq, on=date(2022, 4, 1), reason="误登"
    )
    assert made.steps.count() == 5
    record_stage(
        county=county, actor=officer, project_id=made.pk, stage="done", on=date(2022, 5, 1), person="王",
        evidence="新验收单", reason="重新登记",
    )  # fmt: skip


def test_a_town_records_its_own_works_only(
    county: County, cast: dict[str, Actor], officer: Actor, lots: None
) -> None:
    town = cast["township_officer"]
    own, foreign = (project(county, officer, [code], "remediation") for code in ("A", "C"))
    for made in (own, foreign):
        record_stage(
            county=county,
            actor=officer,
            project_id=made.pk,
            stage="plan",
            on=date(2022, 1, 2),
            person="王",
            reason="方案",
        )
    given: dict[str, Any] = {"on": date(2022, 1, 3), "person": "李", "reason": "实施", "evidence": "照片"}
    record_stage(county=county, actor=town, project_id=own.pk, stage="works", **given)
    with pytest.raises(Forbidden):
        record_stage(county=county, actor=town, project_id=own.pk, stage="done", **given)
    with pytest.raises(NotFound):
        record_stage(county=county, actor=town, project_id=foreign.pk, stage="works", **given)
    for role in ("leader", "agency", "registrar_of_nothing"):
        actor = cast.get(role)
        if actor is not None:
            with pytest.raises(LandgisError):
                record_stage(county=county, actor=actor, project_id=own.pk, stage="done", **given)


@pytest.mark.parametrize(
    "role", ["township_officer", "leader", "agency", "idle_land_officer", "system_admin"]
)
def test_who_may_not(role: str, county: County, cast: dict[str, Actor], lots: None) -> None:
    with pytest.raises(Forbidden):
        project(county, cast[role], ["A"])
    assert not Project.objects.exists()


def test_a_successor_target_takes_over(county: County, officer: Actor, lots: None, targets: None) -> None:
    credit(county, officer, finished(county, officer, project(county, officer, ["A"], "remediation")))
    with factories.writing(county):
        Target.objects.create(
            county=county, key="remediation.total_mu", value=500, unit="亩", basis="新一轮方案",
            valid_from=date(2024, 1, 1), valid_to=date(2025, 12, 31),
        )  # fmt: skip
    after = status_on(county, officer, date(2024, 6, 1)).ledgers["remediation"]
    assert after.county.target == 500
    assert after.county.done == 0
    assert (after.basis, after.ended_on, after.county.outlook) == ("新一轮方案", None, "will_miss")
    assert status_on(county, officer, date(2023, 12, 31)).ledgers["remediation"].county.target == 9000
    last = status_on(county, officer, date(2026, 6, 1)).ledgers["remediation"]
    assert (last.basis, last.ended_on) == ("新一轮方案", date(2025, 12, 31))
    assert last.county.target == 500


def test_a_plan_that_ended_without_its_target_is_missed_until_another_follows(
    county: County, officer: Actor, lots: None, targets: None
) -> None:
    hand_down(
        county=county, actor=officer, key="remediation.total_mu", basis="分解方案", on=date(2022, 1, 1), reason="分解",
        parts={factories.TOWN_WEST: Decimal(0), factories.TOWN_EAST: Decimal(9000)},
    )  # fmt: skip
    kept, taken, late = (
        credit(
            county, officer, finished(county, officer, project(county, officer, [code], "remediation")), on=on
        )
        for code, on in (("A", date(2022, 5, 1)), ("B", date(2023, 5, 1)), ("C", date(2024, 5, 1)))
    )
    last_day, then = date(2023, 12, 31), date(2024, 6, 1)
    assert status_on(county, officer, last_day).ledgers["remediation"].county.outlook == "will_miss"
    reverse_credit(
        county=county, actor=officer, credit_id=taken.pk, on=date(2024, 2, 1), evidence="核减", reason="不实"
    )
    found = status_on(county, officer, then).ledgers["remediation"]
    assert (found.ended_on, found.county.outlook, found.county.light) == (last_day, "missed", "red")
    # Measured on its own days, less what of it was taken back later; what came later stands apart.
    assert float(found.county.done) == pytest.approx(kept.area_m2 / MU, rel=1e-9)
    assert float(sum(found.after.values())) == pytest.approx(late.area_m2 / MU, rel=1e-9)
    assert sum(one.done for one in found.towns.values()) == found.county.done
    assert found.towns[factories.TOWN_EAST].outlook == "missed"
    assert "任务期至 2023-12-31，目标 9,000.00 亩" in found.told_end
    assert f"任务期满未完成，期满后入账 {late.area_m2 / MU:,.2f} 亩；依据：{found.basis}" in found.told_end
    yearly = status_on(county, officer, then).ledgers["revitalisation"]
    assert yearly.county.target == 1000
    assert (yearly.county.outlook, yearly.ended_on) == ("missed", last_day)
    with factories.writing(county):
        Target.objects.create(
            county=county, key="remediation.total_mu", value=1, unit="亩", basis="新一轮方案",
            valid_from=date(2024, 1, 1), valid_to=date(2026, 12, 31),
        )  # fmt: skip
    followed = status_on(county, officer, then).ledgers["remediation"]
    assert (followed.ended_on, followed.told_end, followed.after) == (None, "", {})
    assert float(followed.county.done) == pytest.approx((late.area_m2 - taken.area_m2) / MU, rel=1e-9)


def test_the_tables_refuse_to_be_rewritten(county: County, officer: Actor, lots: None, targets: None) -> None:
    credit(county, officer, finished(county, officer, project(county, officer, ["A"])))
    attacks = [
        "UPDATE campaigns_credit SET area_m2 = area_m2 * 2",
        "DELETE FROM campaigns_credit",
        "UPDATE campaigns_projectstep SET \"on\" = '2020-01-01'",
        "DELETE FROM campaigns_projectstep",
        "INSERT INTO campaigns_credit SELECT * FROM campaigns_credit",
    ]
    for attack in attacks:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attack)
        with (
            pytest.raises(DatabaseError),
            change(county_code=county.code, by="x", action="x", reason="x"),
            connection.cursor() as cursor,
        ):
            cursor.execute(attack)


def test_the_command_speaks_json(
    county: County, officer: Actor, lots: None, targets: None, capsys: pytest.CaptureFixture[str]
) -> None:
    credit(county, officer, finished(county, officer, project(county, officer, ["A"])))
    call_command("campaign_status", "--on", "2022-12-31", "--json", county=county.code)
    said = json.loads(capsys.readouterr().out)
    assert said["revitalisation"]["year"] == 2022
    assert said["revitalisation"]["target_mu"] == 1000
    assert said["remediation"]["target_mu"] == 9000
    assert said["revitalisation"]["projects"] == 1
    assert sum(town["revitalisation"]["credited_mu"] for town in said["towns"]) == pytest.approx(
        said["revitalisation"]["credited_mu"], rel=1e-12
    )


def _at_once(works: list[Callable[[], None]]) -> None:
    ready = threading.Barrier(len(works))

    def run(work: Callable[[], None]) -> None:
        try:
            ready.wait()
            work()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_of_twenty_claims_on_one_ground_exactly_one_wins(
    county: County, officer: Actor, lots: None, targets: None
) -> None:
    rivals = [finished(county, officer, project(county, officer, ["A"])) for _ in range(20)]
    won: list[int] = []
    refused: list[str] = []

    def claim(made: Project) -> Callable[[], None]:
        def work() -> None:
            try:
                won.append(credit(county, officer, made).pk)
            except Conflict as error:
                refused.append(error.code)

        return work

    _at_once([claim(made) for made in rivals])
    assert len(won) == 1
    assert refused == ["ground_credited"] * 19
    assert Credit.objects.count() == 1
