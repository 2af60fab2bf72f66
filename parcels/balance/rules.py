"""先补后占、改一补一、占补平衡 as a table of checks: facts of an adjustment in, verdict with basis and remedy out.

Refuses to round: areas are compared as they were measured, all in ㎡ on the ellipsoid; rounding is for the screen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from landgis.lib.units import display_mu, rounded
from layers.control_lines.rules import Retained

State = Literal["pass", "fail", "pending", "none"]
STATES: dict[State, str] = {"pass": "符合", "fail": "不符合", "pending": "待补", "none": "不适用"}

PLAN = (
    "《新一轮制造业“腾笼换鸟、凤凰涅槃”攻坚行动方案（2021-2023）》四（二）：先补后占、改一补一，确保占补平衡"
)
LEDGER = "控制线占补平衡台账规则"


@dataclass(frozen=True, slots=True)
class Limits:
    """What the county's parameters say. `levels`: the highest first; `publicity_days`: least days of the public notice."""

    planned_classes: tuple[str, ...]
    levels: tuple[str, ...]
    bank_surplus: bool
    publicity_days: int
    sliver_m2: float
    sliver_ratio: float

    def matters(self, part_m2: float, whole_m2: float) -> bool:
        """Slivers are no findings: under either limit a part is none."""
        return part_m2 > 0 and part_m2 >= self.sliver_m2 and part_m2 >= self.sliver_ratio * whole_m2


@dataclass(frozen=True, slots=True)
class Incoming:
    """A piece that is to come in: `drawn_m2` as given, `area_m2` what of it is credited, and what speaks against it."""

    name: str
    drawn_m2: float
    area_m2: float
    level: str
    plan_class_code: str
    approved_on: date | None
    in_line_m2: float = 0.0
    outside_county_m2: float = 0.0
    claimed: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Surplus:
    """㎡ of an earlier adjustment: entered on a day (None: it isn't), of a level, of which so much is free."""

    number: str
    entered_on: date | None
    level: str
    free_m2: float
    used_m2: float


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an adjustment that takes effect on a day. `out_m2`: what the line would lose by it."""

    effective_on: date
    out_drawn_m2: float
    out_m2: float
    out_outside_m2: float
    out_doubled_m2: float
    out_levels: tuple[str, ...]
    out_claimed: tuple[tuple[str, float], ...]
    total_m2: float
    newest_version: date | None
    newest_entry: date | None
    incoming: tuple[Incoming, ...] = ()
    surplus: tuple[Surplus, ...] = ()
    retained: tuple[Retained, ...] = ()
    approval_comes: bool = False
    """Approval (批准) is a step still to come: pieces without one of their own get it then."""

    @property
    def in_m2(self) -> float:
        return sum(piece.area_m2 for piece in self.incoming)

    @property
    def used_m2(self) -> float:
        return sum(one.used_m2 for one in self.surplus)


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its code, title, state, what was found, its basis, and what to do where it fails."""

    code: str
    title: str
    state: State
    told: str
    basis: str
    remedy: str = ""

    @property
    def state_title(self) -> str:
        return STATES[self.state]

    def as_json(self) -> dict[str, str]:
        return {
            "code": self.code, "title": self.title, "state": self.state, "told": self.told, "basis": self.basis,
            "remedy": self.remedy,
        }  # fmt: skip


@dataclass(slots=True)
class _Table:
    rows: list[tuple[str, str, str, Callable[[Facts, Limits], Iterable[tuple[State, str, str]]]]] = field(
        default_factory=list
    )

    def add(self, code: str, title: str, basis: str) -> Callable[[Any], Any]:
        def keep(rule: Any) -> Any:
            self.rows.append((code, title, basis, rule))
            return rule

        return keep


_TABLE = _Table()


def judged(facts: Facts, limits: Limits) -> list[Check]:
    """Every check in the order of the table, the failing and the passing ones."""
    checks = []
    for code, title, basis, rule in _TABLE.rows:
        found = list(rule(facts, limits))
        worst = next(
            (state for state in ("fail", "pending", "pass") if any(f[0] == state for f in found)), "none"
        )
        told = [f for f in found if f[0] == worst]
        remedy = next((f[2] for f in told if f[2]), "") if worst in ("fail", "pending") else ""
        checks.append(Check(code, title, worst, "；".join(f[1] for f in told), basis, remedy))  # type: ignore[arg-type]
    return checks


def refused(checks: Sequence[Check], *, pending: bool) -> list[Check]:
    """The checks that stand against a step; `pending`: also what is still to come."""
    against = {"fail", "pending"} if pending else {"fail"}
    return [check for check in checks if check.state in against]


def limits_from(values: Mapping[str, Any]) -> Limits:
    """The limits that a county's parameters of a day state."""
    return Limits(
        planned_classes=tuple(values["control_line.planned_industrial_classes"]),
        levels=tuple(values["control_line.levels"]),
        bank_surplus=bool(values["control_line.bank_surplus"]),
        publicity_days=int(values["control_line.publicity_days"]),
        sliver_m2=float(values["overlay.sliver_m2"]),
        sliver_ratio=float(values["overlay.sliver_ratio"]),
    )


