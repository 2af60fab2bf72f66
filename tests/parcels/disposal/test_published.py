"""The collection of cases: what SQL tells of a case is what its steps fold to; masked, filtered, and exported whole."""

from __future__ import annotations

import csv
import json
import math
import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import geopandas
import pyogrio
import pytest
import python_calamine
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from landgis.access.models import Recipient
from landgis.access.queries import Actor, command_actor
from landgis.counties.models import County
from landgis.lib.errors import LandgisError
from layers.catalog.registry import get
from layers.catalog.rows import Question, rows
from parcels.disclosure.rules import public_name
from parcels.disposal.models import CaseStep, IdleCase
from parcels.disposal.published import IDLE_CASES
from parcels.disposal.stages import STAGES
from parcels.disposal.state import State, Step, fold
from parcels.disposal.stating import as_json
from parcels.exchange.export import Exported, export_collection
from parcels.supply.models import SupplyContract
from tests import factories
from tests.factories import SignIn, box
from tests.parcels.disposal.test_sequences import GROUNDS, wandered
from tests.parcels.disposal.walks import PAID, Walk

NAMES = ("示意针织有限公司", "张三", "李四、示意针织有限公司")


def case(county: County, number: int, steps: list[Step], **facts: Any) -> IdleCase:
    """A case with its steps as they stand; `parcel` None leaves it without ground."""
    parcel = facts.pop("parcel", None)
    phase = factories.contract(county, f"合{number}", parcel, agreed_start=date(2021, 3, 1))
    with factories.writing(county):
        SupplyContract.objects.filter(pk=phase.contract_id).update(
            holder_name=facts.pop("holder", NAMES[0]), area_m2=1000
        )
        made = IdleCase.objects.create(
            county=county, case_no=f"〔2024〕闲置{number:03d}", year=2024, number=number, phase=phase, parcel=parcel,
            town_code=facts.pop("town", factories.TOWN_WEST), opened_on=date(2024, 3, 1), officer="王",
            rule_version="甲",
        )  # fmt: skip
        entered: dict[int, CaseStep] = {}
        for step in steps:
            entered[step.seq] = CaseStep.objects.create(
                case=made, seq=step.seq, stage=step.stage, on=step.on, by="王", person="王",
                facts=as_json(step.facts), ground=step.ground.as_json(), document_no=step.document_no,
                rule_version="甲", reverses=entered.get(step.reverses or 0), reason="误" if step.reverses else "",
            )  # fmt: skip
    return made


@pytest.fixture
def three(county: County) -> None:
    ground = factories.parcel(county, "990001100001GB00001", box(0, 0, 1, 1))
    east = factories.parcel(county, "990001101001GB00002", box(60, 0, 61, 1), town_code=factories.TOWN_EAST)
    case(county, 1, Walk().along(PAID).steps, parcel=ground)
    case(county, 2, Walk().along(PAID[:3]).steps, parcel=east, holder=NAMES[1], town=factories.TOWN_EAST)
    case(county, 3, Walk().along(PAID[:1]).steps, holder=NAMES[2])


def read(county: County, on: date, *names: str, actor: Actor | None = None) -> list[tuple[Any, ...]]:
    question = Question(IDLE_CASES, actor or command_actor("system", county), on)
    found = rows(question, question.columns)
    sql = {column.property.name: column.sql for column in question.columns}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(sql[name] for name in names)} {found.sql} ORDER BY {IDLE_CASES.order}",
            found.values,
        )
        return list(cursor.fetchall())


def told(state: State) -> tuple[Any, ...]:
    last = next((step for step in reversed(state.steps) if step.stage != "service"), None)
    closed = state.last("closed")
    return (
        last.stage if last else None, state.result or None, "、".join(state.causes) or None, state.mode or None,
        closed.on if closed else None,
    )  # fmt: skip


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.sampled_from(GROUNDS), st.integers(0, 1500))
def test_sql_tells_what_the_steps_fold_to_on_any_day(
    county: County, seed: int, ground: Any, later: int
) -> None:
    steps = wandered(seed, ground, 22, reversals=True).steps
    number = (IdleCase.objects.count()) + 1
    case(county, number, steps)
    day = date(2024, 3, 1) + timedelta(days=later)
    expected = told(fold(step for step in steps if step.on <= day))
    found = read(county, day, "stage", "result", "causes", "mode", "closed_on")
    assert found[number - 1] == expected


