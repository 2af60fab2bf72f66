"""Stating what a firm was in a year, correcting and withdrawing it, and a delivered table of it at once.

Refuses a statement that says nothing or rests on nothing, another's change overwritten unseen, and towns that the county
doesn't have.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from landgis.access.queries import Actor
from landgis.access.rules import MANAGE_EVALUATION
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.errors import Conflict, FieldErrors, NotFound, Outdated
from landgis.lib.issues import Issue
from landgis.lib.upsert import Stored, upsert
from parcels.cadastre.attachments import keep_evidence
from parcels.enterprises.industry import industry_faults
from parcels.enterprises.models import Enterprise, FirmYear
from parcels.enterprises.queries import enterprise_ids

LONGEST_BASIS = 1000
FIRST_YEAR, LAST_YEAR = 1990, 2200


@dataclass(frozen=True, slots=True)
class StatedYear:
    """A firm's year as an officer states it; None or "" = not stated. `paper` is its evidence, a file's name and bytes."""

    above_scale: bool | None = None
    industry_code: str = ""
    industry_group: str = ""
    town_code: str = ""
    basis: str = ""
    paper: tuple[str, bytes] | None = None

    @property
    def facts(self) -> dict[str, Any]:
        return {
            "above_scale": self.above_scale,
            "industry_code": self.industry_code.strip().upper(),
            "industry_group": self.industry_group.strip(),
            "town_code": self.town_code,
        }


def enter_year(
    *, county: County, actor: Actor, uscc: str, year: int, stated: StatedYear, reason: str
) -> FirmYear:
    """What a firm was in a year of which nothing was stated yet."""
    actor.require_whole_county(MANAGE_EVALUATION)
    _check(county, year, stated)
    firm = _firm(county, uscc)
    with change(
        county_code=county.code, by=actor.username, action="enter_firm_year", reason=reason, uscc=uscc, year=year,
        **stated.facts,
    ) as running:  # fmt: skip
        # Two at once: the second waits for the firm's row, and then sees what the first has stated.
        Enterprise.objects.select_for_update().get(pk=firm.pk)
        if FirmYear.objects.filter(enterprise=firm, year=year).exists():
            raise Conflict(f"{firm.name} {year} 年已有记载。", remedy="如有错误，请更正原记载。")
        made = FirmYear.objects.create(
            county=county, enterprise=firm, year=year, basis=stated.basis.strip(),
            paper=_paper(county, actor, stated), **stated.facts,
        )  # fmt: skip
        running.summary["firm_year"] = made.pk
    return made


def correct_year(
    *, county: County, actor: Actor, number: int, seen: int, stated: StatedYear, reason: str
) -> FirmYear:
    """State it otherwise; without another paper the former stays. `seen`: the change that the officer looked at."""
    actor.require_whole_county(MANAGE_EVALUATION)
    with change(
        county_code=county.code, by=actor.username, action="correct_firm_year", reason=reason, firm_year=number,
        **stated.facts,
    ) as running:  # fmt: skip
        found = _held(county, number, seen)
        _check(county, found.year, stated)
        for name, value in stated.facts.items():
            setattr(found, name, value)
        found.basis = stated.basis.strip()
        found.paper = _paper(county, actor, stated) or found.paper
        found.save()
        running.summary.update(uscc=found.enterprise.uscc, year=found.year)
    return found


def withdraw_year(*, county: County, actor: Actor, number: int, seen: int, reason: str) -> None:
    """Take a statement back: the register's value stands again; what was stated stays in its history."""
    actor.require_whole_county(MANAGE_EVALUATION)
    with change(
        county_code=county.code,
        by=actor.username,
        action="withdraw_firm_year",
        reason=reason,
        firm_year=number,
    ) as running:
        found = _held(county, number, seen)
        running.summary.update(uscc=found.enterprise.uscc, year=found.year)
        FirmYear.objects.filter(pk=found.pk).delete()


