"""The credited ground as collections: today, past days, towns, and the export."""

import json
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from landgis.access.queries import Actor
from landgis.counties.models import County
from layers.catalog.collection import Collection
from layers.catalog.rows import Question, rows
from parcels.campaigns.actions import open_project, record_stage
from parcels.campaigns.credit_actions import credit_ground, reverse_credit
from parcels.campaigns.models import Credit
from parcels.campaigns.published import REMEDIATION, REVITALISATION
from tests import factories
from tests.factories import SignIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def credits(county: County, cast: dict[str, Actor]) -> list[Credit]:
    officer, made = cast["registrar"], []
    for code, x, town in (("A", 0, factories.TOWN_WEST), ("C", 4, factories.TOWN_EAST)):
        factories.parcel(county, code, factories.box(x, 0, x + 2, 2), town_code=town)
        project = open_project(
            county=county, actor=officer, ledger="revitalisation", name=code, lead_unit="自规局", on=date(2022, 1, 1),
            reason="立项", parcel_codes=[code],
        )  # fmt: skip
        for stage in ("plan", "agreement", "done"):
            record_stage(
                county=county, actor=officer, project_id=project.pk, stage=stage, on=date(2022, 2, 1), person="王",
                reason="登记", evidence="附件",
            )  # fmt: skip
        made.extend(
            credit_ground(
                county=county, actor=officer, project_id=project.pk, on=date(2022, 3, 1), evidence="验收单", reason="入账"
            )
        )  # fmt: skip
    reverse_credit(
        county=county, actor=officer, credit_id=made[0].pk, on=date(2022, 6, 1), evidence="文", reason="误"
    )
    return made


def names(actor: Actor, on: date, collection: Collection = REVITALISATION) -> list[str]:
    found = rows(Question(collection, actor, on), ())
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT g.name {found.sql} ORDER BY 1", found.values)
        return [name for (name,) in cursor.fetchall()]


def test_a_past_day_shows_what_was_credited_then(credits: list[Credit], cast: dict[str, Actor]) -> None:
    leader = cast["leader"]
    assert names(leader, date(2026, 1, 1)) == ["C"]
    assert names(leader, date(2022, 5, 31)) == ["A", "C"]
    assert names(leader, date(2022, 6, 1)) == ["C"]
    assert names(leader, date(2022, 2, 28)) == []
    assert names(leader, date(2022, 5, 31), REMEDIATION) == []
    assert names(cast["township_officer"], date(2022, 5, 31)) == ["A"]


def test_tiles_and_export(
    county: County,
    credits: list[Credit],
    signed_in: SignIn,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    client = signed_in("leader")
    tile = client.get("/ogc/collections/revitalisation/tiles/WebMercatorQuad/12/1694/3413")
    assert tile.status_code in (200, 204)
    out = tmp_path / "盘活.geojson"
    call_command("export", "revitalisation", "--out", str(out), "--json", county=county.code)
    said = json.loads(capsys.readouterr().out)
    assert said["features"] == 1
    assert said["area_mu"] == pytest.approx(credits[1].area_m2 * 15 / 10000, abs=0.01)
    (feature,) = json.loads(out.read_text())["features"]
    assert feature["properties"]["project_no"] == credits[1].project.project_no
