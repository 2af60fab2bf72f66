"""Three cases with a fee decision of 2,000,000 元 each, served on 21 May 2024; the third isn't served yet."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import pytest
import xlsxwriter

from landgis.access.queries import Actor
from landgis.counties.models import County
from parcels.disposal.models import IdleCase
from tests.parcels.disposal.many import entered, opened_cases, walked
from tests.parcels.disposal.walks import TO_DECISION, until

HEADINGS = ["税票号码", "决定书文号", "缴款日期", "实缴金额（元）", "缴费人"]


class Delivered(Protocol):
    def __call__(self, *rows: list[object], headings: list[str] = HEADINGS) -> Path: ...


@pytest.fixture
def officer(cast: dict[str, Actor]) -> Actor:
    return cast["idle_land_officer"]


@pytest.fixture
def decided(county: County, officer: Actor) -> list[IdleCase]:
    found = opened_cases(county, officer, 3)
    for n, case in enumerate(found, 1):
        walked(county, officer, case, until(TO_DECISION, "fee_decision"))
        entered(county, officer, case, "fee_decision", TO_DECISION[-2][1], number=f"示闲费〔2024〕{n}号")
        if n < 3:
            entered(county, officer, case, "service:fee_decision", TO_DECISION[-1][1])
    return found


@pytest.fixture
def delivered(tmp_path: Path) -> Delivered:
    """`delivered([...], [...])`: a workbook as the tax authority would send it."""

    def write(*rows: list[object], headings: list[str] = HEADINGS) -> Path:
        path = tmp_path / f"回传{len(list(tmp_path.iterdir()))}.xlsx"
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet()
            for line, row in enumerate([headings, *rows]):
                sheet.write_row(line, 0, row)
        return path

    return write
