"""script/manage: manage.py with the checkout's Python and database, in the caller's folder.

Writes nothing to stdout itself, so that `--json` stays one document.
"""

import subprocess
import sys

from script.lib.checkout import Checkout, SetupError, replace_process, say
from script.lib.setup import Needs, prepare

MAKES_TABLES_ITSELF = {"migrate", "makemigrations", "test", "help", "--help", "--version"}


def main(checkout: Checkout, arguments: list[str]) -> int:
    ready = prepare(checkout, Needs())
    manage_py = checkout.root / "manage.py"
    if ready.has_tables is False and not MAKES_TABLES_ITSELF & set(arguments[:1]):
        say("making the tables of the new database")
        command = [str(checkout.python), str(manage_py), "migrate", "--no-input", "-v", "0"]
        if subprocess.run(
            command, env=ready.environment, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False
        ).returncode:
            raise SetupError("the new database got no tables: see the lines above")
    replace_process([checkout.python, manage_py, *arguments], ready.environment)
