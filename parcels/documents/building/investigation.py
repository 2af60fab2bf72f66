"""Papers of the investigation and the finding: 《闲置土地处置办法》 art. 5-11.

Refuses to find anything by itself: facts, cause and conclusion are put in by the officer's case.
"""

from __future__ import annotations

from parcels.documents.building.common import (
    CAUSE,
    CONTRACT,
    LAND,
    MEASURES,
    attachments,
    parcel_table,
    remedies,
)
from parcels.documents.building.paper import Paper


def investigation_notice(paper: Paper) -> None:
    paper.head("闲置土地调查通知书")
    paper.to("{{ 权利人 }}")
    paper.text(CONTRACT)
    paper.text(
        "经初步核查，该宗地涉嫌构成闲置土地，依据是：{{ 疑似依据 }}。"
        f"根据{MEASURES}第五条、第六条和第七条的规定，我单位决定对该宗地开展调查核实。现将有关事项通知如下："
    )
    paper.heading("一、调查内容")
    paper.text(
        "该宗地的交付、动工开发、建设进度、投资完成情况，未动工开发或者中止开发建设的时间和原因，以及抵押、查封等权利限制情况。"
    )
    paper.heading("二、需要提交的材料和期限")
    paper.text(
        "请自接到本通知书之日起{{ 答复期限 }}内，书面提交以下材料：土地开发利用情况说明；有偿使用合同（划拨决定书）及补充协议、"
        "土地价款缴纳凭证、交地确认材料；立项、规划、施工许可等批准文件；已投资额的证明材料；闲置原因的说明及其证明材料。",
        f"认为属于{MEASURES}第八条所列政府、政府有关部门的行为或者不可抗力造成动工开发延迟的，应当同时提供相应的证明材料。",
    )
    paper.heading("三、权利和义务")
    paper.text(
        "你单位（个人）有权对涉嫌闲置的事实、原因进行陈述和申辩，有权要求与本案有利害关系的调查人员回避；应当配合询问、现场勘测、"
        "查阅和复制有关资料等调查工作，如实提供情况和材料。逾期不提供材料的，我单位将依据调查取得的证据依法作出认定。"
    )
    paper.contact()
    attachments(paper)
    paper.signature()
    paper.copies()
    parcel_table(paper)


def inquiry_record(paper: Paper) -> None:
    paper.head("询问笔录", numbered=False)
    paper.form(
        [
            ("案件编号", "{{ 案件编号 }}", "询问地点", "{{ 询问地点 }}"),
            ("开始时间", "{{ 询问开始时间 }}", "结束时间", "{{ 询问结束时间 }}"),
            ("询问人", "{{ 询问人 }}", "记录人", "{{ 记录人 }}"),
            ("被询问人", "{{ 被询问人 }}", "身份（职务）", "{{ 被询问人身份 }}"),
            ("权利人", "{{ 权利人 }}", "宗地代码", "{{ 宗地代码 }}"),
            ("坐落", "{{ 坐落 }}"),
        ]
    )
    paper.gap()
    paper.text(
        "告知：我们是{{ 发文机关 }}的工作人员，已向你出示执法证件。现依据"
        f"{MEASURES}第七条就涉嫌闲置土地的有关情况向你询问，请如实回答。你有权申请有利害关系的人员回避，有权进行陈述和申辩；"
        "对与本案无关的问题，你有权拒绝回答。"
    )
    with paper.every("问答"):
        paper.text("问：{{ 行.问 }}", "答：{{ 行.答 }}")
    paper.text("以上笔录我已看过（已向我宣读），与我所说的相符。")
    paper.gap()
    paper.signatures(
        [
            ("被询问人（签名）", "", "日期", "　　年　　月　　日"),
            ("询问人（签名）", "", "日期", "　　年　　月　　日"),
            ("记录人（签名）", "", "日期", "　　年　　月　　日"),
        ]
    )


def survey_record(paper: Paper) -> None:
    paper.head("现场勘测笔录", numbered=False)
    paper.form(
        [
            ("案件编号", "{{ 案件编号 }}", "勘测时间", "{{ 勘测时间 }}"),
            ("勘测人", "{{ 勘测人 }}", "记录人", "{{ 记录人 }}"),
            ("勘测方法", "{{ 勘测方法 }}", "见证人", "{{ 见证人 }}"),
            ("权利人", "{{ 权利人 }}", "宗地代码", "{{ 宗地代码 }}"),
            ("坐落", "{{ 坐落 }}"),
            ("登记面积", "{{ 面积 }}平方米", "应开发面积", "{{ 应开发面积 }}平方米"),
            ("已开发面积", "{{ 已开发面积 }}平方米", "所占比例", "{{ 开发面积比例 }}"),
            ("基础施工情况", "{{ 基础施工情况 }}"),
        ]
    )
    paper.tall(
        [
            ("勘测情况", "{{ 勘测情况 }}", 46),
            ("当事人意见", "（如对勘测情况有异议，请写明）", 20),
            ("签名", "勘测人：　　　　　　　　　　　记录人：\n当事人（代理人）：　　　　　　见证人：", 28),
        ]
    )
    paper.note(
        "当事人拒绝到场或者拒绝签名的，由勘测人在本笔录上注明情况，并由见证人签名。照片、录像编号附后。"
    )
    paper.picture("位置图", "勘测位置示意图")


