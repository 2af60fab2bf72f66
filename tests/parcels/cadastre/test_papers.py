"""What an uploaded paper is, by its bytes alone."""

import contextlib
import io
import zlib
from typing import Any

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from landgis.lib.errors import InputError
from parcels.cadastre import thumbnails
from parcels.cadastre.papers import JPEG, PDF, PNG, read_paper

ORIENTATION = 0x0112


def photo(kind: str = "JPEG", size: tuple[int, int] = (640, 480), mode: str = "RGB", **options: Any) -> bytes:
    out = io.BytesIO()
    image = Image.new(mode, size)
    image.paste(Image.new(mode, (size[0], size[1] // 2), 255 if mode == "L" else None), (0, 0))
    image.save(out, kind, **options)
    return out.getvalue()


def pdf(width: float = 595, height: float = 842, pages: int = 1) -> bytes:
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(width, height)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def drawn(content: bytes) -> Image.Image:
    thumbnail = read_paper(content, "x").thumbnail
    assert thumbnail is not None
    image = Image.open(io.BytesIO(thumbnail))
    assert image.format == "PNG"
    return image


@pytest.mark.parametrize(
    ("content", "media_type", "size"),
    [
        (photo(), JPEG, (256, 192)),
        (photo(size=(20, 10)), JPEG, (20, 10)),
        (photo(size=(1, 3000)), JPEG, (1, 256)),
        (photo(mode="L"), JPEG, (256, 192)),
        (photo(mode="CMYK"), JPEG, (256, 192)),
        (photo(progressive=True), JPEG, (256, 192)),
        (photo("PNG"), PNG, (256, 192)),
        (photo("PNG", mode="P"), PNG, (256, 192)),
        (photo("PNG", mode="LA"), PNG, (256, 192)),
        (photo("PNG", mode="I;16"), PNG, (256, 192)),
        (photo("PNG", mode="1"), PNG, (256, 192)),
        (pdf(), PDF, (181, 256)),
        (pdf(842, 595, pages=3), PDF, (256, 181)),
        (pdf(14_400, 1), PDF, (256, 1)),
    ],
)  # fmt: skip
def test_what_is_taken_and_how_it_is_shown(content: bytes, media_type: str, size: tuple[int, int]) -> None:
    assert read_paper(content, "任意名.svg").media_type == media_type
    assert drawn(content).size == size


def test_a_photo_is_turned_upright_and_loses_what_it_says_of_itself() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[0x010F] = "相机"
    shown = drawn(photo(exif=exif))
    assert shown.size == (192, 256)
    assert not shown.getexif()
    assert not shown.info


BOMB = b"\x89PNG\r\n\x1a\n" + b"".join(
    len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")
    for kind, data in (
        (b"IHDR", (60_000).to_bytes(4, "big") * 2 + b"\x08\x06\x00\x00\x00"),
        (b"IDAT", zlib.compress(bytes(100_000))),
        (b"IEND", b""),
    )
)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "attachment_type"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "attachment_type"),
        (b"<!doctype html><script>alert(1)</script>", "attachment_type"),
        (b"GIF89a" + bytes(100), "attachment_type"),
        (b"PK\x03\x04" + bytes(100), "attachment_type"),
        (b"\n<html>%PDF-1.7", "attachment_type"),
        (b"\xff\xd8\xff" + bytes(100), "attachment_damaged"),
        (b"\xff\xd8\xff<script>alert(1)</script>", "attachment_damaged"),
        (photo()[:3000], "attachment_damaged"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "attachment_damaged"),
        (photo("PNG")[:-30], "attachment_damaged"),
        (BOMB, "attachment_pixels"),
        (b"%PDF-1.7\n", "attachment_damaged"),
        (b"%PDF-1.7\n" + bytes(10_000), "attachment_damaged"),
        (pdf(pages=0), "attachment_damaged"),
    ],
)
def test_what_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(InputError) as refused:
        read_paper(content, "现场.jpg")
    assert refused.value.code == code


def test_a_photo_of_too_many_pixels_is_not_even_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thumbnails, "MOST_JPEG_PIXELS", 640 * 480 - 1)
    with pytest.raises(InputError, match="640×480"):
        read_paper(photo(), "x.jpg")


def test_a_locked_pdf_says_so() -> None:
    locked = b"/Encrypt << /Filter /Standard /V 1 /R 2 /O <%b> /U <%b> /P -4 >> /ID [<00> <00>]" % (
        b"28" * 32,
        b"28" * 32,
    )
    start, sign, rest = pdf().rpartition(b"trailer")
    assert sign
    encrypted = start + sign + rest.replace(b"<<", b"<< " + locked, 1)
    with pytest.raises(InputError) as refused:
        read_paper(encrypted, "合同.pdf")
    assert refused.value.code == "attachment_damaged"
    assert "密码" in refused.value.message


@given(st.sampled_from([photo(size=(64, 48)), photo("PNG", (64, 48)), pdf(200, 300)]), st.data())
def test_no_spoilt_file_breaks_it(content: bytes, data: st.DataObject) -> None:
    spoilt = bytearray(content)
    for _ in range(data.draw(st.integers(1, 8))):
        spoilt[data.draw(st.integers(8, len(spoilt) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(InputError):
        read_paper(bytes(spoilt), "x")
