"""The idle-land list as files: the workbook that is sent upward, the stand-alone map, CSV and JSON.

Refuses to leave unrecorded: every file that goes out has its audit row.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.db import connection

from landgis.access.queries import Actor
from landgis.access.rules import EXPORT_DATA
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.errors import UsageError
from landgis.lib.units import display_mu
from layers.catalog.rows import in_force_sql
from layers.standalone import MapFeature, standalone_map
from parcels.cadastre.as_of import REGISTER
from parcels.idle_land.actions import Screened
from parcels.idle_land.explain import explain, titles_of
from parcels.idle_land.models import IdleFinding, IdleScreening
from parcels.idle_land.queries import TITLES, rule_parameters
from parcels.idle_land.workbook import Listed, ListHeading, stream_list
from parcels.idle_land.workbook import write_list as write_workbook

# The parcels as they were on the day; one that the register knows only from a later day on, as it was first.
SHAPES = f"""
SELECT DISTINCT ON (p.code) p.code, ST_AsGeoJSON(p.geom_4490, 9) FROM {REGISTER} p
 WHERE p.county_id = %(county)s AND p.code = ANY(%(codes)s)
 ORDER BY p.code, ({in_force_sql("p")}) DESC, p.valid_from
"""
CSV_HEADINGS = (
    "序号", "情形", "镇街", "宗地代码", "合同编号", "电子监管号", "分期", "权利人", "坐落", "土地用途", "面积（平方米）",
    "面积（亩）", "成交价格（万元）", "约定动工日期", "满期日", "已历天数", "依据", "缺少事实", "备注",
)  # fmt: skip
COLOURS = {
    "idle_not_started": "#b3261e",
    "idle_stopped": "#d9730d",
    "overdue": "#e0a800",
    "underinvested": "#7b5ea7",
    "undetermined": "#6b7280",
}


def list_workbook(
    *, county: County, actor: Actor, screening: IdleScreening, rows: Iterable[IdleFinding]
) -> Iterator[bytes]:
    """A recorded screening's findings as a workbook, in pieces."""
    actor.require(EXPORT_DATA)
    listed = [_recorded(i, row) for i, row in enumerate(rows, 1)]
    heading = ListHeading(county.name, screening.on, rule_parameters(county, screening.on))
    with _sent(county, actor, "xlsx", screening.on, len(listed)):
        return stream_list(listed, heading)


def list_map(*, county: County, actor: Actor, screening: IdleScreening, rows: Iterable[IdleFinding]) -> str:
    """A recorded screening's findings as one HTML file with a map."""
    actor.require(EXPORT_DATA)
    listed = [_recorded(i, row) for i, row in enumerate(rows, 1)]
    with _sent(county, actor, "html", screening.on, len(listed)):
        return _map(county, screening.on, listed)


def write_list(
    out: Path, *, county: County, actor: Actor, screened: Screened, document: dict[str, Any]
) -> None:
    """A screening just made as a file, by its extension."""
    actor.require(EXPORT_DATA)
    kind = out.suffix.lower().removeprefix(".")
    if kind not in ("xlsx", "html", "csv", "json"):
        raise UsageError(f"不能写成“{out.suffix}”文件。", remedy="可用扩展名：xlsx、html、csv、json。")
    listed = _listed(screened)
    heading = ListHeading(county.name, screened.on, screened.parameters)
    partial = out.with_name(f".{out.name}.partial")
    with _sent(county, actor, kind, screened.on, len(listed)):
        if kind == "xlsx":
            write_workbook(partial, listed, heading)
        elif kind == "html":
            partial.write_text(_map(county, screened.on, listed), encoding="utf-8")
        elif kind == "csv":
            _write_csv(partial, listed)
        else:
            partial.write_text(
                json.dumps(document, ensure_ascii=False, default=str, indent=1), encoding="utf-8"
            )
        partial.replace(out)


def shapes_on(county: County, codes: Sequence[str], on: date) -> dict[str, Any]:
    """Parcel code → its shape on the day as a GeoJSON geometry (EPSG:4490); codes unknown to the register have none."""
    with connection.cursor() as cursor:
        cursor.execute(SHAPES, {"county": county.code, "codes": list(codes), "on": on})
        return {code: json.loads(text) for code, text in cursor.fetchall()}


