"""The disposal list that is sent out, and the plan for one parcel (一企一策).

Refuses figures of firms in the list: it names land, holder, cause and stage only.
"""

from __future__ import annotations

from parcels.documents.building.common import MEASURES
from parcels.documents.building.paper import Paper


def one_plan(paper: Paper) -> None:
    paper.head("一企一策处置整治方案")
    paper.form(
        [
            ("方案编号", "{{ 方案编号 }}", "状态", "{{ 方案状态 }}"),
            ("权利人", "{{ 权利人 }}", "统一社会信用代码", _if_any("统一社会信用代码")),
            ("项目名称", _if_any("项目名称"), "镇街", "{{ 镇街 }}"),
            ("宗地代码", _if_any("宗地代码"), "合同编号", _if_any("合同编号")),
            ("坐落", _if_any("坐落")),
            (
                "面积",
                "{% if 面积 %}{{ 面积 }}平方米（{{ 面积亩 }}亩）{% else %}—{% endif %}",
                "用途",
                _if_any("用途"),
            ),
            ("约定动工日期", _if_any("约定动工日期"), "约定竣工日期", _if_any("约定竣工日期")),
            ("问题类型", "{{ 问题类型 }}"),
            ("牵头单位", "{{ 责任单位 }}", "责任人", "{{ 责任人 }}"),
            ("配合单位", _if_any("配合单位")),
            ("起始日期", "{{ 方案起始日期 }}", "完成期限", "{{ 方案完成期限 }}"),
        ]
    )
    paper.tall(
        [
            ("问题情况", "{{ 问题情况 }}", 26),
            ("目标", "{{ 处置目标 }}", 18),
            ("处置路径", "{{ 处置路径 }}", 14),
        ]
    )
    with paper.when("年度指标"):
        paper.caption("近三年指标")
        paper.listing(
            "年度指标",
            [("年度", "{{ 行.年度 }}", 20), ("亩均税收\n（万元/亩）", "{{ 行.亩均税收 }}", 36),
             ("亩均增加值\n（万元/亩）", "{{ 行.亩均增加值 }}", 38), ("评价等次", "{{ 行.评价等次 }}", 24),
             ("说明", "{{ 行.说明 }}", 38)],
            numbered=False,
        )  # fmt: skip
    with paper.when("指标"):
        paper.caption("考核指标")
        paper.listing(
            "指标",
            [("指标", "{{ 行.指标名称 }}", 34), ("要求", "{{ 行.指标要求 }}", 40), ("期限", "{{ 行.达标期限 }}", 42),
             ("实绩", "{{ 行.指标实绩 }}", 32)],
        )  # fmt: skip
    with paper.when("措施"):
        paper.caption("措施和期限")
        paper.listing(
            "措施",
            [("具体措施", "{{ 行.具体措施 }}", 46), ("完成期限", "{{ 行.完成期限 }}", 42), ("单位", "{{ 行.牵头单位 }}", 34),
             ("人员", "{{ 行.经办人 }}", 20)],
        )  # fmt: skip
    paper.caption("节点")
    paper.listing(
        "节点",
        [("节点", "{{ 行.节点名称 }}", 46), ("期限", "{{ 行.约定日期 }}", 40), ("完成日期", "{{ 行.实际日期 }}", 40),
         ("状态", "{{ 行.状态 }}", 22)],
    )  # fmt: skip
    with paper.when("跟踪记录"):
        paper.caption("跟踪记录")
        paper.listing(
            "跟踪记录",
            [("日期", "{{ 行.跟踪日期 }}", 42), ("情况", "{{ 行.情况 }}", 64), ("进度", "{{ 行.进度 }}", 16),
             ("记录人", "{{ 行.跟踪人 }}", 20)],
        )  # fmt: skip
    paper.note("承办人：{{ 承办人 }}　　出具日期：{{ 成文日期 }}")
    paper.picture("位置图", "宗地位置示意图")


def disposal_list(paper: Paper) -> None:
    paper.head("闲置土地处置清单")
    paper.text(
        f"依照{MEASURES}，截至{{{{ 截止日期 }}}}，{{{{ 清单范围 }}}}列入处置清单的土地共{{{{ 宗数 }}}}宗，"
        "面积{{ 合计面积 }}平方米（合{{ 合计面积亩 }}亩）。较上期变化：{{ 较上期变化 }}。"
    )
    paper.gap()
    paper.listing(
        "清单",
        [("镇街", "{{ 行.所在镇街 }}", 15), ("宗地代码", "{{ 行.地块代码 }}", 42), ("合同编号", "{{ 行.合同号 }}", 34),
         ("权利人", "{{ 行.使用权人 }}", 31), ("坐落", "{{ 行.地块位置 }}", 26), ("面积\n（亩）", "{{ 行.用地面积亩 }}", 17),
         ("应动工\n日期", "{{ 行.应动工日期 }}", 19), ("闲置\n日数", "{{ 行.闲置日数 }}", 13), ("类型", "{{ 行.闲置类型 }}", 16),
         ("原因", "{{ 行.原因 }}", 20), ("阶段", "{{ 行.处置阶段 }}", 16), ("处置\n意见", "{{ 行.处置意见 }}", 20)],
        small=True,
    )  # fmt: skip
    paper.note("期号：{{ 期号 }}　　校验码：{{ 校验码 }}")
    paper.signature()


def _if_any(name: str) -> str:
    """The fact, or a dash where the plan's subject has none: a firm has no contract."""
    return f"{{% if {name} %}}{{{{ {name} }}}}{{% else %}}—{{% endif %}}"
