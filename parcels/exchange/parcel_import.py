"""Bringing a delivered parcel layer into the register: read, find the CRS, map, check, and write all good rows or none.

Refuses to repair: a row with an error stays out with its reason, and a second delivery of the same rows changes nothing.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from landgis.access.queries import Actor
from landgis.access.rules import IMPORT_DATA
from landgis.audit.change import Change, change
from landgis.counties.models import County
from landgis.lib.collector import collector_paused
from landgis.lib.errors import InputError
from landgis.lib.issues import Issue
from landgis.lib.units import m2_to_mu
from parcels.exchange.entering import check_and_enter
from parcels.exchange.parcel_reading import Reading, expectations, read_parcels


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
    with collector_paused():
        try:
            reading = read_parcels(file, expected, crs=crs, encoding=encoding, mapping=mapping, layer=layer)
        except InputError as error:
            result.issues.append(Issue.of(error))
            return result

        def declared() -> AbstractContextManager[Change]:
            return change(
                county_code=county.code,
                by=actor.username,
                action="import_parcels",
                reason=reason,
                file=file.name,
            )

        same, entered = check_and_enter(county, reading, expected, declared if commit else None)
        result.committed = commit and len(entered) > 0
        return _told(result, reading, same, entered)


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
