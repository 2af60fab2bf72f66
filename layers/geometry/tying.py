"""Which shapes lie together: chains whose links are no longer than a gap, in the metres of a survey's plane.

Refuses to guess: how much the equal-area cylinder and the survey's plane differ in a county is bounded, so that lengths on
the cylinder tell nearly every link and gap apart; the few that they leave open are measured in the survey's plane.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.geometry.bordering import touched
from layers.geometry.decoded import Vertices
from layers.geometry.equal_area import equal_area_xy
from layers.geometry.parallel import in_slices
from layers.geometry.transform import CGCS2000, Box, Floats, transform_xy

Indices = NDArray[np.intp]

_SAMPLES = 17  # a side: the stretch between the planes changes slowly over a county
_STEP = 1e-4  # degrees, some ten metres
_WIDER = 0.05  # of its range: what the stretch may exceed between two samples
_STRANGE = 0.05  # ground so large or far from the survey's that lengths on the cylinder tell little
_RADIUS_M = 6.37e6
_ROUNDED = 1e-6
_SLANTS = (45.0, 135.0, 22.5, 67.5, 112.5, 157.5)  # degrees, beside those of the boxes
_PAIRS = 8192
_CHUNK = 4096  # shapes at a time: what is worked out of one chunk stays in the processor's cache


@dataclass(frozen=True, slots=True)
class Survey:
    """Where lengths are measured: the survey's system, and the box (EPSG:4490) by which its datum shift is picked."""

    crs: int
    bbox_4490: Box

    def xy(self, lonlat: Floats) -> Floats:
        return transform_xy(lonlat, CGCS2000, self.crs, bbox_4490=self.bbox_4490)


@dataclass(frozen=True, slots=True)
class _Plane:
    """Vertices on a plane whose lengths are between `least` and `most` times as long in the survey's.

    An edge that is straight on the one is bent on the other, by no more than `bend` times the square of its length.
    """

    xy: Floats
    least: float
    most: float
    bend: float


def tied(
    shapes_4490: Vertices, cylinder_xy: Floats, *, latitude: float, gap_m: float, survey: Survey
) -> Indices:
    """For each shape the number of its cluster: that of one shape in it. `cylinder_xy`: its vertices by `equal_area_xy`."""
    label = np.arange(len(shapes_4490))
    if not len(label):
        return label
    plane = _compared(shapes_4490.xy, cylinder_xy, latitude, survey)
    label = _merged(label, *_in_one_cell(shapes_4490, plane, gap_m))
    a, b, bend = _neighbours(shapes_4490, plane, label, gap_m)

    def measured(a: Indices, b: Indices, bend: Floats) -> NDArray[np.bool_]:
        return _near(shapes_4490, plane, a, b, bend, gap_m, survey)

    # A single link ties two clusters: of all pairs between the same two, one is tried before the others.
    for tried in (_one_of_each(label[a], label[b]), None):
        now = np.arange(len(a)) if tried is None else tried
        parts = in_slices(measured, [a[now], b[now], bend[now]], size=_PAIRS)
        near = np.concatenate([np.empty(0, dtype=bool), *parts])
        label = _merged(label, a[now][near], b[now][near])
        left = label[a] != label[b]
        left[now] = False
        a, b, bend = a[left], b[left], bend[left]
    return label


def _compared(lonlat: Floats, cylinder_xy: Floats, latitude: float, survey: Survey) -> _Plane:
    """The cylinder with its bounds; the survey's own plane where they are too wide to be of use."""
    west, south, east, north = _extent(lonlat)
    lon, lat = (
        grid.ravel()
        for grid in np.meshgrid(np.linspace(west, east, _SAMPLES), np.linspace(south, north, _SAMPLES))
    )
    here = np.column_stack([lon, lat])

    def slopes(place: Callable[[Floats], Floats]) -> Floats:
        steps = [
            (place(here + step) - place(here - step)) / (2 * _STEP) for step in ([_STEP, 0.0], [0.0, _STEP])
        ]
        return np.stack(steps, axis=-1)

    with np.errstate(invalid="ignore"):
        turned = slopes(survey.xy) @ np.linalg.inv(slopes(lambda xy: equal_area_xy(xy, latitude=latitude)))
    if np.isfinite(turned).all():
        stretch = np.linalg.svd(turned, compute_uv=False)
        spare = _WIDER * float(np.ptp(stretch)) + _ROUNDED
        least, most = float(stretch.min()) - spare, float(stretch.max()) + spare
        if abs(least - 1) < _STRANGE and abs(most - 1) < _STRANGE:
            steepest = float(np.tan(np.radians(np.abs(lat).max())))
            return _Plane(cylinder_xy, least, most, (1 + steepest) / (2 * _RADIUS_M))
    return _Plane(survey.xy(lonlat), 1.0, 1.0, 0.0)


