"""A Word file's parts packed so that equal contents are equal bytes: one order, one date, nothing of the machine.

Refuses to judge what is packed; `parcels.documents.uploads` does that for files that others made.
"""

from __future__ import annotations

import io
import zipfile

FIRST_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip file can hold
CONTENT_TYPES = "[Content_Types].xml"
_UNIX, _RW_R__R__ = 3, 0o644 << 16


def entry(name: str, *, compressed: bool = True) -> zipfile.ZipInfo:
    """An entry without the day and the system on which it was made."""
    info = zipfile.ZipInfo(name, FIRST_DATE)
    info.create_system, info.external_attr = _UNIX, _RW_R__R__
    info.compress_type = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
    return info


def repacked(docx: bytes, *, compressed: bool = True) -> bytes:
    """The same parts; uncompressed where the bytes must not hang on a machine's zlib."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx)) as old, zipfile.ZipFile(out, "w") as new:
        for name in sorted(old.namelist(), key=lambda name: (name != CONTENT_TYPES, name)):
            new.writestr(entry(name, compressed=compressed), old.read(name))
    return out.getvalue()
