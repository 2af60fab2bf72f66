"""A parcel layer from anywhere in the world comes in through a profile of a few lines, in that country's own system."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from django.db.models import Max, Min
from pyproj import CRS, Transformer

from landgis.counties.actions import load_county
from landgis.counties.models import County
from landgis.counties.profile import read_profile
from parcels.cadastre.models import Parcel
from tests.parcels.exchange.parcel_files import codes, delivered, run


def county_at(folder: Path, survey_crs: int, bbox: list[float]) -> County:
    profile = folder / "county.toml"
    profile.write_text(
        f'code = "X1"\nname = "Elsewhere"\nsurvey_crs = {survey_crs}\nbbox = {bbox}\n', encoding="utf-8"
    )
    load_county(read_profile(profile), by="t", reason="t", commit=True)
    return County.objects.get(code="X1")


def block(lon: float, lat: float, epsg: int, count: int = 5) -> gpd.GeoDataFrame:
    """Squares of 40 m side by side around a place, eastwards."""
    local = CRS.from_proj4(f"+proj=tmerc +lat_0={lat} +lon_0={lon} +ellps=WGS84")
    there = Transformer.from_crs(local, epsg, always_xy=True)
    squares = [shapely.box(40 * i, 0, 40 * i + 40, 40) for i in range(count)]
    moved = [shapely.transform(s, lambda xy: np.stack(there.transform(*xy.T), axis=-1)) for s in squares]
    return gpd.GeoDataFrame({"parcel": [f"P/{i + 1}" for i in range(count)]}, geometry=moved, crs=epsg)


@pytest.mark.parametrize(
    ("epsg", "survey_crs", "lon", "lat"),
    [
        (3301, 3301, 24.75, 59.43),  # Estonia
        (31983, 31983, -46.63, -23.55),  # Brazil
        (2193, 2193, 174.76, -36.85),  # New Zealand
        (28992, 28992, 4.9, 52.37),  # the Netherlands
        (6677, 6677, 139.76, 35.68),  # Japan, whose plane has the north first
        (2264, 32119, -78.64, 35.78),  # North Carolina, delivered in feet
        (5514, 5514, 14.42, 50.08),  # Czechia, whose plane is negative
        (3338, 3338, -149.9, 61.2),  # Alaska
    ],
)
def test_a_layer_in_the_countrys_own_system(
    db: None, tmp_path: Path, epsg: int, survey_crs: int, lon: float, lat: float
) -> None:
    county = county_at(tmp_path, survey_crs, [lon - 0.2, lat - 0.2, lon + 0.2, lat + 0.2])
    data = block(lon, lat, epsg)
    file = delivered(data, tmp_path, "plots.shp")
    result = run(county, file, commit=True)
    assert (result.accepted, result.issues) == (5, [])
    areas = dict(Parcel.objects.values_list("code", "planar_area_m2"))
    wanted = dict(zip(data["parcel"], data.to_crs(survey_crs).area, strict=True))
    assert areas == pytest.approx(wanted, abs=0.01)
    placed = shapely.from_wkb([bytes(p.geom_4490.wkb) for p in Parcel.objects.order_by("code")])
    assert shapely.get_coordinates(shapely.centroid(placed)) == pytest.approx(
        shapely.get_coordinates(data.to_crs(4326).centroid.to_numpy()), abs=2e-5
    )
    assert run(county, file, commit=True).unchanged == 5


def test_a_county_across_the_antimeridian(db: None, tmp_path: Path) -> None:
    county = county_at(tmp_path, 3460, [179.0, -17.5, -179.5, -16.0])
    result = run(county, delivered(block(179.9995, -16.85, 3460), tmp_path, "plots.shp"), commit=True)
    # The squares reach 200 m eastwards from less than 100 m this side of it: one of them lies on it.
    assert codes(result) == {"out_of_county"}
    (refused,) = result.issues
    assert "180°" in refused.message
    assert result.accepted == 4
    east = Parcel.objects.order_by("code").last()
    assert east is not None
    assert east.geom_4490.extent[0] < -179.99
    assert county.drawn_bbox_4490 == [179.0, -17.5, 180.5, -16.0]
    assert Parcel.objects.aggregate(Min("planar_area_m2"), Max("planar_area_m2")) == {
        "planar_area_m2__min": pytest.approx(1600, rel=2e-3),
        "planar_area_m2__max": pytest.approx(1600, rel=2e-3),
    }
