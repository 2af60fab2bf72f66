"""An issue of a report as facts: its figures by town, the rows behind each, its text and hash, and what differs between two.

Refuses a figure without a meaning: what nothing in the system knows stays empty and says why, and is never reckoned as 0.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

FORMAT = "landgis.report.1"
# Since 2: overdue tasks count among what is overdue, and the 高耗低效 firms stand in each report.
# Since 3: the plan's other counts, the industrial share of the year's land supply, the control line, and what the files of
# inefficient firms ask for among what is overdue.
RULE_VERSION = "reports-3"
KINDS: dict[str, str] = {"weekly": "周通报", "monthly": "月监测", "quarterly": "季通报", "yearly": "年考核"}
WHOLE = ""  # the county's own row stands beside the towns under this code
UNPLACED = "-"  # rows that lie in no town


@dataclass(frozen=True, slots=True)
class Figure:
    """A column: title, unit, what it counts; `summed` ones are the sum of their rows' parts, the others follow from them."""

    key: str
    title: str
    unit: str
    meaning: str
    summed: bool = True


def _ledger(key: str, title: str) -> tuple[Figure, ...]:
    return (
        Figure(
            f"{key}_target_mu",
            f"{title}目标",
            "亩",
            "截止日现行的目标，任务期满而没有新目标的为期满的目标；镇街为分解数",
            summed=False,
        ),
        Figure(f"{key}_mu", f"{title}完成", "亩", "截止日止在目标期内入账的面积，冲销按其日期扣减"),
        Figure(
            f"{key}_after_mu", f"{title}期满后入账", "亩", "任务期满后、新目标生效前入账的面积，不计入完成"
        ),
        Figure(f"{key}_rate", f"{title}完成率", "%", "完成 ÷ 目标", summed=False),
        Figure(f"{key}_due_mu", f"{title}序时应完成", "亩", "目标按日历天数折算到截止日", summed=False),
        Figure(f"{key}_ratio", f"{title}序时进度比", "%", "完成 ÷ 序时应完成", summed=False),
        Figure(f"{key}_light", f"{title}进度灯", "", "绿、黄、红按序时进度比与参数界限判定", summed=False),
        Figure(f"{key}_outlook", f"{title}预计", "", "按目标期开始以来的平均速度推算", summed=False),
        Figure(f"{key}_reached_on", f"{title}预计完成日期", "", "目标天数 × 目标 ÷ 完成", summed=False),
    )


# The tables of a report: each fits a page.
GROUPS: dict[str, tuple[Figure, ...]] = {
    "整治提升清单": (
        Figure("listed", "清单数", "个", "整治提升台账中截止日仍有效的项目"),
        Figure("agreements", "已签监管协议数", "个", "其中监管协议阶段有效的项目"),
        Figure("agreement_rate", "监管协议签订率", "%", "已签监管协议数 ÷ 清单数", summed=False),
        Figure("closed", "整治完成（销号）数", "个", "其中已销号的项目"),
        Figure("closed_rate", "销号率", "%", "销号数 ÷ 清单数", summed=False),
        Figure("new_listed", "本期新增", "个", "其中立项日期在本期内的项目"),
        Figure("energy_tce", "上年用能", "吨标煤", "企业上一年度年报的综合能耗，按所在镇街；不足保密家数的不列", summed=False),
    ),
    "高耗低效企业": (
        Figure("firms_listed", "高耗低效企业", "家", "截止日列入年度清单的高耗低效企业"),
        Figure("firms_agreements", "高耗低效已签协议", "家", "其中已签监管协议的企业"),
        Figure("firms_agreement_rate", "高耗低效签约率", "%", "已签监管协议 ÷ 高耗低效企业", summed=False),
        Figure("firms_ended", "高耗低效销号、关停", "家", "其中已销号或者关停的企业"),
        Figure("firms_ended_rate", "高耗低效销号率", "%", "销号、关停 ÷ 高耗低效企业", summed=False),
        Figure("firms_new", "高耗低效本期新增", "家", "其中本期列入清单的企业"),
        Figure("firms_ended_mu", "高耗低效销号亩数", "亩", "销号、关停企业的用地；不足保密家数的不列", summed=False),
        Figure("firms_kwh", "高耗低效本期用电", "千瓦时", "本期内各周跟踪填报的用电量；不足保密家数的不列", summed=False),
    ),
    "低效用地整治": (
        *_ledger("remediation", "低效用地"),
        Figure("rank", "排名", "", "按低效用地完成率由高到低，并列同名次", summed=False),
    ),
    "存量盘活": (
        *_ledger("revitalisation", "盘活"),
    ),
    "闲置土地和逾期": (
        Figure("suspected", "疑似闲置宗数", "宗", "截止日的事实按规则筛查为满一年未动工、中止建设满一年的合同分期"),
        Figure("suspected_mu", "疑似闲置面积", "亩", "上述分期的供地面积；没有面积的不计"),
        Figure("idle", "闲置在办宗数", "宗", "截止日尚未销号、未认定为不构成闲置的处置案件"),
        Figure("idle_mu", "闲置在办面积", "亩", "上述案件的供地面积；没有面积的不计"),
        Figure("idle_new", "本期新立案", "宗", "立案日期在本期内的处置案件"),
        Figure("idle_disposed", "本期已处置", "宗", "销号日期在本期内的处置案件"),
        Figure("overdue_starts", "逾期未动工", "宗", "过约定动工日期不满一年尚未动工的合同分期"),
        Figure("overdue_tasks", "逾期事项", "项", "闲置处置逾期的办理期限、过计划完成日期尚未完成的项目、逾期的攻坚任务，"
               "高耗低效企业逾期的回头看，有企业未按周跟踪的镇街各一项"),
    ),
    "土地供应和控制线": (
        Figure("supply_contracts", "本年出让合同", "份", "截止日所在年份签订、按参数计入出让总量的供地合同"),
        Figure("supply_mu", "本年出让面积", "亩", "上述合同的面积；没有面积的不计"),
        Figure("supply_industrial_mu", "其中工业用地", "亩", "用途在参数的工业用途清单中的"),
        Figure("supply_unclassified_mu", "其中未归类", "亩", "用途或者供应方式不在参数清单中的，待核"),
        Figure("supply_share", "工业用地占比", "%", "工业用地 ÷ 本年出让面积；目标按全县全年考核", summed=False),
        Figure("line_other", "线内非工业用地", "宗", "截止日在控制线内、非工业地类且没有批准调出的宗地"),
        Figure("line_other_mu", "线内非工业面积", "亩", "上述宗地在控制线内的面积"),
    ),
}  # fmt: skip
FIGURES: tuple[Figure, ...] = tuple(figure for group in GROUPS.values() for figure in group)
MEASURED = ("亩", "吨标煤", "千瓦时", "%")  # units of figures that are no counts
BY_KEY: dict[str, Figure] = {figure.key: figure for figure in FIGURES}
SUMMED = tuple(figure.key for figure in FIGURES if figure.summed)
LIGHTS = {"green": "绿", "yellow": "黄", "red": "红", "none": "无目标"}


