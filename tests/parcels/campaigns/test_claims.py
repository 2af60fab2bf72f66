"""Ground is credited once: whatever the order of claims, the credited area is the union's."""

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.affinity import rotate

from parcels.campaigns.claims import area_m2, credited

NEAR_M2 = 1e-5


@st.composite
def claims(draw: st.DrawFn) -> list[shapely.Geometry]:
    shapes = []
    for _ in range(draw(st.integers(1, 8))):
        x, y = draw(st.floats(0, 0.01)), draw(st.floats(0, 0.01))
        box = shapely.box(
            120 + x, 29.3 + y, 120 + x + draw(st.floats(5e-4, 6e-3)), 29.3 + y + draw(st.floats(5e-4, 6e-3))
        )
        shapes.append(rotate(box, draw(st.floats(0, 90))))
    return shapes


@given(shapes=claims(), data=st.data())
def test_any_order_of_overlapping_claims_gives_the_area_of_the_union(
    shapes: list[shapely.Geometry], data: st.DataObject
) -> None:
    order = data.draw(st.permutations(shapes))
    held: list[tuple[int, shapely.Geometry]] = []
    total = 0.0
    for number, claim in enumerate(order):
        found = credited(claim, held, sliver_m2=0.0)
        if found.geom_4490 is not None:
            assert found.geom_4490.is_valid
            held.append((number, found.geom_4490))
            total += found.area_m2
        assert found.area_m2 <= found.claimed_m2 + NEAR_M2
    assert total == pytest.approx(area_m2(shapely.union_all(shapes)), abs=NEAR_M2 * len(shapes))


def test_a_claim_on_held_ground_names_who_holds_it() -> None:
    first = shapely.box(120, 29.3, 120.001, 29.301)
    whole = credited(first, [], sliver_m2=1.0)
    assert whole.held == ()
    assert whole.area_m2 == whole.claimed_m2
    again = credited(first, [(7, whole.geom_4490)], sliver_m2=1.0)
    assert (again.geom_4490, again.area_m2) == (None, 0.0)
    assert [number for number, _ in again.held] == [7]
    half = credited(shapely.box(120.0005, 29.3, 120.0015, 29.301), [(7, first)], sliver_m2=1.0)
    assert half.area_m2 == pytest.approx(half.claimed_m2 / 2, rel=1e-9)
    assert half.held[0][1] == pytest.approx(half.claimed_m2 / 2, rel=1e-9)


def test_neighbours_that_only_touch_hold_nothing_of_each_other() -> None:
    left, right = shapely.box(120, 29.3, 120.001, 29.301), shapely.box(120.001, 29.3, 120.002, 29.301)
    found = credited(right, [(1, left)], sliver_m2=1.0)
    assert found.held == ()
    assert found.area_m2 == pytest.approx(found.claimed_m2, abs=1e-6)
