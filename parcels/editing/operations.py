"""The operations of a change set, replayed one after the other on the pieces of a bench.

Refuses an operation that can't be done, by its number and with the remedy; judges no result: that is the rules' part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from landgis.lib.errors import InputError
from layers.geometry.adjusting import give_way, take_gap
from layers.geometry.exact import shapes as geometries
from layers.geometry.merging import merge
from layers.geometry.noding import delete_vertex, insert_vertex, move_vertices, node_together
from layers.geometry.rings import keys
from layers.geometry.splitting import cut, split
from layers.geometry.subdividing import strip_along_edge, strip_of_area
from layers.geometry.transform import Geometries
from parcels.editing.pieces import Bench, OperationError, Piece, points_of, shapes, survey_shape

Operation = Mapping[str, Any]

DIRECTIONS = {"north": (0.0, 1.0), "south": (0.0, -1.0), "east": (1.0, 0.0), "west": (-1.0, 0.0)}


@dataclass(frozen=True, slots=True)
class Tolerances:
    """What counts as on a line, and how wide a gap an adjustment closes, in metres."""

    on_line_m: float
    gap_m: float


def replay(operations: Sequence[Operation], bench: Bench, tolerances: Tolerances) -> None:
    """Do the operations on the bench, in order; OperationError names the first that can't be done."""
    for number, operation in enumerate(operations, start=1):
        try:
            DO[operation["kind"]](Step(number, operation, bench, tolerances))
        except OperationError:
            raise
        except InputError as error:
            raise OperationError(
                number, error.code, error.message, error.remedy, field=error.field
            ) from error
        except (shapely.GEOSException, ValueError) as error:
            raise OperationError(
                number,
                "operation_failed",
                "图形运算无法完成，界线可能自相交或过于破碎。",
                "请先修正宗地的图形，或换一种画法。",
            ) from error


def codes_named(operations: Iterable[Operation]) -> list[str]:
    """The stored parcels that operations name, each once."""
    found: dict[str, None] = {}
    for operation in operations:
        names = [
            operation.get("parcel"),
            *(operation.get("parcels") or ()),
            *(operation.get("neighbours") or ()),
        ]
        found |= dict.fromkeys(name for name in names if name and not name.startswith("#"))
    return list(found)


@dataclass(frozen=True, slots=True)
class Step:
    """One operation being done."""

    number: int
    said: Operation
    bench: Bench
    tolerances: Tolerances

    def fail(self, code: str, message: str, remedy: str = "", field: str = "") -> OperationError:
        return OperationError(self.number, code, message, remedy, field=field)

    def piece(self, key: str | None = None, field: str = "parcel") -> Piece:
        """The living piece that the operation names."""
        key = self.said["parcel"] if key is None else key
        found = self.bench.pieces.get(key)
        if found is None:
            raise self.fail("parcel_unknown", f"没有宗地 {key}。", "请核对宗地代码或前面操作的编号。", field)
        if not found.alive:
            raise self.fail(
                "parcel_not_in_force",
                f"宗地 {key} 已不在册，或已在前面的操作中结束。",
                "请改用它的后继宗地。",
                field,
            )
        if found.stored and not found.in_force and self.said["kind"] != "retire":
            raise self.restored(found.key)
        return found

    def restored(self, key: str) -> OperationError:
        """A parcel comes back as it was; what changes it after that is another change."""
        return self.fail(
            "restored_first", f"宗地 {key} 是本次恢复的，不能同时修改。", "请先保存恢复，再作修改。"
        )

    def sound(self, key: str | None = None, field: str = "parcel") -> Piece:
        """The same, its shape fit for being cut and joined."""
        found = self.piece(key, field)
        if not shapely.is_valid(found.geom):
            raise self.fail(
                "geometry_invalid",
                f"宗地 {found.key} 的图形无效，不能再作此操作。",
                "请先改正它的界线。",
                field,
            )
        return found

    def shape(self) -> shapely.MultiPolygon:
        try:
            return survey_shape(self.said["geometry"])
        except ValueError:
            raise self.fail(
                "ring_too_short", "有一条界线不足三个不同的点。", "请补画界址点。", "geometry"
            ) from None


def _draw(step: Step) -> None:
    (made,) = step.bench.make(step.number, [step.shape()])
    made.values = dict(step.said["values"])


def _reshape(step: Step) -> None:
    step.piece().geom = step.shape()


