"""Dependencies: each with its reason, each used, each locked with hashes and without an address."""

import re
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.house.tree import ROOT, texts

LOCKS = sorted(ROOT.glob("requirements*.lock"))
# Used by their program or by name in a setting, where no import tells of them.
USED_BY_NAME = {
    "granian",
    "uv",
    "ruff",
    "mypy",
    "import-linter",
    "pytest-xdist",
    "pytest-django",
    "django-stubs",
}


def project() -> dict[str, list[str]]:
    content = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return {"runtime": content["project"]["dependencies"], **content["dependency-groups"]}


def name_of(requirement: str) -> str:
    return re.split(r"[\[<>=!~; ]", requirement)[0].lower().replace("_", "-")


def test_every_dependency_says_why_it_is_here() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    requirements = [requirement for group in project().values() for requirement in group]
    silent = [found for found in requirements if not re.search(rf'"{re.escape(found)}",?\s+# \S+ \S+', text)]
    assert requirements
    assert not silent


@pytest.mark.parametrize("group", ["runtime", "dev"])
def test_every_dependency_is_used(group: str) -> None:
    imports: dict[str, set[str]] = {}
    for module, distributions in packages_distributions().items():
        for distribution in distributions:
            imports.setdefault(distribution.lower().replace("_", "-"), set()).add(module)
    code = "\n".join(text for name, text in texts().items() if name.endswith(".py"))
    unused = [
        name
        for requirement in project()[group]
        if (name := name_of(requirement)) not in USED_BY_NAME
        and not any(
            re.search(rf"(^|[\s\"'])(import |from )?{module}[.\"'\s]", code)
            for module in imports.get(name, ())
        )
    ]
    assert not unused


@pytest.mark.parametrize(
    ("group", "lock"), [("runtime", ""), ("dev", "-dev"), ("bench", "-bench"), ("node", "-node")]
)
def test_every_dependency_is_locked(group: str, lock: str) -> None:
    locked = set(
        re.findall(r"^([a-z0-9.-]+)==", (ROOT / f"requirements{lock}.lock").read_text(), re.MULTILINE)
    )
    assert not {name_of(requirement) for requirement in project()[group]} - locked


def test_the_development_lock_holds_the_runtime_lock() -> None:
    runtime, development = (
        set(re.findall(r"^\S+==\S+", (ROOT / name).read_text(), re.MULTILINE))
        for name in ("requirements.lock", "requirements-dev.lock")
    )
    assert runtime <= development


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_locks_hold_versions_and_hashes_only(lock: Path) -> None:
    head, *lines = lock.read_text().splitlines()
    assert head.startswith("# ")
    strange = [
        line
        for line in lines
        if not re.fullmatch(r"[a-z0-9.-]+==[\w.+!]+( ; [^/@]+)? \\", line)
        and not re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line)
    ]
    assert not strange


def test_the_front_ends_lock_holds_no_address() -> None:
    text = (ROOT / "frontend" / "package-lock.json").read_text()
    assert '"integrity"' in text
    assert '"resolved"' not in text
