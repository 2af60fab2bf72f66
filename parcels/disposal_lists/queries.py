"""Which cases a disposal list holds as of a day, the issues that were frozen, and what changed since the one before.

Refuses a statement a case: steps and facts are gathered for all cases at once; rows of other towns are never handed out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from django.db.models import QuerySet

from landgis.access.queries import Actor
from landgis.access.rules import VIEW_MAP
from landgis.audit.kept import kept
from landgis.counties.models import County, Town
from landgis.lib.errors import NotFound
from parcels.disposal.models import IdleCase
from parcels.disposal.queries import cases, rules_of_days, steps_of
from parcels.disposal.stages import STAGES
from parcels.disposal.state import State, Step, fold
from parcels.disposal_lists.models import DisposalList
from parcels.disposal_lists.rules import (
    FINDING_TITLES,
    SUSPECTED,
    Changes,
    ListedCase,
    compare,
    fingerprint,
)
from parcels.idle_land.causes import CAUSE_TITLES, CLASS_TITLES
from parcels.idle_land.facts import Parameters
from parcels.idle_land.queries import PhaseOnRecord, phases_on_record
from parcels.idle_land.routes import MODE_TITLES
from parcels.idle_land.rules import Finding, screen

PREVIEW_LIMIT = 200


class Filters(NamedTuple):
    """What a list is limited to; empty = not limited. `cause` is a class of causes, `stage` the code of the last stage."""

    town: str = ""
    finding: str = ""
    cause: str = ""
    stage: str = ""

    def as_json(self) -> dict[str, str]:
        return {name: value for name, value in self._asdict().items() if value}


EVERYTHING = Filters()


def listed_on(county: County, actor: Actor, on: date, filters: Filters = EVERYTHING) -> list[ListedCase]:
    """The cases open on the day in the actor's territory, as their steps up to that day leave them."""
    actor.require(VIEW_MAP)
    towns = None if actor.town_codes is None else frozenset(actor.town_codes)
    everything = kept("disposal_list", (county.code, towns, on), lambda: _listed_on(county, actor, on))
    asked = (
        (filters.town, "town"),
        (filters.finding, "finding"),
        (filters.cause, "cause"),
        (filters.stage, "stage"),
    )
    wanted = {name: value for value, name in asked if value}
    return [row for row, told in everything if all(told[name] == value for name, value in wanted.items())]


def _listed_on(county: County, actor: Actor, on: date) -> list[tuple[ListedCase, dict[str, str]]]:
    """Every case of the territory with what filters ask of it."""
    rules = rules_of_days(county)
    values, held = rules.values(on), rules(on)
    rows = [case for case in cases(actor).filter(opened_on__lte=on).reverse() if _open_on(case, on)]
    steps = steps_of(case.pk for case in rows)
    records = {
        record.phase_id: record for record in phases_on_record(actor, on, [case.phase_id for case in rows])
    }
    towns = dict(Town.objects.filter(county=county).values_list("code", "name"))
    parameters = Parameters.from_mapping(values)
    found = []
    for case in rows:
        done = _done_by(steps[case.pk], on)
        state = fold(done)
        if not done or state.result == "not_idle" or state.closed:
            continue
        record = records.get(case.phase_id)
        judged = screen(record.facts, on, parameters) if record else None
        cause = held.cause(state.causes)
        row = _row(case, state, record, judged, towns, CLASS_TITLES.get(cause, ""))
        last = state.steps[-1].stage
        found.append((row, {"town": row.town_code, "finding": row.finding, "cause": cause, "stage": last}))
    return sorted(found, key=lambda item: (item[0].town_code, item[0].parcel_code, item[0].case_no))


def issues(actor: Actor) -> QuerySet[DisposalList]:
    """The county's issues, the newest first, without their rows."""
    actor.require(VIEW_MAP)
    rows = DisposalList.objects.filter(county_id=actor.county_code).defer("rows")
    return rows.select_related("corrects", "corrected_by", "document__number").order_by("-id")


def issue(actor: Actor, pk: int) -> DisposalList:
    """One issue with its rows."""
    actor.require(VIEW_MAP)
    found = DisposalList.objects.filter(pk=pk, county_id=actor.county_code)
    row = found.select_related("corrects", "corrected_by", "previous", "document__number", "county").first()
    if row is None:
        raise NotFound("没有这一期处置清单。", remedy="请在处置清单页选择。")
    return row


