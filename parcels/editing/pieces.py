"""The parcels on the workbench while operations are replayed: their shapes, where their ground came from, what was said.

Refuses to know the database: stored parcels are put on the bench by their codes, new ones get the names `#n.k`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from landgis.lib.errors import InputError
from layers.geometry.exact import shapes as geometries
from layers.geometry.rings import rings_of
from layers.geometry.transform import Geometries

# Facts that belong to one parcel and no other: a part of it doesn't inherit them.
OWN = frozenset({"code", "real_estate_unit_code", "registered_area_m2", "aliases"})


class OperationError(InputError):
    """An operation of a change set can't be done; says which (1-based)."""

    def __init__(self, number: int, code: str, message: str, remedy: str = "", *, field: str = "") -> None:
        super().__init__(code, f"第 {number} 个操作：{message}", remedy, field=field)
        self.operation = number

    def as_json(self) -> dict[str, object]:
        return super().as_json() | {"operation": self.operation}


@dataclass(slots=True)
class Piece:
    """A parcel on the bench. `alive`: in the register as it will be; `in_force`: as it was; new pieces never were."""

    key: str
    geom: shapely.MultiPolygon
    sources: frozenset[str]
    stored: bool = False
    in_force: bool = False
    alive: bool = True
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def shares_vertices(self) -> bool:
        """Whether it gives vertices to its neighbours and takes theirs: a restored parcel comes back as it was."""
        sound = bool(shapely.is_valid(self.geom)) and not shapely.is_empty(self.geom)
        return sound and (self.in_force or not self.stored)

    def ground_values(self) -> dict[str, Any]:
        """What was said of it in this change set that holds for its parts as well."""
        return {name: value for name, value in self.values.items() if name not in OWN}


@dataclass(slots=True)
class Net:
    """What a change set comes to: intermediate pieces are gone, parcels that end as they began aren't in it."""

    born: list[Piece]
    changed: list[Piece]
    ended: list[Piece]
    restored: list[Piece]

    def __len__(self) -> int:
        return len(self.born) + len(self.changed) + len(self.ended) + len(self.restored)

    def shaped(self) -> list[Piece]:
        """Those that will stand in the register."""
        return [*self.born, *self.changed, *self.restored]


class Bench:
    """The pieces by key, and the stored shapes as they were."""

    def __init__(self) -> None:
        self.pieces: dict[str, Piece] = {}
        self.base: dict[str, shapely.MultiPolygon] = {}

    def put(self, code: str, geom_survey: shapely.MultiPolygon, *, in_force: bool) -> None:
        """A stored parcel; one that lies there already is left as it is."""
        if code in self.pieces:
            return
        self.base[code] = geom_survey
        self.pieces[code] = Piece(
            code, geom_survey, frozenset({code}), stored=True, in_force=in_force, alive=in_force
        )

    def make(
        self, number: int, geoms: Iterable[shapely.MultiPolygon], parents: Iterable[Piece] = ()
    ) -> list[Piece]:
        """New pieces of operation `number`, in order, from ended parents."""
        parents = list(parents)
        sources: frozenset[str] = frozenset().union(*(parent.sources for parent in parents))
        said: dict[str, Any] = {}
        for parent in parents:
            parent.alive = False
            said |= parent.ground_values()
        made = [
            Piece(f"#{number}.{k}", geom, sources, values=dict(said)) for k, geom in enumerate(geoms, start=1)
        ]
        self.pieces |= {piece.key: piece for piece in made}
        return made

    def is_drawn(self, piece: Piece) -> bool:
        """Whether its shape is new, changed, or in force again."""
        return not piece.stored or not piece.in_force or piece.geom is not self.base[piece.key]

    def live(self) -> list[Piece]:
        return [piece for piece in self.pieces.values() if piece.alive]

    def near(self, points: NDArray[np.float64]) -> list[Piece]:
        """Living pieces whose boxes hold one of the points."""
        pieces = self.live()
        if not pieces:
            return []
        boxes = shapely.box(*shapely.bounds(shapes(pieces)).T)
        found = shapely.STRtree(boxes).query(shapely.points(points), predicate="intersects")[1]
        return [pieces[i] for i in np.unique(found)]

    def net(self, on_line_m: float) -> Net:
        """What the replayed operations come to."""
        self._take_back_what_was_undone(on_line_m)
        stored = [piece for piece in self.pieces.values() if piece.stored]
        changed = [piece for piece in stored if piece.in_force and piece.alive]
        for piece in changed:
            if piece.geom is not self.base[piece.key] and same_vertices(piece.geom, self.base[piece.key]):
                piece.geom = self.base[piece.key]
        return Net(
            born=[piece for piece in self.pieces.values() if piece.alive and not piece.stored],
            changed=[piece for piece in changed if piece.values or piece.geom is not self.base[piece.key]],
            ended=[piece for piece in stored if piece.in_force and not piece.alive],
            restored=[piece for piece in stored if not piece.in_force and piece.alive],
        )

    def _take_back_what_was_undone(self, on_line_m: float) -> None:
        """A parcel taken apart and put together again is itself: it didn't end, and nothing came of it.

        Vertices that a cut left behind lie on its edges but for rounding.
        """
        born = [piece for piece in self.pieces.values() if piece.alive and not piece.stored]
        children: dict[str, list[Piece]] = {}
        for piece in born:
            for source in piece.sources:
                children.setdefault(source, []).append(piece)
        for piece in born:
            if len(piece.sources) != 1:
                continue
            (source,) = piece.sources
            parent = self.pieces[source]
            if len(children[source]) > 1 or parent.alive or not parent.in_force:
                continue
            if _same_ground(piece.geom, self.base[source], on_line_m):
                piece.alive, parent.alive, parent.geom = False, True, self.base[source]
                parent.values |= {name: value for name, value in piece.values.items() if name != "code"}


