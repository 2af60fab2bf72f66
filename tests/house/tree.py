"""The files of the checkout as git would list them: tracked ones and new ones, nothing that is ignored.

Holds no test and no rule.
"""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def list_files(root: Path) -> list[Path]:
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        check=True,
    ).stdout
    paths = [root / name for name in listed.decode().split("\0") if name]
    return sorted({path for path in paths if path.is_file()})


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
