"""Which contract of the register (or of the same delivery) a delivered row speaks of, by either of its two numbers.

Refuses to make two contracts of one because a list names only one of the numbers, and to choose where several fit.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Q

from landgis.counties.models import County
from landgis.lib.issues import Issue
from landgis.lib.repeats import Pieces, repeat_issues, repeats_of
from parcels.supply.models import SupplyContract

Row = dict[str, Any]
Rows = Sequence[tuple[int, Row]]
Key = tuple[str, str]

NUMBERS = ("contract_no", "supervision_no")
TOLD_BY = ("parcel_code", "holder_name", "location", "signed_on", "area_m2")
WITHOUT_NUMBER = "无编号-"
# A contract over several parcels comes as a row for each: its clock is as certain from the first as from all of them.
PLOTS = Pieces(
    "parcel_code", frozenset({"location", "town", "area_m2", "price_wan"}),
    "一份合同的一期在系统中是一条记录：请把各宗地并为一行，面积、价款填合计。",
)  # fmt: skip

COMPLETE = """
UPDATE supply_contract c SET contract_no = told.contract_no, supervision_no = told.supervision_no
  FROM unnest(%(was_contract)s::text[], %(was_supervision)s::text[], %(contract)s::text[], %(supervision)s::text[])
    AS told (was_contract, was_supervision, contract_no, supervision_no)
 WHERE c.county_id = %(county)s AND c.contract_no = told.was_contract AND c.supervision_no = told.was_supervision
"""


@dataclass(slots=True)
class Matched:
    """The rows that were understood with their contracts' keys, the register's keys that a row completes, issues, and how
    many rows say again what another said."""

    rows: list[tuple[int, Row]] = field(default_factory=list)
    keys: list[Key] = field(default_factory=list)
    completed: dict[Key, Key] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    copies: int = 0


class _Numbers:
    """Which contract and supervision numbers stand together, in the register and in what was read so far."""

    def __init__(self, keys: Sequence[Key]) -> None:
        self.contracts_of: dict[str, set[str]] = defaultdict(set)
        self.supervisions_of: dict[str, set[str]] = defaultdict(set)
        for key in keys:
            self.add(key)

    def add(self, key: Key) -> None:
        contract, supervision = key
        if supervision:
            self.contracts_of[supervision].add(contract)
        if contract:
            self.supervisions_of[contract].add(supervision)

    def replace(self, old: Key, new: Key) -> None:
        self.contracts_of[old[1]].discard(old[0])
        self.supervisions_of[old[0]].discard(old[1])
        self.add(new)


def match_contracts(county: County, rows: Rows, *, titles: Mapping[str, str]) -> Matched:
    """The contract of each row; one statement for the whole delivery."""
    found = Matched()
    numbers = _Numbers(_registered(county, rows))
    keys: dict[int, Key | str] = {}
    # Rows with both numbers say which belong together; those with one are read by them, wherever they stand.
    whole = [place for place, (_, facts) in enumerate(rows) if all(_numbers_of(facts))]
    for place in whole:
        keys[place] = _whole(_numbers_of(rows[place][1]), numbers, found)
    for place, (_, facts) in enumerate(rows):
        if place not in keys:
            keys[place] = _half(facts, numbers)
    clear: list[tuple[int, Key, Row]] = []
    for place, (number, facts) in enumerate(rows):
        key = keys[place]
        if isinstance(key, str):
            found.issues.append(Issue(number, "contract_unclear", "contract_no", f"第 {number} 行：{key}"))
        else:
            clear.append((number, key, facts))
    # One phase by either number of its contract: the numbers themselves make no difference.
    repeats = repeats_of(
        ((number, (key, facts.get("phase_no") or 1), facts) for number, key, facts in clear),
        but=NUMBERS, pieces=PLOTS,
    )  # fmt: skip
    found.copies = len(repeats.copies)
    found.issues += repeat_issues(
        repeats, dict(rows), same=lambda _: ("是同一合同的同一期", "contract_no"), titles=titles, pieces=PLOTS
    )
    found.rows = [(number, facts) for number, _, facts in clear if number not in repeats.left_out]
    found.keys = [key for number, key, _ in clear if number not in repeats.left_out]
    return found


def complete_numbers(county: County, completed: dict[Key, Key]) -> int:
    """Write the number that a registered contract lacked; returns how many were completed."""
    if not completed:
        return 0
    values: dict[str, Any] = {
        "county": county.code,
        "was_contract": [old[0] for old in completed],
        "was_supervision": [old[1] for old in completed],
        "contract": [new[0] for new in completed.values()],
        "supervision": [new[1] for new in completed.values()],
    }
    with connection.cursor() as cursor:
        cursor.execute(COMPLETE, values)
        return int(cursor.rowcount)


def _registered(county: County, rows: Rows) -> list[Key]:
    stated = [_numbers_of(facts) for _, facts in rows]
    contracts, supervisions = {key[0] for key in stated} - {""}, {key[1] for key in stated} - {""}
    known = SupplyContract.objects.filter(county=county)
    known = known.filter(Q(contract_no__in=contracts) | Q(supervision_no__in=supervisions))
    return list(known.values_list("contract_no", "supervision_no"))


def _whole(key: Key, numbers: _Numbers, found: Matched) -> Key | str:
    contract, supervision = key
    owners = numbers.contracts_of[supervision]
    if contract in owners:
        return key
    if others := sorted(owners - {""}):
        return (
            f"电子监管号“{supervision}”已属于合同“{others[0]}”，与本行的合同编号“{contract}”不同。"
            "请核对两个编号后改正。"
        )
    lacking = ("", supervision) if "" in owners else (contract, "")
    if lacking[1] or numbers.supervisions_of[contract] == {""}:
        found.completed[lacking] = key
        numbers.replace(lacking, key)
    else:
        numbers.add(key)
    return key


def _half(facts: Row, numbers: _Numbers) -> Key | str:
    contract, supervision = _numbers_of(facts)
    if not contract and not supervision:
        told_by = "\x1f".join(str(facts.get(name) or "") for name in TOLD_BY)
        return f"{WITHOUT_NUMBER}{hashlib.sha256(told_by.encode()).hexdigest()[:12]}", ""
    known = numbers.contracts_of[supervision] if supervision else numbers.supervisions_of[contract]
    if len(known) > 1 and "" not in known:
        named, title = (supervision, "电子监管号") if supervision else (contract, "合同编号")
        other = "合同编号" if supervision else "电子监管号"
        return f"{title}“{named}”对应多份合同（{other} {'、'.join(sorted(known)[:3])}）。请补填{other}。"
    other_number = "" if "" in known or not known else next(iter(known))
    key = (other_number, supervision) if supervision else (contract, other_number)
    numbers.add(key)
    return key


def _numbers_of(facts: Row) -> Key:
    return facts.get("contract_no") or "", facts.get("supervision_no") or ""
