"""The lists that an editor's fields offer."""

from landgis.counties.models import County
from parcels.editing.rules import RULES
from tests import factories
from tests.factories import TOWN_EAST, TOWN_WEST, SignIn, box


def test_the_lists(county: County, signed_in: SignIn) -> None:
    factories.parcel(county, "P1", box(0, 0, 1, 1), tenure="授权使用")
    said = signed_in("registrar").get("/api/editing/code-lists").json()
    assert {"set": "GB/T 21010-2017", "code": "0601", "name": "工业用地"} in said["land_classes"]
    assert {"set": "国土空间用地用海分类（2023）", "code": "100101", "name": "一类工业用地"} in said[
        "land_classes"
    ]
    assert said["towns"] == [{"code": TOWN_WEST, "name": "甲镇"}, {"code": TOWN_EAST, "name": "乙镇"}]
    assert said["tenures"][0] == "出让"
    assert said["tenures"][-1] == "授权使用"
    assert {"code": "survey_report", "title": "勘测报告"} in said["document_kinds"]
    assert {"code": "subdivision", "title": "分割"} in said["event_kinds"]
    rules = {rule["rule"]: rule for rule in said["rules"]}
    assert rules.keys() == RULES.keys()
    assert (rules["overlap"]["severity"], rules["overlap"]["title"]) == ("error", "重叠")
    assert rules["overlap"]["limits"]["area_m2"] > 0


def test_a_township_officer_sees_the_own_town(county: County, signed_in: SignIn) -> None:
    factories.parcel(county, "P1", box(0, 0, 1, 1), tenure="乙镇特有", town_code=TOWN_EAST)
    said = signed_in("township_officer").get("/api/editing/code-lists").json()
    assert said["towns"] == [{"code": TOWN_WEST, "name": "甲镇"}]
    assert "乙镇特有" not in said["tenures"]
