"""Reading a scheme's definition (TOML or JSON) into facts, with every error at once, by its place and in words.

Refuses what it can't understand: an unknown key is an error, and no figure is filled in that the definition doesn't state.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any

from landgis.lib.errors import FieldErrors
from parcels.evaluation.rules import FIGURES
from parcels.schemes.definition import (
    MISSING_TITLES,
    Adjustment,
    Benchmark,
    Cutoffs,
    Definition,
    Exemption,
    FigureDef,
    Group,
    IndicatorDef,
    Industry,
    Publication,
    UnknownPoints,
    Veto,
    Weight,
    Where,
)
from parcels.schemes.pages import Page, Pages

BENCHMARKS = ("ratio_of_sums", "mean_of_ratios", "fixed", "percentile")
LEAST = 1e-9  # of a fixed benchmark
HIGHEST = 1e6  # of points and scores
CERTAINTIES = ("law", "plan", "pub", "ver", "know", "ours")


def read_definition(document: Mapping[str, Any]) -> Definition:
    """The scheme that a document defines; raises FieldErrors with all that is wrong with it."""
    pages = Pages()
    made = _definition(Page(document, "", pages))
    if pages.issues or made is None:
        raise FieldErrors(pages.issues, "请按各项提示改正评价方案后重试。")
    return made


def _definition(top: Page) -> Definition | None:
    scoring, years = top.page("scoring"), top.page("years")
    grades = tuple(top.texts("grades"))
    if len(grades) < 2 or len(set(grades)) != len(grades):
        top.wrong("grades", "至少要有两个档次，名称不重复，由好到差排列")
    figures = tuple(
        FigureDef(p.text("code"), p.text("title"), p.text("unit")) for p in top.pages("figures", least=0)
    )
    known = set(FIGURES) | {figure.code for figure in figures}
    indicators = {p.text("code"): _indicator(p, known) for p in top.pages("indicators")}
    industries = tuple(
        Industry(p.text("name"), _where(p.page("where", needed=False)), p.flag("other", False))
        for p in top.pages("industries", least=0)
    )
    if industries and sum(industry.other for industry in industries) != 1:
        top.wrong("industries", "应有且仅有一个行业写明 other = true，收纳其余企业")
    full = scoring.number("full", low=0.01, high=HIGHEST)
    groups = tuple(_group(p, indicators, grades, bool(industries), full) for p in top.pages("groups"))
    names = [group.name for group in groups]
    if len(set(names)) != len(names):
        top.wrong("groups", "分组名称重复")
    tie_break = tuple(scoring.texts("tie_break", []))
    for code in tie_break:
        if code not in indicators:
            scoring.wrong("tie_break", f"没有指标“{code}”")
    made = Definition(
        code=top.text("code"),
        name=top.text("name"),
        version=top.text("version"),
        basis=top.text("basis"),
        certainty=top.choice("certainty", CERTAINTIES),
        note=top.text("note", ""),
        year_from=years.whole("from", low=1990, high=2200),
        year_to=years.whole("to", low=1990, high=2200) if "to" in years else None,
        full=full,
        unknown=scoring.choice("unknown", ("scale", "as_is"), "as_is"),  # type: ignore[arg-type]
        places=scoring.whole("places", low=0, high=6),
        ties=scoring.choice("ties", ("better", "worse")),  # type: ignore[arg-type]
        tie_break=tie_break,
        most_adjusted=scoring.number("most_adjusted", low=0) if "most_adjusted" in scoring else None,
        grades=grades,
        figures=figures,
        indicators=indicators,
        industries=industries,
        groups=groups,
        adjustments={
            p.text("code"): Adjustment(p.text("code"), p.text("title"), p.number("points"))
            for p in top.pages("adjustments", least=0)
        },
        vetoes={p.text("code"): _veto(p, grades) for p in top.pages("vetoes", least=0)},
        exemptions={p.text("code"): _exemption(p) for p in top.pages("exemptions", least=0)},
        publication=_publication(top.page("publication")),
    )
    if made.year_to is not None and made.year_to < made.year_from:
        years.wrong("to", f"截止年度 {made.year_to} 早于起始年度 {made.year_from}")
    open_groups = [group.name for group in groups if group.unknown]
    if made.publication.allowed and open_groups:
        told = f"{'、'.join(open_groups)}还有权重未知，不得公示；请补全权重，或写明 allowed = false 及原因"
        top.wrong("publication.allowed", told)
    top.close()
    return None if top.found.issues else made


def _indicator(p: Page, known: set[str]) -> IndicatorDef:
    for side in ("numerator", "denominator"):
        if p.text(side) not in known:
            p.wrong(side, f"没有数据项“{p.text(side)}”，可用的有：{'、'.join(sorted(known))}")
    direction = p.choice("direction", ("higher", "lower"))
    cap = p.number("cap", low=0) if "cap" in p else None
    floor = p.number("floor", 0.0)
    if direction == "lower" and cap is None:
        p.wrong("cap", "越低越好的指标必须写明封顶倍数 cap，否则数值为零时得分无限")
    if cap is not None and cap < floor:
        p.wrong("cap", f"封顶倍数 {cap:g} 小于保底倍数 {floor:g}")
    return IndicatorDef(
        p.text("code"),
        p.text("title"),
        p.text("unit"),
        p.text("numerator"),
        p.text("denominator"),
        direction,  # type: ignore[arg-type]
        cap,
        floor,
        p.choice("missing", tuple(MISSING_TITLES)),  # type: ignore[arg-type]
        _benchmark(p.page("benchmark")),
    )


def _benchmark(p: Page) -> Benchmark:
    kind = p.choice("kind", BENCHMARKS)
    value = p.number("value") if kind == "fixed" else None
    if value is not None and value < LEAST:
        p.wrong("value", "固定基准值应大于零")
    percent = p.number("percent", low=0, high=100) if kind == "percentile" else None
    over = p.choice("over", ("group", "class"), "group")
    return Benchmark(kind, value, percent, over)  # type: ignore[arg-type]


def _where(p: Page) -> Where:
    return Where(
        p.flag("above_scale") if "above_scale" in p else None,
        p.number("land_mu_min", low=0) if "land_mu_min" in p else None,
        tuple(p.texts("prefixes", [])),
        tuple(p.texts("industry_groups", [])),
    )


def _group(
    p: Page, indicators: Mapping[str, IndicatorDef], grades: tuple[str, ...], industries: bool, full: float
) -> Group:
    weights = []
    for w in p.pages("weights"):
        code = w.text("indicator")
        if code not in indicators:
            w.wrong("indicator", f"没有指标“{code}”")
            continue
        own = _benchmark(w.page("benchmark")) if "benchmark" in w else indicators[code].benchmark
        weights.append(Weight(code, w.number("points", low=0.0001), own))
    if len({weight.indicator for weight in weights}) != len(weights):
        p.wrong("weights", "同一指标出现两次")
    unknown = tuple(
        UnknownPoints(u.number("points", low=0.0001), u.text("note")) for u in p.pages("unknown", least=0)
    )
    total = sum(weight.points for weight in weights) + sum(u.points for u in unknown)
    if weights and abs(total - full) > 1e-9:
        p.wrong("weights", f"各项权重（含未知部分）合计 {total:g} 分，应为 {full:g} 分")
    by_industry = p.flag("by_industry", False)
    if by_industry and not industries:
        p.wrong("by_industry", "方案没有写明行业分类 industries，不能按行业排名")
    return Group(
        p.text("name"),
        _where(p.page("where", needed=False)),
        by_industry,
        tuple(weights),
        unknown,
        _cutoffs(p.page("cutoffs"), grades),
    )


def _cutoffs(p: Page, grades: tuple[str, ...]) -> Cutoffs:
    """`shares` names every grade and adds up to 1; `scores` names all but the last, falling."""
    kind = p.choice("kind", ("share", "score"))
    field = "shares" if kind == "share" else "scores"
    stated = p.page(field)
    wanted = grades if kind == "share" else grades[:-1]
    limits = tuple(Decimal(str(stated.number(grade, low=0, high=HIGHEST))) for grade in wanted)
    if kind == "share":
        if any(limit < 0 for limit in limits) or sum(limits) != 1:
            p.wrong(field, f"各档占比之和为 {sum(limits)}，应为 1")
        limits = tuple(sum(limits[: i + 1], Decimal(0)) for i in range(len(limits)))
    elif any(low >= high for high, low in pairwise(limits)):
        p.wrong(field, "各档最低分应由高到低")
    return Cutoffs(
        kind,  # type: ignore[arg-type]
        limits,
        p.choice("rounding", ("half_up", "down", "up"), "half_up"),  # type: ignore[arg-type]
        p.choice("certainty", CERTAINTIES, "pub"),
        p.text("note", ""),
    )


def _veto(p: Page, grades: tuple[str, ...]) -> Veto:
    to, down = p.text("to", ""), p.whole("down", 0, low=0, high=99)
    if bool(to) == bool(down):
        p.wrong("to", "应写明直接降为哪一档（to）或降几档（down），二者选一")
    if to and to not in grades:
        p.wrong("to", f"没有档次“{to}”")
    return Veto(p.text("code"), p.text("title"), to, down)


def _exemption(p: Page) -> Exemption:
    years = (
        p.whole("registered_less_than_years", low=1, high=50) if "registered_less_than_years" in p else None
    )
    return Exemption(
        p.text("code"),
        p.text("title"),
        tuple(p.texts("prefixes", [])),
        years,
        p.choice("building_land", ("", "deducted", "firm"), ""),  # type: ignore[arg-type]
    )


def _publication(p: Page) -> Publication:
    allowed = p.flag("allowed")
    why_not = p.text("why_not", "")
    if not allowed and not why_not:
        p.wrong("why_not", "不得发布的方案应写明原因")
    return Publication(
        allowed,
        why_not,
        p.whole("notice_days", low=1, high=90),
        p.choice("notice_kind", ("calendar", "working")),  # type: ignore[arg-type]
    )
