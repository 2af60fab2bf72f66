"""A strip has the asked area to a square millimetre's thousandfold, on the asked side."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import from_wkt as wkt

from landgis.lib.errors import InputError
from layers.geometry.exact import multi, shapes
from layers.geometry.subdividing import strip_along_edge, strip_of_area
from tests.layers.geometry.coverages import YIWU, cadastre, corner_set, same_ground, seeds, sound
from tests.layers.geometry.shapes import stars

SIDES = {"north": (0.0, 1.0), "south": (0.0, -1.0), "east": (1.0, 0.0), "west": (-1.0, 0.0)}


def parcel(text: str) -> shapely.MultiPolygon:
    return multi(shapes(list(shapely.get_parts(shapely.transform(wkt(text), lambda xy: xy + YIWU)))))


def point(x: float, y: float) -> tuple[float, float]:
    return YIWU[0] + x, YIWU[1] + y


SQUARE = parcel("POLYGON((0 0,100 0,100 60,0 60,0 0))")
NOTCHED = parcel("POLYGON((0 0,100 0,100 60,70 60,70 20,30 20,30 60,0 60,0 0))")


@pytest.mark.parametrize(
    ("side", "box"),
    [
        ("north", (0, 50, 100, 60)),
        ("south", (0, 0, 100, 10)),
        ("east", (90, 0, 100, 60)),
        ("west", (0, 0, 10, 60)),
    ],
)
def test_the_strip_lies_on_the_asked_side(side: str, box: tuple[float, float, float, float]) -> None:
    asked = shapely.box(*box)
    strip, rest = strip_of_area(SQUARE, asked.area, direction=SIDES[side])
    assert np.array(strip.bounds) == pytest.approx(np.array(box) + np.tile(YIWU, 2), abs=1e-6)
    assert strip.area + rest.area == pytest.approx(6000.0, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(seeds(), st.integers(0, 20), st.floats(0.001, 0.999), st.floats(-np.pi, np.pi))
def test_any_parcel_any_share_any_direction_is_exact(seed: int, at: int, share: float, angle: float) -> None:
    parcels = cadastre(seed)
    whole = parcels[at % len(parcels)]
    way = np.array([np.cos(angle), np.sin(angle)])
    strip, rest = strip_of_area(whole, share * whole.area, direction=(way[0] * 3, way[1] * 3))
    assert strip.area == pytest.approx(share * whole.area, abs=0.001)
    assert strip.area + rest.area == pytest.approx(whole.area, abs=1e-6)
    assert same_ground(shapely.union(strip, rest), whole)
    both = shapes([strip, rest])
    assert corner_set(shapes([whole])) <= corner_set(both)
    sound(both)
    ahead = [shapely.get_coordinates(part) @ way for part in both]
    assert ahead[0].min() >= ahead[1].max() - 1e-6
    new = corner_set(both) - corner_set(shapes([whole]))
    assert new == (corner_set(both[:1]) & corner_set(both[1:])) - corner_set(shapes([whole]))


@settings(max_examples=40, deadline=None)
@given(stars(), st.floats(0.001, 0.999), st.sampled_from(sorted(SIDES)))
def test_concave_stars_are_exact(star: shapely.Polygon, share: float, side: str) -> None:
    if share * star.area < 0.001 or (1 - share) * star.area < 0.001:
        return
    strip, rest = strip_of_area(star, share * star.area, direction=SIDES[side])
    assert strip.area == pytest.approx(share * star.area, abs=0.001)
    assert strip.area + rest.area == pytest.approx(star.area, abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(seeds(), st.floats(0.05, 0.95))
def test_along_an_edge_of_the_hull_the_strip_begins_at_that_edge(seed: int, share: float) -> None:
    whole = cadastre(seed)[-1]
    hull = shapely.convex_hull(whole).exterior
    corners = shapely.get_coordinates(whole)
    sides = shapely.linestrings(np.stack([corners[:-1], corners[1:]], axis=1))
    outer = np.flatnonzero(shapely.covered_by(sides, hull))
    if not len(outer):
        return
    edge = (tuple(corners[outer[0]].tolist()), tuple(corners[outer[0] + 1].tolist()))
    for one in (edge, edge[::-1]):
        strip, rest = strip_along_edge(whole, share * whole.area, edge=one)
        assert strip.area == pytest.approx(share * whole.area, abs=0.001)
        assert set(edge) <= corner_set(shapes([strip]))
        cut = corner_set(shapes([strip])) & corner_set(shapes([rest]))
        (ex, ey), length = np.subtract(edge[1], edge[0]), np.hypot(*np.subtract(edge[1], edge[0]))
        depth = [abs(ex * (y - edge[0][1]) - ey * (x - edge[0][0])) / length for x, y in cut]
        assert np.ptp(depth) < 1e-6


def test_a_strip_beside_a_notch_must_reach_it() -> None:
    edge = (point(30, 20), point(70, 20))
    strip, _ = strip_along_edge(NOTCHED, 2400 + 500, edge=edge)
    assert strip.bounds[1] == pytest.approx(YIWU[1] + 15)
    with pytest.raises(InputError, match=r"2400\.000") as caught:
        strip_along_edge(NOTCHED, 1000, edge=edge)
    assert caught.value.code == "strip_misses_edge"


def test_the_strip_of_a_hole_s_edge_lies_before_it() -> None:
    ring = parcel("POLYGON((0 0,100 0,100 60,0 60,0 0),(40 20,60 20,60 40,40 40,40 20))")
    strip, _ = strip_along_edge(ring, 4000, edge=(point(40, 40), point(60, 40)))
    # Ground lies north of that edge, so its outside, and all beyond, is south.
    assert strip.bounds[1] == pytest.approx(YIWU[1])
    assert strip.bounds[3] == pytest.approx(YIWU[1] + 44)


def test_a_part_of_an_edge_and_an_edge_with_points_on_it_do() -> None:
    dotted = parcel("POLYGON((0 0,50 0,100 0,100 60,0 60,0 0))")
    for edge in ((point(0, 0), point(100, 0)), (point(10, 0), point(20, 0))):
        strip, _ = strip_along_edge(dotted, 600, edge=edge)
        assert strip.bounds[3] == pytest.approx(YIWU[1] + 6)


@pytest.mark.parametrize("area_m2", [0.0, -5.0, 6000.0, 7000.0, float("nan"), float("inf")])
def test_an_area_that_the_parcel_does_not_have_is_refused(area_m2: float) -> None:
    with pytest.raises(InputError) as caught:
        strip_of_area(SQUARE, area_m2, direction=(0, 1))
    assert (caught.value.code, caught.value.field) == ("area_out_of_range", "area_m2")
    with pytest.raises(InputError):
        strip_along_edge(SQUARE, area_m2, edge=(point(0, 0), point(100, 0)))


def test_a_line_that_is_no_edge_and_a_direction_that_is_none_are_refused() -> None:
    for edge in ((point(0, 30), point(100, 30)), (point(0, 0), point(100, 60)), (point(0, 0), point(0, 0))):
        with pytest.raises(InputError) as caught:
            strip_along_edge(SQUARE, 100, edge=edge)
        assert caught.value.code == "edge_not_found"
    with pytest.raises(InputError, match="方向"):
        strip_of_area(SQUARE, 100, direction=(0, 0))
