"""Every operation over HTTP: what it makes of the register, and why it can't be done."""

from typing import Any

import pytest

from parcels.cadastre.lineage_models import CadastralEvent, EventParcel, Lineage
from parcels.cadastre.models import Parcel
from tests.parcels.editing.conftest import PREFIX, A, B, C, D, E, Editor, at, rectangle, shape

Body = dict[str, Any]


def by_key(answer: Body) -> dict[str, Body]:
    return {item["key"]: item for item in answer["parcels"]}


def roles(change_id: int) -> set[tuple[str, str]]:
    rows = EventParcel.objects.filter(event__change_id=change_id).values_list("role", "parcel__code")
    return set(rows)


def test_draw_a_new_parcel(registrar: Editor) -> None:
    drawn = {
        "kind": "draw",
        "geometry": shape(rectangle(0, 100, 100, 200), rectangle(40, 140, 60, 160)),
        "values": {"code": f"{PREFIX}00077", "town_code": "990001100", "location": "新路1号"},
    }
    saved = registrar.save(drawn)
    assert [event["kind"] for event in saved["events"]] == ["registration"]
    made = Parcel.objects.get(code=f"{PREFIX}00077")
    assert made.planar_area_m2 == pytest.approx(9600, abs=1e-6)
    assert (made.location, made.town_code, made.change_id) == ("新路1号", "990001100", saved["change_id"])
    assert roles(saved["change_id"]) == {("registered", made.code)}


def test_a_drawn_parcel_needs_a_code_that_nobody_had(registrar: Editor) -> None:
    ground = {"kind": "draw", "geometry": shape(rectangle(0, 100, 100, 200))}
    (finding,) = registrar.preview({**ground, "values": {}})["findings"]
    assert (finding["rule"], finding["severity"]) == ("code_missing", "error")
    (finding,) = registrar.preview({**ground, "values": {"code": A}})["findings"]
    assert (finding["rule"], finding["severity"]) == ("code_used", "error")
    refused = registrar.save({**ground, "values": {"code": A}}, status=422)
    assert (refused["code"], refused["findings"][0]["rule"]) == ("rules_broken", "code_used")


def test_reshape(registrar: Editor) -> None:
    reshaped = {"kind": "reshape", "parcel": E, "geometry": shape(rectangle(220, 0, 310, 100))}
    said = registrar.preview(reshaped)
    (parcel,) = said["parcels"]
    assert (parcel["state"], parcel["planar_area_m2"]) == ("changed", pytest.approx(9000))
    assert [event["kind"] for event in said["events"]] == ["boundary_adjustment"]
    saved = registrar.save(reshaped, how="resurvey", warnings_reason="重新测量")
    assert [event["kind"] for event in saved["events"]] == ["resurvey"]
    assert roles(saved["change_id"]) == {("adjusted", E)}
    assert Parcel.objects.get(code=E).planar_area_m2 == pytest.approx(9000, abs=1e-6)


def test_move_a_shared_vertex_in_all_its_parcels(registrar: Editor) -> None:
    corner = registrar.vertex(A, 100, 0)
    saved = registrar.save(
        {"kind": "move_vertices", "moves": [{"from": corner, "to": at(103, 4)}], "parcels": None},
        warnings_reason="界址点校正",
    )
    assert {code for _, code in roles(saved["change_id"])} == {A, B, C, D}
    corners = {tuple(registrar.vertex(code, 103, 4)) for code in (A, B, C, D)}
    assert len(corners) == 1


def test_move_a_vertex_of_one_parcel_only(registrar: Editor) -> None:
    corner = registrar.vertex(E, 300, 100)
    saved = registrar.save(
        {"kind": "move_vertices", "moves": [{"from": corner, "to": at(305, 100)}], "parcels": [E]},
        warnings_reason="校正",
    )
    assert roles(saved["change_id"]) == {("adjusted", E)}


def test_a_vertex_that_is_nobody_s_can_t_be_moved(registrar: Editor) -> None:
    moved = {"kind": "move_vertices", "moves": [{"from": at(50.5, 0), "to": at(50, 5)}], "parcels": None}
    refused = registrar.preview({"kind": "retire", "parcel": E}, moved, status=422)
    assert (refused["operation"], refused["code"]) == (2, "vertex_not_found")
    assert refused["message"].startswith("第 2 个操作：")
    assert refused["remedy"]


