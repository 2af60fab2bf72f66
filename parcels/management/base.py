"""What every command of landgis shares: county, author, dry run, JSON on stdout, exit codes and progress.

Refuses to write without `--commit`, and to print anything but the one JSON document on stdout under `--json`.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, TypeVar

from django.core.management.base import BaseCommand, CommandError, CommandParser

from landgis.access.queries import SYSTEM, Actor, command_actor
from landgis.counties.models import County
from landgis.counties.queries import current_county
from landgis.lib.errors import LandgisError
from landgis.lib.later import later

T = TypeVar("T")

progress_bar = later("tqdm.tqdm")
DONE, INPUT_HAS_ERRORS, WRONG_USAGE = 0, 1, 2


class LandgisCommand(BaseCommand):
    """A thin command: subclasses name their arguments in `arguments`, work in `run` and speak through `answer`."""

    writes = True
    asked_for_json = False
    requires_migrations_checks = False
    requires_system_checks = ()

    def run_from_argv(self, argv: Sequence[str]) -> None:
        """Words that aren't understood are an answer too: under `--json` a document like any other."""
        self.asked_for_json = "--json" in argv
        try:
            super().run_from_argv(list(argv))
        except CommandError as error:
            message = str(error).removeprefix("Error: ")
            document = {"code": "usage", "message": message, "remedy": f"用法见 {argv[1]} --help。"}
            self.answer({"as_json": True}, _refusal(document), ())
            sys.exit(WRONG_USAGE)

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        if self.asked_for_json:
            parser.called_from_command_line = False  # it raises what it would print and end with
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--county", default=None, help="县域代码（默认取 LANDGIS_COUNTY）")
        parser.add_argument("--json", action="store_true", dest="as_json", help="在标准输出只打印一份 JSON")
        parser.add_argument("--by", default=SYSTEM, help="以哪个账号办理（默认系统控制台）")
        if self.writes:
            parser.add_argument("--commit", action="store_true", help="写入数据库；不加则只试运行")
            parser.add_argument("--reason", default="", help="变更原因，记入审计")
        self.arguments(parser)

    def arguments(self, parser: CommandParser) -> None:
        """The command's own arguments."""

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            code = self.run(options)
        except LandgisError as error:
            self.answer(options, _refusal(error.as_json()), [f"错误：{error}"])
            code = WRONG_USAGE if error.status in (400, 403, 404) else INPUT_HAS_ERRORS
        if code:
            sys.exit(code)

    def run(self, options: dict[str, Any]) -> int:
        """Do the work and return the exit code."""
        raise CommandError("a command without work")

    def county(self, options: dict[str, Any]) -> County:
        return current_county(options["county"])

    def actor(self, options: dict[str, Any], county: County, *rights: str) -> Actor:
        """Who the command acts for; raises Forbidden without one of `rights`."""
        actor = command_actor(options["by"], county)
        for right in rights:
            actor.require(right)
        return actor

    def answer(self, options: dict[str, Any], document: dict[str, Any], lines: Iterable[str]) -> None:
        """The result: one JSON document, or lines for a person."""
        if options["as_json"]:
            self.stdout.write(json.dumps(document, ensure_ascii=False, default=str))
        else:
            for line in lines:
                self.stdout.write(line)

    def progress(self, items: Iterable[T], *, total: int, title: str) -> Iterable[T]:
        """The items, with a progress bar on a terminal."""
        shown: Iterable[T] = progress_bar(
            items, total=total, desc=title, file=sys.stderr, disable=not sys.stderr.isatty()
        )
        return shown


def day(text: str) -> date:
    """A day as an argument."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}”不是日期，请写作 2025-12-31") from None


def _refusal(error: dict[str, Any]) -> dict[str, Any]:
    """A refusal as a whole, with the keys that every issue has."""
    issue = {"row": 0, "field": "", "severity": "error"} | {k: v for k, v in error.items() if v is not None}
    return {"error": error, "issues": [issue]}


def dry_run_note(options: dict[str, Any]) -> str:
    return "已写入。" if options["commit"] else "试运行，未写入；确认后加 --commit。"
