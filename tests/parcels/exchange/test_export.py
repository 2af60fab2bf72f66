"""Handing data out: rights, masking for recipients, the audit, and files that are whole or absent."""

import hashlib
import json
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from landgis.access.queries import Actor, command_actor
from landgis.audit.models import AuditEvent
from landgis.counties.models import County
from landgis.lib.errors import Forbidden, LandgisError, UsageError
from layers.catalog.rows import Question, rows
from parcels.cadastre.models import Holding
from parcels.cadastre.published import PARCELS
from parcels.exchange import export as exporting
from parcels.exchange.export import WRITERS, Exported, export_collection
from tests import factories


def export(register: County, out: Path, actor: Actor | None = None, **asked: Any) -> Exported:
    who = actor or command_actor("system", register)
    asked = {"collection": "parcels", "reason": "测试导出", **asked}
    return export_collection(county=register, actor=who, out=out, **asked)


def features(out: Path) -> list[dict[str, Any]]:
    return [feature["properties"] for feature in json.loads(out.read_text(encoding="utf-8"))["features"]]


@pytest.mark.parametrize("extension", list(WRITERS))
def test_every_format_says_what_was_written(register: County, tmp_path: Path, extension: str) -> None:
    out = tmp_path / f"宗地.{extension}"
    exported = export(register, out)
    assert exported.features == 3
    assert exported.bytes == out.stat().st_size
    assert exported.sha256 == hashlib.sha256(out.read_bytes()).hexdigest()
    assert exported.area_mu == export(register, tmp_path / "again.geojson").area_mu
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("extension", list(WRITERS))
def test_every_format_can_be_empty(register: County, tmp_path: Path, extension: str) -> None:
    exported = export(register, tmp_path / f"empty.{extension}", where="code = 'none'")
    assert (exported.features, exported.area_mu) == (0, 0.0)
    assert (tmp_path / f"empty.{extension}").exists()


@pytest.mark.parametrize("collection", ["control-lines", "districts"])
@pytest.mark.parametrize("extension", ["geojson", "gpkg", "zip", "xlsx", "csv", "txt"])
def test_the_other_collections_go_out_too(
    register: County, tmp_path: Path, collection: str, extension: str
) -> None:
    factories.control_line(register, "KX1", factories.box(0, 0, 5, 1))
    assert export(register, tmp_path / f"x.{extension}", collection=collection).features == 1


def test_the_registered_area_counts_and_the_planar_one_where_there_is_none(
    register: County, tmp_path: Path
) -> None:
    exported = export(register, tmp_path / "x.geojson", where="code = '990001100001GB00001'")
    assert exported.area_mu == 15.0008  # 10000.5 ㎡ = 15.00075 亩, half up
    shown = features(tmp_path / "x.geojson")[0]
    assert shown["registered_area_m2"] == 10000.5
    export(register, tmp_path / "y.geojson", where="code = '990001100001GB00002'")
    other = features(tmp_path / "y.geojson")[0]
    assert other["registered_area_m2"] is None
    assert other["area_mu"] == pytest.approx(other["planar_area_m2"] * 15 / 10_000, abs=1e-4)


@pytest.mark.parametrize("role", ["leader", "system_admin", "security_admin", "audit_admin"])
def test_without_the_right_to_export_nothing_leaves(
    register: County, cast: dict[str, Actor], tmp_path: Path, role: str
) -> None:
    with pytest.raises(Forbidden):
        export(register, tmp_path / "x.geojson", cast[role])
    assert list(tmp_path.iterdir()) == []


def test_a_township_officer_hands_out_the_own_towns_parcels(
    register: County, cast: dict[str, Actor], tmp_path: Path
) -> None:
    exported = export(register, tmp_path / "x.geojson", cast["township_officer"])
    assert exported.features == 2
    assert {feature["town_name"] for feature in features(tmp_path / "x.geojson")} == {"甲镇"}


