/** Drawing for a form's field: areas as the server measures them, text that goes there and back, and no map where none can be. */

import { beforeEach, describe, expect, it } from "vitest";
import { groundArea } from "../../src/draw/area";
import { drawField } from "../../src/draw/field";
import { polygonsOf, textOf } from "../../src/draw/text";
import type { Polygon } from "../../src/geojson";

const HOLED: Polygon = {
  type: "Polygon",
  coordinates: [
    [[120.07, 29.3], [120.0731, 29.3004], [120.0728, 29.3033], [120.0702, 29.3029], [120.07, 29.3]],
    [[120.071, 29.301], [120.0715, 29.301], [120.0715, 29.3016], [120.071, 29.301]],
  ],
};
const BOX: Polygon = {
  type: "Polygon",
  coordinates: [[[120.1, 29.2], [120.104, 29.2], [120.104, 29.205], [120.1, 29.205], [120.1, 29.2]]],
};

beforeEach(() => document.body.replaceChildren());

describe("the area", () => {
  it("is the server's, holes taken off, whichever way the rings turn", () => {
    expect(groundArea([HOLED])).toBeCloseTo(87603.37215821835, 4);
    expect(groundArea([BOX])).toBeCloseTo(215578.50107972143, 4);
    const turned: Polygon = { ...HOLED, coordinates: HOLED.coordinates.map((ring) => [...ring].reverse()) };
    expect(groundArea([turned, BOX])).toBeCloseTo(303181.8732379, 3);
    expect(groundArea([])).toBe(0);
  });
});

describe("the field's text", () => {
  it("comes back as it went", () => {
    for (const polygons of [[], [HOLED], [HOLED, BOX]]) expect(polygonsOf(textOf(polygons))).toEqual(polygons);
  });

  it("reads features, several parts and collections, and leaves typed coordinates to the server", () => {
    const parts = { type: "MultiPolygon", coordinates: [HOLED.coordinates, BOX.coordinates] };
    expect(polygonsOf(JSON.stringify(parts))).toEqual([HOLED, BOX]);
    expect(polygonsOf(JSON.stringify({ type: "Feature", properties: {}, geometry: BOX }))).toEqual([BOX]);
    expect(polygonsOf(JSON.stringify({ type: "GeometryCollection", geometries: [BOX] }))).toEqual([BOX]);
    expect(polygonsOf("J1 3243000 40500000")).toBeNull();
    expect(polygonsOf('{"type":"Point","coordinates":[120,29]}')).toBeNull();
  });
});

describe("the field", () => {
  const field = (crs: string): HTMLElement => {
    document.body.innerHTML = `<form><textarea id="ground"></textarea><div data-draw="ground" data-crs="${crs}" data-bbox="120 29 121 30"></div></form>`;
    const root = document.querySelector<HTMLElement>("[data-draw]") as HTMLElement;
    drawField(root);
    return root;
  };

  it("offers the map by a button, and only where the county's survey CRS is known", () => {
    const button = field("4549").querySelector("button");
    expect(button?.textContent).toBe("在地图上绘制");
    expect(button?.getAttribute("aria-expanded")).toBe("false");
    expect(field("999999").childElementCount).toBe(0);
  });
});
