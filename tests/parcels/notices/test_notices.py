"""Notices of a day: once for each deadline and threshold, to whom they concern, settled by the step; and their pages."""

from __future__ import annotations

import json
import threading
from datetime import date, timedelta
from html import unescape
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from landgis.access.models import Assignment, User
from landgis.access.queries import Actor
from landgis.counties.models import County
from landgis.lib.errors import Conflict, Forbidden, InputError
from parcels.disposal.actions import assign_officer, reverse_step
from parcels.disposal.models import IdleCase
from parcels.notices.actions import Sent, send_digest
from parcels.notices.models import Digest, Notice
from parcels.notices.queries import unread_count
from tests import factories
from tests.factories import SignIn
from tests.parcels.disposal.many import entered, opened_cases

# Opened on 1 March: to be investigated until Monday 1 April, since 31 March 2024 is a Sunday.
DUE = date(2024, 4, 1)


@pytest.fixture
def officer(cast: dict[str, Actor]) -> Actor:
    return cast["idle_land_officer"]


@pytest.fixture
def case(county: County, officer: Actor) -> IdleCase:
    [made] = opened_cases(county, officer, 1)
    return made


def sent(county: County, officer: Actor, on: date, *, commit: bool = True) -> Sent:
    return send_digest(county=county, actor=officer, on=on, today=date(2026, 1, 1), commit=commit)


def of(role: str) -> list[tuple[int, str, str]]:
    rows = Notice.objects.filter(user__username=role).order_by("pk")
    return [(row.threshold, row.scope, row.settled_why) for row in rows]


def test_each_threshold_is_told_once_and_replaces_the_former(
    county: County, officer: Actor, case: IdleCase
) -> None:
    for left in (31, 30, 29, 8, 7, 6, 1, 0, 0, -1, -2):
        sent(county, officer, DUE - timedelta(days=left))
    assert of("idle_land_officer") == [
        (30, "own", "superseded"),
        (7, "own", "superseded"),
        (0, "own", "superseded"),
        (-1, "own", ""),
    ]
    assert of("township_officer") == [(n, "town", w) for n, _, w in of("idle_land_officer")]
    assert not Notice.objects.filter(user__username="leader").exists()
    assert Digest.objects.filter(user__username="idle_land_officer", on=DUE).count() == 1


def test_the_step_settles_its_notice_at_once_and_its_reversal_brings_it_back(
    county: County, officer: Actor, case: IdleCase
) -> None:
    sent(county, officer, DUE)
    step = entered(county, officer, case, "investigation_notice", DUE)
    assert of("idle_land_officer") == [(0, "own", "done")]
    assert of("township_officer") == [(0, "town", "done")]
    reverse_step(county=county, actor=officer, case_id=case.pk, seq=step.seq, on=DUE, reason="文号有误")
    sent(county, officer, DUE)
    assert of("idle_land_officer") == [(0, "own", "")]
    assert Notice.objects.count() == 2


def test_a_case_handed_over_is_told_the_next_officer(county: County, officer: Actor, case: IdleCase) -> None:
    factories.person(county, "idle_land_officer", "second")
    sent(county, officer, DUE)
    assert of("second") == []
    assign_officer(county=county, actor=officer, case_id=case.pk, officer="second", on=DUE, reason="调岗")
    assert of("idle_land_officer") == [(0, "own", "reassigned")]
    sent(county, officer, DUE)
    assert of("second") == [(0, "own", "")]


def test_a_case_whose_officer_left_is_told_all_officers(
    county: County, officer: Actor, case: IdleCase
) -> None:
    factories.person(county, "idle_land_officer", "second")
    with factories.writing(county):
        Assignment.objects.filter(user__username="idle_land_officer").update(valid_to=date(2024, 3, 15))
    sent(county, officer, DUE)
    assert of("second") == [(0, "unassigned", "")]
    assert of("idle_land_officer") == []


def test_agreed_dates_are_told_thirty_days_before(county: County, officer: Actor) -> None:
    parcel = factories.parcel(county, "B1", factories.box(0, 0, 1, 1))
    factories.contract(county, "合B1", parcel, agreed_start=date(2024, 5, 31))
    sent(county, officer, date(2024, 4, 30))
    assert of("idle_land_officer") == []
    sent(county, officer, date(2024, 5, 1))
    assert of("idle_land_officer") == [(30, "unassigned", "")]
    assert of("township_officer") == [(30, "town", "")]
    assert Notice.objects.filter(kind="agreed_start", due_on=date(2024, 5, 31)).count() == 2
    sent(county, officer, date(2024, 6, 1))
    assert {row[2] for row in of("idle_land_officer")} == {"ended"}


