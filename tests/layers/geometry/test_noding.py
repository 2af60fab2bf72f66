"""Shared vertices move together, and shapes noded together have the same vertices, digit by digit."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from landgis.lib.errors import InputError
from layers.geometry.exact import areal, shapes, vertices
from layers.geometry.noding import delete_vertex, insert_vertex, move_vertices, node_together
from layers.geometry.transform import Geometries
from tests.layers.geometry.coverages import YIWU, cadastre, corner_set, seeds, sound, total

E, N = YIWU
TOLERANCE_M = 0.0005


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    return shapely.box(E + west, N + south, E + east, N + north)


def polygon(*points: tuple[float, float]) -> shapely.Polygon:
    return shapely.Polygon(np.array(points) + YIWU)


def at(x: float, y: float) -> tuple[float, float]:
    return E + x, N + y


def pair() -> Geometries:
    return shapes([box(0, 0, 10, 10), box(10, 0, 20, 10), box(30, 0, 40, 10)])


def test_a_vertex_moves_in_every_shape_that_has_it_and_nowhere_else() -> None:
    before = pair()
    moved, changed = move_vertices(before, {at(10, 10): at(11, 12)})
    assert changed.tolist() == [True, True, False]
    assert moved[2] is before[2]
    assert all(at(11, 12) in corner_set(moved[[n]]) for n in (0, 1))
    assert corner_set(moved) - {at(11, 12)} == corner_set(before) - {at(10, 10)}
    assert moved[0].geom_type == "Polygon"


def test_vertices_may_change_places_at_once() -> None:
    shape = shapes([polygon((0, 0), (10, 0), (5, 5), (0, 10))])
    moved, _ = move_vertices(shape, {at(5, 5): at(6, 6), at(10, 0): at(5, 5)})
    assert shapely.get_coordinates(moved)[:4].tolist() == [
        list(p) for p in (at(0, 0), at(5, 5), at(6, 6), at(0, 10))
    ]


@pytest.mark.parametrize("start", range(4))
def test_moved_onto_the_next_vertex_the_two_become_one_wherever_the_ring_starts(start: int) -> None:
    ring = np.roll(np.array([(0, 0), (10, 0), (10, 10), (0, 10)]), start, axis=0) + YIWU
    moved, _ = move_vertices(shapes([shapely.Polygon(ring)]), {at(10, 10): at(10, 0)})
    assert shapely.get_num_coordinates(moved[0]) == 4
    assert moved[0].area == pytest.approx(50)


@settings(max_examples=40, deadline=None)
@given(seeds(), st.integers(0, 10_000), st.tuples(st.floats(-0.5, 0.5), st.floats(-0.5, 0.5)))
def test_there_and_back_gives_every_byte_back(seed: int, pick: int, by: tuple[float, float]) -> None:
    parcels = cadastre(seed)
    corners = vertices(parcels)
    source = tuple(corners[pick % len(corners)].tolist())
    target = (source[0] + by[0], source[1] + by[1])
    if target in corner_set(parcels):
        return
    moved, changed = move_vertices(parcels, {source: target})
    assert corner_set(parcels) ^ corner_set(moved) == {source, target}
    assert [one is two for one, two in zip(parcels, moved, strict=True)] == (~changed).tolist()
    if shapely.is_valid(moved).all():
        sound(moved)
        assert total(moved) - total(parcels) == pytest.approx(
            shapely.union_all(moved).area - shapely.union_all(parcels).area, abs=1e-6
        )
    back, _ = move_vertices(moved, {target: source})
    assert (shapely.to_wkb(back) == shapely.to_wkb(parcels)).all()


def test_a_vertex_that_is_none_and_a_ring_that_would_vanish_are_refused() -> None:
    with pytest.raises(InputError, match="没有坐标恰为") as caught:
        move_vertices(pair(), {at(10, 10.0001): at(11, 12)})
    assert caught.value.code == "vertex_not_found"
    triangle = shapes([polygon((0, 0), (10, 0), (5, 5))])
    doubled = shapes([polygon((0, 0), (0, 0), (10, 0), (5, 5))])
    spoils: list[Callable[[], object]] = [
        lambda: move_vertices(triangle, {at(5, 5): at(0, 0)}),
        lambda: delete_vertex(triangle, at(5, 5)),
        lambda: delete_vertex(doubled, at(5, 5)),
    ]
    for spoil in spoils:
        with pytest.raises(InputError) as caught:
            spoil()
        assert caught.value.code == "ring_too_small"
    with pytest.raises(InputError):
        move_vertices(pair(), {at(10, 10): (float("nan"), 0.0)})


def test_a_vertex_enters_both_sides_of_an_edge_and_leaves_them() -> None:
    before = pair()
    for edge in ((at(10, 0), at(10, 10)), (at(10, 10), at(10, 0))):
        with_it, changed = insert_vertex(before, edge, at(10.2, 5))
        assert changed.tolist() == [True, True, False]
        assert total(with_it) == pytest.approx(total(before))
        sound(with_it)
        without, again = delete_vertex(with_it, at(10.2, 5))
        assert again.tolist() == changed.tolist()
        assert (shapely.to_wkb(without) == shapely.to_wkb(before)).all()


@settings(max_examples=40, deadline=None)
@given(seeds(), st.integers(0, 10_000))
def test_deleting_any_vertex_keeps_a_ring_closed(seed: int, pick: int) -> None:
    parcels = cadastre(seed)
    corners = vertices(parcels)
    gone = tuple(corners[pick % len(corners)].tolist())
    rings = shapely.get_rings(np.concatenate([areal(one) for one in parcels]))
    if any(len(set(ring.coords)) == 3 and gone in ring.coords for ring in rings):
        with pytest.raises(InputError, match="少于 3 个"):
            delete_vertex(parcels, gone)
        return
    left, changed = delete_vertex(parcels, gone)
    assert corner_set(left) == corner_set(parcels) - {gone}
    assert changed.tolist() == [gone in corner_set(parcels[[n]]) for n in range(len(parcels))]


def test_an_edge_that_is_none_is_refused() -> None:
    for edge in ((at(0, 0), at(10, 10)), (at(0, 0), at(0, 0)), (at(1, 0), at(10, 0))):
        with pytest.raises(InputError) as caught:
            insert_vertex(pair(), edge, at(5, 5))
        assert caught.value.code == "edge_not_found"
    with pytest.raises(InputError) as caught:
        insert_vertex(pair(), (at(0, 0), at(10, 0)), at(10, 0))
    assert caught.value.code == "vertex_exists"


def test_new_vertices_enter_edges_beside_and_old_ones_enter_touched_edges() -> None:
    touched = shapes([polygon((0, 0), (10, 0), (10 + 4e-8, 4), (10, 10), (0, 10))])
    beside = shapes([box(10, 0, 20, 6), box(10, 6, 20, 10), box(30, 0, 40, 10)])
    noded = node_together(touched, beside, tolerance_m=TOLERANCE_M)
    assert noded.beside_changed.tolist() == [True, False, False]
    assert noded.beside[2] is beside[2]
    assert at(10 + 4e-8, 4) in corner_set(noded.beside[:1])
    assert at(10, 6) in corner_set(noded.touched)
    assert {tuple(p) for p in noded.inserted.tolist()} == {at(10 + 4e-8, 4), at(10, 6)}
    sound(np.concatenate([noded.touched, noded.beside]))


def test_touched_follows_what_stands_beside_it() -> None:
    touched, beside = (
        shapes([polygon((0, 0), (10.0004, 0.0001), (10, 9.9998), (0, 10))]),
        shapes([box(10, 0, 20, 10)]),
    )
    noded = node_together(touched, beside, tolerance_m=TOLERANCE_M)
    assert {at(10, 0), at(10, 10)} <= corner_set(noded.touched)
    assert noded.beside[0] is beside[0]
    on_edge = shapes([polygon((0, 0), (10.0003, 5), (0, 10))])
    noded = node_together(on_edge, beside, tolerance_m=TOLERANCE_M)
    assert at(10, 5) in corner_set(noded.touched) & corner_set(noded.beside)
    assert total(noded.beside) == pytest.approx(total(beside), abs=1e-9)
    kept = node_together(touched, beside, tolerance_m=TOLERANCE_M, before=touched)
    assert (shapely.to_wkb(kept.touched) == shapely.to_wkb(touched)).all()


def test_two_touched_shapes_become_one_along_their_edge() -> None:
    touched = shapes(
        [box(0, 0, 10, 10), polygon((10.0002, 0), (20, 0), (20, 10), (10.0001, 10), (10.0003, 5))]
    )
    noded = node_together(touched, np.empty(0, dtype=object), tolerance_m=TOLERANCE_M)
    sound(noded.touched)
    assert len(corner_set(noded.touched[:1]) & corner_set(noded.touched[1:])) == 3


def test_vertices_known_from_before_enter_no_neighbour() -> None:
    touched = shapes([polygon((0, 0), (10, 0), (10, 4), (10, 7), (10, 10), (0, 10))])
    beside = shapes([box(10, 0, 20, 10)])
    before = shapes([polygon((0, 0), (10, 0), (10, 4), (0, 10))])
    noded = node_together(touched, beside, tolerance_m=TOLERANCE_M, before=before)
    assert corner_set(noded.beside) - corner_set(beside) == {at(10, 7)}


def test_a_shape_that_would_become_invalid_stays() -> None:
    thin = polygon((0, 0), (10, 0), (10, 10), (10.0002, 0), (20, 0), (20, 12), (0, 12))
    touched = shapes([polygon((4, 0), (10.0001, 5), (4, -3))])
    noded = node_together(touched, shapes([thin]), tolerance_m=TOLERANCE_M)
    assert shapely.is_valid(noded.beside).all()
    assert shapely.is_valid(noded.touched).all()


@settings(max_examples=40, deadline=None)
@given(seeds(), st.integers(0, 20), st.integers(1, 3))
def test_noding_a_shaken_parcel_back_is_sound_and_idempotent(seed: int, at: int, points: int) -> None:
    """A parcel digitised again, a few tenths of a millimetre off and with points of its own on its edges."""
    parcels = cadastre(seed)
    # Of two neighbours' corners nearer than the tolerance to each other a shaken corner may go to either.
    corners = shapely.points(vertices(parcels))
    i, j = shapely.STRtree(corners).query(corners, predicate="dwithin", distance=2 * TOLERANCE_M)
    assume((i == j).all())
    at %= len(parcels)
    beside = np.delete(parcels, at)
    finer = shapely.segmentize(parcels[[at]], 40 / points)
    shaken = shapely.transform(finer, lambda xy: xy + 0.0002 * np.sin(xy * 12_345 + seed))
    noded = node_together(shaken, beside, tolerance_m=TOLERANCE_M)
    every = np.concatenate([noded.touched, noded.beside])
    sound(every)
    assert corner_set(beside) <= corner_set(noded.beside)
    assert (
        np.abs(shapely.area(noded.beside) - shapely.area(beside)).max()
        < 0.0005 * shapely.length(beside).max()
    )
    again = node_together(noded.touched, noded.beside, tolerance_m=TOLERANCE_M)
    assert not again.beside_changed.any()
    assert not len(again.inserted)
    assert (shapely.to_wkb(again.touched) == shapely.to_wkb(noded.touched)).all()


def test_nothing_touched_and_nothing_beside() -> None:
    nothing: Geometries = np.empty(0, dtype=object)
    assert not node_together(nothing, pair(), tolerance_m=TOLERANCE_M).beside_changed.any()
    assert len(node_together(pair(), nothing, tolerance_m=TOLERANCE_M).touched) == 3


def test_a_cut_takes_no_ground_where_neighbours_are_a_hair_apart() -> None:
    """Its ends stay on the parcel's own boundary, and the neighbour's old vertices stay out of it."""
    parcel, beside = (
        box(0, 0, 400, 10),
        shapes([polygon((0, 10.0003), (170, 10.0003), (400, 10.0003), (200, 30))]),
    )
    halves = shapes([box(0, 0, 250, 10), box(250, 0, 400, 10)])
    noded = node_together(halves, beside, tolerance_m=TOLERANCE_M, before=np.append(beside, parcel))
    assert total(noded.touched) == total(halves)
    assert at(250, 10) in corner_set(noded.beside)
    assert at(170, 10.0003) not in corner_set(noded.touched)
    # On a neighbour's vertex both are one, and a boundary that is new takes in what lies beside it.
    onto = node_together(
        shapes([box(0, 0, 170, 10), box(170, 0, 400, 10)]), beside, tolerance_m=TOLERANCE_M,
        before=np.append(beside, parcel),
    )  # fmt: skip
    assert at(170, 10.0003) in corner_set(onto.touched)
    drawn = node_together(shapes([parcel]), beside, tolerance_m=TOLERANCE_M, before=beside)
    assert at(170, 10.0003) in corner_set(drawn.touched)
