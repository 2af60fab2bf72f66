"""Other than industrial use inside the line: found by land class, set against approved adjustments, slivers left out."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from landgis.access.queries import Actor
from landgis.counties.models import County
from parcels.balance.candidates import offers
from parcels.balance.findings import findings, parcels_inside
from parcels.balance.queries import Draft
from tests import factories
from tests.parcels.balance.conftest import APPLIED, Apply, Step, piece, shape

pytestmark = pytest.mark.django_db
ON = date(2025, 6, 30)


def codes(county: County, actor: Actor, on: date = ON) -> list[str]:
    return [row.code for row in findings(county, actor, on).rows]


def test_shares_and_findings(line: County, cast: dict[str, Actor]) -> None:
    for code, west, land_class in (
        ("PLANT", 1, "0601"), ("SHOP", 3, "0501"), ("HOME", 5, "0701"), ("BLANK", 7, ""), ("HALF", 19.5, "0501"),
        ("SLIVER", 19.9999999, "0501"), ("OUT", 25, "0501"),
    ):  # fmt: skip
        factories.parcel(line, code, factories.box(west, 1, west + 1, 2), land_class_code=land_class)
    inside = parcels_inside(line, cast["registrar"], ON)
    shares = {row.code: row.share for row in inside}
    assert shares["PLANT"] == 1.0
    assert shares["HALF"] == pytest.approx(0.5, rel=1e-6)
    assert "SLIVER" not in shares
    assert "OUT" not in shares
    assert set(codes(line, cast["registrar"])) == {"SHOP", "HOME", "HALF"}
    assert codes(line, cast["registrar"])[-1] == "HALF"
    found = findings(line, cast["registrar"], ON)
    assert (found.inside, found.unclassified) == (len(inside), 1)


def test_a_town_sees_its_own(line: County, cast: dict[str, Actor]) -> None:
    factories.parcel(line, "WEST", factories.box(1, 1, 2, 2), land_class_code="0501")
    factories.parcel(
        line, "EAST", factories.box(12, 1, 13, 2), land_class_code="0501", town_code=factories.TOWN_EAST
    )
    assert codes(line, cast["township_officer"]) == ["WEST"]


def test_an_approved_adjustment_covers_its_ground(
    line: County, cast: dict[str, Actor], applied: Apply, step: Step
) -> None:
    factories.parcel(line, "SHOP", factories.box(1, 1, 2, 2), land_class_code="0501")
    made = applied(shape(1, 1, 2, 2), piece(20, 0, 22, 5))
    for name in ("argument", "opinion", "review", "publicity"):
        step(made, name, APPLIED)
    assert codes(line, cast["registrar"]) == ["SHOP"]
    step(made, "approval", APPLIED + timedelta(days=10))
    assert codes(line, cast["registrar"]) == []
    assert codes(line, cast["registrar"], APPLIED + timedelta(days=9)) == ["SHOP"]
    (row,) = parcels_inside(line, cast["registrar"], ON)
    assert row.covered_m2 == pytest.approx(row.inside_m2, rel=1e-9)
    step(made, "entry", APPLIED + timedelta(days=60))
    assert parcels_inside(line, cast["registrar"], ON) == []


def test_a_county_without_a_line_has_no_findings(county: County, cast: dict[str, Actor]) -> None:
    factories.parcel(county, "SHOP", factories.box(1, 1, 2, 2), land_class_code="0501")
    assert parcels_inside(county, cast["registrar"], ON) == []


def test_candidates_leave_out_what_others_bring_in_and_ask_once(
    line: County, cast: dict[str, Actor], applied: Apply
) -> None:
    def asked(expected: list[str]) -> int:
        with CaptureQueriesContext(connection) as seen:
            found = offers(line, cast["registrar"], Draft(shape(1, 1, 2, 2)), ON)
        assert [row.code for row in found.parcels] == expected
        return len(seen)

    factories.parcel(line, "A", factories.box(30, 0, 31, 1.01))
    few = asked(["A"])
    factories.parcel(line, "TAKEN", factories.box(20, 0, 21, 2))
    factories.parcel(line, "B", factories.box(40, 0, 42, 2))
    applied(shape(5, 5, 6, 6), piece(20, 0, 21, 2))
    assert asked(["A", "B"]) == few
