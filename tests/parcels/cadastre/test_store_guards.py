"""What the database itself refuses, what a failed change leaves behind, and how many statements a change takes."""

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from landgis.audit.change import change
from landgis.audit.models import AuditEvent
from landgis.counties.models import County
from landgis.lib.errors import InputError
from parcels.cadastre.event_actions import apply_transition
from parcels.cadastre.lineage_models import Attachment, CadastralEvent, EventParcel, Lineage, ParcelVersion
from parcels.cadastre.models import Parcel
from parcels.cadastre.numbering import new_codes
from parcels.cadastre.transitions import BornParcel, Transition
from tests import factories
from tests.factories import box
from tests.factories_cadastre import BY, applied, born, divided, reshaped

DAY = date(2024, 5, 6)
WRITTEN_ONCE = ("cadastre_event", "cadastre_event_parcel", "cadastre_lineage", "cadastre_parcel_version")


@pytest.fixture
def west(county: County) -> Parcel:
    return factories.parcel(county, "A", box(0, 0, 2, 1))


@pytest.fixture
def story(county: County, west: Parcel) -> int:
    east = factories.parcel(county, "B", box(2, 0, 4, 1))
    applied(county, Transition(on=DAY, changed=[reshaped(east, box(2, 0, 5, 1))]))
    return divided(county, west, DAY, box(0, 0, 1, 1), box(1, 0, 2, 1))[0]


def attachment(county: County, **facts: Any) -> Attachment:
    with factories.writing(county):
        return Attachment.objects.create(
            county=county, name="合同.pdf", media_type="application/pdf", size_bytes=4, sha256="0" * 64,
            content=b"%PDF", kind="contract", uploaded_by=BY, **facts,
        )  # fmt: skip


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize("table", WRITTEN_ONCE)
@pytest.mark.parametrize("attack", ["UPDATE {} SET change_id = 1", "DELETE FROM {}"])
def test_what_happened_can_not_be_rewritten(county: County, table: str, attack: str) -> None:
    with (
        pytest.raises(DatabaseError, match="append-only"),
        factories.writing(county),
        connection.cursor() as cursor,
    ):
        cursor.execute(attack.format(table))