def test_insert_and_delete_a_shared_vertex(registrar: Editor) -> None:
    edge = [registrar.vertex(A, 100, 0), registrar.vertex(A, 100, 100)]
    inserted = {"kind": "insert_vertex", "edge": edge, "at": at(104, 50)}
    said = by_key(registrar.preview(inserted))
    assert {key: item["state"] for key, item in said.items()} == {A: "changed", B: "changed"}
    registrar.save(inserted, warnings_reason="增设界址点")
    placed = registrar.vertex(A, 104, 50)
    assert placed == registrar.vertex(B, 104, 50)
    registrar.save({"kind": "delete_vertex", "at": placed, "parcels": None}, warnings_reason="撤去")
    assert Parcel.objects.get(code=A).planar_area_m2 == pytest.approx(10_000, abs=1e-5)


def test_split_into_three_with_codes_that_follow(registrar: Editor) -> None:
    lines = [[at(30, -1), at(30, 101)], [at(60, -1), at(60, 101)]]
    split = {"kind": "split", "parcel": A, "lines": lines}
    told = registrar.preview(split)
    said = by_key(told)
    (event,) = told["events"]
    assert (event["parents"], event["children"]) == ([A], ["#1.1", "#1.2", "#1.3"])
    assert {key: item["state"] for key, item in said.items()} == {
        "#1.1": "new", "#1.2": "new", "#1.3": "new", A: "ended", C: "densified",
    }  # fmt: skip
    assert [said[f"#1.{k}"]["code"] for k in (1, 2, 3)] == [f"{PREFIX}{n:05d}" for n in (6, 7, 8)]
    assert said["#1.1"]["sources"] == [A]
    saved = registrar.save(split)
    assert [event["kind"] for event in saved["events"]] == ["subdivision"]
    children = Parcel.objects.filter(lineage_up__ancestor__code=A)
    assert {child.town_code for child in children} == {"990001100"}
    assert sum(child.planar_area_m2 for child in children) == pytest.approx(
        Parcel.objects.get(code=A).planar_area_m2, abs=1e-3
    )
    assert Parcel.objects.get(code=A).valid_to is not None
    assert roles(saved["change_id"]) >= {("parent", A), ("densified", C)}


def test_a_line_that_divides_nothing(registrar: Editor) -> None:
    split = {"kind": "split", "parcel": A, "lines": [[at(30, 20), at(30, 60)]]}
    refused = registrar.preview(split, status=422)
    assert (refused["operation"], bool(refused["remedy"])) == (1, True)


@pytest.mark.parametrize(("side", "x"), [("west", 25.0), ("east", 75.0)])
def test_subdivide_by_area(registrar: Editor, side: str, x: float) -> None:
    said = by_key(registrar.preview({"kind": "subdivide", "parcel": A, "area_m2": 2500, "side": side}))
    assert said["#1.1"]["planar_area_m2"] == pytest.approx(2500, abs=1e-3)
    assert said["#1.2"]["planar_area_m2"] == pytest.approx(7500, abs=1e-3)
    cut = [p for p in said["#1.1"]["geometry"]["coordinates"][0][0] if abs(p[0] - at(x, 0)[0]) < 0.01]
    assert len(cut) >= 2


def test_subdivide_along_an_edge(registrar: Editor) -> None:
    edge = [registrar.vertex(E, 220, 0), registrar.vertex(E, 220, 100)]
    saved = registrar.save({"kind": "subdivide", "parcel": E, "area_m2": 2000, "edge": edge})
    first = Parcel.objects.get(code=saved["parcels"][0]["code"])
    assert first.planar_area_m2 == pytest.approx(2000, abs=1e-3)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"area_m2": 10_001, "side": "north"}, "area_too_large"),
        ({"area_m2": 100}, "side_or_edge"),
        ({"area_m2": 100, "side": "north", "edge": [at(0, 0), at(100, 0)]}, "side_or_edge"),
    ],
)
def test_a_subdivision_that_can_t_be(registrar: Editor, asked: Body, code: str) -> None:
    refused = registrar.preview({"kind": "subdivide", "parcel": A, **asked}, status=422)
    assert (refused["code"], refused["operation"]) == (code, 1)


def test_merge(registrar: Editor) -> None:
    merged = {"kind": "merge", "parcels": [A, B]}
    said = by_key(registrar.preview(merged))
    assert said["#1.1"]["sources"] == [A, B]
    saved = registrar.save(merged)
    assert [event["kind"] for event in saved["events"]] == ["consolidation"]
    (child,) = Parcel.objects.filter(valid_to=None, lineage_up__ancestor__code=A)
    assert child.planar_area_m2 == pytest.approx(20_000, abs=1e-3)
    assert set(Lineage.objects.values_list("ancestor__code", flat=True)) == {A, B}


