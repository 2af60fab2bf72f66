/** The looks of grades and of the list: told apart by every eye, named as the scheme names them. Refuses to look at a map. */

import { expect, it } from "vitest";
import { asAreas, categoryColumns, categoryLooks, categoryOf, elsewhere, isCategory } from "../../src/evaluation/categories";
import { noData } from "../../src/evaluation/looks";
import { readMaps, writeMaps } from "../../src/evaluation/state";
import type { ThemeClass } from "../../src/themes";
import { distanceFor, lightness, type Vision } from "../colour";

const VISIONS: Vision[] = ["normal", "protan", "deutan", "tritan"];
const classesOf = (names: string[]): { key: string; title: string }[] => [...names.map((name) => ({ key: name, title: name })), { key: "", title: "未评价" }];
const LIST = ["listed", "closed", "unlisted"].map((key) => ({ key, title: key }));

/** The least distance between two looks that no lining parts. */
function nearest(looks: ThemeClass[], vision: Vision): number {
  const pairs = looks.flatMap((a, index) => looks.slice(index + 1).map((b) => [a, b] as const));
  return Math.min(...pairs.filter(([a, b]) => a.pattern === b.pattern).map(([a, b]) => distanceFor(vision, a.fill, b.fill)));
}

it.each([1, 2, 3, 4, 5, 6, 8, 10])("tells %i grades apart for all eyes, under the scheme's names", (n) => {
  const names = Array.from({ length: n }, (_, at) => `第${at + 1}档`);
  const looks = categoryLooks(classesOf(names));
  expect(looks.map(({ label }) => label)).toEqual([...names, "未评价"]);
  expect(looks.at(-1)?.pattern).toBe("diagonal");
  const shades = looks.slice(0, -1).map(({ fill }) => lightness(fill));
  expect(shades).toEqual([...shades].sort((a, b) => a - b));
  for (const vision of VISIONS) expect(nearest(looks, vision), vision).toBeGreaterThan(10);
});

it("tells who is on the list from who is off it", () => {
  const looks = categoryLooks(LIST);
  for (const vision of VISIONS) expect(Math.min(...looks.flatMap((a) => looks.filter((b) => b !== a).map((b) => distanceFor(vision, a.fill, b.fill)))), vision).toBeGreaterThan(15);
});

it("takes a grade that is called like a state of the list for a grade", () => {
  expect(categoryLooks(classesOf(["listed", "B"]))[0]?.fill).not.toBe(categoryLooks(LIST)[0]?.fill);
});

it("draws parcels by their class, and says which firm it is", () => {
  const cell = { key: "A", firm: "示意企业", land_mu: 10, restricted: false };
  const answer = asAreas({
    years: [{ year: 2023, told: "方案" }, { year: 2024, told: "" }],
    classes: classesOf(["A", "B"]),
    rows: [{ code: "1", town: "甲镇", cells: [cell, null] }, { code: "2", town: "甲镇", cells: [{ ...cell, key: "", firm: "", restricted: true }, null] }],
  });
  expect(answer.years.map(({ computed }) => computed)).toEqual([true, false]);
  expect(answer.bases).toEqual(["2023 年：方案"]);
  const looks = categoryLooks(answer.classes ?? []);
  const label = (row: number, at: number): string => categoryOf(answer.rows[row]?.cells[at], looks, noData(), elsewhere()).label;
  expect([label(0, 0), label(0, 1), label(1, 0)]).toEqual(["A", noData().label, elsewhere().label]);
  const columns = categoryColumns(answer, "grade", () => "词");
  expect(columns.map(({ value }) => answer.rows.map(value))).toEqual([["示意企业", null], ["词", "词"], [null, null], ["词", "词"]]);
});

it("keeps the map of grades in the address", () => {
  expect(isCategory(readMaps("?indicator=grade").indicator)).toBe(true);
  expect(isCategory(readMaps("?indicator=tax_per_mu").indicator)).toBe(false);
  expect(writeMaps(readMaps("?indicator=low_efficiency&years=2024"))).toBe("?indicator=low_efficiency&years=2024");
});