def store_firm_years(
    county: County, actor: Actor, rows: list[tuple[int, dict[str, Any]]]
) -> tuple[Stored, list[Issue]]:
    """A delivered table inside a declared change; a blank leaves what was stated as it is."""
    actor.require_whole_county(MANAGE_EVALUATION)
    towns = dict(county.towns.values_list("name", "code"))
    firms = enterprise_ids(county, {facts["uscc"] for _, facts in rows})
    issues, kept = [], []
    for row, facts in rows:
        found = _row_issues(row, facts, firms, towns)
        issues += found
        if not found:
            kept.append(facts)
    columns: dict[str, list[Any]] = {
        "county_id": [county.code] * len(kept),
        "enterprise_id": [firms[facts["uscc"]] for facts in kept],
        "year": [facts["year"] for facts in kept],
        "above_scale": [facts.get("above_scale") for facts in kept],
        "industry_code": [(facts.get("industry_code") or "").upper() for facts in kept],
        "industry_group": [facts.get("industry_group") or "" for facts in kept],
        "town_code": [towns.get(facts.get("town") or "", "") for facts in kept],
        "basis": [facts["basis"] for facts in kept],
    }
    return upsert("enterprises_firm_year", columns, key=("enterprise_id", "year")), issues


def _row_issues(row: int, facts: dict[str, Any], firms: dict[str, int], towns: dict[str, str]) -> list[Issue]:
    found = []
    if facts["uscc"] not in firms:
        told = f"登记库中没有企业 {facts['uscc']}。请先导入该企业，或改正代码。"
        found.append(("uscc", "reference_unknown", told))
    if facts.get("town") and facts["town"] not in towns:
        found.append(("town", "town_unknown", f"“{facts['town']}”不是本县的镇街。请核对镇街名称。"))
    code, group = (facts.get("industry_code") or "").upper(), facts.get("industry_group") or ""
    found += [(field, "industry_invalid", told) for field, told in industry_faults(code, group)]
    if not FIRST_YEAR <= facts["year"] <= LAST_YEAR:
        found.append(("year", "year_invalid", f"{facts['year']} 不是有效的年度。"))
    return [Issue(row, code, field, f"第 {row} 行：{told}") for field, code, told in found]


def _check(county: County, year: int, stated: StatedYear) -> None:
    faults = []
    facts = stated.facts
    if all(value in (None, "") for value in facts.values()):
        faults.append(("above_scale", "规上规下、行业、镇街至少应写明一项。"))
    faults += industry_faults(facts["industry_code"], facts["industry_group"])
    if facts["town_code"] and not county.towns.filter(code=facts["town_code"]).exists():
        faults.append(("town_code", "本县没有这个镇街。"))
    if not stated.basis.strip():
        faults.append(("basis", "没有写明依据，请填写文件名称和文号。"))
    elif len(stated.basis) > LONGEST_BASIS:
        faults.append(("basis", f"依据不能超过 {LONGEST_BASIS} 个字。"))
    if not FIRST_YEAR <= year <= LAST_YEAR:
        faults.append(("year", f"{year} 不是有效的年度。"))
    if faults:
        raise FieldErrors(
            [{"field": field, "code": "value_invalid", "message": message} for field, message in faults]
        )


def _paper(county: County, actor: Actor, stated: StatedYear) -> Any:
    if stated.paper is None:
        return None
    return keep_evidence(county, [stated.paper], by=actor.username, field="paper")[0]


def _held(county: County, number: int, seen: int) -> FirmYear:
    rows = FirmYear.objects.select_for_update(of=("self",)).select_related("enterprise")
    found = rows.filter(pk=number, county=county).first()
    if found is None:
        raise NotFound("没有这条年度记载。", remedy="请在企业年度信息中选择。")
    if found.change_id != seen:
        raise Outdated("这条年度记载已被他人修改。", remedy="请刷新页面，核对后重新填写。")
    return found


def _firm(county: County, uscc: str) -> Enterprise:
    found = Enterprise.objects.filter(county=county, uscc=uscc).first()
    if found is None:
        told = f"登记库中没有企业 {uscc}，请先导入该企业，或改正统一社会信用代码。"
        raise FieldErrors([{"field": "uscc", "code": "reference_unknown", "message": told}])
    return found