def test_two_parents_two_children_are_one_reallotment(registrar: Editor) -> None:
    saved = registrar.save(
        {"kind": "merge", "parcels": [A, B]},
        {"kind": "split", "parcel": "#1.1", "lines": [[at(-1, 50), at(201, 50)]]},
    )
    assert [event["kind"] for event in saved["events"]] == ["reallotment"]
    assert {(row.ancestor.code, row.descendant.code) for row in Lineage.objects.all()} == {
        (old, new["code"]) for old in (A, B) for new in saved["parcels"] if new["state"] == "new"
    }


def test_cut_a_hole_with_and_without_keeping_it(registrar: Editor) -> None:
    hole = shape(rectangle(40, 40, 60, 60))
    kept = by_key(registrar.preview({"kind": "cut_hole", "parcel": A, "geometry": hole, "keep": True}))
    assert (kept["#1.1"]["planar_area_m2"], kept["#1.2"]["planar_area_m2"]) == (
        pytest.approx(400, abs=1e-6), pytest.approx(9600, abs=1e-6),
    )  # fmt: skip
    assert len(kept["#1.2"]["geometry"]["coordinates"][0]) == 2
    gone = by_key(registrar.preview({"kind": "cut_hole", "parcel": A, "geometry": hole, "keep": False}))
    assert {key: item["state"] for key, item in gone.items()} == {A: "changed"}
    assert gone[A]["planar_area_m2"] == pytest.approx(9600, abs=1e-6)


def test_a_hole_beside_the_parcel(registrar: Editor) -> None:
    cut = {"kind": "cut_hole", "parcel": A, "geometry": shape(rectangle(400, 0, 410, 10)), "keep": False}
    assert registrar.preview(cut, status=422)["operation"] == 1


def test_adjust_an_overlap_and_a_gap(registrar: Editor) -> None:
    overlapping = {"kind": "reshape", "parcel": E, "geometry": shape(rectangle(199.7, 0, 300, 100))}
    said = registrar.preview(overlapping)
    assert "overlap" in {finding["rule"] for finding in said["findings"]}
    mended = registrar.preview(overlapping, {"kind": "adjust", "parcel": E, "what": "overlap"})
    assert "overlap" not in {finding["rule"] for finding in mended["findings"]}
    apart = {"kind": "reshape", "parcel": E, "geometry": shape(rectangle(200.2, 0, 300, 100))}
    assert "gap" in {finding["rule"] for finding in registrar.preview(apart)["findings"]}
    closed = registrar.preview(apart, {"kind": "adjust", "parcel": E, "what": "gap", "neighbours": [B]})
    assert "gap" not in {finding["rule"] for finding in closed["findings"]}
    assert by_key(closed)[E]["planar_area_m2"] == pytest.approx(10_000, abs=1e-3)


def test_nothing_to_adjust_is_said(registrar: Editor) -> None:
    refused = registrar.preview({"kind": "adjust", "parcel": E, "what": "gap"}, status=422)
    assert refused["operation"] == 1


def test_retire_and_restore(registrar: Editor) -> None:
    retired = registrar.save({"kind": "retire", "parcel": E})
    assert [event["kind"] for event in retired["events"]] == ["retirement"]
    assert not Parcel.objects.filter(code=E, valid_to=None).exists()
    back = registrar.save({"kind": "restore", "parcel": E})
    assert [event["kind"] for event in back["events"]] == ["restoration"]
    assert back["parcels"][0]["state"] == "restored"
    assert Parcel.objects.get(code=E).valid_to is None


def test_what_is_restored_is_changed_by_another_change(registrar: Editor) -> None:
    registrar.save({"kind": "retire", "parcel": E})
    changed = {"kind": "attributes", "parcel": E, "values": {"note": "x"}}
    refused = registrar.preview({"kind": "restore", "parcel": E}, changed, status=422)
    assert (refused["code"], refused["operation"]) == ("restored_first", 2)


def test_attributes_of_stored_and_of_new_parcels(registrar: Editor) -> None:
    saved = registrar.save(
        {
            "kind": "attributes",
            "parcel": B,
            "values": {"location": "中路2号", "registered_area_m2": 10_000.5},
        },
        {"kind": "split", "parcel": A, "lines": [[at(50, -1), at(50, 101)]]},
        {"kind": "attributes", "parcel": "#2.1", "values": {"location": "西半"}},
    )
    assert {event["kind"] for event in saved["events"]} == {"subdivision", "attribute_change"}
    assert Parcel.objects.get(code=B).location == "中路2号"
    codes = {item["key"]: item["code"] for item in saved["parcels"]}
    assert Parcel.objects.get(code=codes["#2.1"]).location == "西半"
    assert Parcel.objects.get(code=codes["#2.2"]).location == ""


