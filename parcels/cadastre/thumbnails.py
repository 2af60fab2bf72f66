"""The small picture of an uploaded photo or PDF.

Refuses a damaged file, a locked PDF and a photo of too many pixels; what it draws carries no place and no camera.
"""

from __future__ import annotations

import io
import struct
import threading
import warnings
import zlib

import pypdfium2
from PIL import Image, ImageOps, UnidentifiedImageError

from landgis.lib.errors import InputError

# Decoded, a PNG takes 4 bytes a pixel; of a JPEG a reduced picture is decoded, a large camera's included.
MOST_JPEG_PIXELS, MOST_PNG_PIXELS = 120_000_000, 40_000_000
THUMBNAIL_PX = 256

# PDFium keeps global state: one thread at a time.
_PDFIUM = threading.Lock()
_BROKEN = (
    OSError, ValueError, SyntaxError, EOFError, struct.error, zlib.error, OverflowError, MemoryError,
    UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning,
)  # fmt: skip


def photo_thumbnail(content: bytes, name: str, *, png: bool) -> bytes:
    try:
        with (
            warnings.catch_warnings(),
            Image.open(io.BytesIO(content), formats=["PNG" if png else "JPEG"]) as image,
        ):
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            width, height = image.size
            if width * height > (MOST_PNG_PIXELS if png else MOST_JPEG_PIXELS):
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


def pdf_thumbnail(content: bytes, name: str) -> bytes | None:
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
