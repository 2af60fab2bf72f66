/**
 * The address bar's view: `?z=&lon=&lat=&theme=&layers=&show=&base=&year=&on=&town=&finding=…&sel=CODE&pick=LAYER.ID`.
 * Refuses what it can't read: a broken value falls back to the default, the rest of the link still opens.
 */

import { dayNumber, today } from "./register/days";
import {
  BASE_IDS,
  DEFAULT_VIEW,
  FINDINGS,
  LAYER_IDS,
  OVERLAY_IDS,
  THEME_IDS,
  type OverlayId,
  type Place,
  type ViewState,
} from "./state";

export function readView(search: string): ViewState {
  const query = new URLSearchParams(search);
  const text = (key: string): string => (query.get(key) ?? "").trim();
  const layers = query.has("layers") ? text("layers").split(",") : null;
  const pick = readPick(text("pick"));
  const shown = [...text("show").split(","), pick?.overlay];
  return {
    place: readPlace(query),
    theme: oneOf(THEME_IDS, text("theme")) ?? DEFAULT_VIEW.theme,
    layers: layers ? LAYER_IDS.filter((id) => layers.includes(id)) : [...DEFAULT_VIEW.layers],
    overlays: OVERLAY_IDS.filter((id) => shown.includes(id)),
    base: oneOf(BASE_IDS, text("base")) ?? DEFAULT_VIEW.base,
    year: whole(text("year")),
    on: pastDay(text("on")),
    filters: {
      q: text("q"),
      town: text("town"),
      finding: oneOf(FINDINGS, text("finding")) ?? "",
      landClass: text("land_class"),
      minTax: decimal(text("min_tax")),
      maxTax: decimal(text("max_tax")),
    },
    sort: /^-?[a-z_]+$/.test(text("sort")) ? text("sort") : DEFAULT_VIEW.sort,
    page: Math.max(1, whole(text("page")) ?? 1),
    inView: text("in_view") === "1",
    sel: pick ? "" : text("sel"),
    pick: pick ? `${pick.overlay}.${pick.id}` : "",
  };
}

/** Only what differs from the default is written, so that links stay short. */
export function writeView(view: ViewState): string {
  const query = new URLSearchParams();
  const put = (key: string, value: string | number | null, usual: string | number | null = ""): void => {
    if (value !== null && value !== "" && value !== usual) query.set(key, String(value));
  };
  if (view.place) {
    query.set("z", trim(view.place.z, 2));
    query.set("lon", trim(view.place.lon, 6));
    query.set("lat", trim(view.place.lat, 6));
  }
  put("theme", view.theme, DEFAULT_VIEW.theme);
  const layers = LAYER_IDS.filter((id) => view.layers.includes(id)).join(",");
  if (layers !== DEFAULT_VIEW.layers.join(",")) query.set("layers", layers || "none");
  put("show", view.overlays.join(","));
  put("base", view.base, DEFAULT_VIEW.base);
  put("year", view.year);
  put("on", view.on);
  put("q", view.filters.q);
  put("town", view.filters.town);
  put("finding", view.filters.finding);
  put("land_class", view.filters.landClass);
  put("min_tax", view.filters.minTax);
  put("max_tax", view.filters.maxTax);
  put("sort", view.sort, DEFAULT_VIEW.sort);
  put("page", view.page, 1);
  if (view.inView) query.set("in_view", "1");
  put("sel", view.sel);
  put("pick", view.pick);
  const text = query.toString().replaceAll("%2C", ",");
  return text ? `?${text}` : "";
}

/** Moving the map replaces the entry; any other change is a step that “back” undoes. */
export function isStep(next: ViewState, previous: ViewState): boolean {
  const still = (view: ViewState): string => writeView({ ...view, place: null });
  return still(next) !== still(previous);
}

/** A link to a feature switches its layer on, too. */
export function readPick(text: string): { overlay: OverlayId; id: number } | null {
  const [, name = "", number = ""] = /^([a-z-]+)\.(\d{1,15})$/.exec(text) ?? [];
  const overlay = oneOf(OVERLAY_IDS, name);
  return overlay ? { overlay, id: Number(number) } : null;
}

function readPlace(query: URLSearchParams): Place | null {
  const [z, lon, lat] = ["z", "lon", "lat"].map((key) => decimal(query.get(key) ?? ""));
  if (z == null || lon == null || lat == null) return null;
  const readable = z >= 0 && z <= 24 && Math.abs(lon) <= 180 && Math.abs(lat) <= 85;
  return readable ? { z, lon, lat } : null;
}

/** Today and later is what is shown anyway. */
function pastDay(text: string): string {
  return Number.isNaN(dayNumber(text)) || text >= today() ? "" : text;
}

function oneOf<T extends string>(allowed: readonly T[], text: string): T | undefined {
  return allowed.find((one) => one === text);
}

function decimal(text: string): number | null {
  return /^-?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : null;
}

function whole(text: string): number | null {
  return /^\d+$/.test(text) ? Number(text) : null;
}

const trim = (value: number, digits: number): string => String(Number(value.toFixed(digits)));
