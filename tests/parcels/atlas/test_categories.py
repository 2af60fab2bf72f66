"""Maps of grades and of the 高耗低效 list: which firm a parcel goes by, who sees what, and in how many statements."""

from datetime import date
from typing import Any

import psycopg
import pytest

from landgis.access.queries import Actor
from landgis.counties.models import County
from landgis.lib.errors import Forbidden, InputError
from parcels.atlas.categories import CATEGORIES, CLOSED, GRADE, LISTED, LOW, UNGRADED, categories
from parcels.enterprises.models import Enterprise, Occupancy
from parcels.grading.models import GradingScore
from parcels.grading.queries import newest_result
from parcels.low_efficiency.procedure import SHUT
from tests import factories
from tests.factories import TOWN_EAST, TOWN_WEST, SignIn
from tests.parcels.atlas.conftest import TOWN_NORTH
from tests.parcels.atlas.test_areas import get
from tests.parcels.atlas.test_plots import sheet
from tests.parcels.grading.running import draft, in_force, published
from tests.parcels.low_efficiency.making import filed, frozen, taken

pytestmark = pytest.mark.django_db
YEAR = 2023


@pytest.fixture
def officer(cast: dict[str, Actor]) -> Actor:
    return cast["evaluation_officer"]


def keys(county: County, actor: Actor, what: str = GRADE, **asked: Any) -> dict[str, str]:
    found = categories(county, actor, what=what, years=asked.pop("years", (YEAR,)), **asked)
    return {row.code: row.cells[-1].key for row in found.rows if row.cells[-1]}


def test_a_parcel_has_the_grade_of_its_firm(known: County, officer: Actor) -> None:
    run = published(known, officer)
    found = categories(known, officer, what=GRADE, years=())
    assert [basis.year for basis in found.years] == [YEAR]
    assert "公示" in found.years[0].told
    scores = dict(GradingScore.objects.filter(result=newest_result(run)).values_list("name", "grade"))
    assert len(found.rows) == 41
    assert {row.cells[0].firm: row.cells[0].key for row in found.rows if row.cells[0]} == {
        name: scores.get(name, UNGRADED) for name in (f"示意企业{n}" for n in range(41))
    }
    assert list(found.titles) == [*newest_result(run).document["grade_order"], UNGRADED]
    assert len({spot.key for row in found.rows for spot in row.cells if spot}) > 2


def test_the_largest_part_decides(known: County, officer: Actor) -> None:
    other = Enterprise.objects.get(name="示意企业39")
    with factories.writing(known):
        first = Occupancy.objects.get(enterprise__name="示意企业0")
        Occupancy.objects.filter(pk=first.pk).update(share="0.4", area_m2=None)
    factories.occupancy(first.parcel, other, valid_from=date(2020, 1, 1), share="0.6")
    published(known, officer)
    found = categories(known, officer, what=GRADE, years=(YEAR,))
    [spot] = [row.cells[0] for row in found.rows if row.code == first.parcel.code]
    assert spot is not None
    assert spot.firm == "示意企业39"


def test_a_draft_is_for_those_cleared(known: County, cast: dict[str, Actor], officer: Actor) -> None:
    in_force(known, officer)
    draft(known, officer)
    assert len(set(keys(known, officer).values())) > 2
    assert not keys(known, cast["registrar"])
    assert categories(known, cast["registrar"], what=GRADE, years=()).rows == ()


def test_everybody_who_views_the_map_sees_grades_and_no_figure(
    known: County, signed_in: SignIn, officer: Actor
) -> None:
    published(known, officer)
    status, said = get(signed_in, "registrar", f"/categories?years={YEAR}")
    assert status == 200
    assert len(said["rows"]) == 41
    assert set(said["rows"][0]["cells"][0]) == {"key", "firm", "land_mu", "restricted"}
    status, drawn = get(signed_in, "registrar", f"/outlines?by=parcel&year={YEAR}&figures=false")
    assert status == 200
    assert [one["id"] for one in drawn["features"]] == [row["code"] for row in said["rows"]]
    assert get(signed_in, "agency", "/categories")[0] == 403
    assert get(signed_in, "township_officer", f"/outlines?by=platform&year={YEAR}&figures=false")[0] == 403


