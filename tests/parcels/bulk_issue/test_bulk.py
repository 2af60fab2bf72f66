"""Many papers at once: what law and facts refuse, one number for one item also with two windows, broken off and gone on."""

from __future__ import annotations

import io
import threading
import zipfile
from datetime import date
from html import unescape

import pytest
from django.db import DatabaseError, connection, transaction
from python_calamine import CalamineWorkbook

from landgis.access.queries import Actor
from landgis.counties.models import County, Parameter
from landgis.lib.errors import Conflict, Forbidden, InputError
from parcels.bulk_issue.actions import confirm_job, issue_next, make_job, retry_failed, work
from parcels.bulk_issue.models import IssueItem, IssueJob
from parcels.bulk_issue.queries import progress_of
from parcels.disposal.models import IdleCase
from parcels.disposal.queries import rules_of_days
from parcels.documents.models import DocumentNumber, IssuedDocument
from parcels.documents.pdf import PdfUnavailable
from tests import factories
from tests.factories import SignIn
from tests.parcels.disposal.many import entered, opened_cases, walked
from tests.parcels.disposal.walks import TO_DECISION, until

ON = date(2024, 3, 11)
LONG = 600.0


@pytest.fixture
def officer(cast: dict[str, Actor]) -> Actor:
    return cast["idle_land_officer"]


@pytest.fixture
def opened(county: County, officer: Actor) -> list[IdleCase]:
    return opened_cases(county, officer, 3)


def job_for(
    county: County,
    officer: Actor,
    found: list[IdleCase],
    *kinds: str,
    on: date = ON,
    strict: bool = False,
    with_pdf: bool = False,
) -> IssueJob:
    return make_job(
        county=county,
        actor=officer,
        case_ids=[case.pk for case in found],
        kinds=kinds or ("investigation_notice",),
        on=on,
        today=date(2025, 1, 1),
        strict=strict,
        with_pdf=with_pdf,
        reason="批量",
    )


def ordered(county: County, officer: Actor, job: IssueJob) -> None:
    """Checked and ordered, not issued."""
    work(county=county, actor=officer, job=job, seconds=LONG)
    confirm_job(county=county, actor=officer, job=job)
    job.refresh_from_db()


def test_the_check_says_why_law_or_facts_refuse_and_takes_no_number(
    county: County, officer: Actor, opened: list[IdleCase]
) -> None:
    entered(county, officer, opened[0], "investigation_notice", ON)
    job = job_for(county, officer, opened, "investigation_notice", "fee_decision", "finding")
    progress = work(county=county, actor=officer, job=job, seconds=LONG)
    assert progress.phase == "checked"
    assert progress.counts == {"ready": 2, "refused": 7}
    told = {(item.case_id, item.kind): " ".join(item.reasons) for item in job.items.all()}
    assert "已经办理" in told[opened[0].pk, "investigation_notice"]
    assert "第十四条" in told[opened[1].pk, "fee_decision"]
    assert told[opened[1].pk, "investigation_notice"] == ""
    assert not IssuedDocument.objects.exists()
    assert not DocumentNumber.objects.exists()


def test_a_missing_heart_refuses_and_a_gap_is_told(
    county: County, officer: Actor, opened: list[IdleCase]
) -> None:
    walked(county, officer, opened[0], until(TO_DECISION, "finding"))
    job = job_for(county, officer, opened[:1], "finding", on=date(2024, 4, 8))
    work(county=county, actor=officer, job=job, seconds=LONG)
    assert "查明事实" in job.items.get().reasons[0]
    loose, strict = (
        job_for(county, officer, opened[1:2], "investigation_notice", strict=strict)
        for strict in (False, True)
    )
    for made in (loose, strict):
        work(county=county, actor=officer, job=made, seconds=LONG)
    assert loose.items.get().state == "ready"
    assert "权利人地址" in loose.items.get().lacking
    assert "权利人地址" in strict.items.get().reasons[0]


