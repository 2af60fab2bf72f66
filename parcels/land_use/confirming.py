"""A town confirms its land use of a year, and the year is closed for evaluation.

Refuses a confirmation of another town or of rows that changed while the officer read them, and a freeze without every town's
word unless the reason for it is given.
"""

from __future__ import annotations

from typing import Any

from landgis.access.queries import Actor
from landgis.access.rules import COMPUTE, CONFIRM_LAND_USE
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.errors import Conflict, Forbidden, InputError, NotFound, Outdated
from landgis.lib.units import display_mu
from parcels.cadastre.numbering import cadastre_change
from parcels.land_use.checks import problems
from parcels.land_use.land import land_of_firms
from parcels.land_use.models import LandUseConfirmation, LandUseFreeze
from parcels.land_use.queries import FROZEN, TownState, freeze_hash, land_state, newest_freeze, town_states
from parcels.land_use.rules import PROBLEMS, fingerprint, require_year


def statements(county: County, actor: Actor, year: int, towns: list[TownState]) -> dict[str, dict[str, Any]]:
    """What each town would confirm, in figures: parcels, firms, 亩 and what doesn't fit, by the town's code."""
    land = land_of_firms(county, actor, year)
    found = problems(county, actor, year)
    told: dict[str, dict[str, Any]] = {}
    for town in towns:
        area_m2 = sum(item.parts.net_m2 for item in land if item.town_code == town.code)
        kinds = dict.fromkeys(PROBLEMS, 0)
        for problem in found:
            if problem.town_code == town.code:
                kinds[problem.kind] += 1
        told[town.code] = {
            "uses": len(town.uses),
            "parcels": len({row.parcel_code for row in town.uses}),
            "firms": len({row.uscc for row in town.uses}),
            "area_mu": display_mu(area_m2),
            "problems": {kind: count for kind, count in kinds.items() if count},
        }
    return told


def confirm_town(
    *, county: County, actor: Actor, town_code: str, year: int, seen_sha256: str, note: str
) -> LandUseConfirmation:
    """The town's word on the rows with the hash that the officer saw; what doesn't fit yet has to be explained in the note."""
    actor.require(CONFIRM_LAND_USE)
    if actor.town_codes is not None and town_code not in actor.town_codes:
        raise Forbidden("只能确认本镇街的企业用地。", remedy="请由该镇街的经办人确认。")
    require_year(year)
    with cadastre_change(
        county_code=county.code, by=actor.username, action="confirm_land_use",
        reason=note.strip() or f"确认 {year} 年企业用地", town=town_code, year=year,
    ) as running:  # fmt: skip
        states = [town for town in town_states(county, actor, year) if town.code == town_code]
        if not states:
            raise NotFound("没有这个镇街。", remedy="请从确认页面选择。")
        town = states[0]
        sha256 = fingerprint(town_code, year, town.uses)
        if sha256 != seen_sha256:
            raise Outdated("您查看之后企业用地有变化。", remedy="请刷新页面，核对后再确认。")
        if town.state == "current":
            raise Conflict(f"{town.name} {year} 年的企业用地已经确认，之后没有变化。")
        statement = statements(county, actor, year, states)[town_code]
        if statement["problems"] and not note.strip():
            raise InputError(
                "note_missing",
                f"尚有 {sum(statement['problems'].values())} 个问题没有处理。",
                "请先处理，或在说明中写明原因后确认。",
                field="note",
            )
        running.summary.update(sha256=sha256, **statement)
        return LandUseConfirmation.objects.create(
            county=county, town_code=town_code, year=year, statement=statement, sha256=sha256,
            uses=[list(row) for row in town.uses], note=note.strip(), confirmed_by=actor.username,
        )  # fmt: skip


def freeze_year(*, county: County, actor: Actor, year: int, override: str) -> LandUseFreeze:
    """Close a year's land use for evaluation; towns that haven't confirmed are named unless `override` says why."""
    actor.require_whole_county(COMPUTE)
    require_year(year)
    with change(
        county_code=county.code, by=actor.username, action="freeze_land_use",
        reason=override.strip() or f"各镇街已确认，冻结 {year} 年企业用地", year=year,
    ) as running:  # fmt: skip
        towns = [
            {"code": town.code, "name": town.name, "state": town.state,
             "sha256": fingerprint(town.code, year, town.uses)}
            for town in town_states(county, actor, year)
        ]  # fmt: skip
        open_towns = [town["name"] for town in towns if town["state"] != "current"]
        if open_towns and not override.strip():
            raise Conflict(
                f"{'、'.join(open_towns)} 尚未确认或确认后有变化，不能冻结 {year} 年。",
                remedy="请各镇街确认后再冻结；确需提前的请填写原因。",
            )
        sha256 = freeze_hash(towns, year)
        last = newest_freeze(county, year)
        if last is not None and last.sha256 == sha256:
            raise Conflict(f"{year} 年企业用地已冻结，之后没有变化。")
        running.summary.update(sha256=sha256, open=open_towns)
        return LandUseFreeze.objects.create(
            county=county, year=year, towns=towns, override=override.strip() if open_towns else "",
            sha256=sha256, frozen_by=actor.username,
        )  # fmt: skip


def frozen_as_is(county: County, actor: Actor, year: int) -> bool:
    """Whether the year is closed and nothing changed since: what an evaluation asks before it takes its inputs."""
    actor.require_whole_county(COMPUTE)
    return land_state(county, year) == FROZEN
