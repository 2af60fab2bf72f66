"""What lies together: against an independent computation, and each figure against its own sum."""

import json
from datetime import date
from itertools import combinations
from typing import Any

import numpy as np
import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.core.management import call_command
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from landgis.access.queries import Actor
from landgis.counties.models import County
from landgis.lib.errors import Forbidden, NotFound
from parcels.cadastre.models import Parcel
from parcels.clusters.actions import find_clusters
from parcels.clusters.models import Cluster
from parcels.clusters.picking import picked
from parcels.clusters.queries import county_limits, found_clusters
from tests import factories, factories_parcels

ON = date(2025, 6, 30)
TO_SURVEY = Transformer.from_crs(4490, 4549, always_xy=True)

pytestmark = pytest.mark.django_db


def lots(county: County, corners: list[tuple[float, float]], side: float = 1.0) -> dict[str, Parcel]:
    return {
        f"P{n:03}": factories.parcel(county, f"P{n:03}", factories.box(x, y, x + side, y + side))
        for n, (x, y) in enumerate(corners)
    }


def by_pairs(made: dict[str, Parcel], gap_m: float) -> set[frozenset[str]]:
    """Clusters the slow way: every pair's distance in the survey's plane, then merging sets."""
    plane = {
        code: shapely.transform(
            shapely.from_wkb(bytes(parcel.geom_4490.wkb)),
            lambda xy: np.column_stack(TO_SURVEY.transform(*xy.T)),
        )
        for code, parcel in made.items()
    }
    groups = {code: {code} for code in made}
    for one, other in combinations(made, 2):
        if plane[one].distance(plane[other]) <= gap_m and groups[one] is not groups[other]:
            groups[one] |= groups[other]
            for code in groups[other]:
                groups[code] = groups[one]
    return {frozenset(group) for group in groups.values()}


@settings(max_examples=15)
@given(
    corners=st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=14, unique=True),
    side=st.sampled_from([0.4, 0.75, 0.9]),
    gap_m=st.sampled_from([5.0, 15.0, 30.0, 60.0]),
)
def test_clusters_are_those_of_all_pairs(
    corners: list[tuple[int, int]], side: float, gap_m: float, county: County, cast: dict[str, Actor]
) -> None:
    with factories.writing(county):
        Parcel.objects.all().delete()
    made = lots(county, [(x, y) for x, y in corners], side)
    factories_parcels.taxes(county, 2024, dict.fromkeys(made, 1.0))
    limits = county_limits(county, ON).with_stated(tolerance_m=gap_m, min_mu=0, tax_per_mu_below=5)
    found = found_clusters(county, cast["evaluation_officer"], year=2024, on=ON, limits=limits)
    assert {frozenset(one.codes) for one in found.clusters} == by_pairs(made, gap_m)
    assert sum(one.net_m2 for one in found.clusters) == pytest.approx(
        sum(float(parcel.registered_area_m2 or parcel.planar_area_m2) for parcel in made.values()), rel=1e-12
    )
    for one in found.clusters:
        assert one.ground_m2 <= one.hull_m2 * (1 + 1e-9)
        assert 0 < one.compactness <= 1


@pytest.mark.parametrize("gap_m", [30.0, 10.0, 12.345, 0.5, 0.0])
def test_a_surveyed_gap_of_just_the_tolerance_ties(
    gap_m: float, county: County, cast: dict[str, Actor]
) -> None:
    """Lots laid out to the millimetre in the survey's plane; stored in degrees they are some nanometres off."""
    x, y = (round(at, 3) for at in TO_SURVEY.transform(*factories.ORIGIN))
    to_degrees = Transformer.from_crs(4549, 4490, always_xy=True)
    codes: list[str] = []
    for column in range(5):
        for row in range(4):
            west, south = x + column * (50 + gap_m), y + row * (40 + gap_m)
            lot = shapely.box(*(round(at, 3) for at in (west, south, west + 50, south + 40)))
            degrees = shapely.transform(lot, lambda xy: np.column_stack(to_degrees.transform(*xy.T)))
            factories.parcel(
                county,
                f"Q{len(codes):02}",
                MultiPolygon(GEOSGeometry(memoryview(degrees.wkb), srid=4490), srid=4490),
            )
            codes.append(f"Q{len(codes):02}")
    factories_parcels.taxes(county, 2024, dict.fromkeys(codes, 1.0))

    def found(tolerance_m: float) -> list[int]:
        limits = county_limits(county, ON).with_stated(tolerance_m=tolerance_m, min_mu=0, tax_per_mu_below=5)
        told = found_clusters(county, cast["evaluation_officer"], year=2024, on=ON, limits=limits)
        return [len(one.codes) for one in told.clusters]

    assert found(gap_m) == [20]
    asked: dict[str, Any] = {"codes": codes, "year": 2024, "on": ON}
    assert picked(county, cast["registrar"], tolerance_m=gap_m, **asked).pieces == 1
    if gap_m:
        assert found(gap_m - 0.001) == [1] * 20
        assert picked(county, cast["registrar"], tolerance_m=gap_m - 0.001, **asked).pieces == 20


