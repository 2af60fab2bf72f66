"""Computing the indicators of a year and keeping them as a run.

Refuses to repeat itself: with the inputs and the rule version of the newest run nothing is written.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection
from django.utils import timezone
from numpy.typing import NDArray

from landgis.access.queries import Actor
from landgis.access.rules import COMPUTE, VIEW_FIRM_FIGURES
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.columns import FLOAT, LONG, WHOLE, write_columns
from landgis.lib.copying import copy_rows
from landgis.lib.errors import Forbidden, InputError
from parcels.evaluation.apportion import (
    COLUMNS,
    DENOMINATORS,
    LACKS,
    NUMERATORS,
    Cover,
    counts_of_areas,
)
from parcels.evaluation.models import IndicatorRun
from parcels.evaluation.queries import inputs, newest_run
from parcels.evaluation.results import Results, document, results
from parcels.evaluation.rules import INDICATORS, RULE_VERSION, YEARS
from parcels.evaluation.secrecy import WITHHELD, limits_of_secrecy, masked, plain, withheld, withheld_for

PARTS = (*NUMERATORS, *DENOMINATORS)
STAGING = "evaluation_staging"
STAGE = f"""
CREATE TEMP TABLE {STAGING} (subject bigint, pattern int, {", ".join(f"{name} float8" for name in PARTS)}) ON COMMIT DROP
"""
# From the staged numbers to rows: the subject's code and the words of what was missing are looked up; NaN = unknown.
KEEP = """
INSERT INTO evaluation_value (run_id, scope, subject_code, missing, {parts})
SELECT %(run)s, %(scope)s, s.{code}, m.missing::jsonb, {known}
  FROM {staging} g
  JOIN {table} s ON s.id = g.subject
  JOIN unnest(%(patterns)s::int[], %(missing)s::text[]) AS m(pattern, missing) ON m.pattern = g.pattern
""".replace("{parts}", ", ".join(PARTS)).replace(
    "{known}", ", ".join(f"nullif(g.{name}, 'NaN')" for name in PARTS)
)
SUBJECTS = {"enterprise": ("enterprises_enterprise", "uscc"), "parcel": ("cadastre_parcel", "code")}


@dataclass(frozen=True, slots=True)
class Computed:
    """A computation: its document, and the run that holds it (None = nothing was written)."""

    document: dict[str, Any]
    run: IndicatorRun | None
    unchanged: bool


def compute_indicators(*, county: County, actor: Actor, year: int, reason: str, commit: bool) -> Computed:
    """Work out a year; with `commit`, keep it as the county's newest run unless the newest run is the same."""
    actor.require(COMPUTE)
    if actor.town_codes is not None:
        raise Forbidden(
            "指标须按全县计算，只管辖部分镇街的账号不能办理。", remedy="请由全县范围的亩均评价专管员计算。"
        )
    if year not in YEARS:
        raise InputError(
            "year_invalid",
            f"{year} 不是有效的年度。",
            f"年度应在 {YEARS[0]} 至 {YEARS[-1]} 之间。",
            field="year",
        )
    found = inputs(county, year)
    if not found.of_firms.returned.any():
        raise InputError(
            "returns_missing",
            f"{year} 年没有企业年度报表，无法计算指标。",
            "请先导入该年度的企业年度报表。",
            field="year",
        )
    said = {
        "year": year,
        "on": found.on.isoformat(),
        "rule_version": RULE_VERSION,
        "inputs_sha256": found.sha256,
    }
    made = results(found)
    said |= document(made)
    newest = newest_run(county.code, year)
    cleared, (fewest, most) = actor.may(VIEW_FIRM_FIGURES), limits_of_secrecy(county, year)
    unchanged = (
        newest is not None
        and (newest.inputs_sha256, newest.rule_version) == (found.sha256, RULE_VERSION)
        and withheld_for(newest.summary, fewest, most)
    )
    if (commit and not unchanged) or not cleared:
        said[WITHHELD] = withheld(made, made.inputs.uses.net_m2, fewest, most)
    run = (
        _keep(made, said, county=county, by=actor.username, reason=reason)
        if commit and not unchanged
        else None
    )
    shown = plain(said) if cleared else masked(said, fewest)
    kept = run or (newest if unchanged else None)
    return Computed(
        shown | {"run": kept.pk if kept else None, "unchanged": unchanged, "committed": run is not None},
        run,
        unchanged,
    )