def export(county: County, out: Path, **asked: Any) -> Exported:
    actor = asked.pop("actor", None) or command_actor("system", county)
    return export_collection(
        county=county, actor=actor, out=out, collection="idle-cases", reason="测试", **asked
    )


def test_geojson_keeps_a_case_without_ground_with_a_null_geometry(
    three: None, county: County, tmp_path: Path
) -> None:
    done = export(county, tmp_path / "x.geojson")
    features = json.loads((tmp_path / "x.geojson").read_bytes())["features"]
    assert [feature["geometry"] is None for feature in features] == [False, False, True]
    assert [feature["id"] for feature in features] == [f"〔2024〕闲置{n:03d}" for n in (1, 2, 3)]
    first = features[0]["properties"]
    assert first["stage_title"] == STAGES["disclosure_removed"].title
    assert first["result"] == "idle_not_started"
    assert first["idle_since"] == "2021-03-01"
    assert first["idle_days"] > 1000
    assert [issue.code for issue in done.issues] == ["geometry_missing"]
    assert "〔2024〕闲置003" in done.issues[0].message
    assert done.features == 3


@pytest.mark.parametrize("ending", ["gpkg", "fgb", "zip"])
def test_gis_files_read_back_by_gdal_hold_every_case(
    three: None, county: County, tmp_path: Path, ending: str
) -> None:
    out = tmp_path / f"x.{ending}"
    done = export(county, out)
    frame = geopandas.read_file(f"/vsizip/{out}" if ending == "zip" else out)
    assert len(frame) == done.features == 3
    assert list(frame.geometry.isna()) == [False, False, True]
    name = "案号" if ending == "zip" else "case_no"
    assert list(frame[name]) == [f"〔2024〕闲置{n:03d}" for n in (1, 2, 3)]
    assert frame.crs.to_epsg() == 4490
    assert frame.geometry[0].is_valid
    if ending == "zip":
        with zipfile.ZipFile(out) as archive:
            assert archive.read("idle-cases.cpg") == b"GBK"
    assert pyogrio.read_info(f"/vsizip/{out}" if ending == "zip" else out)["geometry_type"] in (
        "MultiPolygon",
        "Polygon",
    )


def test_geoparquet_reads_back(three: None, county: County, tmp_path: Path) -> None:
    export(county, tmp_path / "x.parquet")
    frame = geopandas.read_parquet(tmp_path / "x.parquet")
    assert list(frame.geometry.isna()) == [False, False, True]
    assert list(frame["opened_on"].astype(str)) == ["2024-03-01"] * 3


def test_a_collection_of_none_but_groundless_cases_is_written(county: County, tmp_path: Path) -> None:
    case(county, 1, Walk().along(PAID[:1]).steps)
    for ending in ("geojson", "gpkg", "fgb", "zip", "parquet", "xlsx", "csv"):
        assert export(county, tmp_path / f"x.{ending}").features == 1
    assert geopandas.read_parquet(tmp_path / "x.parquet").geometry.isna().all()
    assert export(county, tmp_path / "x.gpkg", crs=4549).features == 1


def test_tables_hold_every_case(three: None, county: County, tmp_path: Path) -> None:
    assert export(county, tmp_path / "x.xlsx").issues == ()
    table = python_calamine.CalamineWorkbook.from_path(tmp_path / "x.xlsx").get_sheet_by_index(0).to_python()
    assert [row[0] for row in table] == ["案号", *(f"〔2024〕闲置{n:03d}" for n in (1, 2, 3))]
    assert "闲置天数（天）" in table[0]
    export(county, tmp_path / "x.csv")
    with (tmp_path / "x.csv").open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.reader(file))) == 4


