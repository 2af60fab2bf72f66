"""Platforms delivered as a layer: stored as platforms beside the towns, refused where two claim one ground."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError
from django.test import Client

from landgis.access.queries import command_actor
from landgis.counties.models import County
from layers.districts.models import District
from layers.districts.queries import districts, platform_types
from parcels.exchange.layer_import import import_layer
from parcels.exchange.parcel_import import Imported
from tests import factories
from tests.parcels.exchange.vector_files import columns, written

pytestmark = pytest.mark.django_db
FOLDER = Path("data/shapefiles")
SINCE = date(2025, 1, 1)


def bring(county: County, file: Path) -> Imported:
    return import_layer(
        county=county, actor=command_actor("system", county), collection="platforms", file=file, on=SINCE,
        commit=True, reason="入库",
    )  # fmt: skip


def delivered(folder: Path, codes: list[str], *boxes: tuple[float, float], **more: list[str]) -> Path:
    """Strips between two eastings, in metres east of a corner in the county."""
    shapes = [shapely.box(40_506_000 + west, 3_242_000, 40_506_000 + east, 3_243_000) for west, east in boxes]
    table = columns(平台代码=codes, 平台名称=[f"示意平台{code}" for code in codes], **more)
    return written(folder / f"{codes[0]}.shp", table, shapes, encoding="GBK")


def test_the_demo_s_platforms_are_platforms_from_their_own_first_day(yiwu: County) -> None:
    result = bring(yiwu, FOLDER / "platforms.shp")
    assert (result.rows, result.accepted, result.issues) == (10, 10, [])
    stored = District.objects.filter(kind=District.PLATFORM)
    assert stored.get(code="330782PT001").name == "义东北智能显示材料“万亩千亿”新产业平台"
    assert stored.get(name="廿三里示意小微企业园").valid_from == date(2024, 3, 1)
    assert len(districts(yiwu, District.PLATFORM, date(2023, 12, 31))) == 9
    assert len(districts(yiwu, District.TOWN, date(2023, 12, 31))) == 14
    assert set(stored.values_list("platform_type", flat=True)) == {
        "万亩千亿新产业平台", "经济开发区", "特色小镇", "小微企业园"
    }  # fmt: skip
    again = bring(yiwu, FOLDER / "platforms.shp")
    assert (again.accepted, again.unchanged) == (0, 10)


def test_platforms_that_overlap_in_a_delivery_keep_the_first(yiwu: County, tmp_path: Path) -> None:
    result = bring(yiwu, delivered(tmp_path, ["甲", "乙"], (0, 600), (500, 900)))
    assert (result.accepted, result.rejected) == (1, 1)
    [issue] = result.issues
    assert issue.code == "overlap_in_file"
    assert "请从大平台范围中扣除" in issue.message
    assert list(District.objects.filter(kind=District.PLATFORM).values_list("code", flat=True)) == ["甲"]


def test_a_platform_on_the_ground_of_a_standing_one_is_refused(yiwu: County, tmp_path: Path) -> None:
    bring(yiwu, delivered(tmp_path, ["甲"], (0, 600)))
    refused = bring(yiwu, delivered(tmp_path, ["乙", "丙"], (500, 900), (1000, 1200)))
    assert [issue.code for issue in refused.issues] == ["overlap_in_register"]
    assert "“乙”与已入库的“甲 示意平台甲”重叠" in refused.issues[0].message
    assert District.objects.filter(kind=District.PLATFORM).count() == 1
    # A new boundary of the one itself makes room for the other.
    made = bring(yiwu, delivered(tmp_path, ["丁"], (600, 900)))
    assert made.accepted == 1


def test_the_command_names_the_layers_it_takes(yiwu: County, capsys: Any, tmp_path: Path) -> None:
    call_command("import_layer", "platforms", delivered(tmp_path, ["甲"], (0, 600)), county=yiwu.code)
    assert "1 个图形" in capsys.readouterr().out
    assert not District.objects.filter(kind=District.PLATFORM).exists()


def test_a_type_that_was_not_known_completes_the_version_and_the_history_keeps_what_it_was(
    yiwu: County, tmp_path: Path
) -> None:
    bring(yiwu, delivered(tmp_path, ["甲", "乙"], (0, 600), (600, 900)))
    named = bring(yiwu, delivered(tmp_path, ["甲", "乙"], (0, 600), (600, 900), 类型=["小微企业园", ""]))
    assert (named.accepted, named.unchanged, named.issues) == (1, 1, [])
    platforms = District.objects.filter(kind=District.PLATFORM)
    assert dict(platforms.values_list("code", "platform_type")) == {"甲": "小微企业园", "乙": ""}
    (was,) = apps.get_model("layers", "DistrictEvent").objects.filter(code="甲")
    assert (was.platform_type, was.ended_by) == ("", platforms.get(code="甲").change_id)
    # Said no more, it stays known; said otherwise, it is another version, which begins on a day of its own.
    assert bring(yiwu, delivered(tmp_path, ["甲", "乙"], (0, 600), (600, 900))).unchanged == 2
    other = delivered(tmp_path, ["甲"], (0, 600), 类型=["特色小镇"])
    assert [issue.code for issue in bring(yiwu, other).issues] == ["version_not_later"]
    later = delivered(tmp_path, ["甲"], (0, 600), 类型=["特色小镇"], 生效日期=["2025-06-01"])
    assert bring(yiwu, later).accepted == 1
    moved = delivered(tmp_path, ["甲"], (0, 500), 生效日期=["2025-09-01"])
    assert bring(yiwu, moved).accepted == 1
    told = [platform_types(yiwu, date(2025, month, 15)).get("甲") for month in (1, 7, 10)]
    assert told == ["小微企业园", "特色小镇", "特色小镇"]
    assert platform_types(yiwu, date(2020, 1, 1)) == {"甲": "特色小镇", "乙": ""}
    with pytest.raises(IntegrityError, match="district_type_of_platforms"), factories.writing(yiwu):
        District.objects.filter(kind=District.TOWN).update(platform_type="特色小镇")


def test_the_type_is_shown_on_the_map_and_handed_over(yiwu: County, tmp_path: Path) -> None:
    bring(yiwu, FOLDER / "platforms.shp")
    client = Client()
    client.force_login(factories.person(yiwu, "leader"))
    shown = {one["id"]: one["properties"] for one in client.get("/api/districts/platform").json()["features"]}
    assert shown["330782PT006"] == {"code": "330782PT006", "name": "芯片小镇", "type": "特色小镇"}
    assert set(client.get("/api/districts/town").json()["features"][0]["properties"]) == {"code", "name"}
    file = tmp_path / "d.geojson"
    call_command("export", "districts", out=file, county=yiwu.code)
    handed = {
        one["properties"]["code"]: one["properties"] for one in json.loads(file.read_text())["features"]
    }
    assert handed["330782PT003"]["platform_type"] == "经济开发区"
    assert sum(bool(one["platform_type"]) for one in handed.values()) == 10
