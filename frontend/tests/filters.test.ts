/** One filter, the same answer from the API's query and from a tile's feature. */

import { describe, expect, it } from "vitest";
import { filterQuery, isFiltered, matches } from "../src/filters";
import { NO_FILTERS, type Filters } from "../src/state";
import { USUAL_TAX_CLASSES } from "../src/themes";

const parcel = { code: "A", tax_per_mu: 6, finding: "overdue", land_class_code: "0601", town_code: "330782003" };
const group = { n: 12, tax_class: 2, finding: "clear", land_class_code: "0601" };

function bright(feature: object, filters: Partial<Filters>, codes: ReadonlySet<string> | null = null): boolean {
  return matches(feature, { ...NO_FILTERS, ...filters }, USUAL_TAX_CLASSES, codes);
}

describe("the API's query", () => {
  it("leaves out what isn't set", () => {
    expect(filterQuery(NO_FILTERS)).toEqual({});
    expect(isFiltered(NO_FILTERS)).toBe(false);
  });

  it("keeps a bound of zero", () => {
    const filters = { ...NO_FILTERS, minTax: 0 };
    expect(filterQuery(filters)).toEqual({ min_tax_per_mu: "0" });
    expect(isFiltered(filters)).toBe(true);
  });

  it("names every filter as the API does", () => {
    const all: Filters = { q: "路", town: "t", finding: "clear", landClass: "0601", minTax: 1, maxTax: 2 };
    expect(filterQuery(all)).toEqual({
      q: "路",
      town: "t",
      finding: "clear",
      land_class: "0601",
      min_tax_per_mu: "1",
      max_tax_per_mu: "2",
    });
  });
});

describe("a single parcel's feature", () => {
  it("stays bright when every filter holds", () => {
    const filters: Partial<Filters> = { finding: "overdue", landClass: "0601", town: "330782003", minTax: 6, maxTax: 7 };
    expect(bright(parcel, filters)).toBe(true);
  });

  it("includes the lower bound and excludes the upper", () => {
    expect(bright(parcel, { minTax: 6 })).toBe(true);
    expect(bright(parcel, { maxTax: 6 })).toBe(false);
  });

  it("dims another finding, class or town", () => {
    expect(bright(parcel, { finding: "clear" })).toBe(false);
    expect(bright(parcel, { landClass: "0604" })).toBe(false);
    expect(bright(parcel, { town: "330782100" })).toBe(false);
  });

  it("without tax is outside every range of tax", () => {
    expect(bright({ ...parcel, tax_per_mu: null, tax_class: -1 }, { minTax: 0 })).toBe(false);
  });

  it("obeys the codes that a text search found", () => {
    expect(bright(parcel, {}, new Set(["A"]))).toBe(true);
    expect(bright(parcel, {}, new Set(["B"]))).toBe(false);
  });
});

describe("a group's feature", () => {
  it("is judged by its class, which may only touch the range", () => {
    expect(bright(group, { minTax: 8 })).toBe(true);
    expect(bright(group, { minTax: 10 })).toBe(false);
    expect(bright(group, { maxTax: 6 })).toBe(false);
  });

  it("is left alone by filters that it can't answer", () => {
    expect(bright(group, { town: "330782003" })).toBe(true);
  });

  it("fades under a text filter: what was found is marked by itself", () => {
    expect(bright(group, {}, new Set(["A"]))).toBe(false);
  });
});
