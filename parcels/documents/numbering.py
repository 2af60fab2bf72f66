"""The next document number of a series, each given out once, without a gap.

Refuses to hand out a number outside a declared change: it is written in the transaction of the paper that bears it, so that
a paper that fails takes none, and whoever comes meanwhile waits.
"""

from __future__ import annotations

from django.db.models import Max

from landgis.counties.models import County
from landgis.counties.queries import Parameters
from landgis.lib.errors import Conflict, UsageError
from landgis.lib.turns import wait_for_turn
from parcels.documents.kinds import title_of
from parcels.documents.models import DocumentNumber
from parcels.documents.rules import number_text, series_of

PATTERN, AGENCY, SERIES = "documents.number_pattern", "documents.number_agency", "documents.number_series"


def is_numbered(kind: str, stated: Parameters) -> bool:
    return bool(series_of(kind, stated[SERIES]))


def next_number(county: County, kind: str, stated: Parameters, *, note: str = "") -> DocumentNumber | None:
    """The number of the next paper of a kind in the year of the parameters' day; None where the kind bears none."""
    series = series_of(kind, stated[SERIES])
    if not series:
        return None
    year = stated.on.year
    _hold(county.code, series, year)
    return _given(county, series, stated, _last(county, series, year) + 1, note)


def set_aside(
    county: County, kind: str, stated: Parameters, *, up_to: int, note: str
) -> list[DocumentNumber]:
    """Numbers of a year that were used outside the system, up to and including `up_to`: the next paper follows them."""
    series = series_of(kind, stated[SERIES])
    if not series:
        raise UsageError(f"{title_of(kind)}不编文号。", remedy=f"编号的文书由参数“{SERIES}”设定。")
    year = stated.on.year
    _hold(county.code, series, year)
    last = _last(county, series, year)
    if up_to <= last:
        raise Conflict(
            f"{series}〔{year}〕已编到 {last} 号，不能登记到 {up_to} 号。",
            code="number_taken",
            remedy="请填写更大的号码。",
        )
    return [_given(county, series, stated, serial, note) for serial in range(last + 1, up_to + 1)]


def _given(county: County, series: str, stated: Parameters, serial: int, note: str) -> DocumentNumber:
    year = stated.on.year
    text = number_text(stated[PATTERN], agency=stated[AGENCY], series=series, year=year, serial=serial)
    return DocumentNumber.objects.create(
        county=county, series=series, year=year, serial=serial, text=text, note=note
    )


def _last(county: County, series: str, year: int) -> int:
    rows = DocumentNumber.objects.filter(county=county, series=series, year=year)
    return int(rows.aggregate(last=Max("serial"))["last"] or 0)


def _hold(county_code: str, series: str, year: int) -> None:
    """Wait for the papers of this series that are being issued, until the transaction ends."""
    wait_for_turn("documents.number", f"{county_code}/{series}/{year}")
