"""What an officer delivers is checked row by row; good rows load, all or none, and a second delivery changes nothing."""

import csv
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import shapely
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from landgis.access.queries import Actor, command_actor
from landgis.audit.models import AuditEvent
from landgis.counties.models import County
from landgis.lib.errors import Forbidden
from layers.geometry.gcj02 import gcj02_from_wgs84
from parcels.cadastre.models import Holder, Parcel
from parcels.exchange import attribute_checks
from parcels.exchange.parcel_import import import_parcels
from tests import factories
from tests.parcels.exchange.parcel_files import EAST, NORTH, codes, delivered, frame, run, square, touching

DEMO = Path("data/shapefiles")
NO_IO = str.maketrans("IO", "10")


def test_a_dry_run_writes_nothing(county: County, tmp_path: Path) -> None:
    result = run(county, delivered(frame(), tmp_path))
    assert (result.rows, result.accepted, result.rejected, result.committed) == (3, 3, 0, False)
    assert not Parcel.objects.exists()


def test_good_rows_load_with_their_three_areas_and_holder(county: County, tmp_path: Path) -> None:
    result = run(county, delivered(frame(), tmp_path), commit=True)
    assert result.committed
    parcel = Parcel.objects.get(code="990001001001GB00001")
    assert parcel.registered_area_m2 == 10000
    assert parcel.planar_area_m2 == pytest.approx(10000, abs=1e-3)
    assert parcel.ellipsoidal_area_m2 == pytest.approx(10000, rel=1e-5)
    assert parcel.ellipsoidal_area_m2 != parcel.planar_area_m2
    assert Holder.objects.get(holdings__parcel=parcel).name == "示意0有限公司"
    event = AuditEvent.objects.get(action="import_parcels")
    assert (event.actor, event.reason, event.summary["entered"]) == ("system", "测试导入", 3)
    assert parcel.change_id == event.id


def test_a_second_import_changes_nothing_and_says_so(county: County, tmp_path: Path) -> None:
    file = delivered(frame(), tmp_path)
    run(county, file, commit=True)
    before = AuditEvent.objects.count()
    again = run(county, file, commit=True)
    assert (again.accepted, again.unchanged, again.rejected, again.committed) == (0, 3, 0, False)
    assert AuditEvent.objects.count() == before


def test_the_code_of_a_parcel_that_has_ended_is_not_used_again(county: County, tmp_path: Path) -> None:
    ended = factories.parcel(
        county,
        "990001001001GB00001",
        factories.box(40, 0, 41, 1),
        valid_to=date(2020, 1, 1),
        retired_by="测试员",
    )
    result = run(county, delivered(frame(), tmp_path), commit=True)
    assert codes(result) == {"code_retired"}
    assert (result.accepted, result.rejected) == (2, 1)
    assert "恢复登记" in result.issues[0].message
    assert Parcel.objects.get(code=ended.code).valid_to == date(2020, 1, 1)


def test_a_code_in_force_is_never_overwritten(county: County, tmp_path: Path) -> None:
    run(county, delivered(frame(), tmp_path), commit=True)
    moved = frame(1, 权利人=["另一家有限公司"])
    result = run(county, delivered(moved, tmp_path, "q.gpkg"), commit=True)
    assert codes(result) == {"code_exists"}
    assert "权利人" in result.issues[0].message
    assert Holder.objects.filter(name="另一家有限公司").count() == 0


def test_bad_rows_stay_out_and_good_rows_load(county: County, tmp_path: Path) -> None:
    data = frame(4)
    data.loc[1, "宗地代码"] = ""
    data.loc[2, "宗地面积"] = -5
    result = run(county, delivered(data, tmp_path), commit=True)
    assert (result.accepted, result.rejected) == (2, 2)
    assert codes(result, 2) == {"code_missing"}
    assert codes(result, 3) == {"area_not_positive"}
    assert Parcel.objects.count() == 2


