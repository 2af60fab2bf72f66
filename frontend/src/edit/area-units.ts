/** 亩, ㎡ and 公顷 as officers type them; the register keeps ㎡. Refuses to round a figure that nobody touched. */

import { number } from "../format";

export type AreaUnit = "mu" | "m2" | "ha";

/** How many ㎡ one holds; the 亩 as the ratio that defines it, since 666.67 isn't exact. */
const NUMERATOR: Record<AreaUnit, number> = { mu: 10_000, m2: 1, ha: 10_000 };
const DENOMINATOR: Record<AreaUnit, number> = { mu: 15, m2: 1, ha: 1 };
const SHOWN_DIGITS: Record<AreaUnit, number> = { mu: 4, m2: 4, ha: 6 };
/** As the register's column keeps it. */
const KEPT_DIGITS = 4;

export const AREA_UNITS: readonly AreaUnit[] = ["mu", "m2", "ha"];

export function toSquareMetres(value: number, unit: AreaUnit): number {
  return Number(((value * NUMERATOR[unit]) / DENOMINATOR[unit]).toFixed(KEPT_DIGITS));
}

export function fromSquareMetres(area_m2: number, unit: AreaUnit): number {
  return Number(((area_m2 * DENOMINATOR[unit]) / NUMERATOR[unit]).toFixed(SHOWN_DIGITS[unit]));
}

/** In a text field: no grouping, no trailing zeros. */
export function areaText(area_m2: number | null, unit: AreaUnit): string {
  return area_m2 === null ? "" : String(fromSquareMetres(area_m2, unit));
}

/** In a sentence: grouped, with the digits that a reader expects. */
export function areaShown(area_m2: number | null, unit: AreaUnit): string {
  return number(area_m2 === null ? null : fromSquareMetres(area_m2, unit), unit === "ha" ? 4 : 2);
}

/** What was typed: null for nothing, undefined for what isn't an area. Grouping commas and full-width digits are read. */
export function readArea(text: string, unit: AreaUnit): number | null | undefined {
  const plain = text.normalize("NFKC").replace(/[,\s]/g, "");
  if (plain === "") return null;
  if (!/^\d+(\.\d+)?$/.test(plain)) return undefined;
  const area_m2 = toSquareMetres(Number(plain), unit);
  return area_m2 > 0 ? area_m2 : undefined;
}
