"""Write a collection to a file, in the format of its extension; the file and the audit row are always written."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from landgis.access.rules import EXPORT_DATA
from parcels.exchange.export import WRITERS, export_collection
from parcels.management.base import DONE, LandgisCommand, day


class Command(LandgisCommand):
    help = "把图层导出为文件（格式由扩展名决定），并记入审计"

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("collection", help="图层：parcels、control-lines、districts …")
        parser.add_argument("--out", type=Path, required=True, help=f"输出文件，扩展名：{'、'.join(WRITERS)}")
        parser.add_argument(
            "--recipient", default="", help="接收单位代码；只给出其获准的字段，自然人姓名脱敏"
        )
        parser.add_argument(
            "--where", default="", help="筛选条件（CQL2），如 area_mu >= 50 AND town_code = '330782100'"
        )
        parser.add_argument("--crs", type=_epsg, default=None, help="输出坐标系的 EPSG 代码（默认 4490）")
        parser.add_argument("--on", type=day, default=None, help="数据日期（默认今天）")
        parser.add_argument("--year", type=int, default=None, help="亩均指标的年度（默认最近一次计算的年度）")

    def run(self, options: dict[str, Any]) -> int:
        county = self.county(options)
        actor = self.actor(options, county, EXPORT_DATA)
        exported = export_collection(
            county=county,
            actor=actor,
            collection=options["collection"],
            out=options["out"],
            reason=options["reason"],
            recipient=options["recipient"],
            where=options["where"],
            crs=options["crs"],
            on=options["on"],
            year=options["year"],
        )
        lines = [
            f"已导出 {exported.features} 条，{exported.area_mu:,.2f} 亩，{exported.bytes:,} 字节：{options['out']}",
            f"SHA-256 {exported.sha256}",
            *(f"第 {issue.row} 行：{issue.message}" for issue in exported.issues),
        ]
        self.answer(options, exported.as_json(), lines)
        return DONE


def _epsg(text: str) -> int:
    return int(text.upper().removeprefix("EPSG:"))
