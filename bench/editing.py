"""Editing on 100,000 parcels: how soon a tool is ready, how long a save takes, and whether the map stays fluid.

Refuses a peer of its own making: what stands beside our figure is the limit that we set ourselves.
"""

import json
import os
import statistics
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.ground import OURS, REGISTRAR, Ground
from bench.runs import ROOT, Result
from bench.web import HOST, ask, free_port, our_server, sign_in

TOUCHED, SAVES, NUDGE_M = 10, 15, 0.01
READY_LIMIT_S, SAVE_LIMIT_S, TASK_LIMIT_MS = 0.3, 0.5, 100.0


def run(ground: Ground) -> list[Result]:
    venv = Path(os.environ["LANDGIS_BENCH_VENV"]) / "bin" / "python"
    port = free_port()
    with our_server(port, ground.env(OURS)):
        cookies = sign_in(port, REGISTRAR)
        block, box = neighbours(port, cookies)
        saves = [save_seconds(port, cookies, block, box, turn) for turn in range(SAVES + 1)][1:]
        command = [
            str(venv),
            "-m",
            "bench.editing_browser",
            f"http://{HOST}:{port}",
            block[0],
            json.dumps(cookies),
        ]
        seen = subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    watched = json.loads(seen.stdout)
    return [
        limit(f"save of a change of {TOUCHED} parcels, round trip", statistics.median(saves), SAVE_LIMIT_S, "s"),
        limit("tool ready after “edit this parcel”", watched["ready_s"], READY_LIMIT_S, "s"),
        limit(
            "longest task while panning with the editing layer on", watched["longest_task_ms"], TASK_LIMIT_MS, "ms",
            f"{watched['exact_parcels']} exact parcels loaded in view",
        ),
    ]  # fmt: skip


def limit(name: str, ours: float, most: float, unit: str, note: str = "") -> Result:
    ratio = round(most / ours, 2) if ours else 999.0
    return Result(name, round(ours, 3), most, "our own limit", unit, ratio, note)


def neighbours(port: int, cookies: Mapping[str, str]) -> tuple[list[str], str]:
    """The ten parcels nearest to the middle of one of the county's larger parcels, that one first; a box around."""
    _, page = expect(200, *ask(port, "GET", "/api/parcels?page_size=1&page=500&sort=-area_mu", cookies))
    code = page["items"][0]["code"]
    _, found = expect(200, *ask(port, "GET", f"/api/editing/parcels?codes={code}", cookies))
    east, north = middle(found["parcels"][0])
    for reach in (150, 300, 600, 1200):
        box = f"{east - reach},{north - reach},{east + reach},{north + reach}"
        _, found = expect(200, *ask(port, "GET", f"/api/editing/parcels?bbox={box}", cookies))
        if len(found["parcels"]) >= TOUCHED:
            break

    def away(parcel: dict[str, Any]) -> float:
        e, n = middle(parcel)
        return (e - east) ** 2 + (n - north) ** 2

    wide = f"{east - 2 * reach},{north - 2 * reach},{east + 2 * reach},{north + 2 * reach}"
    return [parcel["code"] for parcel in sorted(found["parcels"], key=away)[:TOUCHED]], wide


def middle(parcel: dict[str, Any]) -> tuple[float, float]:
    ring = parcel["geometry"]["coordinates"][0][0]
    return sum(p[0] for p in ring) / len(ring), sum(p[1] for p in ring) / len(ring)


def save_seconds(port: int, cookies: Mapping[str, str], codes: list[str], box: str, turn: int) -> float:
    """Move one corner of each of the ten parcels to and fro; every parcel that shares the corner goes with it."""
    _, found = expect(200, *ask(port, "GET", f"/api/editing/parcels?bbox={box}", cookies))
    moves: dict[tuple[float, float], list[float]] = {}
    for parcel in found["parcels"]:
        if parcel["code"] not in codes:
            continue
        e, n = parcel["geometry"]["coordinates"][0][0][0]
        moves[(e, n)] = [e, n + (NUDGE_M if turn % 2 else -NUDGE_M)]
    body = {
        "operations": [
            {
                "kind": "move_vertices",
                "moves": [{"from": list(old), "to": new} for old, new in moves.items()],
                "parcels": None,
            }
        ],
        "versions": {parcel["code"]: parcel["version"] for parcel in found["parcels"]},
        "how": "correction",
        "reason": "测速",
        "warnings_reason": "测速",
        "facts": "default",
    }
    started = time.perf_counter()
    expect(201, *ask(port, "POST", "/api/change-sets", cookies, body))
    return time.perf_counter() - started


def expect(status: int, got: int, answer: Any) -> tuple[int, Any]:
    if got != status:
        raise RuntimeError(f"{got} instead of {status}: {json.dumps(answer, ensure_ascii=False)[:600]}")
    return got, answer
