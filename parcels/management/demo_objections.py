"""The demo's objections (示意数据): what firms of one town object to during the notice, and how another person decides it.

Refuses to write past the rooms' own actions: filed by the town's officer within the notice, decided by somebody else.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from landgis.access.queries import Actor
from landgis.counties.models import County
from parcels.grading.claims import EXEMPTION, FIGURE, GROUP
from parcels.grading.frozen import Frozen
from parcels.grading.models import GradingRun, GradingScore
from parcels.grading.objection_actions import decide_objection, file_objection
from parcels.grading.queries import newest_input, newest_result

TOWN = "330782105"
FILED_AFTER, DECIDED_AFTER = timedelta(days=2), timedelta(days=5)
FIGURE_CORRECTED, UNDERSTATED = "rd_wan", 1.4
RELOCATION = "relocation"
Case = Callable[[Frozen, int], tuple[dict[str, Any], dict[str, Any]]]


def play(county: County, checker: Actor, run: GradingRun, published: date) -> None:
    """Two objections in each notice: one that is upheld and corrected, one that is rejected; in turn of two kinds."""
    town = replace(
        checker, username="demo_township_officer", display_name="镇街经办人（示意）", roles=("township_officer",),
        town_codes=(TOWN,),
    )  # fmt: skip
    inputs = Frozen.from_text(newest_input(run).text)
    upheld: Case = _understated if run.year % 2 == 0 else _moved_away
    firms = _firms(run, inputs)
    said = [
        (uscc, *case(inputs, place))
        for uscc, case in zip(firms, (upheld, _misplaced), strict=False)
        if (place := inputs.at(uscc)) is not None
    ]
    filed = [
        file_objection(
            county=county, actor=town, run_id=run.pk, uscc=uscc, on=published + FILED_AFTER, **statement
        )
        for uscc, statement, _ in said
    ]
    for made, (_, _, decided) in zip(filed, said, strict=True):
        decide_objection(
            county=county, actor=checker, objection_id=made.pk, on=published + DECIDED_AFTER, **decided
        )


def _firms(run: GradingRun, inputs: Frozen) -> list[str]:
    """The town's lowest firms with a figure to correct: who stands low objects."""
    rows = GradingScore.objects.filter(result=newest_result(run), town_code=TOWN, score__isnull=False)
    stated = inputs.figures[FIGURE_CORRECTED]
    usccs = rows.order_by("-grade_place", "score", "uscc").values_list("uscc", flat=True)
    return [
        uscc
        for uscc in usccs
        if (at := inputs.at(uscc)) is not None and not math.isnan(stated[at]) and stated[at] > 0
    ]


def _understated(inputs: Frozen, place: int) -> tuple[dict[str, Any], dict[str, Any]]:
    value = round(float(inputs.figures[FIGURE_CORRECTED][place]) * UNDERSTATED, 2)
    return (
        {
            "kind": FIGURE, "statement": f"示意：研发经费漏报委外研发部分，应为 {value:,.2f} 万元",
            "evidence": "示意：加计扣除备查资料、委外研发合同",
        },
        {
            "upheld": True, "corrections": {FIGURE_CORRECTED: value},
            "reason": "示意：经税务部门核对加计扣除备查资料，情况属实，予以更正",
        },
    )  # fmt: skip


def _moved_away(inputs: Frozen, place: int) -> tuple[dict[str, Any], dict[str, Any]]:
    return (
        {
            "kind": EXEMPTION, "claim": {"code": RELOCATION}, "statement": "示意：当年因道路拓宽整体搬迁，停产七个月",
            "evidence": "示意：搬迁补偿协议",
        },
        {"upheld": True, "reason": "示意：搬迁补偿协议、腾空验收单齐全，按政策性搬迁免评"},
    )  # fmt: skip


def _misplaced(inputs: Frozen, place: int) -> tuple[dict[str, Any], dict[str, Any]]:
    above_scale = int(inputs.above_scale[place]) != 1
    should_be = "规上" if above_scale else "规下"
    return (
        {
            "kind": GROUP, "claim": {"above_scale": above_scale}, "statement": f"示意：本企业应按{should_be}企业评价",
            "evidence": "示意：企业说明",
        },
        {"upheld": False, "reason": "示意：经核对统计部门当年规上企业名单，原分组无误，不予采纳"},
    )  # fmt: skip
