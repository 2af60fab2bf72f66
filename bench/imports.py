"""Importing 100,000 parcels from a GBK shapefile: ours with every check, ogr2ogr with none.

Refuses to let one start from the other's cache: each run begins with an empty table.
"""

import sys

from bench.ground import OURS, PEER, Ground
from bench.runs import Result, side_by_side, timed


def run(ground: Ground) -> list[Result]:
    file = str(ground.folder / "parcels.shp")

    def ours() -> float:
        ground.fresh(OURS, template="bench_base")
        command = [sys.executable, "manage.py", "import_parcels", file, "--commit", "--json"]
        return timed(command, ground.env(OURS))

    def peer() -> float:
        command = [
            "ogr2ogr",
            "-f",
            "PostgreSQL",
            ground.ogr(PEER),
            file,
            "-oo",
            "ENCODING=GBK",
            "-t_srs",
            "EPSG:4490",
        ]
        command += ["-nln", "parcels", "-nlt", "PROMOTE_TO_MULTI", "-overwrite", "-lco", "GEOMETRY_NAME=geom"]
        return timed([*command, "--config", "PG_USE_COPY", "YES"])

    return [
        side_by_side(
            "import of 100,000 parcels, GBK shapefile, reprojected",
            "ogr2ogr -f PostgreSQL, COPY, no checks",
            ours,
            peer,
            note="ours: code, area, date, holder, town, validity, overlaps in the file and with the register, audit",
        )
    ]
