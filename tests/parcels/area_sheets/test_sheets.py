"""Sheets of areas: the parts of the county add up to it, they say what the tables say, and nobody gets more than is theirs."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
import shapely
from django.test import Client

from landgis.access.queries import Actor
from landgis.counties.models import County
from landgis.lib.errors import Conflict, Forbidden, InputError, NotFound
from layers.districts.models import District
from parcels.area_sheets.ground import COUNTY, INDUSTRY, LEVEL, LINE, PARCEL, PLATFORM, TOWN
from parcels.area_sheets.queries import AreaSheet, YearOf, area_sheet, choices, drawn_sheet
from parcels.area_sheets.rules import Part
from parcels.area_sheets.tables import bars, basis, heading, sections
from parcels.evaluation.rules import RETURNED
from parcels.grading.models import GradingRun
from parcels.yearly.area_tables import area_rows
from tests import factories
from tests.factories import TOWN_EAST, TOWN_WEST, SignIn, box
from tests.parcels.grading.running import YEAR, draft, in_force
from tests.parcels.yearly.test_runs import rows_of, text

PAGE = "/evaluation/areas/"
TAX = RETURNED.index("tax_wan")


def of(sheet: AreaSheet) -> YearOf:
    [year] = sheet.found
    assert year is not None
    return year


def whole(county: County, actor: Actor) -> YearOf:
    return of(area_sheet(county, actor, kind=COUNTY, code=""))


def alike(found: tuple[float | None, ...], wanted: list[float | None]) -> None:
    assert [value is None for value in found] == [value is None for value in wanted]
    both = [(a, b) for a, b in zip(found, wanted, strict=True) if a is not None and b is not None]
    assert [a for a, _ in both] == pytest.approx([b for _, b in both], rel=1e-9)


def amounts(year: YearOf) -> dict[str, float]:
    """Every sum of an area: its land, its money, and both by grade and class."""
    found = {
        "parcels_mu": year.parcels_mu or 0.0,
        "land": year.land_mu or 0.0,
        "evaluated": year.evaluated_mu or 0.0,
    }
    found |= {name: value or 0.0 for name, value in zip(RETURNED, year.own.money, strict=True)}
    for what, parts in (("grade", year.grades), ("class", year.classes)):
        for part in parts:
            found[f"{what} {part.key} land"] = part.land_mu
            found |= {
                f"{what} {part.key} {name}": value for name, value in zip(RETURNED, part.money, strict=True)
            }
    return found


@pytest.mark.usefixtures("ground")
@pytest.mark.parametrize("kind", [TOWN, PLATFORM, INDUSTRY, PARCEL, "drawn"])
def test_the_parts_of_every_partition_add_up_to_the_county(county: County, officer: Actor, kind: str) -> None:
    """Towns and what lies in none, platforms and the rest, industries, parcels, and a county cut in two by a drawn line."""
    if kind == "drawn":
        halves = (box(-1, -1, 5.37, 20), box(5.37, -1, 30, 20))
        found = [of(drawn_sheet(county, officer, shapely.from_wkb(bytes(half.wkb)))) for half in halves]
    else:
        offered = dict(choices(county, officer))
        codes = (
            [code for code, _ in offered[kind]]
            if kind != PARCEL
            else [*(f"P{n:02d}" for n in range(12)), "Q0", "Q1"]
        )
        found = [of(area_sheet(county, officer, kind=kind, code=code)) for code in codes]
    assert len(found) > 1
    county_sums = amounts(whole(county, officer))
    for name, total in county_sums.items():
        if name == "parcels_mu" and kind == INDUSTRY:
            continue  # an industry has no land of the register, only its firms'
        parts = math.fsum(amounts(year).get(name, 0.0) for year in found)
        assert parts == pytest.approx(total, rel=1e-9, abs=1e-9), name


@pytest.mark.usefixtures("ground")
def test_grades_and_classes_of_an_area_add_up_to_it(county: County, officer: Actor) -> None:
    for kind, code in (
        (COUNTY, ""),
        (TOWN, TOWN_EAST),
        (PLATFORM, "PT1"),
        (INDUSTRY, "电子"),
        (LEVEL, "市级"),
    ):
        year = of(area_sheet(county, officer, kind=kind, code=code))
        for parts in (year.grades, year.classes):
            assert math.fsum(part.land_mu for part in parts) == pytest.approx(year.land_mu, rel=1e-9)
            assert math.fsum(part.money[TAX] for part in parts) == pytest.approx(
                year.own.money[TAX], rel=1e-9
            )
            assert sum(part.firms for part in parts) == year.firms


@pytest.mark.usefixtures("ground")
@pytest.mark.parametrize("kind", [TOWN, PLATFORM, LINE, INDUSTRY, PARCEL, COUNTY])
def test_a_sheet_says_what_the_tables_of_the_year_say(county: County, officer: Actor, kind: str) -> None:
    rows = area_rows(county, officer, YEAR, kind)
    assert rows
    for row in rows:
        year = of(area_sheet(county, officer, kind=kind, code=row.code))
        alike(year.own.ratios, list(row.values))
        if kind != PARCEL:
            assert year.firms == row.firms
            alike((year.evaluated_mu,), [row.land_mu])


@pytest.mark.usefixtures("ground")
def test_land_of_a_parcel_in_two_towns_counts_by_its_share(county: County, officer: Actor) -> None:
    """P06 lies by 0.3 in 甲镇; of 乙镇's firms two have a second parcel in 甲镇."""
    west = of(area_sheet(county, officer, kind=TOWN, code=TOWN_WEST))
    assert west.firms == 9
    assert west.parcels == 9
    cut = 0.3 * 7_780 * 15 / 10_000
    assert west.land_mu == pytest.approx(
        sum(7_000 + 130 * n for n in range(6)) * 15 / 10_000 + cut + 15.3, rel=1e-6
    )
    assert west.places[0] is not None
    assert west.places[0][1] == 2


