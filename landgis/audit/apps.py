"""The audit as a Django application; after each update of the tables their guards are made to fire always.

Refuses to leave a guard that a session's setting passes over (migration `guards_always_fire`).
"""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class AuditConfig(AppConfig):
    name = "landgis.audit"
    label = "audit"

    def ready(self) -> None:
        post_migrate.connect(_settle_guards, sender=self)


def _settle_guards(*, using: str, **_: Any) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT FROM pg_proc WHERE proname = 'settle_guards'")
        if cursor.fetchone() is not None:  # not where the tables were taken back to before it
            cursor.execute("SELECT settle_guards()")
