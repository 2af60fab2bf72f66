"""The indicators of a drawn polygon: the parcels under it by their share, nobody's own figures, and no polygon that isn't."""

from typing import Any

import numpy as np
import pytest
import shapely
import shapely.ops
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landgis.access.queries import Actor, command_actor
from landgis.counties.models import County
from landgis.lib.errors import InputError
from parcels.evaluation.actions import compute_indicators
from parcels.evaluation.polygon import MOST_VERTICES, OfPolygon, indicators_of_polygon, polygon_4490
from tests import factories
from tests.factories import ORIGIN, TOWN_EAST, box

YEAR = 2023


def shape(west: float, south: float, east: float, north: float) -> shapely.Geometry:
    return shapely.from_wkb(bytes(box(west, south, east, north).wkb))


@pytest.fixture
def computed(county: County) -> County:
    """Three firms on a parcel each in 甲镇 (10, 20 and 30 万元), a fourth in 乙镇 (40), all of 15 亩."""
    for number, west in ((1, 1), (2, 3), (3, 5), (4, 15)):
        one = factories.enterprise(county, f"9133078200000000{number:02d}", f"示意企业{number}")
        factories.annual_return(
            one, YEAR, tax_wan=10 * number, value_added_wan=20 * number if number != 2 else None
        )
        facts: dict[str, Any] = {"town_code": TOWN_EAST} if number == 4 else {}
        parcel = factories.parcel(
            county, f"P{number}", box(west, 1, west + 1, 2), registered_area_m2=10_000, **facts
        )
        factories.occupancy(parcel, one)
    compute_indicators(
        county=county, actor=command_actor("system", county), year=YEAR, reason="测试", commit=True
    )
    return county


def tax(found: OfPolygon) -> dict[str, Any]:
    return next(item for item in found.indicators if item["indicator"] == "tax_per_mu")


def test_parcels_under_it_by_their_share(computed: County, cast: dict[str, Actor]) -> None:
    """All of the first parcel, half of the second."""
    found = indicators_of_polygon(computed, cast["evaluation_officer"], shape(0, 0, 3.5, 3), YEAR)
    assert (found.parcels, found.firms) == (2, 2)
    assert found.land_mu == pytest.approx(22.5, rel=1e-6)
    assert tax(found)["numerator"] == pytest.approx(20.0, rel=1e-6)
    assert tax(found)["value"] == pytest.approx(20 / 22.5, rel=1e-6)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.floats(0, np.pi), st.floats(-0.4, 0.4)), min_size=1, max_size=3))
def test_the_pieces_of_any_cut_add_up(
    computed: County, cast: dict[str, Actor], cuts: list[tuple[float, float]]
) -> None:
    """Also where a corner of one piece lies on an edge of another, and edges are kilometres long."""
    whole = shape(-1, -1, 30, 30)
    middle, side = np.array(shape(0.5, 0.5, 6.5, 2.5).centroid.coords[0]), 0.03
    pieces = [whole]
    for angle, off in cuts:  # one piece after the other, so that a later cut ends on an earlier one
        along = np.array([np.cos(angle), np.sin(angle)])
        at = middle + off * 0.005 * np.array([-along[1], along[0]])
        line = shapely.LineString([at - 3 * side * along, at + 3 * side * along])
        pieces = [*shapely.ops.split(pieces[0], line).geoms, *pieces[1:]]
    actor = cast["leader"]
    total = indicators_of_polygon(computed, actor, whole, YEAR)
    found = [indicators_of_polygon(computed, actor, piece, YEAR) for piece in pieces]
    assert sum(one.land_mu for one in found) == pytest.approx(total.land_mu, rel=1e-9)
    assert sum(tax(one)["numerator"] or 0.0 for one in found) == pytest.approx(
        tax(total)["numerator"], rel=1e-9
    )


def test_it_says_what_was_missing(computed: County, cast: dict[str, Actor]) -> None:
    found = indicators_of_polygon(computed, cast["leader"], shape(0, 0, 10, 3), YEAR)
    by_code = {item["indicator"]: item for item in found.indicators}
    assert by_code["value_added_per_mu"]["missing"] == ["1 家企业未填报工业增加值，未计入"]
    assert by_code["value_added_per_mu"]["numerator"] == pytest.approx(80.0)
    assert by_code["value_added_per_mu"]["denominator"] == pytest.approx(30.0)
    assert by_code["labour_productivity"]["value"] is None
    assert tax(found)["missing"] == []


def test_a_polygon_over_everything_is_the_county(computed: County, cast: dict[str, Actor]) -> None:
    found = indicators_of_polygon(computed, cast["leader"], shape(-1, -1, 30, 30), YEAR)
    assert tax(found)["value"] == pytest.approx(100 / 60)
    assert (found.parcels, found.firms) == (4, 4)


@pytest.mark.parametrize("role", ["registrar", "idle_land_officer", "township_officer"])
def test_nothing_can_be_got_by_drawing_two_shapes_that_differ_by_one_firm(
    computed: County, cast: dict[str, Actor], role: str
) -> None:
    """Three firms' sum less two firms' would be the third's; four less three is the fourth's."""
    for drawn in (shape(0, 0, 4.5, 3), shape(0, 0, 10, 3), shape(-1, -1, 30, 30), shape(5.2, 1.2, 5.3, 1.3)):
        found = indicators_of_polygon(computed, cast[role], drawn, YEAR)
        assert found.parcels > 0
        for item in found.indicators:
            assert (item["value"], item["numerator"], item["denominator"]) == (None, None, None)
            assert item["restricted"] is True
            assert "相减" in item["missing"][0]
    cleared = indicators_of_polygon(computed, cast["evaluation_officer"], shape(0, 0, 4.5, 3), YEAR)
    assert tax(cleared)["value"] is not None


