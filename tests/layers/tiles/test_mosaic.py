"""Small-scale tiles lose nothing: every feature is counted once, in one tile of each zoom, whatever its size or group."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from layers.tiles.grid import HALF_WORLD, Tile
from layers.tiles.mosaic import EXTENT, FEATURE, MOST_SHAPES, Mosaic, Overview, mosaic

SIDE = 2 * HALF_WORLD / (1 << 12)
# A place on the common corner of four tiles of zoom 12.
CORNER = (3413 * SIDE - HALF_WORLD, HALF_WORLD - 1698 * SIDE)

offsets = st.floats(-2 * SIDE, 2 * SIDE) | st.sampled_from([0.0, SIDE, -SIDE, SIDE / 1024])
boxes = st.tuples(offsets, offsets, st.floats(0.1, 3000), st.floats(0.1, 3000), st.integers(0, 3))


def overview(rows: list[tuple[float, float, float, float, int]]) -> Overview:
    features = np.zeros(len(rows), dtype=FEATURE.newbyteorder("="))
    for place, (x, y, width, height, _) in enumerate(rows):
        west, south = CORNER[0] + x - width / 2, CORNER[1] + y - height / 2
        features[place] = (place, west, south, west + width, south + height, width * height)
    return Overview(features, np.array([row[4] for row in rows], dtype=np.int64))


def cut(view: Overview, zoom: int, row: int, column: int, keys: int = 4) -> Mosaic | None:
    return mosaic(view, Tile(zoom, row, column), np.arange(keys), keys)


@given(st.lists(boxes, min_size=1, max_size=60))
def test_every_feature_is_counted_in_exactly_one_tile(
    rows: list[tuple[float, float, float, float, int]],
) -> None:
    view = overview(rows)
    for zoom in (8, 12):
        shift = 12 - zoom
        near = {(r >> shift, c >> shift) for r in range(1694, 1703) for c in range(3409, 3418)}
        cuts = [one for row, column in near if (one := cut(view, zoom, row, column))]
        assert sum(one.counts.sum() for one in cuts) == len(rows)
        by_key = np.sum([one.counts for one in cuts], axis=0)
        assert by_key.tolist() == np.bincount([row[4] for row in rows], minlength=4).tolist()
        assert sum(one.areas_m2.sum() for one in cuts) == pytest.approx(sum(row[2] * row[3] for row in rows))


@given(st.lists(boxes, min_size=1, max_size=60))
def test_every_group_with_features_is_drawn(rows: list[tuple[float, float, float, float, int]]) -> None:
    view = overview(rows)
    for row in range(1696, 1700):
        for column in range(3411, 3415):
            one = cut(view, 12, row, column)
            if one:
                drawn = set(one.cells) | set(one.shape_keys.tolist())
                assert set(np.flatnonzero(one.counts).tolist()) <= drawn


@given(st.lists(boxes, min_size=1, max_size=60))
def test_a_groups_cells_are_outer_rings_inside_the_tile_and_never_overlap(
    rows: list[tuple[float, float, float, float, int]],
) -> None:
    small = [(x, y, min(width, 50), min(height, 50), key) for x, y, width, height, key in rows]
    one = cut(overview(small), 12, 1698, 3413)
    for wkb in one.cells.values() if one else ():
        squares = shapely.get_parts(shapely.from_wkb(wkb))
        assert all(shapely.is_ccw(square.exterior) for square in squares)
        assert shapely.area(shapely.union_all(squares)) == sum(square.area for square in squares)
        assert shapely.box(0, 0, EXTENT, EXTENT).covers(shapely.from_wkb(wkb))


def test_the_group_with_most_land_colours_the_pixel() -> None:
    rows = [(100.0, -100.0, 2.0, 2.0, 0), (101.0, -100.0, 3.0, 3.0, 1), (100.0, -101.0, 2.0, 2.0, 0)]
    one = cut(overview(rows), 12, 1698, 3413)
    assert one is not None
    place = {key: shapely.from_wkb(wkb) for key, wkb in one.cells.items()}
    assert place[1].area == 16  # one pixel; group 0 has less land there but still gets a cell of its own
    assert set(place) == {0, 1}
    assert one.counts.tolist() == [2, 1, 0, 0]


def test_of_too_many_big_features_only_the_biggest_are_shapes_and_the_rest_is_still_counted() -> None:
    many = MOST_SHAPES + 500
    rows = [(50.0 + n % 70 * 100, -50.0 - n // 70 * 100, 200.0 + n, 200.0, n % 4) for n in range(many)]
    one = cut(overview(rows), 12, 1698, 3413)
    assert one is not None
    assert len(one.shape_ids) == MOST_SHAPES
    assert one.shape_ids.min() == 500
    assert one.counts.sum() == many


def test_groups_that_may_not_be_seen_are_neither_counted_nor_drawn() -> None:
    view = overview([(100.0, -100.0, 5.0, 5.0, 0), (200.0, -100.0, 500.0, 500.0, 1)])
    one = mosaic(view, Tile(12, 1698, 3413), np.array([0, -1]), 1)
    assert one is not None
    assert one.counts.tolist() == [1]
    assert len(one.shape_ids) == 0
    assert mosaic(view, Tile(12, 1698, 3413), np.array([-1, -1]), 1) is None
