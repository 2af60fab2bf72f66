"""The menu of the top bar: which pages there are, under which heading, and the right that each needs.

Refuses to show a heading under which nobody may go anywhere. Titles are Chinese here and translated where they are shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

from landgis.access.queries import Actor
from landgis.access.rules import IMPORT_DATA, VIEW_FIRM_FIGURES, VIEW_MAP, VIEW_PARAMETERS, VIEW_PLANS


@dataclass(frozen=True, slots=True)
class Entry:
    """A page: its key, address and Chinese title, and the right without which it isn't shown."""

    key: str
    url: str
    title: str
    right: str = VIEW_MAP


@dataclass(frozen=True, slots=True)
class Group:
    """Pages under one heading; a single page without a heading stands in the bar itself."""

    title: str
    entries: tuple[Entry, ...]

    @property
    def urls(self) -> frozenset[str]:
        return frozenset(entry.url for entry in self.entries)


NAVIGATION = (
    Group(
        "",
        (Entry("workspace", "/", _("地图")),),
    ),
    Group(
        _("闲置土地"),
        (
            Entry("idle-land", "/idle-land/", _("疑似闲置清单")),
            Entry("cases", "/idle-land/cases/", _("处置案件")),
            Entry("deadlines", "/idle-land/deadlines/", _("办理期限")),
            Entry("services", "/idle-land/services/", _("文书送达")),
            Entry("fees", "/idle-land/fees/", _("土地闲置费")),
            Entry("disposal-lists", "/idle-land/disposal-lists/", _("处置清单")),
            Entry("phases", "/supply/phases/", _("合同分期")),
            Entry("field-reports", "/field-reports/", _("现场核查")),
            Entry("milestones", "/milestones/", _("标准地节点")),
            Entry("plans", "/plans/", _("一企一策"), VIEW_PLANS),
            Entry("land-states", "/land-states/", _("供地利用状态")),
        ),
    ),
    Group(
        _("亩均评价"),
        (
            Entry("land-use", "/land-use/", _("企业用地")),
            Entry("returns", "/returns/", _("企业数据"), VIEW_FIRM_FIGURES),
            Entry("evaluations", "/evaluation/", _("年度评价")),
            Entry("evaluation-facts", "/evaluation/facts/", _("评价事项"), VIEW_FIRM_FIGURES),
            Entry("firm-years", "/evaluation/firm-years/", _("企业年度信息"), VIEW_FIRM_FIGURES),
            Entry("schemes", "/evaluation/schemes/", _("评价方案")),
            Entry("evaluation-maps", "/evaluation/maps/", _("专题地图")),
            Entry("evaluation-charts", "/evaluation/charts/", _("统计图表")),
            Entry("evaluation-areas", "/evaluation/tables/", _("评价汇总表")),
            Entry("area-sheet", "/evaluation/areas/", _("范围情况表")),
        ),
    ),
    Group(
        _("低效用地"),
        (
            Entry("wall", "/wall/", _("挂图作战")),
            Entry("control-line", "/control-line/", _("工业用地控制线")),
            Entry("clusters", "/clusters/", _("连片低效用地")),
            Entry("low-efficiency", "/low-efficiency/", _("高耗低效企业")),
            Entry("low-efficiency-weekly", "/low-efficiency/weekly/", _("每周通报")),
            Entry("two-high", "/low-efficiency/two-high/", _("“两高”项目")),
            Entry("policy", "/policy/", _("差别化政策")),
            Entry("ancillary", "/ancillary/", _("配套用地")),
            Entry("campaigns", "/campaigns/", _("攻坚台账")),
            Entry("remediation", "/campaigns/remediation/", _("整治提升项目")),
            Entry("revitalisation", "/campaigns/revitalisation/", _("盘活项目")),
            Entry("tasks", "/tasks/", _("任务清单")),
            Entry("reports", "/reports/", _("通报")),
        ),
    ),
    Group(
        _("管理"),
        (
            Entry("imports", "/imports/tables/", _("导入表格"), IMPORT_DATA),
            Entry("parameters", "/parameters/", _("规则参数"), VIEW_PARAMETERS),
        ),
    ),
)


def standing_at(path: str) -> str:
    """The address of the entry that a page belongs to: the longest that its own begins with; empty where none does."""
    urls = [entry.url for group in NAVIGATION for entry in group.entries]
    return max(
        (url for url in urls if path == url or (url != "/" and path.startswith(url))), key=len, default=""
    )


def navigation(actor: Actor) -> list[Group]:
    """What of the menu the actor may use."""
    shown = [
        Group(g.title, tuple(entry for entry in g.entries if actor.may(entry.right))) for g in NAVIGATION
    ]
    return [group for group in shown if group.entries]


def home(menu: Sequence[Group]) -> Entry | None:
    """Where the work of whoever has this menu begins: the map for who may see it, else its first page, if there is one."""
    return next((entry for group in menu for entry in group.entries), None)
