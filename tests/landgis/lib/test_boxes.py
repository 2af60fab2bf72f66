"""Boxes as addresses write them."""

import pytest

from landgis.lib.boxes import NotABox, read_box

EARTH = (-180.0, -85.0, 180.0, 85.0)


def test_four_numbers_are_a_box_and_nothing_is_none() -> None:
    assert read_box("120.0, 29.2,120.1,29.3", within=EARTH) == (120.0, 29.2, 120.1, 29.3)
    assert read_box("", within=EARTH) is None


@pytest.mark.parametrize(
    "text",
    ["1,2,3", "1,2,3,4,5", "a,b,c,d", "3,2,1,4", "1,4,3,2", "1,2,1,4", "nan,0,1,1", "0,0,inf,1", "0,0,1,86", "-181,0,1,1"],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(NotABox):
        read_box(text, within=EARTH)
