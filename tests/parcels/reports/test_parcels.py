"""Issues compared parcel by parcel: what was credited of each, also of a part of it and under a drawn project."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest
import shapely
from python_calamine import CalamineWorkbook

from landgis.access.queries import Actor
from landgis.counties.models import County
from parcels.campaigns.actions import open_project, record_stage
from parcels.campaigns.credit_actions import credit_ground, reverse_credit
from parcels.campaigns.models import Credit, Project
from parcels.reports.actions import freeze_issue
from parcels.reports.models import ReportIssue
from parcels.reports.queries import content_on
from parcels.reports.rules import Item, compare_parcels
from tests import factories
from tests.factories import SignIn

pytestmark = pytest.mark.django_db
FIRST, ON, LATER = date(2022, 2, 1), date(2022, 3, 1), date(2022, 4, 1)


@pytest.fixture
def officer(cast: dict[str, Actor]) -> Actor:
    return cast["evaluation_officer"]


@pytest.fixture
def drawn(county: County, officer: Actor) -> Project:
    """A drawn project over half of A and half of B, done."""
    for code, x in (("A", 0), ("B", 2), ("C", 4)):
        factories.parcel(county, code, factories.box(x, 0, x + 2, 2))
    made = open_project(
        county=county, actor=officer, ledger="remediation", name="图斑", lead_unit="自规局", on=FIRST, reason="立项",
        geom_4490=shapely.box(120.001, 29.3, 120.003, 29.302),
    )  # fmt: skip
    for stage in ("plan", "works", "done"):
        record_stage(
            county=county, actor=officer, project_id=made.pk, stage=stage, on=FIRST, person="王", reason="登记",
            evidence="附件",
        )  # fmt: skip
    return made


def credit(county: County, officer: Actor, made: Project, on: date, west: float, east: float) -> Credit:
    (row,) = credit_ground(
        county=county, actor=officer, project_id=made.pk, on=on, evidence="验收单", reason="入账",
        claim_4490=shapely.box(west, 29.3, east, 29.302),
    )  # fmt: skip
    return row


def freeze(county: County, officer: Actor, on: date) -> ReportIssue:
    return freeze_issue(
        county=county, actor=officer, kind="weekly", on=on, today=date(2026, 1, 1), reason="编制"
    )


def credits(county: County, officer: Actor, on: date) -> list[Item]:
    return [item for item in content_on(county, officer, "weekly", on).items if item.kind == "credit"]


def test_a_credit_freezes_the_parcels_that_it_holds_not_the_projects(
    county: County, officer: Actor, drawn: Project
) -> None:
    row = credit(county, officer, drawn, ON, 120.001, 120.002)
    (item,) = credits(county, officer, ON)
    assert (item.parcels, list(item.ground)) == (("A",), ["A"])
    assert Decimal(item.ground["A"]) == pytest.approx(Decimal(row.area_m2), abs=Decimal("0.001"))
    project = next(one for one in content_on(county, officer, "weekly", ON).items if one.kind == "project")
    assert project.parcels == ("A", "B")
    # A later change of the register changes nothing of what was frozen with the credit.
    body = freeze(county, officer, ON).body
    assert '"ground":{"A":' in body
    assert Item.from_json(item.as_json()) == item


def test_issues_are_compared_parcel_by_parcel(
    county: County, officer: Actor, drawn: Project, signed_in: SignIn
) -> None:
    first = credit(county, officer, drawn, ON, 120.001, 120.002)
    before = freeze(county, officer, ON)
    credit(county, officer, drawn, LATER, 120.002, 120.003)
    reverse_credit(county=county, actor=officer, credit_id=first.pk, on=LATER, evidence="文", reason="误")
    after = freeze(county, officer, LATER)
    found = compare_parcels(
        content_on(county, officer, "weekly", ON).items, content_on(county, officer, "weekly", LATER).items
    )
    told = {one.parcel: [(name, was is None, now is None) for name, was, now in one.facts] for one in found}
    assert told == {"A": [("低效用地完成（㎡）", False, True)], "B": [("低效用地完成（㎡）", True, False)]}
    page = signed_in("leader").get(f"/reports/{after.pk}/compare/?with={before.pk}").content.decode()
    assert "2 宗地不同" in page
    assert "低效用地完成（㎡） — →" in page
    content = signed_in("evaluation_officer").get(f"/reports/{after.pk}/report.xlsx?with={before.pk}").content
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    rows = book.get_sheet_by_name("逐宗对比").to_python()
    assert {row[1] for row in rows} >= {"A", "B"}


def test_an_issue_of_before_is_still_read() -> None:
    kept = {
        "kind": "credit", "key": "1", "title": "〔2022〕整治001号", "town_code": "", "parcels": ["A"], "state": "入账",
        "parts": {"remediation_mu": "1"},
    }  # fmt: skip
    item = Item.from_json(kept)
    assert item.as_json() == kept
    (one,) = compare_parcels([], [item])
    assert (one.parcel, one.what, one.told) == ("A", "新增", "1 〔2022〕整治001号 — → 入账")
