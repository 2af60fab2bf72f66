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
    said = api.get_openapi_schema()
    titles = {
        f"{name}.{field}": facts.get("title", "")
        for name, schema in said["components"]["schemas"].items()
        for field, facts in schema.get("properties", {}).items()
    }
    for path, methods in said["paths"].items():
        for method, operation in methods.items():
            titles[f"{method} {path}"] = operation.get("summary", "")
            for parameter in operation.get("parameters", ()):
                titles[f"{method} {path} {parameter['name']}"] = parameter["schema"].get("title", "")
    assert not [name for name, title in titles.items() if not re.search("[\u4e00-\u9fff]", title)]


@pytest.mark.usefixtures("county")
def test_a_write_without_the_token_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.create_user("somebody"))
    response = client.post("/api/indicators/polygon", json.dumps({}), content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (403, "csrf")


READS_BY_POST = "/api/indicators/polygon"


def writes() -> list[tuple[str, str]]:
    """Every address that changes something, as the documents name them."""
    paths = api.get_openapi_schema()["paths"]
    return [
        (method, re.sub(r"{[^}]*}", "1", path))
        for path, methods in paths.items()
        for method in methods
        if method != "get"
    ]


@pytest.mark.parametrize(("method", "path"), writes())
def test_every_write_needs_a_session_the_token_and_the_right(
    signed_in: SignIn, method: str, path: str
) -> None:
    def said(client: Client) -> tuple[int, str]:
        answer = getattr(client, method)(path, "{}", content_type="application/json")
        return answer.status_code, answer.json()["code"]

    leader = signed_in("leader")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = leader.cookies
    assert said(Client()) == (401, "signed_out")
    assert said(strict) == (403, "csrf")
    if path != READS_BY_POST:
        for role in ("leader", "township_officer", "agency"):
            status, code = said(signed_in(role))
            # What the body lacks may be told first; nothing is done either way.
            assert (status, code) in ((403, "forbidden"), (422, "input_invalid"))


def test_every_wrong_parameter_is_listed(signed_in: SignIn) -> None:
    said = signed_in("leader").get("/api/parcels", {"page": "x", "page_size": "0"}).json()
    assert (said["code"], said["field"], said["message"]) == ("input_invalid", "page", "参数“page”应为整数。")
    assert [issue["message"] for issue in said["issues"]] == [
        "参数“page”应为整数。",
        "参数“page_size”不能小于 1。",
    ]
    assert said["remedy"]
