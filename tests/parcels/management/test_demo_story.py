"""The stories of the demo: played by the rooms' own actions, marked as 示意, and played once.

Refuses to load the demo county: a small one with a line, parcels off it and a published year does.
"""

from datetime import date

import pytest

from landgis.access.queries import Actor, command_actor
from landgis.audit.models import AuditEvent
from landgis.counties.models import County
from parcels.balance.ledger import statement
from parcels.balance.models import Adjustment
from parcels.grading.models import Objection
from parcels.grading.queries import open_objections
from parcels.management import demo_line, demo_objections
from tests import factories
from tests.factories import TOWN_EAST
from tests.parcels.grading.running import DAY, YEAR, published, second

pytestmark = pytest.mark.django_db


@pytest.fixture
def ground(county: County) -> County:
    """A line with a parcel of about 1.6 hectares in it, and parcels off it that are somewhat larger."""
    factories.control_line(county, "330782KZX012", factories.box(0, 0, 10, 10), level="二级")
    factories.parcel(county, "IN", factories.box(1, 1, 2.3, 2.1))
    for n in range(3):
        factories.parcel(county, f"OFF{n}", factories.box(20 + 3 * n, 0, 21.4 + 3 * n, 1.2))
    return county


def test_an_adjustment_is_entered_and_balanced_and_is_played_once(ground: County) -> None:
    demo_line.play(ground, command_actor("system", ground))
    (made,) = Adjustment.objects.all()
    assert "示意" in made.title
    assert [step.step for step in made.steps.all()][-1] == "entry"
    told = statement(ground, date(2026, 12, 31))
    (inclusion,) = made.inclusions.all()
    assert inclusion.area_m2 >= made.out_m2 > 10_000
    assert 0 <= told.balance_m2 < 10_000
    assert AuditEvent.objects.filter(action="adjustment_entry", actor="demo_registrar").count() == 1
    demo_line.play(ground, command_actor("system", ground))
    assert Adjustment.objects.count() == 1


def test_a_notice_has_an_objection_upheld_and_one_rejected(
    county: County, cast: dict[str, Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        firm = factories.enterprise(
            county, f"9133078200000000{number}X", f"企业{number}", town_code=TOWN_EAST
        )
        factories.annual_return(firm, YEAR, tax_wan=100 - number, rd_wan=5)
        plot = factories.parcel(county, f"P{number}", factories.box(5 * number, 0, 5 * number + 1, 1))
        factories.occupancy(plot, firm)
    monkeypatch.setattr(demo_objections, "TOWN", TOWN_EAST)
    monkeypatch.setattr(demo_objections, "RELOCATION", "building")
    run = published(county, cast["evaluation_officer"])
    checker = second(command_actor("system", county))
    demo_objections.play(county, checker, run, DAY)
    upheld, rejected = Objection.objects.order_by("pk")
    assert (upheld.decision.upheld, rejected.decision.upheld) == (True, False)
    assert upheld.decision.changes
    assert {upheld.filed_by, rejected.filed_by} == {"demo_township_officer"}
    assert upheld.decision.decided_by == checker.username
    assert not open_objections(run).exists()
