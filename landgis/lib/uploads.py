"""Files that a browser sends: how large they may be, and the words when they are larger.

Refuses a file while it is still arriving, so that an endless one fills neither memory nor disk.
"""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

from landgis.lib.errors import InputError

MEBIBYTE = 1 << 20
MOST_BYTES = 30 * MEBIBYTE


class Bounded(FileUploadHandler):
    """Stands before the handlers that keep what arrives; above MOST_BYTES nothing more is read."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.taken = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.taken += len(raw_data)
        if self.taken > MOST_BYTES:
            if self.request is not None:
                self.request.META["landgis.upload_too_large"] = True
            raise StopUpload(connection_reset=True)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def uploaded_file(
    request: HttpRequest, *, most_bytes: int = MOST_BYTES, field: str = "file"
) -> UploadedFile[bytes]:
    """The one file of a request; raises InputError where there is none, or it is empty or too large."""
    file: Any = request.FILES.get(field)
    if request.META.get("landgis.upload_too_large"):
        raise _too_large(most_bytes, field)
    if not isinstance(file, UploadedFile):
        raise InputError("file_missing", "没有收到文件。", "请选择文件后重试。", field=field)
    return _sound(file, most_bytes, field)


def uploaded_files(
    request: HttpRequest, *, most_files: int, most_bytes: int = MOST_BYTES, field: str = "files"
) -> list[UploadedFile[bytes]]:
    """The files of a request, none or several; together they are held to MOST_BYTES, each to `most_bytes`."""
    if request.META.get("landgis.upload_too_large"):
        raise InputError(
            "file_too_large",
            f"本次上传的文件合计超过 {MOST_BYTES // MEBIBYTE} MB。",
            "请分几次上传，或降低照片分辨率后再上传。",
            field=field,
        )
    files = request.FILES.getlist(field)
    if len(files) > most_files:
        told = f"一次上传了 {len(files)} 个文件，最多 {most_files} 个。"
        raise InputError("too_many_files", told, "请分几次上传。", field=field)
    return [_sound(file, most_bytes, field) for file in files]


def _sound(file: UploadedFile[bytes], most_bytes: int, field: str) -> UploadedFile[bytes]:
    if (file.size or 0) > most_bytes:
        raise _too_large(most_bytes, field)
    if not file.size:
        raise InputError("file_empty", f"文件 {file.name} 是空的。", "请重新选择文件。", field=field)
    return file


def _too_large(most_bytes: int, field: str) -> InputError:
    told = f"文件超过 {most_bytes // MEBIBYTE} MB。"
    return InputError("file_too_large", told, "请压缩或分成几个文件后再上传。", field=field)
