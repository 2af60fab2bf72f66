"""Disposal lists as an officer uses them: previewed, frozen under number and hash, compared, corrected, handed on."""

from __future__ import annotations

import hashlib
import io
import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from docx import Document
from python_calamine import CalamineWorkbook

from landgis.access.queries import Actor
from landgis.audit.models import AuditEvent
from landgis.counties.models import County
from parcels.disposal.models import IdleCase
from parcels.disposal_lists.models import DisposalList
from parcels.disposal_lists.queries import is_intact, listed_on
from parcels.disposal_lists.rules import ListedCase, compare
from parcels.documents.models import IssuedDocument
from tests import factories
from tests.factories import SignIn
from tests.parcels.disposal_lists.walking import TO_FINDING, enter, suspect, walk

PAGE = "/idle-land/disposal-lists/"
ON = "2024-12-31"


@pytest.fixture
def two(county: County, cast: dict[str, Actor]) -> list[IdleCase]:
    west = factories.parcel(county, "A1", factories.box(0, 0, 1, 1))
    east = factories.parcel(county, "B1", factories.box(60, 0, 61, 1), town_code=factories.TOWN_EAST)
    found = [suspect(county, "合西", west), suspect(county, "合东", east, holder_name="=1+1公司")]
    return walk(county, cast["idle_land_officer"], found, TO_FINDING)


def freeze(client: Client, **more: str) -> DisposalList:
    answer = client.post(f"{PAGE}freeze", {"on": ON, "reason": "季度上报"} | more)
    assert answer.status_code == 302, answer.content.decode()
    return DisposalList.objects.latest("id")


def test_a_list_is_previewed_and_frozen_with_number_paper_hash_and_audit(
    two: list[IdleCase], signed_in: SignIn
) -> None:
    client = signed_in("idle_land_officer")
    page = client.get(f"{PAGE}?on={ON}").content.decode()
    assert "合西" in page
    assert "合东" in page
    # Summed before it is rounded, so it may stand a hundredth beside the sum of what is shown.
    shown_mu = [Decimal(text) for text in re.findall(r'<td class="text-end">(\d+\.\d\d)</td>', page)]
    total = re.search(r"共 2 宗，合计 (\d+\.\d\d) 亩", page)
    assert total
    assert len(shown_mu) == 2
    assert abs(Decimal(total[1]) - sum(shown_mu)) <= Decimal("0.01")
    made = freeze(client)
    assert re.fullmatch(r"〔\d{4}〕处置清单第1期", made.issue_no)
    assert (made.row_count, made.on, made.previous) == (2, date(2024, 12, 31), None)
    paper = made.document
    assert (paper.kind, paper.number is not None, paper.facts["fact_hash"]) == (
        "disposal_list",
        True,
        made.sha256,
    )
    event = AuditEvent.objects.get(action="freeze_disposal_list")
    assert (event.actor, event.reason, event.summary["sha256"]) == (
        "idle_land_officer",
        "季度上报",
        made.sha256,
    )
    shown = client.get(f"{PAGE}{made.pk}/").content.decode()
    assert made.sha256 in shown
    assert "核对一致" in shown
    assert "首期清单" in shown


def test_the_hash_can_be_reckoned_from_the_text_that_is_handed_out(
    two: list[IdleCase], signed_in: SignIn, county: County, cast: dict[str, Actor]
) -> None:
    client = signed_in("idle_land_officer")
    made = freeze(client)
    text = client.get(f"{PAGE}{made.pk}/list.json").content
    assert hashlib.sha256(text).hexdigest() == made.sha256
    rows = listed_on(county, cast["idle_land_officer"], date(2024, 12, 31))
    assert [row.as_json() for row in rows] == made.rows
    made.rows[0]["holder"] = "别人"
    assert not is_intact(made)


def test_filters_narrow_the_list_and_stand_in_it(two: list[IdleCase], signed_in: SignIn) -> None:
    client = signed_in("idle_land_officer")
    assert freeze(client, town=factories.TOWN_EAST).rows[0]["contract_no"] == "合东"
    assert freeze(client, cause="own", stage="service", finding="idle_not_started").row_count == 2
    refused = client.post(f"{PAGE}freeze", {"on": ON, "reason": "x", "finding": "idle_stopped"})
    assert refused.status_code == 409
    assert "清单为空" in refused.content.decode()
    assert DisposalList.objects.filter(filters={"town": factories.TOWN_EAST}).count() == 1


