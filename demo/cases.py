"""The edge cases of the statute, by hand: one year to the day, 29 February, exactly 1/3, exactly 25 %.

It refuses randomness: each case states its facts and the finding they must lead to on 31 December 2025.
"""

from dataclasses import dataclass
from datetime import date

from demo.model import Phase, Progress

LAND_HA = 3.0
"""The land to be developed in every case: a third of it is exactly one hectare."""


@dataclass(frozen=True)
class Case:
    """The phases stand as written: such a contract needs a parcel of at least LAND_HA."""

    number: int
    why: str
    phases: tuple[Phase, ...]


def edge_cases() -> list[Case]:
    """In the order of the table in data/shapefiles/README.md."""
    return [Case(number, why, phases) for number, (why, phases) in enumerate(_CASES, start=1)]


def _not_started(agreed: date, full_year_on: date | None, expected: str) -> tuple[Phase, ...]:
    return (
        Phase(
            agreed_delivery=date(agreed.year - 1, 6, 28),
            agreed_start=agreed,
            agreed_completion=date(agreed.year + 2, 6, 30),
            actual_delivery=date(agreed.year - 1, 6, 28),
            investment_wan=6000.0,
            to_develop_ha=LAND_HA,
            expected=expected,
            kind="edge",
            full_year_on=full_year_on,
        ),
    )


def _by_delivery(delivered: date | None, full_year_on: date | None, expected: str) -> tuple[Phase, ...]:
    return (
        Phase(
            actual_delivery=delivered,
            investment_wan=6000.0,
            to_develop_ha=LAND_HA,
            expected=expected,
            kind="edge",
            full_year_on=full_year_on,
        ),
    )


def _stopped(
    last_building_day: date,
    invested: float | None,
    developed: float | None,
    expected: str,
    *,
    total: float | None = 8000.0,
    full_year_on: date | None = None,
) -> tuple[Phase, ...]:
    return (
        Phase(
            agreed_delivery=date(2021, 3, 1),
            agreed_start=date(2021, 9, 1),
            agreed_completion=date(2023, 9, 1),
            actual_delivery=date(2021, 3, 1),
            actual_start=date(2021, 8, 20),
            investment_wan=total,
            to_develop_ha=LAND_HA,
            progress=[Progress(date(2025, 12, 15), invested, developed, last_building_day, "停工")],
            expected=expected,
            kind="edge",
            full_year_on=full_year_on,
        ),
    )


def _building(invested: float, expected: str) -> tuple[Phase, ...]:
    return (
        Phase(
            agreed_delivery=date(2024, 3, 1),
            agreed_start=date(2024, 9, 1),
            agreed_completion=date(2026, 9, 1),
            actual_delivery=date(2024, 3, 1),
            actual_start=date(2024, 8, 26),
            investment_wan=8000.0,
            to_develop_ha=LAND_HA,
            progress=[Progress(date(2025, 12, 15), invested, 0.9, None, "施工中")],
            expected=expected,
            kind="edge",
        ),
    )


def _started_late() -> tuple[Phase, ...]:
    phase = _stopped(date(2025, 12, 15), 2600.0, 0.4, "clear")[0]
    phase.actual_start = date(2025, 3, 3)
    phase.progress = [Progress(date(2025, 12, 15), 2600.0, 0.4, None, "逾期三年半后动工，施工中")]
    return (phase,)


def _three_phases() -> tuple[Phase, ...]:
    done = _stopped(date(2022, 1, 1), None, None, "clear", total=3000.0)[0]
    done.progress, done.actual_completion, done.to_develop_ha = [], date(2023, 8, 11), 1.2
    halted = _stopped(date(2023, 10, 31), 500.0, 0.2, "idle_stopped", total=4000.0)[0]
    halted.number, halted.to_develop_ha, halted.full_year_on = 2, 1.0, date(2024, 10, 31)
    ahead = _not_started(date(2026, 6, 30), None, "clear")[0]
    ahead.number, ahead.to_develop_ha, ahead.agreed_delivery = 3, 0.8, date(2021, 3, 1)
    ahead.actual_delivery = date(2021, 3, 1)
    return done, halted, ahead