def shapes(pieces: Iterable[Piece]) -> Geometries:
    """Their shapes as an array."""
    return geometries([piece.geom for piece in pieces])


def same_vertices(one: shapely.Geometry, other: shapely.Geometry) -> bool:
    """Whether two shapes have the same rings, whatever vertex each starts at."""
    return bool(shapely.equals_exact(shapely.normalize(one), shapely.normalize(other), tolerance=0))


def _same_ground(one: shapely.Geometry, other: shapely.Geometry, on_line_m: float) -> bool:
    apart: float = shapely.hausdorff_distance(shapely.boundary(one), shapely.boundary(other))
    return apart <= on_line_m


def survey_shape(sent: Mapping[str, Any]) -> shapely.MultiPolygon:
    """The shape of an operation; an open ring is closed. Raises ValueError where a ring has no three points."""
    return shapely.MultiPolygon(
        [shapely.Polygon(rings[0], rings[1:]) for rings in map(_closed, sent["coordinates"])]
    )


def sent_shapes(geoms_survey: Geometries) -> list[dict[str, Any]]:
    """Shapes as the interface writes them, every digit of them; an empty one has no parts."""
    made: list[dict[str, Any]] = [{"type": "MultiPolygon", "coordinates": []} for _ in geoms_survey]
    rings = rings_of(geoms_survey)
    points = rings.xy.tolist()
    ends = (rings.first + rings.lengths).tolist()
    for owner, outer, start, end in zip(
        rings.owner.tolist(), rings.outer.tolist(), rings.first.tolist(), ends, strict=True
    ):
        parts = made[owner]["coordinates"]
        if outer:
            parts.append([])
        parts[-1].append(points[start:end])
    return made


def _closed(rings: Iterable[Any]) -> list[NDArray[np.float64]]:
    closed = []
    for ring in rings:
        xy = np.asarray(ring, dtype=np.float64)
        if not np.array_equal(xy[0], xy[-1]):
            xy = np.concatenate([xy, xy[:1]])
        if len(np.unique(xy, axis=0)) < 3:
            raise ValueError
        closed.append(xy)
    return closed


def points_of(operation: Mapping[str, Any]) -> NDArray[np.float64]:
    """Every coordinate pair that an operation names."""
    said = [operation.get(name) for name in ("lines", "edge", "at")]
    said += [point for move in operation.get("moves", ()) for point in (move["from"], move["to"])]
    if operation.get("geometry"):
        said.append(operation["geometry"]["coordinates"])
    flat = [np.fromiter(_numbers(item), dtype=np.float64) for item in said if item is not None]
    return np.concatenate([np.empty(0), *flat]).reshape(-1, 2)


def _numbers(item: Any) -> Iterator[float]:
    if isinstance(item, list | tuple):
        for inner in item:
            yield from _numbers(inner)
    else:
        yield float(item)
