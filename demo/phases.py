"""Dates, money and progress that fit a situation on the reference day, well away from legal thresholds.

It refuses edge cases: those are written out by hand in cases.py. Here every date keeps three weeks' distance.
"""

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np

from demo.model import REFERENCE_DAY, Phase, Progress

MARGIN = 21
"""Days between any drawn date and the threshold it is judged by."""

_UNDATED = (date(2018, 5, 1), date(2024, 5, 1))

Draw = np.random.Generator


def draw_phase(kind: str, land_ha: float, rng: Draw) -> Phase:
    """One phase in the given situation, with its progress rows and the finding it must lead to."""
    phase = Phase(kind=kind, to_develop_ha=round(land_ha * rng.uniform(0.92, 1.0), 4))
    phase.investment_wan = float(round(land_ha * 15 * rng.uniform(160, 420) / 10) * 10)
    phase.expected = _EXPECTED.get(kind, "clear")
    _BUILDERS[kind](phase, rng)
    return phase


def signing_day(phase: Phase, rng: Draw) -> date:
    """Contracts are signed one to four months before the land is to be handed over."""
    known = phase.agreed_delivery or phase.actual_delivery or phase.agreed_start or _between(rng, *_UNDATED)
    return min(known - timedelta(days=int(rng.integers(28, 120))), REFERENCE_DAY - timedelta(days=20))


def _between(rng: Draw, first: date, last: date) -> date:
    return first + timedelta(days=int(rng.integers(0, (last - first).days + 1)))


def _later(day: date, rng: Draw, least: int, most: int) -> date:
    return day + timedelta(days=int(rng.integers(least, most + 1)))


def _agree(phase: Phase, start: date, rng: Draw, delivered: bool = True) -> None:
    phase.agreed_start = start
    phase.agreed_delivery = start - timedelta(days=int(rng.integers(85, 360)))
    phase.agreed_completion = _later(start, rng, 540, 1095)
    if delivered:
        handed_over = _later(phase.agreed_delivery, rng, -15, 45)
        phase.actual_delivery = handed_over if handed_over < REFERENCE_DAY else None


def _built(phase: Phase, rng: Draw) -> None:
    year_weight = rng.beta(1.6, 1.3)
    _agree(phase, date(2006, 4, 10) + timedelta(days=int(year_weight * 365.25 * 15.7)), rng)
    assert phase.agreed_start
    phase.actual_start = _later(phase.agreed_start, rng, -50, 150)
    phase.actual_completion = min(_later(phase.actual_start, rng, 380, 1150), date(2025, 11, 20))
    if phase.agreed_start.year < 2014 and rng.random() < 0.45:
        phase.investment_wan = phase.to_develop_ha = None


def _not_started(phase: Phase, rng: Draw) -> None:
    first = date(2014, 3, 1) if rng.random() < 0.15 else date(2020, 3, 1)
    _agree(phase, _between(rng, first, date(2024, 12, 30) - timedelta(days=MARGIN)), rng)


def _by_delivery(phase: Phase, rng: Draw) -> None:
    phase.actual_delivery = _between(rng, date(2019, 2, 1), date(2023, 12, 30) - timedelta(days=MARGIN))
    phase.agreed_delivery = phase.actual_delivery - timedelta(days=int(rng.integers(0, 40)))


def _not_delivered(phase: Phase, rng: Draw) -> None:
    _agree(phase, _between(rng, date(2021, 3, 1), date(2024, 6, 1)), rng, delivered=False)


def _overdue(phase: Phase, rng: Draw) -> None:
    _agree(
        phase,
        _between(rng, date(2025, 1, 2) + timedelta(days=MARGIN), REFERENCE_DAY - timedelta(days=MARGIN)),
        rng,
    )


def _start_ahead(phase: Phase, rng: Draw) -> None:
    _agree(phase, _between(rng, REFERENCE_DAY + timedelta(days=MARGIN), date(2026, 10, 30)), rng)


def _start_building(phase: Phase, start: date, rng: Draw) -> None:
    _agree(phase, start - timedelta(days=int(rng.integers(-20, 90))), rng)
    phase.actual_start = start


def _stopped(invested: tuple[float, float], developed: tuple[float, float]) -> Callable[[Phase, Draw], None]:
    def build(phase: Phase, rng: Draw) -> None:
        start = _between(rng, date(2014, 6, 1), date(2023, 8, 1))
        _start_building(phase, start, rng)
        stop = _between(
            rng, start + timedelta(days=150), min(start + timedelta(days=900), date(2024, 11, 20))
        )
        _report(phase, rng, rng.uniform(*invested), rng.uniform(*developed), stop)

    return build


def _stopped_lately(phase: Phase, rng: Draw) -> None:
    start = _between(rng, date(2024, 2, 1), date(2024, 12, 20))
    _start_building(phase, start, rng)
    phase.agreed_completion = _between(rng, date(2026, 6, 1), date(2027, 6, 1))
    stop = _between(rng, max(start + timedelta(days=60), date(2025, 2, 10)), date(2025, 11, 15))
    _report(phase, rng, rng.uniform(0.04, 0.2), rng.uniform(0.05, 0.28), stop)


