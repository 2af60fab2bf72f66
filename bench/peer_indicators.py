"""The indicators as a data analyst would write them: geopandas overlay, pyproj Geod, pandas groupby.

Refuses shortcuts that a user wouldn't know of; prints the county's tax per mu so that both can be compared.
"""

import sys

import geopandas as gpd
import pandas as pd
from pyproj import Geod
from sqlalchemy import create_engine


def main(url: str, year: int) -> None:
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    read = "SELECT id, code, registered_area_m2::float8 AS area_m2, geom_4490 AS geom FROM cadastre_parcel WHERE valid_to IS NULL"
    parcels = gpd.read_postgis(read, engine, crs=4490)
    geod = Geod(a=6378137, rf=298.257222101)
    parcels["ellipsoidal_m2"] = [abs(geod.geometry_area_perimeter(shape)[0]) for shape in parcels.geom]
    occupancy = pd.read_sql(
        "SELECT parcel_id, enterprise_id, area_m2::float8, share::float8 FROM enterprises_occupancy", engine
    )
    returns = pd.read_sql(
        "SELECT enterprise_id, tax_wan::float8, value_added_wan::float8 FROM enterprises_annualreturn WHERE year = %(year)s",
        engine, params={"year": year},
    )  # fmt: skip
    used = occupancy.merge(
        parcels[["id", "area_m2"]], left_on="parcel_id", right_on="id", suffixes=("", "_parcel")
    )
    used["used_m2"] = used.area_m2.fillna(used.share * used.area_m2_parcel)
    used = used.merge(returns, on="enterprise_id")
    land = used.groupby("enterprise_id").used_m2.transform("sum")
    for figure in ("tax_wan", "value_added_wan"):
        used[figure] *= used.used_m2 / land
    by_parcel = used.groupby("parcel_id")[["tax_wan", "value_added_wan", "used_m2"]].sum()
    plane = parcels.merge(by_parcel, left_on="id", right_index=True).to_crs(4549)
    plane["whole_m2"] = plane.area
    for table in ("districts_district", "control_lines_controlline"):
        areas = gpd.read_postgis(
            f"SELECT code AS area, geom_4490 AS geom FROM {table} WHERE valid_to IS NULL", engine, crs=4490
        )
        parts = gpd.overlay(plane, areas.to_crs(4549), how="intersection")
        share = parts.area / parts.whole_m2
        for figure in ("tax_wan", "value_added_wan", "used_m2"):
            parts[figure] *= share
        sums = parts.groupby("area")[["tax_wan", "value_added_wan", "used_m2"]].sum()
        print((sums.tax_wan / (sums.used_m2 / (10000 / 15))).round(4).to_dict())
    print(used.tax_wan.sum() / (used.used_m2.sum() / (10000 / 15)))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