@pytest.mark.usefixtures("ground")
def test_a_level_is_its_lines_together_and_counts_ground_under_two_of_them_once(
    county: County, officer: Actor
) -> None:
    level = of(area_sheet(county, officer, kind=LEVEL, code="市级"))
    lines = [of(area_sheet(county, officer, kind=LINE, code=code)) for code in ("L1", "L2")]
    assert level.land_mu is not None
    assert level.land_mu == pytest.approx(
        sum(7_000 + 130 * n for n in range(5)) * 15 / 10_000 + 0.2 * 7_650 * 15 / 10_000 + 15.3, rel=1e-6
    )
    assert sum(line.land_mu or 0 for line in lines) > level.land_mu


@pytest.mark.usefixtures("ground")
def test_a_grade_has_the_same_colour_on_every_sheet(county: County, officer: Actor) -> None:
    def colours(kind: str, code: str) -> dict[str, int]:
        found = sections(area_sheet(county, officer, kind=kind, code=code))
        [grades] = [part for part in found if part.title == "各档次"]
        return {line.label: line.fill for line in grades.lines if line.fill is not None}

    whole = colours(COUNTY, "")
    assert whole == {"好": 0, "中": 1, "差": 2}
    assert colours(PARCEL, "P11") == {"差": 2}
    pieces = bars(area_sheet(county, officer, kind=TOWN, code=TOWN_EAST))[0].pieces
    assert pieces[-1].x + pieces[-1].width == pytest.approx(100)
    assert {piece.fill for piece in pieces} == set(colours(TOWN, TOWN_EAST).values())


def told(year: YearOf) -> list[float]:
    parts: list[Part] = [*year.grades, *year.classes]
    return [
        value
        for value in (*year.own.money, *year.own.ratios, *(v for part in parts for v in part.money))
        if value is not None
    ]


