"""The audit as a Django application; after each update of the tables their guards are made to fire always.

Refuses to leave a guard that a session's setting passes over (migration `guards_always_fire`), and an update of the tables by
a role that doesn't own them: it would stop half-way with the database's own words.
"""

from typing import Any

from django.apps import AppConfig
from django.core.management.base import CommandError
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate

from landgis.audit.server_role import grant_what_came_after

OWNED = """
SELECT pg_get_userbyid(relowner), current_user FROM pg_class
 WHERE oid = to_regclass('public.audit_event') AND NOT pg_has_role(current_user, relowner, 'MEMBER')"""


class AuditConfig(AppConfig):
    name = "landgis.audit"
    label = "audit"

    def ready(self) -> None:
        pre_migrate.connect(_require_owner, sender=self)
        post_migrate.connect(_settle_guards, sender=self)


def _require_owner(*, using: str, plan: list[Any], **_: Any) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute(OWNED)
        found = cursor.fetchone()
    if plan and found is not None:
        raise CommandError(
            f"数据表需要升级（{len(plan)} 项），而当前数据库用户 {found[1]} 不是其所有者 {found[0]}。"
            "请以所有者的 DATABASE_URL 运行 script/manage migrate，再启动服务器。"
        )


def _settle_guards(*, using: str, **_: Any) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT FROM pg_proc WHERE proname = 'settle_guards'")
        if cursor.fetchone() is not None:  # not where the tables were taken back to before it
            cursor.execute("SELECT settle_guards()")
            grant_what_came_after()
