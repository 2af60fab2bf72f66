"""The facts of one contract phase, the parameters of the idle-land rules, and what doesn't fit together.

Refuses to judge: a contradiction between facts becomes a remark for the officer and is never mended here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from landgis.lib.workdays import PUBLISHED, WorkCalendar
from parcels.idle_land.causes import Cause
from parcels.idle_land.evidence import (
    STARTED_FROM,
    Foundation,
    Permit,
    Stoppage,
    Supplement,
    agreed_date,
    standing_still,
    start,
)

_PLAN_BASIS = "县级行动计划（建设期内投资不足）"

FACT_TITLES = {
    "agreed_start": "约定动工日期",
    "agreed_delivery": "约定交地日期",
    "agreed_completion": "约定竣工日期",
    "actual_delivery": "实际交地日期",
    "actual_start": "实际动工日期",
    "actual_completion": "实际竣工日期",
    "signed_on": "合同签订日期",
    "invested_wan": "累计已投资（万元）",
    "total_investment_wan": "总投资（万元）",
    "developed_area_m2": "已开发建设用地面积（平方米）",
    "land_to_develop_m2": "应开发建设用地面积（平方米）",
    "stopped_since": "最后施工日期",
    "permit": "施工许可证号和发证日期",
    "foundation": "基础类型和完成量",
}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far building had come on a day; money excludes land price, taxes and fees (art. 30), area is land.

    `stopped_since` is the last evidenced day of building; None says that building went on. `measured_area_m2` is the area of
    the developed land's shape: it counts where no figure is stated.
    """

    as_of: date
    invested_wan: Decimal | None = None
    developed_area_m2: Decimal | None = None
    stopped_since: date | None = None
    measured_area_m2: Decimal | None = None

    @property
    def developed_m2(self) -> Decimal | None:
        return self.measured_area_m2 if self.developed_area_m2 is None else self.developed_area_m2


@dataclass(frozen=True, slots=True)
class Facts:
    """One phase of a contract: each has a clock of its own, so a phased contract is several of these."""

    contract_no: str = ""
    parcel_code: str = ""
    phase_no: int = 1
    signed_on: date | None = None
    agreed_delivery: date | None = None
    agreed_start: date | None = None
    agreed_completion: date | None = None
    actual_delivery: date | None = None
    actual_start: date | None = None
    actual_completion: date | None = None
    total_investment_wan: Decimal | None = None
    land_to_develop_m2: Decimal | None = None
    progress: tuple[Progress, ...] = ()
    supplements: tuple[Supplement, ...] = ()
    permits: tuple[Permit, ...] = ()
    foundations: tuple[Foundation, ...] = ()
    stoppages: tuple[Stoppage, ...] = ()
    causes: tuple[Cause, ...] = ()


class Settled(NamedTuple):
    """The facts as papers and evidence leave them on a day; the rules read these and nothing beside them."""

    facts: Facts
    progress: Progress | None
    stopped_since: date | None
    agreed_in_supplement: bool = False
    start_from_evidence: bool = False
    remarks: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Parameters:
    """What the rules read from the county's dated parameters; ratios are exact fractions (1/3 isn't 0.3333).

    The plan's investment ratio stands apart from the statute's, since the two come from different documents.
    The plan speaks of projects still inside their building period (建设期内); `underinvested_past_completion`
    reads it wider: an unfinished project whose agreed completion has passed stays listed.
    """

    rule_version: str
    not_started_years: int
    stopped_years: int
    delivery_grace_years: int
    developed_ratio_min: Fraction
    invested_ratio_min: Fraction
    underinvested_ratio_min: Fraction
    underinvested_basis: str = _PLAN_BASIS
    underinvested_past_completion: bool = False
    roll_over_rest_days: bool = True
    area_tolerance_m2: Decimal = Decimal(1)
    area_tolerance_ratio: Decimal = Decimal("0.001")
    started_from: tuple[tuple[str, Fraction], ...] = tuple(STARTED_FROM.items())
    working: WorkCalendar = PUBLISHED

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any], prefix: str = "idle_land.") -> Parameters:
        """From the parameters in force on a day; a ratio may be written "1/3", "0.25" or 0.25."""
        known = frozenset(values)

        def optional(name: str, default: Any) -> Any:
            return values[prefix + name] if prefix + name in known else default

        invested = values[prefix + "invested_ratio_min"]
        return cls(
            rule_version=str(values[prefix + "rule_version"]),
            not_started_years=int(values[prefix + "not_started_years"]),
            stopped_years=int(values[prefix + "stopped_years"]),
            delivery_grace_years=int(values[prefix + "delivery_grace_years"]),
            developed_ratio_min=_ratio(values[prefix + "developed_ratio_min"]),
            invested_ratio_min=_ratio(invested),
            underinvested_ratio_min=_ratio(optional("underinvested_ratio_min", invested)),
            underinvested_basis=str(optional("underinvested_basis", _PLAN_BASIS)),
            underinvested_past_completion=bool(optional("underinvested_past_completion", False)),
            roll_over_rest_days=bool(optional("roll_over_rest_days", True)),
            area_tolerance_m2=Decimal(
                str(values["area.tolerance_m2"] if "area.tolerance_m2" in known else 1)
            ),
            area_tolerance_ratio=Decimal(
                str(values["area.tolerance_ratio"] if "area.tolerance_ratio" in known else "0.001")
            ),
            started_from=tuple(
                (kind, _ratio(optional(f"started_{kind}_min", least))) for kind, least in STARTED_FROM.items()
            ),
            working=WorkCalendar.from_mapping(values),
        )


