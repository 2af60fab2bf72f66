"""A parcel that gives way or takes a sliver ends exactly where its neighbours begin."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from landgis.lib.errors import InputError
from layers.geometry.adjusting import give_way, take_gap
from layers.geometry.exact import multi, shapes
from layers.geometry.noding import node_together
from tests.layers.geometry.coverages import YIWU, cadastre, corner_set, same_ground, seeds, sound, total

E, N = YIWU


def box(west: float, south: float, east: float, north: float) -> shapely.MultiPolygon:
    return multi(shapes([shapely.box(E + west, N + south, E + east, N + north)]))


def at(*points: tuple[float, float]) -> set[tuple[float, float]]:
    return {(E + x, N + y) for x, y in points}


@settings(max_examples=50, deadline=None)
@given(seeds(), st.integers(0, 20), st.floats(0.005, 0.8))
def test_a_parcel_drawn_too_large_gives_way_to_all_its_neighbours(seed: int, pick: int, by: float) -> None:
    parcels = cadastre(seed)
    pick %= len(parcels)
    beside = np.delete(parcels, pick)
    parts = shapely.buffer(shapely.get_parts(parcels[pick]), by, join_style="mitre")
    grown = shapely.union_all(parts)
    fitted = give_way(grown, beside)
    assert same_ground(fitted, shapely.difference(grown, shapely.union_all(beside)), within_m2=1e-3)
    noded = node_together(shapes([fitted]), beside, tolerance_m=0.0005)
    sound(np.concatenate([noded.touched, noded.beside]))
    assert total(noded.beside) == pytest.approx(total(beside), abs=1e-3)
    # Vertices that it had in common with a neighbour are the boundary again, digit by digit.
    shared = corner_set(parcels[[pick]]) & corner_set(beside)
    assert shared <= corner_set(shapes([fitted]))


@settings(max_examples=50, deadline=None)
@given(seeds(), st.floats(0.0005, 0.3))
def test_a_parcel_inside_its_ring_of_neighbours_takes_the_gap_and_fits_exactly(seed: int, by: float) -> None:
    parcels = cadastre(seed)
    whole = parcels[3]  # the courtyard's parcel: neighbours on all sides
    small = multi(shapely.buffer(shapely.get_parts(whole), -by, join_style="mitre"))
    fitted = take_gap(small, np.delete(parcels, 3), max_width_m=by * 2)
    assert same_ground(fitted, whole)
    assert corner_set(parcels[[3]]) <= corner_set(shapes([fitted]))
    noded = node_together(shapes([fitted]), np.delete(parcels, 3), tolerance_m=0.0005)
    sound(np.concatenate([noded.touched, noded.beside]))


def test_the_new_boundary_runs_through_the_neighbours_vertices() -> None:
    neighbours = shapes([box(9, 0, 20, 4), box(9.5, 4, 20, 10)])
    fitted = give_way(box(0, 0, 10, 10), neighbours)
    assert corner_set(shapes([fitted])) == at((0, 0), (9, 0), (9, 4), (9.5, 4), (9.5, 10), (0, 10))
    neighbours = shapes([box(10.2, 0, 20, 4), box(10.3, 4, 20, 10), box(0, 10, 20, 20)])
    fitted = take_gap(box(0, 0, 10, 10), neighbours, max_width_m=0.5)
    assert at((10.2, 0), (10.2, 4), (10.3, 4), (10.3, 10)) <= corner_set(shapes([fitted]))
    assert fitted.area == pytest.approx(10.2 * 4 + 10.3 * 6, abs=1e-6)


def test_a_gap_wider_than_allowed_is_left_beside_one_that_is_taken() -> None:
    neighbours = shapes([box(10.2, 0, 20, 5), box(11, 5, 20, 10)])
    fitted = take_gap(box(0, 0, 10, 10), neighbours, max_width_m=0.5)
    assert fitted.area == pytest.approx(100 + 5 * 0.2, abs=1e-6)
    assert at((10, 5), (10.2, 5)) <= corner_set(shapes([fitted]))


def test_a_hair_of_overlap_goes_and_a_hair_of_a_gap_is_taken() -> None:
    assert give_way(box(0, 0, 10.0001, 10), shapes([box(10, 0, 20, 10)])).equals(box(0, 0, 10, 10))
    assert take_gap(box(0, 0, 9.9999, 10), shapes([box(10, 0, 20, 10)]), max_width_m=0.01).equals(
        box(0, 0, 10, 10)
    )


def test_a_neighbour_across_the_parcel_leaves_both_ends_and_one_inside_leaves_a_hole() -> None:
    assert [
        round(part.area) for part in give_way(box(0, 0, 30, 10), shapes([box(10, -5, 20, 15)])).geoms
    ] == [100, 100]
    holed = give_way(box(0, 0, 30, 10), shapes([box(10, 2, 20, 8)]))
    assert at((10, 2), (20, 2), (20, 8), (10, 8)) <= corner_set(shapes([holed]))
    assert holed.area == pytest.approx(240)


def test_what_cannot_be_adjusted_is_said() -> None:
    bow = shapely.Polygon(np.array([(0, 0), (10, 10), (10, 0), (0, 10)]) + YIWU)
    acts: dict[str, Callable[[], object]] = {
        "no_overlap": lambda: give_way(box(0, 0, 10, 10), shapes([box(10, 0, 20, 10)])),
        "nothing_left": lambda: give_way(box(0, 0, 10, 10), shapes([box(-1, -1, 20, 20)])),
        "no_gap": lambda: take_gap(box(0, 0, 10, 10), shapes([box(10, 0, 20, 10)]), max_width_m=0.5),
        "geometry_invalid": lambda: give_way(bow, shapes([box(10, 0, 20, 10)])),
    }
    for code, act in acts.items():
        with pytest.raises(InputError) as caught:
            act()
        assert caught.value.code == code
        assert caught.value.remedy
    with pytest.raises(InputError, match="没有重叠"):
        give_way(box(0, 0, 10, 10), [])
    with pytest.raises(InputError, match="缝隙"):
        take_gap(box(0, 0, 10, 10), [], max_width_m=0.5)
