"""Which column of a delivered layer is which field: by its name, by what is left of it, by what stands in it."""

from pathlib import Path

import geopandas as gpd
import pytest

from landgis.counties.models import County
from tests.parcels.exchange.parcel_files import codes, delivered, frame, run, square


def test_a_file_without_a_code_column_says_how_to_name_it(county: County, tmp_path: Path) -> None:
    data = frame(2, 甲乙丙=["东", "西"]).drop(columns="宗地代码")
    file = delivered(data, tmp_path)
    assert "--mapping" in run(county, file).issues[0].message
    assert run(county, file, mapping="code=甲乙丙").accepted == 2


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("TUNNUS", "78401:101:{:04d}"),
        ("flstkennz", "060491001{:05d}____"),
        ("ROL", "{}-12"),
        ("地號", "{:08d}"),
        ("PIN_NUM", "17034{}"),
        ("MaThua", "T{}"),
    ],
)
def test_codes_of_other_countries_are_found_under_their_own_names(
    county: County, tmp_path: Path, name: str, written: str
) -> None:
    columns = {
        "WIDTH_M": [20.25, 31.5, 40.75],
        "num_area": [11, 12, 13],
        "OBJECTID": [1, 2, 3],
        "street": ["Pärnu mnt 1", "Pärnu mnt 2", "Pärnu mnt 3"],
        name: [written.format(i + 1) for i in range(3)],
    }
    data = gpd.GeoDataFrame(columns, geometry=[square(i) for i in range(3)], crs=4549)
    result = run(county, delivered(data, tmp_path))
    assert result.mapping == {name: "code"}
    assert result.accepted == 3


def test_a_code_that_breaks_the_countys_own_rule_is_not_held_to_the_national_one(
    county: County, tmp_path: Path
) -> None:
    result = run(county, delivered(frame(1, 宗地代码=["SP-" + "A" * 40]), tmp_path))
    assert "code_malformed" in codes(result)
    assert "43 个字符" in result.issues[0].message
    assert "19" not in result.issues[0].message


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_names_that_the_table_of_a_shapefile_cut_short_are_read(
    county: County, tmp_path: Path, encoding: str
) -> None:
    data = frame(不动产权证书号=["a", "b", "c"], 登记日期=["2019-04-19"] * 3, 土地用途代码=["0601"] * 3)
    data = data.rename(columns={"宗地代码": "宗地统一编码", "宗地面积": "登记面积"})
    file = delivered(data, tmp_path, "p.shp", encoding=encoding)
    file.with_suffix(".cpg").unlink()
    result = run(county, file)
    assert result.accepted == 3
    assert set(result.mapping.values()) >= {"code", "holder", "registered_area", "registered_on"}
    assert "real_estate_unit_code" not in result.mapping.values()
    assert any("名称不完整" in note for note in result.notes)
