"""Bring in a delivered table (firms, contracts, progress, facts of phases); a dry run unless --commit."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from landgis.access.rules import IMPORT_DATA
from parcels.exchange.table_import import import_table
from parcels.exchange.table_specs import TABLES
from parcels.management.base import DONE, INPUT_HAS_ERRORS, LandgisCommand, dry_run_note
from parcels.management.reporting import issue_lines


class Command(LandgisCommand):
    help = "导入台账（XLSX 或 CSV）"

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("table", choices=sorted(TABLES), help="台账名称")
        parser.add_argument("file", type=Path, help="XLSX 或 CSV 文件")
        parser.add_argument("--encoding", default="", help="CSV 编码；不写则自动判断")
        parser.add_argument("--authority", default="", help="authority-returns：报送部门，例如 税务局")
        parser.add_argument("--year", type=int, help="authority-returns：表中没有年度列时的年度")
        parser.add_argument("--sheet", default="", help="工作表名称；不写则自动判断")

    def run(self, options: dict[str, Any]) -> int:
        county = self.county(options)
        result = import_table(
            county=county,
            actor=self.actor(options, county, IMPORT_DATA),
            table=options["table"],
            file=options["file"],
            encoding=options["encoding"],
            sheet=options["sheet"],
            authority=options["authority"],
            year=options["year"],
            commit=options["commit"],
            reason=options["reason"],
        )
        stored = result.stored
        lines = [
            f"{options['file'].name}：{result.rows} 行，采用 {result.rows - result.rejected}，拒绝 {result.rejected}；"
            f"新增 {stored.created}，更新 {stored.updated}，无变化 {stored.unchanged}。",
            *issue_lines(result.issues),
            dry_run_note(options) if stored.created or stored.updated else "没有需要变更的内容。",
        ]
        self.answer(options, result.as_json(), lines)
        return INPUT_HAS_ERRORS if result.has_errors else DONE
