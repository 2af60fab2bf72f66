"""New parcel codes, each the next free one beside its parent's, and the lock that makes a county's saves follow each other.

Refuses to hand out a code that was ever used, also by a parcel that has ended; the table's own constraint refuses it too.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from landgis.audit.change import Change, change
from landgis.counties.models import County
from landgis.lib.errors import InputError
from landgis.lib.turns import wait_for_turn
from parcels.cadastre.models import Parcel
from parcels.cadastre.rules import NATIONAL_CODE

# 县级 6, 地籍区 3, 地籍子区 3, 特征码 2; what follows is the sequence number.
BEGINNING, DIGITS = 14, 5
LAST = 10**DIGITS - 1
LONGEST = 40
PROBED = 50

# The newest number under each beginning, read off the end of the index.
NEWEST = """
SELECT given.beginning, newest.code
  FROM unnest(%(beginnings)s::text[]) AS given (beginning)
  CROSS JOIN LATERAL (
       SELECT p.code FROM cadastre_parcel p
        WHERE p.county_id = %(county)s AND p.code BETWEEN given.beginning || '00000' AND given.beginning || '99999'
          AND p.code ~ '^[0-9]{12}[GJZ][A-Z][0-9]{5}$'
        ORDER BY p.code DESC LIMIT 1) AS newest
"""


def hold_county(county_code: str) -> None:
    """Wait for the county's other changes of parcels, until the transaction ends: what is checked then still holds."""
    wait_for_turn("cadastre", county_code)


@contextmanager
def cadastre_change(
    *, county_code: str, by: str, action: str, reason: str, **summary: Any
) -> Iterator[Change]:
    """A change that waits for the county's others before it takes its number: numbers follow each other as the changes do."""
    with transaction.atomic():
        hold_county(county_code)
        with change(county_code=county_code, by=by, action=action, reason=reason, **summary) as running:
            yield running


@contextmanager
def county_held(county_code: str) -> Iterator[None]:
    """The same wait from before a transaction until after it: for checks that come before the change is opened."""
    key = ["cadastre", county_code]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext(%s), hashtext(%s))", key)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtext(%s), hashtext(%s))", key)


def used_codes(county: County, codes: Sequence[str]) -> set[str]:
    """Those of the codes that a parcel of the county has or had, or that stand there more than once."""
    twice = {code for code, count in Counter(codes).items() if count > 1}
    return twice.union(Parcel.objects.filter(county=county, code__in=codes).values_list("code", flat=True))


def new_codes(county: County, beside: Sequence[str], *, given: Collection[str] = ()) -> list[str]:
    """A new code beside each parcel named in `beside`, in order; `given` are codes that this change uses already.

    A 19-place 宗地代码 keeps its first 14 places; any other code is followed by -1, -2 ….
    """
    national = {code for code in beside if NATIONAL_CODE.fullmatch(code)}
    numbers = _newest_numbers(county, {code[:BEGINNING] for code in national}, given)
    wanted = Counter(code for code in beside if code not in national)
    free = _free_suffixes(county, wanted, set(given))
    codes = []
    for code in beside:
        if code in national:
            numbers[code[:BEGINNING]] += 1
            codes.append(_numbered(code[:BEGINNING], numbers[code[:BEGINNING]]))
        else:
            codes.append(_short_enough(free[code].pop(0)))
    return codes


def _short_enough(code: str) -> str:
    if len(code) > LONGEST:
        raise InputError(
            "code_too_long",
            f"由上级宗地编出的代码 {code} 超过 {LONGEST} 个字符。",
            "请手工填写宗地代码。",
            field="code",
        )
    return code


def _numbered(beginning: str, number: int) -> str:
    if number > LAST:
        raise InputError(
            "codes_exhausted",
            f"{beginning} 之下的宗地顺序号已用完。",
            "请改用其他地籍子区，或手工填写宗地代码。",
            field="code",
        )
    return f"{beginning}{number:0{DIGITS}d}"


def _newest_numbers(county: County, beginnings: set[str], given: Collection[str]) -> dict[str, int]:
    newest: dict[str, int] = defaultdict(int)
    if beginnings:
        with connection.cursor() as cursor:
            cursor.execute(NEWEST, {"county": county.code, "beginnings": sorted(beginnings)})
            newest.update({beginning: int(code[BEGINNING:]) for beginning, code in cursor.fetchall()})
    for code in given:
        if NATIONAL_CODE.fullmatch(code):
            newest[code[:BEGINNING]] = max(newest[code[:BEGINNING]], int(code[BEGINNING:]))
    return newest


def _free_suffixes(county: County, wanted: Counter[str], given: set[str]) -> dict[str, list[str]]:
    """For each parent so many codes that were never used, in order of their numbers."""
    free: dict[str, list[str]] = {code: [] for code in wanted}
    start = 1
    while lacking := [code for code, count in wanted.items() if len(free[code]) < count]:
        probed = {code: [f"{code}-{n}" for n in range(start, start + PROBED)] for code in lacking}
        every = [code for codes in probed.values() for code in codes]
        known = Parcel.objects.filter(county=county, code__in=every).values_list("code", flat=True)
        used = set(known) | given
        for code, candidates in probed.items():
            # Numbers run on behind the highest used one, so that a gap is never taken for a code that nobody had.
            behind = max((n + 1 for n, candidate in enumerate(candidates) if candidate in used), default=0)
            free[code] = candidates[behind:] if behind else free[code] + candidates
        start += PROBED
    return free