def rows_of(found: DisposalList, actor: Actor) -> list[ListedCase]:
    """The frozen rows that the actor may see: a town sees its own."""
    return limited((ListedCase.from_json(row) for row in found.rows), actor)


def limited(rows: Iterable[ListedCase], actor: Actor) -> list[ListedCase]:
    return [row for row in rows if actor.covers(row.town_code)]


def changes_of(found: DisposalList, actor: Actor) -> Changes:
    """What changed since the issue before with the same filters; nothing is told of the first one."""
    if found.previous is None:
        return Changes()
    return compare(rows_of(found.previous, actor), rows_of(found, actor))


def heading_of(found: DisposalList) -> dict[str, Any]:
    """What stands in the hashed text beside the rows."""
    return heading(
        found.county_id,
        found.issue_no,
        found.on,
        found.filters,
        found.rule_version,
        found.previous.sha256 if found.previous else "",
        found.corrects.issue_no if found.corrects else "",
    )


def heading(
    county_code: str,
    issue_no: str,
    on: date,
    filters: Mapping[str, str],
    rule_version: str,
    previous_sha256: str,
    corrects: str,
) -> dict[str, Any]:
    return {
        "county": county_code,
        "issue_no": issue_no,
        "on": str(on),
        "filters": dict(filters),
        "rule_version": rule_version,
        "previous_sha256": previous_sha256,
        "corrects": corrects,
    }


def is_intact(found: DisposalList) -> bool:
    """Whether the rows still are those that the hash was taken over."""
    rows = [ListedCase.from_json(row) for row in found.rows]
    return fingerprint(heading_of(found), rows) == found.sha256


def scope_told(county: County, filters: Mapping[str, str]) -> str:
    """The filters in words, as they stand on the paper."""
    if not filters:
        return f"{county.name}全域"
    towns = dict(Town.objects.filter(county=county).values_list("code", "name"))
    tables: dict[str, Mapping[str, str]] = {
        "town": towns,
        "finding": FINDING_TITLES,
        "cause": CLASS_TITLES,
        "stage": {code: stage.title for code, stage in STAGES.items()},
    }
    return county.name + "、".join(tables[name].get(value, value) for name, value in filters.items())


def _open_on(case: IdleCase, on: date) -> bool:
    return case.closed_on is None or case.closed_on > on


def _done_by(steps: list[Step], on: date) -> list[Step]:
    """The steps of the day and before; one that was reversed is out, whenever that was noticed."""
    reversed_ones = {step.reverses for step in steps if step.reverses}
    return [step for step in steps if step.on <= on and not step.reverses and step.seq not in reversed_ones]


def _row(
    case: IdleCase,
    state: State,
    record: PhaseOnRecord | None,
    judged: Finding | None,
    towns: Mapping[str, str],
    cause_class: str,
) -> ListedCase:
    contract, last = case.phase.contract, state.steps[-1]
    area_m2 = record.area_m2 if record else contract.area_m2
    if area_m2 is None and case.parcel:
        area_m2 = case.parcel.registered_area_m2
    causes = tuple(state.causes)
    agreed = judged.agreed_start if judged else case.phase.agreed_start
    return ListedCase(
        case_no=case.case_no,
        phase_id=case.phase_id,
        phase_no=case.phase.phase_no,
        town_code=case.town_code,
        town=towns.get(case.town_code, ""),
        parcel_code=record.parcel_code if record else contract.parcel_code,
        contract_no=contract.contract_no,
        supervision_no=contract.supervision_no,
        holder=contract.holder_name,
        location=contract.location,
        land_use=contract.land_use,
        area_m2=None if area_m2 is None else format(area_m2.normalize(), "f"),
        agreed_start=str(agreed) if agreed else None,
        gross_idle_days=judged.gross_idle_days if judged else None,
        net_idle_days=judged.net_idle_days if judged else None,
        finding=state.result or SUSPECTED,
        article=judged.article if judged else "",
        causes=causes,
        cause=_cause(causes, cause_class),
        stage=STAGES[last.stage].title,
        stage_on=str(last.on),
        mode=MODE_TITLES.get(state.mode, "") if state.mode else "",  # type: ignore[call-overload]
        officer=case.officer,
    )


def _cause(codes: tuple[str, ...], cause_class: str) -> str:
    if not codes:
        return ""
    return f"{cause_class}：{'、'.join(CAUSE_TITLES.get(code, code) for code in codes)}"
