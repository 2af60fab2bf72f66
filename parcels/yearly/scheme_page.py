"""A scheme in the words of its readable page: what each group counts, against what, and where its grades are cut.

Refuses to fill in anything: what the basis doesn't state is said to be unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from parcels.grading.results import figure_titles
from parcels.schemes.definition import MISSING_TITLES, Benchmark, Cutoffs, Definition, Exemption, Veto, Where
from parcels.yearly.wording import (
    BENCHMARK_TITLES,
    BUILDING_TITLES,
    DIRECTIONS,
    NOTICE_KINDS,
    OVER_TITLES,
    ROUNDINGS,
    TIES,
    UNKNOWN_TITLES,
)


@dataclass(frozen=True, slots=True)
class ShownWeight:
    title: str
    unit: str
    formula: str
    direction: str
    points: float
    benchmark: str
    cap: str
    floor: str
    missing: str


@dataclass(frozen=True, slots=True)
class ShownGroup:
    name: str
    who: str
    ranked: str
    weights: tuple[ShownWeight, ...]
    unknown: tuple[tuple[float, str], ...]
    known: float
    cuts: tuple[tuple[str, str], ...]
    cut_note: str


@dataclass(frozen=True, slots=True)
class ShownScheme:
    years: str
    groups: tuple[ShownGroup, ...]
    industries: tuple[tuple[str, str], ...]
    rules: tuple[tuple[str, str], ...]
    adjustments: tuple[tuple[str, str], ...]
    vetoes: tuple[tuple[str, str], ...]
    exemptions: tuple[tuple[str, str], ...]
    reservations: tuple[str, ...]


def shown(definition: Definition) -> ShownScheme:
    """The whole scheme in words."""
    until = definition.year_to
    publication = definition.publication
    rules = [
        ("满分", f"{definition.full:g} 分，总分保留 {definition.places} 位小数"),
        ("未知权重", UNKNOWN_TITLES[definition.unknown] if definition.unknown_points else "无"),
        ("并列", TIES[definition.ties]),
        ("并列时依次比较", "、".join(definition.indicators[code].title for code in definition.tie_break) or "不比较"),
        ("加分上限", "不限" if definition.most_adjusted is None else f"{definition.most_adjusted:g} 分"),
        ("公示", f"{publication.notice_days} 个{NOTICE_KINDS[publication.notice_kind]}" if publication.allowed
         else f"不得公示：{publication.why_not}"),
    ]  # fmt: skip
    return ShownScheme(
        years=f"{definition.year_from}—{until} 年" if until else f"{definition.year_from} 年起",
        groups=tuple(_group(definition, n) for n in range(len(definition.groups))),
        industries=tuple(
            (one.name, "其余企业" if one.other else who(one.where)) for one in definition.industries
        ),
        rules=tuple(rules),
        adjustments=tuple(
            (one.title, f"{'最多加' if one.points >= 0 else '最多扣'} {abs(one.points):g} 分")
            for one in definition.adjustments.values()
        ),
        vetoes=tuple((one.title, _veto(one)) for one in definition.vetoes.values()),
        exemptions=tuple((one.title, _exemption(one)) for one in definition.exemptions.values()),
        reservations=tuple(definition.reservations()),
    )


def who(where: Where) -> str:
    """Whom a predicate takes."""
    said = []
    if where.above_scale is not None:
        said.append("规上" if where.above_scale else "规下")
    if where.land_mu_min is not None:
        said.append(f"用地不少于 {where.land_mu_min:g} 亩")
    if where.industry_groups:
        said.append(f"行业为{'、'.join(where.industry_groups)}")
    if where.prefixes:
        said.append(f"行业代码以 {'、'.join(where.prefixes)} 开头")
    return "，".join(said) or "全部企业"


def benchmark_words(benchmark: Benchmark) -> str:
    """What a value is measured against."""
    if benchmark.kind == "fixed":
        return f"固定值 {benchmark.value:g}"
    name = BENCHMARK_TITLES[benchmark.kind]
    if benchmark.kind == "percentile":
        name = f"第 {benchmark.percent:g} 百分位"
    return f"{OVER_TITLES[benchmark.over]}{name}"


def _group(definition: Definition, n: int) -> ShownGroup:
    group, titles = definition.groups[n], figure_titles(definition)
    weights = []
    for weight in group.weights:
        one = definition.indicators[weight.indicator]
        weights.append(
            ShownWeight(
                one.title,
                one.unit,
                f"{titles[one.numerator][0]} ÷ {titles[one.denominator][0]}",
                DIRECTIONS[one.direction],
                weight.points,
                benchmark_words(weight.benchmark),
                "不封顶" if one.cap is None else f"{one.cap:g} 倍",
                f"{one.floor:g} 倍",
                MISSING_TITLES[one.missing],
            )
        )
    certainty = "本系统设定。" if group.cutoffs.certainty == "ours" else ""
    return ShownGroup(
        group.name,
        who(group.where),
        "在行业内排名" if group.by_industry else "全组排名",
        tuple(weights),
        tuple((one.points, one.note) for one in group.unknown),
        group.known_points,
        tuple(_cuts(definition, group.cutoffs)),
        f"{certainty}{group.cutoffs.note}",
    )


def _cuts(definition: Definition, cutoffs: Cutoffs) -> list[tuple[str, str]]:
    if cutoffs.kind == "score":
        limits = [f"{limit:f} 分及以上" for limit in cutoffs.limits]
        return list(zip(definition.grades, [*limits, "其余"], strict=True))
    before, made = Decimal(0), []
    for grade, limit in zip(definition.grades, cutoffs.limits, strict=True):
        made.append((grade, f"{float(limit - before) * 100:.6g}%（名额{ROUNDINGS[cutoffs.rounding]}）"))
        before = limit
    return made


def _veto(one: Veto) -> str:
    return f"直接降为 {one.to}" if one.to else f"降 {one.down} 档"


def _exemption(one: Exemption) -> str:
    said = []
    if one.prefixes:
        said.append(f"行业代码以 {'、'.join(one.prefixes)} 开头")
    if one.registered_less_than_years is not None:
        said.append(f"注册不满 {one.registered_less_than_years} 年")
    if one.building_land:
        said.append(BUILDING_TITLES[one.building_land])
    return "；".join(said) or "凭材料由专管员认定"