@pytest.mark.parametrize("table", WRITTEN_ONCE)
def test_what_happened_can_not_be_emptied_outside_a_test_database(county: County, table: str) -> None:
    with factories.writing(county), connection.cursor() as cursor:
        cursor.execute("SET LOCAL landgis.maintenance = ''")
        with pytest.raises(DatabaseError, match="is append-only"), transaction.atomic():
            cursor.execute(f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize("model", [CadastralEvent, EventParcel, Lineage, ParcelVersion, Attachment])
def test_nothing_is_written_outside_a_declared_change(county: County, model: Any) -> None:
    columns = [field.column for field in model._meta.fields if field.column == "id"]
    assert columns
    with (
        pytest.raises(DatabaseError, match="declared change"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"INSERT INTO {model._meta.db_table} DEFAULT VALUES")


def test_descent_can_not_run_in_a_circle(county: County, west: Parcel, story: int) -> None:
    child = Parcel.objects.get(code="A-1")
    event = CadastralEvent.objects.get(change_id=story)
    for ancestor, descendant in ((child, west), (child, child)):
        with pytest.raises(IntegrityError, match="lineage_downwards"), factories.writing(county):
            Lineage.objects.create(event=event, ancestor=ancestor, descendant=descendant)


@pytest.mark.usefixtures("story")
def test_a_code_is_one_parcels_for_ever(county: County) -> None:
    with pytest.raises(InputError, match="宗地代码 A 已被使用过"):
        applied(county, Transition(on=DAY, born=[born(county, "A", box(9, 0, 10, 1))]))
    with pytest.raises(IntegrityError, match="parcel_code_once"):
        factories.parcel(county, "A", box(9, 0, 10, 1))


def test_a_reversal_without_its_event_and_a_second_one_are_refused(county: County, story: int) -> None:
    event = CadastralEvent.objects.get(change_id=story)
    facts = {"county": county, "on": DAY, "by": BY, "reason": "x"}
    for kind, reverses in (("reversal", None), ("correction", event)):
        with pytest.raises(IntegrityError, match="event_reversal"), factories.writing(county):
            CadastralEvent.objects.create(kind=kind, reverses=reverses, **facts)
    with factories.writing(county):
        CadastralEvent.objects.create(kind="reversal", reverses=event, **facts)
    with pytest.raises(IntegrityError), factories.writing(county):
        CadastralEvent.objects.create(kind="reversal", reverses=event, **facts)


def test_papers_are_tied_to_their_event_once_and_keep_their_bytes(county: County, west: Parcel) -> None:
    paper, other = attachment(county), attachment(county)
    gone, _ = applied(county, Transition(on=DAY, ended=[west.pk], attachments=(paper.pk,)))
    paper.refresh_from_db()
    assert paper.event is not None
    assert paper.event.change_id == gone
    for attack in (
        f"UPDATE cadastre_attachment SET content = 'x' WHERE id = {paper.pk}",
        f"UPDATE cadastre_attachment SET event_id = NULL WHERE id = {paper.pk}",
        f"DELETE FROM cadastre_attachment WHERE id = {paper.pk}",
    ):
        with pytest.raises(DatabaseError), factories.writing(county), connection.cursor() as cursor:
            cursor.execute(attack)
    with factories.writing(county):
        Attachment.objects.filter(pk=paper.pk).update(note="第二份")
        other.delete()
    for missing in (paper.pk, other.pk):
        with pytest.raises(InputError, match="附件"):
            applied(county, Transition(on=DAY, restored=[west.pk], attachments=(missing,)))


def test_a_change_that_fails_leaves_nothing(county: County, west: Parcel) -> None:
    def counts() -> list[int]:
        models = (Parcel, CadastralEvent, EventParcel, Lineage, ParcelVersion, AuditEvent)
        return [model.objects.count() for model in models]

    before = counts()
    good = born(county, "A-1", box(0, 0, 1, 1), [west])
    bad = BornParcel("A-2", "A-2", {"land_class_code": "x" * 11}, *_measured(county), (west.pk,))
    with pytest.raises(DatabaseError):
        applied(county, Transition(on=DAY, born=[good, bad], ended=[west.pk]))
    assert counts() == before
    assert Parcel.objects.get(code="A").valid_to is None


def _measured(county: County) -> tuple[Any, float, float]:
    made = born(county, "", box(1, 0, 2, 1))
    return made.geom_4490, made.planar_area_m2, made.ellipsoidal_area_m2


def test_ten_divisions_take_as_many_statements_as_one(county: County) -> None:
    def divide(rows: range) -> int:
        parents = [factories.parcel(county, f"S{row}", box(row, 5, row + 1, 6)) for row in rows]
        for parent in parents:
            factories.holder(parent, "示意纺织有限公司")
        children = [
            born(county, f"S{row}-{n}", box(row, 5 + n / 2, row + 1, 5.5 + n / 2), [parent])
            for row, parent in zip(rows, parents, strict=True)
            for n in (0, 1)
        ]
        transition = Transition(on=DAY, born=children, ended=[parent.pk for parent in parents])
        with (
            change(county_code=county.code, by=BY, action="test", reason="测试") as running,
            CaptureQueriesContext(connection) as ran,
        ):
            apply_transition(county, transition, by=BY, reason="测试", running=running)
        return len(ran)

    one = divide(range(1))
    assert divide(range(1, 11)) == one
    assert one < 25


@pytest.mark.parametrize(
    ("beside", "expected"),
    [
        (["990001001001GB00001"], ["990001001001GB00008"]),
        (["990001001001GB00001", "990001001001GB00002"], ["990001001001GB00008", "990001001001GB00009"]),
        (["990001002001GB00001"], ["990001002001GB00001"]),
        (["A", "A", "B"], ["A-3", "A-4", "B-1"]),
    ],
)
def test_new_codes_follow_the_newest_that_was_ever_used(
    county: County, beside: list[str], expected: list[str]
) -> None:
    ended: dict[str, Any] = {"valid_to": date(2020, 1, 1), "retired_by": "测试员"}
    factories.parcel(county, "990001001001GB00003", box(0, 0, 1, 1))
    factories.parcel(county, "990001001001GB00007", box(1, 0, 2, 1), **ended)
    factories.parcel(county, "A-2", box(2, 0, 3, 1), **ended)
    assert new_codes(county, beside) == expected


def test_new_codes_leave_out_what_the_change_uses_itself_and_end_somewhere(county: County) -> None:
    assert new_codes(county, ["990001001001GB00001"], given=["990001001001GB00004"]) == [
        "990001001001GB00005"
    ]
    assert new_codes(county, ["A"], given=["A-1"]) == ["A-2"]
    factories.parcel(county, "990001001001GB99999", box(0, 0, 1, 1))
    with pytest.raises(InputError, match="顺序号已用完"):
        new_codes(county, ["990001001001GB00001"])
    with pytest.raises(InputError, match="超过 40 个字符"):
        new_codes(county, ["长" * 40])
    for n in range(1, 53):
        factories.parcel(county, f"Q-{n}", box(n, 5, n + 1, 6))
    assert new_codes(county, ["Q"]) == ["Q-53"]
