"""A parcel's story: ancestors and descendants by generation, events, former states, and the days of the slider."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from landgis.access.queries import Actor, command_actor
from landgis.counties.models import County
from parcels.cadastre.lineage import ancestors, days_with_events, descendants, events_of, versions_of
from parcels.cadastre.models import Parcel
from parcels.cadastre.reversal import reverse_change
from parcels.cadastre.transitions import ChangedParcel, Document, Transition
from tests import factories
from tests.factories import box
from tests.factories_cadastre import CARRIERS, applied, divided, merged, reshaped

FIRST, SECOND, THIRD = date(2021, 3, 1), date(2022, 3, 1), date(2023, 3, 1)


@pytest.fixture
def operator(county: County) -> Actor:
    return command_actor("system", county)


@pytest.fixture
def told(county: County) -> dict[str, Parcel]:
    """A → A-1, A-2 (2021); A-2 + B → C (2022); C gets a note (2023)."""
    a = factories.parcel(county, "A", box(0, 0, 2, 1))
    b = factories.parcel(county, "B", box(2, 0, 4, 1))
    _, (_, second) = divided(county, a, FIRST, box(0, 0, 1, 1), box(1, 0, 2, 1))
    _, c = merged(county, [second, b], "C", SECOND, box(1, 0, 4, 1))
    applied(county, Transition(on=THIRD, changed=[ChangedParcel(c.pk, {"note": "核对"})]))
    return {parcel.code: parcel for parcel in Parcel.objects.all()}


def test_ancestors_and_descendants_by_generation(operator: Actor, told: dict[str, Parcel]) -> None:
    up = ancestors(operator, told["C"].pk)
    assert [(item.code, item.generation) for item in up] == [("A-2", 1), ("B", 1), ("A", 2)]
    assert (up[-1].valid_from, up[-1].valid_to) == (date(2015, 1, 1), FIRST)
    down = descendants(operator, told["A"].pk)
    assert [(item.code, item.generation) for item in down] == [("A-1", 1), ("A-2", 1), ("C", 2)]
    assert (down[-1].valid_from, down[-1].valid_to) == (SECOND, None)
    assert down[-1].geometry_4490.startswith('{"type":"MultiPolygon"')


def test_events_and_states(operator: Actor, told: dict[str, Parcel]) -> None:
    story = events_of(operator, told["C"].pk)
    assert [(event.kind, event.reversible) for event in story] == [
        ("attribute_change", True),
        ("consolidation", False),
    ]
    assert (story[1].parents, story[1].children, story[1].others) == (("A-2", "B"), ("C",), ())
    states = versions_of(operator, told["C"].pk)
    assert [(state.valid_from, state.valid_to, state.event_kind) for state in states] == [
        (SECOND, THIRD, "consolidation"),
        (THIRD, None, "attribute_change"),
    ]
    assert (
        versions_of(operator, told["A"].pk)[0].event_kind == ""
    )  # delivered; what ended it isn't what it began with


def test_a_reversal_is_told_with_what_it_takes_back(
    county: County, operator: Actor, told: dict[str, Parcel]
) -> None:
    newest = events_of(operator, told["C"].pk)[0]
    reverse_change(
        county, operator, newest.change_id, reason="误登", carriers=CARRIERS, document=Document("approval")
    )
    back, taken_back, _ = events_of(operator, told["C"].pk)
    assert (back.kind, back.reverses, back.document_kind) == ("reversal", taken_back.change_id, "approval")
    assert (taken_back.reversed_by, taken_back.reversible) == (back.change_id, False)
    assert back.reversible


def test_days_for_the_slider(operator: Actor, told: dict[str, Parcel]) -> None:
    assert told
    assert days_with_events(operator) == (date(2015, 1, 1), THIRD, [(FIRST, 1), (SECOND, 1), (THIRD, 1)])


def test_who_sees_one_town_reads_of_that_town_only(
    county: County, operator: Actor, told: dict[str, Parcel]
) -> None:
    elsewhere = replace(operator, town_codes=(factories.TOWN_EAST,))
    assert ancestors(elsewhere, told["C"].pk) == []
    assert days_with_events(elsewhere) == (None, None, [])
    assert all(event.parents == () for event in events_of(elsewhere, told["C"].pk))


def test_the_story_takes_the_same_statements_however_long(county: County, operator: Actor) -> None:
    def told_in(parcel: Parcel) -> int:
        with CaptureQueriesContext(connection) as ran:
            for tell in (ancestors, descendants, events_of):
                tell(operator, parcel.pk)
            versions_of(operator, parcel.pk)
            days_with_events(operator)
        return len(ran)

    short = factories.parcel(county, "S", box(8, 0, 9, 1))
    _, (child, _) = divided(county, short, FIRST, box(8, 0, 8.5, 1), box(8.5, 0, 9, 1))
    few = told_in(child)
    for year in range(2022, 2026):
        shape: Any = box(8, 0, 8.5, 1 - (year - 2021) / 10)
        applied(county, Transition(on=date(year, 1, 1), changed=[reshaped(child, shape)]))
        child.refresh_from_db()
    _, (grandchild, *_) = divided(county, child, date(2026, 1, 1), box(8, 0, 8.2, 0.4), box(8.2, 0, 8.5, 0.4))
    assert told_in(grandchild) == told_in(child) == few
