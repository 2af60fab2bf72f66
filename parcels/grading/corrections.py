"""What an upheld objection changes of frozen inputs: a veto, an exemption, a group, land; each change is kept beside them.

Refuses to touch what wasn't objected to, and to change anything unsaid: before and after stand in `corrections`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from parcels.evaluation.rules import LAND
from parcels.grading.frozen import BUILDING, Frozen

GROUP_TEXTS = ("industry_code", "industry_group")
SAME_MU = 1e-6  # a firm's land is the sum of its parcels, but for what an earlier objection corrected of it


def without_veto(found: Frozen, uscc: str, code: str, *, because: str) -> Frozen:
    """The firm isn't downgraded by this any more."""
    at = _place(found, uscc)
    vetoes = dict(found.maps["vetoes"][at])
    before = vetoes.pop(code)
    said = [_said(uscc, f"veto:{code}", before, None, because)]
    return _told(_mapped(found, "vetoes", at, vetoes), at, f"veto:{code}", because, said)


def with_exemption(found: Frozen, uscc: str, code: str, basis: str, *, because: str) -> Frozen:
    """The firm isn't evaluated, for this reason."""
    at = _place(found, uscc)
    exemptions = dict(found.maps["exemptions"][at]) | {code: basis}
    said = [_said(uscc, f"exemption:{code}", None, basis, because)]
    return _told(_mapped(found, "exemptions", at, exemptions), at, f"exemption:{code}", because, said)


def in_group(found: Frozen, uscc: str, claim: Mapping[str, Any], *, because: str) -> Frozen:
    """The firm as it was in the year: above scale or not, of which industry; what isn't claimed stays."""
    at = _place(found, uscc)
    scale, texts, said = found.above_scale.copy(), dict(found.texts), []
    if claim.get("above_scale") is not None:
        before = None if scale[at] < 0 else bool(scale[at])
        scale[at] = int(claim["above_scale"])
        said.append(_said(uscc, "above_scale", before, bool(claim["above_scale"]), because))
    for name in GROUP_TEXTS:
        if claim.get(name):
            said.append(_said(uscc, name, texts[name][at], claim[name], because))
            texts[name] = (*texts[name][:at], claim[name], *texts[name][at + 1 :])
    return _told(replace(found, above_scale=scale, texts=texts), at, "firm", because, said)


def with_land(found: Frozen, before: Frozen, after: Frozen, *, because: str) -> Frozen:
    """Of everybody whose land a change of the register moved (from `before` to `after`), the land as it is after it.

    What else of the register has changed since the freeze, on other parcels, is in both of them and stays out of the inputs.
    """
    # Of all firms only those that moved are looked up in the inputs.
    formerly, then = ({uscc: n for n, uscc in enumerate(one.uscc)} for one in (before, after))
    for uscc in sorted({*formerly, *then}):
        was, now = formerly.get(uscc), then.get(uscc)
        parcels = _moved(before, was, after, now)
        head, former = (
            "" if at is None else one.texts["head"][at] for one, at in ((after, now), (before, was))
        )
        if not parcels and head == former:
            continue
        for one in filter(None, (head, uscc)):
            place = then.get(one)
            if place is not None and found.at(one) is None:
                found = _with_firm(found, after, place, because)
        if found.at(uscc) is not None:
            building = _figure(after, now, BUILDING) - _figure(before, was, BUILDING)
            found = _land_of(found, uscc, parcels, building, because)
            if head != former:
                found = _led(found, uscc, head, because)
    return found


def _moved(before: Frozen, was: int | None, after: Frozen, now: int | None) -> dict[str, float]:
    """Parcel → 亩 after, where the firm's share of it changed."""
    old: Mapping[str, float] = before.maps["parcels"][was] if was is not None else {}
    new: Mapping[str, float] = after.maps["parcels"][now] if now is not None else {}
    if old == new:
        return {}
    return {code: new.get(code, 0.0) for code in sorted({*old, *new}) if old.get(code) != new.get(code)}


