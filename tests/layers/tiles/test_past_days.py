"""Tiles of a day that is over: the parcels as they were then, at every scale, and never from another day's memory."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from landgis.counties.models import County
from parcels.cadastre.models import Parcel
from parcels.cadastre.transitions import Transition
from tests import factories
from tests.factories import box
from tests.factories_cadastre import applied, divided, reshaped
from tests.layers.tiles.conftest import Get, layer, place

BEFORE, SPLIT, MOVED = "2022-06-30", date(2022, 7, 1), date(2023, 7, 1)


@pytest.fixture
def edited(mapped: County) -> County:
    """P1 becomes P1-1 and P1-2 in 2022; P2 loses its northern half in 2023."""
    divided(mapped, Parcel.objects.get(code="P1"), SPLIT, box(0, 0, 0.5, 1), box(0.5, 0, 1, 1))
    applied(
        mapped,
        Transition(on=MOVED, changed=[reshaped(Parcel.objects.get(code="P2"), box(1, 0, 2, 0.5))]),
    )
    return mapped


def shown(get: Get, on: str, zoom: int = 14) -> list[str]:
    return sorted(f.properties["code"] for f in layer(get("leader", zoom, query=f"?on={on}")).features)


@pytest.mark.usefixtures("edited")
@pytest.mark.parametrize(
    ("on", "codes"),
    [
        ("2014-12-31", ["P0"]),
        ("2019-12-31", ["P0", "P1", "P2", "P3"]),
        (BEFORE, ["P1", "P2", "P3"]),
        ("2022-07-01", ["P1-1", "P1-2", "P2", "P3"]),
        (timezone.localdate().isoformat(), ["P1-1", "P1-2", "P2", "P3"]),
    ],
)
def test_each_day_shows_its_own_parcels(get: Get, on: str, codes: list[str]) -> None:
    assert shown(get, on) == codes
    counted = layer(get("leader", 10, query=f"?on={on}")).features
    assert sum(feature.properties["n"] for feature in counted) == len(codes)


@pytest.mark.parametrize("zoom", [11, 12])
def test_a_shape_is_drawn_as_it_was(get: Get, mapped: County, zoom: int) -> None:
    """A parcel big enough to be drawn alone also where the others are put together loses its southern half."""
    big = factories.parcel(mapped, "BIG", box(-20, -40, 40, -10), land_class_code="0602")
    applied(mapped, Transition(on=MOVED, changed=[reshaped(big, box(-20, -25, 40, -10))]))
    where = place(zoom, 120.01, 29.275)

    def area(on: str) -> float:
        features = layer(get("leader", where, query=f"?on={on}")).features
        return sum(sum(f.signed_areas) for f in features if f.properties["land_class_code"] == "0602")

    assert area("2023-07-01") == pytest.approx(area("2023-06-30") / 2, rel=0.05)
    assert area("2023-07-01") > 0


@pytest.mark.usefixtures("edited")
def test_what_a_browser_keeps_of_one_day_is_not_taken_for_another(get: Get) -> None:
    past = get("leader", 14, query=f"?on={BEFORE}")
    again = get("leader", 14, query=f"?on={BEFORE}", **{"If-None-Match": past["ETag"]})
    assert again.status_code == 304
    assert get("leader", 14, **{"If-None-Match": past["ETag"]}).status_code == 200
    assert get("leader", 14, query="?on=2022-07-01", **{"If-None-Match": past["ETag"]}).status_code == 200


@pytest.mark.usefixtures("edited")
def test_today_reads_the_table_alone(get: Get) -> None:
    today = timezone.localdate().isoformat()
    get("leader", 14)
    with CaptureQueriesContext(connection) as ran:
        assert get("leader", 14).content == get("leader", 14, query=f"?on={today}").content
    assert not any("cadastre_parcel_version" in query["sql"] for query in ran.captured_queries)


@pytest.mark.parametrize("on", ["2999-01-01", "2022-02-30", "20220701", "2022-7-1", "x", "２０２２-07-01"])
def test_a_day_that_is_none_or_to_come_is_refused(get: Get, on: str) -> None:
    assert get("leader", 14, query=f"?on={on}").status_code == 400
