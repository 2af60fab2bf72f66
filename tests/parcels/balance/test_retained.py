"""保有量 holds for every way in which the line can shrink: an adjustment, the reversal of one, a delivered layer.

Refuses to round: one hundredth of a square metre below it is below it.
"""

from datetime import date, timedelta

import pytest

from landgis.counties.models import County
from landgis.lib.errors import Conflict, InputError
from layers.control_lines.actions import store_control_lines
from layers.control_lines.models import ControlLine
from layers.versions import Delivered
from parcels.balance.ledger import statement
from parcels.balance.steps import REVERSED
from tests import factories
from tests.parcels.balance.conftest import APPLIED, Apply, Step, piece, set_parameter, set_retained, shape

pytestmark = pytest.mark.django_db
ENTERED = APPLIED + timedelta(days=90)
LATER = date(2025, 6, 1)
MU_OF_M2 = 15 / 10_000


def total_mu(county: County, on: date) -> float:
    return statement(county, on).total_m2 * MU_OF_M2


def delivered(code: str, east: float) -> Delivered:
    facts = {"name": code, "level": "一级", "batch": "", "basis": "", "area_m2": 1.0}
    return Delivered(code, facts, shape(0, 0, east, 10), LATER)


def test_a_reversal_never_takes_the_line_below_what_was_raised_since(
    line: County, entered: Apply, step: Step
) -> None:
    set_parameter(line, "control_line.bank_surplus", True)
    first_mu = total_mu(line, APPLIED)
    bank = entered(None, piece(20, 0, 22, 5))
    set_retained(line, round((first_mu + total_mu(line, ENTERED)) / 2, 2), since=date(2025, 1, 1))
    with pytest.raises(Conflict, match=r"低于自 2025-06-01 起的保有量.*示意文件"):
        step(bank, REVERSED, LATER)
    told = statement(line, LATER)
    assert told.spare_m2 is not None
    assert told.spare_m2 > 0
    assert len(told.movements) == 2


def test_a_reversal_that_leaves_enough_is_taken(line: County, entered: Apply, step: Step) -> None:
    set_parameter(line, "control_line.bank_surplus", True)
    set_retained(line, round(total_mu(line, APPLIED) - 0.01, 2))
    bank = entered(None, piece(20, 0, 22, 5))
    step(bank, REVERSED, LATER)
    assert total_mu(line, LATER) == pytest.approx(total_mu(line, APPLIED))


def test_a_delivery_never_takes_the_line_below_it(line: County) -> None:
    set_retained(line, round(total_mu(line, APPLIED) - 1, 2))
    with pytest.raises(InputError, match=r"保有量.*请先补划控制线"), factories.writing(line):
        store_control_lines(line, [delivered("KX1", 1)], source="新图层")
    assert ControlLine.objects.filter(county=line).count() == 2


def test_a_line_below_it_may_come_nearer_to_it(line: County) -> None:
    """What is below already isn't made worse by more ground."""
    set_retained(line, round(total_mu(line, APPLIED) + 1000, 2))
    nearer = delivered("KX3", 1)
    with factories.writing(line):
        store_control_lines(
            line,
            [Delivered("KX3", nearer.facts, shape(20, 0, 21, 10), LATER)],
            source="新图层",
        )
    assert ControlLine.objects.filter(county=line).count() == 3
