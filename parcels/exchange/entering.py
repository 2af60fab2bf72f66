"""The checks of a delivery and its entry into the register, side by side where they don't wait for each other.

Refuses to keep anything that was entered before the last check had spoken: it is taken back, and only the rows that
pass every check are entered.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from threading import Event
from typing import Any

import numpy as np
import psycopg
import shapely
from django.db import DatabaseError
from numpy.typing import NDArray

from landgis.audit.change import Change
from landgis.counties.models import County
from landgis.lib.copying import Computed
from landgis.lib.issues import Issue
from layers.geometry.encoded import ewkb
from layers.geometry.transform import CGCS2000, WEB_MERCATOR, transform_xy
from parcels.cadastre.actions import register_parcels
from parcels.cadastre.numbering import county_held
from parcels.exchange import attribute_checks, register_checks, spatial_checks
from parcels.exchange.batch import Batch, Expectations, Objects
from parcels.exchange.parcel_reading import Reading
from parcels.exchange.placing import Places
from parcels.supply.actions import link_contracts

Flags = NDArray[np.bool_]
Indices = NDArray[np.intp]
Declared = Callable[[], AbstractContextManager[Change]]


class _TakenBack(Exception):
    """Ends a change that was begun before all checks had spoken."""


def check_and_enter(
    county: County, reading: Reading, expected: Expectations, declared: Declared | None
) -> tuple[Flags, Indices]:
    """Make all checks and enter the good rows inside the change that `declared` opens (None: a dry run).

    Returns which rows the register holds already, and the rows that were, or would be, entered. A delivery that looks
    clean is stored by the server while the checks run; the first row that one of them refuses ends that change without
    a trace, and then the checks come first.
    """
    batch = reading.batch
    # Nobody changes a parcel between the look at the register and the entry.
    with county_held(county.code) if declared is not None else nullcontext():
        if declared is not None and _looks_clean(batch):
            ahead = _entered_ahead(county, reading, expected, declared)
            if ahead is not None:
                return ahead
        else:
            _check(batch, expected)
        same, issues = _against_register(batch, county, expected)
        batch.take(issues)
        entered = np.flatnonzero(~batch.rejected & ~same)
        if declared is not None and len(entered):
            with declared() as running:
                _enter(county, reading, entered, expected)
                running.summary.update(rows=len(batch), entered=len(entered))
    return same, entered


def _looks_clean(batch: Batch) -> bool:
    """What can be seen at a glance; the checks come all the same."""
    codes = set(batch.text("code").tolist())
    return (
        bool(batch.sound.all()) and not batch.rejected.any() and len(codes) == len(batch) and "" not in codes
    )


def _entered_ahead(
    county: County, reading: Reading, expected: Expectations, declared: Declared
) -> tuple[Flags, Indices] | None:
    """Enter what isn't in the register while the checks run; None when they refused a row, and nothing is entered."""
    batch = reading.batch
    same, issues = _against_register(batch, county, expected)
    entered = np.flatnonzero(~_refused(issues, len(batch)) & ~same)
    sent = Event()

    def reached(count: int) -> None:
        if batch.rejected.any():
            raise _TakenBack
        if count >= len(entered):
            sent.set()

    with ThreadPoolExecutor(max_workers=1) as beside:
        checks = beside.submit(_check_in_turn, batch, expected, sent)
        try:
            if len(entered):
                with declared() as running:
                    _enter(county, reading, entered, expected, reached)
                    running.summary.update(rows=len(batch), entered=len(entered))
                    checks.result()
                    reached(len(entered))
        except (_TakenBack, DatabaseError, psycopg.Error):
            sent.set()
            checks.result()
            if batch.rejected.any():
                return None  # what the database refused may have been a row that the checks refuse
            raise
        finally:
            sent.set()
        checks.result()
    if batch.rejected.any():
        return None
    batch.take(issues)
    return same, entered


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


def _check_in_turn(batch: Batch, expected: Expectations, sent: Event) -> None:
    """All checks; the neighbours, who need both cores, once the server has been sent the parcels."""
    for check in (*spatial_checks.CHECKS, *attribute_checks.CHECKS):
        batch.take(check(batch, expected))
    rows = np.flatnonzero(batch.measured())
    sent.wait()
    batch.take(spatial_checks.neighbours(batch, rows, expected))


def _against_register(batch: Batch, county: County, expected: Expectations) -> tuple[Flags, list[Issue]]:
    known = register_checks.differences(batch, county)
    same = register_checks.unchanged_rows(known, len(batch))
    issues = list(register_checks.code_free(batch, known))
    issues += register_checks.no_overlap(batch, county, same, expected)
    return same, issues


def _refused(issues: list[Issue], count: int) -> Flags:
    rows = np.zeros(count, dtype=bool)
    rows[[issue.row - 1 for issue in issues if issue.severity == "error" and issue.row]] = True
    return rows


def _enter(
    county: County,
    reading: Reading,
    rows: Indices,
    expected: Expectations,
    reached: Callable[[int], None] | None = None,
) -> None:
    batch = reading.batch

    def placed(block: slice) -> Places:
        places = batch.placing.of(rows[block])
        if not places.sound.all():
            raise _TakenBack  # the checks say why
        return places

    def stored(block: slice) -> Objects:
        if reached is not None:
            reached(block.stop)
        return ewkb(placed(block).geoms_4490, CGCS2000, multi=True)

    def towns(block: slice) -> Objects:
        known = batch.named_towns
        return placed(block).town_codes if known is None else known[rows[block]]

    texts = {
        name: batch.text(name)[rows]
        for name in ("code", "real_estate_unit_code", "location", "tenure", "note")
    }
    classes = batch.text("land_class_code")[rows]
    class_set = str(expected.parameters["land.class_set"]) if expected.land_classes else ""
    columns: dict[str, Any] = {
        **texts,
        "aliases": [(alias,) if alias else () for alias in batch.text("aliases")[rows]],
        "town_code": Computed(len(rows), towns),
        "land_class_code": classes,
        "land_class_set": [class_set if code else "" for code in classes],
        "registered_on": [batch.registered_on[i] for i in rows.tolist()],
        "registered_area_m2": [batch.registered_area_m2[i] for i in rows.tolist()],
        "planar_area_m2": batch.planar_area_m2[rows],
        "ellipsoidal_area_m2": Computed(len(rows), lambda block: placed(block).ellipsoidal_area_m2),
        "geom_4490": Computed(len(rows), stored),
        "geom_3857": Computed(len(rows), lambda block: _drawn(placed(block).geoms_4490)),
        "source": [reading.source] * len(rows),
        "retired_by": [""] * len(rows),
    }
    register_parcels(
        county,
        columns,
        holders=batch.text("holder")[rows].tolist(),
        usccs=batch.text("holder_uscc")[rows].tolist(),
        on=expected.on,
    )
    link_contracts(county)


def _drawn(geoms_4490: Objects) -> Objects:
    """The copies for drawing, as EWKB."""
    xy_3857 = transform_xy(shapely.get_coordinates(geoms_4490), CGCS2000, WEB_MERCATOR)
    return ewkb(geoms_4490, WEB_MERCATOR, xy=xy_3857, multi=True)
