/**
 * How many parcels and how much land each class of a legend holds, under the other filters.
 * Refuses to count on its own: every figure is the server's answer to the question the legend's row would ask.
 */

import type { Api } from "./api";
import { toNumber } from "./format";
import { filterQuery } from "./filters";
import { IDLE_FINDINGS, type Filters } from "./state";
import type { Theme, ThemeClass } from "./themes";
import type { CountOf, Workspace } from "./types";
import type { IdleTotals } from "./ui/totals";

export type ClassCounts = ReadonlyMap<string, CountOf>;

/** The filters but for those that the theme's own classes set. */
export function withoutOwn(filters: Filters, theme: Theme): Filters {
  const own: Partial<Filters> =
    theme.id === "tax" ? { minTax: null, maxTax: null } : theme.id === "idle" ? { finding: "" } : { landClass: "" };
  return { ...filters, ...own };
}

export function isChosen(filters: Filters, one: ThemeClass): boolean {
  if (!one.filter) return false;
  return Object.entries(one.filter).every(([key, value]) => filters[key as keyof Filters] === value);
}

export async function classCounts(
  api: Api,
  theme: Theme,
  filters: Filters,
  year: number | null,
  signal: AbortSignal,
): Promise<ClassCounts> {
  const others = withoutOwn(filters, theme);
  const ask = async (own: Partial<Filters>): Promise<CountOf> => {
    const page = await api.parcels({ filters: filterQuery({ ...others, ...own }), year, pageSize: 1 }, signal);
    return { parcels: page.total, area_mu: page.area_mu };
  };
  const asked = theme.classes.filter((one) => one.filter);
  const [all, ...answers] = await Promise.all([ask({}), ...asked.map((one) => ask(one.filter ?? {}))]);
  const counts = new Map(asked.map((one, index) => [one.key, answers[index] ?? { parcels: 0 }]));
  if (all) counts.set(theme.other.key, remainder(all, answers));
  return counts;
}

export async function idleTotals(api: Api, workspace: Workspace, year: number | null): Promise<IdleTotals> {
  const one = async (finding: "idle_not_started" | "idle_stopped" | "overdue"): Promise<CountOf> => {
    const known = workspace.totals.idle[finding];
    if (typeof known === "object") return known;
    const page = await api.parcels({ filters: { finding }, year, pageSize: 1 });
    return { parcels: page.total, area_mu: page.area_mu };
  };
  const [overdue, ...idle] = await Promise.all([one("overdue"), ...IDLE_FINDINGS.map((code) => one(code as "idle_stopped"))]);
  return { overdue: overdue ?? { parcels: 0 }, idle: sum(idle) };
}

export function sum(counts: readonly CountOf[]): CountOf {
  return {
    parcels: counts.reduce((total, one) => total + one.parcels, 0),
    area_mu: counts.reduce((total, one) => total + (toNumber(one.area_mu) ?? 0), 0),
  };
}

function remainder(all: CountOf, parts: readonly CountOf[]): CountOf {
  const taken = sum(parts);
  return {
    parcels: Math.max(0, all.parcels - taken.parcels),
    area_mu: Math.max(0, (toNumber(all.area_mu) ?? 0) - (toNumber(taken.area_mu) ?? 0)),
  };
}
