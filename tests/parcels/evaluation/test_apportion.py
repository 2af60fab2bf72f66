"""From firms to ground: worked by hand, and conserved for partitions that nobody thought of."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landgis.lib.units import m2_to_mu_array
from parcels.evaluation.apportion import (
    COLUMNS,
    LACKS,
    Cover,
    Firms,
    Returned,
    Uses,
    as_groups,
    counts_of_areas,
    firms_of,
    partition,
    sums_of_areas,
    sums_of_parcels,
    tally,
    total,
)
from parcels.evaluation.rules import CODES, RETURNED, partly

TAX, VALUE_ADDED, EMPLOYEES = (RETURNED.index(name) for name in ("tax_wan", "value_added_wan", "employees"))


def uses(*rows: tuple[int, int, float]) -> Uses:
    """(parcel, firm, ㎡)…"""
    parcel, firm, area = (np.array(column) for column in zip(*rows, strict=True))
    return Uses(parcel.astype(np.intp), firm.astype(np.intp), area.astype(float))


def firms(using: Uses, *returns: dict[str, float] | None) -> Firms:
    """What each firm returned; None = no return at all."""
    figures = np.array([[(row or {}).get(name, math.nan) for name in RETURNED] for row in returns])
    returned = np.array([row is not None for row in returns])
    return firms_of(alone(figures, returned), tally(using.firm, using.net_m2, len(returns)))


def alone(figures: np.ndarray, returned: np.ndarray) -> Returned:
    """Every firm a group of its own."""
    return as_groups(figures, returned, np.arange(len(returned)), len(returned))


def column(sums: np.ndarray, name: str) -> list[float]:
    return list(sums[:, COLUMNS.index(name)])


def test_a_firm_on_two_parcels_by_its_land_on_each() -> None:
    using = uses((0, 0, 7500.0), (1, 0, 2500.0))
    sums = sums_of_parcels(using, firms(using, {"tax_wan": 100.0}), 2)
    assert column(sums, "tax_wan") == [75.0, 25.0]
    assert column(sums, "land_mu") == [11.25, 3.75]
    assert column(sums, "tax_per_mu_numerator") == [75.0, 25.0]
    assert column(sums, "tax_per_mu_denominator") == [11.25, 3.75]


def test_two_firms_on_one_parcel_add_up() -> None:
    using = uses((0, 0, 6000.0), (0, 1, 4000.0))
    sums = sums_of_parcels(using, firms(using, {"tax_wan": 60.0}, {"tax_wan": 10.0}), 1)
    assert column(sums, "tax_wan") == [70.0]
    assert column(sums, "land_mu") == [15.0]


def test_what_a_firm_did_not_return_stays_out_of_both_sides() -> None:
    """The second firm's land is no denominator of a tax that nobody knows; its value added counts."""
    using = uses((0, 0, 6000.0), (0, 1, 4000.0))
    both = firms(using, {"tax_wan": 60.0, "value_added_wan": 90.0}, {"value_added_wan": 30.0})
    sums = sums_of_parcels(using, both, 1)
    assert column(sums, "tax_per_mu_denominator") == [9.0]
    assert column(sums, "value_added_per_mu_denominator") == [15.0]
    assert column(sums, "value_added_per_mu_numerator") == [120.0]
    assert column(sums, "labour_productivity_numerator") == [0.0]


def test_a_firm_without_a_return_occupies_land_but_is_not_evaluated() -> None:
    using = uses((0, 0, 6000.0), (0, 1, 4000.0))
    sums = sums_of_parcels(using, firms(using, {"tax_wan": 60.0}, None), 1)
    assert column(sums, "land_mu") == [9.0]
    assert column(sums, "land_occupied_mu") == [15.0]


# Shares in areas.


def test_the_rest_of_a_parcel_lies_in_an_area_of_its_own() -> None:
    cover = partition(
        np.array([0, 0, 1]), np.array([0, 1, 1]), np.array([0.25, 0.5, 1.0]), parcels=3, areas=2
    )
    found = {(p, a): s for p, a, s in zip(cover.parcel, cover.area, cover.share, strict=True)}
    assert found == {(0, 0): 0.25, (0, 1): 0.5, (0, 2): 0.25, (1, 1): 1.0, (2, 2): 1.0}


def test_ground_under_two_towns_is_not_counted_twice() -> None:
    cover = partition(np.array([0, 0]), np.array([0, 1]), np.array([1.0, 0.25]), parcels=1, areas=2)
    assert list(cover.share) == [0.8, 0.2]


def test_a_firm_counts_once_in_an_area_however_many_parcels_it_uses() -> None:
    using = uses((0, 0, 10.0), (1, 0, 10.0), (1, 1, 10.0), (2, 2, 10.0))
    returns = firms(using, {"tax_wan": 1.0}, {"employees": 1.0}, None)
    cover = Cover(np.array([0, 1, 1, 2]), np.array([0, 0, 1, 1]), np.array([1.0, 0.5, 0.5, 1.0]), 2)
    counts = counts_of_areas(using, returns, cover)
    assert list(counts.firms) == [2, 3]
    assert list(counts.entered[:, 0]) == [1, 1]
    assert list(counts.lacking[:, 0]) == [0, 1]


