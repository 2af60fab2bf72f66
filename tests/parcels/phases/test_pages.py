"""A contract phase over HTTP: its facts in forms, the finding beside them, the list, and who may not."""

from __future__ import annotations

import io
import re
from datetime import date
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from landgis.audit.models import AuditEvent
from landgis.counties.models import County
from parcels.supply.fact_actions import MODELS
from parcels.supply.fact_models import CauseInterval, Milestone, Permit, Stoppage, SupplementAgreement
from parcels.supply.models import ConstructionProgress, ContractPhase, SupplyContract
from tests import factories
from tests.factories import SignIn

LIST = "/supply/phases/"
TODAY = timezone.localdate
# What an officer writes into the form of each kind.
WRITTEN: dict[str, dict[str, Any]] = {
    "supplement": {"agreement_no": "补1", "signed_on": "2022-05-01", "agreed_start": "2023-06-01"},
    "permit": {"permit_no": "施1", "issued_on": "2022-05-01"},
    "foundation": {"kind": "other", "as_of": "2022-06-01", "done": "1", "total": "3"},
    "stoppage": {"last_built_on": "2023-01-01"},
    "cause": {"cause": "G1", "valid_from": "2021-03-01", "valid_to": "2021-09-01"},
    "encumbrance": {"kind": "mortgage", "holder_name": "示意银行", "valid_from": "2021-01-01"},
    "registration": {"registration_no": "监1", "registered_on": "2022-01-01"},
    "milestone": {
        "kind": "completion_review", "planned_on": "2021-03-01", "promised_plot_ratio": "1.5", "actual_on": "2022-01-01",
        "actual_plot_ratio": "1.20", "result": "fail", "judged_by": "李",
    },
    "progress": {"as_of": "2022-07-01", "invested_wan": "120.50", "note": "现场核查"},
}  # fmt: skip


@pytest.fixture
def phase(county: County) -> ContractPhase:
    parcel = factories.parcel(county, "A1", factories.box(0, 0, 1, 1))
    made = factories.contract(county, "合1", parcel, agreed_start=date(2021, 3, 1))
    with factories.writing(county):
        SupplyContract.objects.update(holder_name="示意公司", area_m2=Decimal(20000), price_wan=Decimal(1000))
    return made


@pytest.fixture
def elsewhere(county: County) -> ContractPhase:
    parcel = factories.parcel(county, "B1", factories.box(60, 0, 61, 1), town_code=factories.TOWN_EAST)
    return factories.contract(county, "合2", parcel, agreed_start=date(2021, 3, 1))


def page(client: Client, phase: ContractPhase, **asked: str) -> str:
    answer = client.get(f"{LIST}{phase.pk}/", asked)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def enter(client: Client, phase: ContractPhase, kind: str, **written: Any) -> Any:
    values = {
        "reason": "补录",
        **({} if kind == "progress" else {"evidence": "照片3张"}),
        **WRITTEN[kind],
        **written,
    }
    sent = {f"{kind}-{name}": value for name, value in values.items()}
    return client.post(f"{LIST}{phase.pk}/facts/{kind}", sent)


