"""What an uploaded paper is, by its own bytes: photo or PDF, and a small picture of it.

Refuses by content whatever isn't a sound JPEG, PNG or PDF; the name that a file carries decides nothing.
"""

from __future__ import annotations

import io
import struct
import threading
import warnings
import zlib
from dataclasses import dataclass

import pypdfium2
from PIL import Image, ImageOps, UnidentifiedImageError

from landgis.lib.errors import InputError

JPEG, PNG, PDF = "image/jpeg", "image/png", "application/pdf"
BEGINNINGS = {JPEG: b"\xff\xd8\xff", PNG: b"\x89PNG\r\n\x1a\n", PDF: b"%PDF-"}
FORMATS = {JPEG: "JPEG", PNG: "PNG"}
# Decoded, a PNG takes 4 bytes a pixel; of a JPEG a reduced picture is decoded, a large camera's included.
MOST_PIXELS = {JPEG: 120_000_000, PNG: 40_000_000}
THUMBNAIL_PX = 256
READABLE = "可上传 JPEG、PNG 照片或 PDF 文件。"

# What phones write when they are left to themselves.
HEIF_BRANDS = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"}
)
HEIF_REMEDY = "请在手机相机设置中把格式改为“兼容性最佳”（JPEG）后重新拍摄，或先转存为 JPEG 再上传。"

# PDFium keeps global state: one thread at a time.
_PDFIUM = threading.Lock()
_BROKEN = (
    OSError, ValueError, SyntaxError, EOFError, struct.error, zlib.error, OverflowError, MemoryError,
    UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning,
)  # fmt: skip


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
    return Paper(media_type, _photo_thumbnail(content, name, media_type))


def _photo_thumbnail(content: bytes, name: str, media_type: str) -> bytes:
    try:
        with (
            warnings.catch_warnings(),
            Image.open(io.BytesIO(content), formats=[FORMATS[media_type]]) as image,
        ):
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            width, height = image.size
            if width * height > MOST_PIXELS[media_type]:
                raise _too_large(name, width, height)
            image.draft("RGB", (2 * THUMBNAIL_PX, 2 * THUMBNAIL_PX))
            small = ImageOps.exif_transpose(image)
            small.thumbnail((THUMBNAIL_PX, THUMBNAIL_PX))
            return _png(small)
    except Image.DecompressionBombError:
        raise _too_large(name) from None
    except _BROKEN:
        told = f"照片 {name} 已损坏，无法打开。"
        raise InputError("attachment_damaged", told, "请重新拍摄或重新导出后再上传。", field="file") from None


def _pdf_thumbnail(content: bytes, name: str) -> bytes | None:
    with _PDFIUM:
        try:
            document = pypdfium2.PdfDocument(content)
        except pypdfium2.PdfiumError as error:
            locked = "password" in str(error).lower()
            told = f"PDF 文件 {name} {'设有密码' if locked else '已损坏，无法打开'}。"
            remedy = "请取消密码后再上传。" if locked else "请重新扫描或重新导出后再上传。"
            raise InputError("attachment_damaged", told, remedy, field="file") from None
        try:
            if not len(document):
                told = f"PDF 文件 {name} 没有任何页面。"
                raise InputError("attachment_damaged", told, "请重新扫描或重新导出后再上传。", field="file")
            page = document[0]
            try:
                longest = max(*page.get_size(), 1.0)
                bitmap = page.render(scale=THUMBNAIL_PX / longest)
                return _png(bitmap.to_pil())
            finally:
                page.close()
        except (pypdfium2.PdfiumError, *_BROKEN):
            return None  # a page that can't be drawn is no reason to refuse the paper
        finally:
            document.close()


def _png(image: Image.Image) -> bytes:
    kept = (
        image if image.mode in ("RGB", "RGBA", "L") else image.convert("RGBA" if "A" in image.mode else "RGB")
    )
    bare = Image.new(kept.mode, kept.size)
    bare.paste(kept)  # the pixels only: no place, no camera, no profile
    out = io.BytesIO()
    bare.save(out, "PNG", optimize=True)
    return out.getvalue()


def _too_large(name: str, width: int = 0, height: int = 0) -> InputError:
    size = f"（{width}×{height} 像素）" if width else ""
    told = f"照片 {name}{size}的像素过多。"
    return InputError("attachment_pixels", told, "请缩小后再上传。", field="file")