# Groups: firms that are evaluated as one.


def test_a_group_adds_up_and_says_what_a_member_left_out() -> None:
    figures = np.full((4, len(RETURNED)), math.nan)
    figures[:, TAX] = [10.0, 5.0, math.nan, math.nan]
    figures[:, VALUE_ADDED] = [1.0, math.nan, math.nan, 7.0]
    returned = np.array([True, True, False, True])
    group = as_groups(figures, returned, np.array([0, 0, 0, 1]), 2)
    assert group.figures[:, TAX].tolist()[0] == 15.0, "the third returned nothing and brings land only"
    assert group.figures[0, VALUE_ADDED] == 1.0, "money that is known stays in the sums"
    made = firms_of(group, np.array([100.0, 100.0]))
    by_code = {code: n for n, code in enumerate(CODES)}
    assert made.both[0, by_code["tax_per_mu"]]
    assert not made.both[0, by_code["value_added_per_mu"]], "a missing figure is never zero"
    lacks = dict(zip(LACKS, made.lacks[0].tolist(), strict=True))
    assert lacks[partly("value_added_wan")]
    assert not lacks["value_added_wan"]
    assert math.isnan(group.figures[1, TAX])


# Not the smallest numbers that a float can hold: their parts are too small to be one.
amounts = st.one_of(st.just(math.nan), st.floats(-1e9, 1e9), st.floats(0, 1e6)).map(
    lambda amount: 0.0 if abs(amount) < 1e-200 else amount
)


@st.composite
def counties(draw: st.DrawFn) -> tuple[Uses, int, np.ndarray, np.ndarray, Cover]:
    """Any firms on any parcels, and any division of the parcels among towns, gaps and overlaps included."""
    parcels, many, towns = draw(st.integers(1, 8)), draw(st.integers(1, 8)), draw(st.integers(0, 5))
    rows = draw(
        st.lists(
            st.tuples(
                st.integers(0, parcels - 1),
                st.integers(0, many - 1),
                st.floats(0, 1e6),
            ),
            min_size=1,
            max_size=24,
        )
    )
    figures = np.array(
        draw(st.lists(st.lists(amounts, min_size=7, max_size=7), min_size=many, max_size=many))
    ).reshape(many, 7)
    returned = np.array(draw(st.lists(st.booleans(), min_size=many, max_size=many)))
    figures[~returned] = math.nan
    pairs = draw(
        st.lists(st.tuples(st.integers(0, parcels - 1), st.integers(0, towns - 1)), unique=True)
        if towns
        else st.just([])
    )
    share = np.array(draw(st.lists(st.floats(1e-9, 1.0), min_size=len(pairs), max_size=len(pairs))))
    place = np.array(pairs, dtype=np.intp).reshape(-1, 2)
    cover = partition(place[:, 0], place[:, 1], share, parcels=parcels, areas=towns)
    return uses(*rows), parcels, figures, returned, cover


@given(counties())
def test_nothing_is_lost_or_invented(found: tuple[Uses, int, np.ndarray, np.ndarray, Cover]) -> None:
    """Towns and what lies in none sum to the county, and the county to its firms: every numerator and denominator."""
    using, parcels, figures, returned, cover = found
    everyone = firms_of(alone(figures, returned), tally(using.firm, using.net_m2, len(returned)))
    of_parcels = sums_of_parcels(using, everyone, parcels)
    areas = sums_of_areas(of_parcels, cover)
    county = total(areas)
    for name, sum_, parts in zip(COLUMNS, county, areas.T, strict=True):
        assert math.fsum(parts) == pytest.approx(sum_, rel=1e-9, abs=0), name

    landed = everyone.land_m2 > 0
    for i, name in enumerate(RETURNED):
        known = figures[landed & returned, i]
        known = known[~np.isnan(known)]
        size = math.fsum(np.abs(known))
        assert county[COLUMNS.index(name)] == pytest.approx(math.fsum(known), rel=1e-9, abs=1e-9 * size), name
    mu = math.fsum(m2_to_mu_array(everyone.land_m2[returned]))
    assert county[COLUMNS.index("land_mu")] == pytest.approx(mu, rel=1e-9)


@given(st.lists(st.floats(-1e15, 1e15), min_size=1, max_size=60), st.randoms())
def test_a_sum_does_not_depend_on_the_order_of_its_parts(values: list[float], random: object) -> None:
    shuffled = list(values)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    sums = []
    for given_order in (values, shuffled):
        count = len(given_order)
        cover = Cover(np.arange(count), np.zeros(count, dtype=np.intp), np.ones(count), 1)
        sums.append(sums_of_areas(np.array(given_order)[:, None], cover)[0, 0])
    assert sums[0] == sums[1]
