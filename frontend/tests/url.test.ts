/** The address bar's view: what is written is read back, and a broken link still opens. */

import { describe, expect, it } from "vitest";
import { DEFAULT_VIEW, NO_FILTERS, type ViewState } from "../src/state";
import { isStep, readView, writeView } from "../src/url";

const FULL: ViewState = {
  place: { z: 14.25, lon: 120.0712, lat: 29.303 },
  theme: "idle",
  layers: ["parcels", "towns"],
  base: "grid",
  year: 2022,
  on: "2019-06-30",
  filters: { q: "雪峰西路", town: "330782003", finding: "overdue", landClass: "0601", minTax: 3, maxTax: 6.5 },
  sort: "-tax_per_mu",
  page: 3,
  inView: true,
  overlays: ["remediation", "idle-cases"],
  sel: "330782003015GB00223",
  pick: "",
};

describe("the address bar", () => {
  it("reads back every part that it wrote", () => {
    expect(readView(writeView(FULL))).toEqual(FULL);
  });

  it("writes nothing for the default view and reads nothing as the default", () => {
    expect(writeView(DEFAULT_VIEW)).toBe("");
    expect(readView("")).toEqual(DEFAULT_VIEW);
  });

  it("keeps “no layers” apart from “the usual layers”", () => {
    const bare = writeView({ ...DEFAULT_VIEW, layers: [] });
    expect(readView(bare).layers).toEqual([]);
  });

  it("keeps platforms off until they are asked for, and then in the link", () => {
    expect(DEFAULT_VIEW.layers).not.toContain("platforms");
    const link = writeView({ ...DEFAULT_VIEW, layers: [...DEFAULT_VIEW.layers, "platforms"] });
    expect(readView(link).layers).toEqual([...DEFAULT_VIEW.layers, "platforms"]);
    expect(readView("?layers=parcels,labels,control,towns").layers).toEqual(DEFAULT_VIEW.layers);
  });

  it.each([
    ["?z=abc&lon=120&lat=29", null],
    ["?z=12&lon=999&lat=29", null],
    ["?z=12&lon=120", null],
    ["?z=12&lon=120&lat=29", { z: 12, lon: 120, lat: 29 }],
  ])("reads the place of %s", (search, place) => {
    expect(readView(search).place).toEqual(place);
  });

  it("drops what it does not know and keeps the rest", () => {
    const view = readView("?theme=rainbow&finding=guilty&page=-4&sort=drop%20table&town=330782003&min_tax=1e9");
    expect(view.theme).toBe(DEFAULT_VIEW.theme);
    expect(view.page).toBe(1);
    expect(view.sort).toBe("code");
    expect(view.filters).toEqual({ ...NO_FILTERS, town: "330782003" });
  });

  it("opens a feature's link with its layer on, and a parcel's or a feature's detail, not both", () => {
    const view = readView("?show=projects,nothing&pick=idle-cases.12&sel=330782003015GB00223");
    expect(view.overlays).toEqual(["projects", "idle-cases"]);
    expect(view.pick).toBe("idle-cases.12");
    expect(view.sel).toBe("");
    expect(readView(writeView(view))).toEqual(view);
  });

  it.each(["projects", "projects.", "rainbows.3", "projects.3.4", "projects.-1"])("doesn't read the feature %s", (pick) => {
    expect(readView(`?pick=${pick}`).pick).toBe("");
  });

  it("makes a history step of a selection, not of a pan", () => {
    const moved = { ...FULL, place: { z: 10, lon: 120, lat: 29 } };
    expect(isStep(moved, FULL)).toBe(false);
    expect(isStep({ ...moved, sel: "" }, FULL)).toBe(true);
  });
});