def test_the_officers_right_decides_about_a_firms_figures(
    register: County, cast: dict[str, Actor], tmp_path: Path
) -> None:
    export(register, tmp_path / "with.geojson", cast["evaluation_officer"])
    assert [feature["tax_per_mu"] for feature in features(tmp_path / "with.geojson")] == [30.25, None, None]
    exported = export(register, tmp_path / "without.geojson", cast["registrar"])
    assert "tax_per_mu" not in exported.properties
    assert not any("tax_per_mu" in feature for feature in features(tmp_path / "without.geojson"))


@pytest.mark.parametrize(
    ("recipient", "names", "figures"),
    [
        ("", ["示意针织有限公司", "李小明", None], True),
        ("gdj", ["示意针织有限公司", "李*", None], False),
        ("fgj", ["示意针织有限公司", "李*", None], True),
        ("mzj", ["示意针织有限公司", "李小明", None], False),
    ],
)
def test_a_recipient_gets_what_it_is_cleared_for(
    register: County, tmp_path: Path, recipient: str, names: list[str | None], figures: bool
) -> None:
    export(register, tmp_path / "x.geojson", recipient=recipient)
    given = features(tmp_path / "x.geojson")
    assert [feature["holder"] for feature in given] == names
    assert all(("tax_per_mu" in feature) == figures for feature in given)


@pytest.mark.parametrize("extension", list(WRITERS))
def test_a_masked_name_is_masked_in_every_format(register: County, tmp_path: Path, extension: str) -> None:
    out = tmp_path / f"x.{extension}"
    export(register, out, recipient="gdj")
    name = "李小明"
    raw = out.read_bytes()
    assert not any(name.encode(encoding) in raw for encoding in ("utf-8", "gbk"))


def test_co_owners_stand_by_their_shares_and_then_by_name(register: County, tmp_path: Path) -> None:
    parcel = factories.parcel(register, "990001100001GB00009", factories.box(10, 0, 11, 1))
    for name, share in (("丙某", "0.25"), ("A 公司", "0.5"), ("乙某", "0.25")):
        held = factories.holder(parcel, name, kind="natural_person" if len(name) == 2 else "enterprise")
        with factories.writing(register):
            Holding.objects.filter(parcel=parcel, holder=held).update(share=Decimal(share))
    for recipient, names in (("", "A 公司、丙某、乙某"), ("gdj", "A 公司、丙*、乙*")):
        export(register, tmp_path / "x.geojson", recipient=recipient, where=f"code = '{parcel.code}'")
        assert [feature["holder"] for feature in features(tmp_path / "x.geojson")] == [names]
    with connection.cursor() as cursor:
        who = command_actor("system", register)
        question = Question(PARCELS, who, date(2026, 1, 1))
        few = rows(question, question.columns, few=True, extra=("p.id = %(id)s",))
        cursor.execute(f"SELECT held.names, held.masked {few.sql}", {**few.values, "id": parcel.pk})
        assert cursor.fetchone() == ("A 公司、丙某、乙某", "A 公司、丙*、乙*")


def test_an_officer_cannot_hand_a_recipient_more_than_the_officer_may_see(
    register: County, cast: dict[str, Actor], tmp_path: Path
) -> None:
    exported = export(register, tmp_path / "x.geojson", cast["registrar"], recipient="fgj")
    assert "tax_per_mu" not in exported.properties


def test_an_agencys_own_account_gets_names_masked(
    register: County, cast: dict[str, Actor], tmp_path: Path
) -> None:
    export(register, tmp_path / "x.geojson", cast["agency"])
    assert [feature["holder"] for feature in features(tmp_path / "x.geojson")][1] == "李*"


def test_nobody_can_filter_by_what_is_masked_or_hidden(register: County, tmp_path: Path) -> None:
    exported = export(register, tmp_path / "x.geojson", recipient="gdj", where="holder = '李小明'")
    assert exported.features == 0
    with pytest.raises(UsageError, match="tax_per_mu"):
        export(register, tmp_path / "y.geojson", recipient="gdj", where="tax_per_mu > 25")


