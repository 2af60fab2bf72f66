"""A county's boundary is any GeoJSON of sound areas in degrees; what is wrong with another is said."""

import json
from pathlib import Path
from typing import Any

import pytest
import shapely
from shapely.geometry import shape

from landgis.counties.boundary import read_boundary
from landgis.lib.errors import InputError

WEST, EAST = shapely.box(14.2, 50.0, 14.4, 50.2), shapely.box(14.4, 50.0, 14.6, 50.2)


def feature(area: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": {}, "geometry": area and json.loads(shapely.to_geojson(area))}


def read(folder: Path, document: Any, encoding: str = "utf-8") -> shapely.Geometry:
    file = folder / "b.geojson"
    file.write_text(json.dumps(document), encoding=encoding)
    return shape(read_boundary(file)[0])


def test_neighbouring_areas_are_one_county(tmp_path: Path) -> None:
    whole = read(tmp_path, {"type": "FeatureCollection", "features": [feature(WEST), feature(EAST)]})
    assert whole.equals(shapely.box(14.2, 50.0, 14.6, 50.2))
    assert whole.is_valid


def test_a_single_area_keeps_its_vertices_and_loses_its_height(tmp_path: Path) -> None:
    high = shapely.force_3d(WEST, 200.0)
    found = read(tmp_path, feature(high), encoding="utf-8-sig")
    assert not found.has_z
    assert shapely.get_coordinates(found).tolist() == shapely.get_coordinates(WEST).tolist()


@pytest.mark.parametrize(
    "document",
    [
        [],
        "x",
        5,
        {},
        {"type": "Feature", "properties": {}},
        feature(None),
        feature(shapely.Point(14, 50)),
        {"type": "FeatureCollection", "features": []},
        {"type": "FeatureCollection", "features": None},
        {"type": "Polygon"},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[[14, "x"], [15, 50], [15, 51], [14, 50]]]},
        {"type": "Polygon", "coordinates": [[[14, 50], [15, 51]]]},
        feature(shapely.box(500_000, 3_240_000, 510_000, 3_250_000)),
        feature(shapely.box(50, 114, 51, 115)),
        feature(shapely.Polygon([(14, 50), (15, 51), (15, 50), (14, 51)])),
    ],
)
def test_what_is_no_boundary_is_refused_in_words(tmp_path: Path, document: Any) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, document)
    assert caught.value.field == "boundary"
    assert caught.value.code == "profile_invalid"


def test_a_missing_or_broken_file_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "broken.geojson").write_text("{")
    for name in ("none.geojson", "broken.geojson"):
        with pytest.raises(InputError, match=name):
            read_boundary(tmp_path / name)
