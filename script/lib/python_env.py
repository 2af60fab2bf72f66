"""The checkout's Python environments, installed from the lock files with every hash checked.

Never repairs an environment: what doesn't match its lock, its Python or its place is made anew.
"""

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from script.lib.checkout import Checkout, fingerprint, run_quietly

STAMP = "landgis-stamp.json"


@dataclass(frozen=True)
class Lock:
    """A lock file and those that it includes: an environment made from it serves their needs too."""

    name: str
    includes: tuple[str, ...] = ()


RUNTIME = Lock("requirements.lock")
DEVELOPMENT = Lock("requirements-dev.lock", includes=("requirements.lock",))
BENCH = Lock("requirements-bench.lock")
NODE = Lock("requirements-node.lock")


def ensure(checkout: Checkout, folder: Path, lock: Lock) -> None:
    """Makes the environment match the lock. Does nothing when its stamp says that it does."""
    if is_current(checkout, folder, lock):
        return
    base = _identity_of(folder)
    if _read_stamp(folder).get("base") != base or _changed(checkout, folder):
        (folder / STAMP).unlink(missing_ok=True)
        command: list[str | Path] = [sys.executable, "-m", "venv", "--clear", folder]
        run_quietly(checkout, f"making the Python environment {folder.name}", command)
    command = [
        folder / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "--no-input", "-q", "install",
        "--no-deps", "--require-hashes", "--only-binary=:all:", "-r", checkout.root / lock.name,
    ]  # fmt: skip
    run_quietly(checkout, f"installing {lock.name} (pip)", command, environment=_pip_environment())
    write_stamp(checkout, folder, lock)


def is_current(checkout: Checkout, folder: Path, lock: Lock) -> bool:
    stamp = _read_stamp(folder)
    locks = stamp.get("locks")
    return (
        stamp.get("base") == _identity_of(folder)
        and isinstance(locks, dict)
        and locks.get(lock.name) == _digest(checkout, lock.name)
        and (folder / "bin" / "python").exists()
    )


def write_stamp(checkout: Checkout, folder: Path, lock: Lock) -> None:
    """Says that the environment was made from this lock, those that it includes, and at this place."""
    locks = {name: _digest(checkout, name) for name in (lock.name, *lock.includes)}
    draft = folder / f"{STAMP}.new"
    draft.write_text(json.dumps({"base": _identity_of(folder), "locks": locks}, indent=1))
    draft.rename(folder / STAMP)


def _changed(checkout: Checkout, folder: Path) -> bool:
    """Whether a lock that the environment was made from has changed: leftovers of the old one must go."""
    locks = _read_stamp(folder).get("locks")
    return not isinstance(locks, dict) or any(_digest(checkout, name) != seen for name, seen in locks.items())


def _identity_of(folder: Path) -> str:
    """The Python that makes it, and the place: scripts in bin/ hold the path, so a moved one starts anew."""
    return f"{sys.implementation.cache_tag} {sys.base_prefix} {folder}"


def _digest(checkout: Checkout, name: str) -> str:
    return fingerprint([checkout.root / name])


def _pip_environment() -> dict[str, str]:
    unwanted = ("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV", "PIP_NO_BINARY")
    return {name: value for name, value in os.environ.items() if name not in unwanted}


def _read_stamp(folder: Path) -> dict[str, object]:
    try:
        stamp = json.loads((folder / STAMP).read_text())
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}
