"""What an uploaded paper is, by its own bytes: photo or PDF, and a small picture of it.

Refuses by content whatever isn't a sound JPEG, PNG or PDF; the name that a file carries decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from landgis.lib.errors import InputError
from landgis.lib.later import later

JPEG, PNG, PDF = "image/jpeg", "image/png", "application/pdf"
BEGINNINGS = {JPEG: b"\xff\xd8\xff", PNG: b"\x89PNG\r\n\x1a\n", PDF: b"%PDF-"}
READABLE = "可上传 JPEG、PNG 照片或 PDF 文件。"

# What phones write when they are left to themselves.
HEIF_BRANDS = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"}
)
HEIF_REMEDY = "请在手机相机设置中把格式改为“兼容性最佳”（JPEG）后重新拍摄，或先转存为 JPEG 再上传。"

# Libraries for pictures and PDF are slow to import, and most runs see no paper.
_pdf_thumbnail = later("parcels.cadastre.thumbnails.pdf_thumbnail")
_photo_thumbnail = later("parcels.cadastre.thumbnails.photo_thumbnail")


@dataclass(frozen=True, slots=True)
class Paper:
    """`thumbnail` is a PNG of at most 256 pixels a side; None where a sound file can't be drawn."""

    media_type: str
    thumbnail: bytes | None


def read_paper(content: bytes, name: str) -> Paper:
    """Raises InputError when the bytes are no sound file of a kind that is kept as evidence."""
    media_type = next((kind for kind, first in BEGINNINGS.items() if content.startswith(first)), None)
    if media_type is None and content[4:8] == b"ftyp" and content[8:12] in HEIF_BRANDS:
        told = f"文件 {name} 是 HEIC/HEIF 照片，系统不能显示。"
        raise InputError("attachment_heic", told, HEIF_REMEDY, field="file")
    if media_type is None:
        raise InputError("attachment_type", f"文件 {name} 不是照片或 PDF。", READABLE, field="file")
    if media_type == PDF:
        return Paper(PDF, _pdf_thumbnail(content, name))
    return Paper(media_type, _photo_thumbnail(content, name, png=media_type == PNG))