def test_the_next_issue_tells_what_is_new_gone_and_changed(
    two: list[IdleCase], signed_in: SignIn, county: County, cast: dict[str, Actor]
) -> None:
    client = signed_in("idle_land_officer")
    first = freeze(client)
    enter(county, cast["idle_land_officer"], two[0], "disclosure", date(2024, 4, 10))
    second = freeze(client)
    assert second.previous == first
    shown = client.get(f"{PAGE}{second.pk}/").content.decode()
    assert "新增 0 宗，移出 0 宗，变化 1 宗" in shown
    assert "处置阶段 送达 → 信息公开" in shown
    assert second.document.facts["list_changes"] == "新增 0 宗，移出 0 宗，变化 1 宗"
    rows = [ListedCase.from_json(row) for row in second.rows]
    changes = compare(rows[:1], rows[1:])
    assert (changes.new, changes.gone, changes.changed) == ((rows[1],), (rows[0],), ())


def test_an_issue_is_corrected_by_one_other_and_stays(two: list[IdleCase], signed_in: SignIn) -> None:
    client = signed_in("idle_land_officer")
    first = freeze(client)
    assert (
        f"本期将更正 {first.issue_no}" in client.get(f"{PAGE}?on={ON}&corrects={first.pk}").content.decode()
    )
    second = freeze(client, corrects=str(first.pk))
    assert second.corrects == first
    assert f"已由 {second.issue_no} 更正" in client.get(f"{PAGE}{first.pk}/").content.decode()
    again = client.post(f"{PAGE}freeze", {"on": ON, "reason": "又一次", "corrects": str(first.pk)})
    assert again.status_code == 409
    assert "已经更正过" in again.content.decode()


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE disposal_list SET rows = '[]'",
        "UPDATE disposal_list SET sha256 = repeat('0', 64)",
        "DELETE FROM disposal_list",
        "INSERT INTO disposal_list SELECT * FROM disposal_list",
    ],
)
def test_the_database_itself_keeps_an_issue_as_it_was(
    two: list[IdleCase], signed_in: SignIn, county: County, attack: str
) -> None:
    freeze(signed_in("idle_land_officer"))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)
    with pytest.raises(DatabaseError), factories.writing(county), connection.cursor() as cursor:
        cursor.execute(attack)
    assert DisposalList.objects.get().row_count == 2


def test_a_freezing_that_fails_leaves_neither_number_nor_paper(
    two: list[IdleCase], signed_in: SignIn
) -> None:
    client = signed_in("idle_land_officer")
    for wrong in ({"on": "2999-01-01"}, {"on": "昨天"}, {"reason": ""}, {"town": "x"}, {"corrects": "999"}):
        answer = client.post(f"{PAGE}freeze", {"on": ON, "reason": "上报"} | wrong)
        assert answer.status_code in (404, 409, 422), wrong
        assert "messages" in answer.content.decode()
    assert not DisposalList.objects.exists()
    assert not IssuedDocument.objects.exists()
    assert freeze(client).number == 1
    assert client.get(f"{PAGE}?on=nonsense&corrects=²").status_code == 200
    assert client.get(f"{PAGE}999/", headers={"accept": "text/html"}).status_code == 404


def test_the_files_hold_the_frozen_rows(two: list[IdleCase], signed_in: SignIn) -> None:
    client = signed_in("idle_land_officer")
    made = freeze(client)
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"{PAGE}{made.pk}/list.xlsx").content))
    text = str(book.get_sheet_by_index(0).to_python())
    for told in (
        "示意县全域闲置土地处置清单",
        made.issue_no,
        made.sha256,
        "合计（2 宗）",
        "合西",
        "=1+1公司",
        "单位：平方米、亩",
    ):
        assert told in text, told
    whole = Document(io.BytesIO(client.get(f"{PAGE}{made.pk}/list.docx").content))
    words = "\n".join(paragraph.text for paragraph in whole.paragraphs)
    assert made.sha256 in words
    assert "2宗" in words
    assert "合西" in str([[cell.text for cell in row.cells] for table in whole.tables for row in table.rows])
    html = client.get(f"{PAGE}{made.pk}/map.html").content.decode()
    assert '"A1"' in html
    assert not re.search(r"""<(?:script|link|img|iframe)[^>]+(?:src|href)=["']?(?:https?:)?//""", html)
    assert AuditEvent.objects.filter(action="export_disposal_list").count() == 3


