"""Reading on two connections: both see one moment, and inside a transaction everything is read on one."""

import threading

import pytest
from django.db import connection, transaction

from landgis.counties.models import County
from landgis.lib.snapshots import beside
from parcels.cadastre.models import Parcel
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def enter_elsewhere(county: County, code: str) -> None:
    def enter() -> None:
        try:
            factories.parcel(county, code, factories.box(0, 0, 1, 1))
        finally:
            connection.close()

    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()


def test_both_connections_see_one_moment(county: County) -> None:
    entered, used = threading.Event(), []

    def count() -> int:
        assert entered.wait(60)
        used.append(connection.connection)
        return Parcel.objects.count()

    with beside(count) as coming:
        enter_elsewhere(county, "A1")
        entered.set()
        assert Parcel.objects.count() == 0
        assert coming.result() == 0
        assert used[0] is not connection.connection
    assert Parcel.objects.count() == 1


def test_inside_a_transaction_its_own_changes_are_seen(county: County) -> None:
    with transaction.atomic():
        factories.parcel(county, "A1", factories.box(0, 0, 1, 1))
        with beside(Parcel.objects.count) as coming:
            assert coming.result() == 1


def test_what_fails_beside_is_told(county: County) -> None:
    with pytest.raises(ZeroDivisionError), beside(lambda: 1 // 0) as coming:
        coming.result()
    assert not connection.in_atomic_block
