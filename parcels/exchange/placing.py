"""Where delivered shapes lie in degrees, worked out block by block by whoever needs a block first.

Refuses to work a block out twice. So the server is sent a delivery's first rows while the place of its last ones isn't
known yet, and the checks find most of it done.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.geometry.area import ellipsoidal_area_m2
from layers.geometry.shares import shares
from layers.geometry.transform import Floats, Geometries
from layers.geometry.validity import sound_shapes

Flags = NDArray[np.bool_]
Objects = NDArray[np.object_]

BLOCK_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class Places:
    """Shapes on the ground, row by row: in degrees, sound or not, their area on the ellipsoid (0 where unsound), their town."""

    geoms_4490: Geometries
    sound: Flags
    ellipsoidal_area_m2: Floats
    town_codes: Objects


@dataclass(frozen=True, slots=True)
class Towns:
    """The areas of towns, by which a shape's town is told."""

    areas_4490: Geometries
    codes: list[str]


class Placing:
    """The places of `count` shapes; `to_4490` brings those of a slice into degrees, `sound` are those worth it."""

    def __init__(self, sound: Flags, to_4490: Callable[[slice], Geometries], towns: Towns) -> None:
        self._sound, self._to_4490, self._towns = sound, to_4490, towns
        blocks = -(-len(sound) // BLOCK_ROWS)
        self._found: list[Places | None] = [None] * blocks
        self._locks = [Lock() for _ in range(blocks)]
        self._whole: Places | None = None

    def of(self, rows: NDArray[np.intp]) -> Places:
        """The places of `rows`, which are in order; no more blocks are worked out than these lie in."""
        if not len(rows):
            return _joined([])
        first, last = int(rows[0]) // BLOCK_ROWS, int(rows[-1]) // BLOCK_ROWS
        near = _joined([self._block(n) for n in range(first, last + 1)])
        at = rows - first * BLOCK_ROWS
        return Places(near.geoms_4490[at], near.sound[at], near.ellipsoidal_area_m2[at], near.town_codes[at])

    def whole(self) -> Places:
        if self._whole is None:
            self._whole = _joined([self._block(n) for n in range(len(self._found))])
        return self._whole

    def _block(self, n: int) -> Places:
        with self._locks[n]:
            found = self._found[n]
            if found is None:
                rows = slice(n * BLOCK_ROWS, (n + 1) * BLOCK_ROWS)
                found = self._found[n] = _placed(self._to_4490(rows), self._sound[rows], self._towns)
        return found


def _placed(lonlat: Geometries, sound: Flags, towns: Towns) -> Places:
    # A shape that was read in the wrong CRS may have no image at all on the ellipsoid.
    sound = sound & np.isfinite(shapely.bounds(lonlat)).all(axis=1)
    # Rings that touch in the plane may cross by a rounding in the degrees that are stored.
    sound[sound] = sound_shapes(lonlat[sound])
    area_m2 = np.zeros(len(lonlat))
    area_m2[sound] = ellipsoidal_area_m2(lonlat[sound])
    codes = np.full(len(lonlat), "", dtype=object)
    if len(towns.codes):
        codes[sound] = _towns(lonlat[sound], towns)
    return Places(lonlat, sound, area_m2, codes)


def _towns(geoms_4490: Geometries, towns: Towns) -> Objects:
    """The town that holds the largest part of each shape; '' where none does."""
    found = np.full(len(geoms_4490), "", dtype=object)
    parcel, area, share, _ = shares(geoms_4490, towns.areas_4490)
    order = np.lexsort((-share, parcel))
    parcel, area = parcel[order], area[order]
    parcel, first = np.unique(parcel, return_index=True)
    found[parcel] = np.array(towns.codes, dtype=object)[area[first]]
    return found


def _joined(parts: list[Places]) -> Places:
    if len(parts) == 1:
        return parts[0]
    return Places(
        np.concatenate([np.empty(0, dtype=object), *(part.geoms_4490 for part in parts)]),
        np.concatenate([np.empty(0, dtype=bool), *(part.sound for part in parts)]),
        np.concatenate([np.empty(0), *(part.ellipsoidal_area_m2 for part in parts)]),
        np.concatenate([np.empty(0, dtype=object), *(part.town_codes for part in parts)]),
    )