def test_a_lessor_is_no_third_firm(computed: County, cast: dict[str, Actor]) -> None:
    """The tenant's and the neighbour's figures only: a lessor that let all its land adds none."""
    lessor = computed_lessor(computed)
    assert lessor.firms == 2
    two = indicators_of_polygon(computed, cast["registrar"], shape(14, 0, 20, 3), YEAR)
    assert tax(two)["restricted"] is True


def computed_lessor(county: County) -> OfPolygon:
    lessor = factories.enterprise(county, "913307820000000090", "示意出租方")
    tenant = factories.enterprise(county, "913307820000000091", "示意租户")
    factories.annual_return(lessor, YEAR, tax_wan=1)
    factories.annual_return(tenant, YEAR, tax_wan=2)
    parcel = factories.parcel(county, "P9", box(17, 1, 18, 2), registered_area_m2=10_000, town_code=TOWN_EAST)
    factories.occupancy(parcel, lessor)
    factories.occupancy(parcel, tenant, role="leased_in", lessor=lessor)
    operator = command_actor("system", county)
    compute_indicators(county=county, actor=operator, year=YEAR, reason="测试", commit=True)
    return indicators_of_polygon(county, operator, shape(14, 0, 20, 3), YEAR)


def test_a_township_officer_gets_the_own_towns_parcels_alone(
    computed: County, cast: dict[str, Actor]
) -> None:
    found = indicators_of_polygon(computed, cast["township_officer"], shape(-1, -1, 30, 30), YEAR)
    assert (found.parcels, found.firms) == (3, 3)


def test_open_ground_and_an_uncomputed_year_have_no_figures(computed: County, cast: dict[str, Actor]) -> None:
    empty = indicators_of_polygon(computed, cast["leader"], shape(40, 40, 41, 41), YEAR)
    assert (empty.parcels, empty.land_mu, tax(empty)["value"]) == (0, 0.0, None)
    other = tax(indicators_of_polygon(computed, cast["leader"], shape(0, 0, 10, 3), 2019))
    assert (other["value"], other["missing"]) == (None, ["2019 年指标尚未计算"])


def test_the_statements_do_not_grow_with_the_parcels(
    computed: County, cast: dict[str, Actor], django_assert_num_queries: Any
) -> None:
    # The run, and whether the year's land is still known; first its parameters, too. Tables are read as arrays.
    for area, statements in ((shape(0, 0, 2, 3), 3), (shape(-1, -1, 30, 30), 2)):
        with django_assert_num_queries(statements):
            indicators_of_polygon(computed, cast["leader"], area, YEAR)


X, Y = ORIGIN


@pytest.mark.parametrize(
    ("geometry", "words"),
    [
        ({}, "应为面"),
        (None, "应为面"),
        ([], "应为面"),
        ({"type": "Point", "coordinates": [X, Y]}, "应为面"),
        ({"type": "Polygon"}, "无法读取"),
        ({"type": "Polygon", "coordinates": "x"}, "无法读取"),
        ({"type": "Polygon", "coordinates": [[[None, Y]]]}, "无法读取"),
        ({"type": "Polygon", "coordinates": [[[X, Y], [X + 1, Y]]]}, "无法读取"),
        ({"type": "Polygon", "coordinates": []}, "空的"),
        ({"type": "MultiPolygon", "coordinates": []}, "空的"),
        (
            {
                "type": "Polygon",
                "coordinates": [[[X, Y], [X + 0.1, Y + 0.1], [X + 0.1, Y], [X, Y + 0.1], [X, Y]]],
            },
            "自相交",
        ),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 0]]]}, "不在示意县范围内"),
        ({"type": "Polygon", "coordinates": [[[X, Y], [2**31, Y], [X, Y + 0.1], [X, Y]]]}, "超出经纬度"),
        ({"type": "Polygon", "coordinates": [[[X, Y], [X + 1, Y], [X, 89.9], [X, Y]]]}, "超出经纬度"),
        (
            {"type": "Polygon", "coordinates": [[[Y, X], [Y + 0.1, X], [Y, X + 0.1], [Y, X]]]},
            "不在示意县范围内",
        ),
    ],
)
def test_what_is_no_polygon_of_the_county_is_refused(county: County, geometry: Any, words: str) -> None:
    with pytest.raises(InputError, match=words) as raised:
        polygon_4490(geometry, county)
    assert (raised.value.status, raised.value.field) == (422, "geometry")


def test_too_many_vertices_are_refused(county: County) -> None:
    circle = shapely.Point(X, Y).buffer(0.01, quad_segs=MOST_VERTICES // 4 + 1)
    with pytest.raises(InputError, match="顶点超过"):
        polygon_4490(dict(shapely.geometry.mapping(circle)), county)


def test_heights_are_left_aside(county: County) -> None:
    ring = [[X, Y, 5], [X + 0.01, Y, 5], [X, Y + 0.01, 5], [X, Y, 5]]
    assert not polygon_4490({"type": "Polygon", "coordinates": [ring]}, county).has_z
