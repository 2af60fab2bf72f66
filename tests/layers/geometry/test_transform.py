"""Coordinates move between systems exactly, alike wherever they stand in an array, and there and back."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from pyproj import Transformer

from landgis.lib.errors import InputError
from layers.geometry.transform import (
    GAUSS_KRUGER,
    GaussKruger,
    accuracy_m,
    transform_geometries,
    transform_xy,
    with_coordinates,
)
from tests.layers.geometry.shapes import PRAGUE, YIWU, covering

POINT = np.array([[120.07, 29.3]])


@pytest.mark.parametrize(
    ("epsg", "expected"),
    [
        (4549, (506800.936463, 3242522.830389)),
        (4528, (40506800.936463, 3242522.830389)),
        (3857, (13366131.259548, 3413885.005984)),
    ],
)
def test_the_reference_point_is_met_to_a_thousandth_of_a_millimetre(
    epsg: int, expected: tuple[float, float]
) -> None:
    assert transform_xy(POINT, 4490, epsg)[0] == pytest.approx(expected, abs=1e-6)


def test_a_zone_prefix_is_forty_million_metres_and_nothing_else() -> None:
    prefixed = np.array([[40506800.936463, 3242522.830389], [40520986.477, 3353189.181]])
    plain = transform_xy(prefixed, 4528, 4549)
    assert (plain == prefixed - [40_000_000, 0]).all()
    for _ in range(10):
        assert (transform_xy(transform_xy(plain, 4549, 4528), 4528, 4549) == plain).all()


@pytest.mark.parametrize("row", GAUSS_KRUGER.values(), ids=lambda row: str(row.epsg))
def test_every_zone_of_the_table_is_what_the_epsg_register_says(row: GaussKruger) -> None:
    lonlat = np.array([[row.central_meridian + 0.7, 31.2]])
    theirs = Transformer.from_crs(4490, row.epsg, always_xy=True).transform(*lonlat[0])
    assert transform_xy(lonlat, 4490, row.epsg)[0] == pytest.approx(theirs, abs=1e-6)
    assert transform_xy(np.array([[row.central_meridian, 0.0]]), 4490, row.epsg)[0, 0] == pytest.approx(
        row.false_easting
    )


@pytest.mark.parametrize(("source", "target"), [(4490, 3857), (3857, 4490), (4549, 4490), (4528, 3857)])
def test_it_agrees_with_proj(source: int, target: int) -> None:
    rng = np.random.default_rng(1)
    lonlat = np.column_stack([rng.uniform(119, 121, 500), rng.uniform(28, 31, 500)])
    xy = np.column_stack(Transformer.from_crs(4490, source, always_xy=True).transform(*lonlat.T))
    theirs = np.column_stack(Transformer.from_crs(source, target, always_xy=True).transform(*xy.T))
    assert np.abs(transform_xy(xy, source, target) - theirs).max() < 2e-8


@settings(max_examples=30, deadline=None)
@given(
    st.integers(1, 400),
    st.integers(0, 2**32 - 1),
    st.sampled_from([(4549, 4490), (4490, 4549), (4490, 3857), (4549, 3857), (4528, 4490)]),
)
def test_equal_vertices_stay_bit_identical_whatever_surrounds_them(
    copies: int, seed: int, systems: tuple[int, int]
) -> None:
    rng = np.random.default_rng(seed)
    source, target = systems
    few = np.column_stack([rng.uniform(119.8, 120.3, 7), rng.uniform(29, 29.5, 7)])
    few = transform_xy(few, 4490, source)
    alone = np.concatenate([transform_xy(point[None], source, target) for point in few])
    pick = rng.integers(0, len(few), copies)
    assert (transform_xy(few[pick], source, target) == alone[pick]).all()
    strided = np.zeros((copies, 5))
    strided[:, [3, 1]] = few[pick]
    assert (transform_xy(strided[:, [3, 1]], source, target) == alone[pick]).all()
    assert (transform_xy(strided[:, 3:0:-2], source, target) == alone[pick]).all()


def test_neighbours_that_share_a_boundary_still_share_it_after_two_threads() -> None:
    tiles = covering(30, 30, steps=40)
    for target in (4490, 3857):
        moved = transform_geometries(tiles, 4549, target)
        before, after = (shapely.get_coordinates(geoms) for geoms in (tiles, moved))
        assert len(before) > 2 * 65_536
        _, place = np.unique(before, axis=0, return_inverse=True)
        first = np.zeros((place.max() + 1, 2))
        first[place.ravel()] = after
        assert (first[place.ravel()] == after).all()


def test_geometries_keep_their_shape_their_gaps_and_lose_their_height() -> None:
    hole = shapely.Polygon(
        [(120, 29), (120.01, 29), (120.01, 29.01), (120, 29.01)],
        [[(120.002, 29.002), (120.004, 29.002), (120.004, 29.004)]],
    )
    geoms = np.array([hole, None, shapely.Polygon(), shapely.force_3d(hole, 7.0)], dtype=object)
    moved = transform_geometries(geoms, 4490, 4549)
    assert moved[1] is None
    assert moved[2].is_empty
    assert shapely.equals_exact(moved[0], moved[3])
    assert not moved[3].has_z
    assert len(moved[0].interiors) == 1
    assert geoms[3].has_z
    back = transform_geometries(moved, 4549, 4490)
    assert shapely.equals_exact(back[0], hole, 1e-12)


def test_swapped_axes_are_put_right() -> None:
    right = shapely.Polygon([(506800, 3242522), (506900, 3242522), (506900, 3242622)])
    wrong = shapely.transform(right, lambda xy: xy[:, ::-1])
    moved = transform_geometries(np.array([wrong]), 4549, 4549, axis_swapped=True)
    assert shapely.equals_exact(moved[0], right)


def test_the_callers_array_is_left_alone() -> None:
    tiles = covering(2, 2)
    before = shapely.to_wkb(tiles)
    with_coordinates(tiles, shapely.get_coordinates(tiles) + 1)
    transform_geometries(tiles, 4549, 4490)
    assert (shapely.to_wkb(tiles) == before).all()


@pytest.mark.parametrize("epsg", [5514, 32633, 25833, 3857, 4258])
def test_a_county_elsewhere_comes_back_to_where_it_was(epsg: int) -> None:
    rng = np.random.default_rng(2)
    lonlat = np.column_stack([rng.uniform(14.3, 14.6, 200), rng.uniform(50, 50.1, 200)])
    plane = transform_xy(lonlat, 4490, epsg, bbox_4490=PRAGUE)
    assert np.abs(transform_xy(plane, epsg, 4490, bbox_4490=PRAGUE) - lonlat).max() < 1e-11


def test_krovak_meets_the_datum_shift_that_proj_would_leave_out_towards_cgcs2000() -> None:
    plane = np.array([[-743_100.0, -1_043_000.0]])
    ours = transform_xy(plane, 5514, 4490, bbox_4490=PRAGUE)[0]
    ballpark = Transformer.from_crs(5514, 4490, always_xy=True).transform(*plane[0])
    proper = Transformer.from_crs(5514, 4326, always_xy=True).transform(*plane[0])
    assert ours == pytest.approx(proper, abs=3e-5)
    assert np.hypot(*((ours - ballpark) * 111_195)) > 50


@pytest.mark.parametrize(
    ("epsg", "least", "most"), [(4549, 0, 0), (3857, 0, 0), (5514, 0.5, 6), (27700, 1, 3)]
)
def test_the_accuracy_of_a_datum_shift_is_known(epsg: int, least: float, most: float) -> None:
    assert least <= accuracy_m(epsg, bbox_4490=YIWU if epsg == 4549 else None) <= most


def test_a_code_that_does_not_exist_is_told() -> None:
    with pytest.raises(InputError, match="EPSG:99999") as refused:
        transform_xy(POINT, 99999, 4490)
    assert refused.value.code == "crs_unknown"


def test_xian_80_has_no_route_at_all() -> None:
    with pytest.raises(InputError) as refused:
        transform_xy(np.array([[40506800.0, 3242522.0]]), 2364, 4490)
    assert refused.value.code == "crs_no_transformation"


@pytest.mark.parametrize(
    ("source", "target"), [(4549, 4490), (4490, 3857), (3857, 4490), (4528, 4549), (5514, 4490)]
)
def test_points_without_an_image_become_infinite_and_never_a_crash(source: int, target: int) -> None:
    lost = np.array([[np.nan, 1.0], [1.0, np.inf], [-np.inf, np.nan]])
    assert np.isposinf(transform_xy(lost, source, target)).all()
    lost_shape = shapely.set_coordinates(shapely.box(0, 0, 1, 1), np.full((5, 2), np.inf))
    moved = transform_geometries(np.array([lost_shape, *covering(1, 1)]), 4549, 4490)
    assert np.isfinite(shapely.bounds(moved)).all(axis=1).tolist() == [False, True]


def test_beyond_the_poles_there_is_no_map() -> None:
    assert np.isposinf(transform_xy(np.array([[120.0, 90.5]]), 4490, 3857)).all()


def test_nothing_stays_nothing() -> None:
    none: NDArray[np.float64] = np.empty((0, 2))
    assert transform_xy(none, 4549, 4490).shape == (0, 2)
    assert len(transform_geometries(np.empty(0, dtype=object), 4549, 4490)) == 0
