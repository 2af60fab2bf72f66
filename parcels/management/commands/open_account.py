"""Open an account for a person with one role; the password comes from LANDGIS_NEW_PASSWORD or is asked for."""

import getpass
import os
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import CommandParser
from django.utils import timezone

from landgis.access.actions import open_account
from landgis.access.models import User
from landgis.access.rules import TITLES
from landgis.lib.errors import InputError, UsageError
from parcels.management.base import DONE, LandgisCommand, dry_run_note


class Command(LandgisCommand):
    help = "开立账号并分配角色"

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="登录名")
        parser.add_argument("--role", required=True, choices=sorted(set(TITLES) - {"operator"}), help="角色")
        parser.add_argument("--name", required=True, help="姓名")
        parser.add_argument("--town", default="", help="镇街代码；镇街经办人必填")

    def run(self, options: dict[str, Any]) -> int:
        county = self.county(options)
        town = options["town"]
        if town and not county.towns.filter(code=town).exists():
            raise UsageError(f"{county.name}没有代码为 {town} 的镇街。", remedy="请核对 --town。")
        if options["role"] == "township_officer" and not town:
            raise UsageError("镇街经办人必须指明镇街。", remedy="请加 --town 镇街代码。")
        known = User.objects.filter(username=options["username"]).exists()
        password = "" if known or not options["commit"] else self._password(options["username"])
        if options["commit"]:
            open_account(
                county=county, username=options["username"], display_name=options["name"], password=password,
                role=options["role"], town_code=town, by=options["by"], on=timezone.localdate(),
                reason=options["reason"] or f"开立账号 {options['username']}",
            )  # fmt: skip
        title = TITLES[options["role"]]
        self.answer(
            options,
            {
                "username": options["username"],
                "role": options["role"],
                "town": town,
                "committed": options["commit"],
            },
            [
                f"{options['username']}（{options['name']}）：{title}{f'，{town}' if town else ''}。{dry_run_note(options)}"
            ],
        )
        return DONE

    def _password(self, username: str) -> str:
        try:
            password = os.environ.get("LANDGIS_NEW_PASSWORD") or getpass.getpass("密码：")
        except EOFError:  # nobody is there to type it
            raise UsageError(
                "没有可以输入密码的终端。",
                remedy="请在终端运行，或者用环境变量 LANDGIS_NEW_PASSWORD 给出密码。",
            ) from None
        try:
            validate_password(password, User(username=username))
        except ValidationError as error:
            raise InputError("password_weak", "；".join(error.messages), "请换一个更复杂的密码。") from None
        return password
