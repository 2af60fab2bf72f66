"""Which processes belong to a data folder, read from /proc and from postmaster.pid.

Trusts no pid by its number: after a crash it may be a zombie's, a stranger's or a copied checkout's.
"""

import os
import signal
import time
from pathlib import Path

PID_LINE, DATA_LINE, SOCKET_LINE = 0, 1, 4


def recorded_pid(data: Path) -> int | None:
    text = _recorded(data, PID_LINE)
    return int(text) if text.isdigit() else None


def recorded_socket(data: Path) -> str | None:
    return _recorded(data, SOCKET_LINE) or None


def is_server_of(pid: int, data: Path) -> bool:
    """Whether this process lives, is PostgreSQL's server, and works in this very folder."""
    process = Path("/proc") / str(pid)
    try:
        if (process / "stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
            return False
        command = (process / "cmdline").read_bytes().split(b"\0")
    except (FileNotFoundError, ProcessLookupError):
        return False
    if Path(os.fsdecode(command[0])).name not in ("postgres", "postmaster"):
        return False
    try:
        return (process / "cwd").samefile(
            data
        )  # the server works inside its data folder, wherever that was moved
    except FileNotFoundError:
        return False
    except PermissionError:  # a container may hide it even from root: what the server was told must do
        told = Path(_recorded(data, DATA_LINE))
        return told == data or not told.exists()


def end_orphans(data: Path, *, seconds: float) -> None:
    """Waits for the children of a killed server, which hold its memory; ends those that don't go."""
    began = time.monotonic()
    while orphans := _children_left(data):
        waited = time.monotonic() - began
        if waited > seconds:
            return  # the start will say what is wrong
        if waited > seconds / 3:
            for pid in orphans:
                _kill(pid)
        time.sleep(0.1)


def wait_for_end(pid: int, data: Path, *, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while is_server_of(pid, data):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def _children_left(data: Path) -> list[int]:
    found = []
    for process in Path("/proc").iterdir():
        if not process.name.isdigit():
            continue
        try:
            if (process / "cmdline").read_bytes().startswith(b"postgres:") and (process / "cwd").samefile(
                data
            ):
                found.append(int(process.name))
        except OSError:
            continue  # gone meanwhile, or another user's
    return found


def _kill(pid: int) -> None:
    """Safe without the server: nobody else uses the memory left, and the next start reads the log back."""
    try:
        os.kill(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def _recorded(data: Path, line: int) -> str:
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return ""
    return lines[line].strip() if len(lines) > line else ""
