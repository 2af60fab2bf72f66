/** Where the towns' names stand on the wall: clear of each other, of cases, then of specks; none is left out. */

import { expect, test } from "vitest";
import { placeLabels, type Label } from "../src/wall/labels";

const label = (town: string, ...places: [number, number][]): Label => ({ town, places, w: 10, h: 4 });

test("each name takes its best place that is free of the others and of marks", () => {
  const found = placeLabels(
    [label("a", [0, 0], [20, 0], [40, 0]), label("b", [1, 1], [21, 0]), label("c", [100, 0])],
    [[{ x: 1, y: 1, w: 2, h: 2 }]],
  );
  expect(Object.fromEntries(found)).toEqual({ c: 0, b: 1, a: 2 });
});

test("a mark gives way before another name does, and no name is left out", () => {
  const marks = [{ x: 0, y: 0, w: 50, h: 50 }];
  const found = placeLabels([label("a", [0, 0], [15, 0]), label("b", [1, 0])], [marks]);
  expect(Object.fromEntries(found)).toEqual({ b: 0, a: 1 });
  expect(placeLabels([label("a", [0, 0]), label("b", [0, 0])], []).size).toBe(2);
});

test("specks give way before cases do", () => {
  const [cases, specks] = [[{ x: 0, y: 0, w: 4, h: 4 }], [{ x: 20, y: 0, w: 4, h: 4 }]];
  expect(placeLabels([label("a", [0, 0], [20, 0])], [cases, specks]).get("a")).toBe(1);
});
