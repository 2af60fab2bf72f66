"""The page that an address asks for, and what its links carry along."""

import pytest
from django.test import RequestFactory

from landgis.lib.lists import paged, query_without


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("", [0, 1]),
        ("?page=2", [2, 3]),
        ("?page=3", [4]),
        ("?page=99", [4]),
        ("?page=x", [0, 1]),
        ("?page=-1", [4]),
    ],
)
def test_the_page_that_is_asked_for(asked: str, shown: list[int]) -> None:
    found = paged(RequestFactory().get(f"/{asked}"), range(5), 2)
    assert list(found["page"]) == shown
    assert found["query"] == ""


def test_links_keep_every_other_value() -> None:
    request = RequestFactory().get("/?q=甲&town=1&town=2&page=3&status=late")
    assert paged(request, [], 2)["query"] == "q=%E7%94%B2&town=1&town=2&status=late"
    assert query_without(request, "page", "status", "town") == "q=%E7%94%B2"
