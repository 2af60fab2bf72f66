"""The arithmetic behind a finding as sentences an officer can check with a calendar and a calculator.

Refuses to judge anew: it reads the same situation and the same table as the screening.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction

from landgis.lib.deadlines import FullTerm, days_between
from parcels.idle_land.causes import CAUSE_TITLES, merged
from parcels.idle_land.evidence import FOUNDATION_TITLES
from parcels.idle_land.facts import FACT_TITLES, Facts, Parameters, Progress, Settled, settle
from parcels.idle_land.rules import FINDING_TITLES, Finding, Situation, screen, situation
from parcels.idle_land.wording import years_in_words


def explain(facts: Facts, on: date, parameters: Parameters) -> tuple[str, ...]:
    """How `screen` comes to its finding for these facts, step by step, ending with the finding itself."""
    settled = settle(facts, on, parameters)
    case = situation(settled, on, parameters)
    finding = screen(facts, on, parameters)
    facts = settled.facts
    return (
        *_of_completion(facts, case),
        *_of_supplement(settled, case),
        *_of_start(settled, case, parameters),
        *_of_stoppage(case, settled, parameters),
        *_of_investment(case, facts, parameters),
        *_of_causes(finding, facts, case),
        *(f"注意：{remark}。" for remark in finding.remarks),
        *_conclusion(finding, case, parameters),
    )


def titles_of(missing: tuple[str, ...]) -> tuple[str, ...]:
    """The Chinese titles of missing facts."""
    return tuple(FACT_TITLES[name] for name in missing)


def _of_completion(facts: Facts, case: Situation) -> Iterator[str]:
    if case.completed:
        yield f"实际竣工日期 {facts.actual_completion}，截至筛查日 {case.on} 已竣工，动工、停工均无需再判断。"


def _of_supplement(settled: Settled, case: Situation) -> Iterator[str]:
    if case.completed or not settled.agreed_in_supplement:
        return
    signed = [s for s in settled.facts.supplements if s.signed_on <= case.on and s.agreed_start is not None]
    for supplement in sorted(signed, key=lambda s: s.signed_on):
        number = f"“{supplement.agreement_no}”" if supplement.agreement_no else ""
        yield f"{supplement.signed_on} 签订的补充协议{number}约定动工日期 {supplement.agreed_start}。"


def _of_start(settled: Settled, case: Situation, parameters: Parameters) -> Iterator[str]:
    if case.completed:
        return
    facts = settled.facts
    years = years_in_words(parameters.not_started_years)
    yield _origin_of_start(facts, case, parameters)
    if case.started:
        if settled.start_from_evidence:
            yield from _of_papers(facts, case)
        late = (
            days_between(case.agreed_start, facts.actual_start)
            if case.agreed_start and facts.actual_start
            else 0
        )
        yield (
            f"已于 {facts.actual_start} 动工"
            + (f"，较约定晚 {late} 日" if late > 0 else "")
            + "，不属于满期未动工。"
        )
        return
    if case.agreed_start is None or case.start_term is None:
        yield f"截至 {case.on} 未见动工记录，因动工日期无从确定，不能判断是否满{years}，也不能认为不闲置。"
        return
    yield f"起算当日不计入，自次日起算，满{years}为 {_last_day(case.start_term)}。"
    if case.start_year_is_over:
        over = days_between(case.start_term.rolled, case.on)
        total = days_between(case.agreed_start, case.on)
        yield f"截至 {case.on} 已超过满期日 {over} 日，未见动工记录。"
        yield f"自动工日期次日起共 {total} 日（毛天数，未扣除任何原因期间）。"
    elif case.start_is_due:
        overdue = days_between(case.agreed_start, case.on)
        yield f"截至 {case.on} 已逾期 {overdue} 日，未满{years}，未见动工记录。"
    else:
        yield f"截至 {case.on} 尚未超过动工日期。"


def _of_papers(facts: Facts, case: Situation) -> Iterator[str]:
    permit = min((p for p in facts.permits if p.issued_on <= case.on), key=lambda p: p.issued_on)
    yield f"施工许可证{permit.permit_no} {permit.issued_on} 发证。"
    for work in sorted((f for f in facts.foundations if f.as_of <= case.on), key=lambda f: f.as_of):
        kind = FOUNDATION_TITLES.get(work.kind, work.kind)
        yield f"截至 {work.as_of}，{kind}已完成 {_plain(work.done)}/{_plain(work.total)}。"
    yield f"许可证与基础施工均具备之日 {facts.actual_start} 为动工日期（第三十条）。"


def _of_causes(finding: Finding, facts: Facts, case: Situation) -> Iterator[str]:
    if finding.gross_idle_days is None or finding.net_idle_days == finding.gross_idle_days:
        return
    since = case.on - timedelta(days=finding.gross_idle_days)
    for first, last in merged(facts.causes, since, case.on):
        codes = dict.fromkeys(
            c.code for c in facts.causes if c.verified and c.begins <= last and (c.ends or case.on) >= first
        )
        named = "、".join(f"{code} {CAUSE_TITLES.get(code, '')}" for code in codes)
        yield f"经核实的第八条原因期间 {first} 至 {last}，共 {(last - first).days + 1} 日（{named}）。"
    yield (
        f"净天数 {finding.net_idle_days} 日（毛天数 {finding.gross_idle_days} 日扣除上述期间，重叠只计一次），"
        "仅供参考：法律不按原因扣减天数，只决定处置方式（第十二条、第十三条）。"
    )


def _origin_of_start(facts: Facts, case: Situation, parameters: Parameters) -> str:
    years = years_in_words(parameters.delivery_grace_years)
    if case.agreed_start_from == "supplement":
        return f"约定动工日期 {case.agreed_start}（以最后签订的补充协议为准）。"
    if case.agreed_start_from == "agreed":
        return f"约定动工日期 {case.agreed_start}（合同、划拨决定书或补充协议约定）。"
    if case.agreed_start_from == "delivery":
        return (
            f"未约定动工日期，依第二十二条以实际交地日期 {facts.actual_delivery} 起{years}，"
            f"即 {case.agreed_start} 为动工日期。"
        )
    note = "；约定交地日期不能代替实际交地日期" if facts.agreed_delivery else ""
    start = "，已有动工记录，仅动工是否逾期无从判断" if case.started else ""
    return f"未约定动工日期，筛查日亦无实际交地记录{note}，动工日期无从确定（第二十二条）{start}。"


def _of_stoppage(case: Situation, settled: Settled, parameters: Parameters) -> Iterator[str]:
    if case.completed or not case.started:
        return
    progress = settled.progress
    if progress is None and not settled.facts.stoppages:
        yield "无建设进度记录，未见停工记载。"
        return
    if case.stopped_since is None or case.stoppage_term is None:
        yield _going_on(progress, settled, case)
        return
    years = years_in_words(parameters.stopped_years)
    last = _last_day(case.stoppage_term)
    yield f"最后施工日期 {case.stopped_since}，自次日起算，中止建设满{years}为 {last}。"
    if not case.stopped_a_full_year:
        yield f"截至 {case.on} 中止建设未满{years}。"
        return
    days = days_between(case.stopped_since, case.on)
    yield f"截至 {case.on} 中止建设共 {days} 日（毛天数），已满{years}。"
    yield from _of_shape(progress)
    yield _ratio_step(
        "已开发面积",
        "应开发面积",
        "平方米",
        case.developed_area_m2,
        case.land_to_develop_m2,
        parameters.developed_ratio_min,
        case.developed_short,
    )
    yield _ratio_step(
        "已投资额",
        "总投资额",
        "万元",
        case.invested_wan,
        case.total_investment_wan,
        parameters.invested_ratio_min,
        case.invested_short,
    )


def _of_shape(progress: Progress | None) -> Iterator[str]:
    if progress and progress.developed_area_m2 is None and progress.measured_area_m2 is not None:
        area = f"{_plain(progress.measured_area_m2)} 平方米"
        yield f"{progress.as_of} 的进度记录未填报已开发面积，采用其图形的椭球面积 {area}。"


def _going_on(progress: Progress | None, settled: Settled, case: Situation) -> str:
    ended = [s for s in settled.facts.stoppages if s.resumed_on and s.resumed_on <= case.on]
    if ended:
        last = max(ended, key=lambda s: s.resumed_on or s.last_built_on)
        return f"{last.last_built_on} 起的停工已于 {last.resumed_on} 复工，停工期间重新起算，目前未停工。"
    return f"{progress.as_of} 的进度记录未载停工。" if progress else "未见停工记载。"


def _of_investment(case: Situation, facts: Facts, parameters: Parameters) -> Iterator[str]:
    known = case.started or case.plan_invested_short is not None
    due = facts.agreed_completion
    if not case.completed and not case.within_building_period and due is not None and case.on > due:
        yield f"已过约定竣工日期 {due} 仍未竣工，不在建设期内，请列入复核验收核查。"
    if case.completed or not case.within_building_period or not known:
        return
    if facts.agreed_completion is None:
        period = "未约定竣工日期，按仍在建设期内"
    elif case.on > facts.agreed_completion:
        period = f"已过约定竣工日期 {facts.agreed_completion} 仍未竣工"
    else:
        period = f"在约定建设期内（至 {facts.agreed_completion}）"
    least = parameters.underinvested_ratio_min
    step = _ratio_step(
        "已投资额",
        "总投资额",
        "万元",
        case.invested_wan,
        case.total_investment_wan,
        least,
        case.plan_invested_short,
    )
    yield f"{period}：{step}"


def _ratio_step(
    part_title: str,
    whole_title: str,
    unit: str,
    part: Decimal | None,
    whole: Decimal | None,
    least: Fraction,
    short: bool | None,
) -> str:
    if part is None or whole is None or short is None:
        return f"{part_title}或{whole_title}缺失，是否不足 {least} 无法判断。"
    verdict = f"不足 {least}" if short else f"不低于 {least}"
    figures = f"{part_title} {_plain(part)} {unit}，{whole_title} {_plain(whole)} {unit}"
    return f"{figures}，占 {_percent(part, whole)}，{verdict}。"


def _conclusion(finding: Finding, case: Situation, parameters: Parameters) -> Iterator[str]:
    title = FINDING_TITLES[finding.code]
    basis = f"依据：{finding.article}；" if finding.article else ""
    force = {
        "idle_not_started": "经调查核实应当认定；",
        "idle_stopped": "可以认定，由承办人决定；",
    }.get(finding.code, "")
    missing = f"缺少：{'、'.join(titles_of(finding.missing))}；" if finding.missing else ""
    also = f"同时：{'、'.join(FINDING_TITLES[code] for code in finding.also)}；" if finding.also else ""
    version = f"规则版本 {parameters.rule_version}，筛查日 {case.on}。"
    yield f"结论：{title}。{basis}{force}{missing}{also}{version}"


def _last_day(term: FullTerm) -> str:
    if term.rolled == term.unrolled:
        return str(term.unrolled)
    return f"{term.unrolled}（休息日，顺延至 {term.rolled}）"


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _percent(part: Decimal, whole: Decimal) -> str:
    # Cut, not rounded: 24.999 % must not read as 25 % beside the words "less than".
    return f"{(part / whole * 100).quantize(Decimal('0.01'), ROUND_DOWN)}%"
