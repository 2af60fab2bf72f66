/** What a polygon in hand says beside the cursor. */

import { describe, expect, it } from "vitest";
import type { Position } from "../src/geojson";
import { surveyCrs } from "../src/map/crs";
import { sketchLines } from "../src/map/sketch";

const YIWU = surveyCrs(4549);
const corner = (north: number, east: number): Position => YIWU?.toLonLat(3_243_000 + north, 509_000 + east) ?? [0, 0];

describe("a polygon in hand", () => {
  it("says the edge that is being drawn, and its bearing", () => {
    expect(sketchLines([corner(0, 0), corner(0, 100)], YIWU)).toEqual(["100.000 米　90.00°"]);
  });

  it("says the area that it would close, in 亩 and ㎡", () => {
    const [edge, area, ...more] = sketchLines([corner(0, 0), corner(0, 100), corner(100, 100)], YIWU);
    expect(edge).toBe("100.000 米　0.00°");
    expect(area).toMatch(/^7\.5\d? 亩 · 5,00\d\.\d\d ㎡$|^7\.50 亩 · 4,99\d\.\d\d ㎡$/);
    expect(more).toEqual([]);
  });

  it("says at once that it crosses itself", () => {
    const bow = [corner(0, 0), corner(100, 100), corner(100, 0), corner(0, 100)];
    expect(sketchLines(bow, YIWU).at(-1)).toBe("自相交");
  });

  it("leaves the edge out where the survey CRS is not known, never the area", () => {
    expect(sketchLines([corner(0, 0), corner(0, 100), corner(100, 100)], null)).toHaveLength(1);
  });
});
