"""Everything that the page of one phase shows: the contract, every fact with its authors, and the finding of a day beside it.

Refuses a phase outside the actor's towns; it judges nothing itself, the finding is the screening's own.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property

from landgis.access.queries import Actor
from landgis.access.rules import MANAGE_IDLE_CASES, REPORT_FACTS, VIEW_DOCUMENTS
from landgis.counties.models import County
from landgis.counties.queries import ParameterMissing
from landgis.lib.errors import NotFound
from landgis.lib.units import display_mu
from parcels.idle_land.explain import explain
from parcels.idle_land.queries import rule_parameters
from parcels.phases.queries import Fact, PhaseRow, Section, phase_rows, sections_of
from parcels.supply.models import ContractPhase, SupplyContract
from parcels.supply.queries import phase_in_territory


class PhaseFile:
    """One phase, read once; every part of the page is worked out from it when it is asked for."""

    def __init__(self, county: County, actor: Actor, phase_id: int, on: date) -> None:
        found = phase_in_territory(county, actor, phase_id)
        if found is None:
            raise NotFound("没有这一合同分期，或者不在本账号的范围内。", remedy="请在合同分期清单中选择。")
        self.county, self.actor, self.on = county, actor, on
        self.phase: ContractPhase = found
        self.unjudged = ""

    @property
    def contract(self) -> SupplyContract:
        return self.phase.contract

    @property
    def may_report(self) -> bool:
        return self.actor.may(REPORT_FACTS)

    @property
    def may_judge(self) -> bool:
        return self.actor.may(MANAGE_IDLE_CASES)

    @property
    def may_open_papers(self) -> bool:
        return self.actor.may(VIEW_DOCUMENTS)

    @cached_property
    def row(self) -> PhaseRow | None:
        """The phase as judged on the day; None where the day knows no rules, or the ground in another town."""
        try:
            return next(iter(phase_rows(self.county, self.actor, self.on, [self.phase.pk])), None)
        except ParameterMissing as error:  # a day before the rules
            self.unjudged = str(error)
            return None

    @cached_property
    def steps(self) -> tuple[str, ...]:
        """The arithmetic of the finding, word for word as the screening tells it."""
        if self.row is None:
            return ()
        return explain(self.row.record.facts, self.on, rule_parameters(self.county, self.on))

    @cached_property
    def area_mu(self) -> str:
        area_m2 = self.contract.area_m2
        return "" if area_m2 is None else display_mu(area_m2)

    @cached_property
    def sections(self) -> list[Section]:
        return sections_of(self.phase)

    def section(self, kind_code: str) -> Section:
        found = next((item for item in self.sections if item.kind.code == kind_code), None)
        if found is None:
            raise NotFound(f"没有“{kind_code}”这类事实。", remedy="请在合同分期页面选择。")
        return found

    def fact(self, kind_code: str, fact_id: int) -> Fact:
        found = next((item for item in self.section(kind_code).facts if item.id == fact_id), None)
        if found is None:
            raise NotFound("这条事实已不存在，或不属于本期。", remedy="请刷新页面后重试。")
        return found