def _sent(county: County, actor: Actor, kind: str, on: object, rows: int) -> Any:
    return change(
        county_code=county.code, by=actor.username, action="export_idle_list", reason=f"导出疑似闲置土地清单（{kind}）",
        on=str(on), rows=rows,
    )  # fmt: skip


def _listed(screened: Screened) -> list[Listed]:
    return [
        Listed(
            serial=i,
            town=phase.town_name,
            parcel_code=phase.parcel_code,
            contract_no=phase.facts.contract_no,
            supervision_no=phase.supervision_no,
            phase_no=phase.facts.phase_no,
            holder=phase.holder_name,
            location=phase.location,
            land_use=phase.land_use,
            area_m2=phase.area_m2,
            price_wan=phase.price_wan,
            agreed_start=finding.agreed_start,
            full_year_on=finding.full_year_on,
            gross_idle_days=finding.gross_idle_days,
            finding=finding.code,
            article=finding.article,
            missing=titles_of(finding.missing),
            remarks=finding.remarks,
            steps=explain(phase.facts, screened.on, screened.parameters),
        )
        for i, (phase, finding) in enumerate(screened.suspected, 1)
    ]


def _recorded(serial: int, row: IdleFinding) -> Listed:
    contract = row.phase.contract
    return Listed(
        serial=serial,
        town=row.town_name or "",  # type: ignore[attr-defined]
        parcel_code=contract.parcel_code,
        contract_no=contract.contract_no,
        supervision_no=contract.supervision_no,
        phase_no=row.phase.phase_no,
        holder=contract.holder_name,
        location=contract.location,
        land_use=contract.land_use,
        area_m2=row.area_m2,  # type: ignore[attr-defined]
        price_wan=contract.price_wan,
        agreed_start=row.agreed_start,
        full_year_on=row.full_year_on,
        gross_idle_days=row.gross_idle_days,
        finding=row.finding,  # type: ignore[arg-type]
        article=row.article,
        missing=titles_of(tuple(row.missing)),
        remarks=tuple(row.remarks),
        steps=tuple(row.steps),
    )


def _map(county: County, on: date, listed: Sequence[Listed]) -> str:
    shapes = shapes_on(county, [row.parcel_code for row in listed if row.parcel_code], on)
    drawn = [row for row in listed if row.parcel_code in shapes]
    features = [
        MapFeature(
            geometry=shapes[row.parcel_code],
            colour=COLOURS[row.finding],
            group=TITLES[row.finding],
            title=row.parcel_code,
            facts=(
                ("情形", TITLES[row.finding]),
                ("权利人", row.holder),
                ("镇街", row.town),
                ("合同编号", row.contract_no or row.supervision_no),
                ("面积（亩）", "" if row.area_m2 is None else display_mu(row.area_m2)),
                ("约定动工", str(row.agreed_start or "—")),
                ("满期日", str(row.full_year_on or "—")),
                ("已历天数", str(row.gross_idle_days if row.gross_idle_days is not None else "—")),
                ("依据", row.article),
            ),
        )
        for row in drawn
    ]
    left_out = len(listed) - len(drawn)
    note = (
        f"共 {len(listed)} 宗，其中 {left_out} 宗没有对应的登记图形，未画出。"
        if left_out
        else f"共 {len(listed)} 宗。"
    )
    return standalone_map(
        title=f"{county.name}疑似闲置土地分布图", subtitle=f"筛查基准日 {on}。{note}", features=features
    )


def _write_csv(target: Path, listed: Sequence[Listed]) -> None:
    """UTF-8 with byte-order mark, so that Excel opens it right."""
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(CSV_HEADINGS)
        for row in listed:
            area_mu = "" if row.area_m2 is None else display_mu(row.area_m2).replace(",", "")
            texts = (row.holder, row.location, row.land_use)
            writer.writerow(
                [row.serial, TITLES[row.finding], row.town, row.parcel_code, _as_text(row.contract_no),
                 _as_text(row.supervision_no), row.phase_no, *map(_as_text, texts), row.area_m2, area_mu, row.price_wan,
                 row.agreed_start, row.full_year_on, row.gross_idle_days, row.article, "、".join(row.missing),
                 "；".join(row.remarks)]
            )  # fmt: skip


def _as_text(text: str) -> str:
    """A tab keeps Excel from rounding a number of more than 15 digits, and from taking a name for a formula."""
    return f"\t{text}" if text[:1] in ("=", "+", "-", "@") or (text.isdigit() and len(text) > 15) else text
