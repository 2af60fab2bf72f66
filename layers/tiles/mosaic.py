"""A tile of small scale: many features put together by what they show, none of them lost.

Refuses to drop: each feature is counted in the one tile that holds its centre. What is too small to be seen alone is
drawn as the pixel it lies in, in the colour of the group that covers most of it.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.tiles.grid import Tile

EXTENT = 1024  # a quarter of a pixel is exact enough at small scale, and half the bytes of 4096
BUFFER = 16
PIXEL = 4
MOST_SHAPES = 4000
FINE_CELLS = 10_000  # up to here a cell is one pixel, beyond it two by two

Ints = NDArray[np.int64]

FEATURE = np.dtype(
    [("id", ">i8"), ("west", ">f8"), ("south", ">f8"), ("east", ">f8"), ("north", ">f8"), ("area_m2", ">f8")]
)
_CELL = np.dtype(
    [("order", "u1"), ("kind", "<u4"), ("rings", "<u4"), ("points", "<u4"), ("xy", "<f8", (10,))]
)


@dataclass(frozen=True, slots=True)
class Overview:
    """All features of a collection: boxes in EPSG:3857, and the number of the group that each belongs to."""

    features: NDArray[Any]
    group: Ints


@dataclass(frozen=True, slots=True)
class Mosaic:
    """For each key: how many features and how much land it has in this tile, and its cells as WKB in tile units.

    `shape_ids` are the features big enough to be drawn as they are, `shape_keys` the key of each.
    """

    counts: Ints
    areas_m2: NDArray[np.float64]
    cells: dict[int, bytes]
    shape_ids: Ints
    shape_keys: Ints


def mosaic(overview: Overview, tile: Tile, key_of_group: Ints, keys: int) -> Mosaic | None:
    """The tile's groups; a group whose key is -1 isn't shown. None where the tile has nothing."""
    features = overview.features
    margin = tile.side * BUFFER / EXTENT
    near = np.flatnonzero(
        (features["east"] >= tile.west - margin)
        & (features["west"] <= tile.east + margin)
        & (features["north"] >= tile.south - margin)
        & (features["south"] <= tile.north + margin)
    )
    key = key_of_group[overview.group[near]]
    near, key = near[key >= 0], key[key >= 0]
    if not len(near):
        return None
    boxes = features[near]
    x, y = (boxes["west"] + boxes["east"]) / 2, (boxes["south"] + boxes["north"]) / 2
    # The edges are computed alike in neighbouring tiles, so every centre lies in exactly one of them.
    own = (x >= tile.west) & (x < tile.east) & (y > tile.south) & (y <= tile.north)
    drawn = _big(boxes, EXTENT / tile.side / PIXEL)
    scale = EXTENT / tile.side
    u = np.clip((x[own] - tile.west) * scale, 0, EXTENT - 1)
    v = np.clip((tile.north - y[own]) * scale, 0, EXTENT - 1)
    counts = np.bincount(key[own], minlength=keys)
    pixels = _cells(u, v, key[own], boxes["area_m2"][own], ~drawn[own], keys, shown=key[drawn])
    return Mosaic(
        counts,
        np.bincount(key[own], weights=boxes["area_m2"][own], minlength=keys).astype(np.float64),
        pixels,
        boxes["id"][drawn].astype(np.int64),
        key[drawn],
    )


def _big(boxes: NDArray[Any], pixels_a_metre: float) -> NDArray[np.bool_]:
    """Which features are drawn as shapes: big enough to be seen, and at most MOST_SHAPES, the biggest."""
    width = (boxes["east"] - boxes["west"]) * pixels_a_metre
    height = (boxes["north"] - boxes["south"]) * pixels_a_metre
    size = width * height
    big: NDArray[np.bool_] = (size >= 12) | (np.maximum(width, height) >= 6)
    candidates = np.flatnonzero(big)
    if len(candidates) > MOST_SHAPES:
        least = np.argpartition(size[candidates], -MOST_SHAPES)[:-MOST_SHAPES]
        big[candidates[least]] = False
    return big


def _cells(
    u: NDArray[np.float64],
    v: NDArray[np.float64],
    key: Ints,
    area: NDArray[np.float64],
    small: NDArray[np.bool_],
    keys: int,
    shown: Ints,
) -> dict[int, bytes]:
    """Rows of cells as WKB by key; a key that is outweighed everywhere still gets the cell of one of its features."""
    size = PIXEL if np.count_nonzero(small) <= FINE_CELLS else 2 * PIXEL
    side = EXTENT // size
    place = (v // size).astype(np.int64) * side + (u // size).astype(np.int64)
    winners = _heaviest(place[small], key[small], area[small], keys)
    present = np.unique(key)
    unseen = np.setdiff1d(present, np.concatenate([winners[1], shown]))
    first = {int(one): int(np.argmax(key == one)) for one in unseen}
    places = np.concatenate([winners[0], place[list(first.values())]])
    owners = np.concatenate([winners[1], np.fromiter(first, dtype=np.int64, count=len(first))])
    return _rows_of_cells(places, owners, side, size)


def _heaviest(place: Ints, key: Ints, area: NDArray[np.float64], keys: int) -> tuple[Ints, Ints]:
    """For each place the key with the most land in it."""
    pairs, of_pair = np.unique(place * keys + key, return_inverse=True)
    weight = np.bincount(of_pair, weights=area, minlength=len(pairs))
    where, whose = pairs // keys, pairs % keys
    order = np.lexsort((-weight, where))
    where, whose = where[order], whose[order]
    first = np.ones(len(where), dtype=bool)
    first[1:] = where[1:] != where[:-1]
    return where[first], whose[first]


def _rows_of_cells(places: Ints, owners: Ints, side: int, size: int) -> dict[int, bytes]:
    """Neighbouring cells of one key in one row become one rectangle; WKB multipolygons in tile units, y downwards."""
    if not len(places):
        return {}
    order = np.lexsort((places, owners))
    places, owners = places[order], owners[order]
    begins = np.ones(len(places), dtype=bool)
    begins[1:] = (owners[1:] != owners[:-1]) | (places[1:] != places[:-1] + 1) | (places[1:] % side == 0)
    starts = np.flatnonzero(begins)
    ends = np.append(starts[1:], len(places)) - 1
    west, east = places[starts] % side * size, (places[ends] % side + 1) * size
    top, bottom = places[starts] // side * size, (places[starts] // side + 1) * size
    cells = np.empty(len(starts), dtype=_CELL)
    cells["order"], cells["kind"], cells["rings"], cells["points"] = 1, 3, 1, 5
    # Counter-clockwise in numbers is clockwise on screen, which is a vector tile's outer ring.
    cells["xy"] = np.column_stack([west, top, east, top, east, bottom, west, bottom, west, top])
    owner = owners[starts]
    cuts = np.flatnonzero(np.diff(owner)) + 1
    return {
        int(part_owner): _multipolygon(part)
        for part_owner, part in zip(owner[np.append(0, cuts)], np.split(cells, cuts), strict=True)
    }


def _multipolygon(cells: NDArray[Any]) -> bytes:
    return b"\x01\x06\x00\x00\x00" + len(cells).to_bytes(4, "little") + cells.tobytes()
