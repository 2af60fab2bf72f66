"""The ledger's tables attacked: no statement changes or removes what was recorded, also inside a declared change."""

from datetime import timedelta

import pytest
from django.db import Error, connection, transaction

from landgis.counties.models import County
from parcels.balance.ledger import statement
from parcels.balance.models import Adjustment, AdjustmentStep, Inclusion, LineEntry, SurplusUse
from tests import factories
from tests.parcels.balance.conftest import APPLIED, TODAY, Apply, piece, set_parameter, shape

pytestmark = pytest.mark.django_db
TABLES = (
    "balance_adjustment", "balance_inclusion", "balance_surplus_use", "balance_step", "balance_entry", "balance_proof"
)  # fmt: skip
ATTACKS = ("UPDATE {table} SET change_id = change_id", "DELETE FROM {table}", "TRUNCATE {table} CASCADE")


@pytest.fixture
def ledger(line: County, entered: Apply) -> County:
    set_parameter(line, "control_line.bank_surplus", True)
    bank = entered(None, piece(20, 0, 22, 5))
    later = APPLIED + timedelta(days=100)
    entered(
        shape(1, 1, 2, 2), piece(30, 0, 32, 5), uses=[(bank.pk, 1.0)], on=later,
        effective=later + timedelta(days=90),
    )  # fmt: skip
    return line


def test_no_sql_changes_what_was_recorded(ledger: County) -> None:
    """Each table by each attack: an update, a deletion and emptying it, in a declared change; a row without one."""

    def attack(statement: str, table: str) -> None:
        with factories.writing(ledger), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL landgis.maintenance = ''")
            cursor.execute(statement.format(table=table))

    def undeclared(table: str) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {table} SELECT * FROM {table} ON CONFLICT DO NOTHING")

    for table in TABLES:
        for attempt in ATTACKS:
            with pytest.raises(Error, match="append-only"):
                attack(attempt, table)
        with pytest.raises(Error, match="declared change"):
            undeclared(table)


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE {t} SET geom_4490 = ST_Multi(ST_Buffer(geom_4490, -0.0005)) WHERE valid_to IS NULL",
        "UPDATE {t} SET area_m2 = area_m2 + 1 WHERE valid_to IS NULL",
        "UPDATE {t} SET level = '三级', valid_to = '2030-01-01' WHERE valid_to IS NULL",
        "UPDATE {t} SET valid_to = NULL WHERE valid_to IS NOT NULL",
        "UPDATE {t} SET valid_to = '2030-01-01' WHERE valid_to IS NOT NULL",
        "DELETE FROM {t}",
        "TRUNCATE {t} CASCADE",
    ],
)
def test_no_sql_redraws_a_stored_version_of_the_line(ledger: County, attack: str) -> None:
    """The line is what deliveries and adjustments made of it: a version ends, it never changes."""
    total_m2 = statement(ledger, TODAY).total_m2
    attempt = attack.format(t="control_lines_controlline")
    with (
        pytest.raises(Error, match="a stored version never changes"),
        factories.writing(ledger),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL landgis.maintenance = ''; {attempt}")
    told = statement(ledger, TODAY)
    assert told.total_m2 == total_m2
    assert told.difference_m2 == pytest.approx(0, abs=1e-6)


LOOK_AWAY = (
    "SELECT set_config('pgtrigger.ignore', array_agg(tgname)::text, true) FROM pg_trigger WHERE tgname LIKE 'pgtrigger%'",
    "SET LOCAL session_replication_role = replica",
)


@pytest.mark.parametrize("look_away", LOOK_AWAY)
def test_no_setting_of_a_session_opens_the_ledger(ledger: County, look_away: str) -> None:
    """Neither a setting that names what pgtrigger is to pass over nor a replica's role keeps the guards from firing."""

    def attack(statement: str, table: str) -> None:
        with factories.writing(ledger), connection.cursor() as cursor:
            cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL landgis.maintenance = ''; {look_away}")
            cursor.execute(statement.format(table=table))

    for table in TABLES:
        for attempt in ATTACKS:
            with pytest.raises(Error, match="append-only"):
                attack(attempt, table)


def test_the_orm_is_refused_too(ledger: County) -> None:
    for model in (Adjustment, Inclusion, SurplusUse, AdjustmentStep, LineEntry):
        row = model._default_manager.first()
        assert row is not None
        with pytest.raises(Error, match="append-only"), factories.writing(ledger):
            row.save()
        with pytest.raises(Error, match="append-only"), factories.writing(ledger):
            model._default_manager.filter(pk=row.pk)._raw_delete("default")


def test_the_database_states_what_cannot_be(ledger: County) -> None:
    entry = LineEntry.objects.first()
    assert entry is not None
    with pytest.raises(Error, match="balance_entry_once"), factories.writing(ledger):
        LineEntry.objects.create(
            county=ledger, adjustment=entry.adjustment, kind="entered", on=entry.on, in_m2=1, out_m2=0, began=[],
            ended=[],
        )  # fmt: skip
    with pytest.raises(Error, match="balance_step_once"), factories.writing(ledger):
        AdjustmentStep.objects.create(
            adjustment=entry.adjustment,
            step="entry",
            on=entry.on,
            person="甲",
            document="文",
            recorded_by="甲",
        )


@pytest.mark.usefixtures("as_the_server")
@pytest.mark.parametrize(
    "attack",
    [
        "ALTER TABLE {table} DISABLE TRIGGER ALL", "DROP TABLE {table} CASCADE", "TRUNCATE {table} CASCADE",
        "ALTER TABLE {table} ALTER change_id TYPE bigint USING 0", "CREATE RULE r AS ON INSERT TO {table} DO INSTEAD NOTHING",
        "DROP TRIGGER never_emptied ON {table}", "SET LOCAL session_replication_role = replica",
        "CREATE OR REPLACE FUNCTION landgis_never_emptied() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "CREATE OR REPLACE FUNCTION _pgtrigger_should_ignore(trigger_name name) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
    ],
)  # fmt: skip
def test_a_role_that_owns_nothing_serves_and_switches_nothing_off(
    line: County, entered: Apply, attack: str
) -> None:
    entered(shape(1, 1, 2, 2), piece(30, 0, 32, 5))  # the server's work goes on as ever
    before = statement(line, TODAY)
    for table in TABLES:
        refused = pytest.raises(Error, match=r"owner|permission denied")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attack.format(table=table))
    assert statement(line, TODAY) == before
