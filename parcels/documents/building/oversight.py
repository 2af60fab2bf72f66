"""The agreement that a town makes with a firm of the 高耗低效 list (监管协议), on the ground of the firm's plan.

Refuses a duty without its measure: targets and milestones stand in tables with their days.
"""

from __future__ import annotations

from parcels.documents.building.paper import Paper


def oversight_agreement(paper: Paper) -> None:
    paper.head("高耗低效企业整治提升监管协议", numbered=False)
    paper.flush(
        "协议编号：{{ 协议编号 }}",
        "甲方（属地镇街）：{{ 监管镇街 }}",
        "乙方（企业）：{{ 权利人 }}",
        "统一社会信用代码：{{ 统一社会信用代码 }}",
        "{% if 权利人地址 %}地址：{{ 权利人地址 }}{% else %}地址：（　　）{% endif %}；法定代表人：{{ 法定代表人 }}",
    )
    paper.text(
        "乙方已列入高耗低效企业清单（类别：{{ 高耗低效类别 }}），双方根据一企一策方案（{{ 方案编号 }}），"
        "就整治提升和监管事项达成以下协议：",
        "第一条　用地。乙方实际用地{{ 面积 }}平方米（合{{ 面积亩 }}亩）{% if 宗地代码 %}，宗地代码：{{ 宗地代码 }}{% endif %}。",
        "第二条　现状基数。{{ 现状基数 }}",
        "第三条　整治目标。{{ 处置目标 }}整治路径：{{ 处置路径 }}。具体指标和期限见下表。",
    )
    paper.caption("整治指标")
    paper.listing(
        "指标",
        [
            ("指标", "{{ 行.指标名称 }}", 52),
            ("要求", "{{ 行.指标要求 }}", 52),
            ("达标期限", "{{ 行.达标期限 }}", 44),
        ],
    )
    paper.text("第四条　整治节点。乙方按下表所列期限完成各节点，并向甲方提交完成依据。")
    paper.caption("整治节点")
    paper.listing("节点", [("节点", "{{ 行.节点名称 }}", 90), ("期限", "{{ 行.约定日期 }}", 58)])
    paper.text(
        "第五条　检查。{{ 检查方式 }}乙方应当如实提供用电、用能和整治进度数据，不得拒绝、阻挠检查。",
        "第六条　违约责任。{{ 违约责任 }}",
        "第七条　期限。本协议自{{ 方案起始日期 }}起至{{ 方案完成期限 }}止。乙方完成全部指标和节点后，"
        "按镇街初验、部门复核、专班审批、公示的程序销号；销号后接受回头看，反弹的重新列入清单。",
        "本协议一式三份，甲乙双方各执一份，报经济和信息化主管部门一份，自双方签字、盖章之日起生效。",
    )
    paper.gap()
    paper.signatures(
        [
            ("甲方（盖章）", "", "乙方（盖章）", ""),
            ("代表人（签名）", "", "代表人（签名）", ""),
            ("日期", "", "日期", ""),
        ]
    )
