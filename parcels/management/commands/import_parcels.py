"""Bring parcels into the register from any vector file; a dry run unless --commit."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from landgis.access.rules import IMPORT_DATA
from parcels.exchange.parcel_import import import_parcels
from parcels.management.base import DONE, INPUT_HAS_ERRORS, LandgisCommand, dry_run_note
from parcels.management.reporting import issue_lines


class Command(LandgisCommand):
    help = "导入宗地（shapefile、zip、GeoPackage、GeoJSON、FileGDB、界址点 TXT）"

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="矢量文件或界址点 TXT")
        parser.add_argument("--crs", type=int, default=None, help="坐标系 EPSG 代码；不写则自动判断")
        parser.add_argument("--encoding", default=None, help="属性编码；不写则自动判断")
        parser.add_argument("--mapping", default="", help="字段对应，例如 code=ZDDM,holder=QLR")
        parser.add_argument("--layer", default="", help="多图层文件中的图层名")

    def run(self, options: dict[str, Any]) -> int:
        county = self.county(options)
        result = import_parcels(
            county=county,
            actor=self.actor(options, county, IMPORT_DATA),
            file=options["file"],
            on=timezone.localdate(),
            crs=options["crs"],
            encoding=options["encoding"],
            mapping=options["mapping"],
            layer=options["layer"],
            commit=options["commit"],
            reason=options["reason"] or f"导入 {options['file'].name}",
        )
        lines = [
            f"{options['file'].name}：{result.rows} 行，可入库 {result.accepted}（{result.area_mu:.2f} 亩），"
            f"已在库且一致 {result.unchanged}，拒绝 {result.rejected}。",
            f"坐标系 {result.crs or '—'}，编码 {result.encoding or '—'}；"
            f"字段：{'、'.join(f'{column}→{field}' for column, field in result.mapping.items())}。",
            *result.notes,
            *issue_lines(result.issues),
            dry_run_note(options) if result.accepted else "没有需要变更的内容。",
        ]
        self.answer(options, result.as_json(), lines)
        return INPUT_HAS_ERRORS if result.has_errors else DONE
