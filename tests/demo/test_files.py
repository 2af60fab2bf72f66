"""The files as such: encodings, coordinate system, checksums, size, and that a seed repeats itself."""

import hashlib
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from pyproj import CRS

from demo.county import load_county
from demo.tables import write_workbook
from demo.towns import draw_towns
from tests.demo.delivery import FOLDER, PROFILE, layer, workbook

LAYERS = ["parcels", "control_lines", "towns", "platforms", "parcels_dirty"]
HEADINGS = {
    "enterprises": "统一社会信用代码 企业名称 行业代码 行业类别 是否规上 成立日期 所属镇街 地址",
    "occupancy": (
        "宗地代码 统一社会信用代码 企业名称 使用方式 出租方统一社会信用代码 占用面积(平方米) 占用比例(%) 起始日期 "
        "终止日期"
    ),
    "annual_returns": (
        "年度 统一社会信用代码 企业名称 税收实际贡献(万元) 工业增加值(万元) 营业收入(万元) 年平均职工人数(人) "
        "综合能耗(吨标准煤) 主要污染物排放量(吨) 研发经费(万元)"
    ),
    "firm_years": "年度 统一社会信用代码 企业名称 是否规上 行业代码 行业类别 所属镇街 依据",
    "supply_contracts": (
        "电子监管号 合同编号 宗地代码 土地使用权人 土地位置 土地用途 面积(公顷) 成交价格(万元) 供地方式 合同签订日期 "
        "约定交地时间 约定开工时间 约定竣工时间 实际交地时间 实际开工时间 实际竣工时间 分期 总投资(万元) 应开发面积(公顷)"
    ),
    "progress": "合同编号 电子监管号 分期 截止日期 累计已投资(万元) 已开发面积(公顷) 最后施工日期(停工时填写) 说明",
}


def test_the_manifest_names_every_file_with_its_checksum() -> None:
    lines = (FOLDER / "MANIFEST.sha256").read_text(encoding="utf-8").splitlines()
    listed = {name: checksum for checksum, _, name in (line.partition("  ") for line in lines)}
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in FOLDER.iterdir()
        if path.name != "MANIFEST.sha256"
    }
    assert listed == found


def test_the_committed_files_stay_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 8_000_000


@pytest.mark.parametrize("name", LAYERS)
def test_tables_are_gbk_and_nothing_says_so(name: str) -> None:
    assert not (FOLDER / f"{name}.cpg").exists()
    raw = (FOLDER / f"{name}.dbf").read_bytes()
    assert raw[29] == 0  # the code page byte
    records = raw[int.from_bytes(raw[8:10], "little") :]
    records.decode("gbk")
    with pytest.raises(UnicodeDecodeError):
        records.decode("utf-8")


@pytest.mark.parametrize("name", LAYERS)
def test_the_coordinate_system_is_zone_40_in_esri_spelling(name: str) -> None:
    text = (FOLDER / f"{name}.prj").read_text(encoding="ascii")
    assert "Gauss_Kruger" in text
    assert CRS(text).to_epsg(min_confidence=20) == 4528
    assert pyogrio.read_info(FOLDER / f"{name}.shp")["crs"] == "EPSG:4528"


@pytest.mark.parametrize("name", HEADINGS)
def test_workbooks_have_the_headings_of_the_bureaus(name: str) -> None:
    assert list(workbook(name)[0]) == HEADINGS[name].split()


def test_one_seed_draws_the_same_towns_again() -> None:
    county = load_county(PROFILE)
    first, second = draw_towns(county, 7), draw_towns(county, 7)
    assert [town.wkb for town in first] == [town.wkb for town in second]
    assert first[0].wkb != draw_towns(county, 8)[0].wkb


def test_workbooks_are_the_same_bytes_on_any_day(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_workbook(tmp_path / f"{name}.xlsx", "示意", ["代码", "数"], [["007", 1.5], ["008", None]])
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_shapes_are_rounded_to_the_millimetre() -> None:
    for name in ("parcels", "control_lines", "towns", "platforms"):
        shapes, _ = layer(name)
        millimetres = shapely.get_coordinates(shapes) * 1000
        assert np.abs(millimetres - np.round(millimetres)).max() < 1e-4
