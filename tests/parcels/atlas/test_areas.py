"""The areas of a map: who sees which, what adds up, and what can't be worked out."""

import math
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from landgis.access.queries import Actor
from landgis.counties.models import County
from landgis.lib.errors import Forbidden, InputError
from parcels.atlas.queries import KINDS, areas, asked_for
from parcels.evaluation.models import IndicatorRun
from tests.factories import TOWN_WEST, SignIn
from tests.parcels.atlas.conftest import TOWN_NORTH, YEARS

pytestmark = pytest.mark.django_db
ROOT = "/api/evaluation"


def get(sign_in: SignIn, role: str, path: str) -> tuple[int, Any]:
    answer = sign_in(role).get(ROOT + path)
    return answer.status_code, answer.json()


def shown(county: County, actor: Actor, by: str, indicator: str = "tax_per_mu") -> Any:
    return areas(county, actor, asked_for(county, by=by, indicator=indicator, years=()))


@pytest.mark.parametrize("by", ["town", "parcel"])
def test_rows_add_up_to_the_county(known: County, cast: dict[str, Actor], by: str) -> None:
    found = shown(known, cast["evaluation_officer"], by)
    assert found.asked.years == YEARS
    assert found.county is not None
    for at, whole in enumerate(found.county):
        cells = [row.cells[at] for row in found.rows]
        for side in ("numerator", "denominator"):
            parts = math.fsum(getattr(cell, side) or 0 for cell in cells if cell)
            assert parts == pytest.approx(getattr(whole, side), rel=1e-9)
        assert math.fsum(cell.land_mu for cell in cells if cell) == pytest.approx(whole.land_mu, rel=1e-9)


def test_a_value_is_its_parts_in_the_indicators_unit(known: County, cast: dict[str, Actor]) -> None:
    rows = shown(known, cast["leader"], "town", "rd_share").rows
    assert [row.name for row in rows] == ["甲镇", "乙镇", "丙镇"]
    assert rows[0].cells[0].value == pytest.approx(3)  # 30 of 1000, in %
    assert rows[0].cells[0].firms == 36


def test_whoever_is_not_cleared_gets_ratios_of_firms_enough(known: County, cast: dict[str, Actor]) -> None:
    found = shown(known, cast["registrar"], "town")
    west, east, north = (row.cells[1] for row in found.rows)
    assert north.restricted
    assert north.value is None
    # 丙镇's one firm is the county less the others: another town is hidden with it.
    assert east.restricted
    assert west.value == pytest.approx(18.6)
    assert all(
        cell.numerator is None and cell.denominator is None
        for row in found.rows
        for cell in row.cells
        if cell
    )
    assert found.county[1].numerator is None


def test_subtraction_finds_no_firm(known: County, cast: dict[str, Actor]) -> None:
    """Whatever is shown of the county less whatever is shown of its towns leaves at least three firms."""
    found = shown(known, cast["registrar"], "town")
    for at in range(len(YEARS)):
        left = found.county[at].firms - sum(
            row.cells[at].firms for row in found.rows if not row.cells[at].restricted
        )
        assert left == 0 or left >= 3


def test_a_town_sees_itself_and_no_county(known: County, cast: dict[str, Actor], signed_in: SignIn) -> None:
    found = shown(known, cast["township_officer"], "town")
    assert [row.code for row in found.rows] == [TOWN_WEST]
    assert found.county is None
    status, outlines = get(signed_in, "township_officer", "/outlines?by=town&year=2023")
    assert status == 200
    assert [one["id"] for one in outlines["features"]] == [TOWN_WEST]


@pytest.mark.parametrize(
    ("role", "by"),
    [
        ("registrar", "parcel"),
        ("township_officer", "parcel"),
        ("township_officer", "platform"),
        ("township_officer", "control_line"),
        ("agency", "town"),
    ],
)
def test_who_is_refused(known: County, signed_in: SignIn, role: str, by: str) -> None:
    for path in (f"/areas?by={by}", f"/outlines?by={by}&year=2023"):
        status, said = get(signed_in, role, path)
        assert status == 403
        assert said["message"]


def test_parcels_of_one_town(known: County, signed_in: SignIn) -> None:
    path = f"by=parcel&town={TOWN_NORTH}"
    status, said = get(signed_in, "evaluation_officer", f"/areas?{path}&years=2023")
    assert status == 200
    assert [row["town"] for row in said["rows"]] == ["丙镇", "丙镇"]
    assert [row["cells"][0]["value"] for row in said["rows"]] == [pytest.approx(40.1), None]
    _, outlines = get(signed_in, "evaluation_officer", f"/outlines?{path}&year=2023")
    assert [one["id"] for one in outlines["features"]] == [row["code"] for row in said["rows"]]


@pytest.mark.parametrize("by", list(KINDS))
def test_every_kind_answers_for_every_year(known: County, signed_in: SignIn, by: str) -> None:
    status, said = get(signed_in, "leader", f"/areas?by={by}&years=2022&years=2021")
    assert status == 200
    assert [(one["year"], one["computed"]) for one in said["years"]] == [(2021, False), (2022, True)]
    assert get(signed_in, "leader", f"/outlines?by={by}&year=2021")[0] == 200


@pytest.mark.parametrize(
    "query",
    [
        "by=street",
        "indicator=wealth",
        "years=12",
        "years=2020&years=2021&years=2022&years=2023",
        "town=%00",
        "years=x",
    ],
)
def test_what_cannot_be_asked_is_an_error_in_words(known: County, signed_in: SignIn, query: str) -> None:
    status, said = get(signed_in, "leader", f"/areas?{query}")
    assert status == 422
    assert said["message"]


def test_a_run_from_before_there_were_platforms_is_still_read(known: County, cast: dict[str, Actor]) -> None:
    for run in IndicatorRun.objects.filter(county=known):
        run.summary = {name: said for name, said in run.summary.items() if "platforms" not in name}
        asked = asked_for(known, by="platform", indicator="tax_per_mu", years=(run.year,))
        for role in ("leader", "registrar"):
            assert (
                areas(known, cast[role], type(asked)(asked.by, asked.indicator, asked.years, (run,))).rows
                == ()
            )


def test_statements_do_not_grow_with_the_areas(known: County, cast: dict[str, Actor]) -> None:
    def counted(ask: Callable[[], Any]) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            ask()
        return len(captured)

    assert counted(lambda: shown(known, cast["leader"], "parcel")) <= 4
    assert counted(lambda: shown(known, cast["leader"], "town")) <= 2


def test_unknown_kinds_and_too_many_years(known: County, cast: dict[str, Actor]) -> None:
    with pytest.raises(InputError, match="street"):
        asked_for(known, by="street", indicator="tax_per_mu", years=())
    with pytest.raises(InputError, match="最多"):
        asked_for(known, by="town", indicator="tax_per_mu", years=(2020, 2021, 2022, 2023))
    with pytest.raises(Forbidden):
        shown(known, cast["registrar"], "parcel")
