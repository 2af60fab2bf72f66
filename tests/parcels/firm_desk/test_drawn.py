"""A use drawn on its parcel: told as it is counted once it is entered, and what it runs into."""

from __future__ import annotations

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from landgis.access.queries import Actor
from landgis.counties.models import County
from parcels.cadastre.models import Parcel
from parcels.enterprises.models import Occupancy
from parcels.firm_desk.drawn_use import drawn_use
from parcels.land_use.land import land_of_firms
from tests import factories
from tests.factories import SignIn
from tests.parcels.firm_desk.test_pages import ONE, TWO, land  # noqa: F401  a fixture


def shape(west: float, south: float, east: float, north: float) -> shapely.Geometry:
    return shapely.get_parts(shapely.from_wkb(bytes(factories.box(west, south, east, north).wkb)))[0]


@given(cut=st.floats(0.05, 0.95))
def test_two_parts_of_a_parcel_are_its_land_together(cut: float) -> None:
    parcel = shape(0, 0, 1, 1)
    west = drawn_use(shape(0, 0, cut, 1), parcel, 9_000.0, {})
    east = drawn_use(shape(cut, 0, 1, 1), parcel, 9_000.0, {7: shape(0, 0, cut, 1)})
    assert west.used_m2 + east.used_m2 == pytest.approx(9_000.0, rel=1e-9)
    assert east.shared_m2[7] == pytest.approx(0, abs=1e-3)
    assert (west.outside_m2, east.outside_m2) == pytest.approx((0, 0), abs=1e-3)


def test_what_is_told_is_what_is_counted(
    land: Parcel,  # noqa: F811
    county: County,
    cast: dict[str, Actor],
    signed_in: SignIn,
) -> None:
    client = signed_in("township_officer")
    asked = {"year": "2024", "coordinates": shapely.to_geojson(shape(0.5, 0, 1, 1))}
    answer = client.post(f"/land-use/parcels/{land.pk}/drawn", asked)
    (used, balance) = answer.json()["told"]
    form = {
        "year": "2024", "uscc": TWO, "role": "unregistered", "lessor_uscc": "", "measure": "geometry", "amount": "",
        "valid_from": "2024-01-01", "valid_to": "", "reason": "核查", "coordinates": asked["coordinates"],
    }  # fmt: skip
    assert client.post(f"/land-use/parcels/{land.pk}/uses", form).status_code == 302
    made = Occupancy.objects.get(role="unregistered")
    assert made.geom_4490 is not None
    (counted,) = [
        item.parts.unregistered_m2
        for item in land_of_firms(county, cast["registrar"], 2024)
        if item.parts.unregistered_m2 and item.parcel_id == land.pk
    ]
    assert f"（{counted:,.2f} ㎡）" in used
    assert "10,000.00 ㎡" in balance


def test_what_it_runs_into_is_told(land: Parcel, signed_in: SignIn) -> None:  # noqa: F811
    client, where = signed_in("township_officer"), f"/land-use/parcels/{land.pk}/drawn"
    asked = {"year": "2024", "coordinates": shapely.to_geojson(shape(0.1, 0, 0.5, 1.2))}
    told = client.post(where, asked).json()["told"]
    assert any("画在宗地之外" in line for line in told)
    assert any("<b>乙</b>公司" in line and "重叠" in line for line in told)
    tenant = Occupancy.objects.get(role="leased_in")
    own = client.post(f"{where}?use={tenant.pk}", asked).json()["told"]
    assert not any("重叠" in line for line in own)
    for text in ("", "{", "一二三"):
        assert client.post(where, asked | {"coordinates": text}).status_code in (400, 422)
    assert client.post(where, asked | {"year": "x"}).status_code in (400, 422)
    east = Parcel.objects.get(code="B1")
    assert client.post(f"/land-use/parcels/{east.pk}/drawn", asked).status_code == 404
    assert signed_in("leader").post(where, asked).status_code == 403
    page = client.get(f"/land-use/parcels/{land.pk}/", {"year": "2024"}).content.decode()
    assert 'data-sets="id_measure=geometry"' in page
    assert page.count('"kind": "held"') == 1
    assert ONE in page
