"""A location map as a picture: the parcel, its neighbours, the town's outline, a scale bar and the north arrow.

Refuses coordinates in the picture: it shows where a parcel is among its neighbours, and is no survey. Drawn with Pillow,
which the register has anyway: a plotting library would bring a second of start-up and 60 MB for six shapes.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from PIL import Image, ImageDraw, ImageFont

from landgis.lib.errors import LandgisError
from layers.geometry.transform import transform_geometries

WIDTH_PX, HEIGHT_PX, MARGIN_PX, TITLE_PX, SHARPER = 1400, 1000, 24, 76, 2
INSET_PX = 300
# The parcel takes about a third of the picture, so that its surroundings can be recognised.
AROUND = 1.1
LEAST_M = 60.0
PAPER, GROUND, NEIGHBOUR, LINE, TOWN, MARK, BESIDE, INK = (
    "#ffffff", "#f7f7f2", "#e9e6dc", "#8d8878", "#4a6da7", "#c8102e", "#1f6fb2", "#222222"
)  # fmt: skip
FONTS = Path("/usr/share/fonts")
FONT_NAMES = ("NotoSansCJK-Regular.ttc", "NotoSansCJKsc-Regular.otf", "wqy-microhei.ttc")

Point = tuple[float, float]


class FontMissing(LandgisError):
    """The machine has no font with Chinese letters."""

    code = "font_missing"


def location_map(
    parcel_4490: Any,
    *,
    title: str,
    survey_crs: int,
    label: str = "",
    mark: str = MARK,
    neighbours_4490: Sequence[tuple[Any, str]] = (),
    town_4490: Any = None,
    beside_4490: Sequence[tuple[Any, str]] = (),
) -> bytes:
    """PNG, drawn in the survey CRS; `parcel_4490`, neighbours (with their labels) and town are shapely geometries.

    `beside_4490`: other ground that the picture is about as much; it is made large enough for all of it.
    """
    given = [parcel_4490, *(shape for shape, _ in (*neighbours_4490, *beside_4490))]
    shapes = np.empty(len(given), dtype=object)
    shapes[:] = given
    parcel, *moved = transform_geometries(shapes, 4490, survey_crs)
    others, beside = moved[: len(neighbours_4490)], moved[len(neighbours_4490) :]
    town = (
        None
        if town_4490 is None
        else transform_geometries(np.array([town_4490], dtype=object), 4490, survey_crs)[0]
    )
    sheet = _Sheet(_frame(shapely.union_all([parcel, *beside]) if beside else parcel))
    for shape in others:
        sheet.polygon(shape, fill=NEIGHBOUR, line=LINE, width=2)
    if town is not None:
        sheet.polygon(town, fill=None, line=TOWN, width=5)
    sheet.polygon(parcel, fill=mark, line=mark, width=6, lightly=True)
    for shape in beside:
        sheet.polygon(shape, fill=BESIDE, line=BESIDE, width=6, lightly=True)
    for shape, (_, text) in zip(others, neighbours_4490, strict=True):
        sheet.label(shape, text, INK, 22)
    sheet.label(parcel, label, mark, 28)
    for shape, (_, text) in zip(beside, beside_4490, strict=True):
        sheet.label(shape, text, BESIDE, 28)
    sheet.furniture(title)
    if town is not None:
        sheet.inset(town, parcel)
    return sheet.png()


def in_rows(pictures: Sequence[bytes], columns: int) -> bytes:
    """Several pictures of one size as one PNG, from the left to the right, `columns` in each row."""
    opened = [Image.open(io.BytesIO(picture)) for picture in pictures]
    width, height = opened[0].size
    rows = -(-len(opened) // columns)
    whole = Image.new("RGB", (min(columns, len(opened)) * width, rows * height), PAPER)
    for n, one in enumerate(opened):
        whole.paste(one, (n % columns * width, n // columns * height))
    out = io.BytesIO()
    whole.quantize(128).save(out, "PNG", optimize=True, dpi=(200, 200))
    return out.getvalue()


class _Sheet:
    """A picture of twice its size, made smaller at the end: smooth lines without a drawing library."""

    def __init__(self, frame: tuple[float, float, float, float]) -> None:
        self._frame = frame
        self._image = Image.new("RGB", (WIDTH_PX * SHARPER, HEIGHT_PX * SHARPER), PAPER)
        self._draw = ImageDraw.Draw(self._image)
        west, south, east, north = frame
        self._box = (MARGIN_PX, TITLE_PX, WIDTH_PX - MARGIN_PX, HEIGHT_PX - MARGIN_PX)
        left, top, right, bottom = self._box
        self._px_per_m = min((right - left) / (east - west), (bottom - top) / (north - south))
        self._middle_m = ((west + east) / 2, (south + north) / 2)
        self._middle_px = ((left + right) / 2, (top + bottom) / 2)
        self._draw.rectangle(self._sharp(self._box), fill=GROUND)

    def polygon(self, shape: Any, *, fill: str | None, line: str, width: int, lightly: bool = False) -> None:
        within = shapely.clip_by_rect(shape, *self._shown()) if fill else shapely.intersection(
            shapely.boundary(shape), shapely.box(*self._shown())
        )  # fmt: skip
        if fill:
            self._fill(within, fill, lightly=lightly)
        edges = shapely.boundary(within) if fill else within
        for edge in shapely.get_parts(edges):
            if shapely.get_num_coordinates(edge) > 1:
                self._draw.line(self._pixels(edge), fill=line, width=width * SHARPER, joint="curve")

    def label(self, shape: Any, text: str, colour: str, size: int) -> None:
        """At a point inside what is seen of the shape; white around the letters keeps them legible."""
        seen = shapely.clip_by_rect(shape, *self._shown())
        if not text or shapely.is_empty(seen):
            return
        point = shapely.point_on_surface(seen)
        self._text((self._pixels(point)[0]), text, colour, size, anchor="mm")

    def furniture(self, title: str) -> None:
        left, top, right, bottom = self._box
        for cover in (
            (0, 0, WIDTH_PX, top),
            (0, bottom, WIDTH_PX, HEIGHT_PX),
            (0, top, left, bottom),
            (right, top, WIDTH_PX, bottom),
        ):
            self._draw.rectangle(self._sharp(cover), fill=PAPER)  # fmt: skip
        self._draw.rectangle(self._sharp(self._box), outline=INK, width=3 * SHARPER)
        self._text((WIDTH_PX * SHARPER / 2, TITLE_PX * SHARPER / 2), title, INK, 36, anchor="mm")
        self._scale_bar(left + 30, bottom - 44)
        self._north(right - 60, top + 90)

    def inset(self, town: Any, parcel: Any) -> None:
        """Where in the town the picture is."""
        _, _, right, bottom = self._box
        box = (right - INSET_PX - 14, bottom - INSET_PX - 14, right - 14, bottom - 14)
        self._draw.rectangle(self._sharp(box), fill=PAPER, outline=INK, width=2 * SHARPER)
        west, south, east, north = shapely.bounds(town)
        scale = (INSET_PX - 40) / max(east - west, north - south, 1.0)
        middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)

        def place(xy: Any) -> list[Point]:
            return [
                (
                    (middle[0] + (x - (west + east) / 2) * scale) * SHARPER,
                    (middle[1] - (y - (south + north) / 2) * scale) * SHARPER,
                )
                for x, y in xy
            ]

        for part in shapely.get_parts(town):
            self._draw.polygon(place(shapely.get_coordinates(shapely.get_exterior_ring(part))), fill=GROUND)
            self._draw.line(
                place(shapely.get_coordinates(shapely.get_exterior_ring(part))), fill=TOWN, width=2 * SHARPER
            )
        (x, y), radius = place(shapely.get_coordinates(shapely.centroid(parcel)))[0], 7 * SHARPER
        self._draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=MARK)

    def png(self) -> bytes:
        out = io.BytesIO()
        small = self._image.reduce(SHARPER).quantize(128)  # few colours: a tenth of the size in the paper
        small.save(out, "PNG", dpi=(200, 200))
        return out.getvalue()

    def _fill(self, shape: Any, colour: str, *, lightly: bool) -> None:
        mask = Image.new("L", self._image.size, 0)
        drawn = ImageDraw.Draw(mask)
        strength = 70 if lightly else 255
        for part in shapely.get_parts(shape):
            if shapely.get_type_id(part) != shapely.GeometryType.POLYGON:
                continue
            drawn.polygon(self._pixels(shapely.get_exterior_ring(part)), fill=strength)
            for hole in shapely.get_rings(part)[1:]:
                drawn.polygon(self._pixels(hole), fill=0)
        box = mask.getbbox()
        if box:
            self._image.paste(colour, box, mask.crop(box))

    def _scale_bar(self, x: float, y: float) -> None:
        metres = _round_length((self._box[2] - self._box[0]) / 5 / self._px_per_m)
        length = metres * self._px_per_m
        for quarter, colour in ((0, INK), (1, PAPER), (2, INK), (3, PAPER)):
            part = (x + quarter * length / 4, y, x + (quarter + 1) * length / 4, y + 10)
            self._draw.rectangle(self._sharp(part), fill=colour, outline=INK, width=SHARPER)
        for at, text in (
            (0.0, "0"),
            (length, f"{metres:g} 米" if metres < 1000 else f"{metres / 1000:g} 千米"),
        ):
            self._text(((x + at) * SHARPER, (y - 18) * SHARPER), text, INK, 22, anchor="mm")

    def _north(self, x: float, y: float) -> None:
        arrow = [(x, y - 44), (x + 17, y + 26), (x, y + 12), (x - 17, y + 26)]
        sharp = [(px * SHARPER, py * SHARPER) for px, py in arrow]
        self._draw.polygon(sharp, fill=PAPER, outline=INK, width=2 * SHARPER)
        self._draw.polygon([sharp[0], sharp[2], sharp[3]], fill=INK)
        self._text((x * SHARPER, (y - 60) * SHARPER), "北", INK, 26, anchor="mm")

    def _text(self, at: Point, text: str, colour: str, size: int, *, anchor: str) -> None:
        self._draw.text(
            at,
            text,
            fill=colour,
            font=_font(size * SHARPER),
            anchor=anchor,
            stroke_width=3 * SHARPER,
            stroke_fill=PAPER,
        )

    def _shown(self) -> tuple[float, float, float, float]:
        """What the drawing's box shows, in metres, a little more at each side."""
        left, top, right, bottom = self._box
        half_w, half_h = (
            (right - left) / 2 / self._px_per_m * 1.02,
            (bottom - top) / 2 / self._px_per_m * 1.02,
        )
        x, y = self._middle_m
        return x - half_w, y - half_h, x + half_w, y + half_h

    def _pixels(self, shape: Any) -> list[Point]:
        xy = shapely.get_coordinates(shape)
        px = (self._middle_px[0] + (xy[:, 0] - self._middle_m[0]) * self._px_per_m) * SHARPER
        py = (self._middle_px[1] - (xy[:, 1] - self._middle_m[1]) * self._px_per_m) * SHARPER
        return list(zip(px.tolist(), py.tolist(), strict=True))

    @staticmethod
    def _sharp(box: Iterable[float]) -> tuple[float, ...]:
        return tuple(value * SHARPER for value in box)


