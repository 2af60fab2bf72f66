"""The corners and the hash on a proof, reckoned anew from what the database holds."""

import pytest
import shapely
from django.db import connection
from pyproj import Transformer

from landgis.access.queries import Actor
from landgis.counties.models import County
from parcels.balance.corners import MOST_CORNERS, corner_facts
from parcels.balance.proofs import proof_facts
from tests.parcels.balance.conftest import Apply, piece, shape

pytestmark = pytest.mark.django_db


def test_corners_and_hash_are_those_of_the_stored_ground(
    line: County, entered: Apply, cast: dict[str, Actor]
) -> None:
    made = entered(shape(8, 0, 9, 5), piece(20, 0, 22, 5))
    facts = proof_facts(line, cast["registrar"], made)
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT encode(sha256(ST_AsBinary(a.out_geom_4490, 'NDR') || ST_AsBinary(i.geom_4490, 'NDR')), 'hex'),
                      ST_AsBinary(a.out_geom_4490)
                 FROM balance_adjustment a JOIN balance_inclusion i ON i.adjustment_id = a.id WHERE a.id = %s""",
            [made.pk],
        )
        told, wkb = cursor.fetchone()
    assert facts["ground_hash"] == told
    to_survey = Transformer.from_crs(4490, line.survey_crs, always_xy=True)
    lon, lat = shapely.get_coordinates(shapely.from_wkb(bytes(wkb))).T
    east, north = to_survey.transform(lon, lat)
    rows = [row for row in facts["corners"] if row["ground"] == "调出"]
    assert {(row["north"], row["east"]) for row in rows} == {
        (f"{n:.3f}", f"{e:.3f}") for n, e in zip(north, east, strict=True)
    }
    assert [row["corner"] for row in rows] == ["J01", "J02", "J03", "J04"]
    first = rows[0]  # clockwise from the north-west
    assert float(first["north"]) == pytest.approx(north.max(), abs=5)
    assert float(first["east"]) == pytest.approx(east.min(), abs=5)
    assert {row["ground"] for row in facts["corners"]} == {"调出", "调入1"}
    assert f"EPSG:{line.survey_crs}" in facts["corner_crs"]


def test_rings_are_numbered_and_too_many_corners_left_to_the_hash() -> None:
    holed = shapely.box(120, 29, 120.01, 29.01).difference(shapely.box(120.002, 29.002, 120.004, 29.004))
    rows = corner_facts([("调出", holed)], 4549)["corners"]
    assert [row["ring"] for row in rows] == ["1"] * 4 + ["2"] * 4
    many = shapely.Point(120, 29).buffer(0.01, quad_segs=MOST_CORNERS)
    told = corner_facts([("调出", many)], 4549)
    assert told["corners"] == []
    assert "不逐点列出" in told["corner_crs"]
    assert len(told["ground_hash"]) == 64
