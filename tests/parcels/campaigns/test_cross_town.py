"""A project over two towns is credited to both, each by its own ground; a relapse takes it all back on its day."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.db import connection

from landgis.access.queries import Actor
from landgis.audit.models import AuditEvent
from landgis.counties.models import County
from landgis.lib.errors import Conflict, InputError, NotFound
from layers.catalog.rows import Question, rows
from parcels.campaigns.actions import open_project, record_stage, reverse_stage
from parcels.campaigns.claims import area_m2
from parcels.campaigns.credit_actions import credit_ground, preview_credit, reverse_credit
from parcels.campaigns.models import Credit, Project
from parcels.campaigns.published import PROJECTS
from parcels.campaigns.queries import live_credits, projects, status_on
from parcels.exchange.export import export_collection
from parcels.ledgers.queries import Filters, listed
from tests import factories
from tests.factories import TOWN_EAST, TOWN_WEST, SignIn
from tests.layers.tiles import mvt
from tests.layers.tiles.conftest import place

pytestmark = pytest.mark.django_db
FIRST, ON, LAST = date(2022, 2, 1), date(2022, 3, 1), date(2022, 12, 31)
CLOSING = ("town_check", "department_check", "approval", "publicity", "closed", "look_back")


@pytest.fixture
def officer(cast: dict[str, Actor]) -> Actor:
    return cast["evaluation_officer"]


@pytest.fixture
def lots(county: County) -> None:
    for code, x, town in (
        ("A", 0, TOWN_WEST),
        ("B", 2, TOWN_WEST),
        ("C", 4, TOWN_EAST),
        ("Z", 6, "999999999"),
    ):
        factories.parcel(county, code, factories.box(x, 0, x + 2, 2), town_code=town)


def step(county: County, officer: Actor, made: Project, stage: str, on: date = FIRST) -> None:
    record_stage(
        county=county, actor=officer, project_id=made.pk, stage=stage, on=on, person="王", reason="登记", evidence="附件"
    )  # fmt: skip


def done(county: County, officer: Actor, codes: list[str], **given: Any) -> Project:
    made = open_project(
        county=county, actor=officer, ledger="revitalisation", name="跨镇", lead_unit="自规局", on=FIRST, reason="立项",
        parcel_codes=codes, **given,
    )  # fmt: skip
    for stage in ("plan", "agreement", "done"):
        step(county, officer, made, stage)
    return made


def claim(county: County, officer: Actor, made: Project, on: date = ON, **given: Any) -> list[Credit]:
    return credit_ground(
        county=county, actor=officer, project_id=made.pk, on=on, evidence="验收单", reason="入账", **given
    )


def by_town(county: County, officer: Actor, on: date = LAST) -> dict[str, float]:
    found = status_on(county, officer, on).ledgers["revitalisation"]
    assert sum(one.done for one in found.towns.values()) == found.county.done
    return {code: float(one.done) * 10_000 / 15 for code, one in found.towns.items()}


def test_where_no_outline_is_drawn_the_parcels_towns_split_a_credit(
    county: County, officer: Actor, lots: None
) -> None:
    made = done(county, officer, ["A", "B", "C", "Z"])
    assert (made.town_code, made.town_codes) == (TOWN_WEST, [TOWN_WEST, TOWN_EAST])
    rows = claim(county, officer, made)
    assert [row.town_code for row in rows] == [TOWN_WEST, TOWN_EAST, ""]
    whole = area_m2(shapely.from_wkb(bytes(made.geom_4490.wkb)))
    assert sum(row.area_m2 for row in rows) == pytest.approx(whole, abs=1e-6)
    told = by_town(county, officer)
    assert told[TOWN_WEST] == pytest.approx(whole / 2, rel=1e-9)
    assert told[TOWN_EAST] == told[""] == pytest.approx(whole / 4, rel=1e-9)
    assert {code for row in rows for code in row.parcels_m2} == {"A", "B", "C", "Z"}
    assert sum(part for row in rows for part in row.parcels_m2.values()) == pytest.approx(whole, abs=1e-2)


def test_the_towns_outlines_go_before_the_register(county: County, officer: Actor, lots: None) -> None:
    factories.district(county, TOWN_WEST, "甲镇", factories.box(-5, -5, 3, 5))
    factories.district(county, TOWN_EAST, "乙镇", factories.box(3, -5, 20, 5))
    rows = claim(county, officer, done(county, officer, ["A", "B"]))
    whole = sum(row.area_m2 for row in rows)
    assert {row.town_code: round(row.area_m2 / whole, 6) for row in rows} == {
        TOWN_WEST: 0.75,
        TOWN_EAST: 0.25,
    }
    assert [sorted(row.parcels_m2) for row in rows] == [["A", "B"], ["B"]]


def test_a_boundary_drawn_some_centimetres_off_splits_nothing(
    county: County, officer: Actor, lots: None
) -> None:
    factories.district(county, TOWN_WEST, "甲镇", factories.box(-5, -5, 4.000001, 5))
    factories.district(county, TOWN_EAST, "乙镇", factories.box(4.000001, -5, 20, 5))
    (row,) = claim(county, officer, done(county, officer, ["C"]))
    assert (row.town_code, row.area_m2) == (TOWN_EAST, row.claimed_m2)


def test_what_is_held_of_one_towns_part_is_told_with_the_other(
    county: County, officer: Actor, lots: None
) -> None:
    (first,) = claim(county, officer, done(county, officer, ["C"]))
    made = done(county, officer, ["A", "C"])
    shares = preview_credit(county=county, actor=officer, project_id=made.pk, on=ON)
    assert [(share.town_code, share.found.area_m2 > 0) for share in shares] == [
        (TOWN_WEST, True),
        (TOWN_EAST, False),
    ]
    (row,) = claim(county, officer, made)
    assert (row.town_code, [one["credit"] for one in row.held]) == (TOWN_WEST, [first.pk])


def test_the_other_town_sees_the_project_and_changes_nothing(
    county: County, officer: Actor, cast: dict[str, Actor], lots: None, signed_in: SignIn
) -> None:
    town = cast["township_officer"]
    factories.parcel(county, "D", factories.box(10, 0, 16, 2), town_code=TOWN_EAST)
    shared = open_project(
        county=county, actor=officer, ledger="remediation", name="乙镇为主", lead_unit="自规局", on=FIRST, reason="立项",
        parcel_codes=["A", "D"],
    )  # fmt: skip
    foreign = open_project(
        county=county, actor=officer, ledger="remediation", name="乙镇的", lead_unit="自规局", on=FIRST, reason="立项",
        parcel_codes=["C"],
    )  # fmt: skip
    step(county, officer, shared, "plan")
    assert shared.town_code == TOWN_EAST
    assert [row.pk for row in projects(county, town)] == [shared.pk]
    for chosen in (TOWN_WEST, TOWN_EAST):
        rows = listed(county, officer, "remediation", Filters(town=chosen), LAST, 30)
        assert shared in rows
    with pytest.raises(NotFound):
        step(county, town, shared, "works")
    client = signed_in("township_officer")
    page = client.get(f"/campaigns/projects/{shared.pk}/")
    assert page.status_code == 200
    assert "另涉及 甲镇" in page.content.decode()
    assert "登记阶段" not in page.content.decode()
    assert client.get(f"/campaigns/projects/{foreign.pk}/").status_code == 404


def test_the_map_shows_a_project_in_every_town_that_it_touches(
    county: County, officer: Actor, cast: dict[str, Actor], lots: None, signed_in: SignIn, tmp_path: Path
) -> None:
    for codes, name in ((["A", "C"], "两镇"), (["C"], "乙镇的"), (["B"], "甲镇的")):
        open_project(
            county=county, actor=officer, ledger="remediation", name=name, lead_unit="自规局", on=FIRST, reason="立项",
            parcel_codes=codes,
        )  # fmt: skip
    seen: dict[tuple[str, ...] | None, list[str]] = {
        (TOWN_WEST,): ["两镇", "甲镇的"], (TOWN_EAST,): ["两镇", "乙镇的"], (TOWN_WEST, TOWN_EAST): ["两镇", "乙镇的", "甲镇的"],
        ("990001999",): [], None: ["两镇", "乙镇的", "甲镇的"],
    }  # fmt: skip
    for towns, names in seen.items():
        actor = replace(cast["township_officer"], town_codes=towns)
        found = rows(Question(PROJECTS, actor, LAST), ())
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT g.name, count(*) {found.sql} GROUP BY 1 ORDER BY 1", found.values)
            told = dict(cursor.fetchall())
        assert told == dict.fromkeys(names, 1)
        assert {row.name for row in projects(county, actor)} == set(names)
    client, shared = signed_in("township_officer"), Project.objects.get(name="两镇")
    answer = client.get(f"/ogc/collections/projects/tiles/WebMercatorQuad/{place(14, 120.001, 29.301)}")
    drawn = mvt.read(answer.content)["projects"].features
    assert {one.properties["name"] for one in drawn} == {"两镇", "甲镇的"}
    card = client.get(f"/api/map/cards/projects/{shared.pk}")
    assert card.status_code == 200
    assert "甲镇、乙镇" in str(card.json())
    assert client.get(f"/api/map/cards/projects/{Project.objects.get(name='乙镇的').pk}").status_code == 404
    out = tmp_path / "项目.geojson"
    town = replace(cast["registrar"], town_codes=(TOWN_WEST,))
    export_collection(county=county, actor=town, collection="projects", out=out, reason="核对", on=LAST)
    written = json.loads(out.read_text())["features"]
    assert {one["properties"]["name"] for one in written} == {"两镇", "甲镇的"}


def test_a_relapse_takes_the_credits_back_on_its_day(county: County, officer: Actor, lots: None) -> None:
    made = done(county, officer, ["A", "C"])
    rows = claim(county, officer, made)
    for stage in CLOSING:
        step(county, officer, made, stage, ON)
    before = by_town(county, officer, date(2022, 5, 31))
    with pytest.raises(InputError, match="早于"):
        step(county, officer, made, "reopened", date(2022, 2, 28))
    step(county, officer, made, "reopened", date(2022, 6, 1))
    assert by_town(county, officer, date(2022, 5, 31)) == before
    assert set(by_town(county, officer, date(2022, 6, 1)).values()) == {0.0}
    assert not live_credits(county, "revitalisation", date(2022, 6, 1)).exists()
    taken = Credit.objects.filter(reverses__in=rows).order_by("pk")
    assert [row.on for row in taken] == [date(2022, 6, 1)] * 2
    assert len({row.change_id for row in taken}) == 1
    event = AuditEvent.objects.get(pk=taken[0].change_id)
    assert event.action == "record_project_stage"
    with pytest.raises(Conflict, match="尚未登记完成"):
        claim(county, officer, made, date(2022, 7, 1))
    step(county, officer, made, "done", date(2022, 8, 1))
    again = claim(county, officer, made, date(2022, 8, 1))
    assert sum(row.area_m2 for row in again) == pytest.approx(sum(row.area_m2 for row in rows))
    with pytest.raises(Conflict, match="已经冲销"):
        reverse_credit(
            county=county, actor=officer, credit_id=rows[0].pk, on=LAST, evidence="文", reason="再次"
        )
    with pytest.raises(Conflict, match="入账"):
        reverse_stage(
            county=county, actor=officer, project_id=made.pk, seq=made.steps.count(), on=LAST, reason="误"
        )


def test_the_page_tells_what_a_relapse_took_back(
    county: County, officer: Actor, lots: None, signed_in: SignIn
) -> None:
    made = done(county, officer, ["A", "C"])
    claim(county, officer, made)
    for stage in CLOSING:
        step(county, officer, made, stage, ON)
    client = signed_in("evaluation_officer")
    told = {"stage": "reopened", "on": "2022-06-01", "person": "王", "evidence": "回头看记录"}
    page = client.post(f"/campaigns/projects/{made.pk}/stages", told, follow=True).content.decode()
    assert "亩自当日起冲销" in page
    assert Credit.objects.filter(project=made).count() == 4


def test_a_drawn_project_knows_its_parcels(county: County, officer: Actor, lots: None) -> None:
    made = open_project(
        county=county, actor=officer, ledger="revitalisation", name="图斑", lead_unit="自规局", on=FIRST, reason="立项",
        geom_4490=shapely.box(120.001, 29.3, 120.005, 29.301),
    )  # fmt: skip
    assert made.parcel_codes == ["A", "B", "C"]
    assert made.town_codes == [TOWN_WEST, TOWN_EAST]
