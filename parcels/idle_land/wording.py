"""What stands in the explanations of lists and reports: the basis of each finding, and how it was reckoned.

Refuses numbers of its own: years and ratios are those of the parameters the screening read.
"""

from __future__ import annotations

from parcels.idle_land.facts import Parameters
from parcels.idle_land.rules import FINDING_TITLES, RULES

_NUMERALS = ("零", "一", "两", "三", "四", "五", "六", "七", "八", "九", "十")


def years_in_words(years: int) -> str:
    """1 → 一年, 2 → 两年."""
    return f"{_NUMERALS[years] if 0 <= years < len(_NUMERALS) else years}年"


def basis_of_findings(parameters: Parameters) -> list[tuple[str, str]]:
    """Each finding's title, its article and whether the finding must or may be made, gravest first."""
    basis: dict[str, list[str]] = {}
    for rule in RULES:
        article = parameters.underinvested_basis if rule.finding == "underinvested" else rule.article
        if article:
            basis.setdefault(FINDING_TITLES[rule.finding], []).append(article)
    force = {
        FINDING_TITLES["idle_not_started"]: "。经调查核实应当认定",
        FINDING_TITLES["idle_stopped"]: "。可以认定，由承办人决定",
    }
    return [(title, "；".join(articles) + force.get(title, "")) for title, articles in basis.items()]


def reckoning(parameters: Parameters) -> list[str]:
    """How the list was reckoned, as sentences."""
    start, stop = years_in_words(parameters.not_started_years), years_in_words(parameters.stopped_years)
    rolled = (
        "；最后一日是法定休假日的，以休假日结束的次日为最后一日" if parameters.roll_over_rest_days else ""
    )
    return [
        "本清单是依登记事实筛出的疑似线索，不是认定结论；是否闲置以调查核实和《闲置土地认定书》为准。",
        f"满期：起算当日不计入，自次日起算{start}（停工为{stop}），到期月的对应日为最后一日，没有对应日的为月末日{rolled}"
        "（民法典第二百零一条至第二百零三条）。筛查日晚于满期日的才列为疑似闲置。",
        "动工日期：依合同、划拨决定书或补充协议的约定；未约定或约定不明确的，"
        f"以实际交付土地之日起{years_in_words(parameters.delivery_grace_years)}为动工日期（第二十二条）。"
        "约定交地日期不能代替实际交地日期；两者都没有的列为“待核实”，不作为不闲置。",
        f"停工：已开发用地面积不足应开发面积的 {parameters.developed_ratio_min}，"
        f"或者已投资额不足总投资额的 {parameters.invested_ratio_min}，且中止建设满{stop}。恰好等于的不算不足；"
        "面积为土地面积，投资不含土地价款和税费（第三十条）。",
        f"建设期投资不足：未竣工且已投资额不足总投资额的 {parameters.underinvested_ratio_min}"
        + (
            "，已过约定竣工日期仍未竣工的一并列入。"
            if parameters.underinvested_past_completion
            else "，限于约定建设期内。"
        ),
        "毛天数：自约定动工日期（停工为最后施工日期）的次日起至截止日期的天数，未扣除任何原因期间。",
        "分期的合同各期分别计算，其面积和价款在小计、总计中只计一次；动工、竣工、交地和进度以截止日期当日已有的记录为准。",
        "1 亩 = 10000/15 平方米；亩数保留两位小数显示，合计按未舍入的面积计算。",
    ]