def _keep(made: Results, said: dict[str, Any], *, county: County, by: str, reason: str) -> IndicatorRun:
    found = made.inputs
    with change(
        county_code=county.code, by=by, action="compute_indicators", reason=reason, year=found.year
    ) as running:
        run = IndicatorRun.objects.create(
            county=county,
            year=found.year,
            computed_at=timezone.now(),
            rule_version=RULE_VERSION,
            inputs_sha256=found.sha256,
            summary=said,
        )
        with connection.cursor() as cursor:
            cursor.execute(STAGE)
        firms = _keep_firms(run, made)
        parcels = _keep_parcels(run, made)
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {STAGING}")
        areas = _keep_areas(run, county, said)
        with (
            connection.cursor() as cursor
        ):  # the map asks for these rows before the server would look at them itself
            cursor.execute("ANALYZE evaluation_value")
        running.summary.update(
            run=run.pk, enterprises=firms, parcels=parcels, areas=areas, inputs_sha256=found.sha256
        )
    return run


def _keep_firms(run: IndicatorRun, made: Results) -> int:
    firms, mine = made.firms, made.firms.returned
    return _keep_subjects(
        run,
        "enterprise",
        made.inputs.firm_id[mine],
        np.hstack([firms.above, firms.below])[mine],
        firms.lacks[mine].astype(np.int64),
    )


def _keep_parcels(run: IndicatorRun, made: Results) -> int:
    """Parcels that firms use, evaluated or not."""
    found = made.inputs
    places = np.arange(len(found.parcel_id))
    each = Cover(places, places, np.ones(len(places)), len(places))
    counts = counts_of_areas(found.uses, made.firms, each)
    entered = np.hstack([counts.entered, counts.entered])
    sums = made.parcels[:, [COLUMNS.index(name) for name in PARTS]]
    mine = counts.firms > 0
    return _keep_subjects(
        run, "parcel", found.parcel_id[mine], np.where(entered > 0, sums, np.nan)[mine], counts.lacking[mine]
    )


def _keep_subjects(
    run: IndicatorRun,
    scope: str,
    subject: NDArray[np.int64],
    parts: NDArray[np.float64],
    lacking: NDArray[np.int64],
) -> int:
    """Numbers by binary COPY, then one statement to make rows of them."""
    patterns, pattern = np.unique(lacking, axis=0, return_inverse=True)
    words = [
        json.dumps({name: count for name, count in zip(LACKS, counts, strict=True) if count})
        for counts in patterns.tolist()
    ]
    write_columns(
        STAGING,
        {"subject": subject, "pattern": pattern} | {name: parts[:, i] for i, name in enumerate(PARTS)},
        {"subject": LONG, "pattern": WHOLE} | dict.fromkeys(PARTS, FLOAT),
    )
    table, code = SUBJECTS[scope]
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {STAGING}")  # or the joins are planned for a handful of rows
        cursor.execute(
            KEEP.replace("{table}", table).replace("{code}", code).replace("{staging}", STAGING),
            {"run": run.pk, "scope": scope, "patterns": list(range(len(words))), "missing": words},
        )
        kept = int(cursor.rowcount)
        cursor.execute(f"TRUNCATE {STAGING}")
    return kept


def _keep_areas(run: IndicatorRun, county: County, said: dict[str, Any]) -> int:
    rows = [("county", county.code, said["county"])]
    rows += [("town", town["code"], town) for town in said["towns"]]
    rows += [("control_line", line["code"], line) for line in said["control_lines"]]
    rows += [("industry", industry["code"], industry) for industry in said["industries"]]
    rows += [("platform", platform["code"], platform) for platform in said["platforms"]]
    columns: dict[str, list[Any]] = {
        "run_id": [run.pk] * len(rows),
        "scope": [scope for scope, _, _ in rows],
        "subject_code": [code for _, code, _ in rows],
        "missing": [json.dumps(figures["missing"]) for _, _, figures in rows],
    }
    for indicator in INDICATORS:
        for side in ("numerator", "denominator"):
            columns[f"{indicator.code}_{side}"] = [
                figures["indicators"][indicator.code][side] for _, _, figures in rows
            ]
    return copy_rows("evaluation_value", columns)
