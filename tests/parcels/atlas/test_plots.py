"""The plots' figures, their pages and their files: rights, suppression, and what stands in them."""

import io
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from landgis.access.queries import Actor
from landgis.audit.models import AuditEvent
from landgis.counties.models import County
from tests.factories import SignIn
from tests.parcels.atlas.test_areas import get
from tests.parcels.grading.running import draft, in_force, published

pytestmark = pytest.mark.django_db
PLOTS = ("mosaic", "scatter", "lorenz", "ranking", "histogram")


def test_firms_are_for_those_cleared(known: County, signed_in: SignIn) -> None:
    status, said = get(signed_in, "leader", "/plots/scatter?year=2023")
    assert status == 200
    assert len(said["firms"]) == 40
    assert said["firms"][0] | {"uscc": ""} == {
        "uscc": "", "name": "示意企业0", "town": "甲镇", "industry": "", "tax_wan": 11.0,
        "land_mu": pytest.approx(10), "grade": "",
    }  # fmt: skip
    for role in ("registrar", "township_officer", "agency"):
        assert get(signed_in, role, "/plots/scatter")[0] == 403


@pytest.mark.parametrize("role", ["registrar", "township_officer"])
def test_nothing_of_one_firm_reaches_whoever_is_not_cleared(
    known: County, signed_in: SignIn, role: str
) -> None:
    lorenz = get(signed_in, role, "/plots/lorenz")[1]
    assert lorenz["by_tenths"]
    assert [(curve["name"], len(curve["base"])) for curve in lorenz["curves"]] == [("tax_over_land", 11)]
    histogram = get(signed_in, role, "/plots/histogram")[1]
    assert histogram["quantiles"] is None
    assert sum(one["firms"] for one in histogram["bins"]) == histogram["firms"]
    assert all(one["firms"] == 0 or one["firms"] >= 3 for one in histogram["bins"])


def test_the_cleared_see_every_curve_and_mark(known: County, signed_in: SignIn) -> None:
    lorenz = get(signed_in, "evaluation_officer", "/plots/lorenz?year=2022")[1]
    by_name = {curve["name"]: curve for curve in lorenz["curves"]}
    # Of 1, 2, … n the coefficient is (n - 1) / 3n.
    assert by_name["tax"]["gini"] == pytest.approx(39 / 120, abs=1e-9)
    assert by_name["land"]["gini"] == pytest.approx(0, abs=1e-9)
    assert by_name["tax_over_land"]["gini"] == pytest.approx(by_name["tax"]["gini"], abs=1e-9)
    marks = get(signed_in, "leader", "/plots/histogram?year=2022")[1]["quantiles"]
    assert marks[2] == {"share": 0.5, "value": pytest.approx(20.5)}


def test_towns_in_order_and_hidden_ones_last(known: County, signed_in: SignIn) -> None:
    said = get(signed_in, "leader", "/plots/ranking?year=2023")[1]
    assert [(one["place"], one["name"]) for one in said["places"]] == [(1, "丙镇"), (2, "乙镇"), (3, "甲镇")]
    said = get(signed_in, "registrar", "/plots/ranking?year=2023")[1]
    assert [(one["place"], one["name"]) for one in said["places"]] == [
        (1, "甲镇"),
        (None, "乙镇"),
        (None, "丙镇"),
    ]
    assert all(one["cell"]["value"] is None for one in said["places"][1:])


def test_grades_are_seen_before_the_notice_by_those_cleared_alone(
    known: County, signed_in: SignIn, cast: dict[str, Actor]
) -> None:
    assert get(signed_in, "leader", "/plots/mosaic?year=2023")[1]["groups"] == []
    in_force(known, cast["evaluation_officer"])
    draft(known, cast["evaluation_officer"])
    assert get(signed_in, "registrar", "/plots/mosaic?year=2023")[1]["groups"] == []
    said = get(signed_in, "leader", "/plots/mosaic?year=2023")[1]
    assert said["firms"][-1][-1] == sum(row[-1] for row in said["firms"][:-1])
    for row, firms in zip(said["land_mu"], said["firms"], strict=True):
        assert sum(row[:-1]) == pytest.approx(row[-1])
        assert sum(firms[:-1]) == firms[-1]
    graded = get(signed_in, "leader", "/plots/scatter?year=2023")[1]
    assert {firm["grade"] for firm in graded["firms"]} - {""} <= set(graded["grades"])
    assert get(signed_in, "township_officer", "/plots/mosaic?year=2023")[0] == 403


def test_published_grades_hide_the_land_of_few(
    known: County, signed_in: SignIn, cast: dict[str, Actor]
) -> None:
    published(known, cast["evaluation_officer"])
    said = get(signed_in, "registrar", "/plots/mosaic?year=2023")[1]
    assert said["state"] == "公示"
    for row, firms in zip(said["land_mu"], said["firms"], strict=True):
        assert all(land is None or count == 0 or count >= 3 for land, count in zip(row, firms, strict=True))


def test_a_year_without_figures_is_said(known: County, signed_in: SignIn) -> None:
    for plot in PLOTS:
        status, said = get(signed_in, "evaluation_officer", f"/plots/{plot}?year=2001")
        assert (status, said["code"]) == (404, "not_found")


def sheet(signed_in: SignIn, role: str, path: str) -> list[list[Any]]:
    answer = signed_in(role).get(f"/evaluation/{path}")
    assert answer.status_code == 200, answer.content.decode()
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()


def test_the_tables_as_files(known: County, signed_in: SignIn, cast: dict[str, Actor]) -> None:
    in_force(known, cast["evaluation_officer"])
    draft(known, cast["evaluation_officer"])
    rows = sheet(signed_in, "evaluation_officer", "maps/table.xlsx?by=town&years=2022&years=2023")
    assert "亩均税收（按镇街）" in rows[0][0]
    assert [row[1] for row in rows[3:6]] == ["甲镇", "乙镇", "丙镇"]
    assert len(sheet(signed_in, "evaluation_officer", "maps/table.xlsx?by=parcel")) > 41
    for plot in PLOTS:
        assert len(sheet(signed_in, "evaluation_officer", f"charts/table.xlsx?plot={plot}&year=2023")) > 4
    hidden = sheet(signed_in, "registrar", "maps/table.xlsx?by=town&years=2023")
    assert [row[-1] for row in hidden[3:6]] == [18.6, "不公开", "不公开"]
    assert AuditEvent.objects.filter(action="export_evaluation_table").count() == 8


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        ("leader", "maps/table.xlsx", 403),
        ("registrar", "maps/table.xlsx?by=parcel", 403),
        ("registrar", "charts/table.xlsx?plot=scatter", 403),
        ("registrar", "charts/table.xlsx?plot=mosaic", 404),
        ("registrar", "charts/table.xlsx?plot=pie", 422),
        ("registrar", "maps/table.xlsx?years=x", 422),
        ("registrar", "maps/table.xlsx?indicator=%00", 422),
        ("registrar", "charts/table.xlsx?plot=lorenz&year=99999999999999999999", 422),
        ("agency", "maps/", 403),
        ("agency", "charts/", 403),
    ],
)
def test_what_is_refused(known: County, signed_in: SignIn, role: str, path: str, status: int) -> None:
    assert signed_in(role).get(f"/evaluation/{path}").status_code == status


def test_the_pages_open_and_stand_in_the_menu(known: County, signed_in: SignIn) -> None:
    for path in ("/evaluation/maps/", "/evaluation/charts/"):
        page = signed_in("leader").get(path).content.decode()
        assert 'id="atlas" data-export="false"' in page
        assert f'href="{path}" aria-current="page"' in page
