"""Many writers at once on real connections: the same ground is used once, and the line is never spent twice."""

import threading
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection

from landgis.access.queries import Actor
from landgis.counties.models import County
from landgis.lib.errors import Conflict
from parcels.balance.actions import apply_for, take_step
from parcels.balance.ledger import statement
from parcels.balance.models import Adjustment, LineEntry
from parcels.balance.queries import Draft
from parcels.balance.steps import ENTRY
from tests.parcels.balance.conftest import APPLIED, TODAY, Apply, Step, piece, set_retained, shape

WRITERS = 8
pytestmark = pytest.mark.django_db(transaction=True)


def at_once(work: Callable[[int], object]) -> list[object]:
    """What each of the writers got, an error as itself."""
    got: list[object] = [None] * WRITERS
    gate = threading.Barrier(WRITERS)

    def run(number: int) -> None:
        gate.wait()
        try:
            got[number] = work(number)
        except Conflict as error:
            got[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got


def test_one_of_many_gets_the_ground(line: County, cast: dict[str, Actor]) -> None:
    def apply(number: int) -> Adjustment:
        draft = Draft(shape(1, 1, 2, 2), (piece(20, 0, 22, 5),))
        return apply_for(
            county=line, actor=cast["registrar"], draft=draft, title=f"第 {number} 件", purpose="更新",
            planned_on=APPLIED + timedelta(days=60), on=APPLIED, person="王", document="文", today=TODAY,
        )  # fmt: skip

    got = at_once(apply)
    assert sum(isinstance(one, Adjustment) for one in got) == 1
    assert Adjustment.objects.count() == 1
    told = [one for one in got if isinstance(one, Conflict)]
    assert len(told) == WRITERS - 1
    assert all("控调〔2024〕001" in str(one) for one in told)


def test_entries_at_once_never_take_the_line_below_its_retained_area(
    line: County, cast: dict[str, Actor], applied: Apply, step: Step
) -> None:
    """Each loses a little by itself through the surplus that another brought; together they would be too many."""
    made = []
    for number in range(WRITERS):
        one = applied(shape(number, 1, number + 0.9, 2), piece(20, number, 20.95, number + 1))
        for name, days in (
            ("argument", 0),
            ("opinion", 0),
            ("review", 0),
            ("publicity", 0),
            ("approval", 10),
        ):
            step(one, name, APPLIED + timedelta(days=days))
        made.append(one)
    before = statement(line, date(2024, 1, 1)).total_m2
    set_retained(line, round(before * 15 / 10000, 4))
    effective = APPLIED + timedelta(days=90)

    def enter(number: int) -> Adjustment:
        return take_step(
            county=line, actor=cast["registrar"], number=made[number].pk, step=ENTRY,
            on=effective + timedelta(days=number), person="王", document="文", today=TODAY,
        )  # fmt: skip

    got = at_once(enter)
    entered = [one for one in got if isinstance(one, Adjustment)]
    assert LineEntry.objects.count() == len(entered) >= 1
    # They all cut KX1: whoever comes with an earlier day than one that is entered is refused, nobody is half entered.
    entry_days = list(LineEntry.objects.order_by("pk").values_list("on", flat=True))
    assert entry_days == sorted(set(entry_days))
    for on in (*entry_days, TODAY):
        told = statement(line, on)
        assert told.total_m2 == pytest.approx(told.drawn_m2, abs=1e-6)
        assert told.balance_m2 >= 0
        assert told.total_m2 >= before
