"""Writing the notices and digests of a day, marking notices read, and settling those whose step was done.

Refuses a day ahead and, once a later day was written, an earlier one: notices would go back in time.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max
from django.utils import timezone

from landgis.access.models import User
from landgis.access.queries import SYSTEM, Actor, command_actor
from landgis.access.rules import EXPORT_DATA, MANAGE_IDLE_CASES
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.errors import Conflict, InputError
from landgis.lib.turns import wait_for_turn
from landgis.lib.upsert import rehearsed
from parcels.disposal.clocks import clocks
from parcels.disposal.models import IdleCase
from parcels.disposal.queries import rules_of_days, steps_of
from parcels.disposal.state import fold
from parcels.notices.models import Digest, Notice
from parcels.notices.queries import items_of_files, items_on, people_on
from parcels.notices.rules import FILE, Item, case_key, recipients, tally, task_key, why_settled


@dataclass(frozen=True, slots=True)
class Sent:
    """What a run wrote: notices, settled ones by reason, and each person's digest with its counts."""

    on: date
    written: int
    settled: dict[str, int]
    digests: list[dict[str, Any]]
    committed: bool


def send_digest(
    *, county: County, actor: Actor, on: date, today: date, commit: bool, reason: str = ""
) -> Sent:
    """The notices of the day and a digest for each person whom something concerns; a second run writes nothing more."""
    actor.require_whole_county(MANAGE_IDLE_CASES)
    if commit and on > today:
        raise InputError("day_ahead", f"日期 {on} 晚于今天 {today}。", "请按当天日期运行。", field="on")
    with (
        rehearsed(commit=commit),
        change(
            county_code=county.code, by=actor.username, action="send_digest",
            reason=reason or "每日期限通知", on=str(on),
        ) as running,
    ):  # fmt: skip
        wait_for_turn("notices", county.code)
        last = Digest.objects.filter(county=county).aggregate(last=Max("on"))["last"]
        if commit and last is not None and on < last:
            raise Conflict(
                f"{last} 的通知已经发出，不能再补发 {on} 的通知。",
                remedy="请按当天日期运行；试运行不受限制。",
            )
        told = _told(county, actor, on)
        settled = _settle(county, told, on)
        written = _write(county, told, on)
        digests = _digests(county, told, on)
        running.summary.update(written=written, settled=settled, digests=len(digests))
    return Sent(on, written, settled, digests, commit)


def mark_read(*, county: County, actor: Actor, user: User, numbers: Collection[int] | None) -> int:
    """Mark a person's own notices as read (None: all that are open); how many were unread."""
    rows = Notice.objects.filter(user=user, county=county, read_at=None)
    rows = rows.filter(settled_on=None) if numbers is None else rows.filter(pk__in=numbers)
    if not rows.exists():
        return 0
    with change(
        county_code=county.code, by=actor.username, action="read_notices", reason="标记通知为已读"
    ) as running:
        marked = rows.update(read_at=timezone.now())
        running.summary["notices"] = marked
    return marked


def settle_case(case_id: int, on: date) -> None:
    """Settle the notices of a case whose clocks ended or moved; runs inside the change that entered the step."""
    rows = Notice.objects.filter(case_id=case_id, settled_on=None)
    if not rows.exists():
        return
    case = IdleCase.objects.select_related("county").get(pk=case_id)
    state = fold(steps_of([case_id])[case_id])
    live = [
        case_key(case_id, clock.name, clock.from_seq, clock.due_on)
        for clock in clocks(state, rules_of_days(case.county))
        if clock.running and clock.due_on is not None
    ]
    rows.filter(kind="deadline").exclude(key__in=live).update(settled_on=on, settled_why="done")
    rows.filter(scope="own").exclude(user__username=case.officer).update(
        settled_on=on, settled_why="reassigned"
    )


def settle_task(task_id: int, town_code: str, done_for: date, on: date) -> None:
    """Settle the notices of a due day that a report fulfils; runs inside the change that filed it."""
    Notice.objects.filter(
        task_id=task_id, key=task_key(task_id, town_code, done_for), settled_on=None
    ).update(settled_on=on, settled_why="done")


