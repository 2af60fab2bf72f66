"""A split loses nothing, keeps old vertices, and gives both sides the same new ones."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely import from_wkt as wkt

from landgis.lib.errors import InputError
from layers.geometry.exact import multi, shapes
from layers.geometry.merging import merge
from layers.geometry.noding import node_together
from layers.geometry.splitting import split
from tests.layers.geometry.coverages import (
    YIWU,
    cadastre,
    corner_set,
    lines_over,
    same_ground,
    seeds,
    sound,
    total,
)

BOX = shapely.box(0, 0, 100, 60)


def here(*points: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString(np.array(points) + YIWU)


def parcel(text: str) -> shapely.MultiPolygon:
    return multi(shapes(list(shapely.get_parts(shapely.transform(wkt(text), lambda xy: xy + YIWU)))))


SQUARE = parcel("POLYGON((0 0,100 0,100 60,0 60,0 0))")
RING = parcel("POLYGON((0 0,100 0,100 60,0 60,0 0),(30 20,70 20,70 40,30 40,30 20))")
COMB = parcel("POLYGON((0 0,50 0,50 40,40 40,40 10,30 10,30 40,20 40,20 10,10 10,10 40,0 40,0 0))")
TWO = parcel("MULTIPOLYGON(((0 0,40 0,40 40,0 40,0 0)),((60 0,90 0,90 40,60 40,60 0)))")


def areas(parts: list[shapely.MultiPolygon]) -> list[float]:
    return [round(float(part.area), 6) for part in parts]


@settings(max_examples=60, deadline=None)
@given(seeds(), st.integers(0, 20), st.integers(1, 3))
def test_any_parcel_under_any_lines_keeps_ground_vertices_and_neighbours(
    seed: int, at: int, count: int
) -> None:
    parcels = cadastre(seed)
    at %= len(parcels)
    try:
        parts = split(parcels[at], lines_over(parcels[at], np.random.default_rng(seed), count))
    except InputError as error:
        assume(error.code != "line_does_not_cut")
        raise
    children = shapes(parts)
    assert total(children) == pytest.approx(parcels[at].area, abs=1e-6)
    assert same_ground(shapely.union_all(children), parcels[at])
    assert corner_set(parcels[[at]]) <= corner_set(children)
    noded = node_together(children, np.delete(parcels, at), tolerance_m=0.0005)
    sound(np.concatenate([noded.touched, noded.beside]))
    assert total(noded.beside) == pytest.approx(total(np.delete(parcels, at)), abs=1e-3)


@settings(max_examples=40, deadline=None)
@given(seeds(), st.integers(0, 20))
def test_split_then_merge_gives_the_shape_back(seed: int, at: int) -> None:
    parcels = cadastre(seed)
    whole = parcels[at % len(parcels)]
    try:
        parts = split(whole, lines_over(whole, np.random.default_rng(seed), 2))
    except InputError as error:
        assume(error.code != "line_does_not_cut")
        raise
    back = merge(parts)
    assert back.area == pytest.approx(whole.area, abs=1e-6)
    assert same_ground(back, whole)
    assert corner_set(shapes([whole])) <= corner_set(shapes([back]))


def test_pieces_come_from_the_northwest_to_the_southeast() -> None:
    parts = split(SQUARE, [here((30, -5), (30, 65)), here((-5, 20), (105, 20))])
    assert areas(parts) == [1200.0, 600.0, 2800.0, 1400.0]


def test_a_line_through_a_hole_parts_the_ring_in_two() -> None:
    parts = split(RING, [here((50, -1), (50, 61))])
    assert areas(parts) == [2600.0, 2600.0]
    assert all(len(part.geoms[0].interiors) == 0 for part in parts)


def test_a_line_from_the_boundary_to_the_hole_parts_nothing() -> None:
    with pytest.raises(InputError, match="没有把宗地切开") as caught:
        split(RING, [here((50, -1), (50, 30))])
    assert caught.value.code == "line_does_not_cut"
    assert caught.value.remedy


def test_two_lines_that_only_part_it_together() -> None:
    assert areas(split(RING, [here((50, -1), (50, 30)), here((50, 30), (50, 61))])) == [2600.0, 2600.0]
    assert areas(split(SQUARE, [here((0, 0), (50, 30)), here((50, 30), (100, 0))])) == [4500.0, 1500.0]


def test_every_tooth_of_a_comb_is_a_piece() -> None:
    assert areas(split(COMB, [here((-1, 20), (51, 20))])) == [200.0, 200.0, 200.0, 800.0]


def test_parts_that_no_line_touches_stay_one_parcel_together() -> None:
    three = parcel(
        "MULTIPOLYGON(((0 0,40 0,40 40,0 40,0 0)),((60 0,90 0,90 40,60 40,60 0)),((60 50,90 50,90 60,60 60,60 50)))"
    )
    parts = split(three, [here((10, -1), (10, 41))])
    assert areas(parts) == [400.0, 1200.0, 1500.0]
    assert [len(part.geoms) for part in parts] == [1, 1, 2]


def test_a_line_over_both_parts_makes_four() -> None:
    assert areas(split(TWO, [here((-1, 10), (91, 10))])) == [1200.0, 400.0, 900.0, 300.0]


def test_a_line_between_the_parts_cuts_nothing() -> None:
    with pytest.raises(InputError) as caught:
        split(TWO, [here((50, -1), (50, 41))])
    assert caught.value.code == "line_does_not_cut"


@pytest.mark.parametrize(
    "line",
    [
        here((0, 0), (100, 60)),  # vertex to vertex
        here((0, 30), (100, 30)),  # edge to edge
        here((0.0004, 30), (99.9996, 30.0)),  # a hair short of either edge
        here((0.0003, 0.0003), (100.0003, 59.9999)),  # a hair off two vertices
        here((-20, 30), (120, 30), (120, 80)),  # on beyond the parcel
        here((50, -1), (50, 30), (50, 61)),
    ],
)
def test_lines_that_end_on_the_boundary_cut_it_in_halves(line: shapely.LineString) -> None:
    parts = split(SQUARE, [line])
    assert [part.area for part in parts] == pytest.approx([3000.0, 3000.0], abs=0.03)
    assert sum(part.area for part in parts) == pytest.approx(6000.0, abs=1e-6)
    assert corner_set(shapes([SQUARE])) <= corner_set(shapes(parts))
    sound(shapes(parts))


@pytest.mark.parametrize(
    "line",
    [
        here((10, 10), (90, 50)),  # inside
        here((60, 70), (60, 0.01)),  # a centimetre short
        here((-5, -5), (105, -5)),  # beside it
        here((0, 0), (100, 0)),  # along an edge
        here((-5, 5), (5, -5 + 0.0), (-5, -5)),  # touches the corner only
        here((0, 0), (0.0, 0.0)),
    ],
)
def test_a_line_that_parts_nothing_is_refused_by_its_number(line: shapely.LineString) -> None:
    with pytest.raises(InputError) as caught:
        split(SQUARE, [here((50, -1), (50, 61)), line])
    assert caught.value.code == "line_does_not_cut"
    assert "第 2 条" in caught.value.message


def test_a_loop_cuts_an_island_out() -> None:
    parts = split(SQUARE, [here((10, 10), (20, 10), (20, 20), (10, 20), (10, 10))])
    assert sorted(areas(parts)) == [100.0, 5900.0]


def test_lines_that_cross_in_one_point_make_no_crumbs() -> None:
    fan = [here((50 - 60 * np.cos(a), 30 - 60 * np.sin(a)), (50 + 60 * np.cos(a), 30 + 60 * np.sin(a)))
           for a in np.linspace(0.1, 3.0, 7)]  # fmt: skip
    parts = split(SQUARE, fan)
    assert len(parts) == 14
    sound(shapes(parts))


def test_doubled_points_a_spike_and_points_on_straight_lines_stay() -> None:
    messy = parcel("POLYGON((0 0,0 0,50 0,100 0,100 30,130 30.02,100 30.04,100 60,100 60.0002,0 60,0 0))")
    parts = split(messy, [here((50, -1), (50, 61))])
    assert len(parts) == 2
    assert sum(part.area for part in parts) == pytest.approx(messy.area, abs=1e-6)
    assert corner_set(shapes([messy])) <= corner_set(shapes(parts))


def test_a_line_that_passes_a_vertex_by_a_hair_runs_through_it() -> None:
    kinked = parcel("POLYGON((0 0,100 0,100 30,100.5 60,0 60,0 0))")
    parts = split(kinked, [here((-5, 30.0003), (100.2, 30.0003))])
    assert len(parts) == 2
    ((x, y),) = corner_set(shapes(parts)) - corner_set(shapes([kinked]))
    assert (x, y) == pytest.approx((YIWU[0], YIWU[1] + 30.0003), abs=1e-4)


def test_an_invalid_parcel_and_broken_numbers_are_refused_in_words() -> None:
    bow = parcel("POLYGON((0 0,10 10,10 0,0 10,0 0))")
    with pytest.raises(InputError, match="边界自相交"):
        split(bow, [here((5, -1), (5, 11))])
    with pytest.raises(InputError, match="不是有效数值"):
        split(SQUARE, [np.array([[0.0, 0.0], [np.nan, 1.0]])])
    with pytest.raises(InputError, match="没有画分割线"):
        split(SQUARE, [])
