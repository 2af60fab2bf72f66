"""Digits, shared vertices and ground: what a save must leave alone, and what neighbours must have in common."""

from collections.abc import Callable

import numpy as np
import pytest
import shapely

from landgis.counties.models import County
from parcels.cadastre.models import Parcel
from tests import factories
from tests.parcels.editing.conftest import A, B, C, D, E, Editor, at, rectangle, stored

Vertices = Callable[[str], list[tuple[float, float]]]


def bytes_of(code: str) -> bytes:
    return bytes(Parcel.objects.get(code=code, valid_to=None).geom_4490.wkb)


def test_an_untouched_vertex_keeps_every_digit(registrar: Editor, lonlat: Vertices) -> None:
    before = lonlat(E)
    moved = {"from": registrar.vertex(E, 300, 100), "to": at(299.123456789, 98.7654321)}
    registrar.save({"kind": "move_vertices", "moves": [moved], "parcels": None}, warnings_reason="x")
    after = lonlat(E)
    assert len(set(before) - set(after)) == 1
    assert len(set(after) - set(before)) == 1


def test_a_shape_sent_back_as_it_came_changes_nothing(registrar: Editor) -> None:
    geometry = registrar.exact(E)[E]["geometry"]
    ring = geometry["coordinates"][0][0]
    turned = {"type": "MultiPolygon", "coordinates": [[[*ring[2:-1], *ring[:3]]]]}
    assert registrar.preview({"kind": "reshape", "parcel": E, "geometry": turned})["parcels"] == []


def test_reading_and_writing_many_times_moves_nothing(registrar: Editor, lonlat: Vertices) -> None:
    still = set(lonlat(A))
    for step in range(4):
        corner = registrar.vertex(A, 0, 100)
        moved = {"from": corner, "to": at(0.01 * step, 100.01 * (1 + step / 1e6))}
        registrar.save({"kind": "move_vertices", "moves": [moved], "parcels": None}, warnings_reason="x")
    assert len(still & set(lonlat(A))) == 3


def test_neighbours_of_a_split_have_its_vertex(registrar: Editor, lonlat: Vertices) -> None:
    old = {code: set(lonlat(code)) for code in (A, C, D)}
    saved = registrar.save({"kind": "split", "parcel": A, "lines": [[at(37, -5), at(41, 105)]]})
    codes = [item["code"] for item in saved["parcels"] if item["state"] == "new"]
    assert {item["code"]: item["state"] for item in saved["parcels"]}[C] == "densified"
    shared = set(lonlat(codes[0])) & set(lonlat(codes[1]))
    assert len(shared) == 2
    (fresh,) = set(lonlat(C)) - old[C]
    assert fresh in shared
    assert old[C] < set(lonlat(C))
    assert set(lonlat(D)) == old[D]


def test_the_end_of_a_cut_moves_with_the_neighbour_that_shares_it(
    registrar: Editor, lonlat: Vertices
) -> None:
    cut = {"kind": "split", "parcel": A, "lines": [[at(37, -5), at(41, 105)]]}
    told = {item["key"]: item for item in registrar.preview(cut)["parcels"]}
    seen = [point for part in told[C]["geometry"]["coordinates"] for ring in part for point in ring]
    end = min(seen, key=lambda point: abs(point[0] - at(37.2, 0)[0]) + abs(point[1] - at(37.2, 0)[1]))
    drag = {"kind": "move_vertices", "moves": [{"from": end, "to": at(37.2, -6)}], "parcels": None}
    said = registrar.preview(cut, drag)
    assert {item["key"]: item["state"] for item in said["parcels"]}[C] == "changed"
    assert [finding["rule"] for finding in said["findings"] if finding["severity"] == "error"] == []
    saved = registrar.save(cut, drag, warnings_reason="按实地")
    codes = [item["code"] for item in saved["parcels"] if item["state"] == "new"]
    assert len(set(lonlat(codes[0])) & set(lonlat(codes[1])) & set(lonlat(C))) == 1


