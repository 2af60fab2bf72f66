"""Rows are stored while the checks still run; what a check refuses then leaves no trace of the attempt."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
import shapely
from django.db import connection

from landgis.audit.models import AuditEvent
from landgis.counties.models import County
from parcels.cadastre.models import Holder, Holding, Parcel
from parcels.exchange import entering
from tests import factories
from tests.parcels.exchange.parcel_files import codes, delivered, frame, run, square, touching


@pytest.fixture
def attempts(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rows each attempt to enter was made with."""
    made: list[int] = []
    enter = entering._enter

    def noted(county: County, reading: Any, rows: Any, *rest: Any) -> None:
        made.append(len(rows))
        enter(county, reading, rows, *rest)

    monkeypatch.setattr(entering, "_enter", noted)
    return made


def test_a_clean_delivery_is_entered_at_once(county: County, tmp_path: Path, attempts: list[int]) -> None:
    result = run(county, delivered(frame(5), tmp_path), commit=True)
    assert (result.accepted, attempts) == (5, [5])
    assert Holding.objects.count() == Holder.objects.count() == 5


def test_an_overlap_that_is_found_late_takes_the_attempt_back(
    county: County, tmp_path: Path, attempts: list[int]
) -> None:
    data = frame(5)
    data.loc[4, "geometry"] = shapely.transform(square(3), lambda xy: xy + 30)
    result = run(county, delivered(data, tmp_path), commit=True)
    assert attempts == [5, 3]
    assert (result.accepted, result.rejected, result.committed) == (3, 2, True)
    assert codes(result, 4) == codes(result, 5) == {"overlap_in_file"}
    event = AuditEvent.objects.get(action="import_parcels")
    assert event.summary["entered"] == 3
    assert set(Parcel.objects.values_list("change_id", flat=True)) == {event.id}
    assert Holding.objects.count() == Holder.objects.count() == 3


def test_rings_that_cross_only_in_degrees_take_the_attempt_back(
    county: County, tmp_path: Path, attempts: list[int]
) -> None:
    made = touching(40)
    sound = made[made.is_valid]
    result = run(county, delivered(sound, tmp_path), commit=True)
    assert attempts == [len(sound), result.accepted][: 1 + (result.accepted > 0)]
    assert Parcel.objects.count() == result.accepted == len(sound) - result.rejected < len(sound)


def test_when_nothing_good_is_left_no_change_is_written(
    county: County, tmp_path: Path, attempts: list[int]
) -> None:
    data = frame(2)
    data.loc[1, "geometry"] = shapely.transform(square(0), lambda xy: xy + 30)
    result = run(county, delivered(data, tmp_path), commit=True)
    assert (attempts, result.accepted, result.committed) == ([2], 0, False)
    assert not AuditEvent.objects.filter(action="import_parcels").exists()
    assert not Parcel.objects.exists()
    assert not Holder.objects.exists()


def test_a_dry_run_finds_the_same_and_attempts_nothing(
    county: County, tmp_path: Path, attempts: list[int]
) -> None:
    data = frame(5)
    data.loc[4, "geometry"] = shapely.transform(square(3), lambda xy: xy + 30)
    file = delivered(data, tmp_path)
    dry = run(county, file)
    assert attempts == []
    wet = run(county, file, commit=True)
    assert (dry.accepted, dry.rejected, dry.issues) == (wet.accepted, wet.rejected, wet.issues)


@contextmanager
def no_holder_named(name: str) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE cadastre_holder ADD CONSTRAINT nobody CHECK (name <> '{name}')")
        yield
        cursor.execute("ALTER TABLE cadastre_holder DROP CONSTRAINT IF EXISTS nobody")


def test_what_the_database_refuses_is_raised_and_nothing_stays(county: County, tmp_path: Path) -> None:
    with no_holder_named("示意1有限公司"), pytest.raises(psycopg.errors.CheckViolation):
        run(county, delivered(frame(), tmp_path), commit=True)
    assert not Parcel.objects.exists()
    assert not AuditEvent.objects.filter(action="import_parcels").exists()


def test_holders_in_the_register_are_used_again(county: County, tmp_path: Path) -> None:
    with factories.writing(county):
        known = Holder.objects.create(county=county, name="示意1有限公司", uscc="")
    run(county, delivered(frame(), tmp_path), commit=True)
    assert Holder.objects.count() == 3
    assert Holding.objects.get(holder=known).parcel.code == "990001001001GB00002"
