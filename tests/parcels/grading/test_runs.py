"""A year run on a real database: frozen, checked, published, objected to, finished; and who may do what."""

import hashlib
from datetime import date
from typing import Any

import pytest
from django.db import InternalError, connection, transaction
from django.db.utils import ProgrammingError

from landgis.access.queries import Actor, actor_for
from landgis.access.rules import MANAGE_EVALUATION
from landgis.audit.models import AuditEvent
from landgis.counties.models import County, Parameter
from landgis.lib.errors import Conflict, FieldErrors, Forbidden, InputError, NotFound
from parcels.enterprises.models import AnnualReturn, Enterprise
from parcels.grading.actions import check_run, draft_run, finish_run, publish_notice, recompute, withdraw_run
from parcels.grading.frozen import Frozen
from parcels.grading.models import FrozenInput, GradingResult, GradingStep
from parcels.grading.objection_actions import decide_objection, file_objection
from parcels.grading.queries import (
    newest_result,
    scored_again,
    scores,
    sheet_of,
    standing_results,
    state,
)
from parcels.grading.results import scored
from parcels.schemes.actions import put_in_force, store_scheme, withdraw_version
from parcels.schemes.models import SchemeVersion
from parcels.schemes.queries import find_scheme
from parcels.schemes.reading import read_definition
from tests import factories
from tests.parcels.grading.making import simple_document
from tests.parcels.grading.running import DAY, YEAR, draft, grades, in_force, published, second

REFUSED = (InternalError, ProgrammingError)


@pytest.mark.usefixtures("firms")
def test_from_draft_to_final_with_an_objection(
    county: County, officer: Actor, cast: dict[str, Actor]
) -> None:
    run = published(county, officer)
    assert grades(run) == "好中中中差"  # 0.2 and 0.7 of five: 1 and 3.5, half up 4
    town = cast["township_officer"]
    objection = file_objection(
        county=county, actor=town, run_id=run.pk, uscc="913307820000000002", on=date(2024, 5, 15),
        statement="漏计退税", evidence="完税证明第 1 号",
    )  # fmt: skip
    with pytest.raises(Conflict, match="没有处理"):
        finish_run(county=county, actor=officer, run_id=run.pk, on=date(2024, 5, 21), reason="定稿")
    decide_objection(
        county=county, actor=officer, objection_id=objection.pk, upheld=True, on=date(2024, 5, 16),
        reason="税务局复函", corrections={"tax_wan": "120"},
    )  # fmt: skip
    assert grades(run) == "中中好中差"
    with pytest.raises(Conflict, match="已经处理"):
        decide_objection(
            county=county,
            actor=officer,
            objection_id=objection.pk,
            upheld=False,
            on=date(2024, 5, 16),
            reason="x",
        )
    with pytest.raises(Conflict, match="尚未期满"):
        finish_run(county=county, actor=officer, run_id=run.pk, on=date(2024, 5, 20), reason="定稿")
    with pytest.raises(Conflict, match="须由另一人办理"):  # the objection changed what had been checked
        finish_run(county=county, actor=officer, run_id=run.pk, on=date(2024, 5, 21), reason="定稿")
    finish_run(county=county, actor=second(officer), run_id=run.pk, on=date(2024, 5, 21), reason="定稿")
    assert state(run) == "final"
    assert [step.stage for step in GradingStep.objects.filter(run=run).order_by("seq")] == [
        "draft", "checked", "notice", "objection", "decision", "final",
    ]  # fmt: skip
    before, after = FrozenInput.objects.filter(run=run).order_by("version")
    assert before.sha256 != after.sha256
    assert Frozen.from_text(after.text).corrections[0]["before"] == 60.0
    assert GradingResult.objects.filter(input__run=run).count() == 2
    assert AuditEvent.objects.filter(action__startswith="evaluation_").count() == 5
    assert AnnualReturn.objects.get(enterprise__uscc="913307820000000002").tax_wan == 120, (
        "so are later computations"
    )
    with pytest.raises(Conflict, match="已经办结"):
        withdraw_run(county=county, actor=officer, run_id=run.pk, on=date(2024, 5, 22), reason="x")
    again = draft(county, officer)
    for step in (check_run, publish_notice):
        step(county=county, actor=second(officer), run_id=again.pk, on=DAY, reason="x")
    with pytest.raises(Conflict, match="已有定稿"):
        finish_run(county=county, actor=officer, run_id=again.pk, on=date(2024, 5, 21), reason="x")


