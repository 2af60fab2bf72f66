"""The six workbooks in the headings the bureaus use, with a merged title that says they are invented.

It refuses to depend on the day or the machine: the same rows give the same bytes.
"""

from datetime import date, datetime
from pathlib import Path

import xlsxwriter

from demo.model import AnnualReturn, Contract, Firm, FirmYear, Occupancy
from demo.parcels import Parcel

Cell = str | float | int | date | None

_CREATED = datetime(2026, 1, 1)  # noqa: DTZ001 - a fixed stamp in the file's properties, not a moment

ENTERPRISES = [
    "统一社会信用代码",
    "企业名称",
    "行业代码",
    "行业类别",
    "是否规上",
    "成立日期",
    "所属镇街",
    "地址",
]
OCCUPANCY = [
    "宗地代码",
    "统一社会信用代码",
    "企业名称",
    "使用方式",
    "出租方统一社会信用代码",
    "占用面积(平方米)",
    "占用比例(%)",
    "起始日期",
    "终止日期",
]
ANNUAL_RETURNS = [
    "年度",
    "统一社会信用代码",
    "企业名称",
    "税收实际贡献(万元)",
    "工业增加值(万元)",
    "营业收入(万元)",
    "年平均职工人数(人)",
    "综合能耗(吨标准煤)",
    "主要污染物排放量(吨)",
    "研发经费(万元)",
]
FIRM_YEARS = [
    "年度",
    "统一社会信用代码",
    "企业名称",
    "是否规上",
    "行业代码",
    "行业类别",
    "所属镇街",
    "依据",
]
SUPPLY_CONTRACTS = [
    "电子监管号",
    "合同编号",
    "宗地代码",
    "土地使用权人",
    "土地位置",
    "土地用途",
    "面积(公顷)",
    "成交价格(万元)",
    "供地方式",
    "合同签订日期",
    "约定交地时间",
    "约定开工时间",
    "约定竣工时间",
    "实际交地时间",
    "实际开工时间",
    "实际竣工时间",
    "分期",
    "总投资(万元)",
    "应开发面积(公顷)",
]
PROGRESS = [
    "合同编号",
    "电子监管号",
    "分期",
    "截止日期",
    "累计已投资(万元)",
    "已开发面积(公顷)",
    "最后施工日期(停工时填写)",
    "说明",
]


def write_workbook(path: Path, title: str, headings: list[str], rows: list[list[Cell]]) -> None:
    """Title in the first row, headings in the second, then the data; codes stay text, blanks stay blank."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": title, "created": _CREATED, "comments": "示意数据，非真实数据"})
        sheet = book.add_worksheet("数据")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        head = book.add_format({"bold": True, "text_wrap": True, "border": 1})
        sheet.merge_range(
            0, 0, 0, len(headings) - 1, title, book.add_format({"bold": True, "align": "center"})
        )
        for column, heading in enumerate(headings):
            sheet.write_string(1, column, heading, head)
            sheet.set_column(column, column, 22 if "代码" in heading or "名称" in heading else 14)
        sheet.freeze_panes(2, 0)
        for number, row in enumerate(rows, start=2):
            for column, value in enumerate(row):
                if value is None or value == "":
                    continue
                if isinstance(value, date):
                    sheet.write_datetime(number, column, value, day)
                elif isinstance(value, str):
                    sheet.write_string(number, column, value)
                else:
                    sheet.write_number(number, column, value)


def enterprise_rows(firms: list[Firm], towns: list[str]) -> list[list[Cell]]:
    return [
        [
            firm.uscc,
            firm.name,
            firm.industry_code,
            firm.group,
            "是" if firm.above_scale else "否",
            firm.registered_on,
            towns[firm.town],
            firm.address,
        ]
        for firm in firms
    ]


def occupancy_rows(rows: list[Occupancy], parcels: list[Parcel], firms: list[Firm]) -> list[list[Cell]]:
    return [
        [
            parcels[row.parcel].code,
            firms[row.firm].uscc,
            firms[row.firm].name,
            row.role,
            None if row.lessor is None else firms[row.lessor].uscc,
            row.area_m2,
            row.share_percent,
            row.since,
            row.until,
        ]
        for row in rows
    ]


def return_rows(rows: list[AnnualReturn], firms: list[Firm]) -> list[list[Cell]]:
    return [
        [
            row.year,
            firms[row.firm].uscc,
            firms[row.firm].name,
            row.tax_wan,
            row.value_added_wan,
            row.revenue_wan,
            row.employees,
            row.energy_tce,
            row.emission_t,
            row.rd_wan,
        ]
        for row in rows
    ]


def firm_year_rows(rows: list[FirmYear], firms: list[Firm], towns: list[str]) -> list[list[Cell]]:
    return [
        [
            row.year,
            firms[row.firm].uscc,
            firms[row.firm].name,
            None if row.above_scale is None else "是" if row.above_scale else "否",
            row.industry_code,
            row.industry_group,
            None if row.town is None else towns[row.town],
            row.basis,
        ]
        for row in rows
    ]


def contract_rows(contracts: list[Contract]) -> list[list[Cell]]:
    """One row a phase; what belongs to the contract stands on each of its rows."""
    return [
        [
            contract.supervision_no,
            contract.contract_no,
            contract.parcel_code,
            contract.holder,
            contract.location,
            contract.land_use,
            contract.area_ha,
            contract.price_wan,
            contract.mode,
            contract.signed_on,
            phase.agreed_delivery,
            phase.agreed_start,
            phase.agreed_completion,
            phase.actual_delivery,
            phase.actual_start,
            phase.actual_completion,
            phase.number,
            phase.investment_wan,
            phase.to_develop_ha,
        ]
        for contract in contracts
        for phase in contract.phases
    ]


def progress_rows(contracts: list[Contract]) -> list[list[Cell]]:
    return [
        [
            contract.contract_no,
            contract.supervision_no,
            phase.number,
            row.as_of,
            row.invested_wan,
            row.developed_ha,
            row.last_building_day,
            row.note,
        ]
        for contract in contracts
        for phase in contract.phases
        for row in phase.progress
    ]


def expected_rows(contracts: list[Contract]) -> list[list[Cell]]:
    """What screening on the reference day must find, phase by phase."""
    return [
        [
            contract.contract_no,
            contract.supervision_no,
            phase.number,
            contract.parcel_code,
            contract.remark if phase.kind == "edge" else phase.kind,
            phase.expected,
            "" if phase.full_year_on is None else phase.full_year_on.isoformat(),
        ]
        for contract in contracts
        for phase in contract.phases
    ]
