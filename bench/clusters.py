"""Clusters of 100,000 parcels with all their figures, beside a bare ST_ClusterDBSCAN and beside buffer and dissolve.

Refuses to give the peers less ground: all read the same parcels from the same database, and write nothing.
"""

import os
import sys
from pathlib import Path

from bench.ground import OURS, Ground
from bench.runs import Result, side_by_side, timed

EVERY_PARCEL = "1e9"  # 万元/亩: no parcel is left out
GAP_M, LEAST_MU = "30", "50"


def run(ground: Ground) -> list[Result]:
    venv = Path(os.environ["LANDGIS_BENCH_VENV"]) / "bin" / "python"
    ground.manage(OURS, "compute_indicators", "--year", "2025", "--commit")
    command = [
        sys.executable, "manage.py", "find_clusters", "--year", "2025", "--tax-below", EVERY_PARCEL,
        "--tolerance-m", GAP_M, "--min-mu", LEAST_MU, "--json",
    ]  # fmt: skip

    def ours() -> float:
        return timed(command, ground.env(OURS))

    def peer(how: str) -> float:
        return timed([str(venv), "-m", f"bench.peer_clusters_{how}", ground.url(OURS), GAP_M])

    return [
        side_by_side(
            "clusters with parcels, areas, hulls, holders, towns, tax and control-line share",
            "ST_ClusterDBSCAN alone, its numbers fetched",
            ours,
            lambda: peer("bare"),
        ),
        side_by_side(
            "the same clusters",
            "geopandas: buffer by half the gap, dissolve, explode, join",
            ours,
            lambda: peer("dissolve"),
        ),
    ]
