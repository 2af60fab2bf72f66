"""Turns the story into the files a bureau would hand over, and lists their checksums.

It refuses formats that would smooth over a fault: shapefiles are written byte by byte.
"""

import csv
import hashlib
from pathlib import Path

from demo.dirty import fault_table
from demo.model import RegisterRow
from demo.platforms import NOTE
from demo.readme import describe
from demo.shp import Column, Rings, Value, rings_of, write_shapefile
from demo.story import Story
from demo.tables import (
    ANNUAL_RETURNS,
    ENTERPRISES,
    FIRM_YEARS,
    OCCUPANCY,
    PROGRESS,
    SUPPLY_CONTRACTS,
    contract_rows,
    enterprise_rows,
    expected_rows,
    firm_year_rows,
    occupancy_rows,
    progress_rows,
    return_rows,
    write_workbook,
)

MANIFEST = "MANIFEST.sha256"

PARCEL_COLUMNS = [
    Column("宗地代码", 19),
    Column("权利人", 120),
    Column("坐落", 160),
    Column("宗地面积", 16, decimals=2),
    Column("地类编码", 10),
    Column("权利性质", 20),
    Column("所属镇街", 40),
    Column("登记日期", 10),
    Column("统一代码", 18),
    Column("备注", 100),
]
CONTROL_COLUMNS = [
    Column("控制线编", 30),
    Column("名称", 60),
    Column("级别", 10),
    Column("批次", 20),
    Column("依据", 120),
    Column("生效日期", 10),
]
PLATFORM_COLUMNS = [
    Column("平台代码", 30),
    Column("平台名称", 60),
    Column("类型", 30),
    Column("依据", 120),
    Column("生效日期", 10),
    Column("备注", 40),
]
TOWN_COLUMNS = [Column("乡镇代码", 12), Column("乡镇名称", 40)]
_WIDER = {
    "宗地代码": Column("宗地代码", 40),
    "宗地面积": Column("宗地面积", 16, decimals=4),
    "登记日期": Column("登记日期", 20),
}
"""The dirty delivery's table is wider where its faults need room."""


def write_all(story: Story, seed: int, out: Path) -> None:
    """All files of data/shapefiles."""
    out.mkdir(parents=True, exist_ok=True)
    parcels = [rings_of(parcel.shape_4528) for parcel in story.estate.parcels]
    write_shapefile(out / "parcels.shp", PARCEL_COLUMNS, parcels, [record(row) for row in story.register])
    write_shapefile(
        out / "control_lines.shp",
        CONTROL_COLUMNS,
        [rings_of(line.shape_4528) for line in story.control_lines],
        [
            [line.code, line.name, line.level, line.batch, line.basis, line.since]
            for line in story.control_lines
        ],
    )
    write_shapefile(
        out / "towns.shp",
        TOWN_COLUMNS,
        [rings_of(shape) for shape in story.ground.towns],
        [[town.code, town.name] for town in story.county.towns],
    )
    write_shapefile(
        out / "platforms.shp",
        PLATFORM_COLUMNS,
        [rings_of(platform.shape_4528) for platform in story.platforms],
        [
            [platform.code, platform.name, platform.kind, platform.basis, platform.since, NOTE]
            for platform in story.platforms
        ],
    )
    _write_workbooks(story, out)
    _write_dirty(story, out)
    _write_csv(
        out / "idle_expected_2025-12-31.csv",
        [
            ["合同编号", "电子监管号", "分期", "宗地代码", "情形", "expected_finding", "full_year_on"],
            *([str(cell) for cell in row] for row in expected_rows(story.contracts)),
        ],
    )
    (out / "README.md").write_text(describe(story, seed), encoding="utf-8")
    _write_manifest(out)


def record(row: RegisterRow) -> list[Value]:
    """A register row in the order of PARCEL_COLUMNS."""
    return [
        row.code,
        row.holder,
        row.location,
        row.area_m2,
        row.land_class,
        row.tenure,
        row.town,
        row.registered_on,
        row.uscc,
        row.note,
    ]


def _write_workbooks(story: Story, out: Path) -> None:
    towns = [town.name for town in story.county.towns]
    name, parcels, firms = story.county.name, story.estate.parcels, story.firms
    for file, title, headings, rows in (
        ("enterprises", "企业名录", ENTERPRISES, enterprise_rows(firms, towns)),
        ("occupancy", "企业用地情况", OCCUPANCY, occupancy_rows(story.occupancies, parcels, firms)),
        ("annual_returns", "企业年度指标（2023-2025）", ANNUAL_RETURNS, return_rows(story.returns, firms)),
        (
            "firm_years",
            "企业年度信息（规上、行业、镇街）",
            FIRM_YEARS,
            firm_year_rows(story.firm_years, firms, towns),
        ),
        ("supply_contracts", "工业用地供应合同", SUPPLY_CONTRACTS, contract_rows(story.contracts)),
        ("progress", "工业用地开发建设进度", PROGRESS, progress_rows(story.contracts)),
    ):
        write_workbook(out / f"{file}.xlsx", f"{name}{title}（示意数据，非真实数据）", headings, rows)


def _write_dirty(story: Story, out: Path) -> None:
    columns = [_WIDER.get(column.name, column) for column in PARCEL_COLUMNS]
    shapes: list[Rings] = [row.rings for row in story.dirty]
    write_shapefile(out / "parcels_dirty.shp", columns, shapes, [record(row.record) for row in story.dirty])
    _write_csv(out / "parcels_dirty_faults.csv", fault_table(story.dirty))


def _write_csv(path: Path, rows: list[list[str]]) -> None:
    """With a byte-order mark, so that Excel reads the Chinese."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, lineterminator="\r\n").writerows(rows)


def _write_manifest(out: Path) -> None:
    files = sorted(path for path in out.iterdir() if path.is_file() and path.name != MANIFEST)
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    (out / MANIFEST).write_text("".join(lines), encoding="utf-8")
