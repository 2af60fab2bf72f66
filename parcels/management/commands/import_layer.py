"""Bring in control lines, districts (towns) or platforms from a vector file; a dry run unless --commit."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from landgis.access.rules import IMPORT_DATA
from parcels.exchange.layer_import import LAYERS, import_layer
from parcels.management.base import DONE, INPUT_HAS_ERRORS, LandgisCommand, dry_run_note
from parcels.management.reporting import issue_lines


class Command(LandgisCommand):
    help = "导入图层（控制线、镇街、产业平台）"

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("collection", choices=sorted(LAYERS), help="图层")
        parser.add_argument("file", type=Path, help="矢量文件")
        parser.add_argument("--crs", type=int, default=None, help="坐标系 EPSG 代码；不写则自动判断")
        parser.add_argument("--encoding", default=None, help="属性编码；不写则自动判断")
        parser.add_argument("--layer", default="", help="多图层文件中的图层名")

    def run(self, options: dict[str, Any]) -> int:
        county = self.county(options)
        result = import_layer(
            county=county,
            actor=self.actor(options, county, IMPORT_DATA),
            collection=options["collection"],
            file=options["file"],
            on=timezone.localdate(),
            crs=options["crs"],
            encoding=options["encoding"],
            layer=options["layer"],
            commit=options["commit"],
            reason=options["reason"] or f"导入 {options['file'].name}",
        )
        lines = [
            f"{options['file'].name}：{result.rows} 个图形（{result.area_mu:.2f} 亩），采用 {result.accepted}，"
            f"无变化 {result.unchanged}，拒绝 {result.rejected}；坐标系 {result.crs or '—'}。",
            *issue_lines(result.issues),
            dry_run_note(options) if result.accepted else "没有需要变更的内容。",
        ]
        self.answer(options, result.as_json(), lines)
        return INPUT_HAS_ERRORS if result.has_errors else DONE
