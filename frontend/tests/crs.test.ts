/** Survey coordinates under the cursor: the figures agree with PROJ to a millimetre. */

import { describe, expect, it } from "vitest";
import { fromLonLat } from "ol/proj";
import { projText, surveyCrs } from "../src/map/crs";

describe("survey coordinates", () => {
  it("places (120.07, 29.3) in EPSG:4549", () => {
    const at = surveyCrs(4549)?.fromLonLat(120.07, 29.3);
    expect(at?.east).toBeCloseTo(506800.936463, 3);
    expect(at?.north).toBeCloseTo(3242522.830389, 3);
  });

  it("shifts the easting by 40,000,000 in the zone-prefixed EPSG:4528", () => {
    const bare = surveyCrs(4549)?.fromLonLat(120.07, 29.3);
    const prefixed = surveyCrs(4528)?.fromLonLat(120.07, 29.3);
    expect((prefixed?.east ?? 0) - (bare?.east ?? 0)).toBeCloseTo(40_000_000, 3);
    expect(prefixed?.north).toBeCloseTo(bare?.north ?? 0, 6);
  });

  it("comes back to the same point", () => {
    const crs = surveyCrs(4549);
    const { north, east } = crs!.fromLonLat(119.93, 29.5);
    const [lon, lat] = crs!.toLonLat(north, east);
    expect(lon).toBeCloseTo(119.93, 9);
    expect(lat).toBeCloseTo(29.5, 9);
  });

  it("agrees with the map's own Mercator", () => {
    const [x, y] = fromLonLat([120.07, 29.3]);
    expect(x).toBeCloseTo(13366131.259548, 3);
    expect(y).toBeCloseTo(3413885.005984, 3);
  });

  it.each([
    [4513, "+lon_0=75 +k=1 +x_0=25500000"],
    [4533, "+lon_0=135 +k=1 +x_0=45500000"],
    [4534, "+lon_0=75 +k=1 +x_0=500000"],
    [4554, "+lon_0=135 +k=1 +x_0=500000"],
    [32633, "+zone=33"],
    [32733, "+zone=33 +south"],
  ])("knows EPSG:%i", (epsg, part) => {
    expect(projText(epsg)).toContain(part);
  });

  it.each([2385, 4490, 4512, 4555, 5514, 32600, 32661])("refuses to guess EPSG:%i", (epsg) => {
    expect(surveyCrs(epsg)).toBeNull();
  });
});
