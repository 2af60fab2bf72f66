"""The next version of a parameter: added behind the one in force, or withdrawn before its first day.

Refuses to overwrite, to go behind a version that somebody else entered meanwhile, and to withdraw what has been in force.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from landgis.audit.change import change
from landgis.counties.catalogue import described
from landgis.counties.models import BasisPaper, County, Parameter
from landgis.lib.errors import Conflict, NotFound, Outdated
from landgis.lib.turns import wait_for_turn

ADD, WITHDRAW = "add_parameter_version", "withdraw_parameter_version"


@dataclass(frozen=True, slots=True)
class Upload:
    """The basis document as it came."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Successor:
    """What somebody wants to be in force from a day on; `follows` is the version that they saw as the newest, 0 = none."""

    key: str
    value: Any
    valid_from: date
    basis: str
    certainty: str
    reason: str
    follows: int
    paper: Upload


def add_version(county: County, wanted: Successor, *, by: str) -> Parameter:
    """The version with its paper and audit row; the one before ends on the day before."""
    with change(
        county_code=county.code, by=by, action=ADD, reason=wanted.reason, key=wanted.key, value=wanted.value,
        valid_from=str(wanted.valid_from), basis=wanted.basis, certainty=wanted.certainty,
    ) as running:  # fmt: skip
        _one_at_a_time(county, wanted.key)
        newest = versions(county, wanted.key).first()
        if (newest.pk if newest else 0) != wanted.follows:
            raise Outdated("这一参数刚刚被他人修改。", remedy="请刷新页面，核对最新版本后再提交。")
        if newest and newest.valid_from >= wanted.valid_from:
            raise Conflict(
                f"已有自 {newest.valid_from} 起施行的版本，新版本须晚于这一天。",
                remedy="请改填更晚的施行日期；该版本尚未施行的，可以先撤回。",
            )
        shortened = newest is not None and (newest.valid_to is None or newest.valid_to >= wanted.valid_from)
        valid_to = newest.valid_to if newest and shortened else None
        if newest and shortened:
            newest.valid_to = wanted.valid_from - timedelta(days=1)
            newest.save(update_fields=["valid_to"])
        paper = keep_paper(county, wanted.paper, by=by)
        made = Parameter.objects.create(
            county=county, key=wanted.key, value=wanted.value, valid_from=wanted.valid_from, valid_to=valid_to,
            unit=newest.unit if newest else described(wanted.key).unit, basis=wanted.basis,
            certainty=wanted.certainty, paper=paper, reason=wanted.reason, entered_by=by, shortened=shortened,
        )  # fmt: skip
        running.summary |= {
            "parameter": made.pk,
            "follows": wanted.follows,
            "was": newest.value if newest else None,
            "paper": wanted.paper.name,
            "paper_sha256": paper.sha256,
        }
    return made


def keep_paper(county: County, paper: Upload, *, by: str) -> BasisPaper:
    """The document that something rests on, as it came; within the change of what rests on it."""
    return BasisPaper.objects.create(
        county=county,
        name=paper.name,
        media_type=paper.media_type,
        sha256=hashlib.sha256(paper.content).hexdigest(),
        content=paper.content,
        uploaded_by=by,
    )


def withdraw_version(county: County, number: int, *, by: str, today: date, reason: str) -> Parameter:
    """Take back a version whose first day is still ahead; the one before runs on as if it had never been."""
    found = Parameter.objects.filter(county=county, pk=number).first()
    if found is None:
        raise NotFound("没有这一版本，可能已经撤回。", remedy="请刷新页面。")
    with change(county_code=county.code, by=by, action=WITHDRAW, reason=reason, key=found.key) as running:
        _one_at_a_time(county, found.key)
        newest, *earlier = versions(county, found.key)[:2] or [None]
        if newest is None or newest.pk != number:
            raise Outdated("这一参数刚刚被他人修改。", remedy="请刷新页面，核对最新版本后再提交。")
        if newest.valid_from <= today or not newest.entered_by:
            raise Conflict(
                f"该版本自 {newest.valid_from} 起已经施行，不能撤回。" if newest.entered_by
                else "该版本由县域配置载入，不能在页面撤回。",
                remedy="请另加一个后续版本。",
            )  # fmt: skip
        running.summary |= {
            "parameter": number,
            "value": newest.value,
            "valid_from": str(newest.valid_from),
            "basis": newest.basis,
            "paper_sha256": newest.paper.sha256 if newest.paper else "",
        }
        ended, shortened = newest.valid_to, newest.shortened
        newest.delete()
        if earlier and shortened:
            earlier[0].valid_to = ended
            earlier[0].save(update_fields=["valid_to"])
    return found


def versions(county: County, key: str) -> Any:
    """The versions of a parameter, the newest first."""
    return (
        Parameter.objects.filter(county=county, key=key)
        .select_related("paper").defer("paper__content").order_by("-valid_from")
    )  # fmt: skip


def _one_at_a_time(county: County, key: str) -> None:
    """Two successors of one parameter wait for each other, and the second sees the first."""
    wait_for_turn("counties_parameter", county.code + key)
