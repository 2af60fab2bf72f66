"""The land: towns tile the county, parcels tile their blocks, codes and areas are right, control lines wind."""

import json
import re
import tomllib

import numpy as np
import pytest
import shapely
from pyproj import Transformer
from shapely.geometry import shape

from tests.demo.delivery import M2_PER_MU, PROFILE, layer

TOLERATED = {"330782013002GB00063", "330782006002GB00075", "330782011004GB00027"}


@pytest.fixture(scope="module")
def county() -> shapely.Geometry:
    feature = json.loads((PROFILE / "boundary.geojson").read_text(encoding="utf-8"))["features"][0]
    transformer = Transformer.from_crs(4490, 4528, always_xy=True)
    return shapely.transform(
        shape(feature["geometry"]), lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))
    )


def test_the_towns_are_those_of_the_profile() -> None:
    profile = tomllib.loads((PROFILE / "profile.toml").read_text(encoding="utf-8"))
    _, columns = layer("towns")
    assert list(zip(columns["乡镇代码"], columns["乡镇名称"], strict=True)) == [
        (town["code"], town["name"]) for town in profile["towns"]
    ]
    assert len(profile["towns"]) == 14


def test_towns_tile_the_county_with_identical_border_vertices(county: shapely.Geometry) -> None:
    towns, _ = layer("towns")
    assert shapely.is_valid(towns).all()
    assert (shapely.get_type_id(towns) == 3).all()
    assert shapely.coverage_is_valid(towns)
    whole = shapely.coverage_union_all(towns)
    assert not whole.interiors
    assert shapely.hausdorff_distance(whole.exterior, shapely.boundary(county), densify=0.02) < 0.003


def test_the_register_has_the_published_size() -> None:
    parcels, _ = layer("parcels")
    areas_mu = shapely.area(parcels) / M2_PER_MU
    assert len(parcels) == 2412
    assert areas_mu.sum() == pytest.approx(34_887, rel=0.005)
    assert areas_mu.min() >= 3
    assert 200 < areas_mu.max() < 500
    assert np.median(areas_mu) < areas_mu.mean() * 0.75


def test_neighbours_share_vertices_and_never_overlap() -> None:
    parcels, _ = layer("parcels")
    assert shapely.is_valid(parcels).all()
    parts = shapely.get_parts(parcels)
    assert shapely.coverage_is_valid(parts)
    tree = shapely.STRtree(parts)
    left, right = tree.query(parts, predicate="intersects")
    common = shapely.intersection(parts[left[left < right]], parts[right[left < right]])
    assert shapely.area(common).max() == 0
    assert (shapely.length(common) > 10).sum() > 1500


def test_parcels_lie_in_the_county_and_in_the_town_they_name(county: shapely.Geometry) -> None:
    parcels, columns = layer("parcels")
    towns, town_columns = layer("towns")
    assert shapely.contains(county, parcels).all()
    name_of = dict(zip(town_columns["乡镇名称"], towns, strict=True))
    homes = np.array([name_of[name] for name in columns["所属镇街"]], dtype=object)
    assert shapely.contains(homes, parcels).all()


def test_codes_are_unique_and_well_formed() -> None:
    _, columns = layer("parcels")
    codes = list(columns["宗地代码"])
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"330782\d{6}GB\d{5}", code) for code in codes)


def test_some_parcels_are_long_and_thin_some_have_holes_some_two_parts() -> None:
    parcels, _ = layer("parcels")
    boxes = shapely.get_coordinates(shapely.minimum_rotated_rectangle(parcels)).reshape(-1, 5, 2)
    sides = np.hypot(*np.diff(boxes, axis=1)[:, :2].transpose(2, 0, 1))
    assert 0.01 < np.mean(sides.max(axis=1) / sides.min(axis=1) > 6) < 0.04
    holed = [any(part.interiors for part in shapely.get_parts(parcel)) for parcel in parcels]
    assert sum(holed) == 24
    assert (shapely.get_num_geometries(parcels) == 2).sum() == 24


def test_registered_areas_are_within_tolerance_but_for_three() -> None:
    parcels, columns = layer("parcels")
    drawn, said = shapely.area(parcels), columns["宗地面积"]
    off = np.abs(drawn - said) > np.maximum(1.0, 0.001 * said)
    assert set(columns["宗地代码"][off]) == TOLERATED


def test_control_lines_hold_most_parcels_and_cut_some() -> None:
    parcels, _ = layer("parcels")
    lines, columns = layer("control_lines")
    assert len(lines) == 18
    assert set(columns["级别"]) == {"一级", "二级"}
    assert shapely.is_valid(lines).all()
    assert (shapely.get_num_coordinates(lines) > 300).sum() >= 10
    assert not len(shapely.STRtree(lines).query(lines, predicate="overlaps")[0])
    parcel, line = shapely.STRtree(lines).query(parcels, predicate="intersects")
    inside = np.bincount(
        parcel,
        weights=shapely.area(shapely.intersection(parcels[parcel], lines[line])),
        minlength=len(parcels),
    )
    share = inside / shapely.area(parcels)
    assert 0.82 < np.mean(share > 0.999) < 0.90
    assert 0.06 < np.mean((share > 0.001) & (share <= 0.999)) < 0.10


def test_platforms_cut_parcels_and_towns_and_share_no_ground() -> None:
    platforms, columns = layer("platforms")
    parcels, _ = layer("parcels")
    towns, _ = layer("towns")
    assert len(set(columns["平台代码"])) == len(platforms) == 10
    assert shapely.is_valid(platforms).all()
    left, right = shapely.STRtree(platforms).query(platforms, predicate="intersects")
    common = shapely.area(shapely.intersection(platforms[left[left < right]], platforms[right[left < right]]))
    assert common.max(initial=0) < 0.1
    park = columns["类型"] == "小微企业园"
    crossing = shapely.STRtree(towns).query(platforms[~park], predicate="overlaps")[0]
    assert (np.bincount(crossing) >= 2).sum() >= 4
    parcel, platform = shapely.STRtree(platforms).query(parcels, predicate="intersects")
    inside = shapely.area(shapely.intersection(parcels[parcel], platforms[platform]))
    share = inside / shapely.area(parcels[parcel])
    assert 60 < ((share > 0.05) & (share < 0.95)).sum() < 150
    assert not ((share > 1e-5) & (share < 1 - 1e-5) & park[platform]).any()


def test_platforms_of_the_plan_bear_its_names_and_all_say_that_they_are_invented() -> None:
    profile = tomllib.loads((PROFILE / "profile.toml").read_text(encoding="utf-8"))
    frame = next(one for one in profile["parameters"] if one["key"] == "campaigns.horizon")
    lines = [row["district"] for row in frame["value"] if not row["district"].startswith(("全市", "市外"))]
    named = {place for line in lines for place in line.split("、")}
    _, columns = layer("platforms")
    assert named <= set(columns["平台名称"])
    assert all(name in named or "示意" in name for name in columns["平台名称"])
    assert all("示意" in note for note in columns["备注"])
