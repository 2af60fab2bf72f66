"""Arts. 12 to 15, 25 of《闲置土地处置办法》as a table: finding × cause × facts → which disposal results the law allows.

Refuses to choose: it says of each result whether it is open, and of a closed one why, by which article, and what would
open it. Fee and repossession exist for land not started through the holder's own cause, and for nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal, NamedTuple

from landgis.lib.deadlines import FullTerm, full_years_on
from landgis.lib.workdays import PUBLISHED, WorkCalendar
from parcels.idle_land.causes import CLASS_TITLES, CauseClass

Result = Literal["idle_not_started", "idle_stopped", "not_idle"]
Mode = Literal["extend", "adjust", "temporary", "paid_return", "swap", "other", "fee", "repossession"]

_STATUTE = "《闲置土地处置办法》"
_ART_12 = _STATUTE + "第十二条第一款"
CENT = Decimal("0.01")

RESULT_TITLES: dict[Result, str] = {
    "idle_not_started": "闲置土地（满一年未动工）",
    "idle_stopped": "闲置土地（中止建设满一年）",
    "not_idle": "不构成闲置土地",
}
ART_12_MODES: tuple[Mode, ...] = ("extend", "adjust", "temporary", "paid_return", "swap", "other")
PENALTIES: tuple[Mode, ...] = ("fee", "repossession")
# Art. 12: after all but a paid return, the start clock runs anew from what was agreed.
RESTARTS: frozenset[Mode] = frozenset(ART_12_MODES) - {"paid_return"}


@dataclass(frozen=True, slots=True)
class RouteParameters:
    """What the table reads from the county's dated parameters; the defaults are the statute's."""

    fee_rate: Decimal = Decimal("0.20")
    fee_years: int = 1
    repossession_years: int = 2
    fee_after_repossession_years: bool = True
    extension_years: int = 1
    temporary_years: int = 2
    roll_over_rest_days: bool = True
    working: WorkCalendar = PUBLISHED

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any]) -> RouteParameters:
        known, base = frozenset(values), cls()

        def stated(name: str) -> Any:
            key = f"idle_land.{name}"
            return values[key] if key in known else getattr(base, name)

        return cls(
            fee_rate=Decimal(str(stated("fee_rate"))),
            fee_years=int(stated("fee_years")),
            repossession_years=int(stated("repossession_years")),
            fee_after_repossession_years=bool(stated("fee_after_repossession_years")),
            extension_years=int(stated("extension_years")),
            temporary_years=int(stated("temporary_years")),
            roll_over_rest_days=bool(stated("roll_over_rest_days")),
            working=WorkCalendar.from_mapping(values),
        )


@dataclass(frozen=True, slots=True)
class RouteFacts:
    """What the table reads of a case on the day `on`; None means that it isn't known."""

    on: date
    result: Result
    cause: CauseClass
    agreed_start: date | None = None
    registered: bool = False
    mortgaged: bool = False
    seized: bool = False
    price_paid: bool | None = None
    plan_changed: bool | None = None


class Closed(NamedTuple):
    """Why a result isn't open: for programs, by which article, in words, and what would open it."""

    code: str
    article: str
    reason: str
    remedy: str


class Option(NamedTuple):
    """One result of the table for one case: open when nothing closes it; `duties` go with it all the same."""

    mode: Mode
    title: str
    article: str
    closed: tuple[Closed, ...]
    duties: tuple[str, ...]
    restarts_clock: bool

    @property
    def allowed(self) -> bool:
        return not self.closed


@dataclass(frozen=True, slots=True)
class Bar:
    """One reason that closes results: when it applies, and the words for it (made from the case)."""

    code: str
    article: str
    applies: Callable[[RouteFacts, RouteParameters], bool]
    reason: Callable[[RouteFacts, RouteParameters], str]
    remedy: str


@dataclass(frozen=True, slots=True)
class Route:
    """One row of the table."""

    mode: Mode
    title: str
    article: str
    bars: tuple[Bar, ...]


