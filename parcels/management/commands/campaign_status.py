"""How far the two ledgers are on a day; reads only."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from landgis.access.rules import VIEW_MAP
from parcels.campaigns.queries import as_document, status_on
from parcels.campaigns.rules import LEDGERS, OUTLOOKS
from parcels.management.base import DONE, LandgisCommand, day


class Command(LandgisCommand):
    help = "两本台账的进度：整治提升低效工业用地、每年盘活存量土地"
    writes = False

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", type=day, help="截止日期 YYYY-MM-DD（默认今天）")

    def run(self, options: dict[str, Any]) -> int:
        county = self.county(options)
        on = options["on"] or timezone.localdate()
        status = status_on(county, self.actor(options, county, VIEW_MAP), on)
        said = as_document(status)
        lines = [f"{county.name} {on}："]
        for ledger, title in LEDGERS.items():
            one = said[ledger]
            if told := status.ledgers[ledger].told_end:
                lines.append(f"  {told}")
                continue
            target = "没有现行目标" if one["target_mu"] is None else f"目标 {one['target_mu']:,.2f} 亩"
            lines.append(
                f"  {title}：{target}，已入账 {one['credited_mu']:,.2f} 亩，项目 {one['projects']} 个，{OUTLOOKS[one['outlook']]}"
            )
        self.answer(options, said, lines)
        return DONE