@pytest.mark.parametrize("what", list(CATEGORIES))
def test_a_town_sees_its_parcels_and_its_firms(
    known: County, cast: dict[str, Actor], officer: Actor, what: str
) -> None:
    with factories.writing(known):
        Enterprise.objects.filter(name="示意企业1").update(town_code=TOWN_EAST)
    published(known, officer)
    filed(known, officer, "913307820000000001", label="energy")
    frozen(known, officer)
    found = categories(known, cast["township_officer"], what=what, years=(YEAR,))
    assert len(found.rows) == 36
    assert all(row.code.startswith(TOWN_WEST) for row in found.rows)
    hidden = [spot for row in found.rows for spot in row.cells if spot and spot.restricted]
    assert [(spot.key, spot.firm) for spot in hidden] == [(list(found.titles)[-1], "")]


def test_the_list_and_who_is_off_it(known: County, cast: dict[str, Actor], officer: Actor) -> None:
    files = filed(known, officer, "913307820000000000", "913307820000000039", label="energy")
    frozen(known, officer)
    found = keys(known, cast["registrar"], LOW)
    assert sorted(found.values()).count(LISTED) == 2
    assert len(found) == 41
    taken(known, officer, files[0], SHUT, date(2026, 3, 2))
    found = keys(known, cast["registrar"], LOW, years=())
    assert found[f"{TOWN_WEST}GB00000"] == CLOSED
    assert found[f"{TOWN_NORTH}GB00039"] == LISTED
    assert list(found.values()).count("unlisted") == 39
    assert set(keys(known, officer, LOW, years=(), town=TOWN_NORTH)) == {
        f"{TOWN_NORTH}GB00039",
        f"{TOWN_NORTH}GB00040",
    }


def test_the_table_as_a_file(known: County, signed_in: SignIn, officer: Actor) -> None:
    published(known, officer)
    rows = sheet(signed_in, "registrar", f"maps/table.xlsx?indicator=grade&years={YEAR}&years=2022")
    assert "评价档次（按宗地）" in rows[0][0]
    first = next(row for row in rows if row[0] == f"{TOWN_WEST}GB00000")
    assert first[1] == "甲镇"
    assert first[-2] == "示意企业0"
    assert first[-1] == keys(known, officer)[first[0]]
    assert any("用地" in str(row[0]) or "使用面积" in str(row[0]) for row in rows[-8:])
    assert signed_in("leader").get("/evaluation/maps/table.xlsx?indicator=grade").status_code == 403


@pytest.mark.parametrize("what", list(CATEGORIES))
def test_statements_do_not_grow_with_the_parcels(
    known: County, officer: Actor, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    published(known, officer)
    filed(known, officer, "913307820000000000", "913307820000000039", label="energy")
    frozen(known, officer)
    sent: list[None] = []
    execute = psycopg.Cursor.execute

    def counting(self: Any, *args: Any, **kwargs: Any) -> Any:
        sent.append(None)
        return execute(self, *args, **kwargs)

    # Django's own cursors and those of column reads are both of this class.
    monkeypatch.setattr(psycopg.Cursor, "execute", counting)
    counts = []
    for town, parcels in (("", 41), (TOWN_NORTH, 2)):
        sent.clear()
        assert len(keys(known, officer, what, town=town)) == parcels
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 7


def test_what_cannot_be_asked(known: County, signed_in: SignIn, cast: dict[str, Actor]) -> None:
    for query in ("what=wealth", "years=x", "years=2020&years=2021&years=2022&years=2023", "town=%00"):
        status, said = get(signed_in, "leader", f"/categories?{query}")
        assert status == 422
        assert said["message"]
    with pytest.raises(InputError, match="wealth"):
        categories(known, cast["leader"], what="wealth", years=())
    with pytest.raises(Forbidden):
        categories(known, cast["agency"], what=GRADE, years=())
    assert categories(known, cast["leader"], what=LOW, years=()).rows == ()
