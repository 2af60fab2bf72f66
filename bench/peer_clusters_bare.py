"""Clusters by the database's function alone: ST_ClusterDBSCAN over the parcels, its numbers fetched.

Refuses to work out any figure; prints how many clusters there are so that they can be compared,
and the seconds of its work.
"""

import sys
import time

import psycopg

TIED = """
SELECT code, ST_ClusterDBSCAN(geom, %s, 1) OVER ()
  FROM (SELECT code, ST_Transform(geom_4490, 4549) AS geom FROM cadastre_parcel WHERE valid_to IS NULL) parcels
"""


def main(url: str, gap_m: float) -> None:
    with psycopg.connect(url) as connection:
        rows = connection.execute(TIED, [gap_m]).fetchall()
    print(len({cluster for _, cluster in rows}))


if __name__ == "__main__":
    started = time.perf_counter()
    main(sys.argv[1], float(sys.argv[2]))
    print(time.perf_counter() - started)
