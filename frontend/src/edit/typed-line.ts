/**
 * A line typed or pasted as coordinates: a row each, a name before, X north and Y east, with or without the zone before Y.
 * Refuses a zone that isn't the county's: the line would lie hundreds of kilometres away.
 */

import { t } from "../i18n";
import type { Point } from "./types";

export interface TypedLine {
  points: Point[];
  /** What couldn't be read, in words, by row. */
  issues: string[];
}

/** `crs` 4513-4533 carry the zone in the easting, 4534-4554 don't. */
export function readLine(text: string, crs: number): TypedLine {
  const points: Point[] = [];
  const issues: string[] = [];
  text.split(/\r?\n/).forEach((row, at) => {
    // A head row ("点号 X Y") has no figures.
    if (!/\d/.test(row)) return;
    const numbers = row
      .normalize("NFKC")
      .split(/[\s,;]+/)
      .filter((cell) => /^[+-]?\d+(\.\d+)?$/.test(cell))
      .map(Number);
    const [north, east] = numbers.slice(-2);
    if (north === undefined || east === undefined) return void issues.push(t("coords.row", { row: at + 1, text: row.trim() }));
    const fitted = fitZone(east, crs);
    if (fitted === null) return void issues.push(t("coords.zone", { row: at + 1, zone: Math.floor(east / 1_000_000) }));
    points.push([fitted, north]);
  });
  if (points.length === 1) issues.push(t("coords.one_point"));
  return { points, issues };
}

function fitZone(east: number, crs: number): number | null {
  const prefixed = east >= 10_000_000;
  const zone = Math.floor(east / 1_000_000);
  if (crs >= 4513 && crs <= 4533) {
    const own = 25 + (crs - 4513);
    return prefixed ? (zone === own ? east : null) : own * 1_000_000 + east;
  }
  if (crs >= 4534 && crs <= 4554) {
    const own = 25 + (crs - 4534);
    if (!prefixed) return east;
    return zone === own ? east - own * 1_000_000 : null;
  }
  return east;
}
