"""Optimistic locking: what an editor saw held against what stands, both told when they differ.

Refuses to decide whose version is right, and to let a parcel be changed by whoever hasn't said what they saw of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from landgis.counties.models import County
from landgis.lib.errors import InputError, Outdated
from layers.geometry.area import planar_area_m2
from layers.geometry.exact import shapes as geometries
from parcels.cadastre.lineage_models import EVENT_KINDS
from parcels.editing.pieces import sent_shapes
from parcels.editing.queries import StoredShape, facts, former_versions, last_changes
from parcels.editing.workbench import Laid, survey


class VersionConflict(Outdated):
    """Somebody else changed a parcel after it was opened here; carries both states."""

    code = "version_conflict"

    def __init__(self, conflicts: Sequence[Mapping[str, Any]]) -> None:
        first = conflicts[0]
        who = first["current"]["by"] or "他人"
        super().__init__(
            f"宗地 {'、'.join(str(item['parcel']) for item in conflicts)} 在您打开之后已由{who}修改。",
            remedy="请对照双方的修改，选择保留您的、采用对方的，或并列查看后再决定。",
        )
        self.conflicts = [dict(item) for item in conflicts]

    def as_json(self) -> dict[str, object]:
        return super().as_json() | {"conflicts": self.conflicts}


class VersionMissing(InputError):
    """A change touches parcels of which it isn't said what version the editor saw."""

    def __init__(self, codes: Sequence[str]) -> None:
        super().__init__(
            "version_missing",
            f"没有说明打开宗地 {'、'.join(codes[:5])} 时的版本。",
            "请先预览，并把其中各宗地的版本（version）一并提交。",
            field="versions",
        )
        self.parcels = list(codes)

    def as_json(self) -> dict[str, object]:
        return super().as_json() | {"parcels": self.parcels}


def check_versions(county: County, laid: Laid, seen: Mapping[str, int]) -> None:
    """Raise VersionConflict where a parcel stands in another version than the editor saw."""
    differing = [
        (laid.stored[code], version)
        for code, version in seen.items()
        if code in laid.stored and laid.stored[code].version != version
    ]
    if differing:
        raise VersionConflict(told(county, differing))
    unknown = [code for code in seen if code not in laid.stored]
    if unknown:
        raise InputError("parcel_unknown", f"没有宗地 {unknown[0]}。", "请核对宗地代码。", field="versions")


def require_versions(laid: Laid, seen: Mapping[str, int]) -> None:
    """Whoever changes or ends a parcel must have seen it; one that comes back can't have been changed meanwhile."""
    missing = [code for code in laid.touched() if code not in seen]
    if missing:
        raise VersionMissing(missing)


def told(county: County, differing: Sequence[tuple[StoredShape, int]]) -> list[dict[str, Any]]:
    """Both states of each parcel, in a fixed number of statements."""
    rows = [row for row, _ in differing]
    stored = facts([row.id for row in rows])
    changes = last_changes([row.version for row in rows])
    bases = former_versions({row.id: seen for row, seen in differing})
    shapes = survey(county, geometries([row.geom_4490 for row in rows]))
    areas = planar_area_m2(shapes).tolist()
    before = {number: shape for number, (shape, _) in bases.items()}
    former = dict(zip(before, sent_shapes(survey(county, geometries(list(before.values())))), strict=True))
    conflicts = []
    for (row, seen), shape, area_m2 in zip(differing, sent_shapes(shapes), areas, strict=True):
        last = changes.get(row.version)
        current = {
            "version": row.version,
            "in_force": row.in_force,
            "geometry": shape,
            "values": stored[row.id].values,
            "planar_area_m2": area_m2,
            "by": "" if last is None else last.by,
            "at": None if last is None else last.at.isoformat(),
            "reason": "" if last is None else last.reason,
            "kind": "" if last is None else EVENT_KINDS.get(last.kind, last.kind),
        }
        base = None
        if row.id in bases:
            base = {"geometry": former[row.id], "values": bases[row.id][1]}
        conflicts.append({"parcel": row.code, "yours": seen, "current": current, "base": base})
    return conflicts