def worst_level(levels: Iterable[str], limits: Limits) -> str:
    """The lowest of some levels; one that isn't in the list of levels is lower than all in it."""
    return max(levels, key=lambda level: _rank(level, limits), default="")


def _rank(level: str, limits: Limits) -> int:
    return limits.levels.index(level) if level in limits.levels else len(limits.levels)


def shown(area_m2: float) -> str:
    return f"{rounded(area_m2):,} ㎡（{display_mu(area_m2)} 亩）"


@_TABLE.add("ground", "调出或者调入", LEDGER)
def _ground(facts: Facts, limits: Limits) -> Iterator[tuple[State, str, str]]:
    if facts.out_m2 > 0:
        yield "pass", f"调出 {shown(facts.out_m2)}", ""
    elif not facts.incoming:
        yield "fail", "既没有调出，也没有调入", "请画出或者导入调出、调入范围。"
    elif not limits.bank_surplus:
        yield (
            "fail",
            "只有调入没有调出，而参数不允许结余留用",
            "请画出调出范围；如政策允许结余留用，请先修订参数“结余指标可留用”。",
        )
    else:
        yield "pass", "先行补划，全部留用", ""


@_TABLE.add("out_inside", "调出在控制线内", LEDGER)
def _out_inside(facts: Facts, limits: Limits) -> Iterator[tuple[State, str, str]]:
    if not facts.out_drawn_m2:
        return
    if limits.matters(facts.out_outside_m2, facts.out_drawn_m2):
        yield (
            "fail",
            f"调出范围有 {shown(facts.out_outside_m2)} 不在现行控制线内",
            "请把调出范围收到控制线以内。",
        )
    else:
        yield "pass", "调出范围都在现行控制线内", ""


@_TABLE.add("out_single", "调出处控制线不重叠", LEDGER)
def _out_single(facts: Facts, limits: Limits) -> Iterator[tuple[State, str, str]]:
    if not facts.out_drawn_m2:
        return
    if limits.matters(facts.out_doubled_m2, facts.out_drawn_m2):
        yield (
            "fail",
            f"调出处的控制线有 {shown(facts.out_doubled_m2)} 互相重叠，面积会重复计算",
            "请先更正控制线图层后再申请。",
        )
    else:
        yield "pass", "没有重叠", ""


@_TABLE.add("out_claimed", "调出未被其他调整占用", LEDGER)
def _out_claimed(facts: Facts, limits: Limits) -> Iterator[tuple[State, str, str]]:
    if not facts.out_drawn_m2:
        return
    claims = [(no, part) for no, part in facts.out_claimed if limits.matters(part, facts.out_drawn_m2)]
    for number, part_m2 in claims:
        yield "fail", f"与在办的 {number} 的调出重叠 {shown(part_m2)}", f"请先办结或者撤回 {number}。"
    if not claims:
        yield "pass", "没有其他调整占用", ""


@_TABLE.add("in_before_out", "先补后占", PLAN)
def _in_before_out(facts: Facts, _limits: Limits) -> Iterator[tuple[State, str, str]]:
    for piece in facts.incoming:
        if piece.approved_on is not None and piece.approved_on > facts.effective_on:
            yield (
                "fail", f"{piece.name} {piece.approved_on} 才批准，晚于调出生效日 {facts.effective_on}",
                "请推迟调出的生效日期，或者换用已批准的调入。",
            )  # fmt: skip
        elif piece.approved_on is None:
            yield (
                "pending" if facts.approval_comes else "fail",
                f"{piece.name} 尚未批准", "随本件一并批准，或者填写其批准日期和文号。",
            )  # fmt: skip
        else:
            yield "pass", f"{piece.name} 已于 {piece.approved_on} 批准", ""
    for one in facts.surplus:
        if one.entered_on is None or one.entered_on > facts.effective_on:
            yield (
                "fail", f"{one.number} 的结余在 {facts.effective_on} 尚未入库", "请待其入库，或者推迟调出的生效日期。"
            )  # fmt: skip
        else:
            yield "pass", f"{one.number} 已于 {one.entered_on} 入库", ""


@_TABLE.add("area", "改一补一", PLAN)
def _area(facts: Facts, _limits: Limits) -> Iterator[tuple[State, str, str]]:
    have, need = facts.in_m2 + facts.used_m2, facts.out_m2
    told = f"调入 {shown(facts.in_m2)}" + (f"、用结余 {shown(facts.used_m2)}" if facts.surplus else "")
    if have < need:
        yield (
            "fail",
            f"{told}，少于调出 {shown(need)}，差 {rounded(need - have, 4):,} ㎡",
            "请增加调入，或者缩小调出。",
        )
    else:
        yield "pass", f"{told}，不少于调出 {shown(need)}", ""


