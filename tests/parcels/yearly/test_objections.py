"""Objections of every kind over HTTP: the form of each kind, who may file and decide, and what the pages tell of them."""

from typing import Any

import pytest

from landgis.access.queries import Actor
from landgis.counties.models import County
from parcels.enterprises.models import Enterprise
from parcels.grading.actions import check_run, publish_notice
from parcels.grading.claims import KINDS
from parcels.grading.fact_actions import enter_fact
from parcels.grading.facts import StatedFact
from parcels.grading.models import FrozenInput, GradingRun, Objection
from tests.factories import SignIn
from tests.parcels.grading.running import DAY, YEAR, draft, grades, in_force, second
from tests.parcels.yearly.test_runs import EAST_FIRM, WEST_FIRM, rows_of, text

TOLD = {"on": "2024-05-15", "statement": "有异议", "evidence": "证明 2 号"}
CLAIMS: dict[str, dict[str, Any]] = {
    "figure": {},
    "veto": {"claim_code": "idle_land"},
    "group": {"claim_above_scale": "0", "claim_industry_code": "1713"},
    "land": {"claim_change": "area", "claim_parcel_code": "P2", "claim_area_mu": "5"},
    "exemption": {"claim_code": "building"},
}
SHOWN = {
    "figure": "数据有误",
    "veto": "降档事项：闲置土地",
    "group": "规上、规下",
    "land": "宗地 P2 用地（亩）",
    "exemption": "免评事项：建设期",
}


@pytest.fixture
def run(county: County, officer: Actor, firms: list[Enterprise]) -> GradingRun:
    """A run under notice in which the firm of the west has a veto that the second officer entered."""
    in_force(county, officer)
    stated = StatedFact(WEST_FIRM, "veto", "idle_land", "闲置认定书 1 号")
    enter_fact(county=county, actor=second(officer), year=YEAR, stated=stated, reason="认定")
    made = draft(county, officer)
    check_run(county=county, actor=second(officer), run_id=made.pk, on=DAY, reason="复核")
    publish_notice(county=county, actor=officer, run_id=made.pk, on=DAY, reason="公示")
    return made


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_town_files_and_the_officer_decides(run: GradingRun, signed_in: SignIn, kind: str) -> None:
    town, client = signed_in("township_officer"), signed_in("evaluation_officer")
    page = f"/evaluation/{run.pk}/firms/{WEST_FIRM}/"
    form = text(town.get(page, {"object": kind}))
    assert f'name="kind" value="{kind}"' in form
    assert all(f'name="{name}"' in form for name in CLAIMS[kind])
    sent = TOLD | {"kind": kind} | CLAIMS[kind]
    assert town.post(page.replace(WEST_FIRM, EAST_FIRM) + "objection", sent).status_code == 404
    assert client.post(f"{page}objection", sent).status_code == 403
    if CLAIMS[kind]:
        bare = town.post(f"{page}objection", TOLD | {"kind": kind})
        assert (bare.status_code, "field-error" in text(bare)) == (422, True)
    assert not Objection.objects.exists()
    assert town.post(f"{page}objection", sent).status_code == 302
    one = Objection.objects.get()
    assert one.kind == kind
    for address in (f"/evaluation/{run.pk}/", page, f"/evaluation/objections/{one.pk}/"):
        assert KINDS[kind] in text(town.get(address)), address
    address = f"/evaluation/objections/{one.pk}/"
    decision = {"upheld": "1", "on": "2024-05-16", "reason": "核实", "figure_tax_wan": "120"} | CLAIMS[kind]
    assert town.post(address, decision).status_code == 403
    tried = client.post(address, decision | {"preview": "1"})
    for words in ("试算结果（未保存）", "更正前", SHOWN[kind] if kind != "figure" else "税收实际贡献"):
        assert words in text(tried), words
    assert not hasattr(Objection.objects.get(), "decision"), "trying it out wrote nothing"
    assert FrozenInput.objects.count() == 1
    assert client.post(address, decision).status_code == 302
    told = rows_of(client.get(f"/evaluation/{run.pk}/objections.xlsx"))
    assert KINDS[kind] in told[3]
    assert "→" in told[3][-1]
    assert "→" not in rows_of(town.get(f"/evaluation/{run.pk}/objections.xlsx"))[3][-1]
    shown = text(client.get(address))
    for words in ("更正前", "更正后", SHOWN[kind], "整组按更正后的数据重新计算"):
        assert words in shown, words
    of_town = text(town.get(address))
    assert "更正前" in of_town
    for figure in ("得分</th>", "整组按更正后", "→"):
        assert figure not in of_town, figure
    sheet = text(client.get(page))
    assert f"异议 {one.pk}：核实" in sheet
    assert "公示后的更正" in sheet
    assert "更正后" in text(town.get(page))


def test_a_refusal_is_told_beside_its_field_and_changes_nothing(run: GradingRun, signed_in: SignIn) -> None:
    town, client = signed_in("township_officer"), signed_in("evaluation_officer")
    page = f"/evaluation/{run.pk}/firms/{WEST_FIRM}/"
    town.post(f"{page}objection", TOLD | {"kind": "land"} | CLAIMS["land"])
    one, before = Objection.objects.get(), grades(run)
    address = f"/evaluation/objections/{one.pk}/"
    assert 'value="P2"' in text(client.get(address)), "the decision begins with the claim"
    wrong = {"upheld": "1", "on": "2024-05-16", "reason": "核实"} | CLAIMS["land"] | {"claim_area_mu": ""}
    answer = client.post(address, wrong)
    assert (answer.status_code, "没有写明面积" in text(answer)) == (422, True)
    assert client.post(address, {"upheld": "0", "on": "2024-05-16", "reason": "证据不足"}).status_code == 302
    assert grades(run) == before
    assert "更正前" not in text(client.get(address))
    odd = town.post(f"{page}objection", TOLD | {"kind": "无", "on": "2024-05-17"})
    assert odd.status_code == 302, "an unknown kind is one of figures"
    assert Objection.objects.filter(kind="figure").count() == 1