@pytest.mark.usefixtures("firms")
def test_frozen_inputs_give_the_same_bytes_whatever_the_register_says_later(
    county: County, officer: Actor
) -> None:
    in_force(county, officer)
    run = draft(county, officer)
    kept = newest_result(run)
    with factories.writing(county):
        AnnualReturn.objects.update(tax_wan=1)
        Enterprise.objects.update(name="改名", industry_group="别的")
    frozen = Frozen.from_text(kept.input.text)
    assert frozen.sha256 == kept.input.sha256
    again = scored(read_definition(run.scheme_version.definition), frozen)
    assert again.sha256 == kept.sha256
    assert scored_again(kept.input_id, kept.sha256).text() == again.text()
    first_format = hashlib.sha256(again.text().encode()).hexdigest()
    assert again.has_hash(first_format)
    assert not again.has_hash(first_format[::-1])
    assert frozen.maps["parcels"][0] == {"P0": pytest.approx(10.0)}
    assert frozen.maps["sources"][0]["return"] == "税务局清册"
    newer = recompute(county=county, actor=officer, run_id=run.pk, on=DAY, reason="登记改正")
    assert newer.input.version == 2
    with pytest.raises(Conflict, match="相同"):
        recompute(county=county, actor=officer, run_id=run.pk, on=DAY, reason="再算")


@pytest.mark.usefixtures("firms")
def test_a_wrong_order_is_refused(county: County, officer: Actor) -> None:
    in_force(county, officer)
    run = draft(county, officer)
    with pytest.raises(Conflict, match="不能“公示”"):
        publish_notice(county=county, actor=officer, run_id=run.pk, on=DAY, reason="x")
    with pytest.raises(Conflict, match="不能“定稿”"):
        finish_run(county=county, actor=officer, run_id=run.pk, on=DAY, reason="x")
    with pytest.raises(Conflict, match="早于上一步"):
        check_run(county=county, actor=officer, run_id=run.pk, on=date(2024, 5, 12), reason="x")
    withdraw_run(county=county, actor=officer, run_id=run.pk, on=DAY, reason="有误")
    assert standing_results(county) == {}
    with pytest.raises(Conflict, match="撤回"):
        check_run(county=county, actor=officer, run_id=run.pk, on=DAY, reason="x")


@pytest.mark.usefixtures("firms")
def test_a_scheme_with_unknown_points_is_computed_and_never_published(county: County, officer: Actor) -> None:
    store_scheme(
        county=county, actor=officer, document=find_scheme(county, "yiwu-2022", YEAR).document, reason="x"
    )
    with pytest.raises(Conflict, match="还没有启用"):
        draft_run(
            county=county,
            actor=officer,
            found=find_scheme(county, "yiwu", YEAR),
            year=YEAR,
            on=DAY,
            reason="x",
        )
    version = SchemeVersion.objects.get()
    put_in_force(county=county, actor=officer, version_id=version.pk, on=DAY, reason="x")
    run = draft_run(
        county=county, actor=officer, found=find_scheme(county, "yiwu", YEAR), year=YEAR, on=DAY, reason="x"
    )
    with pytest.raises(Conflict, match="须由另一人办理：该次结果由账号 evaluation_officer 起草"):
        check_run(county=county, actor=officer, run_id=run.pk, on=DAY, reason="x")
    with factories.writing(county):
        Parameter.objects.filter(key="procedure.four_eyes").update(value=False)
    check_run(county=county, actor=officer, run_id=run.pk, on=DAY, reason="x")
    with pytest.raises(Conflict, match="18 分权重"):
        publish_notice(county=county, actor=officer, run_id=run.pk, on=DAY, reason="x")


def test_what_was_in_force_never_changes(county: County, officer: Actor) -> None:
    version = in_force(county, officer)
    with pytest.raises(Conflict, match="已启用"):
        store_scheme(county=county, actor=officer, document=simple_document(name="另一个"), reason="x")
    for statement in (
        "UPDATE schemes_version SET definition = '{}' WHERE id = %s",
        "UPDATE schemes_version SET year_to = 2030 WHERE id = %s",
        "DELETE FROM schemes_version WHERE id = %s",
    ):
        with (
            pytest.raises(REFUSED),
            transaction.atomic(),
            factories.writing(county),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, [version.pk])
    withdraw_version(county=county, actor=officer, version_id=version.pk, reason="停用")
    with pytest.raises(NotFound):
        find_scheme(county, "simple", YEAR)