def test_boundary_points_leave_out_what_has_none_and_say_so(
    three: None, county: County, tmp_path: Path
) -> None:
    done = export(county, tmp_path / "x.txt")
    assert done.features == 2
    assert "未写入界址点文件" in done.issues[0].message


def test_names_are_masked_as_the_public_page_masks(three: None, county: County, tmp_path: Path) -> None:
    with factories.writing(county):
        Recipient.objects.create(county=county, code="tax", name="税务", fields=[])
        Recipient.objects.create(
            county=county, code="court", name="法院", fields=["holder_name", "case_details"]
        )
    export(county, tmp_path / "x.geojson", recipient="tax")
    features = json.loads((tmp_path / "x.geojson").read_bytes())["features"]
    assert [feature["properties"]["holder"] for feature in features] == [
        "示意针织有限公司", "张*", "李*、示意针织有限公司",
    ]  # fmt: skip
    assert not {"causes", "mode", "officer", "contract_no", "result"} & features[0]["properties"].keys()
    assert {"stage", "idle_days", "parcel_code"} <= features[0]["properties"].keys()
    export(county, tmp_path / "y.geojson", recipient="court")
    cleared = json.loads((tmp_path / "y.geojson").read_bytes())["features"]
    assert [feature["properties"]["holder"] for feature in cleared] == list(NAMES)
    assert cleared[0]["properties"]["causes"] == "E1"
    with pytest.raises(LandgisError):
        export(county, tmp_path / "z.geojson", recipient="tax", where="officer = '王'")


@settings(max_examples=60)
@given(st.text("张李公司厂有限、，/／ aAB.Co", max_size=12))
def test_sql_masks_as_the_public_page_does(county: County, name: str) -> None:
    IdleCase.objects.count() or case(county, 1, Walk().along(PAID[:1]).steps)
    with factories.writing(county):
        SupplyContract.objects.update(holder_name=name)
    question = Question(IDLE_CASES, command_actor("system", county), date(2026, 1, 1))
    found = rows(question, question.columns)
    masked = next(item.masked_sql for item in IDLE_CASES.properties if item.name == "holder")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {masked} {found.sql}", found.values)
        ((shown,),) = cursor.fetchall()
    public = public_name(name, (), ())
    plain = str.maketrans("", "", "、，,；; /／—")
    assert (shown or "").translate(plain) == public.translate(plain)


def test_filters_days_and_territory(
    three: None, county: County, cast: dict[str, Actor], tmp_path: Path
) -> None:
    out = tmp_path / "x.geojson"
    assert export(county, out, where="stage = 'suspicion'").features == 1
    assert export(county, out, where="idle_days > 100 AND holder LIKE '%针织%'").features == 1
    assert export(county, out, where="closed_on IS NULL").features == 3
    west, south = factories.ORIGIN
    inside = f"BBOX({west - 0.001}, {south - 0.001}, {west + 0.02}, {south + 0.02})"
    assert export(county, out, where=f"S_INTERSECTS(geometry, {inside})").features == 1
    assert export(county, out, on=date(2024, 2, 29)).features == 0
    before = read(county, PAID[0][1], "stage")
    assert before[0] == ("suspicion",)
    assert export(county, out, actor=cast["township_officer"]).features == 2
    with pytest.raises(LandgisError):
        export(county, out, actor=cast["leader"])


def tile_at(lon: float, lat: float, zoom: int) -> tuple[int, int]:
    """The tile just north-east of the place."""
    lon, lat = lon + 0.0005, lat + 0.0005
    up = math.asinh(math.tan(math.radians(lat)))
    return int((lon + 180) / 360 * 2**zoom), int((1 - up / math.pi) / 2 * 2**zoom)


def test_tiles_show_cases_to_whoever_has_the_map(three: None, signed_in: SignIn) -> None:
    assert get("idle-cases") is IDLE_CASES
    column, row = tile_at(*factories.ORIGIN, 14)
    address = f"/ogc/collections/idle-cases/tiles/WebMercatorQuad/14/{row}/{column}"
    officer, agency = signed_in("idle_land_officer").get(address), signed_in("agency").get(address)
    assert (officer.status_code, agency.status_code) == (200, 403)
    assert b"stage" in officer.content
