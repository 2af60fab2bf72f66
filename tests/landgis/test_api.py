"""The interface as a whole: errors in one form, documents from this machine, writes only with the token."""

import json
import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from landgis.access.models import User
from landgis.api import api
from tests.factories import SignIn


@pytest.mark.usefixtures("county")
def test_documents_need_signing_in_and_load_nothing_from_elsewhere(signed_in: SignIn) -> None:
    assert Client().get("/api/docs").status_code == 302
    assert Client().get("/api/openapi.json").status_code == 302
    page = signed_in("leader").get("/api/docs").content.decode()
    assert not re.search(r"(src|href)=\"(https?:)?//", page)
    files = re.findall(r"(?:src|href)=\"/static/(ninja/[^\"]+)\"", page)
    assert "ninja/swagger-ui-bundle.js" in files
    assert all(finders.find(file) for file in files)


def test_every_property_has_a_chinese_title() -> None:
    schemas = api.get_openapi_schema()["components"]["schemas"]
    untitled = [
        f"{name}.{field}"
        for name, schema in schemas.items()
        for field, facts in schema.get("properties", {}).items()
        if name not in ("FeatureOut", "FeaturesOut")
        and not re.search("[\u4e00-\u9fff]", facts.get("title", ""))
        and "$ref" not in str(facts)
    ]
    assert not untitled


@pytest.mark.usefixtures("county")
def test_a_write_without_the_token_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.create_user("somebody"))
    response = client.post("/api/indicators/polygon", json.dumps({}), content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (403, "csrf")


def test_every_wrong_parameter_is_listed(signed_in: SignIn) -> None:
    said = signed_in("leader").get("/api/parcels", {"page": "x", "page_size": "0"}).json()
    assert (said["code"], said["field"], said["message"]) == ("input_invalid", "page", "参数“page”应为整数。")
    assert [issue["message"] for issue in said["issues"]] == [
        "参数“page”应为整数。",
        "参数“page_size”不能小于 1。",
    ]
    assert said["remedy"]
