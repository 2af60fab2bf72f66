"""The rules over HTTP: what each measures on real shapes, and what the answer says of it."""

from typing import Any

import pytest

from landgis.counties.models import County
from parcels.cadastre.lineage_models import CadastralEvent
from parcels.cadastre.models import Parcel
from tests import factories
from tests.parcels.editing.conftest import (
    A,
    B,
    E,
    Editor,
    at,
    rectangle,
    shape,
    stored,
)

Body = dict[str, Any]


def findings(said: Body) -> dict[str, Body]:
    return {finding["rule"]: finding for finding in said["findings"]}


def reshaped(registrar: Editor, *rings: list[list[float]], parcel: str = E) -> Body:
    return registrar.preview({"kind": "reshape", "parcel": parcel, "geometry": shape(*rings)})


def test_overlap(registrar: Editor) -> None:
    said = reshaped(registrar, rectangle(199, 0, 300, 100))
    found = findings(said)["overlap"]
    assert (found["severity"], set(found["parcels"])) == ("error", {B, E})
    assert found["value"] == pytest.approx(100, abs=1e-3)
    assert found["geometry"]["type"] in ("Polygon", "MultiPolygon")
    assert found["at"][0] == pytest.approx(500_199.5, abs=0.5)
    assert said["can_save"] is False


@pytest.mark.parametrize(("width", "broken"), [(0.49, True), (0.51, False)])
def test_gap(registrar: Editor, width: float, broken: bool) -> None:
    found = findings(reshaped(registrar, rectangle(200 + width, 0, 300, 100)))
    assert ("gap" in found) is broken
    if broken:
        assert found["gap"]["value"] == pytest.approx(width, abs=0.01)
        assert set(found["gap"]["parcels"]) == {B, E}


def test_self_intersection_where_it_is(registrar: Editor) -> None:
    bow = [at(220, 0), at(300, 100), at(300, 0), at(220, 100), at(220, 0)]
    said = reshaped(registrar, bow)
    found = findings(said)["self_intersection"]
    assert found["at"] == pytest.approx(at(260, 50))
    assert (said["can_save"], found["severity"]) == (False, "error")


