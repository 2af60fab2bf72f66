/** Figures as officers read them: half up, fixed digits, and a missing one never becomes 0. */

import { describe, expect, it } from "vitest";
import { date, lonLat, MISSING, mu, number, parcelCode, percent, shortCode, signed } from "../src/format";

describe("figures", () => {
  it.each([
    [34887.25, 2, "34,887.25"],
    [1234567.891, 2, "1,234,567.89"],
    [2.675, 2, "2.68"],
    [1.005, 2, "1.01"],
    [-1234.5, 0, "-1,235"],
    [0, 2, "0.00"],
    ["12.345", 2, "12.35"],
  ])("%s with %i digits is %s", (value, digits, text) => {
    expect(number(value, digits)).toBe(text);
  });

  it.each([null, undefined, "", "n/a", Number.NaN])("%s is missing, not zero", (value) => {
    expect(mu(value)).toBe(MISSING);
    expect(percent(value)).toBe(MISSING);
    expect(signed(value)).toBe(MISSING);
  });

  it("signs differences, but not a rounded nothing", () => {
    expect(signed(0.42)).toBe("+0.42");
    expect(signed(-55)).toBe("−55.00");
    expect(signed(-0.001)).toBe("0.00");
  });

  it("shows a share of one as a percentage", () => {
    expect(percent(0.9731, 1)).toBe("97.3 %");
  });
});

describe("codes and dates", () => {
  it("prints a 宗地代码 in groups of 6-6-7 and a unit code in 6-6-7-9", () => {
    expect(parcelCode("330782003015GB00223")).toBe("330782 003015 GB00223");
    expect(parcelCode("330782003015GB00223W00000000")).toBe("330782 003015 GB00223 W00000000");
  });

  it("leaves another county's code alone", () => {
    expect(parcelCode("PR-1204/7")).toBe("PR-1204/7");
    expect(shortCode("PR-1204/7")).toBe("PR-1204/7");
    expect(shortCode("330782003015GB00223")).toBe("GB00223");
  });

  it("keeps the day of a date", () => {
    expect(date("2024-01-15T00:00:00Z")).toBe("2024-01-15");
    expect(date(null)).toBe(MISSING);
  });

  it("names the hemispheres", () => {
    expect(lonLat(120.07, 29.3)).toBe("120.070000°E 29.300000°N");
    expect(lonLat(-14.4, -50.08)).toBe("14.400000°W 50.080000°S");
  });
});
