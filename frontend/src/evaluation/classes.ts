/**
 * Class bounds for a map's values, by a library's quantiles, natural breaks (Jenks, exact) and equal intervals.
 * Refuses to change a class by rounding: a bound is the roundest number that parts the same values.
 */

import { ckmeans, equalIntervalBreaks, quantileSorted } from "simple-statistics";

export const METHODS = ["natural", "quantile", "equal", "fixed"] as const;
export type Method = (typeof METHODS)[number];

/** Lower bounds of class 1 and up, ascending; below the first lies class 0. Fewer than asked for where values are equal. */
export function classBounds(values: readonly number[], method: Method, classes: number, fixed: readonly number[]): number[] {
  if (method === "fixed") return [...fixed];
  const sorted = [...values].sort((a, b) => a - b);
  const [least, most] = [sorted[0], sorted.at(-1)];
  if (least === undefined || most === undefined || least === most || classes < 2) return [];
  if (method === "equal") return equalIntervalBreaks(sorted, classes).slice(1, -1);
  if (method === "natural") {
    const groups = ckmeans(sorted, Math.min(classes, new Set(sorted).size));
    return groups.slice(1).map((group, index) => between(groups[index]?.at(-1) ?? -Infinity, group[0] ?? Infinity));
  }
  const bounds = Array.from({ length: classes - 1 }, (_, index) => {
    const mark = quantileSorted(sorted, (index + 1) / classes);
    const above = sorted.findIndex((value) => value > mark);
    return above <= 0 ? null : between(sorted[above - 1] ?? mark, sorted[above] ?? mark);
  });
  return [...new Set(bounds.filter((bound): bound is number => bound !== null))];
}

/** The class of a value: how many bounds it has reached. */
export function classOf(value: number, bounds: readonly number[]): number {
  let index = 0;
  while (index < bounds.length && value >= (bounds[index] ?? Infinity)) index += 1;
  return index;
}

/** The number with the fewest decimals above `low` and up to `high`. */
export function between(low: number, high: number): number {
  for (let digits = -6; digits <= 9; digits += 1) {
    const scale = 10 ** digits;
    const round = Number((Math.floor(high * scale * (1 + 1e-15)) / scale).toFixed(Math.max(0, digits)));
    if (round > low && round <= high) return round;
  }
  return high;
}

/** What was typed as bounds: ascending numbers, or null. */
export function readBounds(text: string): number[] | null {
  const parts = text.split(/[,，、\s]+/).filter(Boolean);
  const bounds = parts.map(Number);
  const ascending = bounds.every((bound, index) => Number.isFinite(bound) && (index === 0 || bound > (bounds[index - 1] ?? bound)));
  return bounds.length > 0 && bounds.length <= 8 && ascending ? bounds : null;
}
