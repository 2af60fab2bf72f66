/** What the pages of maps and charts show, as their address bar holds it. Refuses values that don't exist. */

import type { Place } from "../state";
import { METHODS, readBounds, type Method } from "./classes";

export const KINDS = ["town", "parcel", "platform", "control_line"] as const;
export type Kind = (typeof KINDS)[number];
export const INDICATORS = [
  "tax_per_mu",
  "value_added_per_mu",
  "labour_productivity",
  "value_added_per_tce",
  "value_added_per_emission",
  "rd_share",
] as const;
export type IndicatorCode = (typeof INDICATORS)[number];
/** What a parcel is of, where there is nothing to be measured. */
export const CATEGORIES = ["grade", "low_efficiency"] as const;
export type Category = (typeof CATEGORIES)[number];
export const WEIGHTS = ["land", "firms"] as const;
export const PAPERS = ["A4", "A3"] as const;
export const FEWEST_CLASSES = 3;
export const MOST_CLASSES = 9;
export const MOST_YEARS = 3;

export interface MapsView {
  by: Kind;
  indicator: IndicatorCode | Category;
  method: Method;
  classes: number;
  /** Typed by hand, for fixed bounds; "" takes the county's own. */
  bounds: string;
  years: number[];
  town: string;
  paper: (typeof PAPERS)[number];
  place: Place | null;
}

export interface ChartsView {
  year: number | null;
  indicator: IndicatorCode;
  weight: (typeof WEIGHTS)[number];
  paper: (typeof PAPERS)[number];
  /** Plots whose table is open. */
  tables: string[];
}

export const USUAL_MAPS: MapsView = {
  by: "town",
  indicator: "tax_per_mu",
  method: "natural",
  classes: 5,
  bounds: "",
  years: [],
  town: "",
  paper: "A4",
  place: null,
};

export const USUAL_CHARTS: ChartsView = { year: null, indicator: "tax_per_mu", weight: "land", paper: "A4", tables: [] };

export function readMaps(search: string): MapsView {
  const query = new URLSearchParams(search);
  const bounds = query.get("bounds") ?? "";
  const classes = whole(query.get("classes")) ?? USUAL_MAPS.classes;
  return {
    by: oneOf(KINDS, query.get("by"), USUAL_MAPS.by),
    indicator: oneOf([...INDICATORS, ...CATEGORIES], query.get("indicator"), USUAL_MAPS.indicator),
    method: oneOf(METHODS, query.get("method"), USUAL_MAPS.method),
    classes: Math.min(MOST_CLASSES, Math.max(FEWEST_CLASSES, classes)),
    bounds: readBounds(bounds) ? bounds : "",
    years: [...new Set((query.get("years") ?? "").split(",").flatMap((text) => whole(text) ?? []))].sort().slice(-MOST_YEARS),
    town: query.get("town") ?? "",
    paper: oneOf(PAPERS, query.get("paper"), USUAL_MAPS.paper),
    place: readPlace(query),
  };
}

export function writeMaps(view: MapsView): string {
  const text = written(view, USUAL_MAPS, ["by", "indicator", "method", "classes", "bounds", "town", "paper"]);
  if (view.years.length) text.set("years", view.years.join(","));
  if (view.place) for (const key of ["z", "lon", "lat"] as const) text.set(key, String(view.place[key]));
  return address(text);
}

export function readCharts(search: string): ChartsView {
  const query = new URLSearchParams(search);
  return {
    year: whole(query.get("year")),
    indicator: oneOf(INDICATORS, query.get("indicator"), USUAL_CHARTS.indicator),
    weight: oneOf(WEIGHTS, query.get("weight"), USUAL_CHARTS.weight),
    paper: oneOf(PAPERS, query.get("paper"), USUAL_CHARTS.paper),
    tables: (query.get("tables") ?? "").split(",").filter(Boolean),
  };
}

export function writeCharts(view: ChartsView): string {
  const text = written(view, USUAL_CHARTS, ["year", "indicator", "weight", "paper"]);
  if (view.tables.length) text.set("tables", view.tables.join(","));
  return address(text);
}

function written<T extends object>(view: T, usual: T, keys: (keyof T & string)[]): URLSearchParams {
  const text = new URLSearchParams();
  for (const key of keys) if (view[key] !== usual[key] && view[key] !== null) text.set(key, String(view[key]));
  return text;
}

function address(query: URLSearchParams): string {
  const text = query.toString().replaceAll("%2C", ",");
  return text ? `?${text}` : "";
}

function readPlace(query: URLSearchParams): Place | null {
  const [z, lon, lat] = ["z", "lon", "lat"].map((key) => Number(query.get(key) ?? NaN));
  if (z === undefined || lon === undefined || lat === undefined) return null;
  return z >= 0 && z <= 24 && Math.abs(lon) <= 180 && Math.abs(lat) <= 85 ? { z, lon, lat } : null;
}

function oneOf<T extends string>(allowed: readonly T[], text: string | null, usual: T): T {
  return allowed.find((one) => one === text) ?? usual;
}

function whole(text: string | null): number | null {
  return text !== null && /^\d{1,4}$/.test(text) ? Number(text) : null;
}
