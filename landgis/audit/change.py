"""The one door through which data is changed: a transaction with its author, its reason and its audit row.

Refuses an empty author or reason; outside `change` the database itself refuses the write.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from landgis.audit.models import AuditEvent
from landgis.lib.errors import UsageError


@dataclass(slots=True)
class Change:
    """The running change: its number, and the summary that will stand in the audit row."""

    id: int
    summary: dict[str, Any] = field(default_factory=dict)


@contextmanager
def change(*, county_code: str, by: str, action: str, reason: str, **summary: Any) -> Iterator[Change]:
    """Open a transaction in which rows may be written; its audit row is written with it or not at all."""
    if not by.strip() or not reason.strip():
        raise UsageError(
            "数据变更必须写明操作人和原因。", code="reason_missing", remedy="请填写变更原因后重试。"
        )
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('audit_change_id'), current_setting('landgis.change_id', true)")
            number, outer = cursor.fetchone()
            cursor.execute("SELECT set_config('landgis.change_id', %s, true)", [str(number)])
        running = Change(number, dict(summary))
        yield running
        AuditEvent.objects.create(
            id=number,
            at=timezone.now(),
            county_code=county_code,
            actor=by,
            action=action,
            reason=reason,
            summary=running.summary,
        )
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('landgis.change_id', %s, true)", [outer or ""])