_D = date
_CASES: tuple[tuple[str, tuple[Phase, ...]], ...] = (
    (
        "约定动工日满一年正好在基准日：满期日当天还不算“满一年后”",
        _not_started(_D(2024, 12, 31), _D(2025, 12, 31), "overdue"),
    ),
    ("比上一例早一天：超过一年零一天", _not_started(_D(2024, 12, 30), _D(2025, 12, 30), "idle_not_started")),
    (
        "约定 2 月 29 日动工，次年无对应日，以月末日为期满日",
        _not_started(_D(2024, 2, 29), _D(2025, 2, 28), "idle_not_started"),
    ),
    (
        "约定 11 月 30 日动工，期满日 2025-11-30 是星期日，顺延到 12 月 1 日",
        _not_started(_D(2024, 11, 30), _D(2025, 12, 1), "idle_not_started"),
    ),
    (
        "期满日 2025-12-28 是星期日，顺延到 12 月 29 日",
        _not_started(_D(2024, 12, 28), _D(2025, 12, 29), "idle_not_started"),
    ),
    (
        "期满日 2026-01-01 是元旦，1 月 4 日（星期日）调休上班，顺延到该日",
        _not_started(_D(2025, 1, 1), _D(2026, 1, 4), "overdue"),
    ),
    ("约定今天动工：当天不算逾期", _not_started(_D(2025, 12, 31), _D(2026, 12, 31), "clear")),
    ("约定昨天动工：逾期一天", _not_started(_D(2025, 12, 30), _D(2026, 12, 30), "overdue")),
    (
        "未约定动工日，实际交地 2023-12-31，加一年为 2024-12-31",
        _by_delivery(_D(2023, 12, 31), _D(2025, 12, 31), "overdue"),
    ),
    ("同上，早一天交地", _by_delivery(_D(2023, 12, 30), _D(2025, 12, 30), "idle_not_started")),
    (
        "实际交地 2023-02-28，加一年为 2024-02-28，不是 29 日",
        _by_delivery(_D(2023, 2, 28), _D(2025, 2, 28), "idle_not_started"),
    ),
    ("未约定动工日，也没有实际交地日", _by_delivery(None, None, "undetermined")),
    (
        "停工两年多，已开发正好三分之一，投资 40%：不低于，不算",
        _stopped(_D(2023, 6, 30), 3200.0, 1.0, "clear"),
    ),
    (
        "同上，少开发 1 平方米",
        _stopped(_D(2023, 6, 30), 3200.0, 0.9999, "idle_stopped", full_year_on=_D(2024, 7, 1)),
    ),
    ("停工两年多，投资正好 25%，已开发一半：不算", _stopped(_D(2023, 6, 30), 2000.0, 1.5, "clear")),
    (
        "同上，少投资 100 元",
        _stopped(_D(2023, 6, 30), 1999.99, 1.5, "idle_stopped", full_year_on=_D(2024, 7, 1)),
    ),
    (
        "停工满一年正好在基准日",
        _stopped(_D(2024, 12, 31), 3200.0, 0.3, "clear", full_year_on=_D(2025, 12, 31)),
    ),
    (
        "停工一年零一天",
        _stopped(_D(2024, 12, 30), 3200.0, 0.3, "idle_stopped", full_year_on=_D(2025, 12, 30)),
    ),
    ("2 月 29 日停工", _stopped(_D(2024, 2, 29), 3200.0, 0.3, "idle_stopped", full_year_on=_D(2025, 2, 28))),
    ("停工，已投资和已开发都没有查明", _stopped(_D(2023, 6, 30), None, None, "undetermined")),
    (
        "停工，已开发一半，总投资不明：投资这一条无法判断",
        _stopped(_D(2023, 6, 30), 900.0, 1.5, "undetermined", total=None),
    ),
    (
        "停工，已开发不足三分之一，总投资不明：一条成立即可",
        _stopped(_D(2023, 6, 30), None, 0.3, "idle_stopped", total=None, full_year_on=_D(2024, 7, 1)),
    ),
    ("建设期内，投资正好 25%", _building(2000.0, "clear")),
    ("建设期内，投资差一万元到 25%", _building(1999.0, "underinvested")),
    ("曾逾期三年半，现已动工并在施工：不再是“未动工”", _started_late()),
    ("三期合同：一期建成，二期停工，三期未到约定动工日", _three_phases()),
)