def _in_one_cell(shapes: Vertices, plane: _Plane, gap_m: float) -> tuple[Indices, Indices]:
    """Pairs of shapes that have vertices in one cell of a grid so fine that these are within the gap of each other."""
    nothing = np.empty(0, np.intp)
    side = gap_m / (plane.most * np.sqrt(2)) * (1 - _ROUNDED)
    west, south, east, north = _extent(plane.xy)
    bits = max(len(shapes) - 1, 1).bit_length()
    columns, rows = (extent // max(side, _ROUNDED) + 2 for extent in (east - west, north - south))
    if side <= _ROUNDED or not columns * rows < 2.0 ** (62 - bits):
        return nothing, nothing  # the pairs are all looked at one by one
    packed = np.empty(len(plane.xy), dtype=np.int64)
    for at in range(0, len(shapes), _CHUNK):
        start = shapes.start[at : at + _CHUNK + 1]
        owner = np.repeat(np.arange(at, at + len(start) - 1), np.diff(start))
        x, y = plane.xy[start[0] : start[-1]].T
        column, row = ((x - west) / side).astype(np.int64), ((y - south) / side).astype(np.int64)
        packed[start[0] : start[-1]] = (column * int(rows) + row) << bits | owner
    packed.sort()
    pairs = [(nothing, nothing)]
    for at in range(0, len(packed), _CHUNK * 8):
        part = packed[at : at + _CHUNK * 8 + 1]
        owner = part & ((1 << bits) - 1)
        linked = (part[1:] >> bits == part[:-1] >> bits) & (owner[1:] != owner[:-1])
        pairs.append((owner[:-1][linked], owner[1:][linked]))
    one, other = (np.concatenate(side) for side in zip(*pairs, strict=True))
    return one, other


def _neighbours(
    shapes: Vertices, plane: _Plane, label: Indices, gap_m: float
) -> tuple[Indices, Indices, Floats]:
    """Pairs of shapes in different clusters whose boxes are near enough, and by how much their edges may be bent."""
    # Of a pair one at least isn't in the largest cluster.
    asked = np.flatnonzero(label != np.bincount(label).argmax())
    if not len(asked):
        return np.empty(0, np.intp), np.empty(0, np.intp), np.empty(0)
    boxes = shapes.boxes(plane.xy)
    bend = plane.bend * ((boxes[:, 2:] - boxes[:, :2]) ** 2).sum(axis=1)
    reach = (gap_m + 2 * bend.max()) / plane.least * (1 + _ROUNDED) + _ROUNDED
    half = reach / 2 * np.array([-1, -1, 1, 1])
    few = len(asked) < len(shapes) / 2
    others = np.flatnonzero(touched(boxes, boxes[asked] + 2 * half)) if few else np.arange(len(shapes))
    # Boxes within reach of each other meet when each is grown by half.
    grown = shapely.box(*(boxes[others] + half).T)
    at, b = shapely.STRtree(grown).query(grown[np.searchsorted(others, asked)])
    a, b = asked[at], others[b]
    is_asked = np.zeros(len(shapes), dtype=bool)
    is_asked[asked] = True
    open_ = (label[a] != label[b]) & ((a < b) | ~is_asked[b])
    a, b = a[open_], b[open_]
    open_ = ~_apart(shapes, plane, a, b, reach)
    a, b = a[open_], b[open_]
    return a, b, np.maximum(bend[a], bend[b])


def _apart(shapes: Vertices, plane: _Plane, a: Indices, b: Indices, reach: float) -> NDArray[np.bool_]:
    """Which pairs a straight strip wider than `reach` parts: one across any of a few slanting directions."""
    if len(a) < len(shapes) / 8:
        return np.zeros(len(a), dtype=bool)  # measured sooner than all shapes are looked at

    def ends(first: Indices, end: Indices) -> Floats:
        x, y = plane.xy[first[0] : end[-1]].T.copy()
        along = [x * np.cos(angle) + y * np.sin(angle) for angle in np.radians(_SLANTS)]
        return np.array(
            [[fold.reduceat(line, first - first[0]) for line in along] for fold in (np.minimum, np.maximum)]
        )

    slices = in_slices(ends, [shapes.start[:-1], shapes.start[1:]], size=_CHUNK)
    apart = np.zeros(len(a), dtype=bool)
    for low, high in zip(*np.concatenate(slices, axis=2), strict=True):
        apart |= (low[a] > high[b] + reach) | (low[b] > high[a] + reach)
    return apart


def _near(
    shapes: Vertices, plane: _Plane, a: Indices, b: Indices, bend: Floats, gap_m: float, survey: Survey
) -> NDArray[np.bool_]:
    """Which pairs are within the gap of each other."""
    used, at = np.unique(np.concatenate([a, b]), return_inverse=True)
    made = shapes.shapes(plane.xy, used)
    one, other = made[at[: len(a)]], made[at[len(a) :]]
    spare = 2 * bend + _ROUNDED
    length = shapely.distance(one, other)
    near: NDArray[np.bool_] = length * plane.most + spare <= gap_m
    open_ = np.flatnonzero(~near & (length * plane.least - spare <= gap_m))
    used, at = np.unique(np.concatenate([a[open_], b[open_]]), return_inverse=True)
    exact = shapes.moved(survey.xy, used)
    # Compared as a number: `dwithin` may say no of just the distance that `distance` tells.
    near[open_] = shapely.distance(exact[at[: len(open_)]], exact[at[len(open_) :]]) <= gap_m
    return near


def _one_of_each(one: Indices, other: Indices) -> Indices:
    """The place of one pair for each two different numbers, whichever of them comes first."""
    least, most = np.minimum(one, other), np.maximum(one, other)
    return np.unique(least * (most.max(initial=0) + 1) + most, return_index=True)[1]


def _merged(label: Indices, a: Indices, b: Indices) -> Indices:
    """The clusters after shape a[n] was tied to shape b[n]; a cluster's number is the least of its shapes'."""
    while len(a):
        one, other = label[a], label[b]
        apart = one != other
        a, b, one, other = a[apart], b[apart], one[apart], other[apart]
        label = label.copy()
        np.minimum.at(label, np.maximum(one, other), np.minimum(one, other))
        while not np.array_equal(further := label[label], label):
            label = further
    return label


def _extent(xy: Floats) -> tuple[float, float, float, float]:
    """West, south, east, north; a column at a time is far quicker than numpy's own way over rows of two."""
    x, y = xy.T
    return float(x.min()), float(y.min()), float(x.max()), float(y.max())
