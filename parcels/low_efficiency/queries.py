"""Files with where they stand, their weeks, the frozen lists, and who may do what with them.

Refuses a firm's figures to whoever isn't cleared for them and isn't the town that reports them; every list is limited to the
actor's county and towns, in a fixed number of statements.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from landgis.access.queries import Actor, in_territory
from landgis.access.rules import MANAGE_EVALUATION, REPORT_FACTS, VIEW_FIRM_FIGURES, VIEW_MAP
from landgis.counties.models import County
from landgis.lib.errors import NotFound
from parcels.low_efficiency.models import (
    LowEfficiencyFile,
    LowEfficiencyList,
    LowEfficiencyStep,
    WeeklyFollowUp,
)
from parcels.low_efficiency.procedure import (
    BY_TOWN,
    ENDED,
    FILED,
    NOT_BY_HAND,
    RECLASSIFIED,
    REOPENED,
    SIGNED,
    TITLES,
    Step,
    effective,
    next_kinds,
    state_of,
)
from parcels.low_efficiency.rules import LABELS, ListedFirm, fingerprint

UNREAD = ("document__docx", "document__pdf", "document__facts")


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file as lists and its page show it on a day; `week` is the newest follow-up by then."""

    file: LowEfficiencyFile
    state: str
    labels: tuple[str, ...]
    reasons: tuple[str, ...]
    category: str
    town_name: str
    since: date
    listed_on: date | None
    signed_on: date | None
    ended_on: date | None
    week: WeeklyFollowUp | None
    steps: tuple[Step, ...]

    @property
    def state_title(self) -> str:
        return TITLES[self.state]

    @property
    def label_titles(self) -> list[str]:
        return [LABELS[label] for label in self.labels]

    @property
    def is_listed(self) -> bool:
        return self.state != FILED


def visible(actor: Actor) -> QuerySet[LowEfficiencyFile]:
    actor.require(VIEW_MAP)
    return in_territory(LowEfficiencyFile.objects.select_related("enterprise"), actor).order_by(
        "-year", "-number"
    )


