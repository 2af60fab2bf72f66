"""The checkout speaks of itself only: no machine's paths, no registry's hosts, no check of CI's own."""

import os
import re

import pytest

from tests.house.tree import ROOT, files, relative, texts

PATH_OF_A_MACHINE = re.compile(
    r"(?<![\w.~*/-])/(?:work|home|Users|mnt|root/[\w.]|opt/py|opt/wheels|tmp/w)/[\w.]"
)
REGISTRY = re.compile(
    r"\b(?:pypi\.org|pythonhosted\.org|registry\.npm" r"js\.org|deb\.debian\.org|npmmirror|tuna\.tsinghua)"
)


@pytest.mark.parametrize("pattern", [PATH_OF_A_MACHINE, REGISTRY], ids=["path", "registry"])
def test_nothing_of_one_machine_is_in_the_checkout(pattern: re.Pattern[str]) -> None:
    found = {name: match[0] for name, text in texts().items() if (match := pattern.search(text))}
    found.pop("tests/house/test_self_contained.py", None)
    assert not found


def test_ci_calls_script_test_and_nothing_else() -> None:
    lines = (ROOT / ".ci" / "run").read_text().splitlines()
    commands = [line for line in lines if line.strip() and not line.startswith("#")]
    assert commands == ['exec "$(dirname "${BASH_SOURCE[0]}")/../script/test"']


def test_entry_points_can_be_run() -> None:
    expected = {"server", "test", "bench", "manage", "database", "lock"}
    found = {path.name for path in files() if path.parent == ROOT / "script" and path.suffix == ""}
    assert found == expected
    assert all(os.access(ROOT / "script" / name, os.X_OK) for name in expected)
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_no_file_is_too_big_for_a_clone() -> None:
    assert not [path.name for path in files() if path.stat().st_size > 20_000_000]


def test_no_template_styles_a_single_element() -> None:
    """The pages' own content policy ignores such styles."""
    templates = files(".html")
    assert templates
    assert [relative(path) for path in templates if ' style="' in path.read_text(encoding="utf-8")] == []