def full_years_over(facts: RouteFacts, years: int, parameters: RouteParameters) -> bool | None:
    """Whether the full years since the agreed start are over on the day: after their last day, not on it."""
    term = term_of(facts, years, parameters)
    return None if term is None else facts.on > term.rolled


def term_of(facts: RouteFacts, years: int, parameters: RouteParameters) -> FullTerm | None:
    if facts.agreed_start is None:
        return None
    return full_years_on(facts.agreed_start, years, parameters.roll_over_rest_days, parameters.working)


def _not_over(name: str) -> Callable[[RouteFacts, RouteParameters], bool]:
    return lambda f, p: full_years_over(f, getattr(p, name), p) is not True


def _years_reason(name: str) -> Callable[[RouteFacts, RouteParameters], str]:
    def reason(facts: RouteFacts, parameters: RouteParameters) -> str:
        years = getattr(parameters, name)
        term = term_of(facts, years, parameters)
        if term is None:
            return f"动工日期无从确定，不能判断是否满 {years} 年"
        return f"约定动工 {facts.agreed_start}，满 {years} 年为 {term.rolled}，{facts.on} 尚未满期"

    return reason


_NOT_IDLE = Bar(
    "not_idle",
    _STATUTE + "第二条",
    lambda f, p: f.result == "not_idle",
    lambda f, p: "调查结论为不构成闲置土地，没有可以处置的对象",
    "请直接办理销号；如认定有误，请先撤销认定并重新认定。",
)
_UNREGISTERED = Bar(
    "unregistered",
    _STATUTE + "第二十五条",
    lambda f, p: not f.registered,
    lambda f, p: "闲置土地信息未录入土地市场动态监测与监管系统，不得按第十二条处置",
    "请先完成监测监管系统登记并录入登记编号。",
)
_OWN_CAUSE = Bar(
    "own_cause",
    _STATUTE + "第十二条、第十四条",
    lambda f, p: f.result == "idle_not_started" and f.cause == "own",
    lambda f, p: "未动工且属企业自身原因，应按第十四条征缴土地闲置费或者无偿收回",
    "如另有第八条规定的原因，请补充证据并重新认定原因。",
)
_CAUSE_UNKNOWN = Bar(
    "cause_unknown",
    _STATUTE + "第十条",
    lambda f, p: f.result == "idle_not_started" and not f.cause,
    lambda f, p: "认定书没有载明闲置原因，无从确定处置方式",
    "请先查明并在认定书中写明闲置原因。",
)
_STOPPED = Bar(
    "stopped",
    _STATUTE + "第十三条、第十四条",
    lambda f, p: f.result == "idle_stopped",
    lambda f, p: "已动工后中止建设的闲置土地只能按第十二条处置，不得征缴土地闲置费或者无偿收回",
    "请在第十二条规定的方式中选择。",
)
_EXCUSED = Bar(
    "excused",
    _STATUTE + "第八条、第十四条；《城市房地产管理法》第二十六条",
    lambda f, p: f.result == "idle_not_started" and f.cause not in ("own", ""),
    lambda f, p: f"闲置原因含{CLASS_TITLES[f.cause]}，属除外情形，不得征缴土地闲置费或者无偿收回",
    "请在第十二条规定的方式中选择。",
)
_FEE_TOO_LATE = Bar(
    "repossession_due",
    _STATUTE + "第十四条第一款第二项",
    lambda f, p: not p.fee_after_repossession_years and full_years_over(f, p.repossession_years, p) is True,
    lambda f, p: f"已满 {p.repossession_years} 年，应当无偿收回",
    "请改为无偿收回国有建设用地使用权。",
)
_SWAP_UNPAID = Bar(
    "price_unpaid",
    _ART_12 + "第五项",
    lambda f, p: f.price_paid is not True,
    lambda f, p: "置换须已缴清土地价款、落实项目资金，现未见缴清记录",
    "请补充价款缴清和资金落实的证明。",
)
_SWAP_NO_CHANGE = Bar(
    "plan_unchanged",
    _ART_12 + "第五项",
    lambda f, p: f.plan_changed is not True,
    lambda f, p: "置换限于因规划依法修改造成闲置的土地，现未见规划修改的依据",
    "请补充规划修改文件，或者选择其他方式。",
)
_TO_ART_12 = (_NOT_IDLE, _CAUSE_UNKNOWN, _OWN_CAUSE, _UNREGISTERED)
_TO_ART_14 = (_NOT_IDLE, _STOPPED, _CAUSE_UNKNOWN, _EXCUSED)


