"""script/server: landgis on this machine, from a bare checkout to an address and accounts to log in with.

Serves 127.0.0.1 only: others reach it through a web server that speaks TLS. Leaves the database running.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from script.lib.checkout import Checkout, SetupError, say
from script.lib.setup import Needs, prepare

HOST = "127.0.0.1"
START_SECONDS = 60
STOP_SECONDS = 15
# Whether the database answers; the address may begin as Django's does.
ASK = """
import os, re, sys
import psycopg
try:
    psycopg.connect(re.sub("^(postgis|postgres)://", "postgresql://", os.environ["DATABASE_URL"]), connect_timeout=10).close()
except psycopg.Error as error:
    sys.exit(" ".join(str(error).split()))
"""
END_WITH_PARENT = (
    "setpriv",
    "--pdeathsig",
    "TERM",
)  # if script/server is killed outright, its server goes too


def main(checkout: Checkout, arguments: list[str]) -> int:
    if arguments:
        sys.stderr.write("usage: [PORT=8000] script/server\n")
        return 2
    port = _port()
    ready = prepare(checkout, Needs(frontend=True))
    environment = {"LANDGIS_POOLED": "1", **ready.environment}
    if ready.has_tables is None:
        _refuse_unreachable(checkout, environment)
    _end_leftovers(checkout.root)
    _refuse_taken(port)
    _manage(checkout, environment, "migrate", "--no-input", "-v", "0", what="bringing the tables up to date")
    _manage(checkout, environment, "collectstatic", "--no-input", "-v", "0", what="collecting static files")
    _manage(
        checkout,
        environment,
        "load_demo",
        "--if-empty",
        what="looking for a county, loading the demo where there is none",
    )
    return _serve(checkout, environment, port)


def _serve(checkout: Checkout, environment: Mapping[str, str], port: int) -> int:
    stopping: list[int] = []
    command = [
        *END_WITH_PARENT, checkout.venv / "bin" / "granian", "--interface", "wsgi",
        "--host", HOST, "--port", str(port),
        "--workers", environment.get("LANDGIS_WORKERS", "2"),
        "--blocking-threads", environment.get("LANDGIS_THREADS", "4"),
        "--respawn-failed-workers", "--workers-kill-timeout", str(STOP_SECONDS - 5), "--log-level", "warning",
        "--no-ws", "landgis.wsgi:application",
    ]  # fmt: skip
    # A group of its own: Ctrl-C reaches every program of a terminal's group at once, and workers that were told twice hang.
    process = subprocess.Popen(
        [str(part) for part in command], cwd=checkout.root, env=environment, stdin=subprocess.DEVNULL, process_group=0
    )  # fmt: skip

    def stop(number: int, _frame: object) -> None:
        stopping.append(number)
        process.terminate()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:  # nohup asks for that
            signal.signal(number, stop)
    if _wait_for_answer(process, port) and not stopping:
        print(f"\nlandgis: http://{HOST}:{port}", flush=True)
        show = [str(checkout.python), "manage.py", "show_accounts"]
        subprocess.run(show, cwd=checkout.root, env=environment, stdin=subprocess.DEVNULL, check=False)
        print("Ctrl-C stops it.", flush=True)
    elif not stopping:
        process.terminate()
        _wait_for_end(process)
        raise SetupError(
            f"the server did not answer on port {port} within {START_SECONDS} s: see the lines above"
        )
    while process.poll() is None:
        if stopping:
            _wait_for_end(process)
        time.sleep(0.2)
    if stopping:
        say("stopped; the database goes on (script/database stop ends it)")
        return 0
    _end_leftovers(checkout.root)
    say(f"the server ended by itself (exit {process.returncode})")
    return 1


def _manage(checkout: Checkout, environment: Mapping[str, str], *arguments: str, what: str) -> None:
    say(what)
    command = [str(checkout.python), "manage.py", *arguments]
    done = subprocess.run(
        command, cwd=checkout.root, env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False
    )
    if done.returncode:
        raise SetupError(f"manage.py {arguments[0]} failed (exit {done.returncode}): see the lines above")


def _port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise SetupError(f"PORT={text}: say a number from 1 to 65535")
    return int(text)


def _refuse_unreachable(checkout: Checkout, environment: Mapping[str, str]) -> None:
    """Says in a line why the database that DATABASE_URL names can't be used, where a pool would only tell that it waited."""
    asked = subprocess.run(
        [str(checkout.python), "-c", ASK],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if asked.returncode:
        reason = asked.stderr.strip().splitlines()[-1:] or ["no answer"]
        raise SetupError(
            f"the database that DATABASE_URL names can't be used: {reason[0]}\n"
            "  check its host, port, name, user and password (postgresql://user:password@host:5432/name), "
            "and that its server runs"
        )


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as taken:
            raise SetupError(
                f"port {port} is not free ({taken.strerror}); choose another: PORT=8001 script/server"
            ) from taken


def _end_leftovers(root: Path) -> None:
    """Ends orphaned workers of this checkout: those of a server that was killed outright hold its port."""
    for process in Path("/proc").iterdir():
        try:
            if not process.name.isdigit() or b"landgis.wsgi" not in (process / "cmdline").read_bytes():
                continue
            parent = (process / "stat").read_text().rsplit(")", 1)[1].split()[1]
            if not _is_ours(Path("/proc") / parent) and (process / "cwd").samefile(root):
                os.kill(int(process.name), signal.SIGKILL)
                time.sleep(0.2)
        except OSError:
            continue


def _is_ours(process: Path) -> bool:
    command = (process / "cmdline").read_bytes()
    return b"landgis.wsgi" in command or b"script/lib/main.py" in command


def _wait_for_answer(process: subprocess.Popen[bytes], port: int) -> bool:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as caller:
            caller.settimeout(2)
            try:
                caller.connect((HOST, port))
                caller.sendall(b"GET /healthz HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
                if b" 200 " in caller.recv(64):
                    return True
            except OSError:
                pass
        time.sleep(0.1)
    return False


def _wait_for_end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
