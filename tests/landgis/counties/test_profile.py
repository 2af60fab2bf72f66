"""A county is a profile: a five-line one serves for any place in the world, a wrong one names the line."""

import json
from datetime import date
from pathlib import Path

import pytest
import shapely

from landgis.counties.actions import load_county
from landgis.counties.models import County, Parameter
from landgis.counties.profile import read_profile
from landgis.counties.queries import parameters
from landgis.lib.errors import InputError, LandgisError

FIVE_LINES = 'code = "CZ010"\nname = "Praha 6"\nsurvey_crs = 5514\nbbox = [14.2, 50.0, 14.6, 50.2]\n'


def written(folder: Path, text: str) -> Path:
    path = folder / "profile.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_county_across_the_antimeridian_by_its_box_or_its_cut_boundary(tmp_path: Path) -> None:
    fiji = FIVE_LINES.replace("5514", "3460")
    text = fiji.replace("[14.2, 50.0, 14.6, 50.2]", "[177.0, -19.0, -178.0, -16.0]")
    assert read_profile(written(tmp_path, text)).bbox_4490 == (177.0, -19.0, -178.0, -16.0)
    parts = [shapely.box(177, -19, 180, -16), shapely.box(-180, -19, -178, -16)]
    (tmp_path / "b.geojson").write_text(shapely.to_geojson(shapely.MultiPolygon(parts)))
    text = fiji.replace("bbox = [14.2, 50.0, 14.6, 50.2]", 'boundary = "b.geojson"')
    assert read_profile(written(tmp_path, text)).bbox_4490 == (177.0, -19.0, -178.0, -16.0)


def test_a_five_line_profile_is_a_county(db: None, tmp_path: Path) -> None:
    profile = read_profile(written(tmp_path, FIVE_LINES))
    loaded = load_county(profile, by="t", reason="t", commit=True)
    assert (loaded.created, loaded.towns) == (True, 0)
    county = County.objects.get(code="CZ010")
    assert county.bbox_4490 == [14.2, 50.0, 14.6, 50.2]
    # The statute's parameters come with every county, each with its basis.
    assert parameters(county, date(2026, 1, 1))["idle_land.developed_ratio_min"] == "1/3"
    assert not Parameter.objects.filter(basis="").exists()


def test_loading_twice_changes_nothing_and_a_dry_run_writes_nothing(db: None, tmp_path: Path) -> None:
    profile = read_profile(written(tmp_path, FIVE_LINES))
    assert load_county(profile, by="t", reason="t", commit=False).changed
    assert not County.objects.exists()
    load_county(profile, by="t", reason="t", commit=True)
    assert not load_county(profile, by="t", reason="t", commit=True).changed


def test_a_parameter_holds_up_to_and_including_its_last_day(db: None, tmp_path: Path) -> None:
    text = FIVE_LINES + (
        '[[parameters]]\nkey="x.y"\nvalue=1\nvalid_from=2021-01-01\nvalid_to=2023-12-31\nbasis="甲文件"\n'
        '[[parameters]]\nkey="x.y"\nvalue=2\nvalid_from=2024-01-01\nbasis="乙文件"\n'
    )
    load_county(read_profile(written(tmp_path, text)), by="t", reason="t", commit=True)
    county = County.objects.get(code="CZ010")
    assert parameters(county, date(2023, 12, 31))["x.y"] == 1
    assert parameters(county, date(2024, 1, 1))["x.y"] == 2
    with pytest.raises(LandgisError, match=r"x\.y"):
        _ = parameters(county, date(2020, 12, 31))["x.y"]


