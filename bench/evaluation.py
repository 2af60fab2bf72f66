"""A year's evaluation of 20,000 enterprises by a scheme: scores, ranks and grades in eight classes.

Refuses to give the peer less data: both read the same database and write nothing, and the grades are compared first.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg

from bench.ground import OURS, Ground
from bench.runs import ROOT, Result, side_by_side, timed

FIRMS, YEAR, SCHEME = 20_000, "2025", "yiwu-2022"
DATABASE = "bench_evaluation"
# The year of the first firms only, and their land: a county of a city's size.
FEWER = f"""
SELECT set_config('landgis.change_id', '1', false);
DELETE FROM enterprises_annualreturn WHERE enterprise_id NOT IN (SELECT id FROM enterprises_enterprise ORDER BY id LIMIT {FIRMS});
DELETE FROM enterprises_occupancy WHERE enterprise_id NOT IN (SELECT id FROM enterprises_enterprise ORDER BY id LIMIT {FIRMS});
"""


def run(ground: Ground) -> list[Result]:
    venv = Path(os.environ["LANDGIS_BENCH_VENV"]) / "bin" / "python"
    ground.fresh(DATABASE, OURS)
    try:
        with psycopg.connect(ground.dsn(DATABASE), autocommit=True) as database:
            database.execute(FEWER.encode())
            database.execute("VACUUM ANALYZE")
        ours = [sys.executable, "manage.py", "evaluate", "--scheme", SCHEME, "--year", YEAR, "--json"]
        peer = [str(venv), "-m", "bench.peer_evaluation", ground.url(DATABASE), YEAR]
        note = compared(said(ours, ground), said(peer, ground))
        return [
            side_by_side(
                f"evaluation of {FIRMS:,} firms: scores, ranks, grades",
                "pandas script",
                lambda: timed(ours, ground.env(DATABASE)),
                lambda: timed(peer),
                note=note,
            )
        ]
    finally:
        with psycopg.connect(ground.dsn("postgres"), autocommit=True) as server:
            server.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)".encode())


def said(command: list[str], ground: Ground) -> dict[str, dict[str, int]]:
    """Class → grade → firms, as the command tells them."""
    done = subprocess.run(
        command, check=True, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
        env={**os.environ, **ground.env(DATABASE)},
    )  # fmt: skip
    return {group["name"]: group["grades"] for group in json.loads(done.stdout)["groups"] if group["firms"]}


def compared(ours: dict[str, dict[str, int]], peer: dict[str, dict[str, int]]) -> str:
    """Raises where the two disagree on any class: a faster wrong answer is none."""
    if ours != peer:
        raise AssertionError(f"the grades differ: {ours} and {peer}")
    return f"the same grades in {len(ours)} classes; ours also freezes and hashes what it scored"
