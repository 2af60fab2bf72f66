"""Makes one readable shapefile of what was delivered: parts found whatever their case, an index made if missing.

Refuses a shapefile without its table, and one whose shapes and rows are not equally many. Writes nothing beside
the delivered files: the parts are linked into a folder of their own.
"""

from __future__ import annotations

import shutil
import struct
from dataclasses import dataclass
from pathlib import Path

from landgis.lib.errors import InputError
from landgis.lib.issues import Issue
from parcels.exchange.encodings import decode_bytes

_HEADER = 100
_DBF_HEADER = 32
_RECORD_HEADER = 8
_MAGIC = 9994


@dataclass(frozen=True, slots=True)
class Shapefile:
    """`path` is the .shp to open; `prj` and `cpg` are the texts of those parts, "" where they are missing."""

    path: Path
    prj: str
    cpg: str
    issues: list[Issue]


def stage(shp: Path, into: Path) -> Shapefile:
    """Links the parts of `shp` into the folder `into`, which has to outlive the reading."""
    parts = _parts(shp)
    if "dbf" not in parts:
        raise InputError(
            "shp_without_dbf",
            f"{shp.name} 缺少属性表 {shp.stem}.dbf。",
            "请把同名的 .shp、.shx、.dbf、.prj 一并打包导入。",
        )
    issues: list[Issue] = []
    for kind in ("shp", "dbf"):
        _link(parts[kind], into / f"layer.{kind}")
    _require_whole(parts["shp"])
    rows = _dbf_rows(parts["dbf"])
    if "shx" in parts and _shx_shapes(parts["shx"]) == rows:
        _link(parts["shx"], into / "layer.shx")
    else:
        told = (
            "索引文件 .shx 缺失，已由 .shp 重建。" if "shx" not in parts else "索引文件 .shx 有误，已重建。"
        )
        issues.append(Issue(0, "shp_index_rebuilt", "", told, "warning"))
        shapes = rebuild_index(parts["shp"], into / "layer.shx")
        if shapes != rows:
            raise InputError(
                "shp_dbf_mismatch",
                f"{shp.name} 有 {shapes} 个图形，而属性表有 {rows} 行，无法对应。",
                "请从原软件重新导出整套 shapefile，不要单独替换其中的文件。",
            )
    prj, cpg = (decode_bytes(parts[kind].read_bytes())[0] if kind in parts else "" for kind in ("prj", "cpg"))
    if not prj.strip():
        issues.append(Issue(0, "shp_without_prj", "", "缺少坐标系说明文件 .prj，按坐标推断。", "warning"))
    return Shapefile(into / "layer.shp", prj.strip("\x00 \r\n\t"), cpg.strip("\x00 \r\n\t"), issues)


def rebuild_index(shp: Path, shx: Path) -> int:
    """Writes the index of a .shp from the lengths that its records state; how many there are."""
    size = shp.stat().st_size
    entries = bytearray()
    with shp.open("rb") as source:
        header = source.read(_HEADER)
        if len(header) < _HEADER or struct.unpack(">i", header[:4])[0] != _MAGIC:
            raise _damaged(shp)
        at, end = _HEADER, min(size, 2 * struct.unpack(">i", header[24:28])[0])
        while at < end:
            source.seek(at)
            head = source.read(_RECORD_HEADER)
            words = struct.unpack(">ii", head)[1] if len(head) == _RECORD_HEADER else -1
            if words < 2 or at + _RECORD_HEADER + 2 * words > size:
                raise _damaged(shp)
            entries += struct.pack(">ii", at // 2, words)
            at += _RECORD_HEADER + 2 * words
    length = struct.pack(">i", (_HEADER + len(entries)) // 2)
    shx.write_bytes(header[:24] + length + header[28:] + bytes(entries))
    return len(entries) // 8


def _damaged(shp: Path) -> InputError:
    return InputError(
        "shp_damaged", f"{shp.name} 已损坏或没有复制完整。", "请从原软件重新导出，或重新复制后再导入。"
    )


def _parts(shp: Path) -> dict[str, Path]:
    """The files of the same name by their lower-case suffix; `Parcels.SHP` and `parcels.dbf` belong together."""
    stem = shp.stem.lower()
    found: dict[str, Path] = {}
    for path in sorted(shp.parent.iterdir(), key=lambda path: path.stem == shp.stem):
        if path.is_file() and path.stem.lower() == stem:
            found[path.suffix[1:].lower()] = path
    return found | {"shp": shp}


def _link(path: Path, to: Path) -> None:
    try:
        to.symlink_to(path.resolve())
    except OSError:
        shutil.copyfile(path, to)


def _require_whole(shp: Path) -> None:
    """A copy that broke off would lose the shapes of all rows behind, as if nobody had drawn them."""
    with shp.open("rb") as source:
        header = source.read(_HEADER)
    if len(header) < _HEADER or 2 * struct.unpack(">i", header[24:28])[0] > shp.stat().st_size:
        raise _damaged(shp)


def _dbf_rows(dbf: Path) -> int:
    with dbf.open("rb") as source:
        header = source.read(_DBF_HEADER)
    rows, begin, length = struct.unpack("<IHH", header[4:12]) if len(header) == _DBF_HEADER else (0, 0, 0)
    if not begin or begin + rows * length > dbf.stat().st_size:
        raise InputError(
            "dbf_damaged",
            f"{dbf.name} 是空的、已损坏或没有复制完整。",
            "请从原软件重新导出，或重新复制后再导入。",
        )
    return int(rows)


def _shx_shapes(shx: Path) -> int:
    return (shx.stat().st_size - _HEADER) // 8