def finding(paper: Paper) -> None:
    paper.head("闲置土地认定书")
    paper.to("{{ 权利人 }}")
    paper.text(
        "统一社会信用代码（身份证件号）：{{ 统一社会信用代码 }}；地址：{{ 权利人地址 }}；法定代表人：{{ 法定代表人 }}。"
    )
    paper.text(
        "我单位于{{ 调查通知日期 }}向你单位（个人）发出《闲置土地调查通知书》（{{ 调查通知书文号 }}），对"
        + LAND
        + "的开发利用情况进行了调查。现已调查终结，认定如下："
    )
    paper.heading("一、土地基本情况")
    paper.text(CONTRACT, "实际交付日期：{{ 实际交地日期 }}。")
    paper.heading("二、查明的事实和证据")
    paper.text("{{ 查明事实 }}", "以上事实，有下列证据证明：")
    paper.each("证据")
    paper.heading("三、陈述申辩及采纳情况")
    paper.text("{{ 陈述申辩 }}", "{{ 意见采纳情况 }}")
    paper.heading("四、闲置原因")
    paper.text(f"经核实，该宗地未按期开发利用的原因是：{CAUSE}。")
    paper.heading("五、认定结论")
    with paper.when('认定情形 == "不构成闲置"'):
        paper.text(f"该宗地不符合{MEASURES}第二条规定的条件，不构成闲置土地。")
        paper.otherwise()
        with paper.when('认定情形 == "中止开发"'):
            paper.text(
                "该宗地已动工开发，但已开发建设用地面积{{ 已开发面积 }}平方米，占应动工开发建设用地总面积的{{ 开发面积比例 }}，"
                "已投资额占总投资额的{{ 投资比例 }}，自{{ 停工日期 }}起中止开发建设满一年。"
            )
            paper.otherwise()
            paper.text(
                "该宗地自约定（规定）的动工开发日期{{ 约定动工日期 }}起，至{{ 满期日 }}已满一年未动工开发。"
            )
        paper.text(
            f"依照{MEASURES}{{{{ 认定条款 }}}}、第九条的规定，认定该宗地为闲置土地，闲置时间自{{{{ 闲置起算日期 }}}}起算，"
            "截至{{ 截止日期 }}共{{ 闲置天数 }}日。"
        )
    with paper.when('认定情形 != "不构成闲置"'):
        paper.text(f"依照{MEASURES}第十一条，我单位将公开该宗地的闲置信息，直至处置完毕。")
    remedies(paper, "认定书")
    paper.contact()
    paper.signature()
    paper.copies()
    parcel_table(paper)


def disclosure(paper: Paper) -> None:
    """Place, holder, idle time and cause; nothing else of the case is public (art. 11)."""
    paper.head("闲置土地信息公开表", numbered=False)
    paper.text(f"根据{MEASURES}第十一条，现将下列闲置土地信息向社会公开：")
    paper.gap()
    paper.tall(
        [
            ("位置", "{{ 坐落 }}", 16),
            ("国有建设用地\n使用权人名称", "{{ 权利人 }}", 16),
            ("闲置时间", "{{ 闲置时间 }}", 16),
            ("闲置原因", "{% if 闲置原因 %}{{ 闲置原因 }}{% else %}—{% endif %}", 20),
            ("公开渠道", "{{ 公开渠道 }}", 16),
            ("公开日期", "{{ 公开日期 }}起，至处置完毕时止", 16),
        ],
        label_mm=42,
    )
    paper.note(
        "属于政府、政府有关部门的行为造成土地闲置的，同时公开闲置原因。"
        "对以上信息有异议的，请与公开机关联系，电话：{{ 联系电话 }}。"
    )
    paper.signature()


def government_letter(paper: Paper) -> None:
    paper.head("关于告知闲置土地有关情况的函")
    paper.to("{{ 有关部门 }}")
    paper.text(
        "{{ 权利人 }}取得使用权的" + LAND + "，约定（规定）的动工开发日期为{{ 约定动工日期 }}，"
        "已由我单位认定为闲置土地（{{ 认定书文号 }}，{{ 认定日期 }}）。",
        "经调查核实，造成该宗地闲置的原因是：{{ 闲置原因 }}（{{ 原因条款 }}），与贵单位职责有关。"
        f"根据{MEASURES}第十一条，现将有关情况书面告知贵单位，我单位并将依法公开闲置原因。",
        "请贵单位采取措施消除影响该宗地动工开发的因素，支持依法处置闲置土地，并将处理意见和预计完成时间于收到本函之日起"
        "{{ 答复期限 }}内函复我单位。",
    )
    paper.contact()
    attachments(paper)
    paper.signature()
    paper.copies()
