/** Class bounds against published and hand-made figures. Refuses to look at colours. */

import { expect, it } from "vitest";
import { between, classBounds, classOf, readBounds } from "../../src/evaluation/classes";
import { readMaps, USUAL_MAPS, writeMaps } from "../../src/evaluation/state";
import { sortedRows } from "../../src/evaluation/table";

/** The values in their classes. */
function parted(values: number[], bounds: number[]): number[][] {
  const groups: number[][] = Array.from({ length: bounds.length + 1 }, () => []);
  for (const value of [...values].sort((a, b) => a - b)) groups[classOf(value, bounds)]?.push(value);
  return groups;
}

/** Squared distances from the classes' means. */
function spread(groups: number[][]): number {
  return groups.reduce((sum, group) => {
    const mean = group.reduce((a, b) => a + b, 0) / group.length;
    return sum + group.reduce((a, b) => a + (b - mean) ** 2, 0);
  }, 0);
}

it("finds the natural breaks of the jenkspy example", () => {
  const values = [1.3, 7.1, 7.3, 2.3, 3.9, 4.1, 7.8, 1.2, 4.3, 7.3, 5.0, 4.3];
  const bounds = classBounds(values, "natural", 3, []);
  expect(parted(values, bounds).map((group) => group.at(-1))).toEqual([2.3, 5.0, 7.8]);
  expect(bounds).toEqual([3, 7]);
});

it("finds the clusters of Wang and Song's one-dimensional example", () => {
  const values = [-1, 2, -1, 2, 4, 5, 6, -1, 2, -1];
  expect(parted(values, classBounds(values, "natural", 3, []))).toEqual([[-1, -1, -1, -1], [2, 2, 2], [4, 5, 6]]);
});

it("leaves no better partition for natural breaks", () => {
  const values = [3, 4, 8, 9, 9.5, 14, 21, 22, 40, 41, 47];
  const found = spread(parted(values, classBounds(values, "natural", 3, [])));
  for (let first = 1; first < values.length - 1; first += 1) {
    for (let second = first + 1; second < values.length; second += 1) {
      const groups = [values.slice(0, first), values.slice(first, second), values.slice(second)];
      expect(spread(groups)).toBeGreaterThanOrEqual(found - 1e-9);
    }
  }
});

it("puts as many values in each class of quantiles", () => {
  const values = Array.from({ length: 20 }, (_, index) => index + 1);
  expect(parted(values, classBounds(values, "quantile", 4, [])).map((group) => group.length)).toEqual([5, 5, 5, 5]);
  expect(classBounds(values, "quantile", 4, [])).toEqual([6, 10.5, 16].map((bound) => Math.floor(bound) + (bound % 1 ? 1 : 0)));
});

it("divides the range evenly for equal intervals, and takes fixed bounds as they are", () => {
  expect(classBounds([0, 3, 50, 100], "equal", 4, [])).toEqual([25, 50, 75]);
  expect(classBounds([0, 3, 50, 100], "fixed", 4, [3, 6])).toEqual([3, 6]);
  expect([2.99, 3, 6].map((value) => classOf(value, [3, 6]))).toEqual([0, 1, 2]);
});

it("has fewer classes where values are equal", () => {
  for (const method of ["natural", "quantile", "equal"] as const) expect(classBounds([5, 5, 5], method, 5, [])).toEqual([]);
  expect(classBounds([1, 1, 1, 1, 9], "quantile", 4, [])).toEqual([9]);
  expect(classBounds([], "natural", 5, [])).toEqual([]);
});

it("rounds a bound without moving a value to another class", () => {
  expect(between(2.3, 3.9)).toBe(3);
  expect(between(12.31, 12.34)).toBe(12.34);
  expect(between(-4.4, -2.2)).toBe(-3);
  for (const [low, high] of [[0.1, 0.10001], [99, 101], [1234.5, 5678.9]] as const) {
    expect(between(low, high)).toBeGreaterThan(low);
    expect(between(low, high)).toBeLessThanOrEqual(high);
  }
});

it("reads bounds as people type them, and nothing else", () => {
  expect(readBounds("3，6, 10")).toEqual([3, 6, 10]);
  for (const text of ["", "6,3", "3,x", "1,2,3,4,5,6,7,8,9"]) expect(readBounds(text)).toBeNull();
});

it("keeps the view in the address and refuses what there isn't", () => {
  const view = { ...USUAL_MAPS, by: "parcel" as const, classes: 7, years: [2023, 2025], place: { z: 11, lon: 120.1, lat: 29.3 } };
  expect(readMaps(writeMaps(view))).toEqual(view);
  expect(writeMaps(USUAL_MAPS)).toBe("");
  expect(readMaps("?by=street&method=magic&classes=99&years=a,2023&z=99")).toEqual({ ...USUAL_MAPS, classes: 9, years: [2023] });
});

it("sorts a table with what is missing at the end, both ways", () => {
  const column = { title: "", value: (row: number | null) => row, digits: 0 };
  expect(sortedRows([2, null, 1], column, false)).toEqual([1, 2, null]);
  expect(sortedRows([2, null, 1], column, true)).toEqual([2, 1, null]);
});
