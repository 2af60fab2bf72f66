"""What a laid-out change set would do: values checked, ground measured and judged, the transition ready to be written.

Refuses values that the register can't hold, naming the operation that gave them; writes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import shapely
from django.utils import timezone

from landgis.counties.models import County
from landgis.lib.errors import FieldErrors, InputError
from layers.geometry.area import ellipsoidal_area_m2, planar_area_m2
from layers.geometry.exact import shapes as geometries
from parcels.cadastre.numbering import used_codes
from parcels.cadastre.transitions import BornParcel, ChangedParcel, Document, Transition
from parcels.editing import surroundings
from parcels.editing.attributes import CheckedValues, checked_values
from parcels.editing.measuring import Edited, ground_shared, measure
from parcels.editing.pieces import Piece, shapes
from parcels.editing.queries import StoredFacts, facts
from parcels.editing.rules import Finding, Measured, Rulebook, judge
from parcels.editing.workbench import Laid
from parcels.exchange.batch import Expectations

# What a part of a parcel has from it; a certificate's date and a note are about the one parcel they were written for.
INHERITED = ("location", "tenure", "land_class_code", "land_class_set", "town_code")


class ValuesRefused(FieldErrors):
    """Facts of one parcel of a change set can't be taken: every field is told, with the parcel."""

    def __init__(self, key: str, issues: Sequence[Mapping[str, str]]) -> None:
        super().__init__([{**issue, "message": f"宗地 {key}：{issue['message']}"} for issue in issues])
        self.parcel = key

    def as_json(self) -> dict[str, object]:
        return super().as_json() | {"parcel": self.parcel}


@dataclass(slots=True)
class Outcome:
    """A change set worked out; `values` are those of the interface, by piece, as they will stand."""

    laid: Laid
    on: date
    findings: list[Finding]
    transition: Transition
    facts: dict[int, StoredFacts]
    values: dict[str, dict[str, Any]] = field(default_factory=dict)

    def id_of(self, key: str) -> int:
        return self.laid.stored[key].id


def work_out(
    county: County, laid: Laid, expected: Expectations, book: Rulebook, *, on: date, how: str
) -> Outcome:
    """Check, measure and judge what was laid out, in a fixed number of statements."""
    net = laid.net
    concerned = [*net.changed, *net.ended, *net.restored]
    stored = facts([laid.stored[piece.key].id for piece in [*concerned, *laid.densified]])
    known = {one.values["code"]: one for one in stored.values()}
    checked = {piece.key: _checked(piece, county, expected, on) for piece in net.shaped() if piece.values}
    values = {piece.key: _values(piece, known) for piece in [*net.shaped(), *net.ended, *laid.densified]}
    around = surroundings.load(county, expected, shapes(laid.drawn), on)
    _give_towns(net.born, values, around)
    edited = _edited(laid, values, around)
    transition = _transition(laid, checked, values, on=on, how=how)
    measured = [*measure(edited, book), *_codes(county, transition.born), *_holders_differ(net.born, known)]
    return Outcome(laid, on, judge(_told_once(measured), book), transition, stored, values)


def _edited(laid: Laid, values: Mapping[str, Mapping[str, Any]], around: surroundings.Surroundings) -> Edited:
    bench = laid.bench
    concerned = sorted(
        {code for piece in laid.drawn for code in piece.sources if bench.pieces[code].in_force}
    )
    beside = [piece for piece in laid.beside if shapely.is_valid(piece.geom)]
    before = [[bench.base[code] for code in sorted(piece.sources)] for piece in laid.drawn]
    return Edited(
        pieces=laid.drawn,
        geoms=shapes(laid.drawn),
        before=geometries([_union(ground) for ground in before]),
        geoms_4490=laid.geoms_4490,
        beside_keys=[piece.key for piece in beside],
        beside=shapes(beside),
        beside_before=geometries([bench.base[piece.key] for piece in beside]),
        base=geometries([bench.base[code] for code in concerned]),
        densified_keys=[piece.key for piece in laid.densified],
        densified=shapes(laid.densified),
        registered_m2=[values[piece.key].get("registered_area_m2") for piece in laid.drawn],
        ground=around.ground,
        towns=around.towns,
        town_names=around.town_names,
        control_line=around.control_line,
        former=around.former,
        former_geoms=around.former_geoms,
    )


def _transition(
    laid: Laid,
    checked: Mapping[str, CheckedValues],
    values: Mapping[str, Mapping[str, Any]],
    *,
    on: date,
    how: str,
) -> Transition:
    """The net result in the cadastre's words; codes of new parcels are given when it is written."""
    made = Transition(on=on, how=how)  # type: ignore[arg-type]
    geoms = [*laid.geoms_4490, *laid.densified_4490]
    pieces = [*laid.drawn, *laid.densified]
    planar = planar_area_m2(shapes(pieces)).tolist() if pieces else []
    round_the_globe = ellipsoidal_area_m2(geometries(geoms)).tolist()
    measured = dict(
        zip([piece.key for piece in pieces], zip(geoms, planar, round_the_globe, strict=True), strict=True)
    )
    for piece in laid.net.born:
        geom, planar_m2, ellipsoidal_m2 = measured[piece.key]
        sources = tuple(laid.stored[code].id for code in sorted(piece.sources))
        facts_of = {name: values[piece.key][name] for name in INHERITED if name in values[piece.key]}
        facts_of |= _columns(checked.get(piece.key))
        code = str(facts_of.pop("code", ""))
        made.born.append(BornParcel(piece.key, code, facts_of, geom, planar_m2, ellipsoidal_m2, sources))
    roles = {piece.key: "densified" for piece in laid.densified}
    roles |= {piece.key: "adjusted" if piece.key in measured else "changed" for piece in laid.net.changed}
    for key, role in roles.items():
        columns = _columns(checked.get(key))
        made.changed.append(
            ChangedParcel(laid.stored[key].id, columns, *measured.get(key, (None, None, None)), role=role)  # type: ignore[arg-type]
        )
    made.ended = [laid.stored[piece.key].id for piece in laid.net.ended]
    made.restored = [laid.stored[piece.key].id for piece in laid.net.restored]
    return made


