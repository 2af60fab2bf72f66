"""What stands around a report's towns: the plan's counts, the year's land supply and the control line, frozen and compared."""

from __future__ import annotations

import io
import json
from datetime import date
from decimal import Decimal

import pytest
from docx import Document
from python_calamine import CalamineWorkbook

from landgis.access.queries import Actor
from landgis.counties.models import County, Target
from parcels.cadastre.models import Parcel
from parcels.campaigns.count_actions import credit_count
from parcels.campaigns.models import TownTarget
from parcels.ledgers.queries import count_lines
from parcels.ledgers.supply_share import yearly_shares
from parcels.reports.actions import freeze_issue
from parcels.reports.frame import compare
from parcels.reports.models import ReportIssue
from parcels.reports.papers import count_rows, summary
from parcels.reports.queries import Content, content_on, is_intact
from parcels.reports.rules import WHOLE, canonical, compare_parcels
from parcels.supply.models import SupplyContract
from tests import factories
from tests.factories import TOWN_EAST, TOWN_WEST, SignIn, box

pytestmark = pytest.mark.django_db
FIRMS, ON, TODAY = "remediation.phased_out_enterprises", date(2023, 6, 30), date(2026, 1, 1)
SOLD = (
    ("合1", "A", date(2023, 2, 1), "挂牌出让", "工业用地", 30_000),
    ("合2", "B", date(2023, 3, 1), "挂牌出让", "商业用地", 60_000),
    ("合3", "B", date(2023, 4, 1), "划拨", "工业用地", 90_000), ("合4", "C", date(2022, 4, 1), "挂牌出让", "工业用地", 10_000),
    ("合5", "A", date(2023, 7, 1), "挂牌出让", "工业用地", 10_000), ("合6", "A", date(2023, 5, 1), "挂牌出让", "工业用地", None),
)  # fmt: skip


@pytest.fixture
def officer(cast: dict[str, Actor]) -> Actor:
    return cast["evaluation_officer"]


@pytest.fixture
def framed(county: County, officer: Actor) -> None:
    with factories.writing(county):
        for key, value, unit in (
            (FIRMS, 45, "家"),
            ("supply.industrial_share_min", Decimal("0.3"), "比例"),
            ("control_line.retained_mu", 100, "亩"),
        ):
            Target.objects.create(
                county=county, key=key, value=value, unit=unit, basis="行动方案", valid_from=date(2021, 1, 1),
                valid_to=date(2023, 12, 31),
            )  # fmt: skip
        for code, value in ((TOWN_WEST, 20), (TOWN_EAST, 25)):
            TownTarget.objects.create(
                county=county, key=FIRMS, town_code=code, value=value, unit="家", basis="分解", valid_from=date(2021, 1, 1),
                valid_to=date(2023, 12, 31),
            )  # fmt: skip
    for code, x, town, use in (
        ("A", 0, TOWN_WEST, "0601"),
        ("B", 2, TOWN_WEST, "0501"),
        ("C", 4, TOWN_EAST, "0601"),
    ):
        factories.parcel(county, code, box(x, 0, x + 2, 2), town_code=town, land_class_code=use)
    factories.control_line(county, "KX1", box(0, 0, 5, 2), level="一级")
    for town, value in ((TOWN_WEST, 3), (TOWN_EAST, 2), ("", 1)):
        credit_count(
            county=county, actor=officer, key=FIRMS, town_code=town, value=Decimal(value), on=date(2022, 5, 1),
            evidence="某某公司关停验收", reason="登记",
        )  # fmt: skip
    for number, code, signed, mode, use, area in SOLD:
        factories.contract(county, number, Parcel.objects.get(code=code))
        with factories.writing(county):
            SupplyContract.objects.filter(contract_no=number).update(
                signed_on=signed, supply_mode=mode, land_use=use, area_m2=area
            )


def frozen(county: County, officer: Actor, on: date = ON, kind: str = "weekly") -> ReportIssue:
    return freeze_issue(county=county, actor=officer, kind=kind, on=on, today=TODAY, reason="编制")


def test_the_counts_stand_as_in_the_ledger(county: County, officer: Actor, framed: None) -> None:
    found = content_on(county, officer, "monthly", ON)
    (line,) = count_lines(county, officer, ON)
    (told,) = found.heading["counts"]
    assert (told["key"], told["basis"]) == (FIRMS, "行动方案")
    whole = told["towns"][WHOLE]
    assert (whole["target"], whole["done"], whole["rate"]) == ("45", "6", "13.33")
    assert Decimal(whole["due"]) == (line.progress.due or Decimal(0)).quantize(Decimal("0.0001"))
    assert {code: one["done"] for code, one in told["towns"].items()} == {
        WHOLE: "6", TOWN_WEST: "3", TOWN_EAST: "2", "-": "1",
    }  # fmt: skip
    assert [row.town for row in count_rows(found)][1:] == ["甲镇", "乙镇", "县级及其他"]
    assert "某某公司" not in canonical(found.as_json())
    assert len([item for item in found.items if item.kind == "count"]) == 3


