"""Writes shapefiles byte for byte: GBK table without .cpg, Esri .prj, fixed dates, rings exactly as given.

It refuses to repair: a crossed, open or empty ring is written as it is, which GDAL's writer would not do.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely

from demo.randomness import Floats

PRJ_4528 = (
    'PROJCS["CGCS2000_3_Degree_GK_Zone_40",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",'
    'DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],'
    'UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",40500000.0],'
    'PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",120.0],PARAMETER["Scale_Factor",1.0],'
    'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)
_POLYGON, _NULL = 5, 0
_HEADER_DATE = (126, 1, 1)
"""2026-01-01: the table's header carries a date, and a demo has to come out the same on any day."""

Rings = list[Floats] | None
Value = str | bytes | float | None


@dataclass(frozen=True)
class Column:
    """Width in bytes; a column with decimals holds numbers, one without holds text."""

    name: str
    width: int
    decimals: int | None = None


def write_shapefile(
    path: Path, columns: Sequence[Column], shapes: Sequence[Rings], records: Sequence[Sequence[Value]]
) -> None:
    """`path` ends in .shp; .shx, .dbf and .prj are written beside it."""
    bodies = [_shape(rings) for rings in shapes]
    lengths = np.array([len(body) // 2 for body in bodies], dtype=np.int64)
    offsets = 50 + np.concatenate([[0], np.cumsum(lengths + 4)])
    box = _box([ring for rings in shapes for ring in rings or []])
    with path.open("wb") as file:
        file.write(_file_header(int(offsets[-1]), box))
        for number, body in enumerate(bodies, start=1):
            file.write(struct.pack(">ii", number, len(body) // 2))
            file.write(body)
    index = np.column_stack([offsets[:-1], lengths]).astype(">i4")
    path.with_suffix(".shx").write_bytes(_file_header(50 + 4 * len(bodies), box) + index.tobytes())
    path.with_suffix(".prj").write_bytes(PRJ_4528.encode("ascii"))
    path.with_suffix(".dbf").write_bytes(_table(columns, records))


def rings_of(shape: shapely.Geometry) -> Rings:
    """Rings in the order the format asks for: shells clockwise, holes the other way, each after its shell."""
    rings = shapely.get_rings(shapely.get_parts(shapely.orient_polygons(shape, exterior_cw=True)))
    return [shapely.get_coordinates(ring) for ring in rings]


def _shape(rings: Rings) -> bytes:
    if rings is None:
        return struct.pack("<i", _NULL)
    starts = np.cumsum([0, *(len(ring) for ring in rings)])[:-1].astype("<i4")
    points = np.vstack(rings) if rings else np.empty((0, 2))
    box = _box(rings)
    head = struct.pack("<i4dii", _POLYGON, *box, len(rings), len(points))
    return head + starts.tobytes() + points.astype("<f8").tobytes()


def _box(rings: list[Floats]) -> tuple[float, float, float, float]:
    if not rings:
        return (0.0, 0.0, 0.0, 0.0)
    points = np.vstack(rings)
    return (*(float(low) for low in points.min(axis=0)), *(float(high) for high in points.max(axis=0)))  # type: ignore[return-value]


def _file_header(words: int, box: tuple[float, float, float, float]) -> bytes:
    return struct.pack(">i5ii", 9994, 0, 0, 0, 0, 0, words) + struct.pack(
        "<ii8d", 1000, _POLYGON, *box, 0, 0, 0, 0
    )


def _table(columns: Sequence[Column], records: Sequence[Sequence[Value]]) -> bytes:
    width = 1 + sum(column.width for column in columns)
    head = struct.pack("<B3BIHH20x", 3, *_HEADER_DATE, len(records), 33 + 32 * len(columns), width)
    for column in columns:
        name = column.name.encode("gbk")
        if len(name) > 10:
            raise ValueError(f"{column.name}: a field name has at most 10 bytes")
        kind = b"C" if column.decimals is None else b"N"
        head += struct.pack("<11sc4xBB14x", name, kind, column.width, column.decimals or 0)
    rows = [
        b" " + b"".join(_cell(column, value) for column, value in zip(columns, row, strict=True))
        for row in records
    ]
    return head + b"\r" + b"".join(rows) + b"\x1a"


def _cell(column: Column, value: Value) -> bytes:
    if value is None:
        return b" " * column.width
    if isinstance(value, bytes):
        raw = value
    elif column.decimals is not None:
        raw = f"{float(value):.{column.decimals}f}".rjust(column.width).encode("ascii")
    else:
        raw = str(value).encode("gbk")
    if len(raw) > column.width:
        raise ValueError(f"{column.name}: {value!r} is longer than {column.width} bytes")
    return raw.ljust(column.width)
