"""How much ancillary land and building a project may have, and whether its limit may be raised: facts in, checks out.

Refuses to raise a limit by itself: that the conditions are met is a finding, the raising is an officer's decision. A condition
whose facts are missing is not met and says so. Areas in ㎡ and ratios are compared unrounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from landgis.lib.units import mu_to_m2, rounded

MAJOR, PARK, FIRM = "major", "park", "firm"
CATEGORIES: dict[str, str] = {
    MAJOR: "重大招商引资项目",
    PARK: "市级小微企业园",
    FIRM: "存量工业企业",
}
ZERO = Decimal(0)
PLACES = Decimal("0.0001")  # as the register keeps ㎡


@dataclass(frozen=True, slots=True)
class Limits:
    """Ratios of the whole; `min_grades`: the least grade, the first that a scheme knows counts."""

    land: Decimal
    land_raised: Decimal
    building: Decimal
    building_raised: Decimal
    min_mu: Decimal
    min_grades: tuple[str, ...]
    years: int
    dormitory_share: Decimal
    pool_dormitory_share: Decimal


@dataclass(frozen=True, slots=True)
class Project:
    """A project's areas in ㎡. `flats`: 成套商品住宅 among them. `pooled_…`: the part of its quota that is for a pool.

    `firm_land_m2`: all the land that its firm was evaluated with, None where no final evaluation tells it.
    """

    category: str
    land_m2: Decimal
    ancillary_land_m2: Decimal
    building_m2: Decimal
    ancillary_building_m2: Decimal
    dormitory_land_m2: Decimal
    dormitory_building_m2: Decimal
    flats: bool
    pooled_land_m2: Decimal = ZERO
    pooled_building_m2: Decimal = ZERO
    firm_land_m2: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Graded:
    """A year's final grade: `reached` None where the year has no final grades or its scheme doesn't know the least grade."""

    year: int
    grade: str
    least: str
    reached: bool | None


@dataclass(frozen=True, slots=True)
class Check:
    """One condition with its verdict (None = can't be told) and the words that explain it."""

    title: str
    met: bool | None
    told: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """`needs_raising`: above the ordinary limits. `may_be_raised`: every condition of raising is met. `within`: may stand."""

    checks: tuple[Check, ...]
    needs_raising: bool
    may_be_raised: bool
    within: bool


def quota(land_m2: Decimal, building_m2: Decimal, limits: Limits) -> tuple[Decimal, Decimal]:
    """What a project's ordinary limits come to in ㎡ of land and of building."""
    return land_m2 * limits.land, building_m2 * limits.building


def judge(project: Project, limits: Limits, grades: Sequence[Graded], *, raised: bool) -> Verdict:
    """The project under the ordinary limits and, with an officer's approval (`raised`), under the raised ones."""
    ordinary_land, ordinary_building = quota(project.land_m2, project.building_m2, limits)
    land, building = (
        project.ancillary_land_m2 + project.pooled_land_m2,
        project.ancillary_building_m2 + project.pooled_building_m2,
    )
    over_land, over_building = land - ordinary_land, building - ordinary_building
    needs = over_land > 0 or over_building > 0
    checks = [
        _ratio("用地占比", land, project.land_m2, limits.land, project.pooled_land_m2),
        _ratio("建筑面积占比", building, project.building_m2, limits.building, project.pooled_building_m2),
        _no_flats(project.flats),
    ]
    if not needs:
        return Verdict(tuple(checks), needs_raising=False, may_be_raised=False, within=not project.flats)
    # What is pooled is built as dormitories by the rule of pools.
    share = limits.pool_dormitory_share
    conditions = [
        *_eligible(project, limits, grades),
        _within("提高后用地占比", land, project.land_m2, limits.land_raised),
        _within("提高后建筑面积占比", building, project.building_m2, limits.building_raised),
        _dormitory(
            "提高的用地",
            over_land,
            project.dormitory_land_m2 + project.pooled_land_m2 * share,
            limits.dormitory_share,
        ),
        _dormitory(
            "提高的建筑",
            over_building,
            project.dormitory_building_m2 + project.pooled_building_m2 * share,
            limits.dormitory_share,
        ),
    ]
    met = not project.flats and all(check.met is True for check in conditions)
    approved = Check("经审核批准", raised, "已审核批准" if raised else "尚未审核批准")
    return Verdict(
        (*checks, *conditions, approved), needs_raising=True, may_be_raised=met, within=met and raised
    )


def judge_use(
    land_m2: Decimal,
    building_m2: Decimal,
    dormitory_land_m2: Decimal,
    dormitory_building_m2: Decimal,
    share: Decimal,
    *,
    flats: bool,
) -> tuple[Check, ...]:
    """What is built with pooled quotas: dormitories, at least the share of it, and no flats."""
    checks = [_no_flats(flats)]
    for title, whole, part in (
        ("用地", land_m2, dormitory_land_m2),
        ("建筑", building_m2, dormitory_building_m2),
    ):
        told = f"{rounded(whole)} ㎡，其中宿舍型租赁住房 {rounded(part)} ㎡，不得少于其 {_share(share)}"
        checks.append(Check(f"归集的{title}统一建设宿舍型租赁住房", part >= whole * share, told))
    return tuple(checks)


def _no_flats(flats: bool) -> Check:
    return Check(
        "不建成套商品住宅", not flats, "含成套商品住宅，一律不得建设" if flats else "没有成套商品住宅"
    )


def _eligible(project: Project, limits: Limits, grades: Sequence[Graded]) -> list[Check]:
    if project.category in (MAJOR, PARK):
        return [Check("可提高的对象", True, f"属于{CATEGORIES[project.category]}")]
    if project.category != FIRM:
        wanted = "、".join(CATEGORIES.values())
        return [Check("可提高的对象", False, f"不属于{wanted}")]
    return [_firm_land(project.firm_land_m2, limits.min_mu), *(_graded(item) for item in grades)]


def _firm_land(land_m2: Decimal | None, min_mu: Decimal) -> Check:
    """The firm's land of all its parcels, in ㎡ as the register keeps it; the figure itself isn't told."""
    wanted = f"要求 {min_mu:f} 亩以上（企业全部净用地，按未取整的面积比较）"
    if land_m2 is None:
        return Check("企业用地面积", None, f"没有定稿评价的企业用地，{wanted}")
    enough = land_m2.quantize(PLACES) >= mu_to_m2(min_mu).quantize(PLACES)
    return Check("企业用地面积", enough, f"{'达到' if enough else '不足'}，{wanted}")


def _graded(item: Graded) -> Check:
    title = f"{item.year} 年评价"
    if item.reached is None:
        return Check(title, None, f"没有可比较的定稿结果（要求 {item.least} 及以上）")
    return Check(title, item.reached, f"{item.grade or '未评'}，要求 {item.least} 及以上")


def _ratio(title: str, part_m2: Decimal, whole_m2: Decimal, limit: Decimal, pooled_m2: Decimal) -> Check:
    allowed = whole_m2 * limit
    pooled = f"，其中归集 {rounded(pooled_m2)} ㎡" if pooled_m2 else ""
    told = f"{_percent(part_m2, whole_m2)}{pooled}，上限 {_share(limit)}（{rounded(allowed)} ㎡）"
    return Check(title, part_m2 <= allowed, told)


def _within(title: str, part_m2: Decimal, whole_m2: Decimal, limit: Decimal) -> Check:
    return Check(title, part_m2 <= whole_m2 * limit, f"{_percent(part_m2, whole_m2)}，上限 {_share(limit)}")


def _dormitory(title: str, over_m2: Decimal, dormitory_m2: Decimal, share: Decimal) -> Check:
    """The increment is mainly for dormitories; where there is none, there is nothing to use."""
    if over_m2 <= 0:
        return Check(f"{title}主要建设宿舍型租赁住房", True, "没有超过原上限")
    told = f"超过原上限 {rounded(over_m2)} ㎡，宿舍型租赁住房 {rounded(dormitory_m2)} ㎡，须超过其 {_share(share)}"
    return Check(f"{title}主要建设宿舍型租赁住房", dormitory_m2 > over_m2 * share, told)


def _percent(part_m2: Decimal, whole_m2: Decimal) -> str:
    return f"{rounded(part_m2 / whole_m2 * 100)}%（{rounded(part_m2)} ㎡ / {rounded(whole_m2)} ㎡）"


def _share(ratio: Decimal) -> str:
    return f"{(ratio * 100).normalize():f}%"
