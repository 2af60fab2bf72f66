"""The rules of an edit: what was measured in, findings with severity, words and remedy out.

Refuses to measure or to look anything up: severities and limits are the county's parameters, handed in.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Severity = Literal["error", "warning", "off"]
Compare = Callable[[float, float], bool]
PREFIX = "edit.rule."


def _at_least(value: float, limit: float) -> bool:
    return value >= limit


def _above(value: float, limit: float) -> bool:
    return value > limit


def _below(value: float, limit: float) -> bool:
    return value < limit


def _at_most(value: float, limit: float) -> bool:
    return value <= limit


def _always(value: float, limit: float) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Wording:
    """A rule's name, how a measured value breaks it, and what is said then; `{value}`, `{limit}`, `{parcels}`, `{other}`."""

    title: str
    broken: Compare
    message: str
    remedy: str
    limits: tuple[
        tuple[str, str], ...
    ] = ()  # its own name of a limit, and the shared parameter that states it


RULES: dict[str, Wording] = {
    "self_intersection": Wording(
        "自相交",
        _always,
        "宗地 {parcels} 的图形无效：{other}。",
        "请移动或删除该处的界址点，使界线不再相交。",
    ),
    "overlap": Wording(
        "重叠",
        _at_least,
        "宗地 {parcels} 重叠 {value:.2f} ㎡，一地不能两属。",
        "请用“吻合相邻宗地”消除重叠，或移动界址点到共用界线上。",
        (("area_m2", "geometry.overlap_tolerance_m2"),),
    ),
    "gap": Wording(
        "缝隙",
        _below,
        "宗地 {parcels} 之间有宽约 {value:.3f} 米的缝隙。",
        "请用“吻合相邻宗地”填补缝隙；确有间隔的请说明理由。",
    ),
    "spike": Wording(
        "尖刺",
        _below,
        "宗地 {parcels} 有 {value:.2f}° 的尖锐角。",
        "请复核该处界址点；确属实际界线的请说明理由。",
        (("degrees", "geometry.spike_degrees"),),
    ),
    "duplicate_point": Wording(
        "重复点",
        _at_most,
        "宗地 {parcels} 有重复的界址点（相距 {value:.4f} 米）。",
        "请删去其中一个界址点。",
        (("distance_m", "geometry.duplicate_point_m"),),
    ),
    "short_edge": Wording(
        "短边",
        _below,
        "宗地 {parcels} 有长仅 {value:.3f} 米的界址边。",
        "请核对该处界址点是否画重或捕捉有误。",
    ),
    "tiny_part": Wording(
        "碎部分",
        _below,
        "宗地 {parcels} 有面积仅 {value:.3f} ㎡ 的碎部分。",
        "请核对是否为编辑遗留的碎面，删去或并入相邻部分。",
        (("area_m2", "geometry.tiny_part_m2"),),
    ),
    "tiny_parcel": Wording(
        "宗地过小",
        _below,
        "宗地 {parcels} 面积只有 {value:.3f} ㎡，小于 {limit:g} ㎡。",
        "请核对是否为碎面；碎面应并入相邻宗地。",
        (("area_m2", "area.minimum_m2"),),
    ),
    "area_difference": Wording(
        "面积不符",
        _above,
        "宗地 {parcels} 的图形面积与登记面积相差 {value:.2f} ㎡，超过 {limit:.2f} ㎡。",
        "请核对界址点与登记面积；以登记面积为准的请说明理由。",
        (("tolerance_m2", "area.tolerance_m2"), ("tolerance_ratio", "area.tolerance_ratio")),
    ),
    "outside_county": Wording(
        "超出县域", _at_least, "宗地 {parcels} 有 {value:.2f} ㎡ 在县域以外。", "请核对坐标和县界。"
    ),
    "crosses_town": Wording(
        "跨镇街",
        _at_least,
        "宗地 {parcels} 跨越镇街界线：{other}，次要部分 {value:.2f} ㎡。",
        "请核对镇街归属；确需跨界的请说明理由。",
        (("area_m2", "overlay.sliver_m2"), ("ratio", "overlay.sliver_ratio")),
    ),
    "crosses_control_line": Wording(
        "跨控制线",
        _at_least,
        "宗地 {parcels} 跨越工业用地控制线，线外 {value:.2f} ㎡。",
        "请核对与控制线的关系；确需跨线的请说明理由。",
        (("area_m2", "overlay.sliver_m2"), ("ratio", "overlay.sliver_ratio")),
    ),
    "code_missing": Wording(
        "缺宗地代码", _always, "新宗地 {parcels} 没有宗地代码。", "请在属性中填写宗地代码。"
    ),
    "code_used": Wording(
        "代码已用",
        _always,
        "新宗地 {parcels} 的宗地代码 {other} 已被使用过，不能再用。",
        "请改用新的宗地代码；失效宗地的代码也不得重复使用。",
    ),
    "holders_differ": Wording(
        "权利人不一致",
        _always,
        "合并的宗地 {parcels} 权利人不一致：{other}。",
        "请先办理权利变更，或说明合并后的权利归属。",
    ),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as the county sets it."""

    rule: str
    severity: Severity
    limits: Mapping[str, float]

    @property
    def title(self) -> str:
        return RULES[self.rule].title


@dataclass(frozen=True, slots=True)
class Measured:
    """One fact about an edited layer: what rule it concerns, where, how much, and whether it was so before the edit."""

    rule: str
    parcels: tuple[str, ...]
    value: float | None = None
    limit: float | None = None
    at: tuple[float, float] | None = None
    geometry: Mapping[str, Any] | None = None
    other: str = ""
    before: bool = False
    note: str = ""  # said behind the rule's own words
    remedy: str = ""  # where the rule's own doesn't help


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken rule: an error blocks, a warning asks for a reason."""

    rule: str
    severity: Severity
    parcels: tuple[str, ...]
    message: str
    remedy: str
    at: tuple[float, float] | None = None
    geometry: Mapping[str, Any] | None = None
    value: float | None = None
    limit: float | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "rule": self.rule,
            "severity": self.severity,
            "parcels": list(self.parcels),
            "message": self.message,
            "remedy": self.remedy,
            "at": None if self.at is None else list(self.at),
            "geometry": None if self.geometry is None else dict(self.geometry),
            "value": self.value,
            "limit": self.limit,
        }


