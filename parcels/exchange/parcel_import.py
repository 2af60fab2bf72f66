"""Bringing a delivered parcel layer into the register: read, find the CRS, map, check, and write all good rows or none.

Refuses to repair: a row with an error stays out with its reason, and a second delivery of the same rows changes nothing.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from landgis.access.queries import Actor
from landgis.access.rules import IMPORT_DATA
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.errors import InputError
from landgis.lib.issues import Issue
from landgis.lib.units import m2_to_mu
from layers.geometry.transform import WEB_MERCATOR, transform_geometries
from layers.versions import CGCS2000, ewkb
from parcels.cadastre.actions import register_parcels
from parcels.exchange import attribute_checks, register_checks, spatial_checks
from parcels.exchange.batch import Batch, Expectations
from parcels.exchange.parcel_reading import Reading, expectations, read_parcels
from parcels.supply.actions import link_contracts


@dataclass(slots=True)
class Imported:
    """What an import found and did; `accepted` rows are (or would be) entered, `unchanged` ones were there before."""

    rows: int = 0
    accepted: int = 0
    unchanged: int = 0
    rejected: int = 0
    area_mu: float = 0.0
    crs: str = ""
    encoding: str = ""
    mapping: dict[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    committed: bool = False

    @property
    def has_errors(self) -> bool:
        return any(issue.severity == "error" for issue in self.issues)

    def as_json(self) -> dict[str, Any]:
        return {
            "rows": self.rows,
            "accepted": self.accepted,
            "rejected": self.rejected,
            "unchanged": self.unchanged,
            "committed": self.committed,
            "area_mu": self.area_mu,
            "crs": self.crs,
            "encoding": self.encoding,
            "mapping": self.mapping,
            "ignored": list(self.ignored),
            "notes": self.notes,
            "issues": [issue.as_json() for issue in self.issues],
        }


def import_parcels(
    *,
    county: County,
    actor: Actor,
    file: Path,
    on: date,
    crs: int | None = None,
    encoding: str | None = None,
    mapping: str = "",
    layer: str = "",
    commit: bool = False,
    reason: str = "",
) -> Imported:
    """Check `file` and, with `commit`, enter its good rows in one transaction; `on` is the day they come into force."""
    actor.require_whole_county(IMPORT_DATA)
    result = Imported()
    expected = expectations(county, on)
    try:
        reading = read_parcels(file, expected, crs=crs, encoding=encoding, mapping=mapping, layer=layer)
    except InputError as error:
        result.issues.append(Issue.of(error))
        return result
    batch = reading.batch
    _check(batch, expected)
    known = register_checks.differences(batch, county)
    same = register_checks.unchanged_rows(known, len(batch))
    batch.take(register_checks.code_free(batch, known))
    batch.take(register_checks.no_overlap(batch, county, same, expected))
    entered = np.flatnonzero(~batch.rejected & ~same)
    if commit and len(entered):
        with change(
            county_code=county.code, by=actor.username, action="import_parcels", reason=reason, file=file.name
        ) as running:
            _enter(county, batch, entered, reading, expected)
            link_contracts(county)
            running.summary.update(rows=len(batch), entered=len(entered))
        result.committed = True
    return _told(result, reading, same, entered)


def _check(batch: Batch, expected: Expectations) -> None:
    """All checks; the neighbours are looked at on another core while the attributes are read."""
    for check in spatial_checks.CHECKS:
        batch.take(check(batch, expected))
    rows = np.flatnonzero(batch.measured())
    with ThreadPoolExecutor(max_workers=1) as beside:
        found = beside.submit(spatial_checks.neighbours, batch, rows, expected)
        for attribute in attribute_checks.CHECKS:
            batch.take(attribute(batch, expected))
        batch.take(found.result())


def _enter(
    county: County, batch: Batch, rows: np.ndarray[Any, Any], reading: Reading, expected: Expectations
) -> None:
    geoms = batch.geoms_4490[rows]
    texts = {
        name: batch.text(name)[rows]
        for name in ("code", "real_estate_unit_code", "location", "tenure", "note")
    }
    classes = batch.text("land_class_code")[rows]
    class_set = str(expected.parameters["land.class_set"]) if expected.land_classes else ""
    columns: dict[str, Any] = {
        **texts,
        "aliases": [(alias,) if alias else () for alias in batch.text("aliases")[rows]],
        "town_code": batch.town_codes[rows],
        "land_class_code": classes,
        "land_class_set": [class_set if code else "" for code in classes],
        "registered_on": [batch.registered_on[i] for i in rows],
        "registered_area_m2": [batch.registered_area_m2[i] for i in rows],
        "planar_area_m2": batch.planar_area_m2[rows],
        "ellipsoidal_area_m2": batch.ellipsoidal_area_m2[rows],
        "geom_4490": ewkb(geoms, CGCS2000),
        "geom_3857": ewkb(transform_geometries(geoms, CGCS2000, WEB_MERCATOR), WEB_MERCATOR),
        "source": [reading.source] * len(rows),
        "retired_by": [""] * len(rows),
    }
    register_parcels(
        county,
        columns,
        holders=batch.text("holder")[rows],
        usccs=batch.text("holder_uscc")[rows],
        on=expected.on,
    )


def _told(
    result: Imported, reading: Reading, same: np.ndarray[Any, Any], entered: np.ndarray[Any, Any]
) -> Imported:
    batch = reading.batch
    result.rows = len(batch)
    result.accepted = len(entered)
    result.unchanged = int((same & ~batch.rejected).sum())
    result.rejected = int(batch.rejected.sum())
    areas = [batch.registered_area_m2[i] or batch.planar_area_m2[i] for i in entered]
    result.area_mu = round(float(m2_to_mu(sum(map(float, areas)))), 4)
    result.crs = f"EPSG:{reading.crs.epsg}"
    result.encoding = reading.encoding
    result.mapping = {column: field for field, column in reading.mapping.columns.items()}
    result.ignored = reading.mapping.ignored
    result.notes = reading.notes
    result.issues = sorted(batch.issues, key=lambda issue: (issue.row, issue.code))
    return result
