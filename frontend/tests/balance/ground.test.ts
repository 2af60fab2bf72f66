/** What a field's text holds, and how a drawn polygon joins it. */

import { describe, expect, it } from "vitest";
import { polygonsIn, shapeIn, withPolygon } from "../../src/balance/ground";
import type { Polygon, Position } from "../../src/geojson";

const ring = (at: number): Position[] => [[at, 0], [at + 1, 0], [at + 1, 1], [at, 0]];
const square = (at: number): Polygon => ({ type: "Polygon", coordinates: [ring(at)] });

describe("the ground in a field", () => {
  it("reads every kind of GeoJSON area", () => {
    expect(polygonsIn("")).toEqual([]);
    expect(polygonsIn(JSON.stringify(square(1)))).toEqual([[ring(1)]]);
    expect(polygonsIn(JSON.stringify({ type: "MultiPolygon", coordinates: [[ring(1)], [ring(3)]] }))).toHaveLength(2);
    const feature = { type: "Feature", properties: {}, geometry: square(1) };
    expect(polygonsIn(JSON.stringify({ type: "FeatureCollection", features: [feature, feature] }))).toHaveLength(2);
  });

  it("leaves what it can't read to the server", () => {
    for (const text of ["J1,3242000,506000", "{", "[]", "null", '{"type":"Point","coordinates":[1,2]}', '{"type":"Feature"}']) {
      expect(polygonsIn(text)).toBeNull();
      expect(shapeIn(text)).toBeNull();
      expect(withPolygon(text, square(1))).toBeNull();
    }
  });

  it("adds a drawn polygon to those that are there", () => {
    const one = withPolygon(" ", square(1));
    expect(one?.count).toBe(1);
    const two = withPolygon(one?.text ?? "", square(5));
    expect(two?.count).toBe(2);
    expect(shapeIn(two?.text ?? "")).toEqual({ type: "MultiPolygon", coordinates: [[ring(1)], [ring(5)]] });
    expect(shapeIn("")).toBeNull();
  });
});
