"""Reports as an officer freezes them: numbers, equal bytes, drilling, comparison, correction, files, rights and attacks."""

from __future__ import annotations

import hashlib
import io
import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from docx import Document
from python_calamine import CalamineWorkbook

from landgis.access.queries import Actor
from landgis.audit.change import change
from landgis.audit.models import AuditEvent
from landgis.counties.models import County, Target
from landgis.lib.errors import Conflict, Forbidden, InputError
from parcels.campaigns.actions import open_project, record_stage
from parcels.campaigns.credit_actions import credit_ground, reverse_credit
from parcels.campaigns.models import Credit
from parcels.campaigns.queries import status_on
from parcels.campaigns.target_actions import hand_down
from parcels.reports.actions import freeze_issue
from parcels.reports.models import ReportIssue
from parcels.reports.queries import Content, content_on, is_intact
from parcels.reports.rules import GROUPS, SUMMED, WHOLE, counting
from tests import factories
from tests.factories import TOWN_EAST, TOWN_WEST, SignIn
from tests.parcels.disposal_lists.walking import TO_FINDING, suspect, walk

pytestmark = pytest.mark.django_db
ON = date(2023, 6, 30)
TODAY = date(2026, 1, 1)


@pytest.fixture
def officer(cast: dict[str, Actor]) -> Actor:
    return cast["evaluation_officer"]


@pytest.fixture
def ledgers(county: County, officer: Actor) -> list[Credit]:
    """Targets handed down; A and B of 甲镇 and C of 乙镇 credited, in remediation."""
    with factories.writing(county):
        for key, value in (("remediation.total_mu", 9000), ("revitalisation.yearly_mu", 1000)):
            Target.objects.create(
                county=county, key=key, value=value, unit="亩", basis="行动方案",
                valid_from=date(2021, 1, 1), valid_to=date(2023, 12, 31),
            )  # fmt: skip
    hand_down(
        county=county, actor=officer, key="remediation.total_mu", basis="分解", on=ON, reason="分解",
        parts={TOWN_WEST: Decimal(4000), TOWN_EAST: Decimal(5000)},
    )  # fmt: skip
    made = []
    for code, x, town in (("A", 0, TOWN_WEST), ("B", 2, TOWN_WEST), ("C", 4, TOWN_EAST)):
        factories.parcel(county, code, factories.box(x, 0, x + 2, 2), town_code=town)
        made.append(credited(county, officer, code, date(2022, 3, 1)))
    return made


def told_by_command(county: County) -> dict[str, Any]:
    call_command(
        "freeze_report", county=county.code, kind="weekly", on=ON, as_json=True, stdout=(out := io.StringIO())
    )
    said: dict[str, Any] = json.loads(out.getvalue())
    return said


def credited(county: County, officer: Actor, code: str, on: date) -> Credit:
    project = open_project(
        county=county, actor=officer, ledger="remediation", name=f"示意{code}", lead_unit="自规局", on=on, reason="立项",
        parcel_codes=[code], due_on=on,
    )  # fmt: skip
    for stage in ("plan", "agreement", "works", "done"):
        record_stage(
            county=county, actor=officer, project_id=project.pk, stage=stage, on=on, person="王", reason="登记",
            evidence="附件",
        )  # fmt: skip
    (row,) = credit_ground(
        county=county, actor=officer, project_id=project.pk, on=on, evidence="验收单", reason="入账"
    )
    return row


def freeze(county: County, actor: Actor, kind: str = "weekly", on: date = ON, **more: Any) -> ReportIssue:
    return freeze_issue(county=county, actor=actor, kind=kind, on=on, today=TODAY, reason="编制", **more)