@pytest.mark.usefixtures("ground")
def test_whoever_is_not_cleared_gets_what_the_tables_tell_and_of_a_drawn_area_nothing(
    county: County, cast: dict[str, Actor]
) -> None:
    actor = cast["registrar"]
    for kind in (COUNTY, TOWN, PLATFORM, LINE, INDUSTRY):
        for row in area_rows(county, actor, YEAR, kind):
            year = of(area_sheet(county, actor, kind=kind, code=row.code))
            alike(year.own.ratios, [None if value is None else round(value, 2) for value in row.values])
            assert all(math.isnan(part.land_mu) and not part.money for part in (*year.grades, *year.classes))
            if row.restricted:
                assert year.own.hidden
    level = of(area_sheet(county, actor, kind=LEVEL, code="市级"))
    drawn = of(drawn_sheet(county, actor, shapely.from_wkb(bytes(box(0, 0, 7, 10).wkb))))
    for year in (level, drawn):
        assert told(year) == []
        assert year.land_mu is None
        assert year.firms > 0
        assert year.missing == ()
    with pytest.raises(Forbidden):
        area_sheet(county, actor, kind=PARCEL, code="P00")


@pytest.mark.usefixtures("ground")
def test_a_town_gets_its_own_sheet_and_no_other(county: County, cast: dict[str, Actor]) -> None:
    town = cast["township_officer"]
    assert choices(county, town) == [(TOWN, [(TOWN_WEST, "甲镇")])]
    year = of(area_sheet(county, town, kind=TOWN, code=TOWN_WEST))
    assert year.county.money == (None,) * len(RETURNED)
    assert set(year.places) == {None}
    for kind, code in (
        (TOWN, TOWN_EAST),
        (COUNTY, ""),
        (PLATFORM, "PT1"),
        (INDUSTRY, "电子"),
        (PARCEL, "P00"),
    ):
        with pytest.raises(Forbidden):
            area_sheet(county, town, kind=kind, code=code)
    everything = shapely.from_wkb(bytes(box(-1, -1, 30, 30).wkb))
    assert of(drawn_sheet(county, town, everything)).parcels == 8, "the parcels of its own towns"


def test_a_draft_is_for_the_cleared(
    county: County, officer: Actor, cast: dict[str, Actor], ground: GradingRun
) -> None:
    assert ground.year == YEAR
    assert of(area_sheet(county, cast["registrar"], kind=TOWN, code=TOWN_WEST)).grades
    newer = draft(county, officer)
    told_of = {
        role: " ".join(of(area_sheet(county, cast[role], kind=TOWN, code=TOWN_WEST)).basis)
        for role in ("registrar", "evaluation_officer")
    }
    assert f"第 {newer.number} 次" in told_of["evaluation_officer"]
    assert f"第 {newer.number} 次" not in told_of["registrar"]
    assert f"第 {ground.number} 次" in told_of["registrar"]


def test_what_there_is_not_is_refused(county: County, officer: Actor, ground: GradingRun) -> None:
    assert ground
    for kind, code in ((TOWN, "999"), (PARCEL, "nothing"), (INDUSTRY, "x"), (LEVEL, "x"), (COUNTY, "x")):
        with pytest.raises(NotFound):
            area_sheet(county, officer, kind=kind, code=code)
    with pytest.raises(NotFound):
        area_sheet(county, officer, kind=COUNTY, code="", years=(1999,))
    for kind in ("drawn", "planet"):
        with pytest.raises(InputError):
            area_sheet(county, officer, kind=kind, code="")


def test_before_anything_was_computed(county: County, officer: Actor, signed_in: SignIn) -> None:
    in_force(county, officer)
    with pytest.raises(Conflict):
        area_sheet(county, officer, kind=COUNTY, code="")
    assert "还没有计算" in text(signed_in("evaluation_officer").get(PAGE))


def shape(west: float, east: float) -> str:
    return json.dumps(json.loads(box(west, 0, east, 10).geojson))


def send(client: Client, address: str, **asked: Any) -> Any:
    return client.post(f"{PAGE}{address}", asked)


