"""A large export on two connections: the same file as on one, of one moment, and nothing left when one of them fails."""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.db import connection

from landgis.access.queries import command_actor
from landgis.counties.models import County
from landgis.lib import snapshots
from landgis.lib.snapshots import shared_snapshot
from parcels.exchange import lines
from parcels.exchange.export import Exported, export_collection
from tests import factories
from tests.factories import box

pytestmark = pytest.mark.django_db(transaction=True)


def export(register: County, out: Path, **asked: Any) -> Exported:
    who = command_actor("system", register)
    asked = {"collection": "parcels", "reason": "测试导出", **asked}
    return export_collection(county=register, actor=who, out=out, **asked)


@pytest.fixture
def parted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Even three parcels are parted; the keys at which they were."""
    found: list[str] = []
    middle = lines._middle

    def noted(given: Any) -> str | None:
        key = middle(given)
        found.extend([key] if key is not None else [])
        return key

    monkeypatch.setattr(lines, "SAMPLED_PERCENT", 100)
    monkeypatch.setattr(lines, "FEWEST_SAMPLED", 1)
    monkeypatch.setattr(lines, "_middle", noted)
    return found


@pytest.mark.parametrize(
    "where", ["", "code <= '990001100001GB00001'", "town_code = '990001101'", "area_mu < 0"]
)
@pytest.mark.parametrize("extension", ["geojson", "geojsonl", "csv"])
def test_two_connections_write_the_file_that_one_writes(
    register: County, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, extension: str, where: str
) -> None:
    one = export(register, tmp_path / f"one.{extension}", where=where)
    monkeypatch.setattr(lines, "_middle", lambda _: "990001100001GB00002")
    two = export(register, tmp_path / f"two.{extension}", where=where)
    assert (tmp_path / f"one.{extension}").read_bytes() == (tmp_path / f"two.{extension}").read_bytes()
    assert (one.features, one.area_mu, one.sha256) == (two.features, two.area_mu, two.sha256)
    assert two.sha256 == hashlib.sha256((tmp_path / f"two.{extension}").read_bytes()).hexdigest()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_many_rows_are_parted_at_their_middle(register: County, tmp_path: Path, parted: list[str]) -> None:
    assert export(register, tmp_path / "x.geojson").features == 3
    assert parted == ["990001100001GB00002"]


def test_a_filter_moves_the_middle(register: County, tmp_path: Path, parted: list[str]) -> None:
    export(register, tmp_path / "x.geojson", where="holder IS NULL")
    assert parted == ["990001101001GB00003"]


@pytest.mark.usefixtures("parted")
def test_both_connections_see_the_moment_of_the_first(
    register: County, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    def then_somebody_registers_parcels() -> str:
        name = shared_snapshot()
        with ThreadPoolExecutor(1) as pool:
            pool.submit(elsewhere, register).result()
        return name

    monkeypatch.setattr(snapshots, "shared_snapshot", then_somebody_registers_parcels)
    assert export(register, tmp_path / "x.geojson").features == 3
    monkeypatch.undo()
    assert export(register, tmp_path / "y.geojson").features == 5


def elsewhere(county: County) -> None:
    """A parcel at either end of the register, on a connection of its own."""
    try:
        factories.parcel(county, "990001100001GB00000", box(20, 0, 21, 1))
        factories.parcel(county, "990001199001GB99999", box(30, 0, 31, 1))
    finally:
        connection.close()


@pytest.mark.usefixtures("parted")
@pytest.mark.parametrize(
    ("room", "broken"), [(snapshots, "shared_snapshot"), (snapshots, "seeing"), (lines, "_growing")]
)
def test_where_one_of_them_fails_nothing_is_left(
    register: County, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: ModuleType, broken: str
) -> None:
    monkeypatch.setattr(room, broken, _fails())
    with pytest.raises(OSError, match="disk full"):
        export(register, tmp_path / "x.geojson")
    assert list(tmp_path.iterdir()) == []


def _fails() -> Callable[..., Any]:
    def fail(*_: Any) -> Any:
        raise OSError("disk full")

    return fail
