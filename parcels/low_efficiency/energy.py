"""The 两高 review list: projects by year of building and yearly energy, and what came of assessing each.

Refuses a project without its basis; what was entered wrongly is replaced by the next row, never changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from landgis.access.queries import Actor, in_territory
from landgis.access.rules import MANAGE_EVALUATION, VIEW_MAP
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.counties.queries import parameters
from landgis.lib.days import not_ahead
from landgis.lib.errors import Conflict, FieldErrors, InputError, NotFound
from parcels.enterprises.models import Enterprise
from parcels.low_efficiency.models import EnergyProject, EnergyReview

RESULTS: dict[str, str] = {"conforms": "符合要求", "rectify": "限期整改", "stopped": "不符合要求，拿下"}
EARLIEST, LATEST = 1949, 2200


@dataclass(frozen=True, slots=True)
class EnergyLimits:
    """Both amounts are inclusive (含)."""

    from_year: int
    two_high_tce: Decimal
    large_user_tce: Decimal

    def reason(self, project: EnergyProject) -> str:
        """Why a project is to be reviewed; "" where it isn't."""
        if project.built_year >= self.from_year:
            if project.two_high and project.energy_tce >= self.two_high_tce:
                return f"{self.from_year} 年以来建设的“两高”项目，年综合能耗 {self.two_high_tce:f} 吨标准煤以上（含）"
            return ""
        if project.energy_tce >= self.large_user_tce:
            return f"{self.from_year} 年以前建设的用能项目，年综合能耗 {self.large_user_tce:f} 吨标准煤以上（含）"
        return ""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A project that stands, why it is on the list ("" = it isn't), and its newest review."""

    project: EnergyProject
    reason: str
    review: EnergyReview | None
    town_name: str

    @property
    def result_title(self) -> str:
        return RESULTS[self.review.result] if self.review else "未评估"


def energy_limits(county: County, on: date) -> EnergyLimits:
    stated = parameters(county, on)
    return EnergyLimits(
        int(stated["energy.two_high_from_year"]),
        Decimal(str(stated["energy.two_high_tce_since_2018"])),
        Decimal(str(stated["energy.large_user_tce_before_2018"])),
    )


def energy_rows(county: County, actor: Actor, on: date, asked: Mapping[str, Any]) -> list[Reviewed]:
    """The projects of the territory that the rule of the day names; with `asked["all"]` the others, too."""
    actor.require(VIEW_MAP)
    limits, towns = energy_limits(county, on), dict(county.towns.values_list("code", "name"))
    rows = EnergyProject.objects.filter(replaced_by=None, withdrawn=False).select_related("enterprise")
    found = list(
        in_territory(rows, actor, field="enterprise__town_code").order_by(
            "-built_year", "enterprise__uscc", "pk"
        )
    )
    reviews = {
        row.project_id: row
        for row in EnergyReview.objects.filter(project__in=found).order_by("project_id", "on", "pk")
    }
    made = [
        Reviewed(row, limits.reason(row), reviews.get(row.pk), towns.get(row.enterprise.town_code, ""))
        for row in found
    ]
    return [
        row
        for row in made
        if (row.reason or asked.get("all"))
        and (not asked.get("town") or row.project.enterprise.town_code == asked["town"])
        and (not asked.get("result") or (row.review.result if row.review else "none") == asked["result"])
    ]


def enter_project(
    *,
    county: County,
    actor: Actor,
    uscc: str,
    name: str,
    built_year: int,
    two_high: bool,
    energy_tce: Decimal,
    energy_year: int,
    basis: str,
    replaces_id: int | None = None,
) -> EnergyProject:
    """A project, or the next row in place of one that was entered before."""
    actor.require_whole_county(MANAGE_EVALUATION)
    firm = Enterprise.objects.filter(county=county, uscc=uscc.strip()).first()
    issues = []
    if firm is None:
        issues.append({"field": "uscc", "message": f"没有统一社会信用代码为“{uscc.strip()}”的企业。"})
    for field, title, given in (("name", "项目名称", name), ("basis", "依据", basis)):
        if not given.strip():
            issues.append({"field": field, "message": f"请填写{title}。"})
    for field, title, year in (
        ("built_year", "建设年份", built_year),
        ("energy_year", "能耗年度", energy_year),
    ):
        if not EARLIEST <= year <= LATEST:
            issues.append({"field": field, "message": f"{title}应在 {EARLIEST} 至 {LATEST} 之间。"})
    if energy_tce < 0:
        issues.append({"field": "energy_tce", "message": "年综合能耗不能为负。"})
    if issues or firm is None:
        raise FieldErrors(issues)
    with change(
        county_code=county.code, by=actor.username, action="enter_energy_project", reason=basis, name=name, uscc=firm.uscc
    ) as running:  # fmt: skip
        before = _replaced(county, replaces_id) if replaces_id else None
        made = EnergyProject.objects.create(
            county=county, enterprise=firm, name=name.strip(), built_year=built_year, two_high=two_high,
            energy_tce=energy_tce, energy_year=energy_year, basis=basis.strip(), by=actor.username, replaces=before,
        )  # fmt: skip
        running.summary["project"] = made.pk
    return made


def withdraw_project(*, county: County, actor: Actor, project_id: int, reason: str) -> None:
    """A project that was entered by mistake leaves the list; both rows stay."""
    actor.require_whole_county(MANAGE_EVALUATION)
    with change(
        county_code=county.code, by=actor.username, action="withdraw_energy_project", reason=reason, project=project_id
    ):  # fmt: skip
        before = _replaced(county, project_id)
        EnergyProject.objects.create(
            county=county, enterprise=before.enterprise, name=before.name, built_year=before.built_year,
            two_high=before.two_high, energy_tce=before.energy_tce, energy_year=before.energy_year, basis=reason,
            by=actor.username, replaces=before, withdrawn=True,
        )  # fmt: skip


def review_project(
    *,
    county: County,
    actor: Actor,
    project_id: int,
    on: date,
    today: date,
    result: str,
    text: str,
    evidence: str,
) -> EnergyReview:
    """What came of assessing a project."""
    actor.require_whole_county(MANAGE_EVALUATION)
    if result not in RESULTS or not text.strip() or not evidence.strip():
        raise InputError(
            "review_incomplete",
            "请填写评估结论、情况和依据材料。",
            f"结论可选：{'、'.join(RESULTS.values())}。",
            field="result",
        )
    not_ahead(on, today)
    with change(
        county_code=county.code, by=actor.username, action="review_energy_project", reason=text, project=project_id
    ):  # fmt: skip
        project = _replaced(county, project_id)
        return EnergyReview.objects.create(
            project=project,
            on=on,
            result=result,
            text=text.strip(),
            evidence=evidence.strip(),
            by=actor.username,
        )


def _replaced(county: County, pk: int) -> EnergyProject:
    """The row that stands; one that was replaced is history."""
    found = EnergyProject.objects.filter(county=county, pk=pk).select_related("enterprise").first()
    if found is None:
        raise NotFound("没有这个项目。", remedy="请在“两高”项目清单中选择。")
    if found.withdrawn or EnergyProject.objects.filter(replaces=found).exists():
        raise Conflict("该项目已被更正或撤销。", remedy="请刷新页面。")
    return found
