"""Find clusters (连片) of inefficient parcels; a dry run unless --commit."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from landgis.counties.models import County
from landgis.lib.errors import NotFound
from parcels.clusters.actions import find_clusters
from parcels.evaluation.queries import newest_year
from parcels.management.base import DONE, LandgisCommand, day, dry_run_note


class Command(LandgisCommand):
    help = "查找连片低效工业用地：间距不超过容许值的低效宗地连成一片，面积达到起算值的列出"

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--year", type=int, help="按哪一年的亩均指标判断（默认最近一年）")
        parser.add_argument("--on", type=day, help="截止日期 YYYY-MM-DD（默认今天）")
        parser.add_argument("--tolerance-m", type=float, help="连片间距，米（默认取县域参数）")
        parser.add_argument("--min-mu", type=float, help="一片的最小净面积，亩（默认取县域参数）")
        parser.add_argument(
            "--tax-below", type=float, help="低效的亩均税收界限，万元/亩，严格小于才算（默认取县域参数）"
        )

    def run(self, options: dict[str, Any]) -> int:
        county = self.county(options)
        year = options["year"] or newest_year(county.code)
        if year is None:
            raise NotFound(
                f"{county.name}还没有任何年度的亩均指标。", remedy="请先运行 compute_indicators --year。"
            )
        made = find_clusters(
            county=county,
            actor=self.actor(options, county),
            year=year,
            on=options["on"] or timezone.localdate(),
            tolerance_m=options["tolerance_m"],
            min_mu=options["min_mu"],
            tax_per_mu_below=options["tax_below"],
            reason=options["reason"] or f"按 {year} 年亩均指标查找连片低效用地",
            commit=options["commit"],
        )
        self.answer(options, made.document, _lines(county, year, made.document, dry_run_note(options)))
        return DONE


def _lines(county: County, year: int, said: dict[str, Any], note: str) -> Iterator[str]:
    yield (
        f"{county.name}：按 {year} 年亩均指标，低效宗地 {said['inefficient_parcels']} 宗，"
        f"间距 {said['tolerance_m']:g} 米以内、净面积 {said['min_mu']:g} 亩以上的连片 {len(said['clusters'])} 片。"
    )
    for n, cluster in enumerate(said["clusters"], 1):
        yield (
            f"  {n:>3}. {'、'.join(cluster['towns'])}：{len(cluster['parcels'])} 宗，净 {cluster['net_mu']:,.2f} 亩，"
            f"外包 {cluster['hull_mu']:,.2f} 亩，权利人 {cluster['holders']} 个，建议{cluster['suggested_way'] or '—'}"
        )
    yield note
