"""Which threshold a deadline has reached on a day, whom it concerns, and what becomes of the notices written before.

Refuses to tell a person of one deadline and threshold twice: notices are named by deadline, last day and threshold.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

OVERDUE = -1
THRESHOLD_TITLES = {OVERDUE: "已逾期", 0: "今天到期"}
SCOPE_TITLES = {"own": "本人经办", "town": "本镇街", "county": "全县任务", "unassigned": "无经办人"}
TASK, FILE = "task", "file"
KIND_TITLES = {
    "deadline": "案件期限",
    "agreed_start": "约定动工",
    "agreed_completion": "约定竣工",
    TASK: "攻坚任务",
    FILE: "高耗低效",
}
WHY_TITLES = {
    "done": "已办理",
    "superseded": "已有更近的提醒",
    "reassigned": "已转交他人",
    "ended": "期限已变更或者不再适用",
}


@dataclass(frozen=True, slots=True)
class Item:
    """A deadline or reminder that is to be told on a day; the same `key` is the same deadline with the same last day.

    `threshold`: the nearest reminder that has come; None while it is too far away to be told.
    """

    key: str
    kind: str
    title: str
    subject: str
    article: str
    due_on: date
    days_left: int
    officer: str
    town_code: str
    threshold: int | None
    case_id: int | None = None
    case_no: str = ""
    task_id: int | None = None
    file_id: int | None = None


@dataclass(frozen=True, slots=True)
class People:
    """Whom notices go to, by their ids: idle-land officers by name, each town's officers, and who manages the campaigns
    and the plans for single firms."""

    officers: Mapping[str, int]
    towns: Mapping[str, Sequence[int]]
    managers: Sequence[int]
    planners: Sequence[int]


def threshold_of(days_left: int, thresholds: Collection[int]) -> int | None:
    """The nearest threshold that was reached; None while the deadline is further away than all of them."""
    if days_left < 0:
        return OVERDUE
    return min((bound for bound in thresholds if days_left <= bound), default=None)


def recipients(item: Item, people: People) -> dict[int, str]:
    """Person → why it is told them: their own case, their town's, or a case that no officer in office has.

    Who manages the campaigns, or the plans for single firms, is told the county's own duties, and what towns have let
    pass: not each town's each week.
    """
    found = dict.fromkeys(people.towns.get(item.town_code, ()), "town")
    managing = {TASK: people.managers, FILE: people.planners}.get(item.kind)
    if managing is not None:
        concerned = managing if not item.town_code or item.days_left < 0 else ()
        return dict.fromkeys(concerned, "county") | found
    if item.officer in people.officers:
        found[people.officers[item.officer]] = "own"
    else:
        found |= dict.fromkeys(people.officers.values(), "unassigned")
    return found


def threshold_title(threshold: int) -> str:
    return THRESHOLD_TITLES.get(threshold, f"{threshold} 天内到期")


def why_settled(
    key: str, user: int, threshold: int, live: Mapping[tuple[int, str], int], keys: Collection[str]
) -> str:
    """Why an open notice is no longer so; empty while it is. `live`: (person, deadline) → threshold reached."""
    if key not in keys:
        return "done" if key.startswith(("case:", "file:")) else "ended"
    if (user, key) not in live:
        return "reassigned"
    return "" if live[user, key] == threshold else "superseded"


def case_key(case_id: int, clock: str, from_seq: int, due_on: date) -> str:
    return f"case:{case_id}:{clock}:{from_seq}:{due_on}"


def phase_key(phase_id: int, kind: str, due_on: date) -> str:
    return f"phase:{phase_id}:{kind}:{due_on}"


def task_key(task_id: int, town_code: str, due_on: date) -> str:
    return f"task:{task_id}:{town_code}:{due_on}"


def file_key(what: int | str, kind: str, due_on: date, title: str = "") -> str:
    """`what`: the file, or for weeks the town that follows all of its files up."""
    return f"file:{kind}:{what}:{due_on}:{title[:40]}"


def tally(thresholds: Iterable[int]) -> dict[str, int]:
    """How many are overdue, due today and due soon."""
    found = {"overdue": 0, "today": 0, "soon": 0}
    for threshold in thresholds:
        found["overdue" if threshold == OVERDUE else "today" if threshold == 0 else "soon"] += 1
    return found
