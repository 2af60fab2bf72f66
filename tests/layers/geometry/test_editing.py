"""A cadastre under any sequence of edits stays sound: no ground lost or won, shared vertices identical."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from landgis.lib.errors import InputError
from layers.geometry.exact import shapes, vertices
from layers.geometry.merging import merge
from layers.geometry.noding import move_vertices, node_together
from layers.geometry.splitting import split
from layers.geometry.subdividing import EXACT_M2, strip_of_area
from layers.geometry.transform import Geometries
from tests.layers.geometry.coverages import (
    YIWU,
    cadastre,
    corner_set,
    lines_over,
    neighbours_of,
    seeds,
    sound,
    total,
)
from tests.layers.geometry.shapes import covering

TOLERANCE_M = 0.0005
MAY_REFUSE = {"line_does_not_cut", "merge_leaves_slit"}
EDITS = ("split", "strip", "merge", "move")


def edited(parcels: Geometries, edit: str, at: int, rng: np.random.Generator) -> tuple[Geometries, list[int]]:
    """The new shapes, and which parcels they take the place of."""
    whole = parcels[at]
    if edit == "split":
        return shapes(split(whole, lines_over(whole, rng, int(rng.integers(1, 4))))), [at]
    if edit == "strip":
        angle = rng.uniform(0, 2 * np.pi)
        area_m2 = rng.uniform(0.01, 0.99) * whole.area
        if not EXACT_M2 <= area_m2 <= whole.area - EXACT_M2:  # of a sliver that the splits before left
            with pytest.raises(InputError, match="须大于 0 且小于宗地面积"):
                strip_of_area(whole, area_m2, direction=(np.cos(angle), np.sin(angle)))
            return parcels[[at]], [at]
        strip, rest = strip_of_area(whole, area_m2, direction=(np.cos(angle), np.sin(angle)))
        assert strip.area == pytest.approx(area_m2, abs=1e-3)
        return shapes([strip, rest]), [at]
    chosen = [at, *neighbours_of(parcels, at)[:2]]
    return shapes([merge(parcels[chosen])]), chosen


def moved(parcels: Geometries, at: int, rng: np.random.Generator) -> Geometries:
    corners = vertices(parcels[[at]])
    source = corners[rng.integers(len(corners))]
    after, changed = move_vertices(
        parcels, {tuple(source.tolist()): tuple((source + rng.uniform(-1, 1, 2)).tolist())}
    )
    assert [one is two for one, two in zip(parcels, after, strict=True)] == (~changed).tolist()
    whole = shapely.is_valid(after).all() and shapely.union_all(after).area == pytest.approx(
        total(after), abs=1e-6
    )
    return after if whole else parcels  # the rules refuse what crosses a boundary


@settings(max_examples=50, deadline=None)
@given(seeds(), st.lists(st.sampled_from(EDITS), min_size=1, max_size=8))
@example(1459, ["merge", "move", "split", "split", "split", "split", "strip"])
def test_any_sequence_of_edits_keeps_the_cadastre_sound(seed: int, edits: list[str]) -> None:
    rng = np.random.default_rng(seed)
    parcels = cadastre(seed)
    for edit in edits:
        at = int(rng.integers(len(parcels)))
        if edit == "move":
            parcels = moved(parcels, at, rng)
            sound(parcels)
            continue
        try:
            new, gone = edited(parcels, edit, at, rng)
        except InputError as error:
            if error.code in MAY_REFUSE:
                continue
            raise
        noded = node_together(new, np.delete(parcels, gone), tolerance_m=TOLERANCE_M, before=parcels)
        after = np.concatenate([noded.touched, noded.beside])
        assert total(after) == pytest.approx(total(parcels), abs=1e-3)
        assert edit == "merge" or corner_set(parcels) <= corner_set(after)
        sound(after)
        parcels = after


def fastest_ms(work: Callable[[], object]) -> float:
    spent = []
    for _ in range(7):
        start = time.perf_counter()
        work()
        spent.append(time.perf_counter() - start)
    return min(spent) * 1000


def test_fifty_neighbours_are_split_merged_and_noded_within_a_blink() -> None:
    """5 ms each on an idle machine; the bound here leaves room for a busy one."""
    parcels = covering(7, 7, steps=4, origin=YIWU)
    whole, rest = parcels[24], np.delete(parcels, 24)
    middle = shapely.centroid(whole)
    line = np.array([[middle.x - 60, middle.y], [middle.x + 60, middle.y + 3]])

    parts = shapes(split(whole, [line]))
    assert fastest_ms(lambda: split(whole, [line])) < 20
    assert fastest_ms(lambda: merge(parts)) < 20
    assert fastest_ms(lambda: node_together(parts, rest, tolerance_m=TOLERANCE_M, before=parcels)) < 20
    noded = node_together(parts, rest, tolerance_m=TOLERANCE_M, before=parcels)
    sound(np.concatenate([noded.touched, noded.beside]))
    assert noded.beside_changed.sum() == 2
