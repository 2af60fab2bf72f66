/** The server's answers behind maps and charts, typed. Refuses to hold behaviour beyond asking. */

import { request } from "../api";
import type { FeatureCollection } from "../geojson";
import type { Town } from "../types";
import type { Category, IndicatorCode, Kind, MapsView } from "./state";

export interface Cell {
  value: number | null;
  numerator: number | null;
  denominator: number | null;
  land_mu: number;
  firms: number | null;
  restricted: boolean;
  /** On a map of categories: of which one it is, and by which firm. */
  key?: string;
  firm?: string;
}

export interface AreaRow {
  code: string;
  name: string;
  town: string;
  cells: (Cell | null)[];
}

export interface AreasAnswer {
  years: { year: number; computed: boolean; as_of: string; rule_version: string }[];
  fewest: number;
  rows: AreaRow[];
  county: (Cell | null)[] | null;
  /** On a map of categories: what there is, the best first, and what each year rests on. */
  classes?: { key: string; title: string }[];
  bases?: string[];
}

export interface CategoriesAnswer {
  years: { year: number; told: string }[];
  classes: { key: string; title: string }[];
  rows: { code: string; town: string; cells: ({ key: string; firm: string; land_mu: number; restricted: boolean } | null)[] }[];
}

export interface Mosaic {
  scheme: string;
  state: string;
  groups: string[];
  grades: string[];
  firms: number[][];
  land_mu: (number | null)[][];
}

export interface Firm {
  uscc: string;
  name: string;
  town: string;
  industry: string;
  tax_wan: number | null;
  land_mu: number | null;
  grade: string;
}

export interface Lorenz {
  firms: number;
  by_tenths: boolean;
  curves: { name: "tax_over_land" | "tax" | "land"; gini: number; base: number[]; amount: number[] }[];
}

export interface Histogram {
  firms: number;
  fewest: number;
  bins: { lower: number; upper: number | null; firms: number }[];
  quantiles: { share: number; value: number }[] | null;
}

export interface Ranking {
  fewest: number;
  county: Cell | null;
  places: { place: number | null; code: string; name: string; cell: Cell | null }[];
}

const ROOT = "/api/evaluation";

export const areas = (by: Kind, indicator: IndicatorCode, years: number[], town: string): Promise<AreasAnswer> =>
  request(`${ROOT}/areas?${areasQuery(by, indicator, years, town)}`);

export const categories = (what: Category, years: number[], town: string): Promise<CategoriesAnswer> =>
  request(`${ROOT}/categories?${query({ what }, years, town)}`);

export const areasQuery = (by: Kind, indicator: MapsView["indicator"], years: number[], town: string): string =>
  query({ by, indicator }, years, by === "parcel" ? town : "");

function query(fields: Record<string, string>, years: number[], town: string): string {
  const asked = new URLSearchParams(fields);
  for (const year of years) asked.append("years", String(year));
  if (town) asked.set("town", town);
  return asked.toString();
}

export const outlines = (by: Kind, year: number, town = "", figures = true): Promise<FeatureCollection<Town>> =>
  request(`${ROOT}/outlines?${new URLSearchParams({ by, year: String(year), town: by === "parcel" ? town : "", figures: String(figures) }).toString()}`);

const plot = <T>(name: string, query: Record<string, string | number>): Promise<T> =>
  request(
    `${ROOT}/plots/${name}?${new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)])).toString()}`,
  );

export const mosaic = (year: number): Promise<Mosaic> => plot("mosaic", { year });
export const scatter = (year: number): Promise<{ grades: string[]; firms: Firm[] }> => plot("scatter", { year });
export const lorenz = (year: number): Promise<Lorenz> => plot("lorenz", { year });
export const histogram = (year: number, indicator: IndicatorCode): Promise<Histogram> => plot("histogram", { year, indicator });
export const ranking = (year: number, indicator: IndicatorCode): Promise<Ranking> => plot("ranking", { year, indicator });
