"""A bureau that issues papers: its county, and the officer who may."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from landgis.access.queries import Actor, actor_for
from landgis.counties.models import County
from parcels.documents.actions import issue_document
from parcels.documents.models import IssuedDocument
from tests import factories

Issue = Callable[..., IssuedDocument]


@pytest.fixture
def officer(county: County) -> Actor:
    return actor_for(factories.person(county, "idle_land_officer"), county, date(2026, 1, 1))


@pytest.fixture
def issue(county: County, officer: Actor) -> Issue:
    """`issue("finding", holder="甲")` on 2026-03-05."""

    def issuing(kind: str = "finding", *, on: date = date(2026, 3, 5), **facts: Any) -> IssuedDocument:
        options = {key: facts.pop(key) for key in ("town_code", "subject", "pictures") if key in facts}
        return issue_document(county, officer, kind, facts, on=on, reason="测试出具文书", **options)

    return issuing
