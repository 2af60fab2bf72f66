"""The register's past over HTTP: descent, former states, the list and a parcel as of a day, the slider's days."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from landgis.counties.models import County
from parcels.cadastre import lineage
from parcels.cadastre.models import Parcel
from parcels.cadastre.transitions import ChangedParcel, Document, Transition
from parcels.editing import change_sets
from tests import factories
from tests.factories import TOWN_EAST, TOWN_WEST, SignIn, box
from tests.factories_cadastre import applied, divided, merged, reshaped

OLD, OTHER, EAST = "990001100001GB00001", "990001100001GB00002", "990001101001GB00003"
CHILDREN = ["990001100001GB00010", "990001100001GB00011"]
WHOLE = "990001100001GB00020"


@pytest.fixture
def story(county: County) -> dict[str, Parcel]:
    """2015 registered · 2018 moved and renamed · 2020 divided in two · 2022 one of them merged with its neighbour."""
    old = factories.parcel(county, OLD, box(0, 0, 2, 1), location="旧址", town_code=TOWN_EAST)
    factories.holder(old, "示意旧厂")
    other = factories.parcel(county, OTHER, box(2, 0, 3, 1))
    east = factories.parcel(county, EAST, box(15, 0, 16, 1), town_code=TOWN_EAST)
    change = reshaped(old, box(0, 0, 2, 1.1), role="adjusted", location="新址", town_code=TOWN_WEST)
    applied(county, Transition(on=date(2018, 1, 1), how="resurvey", changed=[change]), reason="重测")
    old.refresh_from_db()
    _, (left, right) = divided(
        county, old, date(2020, 1, 1), box(0, 0, 1, 1.1), box(1, 0, 2, 1.1), codes=CHILDREN
    )
    held = [{"name": "示意新厂", "uscc": "", "share": 1}]
    applied(county, Transition(on=date(2021, 1, 1), changed=[ChangedParcel(right.pk, {"holders": held})]))
    right.refresh_from_db()
    _, whole = merged(county, [right, other], WHOLE, date(2022, 1, 1), box(1, 0, 3, 1))
    return {"old": old, "other": other, "east": east, "left": left, "right": right, "whole": whole}


def get(client: Client, path: str, **asked: Any) -> Any:
    return client.get(path, asked)


def listed(client: Client, **asked: Any) -> list[str]:
    said = get(client, "/api/parcels", **asked)
    assert said.status_code == 200, said.content
    assert said.json()["total"] == len(said.json()["items"])
    return [item["code"] for item in said.json()["items"]]


@pytest.mark.usefixtures("story")
def test_the_list_as_of_a_day(signed_in: SignIn) -> None:
    client = signed_in("leader")
    assert listed(client) == [CHILDREN[0], WHOLE, EAST]
    assert listed(client, on="2014-12-31") == []
    assert listed(client, on="2015-01-01") == [OLD, OTHER, EAST]
    assert listed(client, on="2019-12-31") == [OLD, OTHER, EAST]
    assert listed(client, on="2020-01-01") == [OTHER, *CHILDREN, EAST]
    assert listed(client, on="2021-12-31") == [OTHER, *CHILDREN, EAST]
    assert listed(client, on="2022-01-01") == [CHILDREN[0], WHOLE, EAST]
    assert listed(client, on="2199-01-01") == listed(client)


@pytest.mark.usefixtures("story")
def test_its_search_filters_and_territory_are_of_that_day_too(signed_in: SignIn) -> None:
    client = signed_in("leader")
    assert listed(client, on="2017-06-01", q="旧址") == [OLD]
    assert listed(client, on="2019-06-01", q="旧址") == []
    assert listed(client, on="2020-06-01", q="示意旧厂") == CHILDREN
    assert listed(client, on="2021-06-01", q="示意旧厂") == [CHILDREN[0]]
    assert listed(client, on="2017-06-01", town=TOWN_EAST) == [OLD, EAST]
    assert listed(client, on="2017-06-01", bbox="120.0,29.3,120.0005,29.3005") == [OLD]
    assert listed(client, on="2017-06-01", sort="-area_mu")[0] == OLD
    officer = signed_in("township_officer")
    assert listed(officer, on="2017-06-01") == [OTHER]
    assert listed(officer, on="2019-06-01") == [OLD, OTHER]


@pytest.mark.usefixtures("story")
def test_its_rows_are_of_that_day(signed_in: SignIn) -> None:
    client = signed_in("leader")
    (row,) = get(client, "/api/parcels", on="2017-06-01", q=OLD).json()["items"]
    assert (row["location"], row["town_name"], row["holder"]) == ("旧址", "乙镇", "示意旧厂")
    assert row["bbox"][3] == pytest.approx(29.301)
    (row,) = get(client, "/api/parcels", on="2019-06-01", q=OLD).json()["items"]
    assert (row["location"], row["town_name"]) == ("新址", "甲镇")
    assert row["bbox"][3] == pytest.approx(29.3011)


@pytest.mark.parametrize("on", ["", "x", "2020-13-01", "1800-01-01", "9999-01-01"])
@pytest.mark.usefixtures("story")
def test_days_that_are_none(signed_in: SignIn, on: str) -> None:
    client = signed_in("leader")
    for path in ("/api/parcels", f"/api/parcels/{WHOLE}"):
        said = get(client, path, on=on)
        assert said.status_code == 422
        assert said.json()["field"] == "on"


def test_a_parcel_as_of_a_day(story: dict[str, Parcel], signed_in: SignIn) -> None:
    client = signed_in("leader")
    path = f"/api/parcels/{OLD}"
    first = get(client, path, on="2016-06-01")
    said = first.json()
    assert (said["location"], said["town"]["name"]) == ("旧址", "乙镇")
    assert (said["as_of"], said["in_force"]) == ("2016-06-01", True)
    assert (said["valid_from"], said["valid_to"]) == ("2015-01-01", "2018-01-01")
    assert [holder["name"] for holder in said["holders"]] == ["示意旧厂"]
    assert said["occupied_on"] == "2016-06-01"
    assert first["ETag"] == f'"{said["version"]}"'
    second = get(client, path, on="2018-01-01").json()
    assert (second["location"], second["valid_from"], second["in_force"]) == ("新址", "2018-01-01", True)
    assert second["version"] > said["version"]
    assert second["areas"]["planar_area_m2"] > said["areas"]["planar_area_m2"]
    assert max(y for _, y in second["geometry"]["coordinates"][0][0]) == pytest.approx(29.3011)
    assert get(client, path, on="2014-06-01").status_code == 404
    right = f"/api/parcels/{CHILDREN[1]}"
    assert [h["name"] for h in get(client, right, on="2020-12-31").json()["holders"]] == ["示意旧厂"]
    assert [h["name"] for h in get(client, right, on="2021-01-01").json()["holders"]] == ["示意新厂"]


@pytest.mark.usefixtures("story")
def test_an_ended_parcel_is_opened_by_its_code(signed_in: SignIn) -> None:
    client = signed_in("leader")
    said = get(client, f"/api/parcels/{OLD}").json()
    assert (said["in_force"], said["valid_to"], said["successors"]) == (False, "2020-01-01", CHILDREN)
    assert said["as_of"] == str(timezone.localdate())
    assert (said["location"], [holder["name"] for holder in said["holders"]]) == ("新址", ["示意旧厂"])
    assert get(client, f"/api/parcels/{OLD}", on="2020-01-01").json()["in_force"] is False
    assert get(client, f"/api/parcels/{OLD}", on="2019-12-31").json()["in_force"] is True
    present = get(client, f"/api/parcels/{WHOLE}").json()
    assert (present["in_force"], present["valid_to"], present["successors"]) == (True, None, [])


@pytest.mark.usefixtures("story")
def test_territory_holds_for_past_states(signed_in: SignIn) -> None:
    officer = signed_in("township_officer")
    assert get(officer, f"/api/parcels/{OLD}", on="2016-06-01").status_code == 404  # then of 乙镇
    assert get(officer, f"/api/parcels/{OLD}", on="2019-06-01").status_code == 200
    assert get(officer, f"/api/parcels/{EAST}", on="2016-06-01").status_code == 404
    assert get(officer, f"/api/parcels/{EAST}", on="1990-06-01").json()["message"].startswith("没有宗地")
    assert get(officer, f"/api/parcels/{EAST}/lineage").status_code == 404


def test_the_story_of_a_parcel(story: dict[str, Parcel], signed_in: SignIn) -> None:
    said = get(signed_in("leader"), f"/api/parcels/{OLD}/lineage").json()
    assert said["code"] == OLD
    divided_, moved = said["events"]
    assert (divided_["kind"], divided_["title"], divided_["on"]) == ("subdivision", "分割", "2020-01-01")
    assert (divided_["parents"], divided_["children"], divided_["others"]) == ([OLD], CHILDREN, [])
    assert (moved["kind"], moved["title"], moved["reason"]) == ("resurvey", "重新勘测", "重测")
    assert (moved["others"], moved["reversible"], moved["reversed_by"]) == ([OLD], False, None)
    assert said["ancestors"] == []
    assert [(one["code"], one["generation"]) for one in said["descendants"]] == [
        (CHILDREN[0], 1),
        (CHILDREN[1], 1),
        (WHOLE, 2),
    ]
    assert said["descendants"][1]["valid_to"] == "2022-01-01"
    assert [(one["valid_from"], one["valid_to"], one["event_kind"]) for one in said["versions"]] == [
        ("2015-01-01", "2018-01-01", ""),
        ("2018-01-01", "2020-01-01", "resurvey"),
    ]
    assert {one["geometry"]["type"] for one in [*said["versions"], *said["descendants"]]} == {"MultiPolygon"}
    whole = get(signed_in("leader"), f"/api/parcels/{WHOLE}/lineage").json()
    assert [(one["code"], one["generation"]) for one in whole["ancestors"]] == [
        (OTHER, 1),
        (CHILDREN[1], 1),
        (OLD, 2),
    ]


def test_the_document_and_the_papers_of_an_event(county: County, signed_in: SignIn) -> None:
    parcel = factories.parcel(county, OLD, box(0, 0, 1, 1))
    paper = Document(kind="approval", no="义土批〔2023〕5号", date=date(2023, 4, 1))
    applied(county, Transition(on=date(2023, 5, 1), ended=[parcel.pk], document=paper))
    (event,) = get(signed_in("leader"), f"/api/parcels/{OLD}/lineage").json()["events"]
    assert event["document"] == {"kind": "approval", "no": "义土批〔2023〕5号", "date": "2023-04-01"}
    assert (event["kind"], event["parents"], event["attachments"]) == ("retirement", [OLD], [])
    assert event["reversible"] is True


@pytest.mark.usefixtures("story")
def test_the_days_of_the_slider(signed_in: SignIn) -> None:
    said = get(signed_in("leader"), "/api/cadastre/dates").json()
    assert (said["first"], said["last"]) == ("2015-01-01", "2022-01-01")
    assert said["days"] == [
        {"on": "2018-01-01", "events": 1},
        {"on": "2020-01-01", "events": 1},
        {"on": "2021-01-01", "events": 1},
        {"on": "2022-01-01", "events": 1},
    ]


@pytest.mark.usefixtures("county")
def test_an_empty_register_has_no_days(signed_in: SignIn) -> None:
    said = get(signed_in("leader"), "/api/cadastre/dates").json()
    assert said == {"first": None, "last": None, "days": []}


def test_nothing_for_whoever_may_not_see_the_map(signed_in: SignIn) -> None:
    for path in (f"/api/parcels/{OLD}/lineage", "/api/cadastre/dates", "/api/editing/code-lists"):
        assert signed_in("agency").get(path).status_code == 403
        assert Client().get(path).status_code == 401
    assert signed_in("leader").get("/api/parcels/nowhere/lineage").status_code == 404


def test_the_statements_do_not_grow_with_the_story(
    county: County, signed_in: SignIn, django_assert_num_queries: Any
) -> None:
    client = signed_in("leader")
    parcel = factories.parcel(county, OLD, box(0, 0, 1, 1))
    _, (first, *_) = divided(county, parcel, date(2020, 1, 1), box(0, 0, 0.5, 1), box(0.5, 0, 1, 1))
    lineage, detail, page = f"/api/parcels/{OLD}/lineage", f"/api/parcels/{OLD}", "/api/parcels?on=2019-06-01"
    client.get(lineage)
    counts = []
    for _ in range(2):
        for path in (lineage, detail, f"{detail}?on=2019-06-01", page):
            with django_assert_num_queries(40, exact=False) as captured:
                assert client.get(path).status_code == 200
            counts.append(len(captured))
        for year in range(2021, 2025):
            applied(
                county,
                Transition(on=date(year, 1, 1), changed=[reshaped(first, box(0, 0, 0.5, year / 2000))]),
            )
            first.refresh_from_db()
        divided(county, first, date(2025, 1, 1), *(box(0, n / 10, 0.5, (n + 1) / 10) for n in range(10)))
        first = factories.parcel(county, f"X{len(counts)}", box(5, 5, 6, 6))
    assert counts[:4] == counts[4:]


def test_states_of_another_town_are_that_town_s(story: dict[str, Parcel], signed_in: SignIn) -> None:
    """Until 2018 the parcel was of the other town."""
    path = f"/api/parcels/{OLD}/lineage"
    assert len(get(signed_in("leader"), path).json()["versions"]) == 2
    (state,) = get(signed_in("township_officer"), path).json()["versions"]
    assert (state["valid_from"], state["event_kind"]) == ("2018-01-01", "resurvey")


def test_why_a_warning_was_accepted_is_told(
    county: County, story: dict[str, Parcel], signed_in: SignIn
) -> None:
    """Of each event of the change, though it is kept with the first."""
    left, east = story["left"], story["east"]
    change = Transition(
        on=date(2023, 1, 1),
        changed=[reshaped(left, box(0, 0, 1, 1.2)), ChangedParcel(east.pk, {"note": "核对"})],
        findings=[{"rule": "spike", "severity": "warning"}],
        warnings_reason="与界桩一致",
    )
    applied(county, change)
    for code in (left.code, east.code):
        newest = get(signed_in("leader"), f"/api/parcels/{code}/lineage").json()["events"][0]
        assert newest["warnings_reason"] == "与界桩一致"


def test_a_change_of_very_many_is_told_in_brief(
    county: County, story: dict[str, Parcel], signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lineage, "MOST_PARTS", 2)
    monkeypatch.setattr(change_sets, "MOST_CODES", 2)
    every = [story[name].pk for name in ("left", "whole", "east")]
    applied(
        county, Transition(on=date(2023, 1, 1), changed=[ChangedParcel(pk, {"note": "一"}) for pk in every])
    )
    client = signed_in("leader")
    newest, *_ = get(client, f"/api/parcels/{EAST}/lineage").json()["events"]
    assert (len(newest["others"]), newest["reversible"]) == (2, True)
    told = get(client, "/api/change-sets").json()["items"][0]
    assert (len(told["parcels"]), told["parcels_total"], told["beyond"]) == (2, 3, False)
