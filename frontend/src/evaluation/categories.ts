/** Maps of what parcels are of: grades, or the 高耗低效 list. Refuses to know any scheme's grades: their names and order come with the answer. */

import { said, t } from "../i18n";
import { darker, NO_DATA, type ThemeClass } from "../themes";
import type { AreaRow, AreasAnswer, CategoriesAnswer, Cell } from "./api";
import { gradeColour, HIDDEN, inkOn } from "./looks";
import { CATEGORIES, type Category, type MapsView } from "./state";
import type { TableColumn } from "./table";

/** More shades than this come too close for eyes that lack a colour: grades next to each other then take turns in how they are lined. */
const MOST_PLAIN = 4;
const LININGS = ["none", "level", "dots", "cross"] as const;
const LIST_LOOKS: Record<string, Pick<ThemeClass, "fill" | "stroke" | "pattern" | "ink">> = {
  listed: { fill: "#a9281c", stroke: "#5f120b", pattern: "none", ink: "#a9281c" },
  closed: { fill: "#f7dc7d", stroke: "#8a6a00", pattern: "dots", ink: "#8a6a00" },
  unlisted: { fill: "#d3dbe1", stroke: "#94a1ac", pattern: "none", ink: "#94a1ac" },
};

export const isCategory = (code: MapsView["indicator"]): code is Category => CATEGORIES.some((one) => one === code);

/** The answer as rows and cells of the kind that every map is drawn from. */
export function asAreas({ years, classes, rows }: CategoriesAnswer): AreasAnswer {
  return {
    years: years.map(({ year, told }) => ({ year, computed: told !== "", as_of: "", rule_version: "" })),
    fewest: 0,
    rows: rows.map(({ code, town, cells }) => ({
      code,
      name: code,
      town,
      cells: cells.map((cell) => cell && { ...cell, value: null, numerator: null, denominator: null, firms: null }),
    })),
    county: null,
    classes,
    bases: years.filter(({ told }) => told).map(({ year, told }) => t("atlas.cat.basis", { year, told })),
  };
}

/** One look a class, in the order of the classes: grades from deep to pale, the ungraded hatched. */
export function categoryLooks(classes: readonly { key: string; title: string }[]): ThemeClass[] {
  const grades = classes.map(({ key }) => key).filter(Boolean);
  const turns = Math.min(LININGS.length, Math.ceil(grades.length / MOST_PLAIN));
  return classes.map(({ key, title }): ThemeClass => {
    const named = { key, label: said(title), filter: null };
    const own = LIST_LOOKS[key];
    if (!key) return { ...named, ...NO_DATA };
    if (own && grades.every((one) => one in LIST_LOOKS)) return { ...named, ...own };
    const at = grades.indexOf(key);
    const fill = gradeColour(at, grades);
    return { ...named, fill, stroke: darker(fill), pattern: LININGS[at % turns] ?? "none", ink: inkOn(fill) };
  });
}

export const elsewhere = (): ThemeClass => ({ ...HIDDEN, label: t("atlas.cat.hidden") });

export function categoryOf(cell: Cell | null | undefined, looks: readonly ThemeClass[], none: ThemeClass, concealed: ThemeClass): ThemeClass {
  if (cell?.restricted) return concealed;
  return looks.find(({ key }) => key === cell?.key) ?? none;
}

/** The outlines in the order in which they are drawn: the classes named first come last, over the others. */
export function stacked<T extends { features: { properties: { code: string } }[] }>(outlines: T, lookOf: (code: string) => ThemeClass, looks: readonly ThemeClass[]): T {
  const place = (code: string): number => looks.indexOf(lookOf(code));
  return { ...outlines, features: [...outlines.features].sort((a, b) => place(a.properties.code) - place(b.properties.code)) };
}

/** Two columns a year: the firm, and what it is. */
export function categoryColumns(answer: AreasAnswer, what: Category, words: (cell: Cell | null | undefined) => string): TableColumn<AreaRow>[] {
  return answer.years.flatMap(({ year }, at): TableColumn<AreaRow>[] => [
    { title: `${t("atlas.year", { year })}${t("atlas.cat.firm")}`, value: (row) => row.cells[at]?.firm || null },
    { title: `${t("atlas.year", { year })}${t(`atlas.ind.${what}`)}`, value: (row) => words(row.cells[at]) },
  ]);
}
