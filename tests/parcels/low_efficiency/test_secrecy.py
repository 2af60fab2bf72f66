"""What tells a firm's figures, asked for by everybody through every door that isn't the firm's own page."""

import pytest

from landgis.access.queries import Actor
from landgis.counties.models import County
from landgis.lib.errors import Forbidden, NotFound
from parcels.cadastre.attachments import keep_evidence
from parcels.documents import actions as issuing
from parcels.documents import queries as papers
from parcels.documents.models import IssuedDocument
from parcels.enterprises.models import Enterprise
from tests import factories
from tests.factories import SignIn
from tests.parcels.cadastre.test_papers import photo
from tests.parcels.low_efficiency.making import TODAY, filed, frozen, signed

FIRM_IN_WEST = "913307820000000000"
CLEARED = {"leader", "operator"}  # of those who read papers at all
REFUSED = {"registrar", "idle_land_officer"}


@pytest.fixture
def agreement(county: County, graded: list[Enterprise], officer: Actor) -> IssuedDocument:
    (made,) = filed(county, officer, FIRM_IN_WEST, label="repossession", text="会议纪要3号")
    frozen(county, officer)
    signed(county, officer, made)
    return IssuedDocument.objects.get(kind="oversight_agreement")


@pytest.fixture
def sheets(county: County, officer: Actor) -> tuple[IssuedDocument, IssuedDocument]:
    """The sheet of a firm's plan, and that of a parcel's."""
    of_firm, of_parcel = (
        issuing.issue_document(
            county,
            officer,
            "one_plan",
            {"holder": "企业0", "parcel_code": code},
            on=TODAY,
            reason="一企一策",
            town_code=factories.TOWN_WEST,
            right="manage_evaluation",
        )
        for code in ("", "990001100001GB00001")
    )
    return of_firm, of_parcel


def test_papers_with_a_firms_figures_are_for_the_cleared_and_for_the_firms_own_town(
    agreement: IssuedDocument, sheets: tuple[IssuedDocument, IssuedDocument], cast: dict[str, Actor]
) -> None:
    of_firm, of_parcel = sheets
    for role, actor in cast.items():
        if role in CLEARED | {"township_officer"}:
            assert {row["id"] for row in papers.issued(actor)} >= {agreement.pk, of_firm.pk, of_parcel.pk}, (
                role
            )
            assert papers.document(actor, of_firm.pk).docx
        elif role in REFUSED:
            assert [row["id"] for row in papers.issued(actor)] == [of_parcel.pk], role
            assert papers.document(actor, of_parcel.pk).docx
            for number in (agreement.pk, of_firm.pk):
                with pytest.raises(NotFound):
                    papers.document(actor, number)
        else:
            with pytest.raises(Forbidden):
                papers.issued(actor)


def test_another_town_does_not_even_see_that_there_is_one(
    agreement: IssuedDocument, cast: dict[str, Actor], county: County
) -> None:
    town = cast["township_officer"]
    east = Actor("east", "乙镇", county.code, town.roles, town.rights, (factories.TOWN_EAST,))
    assert agreement.town_code == factories.TOWN_WEST
    assert papers.issued(east) == []


def test_who_may_not_read_a_paper_cannot_void_it_or_have_its_pdf_made_either(
    agreement: IssuedDocument, cast: dict[str, Actor], county: County
) -> None:
    idle = cast["idle_land_officer"]
    with pytest.raises(NotFound):
        issuing.void_document(county, idle, agreement.pk, on=TODAY, reason="越权")
    assert issuing.make_pdfs(county, idle, [agreement.pk]) == 0
    agreement.refresh_from_db()
    assert not agreement.void_reason
    assert agreement.pdf is None


def test_evidence_without_a_parcel_opens_in_its_own_room_only(county: County, signed_in: SignIn) -> None:
    """A photo of a firm's meters, say: the addresses for parcels' papers know nothing of it."""
    (kept,) = keep_evidence(county, [("电表.jpg", photo())], by="evaluation_officer")
    for role in factories.ROLES:
        client = signed_in(role)
        for path in ("", "/thumbnail"):
            answer = client.get(f"/api/attachments/{kept.pk}{path}")
            expected = {200} if role == "evaluation_officer" else {403, 404}
            assert answer.status_code in expected, role
    assert signed_in("registrar").delete(f"/api/attachments/{kept.pk}?reason=x").status_code == 404
