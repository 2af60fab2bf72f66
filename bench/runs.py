"""Timing two commands in turn, as whole processes, and keeping what came out as ratios.

Refuses to compare across runs: machines drift, so ours and the peer's alternate and the median ratio is told.
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNS = 3


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the table; `ratio` above 1 means that landgis is ahead, whatever the unit."""

    name: str
    ours: float
    peer: float
    peer_tool: str
    unit: str
    ratio: float
    note: str = ""

    def as_json(self) -> dict[str, object]:
        return asdict(self)


def timed(command: Sequence[str], env: Mapping[str, str] | None = None) -> float:
    """Seconds that a command takes from outside; raises when it fails."""
    started = time.perf_counter()
    subprocess.run(
        command,
        check=True,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        env={**os.environ, **(env or {})},
    )
    return time.perf_counter() - started


def told(command: Sequence[str]) -> float:
    """The seconds that a command says its work took, its own start left out: the last word that it prints."""
    done = subprocess.run(
        command, check=True, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    )
    return float(done.stdout.split()[-1])


def peak_mib(command: Sequence[str], env: Mapping[str, str] | None = None) -> float:
    """The largest resident size of a command, in MiB."""
    code = "import resource,subprocess,sys; r=subprocess.run(sys.argv[1:]).returncode; \
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(r)"
    done = subprocess.run(
        [sys.executable, "-c", code, *command], check=True, cwd=ROOT, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, text=True, env={**os.environ, **(env or {})},
    )  # fmt: skip
    return int(done.stdout.strip().splitlines()[-1]) / 1024


def side_by_side(
    name: str,
    peer_tool: str,
    ours: Callable[[], float],
    peer: Callable[[], float],
    *,
    unit: str = "s",
    note: str = "",
) -> Result:
    """`ours` and `peer` in turn (the first pair warms up); seconds: less is better, anything else: more is better."""
    pairs = [(ours(), peer()) for _ in range(RUNS + 1)][1:]
    return Result(
        name,
        round(statistics.median(o for o, _ in pairs), 3),
        round(statistics.median(p for _, p in pairs), 3),
        peer_tool,
        unit,
        round(statistics.median(p / o if unit == "s" else o / p for o, p in pairs), 2),
        note,
    )
