"""Where things lie in this checkout, and how the set-up speaks and runs programs.

Never writes to stdout: that belongs to the command that the set-up prepares.
"""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

LOG_TAIL_LINES = 30


class SetupError(Exception):
    """The set-up can't go on; the message says what to do."""


@dataclass(frozen=True)
class Checkout:
    """The folders of one checkout. Everything that a run writes lies under `.venv`, `var` and `frontend`."""

    root: Path
    var_elsewhere: Path | None = None

    @property
    def var(self) -> Path:
        return self.var_elsewhere or self.root / "var"

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def frontend(self) -> Path:
        return self.root / "frontend"

    @property
    def log(self) -> Path:
        return self.var / "setup.log"

    def prepare(self) -> None:
        """Makes `var`, open enough for the database's own user to pass through it."""
        try:
            self.var.mkdir(parents=True, exist_ok=True)
            if self.var.stat().st_uid == os.geteuid():
                self.var.chmod(0o755)
            probe = self.var / ".writable"
            probe.touch()
        except PermissionError as refused:
            raise SetupError(
                f"{self.var} can't be written by this user (it was made by another, perhaps root): "
                f"run as that user, or `sudo chown -R $USER {str(self.root)!r}` after `script/database stop`"
            ) from refused
        except OSError as refused:  # no space, a file system for reading only, a file in the folder's place
            raise SetupError(
                f"{self.var} can't be written: {refused.strerror}; free some space, or name another folder with LANDGIS_VAR_DIR"
            ) from refused


def here() -> Checkout:
    elsewhere = os.environ.get("LANDGIS_VAR_DIR")
    return Checkout(Path(__file__).resolve().parents[2], Path(elsewhere).resolve() if elsewhere else None)


def say(message: str) -> None:
    sys.stderr.write(f"  {message}\n")
    sys.stderr.flush()


def run_quietly(
    checkout: Checkout,
    what: str,
    command: Sequence[str | Path],
    *,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> None:
    """Runs one step of the set-up with its chatter in var/setup.log; a failure shows the end of it."""
    say(what)
    began = time.monotonic()
    with checkout.log.open("ab") as log:
        log.write(f"\n== {what}: {' '.join(map(str, command))}\n".encode())
        log.flush()
        start = log.tell()
        try:
            done = subprocess.run(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=folder,
                env=environment,
                check=False,
            )
        except FileNotFoundError as missing:
            raise SetupError(f"{what}: {missing.filename} is not installed") from missing
    if done.returncode:
        text = checkout.log.read_bytes()[start:].decode(errors="replace")
        tail = "\n    ".join(text.splitlines()[-LOG_TAIL_LINES:])
        raise SetupError(f"{what} failed (exit {done.returncode}, whole log in {checkout.log}):\n    {tail}")
    seconds = time.monotonic() - began
    if seconds > 1:
        say(f"  done in {seconds:.0f} s")


def fingerprint(parts: Iterable[str | Path]) -> str:
    """One digest over texts and the contents of files; a file that isn't there counts as such."""
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, Path):
            content = part.read_bytes() if part.is_file() else b"\0missing"
            digest.update(f"{part.name}:{len(content)}:".encode() + content)
        else:
            digest.update(f"{len(part.encode())}:{part}".encode())
    return digest.hexdigest()


def replace_process(command: Sequence[str | Path], environment: Mapping[str, str]) -> NoReturn:
    """Becomes another program: its output and exit code are then this one's."""
    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(str(command[0]), [str(part) for part in command], dict(environment))
