"""The idle land that is disclosed today: cases whose steps say disclosed, and not yet taken down or closed.

Refuses to hand out anything but the five public texts; a handful of statements whatever the number of cases.
"""

from __future__ import annotations

from datetime import date

from landgis.audit.kept import kept
from landgis.counties.models import County, Town
from landgis.counties.queries import parameters
from landgis.lib.deadlines import days_between
from parcels.cadastre.models import Holder
from parcels.disclosure.rules import UNKNOWN, Disclosed, public_name
from parcels.disposal.models import IdleCase
from parcels.disposal.queries import rules_of_days
from parcels.disposal.standing import NOTHING, standings
from parcels.disposal.state import State
from parcels.idle_land.causes import CAUSE_TITLES, CLASS_TITLES

ENABLED = "disclosure.enabled"
_OF_GOVERNMENT = ("government", "mixed")


def is_enabled(county: County, on: date) -> bool:
    """Whether the county shows the page on the day; on unless a dated parameter says otherwise."""
    return bool(parameters(county, on).get(ENABLED, True))


def disclosed_on(county: County, on: date) -> list[Disclosed]:
    """What is public on the day, by place; anybody may ask as often as they like, so it is worked out once a change."""
    return kept("disclosure", (county.code, on), lambda: _disclosed_on(county, on))


def _disclosed_on(county: County, on: date) -> list[Disclosed]:
    candidates = IdleCase.objects.filter(
        county=county, closed_on=None, steps__stage="disclosure", steps__reversed_by=None
    )
    rows = list(candidates.distinct().select_related("phase__contract").order_by("town_code", "id"))
    if not rows:
        return []
    standing = standings([case.pk for case in rows], rules_of_days(county), on)
    states = ((case, standing.get(case.pk, NOTHING).state) for case in rows)
    shown = [(case, state) for case, state in states if is_disclosed(state)]
    towns = dict(Town.objects.filter(county=county).values_list("code", "name"))
    natural, organisations = _kinds(county, {case.phase.contract.holder_name.strip() for case, _ in shown})
    rules = rules_of_days(county)(on)
    found = []
    for case, state in shown:
        contract = case.phase.contract
        kind = rules.cause(state.causes)
        found.append(
            Disclosed(
                place=contract.location or towns.get(case.town_code, UNKNOWN),
                holder=public_name(contract.holder_name, natural, organisations),
                idle_time=_idle_time(state, on),
                cause=_cause(state, kind),
                body=_bodies(state) if kind in _OF_GOVERNMENT else "",
            )
        )
    return found


def is_disclosed(state: State) -> bool:
    """Found idle, made public after that, and neither taken down nor closed."""
    last = state.last("disclosure", "disclosure_removed", "closed")
    return state.idle and last is not None and last.stage == "disclosure"


def _idle_time(state: State, on: date) -> str:
    """From the finding's own ground: what the bureau found, carried on to today."""
    ground = state.finding.ground if state.finding else None
    since = None
    if ground is not None:
        since = ground.stopped_since if state.result == "idle_stopped" else ground.agreed_start
    if since is None:
        return UNKNOWN
    return f"自 {since} 起，至 {on} 已 {days_between(since, on)} 天"


def _cause(state: State, kind: str) -> str:
    if not state.causes:
        return UNKNOWN
    return f"{CLASS_TITLES.get(kind, '')}：{'、'.join(CAUSE_TITLES.get(code, code) for code in state.causes)}"


def _bodies(state: State) -> str:
    """The bodies that were told of it (art. 11), each once."""
    told = [str(step.fact("body")) for step in state.steps if step.stage == "notice_to_government"]
    return "、".join(dict.fromkeys(told))


def _kinds(county: County, names: set[str]) -> tuple[set[str], set[str]]:
    """Which of the names the register knows as natural persons', and which as organisations' only."""
    parts = {part.strip() for name in names for part in (name, *name.replace("，", "、").split("、"))}
    known = set(Holder.objects.filter(county=county, name__in=parts).values_list("name", "kind"))
    natural = {name for name, kind in known if kind == "natural_person"}
    return natural, {name for name, kind in known if kind in ("enterprise", "government")} - natural
