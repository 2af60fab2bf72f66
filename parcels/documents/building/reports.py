"""The report on the two ledgers and idle land, as it is sent out each week, month, quarter and year.

Refuses figures of firms: it names towns only.
"""

from __future__ import annotations

from parcels.documents.building.paper import Paper


def progress_report(paper: Paper) -> None:
    paper.head("低效用地整治提升和存量盘活{{ 通报种类 }}", numbered=False)
    paper.flush("{{ 期号 }}{% if 更正期号 %}（更正{{ 更正期号 }}）{% endif %}")
    paper.text("{{ 总体情况 }}")
    paper.caption("低效用地整治提升")
    paper.listing(
        "进度表",
        [("镇街", "{{ 行.列报单位 }}", 26), ("清单\n（个）", "{{ 行.清单个数 }}", 16),
         ("监管协议\n（个）", "{{ 行.协议签订 }}", 20),
         ("签订率", "{{ 行.协议签订率 }}", 20), ("销号\n（个）", "{{ 行.销号个数 }}", 16), ("销号率", "{{ 行.销号比例 }}", 20),
         ("本期新增\n（个）", "{{ 行.新增个数 }}", 20), ("目标\n（亩）", "{{ 行.整治目标 }}", 24),
         ("完成\n（亩）", "{{ 行.整治完成 }}", 24), ("完成率", "{{ 行.整治完成率 }}", 21), ("进度", "{{ 行.整治进度 }}", 15),
         ("排名", "{{ 行.名次 }}", 14)],
        numbered=False,
        small=True,
    )  # fmt: skip
    paper.caption("盘活存量土地、闲置土地和逾期事项")
    paper.listing(
        "进度表",
        [("镇街", "{{ 行.列报单位 }}", 26), ("盘活目标\n（亩）", "{{ 行.盘活目标 }}", 24),
         ("完成\n（亩）", "{{ 行.盘活完成 }}", 24),
         ("完成率", "{{ 行.盘活完成率 }}", 21),
         ("进度", "{{ 行.盘活进度 }}", 15), ("闲置在办\n（宗）", "{{ 行.闲置在办宗数 }}", 20),
         ("闲置在办\n（亩）", "{{ 行.闲置在办亩数 }}", 22), ("本期立案\n（宗）", "{{ 行.闲置新立案 }}", 20),
         ("本期处置\n（宗）", "{{ 行.闲置已处置 }}", 20), ("逾期未动\n工（宗）", "{{ 行.逾期未动工 }}", 20),
         ("逾期事项\n（项）", "{{ 行.逾期事项 }}", 20), ("上年用能\n（吨标煤）", "{{ 行.用能数 }}", 24)],
        numbered=False,
        small=True,
    )  # fmt: skip
    paper.note("本期：{{ 本期起始日期 }}至{{ 截止日期 }}　　目标依据：{{ 目标依据 }}")
    paper.note("{{ 未列数据说明 }}")
    paper.note("规则版本：{{ 规则版本 }}")
    paper.note("校验码：{{ 校验码 }}")
    paper.signature()