def figure(value: Decimal | None) -> Decimal | None:
    """The value where it can be compared: stated, finite and not negative; else None, a missing figure."""
    return value if value is not None and value.is_finite() and value >= 0 else None


def latest_progress(facts: Facts, on: date) -> Progress | None:
    """The last record not later than `on`; what was recorded for a later day isn't known on that day."""
    latest = None
    for record in facts.progress:
        if record.as_of <= on and (latest is None or record.as_of >= latest.as_of):
            latest = record
    return latest


def settle(facts: Facts, on: date, parameters: Parameters) -> Settled:
    """Supplements before the contract, permit and foundation where no start is stated, evidence of stoppages."""
    progress = latest_progress(facts, on)
    noted = progress.stopped_since if progress else None
    if not (facts.supplements or facts.permits or facts.foundations or facts.stoppages):
        return Settled(facts, progress, noted)
    begun = start(facts.actual_start, facts.permits, facts.foundations, on, dict(parameters.started_from))
    since, of_stoppage = standing_still(facts.stoppages, noted, progress.as_of if progress else None, on)
    return Settled(
        facts=replace(
            facts,
            actual_start=begun.on,
            agreed_delivery=agreed_date("agreed_delivery", facts.agreed_delivery, facts.supplements, on),
            agreed_start=agreed_date("agreed_start", facts.agreed_start, facts.supplements, on),
            agreed_completion=agreed_date(
                "agreed_completion", facts.agreed_completion, facts.supplements, on
            ),
        ),
        progress=progress,
        stopped_since=since,
        agreed_in_supplement=any(s.agreed_start is not None and s.signed_on <= on for s in facts.supplements),
        start_from_evidence=begun.source == "evidence",
        remarks=begun.remarks + of_stoppage,
        missing=begun.missing,
    )


def remarks(facts: Facts, progress: Progress | None, on: date) -> tuple[str, ...]:
    """Every contradiction and every fact that was left aside, as sentences for the officer."""
    found = [sentence for applies, sentence in _CHECKS if applies(facts, on)]
    if progress is not None:
        found += [sentence for applies, sentence in _PROGRESS_CHECKS if applies(facts, progress)]
    return tuple(found)


def _ratio(value: Any) -> Fraction:
    return Fraction(str(value))


def _after(earlier: date | None, later: date | None) -> bool:
    return earlier is not None and later is not None and earlier > later


def _unusable(value: Decimal | None) -> bool:
    return value is not None and figure(value) is None


def _exceeds(part: Decimal | None, whole: Decimal | None) -> bool:
    part, whole = figure(part), figure(whole)
    return part is not None and whole is not None and part > whole


_CHECKS: tuple[tuple[Callable[[Facts, date], bool], str], ...] = (
    (lambda f, on: _after(f.actual_delivery, on), "实际交地日期晚于筛查日，筛查日视为尚未交地"),
    (lambda f, on: _after(f.actual_start, on), "实际动工日期晚于筛查日，筛查日视为未动工"),
    (lambda f, on: _after(f.actual_completion, on), "实际竣工日期晚于筛查日，筛查日视为未竣工"),
    (lambda f, on: _after(f.actual_start, f.actual_completion), "实际竣工日期早于实际动工日期，请核对"),
    (lambda f, on: _after(f.signed_on, f.actual_start), "实际动工日期早于合同签订日期，请核对"),
    (lambda f, on: _after(f.signed_on, f.agreed_start), "约定动工日期早于合同签订日期，请核对"),
    (lambda f, on: _after(f.agreed_start, f.agreed_completion), "约定竣工日期早于约定动工日期，请核对"),
    (
        lambda f, on: _after(f.actual_delivery, f.agreed_delivery),
        "实际交地晚于约定交地，请核查是否属政府原因（第八条第一项）",
    ),
    (
        lambda f, on: (
            f.actual_start is None and f.actual_completion is not None and f.actual_completion <= on
        ),
        "有竣工记录而无动工记录，请补登",
    ),
    (lambda f, on: _unusable(f.total_investment_wan), "总投资为负数或无效，视为缺失"),
    (lambda f, on: _unusable(f.land_to_develop_m2), "应开发面积为负数或无效，视为缺失"),
)

_PROGRESS_CHECKS: tuple[tuple[Callable[[Facts, Progress], bool], str], ...] = (
    (
        lambda f, p: f.actual_start is None and bool(p.developed_m2 or p.stopped_since),
        "进度记录载有施工情况而无动工记录，请核实是否已动工（第三十条）",
    ),
    (lambda f, p: _after(p.stopped_since, p.as_of), "最后施工日期晚于进度记录的截止日期，请核对"),
    (
        lambda f, p: _after(f.actual_start, p.stopped_since),
        "最后施工日期早于实际动工日期，停工自实际动工日起算，请核对",
    ),
    (lambda f, p: _unusable(p.invested_wan), "累计已投资为负数或无效，视为缺失"),
    (lambda f, p: _unusable(p.developed_m2), "已开发面积为负数或无效，视为缺失"),
    (lambda f, p: _exceeds(p.developed_m2, f.land_to_develop_m2), "已开发面积大于应开发面积，请核对"),
)
