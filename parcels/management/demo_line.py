"""The demo's adjustments of the control line (示意数据): one entered, one in its public notice, one given up.

Refuses to write past the room's own actions: what comes in is what the what-if offers, and every step is judged on its day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from landgis.access.queries import Actor
from landgis.counties.models import County
from layers.control_lines.models import ControlLine
from parcels.balance.actions import apply_for, take_step
from parcels.balance.candidates import Candidate, offers
from parcels.balance.models import Adjustment
from parcels.balance.queries import Draft, Piece, shape_of
from parcels.balance.steps import APPROVAL, ARGUMENT, ENTRY, OPINION, PUBLICITY, REVIEW, WITHDRAWN
from parcels.cadastre.models import Parcel

LEAST_M2, MOST_M2 = 10000, 40000
OUTSIDE_OF = "示意数据：国土空间总体规划（工业用地）"


class Story(NamedTuple):
    """An adjustment: the piece of the line that it leaves, what for, when it was applied for, and the steps since."""

    line_code: str
    title: str
    purpose: str
    on: date
    planned_on: date
    steps: Sequence[tuple[str, date]]


STORIES = (
    Story(
        "330782KZX012", "学校建设调整（示意）", "示意：规划九年一贯制学校占用，先补后占", date(2026, 2, 9), date(2026, 6, 1),
        ((ARGUMENT, date(2026, 2, 27)), (OPINION, date(2026, 3, 20)), (REVIEW, date(2026, 4, 10)),
         (PUBLICITY, date(2026, 4, 15)), (APPROVAL, date(2026, 5, 8)), (ENTRY, date(2026, 6, 1))),
    ),
    Story(
        "330782KZX014", "片区道路拓宽调整（示意）", "示意：主干道拓宽占用，改一补一", date(2026, 8, 17), date(2026, 12, 1),
        ((ARGUMENT, date(2026, 9, 4)), (OPINION, date(2026, 9, 23)), (REVIEW, date(2026, 10, 13)),
         (PUBLICITY, date(2026, 10, 22))),
    ),
    Story(
        "330782KZX016", "商业配套调整（示意）", "示意：拟改商业配套，经论证不再实施", date(2026, 7, 6), date(2026, 11, 2),
        ((ARGUMENT, date(2026, 7, 24)), (WITHDRAWN, date(2026, 8, 3))),
    ),
)  # fmt: skip


def play(county: County, actor: Actor) -> None:
    """All of it in one transaction, or nothing where any adjustment is there already."""
    if Adjustment.objects.filter(county=county).exists():
        return
    officer = replace(actor, username="demo_registrar", display_name="登记员（示意）")
    with transaction.atomic():
        for story in sorted(STORIES, key=lambda one: one.on):
            _play(county, officer, story)


def _play(county: County, actor: Actor, story: Story) -> None:
    leaves = _leaving(county, story.line_code)
    if leaves is None:
        return
    out = shape_of(leaves.geom_4490)
    offered = offers(county, actor, Draft(out), story.on).parcels
    comes = next(
        (one for one in offered if not one.against and one.area_m2 >= leaves.ellipsoidal_area_m2), None
    )
    if comes is None:
        return
    today = timezone.localdate()
    made = apply_for(
        county=county, actor=actor, draft=Draft(out, (_piece(comes, leaves, story),)), title=story.title, purpose=story.purpose,
        planned_on=story.planned_on, on=story.on, person="示意经办人", document="示意：调整申请书", today=today,
    )  # fmt: skip
    for number, (step, on) in enumerate(story.steps, start=1):
        take_step(
            county=county, actor=actor, number=made.pk, step=step, on=on, person="示意经办人",
            document=f"示意：{made.adjustment_no}-{number}", today=today,
        )  # fmt: skip


def _leaving(county: County, line_code: str) -> Parcel | None:
    """The smallest parcel of some size that lies wholly in a piece of the line."""
    line = ControlLine.objects.filter(county=county, code=line_code, valid_to=None).first()
    if line is None:
        return None
    within = Parcel.objects.filter(county=county, valid_to=None, geom_4490__within=line.geom_4490)
    sized = within.filter(ellipsoidal_area_m2__range=(LEAST_M2, MOST_M2))
    return sized.order_by("ellipsoidal_area_m2", "code").first()


def _piece(comes: Candidate, leaves: Parcel, story: Story) -> Piece:
    level = ControlLine.objects.get(county=leaves.county, code=story.line_code, valid_to=None).level
    return Piece(
        name=f"{comes.town}{comes.code[-5:]}（示意）", geom_4490=comes.geom_4490, level=level, plan_class_code="100101",
        plan_basis=OUTSIDE_OF,
    )  # fmt: skip
