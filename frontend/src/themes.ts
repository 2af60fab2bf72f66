/**
 * Code → colour, pattern, name: the one table that the map's styles, the legend and the pills all read.
 * Refuses to let colour alone carry a meaning: lightness runs one way in the tax scale, and every finding
 * has a pattern or an outline of its own, so that colour-blind eyes and grey prints still tell them apart.
 */

import { number } from "./format";
import { said, t } from "./i18n";
import { FINDINGS, type Filters, type ThemeId } from "./state";
import type { Finding, LandClass, Workspace } from "./types";

export type Pattern = "none" | "diagonal" | "back" | "cross" | "dots" | "level";

/** Lower bounds in 万元/亩 of class 1 and up; below the first lies class 0. Data of the county, not of this file. */
export type TaxClasses = readonly number[];

export const USUAL_TAX_CLASSES: TaxClasses = [3, 6, 10, 15, 25, 40];

export interface ThemeClass {
  key: string;
  label: string;
  fill: string;
  stroke: string;
  pattern: Pattern;
  ink: string;
  /** What choosing the class in the legend sets; null where the API can't filter by it. */
  filter: Partial<Filters> | null;
}

export interface Theme {
  id: ThemeId;
  title: string;
  unit: string;
  classes: ThemeClass[];
  other: ThemeClass;
  classOf(feature: ThemeFacts): ThemeClass;
}

export interface ThemeFacts {
  tax_per_mu?: number | null;
  tax_class?: number;
  finding?: string;
  land_class_code?: string;
}

/** Sand for little tax, through green, to deep blue: even steps of falling lightness. */
const TAX_RAMP = ["#fbe3ae", "#d3d596", "#9cc590", "#5fae96", "#2f8fa0", "#256d9b", "#1f4678"] as const;

export const NO_DATA = { fill: "#ffffff", stroke: "#8b96a1", pattern: "diagonal", ink: "#b4bcc4" } as const;

type Look = Pick<ThemeClass, "fill" | "stroke" | "pattern" | "ink">;

export const FINDING_LOOKS: Record<Finding, Look> = {
  idle_not_started: { fill: "#c8432b", stroke: "#7d1f10", pattern: "none", ink: "#ffffff" },
  idle_stopped: { fill: "#f0a35e", stroke: "#9a4a0c", pattern: "diagonal", ink: "#9a4a0c" },
  overdue: { fill: "#f7dc7d", stroke: "#8a6a00", pattern: "none", ink: "#8a6a00" },
  underinvested: { fill: "#b9a3d6", stroke: "#553488", pattern: "dots", ink: "#553488" },
  undetermined: { fill: "#ffffff", stroke: "#66727d", pattern: "back", ink: "#a3adb6" },
  clear: { fill: "#d3dbe1", stroke: "#94a1ac", pattern: "none", ink: "#94a1ac" },
};

/** For land classes that come without a colour. */
const LAND_FALLBACK: Record<string, string> = {
  "0601": "#c9a08f",
  "0602": "#a7a571",
  "0603": "#9fc4cf",
  "0604": "#b7a6cc",
};
const LAND_SPARE = ["#8fb3a3", "#d9b36c", "#9db3d6", "#d3a0b4", "#b5c17a", "#a9b1b8"] as const;

export function taxClass(value: number | null | undefined, classes: TaxClasses): number {
  if (value === null || value === undefined) return -1;
  return classes.filter((bound) => value >= bound).length;
}

export function taxClassRange(index: number, classes: TaxClasses): [from: number, to: number] {
  return [index === 0 ? -Infinity : (classes[index - 1] ?? Infinity), classes[index] ?? Infinity];
}

export function findingTitle(finding: Finding, short = false): string {
  return t(short ? `finding.short.${finding}` : `finding.${finding}`);
}

export function buildThemes(workspace: Workspace): Record<ThemeId, Theme> {
  return {
    tax: taxTheme(workspace.tax_per_mu_classes ?? USUAL_TAX_CLASSES),
    idle: idleTheme(),
    land: landTheme(workspace.land_classes),
  };
}

