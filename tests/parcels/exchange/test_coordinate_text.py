"""Coordinates as people type and paste them, down to rings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landgis.lib.errors import InputError
from parcels.exchange.coordinate_text import CoordinateText, read_coordinates

SQUARE = [(3242500.125, 506800.5), (3242600.25, 506800.5), (3242600.25, 506900.75), (3242500.125, 506900.75)]


def rings(text: str) -> list[list[list[tuple[float, float]]]]:
    return [[ring.points for ring in plot.rings] for plot in read_coordinates(text).plots]


def lines(points: list[tuple[float, float]], form: str, start: int = 1) -> str:
    return "\n".join(form.format(n=n, x=x, y=y) for n, (x, y) in enumerate(points, start=start))


@pytest.mark.parametrize(
    "form",
    [
        "J{n} {x} {y}",
        "J{n:02d}\t{x}\t{y}",
        "J{n},1,{x},{y}",
        "J{n}，{x}，{y}",
        "Ｊ{n}　{x}　{y}",
        "{x} {y}",
        "{x},{y}",
        "{n} {x} {y}",
        "{n} J{n} {x} {y}",
        "J{n} {x} {y} 100.25",
        "J{n} {x} {y} 52.1 100.25",
        "{n} {n} {x} {y}",
        "1000{n} {x} {y}",
        "J{n}: X={x}, Y={y}",
        "J{n} {x:,.3f} {y:,.4f}",
        "J{n};{x};{y};",
        "| J{n} | {x} | {y} |",
    ],
)
def test_the_pair_is_found_among_labels_lengths_and_heights(form: str) -> None:
    assert rings(lines(SQUARE, form)) == [[SQUARE]]
    assert rings(lines([*SQUARE, SQUARE[0]], form)) == [[SQUARE]]  # the closing point is no point more


def test_degrees_are_a_pair_too() -> None:
    degrees = [(120.05, 29.31), (120.06, 29.31), (120.06, 29.32)]
    assert rings(lines(degrees, "{n} {x} {y}")) == [[degrees]]


def test_full_width_digits() -> None:
    wide = lines(SQUARE, "J{n} {x} {y}").translate({ord(d): chr(ord(d) + 0xFEE0) for d in "0123456789."})
    assert rings(wide) == [[SQUARE]]


INNER = [(3242520.0, 506820.0), (3242540.0, 506820.0), (3242540.0, 506840.0)]


@pytest.mark.parametrize(
    "text",
    [
        lines(SQUARE, "J{n},1,{x},{y}") + "\n" + lines(INNER, "J{n},2,{x},{y}"),
        lines(SQUARE, "J{n} {x} {y}") + "\n\n" + lines(INNER, "J{n} {x} {y}", start=5),
        lines([*SQUARE, SQUARE[0]], "{x} {y}") + "\n" + lines([*INNER, INNER[0]], "{x} {y}"),
        lines(SQUARE, "J{n} {x} {y}") + "\n" + lines(INNER, "J{n} {x} {y}"),
        lines(SQUARE, "{x} {y}") + "\n内环\n" + lines(INNER, "{x} {y}"),
        "点号 X坐标 Y坐标\n"
        + lines(SQUARE, "J{n} {x} {y}")
        + "\n\n点号 X坐标 Y坐标\n"
        + lines(INNER, "J{n} {x} {y}"),
    ],
)
def test_several_rings_of_one_shape(text: str) -> None:
    assert rings(text) == [[SQUARE, INNER]]


def test_a_double_spaced_paste_is_one_ring() -> None:
    assert rings(lines(SQUARE, "J{n} {x} {y}\n")) == [[SQUARE]]


def test_a_heading_repeated_on_the_next_page_parts_nothing() -> None:
    page = "点号 X Y\n"
    text = page + lines(SQUARE[:2], "J{n} {x} {y}") + "\n" + page + lines(SQUARE[2:], "J{n} {x} {y}", start=3)
    assert rings(text) == [[SQUARE]]


def test_named_plots_are_shapes_of_their_own() -> None:
    read = read_coordinates(
        "东地块：\n"
        + lines(SQUARE, "{x} {y}")
        + "\n西地块\n"
        + lines(INNER, "{x} {y}")
        + "\n面积 5000.00 平方米"
    )
    assert [(plot.name, len(plot.rings)) for plot in read.plots] == [("东地块", 1), ("西地块", 1)]
    assert read.issues == []


BOUNDARY = """[属性描述]
格式版本号=1.01版本
坐标系=2000国家大地坐标系
几度分带=3
带号=40
[地块坐标]
5,1.0000,330782001001GB00001,甲厂,面,,工业,0601,@
J01,1,3242500.125,40506800.500
J02,1,3242600.250,40506800.500
J03,1,3242600.250,40506900.750
J04,1,3242500.125,40506900.750
J01,1,3242500.125,40506800.500
4,0.1,,乙厂,面,,,,@
J01,1,3242700.000,40506800.000
J02,1,3242800.000,40506800.000
J03,1,3242800.000,40506900.000
J01,1,3242700.000,40506800.000
"""


def test_a_boundary_file() -> None:
    read = read_coordinates(BOUNDARY)
    assert read.declared == "2000国家大地坐标系"
    assert [(plot.name, [len(ring.points) for ring in plot.rings]) for plot in read.plots] == [
        ("330782001001GB00001", [4]),
        ("乙厂", [3]),
    ]
    assert read.issues == []


def test_what_cannot_be_read_is_told_with_its_line() -> None:
    read = read_coordinates(lines(SQUARE, "{x} {y}") + "\nJ5 12 34\n\n圈2\nJ1 3242500.0 506800.0")
    assert [(issue.row, issue.code) for issue in read.issues] == [
        (5, "line_unreadable"),
        (8, "ring_too_short"),
    ]
    assert rings(lines(SQUARE, "{x} {y}") + "\nJ5 12 34") == [[SQUARE]]


def test_a_text_without_end_is_refused() -> None:
    with pytest.raises(InputError, match="批量导入"):
        read_coordinates("\n" * 200_001)


@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    read = read_coordinates(text)
    assert isinstance(read, CoordinateText)
    assert all(len(set(ring.points)) >= 3 for plot in read.plots for ring in plot.rings)


@given(
    st.lists(
        st.sampled_from(
            ["J1", "1", "3242500.5", "506800.5", "120.1", "@", "[", "\n", " ", ",", "内环", "X=", "=", "1e30"]
        ),
        max_size=80,
    )
)
def test_no_mixture_of_its_words_breaks_it(words: list[str]) -> None:
    read_coordinates(" ".join(words))


@given(
    st.lists(
        st.tuples(
            st.floats(3_200_000, 3_300_000, allow_nan=False), st.floats(500_000, 520_000, allow_nan=False)
        ),
        min_size=3,
        max_size=40,
        unique=True,
    )
)
def test_every_digit_is_kept(points: list[tuple[float, float]]) -> None:
    assert rings("\n".join(f"{x!r} {y!r}" for x, y in points)) == [[points]]
