"""The audit as a Django application; after each update of the tables their guards are made to fire always.

Refuses to leave a guard that a session's setting passes over (migration `guards_always_fire`), and an update of the tables by
a role that doesn't own them: it would stop half-way with the database's own words.
"""

from typing import Any

from django.apps import AppConfig
from django.core.management.base import CommandError
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate

from landgis.audit.server_role import grant_what_came_after, ownership


class AuditConfig(AppConfig):
    name = "landgis.audit"
    label = "audit"

    def ready(self) -> None:
        pre_migrate.connect(_require_owner, sender=self)
        post_migrate.connect(_settle_guards, sender=self)


def _require_owner(*, plan: list[Any], **_: Any) -> None:
    owned = ownership() if plan else None
    if owned is not None and not owned.ours:
        raise CommandError(
            f"数据表需要升级（{len(plan)} 项），而当前数据库用户 {owned.user} 不是其所有者 {owned.owner}。"
            "请以所有者的 DATABASE_URL 运行 script/manage migrate，再启动服务器。"
        )


def _settle_guards(*, using: str, **_: Any) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT FROM pg_proc WHERE proname = 'settle_guards'")
        if cursor.fetchone() is not None:  # not where the tables were taken back to before it
            cursor.execute("SELECT settle_guards()")
            grant_what_came_after()
