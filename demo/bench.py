"""A large plain county to measure speed with: N parcels of about nineteen vertices, firms and returns.

It refuses to look real: a bent grid of blocks over the whole county, made in one piece by array arithmetic.
"""

import csv
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import shapely

from demo.county import County, round_mm
from demo.delivery import CONTROL_COLUMNS, PARCEL_COLUMNS, TOWN_COLUMNS
from demo.randomness import Floats, SmoothField, lognormal, stream
from demo.shp import rings_of, write_shapefile
from demo.tables import ANNUAL_RETURNS, ENTERPRISES, OCCUPANCY
from demo.towns import draw_towns
from demo.uscc import invented_uscc

FIRMS_PER_PARCEL = 0.8
LARGEST_CELL_M = 110.0
ROAD_M = 14.0
COLUMNS_IN_BLOCK, ROWS_IN_BLOCK = 6, 2
BETWEEN_X, BETWEEN_Y = 4, 3
"""Extra vertices on the edges of a cell: 4 corners + 2·4 + 2·3 + the closing point = 19."""
CONTROL_LINES, CONTROL_VERTICES = 18, 830


def write_bench(county: County, count: int, seed: int, out: Path) -> None:
    """parcels.shp, control_lines.shp, towns.shp, enterprises.csv, occupancy.csv and annual_returns.csv."""
    out.mkdir(parents=True, exist_ok=True)
    rng = stream(seed, f"bench {count}")
    towns = np.array(draw_towns(county, seed), dtype=object)
    rings = _parcels(county, count, rng)
    shapes = shapely.polygons(rings)
    areas = np.round(shapely.area(shapes), 2)
    town = _town_of(shapes, towns)
    codes = _codes(county, town)
    uscc = [invented_uscc(county.code, serial + 1) for serial in range(int(count * FIRMS_PER_PARCEL))]
    names = [f"{county.name}示意{serial + 1}号有限公司" for serial in range(len(uscc))]
    user = rng.permutation(np.arange(count) % len(uscc))
    town_names = [each.name for each in county.towns]
    records = [
        [
            codes[at],
            names[user[at]],
            f"{county.name}{town_names[town[at]]}示意路{at + 1}号",
            float(areas[at]),
            "0601",
            "出让",
            town_names[town[at]],
            "2019-04-19",
            uscc[user[at]],
            "示意数据",
        ]
        for at in range(count)
    ]
    write_shapefile(out / "parcels.shp", PARCEL_COLUMNS, [[ring] for ring in rings], records)
    _write_towns(county, towns, out)
    _write_control_lines(county, rng, out)
    _write_firms(uscc, names, user, codes, areas, town, town_names, rng, out)


def _parcels(county: County, count: int, rng: np.random.Generator) -> Floats:
    """Rings as one array (count, 19, 2), clockwise, neighbours with identical vertices."""
    west, south, east, north = county.outline_4528.bounds
    cell = min(LARGEST_CELL_M, float(np.sqrt(0.86 * county.outline_4528.area / count)))
    while True:
        xs, real_x = _lines(west, east, cell, COLUMNS_IN_BLOCK)
        ys, real_y = _lines(south, north, cell, ROWS_IN_BLOCK)
        column, row = (axis.ravel() for axis in np.meshgrid(np.flatnonzero(real_x), np.flatnonzero(real_y)))
        middle = np.column_stack([(xs[column] + xs[column + 1]) / 2, (ys[row] + ys[row + 1]) / 2])
        inside = shapely.contains_xy(county.outline_4528.buffer(-1.2 * cell - 60), middle)
        if inside.sum() >= count:
            break
        cell *= 0.99
    centre = np.array(shapely.get_coordinates(shapely.centroid(county.outline_4528))[0])
    chosen = np.flatnonzero(inside)
    nearest = np.argsort(np.hypot(*(middle[chosen] - centre).T), kind="stable")[:count]
    chosen = np.sort(chosen[nearest])
    return _bent_rings(xs, ys, column[chosen], row[chosen], rng)


def _lines(low: float, high: float, cell: float, in_block: int) -> tuple[Floats, np.ndarray]:
    """Grid lines with a road after every block; the second array tells cells from roads."""
    road = min(ROAD_M, 0.3 * cell)
    steps = np.tile([*([cell] * in_block), road], int((high - low) / (in_block * cell + road)) + 1)
    return low + np.concatenate([[0.0], np.cumsum(steps)]), steps == cell


def _bent_rings(
    xs: Floats, ys: Floats, column: np.ndarray, row: np.ndarray, rng: np.random.Generator
) -> Floats:
    part_x = np.linspace(0, 1, BETWEEN_X + 2)[:-1]
    part_y = np.linspace(0, 1, BETWEEN_Y + 2)[:-1]
    left, right, low, high = (edge[:, None] for edge in (xs[column], xs[column + 1], ys[row], ys[row + 1]))
    # One formula for an edge seen from either side, or the two copies would differ in the last digit.
    up, across = low + (high - low) * part_y, left + (right - left) * part_x
    down = np.concatenate([high, up[:, :0:-1]], axis=1)
    back = np.concatenate([right, across[:, :0:-1]], axis=1)
    x = np.concatenate([left + 0 * up, across, right + 0 * down, back, left], axis=1)
    y = np.concatenate([up, high + 0 * across, down, low + 0 * back, low], axis=1)
    points = np.stack([x, y], axis=-1).reshape(-1, 2)
    cell = float((xs[column + 1] - xs[column])[0])
    for amplitude, wavelength in ((60.0, 5000.0), (0.03 * cell, 3.0 * cell)):
        points = SmoothField(rng, amplitude, wavelength).displace(points)
    return round_mm(points).reshape(x.shape[0], x.shape[1], 2)