def _too_early(name: str, item: str) -> Bar:
    return Bar(
        "too_early",
        _STATUTE + f"第十四条第一款第{item}项",
        _not_over(name),
        _years_reason(name),
        "请在满期次日以后办理，或者先补充约定动工日期、实际交地日期。",
    )


ROUTES: tuple[Route, ...] = (
    Route("extend", "延长动工开发期限", _ART_12 + "第一项", _TO_ART_12),
    Route("adjust", "调整土地用途、规划条件", _ART_12 + "第二项", _TO_ART_12),
    Route("temporary", "由政府安排临时使用", _ART_12 + "第三项", _TO_ART_12),
    Route("paid_return", "协议有偿收回", _ART_12 + "第四项", _TO_ART_12),
    Route("swap", "置换土地", _ART_12 + "第五项", (*_TO_ART_12, _SWAP_UNPAID, _SWAP_NO_CHANGE)),
    Route("other", "其他处置方式", _ART_12 + "第六项", _TO_ART_12),
    Route(
        "fee",
        "征缴土地闲置费",
        _STATUTE + "第十四条第一款第一项",
        (*_TO_ART_14, _too_early("fee_years", "一"), _FEE_TOO_LATE),
    ),
    Route(
        "repossession",
        "无偿收回国有建设用地使用权",
        _STATUTE + "第十四条第一款第二项",
        (*_TO_ART_14, _too_early("repossession_years", "二")),
    ),
)
MODE_TITLES: dict[Mode, str] = {route.mode: route.title for route in ROUTES}


def options(facts: RouteFacts, parameters: RouteParameters) -> tuple[Option, ...]:
    """Every result of the table with what closes it for this case on its day."""
    return tuple(_option(route, facts, parameters) for route in ROUTES)


def option(mode: str, facts: RouteFacts, parameters: RouteParameters) -> Option | None:
    """One result of the table; None for a mode that the law doesn't know."""
    return next((_option(route, facts, parameters) for route in ROUTES if route.mode == mode), None)


class Fee(NamedTuple):
    """The idle fee: its base (the price), the rate, and the amount in 元 to the 分."""

    base_yuan: Decimal
    rate: Decimal
    amount_yuan: Decimal


def fee(base_yuan: Decimal, rate: Decimal) -> Fee:
    """Art. 14(1): the rate on the 出让/划拨价款, rounded half up to the 分; raises ValueError without a proper base."""
    if not base_yuan.is_finite() or base_yuan <= 0:
        raise ValueError("the base of the fee is a positive amount")
    if not 0 < rate <= 1:
        raise ValueError("the rate of the fee is a part of the base")
    return Fee(base_yuan, rate, (base_yuan * rate).quantize(CENT, ROUND_HALF_UP))


def _option(route: Route, facts: RouteFacts, parameters: RouteParameters) -> Option:
    closed = tuple(
        Closed(bar.code, bar.article, bar.reason(facts, parameters), bar.remedy)
        for bar in route.bars
        if bar.applies(facts, parameters)
    )
    return Option(
        route.mode, route.title, route.article, closed, tuple(_duties(route, facts)), route.mode in RESTARTS
    )


def _duties(route: Route, facts: RouteFacts) -> list[str]:
    found = []
    if facts.mortgaged:
        found.append("拟订处置方案时书面通知抵押权人（第十三条）")
        if route.mode in PENALTIES:
            found.append("决定书抄送抵押权人（第十四条）")
    if facts.seized and route.mode in ("paid_return", "swap", "repossession"):
        found.append("宗地被查封，须先与查封机关协调")
    if route.mode in PENALTIES:
        found.append("作出决定前书面告知听证权利（第十五条）")
    return found
