/** The one table of colours: classes by the county's bounds, and told apart by colour-blind eyes. */

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { FINDINGS } from "../src/state";
import { buildThemes, FINDING_LOOKS, mix, taxClass, taxClassRange, USUAL_TAX_CLASSES } from "../src/themes";
import { workspace } from "./cast";
import { contrast, distanceFor, lightness, type Vision } from "./colour";

const themes = buildThemes(workspace());

describe("tax per mu", () => {
  it.each([
    [null, -1],
    [0, 0],
    [2.999, 0],
    [3, 1],
    [5.99, 1],
    [6, 2],
    [39.99, 5],
    [40, 6],
  ])("%s 万元/亩 is class %i", (value, index) => {
    expect(taxClass(value, USUAL_TAX_CLASSES)).toBe(index);
  });

  it("gives each class its half-open range", () => {
    expect(taxClassRange(0, USUAL_TAX_CLASSES)).toEqual([-Infinity, 3]);
    expect(taxClassRange(2, USUAL_TAX_CLASSES)).toEqual([6, 10]);
    expect(taxClassRange(6, USUAL_TAX_CLASSES)).toEqual([40, Infinity]);
  });

  it("reads a tile's class, else its figure, else says there is none", () => {
    expect(themes.tax.classOf({ tax_class: 6 }).key).toBe("6");
    expect(themes.tax.classOf({ tax_per_mu: 12 }).key).toBe("3");
    expect(themes.tax.classOf({}).key).toBe("-1");
    expect(themes.tax.classOf({ tax_class: -1 }).key).toBe("-1");
  });

  it("follows the county's own bounds, however many", () => {
    const own = buildThemes(workspace({ tax_per_mu_classes: [5, 12] })).tax;
    expect(own.classes.map((one) => one.label)).toEqual(["12 及以上", "5 – 12", "5 以下"]);
    expect(own.classOf({ tax_per_mu: 5 }).key).toBe("1");
  });

  it("puts the highest class first and lets lightness rise without a turn", () => {
    const steps = themes.tax.classes.map((one) => lightness(one.fill));
    for (let at = 1; at < steps.length; at += 1) expect(steps[at]! - steps[at - 1]!).toBeGreaterThan(5);
  });
});

describe("findings", () => {
  it("has a class for every finding, and one for land that was not screened", () => {
    expect(themes.idle.classes.map((one) => one.key)).toEqual([...FINDINGS]);
    for (const finding of FINDINGS) expect(themes.idle.classOf({ finding }).key).toBe(finding);
    expect(themes.idle.classOf({}).key).toBe("");
    expect(themes.idle.classOf({ finding: "unheard_of" }).key).toBe("");
  });

  it.each<Vision>(["normal", "protan", "deutan", "tritan"])("are told apart by %s eyes", (vision) => {
    const looks = Object.entries(FINDING_LOOKS);
    for (const [one, a] of looks) {
      for (const [other, b] of looks) {
        if (one >= other || a.pattern !== b.pattern) continue;
        expect(distanceFor(vision, a.fill, b.fill), `${one} and ${other}`).toBeGreaterThan(18);
      }
    }
  });

  it("draws outlines that can be seen on the map's paper", () => {
    for (const look of Object.values(FINDING_LOOKS)) expect(contrast(look.stroke, "#fdfdfb")).toBeGreaterThan(2.5);
  });
});

it("marks findings on the other pages in the same colours", () => {
  const css = readFileSync("src/styles/page.css", "utf8");
  for (const [finding, look] of Object.entries(FINDING_LOOKS)) {
    const rule = new RegExp(`\\.finding-${finding}::before \\{([^}]*)\\}`).exec(css)?.[1] ?? "";
    for (const colour of [look.fill, look.stroke]) expect(rule, finding).toContain(colour);
  }
});

describe("land classes", () => {
  it("takes the server's colour, else one of its own", () => {
    const land = themes.land;
    expect(land.classOf({ land_class_code: "0601" }).fill).toBe("#c59a8c");
    expect(land.classOf({ land_class_code: "0604" }).fill).toMatch(/^#[0-9a-f]{6}$/);
    expect(land.classOf({ land_class_code: "9999" }).key).toBe("");
  });
});

it("mixes colours by channel", () => {
  expect(mix("#000000", "#ffffff", 0.5)).toBe("#808080");
  expect(mix("#102030", "#ffffff", 0)).toBe("#102030");
});
