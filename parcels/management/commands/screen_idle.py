"""Screen all supply contracts for suspected idle land as of a day; kept with --commit, written out with --out."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from landgis.access.rules import SCREEN_IDLE
from landgis.lib.errors import UsageError
from parcels.idle_land.actions import Screened, record_screening, screen_idle
from parcels.idle_land.listing import write_list
from parcels.idle_land.queries import TITLES
from parcels.management.base import DONE, LandgisCommand, day, dry_run_note


class Command(LandgisCommand):
    help = "按基准日筛查疑似闲置土地"

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", required=True, type=day, help="筛查基准日，例如 2025-12-31")
        parser.add_argument("--out", type=Path, default=None, help="清单文件（xlsx、html、csv、json）")

    def run(self, options: dict[str, Any]) -> int:
        county = self.county(options)
        actor = self.actor(options, county, SCREEN_IDLE)
        if options["commit"] and actor.town_codes is not None:
            raise UsageError("镇街账号不能保存全县筛查结果。")
        screened = screen_idle(county=county, actor=actor, on=options["on"])
        document = screening_json(screened)
        if options["out"]:
            write_list(options["out"], county=county, actor=actor, screened=screened, document=document)
        if options["commit"]:
            reason = options["reason"] or f"筛查疑似闲置土地（{options['on']}）"
            record_screening(screened, county=county, by=actor.username, reason=reason)
        lines = [
            f"筛查基准日 {screened.on}，规则：{screened.parameters.rule_version}；合同（期）{len(screened.judged)}。",
            *(f"  {TITLES[code]}：{n}" for code, n in screened.counts.items()),
            *([f"清单已写入 {options['out']}。"] if options["out"] else []),
            dry_run_note(options),
        ]
        self.answer(options, document, lines)
        return DONE


def screening_json(screened: Screened) -> dict[str, Any]:
    """The contract's document: `items` are all findings but the clear ones."""
    return {
        "on": screened.on,
        "rule_version": screened.parameters.rule_version,
        "counts": screened.counts,
        "items": [
            {
                "parcel_code": phase.parcel_code,
                "contract_no": phase.facts.contract_no,
                "supervision_no": phase.supervision_no,
                "phase_no": phase.facts.phase_no,
                "finding": finding.code,
                "article": finding.article,
                "agreed_start": finding.agreed_start,
                "agreed_start_from": finding.agreed_start_from,
                "full_year_on": finding.full_year_on,
                "gross_idle_days": finding.gross_idle_days,
                "net_idle_days": finding.net_idle_days,
                "missing": list(finding.missing),
                "also": list(finding.also),
                "remarks": list(finding.remarks),
            }
            for phase, finding in screened.suspected
        ],
    }
