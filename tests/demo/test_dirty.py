"""The dirty delivery: each listed fault is in the file, nothing else is wrong with any row."""

import re

import numpy as np
import pytest
import shapely

from tests.demo.checker import raw_rings, second_opinion, unit_hint
from tests.demo.delivery import FOLDER, layer, table

# What a shape with the named fault can't help being as well.
IN_PASSING = {"geometry_duplicate_in_file": {"overlap_in_file"}, "area_too_small": {"area_mismatch"}}


def faults() -> list[dict[str, str]]:
    return table("parcels_dirty_faults")


def test_the_list_has_the_agreed_columns() -> None:
    assert list(faults()[0])[:6] == ["row", "fault", "field", "expected_code", "severity", "note_zh"]
    assert {fault["severity"] for fault in faults()} == {"error", "warning"}
    assert len(layer("parcels_dirty")[0]) > 120
    assert len({fault["row"] for fault in faults()}) == len(faults()) > 40


def test_every_fault_is_in_the_file_and_is_the_only_one_of_its_row() -> None:
    found = second_opinion()
    wrong = {
        fault["row"]: (fault["expected_code"], codes)
        for fault in faults()
        if fault["expected_code"] not in (codes := found[int(fault["row"])])
        or codes - {fault["expected_code"]} - IN_PASSING.get(fault["expected_code"], set())
    }
    assert not wrong


def test_all_other_rows_are_sound() -> None:
    faulty = {int(fault["row"]) for fault in faults()}
    sound = {row: codes for row, codes in second_opinion().items() if row not in faulty}
    assert len(sound) >= 75
    assert not {row: codes for row, codes in sound.items() if codes}


def test_sound_rows_are_new_ground_beside_the_register() -> None:
    shapes, columns = layer("parcels_dirty")
    parcels, register = layer("parcels")
    faulty = {int(fault["row"]) for fault in faults()}
    sound = [at for at in range(len(shapes)) if at + 1 not in faulty]
    assert not {columns["宗地代码"][at] for at in sound} & set(register["宗地代码"])
    touching = shapely.STRtree(parcels).query(shapes[sound], predicate="touches")[0]
    assert len(set(touching)) > 10


def test_faults_of_two_rows_name_each_other() -> None:
    partner = {fault["row"]: fault["other_row"] for fault in faults() if fault["other_row"]}
    assert len(partner) == 8
    assert all(partner[other] == row for row, other in partner.items())


def test_units_can_be_told_from_the_ratio() -> None:
    hints = {fault["fault"]: unit_hint(int(fault["row"])) for fault in faults() if "mismatch" in fault["expected_code"]
             and fault["field"] == "宗地面积"}  # fmt: skip
    assert hints == {"面积差一成": "", "面积填成亩": "亩", "面积填成公顷": "公顷"}


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("自相交（蝴蝶结）", "Self-intersection"),
        ("环自接触", "Ring Self-intersection"),
        ("内环穿出外环", "Self-intersection"),
        ("两部分互相重叠", "Self-intersection"),
    ],
)
def test_malformed_shapes_survive_in_the_file(fault: str, reason: str) -> None:
    row = next(int(line["row"]) for line in faults() if line["fault"] == fault)
    shape = layer("parcels_dirty")[0][row - 1]
    assert shapely.is_valid_reason(shape).startswith(reason)


def test_open_empty_and_null_shapes_are_three_different_records() -> None:
    row_of = {line["fault"]: int(line["row"]) for line in faults()}
    rings = raw_rings("parcels_dirty")
    open_ring = rings[row_of["环未闭合"] - 1]
    assert open_ring is not None
    assert (open_ring[0][0] != open_ring[0][-1]).any()
    assert rings[row_of["图形为空"] - 1] == []
    assert rings[row_of["没有图形"] - 1] is None


def test_coordinates_of_single_rows_are_swapped_without_prefix_or_degrees() -> None:
    row_of = {line["fault"]: int(line["row"]) for line in faults()}
    first = {name: shapely.get_coordinates(layer("parcels_dirty")[0][row_of[name] - 1])[0] for name in
             ("坐标轴颠倒", "缺带号", "经纬度")}  # fmt: skip
    assert first["坐标轴颠倒"][1] > 40_000_000 > first["坐标轴颠倒"][0]
    assert 480_000 < first["缺带号"][0] < 530_000
    assert np.abs(first["经纬度"] - (120.07, 29.3)).max() < 0.4


def test_garbled_bytes_are_what_they_are_said_to_be() -> None:
    raw = (FOLDER / "parcels_dirty.dbf").read_bytes()
    assert b"\xef\xbf\xbd" * 6 in raw
    assert "义乌示意电子科技".encode() in raw


def test_odd_rows_that_must_be_accepted_are_in_the_readme() -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    odd = [int(number) for number in re.findall(r"^- row (\d+):", text, re.MULTILINE)]
    assert len(odd) == 7
    assert not set(odd) & {int(fault["row"]) for fault in faults()}
