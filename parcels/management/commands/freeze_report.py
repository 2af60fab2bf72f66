"""Freeze the weekly, monthly, quarterly or yearly report of a day, or tell what it would hold and what has changed since."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from landgis.access.rules import MANAGE_CAMPAIGNS
from parcels.management.base import DONE, LandgisCommand, day, dry_run_note
from parcels.reports.actions import freeze_issue, prepare_issue
from parcels.reports.papers import summary
from parcels.reports.queries import Content
from parcels.reports.rules import KINDS, WHOLE, compare_figures, compare_items


class Command(LandgisCommand):
    help = "编制通报：周通报、月监测、季通报、年考核；编制后冻结，更正须另编一期"

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--kind", required=True, choices=list(KINDS), help="通报种类")
        parser.add_argument("--on", type=day, help="截止日期 YYYY-MM-DD（默认今天）")
        parser.add_argument("--corrects", type=int, help="要更正的那一期的编号")

    def run(self, options: dict[str, Any]) -> int:
        county, today = self.county(options), timezone.localdate()
        on, kind = options["on"] or today, options["kind"]
        actor = self.actor(options, county, MANAGE_CAMPAIGNS)
        prepared = prepare_issue(county=county, actor=actor, kind=kind, on=on, today=today)
        standing = prepared.standing
        same = standing is not None and prepared.is_the_same
        said: dict[str, Any] = {
            "kind": kind,
            "on": str(on),
            "sha256": prepared.sha256,
            "rows": len(prepared.content.items),
            "figures": (prepared.content.row(WHOLE) or {}).get("figures", {}),
            "standing": standing and {"id": standing.pk, "issue_no": standing.issue_no, "sha256": standing.sha256},
            "equal": same if standing else None,
            "committed": False,
        }  # fmt: skip
        lines = [*summary(prepared.content.heading, said["figures"]), f"校验码 {prepared.sha256}"]
        if standing and same:
            lines.append(f"与{standing.issue_no}逐字节相同，无须另编。")
        elif standing:
            before = Content.from_text(standing.body)
            figures = compare_figures(before.as_json(), prepared.content.as_json())
            rows = compare_items(before.items, prepared.content.items)
            said["changes"] = {
                "figures": [
                    {"town": one.town, "figure": one.figure.key, "before": one.before, "after": one.after}
                    for one in figures
                ],
                "rows": [{"key": one.item.key, "change": one.what, "told": one.told} for one in rows],
            }
            lines.append(
                f"与{standing.issue_no}相比：{len(figures)} 项数字、{len(rows)} 条明细不同；"
                f"更正请加 --corrects {standing.pk}。"
            )
        if options["commit"] and not same:
            made = freeze_issue(
                county=county, actor=actor, kind=kind, on=on, today=today, corrects_id=options["corrects"],
                reason=options["reason"] or f"编制{KINDS[kind]}（{on}）",
            )  # fmt: skip
            said |= {"committed": True, "id": made.pk, "issue_no": made.issue_no, "sha256": made.sha256}
            lines.append(f"已编制{made.issue_no}，校验码 {made.sha256}。")
        elif not same:
            lines.append(dry_run_note(options))
        self.answer(options, said, lines)
        return DONE
