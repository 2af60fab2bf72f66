"""The replay of one case as a workbook: a sheet of its steps, and one of the parameters that they met.

Refuses to leave unrecorded: the file that goes out has its audit row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from landgis.access.queries import Actor
from landgis.access.rules import EXPORT_DATA
from landgis.audit.change import change
from landgis.counties.models import County
from landgis.lib.sheets import Column, Table, workbook_of
from parcels.disposal.replaying import Replay, Replayed, ReplayedClock
from parcels.disposal.state import Refusal

MAY = "可以办理"


class _Held(NamedTuple):
    steps: str
    title: str
    then: str
    now: str
    differs: bool


STEPS: tuple[Column[Replayed], ...] = (
    Column("步骤", 6, "whole", lambda row: row.step.seq),
    Column("名称", 20, "wrapped", lambda row: row.title),
    Column("日期", 11.5, "date", lambda row: row.step.on),
    Column("办理人", 12, "text", lambda row: row.person),
    Column("当日规则版本", 40, "wrapped", lambda row: row.version),
    Column("按当日规则", 34, "wrapped", lambda row: told(row.then)),
    Column("按今日规则", 34, "wrapped", lambda row: told(row.now)),
    Column("期限（当日 / 今日）", 36, "wrapped", lambda row: "\n".join(map(clock_told, row.clocks))),
    Column("不同", 6, "text", lambda row: "是" if row.differs else ""),
)
HELD: tuple[Column[_Held], ...] = (
    Column("适用步骤", 14, "wrapped", lambda row: row.steps),
    Column("参数", 34, "wrapped", lambda row: row.title),
    Column("当日的值", 30, "wrapped", lambda row: row.then),
    Column("今日的值", 30, "wrapped", lambda row: row.now),
    Column("不同", 6, "text", lambda row: "是" if row.differs else ""),
)


def replay_workbook(county: County, actor: Actor, found: Replay) -> bytes:
    """Both sheets."""
    actor.require(EXPORT_DATA)
    number = found.file.case.case_no
    held = [
        _Held("、".join(map(str, edition.steps)), *values)
        for edition in found.editions
        for values in edition.values
    ]
    recorded = change(
        county_code=county.code, by=actor.username, action="export_case_replay", reason="导出规则复核",
        case=number, on=str(found.on),
    )  # fmt: skip
    note = f"截至 {found.on}，今日规则：{found.version}"
    steps = Table(
        f"{number} 规则复核",
        note,
        f"结果不同 {found.differing} 步",
        number,
        STEPS,
        found.steps,
        frozen_columns=2,
    )
    values = Table(f"{number} 适用的参数", note, "", number, HELD, held, paper="A4")
    with recorded:
        return workbook_of({"步骤": steps, "参数": values})


def told(refusals: Sequence[Refusal]) -> str:
    """What the rules say of a step."""
    return "；".join(f"{why.article}：{why.reason}" for why in refusals) or MAY


def clock_told(shown: ReplayedClock) -> str:
    """A clock under both rules."""
    now = shown.now.due_on if shown.now else None
    return f"{shown.clock.title}：{shown.clock.due_on or '—'} / {now or '—'}"
