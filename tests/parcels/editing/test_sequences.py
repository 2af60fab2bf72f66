"""Random layers under random edits, through preview and save in the database: what must hold after each, and backwards.

After every save: shapes are valid, nothing lies on anything, ground is neither lost nor won, neighbours have identical
vertices, descent doesn't run in a circle. Taken back newest first, the register is byte for byte what it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import shapely
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from landgis.access.queries import Actor, command_actor
from landgis.counties.models import County
from landgis.lib.errors import InputError
from layers.geometry.topology import overlaps_within
from layers.geometry.transform import Geometries, transform_geometries
from parcels.cadastre.lineage_models import Lineage
from parcels.cadastre.models import Parcel
from parcels.editing import actions
from parcels.editing.pieces import survey_shape
from parcels.editing.schemas import ChangeSetIn
from tests import factories
from tests.parcels.editing.conftest import EAST, NORTH, PREFIX, SURVEY, stored

pytestmark = pytest.mark.django_db
Body = dict[str, Any]
SIDE_M = 300.0
ON_LINE_M = 0.0005
TOUCHED_M2 = 0.001


@pytest.fixture(scope="module")
def registrar_of(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[County, Actor]]:
    with django_db_blocker.unblock(), transaction.atomic():
        county = factories.county()
        yield county, command_actor("system", county)
        transaction.set_rollback(True)


def layer(points: list[tuple[int, int]]) -> list[list[list[float]]]:
    """A layer without gaps: the ground of a square, each place given to its nearest point, rounded to millimetres."""
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.MultiPoint(points), extend_to=shapely.box(0, 0, SIDE_M, SIDE_M))
    )
    cells = shapely.intersection(cells, shapely.box(0, 0, SIDE_M, SIDE_M))
    xy = np.add(np.round(shapely.get_coordinates(cells), 3), (EAST, NORTH))
    return [shapely.get_coordinates(cell).tolist() for cell in shapely.set_coordinates(cells, xy)]


def usable(rings: list[list[list[float]]]) -> bool:
    shapes = np.array([shapely.Polygon(ring) for ring in rings], dtype=object)
    edges = np.concatenate([np.hypot(*np.diff(np.array(ring), axis=0).T) for ring in rings])
    return bool(
        shapely.is_valid(shapes).all()
        and (edges > 1).all()
        and not len(overlaps_within(shapes, 1e-4).i)
        and apart(shapes, [{(x, y) for x, y in ring} for ring in rings]) == []
    )


def apart(shapes: Geometries, vertices: list[set[tuple[float, float]]]) -> list[tuple[float, float]]:
    """Vertices that lie on a neighbour's boundary without being its vertices."""
    xy, owner = shapely.get_coordinates(shapes, return_index=True)
    places = shapely.points(xy)
    lines = shapely.boundary(shapes)
    v, k = shapely.STRtree(lines).query(places, predicate="dwithin", distance=ON_LINE_M)
    return [
        tuple(xy[a]) for a, b in zip(v, k, strict=True) if owner[a] != b and tuple(xy[a]) not in vertices[b]
    ]


def in_force() -> dict[str, shapely.MultiPolygon]:
    rows = list(Parcel.objects.filter(valid_to=None).order_by("code").values_list("code", "geom_4490"))
    geoms = np.array([shapely.from_wkb(bytes(geom.wkb)) for _, geom in rows], dtype=object)
    return dict(zip([code for code, _ in rows], transform_geometries(geoms, 4490, SURVEY), strict=True))


def snapshot() -> dict[int, tuple[Any, ...]]:
    return {
        row.pk: (row.code, bytes(row.geom_4490.wkb), bytes(row.geom_3857.wkb), row.planar_area_m2, row.note)
        for row in Parcel.objects.filter(valid_to=None)
    }


def ground(shapes: dict[str, shapely.MultiPolygon]) -> float:
    return float(sum(map(shapely.area, shapes.values())))


def check(shapes: dict[str, shapely.MultiPolygon]) -> None:
    geoms = np.array(list(shapes.values()), dtype=object)
    assert shapely.is_valid(geoms).all()
    assert not len(overlaps_within(geoms, 0.01).i)
    stored_shapes = [
        shapely.from_wkb(bytes(geom.wkb))
        for geom in Parcel.objects.filter(valid_to=None).order_by("code").values_list("geom_4490", flat=True)
    ]
    assert shapely.is_valid(stored_shapes).all()
    assert apart(geoms, [set(map(tuple, shapely.get_coordinates(geom).tolist())) for geom in geoms]) == []
    areas = dict(Parcel.objects.filter(valid_to=None).values_list("code", "planar_area_m2"))
    assert areas == pytest.approx({code: shapely.area(geom) for code, geom in shapes.items()}, abs=1e-4)


def check_descent() -> None:
    down: dict[int, set[int]] = {}
    for ancestor, descendant in Lineage.objects.values_list("ancestor_id", "descendant_id"):
        down.setdefault(ancestor, set()).add(descendant)

    def reached(parcel: int, seen: frozenset[int]) -> None:
        assert parcel not in seen
        for child in down.get(parcel, ()):
            reached(child, seen | {parcel})

    for parcel in down:
        reached(parcel, frozenset())


