"""Per-mu indicators of 100,000 parcels and 80,000 firms with control-line shares and ellipsoidal areas.

Refuses to give the peer less data: both read the same database and write nothing.
"""

import os
import sys
from pathlib import Path

from bench.ground import OURS, Ground
from bench.runs import Result, side_by_side, timed


def run(ground: Ground) -> list[Result]:
    venv = Path(os.environ["LANDGIS_BENCH_VENV"]) / "bin" / "python"
    year = "2025"

    def ours() -> float:
        command = [sys.executable, "manage.py", "compute_indicators", "--year", year, "--json"]
        return timed(command, ground.env(OURS))

    def peer() -> float:
        return timed([str(venv), "-m", "bench.peer_indicators", ground.url(OURS), year])

    return [
        side_by_side(
            "indicators of a year, control-line and town shares, ellipsoidal areas",
            "geopandas overlay + pyproj Geod + pandas",
            ours,
            peer,
        )
    ]
