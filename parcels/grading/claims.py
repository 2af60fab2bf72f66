"""What a firm may object to, and what it claims should stand instead: read, checked, told in words.

Refuses a claim that says nothing, and one of things that the scheme doesn't know; whether it is right is decided by people.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import Any

from parcels.enterprises.industry import industry_faults
from parcels.schemes.definition import Definition

FIGURE, VETO, GROUP, LAND_USE, EXEMPTION = "figure", "veto", "group", "land", "exemption"
KINDS = {
    FIGURE: "数据有误",
    VETO: "降档事项不成立",
    GROUP: "规上规下或行业有误",
    LAND_USE: "企业用地有误",
    EXEMPTION: "应免评而未免评",
}
LET_OUT, RENTED, AREA, ENDED, TENANCY = "let_out", "rented", "area", "ended", "tenancy"
LAND_CHANGES = {
    LET_OUT: "租出的用地没有计入",
    RENTED: "租入的用地没有计入",
    AREA: "使用面积有误",
    ENDED: "已不再使用该宗地",
    TENANCY: "承租户评价方式有误",
}
SCALES = {True: "规上", False: "规下"}
MOST_MU = 1e7
Fault = tuple[str, str]  # field, message


def read_claim(
    kind: str, told: Mapping[str, Any], definition: Definition
) -> tuple[dict[str, Any], list[Fault]]:
    """The claim as it is kept, and everything that is wrong with it, each with its field."""
    if kind == FIGURE:
        return {}, []
    if kind in (VETO, EXEMPTION):
        known = definition.vetoes if kind == VETO else definition.exemptions
        code = str(told.get("code") or "")
        return {"code": code}, [] if code in known else [("code", "请选择该方案的事项。")]
    if kind == GROUP:
        return _group(told)
    if kind == LAND_USE:
        return _land(told)
    return {}, [("kind", f"没有“{kind}”这类异议，可选：{'、'.join(KINDS.values())}。")]


def claim_lines(kind: str, claim: Mapping[str, Any], definition: Definition) -> list[tuple[str, str]]:
    """The claim in words: what, and which."""
    if kind in (VETO, EXEMPTION):
        known: Mapping[str, Any] = definition.vetoes if kind == VETO else definition.exemptions
        code = claim.get("code", "")
        return [("事项", known[code].title if code in known else code)]
    if kind == GROUP:
        told = [("应为", SCALES[claim["above_scale"]])] if claim.get("above_scale") is not None else []
        industry = " ".join(filter(None, (claim.get("industry_code"), claim.get("industry_group"))))
        return [*told, ("行业", industry)] if industry else told
    if kind == LAND_USE:
        names = {
            "parcel_code": "宗地代码",
            "other_uscc": "对方企业",
            "area_mu": "面积（亩）",
            "from": "起始日期",
            "to": "终止日期",
        }
        lines = [("用地情形", LAND_CHANGES.get(claim.get("change", ""), ""))]
        lines += [(title, str(claim[name])) for name, title in names.items() if claim.get(name)]
        if claim.get("apart") is not None:
            lines.append(("评价方式", "单独评价" if claim["apart"] else "随出租方评价"))
        return lines
    return []


def _group(told: Mapping[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    claim: dict[str, Any] = {
        "above_scale": told.get("above_scale"),
        "industry_code": str(told.get("industry_code") or "").strip().upper(),
        "industry_group": str(told.get("industry_group") or "").strip(),
    }
    faults = []
    if claim["above_scale"] is None and not claim["industry_code"] and not claim["industry_group"]:
        faults.append(("above_scale", "应为规上还是规下、应属哪个行业，至少写明一项。"))
    faults += industry_faults(claim["industry_code"], claim["industry_group"])
    return claim, faults


def _land(told: Mapping[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    change = str(told.get("change") or "")
    if change not in LAND_CHANGES:
        return {}, [("change", f"请选择用地有误的情形：{'、'.join(LAND_CHANGES.values())}。")]
    claim: dict[str, Any] = {"change": change, "parcel_code": str(told.get("parcel_code") or "").strip()}
    faults = [] if claim["parcel_code"] else [("parcel_code", "没有写明宗地代码。")]
    other = str(told.get("other_uscc") or "").strip().upper()
    if change in (LET_OUT, RENTED):
        claim |= {"other_uscc": other, "from": _day(told.get("from")), "to": _day(told.get("to"))}
        faults += _lease_faults(claim)
    if change in (LET_OUT, RENTED, AREA):
        claim["area_mu"] = _mu(told.get("area_mu"))
        if not claim["area_mu"]:
            faults.append(("area_mu", "没有写明面积（亩），面积应大于 0。"))
    if change == ENDED:
        claim["to"] = _day(told.get("to"))
        if not claim["to"]:
            faults.append(("to", "没有写明不再使用的日期。"))
    if change == TENANCY:
        claim["other_uscc"], claim["apart"] = other, told.get("apart")
        if claim["apart"] is None:
            faults.append(("apart", "没有写明应单独评价，还是随出租方评价。"))
    return claim, faults


def _lease_faults(claim: Mapping[str, Any]) -> list[Fault]:
    faults = []
    if not claim["other_uscc"]:
        faults.append(("other_uscc", "没有写明对方企业（承租方或出租方）的统一社会信用代码。"))
    if not claim["from"]:
        faults.append(("from", "没有写明起始日期。"))
    elif claim["to"] and claim["to"] < claim["from"]:
        faults.append(("to", "终止日期早于起始日期。"))
    return faults


def _day(value: Any) -> str:
    """A day as it is kept; "" where there is none, or none that the calendar has."""
    try:
        return date.fromisoformat(str(value or "")).isoformat()
    except ValueError:
        return ""


def _mu(value: Any) -> str:
    """亩 as the plain text of a number; "" where it is none, or none that land can have."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return ""
    return f"{number:.12g}" if math.isfinite(number) and 0 < number <= MOST_MU else ""