def test_what_was_ordered_is_issued_with_consecutive_numbers(
    county: County, officer: Actor, opened: list[IdleCase]
) -> None:
    job = job_for(county, officer, opened)
    ordered(county, officer, job)
    progress = work(county=county, actor=officer, job=job, seconds=LONG)
    assert (progress.phase, progress.counts) == ("finished", {"issued": 3})
    assert sorted(DocumentNumber.objects.values_list("serial", flat=True)) == [1, 2, 3]
    again = job_for(county, officer, opened)
    work(county=county, actor=officer, job=again, seconds=LONG)
    assert {item.state for item in again.items.all()} == {"refused"}
    assert "请使用该文书" in again.items.all()[0].reasons[0]


def test_a_job_goes_on_where_it_was_broken_off(
    county: County, officer: Actor, opened: list[IdleCase]
) -> None:
    job = job_for(county, officer, opened)
    ordered(county, officer, job)
    work(county=county, actor=officer, job=job, seconds=0)  # a moment: one item
    assert progress_of(job).counts == {"issued": 1, "ready": 2}
    work(county=county, actor=officer, job=job, seconds=LONG)
    assert IssuedDocument.objects.count() == 3


def test_facts_that_changed_after_the_check_refuse_at_issue(
    county: County, officer: Actor, opened: list[IdleCase]
) -> None:
    job = job_for(county, officer, opened)
    ordered(county, officer, job)
    entered(county, officer, opened[0], "investigation_notice", ON)
    work(county=county, actor=officer, job=job, seconds=LONG)
    assert progress_of(job).counts == {"issued": 2, "refused": 1}


def test_nothing_is_issued_before_it_was_ordered_or_without_items(
    county: County, officer: Actor, cast: dict[str, Actor], opened: list[IdleCase]
) -> None:
    job = job_for(county, officer, opened)
    with pytest.raises(Conflict, match="核对尚未完成"):
        confirm_job(county=county, actor=officer, job=job)
    work(county=county, actor=officer, job=job, seconds=LONG)
    assert issue_next(county=county, actor=officer, job=job, rules=rules_of_days(county)) is None
    confirm_job(county=county, actor=officer, job=job)
    with pytest.raises(Conflict, match="已经确认"):
        confirm_job(county=county, actor=officer, job=job)
    with pytest.raises(InputError):
        job_for(county, officer, [])
    with pytest.raises(InputError):
        job_for(county, officer, opened, "party")
    with pytest.raises(InputError):
        job_for(county, officer, opened, on=date(2025, 2, 1))
    for role in ("leader", "township_officer"):
        with pytest.raises(Forbidden):
            job_for(county, cast[role], opened)
        with pytest.raises(Forbidden):
            work(county=county, actor=cast[role], job=job, seconds=1)


def test_the_database_refuses_a_second_paper_for_an_item(
    county: County, officer: Actor, opened: list[IdleCase]
) -> None:
    job = job_for(county, officer, opened)
    item = job.items.all()[0]
    with pytest.raises(DatabaseError), transaction.atomic(), factories.writing(county):
        IssueItem.objects.create(job=job, seq=9, case_id=item.case_id, kind=item.kind)
    with pytest.raises(DatabaseError), transaction.atomic(), factories.writing(county):
        IssueItem.objects.filter(pk=item.pk).update(state="issued")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("jobs", [1, 2])
def test_two_windows_give_one_number_to_each_item(county: County, officer: Actor, jobs: int) -> None:
    """Both windows work off one job, or each its own job of the same cases."""
    found = opened_cases(county, officer, 6)
    made = [job_for(county, officer, found) for _ in range(jobs)]
    for job in made:
        ordered(county, officer, job)
    start, failed = threading.Barrier(2), []

    def window(job: IssueJob) -> None:
        try:
            start.wait()
            for _ in range(20):
                if not work(county=county, actor=officer, job=job, seconds=LONG).running:
                    break
        except Exception as error:  # told below: an error in a thread would go unseen
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=window, args=(job,)) for job in (made * 2)[:2]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert IssuedDocument.objects.count() == 6
    assert sorted(DocumentNumber.objects.values_list("serial", flat=True)) == [1, 2, 3, 4, 5, 6]
    assert IssueItem.objects.filter(state="issued").count() == 6
    assert IssueItem.objects.filter(state="refused").count() == 6 * (jobs - 1)


