"""What is still open of a year before its grades may be published: land, returned figures, land given out twice.

Refuses to let anything pass unnamed: each open thing is settled where it lives, or accepted by an officer with a reason.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from landgis.access.queries import Actor
from landgis.access.rules import MANAGE_EVALUATION
from landgis.audit.change import change
from landgis.audit.kept import kept
from landgis.counties.models import County
from landgis.lib.errors import Conflict, InputError, Outdated
from landgis.lib.units import display_mu
from parcels.grading.differing import differences
from parcels.grading.freezing import decisions, freeze
from parcels.grading.frozen import Frozen
from parcels.grading.models import Acceptance, GradingRun
from parcels.grading.queries import newest_input, newest_result, run_of, scored_again, state
from parcels.grading.rules import CHECKED, DRAFT, NOTICE
from parcels.land_use.checks import problems
from parcels.land_use.queries import CHANGED, FROZEN, firm_names, town_states
from parcels.returns.queries import doubts, open_rows
from parcels.returns.rules import DOUBTS
from parcels.schemes.queries import Chosen
from parcels.schemes.reading import read_definition

LAND_OPEN, LAND_CHANGED, STALE, LATER, OUTDATED = "land_open", "land_changed", "stale", "later", "outdated"
ROW, DOUBT, OVER = "row", "doubt", "over"
TITLES = {
    LAND_OPEN: "企业用地尚未冻结",
    LAND_CHANGED: "企业用地冻结后有变化",
    STALE: "评价数据早于企业用地的冻结或决定",
    LATER: "公示以后企业用地有变化",
    OUTDATED: "冻结数据与登记库不一致",
    ROW: "报送数据未对应企业",
    DOUBT: "可疑数据未核实",
    OVER: "宗地分配超出面积",
}
REMEDIES = {
    LAND_OPEN: "请各镇街确认后冻结该年度企业用地。",
    LAND_CHANGED: "请镇街重新确认，并再次冻结。",
    STALE: "请按冻结的企业用地重新计算。",
    LATER: "变化不影响本次结果的可以认可；影响结果的请撤回本次评价，重新起草。",
    OUTDATED: "请重新计算；按冻结时的数据评价的，请写明理由认可。",
    ROW: "请对应到企业，或注明不予采用。",
    DOUBT: "请核实后更正或确认该数据。",
    OVER: "请更正该宗地的使用面积。",
}
NAMED = 3  # firms that are named of those that changed
# Where nobody's word helps: the thing itself has to be put right.
FIRM = (LAND_OPEN, LAND_CHANGED, STALE)


@dataclass(frozen=True, slots=True)
class Open:
    """One open thing; `where` names what it is about, for the link to its page: a parcel's row id, a firm's code …"""

    kind: str
    key: str
    told: str
    where: str = ""
    accepted: Acceptance | None = None

    @property
    def title(self) -> str:
        return TITLES[self.kind]

    @property
    def remedy(self) -> str:
        return REMEDIES[self.kind]

    @property
    def acceptable(self) -> bool:
        return self.kind not in FIRM


def openings(county: County, actor: Actor, run: GradingRun, where: str) -> list[Open]:
    """Everything open for a run that stands `where`; accepted things say by whom."""
    actor.require_whole_county(MANAGE_EVALUATION)
    year, result = run.year, newest_result(run)
    inputs = scored_again(result.input_id, result.sha256).firms.decided
    found = _land(county, actor, year, inputs, where)
    if where in (DRAFT, CHECKED) and not found:
        found += kept("grading_outdated", result.input_id, lambda: _outdated(county, run))
    found += kept("grading_doubts", (county.code, year), lambda: _doubtful(county, actor, year))
    words = {word.key: word for word in Acceptance.objects.filter(county=county, year=year)}
    return [
        Open(one.kind, one.key, one.told, one.where, words.get(one.key) if one.acceptable else None)
        for one in found
    ]


def still_open(found: list[Open]) -> list[Open]:
    return [one for one in found if one.accepted is None]


def counted(found: list[Open]) -> list[tuple[str, int]]:
    """How many of each kind, by title, in the order of the kinds."""
    many = Counter(one.kind for one in found)
    return [(kind, many[kind]) for kind in TITLES if many[kind]]


def summary(found: list[Open]) -> str:
    return "；".join(f"{TITLES[kind]} {count} 项" for kind, count in counted(found))


def require_settled(county: County, actor: Actor, run: GradingRun, where: str) -> list[Open]:
    """Raise Conflict while anything is open that nobody settled or accepted; else what was accepted."""
    found = openings(county, actor, run, where)
    waiting = still_open(found)
    if waiting:
        raise Conflict(
            f"{run.year} 年评价还有未处理的事项：{summary(waiting)}。",
            code="evaluation_open",
            remedy="请在本次评价的“未决事项”中逐项处理，或写明理由认可。",
        )
    return [one for one in found if one.accepted]


def accept(*, county: County, actor: Actor, run_id: int, keys: list[str], reason: str) -> int:
    """The officer stands for the open things named; how many were accepted."""
    actor.require_whole_county(MANAGE_EVALUATION)
    if not reason.strip():
        raise InputError("reason_missing", "没有写明认可的理由。", "请填写理由。", field="reason")
    with change(
        county_code=county.code,
        by=actor.username,
        action="accept_evaluation_doubts",
        reason=reason,
        run=run_id,
    ) as running:
        run = run_of(county, run_id)
        there = {one.key: one for one in still_open(openings(county, actor, run, state(run)))}
        if not keys:
            raise InputError("nothing_chosen", "没有选择要认可的事项。", "请勾选后再提交。", field="keys")
        if any(key not in there for key in keys):
            raise Outdated("所选事项已经处理或有变化。", remedy="请刷新页面，核对后再认可。")
        chosen = [there[key] for key in dict.fromkeys(keys)]
        for one in chosen:
            if not one.acceptable:
                raise Conflict(f"{one.title}，不能以认可代替。", remedy=one.remedy)
        Acceptance.objects.bulk_create(
            Acceptance(
                county=county, year=run.year, kind=one.kind, key=one.key, told=one.told, reason=reason.strip(),
                accepted_by=actor.username,
            )
            for one in chosen
        )  # fmt: skip
        running.summary["accepted"] = [one.told for one in chosen]
    return len(chosen)


def _land(county: County, actor: Actor, year: int, inputs: Mapping[str, Any], where: str) -> list[Open]:
    now = decisions(county, year)
    if now["land"] != FROZEN:
        kind = LAND_CHANGED if now["land"] == CHANGED else LAND_OPEN
        towns = [town.name for town in town_states(county, actor, year) if town.state != "current"]
        told = f"{'、'.join(towns)} 未确认或确认后有变化" if towns else "各镇街已确认，尚未冻结"
        return [Open(kind, _key(kind, year), told)]
    if dict(inputs) == now:
        return []
    if where != NOTICE:
        return [Open(STALE, _key(STALE, year), "数据冻结之后，用地的冻结、承租户评价方式或关联企业有变化")]
    return [Open(LATER, _key(LATER, now), "公示以后，用地的冻结、承租户评价方式或关联企业有变化")]


def _outdated(county: County, run: GradingRun) -> list[Open]:
    """What was returned, entered or corrected since the freeze, and isn't in what would be published."""
    version = run.scheme_version
    scheme = Chosen(version.definition, read_definition(version.definition), version.sha256, version)
    now = freeze(county, scheme, run.year)
    found = differences(Frozen.from_text(newest_input(run).text), now)
    names = dict(zip(now.uscc, now.texts["name"], strict=True))
    return [
        Open(OUTDATED, _key(OUTDATED, [run.year, kind, codes, now.sha256]), f"{kind}：{_named(codes, names)}")
        for kind, codes in found.items()
    ]