def operation(data: st.DataObject, shapes: dict[str, shapely.MultiPolygon]) -> tuple[Body, bool]:
    """Something to do to the register as it stands; True where it neither takes nor gives ground."""
    code = data.draw(st.sampled_from(sorted(shapes)))
    shape = shapes[code]
    kind = data.draw(
        st.sampled_from(["split", "subdivide", "merge", "move", "insert", "hole", "retire", "attributes"])
    )
    x, y = shapely.get_coordinates(shapely.point_on_surface(shape))[0].tolist()
    if kind == "split":
        angle = data.draw(st.floats(0, np.pi))
        dx, dy = 2 * SIDE_M * np.cos(angle), 2 * SIDE_M * np.sin(angle)
        return {"kind": "split", "parcel": code, "lines": [[[x - dx, y - dy], [x + dx, y + dy]]]}, True
    if kind == "subdivide":
        part = data.draw(st.floats(0.1, 0.9)) * shapely.area(shape)
        side = data.draw(st.sampled_from(["north", "south", "east", "west"]))
        return {"kind": "subdivide", "parcel": code, "area_m2": part, "side": side}, True
    if kind == "merge":
        others = [
            other for other in shapes if other != code and shapely.distance(shapes[other], shape) < 0.001
        ]
        if others:
            return {"kind": "merge", "parcels": [code, data.draw(st.sampled_from(sorted(others)))]}, True
    if kind in ("move", "insert"):
        ring = shapely.get_coordinates(shape.geoms[0].exterior).tolist()
        at = data.draw(st.integers(0, len(ring) - 2))
        shift = [data.draw(st.floats(-1.5, 1.5)), data.draw(st.floats(-1.5, 1.5))]
        if kind == "move":
            target = [ring[at][0] + shift[0], ring[at][1] + shift[1]]
            return {
                "kind": "move_vertices",
                "moves": [{"from": ring[at], "to": target}],
                "parcels": None,
            }, False
        middle = [(ring[at][k] + ring[at + 1][k]) / 2 + shift[k] for k in (0, 1)]
        return {"kind": "insert_vertex", "edge": [ring[at], ring[at + 1]], "at": middle}, False
    if kind == "hole":
        ring = [[x - 2, y - 2], [x + 2, y - 2], [x + 2, y + 2], [x - 2, y + 2]]
        hole = {"type": "MultiPolygon", "coordinates": [[ring]]}
        return {"kind": "cut_hole", "parcel": code, "geometry": hole, "keep": True}, True
    if kind == "retire" and len(shapes) > 3:
        return {"kind": "retire", "parcel": code}, False
    return {
        "kind": "attributes",
        "parcel": code,
        "values": {"note": data.draw(st.text("甲乙丙", max_size=3))},
    }, True


def saved(county: County, actor: Actor, operations: list[Body]) -> int | None:
    """The number of the change, or None where the rules or the geometry don't allow it."""
    said: Body = {"operations": operations, "reason": "随机", "warnings_reason": "随机"}
    try:
        told = actions.preview(county, actor, ChangeSetIn.model_validate(said))
    except InputError:
        return None
    versions = {item["key"]: item["version"] for item in told["parcels"] if item["version"] is not None}
    sent = ChangeSetIn.model_validate({**said, "versions": versions})
    if not told["can_save"]:
        with pytest.raises(InputError):
            actions.save(county, actor, sent)
        return None
    shapes = {item["key"]: survey_shape(item["geometry"]) for item in told["parcels"] if item["geometry"]}
    done = actions.save(county, actor, sent)
    now = in_force()
    for item in done.body["parcels"]:
        if item["key"] in shapes:
            assert shapely.hausdorff_distance(shapes[item["key"]], now[item["code"]]) < 1e-6
    return done.change_id


@given(
    points=st.lists(
        st.tuples(st.integers(10, 290), st.integers(10, 290)), min_size=4, max_size=9, unique=True
    ).filter(lambda points: usable(layer(points))),
    data=st.data(),
)
@settings(max_examples=25)
def test_random_edits_keep_the_register_whole(
    registrar_of: tuple[County, Actor], points: list[tuple[int, int]], data: st.DataObject
) -> None:
    county, actor = registrar_of
    with transaction.atomic():
        for number, ring in enumerate(layer(points), start=1):
            factories.parcel(county, f"{PREFIX}{number:05d}", stored(ring))
        before, changes = snapshot(), []
        for _ in range(data.draw(st.integers(1, 5))):
            shapes = in_force()
            todo = [operation(data, shapes)]
            if data.draw(st.booleans()):
                todo.append(operation(data, shapes))
            change = saved(county, actor, [body for body, _ in todo])
            if change is None:
                continue
            changes.append(change)
            now = in_force()
            check(now)
            if all(keeps for _, keeps in todo):
                assert ground(now) == pytest.approx(ground(shapes), abs=TOUCHED_M2)
        check_descent()
        for change in reversed(changes):
            actions.reverse(county, actor, change, reason="撤销", document=None, on=None)
        assert snapshot() == before
        transaction.set_rollback(True)
