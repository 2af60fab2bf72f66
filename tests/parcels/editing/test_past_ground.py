"""A change from a day that is over: the register as of every day since must still give each piece of ground once."""

from datetime import date
from typing import Any

import pytest

from landgis.counties.models import County
from parcels.cadastre.models import Parcel
from tests import factories
from tests.parcels.editing.conftest import B, E, Editor, rectangle, shape, stored

Body = dict[str, Any]


def overlap(said: Body) -> Body | None:
    return next((found for found in said["findings"] if found["rule"] == "overlap"), None)


def drawn(*ring: float) -> Body:
    return {"kind": "draw", "geometry": shape(rectangle(*ring)), "values": {"code": "N-1"}}


def test_ground_that_was_another_s_until_later(registrar: Editor) -> None:
    """B drew back in 2023: E can have the strip since then, and not since 2022."""
    back = {"kind": "reshape", "parcel": B, "geometry": shape(rectangle(100, 0, 180, 100))}
    registrar.save(back, on="2023-05-01", warnings_reason="重测")
    taken = {"kind": "reshape", "parcel": E, "geometry": shape(rectangle(181, 1, 300, 99))}
    assert overlap(registrar.preview(taken)) is None
    assert overlap(registrar.preview(taken, on="2023-05-01")) is None
    said = registrar.preview(taken, on="2022-05-01")
    found = overlap(said)
    assert found is not None
    assert (found["severity"], said["can_save"], set(found["parcels"])) == ("error", False, {B, E})
    assert found["value"] == pytest.approx(19 * 98, rel=1e-3)
    assert "2015-01-01 至 2023-05-01" in found["message"]
    assert "2023-05-01 或以后" in found["remedy"]
    refused = registrar.save(
        taken, on="2022-05-01", warnings_reason="x", versions=registrar.versions(E), status=422
    )
    assert refused["code"] == "rules_broken"
    assert Parcel.objects.get(code=E).valid_from == date(2015, 1, 1)


def test_ground_of_a_parcel_that_has_ended_since(registrar: Editor) -> None:
    registrar.save({"kind": "retire", "parcel": E}, on="2024-02-01")
    new = drawn(230, 10, 290, 90)
    assert overlap(registrar.preview(new, on="2024-02-01")) is None
    found = overlap(registrar.preview(new, on="2024-01-31"))
    assert found is not None
    assert (found["severity"], set(found["parcels"])) == ("error", {"#1.1", E})


def test_an_overlap_of_long_ago_blocks_nothing_that_does_not_add_to_it(
    registrar: Editor, county: County
) -> None:
    """E and a parcel that has ended since overlapped all the time, as they were delivered."""
    factories.parcel(county, "OLD", stored(rectangle(280, 0, 320, 100)))
    registrar.save({"kind": "retire", "parcel": "OLD"}, on="2024-02-01")
    narrower = {"kind": "reshape", "parcel": E, "geometry": shape(rectangle(220, 1, 299, 100))}
    said = registrar.preview(narrower, on="2020-01-01")
    found = overlap(said)
    assert found is not None
    assert (found["severity"], said["can_save"]) == ("warning", True)


def test_a_reversal_brings_no_ground_back_before_it_was_free(registrar: Editor) -> None:
    retired = registrar.save({"kind": "retire", "parcel": E}, on="2023-01-01")
    registrar.save(drawn(230, 10, 290, 90), on="2023-03-01", warnings_reason="x")
    registrar.save({"kind": "retire", "parcel": "N-1"}, on="2024-03-01")
    path = f"/api/change-sets/{retired['change_id']}/reverse"
    early = registrar.post(path, {"reason": "误注销", "on": "2023-06-01"})
    assert (early.status_code, early.json()["code"]) == (422, "on_too_early")
    assert "2024-03-01" in early.json()["remedy"]
    assert Parcel.objects.get(code=E).valid_to == date(2023, 1, 1)
    assert registrar.post(path, {"reason": "误注销", "on": "2024-03-01"}).status_code == 201
