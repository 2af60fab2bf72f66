/** Small geometry of the screen: crossing rings, pieces of a parcel, the scale bar, the grid's step. */

import { describe, expect, it } from "vitest";
import { gridStep } from "../src/map/grid";
import { outside, readShape, tileUrl } from "../src/map/layers";
import { piecesArea } from "../src/map/labels";
import { scaleFor } from "../src/map/readout";
import { crossesItself } from "../src/map/simple";

describe("a drawn ring", () => {
  it("may be a square, closed or open", () => {
    const square = [[0, 0], [1, 0], [1, 1], [0, 1]];
    expect(crossesItself(square)).toBe(false);
    expect(crossesItself([...square, [0, 0]])).toBe(false);
  });

  it("may not be a bow tie", () => {
    expect(crossesItself([[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]])).toBe(true);
  });
});

describe("a piece of a parcel in a tile", () => {
  it("has the area of its rings, holes taken off", () => {
    const outer = [0, 0, 10, 0, 10, 10, 0, 10];
    const hole = [2, 2, 2, 4, 4, 4, 4, 2];
    expect(piecesArea(outer, [8], 2)).toBe(100);
    expect(piecesArea([...outer, ...hole], [8, 16], 2)).toBe(96);
  });

  it("counts only what lies in the tile's own square, so that two tiles never both hold most of it", () => {
    const outer = [0, 0, 10, 0, 10, 10, 0, 10];
    const hole = [2, 2, 2, 4, 4, 4, 4, 2];
    const [left, right] = [[-50, -50, 7, 50], [7, -50, 50, 50]];
    expect(piecesArea(outer, [8], 2, left)).toBe(70);
    expect(piecesArea(outer, [8], 2, right)).toBe(30);
    expect(piecesArea([...outer, ...hole], [8, 16], 2, [3, 0, 10, 10])).toBe(68);
    expect(piecesArea(outer, [8], 2, [20, 20, 30, 30])).toBe(0);
  });
});

describe("the scale bar", () => {
  it("shows a round ground length, not a Mercator one", () => {
    const scale = scaleFor(10, 60, 120);
    expect(scale.text).toBe("500 米");
    expect(scale.pixels).toBeCloseTo(100, 6);
  });

  it("changes to kilometres", () => {
    expect(scaleFor(30, 29.3, 120).text).toBe("2 公里");
  });

  it("knows the ratio on paper", () => {
    expect(scaleFor(0.0254 / 96 / Math.cos(Math.PI / 6), 30).ratio).toBeCloseTo(1, 9);
  });
});

it("steps the grid so that lines stay a hand's breadth apart", () => {
  expect(gridStep(1)).toBe(200);
  expect(gridStep(10)).toBe(2000);
  expect(gridStep(1e9)).toBe(100_000);
});

it("cuts the county out of the world, parts and all", () => {
  const square = (x: number): number[][] => [[x, 29], [x + 1, 29], [x + 1, 30], [x, 30], [x, 29]];
  const shape = readShape({
    type: "MultiPolygon",
    coordinates: [[square(119)], [square(121)]] as [number, number][][][],
  });
  expect(outside(shape).getCoordinates()).toHaveLength(3);
});

it("asks for tiles by row before column, as OGC API Tiles does", () => {
  expect(tileUrl("parcels", { year: 2023, v: null })).toBe(
    "/ogc/collections/parcels/tiles/WebMercatorQuad/{z}/{y}/{x}?year=2023",
  );
});
