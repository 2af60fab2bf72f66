"""Compute the per-mu indicators of a year; a dry run unless --commit."""

from typing import Any

from django.core.management.base import CommandParser

from parcels.evaluation.actions import compute_indicators
from parcels.evaluation.rules import INDICATORS, LAND
from parcels.management.base import DONE, LandgisCommand, dry_run_note


class Command(LandgisCommand):
    help = "计算年度亩均指标：企业、宗地、镇街、工业用地控制线和全县"

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--year", type=int, required=True, help="年度，例如 2023")

    def run(self, options: dict[str, Any]) -> int:
        county = self.county(options)
        computed = compute_indicators(
            county=county,
            actor=self.actor(options, county),
            year=options["year"],
            reason=options["reason"] or f"计算 {options['year']} 年亩均指标",
            commit=options["commit"],
        )
        said = computed.document
        lines = [f"{county.name} {said['year']} 年（用地截至 {said['on']}），规则 {said['rule_version']}："]
        for area in ({"name": "全县"} | said["county"], *said["towns"]):
            lines.append(f"  {area['name']}：用地 {_shown(area[LAND])} 亩，" + "，".join(_indicators(area)))
        landless = said["unallocated"]["firms_without_land"]["firms"]
        lines.append(
            f"  未落到镇街的用地 {_shown(said['unallocated'][LAND])} 亩；没有用地记录的企业 {landless} 家。"
        )
        if computed.unchanged:
            lines.append(f"输入数据和规则与第 {said['run']} 次计算相同，没有需要写入的内容。")
        else:
            lines.append(dry_run_note(options))
        self.answer(options, said, lines)
        return DONE


def _indicators(area: dict[str, Any]) -> list[str]:
    return [
        f"{indicator.title} {_shown(area[indicator.code], indicator.factor)} {indicator.unit}"
        for indicator in INDICATORS
    ]


def _shown(value: float | None, factor: int = 1) -> str:
    return "—" if value is None else f"{value * factor:,.2f}"
