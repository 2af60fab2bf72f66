"""Clusters of 100,000 parcels with all their figures, beside a bare ST_ClusterDBSCAN and beside buffer and dissolve.

Refuses to give the peers less ground: all read the same parcels from the same database, and write nothing. Each pair runs
twice: as whole commands, and as an officer meets it, asked of the running server from the map; there the start of the
peer's process isn't counted either.
"""

import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from bench.ground import EVALUATOR, OURS, Ground
from bench.runs import Result, side_by_side, timed, told
from bench.web import free_port, our_server, post_form, sign_in

EVERY_PARCEL = "1000000"  # 万元/亩: no parcel is left out
LEAST_MU, YEAR = "50", "2025"
# Over the narrower gap the streets part the county in thousands of blocks; over the wider one it is a single cluster.
GAPS_M = ("10", "30")
PEERS = {
    "bare": "ST_ClusterDBSCAN alone, its numbers fetched",
    "dissolve": "geopandas: buffer by half the gap, dissolve, explode, join",
}
FIGURES = "parcels, areas, hulls, holders, towns, tax, control-line share, way"


def run(ground: Ground) -> list[Result]:
    ground.manage(OURS, "compute_indicators", "--year", YEAR, "--commit")
    pairs = [(how, gap_m) for how in PEERS for gap_m in GAPS_M]
    results = [_commands(ground, how, gap_m) for how, gap_m in pairs]
    port = free_port()
    with our_server(port, ground.env(OURS)):
        cookies = sign_in(port, EVALUATOR)
        return results + [_asked(ground, how, gap_m, port, cookies) for how, gap_m in pairs]


def _commands(ground: Ground, how: str, gap_m: str) -> Result:
    ours = [
        sys.executable, "manage.py", "find_clusters", "--year", YEAR, "--tax-below", EVERY_PARCEL,
        "--tolerance-m", gap_m, "--min-mu", LEAST_MU, "--json",
    ]  # fmt: skip
    return side_by_side(
        f"clusters over gaps of {gap_m} m: {FIGURES}",
        PEERS[how],
        lambda: timed(ours, ground.env(OURS)),
        lambda: timed(_peer(ground, how, gap_m)),
    )


def _asked(ground: Ground, how: str, gap_m: str, port: int, cookies: Mapping[str, str]) -> Result:
    fields = {"year": YEAR, "tax_per_mu_below": EVERY_PARCEL, "tolerance_m": gap_m, "min_mu": LEAST_MU}

    def ours() -> float:
        started = time.perf_counter()
        post_form(port, "/clusters/map/find", cookies, fields)
        return time.perf_counter() - started

    return side_by_side(
        f"the same over gaps of {gap_m} m, asked of the running server from the map",
        PEERS[how],
        ours,
        lambda: told(_peer(ground, how, gap_m)),
        note="the peer's time without the start of its process",
    )


def _peer(ground: Ground, how: str, gap_m: str) -> list[str]:
    venv = Path(os.environ["LANDGIS_BENCH_VENV"]) / "bin" / "python"
    return [str(venv), "-m", f"bench.peer_clusters_{how}", ground.url(OURS), gap_m]