def test_a_dry_run_writes_nothing_and_days_go_forward(
    county: County, officer: Actor, cast: dict[str, Actor], case: IdleCase
) -> None:
    tried = sent(county, officer, DUE, commit=False)
    assert tried.written == 2
    assert not Notice.objects.exists()
    assert not Digest.objects.exists()
    sent(county, officer, DUE)
    with pytest.raises(Conflict, match="不能再补发"):
        sent(county, officer, DUE - timedelta(days=1))
    with pytest.raises(InputError, match="晚于今天"):
        sent(county, officer, date(2027, 1, 1))
    with pytest.raises(Forbidden):
        sent(county, cast["leader"], DUE)


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_write_each_notice_once(county: County, officer: Actor, case: IdleCase) -> None:
    start, failed = threading.Barrier(2), []

    def run() -> None:
        try:
            start.wait()
            sent(county, officer, DUE)
        except Exception as error:  # told below: an error in a thread would go unseen
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert Notice.objects.count() == 2
    assert Digest.objects.count() == 2


def test_the_command_tells_what_it_wrote(county: County, case: IdleCase, settings: object) -> None:
    settings.LANDGIS_COUNTY = county.code  # type: ignore[attr-defined]
    out = StringIO()
    call_command("send_digest", on=DUE, as_json=True, stdout=out)
    told = json.loads(out.getvalue())
    assert (told["written"], told["committed"]) == (2, False)
    assert {"username": "idle_land_officer", "overdue": 0, "today": 1, "soon": 0} in told["digests"]
    assert not Notice.objects.exists()
    out = StringIO()
    call_command("send_digest", on=DUE, commit=True, stdout=out)
    assert "新通知 2 条" in out.getvalue()
    out = StringIO()
    call_command("send_digest", on=DUE, commit=True, stdout=out)
    assert "新通知 0 条" in out.getvalue()


def test_the_bell_the_page_and_the_printed_digest(
    county: County, officer: Actor, case: IdleCase, signed_in: SignIn
) -> None:
    client = signed_in("idle_land_officer")
    sent(county, officer, DUE)
    page = unescape(client.get("/notices/").content.decode())
    assert 'class="bell-count">1<' in page
    assert "调查核实并发出调查通知书" in page
    assert case.case_no in page
    digest = unescape(client.get(f"/notices/digests/{DUE}/").content.decode())
    assert "今天到期 1 项" in digest
    assert client.get("/notices/list.xlsx?state=all").status_code == 200
    other = signed_in("township_officer")
    number = Notice.objects.get(user__username="idle_land_officer").pk
    other.post("/notices/read", {"notice": number})
    assert Notice.objects.get(pk=number).read_at is None  # somebody else's
    assert client.post("/notices/read", {"notice": number}).status_code == 302
    page = client.get("/notices/?state=unread").content.decode()
    assert "bell-count" not in page
    assert case.case_no not in page
    assert case.case_no in client.get("/notices/?threshold=0&q=示意公司").content.decode()
    assert case.case_no not in client.get("/notices/?threshold=7").content.decode()
    assert case.case_no not in client.get("/notices/?threshold=x").content.decode()
    assert other.post("/notices/read", {"all": "1"}).status_code == 302
    assert client.get("/notices/digests/2024-13-01/").status_code == 404
    assert client.get("/notices/digests/2024-01-01/").status_code == 404
    assert signed_in("agency").get("/notices/").status_code == 403


def test_the_bell_costs_one_statement(county: County, django_assert_num_queries: object) -> None:
    person = User.objects.filter(username="leader").first() or factories.person(county, "leader")
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert unread_count(person.pk, county.code) == 0


def test_today_is_a_lawful_day_to_run(county: County, officer: Actor, case: IdleCase) -> None:
    today = timezone.localdate()
    done = send_digest(county=county, actor=officer, on=today, today=today, commit=True)
    assert done.digests[0]["overdue"] == 1
