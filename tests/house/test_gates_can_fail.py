"""Each gate of script/test can fail: a defect planted in a copy of the checkout, and its own command says so.

A check that passes whatever the code says protects nobody.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from script.lib.steps import PYTEST, STEPS, Step, step
from tests.house.tree import ROOT, list_files

pytestmark = [pytest.mark.gates, pytest.mark.xdist_group("gates")]

TYPE_ERROR = '"""Planted."""\n\nlength: int = "metres"\n'
CACHES = (".mypy_cache", ".ruff_cache", ".import_linter_cache")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The checkout as it stands, in a folder of its own, with the installed packages at hand."""
    root = tmp_path_factory.mktemp("checkout")
    for path in list_files(ROOT):
        target = root / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)
    for name in CACHES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, root / name)
    (root / "frontend" / "node_modules").symlink_to(ROOT / "frontend" / "node_modules")
    return root


@contextmanager
def planted(path: Path, text: str) -> Iterator[None]:
    """Puts a defect at the end of a file, a new one or one that is there, and takes it out again."""
    before = path.read_text() if path.exists() else None
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text((before or "") + text)
    try:
        yield
    finally:
        path.unlink() if before is None else path.write_text(before)


def run(root: Path, gate: Step, *more: str) -> tuple[int, str]:
    environment = {
        **os.environ,
        **gate.environment,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "LANDGIS_TESTING": "1",
        "NO_COLOR": "1",
    }
    command = [*gate.command, *more]
    done = subprocess.run(
        command,
        cwd=root / gate.folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("gate", "path", "defect", "told"),
    [
        ("ruff check", "landgis/lib/planted.py", '"""Planted."""\n\nimport os\n', "F401"),
        ("ruff format", "landgis/lib/planted.py", '"""Planted."""\n\nx=1\n', "planted.py"),
        ("types", "landgis/lib/planted.py", TYPE_ERROR, "planted.py:3: error"),
        (
            "types",
            "landgis/lib/planted.py",
            '"""Planted."""\n\n\ndef bare(x):\n    return x\n',
            "no-untyped-def",
        ),
        ("front end types", "frontend/src/planted.ts", 'export const planted: number = "m";\n', "planted.ts"),
        (
            "migrations complete",
            "landgis/counties/models.py",
            "\n\nclass Planted(models.Model):\n    class Meta:\n        app_label = 'counties'\n",
            "Create model Planted",
        ),
        ("django check", "landgis/settings.py", "\nX_FRAME_OPTIONS = 'SAMEORIGIN'\n", "security.W019"),
    ],
    ids=["lint", "format", "types", "untyped", "front-end-types", "migrations", "django-check"],
)
def test_a_planted_defect_is_found(copy: Path, gate: str, path: str, defect: str, told: str) -> None:
    with planted(copy / path, defect):
        code, output = run(copy, step(gate))
    assert code != 0
    assert told in output


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("landgis/lib/planted.py", "parcels.models"),
        ("landgis/audit/planted.py", "landgis.access.models"),
        ("layers/geometry/planted.py", "parcels.models"),
        ("parcels/cadastre/planted.py", "parcels.enterprises.models"),
        ("parcels/enterprises/planted.py", "parcels.supply.models"),
        ("layers/catalog/planted.py", "layers.control_lines.models"),
        ("parcels/cadastre/rules.py", "parcels.cadastre.models"),
        ("parcels/supply/models.py", "parcels.supply.queries"),
        ("parcels/idle_land/rules.py", "django.utils"),
        ("layers/geometry/planted.py", "django.conf"),
        ("demo/planted.py", "landgis.lib.errors"),
        ("script/lib/planted.py", "django.conf"),
    ],
)
def test_an_import_that_goes_up_is_found(copy: Path, importer: str, imported: str) -> None:
    with planted(copy / importer, f"\nimport {imported}\n"):
        code, output = run(copy, step("import contracts"))
    assert code != 0
    assert imported.split(".")[0] in output.split("Broken contracts")[1]


def test_a_part_without_a_place_is_found(copy: Path) -> None:
    with planted(copy / "parcels" / "planted.py", '"""Planted."""\n'):
        code, output = run(copy, step("import contracts"))
    assert code != 0
    assert "parcels.planted" in output


def test_the_import_contracts_hold_without_a_defect(copy: Path) -> None:
    code, output = run(copy, step("import contracts"))
    assert code == 0, output


def test_a_failing_front_end_test_is_found(copy: Path) -> None:
    test = 'import { expect, it } from "vitest";\nit("planted", () => expect(1).toBe(2));\n'
    with planted(copy / "frontend" / "tests" / "planted.test.ts", test):
        code, output = run(copy, step("front end tests"), "--", "planted")
    assert code != 0
    assert "planted" in output


def test_a_failing_test_is_found(copy: Path) -> None:
    with planted(
        copy / "tests" / "house" / "test_planted.py", "def test_planted() -> None:\n    assert 1 == 2\n"
    ):
        code, output = run(copy, Step("planted", "unit", PYTEST), "tests/house/test_planted.py")
    assert code == 1
    assert "1 failed" in output


@pytest.mark.parametrize(
    ("path", "defect", "told"),
    [
        ("landgis/lib/planted.py", '"""Planted."""\n' + "\n" * 400, "no_file_is_longer"),
        ("landgis/lib/planted.py", "x = 1\n", "every_module_opens"),
        (
            "requirements.lock",
            "--extra-index-url https://example.invalid/simple\n",
            "versions_and_hashes_only",
        ),
        ("docs/planted.md", "/".join(["See ", "home", "someone"]), "nothing_of_one_machine"),
        (".ci/run", "echo more\n", "ci_calls_script_test"),
    ],
    ids=["length", "docstring", "address-in-lock", "path", "ci"],
)
def test_a_breach_of_the_house_is_found(copy: Path, path: str, defect: str, told: str) -> None:
    with planted(copy / path, defect):
        code, output = run(copy, Step("house", "unit", PYTEST), "tests/house", "-m", "not gates", "-k", told)
    assert code == 1
    assert told in output


def test_every_gate_is_tried_here() -> None:
    """A gate that is added to script/test needs a defect that shows it can fail."""
    tried = {
        "ruff check", "ruff format", "types", "import contracts", "front end types", "front end tests",
        "django check", "migrations complete", "unit tests", "browser tests",
    }  # fmt: skip
    assert {gate.name for gate in STEPS} == tried
