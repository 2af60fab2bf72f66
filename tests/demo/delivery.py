"""Reads the committed demo files with other tools than those that wrote them.

It refuses to repair: shapes come as they lie in the file, and a missing figure stays None.
"""

import csv
import warnings
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import shapely
from python_calamine import CalamineWorkbook

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "data" / "shapefiles"
PROFILE = ROOT / "data" / "counties" / "330782"
M2_PER_MU = 10000 / 15

Shapes = np.ndarray
Table = dict[str, np.ndarray]


@cache
def layer(name: str) -> tuple[Shapes, Table]:
    """Shapes (None where there is none, or where shapely refuses it) and the table's columns."""
    wkb, table = raw_layer(name)
    return shapely.from_wkb(wkb, on_invalid="ignore"), table


@cache
def raw_layer(name: str) -> tuple[np.ndarray, Table]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # GDAL on the open ring
        meta, _, wkb, columns = pyogrio.raw.read(FOLDER / f"{name}.shp", encoding="GBK")
    return wkb, dict(zip(meta["fields"], columns, strict=True))


@cache
def workbook(name: str) -> list[dict[str, Any]]:
    """The rows below the title and the headings; blanks are None."""
    rows = CalamineWorkbook.from_path(FOLDER / f"{name}.xlsx").get_sheet_by_index(0).to_python()
    headings = [str(heading) for heading in rows[1]]
    return [
        {key: None if cell == "" else cell for key, cell in zip(headings, row, strict=True)}
        for row in rows[2:]
    ]


@cache
def table(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