def test_numbers_run_by_kind_and_year(county: County, officer: Actor, ledgers: list[Credit]) -> None:
    found = [
        freeze(county, officer, kind, on).issue_no
        for kind, on in (
            ("weekly", date(2023, 6, 23)), ("weekly", ON), ("monthly", ON), ("quarterly", ON),
            ("yearly", date(2022, 12, 31)), ("weekly", date(2022, 6, 30)),
        )
    ]  # fmt: skip
    assert found == [
        "〔2023〕周通报第1期", "〔2023〕周通报第2期", "〔2023〕月监测第1期", "〔2023〕季通报第1期", "〔2022〕年考核第1期",
        "〔2022〕周通报第1期",
    ]  # fmt: skip


def test_a_run_again_is_equal_to_the_byte(county: County, officer: Actor, ledgers: list[Credit]) -> None:
    made = freeze(county, officer)
    assert is_intact(made)
    assert hashlib.sha256(made.body.encode()).hexdigest() == made.sha256
    said = told_by_command(county)
    assert (said["equal"], said["sha256"], said["committed"]) == (True, made.sha256, False)
    with pytest.raises(Conflict, match="逐字节相同"):
        freeze(county, officer)
    # What happens after the cut-off changes nothing of it.
    factories.parcel(county, "D", factories.box(6, 0, 8, 2))
    credited(county, officer, "D", date(2023, 7, 1))
    reverse_credit(
        county=county, actor=officer, credit_id=ledgers[0].pk, on=date(2023, 7, 2), evidence="文", reason="冲销"
    )  # fmt: skip
    assert told_by_command(county)["equal"] is True


def test_every_summed_figure_is_the_sum_of_its_rows_and_towns_add_up(
    county: County, officer: Actor, cast: dict[str, Actor], ledgers: list[Credit]
) -> None:
    west = suspect(county, "合西", factories.parcel(county, "E", factories.box(10, 0, 11, 1)))
    walk(county, cast["idle_land_officer"], [west], TO_FINDING)
    found = content_on(county, officer, "yearly", date(2024, 12, 31))
    assert {item.kind for item in found.items} == {"project", "credit", "phase", "case"}
    for content in (found, content_on(county, officer, "yearly", ON)):
        for row in content.towns:
            for key in SUMMED:
                rows = counting(content.items, key, row["code"])
                total = sum((Decimal(item.parts[key]) for item in rows), Decimal(0))
                assert Decimal(row["figures"][key]) == total, (row["code"], key)
    whole = found.row(WHOLE)
    assert whole is not None
    assert (whole["figures"]["idle"], whole["figures"]["idle_new"], whole["figures"]["suspected"]) == (
        "1",
    ) * 3


def test_the_ledgers_figures_are_those_of_the_ledger(
    county: County, officer: Actor, ledgers: list[Credit]
) -> None:
    found = content_on(county, officer, "weekly", ON)
    ledger = status_on(county, officer, ON).ledgers["remediation"]
    for row in found.towns:
        one = ledger.county if row["code"] == WHOLE else ledger.towns[row["code"]]
        figures = row["figures"]
        assert float(figures["remediation_mu"]) == pytest.approx(float(one.done))
        assert figures["remediation_outlook"] == one.outlook
        assert figures["remediation_light"] == one.light
    assert {row["figures"]["rank"] for row in found.towns} == {None, "1", "2"}
    west = found.row(TOWN_WEST)
    assert west is not None
    assert west["figures"]["revitalisation_target_mu"] is None  # not handed down: a dash, not a nought
    assert (west["figures"]["listed"], west["figures"]["agreements"], west["figures"]["overdue_tasks"]) == (
        "2",
        "2",
        "0",
    )


def test_energy_of_too_few_firms_is_left_out(county: County, officer: Actor, ledgers: list[Credit]) -> None:
    for n in range(4):
        town = TOWN_WEST if n < 3 else TOWN_EAST
        firm = factories.enterprise(county, f"91330782MA2TEST{n:02d}X", f"企业{n}", town_code=town)
        factories.annual_return(firm, 2022, energy_tce=Decimal(100 + n))
    found = content_on(county, officer, "weekly", ON)
    # 乙镇 has one firm; with the county's sum beside it, 甲镇's would tell it.
    shown = {row["code"]: row["figures"]["energy_tce"] for row in found.towns}
    assert shown[TOWN_EAST] is None
    assert None in (shown[WHOLE], shown[TOWN_WEST])


