"""Control lines and towns as they are delivered: what their columns are, what is refused, and that all the rest loads."""

from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely.affinity import translate

from landgis.access.queries import command_actor
from landgis.counties.models import County
from layers.control_lines.models import ControlLine
from layers.districts.models import District
from layers.geometry.gcj02 import bd09_from_gcj02, gcj02_from_wgs84
from parcels.exchange.layer_import import import_layer
from parcels.exchange.parcel_import import Imported, import_parcels
from tests.parcels.exchange.parcel_files import delivered, square

DEMO = Path("data/shapefiles")
ON = date(2026, 1, 5)


def run(county: County, collection: str, file: Path, *, commit: bool = False) -> Imported:
    return import_layer(
        county=county, actor=command_actor("system", county), collection=collection, file=file, on=ON,
        commit=commit, reason="测试导入",
    )  # fmt: skip


def lines(count: int = 3, **columns: Any) -> gpd.GeoDataFrame:
    data = {
        "控制线编号": [f"KZX{i + 1:03d}" for i in range(count)],
        "名称": ["甲", "乙", "丙"][:count],
        **columns,
    }
    return gpd.GeoDataFrame(data, geometry=[square(i) for i in range(count)], crs=4549)


def found(result: Imported) -> set[tuple[int, str, str]]:
    return {(issue.row, issue.code, issue.field) for issue in result.issues}


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_names_that_a_shapefile_cut_short_are_read(county: County, tmp_path: Path, encoding: str) -> None:
    file = delivered(lines(生效日期=["2022-06-30"] * 3), tmp_path, "l.shp", encoding=encoding)
    result = run(county, "control-lines", file, commit=True)
    assert result.accepted == 3
    assert set(result.mapping) == {"code", "name", "valid_from"}
    assert set(ControlLine.objects.values_list("valid_from", flat=True)) == {date(2022, 6, 30)}


def test_another_layer_given_by_mistake_is_not_taken_for_towns(county: County) -> None:
    assert found(run(county, "districts", DEMO / "parcels.shp")) == {(0, "code_column_missing", "")}
    assert found(run(county, "control-lines", DEMO / "towns.shp")) == {(0, "code_column_missing", "")}


def test_a_date_that_says_there_is_none_is_the_day_of_import(county: County, tmp_path: Path) -> None:
    result = run(county, "control-lines", delivered(lines(生效日期=["无", "/", ""]), tmp_path), commit=True)
    assert not result.issues
    assert set(ControlLine.objects.values_list("valid_from", flat=True)) == {ON}


def test_what_cannot_be_kept_is_told_by_its_row_and_the_others_load(county: County, tmp_path: Path) -> None:
    data = lines(4, 控制线编号=["A" * 41, "B", "C", "D"], 名称=["甲", "长" * 81, "丙", "丁"])
    data.loc[2, "geometry"] = translate(data.geometry[2], yoff=900_000)
    result = run(county, "control-lines", delivered(data, tmp_path), commit=True)
    assert found(result) == {
        (1, "text_too_long", "code"),
        (2, "text_too_long", "name"),
        (3, "out_of_county", "geometry"),
    }
    assert ControlLine.objects.get().code == "D"


def shifted(layer: gpd.GeoDataFrame, system: str) -> gpd.GeoDataFrame:
    def shift(lonlat: np.ndarray) -> np.ndarray:
        once = gcj02_from_wgs84(lonlat)
        return once if system == "GCJ-02" else bd09_from_gcj02(once)

    return layer.set_geometry(shapely.transform(layer.geometry.to_numpy(), shift), crs=4490)


@pytest.mark.parametrize("system", ["GCJ-02", "BD-09"])
def test_shifted_towns_are_refused_by_the_outline_that_they_make(
    yiwu: County, tmp_path: Path, system: str
) -> None:
    towns = gpd.read_file(DEMO / "towns.shp", encoding="gbk").to_crs(4490)
    known = District.objects.count()

    result = run(yiwu, "districts", delivered(shifted(towns, system), tmp_path), commit=True)
    assert found(result) == {(0, "crs_shifted", "")}
    assert system in result.issues[0].message
    assert District.objects.count() == known
    assert not run(yiwu, "districts", delivered(towns, tmp_path, "true.gpkg")).issues


@pytest.mark.parametrize("collection", ["control-lines", "platforms"])
def test_shifted_lines_and_platforms_are_refused_by_what_stands_in_the_register(
    yiwu: County, tmp_path: Path, collection: str
) -> None:
    true = DEMO / f"{collection.replace('-', '_')}.shp"
    layer = gpd.read_file(true, encoding="gbk").to_crs(4490)
    off = {
        system: delivered(shifted(layer, system), tmp_path, f"{system}.gpkg")
        for system in ("GCJ-02", "BD-09")
    }
    # With an empty register nobody can tell, and the demo's own lines stand wherever they are looked at.
    assert not run(yiwu, collection, off["GCJ-02"]).issues
    assert not run(yiwu, collection, true).issues
    import_parcels(
        county=yiwu,
        actor=command_actor("system", yiwu),
        file=DEMO / "parcels.shp",
        on=ON,
        commit=True,
        reason="t",
    )
    for stands in (False, True):
        for system, file in off.items():
            result = run(yiwu, collection, file, commit=True)
            assert found(result) == {(0, "crs_shifted", "")}
            assert f"按 {system} 去偏后" in result.issues[0].message
            assert not result.committed
        result = run(yiwu, collection, true, commit=True)
        assert not result.issues
        assert (result.unchanged if stands else result.accepted) == len(layer)