def test_holders_are_stated(registrar: Editor) -> None:
    holders = [{"name": "甲公司", "uscc": "", "share": 0.4}, {"name": "乙公司", "uscc": "", "share": 0.6}]
    registrar.save({"kind": "attributes", "parcel": B, "values": {"holders": holders}})
    said = registrar.exact(B)[B]["values"]["holders"]
    assert [(one["name"], one["share"]) for one in said] == [("乙公司", 0.6), ("甲公司", 0.4)]


def test_every_wrong_field_is_told_with_its_parcel(registrar: Editor) -> None:
    values = {"town_code": "nowhere", "registered_area_m2": 5, "land_class_code": "9999"}
    refused = registrar.preview({"kind": "attributes", "parcel": B, "values": values}, status=422)
    assert refused["parcel"] == B
    assert "town_code" in {issue["field"] for issue in refused["issues"]}


def test_the_code_of_a_stored_parcel_stays(registrar: Editor) -> None:
    refused = registrar.preview({"kind": "attributes", "parcel": B, "values": {"code": "X-1"}}, status=422)
    assert (refused["code"], refused["operation"]) == ("code_fixed", 1)


def test_what_was_undone_inside_a_change_set_isn_t_touched(registrar: Editor) -> None:
    said = registrar.preview(
        {"kind": "split", "parcel": A, "lines": [[at(50, -1), at(50, 101)]]},
        {"kind": "merge", "parcels": ["#1.1", "#1.2"]},
    )
    assert (said["parcels"], said["events"], said["can_save"]) == ([], [], False)
    there = registrar.vertex(A, 0, 0)
    moves = [
        {"kind": "move_vertices", "moves": [{"from": there, "to": at(1, 1)}], "parcels": [A]},
        {"kind": "move_vertices", "moves": [{"from": at(1, 1), "to": there}], "parcels": [A]},
    ]
    assert registrar.preview(*moves)["parcels"] == []
    refused = registrar.save(*moves, versions=registrar.versions(A), status=422)
    assert refused["code"] == "nothing_changed"


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        ({"kind": "retire", "parcel": "#1.1"}, "parcel_unknown"),
        ({"kind": "retire", "parcel": "nowhere"}, "parcel_unknown"),
        ({"kind": "merge", "parcels": [A, A]}, "one_parcel"),
        ({"kind": "restore", "parcel": A}, "parcel_in_force"),
    ],
)
def test_names_that_mean_nothing(registrar: Editor, operation: Body, code: str) -> None:
    refused = registrar.preview(operation, status=422)
    assert (refused["code"], refused["operation"]) == (code, 1)


def test_an_ended_piece_has_no_more_operations(registrar: Editor) -> None:
    split = {"kind": "split", "parcel": A, "lines": [[at(50, -1), at(50, 101)]]}
    refused = registrar.preview(split, {"kind": "retire", "parcel": A}, status=422)
    assert (refused["code"], refused["operation"]) == ("parcel_not_in_force", 2)


def test_what_was_sent_is_kept(registrar: Editor) -> None:
    operations = [{"kind": "attributes", "parcel": D, "values": {"note": "一"}}]
    document = {"kind": "approval", "no": "批2026-1", "date": "2026-01-02"}
    saved = registrar.save(*operations, document=document)
    event = CadastralEvent.objects.get(change_id=saved["change_id"])
    assert (event.operations, event.document_no, event.reason) == (operations, "批2026-1", "测试变更")
    told = registrar.client.get(f"/api/change-sets/{saved['change_id']}").json()
    assert (told["operations"], told["document"], told["parcels"]) == (operations, document, [D])
    listed = registrar.client.get("/api/change-sets", {"parcel": D}).json()
    assert [item["change_id"] for item in listed["items"]] == [saved["change_id"]]
    assert registrar.client.get("/api/change-sets", {"parcel": C}).json()["total"] == 0
    assert registrar.client.get("/api/change-sets/999999").status_code == 404


def test_what_was_divided_here_is_not_restored_beside_its_parts(registrar: Editor) -> None:
    split = {"kind": "split", "parcel": E, "lines": [[at(250, -1), at(250, 101)]]}
    refused = registrar.preview(split, {"kind": "restore", "parcel": E}, status=422)
    assert (refused["code"], refused["operation"]) == ("parcel_replaced", 2)
    again = registrar.preview({"kind": "retire", "parcel": E}, {"kind": "restore", "parcel": E})
    assert (again["events"], again["can_save"]) == ([], False)