def test_a_value_of_the_profile_takes_the_place_of_one_that_an_update_brought(
    db: None, tmp_path: Path
) -> None:
    """A county loaded by an older program got the national value; its own profile states it from a later day on."""
    load_county(read_profile(written(tmp_path, FIVE_LINES)), by="t", reason="t", commit=True)
    county = County.objects.get(code="CZ010")
    assert Parameter.objects.filter(county=county, key="clusters.min_mu").count() == 1
    own = '[[parameters]]\nkey="clusters.min_mu"\nvalue=20\nvalid_from=2023-01-01\nbasis="本县规定"\n'
    again = read_profile(written(tmp_path, FIVE_LINES + own))
    for _ in range(2):
        load_county(again, by="t", reason="t", commit=True)
        assert parameters(county, date(2026, 1, 1))["clusters.min_mu"] == 20
        assert Parameter.objects.filter(county=county, key="clusters.min_mu").count() == 1


def test_the_boundary_is_read_beside_the_profile(tmp_path: Path) -> None:
    ring = [[14.2, 50.0], [14.6, 50.0], [14.6, 50.2], [14.2, 50.0]]
    (tmp_path / "b.geojson").write_text(json.dumps({"type": "Polygon", "coordinates": [ring]}))
    text = FIVE_LINES.replace("bbox = [14.2, 50.0, 14.6, 50.2]", 'boundary = "b.geojson"')
    assert read_profile(written(tmp_path, text)).bbox_4490 == (14.2, 50.0, 14.6, 50.2)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (("survey_crs = 5514", 'survey_crs = "krovak"'), "survey_crs"),
        (("survey_crs = 5514", "survey_crs = 2229"), "survey_crs"),  # in US survey feet
        (("survey_crs = 5514", "survey_crs = 4490"), "survey_crs"),  # in degrees
        (("survey_crs = 5514", "survey_crs = 999999"), "survey_crs"),
        (("survey_crs = 5514", "survey_crs = 2193"), "survey_crs"),  # of New Zealand
        (('name = "Praha 6"', f'name = "{"x" * 61}"'), "name"),
        (('code = "CZ010"', 'code = "CZ-010-Praha-6"'), "code"),
        (('code = "CZ010"', 'code = "CZ010"\nparcel_code_pattern = "["'), "parcel_code_pattern"),
        (('code = "CZ010"', 'code = "CZ010"\ntowns = ["A", "B"]'), "towns"),
        (("bbox = [14.2, 50.0, 14.6, 50.2]", "bbox = [14.6, 50.0, 14.2, 50.2]"), "bbox"),
        (("bbox = [14.2, 50.0, 14.6, 50.2]", ""), "bbox"),
        (('name = "Praha 6"', ""), "name"),
        (('code = "CZ010"', 'code = ""'), "code"),
        (("bbox = [14.2, 50.0, 14.6, 50.2]", 'boundary = "nowhere.geojson"'), "boundary"),
    ],
)
def test_a_wrong_profile_names_the_line(tmp_path: Path, change: tuple[str, str], field: str) -> None:
    with pytest.raises(InputError) as caught:
        read_profile(written(tmp_path, FIVE_LINES.replace(*change)))
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("table", "field"),
    [
        ('[[towns]]\ncode="1"\nname="A"\n[[towns]]\ncode="1"\nname="B"', "towns.code"),
        ('[[towns]]\ncode="1234567890123"\nname="A"', "towns.code"),
        ('[[targets]]\nkey="x"\nvalue="many"\nvalid_from=2020-01-01\nbasis="b"', "targets.x"),
        (
            '[[parameters]]\nkey="area.tolerance_m2"\nvalue="little"\nvalid_from=2020-01-01\nbasis="b"',
            "parameters.area.tolerance_m2",
        ),
    ],
)
def test_a_wrong_table_names_its_key(tmp_path: Path, table: str, field: str) -> None:
    with pytest.raises(InputError) as caught:
        read_profile(written(tmp_path, f"{FIVE_LINES}{table}\n"))
    assert caught.value.field == field


def test_the_shipped_profile_of_yiwu() -> None:
    profile = read_profile(Path("data/counties/330782/profile.toml"))
    assert (profile.code, profile.survey_crs, len(profile.towns)) == ("330782", 4549, 14)
    assert {code for code, _ in profile.towns} >= {"330782001", "330782106"}
    assert all(value.basis for value in (*profile.parameters, *profile.targets))