@pytest.mark.usefixtures("firms")
def test_what_a_run_wrote_never_changes(county: County, officer: Actor) -> None:
    in_force(county, officer)
    draft(county, officer)
    for table in ("grading_run", "grading_input", "grading_result", "grading_score", "grading_step"):
        with (
            pytest.raises(REFUSED),
            transaction.atomic(),
            factories.writing(county),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"DELETE FROM {table}")


@pytest.mark.usefixtures("firms")
def test_rights(county: County, officer: Actor, cast: dict[str, Actor]) -> None:
    run = published(county, officer)
    with pytest.raises(Forbidden, match="尚未公示"):
        scores(draft(county, officer), cast["township_officer"])
    result = newest_result(run)
    for role, actor in cast.items():
        if not actor.may(MANAGE_EVALUATION):
            with pytest.raises(Forbidden):
                withdraw_run(county=county, actor=actor, run_id=run.pk, on=DAY, reason=role)
            with pytest.raises(Forbidden):
                store_scheme(county=county, actor=actor, document=simple_document(), reason=role)
    town = cast["township_officer"]
    told = scores(run, town)
    assert [row["uscc"][-1] for row in told] == ["0", "1", "2"]
    assert all("score" not in row and "land_mu" not in row for row in told)
    assert "score" in scores(run, cast["leader"])[0]
    with pytest.raises(Forbidden):
        sheet_of(result, town, "913307820000000000")
    with pytest.raises(NotFound, match="本辖区"):
        file_objection(
            county=county,
            actor=town,
            run_id=run.pk,
            uscc="913307820000000004",
            on=DAY,
            statement="s",
            evidence="e",
        )
    with pytest.raises(Forbidden):
        file_objection(
            county=county,
            actor=officer,
            run_id=run.pk,
            uscc="913307820000000000",
            on=DAY,
            statement="s",
            evidence="e",
        )
    part = actor_for(factories.person(county, "evaluation_officer"), county, date(2026, 1, 1))
    assert part.town_codes is None


@pytest.mark.usefixtures("firms")
def test_an_objection_needs_words_evidence_and_the_notice(
    county: County, officer: Actor, cast: dict[str, Actor]
) -> None:
    run, town = published(county, officer), cast["township_officer"]
    wanted: dict[str, Any] = {"county": county, "actor": town, "run_id": run.pk, "uscc": "913307820000000000"}
    with pytest.raises(FieldErrors) as caught:
        file_objection(**wanted, on=DAY, statement=" ", evidence="")
    assert [issue["field"] for issue in caught.value.issues] == ["statement", "evidence"]
    with pytest.raises(Conflict, match="已于 2024-05-20 结束"):
        file_objection(**wanted, on=date(2024, 5, 21), statement="s", evidence="e")
    with pytest.raises(InputError, match="不是照片或 PDF"):
        file_objection(**wanted, on=DAY, statement="s", evidence="e", file=b"MZ", file_name="a.exe")
    made = file_objection(**wanted, on=DAY, statement="s", evidence="e")
    for corrections, words in (
        ({"profit": 1}, "没有数据项"),
        ({"tax_wan": "多"}, "不是数字"),
        ({"tax_wan": "nan"}, "不是数字"),
        ({"land_mu": 1}, "企业用地有误"),
    ):
        with pytest.raises(FieldErrors, match=words):
            decide_objection(
                county=county,
                actor=officer,
                objection_id=made.pk,
                upheld=True,
                on=DAY,
                reason="x",
                corrections=corrections,
            )
    with pytest.raises(InputError, match="驳回"):
        decide_objection(
            county=county,
            actor=officer,
            objection_id=made.pk,
            upheld=False,
            on=DAY,
            reason="x",
            corrections={"tax_wan": 1},
        )
    decide_objection(
        county=county, actor=officer, objection_id=made.pk, upheld=False, on=DAY, reason="证据不足"
    )
    assert FrozenInput.objects.filter(run=run).count() == 1
