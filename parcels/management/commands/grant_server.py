"""Give a database role what the web server needs and nothing that undoes the record; to be run as the tables' owner."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from landgis.audit.change import change
from landgis.audit.server_role import grant, grants_for, left_open
from parcels.management.base import DONE, LandgisCommand, dry_run_note


class Command(LandgisCommand):
    help = "为网站服务器的数据库角色授权"

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role", help="数据库角色；不得拥有数据表")

    def run(self, options: dict[str, Any]) -> int:
        role = options["role"]
        statements = grants_for(role)
        if options["commit"]:
            reason = options["reason"] or f"为数据库角色 {role} 授权"
            county_code = options["county"] or settings.LANDGIS_COUNTY
            with change(
                county_code=county_code, by=options["by"], action="grant_server", reason=reason, role=role
            ):
                grant(role)
        open_still = left_open(role) if options["commit"] else []
        self.answer(
            options,
            {"role": role, "statements": statements, "left_open": open_still, "committed": options["commit"]},
            [*(f"{statement};" for statement in statements), *open_still, dry_run_note(options)],
        )
        return DONE
