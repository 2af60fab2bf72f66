"""The demo's yearly evaluation (示意数据): years frozen, graded by an invented scheme, made final, and what follows from it.

Refuses to write past the rooms' own actions, and to let one person do what takes two.
"""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
from django.db import transaction
from django.utils import timezone

from landgis.access.queries import Actor
from landgis.counties.models import County
from parcels.grading.actions import check_run, draft_run, finish_run, publish_notice
from parcels.grading.models import GradingRun
from parcels.grading.readiness import accept, openings, still_open
from parcels.grading.rules import DRAFT
from parcels.land_use.confirming import freeze_year
from parcels.low_efficiency.actions import file_firms, freeze_list
from parcels.low_efficiency.candidates import find_candidates
from parcels.management import demo_objections
from parcels.policies.actions import record_table
from parcels.policies.rules import FACTOR, Rate
from parcels.schemes.actions import put_in_force, store_scheme
from parcels.schemes.queries import Chosen, chosen

REASON = "载入示意数据"
# The years that are made final; the year after them is left as a draft, to be checked and published by hand.
FINAL_YEARS, OPEN_YEAR = (2023, 2024), 2025
FILED = 12
FACTORS = (("A", "0"), ("B", "0.5"), ("C", "1"), ("D", "1.5"))


def play(county: County, actor: Actor, scheme: Path) -> None:
    """All of it in one transaction, or nothing where a year has been evaluated by this scheme already."""
    found = chosen(tomllib.loads(scheme.read_text(encoding="utf-8")))
    if GradingRun.objects.filter(county=county, scheme_version__scheme__code=found.definition.code).exists():
        return
    checker = replace(actor, username="demo_evaluation_officer_2", display_name="亩均复核员（示意）")
    with transaction.atomic():
        found = _in_force(county, actor, found)
        for year in FINAL_YEARS:
            _final(county, actor, checker, found, year)
        freeze_year(county=county, actor=actor, year=OPEN_YEAR, override="示意数据：未逐镇确认")
        draft_run(county=county, actor=actor, found=found, year=OPEN_YEAR, on=date(2026, 6, 1), reason=REASON)
        _listed(county, actor)
        record_table(
            county=county, actor=actor, instrument="land_use_tax", year=FINAL_YEARS[-1], valid_from=date(2025, 9, 1),
            authority="市税务局（示意）", basis="示意数据：差别化减免办法", based_on=0, today=timezone.localdate(), reason=REASON,
            rates=[Rate(grade, FACTOR, Decimal(factor)) for grade, factor in FACTORS],
        )  # fmt: skip


def _in_force(county: County, actor: Actor, found: Chosen) -> Chosen:
    kept = store_scheme(county=county, actor=actor, document=found.document, reason=REASON)
    version = put_in_force(county=county, actor=actor, version_id=kept.pk, on=date(2024, 5, 6), reason=REASON)
    return chosen(found.document, version)


def _final(county: County, actor: Actor, checker: Actor, found: Chosen, year: int) -> None:
    """From the freeze of the land to the final, a working day after the notice has ended."""
    on = date(year + 1, 6, 3)
    freeze_year(county=county, actor=actor, year=year, override="示意数据：未逐镇确认")
    run = draft_run(county=county, actor=actor, found=found, year=year, on=on, reason=REASON)
    check_run(county=county, actor=checker, run_id=run.pk, on=on + timedelta(days=7), reason=REASON)
    doubtful = [one.key for one in still_open(openings(county, actor, run, DRAFT))]
    if doubtful:
        accept(county=county, actor=actor, run_id=run.pk, keys=doubtful, reason="示意数据：已向企业核实")
    published = on + timedelta(days=10)
    until = publish_notice(county=county, actor=actor, run_id=run.pk, on=published, reason=REASON)
    demo_objections.play(county, checker, run, published)
    finish_run(county=county, actor=actor, run_id=run.pk, on=until + timedelta(days=5), reason=REASON)


def _listed(county: County, actor: Actor) -> None:
    """The first candidates of the newest final year are filed and stand in a frozen list."""
    on, today = date(2025, 10, 15), timezone.localdate()
    found = find_candidates(county, FINAL_YEARS[-1], on)
    usccs = [found.firms[at].uscc for at in np.flatnonzero(found.judged.listed)[:FILED].tolist()]
    if not usccs:
        return
    file_firms(
        county=county, actor=actor, data_year=FINAL_YEARS[-1], usccs=usccs, on=on, today=today, category="整治提升",
        text="示意数据：年度排摸",
    )  # fmt: skip
    freeze_list(county=county, actor=actor, data_year=FINAL_YEARS[-1], on=on, today=today, reason=REASON)