def document_of(said: Any) -> Document:
    """Raises InputError where the paper would be of a day that is still to come."""
    if said is None:
        return Document()
    if said.date is not None and said.date > timezone.localdate():
        told = f"依据文件的日期 {said.date} 晚于今天。"
        raise InputError("document_in_future", told, "请核对文件日期。", field="document.date")
    return Document(said.kind, said.no, said.date)


def _checked(piece: Piece, county: County, expected: Expectations, on: date) -> CheckedValues:
    code = piece.key if piece.stored else ""
    try:
        return checked_values(
            piece.values, county=county, on=on, new=not piece.stored, code=code, expected=expected
        )
    except FieldErrors as error:
        raise ValuesRefused(piece.key, error.issues) from error


def _columns(checked: CheckedValues | None) -> dict[str, Any]:
    if checked is None:
        return {}
    return dict(checked.columns) | ({} if checked.holders is None else {"holders": checked.holders})


def _values(piece: Piece, known: Mapping[str, StoredFacts]) -> dict[str, Any]:
    """The interface's values as they will stand: stored or inherited, and what was said over them."""
    if piece.stored:
        return {**known[piece.key].values, **piece.values}
    return {**_inherited([known[code] for code in piece.sources]), **piece.values}


def _inherited(parents: Sequence[StoredFacts]) -> dict[str, Any]:
    """Of several parents the largest gives the facts, and where they agree all do; holders by what they hold."""
    if not parents:
        return {}
    largest = max(parents, key=lambda parent: parent.planar_area_m2)
    values = {name: largest.values[name] for name in INHERITED}
    holders: dict[tuple[str, str], float] = {}
    ground = sum(parent.planar_area_m2 for parent in parents)
    for parent in parents:
        for held in parent.values["holders"]:
            key = (held["name"], held["uscc"])
            holders[key] = holders.get(key, 0.0) + float(held["share"]) * parent.planar_area_m2 / ground
    values["holders"] = [
        {"name": name, "uscc": uscc, "share": min(1.0, round(share, 8))}
        for (name, uscc), share in holders.items()
    ]
    return values


def _give_towns(
    born: Sequence[Piece], values: Mapping[str, dict[str, Any]], around: surroundings.Surroundings
) -> None:
    """A new parcel of nobody's town is of the town that holds most of it."""
    stray = [
        piece for piece in born if not values[piece.key].get("town_code") and shapely.is_valid(piece.geom)
    ]
    for at, areas_m2 in ground_shared(shapes(stray), around.towns).items():
        most = max(areas_m2, key=lambda town: areas_m2[town])
        values[stray[at].key]["town_code"] = around.town_codes[most]


def _codes(county: County, born: Sequence[BornParcel]) -> list[Measured]:
    """New parcels that would be without a code, or with one that was ever used."""
    given = [child.code for child in born if child.code]
    used = used_codes(county, given)
    missing = [child for child in born if not child.code and not child.sources]
    return [
        *(Measured("code_missing", (child.key,)) for child in missing),
        *(Measured("code_used", (child.key,), other=child.code) for child in born if child.code in used),
    ]


def _holders_differ(born: Sequence[Piece], known: Mapping[str, StoredFacts]) -> list[Measured]:
    """New parcels of several parents that aren't held alike."""
    found = []
    for piece in born:
        held = {
            code: tuple(
                sorted(
                    (one["name"], one["uscc"], float(one["share"])) for one in known[code].values["holders"]
                )
            )
            for code in sorted(piece.sources)
        }
        if len(set(held.values())) > 1:
            told = "；".join(
                f"{code} 为{'、'.join(name for name, _, _ in holders) or '无权利人'}"
                for code, holders in held.items()
            )
            found.append(Measured("holders_differ", tuple(held), other=told))
    return found


def _told_once(measured: Sequence[Measured]) -> list[Measured]:
    """Two children of one merger have the same parents: their holders are told once."""
    seen: set[tuple[Any, ...]] = set()
    kept = []
    for fact in measured:
        key = (fact.rule, fact.parcels, fact.at, fact.value, fact.other)
        if key not in seen:
            seen.add(key)
            kept.append(fact)
    return kept


def _union(ground: Sequence[shapely.Geometry]) -> shapely.Geometry | None:
    if not ground:
        return None
    return ground[0] if len(ground) == 1 else shapely.union_all(list(ground))
