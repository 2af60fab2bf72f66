"""script/test: runs the checks one after the other, all of them, and says at the end which failed.

Never stops at the first failure and never swallows one.
"""

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from script.lib import front_end
from script.lib.checkout import Checkout, SetupError
from script.lib.setup import Needs, prepare
from script.lib.steps import FRONT_END_BUILD, GROUPS, STEPS, Step


@dataclass(frozen=True)
class Outcome:
    step: Step
    passed: bool
    seconds: float


def main(checkout: Checkout, arguments: list[str]) -> int:
    unknown = [word for word in arguments if word not in GROUPS]
    if unknown:
        sys.stderr.write(f"usage: script/test [{' | '.join(GROUPS)}]…   (not known: {' '.join(unknown)})\n")
        return 2
    began = time.monotonic()
    ready = prepare(checkout, Needs(tests=True))
    # Test databases are thrown away: what is committed in them need not reach the disk.
    environment = {**ready.environment, "PGOPTIONS": "-c synchronous_commit=off", "LANDGIS_TESTING": "1"}
    _say(f"set-up done in {time.monotonic() - began:.1f} s")
    chosen = [step for step in STEPS if not arguments or step.group in arguments]
    built = build_front_end(checkout)
    return report([built, *run_all(chosen, checkout.root, environment)])


def build_front_end(checkout: Checkout) -> Outcome:
    """Pages and the browser tests need it. A build that fails is one failed check among the others."""
    began = time.monotonic()
    try:
        front_end.build(checkout)
    except SetupError as error:
        _say(str(error))
        return Outcome(FRONT_END_BUILD, False, time.monotonic() - began)
    return Outcome(FRONT_END_BUILD, True, time.monotonic() - began)


def run_all(steps: Sequence[Step], root: Path, environment: Mapping[str, str]) -> list[Outcome]:
    outcomes = []
    for step in steps:
        _say(f"==== {step.name}: {' '.join(step.command)}")
        began = time.monotonic()
        code = _run(step, root, environment)
        seconds = time.monotonic() - began
        _say(f"---- {step.name}: {'ok' if code == 0 else f'FAILED (exit {code})'} in {seconds:.1f} s")
        outcomes.append(Outcome(step, code == 0, seconds))
    return outcomes


def report(outcomes: Sequence[Outcome]) -> int:
    """Prints one line a step and the sum; the exit code of script/test."""
    _say("")
    for outcome in outcomes:
        _say(f"{'ok    ' if outcome.passed else 'FAILED'} {outcome.seconds:7.1f} s  {outcome.step.name}")
    failed = [outcome.step.name for outcome in outcomes if not outcome.passed]
    total = sum(outcome.seconds for outcome in outcomes)
    verdict = f"FAILED: {', '.join(failed)}" if failed or not outcomes else "all checks passed"
    _say(f"script/test: {len(outcomes)} checks in {total:.0f} s, {verdict}")
    return 1 if failed or not outcomes else 0


def _run(step: Step, root: Path, environment: Mapping[str, str]) -> int:
    try:
        return subprocess.run(
            step.command,
            cwd=root / step.folder,
            env={**environment, **step.environment},
            stdin=subprocess.DEVNULL,
            check=False,
        ).returncode
    except FileNotFoundError as missing:
        _say(f"{missing.filename} is not there")
        return 127


def _say(line: str) -> None:
    print(line, flush=True)
