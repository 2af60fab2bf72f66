"""script/test runs every check whatever the others say, and fails when one of them does."""

import subprocess
import sys
from pathlib import Path

import pytest

from script.lib.checks import Outcome, report, run_all
from script.lib.steps import GROUPS, STEPS, Step
from tests.house.tree import ROOT

GOOD = Step("good", "unit", (sys.executable, "-c", "pass"))
BAD = Step("bad", "unit", (sys.executable, "-c", "raise SystemExit(3)"))
ABSENT = Step("absent", "unit", ("no-such-program-of-landgis",))


def test_all_steps_run_and_one_failure_fails_the_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outcomes = run_all([BAD, GOOD, ABSENT], tmp_path, {})
    assert [outcome.passed for outcome in outcomes] == [False, True, False]
    assert report(outcomes) == 1
    assert capsys.readouterr().out.splitlines()[-1].endswith("FAILED: bad, absent")


def test_success_needs_at_least_one_check() -> None:
    assert report([Outcome(GOOD, True, 0.1)]) == 0
    assert report([]) == 1


def test_a_group_that_is_not_known_is_wrong_usage() -> None:
    done = subprocess.run([ROOT / "script" / "test", "nonsense"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "nonsense" in done.stderr


def test_the_groups_of_the_contract_are_there() -> None:
    assert {"lint", "types", "imports", "unit", "browser", "frontend"} <= set(GROUPS)
    assert len({step.name for step in STEPS}) == len(STEPS)