Rulebook = Mapping[str, Rule]


def rulebook(parameters: Mapping[str, Any]) -> dict[str, Rule]:
    """Every rule with the county's severity and limits; a limit that other rooms read too stands in one parameter only."""
    book = {}
    for name, words in RULES.items():
        stated = dict(parameters[PREFIX + name])
        severity = str(stated.pop("severity"))
        if severity not in ("error", "warning", "off"):
            raise ValueError(f"{PREFIX}{name}: severity {severity!r}")
        shared = {own: float(parameters[key]) for own, key in words.limits if own not in stated}
        limits = shared | {own: float(value) for own, value in stated.items()}
        book[name] = Rule(name, severity, limits)  # type: ignore[arg-type]
    return book


def judge(measured: Iterable[Measured], book: Rulebook) -> list[Finding]:
    """What of the measured breaks a rule, errors first.

    What was so before the edit never blocks: a register with old faults must be mendable one fault at a time.
    """
    found = [finding for fact in measured if (finding := _judged(fact, book[fact.rule])) is not None]
    return sorted(found, key=lambda finding: finding.severity != "error")


def blocking(findings: Iterable[Finding]) -> bool:
    return any(finding.severity == "error" for finding in findings)


def needs_reason(findings: Iterable[Finding]) -> bool:
    return any(finding.severity == "warning" for finding in findings)


def area_tolerance_m2(registered_area_m2: float, rule: Rule) -> float:
    """What the figure of the certificate and that of the drawing may differ by (domain.md 8)."""
    return max(rule.limits["tolerance_m2"], rule.limits["tolerance_ratio"] * registered_area_m2)


def _judged(fact: Measured, rule: Rule) -> Finding | None:
    words = RULES[fact.rule]
    value = 0.0 if fact.value is None else fact.value
    limit = 0.0 if fact.limit is None else fact.limit
    if rule.severity == "off" or not words.broken(value, limit):
        return None
    message = words.message.format(
        value=value, limit=limit, parcels="、".join(fact.parcels), other=fact.other
    )
    message += fact.note
    severity = rule.severity
    if fact.before:
        severity, message = "warning", f"{message}此情况变更前已存在。"
    return Finding(
        fact.rule,
        severity,
        fact.parcels,
        message,
        fact.remedy or words.remedy,
        fact.at,
        fact.geometry,
        fact.value,
        fact.limit,
    )
