"""Any sequence of adjustments and reversals: the balance is never below nothing and is the drawn line on every day."""

from datetime import date, timedelta

import pytest
import shapely
from django.db import connection, transaction
from hypothesis import Phase, event, given, settings
from hypothesis import strategies as st

from landgis.audit.change import change
from landgis.counties.models import County, Target
from landgis.lib.errors import Conflict
from layers.control_lines.queries import RETAINED
from parcels.balance.ledger import statement
from parcels.balance.models import Adjustment
from parcels.balance.queries import Piece, county_limits, surpluses
from parcels.balance.steps import REVERSED
from tests.parcels.balance.conftest import Apply, Step, set_parameter, set_retained, shape
from tests.parcels.balance.test_entering import drawn_m2

pytestmark = pytest.mark.django_db
FIRST = date(2022, 1, 3)
Move = tuple[str, shapely.Geometry, list[shapely.Geometry], bool]


# Grids that don't fit each other, so that pieces of the line are cut anywhere; now and then ground lies on both sides of it.
def rectangles(west: int, east: int, largest: int) -> st.SearchStrategy[shapely.Geometry]:
    places = st.tuples(
        st.integers(west, east), st.integers(0, 8), st.integers(1, largest), st.integers(1, largest)
    )
    return places.map(
        lambda at: shape(at[0] * 0.9, at[1] * 0.8, at[0] * 0.9 + at[2] * 0.7, at[1] * 0.8 + at[3] * 0.6)
    )


def triangles(west: int, east: int, largest: int) -> st.SearchStrategy[shapely.Geometry]:
    return rectangles(west, east, largest).map(
        lambda ground: shapely.Polygon(
            [*shapely.get_coordinates(ground)[:3], shapely.get_coordinates(ground)[0]]
        )
    )


leaving = st.one_of(rectangles(0, 18, 3), triangles(0, 18, 3), rectangles(-1, 24, 3))
coming = st.one_of(rectangles(23, 45, 6), rectangles(23, 45, 6), rectangles(0, 45, 6))
move = st.tuples(
    st.sampled_from(["adjust", "adjust", "adjust", "bank", "reverse", "reverse", "raise"]),
    leaving,
    st.lists(coming, min_size=1, max_size=2),
    st.booleans(),
)


@settings(max_examples=8, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(moves=st.lists(move, min_size=3, max_size=7))
def test_balance_never_negative_and_equal_to_the_drawing(
    line: County, entered: Apply, step: Step, moves: list[Move]
) -> None:
    with transaction.atomic():
        set_parameter(line, "control_line.bank_surplus", True)
        set_parameter(line, "control_line.publicity_days", 0)
        retained_mu = statement(line, FIRST).total_m2 * 15 / 10000 - 200
        set_retained(line, round(retained_mu, 2))
        on, days, done = FIRST, [FIRST], 0
        for kind, out, ins, use in moves:
            on += timedelta(days=30)
            try:
                with transaction.atomic():
                    if kind == "raise":
                        raise_retained(line, on)
                        continue
                    if kind == "reverse":
                        last = Adjustment.objects.exclude(steps__step=REVERSED).order_by("-pk").first()
                        if last is None:
                            continue
                        step(last, REVERSED, on)
                    else:
                        banked = [
                            (row.pk, one.free_m2) for row, one in surpluses(line, county_limits(line, FIRST))
                        ][:1]
                        pieces = [
                            Piece(f"调入{n}", one, "一级", "100101", "规划") for n, one in enumerate(ins)
                        ]
                        entered(
                            None if kind == "bank" else out, *pieces, uses=banked if use else (),
                            on=on, planned_on=on + timedelta(days=1), effective=on + timedelta(days=12),
                        )  # fmt: skip
            except Conflict:
                continue
            done += 1
            days += [on, on + timedelta(days=12)]
        event(f"{done} moves in force")
        check(line, [*days, on + timedelta(days=40)])
        assert len(statement(line, on + timedelta(days=40)).movements) == done + 1
        transaction.set_rollback(True)


def raise_retained(county: County, on: date) -> None:
    """A new 保有量 half a 亩 below what the line holds."""
    with change(county_code=county.code, by="测试员", action="test", reason="保有量"):
        Target.objects.filter(county=county, key=RETAINED, valid_to=None).update(
            valid_to=on - timedelta(days=1)
        )
    set_retained(county, round(statement(county, on).total_m2 * 15 / 10000 - 0.5, 2), since=on)


def check(county: County, days: list[date]) -> None:
    for on in days:
        told = statement(county, on)
        assert told.total_m2 == pytest.approx(drawn_m2(county, on), abs=1e-2)
        assert told.balance_m2 >= -1e-6
        assert all(row.balance_m2 >= -1e-6 for row in told.movements)
        assert told.spare_m2 is not None
        assert told.spare_m2 >= 0
        assert abs(told.doubled_m2) < 1.0
    assert overlapping() == 0


def overlapping() -> int:
    """Pairs of pieces in force with common ground."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM control_lines_controlline a JOIN control_lines_controlline b ON a.id < b.id "
            "WHERE a.valid_to IS NULL AND b.valid_to IS NULL "
            "AND ST_Area(ST_Intersection(a.geom_4490, b.geom_4490)::geography) > 0.01"
        )
        return int(cursor.fetchone()[0])
