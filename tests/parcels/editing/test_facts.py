"""Facts tied to parcels that end: shown with their choices, asked for where it matters, never left dangling."""

from decimal import Decimal
from typing import Any

from landgis.counties.models import County
from parcels.cadastre.models import Holding, Parcel
from parcels.enterprises.models import Occupancy
from parcels.supply.models import SupplyContract
from tests import factories
from tests.parcels.editing.conftest import A, B, Editor, at

Body = dict[str, Any]
SPLIT = {"kind": "split", "parcel": A, "lines": [[at(25, -1), at(25, 101)]]}


def tied(county: County, parcels: dict[str, Parcel]) -> None:
    factories.holder(parcels[A], "甲公司")
    firm = factories.enterprise(county, "913307820000000001", "示意企业1")
    factories.occupancy(parcels[A], firm, area_m2=Decimal(4000))
    factories.contract(county, "HT-1", parcels[A])


def codes(saved: Body) -> dict[str, str]:
    return {item["key"]: item["code"] for item in saved["parcels"]}


def test_what_is_tied_and_where_it_may_go(
    county: County, registrar: Editor, parcels: dict[str, Parcel]
) -> None:
    tied(county, parcels)
    by_kind = {fact["kind"]: fact for fact in registrar.preview(SPLIT)["facts"]}
    assert set(by_kind) == {"occupancy", "contract"}
    assert set(by_kind["occupancy"]["options"]) == {"#1.1", "#1.2", "proportional"}
    assert by_kind["occupancy"]["default"] == "proportional"
    assert set(by_kind["contract"]["options"]) == {"#1.1", "#1.2"}
    larger = max(
        (item for item in registrar.preview(SPLIT)["parcels"] if item["state"] == "new"),
        key=lambda item: item["planar_area_m2"],
    )
    assert by_kind["contract"]["default"] == larger["key"]
    assert {fact["asked"] for fact in by_kind.values()} == {True}
    assert {fact["parcel"] for fact in by_kind.values()} == {A}


def test_with_one_descendant_nothing_is_asked(
    county: County, registrar: Editor, parcels: dict[str, Parcel]
) -> None:
    tied(county, parcels)
    facts = registrar.preview({"kind": "merge", "parcels": [A, B]})["facts"]
    assert {(fact["asked"], tuple(fact["options"])) for fact in facts} == {(False, ("#1.1",))}


def test_everything_goes_its_default_way(
    county: County, registrar: Editor, parcels: dict[str, Parcel]
) -> None:
    tied(county, parcels)
    saved = registrar.save(SPLIT)
    children = Parcel.objects.filter(code__in=[codes(saved)["#1.1"], codes(saved)["#1.2"]])
    using = Occupancy.objects.filter(parcel__in=children, valid_to=None)
    assert sum(use.area_m2 or 0 for use in using) == Decimal(4000)
    assert not Occupancy.objects.filter(parcel__code=A, valid_to=None).exists()
    assert SupplyContract.objects.get().parcel in children
    assert {held.holder.name for held in Holding.objects.filter(parcel__in=children)} == {"甲公司"}
    assert Holding.objects.filter(parcel__in=children, valid_to=None).count() == 2


def test_the_officer_decides(county: County, registrar: Editor, parcels: dict[str, Parcel]) -> None:
    tied(county, parcels)
    facts = registrar.preview(SPLIT)["facts"]
    smaller = [{"fact": fact["fact"], "to": "#1.1"} for fact in facts]
    refused = registrar.save(SPLIT, facts=smaller[:1], status=422)
    assert (refused["code"], len(refused["facts"])) == ("facts_unanswered", 1)
    wrong = [{"fact": fact["fact"], "to": "#1.9"} for fact in facts]
    assert registrar.save(SPLIT, facts=wrong, status=422)["code"] == "fact_choice_invalid"
    saved = registrar.save(SPLIT, facts=smaller)
    first = Parcel.objects.get(code=codes(saved)["#1.1"])
    assert SupplyContract.objects.get().parcel == first
    assert {use.parcel for use in Occupancy.objects.filter(valid_to=None)} == {first}


def test_a_series_of_changes_taken_back_leaves_the_facts_where_they_were(
    county: County, registrar: Editor, parcels: dict[str, Parcel]
) -> None:
    tied(county, parcels)
    first = registrar.save(SPLIT)
    half = codes(first)["#1.2"]
    second = registrar.save({"kind": "split", "parcel": half, "lines": [[at(60, -1), at(60, 101)]]})
    third = registrar.save({"kind": "merge", "parcels": [codes(second)["#1.1"], codes(second)["#1.2"]]})
    for saved in (third, second, first):
        answer = registrar.post(f"/api/change-sets/{saved['change_id']}/reverse", {"reason": "撤销"})
        assert answer.status_code == 201, answer.content.decode()
    (use,) = Occupancy.objects.filter(valid_to=None)
    assert (use.parcel.code, use.area_m2) == (A, Decimal(4000))
    contract = SupplyContract.objects.get()
    assert contract.parcel is not None
    assert contract.parcel.code == A
    (held,) = Holding.objects.filter(valid_to=None)
    assert (held.parcel.code, held.share) == (A, Decimal(1))
