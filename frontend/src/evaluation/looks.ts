/** Colours of classes and grades, for map, legend and charts alike. Refuses hues that only colour eyes tell apart: lightness runs one way. */

import { number } from "../format";
import { t } from "../i18n";
import { darker, NO_DATA, rampColour, type ThemeClass } from "../themes";
import type { Cell } from "./api";
import { classOf } from "./classes";

export const HIDDEN: Omit<ThemeClass, "label"> = {
  key: "hidden",
  fill: "#f2f0ea",
  stroke: "#8b96a1",
  pattern: "dots",
  ink: "#8d8672",
  filter: null,
};

/** One look a class, lowest first. */
export function classLooks(bounds: readonly number[]): ThemeClass[] {
  const steps = bounds.length + 1;
  return Array.from({ length: steps }, (_, index): ThemeClass => {
    const fill = rampColour(index, steps);
    return { key: String(index), label: rangeWords(bounds[index - 1], bounds[index]), fill, stroke: darker(fill), pattern: "none", ink: fill, filter: null };
  });
}

export const noData = (): ThemeClass => ({ key: "none", label: t("atlas.none"), ...NO_DATA, filter: null });
export const hidden = (fewest: number): ThemeClass => ({ ...HIDDEN, label: t("atlas.hidden", { n: fewest }) });

export function lookOf(cell: Cell | null | undefined, bounds: readonly number[], looks: readonly ThemeClass[], none: ThemeClass, concealed: ThemeClass): ThemeClass {
  if (cell?.restricted) return concealed;
  if (!cell || cell.value === null) return none;
  return looks[classOf(cell.value, bounds)] ?? none;
}

/** Grades from the best (deep) to the worst (pale), the ungraded in grey. */
export function gradeColour(index: number, grades: readonly string[]): string {
  if (!grades[index]) return "#c9d0d6";
  const graded = grades.filter(Boolean).length;
  return rampColour(graded - 1 - index, graded);
}

/** White on what is dark, ink on what is pale. */
export function inkOn(fill: string): string {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => Number.parseInt(fill.slice(at, at + 2), 16) / 255);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.5 ? "#14222e" : "#ffffff";
}

export const plain = (value: number): string => number(value, decimals(value));

function rangeWords(from: number | undefined, to: number | undefined): string {
  if (from === undefined) return to === undefined ? t("range.all") : t("range.below", { to: plain(to) });
  return to === undefined ? t("range.from", { from: plain(from) }) : `${plain(from)} – ${plain(to)}`;
}

/** As many decimals as the number has, three at most. */
function decimals(value: number): number {
  return [0, 1, 2].find((digits) => Math.abs(value - Number(value.toFixed(digits))) < 1e-9) ?? 3;
}
