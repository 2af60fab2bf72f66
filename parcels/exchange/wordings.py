"""The wordings that several delivered tables share: names of firms, parcels and contracts, and of dates.

Refuses to know a table: which wording means which field is said where the table is described.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import product

ZERO = Decimal(0)
_WHEN = ("时间", "日期", "", "日", "年月日")


def names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def dates(prefixes: str, acts: str, *more: str) -> tuple[str, ...]:
    """Every wording of a date: 约定动工日期, 合同约定开工时间 …; 约定时间 above 开工 in merged headings."""
    agreed, done = prefixes.split(), acts.split()
    words = [f"{p}{a}{w}" for w, p, a in product(_WHEN, agreed, done)]
    merged = [f"{p}{w}{a}{v}" for w, v, p, a in product(_WHEN, _WHEN, agreed, done) if w]
    return (*words, *more, *merged)


DELIVERY = "交地 交付土地 土地交付 交付 移交"
START = "动工 开工 动工开发 开工建设 动工建设"
COMPLETION = "竣工 竣工验收 完工"
AGREED = "约定 合同约定 规定 约定的 合同规定 合同约定的 应 出让合同约定"
ACTUAL = "实际 实际的"

USCC = names(
    "统一社会信用代码 社会信用代码 统一信用代码 信用代码 统一代码 统一社会信用代码/组织机构代码 "
    "企业统一社会信用代码 单位统一社会信用代码 纳税人识别号 tyshxydm creditcode uscc"
)
FIRM = names("企业名称 单位名称 公司名称 用地企业 企业 单位详细名称 纳税人名称 名称 qymc enterprisename")
PARCEL = names("宗地代码 宗地编码 宗地统一编码 宗地号 宗地编号 地块编号 地块号 zddm parcelcode")
TOWN = names("所属镇街 镇街 所属乡镇 乡镇 所属街道 所在镇街 乡镇街道 镇(街道) 属地 xzjd town")
SUPERVISION = names(
    "电子监管号 监管号 电子监管编号 供地电子监管号 电子监管号/宗地编号 宗地编号/电子监管号 宗地编号(电子监管号) "
    "宗地编号或电子监管号 电子监管代码 合同电子监管号 土地电子监管号 dzjgh electronicsupervisionnumber"
)
CONTRACT = names(
    "合同编号 合同号 出让合同编号 出让合同号 土地出让合同编号 合同编号/划拨决定书编号 合同或决定书编号 "
    "划拨决定书编号 划拨决定书号 国有建设用地使用权出让合同编号 htbh contractnumber contractno"
)
PHASE = names("分期 期数 期次 开发期数 分期序号 第几期 phase")
EVIDENCE = names(
    "证据材料 证据 佐证材料 证明材料 依据材料 依据 依据文件 文件依据 凭证 附件 附件材料 照片 现场照片 资料来源 来源 evidence"
)
