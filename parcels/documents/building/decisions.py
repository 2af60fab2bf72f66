"""Papers of hearing, decision, service, enforcement and closing: 《闲置土地处置办法》 art. 14-18.

Refuses a decision without its remedies: body, court and terms stand in each, from the county's parameters.
"""

from __future__ import annotations

from parcels.documents.building.common import (
    CONTRACT,
    LAND,
    LAND_LAW,
    MEASURES,
    URBAN_LAW,
    parcel_table,
    remedies,
)
from parcels.documents.building.paper import Paper

FOUND = "我单位于{{ 认定日期 }}作出《闲置土地认定书》（{{ 认定书文号 }}），认定该宗地为闲置土地。"


def hearing_right(paper: Paper) -> None:
    paper.head("听证权利告知书")
    paper.to("{{ 权利人 }}")
    paper.text(CONTRACT, FOUND)
    paper.text("经查明：", "{{ 查明事实 }}", "该宗地闲置的原因是：{{ 闲置原因 }}（{{ 原因类别 }}）。")
    paper.text(
        f"依照{MEASURES}{{{{ 处置条款 }}}}的规定，我单位拟作出以下决定：{{{{ 拟作决定 }}}}。",
        f"根据{MEASURES}第十五条，你单位（个人）有申请听证的权利。要求听证的，应当自收到本告知书之日起"
        "{{ 听证申请期限 }}内书面提出；逾期未提出的，视为放弃听证权利。"
        "你单位（个人）还可以在同一期限内提出陈述、申辩意见。",
    )
    paper.contact()
    paper.signature()
    paper.copies()


def hearing_notice(paper: Paper) -> None:
    paper.head("听证通知书")
    paper.to("{{ 权利人 }}")
    paper.text(
        "根据你单位（个人）的申请，依照"
        f"{MEASURES}第十五条和《自然资源听证规定》，我单位决定就{{{{ 听证事项 }}}}举行听证。现将有关事项通知如下：",
        "一、听证时间：{{ 听证时间 }}。",
        "二、听证地点：{{ 听证地点 }}。",
        "三、听证主持人：{{ 听证主持人 }}；记录人：{{ 听证记录人 }}。",
        "四、你单位（个人）可以亲自参加听证，也可以委托一至二人代理。"
        "法定代表人应当携带身份证明；代理人应当携带授权委托书和身份证明。",
        "五、你单位（个人）有权申请听证主持人、记录人回避，有权进行陈述、"
        "申辩、举证和质证；申请证人作证的，应当在听证前提出名单。",
        "六、无正当理由不按时参加听证，又未事先说明理由的，视为放弃听证权利。",
        "本通知书在举行听证的{{ 听证通知期限 }}前送达。",
    )
    paper.contact()
    paper.signature()
    paper.copies()


def fee_decision(paper: Paper) -> None:
    paper.head("征缴土地闲置费决定书")
    _decided_against(paper)
    paper.heading("三、决定的依据和内容")
    paper.text(
        f"该宗地因你单位（个人）自身原因未动工开发满一年。依照{URBAN_LAW}第二十六条和{MEASURES}第十四条第（一）项的规定，"
        "经{{ 批准机关 }}批准（{{ 批准文号 }}，{{ 批准日期 }}），决定对你单位（个人）征缴土地闲置费："
    )
    paper.form(
        [
            ("计费基数", "土地出让（划拨）价款{{ 计费基数 }}元", "费率", "{{ 费率 }}"),
            ("应缴金额", "{{ 闲置费 }}元（大写：{{ 闲置费大写 }}）"),
            ("征收机关", "{{ 征收机关 }}", "缴款渠道", "{{ 缴款渠道 }}"),
        ]
    )
    paper.text("土地闲置费不得列入生产成本。")
    paper.heading("四、履行方式和期限")
    paper.text(
        f"依照{MEASURES}第十七条，请自本决定书送达之日起{{{{ 履行期限 }}}}内，向{{{{ 征收机关 }}}}缴清土地闲置费。"
        "土地闲置费自2021年7月1日起由税务部门征收（财税〔2021〕8号），我单位已将费源信息推送税务部门。"
        "逾期不缴纳的，依照第十八条申请人民法院强制执行。"
    )
    _remedies_and_end(paper)


def repossession_decision(paper: Paper) -> None:
    paper.head("收回国有建设用地使用权决定书")
    _decided_against(paper)
    paper.heading("三、决定的依据和内容")
    paper.text(
        f"该宗地因你单位（个人）自身原因未动工开发满二年。依照{LAND_LAW}第三十八条、"
        f"{URBAN_LAW}第二十六条和{MEASURES}第十四条第（二）项的规定，"
        "经{{ 批准机关 }}批准（{{ 批准文号 }}，{{ 批准日期 }}），决定无偿收回"
        + LAND
        + "的国有建设用地使用权。"
    )
    paper.heading("四、履行方式和期限")
    paper.text(
        f"依照{MEASURES}第十七条，请自本决定书送达之日起{{{{ 履行期限 }}}}内，到不动产登记机构办理国有建设用地使用权注销登记，"
        "交回权属证书（证书号：{{ 权属证书号 }}）。逾期不办理注销登记、不交回权属证书的，依照第十八条直接公告注销登记和权属证书，"
        "并可以申请人民法院强制执行。"
    )
    _remedies_and_end(paper)


