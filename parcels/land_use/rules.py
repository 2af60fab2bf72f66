"""What can be wrong with a year's land use, in words, and how two states of it differ.

Refuses to decide what is right: a problem says what doesn't fit and where it can be mended.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from landgis.lib.errors import InputError

YEARS = range(2000, 2201)  # the national parameters begin with the first
ROLES = {"owned": "自有", "leased_in": "租入", "unregistered": "未登记使用"}
# How tenants are evaluated where nothing was chosen for the year: the parameter `land_use.tenants`.
TENANTS = {"returned": "有年度数据的单独评价，其余随出租方", "apart": "单独评价", "landlord": "随出租方评价"}

PROBLEMS = {
    "over": "分配超出宗地面积",
    "under": "分配不足",
    "unused": "工业用地未登记使用企业",
    "overlap": "使用图形相互重叠",
    "outside": "使用图形超出宗地",
    "lessor_missing": "租入未写明出租方",
    "lessor_without_right": "出租方在本宗地没有权属或用地",
    "periods": "同一企业的使用期间重叠",
}
REMEDIES = {
    "over": "请核对各企业的使用面积，承租的请写明出租方。",
    "under": "请补登未登记的使用企业，或核对面积。",
    "unused": "请登记使用该宗地的企业。",
    "overlap": "请重新勘定两家企业的使用范围。",
    "outside": "请改正使用范围图形，或先变更宗地边界。",
    "lessor_missing": "请更正该条记录，补填出租方。",
    "lessor_without_right": "请核对出租方，或先登记出租方的用地。",
    "periods": "请终止或撤销其中一条记录。",
}


def reference_day(year: int) -> date:
    """The day that stands for a year's land use: its last."""
    return date(year, 12, 31)


def require_year(year: int) -> None:
    if year not in YEARS:
        raise InputError("year_invalid", f"{year} 不是有效的年度。", "请填写四位年份。", field="year")


@dataclass(frozen=True, slots=True)
class Problem:
    """What doesn't fit on a parcel; `amount_m2` is by how much, where that can be said."""

    kind: str
    parcel_id: int
    parcel_code: str
    town_code: str
    land_m2: float
    amount_m2: float | None
    firm_ids: tuple[int, ...]

    @property
    def title(self) -> str:
        return PROBLEMS[self.kind]

    @property
    def remedy(self) -> str:
        return REMEDIES[self.kind]


class UseRow(NamedTuple):
    """One use of land as a town confirms it, all in text so that nothing is rounded on the way."""

    parcel_code: str
    land_m2: str
    uscc: str
    firm: str
    role: str
    lessor_uscc: str
    measure: str
    valid_from: str
    valid_to: str
    tenancy: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        return self.parcel_code, self.uscc, self.role, self.valid_from


def fingerprint(town_code: str, year: int, uses: Sequence[UseRow]) -> str:
    """The hash of a town's year: the same rows in any order give the same hash."""
    told = json.dumps([town_code, year, sorted(map(list, uses))], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of the confirmed rows since."""

    added: tuple[UseRow, ...]
    removed: tuple[UseRow, ...]
    changed: tuple[tuple[UseRow, UseRow], ...]

    @property
    def told(self) -> str:
        return f"新增 {len(self.added)} 条，减少 {len(self.removed)} 条，变化 {len(self.changed)} 条"

    def lines(self, most: int = 20) -> list[str]:
        """The differences one by one, the first `most` of them."""
        told = [f"新增：{_row(row)}" for row in self.added]
        told += [f"减少：{_row(row)}" for row in self.removed]
        told += [f"变化：{_row(was)} → {_changes(was, now)}" for was, now in self.changed]
        return told[:most]


def differences(confirmed: Sequence[UseRow], now: Sequence[UseRow]) -> Difference:
    """Confirmed rows against those of today, by parcel, firm, role and first day."""
    was, then = {row.key: row for row in confirmed}, {row.key: row for row in now}
    return Difference(
        tuple(then[key] for key in sorted(then.keys() - was.keys())),
        tuple(was[key] for key in sorted(was.keys() - then.keys())),
        tuple(
            (was[key], then[key])
            for key in sorted(was.keys() & then.keys())
            if _stated(was[key]) != _stated(then[key])
        ),
    )


_TITLES: Mapping[str, str] = {
    "land_m2": "宗地面积",
    "firm": "企业名称",
    "lessor_uscc": "出租方",
    "measure": "使用量",
    "valid_to": "终止日期",
    "tenancy": "承租户评价方式",
}


def _stated(row: UseRow) -> tuple[str, ...]:
    return tuple(getattr(row, name) for name in _TITLES)


def _row(row: UseRow) -> str:
    return f"宗地 {row.parcel_code}，{row.firm}，{ROLES.get(row.role, row.role)} {row.measure}"


def _changes(was: UseRow, now: UseRow) -> str:
    return "；".join(
        f"{title} {getattr(was, name) or '空'} → {getattr(now, name) or '空'}"
        for name, title in _TITLES.items()
        if getattr(was, name) != getattr(now, name)
    )
