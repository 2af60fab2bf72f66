"""Vector tiles: z15 at a rate, z12 and below whole and small, against tipg on the same database.

Refuses any address but loopback; both servers are ended by their process ids.
"""

import http.client
import itertools
import os
import random
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bench.ground import OURS, Ground
from bench.runs import Result, side_by_side
from bench.web import HOST, free_port, get, our_server, server, sign_in

CLIENTS, SECONDS, WORKERS = 4, 6.0, 2
# The densest ground of the bench's county lies in these tiles.
Tile = tuple[int, int, int]


def run(ground: Ground) -> list[Result]:
    venv = Path(os.environ["LANDGIS_BENCH_VENV"]) / "bin"
    our_port, peer_port = free_port(), free_port()
    tipg = [
        str(venv / "uvicorn"), "tipg.main:app", "--host", HOST, "--port", str(peer_port), "--workers", str(WORKERS),
        "--log-level", "warning",
    ]  # fmt: skip
    with (
        our_server(our_port, ground.env(OURS), workers=WORKERS),
        server(tipg, peer_port, tipg_env(ground)),
    ):
        cookie = {"Cookie": f"sessionid={sign_in(our_port)['sessionid']}"}
        ours_path = "/ogc/collections/parcels/tiles/WebMercatorQuad/{z}/{y}/{x}"
        peer_path = (
            "/collections/public.cadastre_parcel/tiles/WebMercatorQuad/{z}/{x}/{y}?geom-column=geom_3857"
        )
        tiles = county_tiles(15)
        rate = side_by_side(
            f"z15 tiles, {CLIENTS} at a time, {WORKERS} workers each",
            "tipg",
            lambda: tiles_per_second(our_port, ours_path, tiles, cookie),
            lambda: tiles_per_second(peer_port, peer_path, tiles, {}),
            unit="tiles/s",
        )
        return [rate, *whole_county(our_port, ours_path, cookie, peer_port, peer_path)]


def whole_county(our_port: int, ours: str, cookie: dict[str, str], peer_port: int, peer: str) -> list[Result]:
    """The largest tile of each low zoom: bytes of ours and of tipg's, which leaves out what is over its limit."""
    results = []
    for zoom in (8, 10, 12):
        sizes = [
            (
                len(get(our_port, ours.format(z=z, x=x, y=y), cookie)),
                len(get(peer_port, peer.format(z=z, x=x, y=y), {})),
            )
            for z, x, y in county_tiles(zoom)
        ]
        mine, theirs = max(size for size, _ in sizes), max(size for _, size in sizes)
        results.append(
            Result(
                f"largest z{zoom} tile",
                round(mine / 1000, 1),
                round(theirs / 1000, 1),
                "tipg",
                "kB",
                round(theirs / mine, 2),
                "nothing dropped in ours: Σ n over the tiles = all parcels (a test)",
            )
        )
    return results


def county_tiles(zoom: int) -> list[Tile]:
    """Tiles over Yiwu's box, in a fixed random order."""
    west, south, east, north = 119.82, 29.04, 120.28, 29.55
    (left, bottom), (right, top) = tile_of(west, south, zoom), tile_of(east, north, zoom)
    found = [(zoom, x, y) for x in range(left, right + 1) for y in range(top, bottom + 1)]
    random.Random(1).shuffle(found)
    return found


def tile_of(lon: float, lat: float, zoom: int) -> tuple[int, int]:
    scale = 2**zoom
    y = (1 - np.arcsinh(np.tan(np.radians(lat))) / np.pi) / 2
    return int((lon + 180) / 360 * scale), int(y * scale)


def tiles_per_second(port: int, path: str, tiles: Sequence[Tile], headers: dict[str, str]) -> float:
    counts = [0] * CLIENTS
    ends = time.perf_counter() + SECONDS

    def client(me: int) -> None:
        connection = http.client.HTTPConnection(HOST, port, timeout=30)
        for z, x, y in itertools.islice(itertools.cycle(tiles), me * 97, None):
            if time.perf_counter() > ends:
                break
            connection.request("GET", path.format(z=z, x=x, y=y), headers=headers)
            response = connection.getresponse()
            response.read()
            if response.status not in (200, 204):
                raise RuntimeError(f"{response.status} for {path}")
            counts[me] += 1
        connection.close()

    threads = [threading.Thread(target=client, args=(me,)) for me in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if not all(counts):
        raise RuntimeError("a client was refused")
    return sum(counts) / SECONDS


def tipg_env(ground: Ground) -> dict[str, str]:
    return {
        "DATABASE_URL": ground.host_first(OURS),
        "TIPG_DB_SCHEMAS": '["public"]',
        "TIPG_MAX_FEATURES_PER_TILE": "10000",
    }
