"""Tables of a year over HTTP: they say what the computation says, and hide what would tell a firm's figure."""

from __future__ import annotations

from typing import Any

import pytest

from landgis.access.queries import Actor
from landgis.counties.models import County
from landgis.lib.errors import Conflict, Forbidden
from parcels.evaluation.actions import compute_indicators
from parcels.evaluation.models import IndicatorRun
from parcels.yearly.area_tables import area_rows, scopes_for
from tests import factories
from tests.factories import TOWN_EAST, TOWN_WEST, SignIn, box, writing
from tests.parcels.grading.running import YEAR, published
from tests.parcels.yearly.test_runs import rows_of, text

PAGE = "/evaluation/tables/"
TOWNS, PARCELS = ({"year": str(YEAR), "scope": scope} for scope in ("town", "parcel"))


@pytest.fixture
def computed(county: County, officer: Actor, firms: list[Any]) -> IndicatorRun:
    factories.district(county, TOWN_WEST, "甲镇", box(0, 0, 3, 3))
    factories.district(county, TOWN_EAST, "乙镇", box(3, 0, 6, 3))
    made = compute_indicators(county=county, actor=officer, year=YEAR, reason="计算", commit=True)
    assert firms
    assert made.run is not None
    return made.run


@pytest.mark.usefixtures("computed")
def test_areas_tell_the_computed_figures_and_hide_small_cells(
    county: County, officer: Actor, cast: dict[str, Actor]
) -> None:
    known = {row.code: row for row in area_rows(county, officer, YEAR, "town")}
    assert known[TOWN_WEST].values[0] == pytest.approx(8.0)
    hidden = {row.code: row for row in area_rows(county, cast["registrar"], YEAR, "town")}
    assert all(row.values[0] is None and row.restricted for row in hidden.values() if row.firms), (
        "three firms in one town, two in the other: either would tell the other by the county's total"
    )
    whole = area_rows(county, cast["registrar"], YEAR, "county")[0]
    assert whole.values[0] == pytest.approx(6.0)
    assert {row.code: row.values[0] for row in area_rows(county, officer, YEAR, "parcel")} == pytest.approx(
        {f"P{n}": 10.0 - 2 * n for n in range(5)}
    )


@pytest.mark.usefixtures("computed")
def test_a_town_sees_its_own_row_and_nobody_uncleared_a_parcel(
    county: County, cast: dict[str, Actor], signed_in: SignIn
) -> None:
    town = cast["township_officer"]
    assert scopes_for(town) == ["town"]
    assert [row.code for row in area_rows(county, town, YEAR, "town")] == [TOWN_WEST]
    for actor, scope in ((town, "industry"), (town, "county"), (cast["registrar"], "parcel")):
        with pytest.raises(Forbidden):
            area_rows(county, actor, YEAR, scope)
    client = signed_in("registrar")
    page = text(client.get(PAGE, TOWNS))
    assert "隐去" in page
    assert "8.00" not in page
    assert "宗地</option>" not in page
    rows = rows_of(client.get(f"{PAGE}areas.xlsx", TOWNS))
    assert [row[3] for row in rows if row[0] in ("甲镇", "乙镇")] == ["", ""]
    assert client.get(f"{PAGE}areas.xlsx", PARCELS).status_code == 400


def test_a_computation_of_an_older_make_asks_for_a_new_one(
    county: County, officer: Actor, firms: list[Any]
) -> None:
    with writing(county):
        IndicatorRun.objects.create(
            county=county, year=YEAR, rule_version="旧", inputs_sha256="0" * 64, summary={"towns": []},
            computed_at="2024-01-01T00:00:00Z",
        )  # fmt: skip
    with pytest.raises(Conflict, match="重新计算"):
        area_rows(county, officer, YEAR, "town")
    assert firms


@pytest.mark.usefixtures("firms")
def test_cross_tables_add_up_for_the_cleared_and_hide_for_others(
    county: County, officer: Actor, signed_in: SignIn
) -> None:
    run = published(county, officer)
    asked: dict[str, str | int] = {"run": run.pk, "rows": "town", "columns": "grade", "figure": "tax_wan"}
    page = text(signed_in("evaluation_officer").get(f"{PAGE}cross/", asked))
    for told in ("甲镇", "100.00", "240.00", "300.00", "万元", "未定档"):
        assert told in page, told
    client = signed_in("registrar")
    told = text(client.get(f"{PAGE}cross/", asked))
    assert "隐去" in told
    assert "100.00" not in told
    rows = rows_of(client.get(f"{PAGE}cross.xlsx", asked))
    assert rows[3][0] == "甲镇"
    assert rows[3][1] == ""
