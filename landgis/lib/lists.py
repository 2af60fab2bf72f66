"""A list on a page: the rows of the page that is asked for, and the filters that its links carry along.

Refuses to know the rows: which there are is the room's business, and a page beyond the last is the last.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest


class Paged(TypedDict):
    """What `parcels/pages.html` and the links to the list's files read."""

    page: Page[Any]
    query: str


def paged(request: HttpRequest, rows: Sequence[Any] | QuerySet[Any], size: int) -> Paged:
    """The page of `rows` that the address asks for, `size` on each, and the address's other values."""
    return {
        "page": Paginator(rows, size).get_page(request.GET.get("page")),
        "query": query_without(request, "page"),
    }


def query_without(request: HttpRequest, *names: str) -> str:
    """The address's values but those named, as text for a link."""
    values = request.GET.copy()
    for name in names:
        values.pop(name, None)
    return values.urlencode()
