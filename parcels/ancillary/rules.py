"""How much ancillary land and building a project may have, and whether its limit may be raised: facts in, checks out.

Refuses to raise a limit by itself: that the conditions are met is a finding, the raising is an officer's decision. A condition
whose facts are missing is not met and says so. Areas in ㎡ and ratios are compared unrounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from landgis.lib.units import display_mu, mu_to_m2, rounded

MAJOR, PARK, FIRM = "major", "park", "firm"
CATEGORIES: dict[str, str] = {
    MAJOR: "重大招商引资项目",
    PARK: "市级小微企业园",
    FIRM: "存量工业企业",
}
ZERO = Decimal(0)


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


@dataclass(frozen=True, slots=True)
class Project:
    """A project's areas in ㎡. `flats`: 成套商品住宅 among them. `pooled_…`: the quota that it gave to a pool."""

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
    allowed_land = ordinary_land - project.pooled_land_m2
    allowed_building = ordinary_building - project.pooled_building_m2
    over_land = project.ancillary_land_m2 - allowed_land
    over_building = project.ancillary_building_m2 - allowed_building
    needs = over_land > 0 or over_building > 0
    checks = [
        _ratio("用地占比", project.ancillary_land_m2, project.land_m2, limits.land, project.pooled_land_m2),
        _ratio(
            "建筑面积占比",
            project.ancillary_building_m2,
            project.building_m2,
            limits.building,
            project.pooled_building_m2,
        ),
        Check(
            "不建成套商品住宅",
            not project.flats,
            "含成套商品住宅，一律不得建设" if project.flats else "没有成套商品住宅",
        ),
    ]
    if not needs:
        return Verdict(tuple(checks), needs_raising=False, may_be_raised=False, within=not project.flats)
    unpooled = project.pooled_land_m2 == 0 and project.pooled_building_m2 == 0
    conditions = [
        *_eligible(project, limits, grades),
        Check(
            "指标没有归集",
            unpooled,
            "本宗指标未归集到园区" if unpooled else "本宗指标已归集到园区，不能再提高",
        ),
        _within("提高后用地占比", project.ancillary_land_m2, project.land_m2, limits.land_raised),
        _within(
            "提高后建筑面积占比", project.ancillary_building_m2, project.building_m2, limits.building_raised
        ),
        _dormitory("提高的用地", over_land, project.dormitory_land_m2, limits.dormitory_share),
        _dormitory("提高的建筑", over_building, project.dormitory_building_m2, limits.dormitory_share),
    ]
    met = not project.flats and all(check.met is True for check in conditions)
    approved = Check("经审核批准", raised, "已审核批准" if raised else "尚未审核批准")
    return Verdict(
        (*checks, *conditions, approved), needs_raising=True, may_be_raised=met, within=met and raised
    )


def _eligible(project: Project, limits: Limits, grades: Sequence[Graded]) -> list[Check]:
    if project.category in (MAJOR, PARK):
        return [Check("可提高的对象", True, f"属于{CATEGORIES[project.category]}")]
    if project.category != FIRM:
        wanted = "、".join(CATEGORIES.values())
        return [Check("可提高的对象", False, f"不属于{wanted}")]
    enough = project.land_m2 >= mu_to_m2(limits.min_mu)
    told = f"总用地 {display_mu(project.land_m2)} 亩，要求 {limits.min_mu:f} 亩以上（按未取整的面积比较）"
    return [Check("总用地", enough, told), *(_graded(item) for item in grades)]


def _graded(item: Graded) -> Check:
    title = f"{item.year} 年评价"
    if item.reached is None:
        return Check(title, None, f"没有可比较的定稿结果（要求 {item.least} 及以上）")
    return Check(title, item.reached, f"{item.grade or '未评'}，要求 {item.least} 及以上")


def _ratio(title: str, part_m2: Decimal, whole_m2: Decimal, limit: Decimal, pooled_m2: Decimal) -> Check:
    left = whole_m2 * limit - pooled_m2
    pooled = f"，其中 {rounded(pooled_m2)} ㎡ 指标已归集" if pooled_m2 else ""
    told = f"{_percent(part_m2, whole_m2)}，上限 {_share(limit)}（{rounded(whole_m2 * limit)} ㎡{pooled}）"
    return Check(title, part_m2 <= left, told)


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