def service_receipt(paper: Paper) -> None:
    paper.head("送达回证", numbered=False)
    paper.tall(
        [
            ("送达机关", "{{ 发文机关 }}", 12),
            ("送达文书", "{{ 送达文书 }}", 12),
            ("文号", "{{ 送达文书文号 }}", 12),
            ("受送达人", "{{ 受送达人 }}", 12),
            ("送达地点", "{{ 送达地点 }}", 12),
            ("送达方式", "{{ 送达方式 }}", 12),
            ("收到时间", "{{ 送达时间 }}", 12),
            ("受送达人\n签名或者盖章", "", 21),
            ("代收人\n签名或者盖章", "（代收人须注明与受送达人的关系和代收理由）", 21),
            ("见证人签名", "{{ 见证人 }}", 16),
            ("送达人签名", "{{ 送达人 }}", 16),
            ("备注", "（受送达人拒绝签收的，写明拒收的理由和日期，由见证人签名，附现场照片、录像）", 21),
        ],
        label_mm=42,
    )
    paper.note("各项期限自本回证记明的收到之日起计算。")


def dunning(paper: Paper) -> None:
    paper.head("履行行政决定催告书")
    paper.to("{{ 权利人 }}")
    paper.text(
        "我单位于{{ 决定日期 }}作出《{{ 决定书名称 }}》（{{ 决定书文号 }}），已于{{ 决定送达日期 }}送达你单位（个人）。"
        "履行期限已经届满，你单位（个人）至今未履行下列义务：{{ 履行义务 }}。",
        "{% if 未缴金额 %}尚未缴纳的金额为{{ 未缴金额 }}元（大写：{{ 未缴金额大写 }}），缴款渠道：{{ 缴款渠道 }}。{% endif %}"
        "根据《中华人民共和国行政强制法》第五十三条、第五十四条和"
        f"{MEASURES}第十八条，现催告你单位（个人）自收到本催告书之日起{{{{ 催告期限 }}}}内履行上述义务。"
        "逾期仍未履行的，我单位将依法申请人民法院强制执行。",
        "你单位（个人）收到本催告书后有权进行陈述和申辩。",
    )
    paper.contact()
    paper.signature()
    paper.copies()


def closing(paper: Paper) -> None:
    paper.head("闲置土地处置销号表", numbered=False)
    paper.form(
        [
            ("案件编号", "{{ 案件编号 }}", "认定书文号", "{{ 认定书文号 }}"),
            ("权利人", "{{ 权利人 }}"),
            ("宗地代码", "{{ 宗地代码 }}", "电子监管号", "{{ 电子监管号 }}"),
            ("坐落", "{{ 坐落 }}"),
            ("面积", "{{ 面积 }}平方米（{{ 面积亩 }}亩）", "镇街", "{{ 镇街 }}"),
            ("闲置原因", "{{ 闲置原因 }}"),
            ("处置方式", "{{ 处置方式 }}", "履行日期", "{{ 履行日期 }}"),
        ]
    )
    paper.tall(
        [
            ("处置结果", "{{ 处置结果 }}", 14),
            ("销号依据", "{{ 销号依据 }}", 16),
            ("镇街初验意见", "{{ 镇街意见 }}\n　　　　　　　　　　　　（盖章）　　年　　月　　日", 19),
            ("部门复核意见", "{{ 主管部门意见 }}\n　　　　　　　　　　　　（盖章）　　年　　月　　日", 19),
            ("审批意见", "{{ 政府意见 }}\n　　　　　　　　　　　　（盖章）　　年　　月　　日", 19),
            ("销号日期", "{{ 销号日期 }}", 10),
            ("回头看情况", "{{ 回头看情况 }}", 12),
        ],
        label_mm=36,
    )
    paper.note("承办人：{{ 承办人 }}　　填表日期：{{ 成文日期 }}")


def _decided_against(paper: Paper) -> None:
    paper.flush(
        "当事人：{{ 权利人 }}",
        "统一社会信用代码（身份证件号）：{{ 统一社会信用代码 }}",
        "地址：{{ 权利人地址 }}；法定代表人：{{ 法定代表人 }}",
    )
    paper.heading("一、土地基本情况")
    paper.text(CONTRACT, "实际交付日期：{{ 实际交地日期 }}。")
    paper.heading("二、违反法律、法规、规章的事实和证据")
    paper.text(
        FOUND,
        "经查明：",
        "{{ 查明事实 }}",
        "闲置原因：{{ 闲置原因 }}（{{ 原因类别 }}）。以上事实，有下列证据证明：",
    )
    paper.each("证据")
    paper.text(
        "我单位于{{ 听证告知日期 }}告知你单位（个人）有申请听证的权利。{{ 陈述申辩 }}",
        "{{ 意见采纳情况 }}",
    )


def _remedies_and_end(paper: Paper) -> None:
    paper.heading("五、申请行政复议或者提起行政诉讼的途径和期限")
    remedies(paper, "决定")
    paper.text("逾期不申请行政复议、不提起行政诉讼，又不履行本决定的，我单位将依法申请人民法院强制执行。")
    paper.contact()
    paper.signature()
    paper.copies()
    parcel_table(paper)
