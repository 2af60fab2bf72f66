"""A layer shifted as a whole is told by what it meets once the shift is undone; one that lies where it belongs never is."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from layers.geometry.alignment import check_aligned, misplaced
from layers.geometry.declared import CrsError
from layers.geometry.gcj02 import bd09_from_gcj02, gcj02_from_wgs84
from layers.geometry.transform import Floats, Geometries, with_coordinates

DEMO = Path("data/shapefiles")
NONE: Geometries = np.array([], dtype=object)
SHIFTS: dict[str, Callable[[Floats], Floats]] = {
    "GCJ-02": gcj02_from_wgs84,
    "BD-09": lambda points: bd09_from_gcj02(gcj02_from_wgs84(points)),
}
# The demo's county itself, another one in China and one abroad: the same shapes, moved there.
PLACES = {"义乌": (0.0, 0.0), "兰州": (-16.3, 6.9), "Praha": (-105.6, 20.8)}


@cache
def demo(layer: str) -> Geometries:
    geoms: Geometries = gpd.read_file(DEMO / f"{layer}.shp", encoding="gbk").to_crs(4490).geometry.to_numpy()
    return geoms


def at(place: str, layer: str) -> Geometries:
    return moved(demo(layer), lambda points: points + np.array(PLACES[place]))


def moved(geoms: Geometries, how: Callable[[Floats], Floats]) -> Geometries:
    return with_coordinates(geoms, how(shapely.get_coordinates(geoms)))


@pytest.mark.parametrize("place", ["义乌", "兰州"])
@pytest.mark.parametrize("system", list(SHIFTS))
@pytest.mark.parametrize("layer", ["control_lines", "platforms"])
def test_a_shifted_layer_is_told_by_the_registered_parcels(layer: str, system: str, place: str) -> None:
    found = misplaced(
        moved(at(place, layer), SHIFTS[system]), parcels_4490=at(place, "parcels"), edges_4490=NONE
    )
    assert found is not None
    assert found.shift.name == system
    # Lines run around parcels; platforms share some of their edges.
    assert ("宗地中被边线切开" if layer == "control_lines" else "落在已入库图形边线上") in found.measured


@pytest.mark.parametrize("system", list(SHIFTS))
@pytest.mark.parametrize("layer", ["control_lines", "platforms", "towns"])
def test_a_single_shape_that_stands_already_is_told_by_itself(layer: str, system: str) -> None:
    one = demo(layer)[:1]
    edges = np.concatenate([demo("towns"), demo("platforms"), demo("control_lines")])
    found = misplaced(moved(one, SHIFTS[system]), parcels_4490=NONE, edges_4490=edges)
    assert found is not None
    assert found.shift.name == system


@pytest.mark.parametrize("minutes", [5, -25])
@pytest.mark.parametrize("place", list(PLACES))
def test_another_central_meridian_is_told_by_what_stands_already(place: str, minutes: int) -> None:
    off = moved(at(place, "platforms"), lambda points: points + np.array([minutes / 60, 0]))
    with pytest.raises(CrsError, match=rf"中央经线相差 {abs(minutes)}′还原后 \d+ 个") as refused:
        check_aligned(off, parcels_4490=at(place, "parcels"), edges_4490=at(place, "control_lines"))
    assert refused.value.code == "crs_meridian"


def test_the_refusal_names_what_was_measured_and_the_remedy() -> None:
    off = moved(demo("control_lines"), gcj02_from_wgs84)
    with pytest.raises(
        CrsError, match=r"现状 \d+/\d+（2\d\.\d%），按 GCJ-02 去偏后 \d+/\d+（8\.\d%）"
    ) as refused:
        check_aligned(off, parcels_4490=demo("parcels"), edges_4490=demo("towns"))
    assert refused.value.code == "crs_shifted"
    assert "未加偏" in refused.value.remedy


@pytest.mark.parametrize("place", list(PLACES))
@pytest.mark.parametrize("layer", ["control_lines", "platforms", "towns"])
def test_what_lies_where_it_belongs_is_never_suspected(layer: str, place: str) -> None:
    every, parcels = at(place, layer), at(place, "parcels")
    others = np.concatenate([at(place, other) for other in ("control_lines", "platforms", "towns")])
    assert misplaced(every, parcels_4490=parcels, edges_4490=NONE) is None
    for some in (every[:1], every[::3]):
        assert misplaced(some, parcels_4490=parcels, edges_4490=others) is None


def test_layers_drawn_without_regard_to_parcels_are_never_suspected() -> None:
    rng = np.random.default_rng(5)
    parcels, others = demo("parcels"), np.concatenate([demo("control_lines"), demo("platforms")])
    centres = shapely.get_coordinates(shapely.centroid(parcels))
    for _ in range(20):
        some = []
        for x, y in centres[rng.integers(0, len(parcels), rng.integers(1, 20))] + rng.normal(0, 0.006, 2):
            angle = np.sort(rng.uniform(0, 2 * np.pi, rng.integers(6, 60)))
            radius = rng.uniform(0.002, 0.02) * rng.uniform(0.5, 1, len(angle))
            some.append(
                shapely.Polygon(np.column_stack([x + radius * np.cos(angle), y + radius * np.sin(angle)]))
            )
        assert misplaced(np.array(some), parcels_4490=parcels, edges_4490=others) is None


@pytest.mark.parametrize("system", list(SHIFTS))
def test_without_a_register_or_shapes_nothing_is_said(system: str) -> None:
    off = moved(demo("control_lines"), SHIFTS[system])
    assert misplaced(off, parcels_4490=NONE, edges_4490=NONE) is None
    assert misplaced(off, parcels_4490=demo("parcels")[:40], edges_4490=demo("towns")) is None
    empty = np.array([None, shapely.Polygon()])
    assert misplaced(empty, parcels_4490=demo("parcels"), edges_4490=NONE) is None
    assert misplaced(off, parcels_4490=empty, edges_4490=empty) is None
