"""The notices of a day and a digest for each person; without --commit it tells what it would write."""

from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from landgis.access.rules import MANAGE_IDLE_CASES
from parcels.management.base import DONE, LandgisCommand, day, dry_run_note
from parcels.notices.actions import send_digest
from parcels.notices.rules import WHY_TITLES


class Command(LandgisCommand):
    help = "写入当天的期限通知和每日摘要"

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", required=True, type=day, help="日期，例如 2025-12-31")

    def run(self, options: dict[str, Any]) -> int:
        county = self.county(options)
        sent = send_digest(
            county=county,
            actor=self.actor(options, county, MANAGE_IDLE_CASES),
            on=options["on"],
            today=timezone.localdate(),
            commit=options["commit"],
            reason=options["reason"],
        )
        settled = "、".join(f"{WHY_TITLES[why]} {n}" for why, n in sent.settled.items())
        lines = [
            f"{sent.on}：新通知 {sent.written} 条，办结 {sum(sent.settled.values())} 条{f'（{settled}）' if settled else ''}，"
            f"每日摘要 {len(sent.digests)} 份。{dry_run_note(options)}",
            *(
                f"  {item['username']} 逾期 {item['overdue']} 项，今天到期 {item['today']} 项，即将到期 {item['soon']} 项"
                for item in sent.digests
            ),
        ]
        self.answer(options, asdict(sent), lines)
        return DONE
