"""Score and grade the firms of a year by a scheme; a dry run unless --commit."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from landgis.access.queries import Actor
from landgis.counties.models import County
from parcels.grading.actions import draft_run, evaluate_year
from parcels.grading.frozen import digest
from parcels.grading.models import FrozenInput, GradingRun
from parcels.grading.queries import state
from parcels.grading.rules import DRAFT
from parcels.management.base import DONE, LandgisCommand, dry_run_note
from parcels.schemes.actions import put_in_force, store_scheme
from parcels.schemes.models import SchemeVersion
from parcels.schemes.queries import Chosen, chosen, find_scheme


class Command(LandgisCommand):
    help = "按评价方案计算年度亩产效益综合评价的得分和档次"

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--scheme", required=True, help="方案代码（可写 代码/版本），自带方案的名称，或方案文件"
        )
        parser.add_argument("--year", type=int, required=True, help="年度，例如 2023")

    def run(self, options: dict[str, Any]) -> int:
        county, year = self.county(options), options["year"]
        actor = self.actor(options, county)
        found = find_scheme(county, options["scheme"], year)
        made = evaluate_year(county, actor, found, year)
        inputs_sha256, definition = digest(made.text), found.definition
        unchanged = _same_draft(county, found, year, inputs_sha256)
        run = unchanged
        if options["commit"] and unchanged is None:
            reason = options["reason"] or f"按“{definition.name}”起草 {year} 年评价"
            run = draft_run(
                county=county,
                actor=actor,
                found=_in_force(county, actor, found, reason),
                year=year,
                on=timezone.localdate(),
                reason=reason,
                worked_out=made,
            )
        said = {
            "scheme": definition.code,
            "scheme_name": definition.name,
            "scheme_version": definition.version,
            "scheme_sha256": found.sha256,
            "basis": definition.basis,
            "year": year,
            "on": made.inputs.on,
            **made.document,
            "inputs_sha256": inputs_sha256,
            "results_sha256": made.scored.sha256,
            "run": run.number if run else None,
            "unchanged": unchanged is not None,
            "committed": run is not None and unchanged is None,
        }
        lines = [
            f"{county.name} {year} 年，{definition.name}（{definition.version}），用地截至 {made.inputs.on}："
        ]
        for group in said["groups"]:
            grades = "，".join(f"{name} {count} 家" for name, count in group["grades"].items())
            lines.append(f"  {group['name']}：{group['firms']} 家，{grades}；未评分 {group['unscored']} 家")
        for code, count in said["not_evaluated"].items():
            lines.append(f"  {said['not_evaluated_titles'][code]}：{count} 家")
        lines += [f"  注意：{word}" for word in said["reservations"]]
        if unchanged is not None:
            lines.append(f"与第 {unchanged.number} 次评价的数据和方案相同，没有需要写入的内容。")
        else:
            lines.append(dry_run_note(options))
        self.answer(options, said, lines)
        return DONE


def _same_draft(county: County, found: Chosen, year: int, sha256: str) -> GradingRun | None:
    """The newest run of the year, if it is a draft on the same inputs; the definition's hash is among them."""
    run = GradingRun.objects.filter(county=county, year=year).order_by("-number").first()
    if run is None or found.version is None or run.scheme_version_id != found.version.pk:
        return None
    newest = FrozenInput.objects.filter(run=run).order_by("-version").values_list("sha256", flat=True).first()
    return run if newest == sha256 and state(run) == DRAFT else None


def _in_force(county: County, actor: Actor, found: Chosen, reason: str) -> Chosen:
    """The definition as a version in force: one from a file, or a draft, is kept and put in force first."""
    version = found.version
    if version is None:
        version = store_scheme(county=county, actor=actor, document=found.document, reason=reason)
    if version.status == SchemeVersion.DRAFT:
        version = put_in_force(
            county=county, actor=actor, version_id=version.pk, on=timezone.localdate(), reason=reason
        )
    return chosen(found.document, version)
