"""script/database: the private database from outside: start, stop, status, url, run PROGRAM.

Never removes data and does nothing to a database that DATABASE_URL names.
"""

import os
import shutil
import sys

from script.lib.checkout import Checkout, SetupError, replace_process
from script.lib.cluster import Cluster

USAGE = "usage: script/database start | stop | status | url | run PROGRAM [arguments] (psql, pg_dump …)"


def main(checkout: Checkout, arguments: list[str]) -> int:
    word, *rest = arguments or [""]
    if word not in {"start", "stop", "status", "url", "run"} or (word == "run") != bool(rest):
        sys.stderr.write(USAGE + "\n")
        return 2
    if os.environ.get("DATABASE_URL"):
        raise SetupError("DATABASE_URL names another database: script/database only handles the private one")
    checkout.prepare()
    cluster = Cluster(checkout.var / "pg")
    if word == "status":
        running = cluster.answers()
        print("running" if running else "stopped")
        return 0 if running else 3
    if word == "stop":
        print("stopped" if cluster.stop() else "was not running")
        return 0
    cluster.start()
    if word == "run":
        _run(cluster, rest)
    print(cluster.url())
    return 0


def _run(cluster: Cluster, command: list[str]) -> None:
    environment = {**os.environ, **cluster.client_environment()}
    program = shutil.which(command[0], path=environment["PATH"])
    if program is None:
        raise SetupError(f"there is no program {command[0]}")
    replace_process([program, *command[1:]], environment)
