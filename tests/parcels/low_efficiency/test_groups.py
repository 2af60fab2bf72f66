"""A group that is evaluated as one is one candidate: its head, with the figures and the ground of all of its firms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from landgis.access.queries import Actor
from landgis.counties.models import County
from landgis.lib.errors import Conflict
from parcels.cadastre.models import Parcel
from parcels.enterprises.models import AnnualReturn, Enterprise
from parcels.land_use.models import Affiliation
from parcels.low_efficiency.candidates import find_candidates
from parcels.low_efficiency.rules import ENERGY, REPOSSESSION
from tests import factories
from tests.parcels.low_efficiency.making import FILED_ON, LAST, filed
from tests.parcels.plans.drafting import SOUND, draft


@pytest.fixture
def group(county: County, graded: list[Enterprise]) -> tuple[Enterprise, Enterprise]:
    """Of 2023 on the second firm stands for the first; each used 600 tce for 100 万元."""
    member, head = graded[:2]
    with factories.writing(county):
        Affiliation.objects.create(
            county=county, member=member, head=head, valid_from=date(LAST, 1, 1), basis="集团章程"
        )
        for firm in (member, head):
            AnnualReturn.objects.filter(enterprise=firm, year=LAST).update(
                energy_tce=Decimal(600), value_added_wan=Decimal(100)
            )
    return member, head


def test_what_its_firms_used_together_decides(county: County, group: tuple[Enterprise, Enterprise]) -> None:
    found = find_candidates(county, LAST, FILED_ON)
    member, head = (found.facts.uscc.index(firm.uscc) for firm in group)
    assert (found.facts.energy_tce[head], found.facts.value_added_wan[head]) == (1200, 200)
    assert found.facts.land_m2[head] == pytest.approx(200_000 / 15, abs=0.001)
    assert found.judged.labels[ENERGY][head]
    assert found.judged.listed[head]
    assert found.facts.evaluated_with[member] == group[1].name
    assert (found.facts.energy_tce[member], found.judged.member[member]) == (600, False)


def test_what_one_of_its_firms_left_out_is_not_known_of_the_group(
    county: County, group: tuple[Enterprise, Enterprise]
) -> None:
    with factories.writing(county):
        AnnualReturn.objects.filter(enterprise=group[0], year=LAST).update(value_added_wan=None)
    found = find_candidates(county, LAST, FILED_ON)
    head = found.facts.uscc.index(group[1].uscc)
    assert np.isnan(found.facts.value_added_wan[head])
    assert "缺少工业增加值" in found.judged.unknown[head]


def test_a_members_ground_that_is_to_be_taken_back_is_the_groups(
    county: County, cast: dict[str, Actor], group: tuple[Enterprise, Enterprise]
) -> None:
    parcel = Parcel.objects.get(code="P0")
    plan = draft(county, cast["idle_land_officer"], "parcel", parcel.pk, replace(SOUND, paths=("repossess",)))
    found = find_candidates(county, LAST, FILED_ON)
    head = found.facts.uscc.index(group[1].uscc)
    assert plan.plan_no in found.judged.reasons[REPOSSESSION][head]


def test_a_member_is_filed_only_with_a_label_and_its_reason(
    county: County, officer: Actor, group: tuple[Enterprise, Enterprise]
) -> None:
    with pytest.raises(Conflict, match="与企业1合并评价，请为企业1建档"):
        filed(county, officer, group[0].uscc)
    (made,) = filed(county, officer, group[0].uscc, label=REPOSSESSION, text="会议纪要")
    assert made.enterprise_id == group[0].pk
