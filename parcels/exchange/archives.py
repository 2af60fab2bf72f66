"""Unpacks a delivered zip into a folder of its own: member names in GBK or UTF-8, nothing outside the folder.

Refuses encrypted and damaged archives, and one that would fill the disk.
"""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path, PurePosixPath

from landgis.lib.errors import InputError
from parcels.exchange.encodings import decode_bytes

_MOST_BYTES = 8 << 30
_MOST_FILES = 50_000
_UTF8_NAME = 0x800  # the flag by which a zip says that a name is UTF-8; without it the bytes are anyone's
_ENCRYPTED = 0x1
_GDB_TABLE = "a00000001.gdbtable"


def unpack(archive: Path, into: Path) -> Path:
    """The folder that holds the members; a FileGDB zipped without its folder gets one."""
    try:
        with zipfile.ZipFile(archive) as zipped:
            members = [member for member in zipped.infolist() if not member.is_dir()]
            _check(archive, members)
            for member in members:
                target = _target(into, member)
                if target is not None:
                    target.parent.mkdir(parents=True, exist_ok=True)
                    with zipped.open(member) as source, target.open("wb") as copy:
                        shutil.copyfileobj(source, copy, 1 << 20)
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
        raise InputError(
            "zip_damaged", f"{archive.name} 不是完整的 zip 压缩包。", "请重新压缩（zip 格式）后再导入。"
        ) from error
    return _with_gdb_folder(archive, into)


def _check(archive: Path, members: list[zipfile.ZipInfo]) -> None:
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise InputError(
            "zip_encrypted", f"{archive.name} 设有密码。", "请解压后重新打包（不设密码）再导入。"
        )
    if len(members) > _MOST_FILES or sum(member.file_size for member in members) > _MOST_BYTES:
        raise InputError(
            "zip_too_large",
            f"{archive.name} 解压后超过 {_MOST_BYTES >> 30} GB 或 {_MOST_FILES} 个文件。",
            "请分批打包后再导入。",
        )


def _target(into: Path, member: zipfile.ZipInfo) -> Path | None:
    """Where a member goes; None for what operating systems add, and for a path that leads elsewhere."""
    name = member.filename
    if not member.flag_bits & _UTF8_NAME:
        name = decode_bytes(name.encode("cp437"))[0].replace("\\", "/")
    parts = [part for part in PurePosixPath(name).parts if part not in ("/", ".")]
    if not parts or ".." in parts or ":" in parts[0] or parts[0] == "__MACOSX" or parts[-1].startswith("."):
        return None
    return into.joinpath(*parts)


def _with_gdb_folder(archive: Path, folder: Path) -> Path:
    if not (folder / _GDB_TABLE).exists():
        return folder
    inner = folder / f"{archive.name.split('.')[0]}.gdb"
    inner.mkdir()
    for path in list(folder.iterdir()):
        if path != inner:
            path.rename(inner / path.name)
    return folder
