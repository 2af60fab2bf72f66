"""Who is evaluated, in which group and class, and who isn't and why.

Refuses to leave a firm without an answer: every firm has a class, or a reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from landgis.lib.deadlines import add_years
from parcels.evaluation.rules import LAND
from parcels.grading.frozen import BUILDING, Floats, Frozen
from parcels.schemes.definition import Definition, Exemption, Where

NO_RETURN, NO_GROUP, SCALE_UNKNOWN, TOO_SMALL = "no_return", "no_group", "scale_unknown", "too_small"
MUCH_MU = 1e9  # more land than any threshold asks for
REASONS = {
    NO_RETURN: "没有当年年度报表",
    NO_GROUP: "不属于方案的任何分组",
    SCALE_UNKNOWN: "未注明规上或规下",
    TOO_SMALL: "用地面积不到分组的下限",
}


@dataclass(frozen=True, slots=True)
class ClassName:
    """Firms that are ranked among each other: a group, or an industry of it."""

    group: int
    industry: int  # -1 = the whole group
    name: str


@dataclass(frozen=True, slots=True)
class Population:
    """Each firm's class (-1 = none) and group, why it has none, and the land that it is evaluated on."""

    classes: tuple[ClassName, ...]
    of_class: NDArray[np.intp]
    of_group: NDArray[np.intp]
    reason: tuple[str, ...]  # "" = evaluated
    land_mu: Floats


def population(definition: Definition, firms: Frozen) -> Population:
    size = len(firms)
    land = firms.figures[LAND].copy()
    reason = np.full(size, "", dtype=object)
    reason[~firms.returned] = NO_RETURN
    for exemption in reversed(list(definition.exemptions.values())):
        reason[_exempt(exemption, firms)] = f"exempt:{exemption.code}"
        if exemption.building_land == "deducted":
            land = land - np.nan_to_num(firms.figures[BUILDING])
    land = np.where(land > 0, land, np.nan)
    group = np.full(size, -1, dtype=np.intp)
    for at in range(len(definition.groups) - 1, -1, -1):
        group[_taken(definition.groups[at].where, firms, land)] = at
    without = (group < 0) & (reason == "")
    reason[without] = NO_GROUP
    reason[without & (firms.above_scale < 0)] = SCALE_UNKNOWN
    # Taken but for the land: that is what the firm should be told.
    small = np.zeros(size, dtype=bool)
    for known in definition.groups:
        small |= _taken(known.where, firms, np.full(size, MUCH_MU))
    reason[without & small] = TOO_SMALL
    group[reason != ""] = -1
    classes, of_class = _classes(definition, firms, group)
    return Population(classes, of_class, group, tuple(reason.tolist()), land)


def industries(definition: Definition, firms: Frozen) -> NDArray[np.intp]:
    """Each firm's industry of the scheme, the first that takes it; -1 where the scheme knows none."""
    found = np.full(len(firms), -1, dtype=np.intp)
    land = firms.figures[LAND]
    for at in range(len(definition.industries) - 1, -1, -1):
        if definition.industries[at].other:
            found[found < 0] = at
        else:
            found[_taken(definition.industries[at].where, firms, land)] = at
    return found


def _classes(
    definition: Definition, firms: Frozen, group: NDArray[np.intp]
) -> tuple[tuple[ClassName, ...], NDArray[np.intp]]:
    industry = industries(definition, firms)
    classes: list[ClassName] = []
    of_class = np.full(len(firms), -1, dtype=np.intp)
    for at, known in enumerate(definition.groups):
        if not known.by_industry:
            of_class[group == at] = len(classes)
            classes.append(ClassName(at, -1, known.name))
            continue
        for n, one in enumerate(definition.industries):
            of_class[(group == at) & (industry == n)] = len(classes)
            classes.append(ClassName(at, n, f"{known.name}·{one.name}"))
    return tuple(classes), of_class


def _taken(where: Where, firms: Frozen, land_mu: Floats) -> NDArray[np.bool_]:
    taken = np.ones(len(firms), dtype=bool)
    if where.above_scale is not None:
        taken &= firms.above_scale == int(where.above_scale)
    if where.land_mu_min is not None:
        # The register keeps ㎡ to four decimals: 3 亩 entered as 2000 ㎡ is 3 亩.
        taken &= np.round(np.nan_to_num(land_mu), 9) >= where.land_mu_min
    if where.prefixes or where.industry_groups:
        taken &= _of_industry(where.prefixes, where.industry_groups, firms)
    return taken


def _of_industry(prefixes: tuple[str, ...], names: tuple[str, ...], firms: Frozen) -> NDArray[np.bool_]:
    """By the group that the register names, or by the code (C1711 and 1711 are the same)."""
    codes, groups = firms.texts["industry_code"], firms.texts["industry_group"]
    taken = np.zeros(len(firms), dtype=bool)
    if prefixes:
        mine = {code for code in set(codes) if code.lstrip("ABCDEFGHIJKLMNOPQRST").startswith(prefixes)}
        taken = np.fromiter(map(mine.__contains__, codes), dtype=bool, count=len(codes))
    if names:
        taken = taken | np.fromiter(map(set(names).__contains__, groups), dtype=bool, count=len(groups))
    return taken


def _exempt(exemption: Exemption, firms: Frozen) -> NDArray[np.bool_]:
    """Granted by an officer, or by the automatic test."""
    found = np.array([exemption.code in granted for granted in firms.maps["exemptions"]], dtype=bool)
    if exemption.prefixes:
        found |= _of_industry(exemption.prefixes, (), firms)
    if exemption.registered_less_than_years is not None:
        since = add_years(date.fromisoformat(firms.on), -exemption.registered_less_than_years).isoformat()
        found |= np.array([bool(day) and day > since for day in firms.texts["founded_on"]], dtype=bool)
    if exemption.building_land:
        land = np.nan_to_num(firms.figures[LAND])
        building = np.nan_to_num(firms.figures[BUILDING])
        some = building > 0
        found |= some & ((building >= land * (1 - 1e-9)) | (exemption.building_land == "firm"))
    return found
