/** The plane: areas as surveyors compute them, bearings, feet, faults, and vertices that keep every digit. */

import { describe, expect, it } from "vitest";
import { converter } from "../../src/edit/convert";
import { crossingsAt, duplicates, lineCrosses, selfCrossings, spikes } from "../../src/edit/faults";
import {
  bearing,
  crossing,
  distance,
  inShape,
  labelPoint,
  nearestOnEdge,
  perpendicularFoot,
  planarArea,
  pointAt,
} from "../../src/edit/geometry";
import type { Point, Ring, SurveyShape } from "../../src/edit/types";
import { deleteVertex, insertVertex, moveVertices, verticesOf, withoutDoubles } from "../../src/edit/vertices";
import { surveyCrs } from "../../src/map/crs";
import { at, E0, N0, square } from "./cast";

const hole: Ring = [at(20, 20), at(20, 40), at(40, 40), at(40, 20), at(20, 20)];
const holed: SurveyShape = { type: "MultiPolygon", coordinates: [[square(0, 0).coordinates[0]![0]!, hole]] };
const bow: SurveyShape = { type: "MultiPolygon", coordinates: [[[at(0, 0), at(10, 10), at(10, 0), at(0, 10), at(0, 0)]]] };

describe("areas and directions", () => {
  it("takes holes off, whichever way they run", () => {
    expect(planarArea(holed)).toBeCloseTo(9600, 6);
    const reversed: SurveyShape = { type: "MultiPolygon", coordinates: [holed.coordinates[0]!.map((ring) => [...ring].reverse())] };
    expect(planarArea(reversed)).toBeCloseTo(9600, 6);
  });

  it.each([
    [[0, 1], 0],
    [[1, 0], 90],
    [[0, -1], 180],
    [[-1, 0], 270],
  ] as [Point, number][])("reads the bearing to %j as %d°", (to, degrees) => {
    expect(bearing([0, 0], to)).toBeCloseTo(degrees, 9);
  });

  it("goes out by length and bearing and measures the same", () => {
    const to = pointAt(at(0, 0), 25.3, 37.5);
    expect(distance(at(0, 0), to)).toBeCloseTo(25.3, 6);
    expect(bearing(at(0, 0), to)).toBeCloseTo(37.5, 6);
  });
});

describe("points and edges", () => {
  it("knows what lies in a hole", () => {
    expect(inShape(at(10, 10), holed)).toBe(true);
    expect(inShape(at(30, 30), holed)).toBe(false);
    expect(inShape(at(130, 30), holed)).toBe(false);
  });

  it("answers an edge's end with its own digits", () => {
    const end = at(100, 0);
    expect(nearestOnEdge(at(120, 5), at(0, 0), end).at).toBe(end);
  });

  it("has no foot beside the edge", () => {
    expect(perpendicularFoot(at(30, 20), at(0, 0), at(100, 0))?.[1]).toBeCloseTo(N0, 9);
    expect(perpendicularFoot(at(130, 20), at(0, 0), at(100, 0))).toBeNull();
  });

  it("crosses inside only: touching ends aren't a crossing", () => {
    expect(crossing(at(0, 0), at(10, 10), at(0, 10), at(10, 0))?.[0]).toBeCloseTo(E0 + 5, 6);
    expect(crossing(at(0, 0), at(10, 0), at(10, 0), at(10, 10))).toBeNull();
    expect(crossing(at(0, 0), at(10, 0), at(0, 5), at(10, 5))).toBeNull();
  });

  it("labels a horseshoe inside its own ground", () => {
    const horseshoe: SurveyShape = {
      type: "MultiPolygon",
      coordinates: [[[at(0, 0), at(90, 0), at(90, 90), at(60, 90), at(60, 30), at(30, 30), at(30, 90), at(0, 90), at(0, 0)]]],
    };
    expect(inShape(labelPoint(horseshoe)!, horseshoe)).toBe(true);
  });
});

describe("faults", () => {
  it("finds where a bow tie crosses", () => {
    expect(selfCrossings(bow)).toHaveLength(1);
    expect(selfCrossings(holed)).toEqual([]);
    expect(crossingsAt(bow, [at(10, 10)]).length).toBeGreaterThan(0);
  });

  it("sees the line cross itself before the point is set", () => {
    const drawn = [at(0, 0), at(10, 0), at(10, 10)];
    expect(lineCrosses(drawn, at(5, -5))).not.toBeNull();
    expect(lineCrosses(drawn, at(0, 10))).toBeNull();
  });

  it("finds spikes and doubles", () => {
    expect(spikes([at(0, 0), at(50, 0), at(50, 50), at(50, 99), at(50.1, 50), at(0, 50), at(0, 0)])).toEqual([at(50, 99)]);
    expect(duplicates([at(0, 0), at(0, 0), at(5, 0), at(5, 5), at(0, 0)])).toEqual([at(0, 0)]);
  });
});

describe("vertices", () => {
  it("moves the closing point with the first, and leaves the other digits alone", () => {
    const shape = square(0, 0);
    const next = moveVertices(shape, [{ from: at(0, 0), to: at(-1, -2) }])!;
    const ring = next.coordinates[0]![0]!;
    expect(ring[0]).toEqual(at(-1, -2));
    expect(ring[4]).toEqual(at(-1, -2));
    expect(ring[1]).toBe(shape.coordinates[0]![0]![1]);
    expect(moveVertices(shape, [{ from: at(1, 1), to: at(2, 2) }])).toBeNull();
  });

  it("swaps two vertices without running them into each other", () => {
    const next = moveVertices(square(0, 0), [
      { from: at(0, 0), to: at(100, 0) },
      { from: at(100, 0), to: at(0, 0) },
    ])!;
    expect(next.coordinates[0]![0]!.slice(0, 2)).toEqual([at(100, 0), at(0, 0)]);
  });

  it("inserts on the edge whichever way it runs", () => {
    const next = insertVertex(square(0, 0), [at(100, 0), at(0, 0)], at(50, 0))!;
    expect(verticesOf(next)[1]).toEqual(at(50, 0));
    expect(insertVertex(square(0, 0), [at(0, 0), at(100, 100)], at(50, 50))).toBeNull();
  });

  it("keeps three corners at least", () => {
    const triangle = deleteVertex(square(0, 0), at(0, 0)) as SurveyShape;
    expect(verticesOf(triangle)).toHaveLength(3);
    expect(deleteVertex(triangle, at(100, 0))).toBe("too few");
    expect(deleteVertex(triangle, at(0, 0))).toBeNull();
  });

  it("lets a vertex dragged onto the next one melt into it", () => {
    const next = withoutDoubles(moveVertices(square(0, 0), [{ from: at(0, 0), to: at(100, 0) }])!);
    expect(verticesOf(next)).toHaveLength(3);
  });
});

it("comes back from the screen to a tenth of a millimetre", () => {
  const convert = converter(surveyCrs(4549)!);
  const [e, n] = convert.fromScreen(convert.toScreen(at(123.4567, 89.0123)));
  expect(Math.hypot(e - E0 - 123.4567, n - N0 - 89.0123)).toBeLessThan(1e-4);
});
