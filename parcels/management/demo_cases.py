"""The demo's idle-land cases (示意数据): opened from the screening's suspicions, each some steps further than the one before.

Refuses to write past the procedure: a step that the law doesn't allow yet isn't taken here either.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from landgis.access.queries import Actor
from landgis.counties.models import County
from parcels.disposal.actions import enter_step, open_case
from parcels.disposal.models import CaseStep, IdleCase
from parcels.idle_land.models import IdleFinding

REASON = "载入示意数据"
FIRST, BETWEEN, CASES = date(2026, 7, 6), timedelta(days=6), 11
NUMBERED = ("investigation_notice", "finding", "hearing_right_notice")
# Each step some days after the one before, with what it says; `service` serves the last numbered paper.
STEPS: tuple[tuple[str, int, dict[str, Any]], ...] = (
    ("investigation_notice", 7, {}),
    ("service", 1, {}),
    ("reply", 13, {"statement": "示意：资金筹措困难"}),
    ("site_survey", 1, {"persons": "示意甲、示意乙", "evidence": "示意：现场照片 5 张"}),
    ("finding", 12, {"result": "idle_not_started", "causes": ["E1"], "statement": "示意：没有动工", "evidence": "示意：照片"}),
    ("service", 1, {}),
    ("disclosure", 1, {"place": "门户网站（示意）"}),
    ("scheme", 6, {"mode": "fee", "content": "示意：征缴土地闲置费"}),
    ("scheme_approval", 14, {"level": "county_government", "approver": "县人民政府", "approval_no": "示意批1号"}),
    ("hearing_right_notice", 6, {}),
    ("service", 1, {}),
)  # fmt: skip


def play(county: County, actor: Actor, *, officer: str) -> None:
    """Cases of land that was never started, the longest idle first; nothing where there is a case already."""
    if IdleCase.objects.filter(county=county).exists():
        return
    suspected = IdleFinding.objects.filter(
        screening=IdleFinding.objects.filter(screening__county=county).latest("screening_id").screening_id,
        finding="idle_not_started",
        phase__isnull=False,
    )
    with transaction.atomic():
        for number, finding in enumerate(suspected.order_by("-gross_idle_days", "pk")[:CASES]):
            opened = FIRST + BETWEEN * number
            case = open_case(
                county=county, actor=actor, finding_id=finding.pk, on=opened, officer=officer,
                source="2026年第二季度筛查（示意）", reason=REASON,
            )  # fmt: skip
            _walk(county, actor, case, opened, CASES - number)


def _walk(county: County, actor: Actor, case: IdleCase, opened: date, steps: int) -> None:
    """The older a case, the further it has come."""
    on = opened
    for stage, days, stated in STEPS[:steps]:
        on += timedelta(days=days)
        facts = dict(stated)
        if stage == "service":
            paper = CaseStep.objects.filter(case=case, stage__in=NUMBERED).latest("seq")
            facts = {
                "of": paper.seq, "how": "direct", "receiver": "示意收件人", "evidence": "示意：送达回证"
            }  # fmt: skip
        enter_step(
            county=county, actor=actor, case_id=case.pk, stage=stage, on=on, today=timezone.localdate(), facts=facts,
            person="闲置专管员（示意）", reason=REASON,
            document_no=f"示意〔2026〕{case.pk}-{stage}" if stage in NUMBERED else "",
        )  # fmt: skip