def test_rings_that_cross_only_in_degrees_are_an_issue_of_their_row(county: County, tmp_path: Path) -> None:
    result = run(county, delivered(touching(40), tmp_path), commit=True)
    refused = [issue for issue in result.issues if issue.code == "geometry_invalid"]
    assert any("存储精度" in issue.message for issue in refused)
    assert Parcel.objects.count() == result.accepted == 40 - len(refused)


def test_all_or_none_when_the_database_refuses(
    county: County, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever goes wrong at the last step takes the whole delivery back, audit row included."""
    file = delivered(frame(), tmp_path)
    before = AuditEvent.objects.count()
    monkeypatch.setattr("parcels.exchange.entering.link_contracts", lambda county: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run(county, file, commit=True)
    assert not Parcel.objects.exists()
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize(("factor", "unit"), [(15 / 10000, "亩"), (1 / 10000, "公顷")])
def test_an_area_in_another_unit_is_refused_with_the_unit(
    county: County, tmp_path: Path, factor: float, unit: str
) -> None:
    result = run(county, delivered(frame(1, 宗地面积=[10000 * factor]), tmp_path))
    assert codes(result) == {"area_mismatch"}
    assert unit in result.issues[0].message
    assert result.rejected == 1


@pytest.mark.parametrize(
    ("registered", "noticed"), [(10010.0, False), (10010.5, True), (9990.5, False), (9988.0, True)]
)
def test_area_agreement_alerts_beyond_one_square_metre_and_one_per_mille(
    county: County, tmp_path: Path, registered: float, noticed: bool
) -> None:
    """domain: alert when |planar - registered| > max(1 ㎡, 0.1 %); the registered figure stays the authority."""
    result = run(county, delivered(frame(1, 宗地面积=[registered]), tmp_path), commit=True)
    assert (codes(result) == {"area_mismatch"}) is noticed
    assert float(Parcel.objects.get().registered_area_m2 or 0) == registered


def test_an_area_column_in_mu_is_converted_and_said(county: County, tmp_path: Path) -> None:
    data = frame(1).drop(columns="宗地面积").assign(**{"宗地面积（亩）": [15.0]})
    result = run(county, delivered(data, tmp_path), commit=True)
    assert not result.has_errors
    assert any("亩" in note for note in result.notes)
    assert Parcel.objects.get().registered_area_m2 == 10000


def test_overlap_in_the_file_rejects_both_and_a_sliver_warns(county: County, tmp_path: Path) -> None:
    data = frame(4)
    data.loc[1, "geometry"] = shapely.box(EAST + 90, NORTH, EAST + 190, NORTH + 100)  # 1000 ㎡ on row 1
    x = EAST + 2 * 120
    data.loc[3, "geometry"] = shapely.box(x + 99.995, NORTH, x + 199.995, NORTH + 100)  # 0.5 ㎡ on row 3
    result = run(county, delivered(data, tmp_path))
    assert {row for row in (1, 2) if "overlap_in_file" in codes(result, row)} == {1, 2}
    assert result.rejected == 2
    slivers = [issue for issue in result.issues if issue.row in (3, 4)]
    assert {issue.severity for issue in slivers} == {"warning"}


def test_neighbours_that_share_an_edge_do_not_overlap(county: County, tmp_path: Path) -> None:
    data = frame(2)
    data.loc[1, "geometry"] = shapely.box(EAST + 100, NORTH, EAST + 200, NORTH + 100)
    assert run(county, delivered(data, tmp_path)).issues == []


def test_overlap_with_the_register_is_refused(county: County, tmp_path: Path) -> None:
    run(county, delivered(frame(1), tmp_path), commit=True)
    new = frame(1, 宗地代码=["990001001001GB00099"])
    new.loc[0, "geometry"] = shapely.affinity.translate(square(0), 50, 0)
    result = run(county, delivered(new, tmp_path, "q.gpkg"))
    assert codes(result) == {"overlap_register"}
    assert "990001001001GB00001" in result.issues[0].message


def test_shared_vertices_stay_identical_through_the_import(county: County, tmp_path: Path) -> None:
    data = frame(2)
    data.loc[1, "geometry"] = shapely.box(EAST + 100, NORTH, EAST + 200, NORTH + 100)
    run(county, delivered(data, tmp_path), commit=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT ST_AsBinary(geom_4490) FROM cadastre_parcel ORDER BY code")
        first, second = (
            shapely.get_coordinates(shapely.from_wkb(bytes(row[0]))) for row in cursor.fetchall()
        )
    shared = {tuple(p) for p in first} & {tuple(p) for p in second}
    assert len(shared) == 2


def test_the_town_is_decided_by_the_ground(county: County, tmp_path: Path) -> None:
    factories.district(county, factories.TOWN_WEST, "甲镇", factories.box(-10, -10, 1.5, 10))
    factories.district(county, factories.TOWN_EAST, "乙镇", factories.box(1.5, -10, 60, 10))
    result = run(county, delivered(frame(3, 所属镇街=["甲镇", "甲镇", "丙镇"]), tmp_path), commit=True)
    assert codes(result, 2) == {"town_mismatch"}
    assert codes(result, 3) == {"town_unknown"}
    assert dict(Parcel.objects.values_list("code", "town_code")) == {
        "990001001001GB00001": factories.TOWN_WEST,
        "990001001001GB00002": factories.TOWN_EAST,
    }


@pytest.mark.parametrize("epsg", [4490, 4326, 4528, 3857])
def test_every_usual_crs_lands_on_the_same_ground(county: County, tmp_path: Path, epsg: int) -> None:
    data = frame(1).to_crs(epsg)
    result = run(county, delivered(data, tmp_path), commit=True)
    assert result.crs == f"EPSG:{epsg}"
    assert Parcel.objects.get().planar_area_m2 == pytest.approx(10000, abs=0.01)


def test_a_shapefile_without_prj_and_cpg_in_gbk(county: County, tmp_path: Path) -> None:
    file = delivered(frame().to_crs(4528), tmp_path, "p.shp", encoding="GB18030")
    for suffix in (".prj", ".cpg"):
        file.with_suffix(suffix).unlink(missing_ok=True)
    result = run(county, file, commit=True)
    assert (result.crs, result.encoding, result.accepted) == ("EPSG:4528", "GB18030", 3)
    assert Holder.objects.filter(name="示意0有限公司").exists()


@pytest.mark.parametrize("epsg", [2364, 4610, 4214])
def test_xian80_and_beijing54_are_refused_with_the_reason(county: County, tmp_path: Path, epsg: int) -> None:
    file = delivered(frame(1).set_crs(epsg, allow_override=True), tmp_path)
    for crs in (None, 4549):  # naming another CRS doesn't make the old datum go away
        result = run(county, file, commit=True, crs=crs)
        assert result.accepted == 0
        assert "参数" in result.issues[0].message
    assert not Parcel.objects.exists()


def test_an_area_that_cannot_be_read_is_told_and_not_taken_for_blank(county: County, tmp_path: Path) -> None:
    file = delivered(frame(3, 宗地面积=["约10000", "10000 ㎡", "无"]), tmp_path)
    result = run(county, file)
    assert codes(result, 1) == codes(result, 2) == {"area_invalid"}
    assert codes(result, 3) == {"area_missing"}
    assert result.accepted == 1


def test_a_date_that_says_there_is_none_is_blank(county: County, tmp_path: Path) -> None:
    result = run(county, delivered(frame(3, 登记日期=["无", "/", "2024年3月"]), tmp_path))
    assert [(issue.row, issue.code) for issue in result.issues] == [(3, "date_invalid")]


def test_texts_that_the_register_has_no_room_for_are_told_by_row_and_the_others_load(
    county: County, tmp_path: Path
) -> None:
    data = frame(
        4,
        坐落=["长" * 301, "路", "路", "路"],
        权利人=["甲", "长" * 201, "乙", "丙"],
        权利性质=["出让", "出让", "出让" * 21, "出让"],
        原宗地号=["旧", "旧", "旧", "旧"],
    )
    result = run(county, delivered(data, tmp_path), commit=True)
    found = {(issue.row, issue.field) for issue in result.issues if issue.code == "text_too_long"}
    assert found == {(1, "location"), (2, "holder"), (3, "tenure")}
    assert Parcel.objects.get().code == "990001001001GB00004"


def test_a_shifted_first_delivery_is_seen_by_the_registered_areas(county: County, tmp_path: Path) -> None:
    data = frame(40).to_crs(4490)
    shifted = shapely.transform(data.geometry.to_numpy(), gcj02_from_wgs84)
    file = delivered(data.set_geometry(shifted, crs=4490), tmp_path)
    result = run(county, file, commit=True)
    assert codes(result) == {"crs_shifted"}
    assert "登记面积" in result.issues[0].message
    assert not Parcel.objects.exists()
    assert run(county, delivered(data, tmp_path, "true.gpkg")).accepted == 40


def test_a_township_officer_and_a_leader_may_not_import(
    county: County, cast: dict[str, Actor], tmp_path: Path
) -> None:
    file = delivered(frame(), tmp_path)
    for role in ("township_officer", "leader", "agency", "audit_admin"):
        with pytest.raises(Forbidden):
            run(county, file, by=role)


def test_a_missing_file_is_an_issue_not_a_crash(county: County, tmp_path: Path) -> None:
    result = run(county, tmp_path / "nowhere.shp")
    assert result.has_errors
    assert result.issues[0].row == 0


def test_the_demo_loads_whole_and_every_fault_of_the_dirty_delivery_is_found(yiwu: County) -> None:
    clean = import_parcels(
        county=yiwu, actor=command_actor("system", yiwu), file=DEMO / "parcels.shp", on=date(2026, 11, 22),
        commit=True, reason="t",
    )  # fmt: skip
    assert (clean.rejected, clean.accepted) == (0, 2412)
    dirty = import_parcels(
        county=yiwu,
        actor=command_actor("system", yiwu),
        file=DEMO / "parcels_dirty.shp",
        on=date(2026, 11, 22),
    )
    found = {(issue.row, issue.code, issue.severity) for issue in dirty.issues}
    with (DEMO / "parcels_dirty_faults.csv").open(encoding="utf-8-sig", newline="") as file:
        faults = list(csv.DictReader(file))
    missed = [
        fault
        for fault in faults
        if (int(fault["row"]), fault["expected_code"], fault["severity"]) not in found
    ]
    assert missed == []
    assert len(faults) >= 40
    named = {int(fault["row"]) for fault in faults}
    assert {issue.row for issue in dirty.issues} <= named
    assert all(issue.message.startswith(f"第 {issue.row} 行") for issue in dirty.issues)
    stored = np.array([float(area) for area in Parcel.objects.values_list("planar_area_m2", flat=True)])
    assert stored.sum() / (10000 / 15) == pytest.approx(34_886, abs=10)


@given(st.text(alphabet="0123456789ABCDEFGHJKLMNPQRTUWXYIO", min_size=17, max_size=18))
def test_the_quick_look_at_check_digits_never_passes_what_the_library_refuses(body: str) -> None:
    """GB 32100-2015: whatever is passed at once is valid by the library, check digit included."""
    codes = np.array([body, body[:17] + uscc.calc_check_digit(body[:17].translate(NO_IO)), ""], dtype=object)
    passed = attribute_checks._check_digit_holds(codes)
    assert all(uscc.calc_check_digit(code[:17]) == code[17] for code in codes[passed])
    plain = body[:17].translate(NO_IO)
    right = np.array([plain + uscc.calc_check_digit(plain)], dtype=object)
    assert attribute_checks._check_digit_holds(right).all()