def test_a_late_entry_asks_for_a_correction_that_names_the_issue(
    county: County, officer: Actor, ledgers: list[Credit]
) -> None:
    first = freeze(county, officer)
    factories.parcel(county, "D", factories.box(6, 0, 8, 2))
    late = credited(county, officer, "D", date(2023, 6, 28))
    with pytest.raises(Conflict, match="现有数据已有变化"):
        freeze(county, officer)
    other = freeze(county, officer, "monthly")
    with pytest.raises(Conflict, match="不是"):
        freeze(county, officer, corrects_id=other.pk)
    second = freeze(county, officer, corrects_id=first.pk)
    assert second.corrects == first
    assert first.issue_no in "\n".join(
        p.text for p in Document(io.BytesIO(bytes(second.document.docx))).paragraphs
    )
    first.refresh_from_db()
    assert is_intact(first)
    keys = {item.key for item in Content.from_text(second.body).items} - {
        item.key for item in Content.from_text(first.body).items
    }
    assert {late.project.project_no, f"{late.project.project_no}/{late.pk:08d}"} == keys
    with pytest.raises(Conflict):
        freeze(county, officer, corrects_id=first.pk)


def test_an_issue_can_not_be_changed_or_deleted(
    county: County, officer: Actor, ledgers: list[Credit]
) -> None:
    made = freeze(county, officer)
    attacks = (
        f"UPDATE report_issue SET body = '{{}}' WHERE id = {made.pk}",
        f"DELETE FROM report_issue WHERE id = {made.pk}",
        "INSERT INTO report_issue (id, county_id) VALUES (1, '1') ON CONFLICT (id) DO UPDATE SET body = ''",
    )
    for attack in attacks:
        with (
            pytest.raises(DatabaseError),
            transaction.atomic(),
            change(county_code=county.code, by="x", action="x", reason="x"),
            connection.cursor() as cursor,
        ):
            cursor.execute(attack)
    for act in (lambda: ReportIssue.objects.update(reason="别的"), made.delete):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            change(county_code=county.code, by="x", action="x", reason="x"),
        ):
            act()
    with (
        pytest.raises(DatabaseError, match=r"append-only|declared"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL landgis.maintenance = 'off'; TRUNCATE report_issue CASCADE"
        )
    made.refresh_from_db()
    assert is_intact(made)


def test_who_may_not_freeze_is_refused_and_nothing_is_written(
    county: County, cast: dict[str, Actor], ledgers: list[Credit], signed_in: SignIn
) -> None:
    for role in ("township_officer", "leader", "idle_land_officer"):
        with pytest.raises(Forbidden):
            freeze(county, cast[role])
        assert (
            signed_in(role).post("/reports/freeze", {"kind": "weekly", "on": ON, "reason": "x"}).status_code
            == 403
        )
    with pytest.raises(InputError, match="晚于今天"):
        freeze(county, cast["evaluation_officer"], on=date(2026, 1, 2))
    assert signed_in("agency").get("/reports/").status_code == 403
    assert not ReportIssue.objects.exists()


def test_pages_drill_compare_and_hand_out_files(
    county: County, officer: Actor, ledgers: list[Credit], signed_in: SignIn
) -> None:
    client = signed_in("evaluation_officer")
    answer = client.post("/reports/freeze", {"kind": "weekly", "on": "2021-12-31", "reason": "季末"})
    assert answer.status_code == 302, answer.content.decode()
    first, second = ReportIssue.objects.latest("id"), freeze(county, officer)
    page = client.get(f"/reports/{second.pk}/").content.decode()
    assert second.sha256 in page
    assert f"/reports/{second.pk}/rows/?figure=remediation_mu&amp;town={TOWN_WEST}" in page
    rows = client.get(f"/reports/{second.pk}/rows/?figure=remediation_mu&town={TOWN_WEST}").content.decode()
    assert "共 2 条" in rows
    assert "/?sel=A" in rows
    compared = client.get(f"/reports/{second.pk}/compare/?with={first.pk}").content.decode()
    assert "示意A" in compared
    sheets = client.get(f"/reports/{second.pk}/report.xlsx?with={first.pk}")
    again = client.get(f"/reports/{second.pk}/report.xlsx?with={first.pk}")
    assert sheets.content == again.content
    book = CalamineWorkbook.from_filelike(io.BytesIO(sheets.content))
    assert book.sheet_names == [*GROUPS, "明细", "数字对比", "明细对比", "逐宗对比"]
    assert client.get(f"/reports/{second.pk}/report.json").content.decode() == second.body
    paper: Any = Document(io.BytesIO(client.get(f"/reports/{second.pk}/report.docx").content))
    assert "甲镇" in [cell.text for row in paper.tables[0].rows for cell in row.cells]
    assert AuditEvent.objects.filter(action="export_report").count() == 4
    assert signed_in("leader").get(f"/reports/{second.pk}/report.xlsx").status_code == 403


def test_a_town_sees_its_own_part(
    county: County, officer: Actor, ledgers: list[Credit], signed_in: SignIn
) -> None:
    made = freeze(county, officer)
    client = signed_in("township_officer")
    for address in (f"/reports/{made.pk}/", "/reports/?kind=weekly&on=2023-06-30"):
        page = client.get(address).content.decode()
        assert "甲镇" in page
        assert "乙镇" not in page
    rows = client.get(f"/reports/{made.pk}/rows/?figure=remediation_mu&town=").content.decode()
    assert "共 2 条" in rows
    assert client.get(f"/reports/{made.pk}/report.json").status_code == 403
    assert client.get(f"/reports/{made.pk}/report.docx").status_code == 403
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"/reports/{made.pk}/report.xlsx").content))
    cells = {
        cell for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row
    }
    assert "A" in cells
    assert not cells & {"C", "乙镇"}


