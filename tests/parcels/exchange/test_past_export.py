"""Handing out the register as it was on a day: former shapes, former holders, each parcel once."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from landgis.access.queries import command_actor
from landgis.counties.models import County
from parcels.cadastre.models import Parcel
from parcels.cadastre.transitions import ChangedParcel, Transition
from parcels.exchange.export import WRITERS, export_collection
from tests import factories
from tests.factories import box
from tests.factories_cadastre import applied, divided

FIRST, SECOND = date(2022, 7, 1), date(2023, 7, 1)
OLD, NEW = "示意纺织有限公司", "示意电子有限公司"


@pytest.fixture
def edited(county: County) -> County:
    """A is divided in 2022; B is handed over and moved in 2023."""
    first = factories.parcel(county, "A", box(0, 0, 2, 1))
    second = factories.parcel(county, "B", box(3, 0, 4, 1), location="旧址")
    for parcel in (first, second):
        factories.holder(parcel, OLD)
    divided(county, first, FIRST, box(0, 0, 1, 1), box(1, 0, 2, 1))
    values: dict[str, Any] = {"location": "新址", "holders": [{"name": NEW, "share": 1}]}
    applied(county, Transition(on=SECOND, changed=[ChangedParcel(second.pk, values)]))
    return county


def handed_out(county: County, out: Path, on: date, **asked: Any) -> dict[str, tuple[str, str]]:
    operator = command_actor("system", county)
    export_collection(
        county=county, actor=operator, collection="parcels", out=out, reason="测试", on=on, **asked
    )
    listed = [item["properties"] for item in json.loads(out.read_text(encoding="utf-8"))["features"]]
    assert len({item["code"] for item in listed}) == len(listed)
    return {item["code"]: (item["location"], item["holder"]) for item in listed}


def test_a_day_has_its_own_parcels_facts_and_holders(edited: County, tmp_path: Path) -> None:
    out = tmp_path / "p.geojson"
    assert handed_out(edited, out, date(2022, 6, 30)) == {"A": ("", OLD), "B": ("旧址", OLD)}
    assert handed_out(edited, out, FIRST) == {"A-1": ("", OLD), "A-2": ("", OLD), "B": ("旧址", OLD)}
    assert handed_out(edited, out, SECOND)["B"] == ("新址", NEW)
    assert set(handed_out(edited, out, date(2022, 6, 30), where="location = '旧址'")) == {"B"}


@pytest.mark.parametrize("extension", list(WRITERS))
def test_every_format_can_look_back(edited: County, tmp_path: Path, extension: str) -> None:
    operator = command_actor("system", edited)
    told = export_collection(
        county=edited,
        actor=operator,
        collection="parcels",
        out=tmp_path / f"p.{extension}",
        reason="测试",
        on=date(2022, 6, 30),
    )
    assert told.features == 2
    assert Parcel.objects.filter(valid_to=None).count() == 3