@_TABLE.add("in_outside", "调入在控制线外", LEDGER)
def _in_outside(facts: Facts, limits: Limits) -> Iterator[tuple[State, str, str]]:
    for piece in facts.incoming:
        if limits.matters(piece.in_line_m2, piece.drawn_m2):
            yield (
                "fail",
                f"{piece.name} 有 {shown(piece.in_line_m2)} 已在现行控制线内",
                "请去掉已在线内的部分。",
            )
        else:
            yield "pass", f"{piece.name} 在现行控制线外", ""


@_TABLE.add("in_unused", "调入未被其他占补使用", LEDGER)
def _in_unused(facts: Facts, limits: Limits) -> Iterator[tuple[State, str, str]]:
    for piece in facts.incoming:
        claims = [(no, part) for no, part in piece.claimed if limits.matters(part, piece.drawn_m2)]
        for number, part_m2 in claims:
            yield (
                "fail",
                f"{piece.name} 有 {shown(part_m2)} 已由 {number} 使用",
                "同一土地只能补一次，请换用其他土地。",
            )
        if not claims:
            yield "pass", f"{piece.name} 未被使用", ""


@_TABLE.add("in_planned", "调入规划为工业用地", "国土空间规划用地分类：100101、100102、100103")
def _in_planned(facts: Facts, limits: Limits) -> Iterator[tuple[State, str, str]]:
    for piece in facts.incoming:
        if piece.plan_class_code not in limits.planned_classes:
            named = piece.plan_class_code or "未填写"
            yield (
                "fail",
                f"{piece.name} 的规划用途为 {named}",
                f"调入须规划为 {'、'.join(limits.planned_classes)}。",
            )
        else:
            yield "pass", f"{piece.name} 规划为 {piece.plan_class_code}", ""


@_TABLE.add("in_county", "调入在本县", LEDGER)
def _in_county(facts: Facts, limits: Limits) -> Iterator[tuple[State, str, str]]:
    for piece in facts.incoming:
        if limits.matters(piece.outside_county_m2, piece.drawn_m2):
            yield (
                "fail",
                f"{piece.name} 有 {shown(piece.outside_county_m2)} 在县界以外",
                "占补平衡须在同一县域内实现。",
            )
        else:
            yield "pass", f"{piece.name} 在县域内", ""


@_TABLE.add("level", "级别不低于调出", LEDGER)
def _level(facts: Facts, limits: Limits) -> Iterator[tuple[State, str, str]]:
    out = min(facts.out_levels, key=lambda level: _rank(level, limits), default="")
    if out not in limits.levels:
        return
    named = [(p.name, p.level) for p in facts.incoming] + [(s.number, s.level) for s in facts.surplus]
    for name, level in named:
        if _rank(level, limits) > _rank(out, limits):
            yield "fail", f"{name} 为{level or '无级别'}，低于调出的{out}", f"请换用{out}或者更高级别的调入。"
        else:
            yield "pass", f"{name} 为{level}，不低于调出的{out}", ""


@_TABLE.add("surplus", "结余指标", LEDGER)
def _surplus(facts: Facts, limits: Limits) -> Iterator[tuple[State, str, str]]:
    for one in facts.surplus:
        if not limits.bank_surplus:
            yield (
                "fail",
                f"参数不允许使用 {one.number} 的结余",
                "请补足本件的调入；如政策允许结余留用，请先修订参数。",
            )
        elif one.used_m2 > one.free_m2:
            yield (
                "fail",
                f"{one.number} 的结余只有 {shown(one.free_m2)}，不足 {shown(one.used_m2)}",
                "请减少使用的结余。",
            )
        else:
            yield "pass", f"{one.number} 的结余足够", ""


@_TABLE.add("retained", "不低于保有量", "工业用地控制线保有量")
def _retained(facts: Facts, _limits: Limits) -> Iterator[tuple[State, str, str]]:
    total = facts.total_m2 + facts.in_m2 - facts.out_m2
    for one in facts.retained:
        if total < one.area_m2:
            yield (
                "fail", f"调整后控制线 {shown(total)}，低于自 {one.since} 起的保有量 {shown(one.area_m2)}（{one.basis}）",
                "请增加调入，或者缩小调出。",
            )  # fmt: skip
        else:
            yield (
                "pass",
                f"调整后控制线 {shown(total)}，不低于自 {one.since} 起的保有量 {shown(one.area_m2)}",
                "",
            )


@_TABLE.add("order", "按生效日期先后入库", LEDGER)
def _order(facts: Facts, _limits: Limits) -> Iterator[tuple[State, str, str]]:
    newest = [day for day in (facts.newest_version, facts.newest_entry) if day is not None]
    if facts.newest_version is not None and facts.newest_version >= facts.effective_on and facts.out_m2 > 0:
        yield (
            "fail", f"调出处的控制线现行版本自 {facts.newest_version} 生效，不早于 {facts.effective_on}", "请写明更晚的生效日期。"
        )  # fmt: skip
    elif facts.newest_entry is not None and facts.newest_entry > facts.effective_on:
        yield (
            "fail", f"控制线已变动到 {facts.newest_entry}，不能再补记 {facts.effective_on}", "请写明不早于该日的生效日期。"
        )  # fmt: skip
    elif newest:
        yield "pass", f"晚于此前的变动（{max(newest)}）", ""
