"""The words of the screens: states, kinds of benchmark, certainty, rounding and steps, in Chinese.

Refuses to decide anything by them.
"""

from __future__ import annotations

from parcels.grading.rules import CHECKED, DRAFT, FINAL, NOTICE, RECOMPUTED, WITHDRAWN

BENCHMARK_TITLES = {
    "ratio_of_sums": "平均（合计相除）",
    "mean_of_ratios": "平均（各企业比值）",
    "fixed": "固定值",
    "percentile": "百分位",
}
OVER_TITLES = {"group": "整组", "class": "组内行业"}
ROUNDINGS = {"half_up": "四舍五入", "down": "舍去", "up": "进位"}
NOTICE_KINDS = {"calendar": "日历日", "working": "工作日"}
DIRECTIONS = {"higher": "越高越好", "lower": "越低越好"}
UNKNOWN_TITLES = {"scale": "已知部分折算为满分", "as_is": "只计已知部分，不折算"}
TIES = {"better": "并列企业同入较好一档", "worse": "并列企业同入较差一档"}
BUILDING_TITLES = {"deducted": "建设期内的用地扣除，全部在建的不参评", "firm": "有在建用地的不参评"}
VERSION_STATES = {"draft": "草稿", "in_force": "已启用", "withdrawn": "已停用"}
RUN_STATES = {
    DRAFT: "待复核",
    CHECKED: "已复核",
    NOTICE: "公示中",
    FINAL: "已定稿",
    WITHDRAWN: "已撤回",
}
# What an officer does to a run, in the order of the procedure.
STEP_BUTTONS = {
    RECOMPUTED: "按现有数据重新计算",
    CHECKED: "复核通过",
    NOTICE: "开始公示",
    FINAL: "定稿",
    WITHDRAWN: "撤回",
}
SCOPES = {
    "town": "镇街",
    "industry": "行业",
    "platform": "产业平台",
    "control_line": "工业用地控制线",
    "county": "全县",
    "parcel": "宗地",
}
