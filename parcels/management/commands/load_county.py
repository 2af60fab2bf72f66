"""Make or update a county from its profile file and the task list beside it; a dry run unless --commit."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from landgis.access.actions import clear_recipient
from landgis.counties.actions import load_county
from landgis.counties.models import County
from landgis.counties.profile import Profile, read_profile
from landgis.counties.queries import current_county
from parcels.management.base import DONE, LandgisCommand, dry_run_note
from parcels.tasks.actions import load_tasks
from parcels.tasks.reading import read_tasks


class Command(LandgisCommand):
    help = "按县域配置文件建立或更新县域"

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("profile", type=Path, help="县域配置文件（TOML）")

    def run(self, options: dict[str, Any]) -> int:
        profile = read_profile(options["profile"])
        loaded = load_county(
            profile,
            by=options["by"],
            reason=options["reason"] or f"载入县域配置 {options['profile'].name}",
            commit=options["commit"],
        )
        if options["commit"] and loaded.changed and profile.recipients:
            county = current_county(profile.code)
            for code, name, fields in profile.recipients:
                clear_recipient(
                    county=county, code=code, name=name, fields=list(fields), by=options["by"],
                    reason=options["reason"] or f"载入县域配置 {options['profile'].name}",
                )  # fmt: skip
        listed = self._tasks(options, profile)
        state = "新建" if loaded.created else ("更新" if loaded.changed else "无变化")
        lines = [
            f"{profile.name}（{profile.code}）{state}：镇街 {loaded.towns}，参数 {loaded.parameters}，目标 {loaded.targets}。",
            dry_run_note(options) if loaded.changed else "与已载入的配置一致，没有需要变更的内容。",
        ]
        if listed:
            made, changed, same = listed
            lines.insert(1, f"任务清单：新增 {made}，变更 {changed}，不变 {same}。")
        self.answer(options, asdict(loaded) | {"committed": options["commit"] and loaded.changed}, lines)
        return DONE

    def _tasks(self, options: dict[str, Any], profile: Profile) -> tuple[int, int, int] | None:
        """New, changed and unchanged tasks of `tasks.toml`; a county that isn't there yet has none to compare with."""
        path = options["profile"].with_name("tasks.toml")
        if not path.exists():
            return None
        listed = read_tasks(path)
        if not options["commit"] and not County.objects.filter(code=profile.code).exists():
            return len(listed), 0, 0
        county = current_county(profile.code)
        return load_tasks(
            county=county, actor=self.actor(options, county), listed=listed,
            reason=options["reason"] or f"载入任务清单 {path.name}", commit=options["commit"],
        )  # fmt: skip
