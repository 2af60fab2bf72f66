"""Bringing a delivered table into its room: read, check, resolve what it refers to, and store all good rows or none.

Refuses to invent an enterprise, parcel or contract that a row refers to; a dry run does the work and takes it back.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
from django.db import DataError, IntegrityError
from django.utils import timezone

from landgis.access.queries import Actor
from landgis.access.rules import IMPORT_DATA
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.errors import InputError, UsageError
from landgis.lib.issues import Issue
from landgis.lib.upsert import Stored, rehearsed
from parcels.cadastre.numbering import cadastre_change
from parcels.enterprises.actions import store_enterprises, store_occupancy, store_returns
from parcels.enterprises.year_actions import store_firm_years
from parcels.exchange.columns import TableSpec
from parcels.exchange.fact_tables import FACT_TABLES, as_facts
from parcels.exchange.fitting import fitting
from parcels.exchange.table_specs import TABLES
from parcels.exchange.tables import read_table
from parcels.grading.fact_actions import store_firm_facts
from parcels.returns.actions import store_delivery, store_energy
from parcels.supply.actions import store_contracts, store_progress
from parcels.supply.fact_deliveries import Delivery, store_facts

Rows = list[tuple[int, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Source:
    """Where rows come from: the file, who delivers it on which day, the authority whose figures they are, the year
    that they are of where they don't say, and what the table's columns are called."""

    county: County
    actor: Actor
    on: date
    file_name: str
    sha256: str
    authority: str
    year: int | None
    titles: Mapping[str, str]


Store = Callable[[Source, Rows], tuple[Stored, list[Issue]]]


def _of_facts(kind_code: str) -> Store:
    return lambda source, rows: store_facts(
        kind_code,
        Delivery(source.county, source.actor, source.on, source.file_name),
        as_facts(kind_code, rows),
    )


def _of_authority(source: Source, rows: Rows) -> tuple[Stored, list[Issue]]:
    return store_delivery(
        source.county,
        rows,
        authority=source.authority,
        year=source.year,
        file_name=source.file_name,
        sha256=source.sha256,
        by=source.actor.username,
        titles=source.titles,
    )


STORES: dict[str, Store] = {
    "enterprises": lambda source, rows: store_enterprises(source.county, rows),
    "occupancy": lambda source, rows: store_occupancy(source.county, rows),
    "annual-returns": lambda source, rows: store_returns(source.county, rows, source=source.file_name),
    "authority-returns": _of_authority,
    "energy-monthly": lambda source, rows: store_energy(source.county, rows),
    "evaluation-facts": lambda source, rows: store_firm_facts(
        source.county, source.actor, rows, source=source.file_name
    ),
    "firm-years": lambda source, rows: store_firm_years(source.county, source.actor, rows),
    "supply-contracts": lambda source, rows: store_contracts(
        source.county, rows, source=source.file_name, titles=source.titles
    ),
    "progress": lambda source, rows: store_progress(source.county, rows, titles=source.titles),
    **{spec.name: _of_facts(kind_code) for kind_code, spec in FACT_TABLES.items()},
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
    given: Rows = list(zip(read.row_numbers, read.rows, strict=True))
    rows, unfit = fitting(table, TABLES[table], given, read.lines)
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
            source = Source(
                county,
                actor,
                timezone.localdate(),
                file.name,
                hashlib.sha256(file.read_bytes()).hexdigest(),
                authority.strip()[:60],
                year,
                {column.field: column.title for column in TABLES[table].columns},
            )
            try:
                stored, issues = STORES[table](source, rows)
            except (DataError, IntegrityError, psycopg.DataError) as error:
                raise _not_kept(error, TABLES[table]) from error
            running.summary.update(created=stored.created, updated=stored.updated, unchanged=stored.unchanged)
    taken = {row for row, _ in rows} - {issue.row for issue in issues if issue.severity == "error"}
    copies = sum(first in taken for first in read.copies.values())
    result.rows, result.rejected = read.total, read.total - len(taken) - copies
    issues += unfit
    result.stored = stored + Stored(unchanged=copies)
    result.encoding, result.mapping, result.ignored = read.encoding, read.mapping, list(read.ignored)
    result.issues = sorted([*read.issues, *issues], key=lambda issue: (issue.row, issue.code))
    result.committed = commit and bool(stored.created or stored.updated)
    return result


def _not_kept(error: Exception, spec: TableSpec) -> InputError:
    """What the database refuses: text too long, a figure too large, a row against a rule; it names the column it was at."""
    if isinstance(error, IntegrityError):
        named = re.search(r'constraint "(\w+)"', str(error))
        message = f"有的行不符合登记库的规则（{named[1] if named else '唯一或范围限制'}），全部行未采用。"
        return InputError("row_against_rule", message, "请核对日期先后、数值范围和重复的行后改正。")
    named = re.search(r"column (\w+)", str(error))
    field_name = named[1] if named else ""
    title = next((column.title for column in spec.columns if column.field == field_name), "某一列")
    message = f"“{title}”有过长的文字或过大的数值，全部行未采用。"
    return InputError("value_too_large", message, "请核对该列后改正。", field=field_name)