def test_the_years_supply_and_its_verdict(county: County, officer: Actor, framed: None) -> None:
    found = content_on(county, officer, "weekly", ON)
    whole, west = found.row(WHOLE), found.row(TOWN_WEST)
    assert whole is not None
    assert west is not None
    assert [whole["figures"][key] for key in ("supply_contracts", "supply_mu", "supply_industrial_mu", "supply_share")] == [
        "3", "135", "45", "33.33",
    ]  # fmt: skip
    assert west["figures"]["supply_mu"] == "135"
    year = next(one for one in yearly_shares(county, officer, ON) if one.year == 2023)
    assert Decimal(whole["figures"]["supply_mu"]) == year.mu[0]
    assert found.heading["supply"] == {
        "year": 2023, "least": "30", "verdict": "running_reached", "contracts": 3, "without_area": 1,
    }  # fmt: skip
    yearly = content_on(county, officer, "yearly", date(2023, 12, 31)).heading["supply"]
    assert (yearly["verdict"], yearly["contracts"]) == ("reached", 4)
    assert content_on(county, officer, "weekly", date(2025, 1, 1)).heading["supply"]["verdict"] == "unknown"


def test_the_line_and_what_is_not_industrial_inside(county: County, officer: Actor, framed: None) -> None:
    found = content_on(county, officer, "quarterly", ON)
    line, whole = found.heading["line"], found.row(WHOLE)
    assert whole is not None
    assert (line["pieces"], line["retained_mu"], line["retained_basis"]) == ("1", "100", "行动方案")
    assert Decimal(line["total_mu"]) - 100 == Decimal(line["spare_mu"])
    assert [(row["what"], row["total_mu"]) for row in line["versions"]] == [("期初", line["total_mu"])]
    (item,) = [item for item in found.items if item.kind == "line"]
    assert (item.key, item.town_code, item.parts["line_other"]) == ("B", TOWN_WEST, "1")
    assert whole["figures"]["line_other_mu"] == item.parts["line_other_mu"]
    told = summary(found.heading, whole["figures"])
    assert any("高于保有量" in line and "线内非工业用地 1 宗" in line for line in told)


def test_a_town_has_its_own_part_only(
    county: County, officer: Actor, cast: dict[str, Actor], framed: None
) -> None:
    made = frozen(county, officer)
    town = cast["township_officer"]
    for part in (
        Content.from_text(made.body).part_of(town),
        content_on(county, town, "weekly", ON),
    ):
        assert {code for row in part.heading["counts"] for code in row["towns"]} == {TOWN_WEST}
        assert "line" not in part.heading
        assert "supply" not in part.heading
        assert {item.town_code for item in part.items} == {TOWN_WEST}


def test_an_issue_of_an_earlier_rule_stays_as_it_was_frozen(
    county: County, officer: Actor, framed: None
) -> None:
    new = content_on(county, officer, "weekly", ON)
    kept = {name: told for name, told in new.as_json().items() if name not in ("counts", "supply", "line")}
    for row in kept["towns"]:
        row["figures"] = {
            key: value for key, value in row["figures"].items() if not key.startswith(("supply_", "line_"))
        }
    body = canonical(kept)
    old = Content.from_text(body)
    assert canonical(old.as_json()) == body
    assert count_rows(old) == []
    assert (
        len(summary(old.heading, old.towns[0]["figures"]))
        == len(summary(new.heading, new.towns[0]["figures"])) - 3
    )
    assert compare(old.as_json(), new.as_json()) == []


def test_two_issues_are_compared_in_the_frame_too(county: County, officer: Actor, framed: None) -> None:
    before = content_on(county, officer, "weekly", date(2022, 6, 30))
    credit_count(
        county=county, actor=officer, key=FIRMS, town_code=TOWN_EAST, value=Decimal(4), on=date(2023, 1, 5),
        evidence="关停", reason="登记",
    )  # fmt: skip
    after = content_on(county, officer, "weekly", ON)
    told = {
        (one.town_code, one.figure.title): (one.before, one.after)
        for one in compare(before.as_json(), after.as_json())
    }
    assert told[WHOLE, "淘汰落后产能企业完成"] == ("6", "10")
    assert told[TOWN_EAST, "淘汰落后产能企业完成"] == ("2", "6")
    assert told[WHOLE, "本年出让面积"] == ("15", "135")
    assert {one.parcel for one in compare_parcels(before.items, after.items)} == {"A", "B", "C"}


def test_files_and_pages_hold_the_frame(
    county: County, officer: Actor, framed: None, signed_in: SignIn
) -> None:
    made, older = frozen(county, officer), frozen(county, officer, date(2022, 6, 30))
    assert is_intact(made)
    assert json.loads(made.body)["rule_versions"]["reports"] == "reports-3"
    paper = Document(io.BytesIO(bytes(made.document.docx)))
    cells = {cell.text for table in paper.tables for row in table.rows for cell in row.cells}
    assert {"淘汰落后产能企业（家）", "13.33%", "期初", "135.00"} <= cells
    assert any("工业用地供应：2023年签订出让合同 3 份" in line.text for line in paper.paragraphs)
    client = signed_in("evaluation_officer")
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(client.get(f"/reports/{made.pk}/report.xlsx?with={older.pk}").content)
    )
    assert {"土地供应和控制线", "其他目标", "控制线"} <= set(book.sheet_names)
    changed = book.get_sheet_by_name("数字对比").to_python()
    assert any(row[1] == "控制线台账面积" or row[1] == "本年出让面积" for row in changed)
    page = client.get(f"/reports/{made.pk}/").content.decode()
    assert "行动方案其他目标" in page
    assert "工业用地控制线面积变化" in page
    assert client.get(f"/reports/{made.pk}/rows/?figure=line_other&town=").status_code == 200
    assert client.get(f"/reports/{made.pk}/compare/?with={older.pk}").status_code == 200
