/** The wall's document, typed, and how it is asked for. Refuses to take a log-in page for an answer. */

import { ApiError } from "../api";
import type { FeatureCollection } from "../geojson";
import { attended } from "./attended";

export const LEDGERS = ["remediation", "revitalisation"] as const;
export type Ledger = (typeof LEDGERS)[number];
export type Light = "green" | "yellow" | "red" | "none";

/** The county's own row has the code "". */
export interface WallRow {
  code: string;
  name: string;
  figures: Record<string, string | null>;
}

export interface Placed {
  town_code: string;
  name?: string;
  title?: string;
  parcel?: string;
  url?: string;
}

export interface WallData {
  version: string;
  made_at: string;
  on: string;
  county: { code: string; name: string; is_demo: boolean };
  targets: Record<Ledger, { basis: string; first: string | null; last: string | null }>;
  rule_versions: Record<string, string>;
  rows: WallRow[];
  overdue: { title: string; state: string; town_code: string; since: string; url: string }[];
  map: Record<Ledger | "towns" | "cases", FeatureCollection<Placed>>;
}

const query = (on: string): string => (on ? `?on=${encodeURIComponent(on)}` : "");

export const readWall = (on: string): Promise<WallData> => read(`/wall/data/${query(on)}`);

export const readVersion = async (on: string): Promise<string> =>
  (await read<{ version: string }>(`/wall/version/${query(on)}`)).version;

/** The page of the rows behind a figure of a town. */
export function rowsUrl(on: string, figure: string, town: string): string {
  return `/reports/rows/?${new URLSearchParams({ kind: "yearly", on, figure, town }).toString()}`;
}

/** A plan that ended on a day before this one, without a successor: its figures stand as on its last day. */
export const endedOn = (data: WallData, ledger: Ledger): string | null => {
  const { last } = data.targets[ledger];
  return last && last < data.on ? last : null;
};

export const lightOf = (row: WallRow | undefined, ledger: Ledger): Light => {
  const light = row?.figures[`${ledger}_light`];
  return light === "green" || light === "yellow" || light === "red" ? light : "none";
};

async function read<T>(address: string): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(address, { headers: { Accept: "application/json", ...attended() }, cache: "no-store" });
  } catch {
    throw new ApiError(0, "");
  }
  if (answer.redirected || answer.status === 401) throw new ApiError(401, "");
  const said = (await answer.json().catch(() => ({}))) as T & { message?: string };
  if (!answer.ok) throw new ApiError(answer.status, said.message ?? String(answer.status));
  return said;
}
