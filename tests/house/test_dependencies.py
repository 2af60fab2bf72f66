"""Dependencies: each with its reason, each used, each locked with hashes and without an address."""

import ast
import re
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.house.tree import ROOT, files, relative, texts

LOCKS = sorted(ROOT.glob("requirements*.lock"))
# Used through a program, a plugin or another package, where no import tells of it: what shows that it is.
USED_THROUGH = {
    "argon2-cffi": "Argon2PasswordHasher",
    "granian": '"granian"',
    "pyarrow": "to_parquet|read_parquet",
    "django-stubs": "mypy_django_plugin",
    "import-linter": '"lint-imports"',
    "mypy": '"mypy"',
    "pytest-django": "DJANGO_SETTINGS_MODULE",
    "pytest-xdist": "xdist_group",
    "ruff": '"ruff"',
    "uv": "bin/uv pip compile",
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


def modules_by_distribution() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for module, distributions in packages_distributions().items():
        for distribution in distributions:
            found.setdefault(distribution.lower().replace("_", "-"), set()).add(module)
    return found


@pytest.mark.parametrize("group", ["runtime", "dev"])
def test_every_dependency_is_used(group: str) -> None:
    modules = modules_by_distribution()
    mine = relative(Path(__file__))
    code = "\n".join(text for name, text in texts().items() if name != mine and is_code(name))
    unused = []
    for requirement in project()[group]:
        name = name_of(requirement)
        imported = "|".join(sorted(modules.get(name, {name})))
        if not re.search(USED_THROUGH.get(name, rf"(?m)(^\s*(from|import) |[\"'])({imported})\b"), code):
            unused.append(name)
    assert not unused


def test_every_import_is_declared() -> None:
    """What another package happens to bring may be gone with its next version."""
    groups = {group: {name_of(requirement) for requirement in found} for group, found in project().items()}
    known = {module: name for name, modules in modules_by_distribution().items() for module in modules}
    undeclared = {}
    for path in files(".py"):
        extra = {"bench": "bench", "tests": "dev"}.get(relative(path).split("/")[0])
        declared = groups["runtime"] | (groups[extra] if extra else set())
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += (
                [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []
            )
            for name in names:
                distribution = known.get(name.split(".")[0])
                if distribution and distribution not in declared:
                    undeclared[relative(path)] = distribution
    assert not undeclared


def is_code(name: str) -> bool:
    return name.endswith((".py", ".toml")) or name.startswith("script/")


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