function taxTheme(bounds: TaxClasses): Theme {
  const steps = bounds.length + 1;
  const classes = Array.from({ length: steps }, (_, index): ThemeClass => {
    const [from, to] = taxClassRange(index, bounds);
    const fill = rampColour(index, steps);
    return {
      key: String(index),
      label: rangeLabel(from, to),
      fill,
      stroke: darker(fill),
      pattern: "none",
      ink: fill,
      filter: { minTax: finiteOrNull(from), maxTax: finiteOrNull(to) },
    };
  });
  const other: ThemeClass = { key: "-1", label: t("theme.tax.none"), ...NO_DATA, filter: null };
  return {
    id: "tax",
    title: t("theme.tax"),
    unit: t("unit.wan_per_mu"),
    classes: [...classes].reverse(),
    other,
    classOf(feature) {
      const index = feature.tax_class ?? taxClass(feature.tax_per_mu, bounds);
      return classes[index] ?? other;
    },
  };
}

function idleTheme(): Theme {
  const classes = FINDINGS.map(
    (finding): ThemeClass => ({
      key: finding,
      label: findingTitle(finding, true),
      ...FINDING_LOOKS[finding],
      filter: { finding },
    }),
  );
  const other: ThemeClass = {
    key: "",
    label: t("theme.idle.none"),
    fill: "#f1f3f2",
    stroke: "#a3adb6",
    pattern: "none",
    ink: "#a3adb6",
    filter: null,
  };
  const byKey = new Map(classes.map((one) => [one.key, one]));
  return {
    id: "idle",
    title: t("theme.idle"),
    unit: "",
    classes,
    other,
    classOf: (feature) => byKey.get(feature.finding ?? "") ?? other,
  };
}

function landTheme(landClasses: LandClass[]): Theme {
  const classes = landClasses.map((land, index): ThemeClass => {
    const spare = LAND_SPARE[index % LAND_SPARE.length] ?? "#a9b1b8";
    const fill = land.colour || LAND_FALLBACK[land.code] || spare;
    return {
      key: land.code,
      label: `${land.code} ${said(land.name)}`,
      fill,
      stroke: darker(fill),
      pattern: "none",
      ink: fill,
      filter: { landClass: land.code },
    };
  });
  const other: ThemeClass = { key: "", label: t("theme.land.none"), ...NO_DATA, filter: null };
  const byKey = new Map(classes.map((one) => [one.key, one]));
  return {
    id: "land",
    title: t("theme.land"),
    unit: "",
    classes,
    other,
    classOf: (feature) => byKey.get(feature.land_class_code ?? "") ?? other,
  };
}

/** A county may set more or fewer classes than seven: the ramp is stretched. */
export function rampColour(index: number, steps: number): string {
  const at = steps === 1 ? 0 : (index / (steps - 1)) * (TAX_RAMP.length - 1);
  const low = TAX_RAMP[Math.floor(at)] ?? TAX_RAMP[0];
  const high = TAX_RAMP[Math.ceil(at)] ?? low;
  return mix(low, high, at - Math.floor(at));
}

function rangeLabel(from: number, to: number): string {
  const text = (value: number): string => number(value, Number.isInteger(value) ? 0 : 1);
  if (from === -Infinity) return to === Infinity ? t("range.all") : t("range.below", { to: text(to) });
  return to === Infinity ? t("range.from", { from: text(from) }) : `${text(from)} – ${text(to)}`;
}

const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

export function darker(colour: string): string {
  return mix(colour, "#14222e", 0.45);
}

/** So light that an area of two pixels is lost on the map's paper. */
export function isPale(colour: string): boolean {
  const channels = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  return Math.min(...channels) > 225;
}

export function mix(from: string, to: string, share: number): string {
  const channel = (text: string, at: number): number => Number.parseInt(text.slice(at, at + 2), 16);
  return `#${[1, 3, 5]
    .map((at) => Math.round(channel(from, at) + (channel(to, at) - channel(from, at)) * share))
    .map((value) => value.toString(16).padStart(2, "0"))
    .join("")}`;
}
