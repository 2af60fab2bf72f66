"""The overview states what the reports and the wall state, on every day, and its figures lead to their rows."""

from datetime import date
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest

from landgis.access.queries import Actor
from landgis.counties.models import County
from parcels.campaigns.rules import Progress
from parcels.idle_land.models import IdleScreening
from parcels.ledgers.overview import overview
from parcels.low_efficiency.bulletin import bulletin
from parcels.reports.queries import content_on
from parcels.reports.rules import WHOLE
from tests import factories
from tests.factories import TOWN_EAST, TOWN_WEST, SignIn
from tests.parcels.disposal_lists.walking import TO_FINDING, enter, suspect, walk

pytestmark = pytest.mark.django_db
DAYS = (
    date(2022, 2, 28),
    date(2022, 3, 1),
    date(2024, 2, 29),
    date(2024, 3, 31),
    date(2024, 12, 31),
    date(2025, 1, 1),
)


@pytest.fixture
def idle(county: County, cast: dict[str, Actor]) -> None:
    """Starts agreed for 2021-03-01 in two towns; two cases of 甲镇, one of them found to be no idle land."""
    made = []
    for code, x, town in (("A", 0, TOWN_WEST), ("B", 2, TOWN_WEST), ("C", 4, TOWN_EAST)):
        parcel = factories.parcel(county, code, factories.box(x, 0, x + 2, 2), town_code=town)
        made.append(suspect(county, f"HT-{code}", parcel, area_m2=Decimal("20000.55")))
    before = [step for step, _ in TO_FINDING].index("finding")
    _, dropped = walk(county, cast["idle_land_officer"], made[:2], TO_FINDING[:before])
    enter(county, cast["idle_land_officer"], dropped, *TO_FINDING[before], result="not_idle")


@pytest.mark.parametrize("on", DAYS)
def test_idle_land_is_counted_as_in_the_report_of_the_day(
    on: date, county: County, cast: dict[str, Actor], idle: None
) -> None:
    actor = cast["evaluation_officer"]
    found, told = overview(county, actor, on), content_on(county, actor, "yearly", on)
    rows = {row["code"]: row["figures"] for row in told.towns}
    for line in (found.county, *found.towns):
        figures = rows[WHOLE if line is found.county else line.code or "-"]
        assert {key: str(n) for key, n in line.idle.figures} == {
            key: figures[key] for key, _ in line.idle.figures
        }
        assert line.idle.area_m2 * 15 / 10000 == Decimal(figures["idle_mu"])


@pytest.mark.parametrize("on", [date(2022, 3, 6), date(2024, 3, 3)])  # Sundays: a week of the bulletin ends
def test_the_weekly_bulletin_counts_it_the_same_way(
    on: date, county: County, cast: dict[str, Actor], idle: None
) -> None:
    actor = cast["evaluation_officer"]
    told = bulletin(county, actor, on, on)
    figures = {row["code"]: row["figures"] for row in content_on(county, actor, "weekly", on).towns}
    for row in (told.total, *told.towns):
        of = figures[WHOLE if row is told.total else row.code or "-"]
        assert (str(row.idle), str(row.overdue_start)) == (of["suspected"], of["overdue_starts"])
        assert row.idle_mu == Decimal(of["suspected_mu"])
    assert told.total.idle == 3
    assert told.total.idle_new == (3 if on.year == 2022 else 0)  # 2022-03-02 is the day after the full year


def test_a_day_without_a_screening_isnt_told_as_without_overdue_starts(
    county: County, cast: dict[str, Actor], idle: None
) -> None:
    actor, on = cast["evaluation_officer"], date(2022, 2, 28)
    assert not IdleScreening.objects.filter(on__lte=on).exists()
    found = overview(county, actor, on)
    assert found.county.idle.overdue_start == 3
    assert [line.idle.overdue_start for line in found.towns if line.code == TOWN_WEST] == [2]
    assert overview(county, actor, date(2022, 3, 2)).county.idle.overdue_start == 0  # idle by then


def test_every_count_leads_to_its_rows(county: County, idle: None, signed_in: SignIn) -> None:
    client = signed_in("leader")
    page = client.get("/campaigns/?on=2024-03-31").content.decode()
    links = [part.split('"')[0].replace("&amp;", "&") for part in page.split('href="')[1:]]
    rows = [link for link in links if link.startswith("/reports/rows/")]
    assert {parse_qs(urlsplit(link).query)["figure"][0] for link in rows} == {"idle", "idle_new"}
    for link in rows:
        assert client.get(link).status_code == 200
    own = signed_in("township_officer")
    page = own.get("/campaigns/?on=2024-03-31").content.decode()
    links = [part.split('"')[0].replace("&amp;", "&") for part in page.split('href="')[1:]]
    assert {own.get(link).status_code for link in links if link.startswith("/reports/rows/")} == {200}


def test_what_falls_short_by_a_hair_never_reads_as_reached() -> None:
    def shown(ratio: float) -> Decimal | None:
        return Progress(Decimal(1), Decimal(1), Decimal(1), ratio, "yellow", "will_miss", None).percent

    assert (shown(0.99996), shown(1.0), shown(0.29)) == (Decimal("99.9"), Decimal("100.0"), Decimal("29.0"))


def test_a_day_before_the_rules_is_told_with_their_first_day(county: County, signed_in: SignIn) -> None:
    client = signed_in("leader")
    for address in ("/campaigns/?on=2012-02-29", "/wall/data/?on=2012-02-29", "/tasks/?on=2012-02-29"):
        answer = client.get(address)
        assert answer.status_code == 409
        assert "自 2021-01-01 起才有规定" in answer.content.decode(), address
