"""Entering an adjustment in the line: new versions, nothing overwritten, the ledger equal to the drawing, and reversals."""

from datetime import date, timedelta

import pytest
from django.db import connection

from landgis.audit.models import AuditEvent
from landgis.counties.models import County
from landgis.lib.errors import Conflict
from layers.control_lines.models import ControlLine
from layers.control_lines.queries import control_lines
from parcels.balance.ledger import statement
from parcels.balance.models import Adjustment, AdjustmentStep, Inclusion, LineEntry
from parcels.balance.steps import ENTRY, REVERSED, WITHDRAWN
from tests.parcels.balance.conftest import APPLIED, Apply, Step, piece, set_parameter, shape

pytestmark = pytest.mark.django_db
EFFECTIVE = APPLIED + timedelta(days=90)


def drawn_m2(county: County, on: date) -> float:
    """PostGIS' own area of the line in force on a day: another way than the ledger's."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(ST_Area(geom_4490::geography)), 0) FROM control_lines_controlline "
            "WHERE county_id = %s AND valid_from <= %s AND (valid_to IS NULL OR valid_to > %s)",
            [county.code, on, on],
        )
        return float(cursor.fetchone()[0])


def test_entering_ends_versions_and_begins_new_ones(line: County, entered: Apply) -> None:
    made = entered(shape(8, 0, 12, 5), piece(20, 0, 25, 5))
    rows = {(row.code, row.version): row for row in ControlLine.objects.all()}
    assert rows["KX1", 1].valid_to == rows["KX2", 1].valid_to == EFFECTIVE
    assert rows["KX1", 2].valid_from == rows["KX2", 2].valid_from == EFFECTIVE
    assert rows["KX1", 2].level == "一级"
    fresh = rows[f"{made.adjustment_no}-1", 1]
    assert (fresh.level, fresh.batch, fresh.basis) == ("一级", made.adjustment_no, "国土空间规划")
    assert len(control_lines(line, EFFECTIVE - timedelta(days=1))) == 2
    assert len(control_lines(line, EFFECTIVE)) == 3
    entry = LineEntry.objects.get()
    assert sorted(entry.ended) == sorted([rows["KX1", 1].pk, rows["KX2", 1].pk])
    assert AuditEvent.objects.filter(action="adjustment_entry").count() == 1


def test_the_ledger_is_the_drawn_line_on_every_day(line: County, entered: Apply) -> None:
    entered(shape(8, 0, 12, 5), piece(20, 0, 25, 5))
    for on in (date(2010, 1, 1), EFFECTIVE - timedelta(days=1), EFFECTIVE, date(2026, 1, 1)):
        told = statement(line, on)
        assert told.total_m2 == pytest.approx(drawn_m2(line, on), abs=1e-3)
        assert told.total_m2 == pytest.approx(told.drawn_m2, abs=1e-6)
        assert told.balance_m2 >= 0
    last = statement(line, date(2026, 1, 1))
    assert [row.kind for row in last.movements] == ["opening", "entered"]


def test_a_piece_that_leaves_wholly_has_no_successor(line: County, entered: Apply) -> None:
    entered(shape(-1, -1, 10, 11).intersection(shape(0, 0, 10, 10)), piece(20, 0, 31, 10))
    assert list(ControlLine.objects.filter(code="KX1").values_list("version", "valid_to")) == [(1, EFFECTIVE)]
    assert statement(line, EFFECTIVE).pieces == 2


def test_a_reversal_brings_back_the_very_line(line: County, entered: Apply, step: Step) -> None:
    before = statement(line, date(2023, 1, 1)).total_m2
    made = entered(shape(8, 0, 12, 5), piece(20, 0, 25, 5))
    on = EFFECTIVE + timedelta(days=10)
    step(made, REVERSED, on)
    told = statement(line, on)
    assert told.total_m2 == pytest.approx(before, abs=1e-6)
    assert told.total_m2 == pytest.approx(drawn_m2(line, on), abs=1e-3)
    assert told.balance_m2 == pytest.approx(0, abs=1e-6)
    assert [row.kind for row in told.movements] == ["opening", "entered", "reversed"]
    assert ControlLine.objects.get(code="KX1", valid_to=None).version == 3
    again = entered(shape(8, 0, 12, 5), piece(20, 0, 25, 5), on=on, effective=on + timedelta(days=90))
    assert again.adjustment_no != made.adjustment_no


def test_a_reversal_is_refused_where_a_later_adjustment_stands_on_it(
    line: County, entered: Apply, step: Step
) -> None:
    first = entered(shape(8, 0, 9, 5), piece(20, 0, 22, 5))
    entered(shape(1, 1, 2, 2), piece(30, 0, 32, 5), on=EFFECTIVE, effective=EFFECTIVE + timedelta(days=90))
    rows = ControlLine.objects.count()
    with pytest.raises(Conflict, match="又有变动"):
        step(first, REVERSED, EFFECTIVE + timedelta(days=120))
    assert ControlLine.objects.count() == rows
    assert not AdjustmentStep.objects.filter(step=REVERSED).exists()


def test_ground_that_came_into_the_line_again_keeps_a_reversal_away(
    line: County, entered: Apply, step: Step
) -> None:
    first = entered(shape(8, 0, 10, 5), piece(20, 0, 23, 5))
    # The second takes from KX2 and brings the first one's ground in again.
    entered(shape(11, 0, 12, 5), piece(8, 0, 10, 5), on=EFFECTIVE, effective=EFFECTIVE + timedelta(days=90))
    with pytest.raises(Conflict, match="重新划入"):
        step(first, REVERSED, EFFECTIVE + timedelta(days=120))


def test_nothing_is_half_entered(line: County, applied: Apply, step: Step) -> None:
    """The line changed after the approval: the entry is refused whole."""
    made = applied(shape(8, 0, 9, 5), piece(20, 0, 22, 5))
    for name, days in (("argument", 0), ("opinion", 0), ("review", 0), ("publicity", 0), ("approval", 10)):
        step(made, name, APPLIED + timedelta(days=days))
    before = (ControlLine.objects.count(), AuditEvent.objects.count())
    set_parameter(line, "control_line.planned_industrial_classes", ["100103"])
    with pytest.raises(Conflict, match="规划用途为 100102"):
        step(made, ENTRY, EFFECTIVE)
    assert (ControlLine.objects.count(), AuditEvent.objects.count() - 1) == before
    assert not LineEntry.objects.exists()


def test_a_surplus_is_used_once_and_only_where_the_policy_says_so(
    line: County, entered: Apply, applied: Apply, step: Step
) -> None:
    with pytest.raises(Conflict, match="不允许结余留用"):
        applied(None, piece(20, 0, 22, 5))
    set_parameter(line, "control_line.bank_surplus", True)
    bank = entered(None, piece(20, 0, 22, 5))
    free = statement(line, EFFECTIVE).banked_m2
    assert free == pytest.approx(Inclusion.objects.get().area_m2)
    set_parameter(line, "control_line.bank_surplus", False)
    told = statement(line, EFFECTIVE)
    assert told.balance_m2 == pytest.approx(free)
    assert told.banked_m2 == 0.0  # brought in, and not to be used
    assert told.banked_told == "参数不允许结余留用"
    set_parameter(line, "control_line.bank_surplus", True)
    later = {"on": EFFECTIVE, "effective": EFFECTIVE + timedelta(days=90)}
    with pytest.raises(Conflict, match="结余只有"):
        applied(shape(1, 1, 2, 2), uses=[(bank.pk, free + 0.001)], on=EFFECTIVE)
    user = entered(shape(1, 1, 2, 2), uses=[(bank.pk, free)], **later)
    assert statement(line, date(2026, 1, 1)).balance_m2 >= 0
    with pytest.raises(Conflict, match="结余"):
        applied(shape(4, 1, 5, 2), uses=[(bank.pk, 1.0)], on=EFFECTIVE + timedelta(days=90))
    with pytest.raises(Conflict, match="已由"):
        step(bank, REVERSED, EFFECTIVE + timedelta(days=200))
    step(user, REVERSED, EFFECTIVE + timedelta(days=200))
    step(bank, REVERSED, EFFECTIVE + timedelta(days=201))
    assert statement(line, date(2026, 1, 1)).balance_m2 == pytest.approx(0, abs=1e-6)


def test_withdrawn_ground_is_free_again(line: County, applied: Apply, step: Step) -> None:
    first = applied(shape(8, 0, 9, 5), piece(20, 0, 22, 5))
    with pytest.raises(Conflict, match="在办的"):
        applied(shape(8, 0, 9, 5), piece(30, 0, 32, 5))
    with pytest.raises(Conflict, match="使用"):
        applied(shape(1, 0, 2, 5), piece(20, 0, 22, 5))
    step(first, WITHDRAWN, APPLIED)
    applied(shape(8, 0, 9, 5), piece(20, 0, 22, 5))
    assert Adjustment.objects.count() == 2
