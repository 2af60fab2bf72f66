"""Every change of data has its author, its reason and its audit row, or it doesn't happen."""

import pytest
from django.db import DatabaseError, connection, transaction

from landgis.audit.change import change
from landgis.audit.models import AuditEvent
from landgis.audit.queries import broken_links
from landgis.counties.models import County, Town
from landgis.lib.errors import UsageError
from tests import factories


def test_a_write_outside_a_change_is_refused_by_the_database(county: County) -> None:
    with pytest.raises(DatabaseError, match="declared change"), transaction.atomic():
        Town.objects.create(county=county, code="990001102", name="丙镇")
    with pytest.raises(DatabaseError, match="declared change"), transaction.atomic():
        Town.objects.filter(county=county).update(name="x")
    with (
        pytest.raises(DatabaseError, match="declared change"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM counties_town")


@pytest.mark.parametrize(("by", "reason"), [("", "原因"), ("张三", " ")])
def test_a_change_without_author_or_reason_is_refused(county: County, by: str, reason: str) -> None:
    with pytest.raises(UsageError), change(county_code=county.code, by=by, action="x", reason=reason):
        pass


def test_a_failed_change_leaves_neither_rows_nor_audit(county: County) -> None:
    before = AuditEvent.objects.count()

    def fails_half_way() -> None:
        with factories.writing(county):
            Town.objects.create(county=county, code="990001102", name="丙镇")
            _ = 1 / 0

    with pytest.raises(ZeroDivisionError):
        fails_half_way()
    assert AuditEvent.objects.count() == before
    assert not Town.objects.filter(name="丙镇").exists()


def test_after_a_change_the_next_write_needs_its_own(county: County) -> None:
    with factories.writing(county):
        Town.objects.create(county=county, code="990001102", name="丙镇")
    with pytest.raises(DatabaseError, match="declared change"), transaction.atomic():
        Town.objects.filter(name="丙镇").update(name="丁镇")


def test_history_catches_raw_sql_with_the_change_that_ended_each_row(county: County) -> None:
    with factories.writing(county) as running, connection.cursor() as cursor:
        cursor.execute("UPDATE counties_town SET name = name || '（改）' WHERE county_id = %s", [county.code])
    town = Town.objects.get(code=factories.TOWN_WEST)
    assert town.name == "甲镇（改）"
    assert town.change_id == running.id
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, ended_by FROM counties_town_history ORDER BY code")
        assert cursor.fetchall() == [("甲镇", running.id), ("乙镇", running.id)]


def test_history_and_audit_are_append_only(county: County) -> None:
    with factories.writing(county), connection.cursor() as cursor:
        cursor.execute("UPDATE counties_town SET name = '别名'")
    for attack in (
        "UPDATE counties_town_history SET name = 'x'",
        "DELETE FROM counties_town_history",
        "UPDATE audit_event SET actor = 'x'",
        "DELETE FROM audit_event",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attack)


def test_the_audit_chain_shows_tampering(county: County) -> None:
    assert AuditEvent.objects.count() > 0
    assert broken_links() == []
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_event DISABLE TRIGGER USER")
        cursor.execute("UPDATE audit_event SET reason = '被改写' WHERE sequence = 1")
        cursor.execute("ALTER TABLE audit_event ENABLE TRIGGER USER")
    assert broken_links() == [1]