def _named(codes: list[str], names: Mapping[str, str]) -> str:
    """How many firms, and the first of them by name."""
    first = "、".join(names.get(code, code) for code in codes[:NAMED])
    return f"冻结之后有变化的企业 {len(codes)} 家（{first}{'等' if len(codes) > NAMED else ''}）"


def _doubtful(county: County, actor: Actor, year: int) -> list[Open]:
    found = [
        Open(
            ROW, _key(ROW, row.pk), f"{row.delivery.authority}：{row.name or row.uscc}（第 {row.row_no} 行）"
        )
        for row in open_rows(county, year)
    ]
    found += [
        Open(
            DOUBT, _key(DOUBT, [one.uscc, one.field, one.kind, str(one.value), one.against]),
            f"{one.firm} {one.field_title} {one.shown}：{DOUBTS[one.kind]}（{one.told or '—'}）", one.uscc,
        )
        for one in doubts(county, actor, year)
    ]  # fmt: skip
    over = [one for one in problems(county, actor, year) if one.kind == "over"]
    names = firm_names([pk for one in over for pk in one.firm_ids])
    found += [
        Open(
            OVER, _key(OVER, [one.parcel_code, round(one.amount_m2 or 0, 2), list(one.firm_ids)]),
            f"宗地 {one.parcel_code} 超出 {display_mu(one.amount_m2 or 0)} 亩：{'、'.join(names[pk] for pk in one.firm_ids)}",
            str(one.parcel_id),
        )
        for one in over
    ]  # fmt: skip
    return found


def _key(kind: str, what: Any) -> str:
    return hashlib.sha256(json.dumps([kind, what], ensure_ascii=False, sort_keys=True).encode()).hexdigest()
