"""Clusters as a data analyst would find them: geopandas, buffers of half the gap, dissolved, exploded and joined back.

Refuses shortcuts that a user wouldn't know of; prints how many clusters there are so that they can be compared,
and the seconds of its work.
"""

import sys
import time

import geopandas as gpd
from sqlalchemy import create_engine

READ = "SELECT code, ST_Transform(geom_4490, 4549) AS geom FROM cadastre_parcel WHERE valid_to IS NULL"


def main(url: str, gap_m: float) -> None:
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    parcels = gpd.read_postgis(READ, engine, crs=4549)
    buffered = gpd.GeoDataFrame(geometry=parcels.buffer(gap_m / 2), crs=parcels.crs)
    clusters = buffered.dissolve().explode(index_parts=False).reset_index(drop=True)
    joined = parcels.sjoin(clusters, predicate="within")
    print(len(joined.groupby("index_right").agg(parcels=("code", list))))


if __name__ == "__main__":
    started = time.perf_counter()
    main(sys.argv[1], float(sys.argv[2]))
    print(time.perf_counter() - started)