@pytest.mark.usefixtures("ground")
def test_the_page_and_the_workbook_say_the_same(county: County, officer: Actor, signed_in: SignIn) -> None:
    client = signed_in("evaluation_officer")
    year = of(area_sheet(county, officer, kind=TOWN, code=TOWN_WEST))
    page = text(client.get(PAGE, {"area": f"town:{TOWN_WEST}"}))
    for word in (
        "甲镇亩均评价情况表",
        f"{year.own.money[TAX]:,.2f}",
        f"{year.land_mu:,.2f}",
        "好",
        "grade-fill-0",
    ):
        assert word in page, word
    book = client.get(f"{PAGE}sheet.xlsx", {"area": f"town:{TOWN_WEST}"})
    assert rows_of(book, 1)[3][2] == pytest.approx(year.own.money[TAX])
    assert rows_of(book, 4)[-1][1] == year.firms
    assert client.get(PAGE, {"area": "town:999"}).status_code == 404
    assert text(client.get(PAGE)).count("<option") > 6


@pytest.mark.usefixtures("ground")
def test_a_drawn_polygon_has_a_page_and_a_workbook(signed_in: SignIn) -> None:
    client = signed_in("evaluation_officer")
    page = send(client, "drawn/", geometry=shape(0, 3.5), name="北区")
    assert page.status_code == 200
    assert "北区亩均评价情况表" in text(page)
    assert 'name="name" maxlength="60" value="北区"' in text(page)
    assert send(client, "drawn/sheet.xlsx", geometry=shape(0, 3.5)).status_code == 200
    for wrong in ("", "x", "[]", "[" * 5_000, '{"type":"Polygon","coordinates":[[[0,0],[1,1]]]}'):
        assert send(client, "drawn/", geometry=wrong).status_code == 422
    uncleared = signed_in("registrar")
    hidden = text(send(uncleared, "drawn/", geometry=shape(0, 3.5)))
    assert "不公开" in hidden
    assert "grade-fill" not in hidden
    for role in ("agency", "system_admin"):
        assert send(signed_in(role), "drawn/", geometry=shape(0, 3.5)).status_code == 403
    assert signed_in("leader").get(f"{PAGE}sheet.xlsx").status_code == 403


@pytest.mark.usefixtures("ground")
def test_an_industry_has_firms_but_no_parcels_and_a_level_says_of_what(
    county: County, officer: Actor
) -> None:
    year = of(area_sheet(county, officer, kind=INDUSTRY, code="电子"))
    assert (year.parcels, year.parcels_mu) == (None, None)
    assert year.firms
    level = area_sheet(county, officer, kind=LEVEL, code="市级")
    assert level.title == "工业用地控制线（市级）亩均评价情况表"


@pytest.mark.usefixtures("ground")
def test_years_without_the_area_stand_empty(county: County, officer: Actor) -> None:
    sheet = area_sheet(county, officer, kind=TOWN, code=TOWN_WEST)
    beside = AreaSheet(sheet.kind, sheet.code, sheet.name, (YEAR - 1, YEAR), (None, sheet.found[0]), True)
    for part in sections(beside):
        for line in part.lines:
            assert all(cell.value is None for cell in line.years[0])
    assert [year for year, _lines in basis(beside)] == [YEAR - 1, YEAR]
    assert "没有这个范围" in basis(beside)[0][1][0]


def test_a_platform_s_sheet_says_what_it_is(county: County, ground: GradingRun, officer: Actor) -> None:
    assert heading(area_sheet(county, officer, kind=PLATFORM, code="PT1")) == "产业平台 PT1"
    with factories.writing(county):
        District.objects.filter(code="PT1").update(platform_type="特色小镇")
    assert heading(area_sheet(county, officer, kind=PLATFORM, code="PT1")) == "产业平台（特色小镇） PT1"
    assert heading(area_sheet(county, officer, kind=TOWN, code=TOWN_WEST)) == f"镇街 {TOWN_WEST}"