def file_of(actor: Actor, pk: int) -> LowEfficiencyFile:
    found = visible(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("没有这份档案，或不在您的管辖范围内。", remedy="请在高耗低效企业清单中选择。")
    return found


def may_manage(actor: Actor) -> bool:
    return actor.may(MANAGE_EVALUATION) and actor.town_codes is None


def may_report(actor: Actor, of: LowEfficiencyFile) -> bool:
    """Who manages the list, and the town of the firm."""
    return may_manage(actor) or (actor.may(REPORT_FACTS) and of.town_code in (actor.town_codes or ()))


def figures_shown(actor: Actor, of: LowEfficiencyFile) -> bool:
    return actor.may(VIEW_FIRM_FIGURES) or may_report(actor, of)


def kinds_open(actor: Actor, row: FileRow) -> tuple[str, ...]:
    """The steps that the actor may take by hand now."""
    kinds = [kind for kind in next_kinds(row.steps) if kind not in NOT_BY_HAND]
    if may_manage(actor):
        return tuple(kinds)
    return tuple(kind for kind in kinds if kind in BY_TOWN) if may_report(actor, row.file) else ()


def steps_of(file_ids: Collection[int]) -> dict[int, list[LowEfficiencyStep]]:
    """File → its steps in their order, all files in one statement."""
    found: dict[int, list[LowEfficiencyStep]] = defaultdict(list)
    rows = LowEfficiencyStep.objects.filter(file_id__in=file_ids).select_related(
        "document__number", "plan", "list", "reverses", "reversed_by", "paper"
    )
    rows = rows.defer(*UNREAD, "paper__content", "paper__thumbnail", "list__rows")
    for step in rows.order_by("file_id", "seq"):
        found[step.file_id].append(step)
    return found


def as_rules(steps: Iterable[LowEfficiencyStep]) -> list[Step]:
    return [
        Step(step.seq, step.kind, step.on, step.until, step.reverses.seq if step.reverses else None, step.by)
        for step in steps
    ]


def file_rows(
    county: County, actor: Actor, on: date, files: Iterable[LowEfficiencyFile] | None = None
) -> list[FileRow]:
    """The files as they stood at the end of a day (four statements); those filed later are left out."""
    found = list(visible(actor) if files is None else files)
    numbers = [item.pk for item in found]
    towns = dict(county.towns.values_list("code", "name"))
    steps, weeks = steps_of(numbers), newest_weeks(numbers, on)
    rows = []
    for item in found:
        known = [step for step in steps[item.pk] if step.on <= on]
        if known:
            rows.append(_row(item, known, towns.get(item.town_code, ""), weeks.get(item.pk)))
    return rows


def newest_weeks(file_ids: Collection[int], on: date) -> dict[int, WeeklyFollowUp]:
    rows = WeeklyFollowUp.objects.filter(file_id__in=file_ids, week_on__lte=on)
    return {row.file_id: row for row in rows.order_by("file_id", "-week_on", "-seq").distinct("file_id")}


def narrowed(rows: Iterable[FileRow], asked: Mapping[str, Any]) -> list[FileRow]:
    """`asked`: label, town, state and q; empty ones ask nothing."""
    text = str(asked.get("q") or "").strip().casefold()
    return [
        row
        for row in rows
        if (not asked.get("label") or asked["label"] in row.labels)
        and (not asked.get("town") or row.file.town_code == asked["town"])
        and (not asked.get("state") or row.state == asked["state"])
        and (
            not text
            or any(
                text in value.casefold()
                for value in (row.file.file_no, row.file.enterprise.name, row.file.enterprise.uscc)
            )
        )
    ]


def lists(county: County) -> QuerySet[LowEfficiencyList]:
    return (
        LowEfficiencyList.objects.filter(county=county)
        .select_related("corrects", "corrected_by")
        .defer("rows", "corrects__rows", "corrected_by__rows")
        .order_by("-year", "-number")
    )


def list_of(actor: Actor, pk: int) -> LowEfficiencyList:
    actor.require(VIEW_MAP)
    found = (
        LowEfficiencyList.objects.filter(county_id=actor.county_code, pk=pk)
        .select_related("county", "corrects", "corrected_by")
        .first()
    )
    if found is None:
        raise NotFound("没有这一期清单。", remedy="请在高耗低效企业清单页选择。")
    return found


def listed_rows(found: LowEfficiencyList, actor: Actor) -> list[ListedFirm]:
    """The frozen rows of the actor's towns."""
    rows = [ListedFirm.from_json(row) for row in found.rows]
    towns = actor.town_codes
    return rows if towns is None else [row for row in rows if row.town_code in towns]


def heading_of(found: LowEfficiencyList) -> dict[str, Any]:
    corrects = found.corrects.list_no if found.corrects else ""
    return heading(found.county_id, found.list_no, found.on, found.data_year, found.rule_version, corrects)


def heading(
    county: str, list_no: str, on: date, data_year: int, rule_version: str, corrects: str
) -> dict[str, Any]:
    return {
        "county": county,
        "list_no": list_no,
        "on": str(on),
        "data_year": data_year,
        "rule_version": rule_version,
        "corrects": corrects,
    }


def is_intact(found: LowEfficiencyList) -> bool:
    """Whether the rows still give the hash."""
    rows = [ListedFirm.from_json(row) for row in found.rows]
    return fingerprint(heading_of(found), rows) == found.sha256


def _row(
    item: LowEfficiencyFile, known: list[LowEfficiencyStep], town: str, week: WeeklyFollowUp | None
) -> FileRow:
    plain = as_rules(known)
    stands = {step.seq for step in effective(plain)}
    standing = [step for step in known if step.seq in stands]
    classified = [step for step in standing if step.kind in (FILED, RECLASSIFIED)]
    state = state_of(plain)
    # What was signed or ended before a reopening no longer counts.
    reopened = max((step.seq for step in standing if step.kind == REOPENED), default=0)
    current = [step for step in standing if step.seq > reopened]

    def last_on(*kinds: str) -> date | None:
        return next((step.on for step in reversed(current) if step.kind in kinds), None)

    return FileRow(
        file=item,
        state=state,
        labels=tuple(classified[-1].labels or ()),
        reasons=tuple(classified[-1].reasons),
        category=classified[-1].category,
        town_name=town,
        since=standing[-1].on,
        listed_on=next((step.on for step in standing if step.list_id is not None), None),
        signed_on=last_on(SIGNED),
        ended_on=last_on(*ENDED) if state in ENDED else None,
        week=week,
        steps=tuple(plain),
    )
