"""Whatever is claimed, taken back and in which towns: towns add up to the county, and credits to the area of their union."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import shapely
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from shapely.affinity import rotate

from landgis.access.queries import Actor
from landgis.counties.models import County
from landgis.lib.errors import Conflict
from parcels.campaigns.actions import open_project, record_stage
from parcels.campaigns.claims import area_m2
from parcels.campaigns.credit_actions import credit_ground, reverse_credit
from parcels.campaigns.models import Credit, Project
from parcels.campaigns.queries import as_document, status_on
from parcels.ledgers.overview import overview
from parcels.reports.queries import content_on
from parcels.reports.rules import UNPLACED, WHOLE
from tests import factories
from tests.factories import TOWN_EAST, TOWN_WEST

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2022, 1, 1), date(2022, 12, 31)
LEDGERS = ("remediation", "revitalisation")
TOWNS = (TOWN_WEST, TOWN_EAST, "999999999", "")
# A failing example is told as it was found: making it smaller would take the database minutes.
FEW = settings(
    max_examples=6, suppress_health_check=[*HealthCheck], phases=[Phase.explicit, Phase.reuse, Phase.generate]
)
MU = Decimal(10_000) / 15


@pytest.fixture
def officer(cast: dict[str, Actor]) -> Actor:
    return cast["evaluation_officer"]


@contextmanager
def undone() -> Iterator[None]:
    """What an example writes is gone after it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def done(county: County, officer: Actor, ledger: str, **ground: Any) -> Project:
    made = open_project(
        county=county, actor=officer, ledger=ledger, name="示意", lead_unit="自规局", on=FIRST, reason="立项",
        **ground,
    )  # fmt: skip
    for stage in ("plan", "works" if ledger == "remediation" else "agreement", "done"):
        record_stage(
            county=county, actor=officer, project_id=made.pk, stage=stage, on=FIRST, person="王", reason="登记",
            evidence="附件",
        )  # fmt: skip
    return made


@pytest.fixture
def lots(county: County) -> list[str]:
    codes = [f"P{n}" for n in range(8)]
    for n, code in enumerate(codes):
        factories.parcel(county, code, factories.box(n * 2, 0, n * 2 + 2, 2), town_code=TOWNS[n % 4])
    return codes


def towns_agree(county: County, officer: Actor, on: date) -> None:
    status = status_on(county, officer, on)
    content = content_on(county, officer, "yearly", on)
    page = overview(county, officer, on)
    said = as_document(status)
    rows = {row["code"]: row["figures"] for row in content.towns}
    assert set(rows) <= {WHOLE, UNPLACED, TOWN_WEST, TOWN_EAST}
    for ledger in LEDGERS:
        found = status.ledgers[ledger]
        assert set(found.towns) <= {"", TOWN_WEST, TOWN_EAST}
        assert sum(one.done for one in found.towns.values()) == found.county.done
        assert sum(found.town_projects.values()) == found.projects
        assert set(found.town_projects) <= set(found.towns)
        parts = [Decimal(figures[f"{ledger}_mu"]) for code, figures in rows.items() if code != WHOLE]
        assert sum(parts) == Decimal(rows[WHOLE][f"{ledger}_mu"])
        assert float(sum(parts)) == pytest.approx(float(found.county.done), abs=1e-6)
        assert sum(line.projects[ledger] for line in page.towns) == page.county.projects[ledger]
        assert sum(line.week_mu[ledger] for line in page.towns) == page.county.week_mu[ledger]
        told = [town[ledger]["credited_mu"] for town in said["towns"]]
        assert sum(told) == pytest.approx(said[ledger]["credited_mu"], abs=1e-6)
    assert {"listed", "overdue_tasks"} <= set(rows[WHOLE])
    for figure in ("listed", "closed", "overdue_tasks"):
        parts = [Decimal(figures[figure]) for code, figures in rows.items() if code != WHOLE]
        assert sum(parts) == Decimal(rows[WHOLE][figure])


@FEW
@given(
    claims=st.lists(
        st.tuples(
            st.sampled_from(LEDGERS),
            st.lists(st.integers(0, 7), min_size=1, max_size=4, unique=True),
            st.integers(0, 300),
        ),
        min_size=1,
        max_size=6,
    ),
    taken_back=st.sets(st.integers(0, 5)),
    asked=st.integers(0, 364),
)
def test_towns_add_up_to_the_county_whatever_is_claimed_and_taken_back(
    county: County,
    officer: Actor,
    lots: list[str],
    claims: list[tuple[str, list[int], int]],
    taken_back: set[int],
    asked: int,
) -> None:
    with undone():
        for number, (ledger, chosen, day) in enumerate(claims):
            on = FIRST + timedelta(days=day)
            made = done(county, officer, ledger, parcel_codes=[lots[n] for n in chosen])
            try:
                credit_ground(
                    county=county, actor=officer, project_id=made.pk, on=on, evidence="验收单", reason="入账"
                )
            except Conflict:
                continue
            if number in taken_back:
                for credit in Credit.objects.filter(project=made, reverses=None):
                    reverse_credit(
                        county=county, actor=officer, credit_id=credit.pk, on=on + timedelta(days=30),
                        evidence="文", reason="误",
                    )  # fmt: skip
        for on in (LAST, FIRST + timedelta(days=asked)):
            towns_agree(county, officer, on)


@st.composite
def overlapping(draw: st.DrawFn) -> list[shapely.Geometry]:
    shapes = []
    for _ in range(draw(st.integers(2, 5))):
        x, y = 120 + draw(st.floats(0, 0.01)), 29.3 + draw(st.floats(0, 0.01))
        box = shapely.box(x, y, x + draw(st.floats(5e-4, 6e-3)), y + draw(st.floats(5e-4, 6e-3)))
        shapes.append(rotate(box, draw(st.floats(0, 90))))
    return shapes


@FEW
@given(shapes=overlapping(), data=st.data())
def test_claims_in_any_order_come_to_the_area_of_their_union(
    county: County, officer: Actor, shapes: list[shapely.Geometry], data: st.DataObject
) -> None:
    sliver_m2 = 1.0  # what is left of a claim under this is nothing
    with undone():
        for shape in data.draw(st.permutations(shapes)):
            made = done(county, officer, "revitalisation", geom_4490=shape)
            with suppress(Conflict):
                credit_ground(
                    county=county,
                    actor=officer,
                    project_id=made.pk,
                    on=FIRST,
                    evidence="验收单",
                    reason="入账",
                )
        found = status_on(county, officer, LAST).ledgers["revitalisation"]
        credited_m2 = float(found.county.done * MU)
        assert credited_m2 == pytest.approx(
            area_m2(shapely.union_all(shapes)), abs=sliver_m2 * len(shapes) + 1e-5
        )
        assert sum(one.done for one in found.towns.values()) == found.county.done