def _building(invested: tuple[float, float]) -> Callable[[Phase, Draw], None]:
    def build(phase: Phase, rng: Draw) -> None:
        _start_building(phase, _between(rng, date(2023, 11, 1), date(2025, 8, 20)), rng)
        phase.agreed_completion = _between(rng, date(2026, 3, 10), date(2027, 9, 30))
        share = rng.uniform(*invested)
        _report(phase, rng, share, float(np.clip(share * rng.uniform(0.9, 1.5), 0.03, 0.97)), None)

    return build


def _building_late(phase: Phase, rng: Draw) -> None:
    _start_building(phase, _between(rng, date(2021, 3, 1), date(2023, 3, 1)), rng)
    phase.agreed_completion = _between(rng, date(2024, 6, 1), date(2025, 9, 30))
    _report(phase, rng, rng.uniform(0.55, 0.95), rng.uniform(0.6, 0.98), None)


def _resumed(phase: Phase, rng: Draw) -> None:
    """Stood still for more than a year, then went on: the stoppage of an earlier report is over."""
    _building_late(phase, rng)
    assert phase.actual_start
    stop = phase.actual_start + timedelta(days=150)
    low = Progress(
        date(2023, 12, 31), _share(phase.investment_wan, 0.18), _hectares(phase, 0.2), stop, "停工"
    )
    phase.progress = [low, *(row for row in phase.progress if row.as_of > date(2024, 12, 31))]
    phase.progress[-1] = Progress(
        phase.progress[-1].as_of,
        phase.progress[-1].invested_wan,
        phase.progress[-1].developed_ha,
        None,
        "已复工",
    )


def _undetermined_start(phase: Phase, rng: Draw) -> None:
    if rng.random() < 0.5:
        phase.agreed_delivery = _between(rng, date(2020, 5, 1), date(2024, 5, 1))


def _undetermined_stop(phase: Phase, rng: Draw) -> None:
    start = _between(rng, date(2018, 6, 1), date(2022, 8, 1))
    _start_building(phase, start, rng)
    phase.progress = [
        Progress(
            date(2025, 12, 15), None, None, start + timedelta(days=200), "停工，投资额和已开发面积未查明"
        )
    ]


def _report(phase: Phase, rng: Draw, invested: float, developed: float, stop: date | None) -> None:
    """Half-yearly reports up to the last one in December 2025; after a stop the figures stay."""
    assert phase.actual_start
    last = date(2025, 12, int(rng.integers(10, 29)))
    days = [date(year, month, day) for year in range(2014, 2026) for month, day in ((6, 30), (12, 31))]
    days = [day for day in days if phase.actual_start + timedelta(days=45) < day < last - timedelta(days=60)][
        -5:
    ]
    end = stop or last
    span = (end - phase.actual_start).days
    for day in [*days, last]:
        done = min(1.0, (min(day, end) - phase.actual_start).days / span) ** 0.8
        halted = stop is not None and day > stop
        phase.progress.append(
            Progress(
                day,
                _share(phase.investment_wan, invested * done),
                _hectares(phase, developed * done),
                stop if halted else None,
                "停工" if halted else "施工中",
            )
        )


def _share(total: float | None, share: float) -> float | None:
    return None if total is None else round(total * share, 2)


def _hectares(phase: Phase, share: float) -> float | None:
    return None if phase.to_develop_ha is None else round(phase.to_develop_ha * share, 4)


_BUILDERS: dict[str, Callable[[Phase, Draw], None]] = {
    "built": _built,
    "not_started": _not_started,
    "not_started_by_delivery": _by_delivery,
    "not_delivered": _not_delivered,
    "overdue": _overdue,
    "start_ahead": _start_ahead,
    "stopped_developed": _stopped((0.30, 0.70), (0.05, 0.30)),
    "stopped_invested": _stopped((0.04, 0.22), (0.38, 0.70)),
    "stopped_both": _stopped((0.04, 0.22), (0.04, 0.29)),
    "stopped_but_enough": _stopped((0.35, 0.85), (0.40, 0.90)),
    "stopped_lately": _stopped_lately,
    "underinvested": _building((0.03, 0.22)),
    "building": _building((0.30, 0.92)),
    "building_late": _building_late,
    "resumed": _resumed,
    "undetermined_start": _undetermined_start,
    "undetermined_stop": _undetermined_stop,
}

_EXPECTED = {
    "not_started": "idle_not_started",
    "not_started_by_delivery": "idle_not_started",
    "not_delivered": "idle_not_started",
    "overdue": "overdue",
    "stopped_developed": "idle_stopped",
    "stopped_invested": "idle_stopped",
    "stopped_both": "idle_stopped",
    "stopped_lately": "underinvested",
    "underinvested": "underinvested",
    "undetermined_start": "undetermined",
    "undetermined_stop": "undetermined",
}
