"""Load the demo county (示意数据) from the files that a bureau would deliver, through the same imports as real data."""

import secrets
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandParser
from django.db import connection, transaction

from landgis.access.actions import open_account
from landgis.access.models import User
from landgis.access.queries import SYSTEM
from landgis.access.rules import TITLES
from landgis.counties.actions import load_county, mark_demo
from landgis.counties.models import County
from landgis.counties.profile import Profile, read_profile, read_targets
from parcels.management import demo_campaigns, demo_cases, demo_evaluation, demo_line
from parcels.management.base import DONE, LandgisCommand

DATA = settings.BASE_DIR / "data"
# The day on which the demo's figures stand: its facts were made for it.
DEMO_DAY = date(2025, 12, 31)
IN_OFFICE_SINCE = date(2024, 1, 1)
DEMO_YEARS = (2023, 2024, 2025)
DEMO_SCHEME = "yiwu-2022"
TABLES = ("enterprises", "occupancy", "annual-returns", "firm-years", "supply-contracts", "progress")
REASON = "载入示意数据"
ACCOUNTS = (
    ("registrar", "登记员（示意）", ""),
    ("idle_land_officer", "闲置专管员（示意）", ""),
    ("evaluation_officer", "亩均专管员（示意）", ""),
    ("evaluation_officer", "亩均复核员（示意）", ""),
    ("township_officer", "镇街经办人（示意）", "330782105"),
    ("township_officer", "镇街复核人（示意）", "330782105"),
    ("leader", "分管领导（示意）", ""),
    ("agency", "协作部门（示意）", ""),
    ("system_admin", "系统管理员（示意）", ""),
    ("security_admin", "安全管理员（示意）", ""),
    ("audit_admin", "审计员（示意）", ""),
)


def accounts_file() -> Path:
    return Path(settings.VAR_DIR) / "demo_accounts.txt"


def interrupted() -> bool:
    """Whether nothing is loaded yet, or only part of the demo: its last step opens the accounts."""
    counties = list(County.objects.values_list("code", "is_demo"))
    return not counties or (counties == [("330782", True)] and not User.objects.exists())


def _with_demo_targets(folder: Path) -> Profile:
    """The county's own profile, and invented targets for the years after its plan."""
    profile = read_profile(folder / "profile.toml")
    return replace(profile, targets=(*profile.targets, *read_targets(folder / "demo_targets.toml")))


def _gather_statistics() -> None:
    """What was just brought in is read at once, before the server would look at the rows by itself: a minute's difference."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


class Command(LandgisCommand):
    help = "载入示意县域及示意数据"
    writes = False

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="库中已有县域时不做任何事")

    def run(self, options: dict[str, Any]) -> int:
        if options["if_empty"] and not interrupted():
            return DONE
        shapes = DATA / "shapefiles"
        common: dict[str, Any] = {
            "commit": True,
            "reason": REASON,
            "stdout": self.stdout,
            "stderr": self.stderr,
        }
        folder = DATA / "counties" / "330782"
        load_county(_with_demo_targets(folder), by=SYSTEM, reason=REASON, commit=True)
        call_command("load_county", folder / "profile.toml", **common)  # brings the plan's tasks
        county = County.objects.get(code="330782")
        mark_demo(county, by=SYSTEM)
        common["county"] = county.code
        call_command("import_layer", "districts", shapes / "towns.shp", **common)
        call_command("import_layer", "platforms", shapes / "platforms.shp", **common)
        call_command("import_layer", "control-lines", shapes / "control_lines.shp", **common)
        call_command("import_parcels", shapes / "parcels.shp", **common)
        _gather_statistics()
        for table in TABLES:
            call_command("import_table", table, shapes / f"{table.replace('-', '_')}.xlsx", **common)
        _gather_statistics()
        call_command("evaluate", scheme=DEMO_SCHEME, year=DEMO_YEARS[-1], **common)
        call_command("screen_idle", on=DEMO_DAY, **common)
        actor = self.actor(options | {"by": SYSTEM}, county)
        demo_evaluation.play(county, actor, DATA / "schemes" / "shiyi-2023.toml")
        for year in DEMO_YEARS:  # after the objections, which put figures right
            call_command("compute_indicators", year=year, **common)
        demo_line.play(county, actor)
        demo_campaigns.play(county, actor, year=DEMO_YEARS[-1], on=DEMO_DAY)
        with transaction.atomic():
            self._accounts(county)
            demo_cases.play(county, actor, officer="demo_idle_land_officer")
        _gather_statistics()
        return DONE

    def _accounts(self, county: County) -> None:
        """An account for each of the cast, with a password made for this installation and kept where only its owner reads it.

        Where one person makes what another checks, the role has two.
        """
        if User.objects.exists():
            return
        password = f"Demo-{secrets.token_urlsafe(9)}"
        lines: list[str] = []
        known: Counter[str] = Counter()
        for role, name, town in ACCOUNTS:
            known[role] += 1
            username = f"demo_{role}" if known[role] == 1 else f"demo_{role}_{known[role]}"
            open_account(
                county=county, username=username, display_name=name, password=password, role=role, town_code=town,
                by=SYSTEM, on=IN_OFFICE_SINCE, reason=REASON,
            )  # fmt: skip
            lines.append(f"{username:24} {password:20} {TITLES[role]}{f'（{town}）' if town else ''}")
        file = accounts_file()
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
