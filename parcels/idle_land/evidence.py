"""What papers and evidence say of a phase on a day: the agreed dates, the start of art. 30, and whether building stands still.

Refuses to throw a stated fact away: where evidence contradicts it, the stated fact stands and a remark says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

FOUNDATION_TITLES = {"deep_pit": "深基坑", "piles": "桩基", "other": "其他基础"}
# Art. 30: a deep pit dug out, all piles driven, or a third of any other foundation.
STARTED_FROM = {"deep_pit": Fraction(1), "piles": Fraction(1), "other": Fraction(1, 3)}


@dataclass(frozen=True, slots=True)
class Supplement:
    """A supplementary agreement (补充协议): each date it states takes the place of the contract's."""

    signed_on: date
    agreement_no: str = ""
    agreed_delivery: date | None = None
    agreed_start: date | None = None
    agreed_completion: date | None = None


@dataclass(frozen=True, slots=True)
class Permit:
    """A building permit (建筑工程施工许可证)."""

    issued_on: date
    permit_no: str = ""


@dataclass(frozen=True, slots=True)
class Foundation:
    """How much of a foundation was done on a day, as a part of a whole: 40 of 120 piles, 1 of 3."""

    kind: str
    as_of: date
    done: Decimal
    total: Decimal

    @property
    def share(self) -> Fraction:
        return Fraction(self.done) / Fraction(self.total) if self.total > 0 else Fraction(0)


@dataclass(frozen=True, slots=True)
class Stoppage:
    """Building stood still from the day after the last evidenced building day until it was really resumed."""

    last_built_on: date
    resumed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Start:
    """When building started, where that comes from, and what the papers leave open."""

    on: date | None
    source: str
    remarks: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def agreed_date(name: str, contract: date | None, supplements: Iterable[Supplement], on: date) -> date | None:
    """The date of the last supplement signed by `on` that states it, else the contract's."""
    found, signed = contract, date.min
    for supplement in supplements:
        stated: date | None = getattr(supplement, name)
        if stated is not None and signed <= supplement.signed_on <= on:
            found, signed = stated, supplement.signed_on
    return found


def evidenced_start(
    permits: Iterable[Permit],
    foundations: Iterable[Foundation],
    on: date,
    least: Mapping[str, Fraction] = STARTED_FROM,
) -> date | None:
    """Art. 30: the day from which both the permit and enough of the foundation were there; None until then."""
    issued = min((p.issued_on for p in permits if p.issued_on <= on), default=None)
    reached = min((f.as_of for f in foundations if f.as_of <= on and _reached(f, least)), default=None)
    return max(issued, reached) if issued and reached else None


def start(
    stated: date | None,
    permits: tuple[Permit, ...],
    foundations: tuple[Foundation, ...],
    on: date,
    least: Mapping[str, Fraction] = STARTED_FROM,
) -> Start:
    """The stated start where there is one, else the evidenced one; what is lacking or doesn't agree is told."""
    by_papers = evidenced_start(permits, foundations, on, least)
    permitted = any(p.issued_on <= on for p in permits)
    begun = [f for f in foundations if f.as_of <= on]
    enough = any(_reached(f, least) for f in begun)
    if stated is not None and stated <= on:
        return Start(stated, "stated", tuple(_contradictions(stated, by_papers, permitted, begun, enough)))
    if by_papers is not None:
        return Start(by_papers, "evidence")
    if permitted and not begun:
        remark = "已取得施工许可证而无基础施工记录，依第三十条不能认为已动工，请补充基础类型、完成量和照片"
        return Start(stated, "", (remark,), ("foundation",))
    if begun and not permitted:
        remark = "有基础施工记录而无施工许可证，依第三十条不能认为已动工，请补充许可证号和发证日期"
        return Start(stated, "", (remark,), ("permit",))
    if permitted and not enough:
        return Start(stated, "", ("已取得施工许可证，但基础施工未达第三十条的程度，不能认为已动工",))
    return Start(stated, "")


def standing_still(
    stoppages: Iterable[Stoppage],
    noted_since: date | None,
    noted_as_of: date | None,
    on: date,
) -> tuple[date | None, tuple[str, ...]]:
    """The last building day of the stoppage that runs on `on`, and remarks; `noted_*` is the progress record's word.

    Evidence goes before the progress record, and a real resumption breaks the clock: it begins anew.
    """
    known = [s for s in stoppages if s.last_built_on <= on]
    running = [s.last_built_on for s in known if s.resumed_on is None or s.resumed_on > on]
    if running:
        since = max(running)
        if noted_since is not None and noted_since != since:
            return since, (
                f"停工记录的最后施工日期为 {since}，进度记录为 {noted_since}，以有证据的停工记录为准",
            )
        if noted_since is None and noted_as_of is not None and noted_as_of > since:
            return since, (f"{noted_as_of} 的进度记录未载停工，与停工记录不一致，请核实是否已复工",)
        return since, ()
    resumed = max((s.resumed_on for s in known if s.resumed_on is not None), default=None)
    if noted_since is None or resumed is None or noted_since >= resumed:
        return noted_since, ()
    if noted_as_of is not None and noted_as_of > resumed:
        return resumed, (
            f"进度记录的最后施工日期 {noted_since} 早于复工日期 {resumed}，停工自复工日重新起算",
        )
    return None, ()


def _reached(foundation: Foundation, least: Mapping[str, Fraction]) -> bool:
    return foundation.share >= least.get(foundation.kind, Fraction(1))


def _contradictions(
    stated: date, by_papers: date | None, permitted: bool, begun: list[Foundation], enough: bool
) -> Iterable[str]:
    if by_papers is not None and by_papers != stated:
        yield f"登记的动工日期 {stated} 与施工许可证、基础施工记录推得的 {by_papers} 不一致，请核实（第三十条）"
    elif by_papers is None and (permitted or begun):
        lacks = []
        if not permitted:
            lacks.append("无施工许可证")
        if not enough:
            lacks.append("基础施工未达规定程度" if begun else "无基础施工记录")
        yield f"登记的动工日期 {stated} 缺少第三十条的证据：{'，'.join(lacks)}，请核实"