def _move_vertices(step: Step) -> None:
    moves = {tuple(move["from"]): tuple(move["to"]) for move in step.said["moves"]}
    if len(moves) < len(step.said["moves"]):
        raise step.fail("vertex_twice", "同一个界址点移动了两次。", "请只保留一次移动。", "moves")
    _share(step, np.array(list(moves)))
    pieces = _concerned(step, np.array(list(moves)))
    _changed(step, pieces, *move_vertices(shapes(pieces), moves))


def _insert_vertex(step: Step) -> None:
    start, end = (tuple(point) for point in step.said["edge"])
    _share(step, np.array([start, end]))
    pieces = _found(step, step.bench.near(np.array([start])), start)
    _changed(step, pieces, *insert_vertex(shapes(pieces), (start, end), tuple(step.said["at"])))


def _delete_vertex(step: Step) -> None:
    at = tuple(step.said["at"])
    _share(step, np.array([at]))
    pieces = _concerned(step, np.array([at]))
    _changed(step, pieces, *delete_vertex(shapes(pieces), at))


def _split(step: Step) -> None:
    parent = step.sound()
    lines = [np.asarray(line, dtype=np.float64) for line in step.said["lines"]]
    step.bench.make(step.number, split(parent.geom, lines, tolerance_m=step.tolerances.on_line_m), [parent])


def _subdivide(step: Step) -> None:
    parent, area_m2 = step.sound(), float(step.said["area_m2"])
    side, edge = step.said.get("side"), step.said.get("edge")
    if (side is None) == (edge is None):
        raise step.fail(
            "side_or_edge", "须指明自哪一侧分出，或平行于哪条边，二者取一。", "请补充后重试。", "side"
        )
    if area_m2 >= shapely.area(parent.geom):
        raise step.fail(
            "area_too_large",
            f"要分出 {area_m2:.2f} ㎡，宗地 {parent.key} 只有 {shapely.area(parent.geom):.2f} ㎡。",
            "请填写小于宗地面积的数。",
            "area_m2",
        )
    if side is not None:
        parts = strip_of_area(parent.geom, area_m2, direction=DIRECTIONS[side])
    else:
        assert edge is not None
        start, end = (tuple(point) for point in edge)
        parts = strip_along_edge(parent.geom, area_m2, edge=(start, end))
    step.bench.make(step.number, parts, [parent])


def _merge(step: Step) -> None:
    keys = list(dict.fromkeys(step.said["parcels"]))
    if len(keys) < 2:
        raise step.fail("one_parcel", "合并至少需要两宗不同的宗地。", "请再选一宗。", "parcels")
    parents = [step.sound(key, "parcels") for key in keys]
    step.bench.make(step.number, [merge(shapes(parents))], parents)


def _cut_hole(step: Step) -> None:
    parent, hole = step.sound(), step.shape()
    if not shapely.is_valid(hole):
        raise step.fail("geometry_invalid", "要挖去的图形无效。", "请重新绘制。", "geometry")
    rings = [np.asarray(ring.coords) for part in hole.geoms for ring in (part.exterior, *part.interiors)]
    polygons, _ = cut(parent.geom, rings, tolerance_m=step.tolerances.on_line_m)
    within = shapely.intersects(shapely.point_on_surface(polygons), hole)
    if not within.any() or within.all():
        said = f"与宗地 {parent.key} 没有相交" if not within.any() else f"盖住了整个宗地 {parent.key}"
        raise step.fail("hole_off", f"要挖去的图形{said}。", "请重新绘制。", "geometry")
    inside, rest = (shapely.MultiPolygon(list(polygons[side])) for side in (within, ~within))
    if step.said["keep"]:
        step.bench.make(step.number, [inside, rest], [parent])
    else:
        parent.geom = rest


def _adjust(step: Step) -> None:
    piece = step.sound()
    named = step.said.get("neighbours")
    if named is None:
        others = [other for other in step.bench.live() if other is not piece and shapely.is_valid(other.geom)]
        around = shapely.buffer(piece.geom, step.tolerances.gap_m)
        others = [other for other in others if shapely.intersects(other.geom, around)]
    else:
        others = [step.sound(key, "neighbours") for key in named]
    if step.said["what"] == "overlap":
        adjusted = give_way(piece.geom, shapes(others))
    else:
        adjusted = take_gap(piece.geom, shapes(others), max_width_m=step.tolerances.gap_m)
    if shapely.is_empty(adjusted):
        raise step.fail("nothing_left", f"宗地 {piece.key} 整个被相邻宗地覆盖。", "请核对哪一宗是正确的。")
    if abs(shapely.area(adjusted) - shapely.area(piece.geom)) == 0:
        what = "重叠" if step.said["what"] == "overlap" else f"窄于 {step.tolerances.gap_m:g} 米的缝隙"
        raise step.fail("nothing_to_adjust", f"宗地 {piece.key} 与相邻宗地没有{what}。", "无需吻合。")
    piece.geom = adjusted