def correct(client: Client, phase: ContractPhase, kind: str, fact_id: int, **written: Any) -> Any:
    """What the opened form holds, with some fields written otherwise."""
    text = client.get(f"{LIST}{phase.pk}/", {"edit": f"{kind}-{fact_id}"}).content.decode()
    form = re.search(rf'<form[^>]+action="[^"]+/facts/{kind}/{fact_id}".*?</form>', text, re.DOTALL)
    assert form
    sent = dict(
        re.findall(r'<input type="(?:text|date|number|hidden)" name="(edit-[\w-]+)" value="([^"]*)"', form[0])
    )
    for name, body in re.findall(r'<select name="(edit-[\w-]+)".*?>(.*?)</select>', form[0], re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', body)
        sent[name] = chosen[1] if chosen else ""
    for name, body in re.findall(
        r'<textarea name="(edit-[\w-]+)"[^>]*>\s*(.*?)</textarea>', form[0], re.DOTALL
    ):
        sent[name] = body
    sent |= {f"edit-{kind}-{name}": value for name, value in {"reason": "更正", **written}.items()}
    return client.post(f"{LIST}{phase.pk}/facts/{kind}/{fact_id}", sent)


def errors(answer: Any) -> str:
    return " ".join(re.findall(r'class="(?:field-error|error)"[^<]*', unescape(answer.content.decode())))


@pytest.mark.parametrize("kind", list(WRITTEN))
def test_every_kind_is_entered_corrected_and_withdrawn_in_forms(
    kind: str, phase: ContractPhase, signed_in: SignIn
) -> None:
    client = signed_in("idle_land_officer")
    answer = enter(client, phase, kind)
    assert answer.status_code == 302, errors(answer)
    fact = MODELS[kind]._default_manager.get()
    assert "补录" in page(client, phase)
    evidence = "note" if kind == "progress" else "evidence"
    assert correct(client, phase, kind, fact.pk, **{evidence: "新的照片"}).status_code == 302
    fact.refresh_from_db()
    assert getattr(fact, evidence) == "新的照片"
    changed = AuditEvent.objects.get(action=f"correct_{kind}").summary["values"]
    assert list(changed) == [evidence], "what wasn't touched is no change"
    told = page(client, phase)
    assert "更正过 1 次" in told
    assert "照片3张" in told or "现场核查" in told
    assert correct(client, phase, kind, fact.pk).status_code == 302
    assert AuditEvent.objects.filter(action=f"correct_{kind}").count() == 1, "no change, no record"
    gone = client.post(f"{LIST}{phase.pk}/facts/{kind}/{fact.pk}/withdraw", {"reason": "误录"})
    assert gone.status_code == 302
    assert not MODELS[kind]._default_manager.exists()
    told = page(client, phase)
    assert "已撤销 1 条" in told
    assert "误录" in told


def test_what_is_wrong_stands_beside_its_field_and_nothing_written_is_lost(
    phase: ContractPhase, signed_in: SignIn
) -> None:
    client = signed_in("idle_land_officer")
    answer = enter(client, phase, "permit", issued_on="2099-01-01", evidence="")
    assert answer.status_code == 422
    assert "请填写证据材料" in errors(answer)
    assert "尚未发生的事不能登记" in errors(answer)
    assert 'value="施1"' in answer.content.decode()
    assert enter(client, phase, "permit", reason="").status_code == 422
    assert enter(client, phase, "permit", permit_no="施" * 81).status_code == 422
    assert enter(client, phase, "foundation", done="1e400").status_code == 422
    assert enter(client, phase, "foundation", done="99999999999").status_code == 422
    assert enter(client, phase, "cause", cause="G9").status_code == 422
    assert enter(client, phase, "permit").status_code == 302
    again = enter(client, phase, "permit")
    assert again.status_code == 409
    assert "已登记过同一许可证" in errors(again)
    assert enter(client, phase, "stoppage").status_code == 302
    assert enter(client, phase, "stoppage", last_built_on="2024-01-01").status_code == 409
    assert (Permit.objects.count(), Stoppage.objects.count()) == (1, 1)


def test_addresses_that_lead_nowhere_are_told_so(phase: ContractPhase, signed_in: SignIn) -> None:
    client = signed_in("idle_land_officer")
    base = f"{LIST}{phase.pk}/"
    for address in (f"{LIST}999999999/", f"{LIST}{10**30}/", f"{base}?edit=permit-77", f"{base}?edit=mud-1"):
        assert client.get(address).status_code == 404, address
    for address in (
        "facts/mud",
        "facts/phase",
        "facts/permit/77",
        "facts/permit/77/withdraw",
        "causes/77/verify",
    ):
        assert client.post(base + address, {"reason": "x"}).status_code == 404, address
    for query in ("edit=x", "edit=permit-", "on=x", "on=2099-01-01", "on=0001-01-01", "edit=-1"):
        assert client.get(f"{base}?{query}").status_code in (200, 404), query
    for query in ("q=%00", "town=x", "page=x", "page=9999", "q=" + "x" * 99):
        assert client.get(f"{LIST}?{query}").status_code == 200, query


def test_entered_facts_change_the_finding_as_the_articles_say(
    phase: ContractPhase, signed_in: SignIn
) -> None:
    client = signed_in("idle_land_officer")

    def finding() -> str:
        shown = re.search(
            r'id="finding">\s*<p><span class="badge finding finding-(\w+)"', page(client, phase)
        )
        assert shown
        return shown[1]

    assert finding() == "idle_not_started"
    assert "满一年为 2022-03-01" in page(client, phase)
    enter(client, phase, "permit")
    assert finding() == "idle_not_started", "art. 30: a permit alone is no start"
    assert "缺少：基础类型和完成量" in page(client, phase)
    enter(client, phase, "foundation")
    assert finding() == "clear"
    enter(client, phase, "stoppage")
    assert finding() == "undetermined"
    agreed = {"total_investment_wan": "1000", "land_to_develop_m2": "3000", "document": "投资协议"}
    edited = correct(client, phase, "phase", phase.pk, **agreed)
    assert edited.status_code == 302, errors(edited)
    enter(
        client,
        phase,
        "progress",
        as_of="2023-02-01",
        invested_wan="240",
        developed_area_m2="2000",
        stopped_since="2023-01-01",
    )
    assert finding() == "idle_stopped", "art. 2(2): 240 of 1000 is less than a quarter"
    assert "占 24.00%，不足 1/4" in page(client, phase)
    correct(client, phase, "progress", ConstructionProgress.objects.get().pk, invested_wan="250")
    assert finding() == "clear", "exactly a quarter isn't less"
    assert finding() == "clear"
    assert "满一年为 2022-03-01" in page(client, phase, on="2021-12-31")


def test_a_supplement_moves_the_start_and_may_hold_for_every_phase(
    phase: ContractPhase, county: County, signed_in: SignIn
) -> None:
    client = signed_in("idle_land_officer")
    with factories.writing(county):
        second = ContractPhase.objects.create(
            contract=phase.contract, phase_no=2, agreed_start=date(2021, 3, 1)
        )
    enter(client, phase, "supplement")
    assert "约定动工日期 2023-06-01（以最后签订的补充协议为准）" in page(client, phase)
    assert "约定动工日期 2021-03-01" in page(client, second)
    enter(
        client,
        phase,
        "supplement",
        agreement_no="补2",
        signed_on="2023-05-01",
        agreed_start="2024-06-01",
        whole_contract="on",
    )
    assert "约定动工日期 2024-06-01" in page(client, second)
    assert SupplementAgreement.objects.get(agreement_no="补2").phase_id is None


def test_only_the_bureau_verifies_a_cause(phase: ContractPhase, signed_in: SignIn) -> None:
    town, officer = signed_in("township_officer"), signed_in("idle_land_officer")
    assert enter(town, phase, "cause", verified_by="镇", verified_on="2022-01-01").status_code == 302
    cause = CauseInterval.objects.get()
    assert cause.verified_by == "", "the form doesn't ask for it"
    address = f"{LIST}{phase.pk}/causes/{cause.pk}/verify"
    assert "核实说明" not in page(town, phase)
    assert town.post(address, {"verified_on": "2022-01-01", "reason": "核实"}).status_code == 403
    officer.post(address, {"verified_on": "2099-01-01", "reason": "核实"})
    assert "尚未发生的事不能登记" in page(officer, phase)
    assert not CauseInterval.objects.exclude(verified_by="").exists()
    assert officer.post(address, {"verified_on": "2022-01-01", "reason": "核实"}).status_code == 302
    assert CauseInterval.objects.values_list("verified_by", "verified_on").get() == (
        "idle_land_officer", date(2022, 1, 1),
    )  # fmt: skip
    assert "经核实的第八条原因期间" in page(officer, phase)
    assert correct(town, phase, "cause", cause.pk, valid_to="2022-01-01").status_code == 403
    assert officer.post(address, {"undo": "1", "reason": "撤回"}).status_code == 302
    assert CauseInterval.objects.get().verified_on is None


def test_a_town_reports_on_its_own_ground_only_and_judges_nothing(
    phase: ContractPhase, elsewhere: ContractPhase, signed_in: SignIn, client: Client
) -> None:
    town = signed_in("township_officer")
    assert enter(town, phase, "permit").status_code == 302
    assert enter(town, elsewhere, "permit").status_code == 404
    assert town.get(f"{LIST}{elsewhere.pk}/").status_code == 404
    permit = Permit.objects.get()
    assert town.post(f"{LIST}{elsewhere.pk}/facts/permit/{permit.pk}", {"reason": "x"}).status_code == 404
    assert (
        town.post(f"{LIST}{phase.pk}/facts/permit/{permit.pk}/withdraw", {"reason": "x"}).status_code == 403
    )
    enter(town, phase, "milestone")
    assert Milestone.objects.get().result == ""
    text = page(town, phase, edit=f"phase-{phase.pk}")
    assert "edit-phase-actual_delivery" in text
    assert "edit-phase-agreed_start" not in text
    assert correct(town, phase, "phase", phase.pk, actual_delivery="2020-03-01").status_code == 302
    phase.refresh_from_db()
    assert (phase.actual_delivery, phase.agreed_start) == (date(2020, 3, 1), date(2021, 3, 1))
    for role in ("registrar", "leader", "evaluation_officer"):
        reader = signed_in(role)
        assert "phase-enter" not in page(reader, phase)
        assert "登记施工许可证" not in page(reader, phase)
        assert enter(reader, phase, "permit", permit_no="施9").status_code == 403
        assert reader.post(f"{LIST}{phase.pk}/facts/permit/{permit.pk}", {"reason": "x"}).status_code == 403
    for role in ("agency", "audit_admin", "security_admin"):
        assert signed_in(role).get(f"{LIST}{phase.pk}/").status_code == 403
        assert signed_in(role).get(LIST).status_code == 403
    assert client.get(LIST)["Location"].startswith("/login/")
    assert signed_in("leader").get(f"{LIST}list.xlsx").status_code == 403
    assert Permit.objects.count() == 1


def test_what_another_corrected_meanwhile_isnt_overwritten(phase: ContractPhase, signed_in: SignIn) -> None:
    client = signed_in("idle_land_officer")
    enter(client, phase, "permit")
    permit = Permit.objects.get()
    seen = permit.change_id
    correct(client, phase, "permit", permit.pk, evidence="甲的更正")
    stale = {
        "permit_no": "施1",
        "issued_on": "2022-05-01",
        "evidence": "乙的更正",
        "reason": "更正",
        "seen": seen,
    }
    answer = client.post(
        f"{LIST}{phase.pk}/facts/permit/{permit.pk}",
        {f"edit-permit-{name}": value for name, value in stale.items()},
    )
    assert answer.status_code == 412
    assert "乙的更正" in answer.content.decode()
    assert Permit.objects.get().evidence == "甲的更正"


def test_the_list_shows_derived_dates_and_hands_on_what_it_shows(
    phase: ContractPhase, elsewhere: ContractPhase, signed_in: SignIn
) -> None:
    client = signed_in("idle_land_officer")
    enter(client, phase, "supplement")
    enter(client, phase, "permit")
    enter(client, phase, "foundation")
    text = unescape(client.get(LIST).content.decode())
    assert "2023-06-01" in text, "the supplement's start"
    assert "2022-06-01" in text, "the start by papers"
    assert "合2" in text
    assert "合2" not in client.get(LIST, {"q": "示意公司"}).content.decode()
    assert "合2" not in client.get(LIST, {"q": "a1"}).content.decode()
    assert "合1<" not in client.get(LIST, {"town": factories.TOWN_EAST}).content.decode()
    assert "合2" not in signed_in("township_officer").get(LIST).content.decode()
    content = client.get(f"{LIST}list.xlsx", {"q": "合1"}).getvalue()
    cells = str(CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python())
    assert "合1" in cells
    assert "合2" not in cells
    assert "2023, 6, 1" in cells
    assert AuditEvent.objects.filter(action="export_phases").count() == 1


def test_the_list_of_the_contracts_of_a_year(
    county: County, phase: ContractPhase, elsewhere: ContractPhase, signed_in: SignIn
) -> None:
    with factories.writing(county):
        SupplyContract.objects.filter(pk=elsewhere.contract_id).update(signed_on=date(2022, 12, 31))
        SupplyContract.objects.filter(pk=phase.contract_id).update(signed_on=date(2023, 1, 1))
    client = signed_in("idle_land_officer")
    text = unescape(client.get(LIST, {"year": "2022"}).content.decode())
    assert "合2" in text
    assert "合1<" not in text
    for nonsense in ("去年", "-1", "99999999999999999999"):
        assert "合2" not in unescape(client.get(LIST, {"year": nonsense}).content.decode())


def test_the_pages_ask_a_fixed_number_of_times(
    phase: ContractPhase, county: County, signed_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    client = signed_in("idle_land_officer")
    for i in range(20):
        factories.contract(county, f"多{i}", agreed_start=date(2023, 3, 1))
        enter(client, phase, "permit", permit_no=f"施{i}")
    correct(client, phase, "permit", Permit.objects.all()[0].pk, evidence="改")
    with django_assert_max_num_queries(24):
        client.get(LIST)
    with django_assert_max_num_queries(50):
        page(client, phase)
