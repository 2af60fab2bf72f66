"""Chooses the command.

A set-up that fails says what to do and exits with 69, which no command of ours uses.
"""

import errno
import signal
import sys
from collections.abc import Callable

from script.lib import bench, checks, database, manage, server
from script.lib.checkout import Checkout, SetupError, here

COMMANDS: dict[str, Callable[[Checkout, list[str]], int]] = {
    "server": server.main,
    "test": checks.main,
    "bench": bench.main,
    "manage": manage.main,
    "database": database.main,
}
UNAVAILABLE = 69
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}


def main(arguments: list[str]) -> int:
    name, *rest = arguments
    signal.signal(signal.SIGTERM, _leave)
    try:
        return COMMANDS[name](here(), rest)
    except SetupError as error:
        sys.stderr.write(f"script/{name}: {error}\n")
        return UNAVAILABLE
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        sys.stderr.write(
            f"script/{name}: {error.strerror}: {error.filename or 'this disk'}; free some space, then start again\n"
        )
        return UNAVAILABLE
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def _leave(number: int, _frame: object) -> None:
    """Leaves by an exception, so that a program that the set-up waits for is ended too."""
    raise SystemExit(128 + number)


sys.exit(main(sys.argv[1:]))
