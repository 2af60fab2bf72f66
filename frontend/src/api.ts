/**
 * The server's JSON, typed. Refuses to hide a failure: every answer that isn't one becomes an ApiError;
 * a lost session goes to the log-in page and comes back here afterwards.
 */

import type { FeatureCollection, Polygon } from "./geojson";
import { hear, t } from "./i18n";
import type { Bbox, ParcelDetail, ParcelPage, PolygonResult, Town, Workspace } from "./types";

export class ApiError extends Error {
  constructor(
    /** HTTP status; 0 when no answer came. */
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export interface ParcelQuery {
  filters: Record<string, string>;
  year: number | null;
  sort?: string;
  page?: number;
  pageSize?: number;
  bbox?: Bbox | null;
}

export interface Api {
  workspace(year: number | null): Promise<Workspace>;
  parcels(query: ParcelQuery, signal?: AbortSignal): Promise<ParcelPage>;
  /** `on`: as the register had it on that day; "" is today. */
  parcel(code: string, year: number | null, signal?: AbortSignal, on?: string): Promise<ParcelDetail>;
  polygon(geometry_4490: Polygon, year: number | null, signal?: AbortSignal): Promise<PolygonResult>;
  districts(kind: string): Promise<FeatureCollection<Town>>;
}

export const api: Api = {
  workspace: (year) => request(`/api/workspace${year ? `?year=${year}` : ""}`),
  parcels: (query, signal) => request(`/api/parcels?${parcelQuery(query)}`, signal ? { signal } : {}),
  parcel: (code, year, signal, on = "") => {
    const query = new URLSearchParams({ ...(year ? { year: String(year) } : {}), ...(on ? { on } : {}) }).toString();
    return request(`/api/parcels/${encodeURIComponent(code)}${query ? `?${query}` : ""}`, signal ? { signal } : {});
  },
  polygon: (geometry, year, signal) =>
    request("/api/indicators/polygon", {
      method: "POST",
      body: JSON.stringify({ geometry, year }),
      headers: { "Content-Type": "application/json", "X-CSRFToken": cookie("csrftoken") },
      ...(signal ? { signal } : {}),
    }),
  districts: (kind) => request(`/api/districts/${encodeURIComponent(kind)}`),
};

export function parcelQuery(query: ParcelQuery): string {
  const text = new URLSearchParams(query.filters);
  if (query.year !== null) text.set("year", String(query.year));
  if (query.bbox) text.set("bbox", query.bbox.map((value) => value.toFixed(6)).join(","));
  if (query.sort) text.set("sort", query.sort);
  text.set("page", String(query.page ?? 1));
  text.set("page_size", String(query.pageSize ?? 50));
  return text.toString();
}

/** A request that was given up because a newer one took its place isn't a failure. */
export function isAborted(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

export function cookie(name: string, all: string = document.cookie): string {
  const found = all.split("; ").find((part) => part.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

/** Any answer that came, also a refusal: whoever needs the refusal's body reads it. */
export async function send(path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { credentials: "same-origin", ...init });
  } catch (error) {
    if (isAborted(error)) throw error;
    throw new ApiError(0, t("error.load"));
  }
  if (response.status === 401) toLogin();
  return response;
}

/** The server's own words in a refusal's body. */
export function saidBy(body: unknown, status: number): string {
  const { message, detail, remedy } = (body ?? {}) as { detail?: unknown; message?: unknown; remedy?: unknown };
  const said = [message ?? detail, remedy].filter((part) => typeof part === "string" && part);
  return said.join("") || t("error.status", { status });
}

/** The answer's JSON; a refusal becomes an ApiError in the server's words. */
export async function request<T>(path: string, init: RequestInit = {}): Promise<T> {
  const response = await send(path, init);
  if (!response.ok) throw new ApiError(response.status, saidBy(await response.json().catch(() => null), response.status));
  const answer = (await response.json()) as T & { words?: Record<string, string> };
  hear(answer?.words);
  return answer;
}

// Several answers at once may say that the session has ended; a second way out would break off the first.
let leaving = false;
addEventListener("pageshow", () => (leaving = false)); // the browser brought the page back as it was left

function toLogin(): void {
  if (leaving) return;
  leaving = true;
  const back = location.pathname + location.search;
  location.assign(`/login/?next=${encodeURIComponent(back)}`);
}
