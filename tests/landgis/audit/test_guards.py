"""The guards of the tables attacked by settings of a session: none makes them look away, and only a test is emptied."""

import importlib
import os
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from psycopg import sql
from psycopg.conninfo import make_conninfo

from landgis.counties.models import County
from tests import factories

LOOK_AWAY = (
    "SELECT set_config('pgtrigger.ignore', array_agg(tgname)::text, true) FROM pg_trigger WHERE tgname LIKE 'pgtrigger%'",
    "SET LOCAL session_replication_role = replica",
)
GUARDED = r"""
SELECT DISTINCT c.relname FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid
 WHERE g.tgname LIKE 'pgtrigger\_{name}\_%' ORDER BY 1"""


def tables_with(name: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(GUARDED.replace("{name}", name))
        return [table for (table,) in cursor.fetchall()]


def attack(statement: str, look_away: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(look_away)
        cursor.execute(statement)


@pytest.mark.parametrize("look_away", LOOK_AWAY)
def test_what_is_append_only_stays_so_in_every_session(county: County, look_away: str) -> None:
    tables = tables_with("append_only")
    assert {"audit_event", "cadastre_event", "plan_entry", "tasks_report"} < set(tables)
    for table in tables:
        if not table.endswith("_history"):  # those are guarded row by row: the next test
            with pytest.raises(DatabaseError, match="append-only"), factories.writing(county):
                attack(f"DELETE FROM {table}", look_away)


@pytest.mark.parametrize("look_away", LOOK_AWAY)
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET change_id = change_id"])
def test_the_kept_history_stays_as_it_is(county: County, look_away: str, statement: str) -> None:
    parcel = factories.parcel(county, "A", factories.box(0, 0, 1, 1))
    with factories.writing(county):
        type(parcel).objects.filter(pk=parcel.pk).update(registered_area_m2=9)
    with pytest.raises(DatabaseError, match="Cannot update or delete"), factories.writing(county):
        attack(statement.format("cadastre_parcel_history"), look_away)


@pytest.mark.parametrize("look_away", LOOK_AWAY)
@pytest.mark.usefixtures("county")
def test_no_setting_allows_an_undeclared_write(look_away: str) -> None:
    for table in tables_with("change_required"):
        with pytest.raises(DatabaseError, match="declared change"):
            attack(f"INSERT INTO {table} DEFAULT VALUES", look_away)


@pytest.mark.usefixtures("county")
def test_every_guarded_table_says_that_it_is_never_emptied() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE tgenabled <> 'A' AND NOT tgisinternal"
        )
        assert cursor.fetchall() == []
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'never_emptied'")
        kept = {table for (table,) in cursor.fetchall()}
    assert {*tables_with("append_only"), *tables_with("change_required")} - kept == {
        table for table in tables_with("append_only") if table.endswith("_history")
    }


@pytest.fixture
def office() -> Iterator["psycopg.Connection[Any]"]:
    """A database that isn't called a test's, with a table that pgtrigger guards and the functions of the migration."""
    settings = connection.settings_dict
    words = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
    parts = {word: str(settings[key]) for word, key in words.items() if settings.get(key)}
    name = sql.Identifier(f"landgis_guarded_{os.getpid()}")
    migration = importlib.import_module("landgis.audit.migrations.0004_guards_always_fire")
    with psycopg.connect(make_conninfo(**parts, dbname="postgres"), autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(name))
        try:
            with psycopg.connect(
                make_conninfo(**parts, dbname=f"landgis_guarded_{os.getpid()}"), autocommit=True
            ) as own:
                own.execute(
                    """CREATE TABLE kept (n int); INSERT INTO kept VALUES (1);
                       CREATE FUNCTION pass() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
                       CREATE TRIGGER pgtrigger_append_only_1 BEFORE TRUNCATE ON kept EXECUTE FUNCTION pass();"""
                )
                own.execute(migration.NEVER_EMPTIED)
                own.execute(migration.SETTLE)
                yield own
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


@pytest.mark.usefixtures("county")
def test_an_office_database_is_never_emptied(office: "psycopg.Connection[Any]") -> None:
    office.execute("TRUNCATE kept; INSERT INTO kept VALUES (1)")  # before the guards are settled
    office.execute("SELECT settle_guards(), settle_guards()")
    office.execute("SET landgis.maintenance = 'on'; SET session_replication_role = replica")
    with pytest.raises(psycopg.Error, match="only a test database may be emptied"):
        office.execute("TRUNCATE kept")
    row = office.execute("SELECT count(*) FROM kept").fetchone()
    assert row == (1,)
