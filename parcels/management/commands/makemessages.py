"""Collects the sentences of the pages for the catalogue, and with them the names that tables of the rules hold.

Refuses to translate: new entries are left empty, which the tests of the catalogue find.
"""

from tempfile import NamedTemporaryFile
from typing import Any

from django.core.management.base import CommandParser
from django.core.management.commands import makemessages

from parcels.management.naming import names


class Command(makemessages.Command):
    """As Django's own; English, without places and wrapped lines, and without the front end, is what is meant."""

    help = "收集页面文字和规则中的名称，更新英文译文目录"

    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(
            locale=["en"],
            no_location=True,
            no_wrap=True,
            ignore_patterns=["frontend", ".venv", "var", "node_modules"],
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with NamedTemporaryFile("w", dir=".", prefix="zz_names_", suffix=".py", encoding="utf-8") as listed:
            listed.writelines(f"_({name!r})\n" for name in sorted(names()))
            listed.flush()
            super().handle(*args, **options)