def test_a_town_sees_its_own_part_and_freezes_nothing(two: list[IdleCase], signed_in: SignIn) -> None:
    made = freeze(signed_in("idle_land_officer"))
    town = signed_in("township_officer")
    page = town.get(f"{PAGE}{made.pk}/").content.decode()
    assert "合西" in page
    assert "合东" not in page
    assert "合东" not in town.get(f"{PAGE}?on={ON}").content.decode()
    book = CalamineWorkbook.from_filelike(io.BytesIO(town.get(f"{PAGE}{made.pk}/list.xlsx").content))
    assert "合东" not in str(book.get_sheet_by_index(0).to_python())
    assert "全表 2 宗" in str(book.get_sheet_by_index(0).to_python())
    assert '"B1"' not in town.get(f"{PAGE}{made.pk}/map.html").content.decode()
    for whole in ("list.docx", "list.json"):
        assert town.get(f"{PAGE}{made.pk}/{whole}").status_code == 403
    assert town.post(f"{PAGE}freeze", {"on": ON, "reason": "x"}).status_code == 403


@pytest.mark.parametrize("role", ["registrar", "leader", "evaluation_officer"])
def test_others_read_and_freeze_nothing(two: list[IdleCase], signed_in: SignIn, role: str) -> None:
    made = freeze(signed_in("idle_land_officer"))
    client = signed_in(role)
    assert client.get(f"{PAGE}{made.pk}/").status_code == 200
    assert client.post(f"{PAGE}freeze", {"on": ON, "reason": "x"}).status_code == 403
    allowed = 200 if role != "leader" else 403
    assert client.get(f"{PAGE}{made.pk}/list.xlsx").status_code == allowed


def test_without_business_or_log_in_there_is_nothing(
    two: list[IdleCase], signed_in: SignIn, client: Client
) -> None:
    made = freeze(signed_in("idle_land_officer"))
    for address in (PAGE, f"{PAGE}{made.pk}/", f"{PAGE}{made.pk}/list.xlsx"):
        assert client.get(address)["Location"].startswith("/login/")
        for role in ("audit_admin", "agency"):
            assert signed_in(role).get(address).status_code == 403


def test_a_case_counts_as_its_steps_stood_on_the_day(
    two: list[IdleCase], county: County, cast: dict[str, Actor]
) -> None:
    officer = cast["idle_land_officer"]
    assert listed_on(county, officer, date(2024, 2, 29)) == []
    early = listed_on(county, officer, date(2024, 3, 1))
    assert {(row.finding, row.stage) for row in early} == {("suspected", "发现疑似闲置")}
    late = listed_on(county, officer, date(2024, 4, 9))
    assert {(row.finding, row.stage, row.gross_idle_days) for row in late} == {
        ("idle_not_started", "送达", 1135)
    }


def test_the_pages_ask_the_database_a_fixed_number_of_times(
    county: County, cast: dict[str, Actor], signed_in: SignIn
) -> None:
    """As often for eight cases and three issues as for two cases and one."""
    client = signed_in("idle_land_officer")

    def asked(more: range) -> tuple[int, int]:
        found = [suspect(county, f"合{i}", None) for i in more]
        walk(county, cast["idle_land_officer"], found, TO_FINDING[:1])
        made = freeze(client)
        counted = []
        for address in (f"{PAGE}?on={ON}", f"{PAGE}{made.pk}/"):
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            counted.append(len(queries))
        return counted[0], counted[1]

    asked(range(2))
    assert asked(range(2, 3)) == asked(range(3, 9))
