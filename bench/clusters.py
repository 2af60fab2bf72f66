"""Clusters of 100,000 parcels with all their figures, beside a bare ST_ClusterDBSCAN and beside buffer and dissolve.

Refuses to give the peers less ground: all read the same parcels from the same database, and write nothing.
"""

import os
import sys
from pathlib import Path

from bench.ground import OURS, Ground
from bench.runs import Result, side_by_side, timed

EVERY_PARCEL = "1e9"  # 万元/亩: no parcel is left out
LEAST_MU = "50"
# Over the narrower gap the streets part the county in thousands of blocks; over the wider one it is a single cluster.
GAPS_M = ("10", "30")


def run(ground: Ground) -> list[Result]:
    ground.manage(OURS, "compute_indicators", "--year", "2025", "--commit")
    bare = [_beside(ground, gap_m, "bare", "ST_ClusterDBSCAN alone, its numbers fetched") for gap_m in GAPS_M]
    tool = "geopandas: buffer by half the gap, dissolve, explode, join"
    return [*bare, *(_beside(ground, gap_m, "dissolve", tool) for gap_m in GAPS_M)]


def _beside(ground: Ground, gap_m: str, how: str, tool: str) -> Result:
    venv = Path(os.environ["LANDGIS_BENCH_VENV"]) / "bin" / "python"
    ours = [
        sys.executable, "manage.py", "find_clusters", "--year", "2025", "--tax-below", EVERY_PARCEL,
        "--tolerance-m", gap_m, "--min-mu", LEAST_MU, "--json",
    ]  # fmt: skip
    peer = [str(venv), "-m", f"bench.peer_clusters_{how}", ground.url(OURS), gap_m]
    return side_by_side(
        f"clusters over gaps of {gap_m} m: parcels, areas, hulls, holders, towns, tax, control-line share, way",
        tool,
        lambda: timed(ours, ground.env(OURS)),
        lambda: timed(peer),
    )
