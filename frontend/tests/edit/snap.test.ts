/** Snapping: identical coordinates, the right kind first, nothing of what is in the hand. */

import { describe, expect, it } from "vitest";
import { snap } from "../../src/edit/snap";
import type { SurveyShape } from "../../src/edit/types";
import { constrained } from "../../src/edit/tools/constrain";
import { decimal } from "../../src/edit/entry";
import { at, block, E0, fixture, N0, square } from "./cast";

const around = (...shapes: SurveyShape[]): { search(): { key: string; shape: SurveyShape }[] } => ({
  search: () => shapes.map((shape, index) => ({ key: String(index), shape })),
});

describe("snapping", () => {
  it("takes the vertex itself, not a copy that is nearly it", () => {
    const shape = square(0, 0);
    const found = snap(around(shape), { at: at(99, 99), reach: 3 });
    expect(found?.kind).toBe("vertex");
    expect(found?.at).toBe(shape.coordinates[0]![0]![2]);
  });

  it("prefers a vertex to the edge that is nearer", () => {
    expect(snap(around(square(0, 0)), { at: at(98, 0.1), reach: 3 })?.kind).toBe("vertex");
    expect(snap(around(square(0, 0)), { at: at(50, 0.1), reach: 3 })).toMatchObject({ kind: "edge", edge: [at(0, 0), at(100, 0)] });
  });

  it("finds the crossing of two edges", () => {
    const found = snap(around(square(0, 0), square(50, -50)), { at: at(51, 1), reach: 3 });
    expect(found?.kind).toBe("crossing");
    expect(found?.at[0]).toBeCloseTo(E0 + 50, 9);
    expect(found?.at[1]).toBeCloseTo(N0, 9);
  });

  it("finds the foot of the perpendicular from the last point", () => {
    const found = snap(around(square(0, 0)), { at: at(31, 1), reach: 3, from: at(30, -40) });
    expect(found?.kind).toBe("foot");
    expect(found?.at[0]).toBeCloseTo(E0 + 30, 6);
  });

  it("finds nothing out of reach, and not what is in the hand", () => {
    expect(snap(around(square(0, 0)), { at: at(50, 50), reach: 3 })).toBeNull();
    expect(snap(around(square(0, 0)), { at: at(99, 99), reach: 3, except: [at(100, 100)] })).toBeNull();
  });

  it("reads only the parcels around the place", async () => {
    const { session } = await fixture(block(10, 10));
    const found = snap(session.scene, { at: at(502, 501), reach: 5 });
    expect(found?.at).toEqual(at(500, 500));
    expect(session.scene.search([E0 + 497, N0 + 496, E0 + 507, N0 + 506]).map(({ key }) => key).sort()).toEqual(["E5", "E6", "F5", "F6"]);
  });
});

describe("typed figures", () => {
  it("sets length and angle exactly", () => {
    const to = constrained(at(0, 0), at(50, 3), { length: 25.3, angle: 90 }, false, null);
    expect(to[0]).toBeCloseTo(E0 + 25.3, 6);
    expect(to[1]).toBeCloseTo(N0, 6);
  });

  it("keeps the hand's direction when only the length is typed", () => {
    const to = constrained(at(0, 0), at(30, 40), { length: 10, angle: null }, false, null);
    expect(to[0]).toBeCloseTo(E0 + 6, 6);
    expect(to[1]).toBeCloseTo(N0 + 8, 6);
  });

  it("goes square to the edge before", () => {
    const to = constrained(at(10, 10), at(3, 18), { length: null, angle: null }, true, at(0, 0));
    expect(to[0] - E0 - 10).toBeCloseTo(-(to[1] - N0 - 10), 6);
  });

  it.each([
    ["25.3", 25.3],
    ["２５．３", 25.3],
    ["25,3", 25.3],
    ["30-30-36", 30.51],
    ["abc", null],
    ["", null],
  ])("reads %j", (text, value) => {
    if (value === null) expect(decimal(text)).toBeNull();
    else expect(decimal(text)).toBeCloseTo(value, 9);
  });
});
