"""The files of the checkout as git would list them: tracked ones and new ones, nothing that is ignored.

Holds no test and no rule. Without git, or outside a clone, it leaves out what .gitignore names by hand.
"""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = {".git", ".venv", "var", "node_modules", "dist", "coverage", "__pycache__", ".hypothesis"}


def list_files(root: Path) -> list[Path]:
    found = _as_git_lists(root) if (root / ".git").exists() and shutil.which("git") else _by_walking(root)
    return sorted({path for path in found if path.is_file()})


@cache
def files(*suffixes: str) -> list[Path]:
    """This checkout's files with these endings; all of them when none is named."""
    return [path for path in list_files(ROOT) if not suffixes or path.suffix in suffixes]


@cache
def texts() -> dict[str, str]:
    """Every file that is text, by its path from the root."""
    found = {}
    for path in files():
        content = path.read_bytes()
        if b"\0" not in content[:8000]:
            found[path.relative_to(ROOT).as_posix()] = content.decode("utf-8", errors="replace")
    return found


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _as_git_lists(root: Path) -> list[Path]:
    command = [
        "git",
        "-c",
        "safe.directory=*",
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]
    listed = subprocess.run(command, cwd=root, capture_output=True, check=True).stdout
    return [root / name for name in listed.decode().split("\0") if name]


def _by_walking(root: Path) -> list[Path]:
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name not in NOT_OURS and not name.endswith("_cache")]
        found += [Path(folder) / name for name in names]
    return found