def _land_of(found: Frozen, uscc: str, parcels: Mapping[str, float], building: float, because: str) -> Frozen:
    at = _place(found, uscc)
    old: dict[str, float] = dict(found.maps["parcels"][at])
    new = {code: mu for code, mu in {**old, **parcels}.items() if mu > 0}
    land, was = _figure(found, at, LAND), math.fsum(old.values())
    now = math.fsum(new.values())
    if abs(land - was) > SAME_MU:
        now = max(0.0, land + now - was)
    said: list[dict[str, Any]] = [
        _said(uscc, f"parcel:{code}", old.get(code), mu or None, because)
        for code, mu in parcels.items()
        if old.get(code, 0.0) != mu
    ]
    if not said:
        return found
    figures = dict(found.figures)
    under = min(now, max(0.0, _figure(found, at, BUILDING) + building))
    for name, value in ((LAND, now), (BUILDING, under)):
        before = _figure(found, at, name)
        if before != value:
            figures[name] = figures[name].copy()
            figures[name][at] = value
            said.append({"uscc": uscc, "figure": name, "before": before, "after": value, "because": because})
    return _told(_mapped(replace(found, figures=figures), "parcels", at, new), at, LAND, because, said)


def _led(found: Frozen, uscc: str, head: str, because: str) -> Frozen:
    at = _place(found, uscc)
    heads = found.texts["head"]
    if heads[at] == head:
        return found
    said = [_said(uscc, "head", heads[at], head, because)]
    texts = {**found.texts, "head": (*heads[:at], head, *heads[at + 1 :])}
    return _told(replace(found, texts=texts), at, "head", because, said)


def _with_firm(found: Frozen, other: Frozen, place: int, because: str) -> Frozen:
    """A firm that had neither land nor a return when the inputs were frozen: it is in them now, still without both."""
    uscc = other.uscc[place]
    at = int(np.searchsorted(np.array(found.uscc), uscc)) if len(found) else 0

    def put(own: tuple[Any, ...], value: Any) -> tuple[Any, ...]:
        return (*own[:at], value, *own[at:])

    said = [_said(uscc, "firm", None, other.texts["name"][place], because)]
    none = dict.fromkeys((LAND, BUILDING), 0.0)
    made = replace(
        found,
        texts={
            name: put(values, "" if name == "head" else other.texts[name][place])
            for name, values in found.texts.items()
        },
        above_scale=np.insert(found.above_scale, at, other.above_scale[place]),
        returned=np.insert(found.returned, at, False),
        figures={
            name: np.insert(values, at, none.get(name, np.nan)) for name, values in found.figures.items()
        },
        maps={name: put(values, {}) for name, values in found.maps.items()},
    )
    return _led(_told(made, at, "firm", because, said), uscc, other.texts["head"][place], because)


def _place(found: Frozen, uscc: str) -> int:
    at = found.at(uscc)
    if at is None:
        raise KeyError(uscc)
    return at


def _figure(found: Frozen, at: int | None, name: str) -> float:
    return 0.0 if at is None else float(np.nan_to_num(found.figures[name][at]))


def _mapped(found: Frozen, name: str, at: int, value: Mapping[str, Any]) -> Frozen:
    own = found.maps[name]
    return replace(found, maps={**found.maps, name: (*own[:at], dict(value), *own[at + 1 :])})


def _told(found: Frozen, at: int, source: str, because: str, said: list[dict[str, Any]]) -> Frozen:
    """Where it now comes from, and what was said of it."""
    sources = {**found.maps["sources"][at], source: because}
    return replace(_mapped(found, "sources", at, sources), corrections=(*found.corrections, *said))


def _said(uscc: str, fact: str, before: Any, after: Any, because: str) -> dict[str, Any]:
    return {"uscc": uscc, "fact": fact, "before": before, "after": after, "because": because}
