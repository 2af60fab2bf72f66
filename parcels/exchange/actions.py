"""Tables handed in on a page: tried out and kept for a day, then stored for good by the person who handed them in.

Refuses files that aren't tables, that unpack to more than a table can be, and a second import of one trial run.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from landgis.access.queries import Actor
from landgis.access.rules import IMPORT_DATA
from landgis.counties.models import County
from landgis.lib.errors import Conflict, InputError, NotFound
from landgis.lib.uploads import MEBIBYTE
from parcels.exchange.models import DeliveredTable
from parcels.exchange.table_import import import_table

ENDINGS = (".xlsx", ".xls", ".et", ".ods", ".csv", ".txt")
LARGEST = 20 * MEBIBYTE
LARGEST_UNPACKED = 400 * MEBIBYTE
MOST_PARTS = 2_000
KEPT = timedelta(days=1)
_LONGEST_NAME = 60  # a file name may have 255 bytes, a Chinese character takes three


def try_table(
    *, county: County, actor: Actor, table: str, file: UploadedFile[bytes], encoding: str
) -> DeliveredTable:
    """Read the file as the table named, do the import and take it back; the file waits for its import."""
    actor.require_whole_county(IMPORT_DATA)
    name = _name_of(file)
    content = file.read()
    _check_size(name, content)
    now = timezone.now()
    DeliveredTable.objects.filter(at__lt=now - KEPT).delete()
    with _as_file(name, content) as path:
        tried = import_table(county=county, actor=actor, table=table, file=path, encoding=encoding)
    return DeliveredTable.objects.create(
        county=county,
        username=actor.username,
        table=table,
        name=name,
        content=content,
        result={**tried.as_json(), "encoding_asked": encoding},
        at=now,
    )


def store_table(*, county: County, actor: Actor, delivered_id: int, reason: str) -> DeliveredTable:
    """Import what was tried out; what has changed on record since counts, so the answer is the import's own."""
    actor.require_whole_county(IMPORT_DATA)
    delivered = delivered_table(county, actor, delivered_id)
    mine = DeliveredTable.objects.filter(pk=delivered.pk, committed_at=None)
    if not mine.update(committed_at=timezone.now()):  # whoever comes first imports
        raise Conflict("这份表格已经导入。", remedy="需要再次导入的，请重新上传。")
    try:
        with _as_file(delivered.name, bytes(delivered.content)) as path:
            done = import_table(
                county=county,
                actor=actor,
                table=delivered.table,
                file=path,
                encoding=str(delivered.result.get("encoding_asked", "")),
                commit=True,
                reason=reason,
            )
    except BaseException:
        DeliveredTable.objects.filter(pk=delivered.pk).update(committed_at=None)
        raise
    DeliveredTable.objects.filter(pk=delivered.pk).update(result=done.as_json(), content=b"")
    return delivered


def delivered_table(county: County, actor: Actor, delivered_id: int) -> DeliveredTable:
    """The person's own delivery; raises NotFound for another's, and once it is forgotten."""
    rows = DeliveredTable.objects.filter(
        county=county, username=actor.username, at__gte=timezone.now() - KEPT
    )
    found = rows.defer("content").filter(pk=delivered_id).first()
    if found is None:
        raise NotFound("没有这份表格，或者已超过保留时间（1 天）。", remedy="请重新上传。")
    return found


def issues_of(delivered: DeliveredTable) -> list[dict[str, Any]]:
    """What was noticed, by row."""
    return list(delivered.result.get("issues", []))


def _name_of(file: UploadedFile[bytes]) -> str:
    name = Path((file.name or "").replace("\0", "").replace("\\", "/")).name.strip()
    if not name.lower().endswith(ENDINGS):
        raise InputError(
            "file_kind_unknown",
            f"文件“{name or '（无名）'}”不是表格。",
            f"请上传 {'、'.join(ENDINGS)} 文件。",
            field="file",
        )
    stem, dot, ending = name.rpartition(".")
    return f"{stem[:_LONGEST_NAME]}{dot}{ending}"


def _check_size(name: str, content: bytes) -> None:
    """A workbook is a zip: what it unpacks to is looked at before anything is unpacked."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return  # the reader of workbooks says what is wrong with it
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise InputError(
            "file_too_large",
            f"文件“{name}”解压后过大。",
            "请删去多余的工作表和图片，或分成几个文件。",
            field="file",
        )


@contextmanager
def _as_file(name: str, content: bytes) -> Iterator[Path]:
    with TemporaryDirectory(prefix="landgis-table-") as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        yield path
