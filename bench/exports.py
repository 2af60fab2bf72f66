"""All parcels to a GeoJSON file: ours streamed and checked after rounding, against ogr2ogr reading the same table.

Refuses to hide memory: the peaks of both processes are told beside the times.
"""

import sys

from bench.ground import OURS, Ground
from bench.runs import Result, peak_mib, side_by_side, timed

COLUMNS = "code, location, town_code, land_class_code, registered_area_m2, planar_area_m2, ellipsoidal_area_m2, geom_4490"


def run(ground: Ground) -> list[Result]:
    out, other = ground.folder / "ours.geojson", ground.folder / "peer.geojson"
    mine = [sys.executable, "manage.py", "export", "parcels", "--out", str(out), "--json"]
    query = f"SELECT {COLUMNS} FROM cadastre_parcel WHERE valid_to IS NULL"
    theirs = ["ogr2ogr", "-f", "GeoJSON", str(other), ground.ogr(OURS), "-sql", query, "-lco", "RFC7946=YES"]

    def ours() -> float:
        out.unlink(missing_ok=True)
        return timed(mine, ground.env(OURS))

    def peer() -> float:
        other.unlink(missing_ok=True)
        return timed(theirs)

    time = side_by_side("export of 100,000 parcels to GeoJSON", "ogr2ogr -f GeoJSON", ours, peer)
    out.unlink(missing_ok=True)
    other.unlink(missing_ok=True)
    ours_mib, peer_mib = peak_mib(mine, ground.env(OURS)), peak_mib(theirs)
    memory = Result(
        "peak memory of that export", round(ours_mib, 1), round(peer_mib, 1), "ogr2ogr -f GeoJSON", "MiB",
        round(peer_mib / ours_mib, 2),
    )  # fmt: skip
    return [time, memory]
