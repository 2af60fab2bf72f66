"""Bringing a delivered table into its room: read, check, resolve what it refers to, and store all good rows or none.

Refuses to invent an enterprise, parcel or contract that a row refers to; a dry run does the work and takes it back.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from landgis.access.queries import Actor
from landgis.access.rules import IMPORT_DATA
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.errors import InputError, UsageError
from landgis.lib.issues import Issue
from landgis.lib.upsert import Stored, rehearsed
from parcels.cadastre.numbering import cadastre_change
from parcels.enterprises.actions import store_enterprises, store_occupancy, store_returns
from parcels.exchange.table_specs import TABLES
from parcels.exchange.tables import read_table
from parcels.returns.actions import store_delivery, store_energy
from parcels.supply.actions import store_contracts, store_progress

Rows = list[tuple[int, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Source:
    """Where rows come from: the file, the authority that sent it, the year that it is of where its rows don't say."""

    file_name: str
    sha256: str
    authority: str
    year: int | None
    by: str


Store = Callable[[County, Rows, Source], tuple[Stored, list[Issue]]]

STORES: dict[str, Store] = {
    "enterprises": lambda county, rows, source: store_enterprises(county, rows),
    "occupancy": lambda county, rows, source: store_occupancy(county, rows),
    "annual-returns": lambda county, rows, source: store_returns(county, rows, source=source.file_name),
    "authority-returns": lambda county, rows, source: store_delivery(
        county,
        rows,
        authority=source.authority,
        year=source.year,
        file_name=source.file_name,
        sha256=source.sha256,
        by=source.by,
    ),
    "energy-monthly": lambda county, rows, source: store_energy(county, rows),
    "supply-contracts": lambda county, rows, source: store_contracts(county, rows, source=source.file_name),
    "progress": lambda county, rows, source: store_progress(county, rows),
}


# Rows of these are tied to parcels in force: none may end between being found and being tied to.
TIED_TO_PARCELS = ("occupancy", "supply-contracts")


@dataclass(slots=True)
class TableImported:
    """What a table import found and did: rows = accepted + rejected, accepted = created + updated + unchanged."""

    table: str
    rows: int = 0
    rejected: int = 0
    stored: Stored = field(default_factory=Stored)
    encoding: str = ""
    mapping: dict[str, str] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    committed: bool = False

    @property
    def has_errors(self) -> bool:
        return any(issue.severity == "error" for issue in self.issues)

    def as_json(self) -> dict[str, Any]:
        return {
            "table": self.table,
            "rows": self.rows,
            "accepted": self.rows - self.rejected,
            "rejected": self.rejected,
            "created": self.stored.created,
            "updated": self.stored.updated,
            "unchanged": self.stored.unchanged,
            "committed": self.committed,
            "encoding": self.encoding,
            "mapping": self.mapping,
            "ignored": self.ignored,
            "issues": [issue.as_json() for issue in self.issues],
        }


def import_table(
    *,
    county: County,
    actor: Actor,
    table: str,
    file: Path,
    encoding: str = "",
    sheet: str = "",
    commit: bool = False,
    reason: str = "",
    authority: str = "",
    year: int | None = None,
) -> TableImported:
    """Store the good rows of `file` as the table named; without `commit` everything is taken back at the end.

    `authority` and `year` say whose figures `authority-returns` are, and of when where the rows don't say.
    """
    actor.require_whole_county(IMPORT_DATA)
    if table not in TABLES:
        raise UsageError(f"没有名为“{table}”的台账。", remedy=f"可导入：{'、'.join(TABLES)}。")
    if table == "authority-returns" and not authority.strip():
        raise UsageError("没有写明报送部门。", remedy="请填写部门名称，例如“税务局”。")
    result = TableImported(table)
    try:
        read = read_table(file, TABLES[table], encoding=encoding, sheet=sheet)
    except InputError as error:
        result.issues.append(Issue.of(error))
        return result
    rows: Rows = list(zip(read.row_numbers, read.rows, strict=True))
    stored = Stored()
    issues: list[Issue] = []
    if rows:
        opened = cadastre_change if commit and table in TIED_TO_PARCELS else change
        with (
            rehearsed(commit=commit),
            opened(
                county_code=county.code,
                by=actor.username,
                action=f"import_{table}",
                reason=reason or f"导入 {file.name}",
                file=file.name,
            ) as running,
        ):
            sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
            source = Source(file.name, sha256, authority.strip()[:60], year, actor.username)
            stored, issues = STORES[table](county, rows, source)
            running.summary.update(created=stored.created, updated=stored.updated, unchanged=stored.unchanged)
    refused = {issue.row for issue in issues if issue.severity == "error"}
    result.rows = read.total
    result.rejected = read.total - len(rows) + len(refused)
    result.stored = stored
    result.encoding, result.mapping, result.ignored = read.encoding, read.mapping, list(read.ignored)
    result.issues = sorted([*read.issues, *issues], key=lambda issue: (issue.row, issue.code))
    result.committed = commit and bool(stored.created or stored.updated)
    return result