@pytest.mark.parametrize(
    "address",
    [
        "?on=x", "?kind=x", "9/", "rows/", "rows/?kind=weekly&on=2023-13-01&figure=listed", "?on=0001-01-01",
        "rows/?kind=weekly&on=2023-06-30&figure=rank", "?corrects=99999999999999999999999",
    ],
)  # fmt: skip
def test_no_input_breaks_a_page(signed_in: SignIn, address: str) -> None:
    assert signed_in("evaluation_officer").get(f"/reports/{address}").status_code < 500


def test_the_number_of_statements_does_not_grow(
    county: County, officer: Actor, ledgers: list[Credit]
) -> None:
    with CaptureQueriesContext(connection) as few:
        content_on(county, officer, "weekly", ON)
    for n in range(5):
        factories.parcel(county, f"X{n}", factories.box(20 + 2 * n, 0, 22 + 2 * n, 2))
        credited(county, officer, f"X{n}", date(2022, 5, 1))
    with CaptureQueriesContext(connection) as many:
        content_on(county, officer, "weekly", ON)
    assert len(many) == len(few)


def test_the_command_commits_and_tells_what_changed(
    county: County, officer: Actor, ledgers: list[Credit]
) -> None:
    call_command(
        "freeze_report", county=county.code, kind="weekly", on=ON, commit=True, stdout=(out := io.StringIO())
    )
    assert "已编制〔2023〕周通报第1期" in out.getvalue()
    factories.parcel(county, "D", factories.box(6, 0, 8, 2))
    credited(county, officer, "D", date(2023, 6, 28))
    said = told_by_command(county)
    assert said["equal"] is False
    assert {one["change"] for one in said["changes"]["rows"]} == {"新增"}
    with pytest.raises(SystemExit) as refused:
        call_command(
            "freeze_report", county=county.code, kind="weekly", on=ON, commit=True, stdout=io.StringIO()
        )
    assert refused.value.code == 1