def _frame(parcel: Any) -> tuple[float, float, float, float]:
    west, south, east, north = shapely.bounds(parcel)
    more = max(east - west, north - south, LEAST_M) * AROUND
    return west - more, south - more, east + more, north + more


def _round_length(metres: float) -> float:
    """1, 2 or 5 times a power of ten, not longer than asked for."""
    power = 10 ** math.floor(math.log10(metres))
    return float(next(step * power for step in (5, 2, 1) if step * power <= metres))


@lru_cache(maxsize=1)
def _font_file() -> tuple[Path, int]:
    """The file and which of its faces is simplified Chinese."""
    for name in FONT_NAMES:
        for path in sorted(FONTS.glob(f"**/{name}")):
            for index in range(10):
                try:
                    family = ImageFont.truetype(path, 10, index=index).getname()[0] or ""
                except OSError:
                    break
                if "JP" not in family and "KR" not in family and "TC" not in family and "HK" not in family:
                    return path, index
    raise FontMissing("本机没有中文字体，不能绘制位置图。", remedy="请在服务器上安装 fonts-noto-cjk。")


@lru_cache(maxsize=16)
def _font(size: int) -> ImageFont.FreeTypeFont:
    path, index = _font_file()
    return ImageFont.truetype(path, size, index=index)