def settle_files(county: County, town_code: str, on: date) -> None:
    """Settle the notices of a town's firms whose week or look back was done; runs inside the change that entered it."""
    rows = Notice.objects.filter(county=county, kind=FILE, town_code=town_code, settled_on=None)
    if rows.exists():
        live = [item.key for item in items_of_files(county, command_actor(SYSTEM, county), on, town_code)]
        rows.exclude(key__in=live).update(settled_on=on, settled_why="done")


def record_export(county: County, actor: Actor, rows: int) -> None:
    """A file that goes out has its audit row."""
    actor.require(EXPORT_DATA)
    with change(
        county_code=county.code, by=actor.username, action="export_notices", reason="导出通知", rows=rows
    ):
        pass


Told = dict[tuple[int, str], tuple[int, str, Item]]


def _told(county: County, actor: Actor, on: date) -> Told:
    """(person, deadline) → threshold reached, why it is told them, and the deadline."""
    people = people_on(county, on)
    found: Told = {}
    for item in items_on(county, actor, on):
        if item.threshold is not None:
            for user, scope in recipients(item, people).items():
                found[user, item.key] = (item.threshold, scope, item)
    return found


def _settle(county: County, told: Told, on: date) -> dict[str, int]:
    live = {key: threshold for key, (threshold, _scope, _item) in told.items()}
    keys = {key for _user, key in told}
    gone: dict[str, list[int]] = {}
    rows = Notice.objects.filter(county=county, settled_on=None)
    for pk, key, user, threshold in rows.values_list("pk", "key", "user_id", "threshold"):
        if why := why_settled(key, user, threshold, live, keys):
            gone.setdefault(why, []).append(pk)
    for why, numbers in gone.items():
        Notice.objects.filter(pk__in=numbers).update(settled_on=on, settled_why=why)
    return {why: len(numbers) for why, numbers in sorted(gone.items())}


def _write(county: County, told: Told, on: date) -> int:
    known = set(
        Notice.objects.filter(county=county, key__in={key for _user, key in told}).values_list(
            "user_id", "key", "threshold"
        )
    )
    rows = [
        Notice(
            county=county,
            user_id=user,
            key=key,
            threshold=threshold,
            kind=item.kind,
            scope=scope,
            case_id=item.case_id,
            task_id=item.task_id,
            file_id=item.file_id,
            town_code=item.town_code,
            title=item.title,
            subject=item.subject[:300],
            article=item.article[:200],
            due_on=item.due_on,
            written_on=on,
        )
        for (user, key), (threshold, scope, item) in told.items()
        if (user, key, threshold) not in known
    ]
    # A deadline that runs again (its step was taken back) is told by the notice that it had.
    ended = Notice.objects.filter(county=county, key__in={key for _user, key in told}).exclude(
        settled_on=None
    )
    again = [
        pk
        for pk, user, key, threshold in ended.values_list("pk", "user_id", "key", "threshold")
        if (user, key) in told and told[user, key][0] == threshold
    ]
    Notice.objects.filter(pk__in=again).update(settled_on=None, settled_why="", read_at=None)
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _digests(county: County, told: Told, on: date) -> list[dict[str, Any]]:
    of: dict[int, list[tuple[int, str, Item]]] = {}
    for (user, _key), entry in told.items():
        of.setdefault(user, []).append(entry)
    names = dict(User.objects.filter(pk__in=of).values_list("pk", "username"))
    made, answer = [], []
    for user, entries in sorted(of.items(), key=lambda pair: names[pair[0]]):
        ordered = sorted(entries, key=lambda entry: (entry[2].due_on, entry[2].key))
        counts = tally(threshold for threshold, _scope, _item in ordered)
        made.append(
            Digest(
                county=county, user_id=user, on=on, counts=counts,
                rows=[_row(threshold, scope, item) for threshold, scope, item in ordered],
            )
        )  # fmt: skip
        answer.append({"username": names[user], **counts})
    Digest.objects.bulk_create(made, ignore_conflicts=True)
    return answer


def _row(threshold: int, scope: str, item: Item) -> dict[str, Any]:
    return {
        "threshold": threshold,
        "scope": scope,
        "kind": item.kind,
        "title": item.title,
        "subject": item.subject,
        "article": item.article,
        "due_on": item.due_on.isoformat(),
        "days_left": item.days_left,
        "town_code": item.town_code,
        "case_id": item.case_id,
        "case_no": item.case_no,
        "task_id": item.task_id,
        "file_id": item.file_id,
    }
