"""The proof that an adjustment of the industrial control line is balanced (占补平衡证明).

Refuses nothing itself: what it states are the checks as they were recorded with the step.
"""

from __future__ import annotations

from parcels.documents.building.paper import Paper

SURPLUS = "{% if 使用结余面积 %}，使用以前结余{{ 使用结余面积 }}平方米（合{{ 使用结余面积亩 }}亩）{% endif %}"


def balance_proof(paper: Paper) -> None:
    paper.head("工业用地控制线占补平衡证明")
    paper.text(
        "工业用地控制线调整“{{ 调整名称 }}”（编号：{{ 调整编号 }}）自{{ 调整生效日期 }}起生效，调出{{ 调出面积 }}平方米"
        "（合{{ 调出面积亩 }}亩），调入{{ 调入面积 }}平方米（合{{ 调入面积亩 }}亩）"
        + SURPLUS
        + "。经核验，先补后占、改一补一，"
        "调整前控制线{{ 调整前控制线面积 }}平方米，调整后{{ 调整后控制线面积 }}平方米（合{{ 调整后控制线面积亩 }}亩）"
        "{% if 保有量面积 %}，不低于保有量{{ 保有量面积 }}平方米（{{ 保有量依据 }}）{% endif %}，实现占补平衡。"
    )
    paper.text("调整理由：{{ 调整理由 }}")
    paper.note("面积为 CGCS2000 椭球面积，按图形计算，未经四舍五入比较。")
    paper.signature()
    paper.new_page()
    with paper.when("调入清单"):
        paper.caption("调入土地")
        paper.listing(
            "调入清单",
            [("名称", "{{ 行.调入名称 }}", 34), ("级别", "{{ 行.调入级别 }}", 16), ("规划\n分类", "{{ 行.规划分类 }}", 20),
             ("面积\n（㎡）", "{{ 行.单块面积 }}", 30), ("批准日期", "{{ 行.调入批准日期 }}", 32),
             ("批准文件", "{{ 行.批准文件 }}", 36)],
        )  # fmt: skip
    paper.caption("核验情况")
    paper.listing(
        "核验清单",
        [("事项", "{{ 行.核验事项 }}", 34), ("结果", "{{ 行.核验结果 }}", 20), ("情况", "{{ 行.核验情况 }}", 56),
         ("依据", "{{ 行.核验依据 }}", 50)],
    )  # fmt: skip
    paper.caption("办理过程")
    paper.listing(
        "办理清单",
        [("环节", "{{ 行.办理环节 }}", 20), ("日期", "{{ 行.办理日期 }}", 36), ("经办人", "{{ 行.办理人 }}", 26),
         ("文件", "{{ 行.办理文件 }}", 60)],
    )  # fmt: skip
    paper.note(
        "{% if 界址点坐标系 %}坐标系：{{ 界址点坐标系 }}。{% endif %}{% if 图形校验码 %}图形校验码（调出、各调入的图形"
        "依次连接，SHA-256）：{{ 图形校验码 }}。{% endif %}"
    )
    with paper.when("界址点清单"):
        paper.caption("界址点坐标")
        paper.listing(
            "界址点清单",
            [("范围", "{{ 行.所属范围 }}", 26), ("圈号", "{{ 行.圈号 }}", 16), ("点号", "{{ 行.界址点号 }}", 20),
             ("X（北，米）", "{{ 行.北坐标 }}", 40), ("Y（东，米）", "{{ 行.东坐标 }}", 40)],
        )  # fmt: skip
    paper.picture("位置图", "调出（红）、调入（蓝）位置示意图，底色为控制线")
