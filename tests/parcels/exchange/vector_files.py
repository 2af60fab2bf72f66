"""Vector files as bureaus deliver them, written for the tests of their reader."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import shapely
from numpy.typing import NDArray

SQUARES = [shapely.box(40_506_000 + 50 * i, 3_242_000, 40_506_040 + 50 * i, 3_242_060) for i in range(3)]
HOLDERS = ["义乌市针织有限公司", "浙江某某机械厂", "第三户"]
CODES = ["330782001001GB00001", "330782001001GB00002", "330782001001GB00003"]


def columns(**values: Sequence[Any]) -> dict[str, NDArray[Any]]:
    return {
        name: np.array(list(column), dtype=object if any(isinstance(v, str) for v in column) else None)
        for name, column in values.items()
    }


def written(
    path: Path,
    data: Mapping[str, NDArray[Any]],
    geoms: Sequence[shapely.Geometry | None] = SQUARES,
    *,
    driver: str = "ESRI Shapefile",
    crs: str | None = "EPSG:4528",
    encoding: str | None = None,
    layer: str | None = None,
    append: bool = False,
    geometry_type: str = "Polygon",
) -> Path:
    wkb = shapely.to_wkb(np.array([*geoms], dtype=object))
    pyogrio.raw.write(
        path, wkb, list(data.values()), list(data), geometry_type=geometry_type, crs=crs, driver=driver,
        encoding=encoding, layer=layer, append=append,
    )  # fmt: skip
    return path


def shapefile(folder: Path, encoding: str = "GBK", *, cpg: str | None = None, **options: Any) -> Path:
    """parcels.shp with Chinese names and values in `encoding`; no .cpg unless given."""
    data = options.pop("data", None) or columns(
        宗地代码=CODES, 权利人=HOLDERS, 面积=[2400.0, 2400.5, 2401.25]
    )
    path = written(folder / "parcels.shp", data, encoding=encoding, **options)
    path.with_suffix(".cpg").unlink(missing_ok=True)
    if cpg is not None:
        path.with_suffix(".cpg").write_text(cpg)
    return path


def raw_dbf(path: Path, fields: Sequence[tuple[bytes, int]], rows: Sequence[Sequence[bytes]]) -> None:
    """A DBF of text fields from the very bytes, as no library would write them."""
    width = 1 + sum(size for _, size in fields)
    header = struct.pack("<BBBBIHH20x", 3, 124, 1, 1, len(rows), 32 + 32 * len(fields) + 1, width)
    described = b"".join(struct.pack("<11sc4xB15x", name, b"C", size) for name, size in fields)
    body = b"".join(
        b" " + b"".join(value.ljust(size, b" ") for value, (_, size) in zip(row, fields, strict=True))
        for row in rows
    )
    path.write_bytes(header + described + b"\r" + body + b"\x1a")


def zipped(target: Path, members: Mapping[str, Path], *, names: str = "utf-8", flag: bool = True) -> Path:
    """A zip whose member names are written as bytes of `names`, with or without the flag that says UTF-8."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in members.items():
            info = zipfile.ZipInfo(name if flag else name.encode(names).decode("cp437"))
            archive.writestr(info, path.read_bytes())
    if not flag:
        _write_names_as_given(target)
    return target


def _write_names_as_given(target: Path) -> None:
    """Python writes every name beyond ASCII as UTF-8 and flags it; put the cp437 bytes and flags back."""
    with zipfile.ZipFile(target) as archive:
        members = [(info.filename, archive.read(info)) for info in archive.infolist()]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(_LegacyName(name), data)


class _LegacyName(zipfile.ZipInfo):
    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802
        return self.filename.encode("cp437"), self.flag_bits & ~0x800


def parts(shp: Path, *suffixes: str) -> dict[str, Path]:
    return {shp.stem + suffix: shp.with_suffix(suffix) for suffix in suffixes}
