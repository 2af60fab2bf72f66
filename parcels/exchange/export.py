"""Handing data out: one action for every format, masked for its recipient and written into the audit.

Refuses without the right to export, outside the actor's towns, to unknown recipients, and to leave a file that is
only half written: the file appears under its name once it is whole and the audit row stands.
"""

import hashlib
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import DecimalField, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils import timezone

from landgis.access.models import Recipient
from landgis.access.queries import Actor
from landgis.access.rules import EXPORT_DATA
from landgis.audit.change import change
from landgis.audit.models import AuditEvent
from landgis.counties.models import County
from landgis.lib.errors import UsageError
from landgis.lib.issues import Issue
from landgis.lib.later import later
from layers.catalog import registry
from layers.catalog.clearance import clearance_of, columns
from layers.catalog.collection import Collection
from layers.catalog.rows import Question, rows
from parcels.exchange.writing import AREA_UNITS, Export, Written

ACTION = "export"

# Each format needs a library of its own, which takes longer to import than a small export to write.
WRITERS: dict[str, Callable[[Export], Written]] = {
    extension: later(f"parcels.exchange.{writer}")
    for extension, writer in {
        "geojson": "writers_text.write_geojson",
        "geojsonl": "writers_text.write_geojson_lines",
        "gpkg": "writers_vector.write_gpkg",
        "zip": "writers_vector.write_shapefile",
        "fgb": "writers_vector.write_fgb",
        "parquet": "writers_vector.write_parquet",
        "xlsx": "writers_table.write_xlsx",
        "csv": "writers_text.write_csv",
        "txt": "boundary_writer.write_boundary_points",
    }.items()
}
TABLES = ("xlsx", "csv")
cql2_condition = later("layers.catalog.filters.cql2_condition")


@dataclass(frozen=True, slots=True)
class Exported:
    """What was handed out; `properties` are the names of the fields in the file."""

    collection: str
    features: int
    bytes: int
    sha256: str
    area_mu: float
    on: date
    recipient: str
    properties: tuple[str, ...]
    issues: tuple[Issue, ...]

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {
            "on": self.on.isoformat(),
            "issues": [issue.as_json() for issue in self.issues],
        }


def export_collection(
    *,
    county: County,
    actor: Actor,
    collection: str,
    out: Path,
    reason: str,
    recipient: str = "",
    where: str = "",
    crs: int | None = None,
    on: date | None = None,
    year: int | None = None,
) -> Exported:
    """Write the rows that `actor` may see, and `recipient` may have, to `out`; the format goes by its extension."""
    actor.require(EXPORT_DATA)
    published = registry.get(collection)
    writer = _writer(out)
    receiver = _recipient(county, recipient) if recipient else None
    clearance = clearance_of(actor, receiver)
    given = columns(published, clearance)
    conditions = (cql2_condition(published, given, where),) if where.strip() else ()
    day = on or timezone.localdate()
    question = Question(published, actor, day, year, clearance, conditions)
    part = out.with_name(f".{out.stem}.{os.getpid()}.part{out.suffix.lower()}")
    export = Export(county, question, given, part, crs)
    try:
        written = writer(export)
        sha256 = written.sha256 or _fingerprint(part)
        if published.shapeless:
            _tell_shapeless(export)
        exported = Exported(
            collection=published.id,
            features=written.features,
            bytes=part.stat().st_size,
            sha256=sha256,
            area_mu=float(_mu(written.area_units)),
            on=day,
            recipient=recipient,
            properties=tuple(column.property.name for column in given),
            issues=tuple(export.issues),
        )
        _record(
            exported, county=county, actor=actor, published=published, out=out, where=where, reason=reason
        )
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
    return exported


def _tell_shapeless(export: Export) -> None:
    """Name every row without a shape: a map shows none of them, and a file of boundary points leaves them out."""
    extension = export.out.suffix.removeprefix(".")
    if extension in TABLES:
        return
    collection = export.question.collection
    fate = "未写入界址点文件" if extension == "txt" else "已写入，图形为空"
    found = rows(export.question, (), extra=(f"{collection.geom_4490} IS NULL",))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {collection.key} {found.sql} ORDER BY {collection.order}", found.values)
        for (key,) in cursor.fetchall():
            message = f"{key} 的宗地没有图形，{fate}；请在登记库补充宗地后重新导出。"
            export.issues.append(Issue(0, "geometry_missing", "geometry", message, "warning"))


def _writer(out: Path) -> Callable[[Export], Written]:
    extension = out.suffix.lower().removeprefix(".")
    if extension not in WRITERS:
        raise UsageError(f"不支持扩展名“{out.suffix}”。", remedy=f"可用的格式：{'、'.join(WRITERS)}。")
    if not out.parent.is_dir():
        raise UsageError(f"没有文件夹“{out.parent}”。", remedy="请先建立该文件夹，或检查 --out。")
    if out.is_dir():
        raise UsageError(f"“{out}”是文件夹。", remedy="请在 --out 写明文件名。")
    return WRITERS[extension]


def _recipient(county: County, code: str) -> Recipient:
    found = Recipient.objects.filter(county=county, code=code).first()
    if found is None:
        known = "、".join(
            Recipient.objects.filter(county=county).order_by("code").values_list("code", flat=True)
        )
        raise UsageError(
            f"没有代码为“{code}”的接收单位。",
            code="recipient_unknown",
            remedy=f"已登记的接收单位：{known}。" if known else "请先登记接收单位及其可接收的字段。",
        )
    return found


def _record(
    exported: Exported,
    *,
    county: County,
    actor: Actor,
    published: Collection,
    out: Path,
    where: str,
    reason: str,
) -> None:
    """The audit row; it adds up what the county has handed out of this collection, since coverage is limited by law."""
    with change(
        county_code=county.code, by=actor.username, action=ACTION, reason=reason or f"导出{published.title}"
    ) as running:
        running.summary |= {
            "collection": exported.collection,
            "recipient": exported.recipient,
            "features": exported.features,
            "area_mu": exported.area_mu,
            "total_area_mu": float(_handed_out(county, exported.collection)) + exported.area_mu,
            "format": out.suffix.lower().removeprefix("."),
            "sha256": exported.sha256,
            "where": where,
            "on": exported.on.isoformat(),
            "properties": list(exported.properties),
        }


def _handed_out(county: County, collection: str) -> Decimal:
    area = Cast(KeyTextTransform("area_mu", "summary"), DecimalField(max_digits=20, decimal_places=4))
    earlier = AuditEvent.objects.filter(
        county_code=county.code, action=ACTION, summary__collection=collection
    )
    return earlier.aggregate(total=Sum(area))["total"] or Decimal(0)


def _mu(area_units: int) -> Decimal:
    mu = Decimal(area_units) / AREA_UNITS * 15 / 10_000
    return mu.quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP)


def _fingerprint(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