def test_a_machine_without_libreoffice_ends_without_pdf(
    county: County, officer: Actor, opened: list[IdleCase], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANDGIS_SOFFICE", "/nowhere/soffice")
    job = job_for(county, officer, opened[:1], with_pdf=True)
    ordered(county, officer, job)
    assert work(county=county, actor=officer, job=job, seconds=LONG).phase == "finished"
    job.refresh_from_db()
    assert "LibreOffice" in job.pdf_problem
    assert issubclass(PdfUnavailable, Exception)
    retry_failed(county=county, actor=officer, job=job)
    assert progress_of(job).phase == "pdf"


def test_a_failure_is_kept_with_its_reason_and_tried_again(
    county: County, officer: Actor, opened: list[IdleCase]
) -> None:
    job = job_for(county, officer, opened)
    ordered(county, officer, job)
    pattern = Parameter.objects.get(county=county, key="documents.number_pattern")
    right = pattern.value
    for value, counts in (("没有顺序号", {"failed": 3}), (right, {"issued": 3})):
        with factories.writing(county):
            Parameter.objects.filter(pk=pattern.pk).update(value=value)
        retry_failed(county=county, actor=officer, job=job)
        work(county=county, actor=officer, job=job, seconds=LONG)
        assert progress_of(job).counts == counts
        told = [" ".join(item.reasons) for item in job.items.all()]
        assert all(("文号格式" in text) == ("failed" in counts) for text in told)


def test_from_the_list_to_the_archive_over_http(
    county: County, opened: list[IdleCase], signed_in: SignIn
) -> None:
    client = signed_in("idle_land_officer")
    assert 'form="bulk"' in client.get("/idle-land/cases/").content.decode()
    page = client.post("/idle-land/bulk/choose", {"all": "1", "query": "q=示意公司"}).content.decode()
    assert "已选 3 件" in page
    one = client.post("/idle-land/bulk/choose", {"case": [opened[0].pk]}).content.decode()
    assert "已选 1 件" in one
    assert client.post("/idle-land/bulk/choose", {"case": ["x"]}).status_code == 302
    asked = {
        "cases": ",".join(str(case.pk) for case in opened),
        "kinds": ["investigation_notice"],
        "on": "2024-03-11",
        "reason": "批量",
    }
    assert client.post("/idle-land/bulk/create", asked | {"kinds": ["party"]}).status_code == 422
    assert client.post("/idle-land/bulk/create", asked | {"cases": ""}).status_code == 422
    address = client.post("/idle-land/bulk/create", asked)["Location"]
    assert client.get(f"{address}papers.zip").status_code == 404
    told = client.post(f"{address}work", headers={"accept": "application/json"}).json()
    assert (told["phase"], told["counts"]["ready"], told["running"]) == ("checked", 3, False)
    assert "出具 3 份并编号" in client.get(address).content.decode()
    client.post(f"{address}confirm")
    while client.post(f"{address}work", headers={"accept": "application/json"}).json()["running"]:
        pass
    assert "已完成" in client.get(f"{address}?state=issued").content.decode()
    answer = client.get(f"{address}papers.zip")
    names = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).namelist()  # type: ignore[attr-defined]
    assert len([name for name in names if name.endswith(".docx")]) == 3
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"{address}result.xlsx").content))
    assert sum("已出具" in row for row in book.get_sheet_by_index(0).to_python()) == 3
    assert "批量" in unescape(client.get("/idle-land/bulk/").content.decode())
    for role in ("leader", "township_officer"):
        assert signed_in(role).post(f"{address}work").status_code == 403
        assert signed_in(role).get(address).status_code == 403
    assert client.get("/idle-land/bulk/999999/").status_code == 404