@dataclass(frozen=True, slots=True)
class Item:
    """A row behind the figures (a project, a credit, a case, a phase, a term, a task, a firm) and its part of each figure.

    `parts`: figure → exact decimal text. Codes only: no name of a firm or a person stands in an issue.
    `ground`: of a credit, parcel → ㎡ credited of it, as it was when the credit was recorded.
    """

    kind: str
    key: str
    title: str
    town_code: str
    parcels: tuple[str, ...]
    state: str
    parts: Mapping[str, str]
    ground: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        told = asdict(self) | {"parcels": list(self.parcels), "parts": dict(self.parts)}
        told.pop("ground")
        return told | ({"ground": dict(self.ground)} if self.ground else {})

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Item:
        return cls(**{**kept, "parcels": tuple(kept["parcels"])})


class Period(NamedTuple):
    """The days that “本期” means, both included."""

    first: date
    last: date


def period_to(kind: str, on: date) -> Period:
    """The seven days, the month, the quarter or the year that end on the cut-off day."""
    if kind == "weekly":
        return Period(on - timedelta(days=6), on)
    month = {"monthly": on.month, "quarterly": (on.month - 1) // 3 * 3 + 1}.get(kind, 1)
    return Period(date(on.year, month, 1), on)


def groups_of(towns: Iterable[Mapping[str, Any]]) -> dict[str, tuple[Figure, ...]]:
    """The tables that rows of towns fill; an issue of an earlier rule doesn't know them all."""
    known = {key for row in towns for key in row["figures"]}
    return {title: group for title, group in GROUPS.items() if any(figure.key in known for figure in group)}


def sums_by_town(items: Iterable[Item]) -> dict[str, dict[str, Decimal]]:
    """Town → figure → the exact sum of its rows' parts."""
    found: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for item in items:
        for figure, part in item.parts.items():
            found[item.town_code or UNPLACED][figure] += Decimal(part)
    return found


def counting(items: Iterable[Item], figure: str, town: str) -> list[Item]:
    """The rows that a figure of a town counts, all towns under WHOLE."""
    return [
        item
        for item in items
        if figure in item.parts and (town == WHOLE or (item.town_code or UNPLACED) == town)
    ]


def counted(parts: Mapping[str, bool]) -> dict[str, str]:
    """The figures that a row counts one in."""
    return {figure: "1" for figure, holds in parts.items() if holds}


def exact(value: Decimal | int) -> str:
    """A figure as text that reads back as the same figure; no exponent, no idle zeros."""
    text = format(Decimal(value), "f")
    return text.rstrip("0").rstrip(".") or "0" if "." in text else text


def share(part: Decimal, whole: Decimal | None) -> str | None:
    """A percentage to two decimals, half up; none where there is nothing to divide by."""
    if not whole:
        return None
    return exact((part * 100 / whole).quantize(Decimal("0.01"), rounding="ROUND_HALF_UP"))


def canonical(content: Mapping[str, Any]) -> str:
    """The issue's content as JSON with sorted keys and no blanks: what is kept, handed out and hashed."""
    return json.dumps(
        {"format": FORMAT, **content}, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )


def fingerprint(text: str) -> str:
    """SHA-256 of the canonical text in UTF-8, in hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


class FigureChange(NamedTuple):
    """A figure of a town that two issues state differently."""

    town_code: str
    town: str
    figure: Figure
    before: str | None
    after: str | None

    @property
    def difference(self) -> Decimal | None:
        try:
            return Decimal(self.after or "") - Decimal(self.before or "")
        except ArithmeticError:
            return None


class ItemChange(NamedTuple):
    """A row that only one issue has (`before` or `after` is None), or that they state differently."""

    before: Item | None
    after: Item | None

    @property
    def what(self) -> str:
        if self.before is None:
            return "新增"
        return "移出" if self.after is None else "变化"

    @property
    def item(self) -> Item:
        found = self.after or self.before
        if found is None:
            raise ValueError("a change of no row")
        return found

    @property
    def told(self) -> str:
        """What differs, in words: state, town, parcels and figures."""
        if self.before is None or self.after is None:
            return self.item.state
        old, new = self.before, self.after
        facts = [
            ("状态", old.state, new.state), ("镇街", old.town_code, new.town_code),
            ("宗地", "、".join(old.parcels), "、".join(new.parcels)),
            *((BY_KEY[key].title, old.parts.get(key, "0"), new.parts.get(key, "0"))
              for key in BY_KEY if key in old.parts or key in new.parts),
        ]  # fmt: skip
        return "；".join(f"{name} {was or '—'} → {now or '—'}" for name, was, now in facts if was != now)


class ParcelChange(NamedTuple):
    """A parcel of which two issues state something else: what, in the one and in the other (None: nothing)."""

    parcel: str
    facts: tuple[tuple[str, str | None, str | None], ...]

    @property
    def what(self) -> str:
        if all(was is None for _, was, _ in self.facts):
            return "新增"
        return "移出" if all(now is None for _, _, now in self.facts) else "变化"

    @property
    def told(self) -> str:
        return "；".join(f"{name} {was or '—'} → {now or '—'}" for name, was, now in self.facts)


def compare_figures(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[FigureChange]:
    """The figures of two contents that differ, the county's first; a town that one of them lacks counts as empty."""
    old, new = _rows(before), _rows(after)
    return [
        FigureChange(code, (new.get(code) or old[code])["name"], figure, was, now)
        for code in sorted({*old, *new}, key=lambda code: (code != WHOLE, code == UNPLACED, code))
        for figure in FIGURES
        if _states(old, code, figure.key) and _states(new, code, figure.key)
        for was, now in [
            (
                _figures(old, code).get(figure.key),
                _figures(new, code).get(figure.key),
            )
        ]
        if was != now
    ]


def compare_items(before: Sequence[Item], after: Sequence[Item]) -> list[ItemChange]:
    """Row by row, by kind and key: what came, what went, what changed."""
    old, new = ({(item.kind, item.key): item for item in items} for items in (before, after))
    pairs = (ItemChange(old.get(key), new.get(key)) for key in sorted({*old, *new}))
    return [pair for pair in pairs if pair.before != pair.after]


def compare_parcels(before: Sequence[Item], after: Sequence[Item]) -> list[ParcelChange]:
    """Parcel by parcel: the ㎡ credited of each in each ledger, and the state of every row that lies on it."""
    old, new = _by_parcel(before), _by_parcel(after)
    found = []
    for parcel in sorted({*old, *new}):
        was, now = old.get(parcel, {}), new.get(parcel, {})
        facts = tuple(
            (name, was.get(name), now.get(name))
            for name in sorted({*was, *now})
            if was.get(name) != now.get(name)
        )
        if facts:
            found.append(ParcelChange(parcel, facts))
    return found


def _by_parcel(items: Iterable[Item]) -> dict[str, dict[str, str]]:
    told: dict[str, dict[str, str]] = defaultdict(dict)
    credited: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for item in items:
        for parcel, part in item.ground.items():
            for figure in item.parts:
                credited[parcel, figure] += Decimal(part)
        if not item.ground:
            for parcel in item.parcels:
                told[parcel][f"{item.key} {item.title}"] = item.state
    for (parcel, figure), sum_m2 in credited.items():
        if sum_m2:  # a credit and its reversal leave nothing
            told[parcel][f"{BY_KEY[figure].title}（㎡）"] = exact(sum_m2)
    return told


def _rows(content: Mapping[str, Any]) -> dict[str, Any]:
    return {row["code"]: row for row in content["towns"]}


def _states(rows: Mapping[str, Any], code: str, key: str) -> bool:
    """Whether an issue of its time knew the figure; a town that it lacks is said to lack everything."""
    return code not in rows or key in rows[code]["figures"]


def _figures(rows: Mapping[str, Any], code: str) -> Mapping[str, str | None]:
    found: Mapping[str, str | None] = rows[code]["figures"] if code in rows else {}
    return found
