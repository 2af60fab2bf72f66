"""Platforms delivered as a layer: stored as platforms beside the towns, refused where two claim one ground."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.core.management import call_command

from landgis.access.queries import command_actor
from landgis.counties.models import County
from layers.districts.models import District
from layers.districts.queries import districts
from parcels.exchange.layer_import import import_layer
from parcels.exchange.parcel_import import Imported
from tests.parcels.exchange.vector_files import columns, written

pytestmark = pytest.mark.django_db
FOLDER = Path("data/shapefiles")
SINCE = date(2025, 1, 1)


def bring(county: County, file: Path) -> Imported:
    return import_layer(
        county=county, actor=command_actor("system", county), collection="platforms", file=file, on=SINCE,
        commit=True, reason="入库",
    )  # fmt: skip


def delivered(folder: Path, codes: list[str], *boxes: tuple[float, float]) -> Path:
    """Strips between two eastings, in metres east of a corner in the county."""
    shapes = [shapely.box(40_506_000 + west, 3_242_000, 40_506_000 + east, 3_243_000) for west, east in boxes]
    table = columns(平台代码=codes, 平台名称=[f"示意平台{code}" for code in codes])
    return written(folder / f"{codes[0]}.shp", table, shapes, encoding="GBK")


def test_the_demo_s_platforms_are_platforms_from_their_own_first_day(yiwu: County) -> None:
    result = bring(yiwu, FOLDER / "platforms.shp")
    assert (result.rows, result.accepted, result.issues) == (10, 10, [])
    stored = District.objects.filter(kind=District.PLATFORM)
    assert stored.get(code="330782PT001").name == "义东北智能显示材料“万亩千亿”新产业平台"
    assert stored.get(name="廿三里示意小微企业园").valid_from == date(2024, 3, 1)
    assert len(districts(yiwu, District.PLATFORM, date(2023, 12, 31))) == 9
    assert len(districts(yiwu, District.TOWN, date(2023, 12, 31))) == 14
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