def _retire(step: Step) -> None:
    step.piece().alive = False


def _restore(step: Step) -> None:
    code = step.said["parcel"]
    found = step.bench.pieces.get(code)
    if found is None or not found.stored:
        raise step.fail("parcel_unknown", f"没有宗地 {code}。", "请核对宗地代码。", "parcel")
    if found.alive:
        raise step.fail("parcel_in_force", f"宗地 {code} 仍在册。", "无需恢复。", "parcel")
    if any(code in piece.sources for piece in step.bench.live() if not piece.stored):
        told = f"宗地 {code} 是本次变更中分割或合并的，其范围已归新宗地。"
        raise step.fail("parcel_replaced", told, "请撤销前面的操作，而不是恢复该宗地。", "parcel")
    found.alive = True
    found.geom = step.bench.base[code]


def _attributes(step: Step) -> None:
    piece = step.piece()
    values = dict(step.said["values"])
    if piece.stored and values.get("code", piece.key) != piece.key:
        raise step.fail(
            "code_fixed",
            f"宗地 {piece.key} 的代码不能修改。",
            "请把另一代码填入“曾用代码”，或以分割、合并形成新宗地。",
            "code",
        )
    if piece.stored:
        values.pop("code", None)
    piece.values |= values


DO: dict[str, Callable[[Step], None]] = {
    "draw": _draw,
    "reshape": _reshape,
    "move_vertices": _move_vertices,
    "insert_vertex": _insert_vertex,
    "delete_vertex": _delete_vertex,
    "split": _split,
    "subdivide": _subdivide,
    "merge": _merge,
    "cut_hole": _cut_hole,
    "adjust": _adjust,
    "retire": _retire,
    "restore": _restore,
    "attributes": _attributes,
}


def _share(step: Step, points: Any) -> None:
    """Give what earlier operations drew, and the neighbours at `points`, the vertices that the editor sees shared."""
    bench = step.bench
    sound = [piece for piece in bench.live() if piece.shares_vertices]
    drawn = [piece for piece in sound if bench.is_drawn(piece)]
    if not drawn:
        return
    calm = [piece for piece in sound if not bench.is_drawn(piece)]
    before = geometries(list(bench.base.values()))
    noded = node_together(shapes(drawn), shapes(calm), tolerance_m=step.tolerances.on_line_m, before=before)
    for piece, geom in zip(drawn, noded.touched, strict=True):
        piece.geom = geom
    # A neighbour that only receives vertices isn't changed by the operation: it gets them at the end.
    for i in np.flatnonzero(noded.beside_changed).tolist():
        if np.isin(keys(shapely.get_coordinates(noded.beside[i])), keys(points)).any():
            calm[i].geom = noded.beside[i]


def _concerned(step: Step, points: Any) -> list[Piece]:
    """The named pieces, or all that may have one of the vertices."""
    keys = step.said.get("parcels")
    if keys is None:
        return _found(step, step.bench.near(points), points[0])
    return [step.piece(key, "parcels") for key in dict.fromkeys(keys)]


def _found(step: Step, pieces: list[Piece], at: Any) -> list[Piece]:
    if not pieces:
        raise step.fail(
            "vertex_not_found",
            f"（{at[0]:.3f}, {at[1]:.3f}）处没有宗地。",
            "请重新打开宗地，按现有界址点编辑。",
            "at",
        )
    return pieces


def _changed(step: Step, pieces: Sequence[Piece], geoms: Geometries, which: Any) -> None:
    for i in np.flatnonzero(which).tolist():
        if pieces[i].stored and not pieces[i].in_force:
            raise step.restored(pieces[i].key)
        pieces[i].geom = geoms[i]


def reach(operations: Iterable[Operation]) -> list[shapely.Geometry]:
    """Where each operation works: the lines that it draws, or the places that it names."""
    return [place for operation in operations if not shapely.is_empty(place := _place(operation))]


def _place(operation: Operation) -> shapely.Geometry:
    lines = list(operation.get("lines") or ())
    if geometry := operation.get("geometry"):
        lines += [[*ring, ring[0]] for part in geometry["coordinates"] for ring in part]
    if edge := operation.get("edge"):
        lines.append(edge)
    return shapely.MultiLineString(lines) if lines else shapely.MultiPoint(points_of(operation))