def test_every_export_stands_in_the_audit_with_what_has_gone_out_before(
    register: County, tmp_path: Path
) -> None:
    first = export(register, tmp_path / "x.geojson", recipient="gdj", where="area_mu > 1")
    second = export(register, tmp_path / "y.gpkg")
    events = AuditEvent.objects.filter(action="export").order_by("sequence")
    one, two = (event.summary for event in events)
    assert [event.actor for event in events] == ["system", "system"]
    assert (one["collection"], one["recipient"], one["features"], one["where"]) == (
        "parcels",
        "gdj",
        3,
        "area_mu > 1",
    )
    assert (one["sha256"], one["format"], one["area_mu"]) == (first.sha256, "geojson", first.area_mu)
    assert two["total_area_mu"] == pytest.approx(first.area_mu + second.area_mu)
    assert "tax_per_mu" not in one["properties"]


def test_a_file_that_failed_half_way_isnt_left_and_the_old_one_stays(
    register: County, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "x.geojson"
    out.write_text("old")

    def fails(given: Any) -> Any:
        given.out.write_text("half")
        raise OSError("disk full")

    monkeypatch.setitem(exporting.WRITERS, "geojson", fails)
    with pytest.raises(OSError, match="disk full"):
        export(register, out)
    assert out.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["x.geojson"]
    assert not AuditEvent.objects.filter(action="export").exists()


@pytest.mark.parametrize(
    ("name", "asked", "words"),
    [
        ("x.docx", {}, "geojson、geojsonl、gpkg"),
        ("x", {}, "可用的格式"),
        ("missing/x.csv", {}, "没有文件夹"),
        ("x.geojson", {"recipient": "nobody"}, "fgj、gdj、mzj"),
        ("x.geojson", {"crs": 4549}, "RFC 7946"),
        ("x.csv", {"crs": 4549}, "不含图形"),
        ("x.xlsx", {"crs": 4549}, "不含图形"),
        ("x.txt", {"crs": 3857}, "高斯克吕格"),
        ("x.gpkg", {"crs": 999999}, "999999"),
        ("x.geojson", {"collection": "parcel"}, "parcels"),
        ("x.geojson", {"where": "flaeche > 3"}, "area_mu"),
    ],
)
def test_what_cannot_be_done_says_what_can(
    register: County, tmp_path: Path, name: str, asked: dict[str, Any], words: str
) -> None:
    with pytest.raises(LandgisError) as refused:
        export(register, tmp_path / name, **asked)
    assert words in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_a_day_in_the_past_gives_the_parcels_of_that_day(register: County, tmp_path: Path) -> None:
    assert export(register, tmp_path / "x.geojson", on=date(2014, 12, 31)).features == 0
    assert export(register, tmp_path / "x.geojson", on=date(2015, 1, 1)).features == 3


def test_the_command_prints_one_json_document(register: County, tmp_path: Path) -> None:
    printed, out = StringIO(), tmp_path / "x.geojson"
    arguments = ["parcels", "--out", str(out), "--county", register.code, "--recipient", "gdj", "--json"]
    call_command("export", *arguments, stdout=printed)
    document = json.loads(printed.getvalue())
    assert {"collection", "features", "bytes", "sha256", "area_mu"} <= document.keys()
    assert (document["collection"], document["features"], document["recipient"]) == ("parcels", 3, "gdj")
    assert document["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    "wrong", [["--where", "nonsense"], ["--recipient", "nobody"], ["--by", "nobody"], ["--crs", "4549"]]
)
def test_the_command_ends_with_2_on_wrong_usage(register: County, tmp_path: Path, wrong: list[str]) -> None:
    printed = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command(
            "export", "parcels", "--out", str(tmp_path / "x.geojson"), "--county", register.code, "--json", *wrong,
            stdout=printed,
        )  # fmt: skip
    assert ended.value.code == 2
    assert json.loads(printed.getvalue())["error"]["message"]
