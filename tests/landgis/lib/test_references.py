"""What the database refuses of references that it checks by statement: everything that a foreign key would."""

from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from time import sleep

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from landgis.counties.models import County, Town
from parcels.cadastre.models import Holder, Holding, Parcel
from tests import factories

NOWHERE = 9_000_000_000
FROM = date(2020, 1, 1)


def held(county: County) -> Holding:
    parcel = factories.parcel(county, "990001001001GB00001", factories.box(0, 0, 1, 1))
    with factories.writing(county):
        holder = Holder.objects.create(county=county, name="示意甲有限公司")
        return Holding.objects.create(parcel=parcel, holder=holder, valid_from=FROM)


def sql(county: County, statement: str, *values: int) -> None:
    with factories.writing(county), connection.cursor() as cursor:
        cursor.execute(statement, values)


def refused(county: County, statement: str, *values: int) -> str:
    """Why, from a connection of its own."""
    try:
        sql(county, statement, *values)
    except IntegrityError as error:
        return str(error)
    finally:
        connection.close()
    return "done"


@pytest.mark.parametrize("column", ["parcel_id", "holder_id"])
def test_a_row_that_points_nowhere_is_refused(county: County, column: str) -> None:
    known = held(county)
    points = {"parcel_id": known.parcel_id, "holder_id": known.holder_id, column: NOWHERE}
    insert = "INSERT INTO cadastre_holding (parcel_id, holder_id, share, valid_from) VALUES (%s, %s, 1, '2020-01-01')"
    with pytest.raises(IntegrityError, match="points to no row"):
        sql(county, insert, points["parcel_id"], points["holder_id"])
    with pytest.raises(IntegrityError, match="points to no row"):
        sql(county, f"UPDATE cadastre_holding SET {column} = %s", NOWHERE)
    assert Holding.objects.get() == known


@pytest.mark.parametrize("table", ["cadastre_parcel", "cadastre_holder"])
def test_a_row_that_is_pointed_at_stays_and_keeps_its_number(county: County, table: str) -> None:
    held(county)
    with pytest.raises(IntegrityError, match="still pointed at"):
        sql(county, f"DELETE FROM {table}")
    with pytest.raises(IntegrityError, match="never changes"):
        sql(county, f"UPDATE {table} SET id = id + 1000")


@pytest.mark.parametrize("table", ["cadastre_parcel", "cadastre_holder"])
def test_a_county_that_is_pointed_at_is_there_and_stays(county: County, table: str) -> None:
    held(county)
    sql(county, "UPDATE cadastre_holding SET valid_to = '2021-01-01'")  # the county isn't asked about
    with pytest.raises(IntegrityError, match="points to no row of counties_county"):
        sql(county, f"UPDATE {table} SET county_id = '000000'")
    with pytest.raises(IntegrityError, match="points to no row of counties_county"):
        sql(county, f"UPDATE {table} SET county_id = '999999'")
    with pytest.raises(IntegrityError, match="code of a row of counties_county never changes"):
        sql(county, "UPDATE counties_county SET code = '990002'")
    with factories.writing(county):
        Holding.objects.all().delete()
        (Holder if table == "cadastre_parcel" else Parcel).objects.all().delete()
    with pytest.raises(IntegrityError, match=f"still pointed at by {table}"):
        sql(county, "DELETE FROM counties_county")


@pytest.mark.django_db(transaction=True)
def test_what_one_transaction_writes_is_checked_as_well(county: County) -> None:
    parcel = factories.parcel(county, "990001001001GB00001", factories.box(0, 0, 1, 1))
    parcel.pk, parcel.code = None, "990001001001GB00002"

    def both(*, dangling: bool) -> None:
        with factories.writing(county), connection.cursor() as cursor:
            parcel.save(force_insert=True)
            holder = Holder.objects.create(county=county, name="示意甲有限公司")
            rows = [parcel.pk, holder.pk, *((NOWHERE, holder.pk) if dangling else ())]
            values = ", ".join(["(%s, %s, 1, '2020-01-01')"] * (len(rows) // 2))
            cursor.execute(
                f"INSERT INTO cadastre_holding (parcel_id, holder_id, share, valid_from) VALUES {values}",
                rows,
            )

    with pytest.raises(IntegrityError, match="points to no row"):
        both(dangling=True)
    parcel.pk = None
    both(dangling=False)
    assert Holding.objects.get().parcel_id == parcel.pk


@pytest.mark.django_db(transaction=True)
def test_a_county_waits_for_the_change_that_enters_its_first_parcel(county: County) -> None:
    with factories.writing(county):
        Town.objects.all().delete()

    with ThreadPoolExecutor(1) as pool:
        deleting: Future[str]
        with factories.writing(county):
            Holder.objects.create(county=county, name="示意甲有限公司")
            deleting = pool.submit(refused, county, "DELETE FROM counties_county")
            sleep(0.3)
            assert not deleting.done()
        assert "still pointed at" in deleting.result(timeout=10)


def test_nothing_dangles_when_the_pointing_row_goes_first(county: County) -> None:
    known = held(county)
    with factories.writing(county):
        known.delete()
        Holder.objects.all().delete()
    assert not Holder.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_deletion_waits_for_the_change_that_points_and_is_then_refused(county: County) -> None:
    parcel = factories.parcel(county, "990001001001GB00001", factories.box(0, 0, 1, 1))
    with factories.writing(county):
        holder = Holder.objects.create(county=county, name="示意甲有限公司")

    with ThreadPoolExecutor(1) as pool:
        deleting: Future[str]
        with factories.writing(county):
            Holding.objects.create(parcel=parcel, holder=holder, valid_from=FROM)
            deleting = pool.submit(refused, county, "DELETE FROM cadastre_parcel WHERE id = %s", parcel.pk)
            sleep(0.3)
            assert not deleting.done()
        assert "still pointed at" in deleting.result(timeout=10)
    assert Parcel.objects.filter(pk=parcel.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_a_repeatable_read_deletes_nothing_since_it_cannot_see_who_points(county: County) -> None:
    parcel = factories.parcel(county, "990001001001GB00001", factories.box(0, 0, 1, 1))

    def delete() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            sql(county, "DELETE FROM cadastre_parcel WHERE id = %s", parcel.pk)

    with pytest.raises(IntegrityError, match="reads what is committed"):
        delete()


@pytest.mark.django_db(transaction=True)
def test_a_table_that_is_pointed_at_is_not_emptied_alone(county: County) -> None:
    held(county)
    with pytest.raises(DatabaseError), transaction.atomic():
        sql(county, "TRUNCATE cadastre_holder")
    assert Holder.objects.exists()
