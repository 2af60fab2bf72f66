"""The tiles of WebMercatorQuad: which square of the world (EPSG:3857) a tile covers.

Refuses a tile outside the grid.
"""

from dataclasses import dataclass

from landgis.lib.errors import NotFound

HALF_WORLD = 20037508.342789244
DEEPEST = 24


@dataclass(frozen=True, slots=True)
class Tile:
    """Row counts from the north, column from the west; bounds in metres of EPSG:3857."""

    zoom: int
    row: int
    column: int

    @property
    def side(self) -> float:
        return 2 * HALF_WORLD / (1 << self.zoom)

    @property
    def west(self) -> float:
        return self.column * self.side - HALF_WORLD

    @property
    def east(self) -> float:
        return (self.column + 1) * self.side - HALF_WORLD

    @property
    def north(self) -> float:
        return HALF_WORLD - self.row * self.side

    @property
    def south(self) -> float:
        return HALF_WORLD - (self.row + 1) * self.side


def tile(zoom: int, row: int, column: int) -> Tile:
    """The tile, or NotFound where the grid has none of that number."""
    if not 0 <= zoom <= DEEPEST or not (0 <= row < 1 << zoom and 0 <= column < 1 << zoom):
        raise NotFound(
            f"没有第 {zoom} 级、第 {row} 行、第 {column} 列的瓦片。",
            remedy=f"级别为 0 至 {DEEPEST}，行列号小于 2 的级别次方；地址中行在前、列在后。",
        )
    return Tile(zoom, row, column)