def test_a_split_loses_no_ground(registrar: Editor) -> None:
    whole = registrar.exact(A)[A]
    lines = [[at(-3, 17.3), at(52.1, 60.07), at(103, 41.9)], [at(21.7, -4), at(33.3, 104)]]
    said = registrar.preview({"kind": "split", "parcel": A, "lines": lines})
    parts = [
        shapely.MultiPolygon([shapely.Polygon(part[0], part[1:]) for part in item["geometry"]["coordinates"]])
        for item in said["parcels"]
        if item["state"] == "new"
    ]
    assert len(parts) == 4
    assert sum(part.area for part in parts) == pytest.approx(whole["planar_area_m2"], abs=1e-3)
    united = shapely.union_all(parts)
    assert shapely.area(united) == pytest.approx(whole["planar_area_m2"], abs=1e-3)
    assert len(shapely.get_parts(united)) == 1
    assert said["can_save"]


def test_a_new_parcel_beside_old_ones_takes_their_vertices(registrar: Editor, lonlat: Vertices) -> None:
    """Drawn a hair off the corner, with a side along A and B that has no vertex where they meet."""
    ring = [at(0.0003, 100.0002), at(200, 100), at(200, 150), at(0, 150)]
    registrar.save(
        {
            "kind": "draw",
            "geometry": {"type": "MultiPolygon", "coordinates": [[ring]]},
            "values": {"code": "N-1"},
        }
    )
    assert len(set(lonlat("N-1")) & set(lonlat(A))) == 2
    assert len(set(lonlat("N-1")) & set(lonlat(B))) == 2


def test_a_neighbour_s_vertex_on_a_new_edge_is_shared(
    county: County, registrar: Editor, lonlat: Vertices
) -> None:
    factories.parcel(county, "T1", stored(rectangle(0, 200, 50, 250)))
    factories.parcel(county, "T2", stored(rectangle(50, 200, 100, 250)))
    ring = rectangle(0, 150, 100, 200)
    registrar.save(
        {
            "kind": "draw",
            "geometry": {"type": "MultiPolygon", "coordinates": [[ring]]},
            "values": {"code": "N-1"},
        }
    )
    assert set(lonlat("N-1")) & set(lonlat("T1")) & set(lonlat("T2"))


def test_merging_and_splitting_back_keeps_the_outer_vertices(registrar: Editor, lonlat: Vertices) -> None:
    outer = {*lonlat(A), *lonlat(B)}
    saved = registrar.save({"kind": "merge", "parcels": [A, B]})
    (merged,) = [item["code"] for item in saved["parcels"] if item["state"] == "new"]
    assert set(lonlat(merged)) <= outer
    assert len(set(lonlat(merged))) >= 4


def test_bytes_come_back_with_the_reversal(registrar: Editor) -> None:
    before = {code: bytes_of(code) for code in (A, B, C, D, E)}
    first = registrar.save({"kind": "split", "parcel": A, "lines": [[at(37, -5), at(41, 105)]]})
    moved = {"from": registrar.vertex(B, 100, 0), "to": at(104, 3)}
    second = registrar.save({"kind": "move_vertices", "moves": [moved], "parcels": None}, warnings_reason="x")
    third = registrar.save({"kind": "merge", "parcels": [C, D]}, warnings_reason="x")
    for saved in (third, second, first):
        answer = registrar.post(f"/api/change-sets/{saved['change_id']}/reverse", {"reason": "撤销"})
        assert answer.status_code == 201, answer.content.decode()
    assert {code: bytes_of(code) for code in (A, B, C, D, E)} == before


def test_areas_are_measured_as_the_import_does(registrar: Editor) -> None:
    registrar.save(
        {"kind": "reshape", "parcel": E, "geometry": {"type": "MultiPolygon", "coordinates": [[rectangle(220, 0, 310, 100)]]}},
        warnings_reason="x",
    )  # fmt: skip
    parcel = Parcel.objects.get(code=E)
    drawn = parcel.geom_3857.transform(4490, clone=True)
    gap = np.abs(shapely.get_coordinates(shapely.from_wkb(bytes(drawn.wkb))) - shapely.get_coordinates(
        shapely.from_wkb(bytes(parcel.geom_4490.wkb))
    ))  # fmt: skip
    assert gap.max() < 1e-9
    assert parcel.planar_area_m2 == pytest.approx(9000, abs=1e-6)
    assert parcel.ellipsoidal_area_m2 == pytest.approx(9000, rel=1e-3)
