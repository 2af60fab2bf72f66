"""Show the demo accounts that `load_demo` opened on this installation."""

from typing import Any

from parcels.management.base import DONE, LandgisCommand
from parcels.management.commands.load_demo import accounts_file


class Command(LandgisCommand):
    help = "显示示意账号"
    writes = False

    def run(self, options: dict[str, Any]) -> int:
        file = accounts_file()
        text = file.read_text(encoding="utf-8").rstrip() if file.exists() else "没有示意账号。"
        self.answer(options, {"accounts": text.splitlines()}, [text])
        return DONE