def test_rings_that_cross_only_as_they_are_stored_are_told_with_their_place(registrar: Editor) -> None:
    """A hole's corner on a slanting edge is sound in the plane, and for some a rounding across it in degrees."""
    drawn, holes = [], []
    for i in range(40):
        west, x, y = 400 + 120 * (i % 8), 30 * (i + 1) / 41, 80 * (i + 1) / 41
        south = -300 - 120 * (i // 8)
        shell = [at(west + e, south + n) for e, n in ((0, 0), (90, 0), (90, 80), (30, 80))]
        hole = [at(west + e, south + n) for e, n in ((x, y), (60, 20), (60, 40))]
        holes.append(hole)
        drawn.append({"kind": "draw", "geometry": shape(shell, hole), "values": {"code": f"R-{i}"}})
    told = registrar.preview(*drawn)["findings"]
    as_stored = [finding for finding in told if "存储精度" in finding["message"]]
    assert as_stored
    for finding in as_stored:
        number = int(finding["parcels"][0].removeprefix("#").split(".")[0])
        corner = holes[number - 1][0]
        assert finding["at"] == pytest.approx(corner, abs=1e-3)
    registrar.save(*drawn, status=422)


@pytest.mark.parametrize(("x", "broken"), [(0.4, True), (1.2, False)])
def test_spike(registrar: Editor, x: float, broken: bool) -> None:
    """A thorn 50 m high: 0.4 m wide it is about half a degree sharp."""
    ring = [
        at(220, 0),
        at(300, 0),
        at(300, 100),
        at(260 + x, 100),
        at(260, 150),
        at(260 - x, 100),
        at(220, 100),
    ]
    found = findings(reshaped(registrar, ring))
    assert ("spike" in found) is broken
    if broken:
        assert found["spike"]["at"] == at(260, 150)


def test_duplicate_point_and_short_edge(registrar: Editor) -> None:
    ring = [at(220, 0), at(300, 0), at(300, 0.0005), at(300, 100), at(220, 100), at(220, 99.97)]
    found = findings(reshaped(registrar, ring))
    assert found["duplicate_point"]["value"] == pytest.approx(0.0005, abs=1e-6)
    assert found["short_edge"]["value"] == pytest.approx(0.03, abs=1e-6)


def test_old_corners_are_no_business_of_an_edit(county: County, registrar: Editor) -> None:
    ring = [at(320, 0), at(400, 0), at(400, 0.0005), at(400, 100), at(320, 100), at(320, 0)]
    factories.parcel(county, "F", stored(ring))
    moved = {"from": registrar.vertex("F", 320, 100), "to": at(321, 101)}
    said = registrar.preview({"kind": "move_vertices", "moves": [moved], "parcels": ["F"]})
    assert "duplicate_point" not in findings(said)


def test_tiny_part_and_tiny_parcel(registrar: Editor) -> None:
    speck = [rectangle(310, 0, 310.9, 1)]
    both = {"type": "MultiPolygon", "coordinates": [[rectangle(220, 0, 300, 100)], speck]}
    said = registrar.preview({"kind": "reshape", "parcel": E, "geometry": both})
    assert findings(said)["tiny_part"]["value"] == pytest.approx(0.9, abs=1e-6)
    said = reshaped(registrar, speck[0])
    assert findings(said)["tiny_parcel"]["value"] == pytest.approx(0.9, abs=1e-6)
    assert said["can_save"] is False


@pytest.mark.parametrize(("wider", "broken"), [(0.07, False), (0.09, True)])
def test_area_difference(registrar: Editor, wider: float, broken: bool) -> None:
    """E is registered with 8000 ㎡: 8 ㎡ are tolerated."""
    found = findings(reshaped(registrar, rectangle(220, 0, 300 + wider, 100)))
    assert ("area_difference" in found) is broken
    if broken:
        assert found["area_difference"]["limit"] == pytest.approx(8)


def test_outside_the_county(registrar: Editor) -> None:
    """The county's box ends 0.05° west of A, some 4.9 km away."""
    said = reshaped(registrar, rectangle(-4900, 0, -4800, 100))
    assert findings(said)["outside_county"]["severity"] == "error"


def test_crossing_a_town(county: County, registrar: Editor) -> None:
    factories.district(county, factories.TOWN_WEST, "甲镇", stored(rectangle(-500, -500, 250, 500)))
    factories.district(county, factories.TOWN_EAST, "乙镇", stored(rectangle(250, -500, 900, 500)))
    assert "crosses_town" not in findings(reshaped(registrar, rectangle(220, 0, 301, 100))), (
        "E crossed before"
    )
    found = findings(reshaped(registrar, rectangle(200, 0, 260, 100), parcel=B))
    assert "crosses_town" in found
    assert "甲镇" in found["crosses_town"]["message"]


def test_a_new_parcel_has_the_town_of_its_ground(county: County, registrar: Editor) -> None:
    factories.district(county, factories.TOWN_EAST, "乙镇", stored(rectangle(-500, -500, 900, 500)))
    drawn = {"kind": "draw", "geometry": shape(rectangle(0, 100, 100, 200)), "values": {"code": "X-1"}}
    registrar.save(drawn)
    assert Parcel.objects.get(code="X-1").town_code == factories.TOWN_EAST


def test_crossing_the_control_line(county: County, registrar: Editor) -> None:
    factories.control_line(county, "KX", stored(rectangle(-500, -500, 310, 500)))
    assert "crosses_control_line" not in findings(reshaped(registrar, rectangle(220, 0, 310, 100)))
    found = findings(reshaped(registrar, rectangle(220, 0, 320, 100)))
    assert found["crosses_control_line"]["value"] == pytest.approx(1000, abs=0.1)


def test_holders_of_merged_parcels(registrar: Editor, parcels: dict[str, Parcel]) -> None:
    factories.holder(parcels[A], "甲公司")
    factories.holder(parcels[B], "乙公司")
    found = findings(registrar.preview({"kind": "merge", "parcels": [A, B]}))["holders_differ"]
    assert ("甲公司" in found["message"], found["parcels"]) == (True, [A, B])


def test_an_overlap_that_was_there_before_can_be_mended_step_by_step(
    county: County, registrar: Editor
) -> None:
    factories.parcel(county, "F", stored(rectangle(295, 0, 400, 100)))
    said = reshaped(registrar, rectangle(222, 0, 299, 100))
    found = findings(said)["overlap"]
    assert (found["severity"], said["can_save"]) == ("warning", True)
    worse = reshaped(registrar, rectangle(220, 0, 301, 100))
    assert findings(worse)["overlap"]["severity"] == "error"


def test_warnings_need_a_reason_that_is_kept(registrar: Editor) -> None:
    apart = {"kind": "reshape", "parcel": E, "geometry": shape(rectangle(200.3, 0, 300, 100))}
    refused = registrar.save(apart, status=422)
    assert (refused["code"], refused["field"]) == ("reason_needed", "warnings_reason")
    assert "gap" in {finding["rule"] for finding in refused["findings"]}
    saved = registrar.save(apart, warnings_reason="中间为水沟")
    event = CadastralEvent.objects.get(change_id=saved["change_id"])
    assert event.warnings_reason == "中间为水沟"
    assert "gap" in {finding["rule"] for finding in event.findings}


def test_errors_block_whatever_the_reason(registrar: Editor) -> None:
    onto = {"kind": "reshape", "parcel": E, "geometry": shape(rectangle(150, 0, 300, 100))}
    refused = registrar.save(onto, warnings_reason="必须如此", status=422)
    assert refused["code"] == "rules_broken"
    assert Parcel.objects.get(code=E).planar_area_m2 == pytest.approx(8000, abs=1e-3)