def test_the_least_area_and_the_tax_are_compared_unrounded(county: County, cast: dict[str, Actor]) -> None:
    made = lots(county, [(0, 0), (5, 5)])
    factories_parcels.taxes(county, 2024, {"P000": 4.999_999, "P001": 5.0})
    area_mu = float(made["P000"].registered_area_m2 or made["P000"].planar_area_m2) * 15 / 10_000

    def found(least: float) -> list[tuple[str, ...]]:
        limits = county_limits(county, ON).with_stated(tolerance_m=30, min_mu=least, tax_per_mu_below=5)
        return [
            c.codes for c in found_clusters(county, cast["leader"], year=2024, on=ON, limits=limits).clusters
        ]

    assert found(area_mu * (1 - 1e-12)) == [("P000",)]
    assert found(area_mu * (1 + 1e-9)) == []


def test_figures_of_a_cluster(county: County, cast: dict[str, Actor]) -> None:
    """Two parcels of one holder, half of the ground inside the line: tax weighted by land, way as the rule says."""
    made = lots(county, [(0, 0), (1, 0)])
    for code, parcel in made.items():
        factories.holder(parcel, "甲公司" if code == "P000" else "乙公司")
    factories.control_line(county, "L1", factories.box(0, 0, 1, 1))
    factories_parcels.taxes(county, 2024, {"P000": 4.0, "P001": 2.0})
    limits = county_limits(county, ON).with_stated(tolerance_m=30, min_mu=1, tax_per_mu_below=5)
    (one,) = found_clusters(county, cast["leader"], year=2024, on=ON, limits=limits).clusters
    assert one.holders == 2
    assert one.tax_per_mu == pytest.approx(3.0)
    assert one.line_share == pytest.approx(0.5, abs=1e-3)
    assert one.compactness == pytest.approx(1.0, abs=1e-6)
    assert one.suggested_way in {"做地", "收储"}


def test_both_ways_of_reading_agree(county: County, cast: dict[str, Actor]) -> None:
    """Inside a transaction on one connection, outside on two: the dry run of the command takes the second."""
    lots(county, [(0, 0), (1.2, 0), (8, 8)])
    factories_parcels.taxes(county, 2024, {"P000": 1.0, "P001": 2.0, "P002": 3.0})
    said = find_clusters(
        county=county, actor=cast["evaluation_officer"], year=2024, on=ON, reason="试", min_mu=1.0
    ).document
    assert [c["parcels"] for c in said["clusters"]] == [["P000", "P001"], ["P002"]]


def test_without_a_run_the_remedy_is_told(county: County, cast: dict[str, Actor]) -> None:
    with pytest.raises(NotFound, match="compute_indicators"):
        find_clusters(county=county, actor=cast["evaluation_officer"], year=2024, on=ON, reason="试")


@pytest.mark.parametrize(
    "role", ["township_officer", "agency", "idle_land_officer", "leader", "system_admin"]
)
def test_who_may_not_find(role: str, county: County, cast: dict[str, Actor]) -> None:
    factories_parcels.taxes(county, 2024, {})
    with pytest.raises(Forbidden):
        find_clusters(county=county, actor=cast[role], year=2024, on=ON, reason="试", commit=True)
    assert not Cluster.objects.exists()


def test_the_command_speaks_json(county: County, capsys: pytest.CaptureFixture[str]) -> None:
    lots(county, [(0, 0), (1.2, 0)])
    factories_parcels.taxes(county, 2024, {"P000": 1.0, "P001": 2.0})
    call_command(
        "find_clusters", "--min-mu", "1", "--on", "2025-06-30", "--json", "--commit", county=county.code
    )
    said: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert said["tolerance_m"] == 30
    assert said["min_mu"] == 1
    (one,) = said["clusters"]
    assert one["parcels"] == ["P000", "P001"]
    assert one["net_mu"] > 0
    assert one["hull_mu"] > one["net_mu"]
    stored = Cluster.objects.get()
    assert stored.parcel_codes == ["P000", "P001"]
    assert stored.geom_4490.valid