def _town_of(shapes: np.ndarray, towns: np.ndarray) -> np.ndarray:
    at, town = shapely.STRtree(towns).query(shapely.centroid(shapes), predicate="intersects")
    found = np.zeros(len(shapes), dtype=np.int64)
    found[at] = town
    return found


def _codes(county: County, town: np.ndarray) -> list[str]:
    """地籍区 by town, 地籍子区 for every 5,000 parcels."""
    serial = np.zeros(len(town), dtype=np.int64)
    for each in np.unique(town):
        members = np.flatnonzero(town == each)
        serial[members] = np.arange(len(members))
    return [
        f"{county.code}{district + 1:03d}{number // 5000 + 1:03d}GB{number % 5000 + 1:05d}"
        for district, number in zip(town.tolist(), serial.tolist(), strict=True)
    ]


def _write_towns(county: County, towns: np.ndarray, out: Path) -> None:
    records = [[town.code, town.name] for town in county.towns]
    write_shapefile(out / "towns.shp", TOWN_COLUMNS, [rings_of(shape) for shape in towns], records)


def _write_control_lines(county: County, rng: np.random.Generator, out: Path) -> None:
    """The ground nearest to each of eighteen scattered points, apart from each other, with winding edges."""
    outline = county.outline_4528.buffer(-200)
    west, south, east, north = outline.bounds
    pool = rng.uniform((west, south), (east, north), (4000, 2))
    pool = pool[shapely.contains_xy(outline, pool)]
    points = pool[:1]
    while len(points) < CONTROL_LINES:
        away = np.min(np.hypot(*(pool[:, None] - points[None]).transpose(2, 0, 1)), axis=1)
        points = np.vstack([points, pool[np.argmax(away)]])
    shapes = []
    for cell in shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points), extend_to=outline)):
        area = max(shapely.get_parts(cell.intersection(outline).buffer(-260)), key=lambda part: part.area)
        fine = shapely.segmentize(area, area.length / CONTROL_VERTICES)
        field = SmoothField(rng, 12.0, 400.0)
        shapes.append(shapely.transform(shapely.transform(fine, field.displace), round_mm))
    records = [
        [
            f"{county.code}KZX{at:03d}",
            f"示意控制线{at}",
            "一级" if at % 2 else "二级",
            "示意",
            "示意",
            "2022-06-30",
        ]
        for at in range(1, len(shapes) + 1)
    ]
    write_shapefile(
        out / "control_lines.shp", CONTROL_COLUMNS, [rings_of(shape) for shape in shapes], records
    )


def _write_firms(
    uscc: list[str],
    names: list[str],
    user: np.ndarray,
    codes: list[str],
    areas: Floats,
    town: np.ndarray,
    town_names: list[str],
    rng: np.random.Generator,
    out: Path,
) -> None:
    size = len(uscc)
    land_mu = np.bincount(user, weights=areas, minlength=size) * 15 / 1e4
    home = np.zeros(size, dtype=np.int64)
    home[user] = town
    tax = lognormal(rng, 6.0, 1.6, size) * land_mu
    worth = tax * lognormal(rng, 7.0, 0.4, size)
    figures = [tax, worth, worth / 0.25, np.ceil(worth / 20), worth / 2.7, worth / 4900, worth * 0.11]
    groups = [("C1830", "纺织服装"), ("C2439", "日用品"), ("C3872", "机械电子"), ("C2927", "其他")]
    scale = np.where(worth / 0.25 >= 2000, "是", "否")
    enterprises = (
        [uscc[at], names[at], *groups[at % 4], scale[at], "2012-05-08", town_names[home[at]], ""]
        for at in range(size)
    )
    _write_csv(out / "enterprises.csv", ENTERPRISES, enterprises)
    occupancies = (
        [codes[at], uscc[firm], names[firm], "自有", "", f"{areas[at]:.2f}", "", "2019-04-19", ""]
        for at, firm in enumerate(user.tolist())
    )
    _write_csv(out / "occupancy.csv", OCCUPANCY, occupancies)
    digits = (2, 2, 2, 0, 2, 4, 2)

    def lines(year: int, level: float) -> Iterable[list[str]]:
        columns = [
            [f"{value:.{places}f}" for value in figure * level]
            for figure, places in zip(figures, digits, strict=True)
        ]
        return ([str(year), uscc[at], names[at], *(column[at] for column in columns)] for at in range(size))

    returns = (
        line for year, level in ((2023, 0.9), (2024, 0.95), (2025, 1.0)) for line in lines(year, level)
    )
    _write_csv(out / "annual_returns.csv", ANNUAL_RETURNS, returns)


def _write_csv(path: Path, headings: list[str], rows: Iterable[list[str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(headings)
        writer.writerows(rows)
