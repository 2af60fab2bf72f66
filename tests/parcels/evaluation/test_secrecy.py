"""A computed year attacked by subtraction, over towns, platforms, lines and industries at once."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from landgis.access.queries import Actor, command_actor
from landgis.counties.models import County
from landgis.counties.queries import parameters
from landgis.lib.disclosure import still_shown
from parcels.evaluation.actions import compute_indicators
from parcels.evaluation.models import IndicatorRun
from parcels.evaluation.queries import Inputs, inputs
from parcels.evaluation.results import results
from parcels.evaluation.rules import INDICATORS, last_day
from parcels.evaluation.secrecy import DOMINANCE_KEY, ITEMS, PARTS, WITHHELD, _Cells, masked, withheld
from tests import factories
from tests.factories import TOWN_EAST, TOWN_WEST, box
from tests.parcels.evaluation.test_compute import towns

__all__ = ["towns"]

YEAR = 2023
MOST = 0.9


@pytest.fixture
def found(county: County, towns: None) -> Inputs:
    """Nine firms with land, two of them over both towns, in three industries; some lack a figure."""
    for n in range(9):
        one = factories.enterprise(
            county, f"91330782000000{n:04d}", f"示意企业{n}", industry_group="纺织服装电子"[2 * (n % 3) :][:2]
        )
        factories.annual_return(
            one,
            YEAR,
            tax_wan=10 + n,
            value_added_wan=None if n in (2, 7) else 20 + n,
            employees=5 + n if n != 4 else None,
        )
        west = 1.0 + n
        parcel = factories.parcel(
            county,
            f"P{n}",
            box(west, 1, west + 1.5, 2),
            registered_area_m2=10_000,
            town_code=TOWN_WEST if west < 9 else TOWN_EAST,
        )
        factories.occupancy(parcel, one)
    return inputs(county, YEAR)


def attacked(sums: NDArray[np.float64]) -> list[tuple[int, ...]]:
    """Every one or two firms on whose figures alone some combination of the sums stands."""
    rank = np.linalg.matrix_rank(sums, tol=1e-7) if len(sums) else 0
    return [
        some
        for size in (1, 2)
        for some in combinations(range(sums.shape[1]), size)
        if rank > np.linalg.matrix_rank(np.delete(sums, some, axis=1), tol=1e-7)
    ]


def told(made: Any, hidden: dict[str, Any], figure: str) -> NDArray[np.float64]:
    """The sums of one figure that are told, as rows over the firms."""
    cells = _Cells(made, made.inputs.uses.net_m2)
    rows = []
    uses = [i.code for i in INDICATORS if figure in (i.numerator, i.denominator)]
    for item in (*uses, figure):
        knows = cells.knows(ITEMS.index(item))
        whole = np.zeros((cells.count, len(knows)))
        whole[cells.cell, cells.firm] = cells.weight
        for part in PARTS:
            for row, items in zip(whole[cells.of(part)], hidden[part], strict=True):
                if item not in items:
                    rows.append(np.where(knows, row, 0.0))
    return np.array(rows)


def test_no_sum_of_fewer_than_three_firms_follows_from_what_is_told(found: Inputs) -> None:
    made = results(found)
    hidden = withheld(made, made.inputs.uses.net_m2, 3, MOST)
    nothing: dict[str, Any] = {part: [[] for _ in items] for part, items in hidden.items() if part in PARTS}
    assert attacked(told(made, nothing, "tax_wan")), "there is something to attack"
    for figure in ("tax_wan", "value_added_wan", "employees"):
        assert attacked(told(made, hidden, figure)) == []
    assert len(told(made, hidden, "tax_wan"))  # and something is told


def test_a_sum_that_is_mostly_one_firms_is_not_told(county: County, towns: None) -> None:
    for n in range(6):
        one = factories.enterprise(county, f"91330782000000{n:04d}", f"示意企业{n}", industry_group="纺织")
        factories.annual_return(one, YEAR, tax_wan=5_000 if n == 0 else 1)
        east = n >= 3
        parcel = factories.parcel(
            county, f"P{n}", box(1 + 2 * n + 3 * east, 1, 2 + 2 * n + 3 * east, 2), registered_area_m2=10_000
        )
        factories.occupancy(parcel, one)
    made = results(inputs(county, YEAR))
    alone = withheld(made, made.inputs.uses.net_m2, 3, 1.0)
    assert all("tax_wan" not in items for items in alone["county"])
    hidden = withheld(made, made.inputs.uses.net_m2, 3, MOST)
    assert all("tax_wan" in items and "tax_per_mu" in items for items in hidden["county"])


def test_what_is_kept_says_what_is_withheld_and_only_the_cleared_get_it_all(
    county: County, found: Inputs, cast: dict[str, Actor]
) -> None:
    actor = command_actor("system", county)
    run = compute_indicators(county=county, actor=actor, year=YEAR, reason="测试", commit=True).run
    assert run is not None
    kept = IndicatorRun.objects.get(pk=run.pk).summary
    most = float(parameters(county, last_day(YEAR)).get(DOMINANCE_KEY, 1))
    assert (kept[WITHHELD]["fewest"], kept[WITHHELD]["most"]) == (3, most)
    seen = masked(kept, 3)
    assert WITHHELD not in seen
    for part, key in (("industries", "industries"), ("control_lines", "control_lines")):
        for cell, items in zip(seen[key], kept[WITHHELD][part], strict=True):
            assert all(cell[item] is None for item in items)
            assert not set(cell["indicators"]) & set(items)
    again = compute_indicators(county=county, actor=actor, year=YEAR, reason="测试", commit=True)
    assert again.unchanged
    assert WITHHELD not in again.document
    stricter = masked(kept, 5)  # a limit that it wasn't worked out for is looked at in each partition alone
    assert stricter["county"]["firms"] == 9
    for role in ("registrar", "evaluation_officer"):
        shown = compute_indicators(county=county, actor=cast[role], year=YEAR, reason="x", commit=False)
        assert WITHHELD not in shown.document


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_random_partitions_of_random_firms(data: st.DataObject) -> None:
    """The same on made-up cells, without a database: whatever overlaps, nobody is given away."""
    firms = data.draw(st.integers(4, 9))
    partitions = [
        np.array(data.draw(st.lists(st.integers(0, 2), min_size=firms, max_size=firms))) for _ in range(3)
    ]
    rows = np.array([np.ones(firms), *((p == n).astype(float) for p in partitions for n in range(3))])
    shown = rows.sum(axis=1) >= 3
    cost = rows.sum(axis=1)
    cost[0] += 1e12
    kept = still_shown(rows, np.ones(firms, dtype=np.int64), shown, cost)
    assert attacked(rows[kept]) == []
