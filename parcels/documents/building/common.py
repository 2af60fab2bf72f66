"""What many papers say alike: the land and its contract, the way to appeal, the table of the parcel.

Refuses to state a term as a number: every term is a fact that comes from the county's parameters.
"""

from __future__ import annotations

from parcels.documents.building.paper import Paper

LAND = (
    "位于{{ 坐落 }}、面积{{ 面积 }}平方米（合{{ 面积亩 }}亩）的国有建设用地"
    "（宗地代码：{{ 宗地代码 }}，电子监管号：{{ 电子监管号 }}）"
)
CONTRACT = (
    "根据《{{ 合同名称 }}》（编号：{{ 合同编号 }}，{{ 签订日期 }}签订或者核发），你单位（个人）取得"
    + LAND
    + "的使用权，用途为{{ 用途 }}，土地价款为{{ 土地价款 }}元（大写：{{ 土地价款大写 }}），"
    "约定（规定）{{ 约定交地日期 }}交付土地、{{ 约定动工日期 }}动工开发、{{ 约定竣工日期 }}竣工。"
)
# Of the holder's own cause art. 8 says nothing.
CAUSE = "{{ 闲置原因 }}（{{ 原因类别 }}{% if 原因条款 %}；依据：{{ 原因条款 }}{% endif %}）"
MEASURES = "《闲置土地处置办法》（国土资源部令第53号）"
URBAN_LAW = "《中华人民共和国城市房地产管理法》"
LAND_LAW = "《中华人民共和国土地管理法》"


def remedies(paper: Paper, what: str) -> None:
    """The way to appeal, which every decision has to name."""
    paper.text(
        f"如不服本{what}，可以自收到本{what}之日起{{{{ 复议期限 }}}}内依法向{{{{ 复议机关 }}}}申请行政复议，"
        f"也可以自收到本{what}之日起{{{{ 诉讼期限 }}}}内依法直接向{{{{ 管辖法院 }}}}提起行政诉讼。"
    )


def parcel_table(paper: Paper, *, new_page: bool = True) -> None:
    """The facts that head every file, as an annex."""
    if new_page:
        paper.new_page()
    paper.caption("宗地基本情况表")
    paper.form(
        [
            ("宗地代码", "{{ 宗地代码 }}", "不动产单元号", "{{ 不动产单元号 }}"),
            ("电子监管号", "{{ 电子监管号 }}", "合同编号", "{{ 合同编号 }}"),
            ("权利人", "{{ 权利人 }}"),
            ("统一社会信用代码", "{{ 统一社会信用代码 }}", "法定代表人", "{{ 法定代表人 }}"),
            ("权利人地址", "{{ 权利人地址 }}"),
            ("坐落", "{{ 坐落 }}"),
            ("面积", "{{ 面积 }}平方米（{{ 面积亩 }}亩）", "用途", "{{ 用途 }}"),
            ("供地方式", "{{ 供地方式 }}", "签订日期", "{{ 签订日期 }}"),
            ("土地价款", "{{ 土地价款 }}元", "实际交地日期", "{{ 实际交地日期 }}"),
            ("约定交地日期", "{{ 约定交地日期 }}", "约定动工日期", "{{ 约定动工日期 }}"),
            ("约定竣工日期", "{{ 约定竣工日期 }}", "承办人", "{{ 承办人 }}"),
        ]
    )
    paper.picture("位置图", "宗地位置示意图")


def attachments(paper: Paper) -> None:
    with paper.when("附件"):
        paper.text("附件：")
        paper.each("附件")
