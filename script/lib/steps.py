"""The checks of script/test as a table: name, group, command. Decides nothing and runs nothing.

tests/house shows of each gate here that it can fail.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

PYTEST = ("python", "-m", "pytest")


@dataclass(frozen=True)
class Step:
    """One check. Commands are found in the checkout's own environment; `folder` is relative to its root."""

    name: str
    group: str
    command: tuple[str, ...]
    folder: str = "."
    environment: Mapping[str, str] = field(default_factory=dict)


FRONT_END_BUILD = Step("front end build", "frontend", ("npm", "run", "build"), folder="frontend")
STEPS = (
    Step("ruff check", "lint", ("ruff", "check", ".")),
    Step("ruff format", "lint", ("ruff", "format", "--check", ".")),
    Step("import contracts", "imports", ("lint-imports", "--no-logo")),
    Step("types", "types", ("mypy",)),
    Step("front end types", "frontend", ("npm", "run", "check"), folder="frontend"),
    Step("front end tests", "frontend", ("npm", "test"), folder="frontend"),
    Step(
        "django check",
        "django",
        ("python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"),
        environment={"LANDGIS_HTTPS": "1", "LANDGIS_TESTING": "0"},
    ),
    Step("migrations complete", "django", ("python", "manage.py", "makemigrations", "--check", "--dry-run")),
    Step("unit tests", "unit", (*PYTEST, "-m", "not browser", "-n", "2", "--dist", "loadgroup")),
    Step("browser tests", "browser", (*PYTEST, "-m", "browser")),
)
GROUPS = tuple(dict.fromkeys(step.group for step in STEPS))


def step(name: str) -> Step:
    return next(found for found in STEPS if found.name == name)
