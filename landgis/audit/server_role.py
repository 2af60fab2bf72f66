"""What the database role of a bureau's web server may do: everything the pages need, and nothing that undoes the record.

Refuses a role that owns tables or may become their owner: it could switch the guards off. What is append-only it may read and
add to; the list of migrations and the projections it may only read; it sets no counter back.
"""

from __future__ import annotations

from typing import NamedTuple

from django.db import connection
from psycopg import sql

from landgis.lib.errors import Conflict, Forbidden, NotFound

# The tables of this schema that aren't an extension's, and whether their rows may be changed or only added.
TABLES = r"""
SELECT c.relname,
       EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = c.oid
                AND (g.tgname LIKE 'pgtrigger\_append\_only\_%' OR g.tgname = 'kept_for_good'))
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relname <> 'django_migrations'
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
 ORDER BY 1"""
OURS = """
SELECT current_user, pg_get_userbyid(relowner), pg_has_role(current_user, relowner, 'MEMBER')
  FROM pg_class WHERE oid = to_regclass('public.audit_event')"""
# Who was given the right to add to the audit, and lacks the sight of a table that came after.
LEFT_BEHIND = """
SELECT DISTINCT r.rolname
  FROM pg_class audit, aclexplode(audit.relacl) given JOIN pg_roles r ON r.oid = given.grantee
 WHERE audit.oid = 'audit_event'::regclass AND given.privilege_type = 'INSERT' AND given.grantee <> audit.relowner
   AND pg_has_role(current_user, audit.relowner, 'MEMBER')
   AND EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = audit.relnamespace AND c.relkind IN ('r', 'p')
                AND NOT has_table_privilege(r.oid, c.oid, 'SELECT'))"""


class Ownership(NamedTuple):
    """Who is connected, who owns the tables, and whether the first may act as the second."""

    user: str
    owner: str
    ours: bool


def ownership() -> Ownership | None:
    """Whose the tables are; None where there are none yet."""
    with connection.cursor() as cursor:
        cursor.execute(OURS)
        found = cursor.fetchone()
    return None if found is None else Ownership(*found)


def grants_for(role: str) -> list[str]:
    """The statements that give a role what the server needs and take from it what it had beyond that."""
    _require_owns_nothing(role)
    to = sql.Identifier(role)
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        tables = cursor.fetchall()
        cursor.execute("SELECT current_database()")
        (database,) = cursor.fetchone()
    kept = [sql.Identifier(name) for name, append_only in tables if append_only]
    others = [sql.Identifier(name) for name, append_only in tables if not append_only]
    said = [
        sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(sql.Identifier(database), to),
        sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(to),
        sql.SQL("REVOKE CREATE ON SCHEMA public FROM {}").format(to),
        sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}").format(to),
        sql.SQL("REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {}").format(to),
        sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM {}").format(to),
        sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON SEQUENCES FROM {}").format(to),
        sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {}").format(to),
        sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(to),
        sql.SQL("GRANT INSERT ON {} TO {}").format(sql.SQL(", ").join(kept), to),
        sql.SQL("GRANT INSERT, UPDATE, DELETE ON {} TO {}").format(sql.SQL(", ").join(others), to),
    ]
    return [statement.as_string(None) for statement in said]


def grant(role: str) -> None:
    """Give the role its rights, in the transaction that runs; raises Forbidden where the tables aren't ours to share."""
    statements = grants_for(role)
    owned = ownership()
    if owned is not None and not owned.ours:  # PostgreSQL itself would only warn, and give nothing
        raise Forbidden(
            f"数据库用户 {owned.user} 不是数据表的所有者，不能授权。",
            remedy=f"请以所有者 {owned.owner} 的 DATABASE_URL 运行本命令。",
        )
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def left_open(role: str) -> list[str]:
    """What the role may still do that isn't the owner's to take away, and who takes it away how."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_schema_privilege(%s, 'public', 'CREATE'), current_user", [role])
        may_create, owner = cursor.fetchone()
    if not may_create:
        return []
    return [
        f"注意：角色 {role} 仍可在 public 模式中建表（PostgreSQL 14 及以前的默认）。请以数据库管理员执行："
        f"REVOKE CREATE ON SCHEMA public FROM PUBLIC; GRANT CREATE ON SCHEMA public TO {owner}。"
    ]


def grant_what_came_after() -> None:
    """The roles that were given rights once get those of tables made since; nothing where the tables aren't ours."""
    with connection.cursor() as cursor:
        cursor.execute(LEFT_BEHIND)
        roles = [role for (role,) in cursor.fetchall()]
    for role in roles:
        grant(role)


def _require_owns_nothing(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT oid, rolsuper FROM pg_roles WHERE rolname = %s", [role])
        found = cursor.fetchone()
        if found is None:
            raise NotFound(
                f"数据库中没有角色 {role}。",
                remedy=f"请先以数据库管理员执行：CREATE ROLE {role} LOGIN PASSWORD '…'。",
            )
        cursor.execute(
            "SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class c"
            " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
            " AND relname IN ('audit_event', 'django_migrations') AND pg_has_role(%s, relowner, 'MEMBER')",
            [found[0]],
        )
        owners = [owner for (owner,) in cursor.fetchall()]
    if found[1] or owners:
        as_what = "是超级用户" if found[1] else f"拥有数据表，或者可以成为其所有者 {owners[0]}"
        raise Conflict(
            f"角色 {role} {as_what}，可以停用审计和台账的保护。", code="role_owns_tables",
            remedy="请另建一个不拥有任何数据表的角色供服务器使用。",
        )  # fmt: skip
