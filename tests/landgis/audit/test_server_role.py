"""The role that the manual gives a bureau's server: it does the work of the pages, and undoes nothing of the record.

Refuses to pretend: every statement is run as that role, in a real database.
"""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from psycopg import sql

from landgis.audit.apps import _require_owner
from landgis.audit.models import AuditEvent
from landgis.audit.server_role import TABLES, grant, grant_what_came_after, grants_for
from landgis.counties.models import County
from landgis.lib.errors import Conflict, Forbidden, NotFound
from tests import factories

MANUAL = Path(__file__).parents[3] / "docs/operations.md"


@pytest.mark.usefixtures("as_the_server")
def test_it_writes_by_a_declared_change_and_keeps_what_was(county: County) -> None:
    parcel = factories.parcel(county, "A", factories.box(0, 0, 1, 1))
    with factories.writing(county):
        type(parcel).objects.filter(pk=parcel.pk).update(registered_area_m2=9)
        type(parcel).objects.filter(pk=parcel.pk).delete()
    assert AuditEvent.objects.exists()


@pytest.mark.usefixtures("as_the_server")
def test_what_is_append_only_it_may_only_add_to(county: County) -> None:
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        kept = [name for name, append_only in cursor.fetchall() if append_only]
    assert {"audit_event", "cadastre_parcel_history", "balance_entry", "grading_result"} <= set(kept)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t, p FROM unnest(%s::text[]) t, unnest('{SELECT,INSERT,UPDATE,DELETE,TRUNCATE}'::text[]) p"
            " WHERE has_table_privilege(t, p) <> (p IN ('SELECT', 'INSERT'))",
            [kept],
        )
        assert cursor.fetchall() == []


@pytest.mark.usefixtures("as_the_server")
@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE audit_event SET reason = 'x'", "DELETE FROM audit_event", "TRUNCATE audit_event",
        "ALTER TABLE audit_event DISABLE TRIGGER ALL", "DELETE FROM django_migrations", "UPDATE spatial_ref_sys SET srtext = ''",
        "SELECT setval('audit_change_id', 1)", "CREATE TABLE of_my_own ()", "SELECT settle_guards() FROM x",
        "SET LOCAL session_replication_role = replica", "DROP TRIGGER never_emptied ON audit_event",
    ],
)  # fmt: skip
def test_it_undoes_nothing(county: County, attack: str) -> None:
    refused = pytest.raises(DatabaseError, match=r"permission denied|must be owner|does not exist")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)


def test_rights_given_too_widely_before_are_taken_back(server_role: str) -> None:
    _run("GRANT ALL ON ALL TABLES IN SCHEMA public TO {}", server_role)
    _run("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT DELETE ON TABLES TO {}", server_role)
    grant(server_role)
    _run("CREATE TABLE came_after (n int)")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege(%(r)s, 'audit_event', 'UPDATE'), has_table_privilege(%(r)s, 'came_after', 'DELETE')",
            {"r": server_role},
        )
        assert cursor.fetchone() == (False, False)


def test_a_table_that_an_update_brings_is_granted_with_it(server_role: str) -> None:
    grant(server_role)
    _run("CREATE TABLE came_after (n int)")
    grant_what_came_after()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege(%s, 'came_after', 'INSERT, UPDATE, DELETE')", [server_role]
        )
        assert cursor.fetchone() == (True,)


def test_an_owner_or_a_stranger_is_refused(server_role: str) -> None:
    with pytest.raises(Conflict, match="保护"):
        grants_for(str(connection.settings_dict["USER"]))
    with pytest.raises(NotFound, match="没有角色"):
        grants_for("nobody_at_all")
    _run("CREATE ROLE owner_of_the_audit")
    _run("ALTER TABLE audit_event OWNER TO owner_of_the_audit")
    _run("GRANT owner_of_the_audit TO {}", server_role)
    with pytest.raises(Conflict, match="owner_of_the_audit"):
        grants_for(server_role)


def test_who_owns_nothing_neither_grants_nor_updates_the_tables(as_the_server: str) -> None:
    with pytest.raises(Forbidden, match="不能授权"):
        grant(as_the_server)
    _require_owner(using="default", plan=[])
    with pytest.raises(CommandError, match="请以所有者的 DATABASE_URL"):
        _require_owner(using="default", plan=["a migration"])


def test_the_command_of_the_manual(server_role: str) -> None:
    assert "script/manage grant_server landgis_app --commit" in MANUAL.read_text()
    out = StringIO()
    call_command("grant_server", server_role, as_json=True, stdout=out)
    assert json.loads(out.getvalue())["committed"] is False
    assert not AuditEvent.objects.filter(action="grant_server").exists()
    call_command("grant_server", server_role, commit=True, stdout=StringIO())
    assert AuditEvent.objects.get(action="grant_server").summary == {"role": server_role}


def _run(statement: str, *names: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(*(sql.Identifier(name) for name in names)))
