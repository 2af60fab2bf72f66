"""The clusters' pages: list, one cluster, its picture and workbook, decisions, and who is refused."""

import io
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from landgis.access.queries import Actor
from landgis.counties.models import County
from parcels.clusters.models import Cluster
from tests import factories, factories_parcels
from tests.factories import SignIn
from tests.parcels.clusters.test_deciding import again

pytestmark = pytest.mark.django_db


@pytest.fixture
def found(county: County, cast: dict[str, Actor]) -> list[Cluster]:
    for code, x, town in (
        ("A0", 0, factories.TOWN_WEST),
        ("A1", 1.1, factories.TOWN_WEST),
        ("B0", 10, factories.TOWN_EAST),
    ):
        parcel = factories.parcel(county, code, factories.box(x, 0, x + 1, 1), town_code=town)
        factories.holder(parcel, f"{code}公司")
    factories_parcels.taxes(county, 2024, {"A0": 1.0, "A1": 2.0, "B0": 3.0})
    return again(county, cast)


def test_the_list_and_its_workbook(signed_in: SignIn, found: list[Cluster]) -> None:
    client = signed_in("evaluation_officer")
    page = client.get("/clusters/").content.decode()
    assert found[0].cluster_no in page
    assert "共 2 片" in page
    assert "共 1 片" in client.get("/clusters/?q=B0").content.decode()
    assert "共 0 片" in client.get("/clusters/?state=confirmed").content.decode()
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get("/clusters/list.xlsx").content))
    assert any(found[0].cluster_no in row for row in book.get_sheet_by_index(0).to_python())


def test_one_cluster_its_picture_and_decisions(signed_in: SignIn, found: list[Cluster]) -> None:
    client = signed_in("registrar")
    at = f"/clusters/{found[0].pk}/"
    page = client.get(at).content.decode()
    assert "A0公司" in page
    assert "亩均税收（万元/亩）" not in page  # a registrar isn't cleared for firms' figures
    assert client.get(at + "map.png").content.startswith(b"\x89PNG")
    refused = client.post(at + "adjust", {"parcel_codes": "A0 ZZ", "reason": "核对"})
    assert refused.status_code in {400, 422}
    assert "ZZ" in refused.content.decode()
    assert (
        client.post(at + "adjust", {"parcel_codes": "A0", "boundary": "{", "reason": "核对"}).status_code
        == 422
    )
    assert client.post(at + "adjust", {"parcel_codes": "A0", "reason": "核对"}).status_code == 302
    assert client.post(at + "confirm", {"way": "收储", "reason": "同意"}).status_code == 302
    assert "确认" in client.get(at).content.decode()
    assert client.post(at + "dismiss", {"reason": ""}).status_code == 422
    assert client.post(at + "dismiss", {"reason": "不再成片"}).status_code == 302
    assert Cluster.objects.get(pk=found[0].pk).valid_to is not None


def test_a_town_sees_its_own(signed_in: SignIn, found: list[Cluster]) -> None:
    client = signed_in("township_officer")
    page = client.get("/clusters/").content.decode()
    assert "共 1 片" in page
    assert client.get(f"/clusters/{found[0].pk}/").status_code == 200
    for path in ("", "map.png"):
        assert client.get(f"/clusters/{found[1].pk}/{path}").status_code == 404
    assert client.post(f"/clusters/{found[0].pk}/confirm", {"way": "收储", "reason": "x"}).status_code == 403


def test_who_is_refused(signed_in: SignIn, found: list[Cluster]) -> None:
    for role in ("agency", "security_admin", "system_admin"):
        assert signed_in(role).get("/clusters/").status_code == 403
    assert signed_in("leader").get("/clusters/list.xlsx").status_code == 403


def test_the_list_asks_as_often_for_many_as_for_few(
    signed_in: SignIn, found: list[Cluster], django_assert_max_num_queries: Any
) -> None:
    client = signed_in("leader")
    client.get("/clusters/")
    with django_assert_max_num_queries(11):
        client.get("/clusters/")
